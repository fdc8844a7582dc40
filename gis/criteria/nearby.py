"""What lies near a site: the distances that clauses of standards speak of."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import geopandas as gpd

from steppe.criteria.sites import Site, read_sites
from steppe.criteria.surroundings import name_layer
from steppe.layers.nearest import nearest_km, shapes_of
from steppe.layers.wording import Words, join, tell

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
    reason: Words
    source_ids: tuple[str, ...] = ()

    @property
    def is_known(self) -> bool:
        """Whether anything is known of it."""
        return not math.isnan(self.low)


def unknown(unit: str, reason: Words) -> Quantity:
    """Return what nothing is known of, with the reason."""
    return Quantity(math.nan, math.nan, math.nan, unit, reason)


@dataclass(frozen=True)
class _Feature:
    layers: tuple[str, ...]
    energy: str = ""


DISTANCES: dict[str, _Feature] = {
    "railway_km": _Feature(("railways",)),
    "airport_km": _Feature(("airports",)),
    "water_km": _Feature(("rivers", "lakes")),
    "metropolis_km": _Feature(()),
    "nuclear_km": _Feature(("plants",), energy="nuclear"),
    "road_km": _Feature(()),
    "metro_km": _Feature(()),
    "car_park_km": _Feature(()),
    "housing_km": _Feature(()),
    "chemical_plant_km": _Feature(()),
    "explosives_km": _Feature(()),
    "flood_area_km": _Feature(()),
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
        for site, quantity in _measure(parks, layers, name, incomplete)
    }


def _measure(
    parks: gpd.GeoDataFrame,
    layers: Mapping[str, gpd.GeoDataFrame],
    name: str,
    incomplete: Mapping[str, str],
) -> list[tuple[Site, Quantity]]:
    feature, what = DISTANCES[name], tell(f"nearby.{name}")
    held = [each for each in feature.layers if each in layers]
    rows = [layers[each] for each in held]
    if feature.energy:
        rows = [gpd.GeoDataFrame(frame[frame["energy"] == feature.energy]) for frame in rows]
    shapes = shapes_of([shape for frame in rows for shape in frame.geometry])
    if not held:
        why = unknown("km", tell("near.no_layer", what=what))
        return [(site, why) for site in read_sites(parks)]
    lacking = [
        tell("near.lacks", name=name_layer(each), what=incomplete[each])
        for each in held
        if each in incomplete
    ]
    lacking += [
        tell("near.not_in_plan", name=name_layer(each))
        for each in feature.layers
        if each not in layers
    ]
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
            reason = tell("near.none", what=what, km=WITHIN_KM)
        else:
            reason = tell("near.nearest", what=what, km=around_km)
        if lacking:
            missing = join(lacking, "join.semicolon")
            reason = tell("near.may_miss", reason=reason, lacking=missing)
        # What is beyond the reach is known to be far; how far it is, is not.
        value, high = (math.nan, math.inf) if away is None else (away, away + around_km)
        found.append((site, Quantity(value, low, high, "km", reason, sources)))
    return found
