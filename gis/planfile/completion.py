"""What a plan does not say, and follows from its parks: dates, boxes, level, scenario, sources."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from steppe.layers.antimeridian import find_seam
from steppe.layers.cells import is_unseen
from steppe.layers.columns import PARK_LEVELS
from steppe.layers.dates import date_order
from steppe.layers.sources import UNSAID, Source
from steppe.planfile.extent_entry import MAX_LAT, MAX_LON
from steppe.planfile.plan_schema import Plan

# Room round the parks in the first view of the map, as a share of their extent and in degrees.
_ROOM, _LEAST_DEG = 0.15, 0.5
_NO_DATE = "1970-01-01"
"""Date of a plan that says none and holds nothing that bears one."""


def complete(plan: Plan, parks: gpd.GeoDataFrame, frames: Iterable[pd.DataFrame] = ()) -> Plan:
    """Return a plan with what it leaves out, as its parks have it.

    The view is the box round the parks with some room, and so is the box that the projection
    is fitted to; the plan speaks of the newest date of a park, and so does its scenario; the
    level is the one that most parks have.  As long as there are none, the boxes are that of the
    data, and the date is the newest of any layer.

    Parameters
    ----------
    plan
        The plan file.
    parks
        Contract `PARKS`, EPSG:4490.
    frames
        All layers and tables that were read.
    """
    given = plan.model_fields_set
    found: dict[str, Any] = {}
    around = plan.bbox if parks.empty else _find_room(parks)
    if "view" not in given:
        found["view"] = around
    if "box" not in plan.region.model_fields_set:
        found["region"] = plan.region.model_copy(update={"box": found.get("view", plan.view)})
    if "as_of" not in given:
        told = [parks] if len(parks) else [each for each in frames if "as_of" in each]
        found["as_of"] = _find_newest([day for each in told for day in each["as_of"].dropna()])
    if "level" not in given and len(parks):
        counts = parks["level"].value_counts()
        found["level"] = max(PARK_LEVELS, key=lambda level: counts.get(level, 0))
    if "scenario" not in given:
        year = found.get("as_of", plan.as_of).year
        found["scenario"] = plan.scenario.model_copy(update={"year": year})
    return plan.model_copy(update=found) if found else plan


def _find_room(parks: gpd.GeoDataFrame) -> tuple[float, float, float, float]:
    seam = find_seam(np.asarray(parks.geometry.x, dtype=np.float64))
    lon = np.where(parks.geometry.x < seam, parks.geometry.x + 2 * MAX_LON, parks.geometry.x)
    west, east = float(lon.min()), float(lon.max())
    south, north = float(parks.geometry.y.min()), float(parks.geometry.y.max())
    across = max(_LEAST_DEG, _ROOM * (east - west))
    along = max(_LEAST_DEG, _ROOM * (north - south))
    west, east = west - across, east + across
    if seam == -MAX_LON or east - west >= 2 * MAX_LON:
        west, east = max(west, -MAX_LON), min(east, MAX_LON)
    elif east > MAX_LON:
        east -= 2 * MAX_LON
    ends = (west, max(south - along, -MAX_LAT), east, min(north + along, MAX_LAT))
    return tuple(round(end, 3) for end in ends)  # type: ignore[return-value]


def _find_newest(dates: Iterable[str]) -> date:
    newest = max(dates, key=date_order, default=_NO_DATE)
    year, month, day = (int(part) for part in f"{newest[:10]}-01-01"[:10].split("-"))
    return date(year, month, day)


def name_own_sources(
    plan: Plan, frames: Mapping[str, pd.DataFrame], facts: Iterable[pd.DataFrame]
) -> dict[str, Source]:
    """Return the sources of a plan without a list of them: all that it names, as its own.

    Each bears the licences of the layers whose rows name it.

    Parameters
    ----------
    plan
        The plan file, completed.
    frames
        Layers and tables that were read, by name.
    facts
        Tables of facts.
    """
    licences: dict[str, list[str]] = {}
    for name, frame in frames.items():
        for source_id in frame["source_id"].dropna().unique() if "source_id" in frame else ():
            licences.setdefault(str(source_id), []).append(plan.layers[name].licence)
    for table in facts:
        for source_id in table["source_id"].dropna().unique():
            licences.setdefault(str(source_id), [])
    prices = [price for variant in plan.scenarios for price in variant.prices.values()]
    for source_id in (
        *(source_id for _, source_id in cited_sources(plan)),
        *(price.source_id for price in prices),
    ):
        licences.setdefault(source_id, [])
    whose = plan.title_en or plan.title_zh or plan.name
    # Where the parks cannot be read, no date follows from them, and that fault is told.
    return {
        source_id: Source.model_construct(
            source_id=source_id,
            title=source_id,
            publisher=whose,
            year=plan.as_of.year,
            licence=", ".join(dict.fromkeys(named)) or UNSAID,
            attribution=whose,
            accuracy="as the rows say",
            as_of=plan.as_of,
        )
        for source_id, named in licences.items()
        if not is_unseen(source_id)
    }


def cited_sources(plan: Plan) -> Iterator[tuple[str, str]]:
    """Yield each place of plan.toml that names a source, and the source."""
    for table, entry in (("cooling", plan.cooling), ("cost", plan.cost)):
        for key, source_id in entry.cited() if entry else ():
            yield f"{table}.{key}", source_id
    land = plan.request.ha_per_mw if plan.request else None
    for source_id in land.source_ids if land else ():
        yield "request.ha_per_mw", source_id
    yield from ((f"route.{key}", source_id) for key, source_id in plan.route.cited())
    for name, grid in plan.rasters.items():
        yield f"rasters.{name}.source_id", grid.source_id
    ground = {each.source_id for each in plan.geology.complete}
    if plan.geology.site_factors:
        ground.add(plan.geology.factors_source_id)
    for place, named in (
        ("geology", ground),
        ("network.classes", {each.source_id for each in plan.network.classes}),
    ):
        for source_id in sorted(named):
            yield place, source_id
