"""What lies near a site: the distances that clauses of standards speak of."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import geopandas as gpd

from steppe.criteria.sites import Site, read_sites
from steppe.layers.nearest import nearest_km, shapes_of

WITHIN_KM = 200.0


@dataclass(frozen=True)
class Quantity:
    """What is known of one thing at one site; NaN where it is not.

    Parameters
    ----------
    value, low, high
        What was measured, and between what it lies; `high` may be infinite.
    unit
        Unit of the three.
    reason
        What it is, or why it is not known.
    source_ids
        Sources.
    """

    value: float
    low: float
    high: float
    unit: str
    reason: str
    source_ids: tuple[str, ...] = ()

    @property
    def is_known(self) -> bool:
        """Whether anything is known of it."""
        return not math.isnan(self.low)


def unknown(unit: str, reason: str) -> Quantity:
    """Return what nothing is known of, with the reason."""
    return Quantity(math.nan, math.nan, math.nan, unit, reason)


@dataclass(frozen=True)
class _Feature:
    title: str
    layers: tuple[str, ...]
    energy: str = ""


DISTANCES: dict[str, _Feature] = {
    "railway_km": _Feature("railway", ("railways",)),
    "airport_km": _Feature("airport", ("airports",)),
    "water_km": _Feature("river or lake", ("rivers", "lakes")),
    "metropolis_km": _Feature("metropolitan area", ()),
    "nuclear_km": _Feature("nuclear plant", ("plants",), energy="nuclear"),
    "road_km": _Feature("motorway or main road", ()),
    "metro_km": _Feature("metro", ()),
    "car_park_km": _Feature("car park", ()),
    "housing_km": _Feature("housing", ()),
    "chemical_plant_km": _Feature("chemical plant, store or landfill", ()),
    "explosives_km": _Feature("store of explosives", ()),
    "flood_area_km": _Feature("flood area", ()),
}
"""Distances that a rule may be held against; those without layers are never known yet."""


def measure_nearby(
    parks: gpd.GeoDataFrame,
    layers: Mapping[str, gpd.GeoDataFrame],
    *,
    names: Sequence[str],
    incomplete: Mapping[str, str],
) -> dict[tuple[str, str], Quantity]:
    """Measure distances to what lies near each park.

    The ends are the distance less and plus the accuracy of the point and of the layer.  A
    layer that is known to lack features can only tell how near something is, never that
    nothing nearer is there: its low end is 0.

    Parameters
    ----------
    parks
        Contract `PARKS`, EPSG:4490.
    layers
        Layers of the plan.
    names
        Keys of `DISTANCES`.
    incomplete
        Layer to what it lacks, for the reason.

    Returns
    -------
    dict
        Park and name to quantity, km.
    """
    return {
        (site.park_id, name): quantity
        for name in names
        for site, quantity in _measure(parks, layers, DISTANCES[name], incomplete)
    }


def _measure(
    parks: gpd.GeoDataFrame,
    layers: Mapping[str, gpd.GeoDataFrame],
    feature: _Feature,
    incomplete: Mapping[str, str],
) -> list[tuple[Site, Quantity]]:
    held = [name for name in feature.layers if name in layers]
    rows = [layers[name] for name in held]
    if feature.energy:
        rows = [gpd.GeoDataFrame(frame[frame["energy"] == feature.energy]) for frame in rows]
    shapes = shapes_of([shape for frame in rows for shape in frame.geometry])
    if not held:
        why = unknown("km", f"no layer of this plan holds: {feature.title}")
        return [(site, why) for site in read_sites(parks)]
    lacking = [f"{name}: {incomplete[name]}" for name in held if name in incomplete]
    lacking += [f"{name} is not in this plan" for name in feature.layers if name not in layers]
    sources = tuple(sorted({each for frame in rows for each in frame["source_id"]}))
    slack_km = max((float(frame["accuracy_m"].max()) for frame in rows if len(frame)), default=0.0)
    slack_km /= 1000.0
    found = []
    for site in read_sites(parks):
        away = nearest_km(site.lon, site.lat, shapes, within_km=WITHIN_KM)
        around_km = slack_km + site.accuracy_km
        nearer_km = WITHIN_KM if away is None else away
        low = 0.0 if lacking else max(0.0, nearer_km - around_km)
        if away is None:
            reason = f"no {feature.title} of the layer within {WITHIN_KM:g} km"
        else:
            reason = f"nearest {feature.title} of the layer; point and layer are good to "
            reason += f"{around_km:g} km together"
        reason += f"; something nearer may be missing ({'; '.join(lacking)})" if lacking else ""
        # What is beyond the reach is known to be far; how far it is, is not.
        value, high = (math.nan, math.inf) if away is None else (away, away + around_km)
        found.append((site, Quantity(value, low, high, "km", reason, sources)))
    return found
