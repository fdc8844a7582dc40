"""Loads by year: what documents count in parks and region, turned into energy and water."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from dataclasses import asdict
from typing import Any

import pandas as pd

from steppe.criteria.cooling.loads import (
    COUNTED,
    REACHED,
    Count,
    Load,
    LoadRates,
    convert,
    find_load,
    multiply,
)
from steppe.criteria.cooling.survey import WUE
from steppe.criteria.finding import Finding, spell_sources
from steppe.layers.conformity import conform
from steppe.layers.contracts.costs import LOADS, TARGET_CHECKS
from steppe.layers.wording import hear, say_all, tell
from steppe.planfile.plan_inputs import Inputs
from steppe.planfile.quantities import FIGURE_UNITS, figure_value

# Measures of a site that turn a load into energy and water.
LOAD_MEASURES = ("pue", WUE)
# Quantities of the figures that are loads, and what one of them counts.
LOAD_QUANTITIES = {
    "it_load_mw": "it_load_mw",
    "racks": "racks",
    "servers": "servers",
    "pc_servers": "servers",
    "server_capacity": "servers",
    "servers_and_routers": "servers",
}
# Quantities of targets, and the column of parks that they are sums of.
_SUMMED = {
    **LOAD_QUANTITIES,
    "data_centre_area": "floor_area_m2",
}


def gather_counts(inputs: Inputs) -> dict[str, list[Count]]:
    """Return what is counted of every park and of every outline that figures speak of."""
    figures, parks = inputs.tables["figures"], inputs.layers["parks"]
    counts: dict[str, list[Count]] = {str(park_id): [] for park_id in parks["park_id"]}
    for figure in figures[figures["quantity"].isin(list(LOAD_QUANTITIES))].to_dict("records"):
        counts.setdefault(str(figure["subject"]), []).append(
            Count(
                LOAD_QUANTITIES[figure["quantity"]],
                figure_value(figure),
                int(figure["year"]),
                figure["standing"],
                figure["source_id"],
                figure["figure_id"],
            )
        )
    for park in parks.drop(columns="geometry").to_dict("records"):
        counts[str(park["park_id"])] += [
            Count(
                name, float(park[name]), int(str(park["as_of"])[:4]), REACHED, park["source_id"],
                "parks", is_dated=False,
            )
            for name in COUNTED
            if pd.notna(park[name])
        ]  # fmt: skip
    return counts


def find_loads(inputs: Inputs, rates: LoadRates) -> dict[str, Load]:
    """Return the IT load of every park in the year of the scenario."""
    counts, year = gather_counts(inputs), inputs.plan.scenario.year
    return {
        str(park_id): find_load(counts[str(park_id)], rates, year=year)
        for park_id in inputs.layers["parks"]["park_id"]
    }


def tabulate_loads(inputs: Inputs, measures: pd.DataFrame) -> pd.DataFrame:
    """Return every count of parks and region by year, with its energy and water.

    A region takes the median PUE and WUE of its parks of the ranked level, and the lowest and
    highest ends of their bands.

    Parameters
    ----------
    inputs
        What `read_inputs` read.
    measures
        Contract `MEASURES`.

    Returns
    -------
    DataFrame
        Contract `LOADS`; empty when the plan has no cooling.
    """
    cooling = inputs.plan.cooling
    rows: list[dict[str, Any]] = []
    if cooling is not None:
        counts = gather_counts(inputs)
        measures = measures[measures["measure_id"].isin(LOAD_MEASURES)]
        subjects = {name: found for name, found in counts.items() if found}
        for subject_id, found in sorted(subjects.items()):
            pue, wue = (_finding(inputs, measures, subject_id, name) for name in LOAD_MEASURES)
            rows += [_row(subject_id, each, cooling.rates, pue=pue, wue=wue) for each in found]
    table = pd.DataFrame(rows, columns=list(LOADS.columns))
    return conform(table.sort_values(list(LOADS.key)).reset_index(drop=True), LOADS)


def _row(
    subject_id: str, count: Count, rates: LoadRates, *, pue: Finding, wue: Finding
) -> dict[str, Any]:
    load = convert(count, rates)
    energy, water = multiply("energy_gwh", pue, load), multiply("water_m3", wue, load)
    return {
        "subject_id": subject_id,
        **{
            name: asdict(count)[name]
            for name in ("said_in", "counted", "year", "standing", "number")
        },
        "it_mw": load.it_mw,
        "energy_gwh": energy.value,
        "energy_low_gwh": energy.low,
        "energy_high_gwh": energy.high,
        "water_m3": water.value,
        "water_low_m3": water.low,
        "water_high_m3": water.high,
        "status": energy.status,
        **say_all("reason", energy.reason),
        "source_ids": spell_sources([count.source_id, *energy.source_ids]),
    }


def _finding(inputs: Inputs, measures: pd.DataFrame, subject_id: str, measure_id: str) -> Finding:
    """Return a measure of a park, or that of the ranked parks within an outline or city."""
    rows = measures[measures["measure_id"] == measure_id]
    own = rows[rows["site_id"] == subject_id]
    if not own.empty:
        row = own.iloc[0].to_dict()
        value, low, high = (
            None if pd.isna(row[name]) else float(row[name]) for name in ("value", "low", "high")
        )
        return Finding(
            subject_id, measure_id, row["status"],
            value=value, low=low, high=high, band=row["band"],
            reason=hear("reason", row), source_ids=tuple(row["source_ids"].split()),
        )  # fmt: skip
    parks = _within(inputs, subject_id)
    ranked = parks[parks["level"] == inputs.plan.level]["park_id"]
    known = rows[rows["site_id"].isin(ranked) & rows["value"].notna()]
    if known.empty:
        return Finding(
            subject_id, measure_id, "unknown",
            reason=tell("load.no_ranked", subject=subject_id, measure_id=measure_id),
        )  # fmt: skip
    return Finding(
        subject_id,
        measure_id,
        "assumed",
        value=float(known["value"].median()),
        low=float(known["low"].fillna(known["value"]).min()),
        high=float(known["high"].fillna(known["value"]).max()),
        band="range",
        reason=tell("load.median", n=len(known)),
        source_ids=tuple(sorted({name for ids in known["source_ids"] for name in ids.split()})),
    )


def _within(inputs: Inputs, subject_id: str) -> pd.DataFrame:
    """Return the parks of an outline, else those that name the subject as node, town or parent."""
    parks, outlines = inputs.layers["parks"], inputs.layer("boundaries")
    outline = outlines[outlines["boundary_id"] == subject_id]
    if not outline.empty:
        return parks[parks.within(outline.geometry.union_all())]
    names = parks[["node_id", "town_id", "parent_id"]]
    return parks[(names == subject_id).any(axis=1)]


def check_targets(inputs: Inputs) -> pd.DataFrame:
    """Hold the targets of the documents against what the parks of one level add up to.

    A zone is never added to its own campus: each level is a sum of its own.  Parks that tell
    nothing are counted, so that a sum of a few is not taken for the whole.

    ========== =================================================================
    verdict    when
    ========== =================================================================
    `reached`  what is told adds up to the target
    `missed`   every park of the level tells, and it does not add up
    `unknown`  it does not add up, and some tell nothing
    ========== =================================================================

    Returns
    -------
    DataFrame
        Contract `TARGET_CHECKS`.
    """
    figures = inputs.tables["figures"]
    wanted = figures[(figures["standing"] == "target") & figures["quantity"].isin(list(_SUMMED))]
    rows = [
        _check_target(figure, level, group)
        for figure in wanted.to_dict("records")
        for level, group in _within(inputs, str(figure["subject"])).groupby("level", sort=True)
    ]
    table = pd.DataFrame(rows, columns=list(TARGET_CHECKS.columns))
    return conform(table.sort_values(list(TARGET_CHECKS.key)).reset_index(drop=True), TARGET_CHECKS)


def _check_target(
    figure: Mapping[Hashable, Any], level: object, parks: pd.DataFrame
) -> dict[str, Any]:
    column, year = _SUMMED[figure["quantity"]], int(figure["year"])
    numbers = parks[column] if column in parks.columns else pd.Series(math.nan, parks.index)
    counts = pd.to_numeric(numbers, errors="coerce")
    # What opens after the year is no part of what was reached by then.
    later = pd.to_numeric(parks["opened"].astype("string").str[:4], errors="coerce") > year
    told = counts[counts.notna() & ~later.fillna(value=False).astype(bool)]
    there = len(parks) - int(later.fillna(value=False).sum())
    total, target = float(told.sum()), figure_value(figure)
    if told.size and total >= target:
        verdict = "reached"
    elif told.size == there:
        verdict = "missed"
    else:
        verdict = "unknown"
    reason = tell(
        "load.target",
        n=int(told.size),
        there=there,
        column=tell(f"column.{column}"),
        total=total,
    )
    return {
        "figure_id": figure["figure_id"],
        "level": level,
        "year": year,
        "name_zh": figure["name_zh"],
        "name_en": figure["name_en"],
        "quantity": figure["quantity"],
        "target": target,
        "unit": FIGURE_UNITS[figure["quantity"]],
        "n_parks": there,
        "n_told": int(told.size),
        "told": total,
        "verdict": verdict,
        **say_all("reason", reason),
        "source_ids": spell_sources([figure["source_id"], *parks.loc[told.index, "source_id"]]),
    }
