"""Shapes of others as the kind of shape that a layer holds: points in grounds, parts of one."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from steppe.layers.crs import GEOD
from steppe.layers.geometries import Shapes

_POLYGONS = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)
_MULTI = (
    shapely.GeometryType.MULTIPOINT,
    shapely.GeometryType.MULTILINESTRING,
    shapely.GeometryType.MULTIPOLYGON,
)


def to_kind(shapes: Shapes) -> Shapes:
    """Return shapes with those of a single part as that part; lines whose parts meet as one line.

    Parameters
    ----------
    shapes
        Shape (n,); None stays None.
    """
    made = shapes.copy()
    kinds = shapely.get_type_id(shapes)
    for row in np.flatnonzero(np.isin(kinds, _MULTI)):
        shape = shapes[row]
        if kinds[row] == shapely.GeometryType.MULTILINESTRING and not shape.is_empty:
            shape = shapely.line_merge(shape, directed=False)
        parts = shapely.get_parts(shape)
        made[row] = parts[0] if len(parts) == 1 else shapes[row]
    return made


def to_points(shapes: Shapes) -> Shapes:
    """Return shapes with a point on the surface of each that is a sound polygon."""
    made = shapes.copy()
    is_ground = np.isin(shapely.get_type_id(shapes), _POLYGONS) & ~shapely.is_empty(shapes)
    is_ground &= shapely.is_valid(shapes)
    made[is_ground] = shapely.point_on_surface(shapes[is_ground])
    return made


def find_reaches(grounds: Shapes) -> NDArray[np.float64]:
    """Return how far each ground reaches from its point, geodesic metres; 0 for what is a point.

    Parameters
    ----------
    grounds
        In degrees (lon, lat), shape (n,).
    """
    points = to_points(grounds)
    reaches = np.zeros(len(grounds))
    for row in np.flatnonzero(points != grounds):
        corners = shapely.get_coordinates(grounds[row])
        lon = np.full(len(corners), points[row].x)
        lat = np.full(len(corners), points[row].y)
        reaches[row] = float(np.max(GEOD.inv(lon, lat, *corners.T)[2]))
    return reaches
