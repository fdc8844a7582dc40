"""The verdicts of rules as the page carries them: each clause and each reason once."""

from __future__ import annotations

from typing import Any

import pandas as pd

from steppe.layers.wording import name_columns
from steppe.maps.plain_values import plain

_OF_RULE = (
    *("name_zh", "name_en", "clause", "edition", "comparison", "threshold", "unit", "strength"),
)
_OF_SITE = ("rule_id", "verdict", "value", "low", "high", "confirmed", "excludes", "scenario")


def pack_checks(checks: pd.DataFrame, rules: pd.DataFrame, *, base: str) -> dict[str, Any]:
    """Pack the verdicts: clauses by id, reasons by number, and rows by park.

    Of other scenarios than the base those rows are packed whose rules hold there alone.

    Parameters
    ----------
    checks
        Contract `RULE_CHECKS`.
    base
        Scenario whose rows bear no name of a scenario.
    rules
        Contract `RULES`; those without a verdict are left out.

    Returns
    -------
    dict
        `rules`: id to clause; `reasons`: a list, each in every language; `fields`: names of the
        columns of a row;
        `sites`: park to rows, the last column of each the number of its reason.
    """
    is_base = checks["scenario"] == base
    held = set(checks.loc[is_base, "rule_id"])
    checks = checks[is_base | ~checks["rule_id"].isin(held)]
    checks = checks.assign(scenario=checks["scenario"].mask(is_base))
    wanted = rules[rules["rule_id"].isin(set(checks["rule_id"]))]
    clauses = {
        row["rule_id"]: {
            name: plain(row[name]) for name in _OF_RULE if plain(row[name]) is not None
        }
        for row in wanted.reindex(columns=["rule_id", *_OF_RULE]).to_dict("records")
    }
    reasons: dict[tuple[str, ...], int] = {}
    sites: dict[str, list[list[Any]]] = {}
    for row in checks.to_dict("records"):
        told = tuple(str(row[name]) for name in name_columns("reason"))
        number = reasons.setdefault(told, len(reasons))
        sites.setdefault(str(row["site_id"]), []).append(
            [*(plain(row[name]) for name in _OF_SITE), number]
        )
    fields = [*_OF_SITE, "reason"]
    return {"rules": clauses, "reasons": list(reasons), "fields": fields, "sites": sites}
