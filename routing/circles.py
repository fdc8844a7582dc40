"""Circles: the cables that are drawn through the land round a point."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from shapely.geometry import LineString, MultiLineString

from steppe.layers.crs import GEOD
from steppe.routing.nearness import nearest_points, split_lines

# No two points of the earth are farther from each other: half a meridian, 20 003.93 km on GRS80.
FARTHEST_KM = 20004.0


@dataclass(frozen=True)
class Circle:
    """All that lies within a distance of a point; degrees, EPSG:4490, and geodesic km."""

    lon: float
    lat: float
    radius_km: float

    @property
    def is_sound(self) -> bool:
        """Return whether it is one on the earth: a place, and a radius above 0."""
        return (
            math.isfinite(self.lon)
            and abs(self.lon) <= 360.0  # noqa: PLR2004 (a full turn)
            and abs(self.lat) <= 90.0  # noqa: PLR2004 (a pole)
            and 0.0 < self.radius_km <= FARTHEST_KM
        )


def find_lines_within(
    lines: Sequence[LineString | MultiLineString], circle: Circle
) -> tuple[int, ...]:
    """Return the indices of the lines that come into a circle as they are drawn, ascending."""
    at, reach_km = np.array([(circle.lon, circle.lat)]), np.array([circle.radius_km])
    return tuple(nearest_points(split_lines(lines), at, reach_km).line.tolist())


def find_points_within(lonlats: Sequence[tuple[float, float]], circle: Circle) -> tuple[int, ...]:
    """Return the indices of the points (lon, lat) that lie in a circle, ascending."""
    lon, lat = np.array(lonlats, dtype=float).reshape(-1, 2).T
    same = np.ones(len(lon))
    km = GEOD.inv(lon, lat, same * circle.lon, same * circle.lat)[2] / 1000.0
    return tuple(np.flatnonzero(km <= circle.radius_km).tolist())
