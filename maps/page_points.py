"""Which features of a layer that reaches far beyond the parks the page carries."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from steppe.layers.disks import Points
from steppe.layers.nearest import are_within_km

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from steppe.maps.symbols import LayerStyle

MOST_POINTS = 10_000
"""A layer has no more on the page, points or vertices: of a denser one what lies nearer to the parks."""

_LONGEST_DEG = 0.1  # between the places at which a side is looked at


def find_shown(
    frame: gpd.GeoDataFrame, style: LayerStyle, parks: gpd.GeoDataFrame
) -> tuple[NDArray[np.bool_], float]:
    """Return which features the page carries, and the distance from a park within which they lie.

    The distance is `style.page_km`, halved until no more than `MOST_POINTS` are within it.  A line
    or an area is as near as the nearest of its places, on sides no longer than a tenth of a degree.
    """
    seats = Points.of(parks)
    if not len(seats.lons) or frame.empty:
        return np.zeros(len(frame), dtype=bool), style.page_km
    shapes = frame.geometry.to_numpy()
    at, rows = shapely.get_coordinates(shapely.segmentize(shapes, _LONGEST_DEG), return_index=True)
    points, n_vertices = Points(at[:, 0], at[:, 1]), shapely.get_num_coordinates(shapes)
    reach_km = style.page_km
    near = _find_near(points, rows, seats, reach_km, len(frame))
    while n_vertices[near].sum() > MOST_POINTS:
        reach_km /= 2
        near = _find_near(points, rows, seats, reach_km, len(frame))
    return near, reach_km


def _find_near(
    points: Points, rows: NDArray[np.intp], seats: Points, reach_km: float, n_rows: int
) -> NDArray[np.bool_]:
    near = np.zeros(n_rows, dtype=bool)
    near[rows[are_within_km(points, seats, reach_km)]] = True
    return near
