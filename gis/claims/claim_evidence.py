"""What the claims of the documents are held against: parks, outlines, railways, faults, facts.

Nothing here comes from the document that makes the claim: a park is where a document puts it,
but its temperature, its hazard class and its faults are not the document's.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from steppe.claims.claim_checks import Evidence, quantity_in_words
from steppe.claims.park_evidence import list_sources, measure_parks, tell_count
from steppe.criteria.seismicity import measure_faults
from steppe.layers.crs import GEOD
from steppe.layers.extents import Extent, unite
from steppe.layers.wording import BASE, Words, join, pair, say, tell
from steppe.planfile.plan_inputs import Inputs


def gather_evidence(inputs: Inputs, measures: pd.DataFrame) -> dict[str, Evidence]:
    """Gather what the data say to every check that a claim may ask for.

    ============================== ======================================================
    check                          what it is
    ============================== ======================================================
    `park_temp_mean_c`             yearly mean temperature at the parks of the region, °C
    `park_pga_g`                   basic design acceleration at the parks, g
    `park_pue`                     PUE at the parks over all kinds of facility, with their bands
    `park_free_cooling_months`     months in which outside air keeps the recommended envelope
    `park_temp_mean_c:CITY`, ...   the same at the parks of one city, or of one outline by its id
    `park_fault_km`                distance of the parks to the nearest mapped fault, km
    `region_FIELD`                 a fact of the region, such as `region_area_km2`
    `installed_YEAR_mw`            least installed capacity by the trackers together, MW
    `installed_YEAR_mw:SOURCE`     the same by one tracker
    `region_provinces`             provinces that adjoin the region
    `region_countries`             countries that adjoin the region
    `region_railway_crossings`     railways that leave the region for another country
    ============================== ======================================================

    A check without data is left out.

    Parameters
    ----------
    inputs
        What `read_inputs` read.
    measures
        Contract `MEASURES`.
    """
    outlines, region = inputs.layer("boundaries"), inputs.plan.region.boundary_id
    parks = inputs.layers["parks"]
    inside = gpd.GeoDataFrame(parks[inputs.is_in_region()])
    found = dict(measure_parks(inputs, measures, inside))
    has_outline = (outlines["boundary_id"] == region).any()
    if has_outline:
        found |= _region_facts(inputs.facts, region) | _neighbours(outlines, region)
    if has_outline and "railways" in inputs.layers:
        found["region_railway_crossings"] = _crossings(inputs.layers["railways"], outlines, region)
    if {"faults", "fault_extent"} <= set(inputs.layers):
        found |= _faults(inside, inputs.layers["faults"], inputs.layers["fault_extent"])
    return found


def _region_facts(facts: pd.DataFrame, boundary_id: str) -> dict[str, Evidence]:
    region = facts[(facts["layer"] == "region") & (facts["id"] == boundary_id)]
    region = region.assign(value=pd.to_numeric(region["value"], errors="coerce"))
    region = region.dropna(subset=["value", "unit"])
    found = {}
    for name, rows in region.groupby("field", sort=True):
        field = str(name)
        # The trackers leave out small plants and those without a starting year.
        from_below = field.startswith("installed")
        check = field if from_below else f"region_{field}"
        found[check] = _sum(rows, from_below=from_below)
        if len(rows) > 1:
            found |= {
                f"{check}:{source_id}": _sum(of_source, from_below=from_below)
                for source_id, of_source in rows.groupby("source_id", sort=True)
            }
    return found


def _sum(rows: pd.DataFrame, *, from_below: bool) -> Evidence:
    total, unit = float(rows["value"].sum()), str(rows["unit"].iloc[0])
    high = math.inf if from_below else total
    return Evidence(
        low=total,
        high=high,
        text=quantity_in_words(total, high, unit),
        source_ids=tuple(sorted(rows["source_id"])),
        unit=unit,
    )


def _counted(number: int, text: Words, names: Iterable[Words], sources: Iterable[str]) -> Evidence:
    listed = sorted(names, key=lambda name: say(name, BASE))
    return Evidence(
        low=float(number),
        high=float(number),
        text=tell("claim.listed", what=text, names=join(listed)) if listed else text,
        source_ids=list_sources(sources),
        unit="1",
    )


def _gaps_m(shape: BaseGeometry, others: Iterable[BaseGeometry]) -> NDArray[np.float64]:
    return np.array([GEOD.geometry_length(shapely.shortest_line(shape, each)) for each in others])


def _adjoining(outlines: gpd.GeoDataFrame, boundary_id: str) -> gpd.GeoDataFrame:
    """Keep the outlines that come as near to the region as outlines are accurate."""
    region = outlines.set_index("boundary_id").geometry[boundary_id]
    others = outlines[outlines["boundary_id"] != boundary_id]
    near = _gaps_m(region, others.geometry) <= others["accuracy_m"].to_numpy()
    return gpd.GeoDataFrame(others[near])


def _neighbours(outlines: gpd.GeoDataFrame, boundary_id: str) -> dict[str, Evidence]:
    adjoining = _adjoining(outlines, boundary_id)
    found = {}
    for kind, many in (("province", "provinces"), ("country", "countries")):
        rows = adjoining[adjoining["kind"] == kind]
        text = tell_count(len(rows), f"claim.{kind}", f"claim.{many}")
        names = map(pair, rows["name_zh"], rows["name_en"])
        found[f"region_{many}"] = _counted(len(rows), text, names, outlines["source_id"])
    return found


def _crossings(
    railways: gpd.GeoDataFrame, outlines: gpd.GeoDataFrame, boundary_id: str
) -> Evidence:
    """Count where railways cross the region's border with another country."""
    region = outlines.set_index("boundary_id").geometry[boundary_id]
    adjoining = _adjoining(outlines, boundary_id)
    countries = adjoining[adjoining["kind"] == "country"]
    leaving = railways[railways.intersects(region)].geometry.union_all()
    number, names = 0, []
    called = map(pair, countries["name_zh"], countries["name_en"])
    for name, country, accuracy_m in zip(
        called, countries.geometry, countries["accuracy_m"], strict=True
    ):
        met = shapely.get_parts(shapely.intersection(leaving, country.boundary))
        # A line may enter the country elsewhere too; that is not the region's border.
        crossed = int((_gaps_m(region, met) <= accuracy_m).sum())
        number += crossed
        names += [tell("claim.crossings_to", n=crossed, country=name)] if crossed else []
    return _counted(
        number,
        tell_count(number, "claim.crossing"),
        names,
        [*outlines["source_id"], *railways["source_id"]],
    )


def _faults(
    parks: gpd.GeoDataFrame, faults: gpd.GeoDataFrame, extent: gpd.GeoDataFrame
) -> dict[str, Evidence]:
    """Measure between what the parks' distances to the nearest fault lie, as `fault_km` does.

    A park of which the extent of the faults leaves either end open says nothing, for a fault
    that nobody mapped is not a fault that is not there; nor does one with none in reach.
    """
    if faults.empty:
        return {}
    found = measure_faults(parks, faults, Extent(unite(extent.geometry)))
    ends = [(each.low, each.high) for each in found]
    places = tuple((low, high) for low, high in ends if low is not None and high is not None)
    if not places:
        return {}
    low, high = min(low for low, _ in places), max(high for _, high in places)
    return {
        "park_fault_km": Evidence(
            low=low,
            high=high,
            text=tell_count(
                len(places),
                "claim.fault_of_site",
                distance=quantity_in_words(low, high, "km"),
                n_unknown=len(parks) - len(places),
            ),
            source_ids=list_sources([*faults["source_id"], *extent["source_id"]]),
            unit="km",
            places=places,
        )
    }
