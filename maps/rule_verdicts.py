"""The verdicts of rules as the page carries them: each clause and each reason once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from steppe.layers.wording import name_columns
from steppe.maps.plain_values import plain

_OF_RULE = (
    *("rule_id", "name_zh", "name_en", "clause", "edition", "comparison", "threshold", "unit"),
    "strength",
)
_NUMBERS = ("value", "low", "high")


def pack_checks(
    checks: pd.DataFrame, rules: pd.DataFrame, others: Mapping[str, pd.DataFrame] | None = None
) -> dict[str, Any]:
    """Pack the verdicts: clauses and reasons by number, and rows by park.

    Parameters
    ----------
    checks
        Contract `RULE_CHECKS`, of the base.
    rules
        Contract `RULES`; those without a verdict are left out.
    others
        Scenario to its own verdicts.

    Returns
    -------
    dict
        `rules`: a list of clauses; `reasons`: a list, each in every language; `fields`: names of
        the columns of a row; `sites`: park to rows, in which rule and reason are numbers, what
        was measured has the digits that are shown, and what excludes nothing says nothing;
        `scenarios`: scenario to the parks whose rows differ from `sites`.
    """
    runs = {"": checks, **(others or {})}
    held = {rule_id for frame in runs.values() for rule_id in frame["rule_id"]}
    wanted = rules[rules["rule_id"].isin(held)]
    clauses = [
        {name: plain(value) for name, value in row.items() if plain(value) is not None}
        for row in wanted.reindex(columns=list(_OF_RULE)).to_dict("records")
    ]
    numbers = {clause["rule_id"]: number for number, clause in enumerate(clauses)}
    reasons: dict[tuple[str, ...], int] = {}
    base, *rest = (_pack_sites(frame, numbers, reasons) for frame in runs.values())
    moved = [
        {site: rows for site, rows in sites.items() if base.get(site) != rows} for sites in rest
    ]
    return {
        "rules": clauses,
        "reasons": list(reasons),
        "fields": ["rule", "verdict", *_NUMBERS, "excludes", "reason"],
        "sites": base,
        "scenarios": dict(zip(others or {}, moved, strict=True)),
    }


def _pack_sites(
    checks: pd.DataFrame, numbers: Mapping[str, int], reasons: dict[tuple[str, ...], int]
) -> dict[str, list[list[Any]]]:
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
    return sites


def _shorten(number: float | None) -> float | None:
    """Keep the digits that a card shows."""
    return None if number is None else float(f"{number:.4g}")
