"""Where the amplifiers of a new route may stand: as few as the span lets be, as near as may be to power and road."""

from __future__ import annotations

import math
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from steppe.layers.crs import bend_km, to_earth_km
from steppe.planfile.plan_inputs import Inputs
from steppe.routes.new_route import NewRoute
from steppe.routing.latency import SLACK_FRAC

_LEG_DEG = 0.01  # a road is asked at places not farther apart than this

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class AmplifierSite:
    """A place for an amplifier.

    Parameters
    ----------
    at_km
        From the start along the route.
    lon, lat
        Degrees.
    power_km, road_km
        To the nearest substation or town, and to the nearest road; NaN where the plan has none.
    """

    at_km: float
    lon: float
    lat: float
    power_km: float
    road_km: float


def place_amplifiers(inputs: Inputs, route: NewRoute, *, span_km: float) -> list[AmplifierSite]:
    """Return the sites between the ends of a route, of the fewest those nearest to power and road.

    The fibre between two sites, the line and the slack of cables, is `span_km` at most; the sum of
    the distances to power and road is the least that so many sites come to (dynamic programme
    over the cells of the route).

    Parameters
    ----------
    inputs
        What was read.
    route
        The new route.
    span_km
        The longest way of light without amplification.
    """
    most_km = span_km / (1.0 + SLACK_FRAC[1])
    places = shapely.get_coordinates(route.line)
    power_km = _away(places, [inputs.layer("substations"), inputs.layer("towns")])
    road_km = _away(places, [inputs.layer("roads")])
    away_km = np.nan_to_num(power_km) + np.nan_to_num(road_km)
    picked = pick_places(route.at_km, away_km, most_km)
    return [
        AmplifierSite(
            float(route.at_km[number]),
            float(places[number, 0]),
            float(places[number, 1]),
            float(power_km[number]),
            float(road_km[number]),
        )
        for number in picked
    ]


def pick_places(at_km: Floats, away_km: Floats, most_km: float) -> list[int]:
    """Return the fewest places between the first and the last with no gap above a length.

    Of all choices of so few the one whose distances sum to the least; a gap between two neighbouring
    places that is longer than that stays.

    Parameters
    ----------
    at_km
        Places along a way, from its start to its end, shape (n,), not falling.
    away_km
        What each place costs to choose, shape (n,).
    most_km
        The longest gap.
    """
    n = len(at_km)
    fewest = np.full(n, math.inf)
    least = np.full(n, math.inf)
    before = np.full(n, -1, dtype=np.int64)
    fewest[0] = least[0] = 0.0
    for here in range(1, n):
        first = int(np.searchsorted(at_km, at_km[here] - most_km - 1e-9))
        first = min(first, here - 1)
        options = slice(first, here)
        counts = fewest[options]
        own = away_km[here] if here < n - 1 else 0.0
        best = counts == counts.min()
        sums = np.where(best, least[options], math.inf)
        before[here] = first + int(np.argmin(sums))
        fewest[here] = counts.min() + 1.0
        least[here] = float(sums.min()) + own
    picked, here = [], int(before[n - 1])
    while here > 0:
        picked.append(here)
        here = int(before[here])
    return picked[::-1]


def _away(places: Floats, frames: list[gpd.GeoDataFrame]) -> Floats:
    """Return how far places are from the nearest of what layers hold, km; NaN where they hold nothing."""
    held = [frame.geometry for frame in frames if not frame.empty]
    if not held:
        return np.full(len(places), np.nan)
    shapes = shapely.segmentize(
        np.concatenate([np.asarray(each, dtype=object) for each in held]), _LEG_DEG
    )
    spots = shapely.get_coordinates(shapes)
    tree = cKDTree(to_earth_km(spots[:, 0], spots[:, 1]))
    straight_km, _ = tree.query(to_earth_km(places[:, 0], places[:, 1]))
    return bend_km(np.asarray(straight_km, dtype=float))
