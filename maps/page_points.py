"""Which points of a layer that reaches far beyond the parks the page carries."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from steppe.layers.disks import Points
from steppe.layers.nearest import are_within_km

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from steppe.maps.symbols import LayerStyle

MOST_POINTS = 10_000
"""A layer has no more on the page: of a denser one it carries what lies nearer to the parks."""


def find_shown(
    frame: gpd.GeoDataFrame, style: LayerStyle, parks: gpd.GeoDataFrame
) -> tuple[NDArray[np.bool_], float]:
    """Return which points the page carries, and the distance from a park within which they lie.

    The distance is `style.page_km`, halved until no more than `MOST_POINTS` are within it.
    """
    points, seats = Points.of(frame), Points.of(parks)
    if not len(seats.lons):
        return np.zeros(len(frame), dtype=bool), style.page_km
    reach_km = style.page_km
    near = are_within_km(points, seats, reach_km)
    while near.sum() > MOST_POINTS:
        reach_km /= 2
        near = are_within_km(points, seats, reach_km)
    return near, reach_km
