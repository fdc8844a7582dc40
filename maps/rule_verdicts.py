"""The verdicts of rules as the page carries them: each clause and each reason once."""

from __future__ import annotations

from typing import Any

import pandas as pd

from steppe.layers.wording import name_columns
from steppe.maps.plain_values import plain

_OF_RULE = (
    *("rule_id", "name_zh", "name_en", "clause", "edition", "comparison", "threshold", "unit"),
    "strength",
)
_NUMBERS = ("value", "low", "high")


def pack_checks(checks: pd.DataFrame, rules: pd.DataFrame, *, base: str) -> dict[str, Any]:
    """Pack the verdicts: clauses and reasons by number, and rows by park.

    Of other scenarios than the base those rows are packed whose rules hold there alone; such a
    rule bears the scenario.

    Parameters
    ----------
    checks
        Contract `RULE_CHECKS`.
    rules
        Contract `RULES`; those without a verdict are left out.
    base
        Scenario whose rules bear none.

    Returns
    -------
    dict
        `rules`: a list of clauses; `reasons`: a list, each in every language; `fields`: names of
        the columns of a row; `sites`: park to rows, in which rule and reason are numbers, what
        was measured has the digits that are shown, and what excludes nothing says nothing.
    """
    is_base = checks["scenario"] == base
    held = set(checks.loc[is_base, "rule_id"])
    checks = checks[is_base | ~checks["rule_id"].isin(held)]
    scenarios = dict(zip(checks["rule_id"], checks["scenario"].mask(is_base), strict=True))
    wanted = rules[rules["rule_id"].isin(set(checks["rule_id"]))]
    clauses = [
        {name: plain(value) for name, value in row.items() if plain(value) is not None}
        for row in wanted.reindex(columns=list(_OF_RULE))
        .assign(scenario=wanted["rule_id"].map(scenarios))
        .to_dict("records")
    ]
    numbers = {clause["rule_id"]: number for number, clause in enumerate(clauses)}
    reasons: dict[tuple[str, ...], int] = {}
    sites: dict[str, list[list[Any]]] = {}
    for row in checks.to_dict("records"):
        told = tuple(str(row[name]) for name in name_columns("reason"))
        sites.setdefault(str(row["site_id"]), []).append(
            [
                numbers[row["rule_id"]],
                row["verdict"],
                *(_shorten(plain(row[name])) for name in _NUMBERS),
                "yes" if row["excludes"] == "yes" else None,
                reasons.setdefault(told, len(reasons)),
            ]
        )
    fields = ["rule", "verdict", *_NUMBERS, "excludes", "reason"]
    return {"rules": clauses, "reasons": list(reasons), "fields": fields, "sites": sites}


def _shorten(number: float | None) -> float | None:
    """Keep the digits that a card shows."""
    return None if number is None else float(f"{number:.4g}")
