"""How long a route may be that is drawn: by the line, and by how true the line is."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from steppe.layers.crs import GEOD
from steppe.routing.latency import planning_route_km

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

SWINGS = 3
"""How often a route swings out by the accuracy of its line, and back, between two of its bends.

Calibrated: the least whole number with which the band holds the published lengths of all 26
railways of the default pack, drawn true to 5 to 25 km (with 2, four of them are longer).
"""
_KM_PER_DEGREE = 111.2


def drawn_range_km(
    line: BaseGeometry, length_km: float, *, accuracy_km: float
) -> tuple[float, float]:
    """Return between what kilometres a route is long that is drawn true to some kilometres.

    What of the line is finer than its accuracy may be noise: the low end is the line without it
    (Douglas and Peucker 1973), its ends moved towards each other by the accuracy.  Between two
    bends that are left, s apart, a route within the accuracy a may swing out and back `SWINGS`
    times: sqrt(s^2 + (2 SWINGS a)^2), summed, is the high end.  It is never above the planning
    rule for the drawn length, which is what a line that tells nothing but the distance has.

    Parameters
    ----------
    line
        Degrees, EPSG:4490.
    length_km
        Its geodesic length.
    accuracy_km
        How true it is drawn.
    """
    if not accuracy_km > 0.0 or not length_km > 0.0:
        return length_km, length_km
    low, high = 0.0, 0.0
    for part in shapely.get_parts(line):
        strokes_km = _strokes_km(_plain(part, accuracy_km))
        low += max(math.fsum(strokes_km) - 2.0 * accuracy_km, 0.0)
        high += math.fsum(np.hypot(strokes_km, 2.0 * SWINGS * accuracy_km))
    return min(low, length_km), max(length_km, min(high, planning_route_km(length_km)))


def _plain(line: BaseGeometry, accuracy_km: float) -> Any:
    """Return the line without what is finer than its accuracy, in degrees as they are on the spot."""
    widest = math.cos(math.radians(float(shapely.get_coordinates(line)[:, 1].mean())))
    shrink = max(widest, 1e-6), 1.0
    flat = shapely.transform(line, lambda places: places * shrink)
    with np.errstate(all="ignore"):  # of strokes of next to no length
        plain = shapely.simplify(flat, accuracy_km / _KM_PER_DEGREE)
    return shapely.transform(plain, lambda places: places / shrink)


def _strokes_km(line: Any) -> Any:
    lon, lat = shapely.get_coordinates(line).T
    return np.asarray(GEOD.inv(lon[:-1], lat[:-1], lon[1:], lat[1:])[2]) / 1000.0
