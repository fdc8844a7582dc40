"""Whether rules can be held against anything."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from steppe.criteria.nearby import DISTANCES
from steppe.criteria.rules import PARK_COLUMNS, UNLAYERED
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
    known = {*DISTANCES, *PARK_COLUMNS, *UNLAYERED, *measures}
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
    return problems
