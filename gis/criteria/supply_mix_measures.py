"""The measure of what kinds of plants run near: the green share of their capacity."""

from __future__ import annotations

import geopandas as gpd
import numpy as np

from steppe.criteria.coverage import tell_part, tell_taken
from steppe.criteria.finding import Finding
from steppe.criteria.measure import KnownMeasure, MeasureGroup
from steppe.criteria.plant_years import Running, find_running
from steppe.criteria.power import METHOD
from steppe.criteria.sites import Site, read_sites
from steppe.criteria.surroundings import Surroundings
from steppe.layers.disks import Points
from steppe.layers.extents import Extent
from steppe.layers.wording import join, tell

GREEN = ("wind", "solar", "hydro", "bioenergy", "geothermal")
"""What counts as green power: what renewable certificates are issued for; nuclear is not."""

MEASURE = "green_share"


def measure_green_share(
    parks: gpd.GeoDataFrame,
    plants: gpd.GeoDataFrame,
    extent: Extent,
    *,
    year: int,
    radius_km: float,
) -> list[Finding]:
    """Measure what share of the capacity in operation within a radius is green.

    It is a share of megawatts, not of megawatt-hours: wind and sun run a half to a fifth of the
    hours that coal does, so that of the energy less is green.  The band takes the least and the
    greatest over the disk of the park, units of which nobody knows whether they ran counting
    against the share in its low end and for it in its high end.

    Parameters
    ----------
    parks, plants
        Contracts `PARKS` and `PLANTS`, EPSG:4490.
    extent
        What the plants cover.
    year
        The year of the scenario.
    radius_km
        How far off a plant may stand and count.
    """
    is_green = plants["energy"].isin(GREEN).to_numpy(dtype=bool)
    green, other = (find_running(plants, each, year=year) for each in (is_green, ~is_green))
    sources = tuple(sorted(plants["source_id"].unique()))
    places = Points.of(plants)
    return [
        _find(site, places, extent, (green, other), sources, radius_km=radius_km)
        for site in read_sites(parks)
    ]


def _find(
    site: Site,
    places: Points,
    extent: Extent,
    running: tuple[Running, Running],
    sources: tuple[str, ...],
    *,
    radius_km: float,
) -> Finding:
    asked_km = radius_km + site.accuracy_km
    if not extent.covers(site.lon, site.lat, asked_km):
        why = tell_part("plants", extent.reach_km(site.lon, site.lat), asked_km=asked_km)
        return Finding(site.park_id, MEASURE, "unknown", reason=why, source_ids=sources)
    near, (green, other) = site.find_within(places, radius_km), running
    shares = [
        _share(near.total(one), near.total(another))
        for one, another in (
            (green.low_mw, other.high_mw),
            (green.value_mw, other.value_mw),
            (green.high_mw, other.low_mw),
        )
    ]
    if any(np.isnan(each).any() for each in shares):
        why = tell("green.none", km=radius_km)
        return Finding(site.park_id, MEASURE, "unknown", reason=why, source_ids=sources)
    low, value, high = shares
    running_mw = float(np.median(near.total(green.value_mw + other.value_mw)))
    told = [tell_taken("plants", extent), tell("green.of", mw=running_mw, km=radius_km)]
    return Finding(
        site.park_id,
        MEASURE,
        "derived" if extent.is_said else "assumed",
        value=float(np.median(value)),
        low=float(min(low.min(), np.median(value))),
        high=float(max(high.max(), np.median(value))),
        band="range",
        reason=join([each for each in told if each], "join.semicolon"),
        source_ids=sources,
    )


def _share(part: np.ndarray, rest: np.ndarray) -> np.ndarray:
    """Return part over part and rest; NaN where both are nothing."""
    whole = part + rest
    return np.divide(part, whole, out=np.full(len(whole), np.nan), where=whole > 0)


def _find_all(at: Surroundings) -> list[Finding]:
    return measure_green_share(
        at.parks,
        at.layers["plants"],
        at.extents["plants"],
        year=at.year,
        radius_km=at.power.capacity_km,
    )


GROUPS = (
    MeasureGroup(
        (
            KnownMeasure(
                MEASURE,
                "1",
                "电源半径内绿色电源容量占比",
                "Green share of capacity near",
                "power",
                "higher",
                "wind, solar, hydro, bioenergy and geothermal over all capacity in operation within "
                "`power.capacity_km` (100 km unless set) at the end of the scenario's year, a share of MW and not of energy; band: "
                "over the disk, what nobody knows to have run against it and for it",
                METHOD,
                ("plants",),
            ),
        ),
        _find_all,
        changing=("year",),
        settings=("power.capacity_km",),
    ),
)
