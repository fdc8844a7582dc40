"""What lies near a site: the distances that clauses of standards speak of."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial

import geopandas as gpd
import numpy as np

from steppe.criteria.coverage import bound_nearest, name_layer
from steppe.criteria.sites import Site, read_sites
from steppe.layers.extents import Extent
from steppe.layers.nearest import nearest_of_disk_to_shapes_km, shapes_of
from steppe.layers.wording import Words, join, tell

WITHIN_KM = 200.0


@dataclass(frozen=True)
class Quantity:
    """What is known of one thing at one site; NaN where it is not.

    Parameters
    ----------
    value, low, high
        What was measured, and between what it lies; an end may be infinite.
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
class Feature:
    """What a distance leads to: rows of layers, of some kinds where `column` is named."""

    layers: tuple[str, ...]
    column: str = ""
    kinds: tuple[str, ...] = ()


DISTANCES: dict[str, Feature] = {
    "railway_km": Feature(("railways",)),
    "airport_km": Feature(("airports",)),
    "water_km": Feature(("rivers", "lakes")),
    "metropolis_km": Feature(()),
    "nuclear_km": Feature(("plants",), "energy", ("nuclear",)),
    "road_km": Feature(("roads",), "kind", ("motorway", "trunk", "primary")),
    "metro_km": Feature(()),
    "car_park_km": Feature(("land_use",), "kind", ("car_park",)),
    "housing_km": Feature(("land_use",), "kind", ("housing",)),
    "chemical_plant_km": Feature(("land_use",), "kind", ("chemical_plant",)),
    "explosives_km": Feature(("land_use",), "kind", ("explosives",)),
    "flood_area_km": Feature(()),
}
"""Distances that a rule may be held against; those without layers are never known yet."""


def measure_nearby(
    parks: gpd.GeoDataFrame,
    layers: Mapping[str, gpd.GeoDataFrame],
    extents: Mapping[str, Extent],
    *,
    names: Sequence[str],
    incomplete: Mapping[str, str],
) -> dict[tuple[str, str], Quantity]:
    """Measure distances to what lies near each park.

    The value is the median over the disk on which the park may lie, the ends are the least and the
    greatest over it, less and plus the accuracy of the layer.  A layer that is known to lack
    features can only tell how near something is, never that nothing nearer is there: its low end
    is 0; one that ends nearer than what was found tells that nothing is there up to its edge.

    Parameters
    ----------
    parks
        Contract `PARKS`, EPSG:4490.
    layers
        Layers of the plan.
    extents
        What each of them covers.
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
        for site, quantity in _measure(parks, layers, extents, name, incomplete)
    }


def _measure(
    parks: gpd.GeoDataFrame,
    layers: Mapping[str, gpd.GeoDataFrame],
    extents: Mapping[str, Extent],
    name: str,
    incomplete: Mapping[str, str],
) -> list[tuple[Site, Quantity]]:
    feature, what = DISTANCES[name], tell(f"nearby.{name}")
    held = [each for each in feature.layers if each in layers]
    rows = [layers[each] for each in held]
    if feature.column:
        kinds = list(feature.kinds)
        rows = [gpd.GeoDataFrame(frame[frame[feature.column].isin(kinds)]) for frame in rows]
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
    # Of a layer without a row nobody knows how true it is drawn, so that its edge bounds nothing.
    is_empty = any(layers[each].empty for each in held)
    drawn = rows if len(shapes) else [layers[each] for each in held]
    slack_km = max((float(frame["accuracy_m"].max()) for frame in drawn if len(frame)), default=0.0)
    slack_km /= 1000.0
    found = []
    # Many parks have the place of one town.
    find = cache(partial(nearest_of_disk_to_shapes_km, shapes=shapes, within_km=WITHIN_KM))
    for site in read_sites(parks):
        away = find(site.lon, site.lat, site.accuracy_km)
        bounds = [
            bound_nearest(
                away, site, extents[each], layer=each, slack_km=slack_km, beyond_km=WITHIN_KM
            )
            for each in held
        ]
        is_none, median = not np.isfinite(away).any(), float(np.median(away))
        reason = tell("near.none", what=what, km=WITHIN_KM)
        if not is_none:
            reason = tell("near.nearest", what=what, km=slack_km + site.accuracy_km)
        if lacking:
            missing = join(lacking, "join.semicolon")
            reason = tell("near.may_miss", reason=reason, lacking=missing)
        gaps = [each.why for each in bounds if each.why]
        found.append(
            (
                site,
                Quantity(
                    median if math.isfinite(median) else math.nan,
                    0.0 if lacking or is_empty else min(each.low or 0.0 for each in bounds),
                    min((each.high or math.inf for each in bounds), default=math.inf),
                    "km",
                    join([reason, *gaps], "join.semicolon"),
                    sources,
                ),
            )
        )
    return found
