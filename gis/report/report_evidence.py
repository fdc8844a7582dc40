"""The evidence in the report: measures, costs, loads and claims, with their sources."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from steppe.charts.cost_chart import list_known_components
from steppe.charts.ranked_places import find_words, list_ranked, name_places, order_totals
from steppe.layers.columns import COST_COMPONENTS, PARK_LEVELS, VERDICTS
from steppe.layers.tables import Measure, PlanTables
from steppe.layers.wording import Texts, Words, find_languages, hear, join, pair, tell
from steppe.ranking.number_format import NOTHING, spell, spell_band, spell_digits
from steppe.report.report_names import gather_sources

_MOST_CLAIMS = 16  # claims.csv has all
_MOST_OPEN = 8
_MOST_NOTES = 20
_SUMS = ("known", "total")
_PRICES = ("pue_ratio", "energy_cny_kwh", "price_cny_kwh")
_STANDINGS = {"reached": "report.reached", "target": "report.aimed", "planned": "value.planned"}
_TARGET_VERDICTS = {
    "reached": "report.reached",
    "missed": "value.missed",
    "unknown": "value.unknown",
}


@dataclass(frozen=True)
class Cell:
    """A number as a table shows it.

    Parameters
    ----------
    value, band
        Spelled; the band is empty where there is none.
    status
        How it is known, see `steppe.layers.columns.MEASURE_STATUSES`.
    """

    value: Words
    band: str = ""
    status: str = ""


def list_shown(tables: PlanTables) -> list[Measure]:
    """Return the measures that have a column of the report."""
    return [
        measure
        for criterion in tables.info.criteria
        for measure in criterion.measures
        if measure.in_report
    ]


def _cell(found: dict[Hashable, Any], measure: Measure) -> Cell:
    band = ""
    if found["band"] != "none":
        band = spell_band(found["low"], found["high"], unit=measure.unit)
    if found["status"] == "unknown":
        return Cell(find_words("report.unknown"), band, "unknown")
    return Cell(spell(found["value"], unit=measure.unit), band, found["status"])


def show_measures(tables: PlanTables) -> list[dict[str, Any]]:
    """Return the measures of the ranked parks, by rank."""
    names, shown = name_places(tables, layers=("parks",)), list_shown(tables)
    found = tables.measures.set_index(["site_id", "measure_id"]).to_dict("index")
    return [
        {
            "site_id": site_id,
            "name": names[site_id],
            "cells": [_cell(found[(site_id, each.measure_id)], each) for each in shown],
        }
        for site_id in list_ranked(tables)
    ]


def source_measures(tables: PlanTables) -> list[dict[str, Any]]:
    """Return what each measure of the ranked parks rests on, and what its band is."""
    ranked = tables.measures[tables.measures["site_id"].isin(list_ranked(tables))]
    rows = []
    for measure in list_shown(tables):
        found = ranked[ranked["measure_id"] == measure.measure_id]
        bands = sorted(set(found["band"]) - {"none"})
        rows.append(
            {
                "title": pair(measure.title_zh, measure.title_en),
                "band": join(find_words(f"value.{band}") for band in bands) if bands else "",
                "sources": gather_sources(found["source_ids"]),
            }
        )
    return rows


def list_unknown(tables: PlanTables) -> list[Words]:
    """Return which measures are unknown at how many parks of the ranked level, and why.

    Those that are scored or shown come first; what a plan merely lists is left to the tables.
    """
    level = set(order_totals(tables)["site_id"])
    unknown = tables.measures[
        tables.measures["site_id"].isin(level) & (tables.measures["status"] == "unknown")
    ]
    told: list[Words] = []
    for measure in list_shown(tables):
        found = unknown[unknown["measure_id"] == measure.measure_id]
        if len(found):
            why = found.drop_duplicates("reason_en").sort_values("reason_en").to_dict("records")
            told.append(
                tell(
                    "report.unknown_at",
                    measure=pair(measure.title_zh, measure.title_en),
                    n=len(found),
                    all=len(level),
                    why=join((hear("reason", row) for row in why[:2]), "join.semicolon"),
                )
            )
    return told[:_MOST_OPEN]


def _cost_cell(found: dict[Hashable, Any] | None) -> Cell:
    """Return a cost in millions of CNY for a megawatt and year."""
    if found is None or pd.isna(found["cost_cny_mw_year"]):
        return Cell(NOTHING)
    ends = (spell_digits(found[f"{end}_cny_mw_year"] / 1e6, 2) for end in ("low", "high"))
    band = "–".join(ends) if found["band"] != "none" else ""
    return Cell(spell_digits(found["cost_cny_mw_year"] / 1e6, 2), band, found["status"])


def compare_costs(tables: PlanTables) -> dict[str, Any]:
    """Return what is known of the cost at the ranked parks, and what power may cost there.

    Returns
    -------
    dict
        `components`: what is paid and known at one of them; `rows`: for each park a cell of
        each and of their sum, and the prices at which it costs what the first does; `missing`: why components are not known.
    """
    ranked = list_ranked(tables)
    costs = tables.costs[tables.costs["site_id"].isin(ranked)]
    found = costs.set_index(["site_id", "component"]).to_dict("index")
    even = tables.break_evens[tables.break_evens["other_id"].isin(ranked[:1])]
    prices = even.set_index("site_id").to_dict("index")
    components = [each for each in COST_COMPONENTS if each not in _SUMS]
    columns = list_known_components(tables)
    unknown = costs[costs["status"] == "unknown"].drop_duplicates(["component", "reason_en"])
    return {
        "components": columns,
        "rows": {
            site_id: {
                "cells": [_cost_cell(found.get((site_id, each))) for each in (*columns, _SUMS[0])],
                "prices": [spell_digits(prices.get(site_id, {}).get(name), 4) for name in _PRICES],
            }
            for site_id in (ranked if found else [])
        },
        "missing": [
            (component, _join_reasons(rows))
            for component in components
            if len(rows := unknown[unknown["component"] == component])
        ],
        "sources": gather_sources(pd.concat([costs["source_ids"], even["source_ids"]])),
    }


def _join_reasons(rows: pd.DataFrame) -> Words:
    """Return the reasons of some rows, each once, in order of the English."""
    once = rows.drop_duplicates("reason_en").sort_values("reason_en")
    return join((hear("reason", row) for row in once.to_dict("records")), "join.semicolon")


def _band(row: dict[Hashable, Any], name: str, *, scale: float = 1.0, unit: str) -> Cell:
    stem, _, end = name.rpartition("_")
    ends = [row[f"{stem}_{each}_{end}"] / scale for each in ("low", "high")]
    band = "" if pd.isna(ends[0]) else "–".join(spell(each, unit=unit) for each in ends)
    return Cell(spell(row[name] / scale, unit=unit), band, row["status"])


def list_loads(tables: PlanTables) -> list[dict[str, Any]]:
    """Return what documents count, by year, as IT load, energy and water (thousands of m³)."""
    names = name_places(tables)
    documents = tables.figures.set_index("figure_id")["source_id"].to_dict()
    parks = tables.layers["parks"].set_index("park_id")["source_id"].to_dict()
    ordered = tables.loads.sort_values(["year", "subject_id", "said_in", "counted"])
    # Two figures of a document may count the same.
    once = ordered.drop_duplicates(["year", "subject_id", "counted", "number", "standing"])
    rows = []
    for row in once.to_dict("records"):
        subject = str(row["subject_id"])
        rows.append(
            {
                "year": row["year"],
                "subject": names.get(subject, subject),
                "source_id": documents.get(row["said_in"]) or parks.get(subject),
                "counted": tell(
                    "report.counted",
                    number=float(row["number"]),
                    what=find_words(f"field.{row['counted']}"),
                ),
                "standing": find_words(_STANDINGS[row["standing"]]),
                "it_mw": spell_digits(row["it_mw"], 1),
                "energy": _band(row, "energy_gwh", unit="GWh"),
                "water": _band(row, "water_m3", scale=1e3, unit="m³"),
            }
        )
    return rows


def list_targets(tables: PlanTables) -> dict[str, Any]:
    """Return each target beside what the parks of every level add up to."""
    checks = tables.target_checks
    levels = [level for level in PARK_LEVELS if level in set(checks["level"])]
    rows = []
    for _, found in checks.groupby("figure_id", sort=False):
        by_level = {row["level"]: row for row in found.to_dict("records")}
        first = next(iter(by_level.values()))
        unit = "" if first["unit"] == "1" else f" {first['unit']}".replace("m2", "m²")
        rows.append(
            {
                "year": first["year"],
                "name": pair(first["name_zh"], first["name_en"]),
                "target": f"{first['target']:,.0f}{unit}",
                "sums": [_sum_told(by_level.get(level)) for level in levels],
                "source_ids": first["source_ids"],
            }
        )
    return {"levels": levels, "rows": sorted(rows, key=lambda row: row["year"])}


def _sum_told(row: dict[Hashable, Any] | None) -> dict[str, Words]:
    if row is None:
        return {"told": NOTHING, "verdict": ""}
    told = f"{row['told']:,.0f}" if row["n_told"] else NOTHING
    return {
        "told": f"{told} ({row['n_told']}/{row['n_parks']})",
        "verdict": find_words(_TARGET_VERDICTS[row["verdict"]]),
    }


def list_claims(tables: PlanTables) -> list[dict[Hashable, Any]]:
    """Return the claims that the data speak to: those that fail, that partly hold, the open."""
    checked = tables.claims[tables.claims["verdict"] != "cannot_be_checked"]
    order = checked["verdict"].map({"fails": 0, "partly": 1, "undecided": 2, "holds": 3})
    shown = checked.loc[order.sort_values(kind="stable").index].head(_MOST_CLAIMS)
    return shown.astype(object).where(shown.notna(), None).to_dict("records")


def count_verdicts(claims: pd.DataFrame) -> Words:
    """Return how many claims have which verdict, in words."""
    counts = claims["verdict"].value_counts()
    shown = (verdict for verdict in VERDICTS if verdict in counts.index)
    return join(
        tell("report.n_of", n=int(counts[verdict]), what=find_words(f"verdict.{verdict}"))
        for verdict in shown
    )


def list_notes(tables: PlanTables) -> list[Words]:
    """Return what was not read as it stands, and which answers are bounds or left out."""
    notes = list(dict.fromkeys([*tables.read_notes, *tables.notes]))
    told: list[Words] = [
        Texts(tuple((language, note.say(language)) for language in find_languages()))
        for note in notes[:_MOST_NOTES]
    ]
    more = len(notes) - len(told)
    return [*told, tell("report.more_notes", n=more)] if more else told
