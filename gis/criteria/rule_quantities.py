"""What rules are held against: distances, measures, and what is told of the parks."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Mapping
from typing import Any

import geopandas as gpd
import pandas as pd

from steppe.criteria.nearby import Quantity, unknown
from steppe.layers.wording import hear, join, tell

PARK_COLUMNS = {"area_ha": "ha", "it_load_mw": "MW", "racks": "racks", "servers": "servers"}
UNLAYERED = {"access_roads": "1", "flood_return_years": "a", "green_power_pct": "%"}
CENTRE_RACKS = "centre_racks"
"""Standard racks of the largest centre of a park."""
FLEET_PUE = "fleet_pue"
"""PUE of whatever centres stand at a park: that of all kinds of facility."""
SINGLE = ("campus", "facility")
"""Levels of a park that is one centre."""

Known = dict[tuple[str, str], Quantity]


def is_pue(measure_id: str) -> bool:
    """Tell whether a measure is the PUE of some kind of facility."""
    return measure_id == "pue" or measure_id.startswith("pue_")


def gather_quantities(
    parks: gpd.GeoDataFrame,
    measures: pd.DataFrame,
    distances: Mapping[tuple[str, str], Quantity],
) -> Known:
    """Return what is known: distances, measures and columns of the parks, by park and name.

    Parameters
    ----------
    parks
        Contract `PARKS`.
    measures
        Contract `MEASURES` of one run.
    distances
        What `measure_nearby` measured.
    """
    known = dict(distances)
    for row in measures.to_dict("records"):
        value, low, high, is_bound = _read_ends(row)
        sources = str(row["source_ids"] or "").split() if pd.notna(row["source_ids"]) else []
        reason = hear("reason", row) or tell("rule.measured")
        known[row["site_id"], row["measure_id"]] = Quantity(
            value,
            low,
            high,
            row["unit"],
            join([tell("rule.by_bound"), reason], "join.semicolon") if is_bound else reason,
            tuple(sources),
        )
    for name, unit in PARK_COLUMNS.items():
        known |= _read_column(parks, name, unit)
    known |= _find_centres(parks)
    return known | _find_fleets(parks["park_id"], known)


def _read_ends(row: Mapping[Hashable, Any]) -> tuple[float, float, float, bool]:
    """Return value, least and greatest of a measure, and whether only a bound of it is known.

    A known value without a band is its own band; of an unknown one, the end that is not told
    is open, so that the other decides a clause only where it does so alone.
    """
    value, low, high = (float(row[name]) for name in ("value", "low", "high"))
    if not math.isnan(value):
        low, high = (value if math.isnan(end) else end for end in (low, high))
        return value, low, high, False
    if math.isnan(low) and math.isnan(high):
        return value, low, high, False
    low, high = (
        -math.inf if math.isnan(low) else low,
        math.inf if math.isnan(high) else high,
    )
    return value, low, high, True


def _read_column(parks: gpd.GeoDataFrame, name: str, unit: str) -> Known:
    """Return what one column tells of each park."""
    return {
        (park_id, name): (
            unknown(unit, tell("rule.untold", name=tell(f"column.{name}")))
            if pd.isna(number)
            else _tell_told(float(number), unit, source_id)
        )
        for park_id, number, source_id in zip(
            parks["park_id"], parks[name], parks["source_id"], strict=True
        )
    }


def _tell_told(number: float, unit: str, source_id: str) -> Quantity:
    return Quantity(number, number, number, unit, tell("rule.as_said"), (source_id,))


def _find_centres(parks: gpd.GeoDataFrame) -> Known:
    """Return the racks of each park's largest centre: a count of one centre, or a least."""
    found = {}
    columns = ("park_id", "level", "racks", CENTRE_RACKS, "source_id")
    for park_id, level, racks, least, source_id in parks.reindex(columns=list(columns)).itertuples(
        index=False, name=None
    ):
        if level in SINGLE and pd.notna(racks):
            quantity = _tell_told(float(racks), "racks", source_id)
        elif pd.notna(least):
            reason = tell("rule.meant_for", n=int(least))
            quantity = Quantity(math.nan, float(least), math.inf, "racks", reason, (source_id,))
        else:
            quantity = unknown("racks", tell("rule.untold", name=tell(f"column.{CENTRE_RACKS}")))
        found[park_id, CENTRE_RACKS] = quantity
    return found


def _find_fleets(park_ids: Iterable[str], known: Mapping[tuple[str, str], Quantity]) -> Known:
    """Return between what the PUE of a park lies, whatever kind of facility its centres are."""
    kinds = sorted({name for _, name in known if is_pue(name)})
    found = {}
    for park_id in park_ids:
        each = [known[park_id, name] for name in kinds if (park_id, name) in known]
        each = [quantity for quantity in each if quantity.is_known]
        if not each:
            found[park_id, FLEET_PUE] = unknown("kWh/kWh", tell("rule.no_pue"))
            continue
        found[park_id, FLEET_PUE] = Quantity(
            math.nan,
            min(quantity.low for quantity in each),
            max(quantity.high for quantity in each),
            "kWh/kWh",
            tell("rule.all_kinds", n=len(each)),
            tuple(sorted({name for quantity in each for name in quantity.source_ids})),
        )
    return found
