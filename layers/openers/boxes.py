"""Boxes of degrees: widened by kilometres, cut with each other, and what lies in them.

A box is west, south, east, north; over 180 degrees the west is more than the east (RFC 7946,
section 5.2).
"""

from __future__ import annotations

import math

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from shapely.geometry.base import BaseGeometry

Bbox = tuple[float, float, float, float]

WORLD: Bbox = (-180.0, -90.0, 180.0, 90.0)
_KM_PER_DEG = 110.5  # no degree of latitude is shorter
_POLAR_DEG = 89.0
_TURN_DEG = 360.0
_DIGITS = 6


def split(box: Bbox) -> list[Bbox]:
    """Return a box as boxes that do not reach over 180 degrees."""
    west, south, east, north = box
    if west < east:
        return [box]
    return [(west, south, 180.0, north), (-180.0, south, east, north)]


def widen(box: Bbox, km: float) -> Bbox:
    """Return a box that holds all within so many kilometres of another one.

    >>> widen((10.0, 0.0, 11.0, 1.0), 0.0)
    (10.0, 0.0, 11.0, 1.0)
    """
    west, south, east, north = box
    lat_deg = km / _KM_PER_DEG
    south, north = max(south - lat_deg, -90.0), min(north + lat_deg, 90.0)
    steepest = max(abs(south), abs(north))
    width = (east - west) % _TURN_DEG or _TURN_DEG
    if steepest >= _POLAR_DEG:
        return (-180.0, south, 180.0, north)
    lon_deg = km / (_KM_PER_DEG * math.cos(math.radians(steepest)))
    if width + 2 * lon_deg >= _TURN_DEG:
        return (-180.0, south, 180.0, north)
    found = (_wrap(west - lon_deg), south, _wrap(east + lon_deg), north)
    return tuple(round(each, _DIGITS) for each in found)  # type: ignore[return-value]


def _wrap(lon: float) -> float:
    return lon if -180.0 <= lon <= 180.0 else (lon + 180.0) % _TURN_DEG - 180.0  # noqa: PLR2004


def meet(box: Bbox, held: Bbox) -> Bbox | None:
    """Return what two boxes have in common; None for nothing.

    Parameters
    ----------
    box
        What is asked for, maybe over 180 degrees.
    held
        What a file holds, which never reaches over them; where it touches both parts of what is
        asked for, they stay one.
    """
    found = []
    for west, south, east, north in split(box):
        cut = (max(west, held[0]), max(south, held[1]), min(east, held[2]), min(north, held[3]))
        if cut[0] < cut[2] and cut[1] < cut[3]:
            found.append(cut)
    if not found:
        return None
    return (found[0][0], found[0][1], found[-1][2], found[0][3])


def holds(box: Bbox, lons: ArrayLike, lats: ArrayLike) -> NDArray[np.bool_]:
    """Tell of each point whether it lies in a box."""
    lon, lat = np.asarray(lons, dtype=float), np.asarray(lats, dtype=float)
    return np.logical_or.reduce(
        [
            (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
            for west, south, east, north in split(box)
        ]
    )


def clip(frame: gpd.GeoDataFrame, box: Bbox, *, kind: str) -> gpd.GeoDataFrame:
    """Cut shapes to a box; what does not reach into it, or only touches it, is left out.

    Parameters
    ----------
    frame
        Rows, degrees.
    box
        The box.
    kind
        `point`, `line` or `polygon`: what parts of other kinds are dropped.
    """
    dimension = {"point": 0, "line": 1, "polygon": 2}[kind]
    shapes = shapely.force_2d(frame.geometry.to_numpy())
    if dimension == 2:  # noqa: PLR2004
        shapes = np.where(shapely.is_valid(shapes), shapes, shapely.make_valid(shapes))
    if dimension == 0:
        return frame[holds(box, shapely.get_x(shapes), shapely.get_y(shapes))]
    parts = [_cut(shapes, side) for side in split(box)]
    cut = parts[0] if len(parts) == 1 else shapely.union(parts[0], parts[1])
    cut = np.array([_keep(each, dimension) for each in cut], dtype=object)
    frame = frame.set_geometry(gpd.GeoSeries(cut, index=frame.index, crs=frame.crs))
    return frame[~(shapely.is_empty(cut) | shapely.is_missing(cut))]


def _cut(shapes: NDArray[np.object_], side: Bbox) -> NDArray[np.object_]:
    """Cut shapes to one box; what lies within stays as it is, along its edges too."""
    bounds = shapely.bounds(shapes)
    is_inside = (bounds[:, :2] >= side[:2]).all(axis=1) & (bounds[:, 2:] <= side[2:]).all(axis=1)
    cut = shapes.copy()
    cut[~is_inside] = shapely.clip_by_rect(shapes[~is_inside], *side)
    return cut


def _keep(shape: BaseGeometry | None, dimension: int) -> BaseGeometry | None:
    """Return the parts of one dimension, as one shape."""
    if shape is None or shape.is_empty:
        return None
    parts = shapely.get_parts(shape)
    while (shapely.get_type_id(parts) > 3).any():  # noqa: PLR2004 (collections)
        parts = shapely.get_parts(parts)
    parts = parts[shapely.get_dimensions(parts) == dimension]
    if len(parts) == 0:
        return None
    if len(parts) == 1:
        return parts[0]
    kind = shapely.MultiLineString if dimension == 1 else shapely.MultiPolygon
    return kind(list(parts))
