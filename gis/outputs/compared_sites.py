"""Proposed sites side by side, as `steppe compare` answers: as JSON, and as tables for a screen."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from steppe.layers.wording import pair, tell
from steppe.outputs.json_head import answer_head
from steppe.outputs.json_rows import make_rows, row_schema
from steppe.planfile.plan_inputs import Inputs
from steppe.ranking.number_format import NOTHING, spell, spell_digits
from steppe.screening.comparison_forms import FORMS, WHEN
from steppe.screening.site_comparison import SiteComparison

_DIGITS = 3  # of a score


def make_comparison(found: SiteComparison) -> dict[str, Any]:
    """Return sites side by side as an object of JSON: `before`, `after` and the tables `FORMS`."""
    tables = {name: make_rows(getattr(found, name)) for name in FORMS}
    return {"before": found.before, "after": found.after, **tables}


def comparison_schema() -> dict[str, Any]:
    """Return the schema of what `make_comparison` makes."""
    properties: dict[str, Any] = {
        "before": {"type": "string"},
        "after": {"type": "string"},
        **{
            name: {"type": "array", "items": row_schema(columns)} for name, columns in FORMS.items()
        },
    }
    return {"type": "object", "properties": properties, "required": [*properties]}


def answer_compare_sites(inputs: Inputs, found: SiteComparison) -> dict[str, Any]:
    """Return the answer to `steppe compare` of one plan: a row for each site of either screening."""
    told = make_comparison(found)
    return {
        **answer_head(inputs, inputs.plan.scenario.name),
        "rows": told.pop("sites"),
        **told,
    }


def tabulate_compared(found: SiteComparison, *, language: str) -> list[pd.DataFrame]:
    """Return sites side by side for a screen: the sites, then the clauses and areas that differ.

    Parameters
    ----------
    found
        What was compared.
    language
        Language of heads and names.
    """
    tables = [_tabulate_sites(found, language)]
    if len(found.clauses):
        tables.append(_tabulate_clauses(found, language))
    if len(found.whole):
        tables.append(_tabulate_whole(found, language))
    return tables


def _heads(table: dict[str, list[str]], language: str) -> pd.DataFrame:
    return pd.DataFrame({tell(f"compare.{key}").say(language): told for key, told in table.items()})


def _name(row: Mapping[Hashable, Any], language: str, field: str = "name") -> str:
    return pair(str(row[f"{field}_zh"]), str(row[f"{field}_en"])).say(language)


def _change(row: Mapping[Hashable, Any], name: str, unit: str, digits: int | None = None) -> str:
    """Return the two ends of a change as one text; one of them where they are spelled alike."""
    suffix = f"_{unit}" if unit in ("ha", "km2") else ""
    ends = [
        spell_digits(row[f"{name}_{when}{suffix}"], digits)
        if digits is not None
        else spell(row[f"{name}_{when}{suffix}"], unit=unit)
        for when in WHEN
    ]
    return ends[0] if ends[0] == ends[1] else " → ".join(ends)


def _tabulate_sites(found: SiteComparison, language: str) -> pd.DataFrame:
    rows = found.sites.to_dict("records")
    table = {
        "head_site": [_name(row, language) for row in rows],
        "head_change": [tell(f"compare.change_{row['change']}").say(language) for row in rows],
        "head_moved": [
            NOTHING if pd.isna(row["moved_km"]) else f"{row['moved_km']:.1f}" for row in rows
        ],
        "head_place": [_change(row, "place", "", 0) for row in rows],
        "head_area": [_change(row, "area", "ha", 0) for row in rows],
        "head_land": [_change(row, "land_score", "", _DIGITS) for row in rows],
        "head_score": [_change(row, "score", "", _DIGITS) for row in rows],
    }
    return _heads(table, language)


def _tabulate_clauses(found: SiteComparison, language: str) -> pd.DataFrame:
    rows = found.clauses.to_dict("records")
    table = {
        "head_clause": [_name(row, language) for row in rows],
        "head_kills": [_tell_kills(row, language) for row in rows],
        "head_lost": [_change(row, "lost", "km2", 0) for row in rows],
        "head_alone": [_change(row, "alone", "km2", 0) for row in rows],
        "head_unknown": [_change(row, "unknown", "km2", 0) for row in rows],
    }
    return _heads(table, language)


def _tabulate_whole(found: SiteComparison, language: str) -> pd.DataFrame:
    rows = found.whole.to_dict("records")
    table = {
        "head_quantity": [_name(row, language, "title") for row in rows],
        **{
            f"head_{when}": [_tell_whole(row[when], str(row["unit"])) for row in rows]
            for when in WHEN
        },
    }
    return _heads(table, language)


def _tell_kills(row: Mapping[Hashable, Any], language: str) -> str:
    ends = [
        NOTHING if pd.isna(row[name]) else tell(f"value.{row[name]}").say(language)
        for name in ("kills_before", "kills_after")
    ]
    return ends[0] if ends[0] == ends[1] else " → ".join(ends)


def _tell_whole(value: float, unit: str) -> str:
    return spell_digits(value, _DIGITS) if unit == "1" else spell(value, unit=unit)
