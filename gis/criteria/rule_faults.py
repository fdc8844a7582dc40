"""Whether rules can be held against anything."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from steppe.criteria.nearby import DISTANCES
from steppe.criteria.rule_quantities import CENTRE_RACKS, FLEET_PUE, PARK_COLUMNS, UNLAYERED
from steppe.layers.columns import COMPARISONS
from steppe.layers.errors import Problem
from steppe.layers.wording import join, tell


def find_rule_faults(
    rules: pd.DataFrame, measures: Collection[str], *, where: str
) -> list[Problem]:
    """Find the rules that cannot be held against anything.

    Parameters
    ----------
    rules
        Contract `RULES`.
    measures
        Names of the measures that there are.
    where
        File and table, for the messages.
    """
    known = {*DISTANCES, *PARK_COLUMNS, *UNLAYERED, CENTRE_RACKS, FLEET_PUE, *measures}
    may_be: dict[str, tuple[str, ...]] = {
        "measure": tuple(sorted(known)),
        "comparison": COMPARISONS,
        "confirmed": ("yes", "no"),
    }
    problems = []
    for column, values in may_be.items():
        strange = rules[column].notna() & ~rules[column].isin(list(values))
        if strange.any():
            problems.append(
                Problem(
                    where,
                    tell("fault.cell", name=column, words=tell("fault.cell.choice")),
                    tell("fix.one_of", known=join(values)),
                    tuple(rules.loc[strange, "rule_id"]),
                )
            )
    return problems + _find_empty_faults(rules, where=where)


def _find_empty_faults(rules: pd.DataFrame, *, where: str) -> list[Problem]:
    """Find the rules that no park could break, and those that an older one would supersede."""
    issued = dict(zip(rules["rule_id"], rules["edition"], strict=True))
    named = rules["comparison"] == "named"
    pointless = tuple(rules.loc[named & rules["region"].isna(), "rule_id"])
    backwards = tuple(
        str(rule_id)
        for rule_id, edition, later in zip(
            rules["rule_id"], rules["edition"], rules["superseded_by"], strict=True
        )
        if pd.notna(later)
        and pd.notna(edition)
        and any(
            name in issued and pd.notna(issued[name]) and issued[name] < edition
            for name in str(later).split()
        )
    )
    told = (
        (pointless, tell("fault.rule.no_region"), tell("fix.give_region")),
        (backwards, tell("fault.rule.older"), tell("fix.name_later_rule")),
    )
    return [Problem(where, what, fix, rows) for rows, what, fix in told if rows]
