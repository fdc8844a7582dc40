"""How far a point is from the nearest of many shapes, on the ellipsoid."""

from __future__ import annotations

import math

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from pyproj import Proj
from shapely.geometry.base import BaseGeometry

from steppe.layers.crs import distance_km
from steppe.layers.disks import Points, spread_points
from steppe.layers.tables import KM_PER_DEG

_STEP_DEG = 0.02
_CAP_DEG = 89.0
REACH_KM = 800.0
"""How far is looked unless told otherwise."""
_RADIUS_KM = 6371.0088  # mean radius of the earth
_SPHERE_OFF = 0.01  # more than a sphere is off an ellipsoid in any direction (0.6 %)
_WINDOWS_KM = (10.0, 50.0, 200.0, REACH_KM)


def to_sphere(lons: ArrayLike, lats: ArrayLike) -> NDArray[np.float64]:
    """Return places as points of a sphere of radius 1, shape (n, 3), for a search tree."""
    lon, lat = np.radians(np.asarray(lons, dtype=float)), np.radians(np.asarray(lats, dtype=float))
    return np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])


def are_within_km(points: Points, seats: Points, within_km: float) -> NDArray[np.bool_]:
    """Tell which points lie within a geodesic distance of any seat, shape (points,).

    A sphere tells all that is not at the very distance; there the geodesics are measured.
    """
    from scipy.spatial import KDTree  # noqa: PLC0415 (not every question asks, and it loads slowly)

    tree = KDTree(to_sphere(seats.lons, seats.lats))
    at = to_sphere(points.lons, points.lats)
    chord, _ = tree.query(at)
    away_km = 2.0 * _RADIUS_KM * np.arcsin(np.minimum(np.asarray(chord) / 2.0, 1.0))
    near = np.asarray(away_km <= within_km * (1.0 - _SPHERE_OFF))
    unsure = np.flatnonzero(~near & (away_km <= within_km * (1.0 + _SPHERE_OFF)))
    reach = 2.0 * math.sin(min(within_km * (1.0 + _SPHERE_OFF) / (2.0 * _RADIUS_KM), math.pi / 2))
    for row, rivals in zip(unsure, tree.query_ball_point(at[unsure], reach), strict=True):
        apart_km = distance_km(
            points.lons[row], points.lats[row], seats.lons[rivals], seats.lats[rivals]
        )
        near[row] = bool((apart_km <= within_km).any())
    return near


def nearest_km(
    lon: float, lat: float, shapes: NDArray[np.object_], *, within_km: float = REACH_KM
) -> float | None:
    """Return the geodesic distance from a point to the nearest shape, km; None beyond the reach.

    The shapes are drawn anew in the azimuthal equidistant projection round the point, which
    keeps every distance from its centre (Snyder, Map Projections, USGS PP 1395, 1987, p. 191);
    sides longer than 0.02 degrees are broken up first, as a side is straight in degrees.

    Parameters
    ----------
    lon, lat
        The point, degrees, EPSG:4490.
    shapes
        Points, lines or polygons in the same CRS, shape (n,); inside a polygon is 0 km.
    within_km
        How far to look.

    Examples
    --------
    >>> meridian = np.array([shapely.LineString([(111, 30), (111, 50)])], dtype=object)
    >>> nearest_km(111, 41, meridian), nearest_km(112, 0.1, meridian)
    (0.0, None)
    """
    bounds = shapely.bounds(shapes)
    flat = Proj(proj="aeqd", lon_0=lon, lat_0=lat, ellps="GRS80")
    for window_km in (*(km for km in _WINDOWS_KM if km < within_km), within_km):
        near = shapes[_touching(bounds, lon, lat, window_km)]
        away = _nearest_in_window(near, flat) if len(near) else math.inf
        if away <= window_km:
            return away
    return None


def _touching(
    bounds: NDArray[np.float64], lon: float, lat: float, window_km: float
) -> NDArray[np.bool_]:
    """Tell which boxes come into a window that holds the circle round a point, also over 180°."""
    reach_lat = 1.02 * window_km / KM_PER_DEG
    far_lat = abs(lat) + reach_lat
    # Round a pole the window is the whole cap.
    reach_lon = reach_lat / math.cos(math.radians(far_lat)) if far_lat < _CAP_DEG else math.inf
    beside = np.zeros(len(bounds), dtype=bool)
    for turned in (lon - 360.0, lon, lon + 360.0):
        beside |= (bounds[:, 0] <= turned + reach_lon) & (bounds[:, 2] >= turned - reach_lon)
    near = beside & (bounds[:, 1] <= lat + reach_lat) & (bounds[:, 3] >= lat - reach_lat)
    return np.asarray(near)


def _nearest_in_window(shapes: NDArray[np.object_], flat: Proj) -> float:
    apart_m = shapely.distance(shapely.Point(0.0, 0.0), _draw(shapes, flat))
    return float(apart_m.min(initial=math.inf)) / 1000.0


def _draw(shapes: NDArray[np.object_], flat: Proj) -> NDArray[np.object_]:
    drawn = shapely.transform(
        shapely.segmentize(_sound_parts(shapes), _STEP_DEG),
        lambda xy: np.column_stack(flat(xy[:, 0], xy[:, 1])),
    )
    return np.asarray(drawn)


def _sides(drawn: NDArray[np.object_]) -> NDArray[np.object_]:
    """Return shapes with their lines broken into sides, of which a search looks at few."""
    is_line = shapely.get_dimensions(drawn) == 1
    at, of_line = shapely.get_coordinates(drawn[is_line], return_index=True)
    goes_on = of_line[:-1] == of_line[1:]
    sides = shapely.linestrings(np.stack([at[:-1][goes_on], at[1:][goes_on]], axis=1))
    return np.concatenate([drawn[~is_line], sides])


def _sound_parts(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Return the parts that are not empty, a line of no length as its point.

    GEOS cannot break up a line whose points are all the same.
    """
    parts = shapely.get_parts(shapes)
    parts = parts[~shapely.is_empty(parts)]
    is_spot = (shapely.get_dimensions(parts) == 1) & (shapely.length(parts) == 0)
    parts[is_spot] = shapely.get_point(parts[is_spot], 0)
    return np.asarray(parts)


def shapes_of(geometries: object) -> NDArray[np.object_]:
    """Return a column of geometries as an array that `nearest_km` takes."""
    found: list[BaseGeometry] = list(geometries)  # type: ignore[call-overload]
    array = np.empty(len(found), dtype=object)
    array[:] = found
    return array


def nearest_of_disk_to_shapes_km(
    lon: float,
    lat: float,
    radius_km: float,
    shapes: NDArray[np.object_],
    *,
    within_km: float = REACH_KM,
) -> NDArray[np.float64]:
    """Return the distance from each point of a disk to the nearest shape, km.

    As `nearest_km`, in the one projection round the middle of the disk.

    Parameters
    ----------
    lon, lat, radius_km
        The disk, see `steppe.layers.disks`.
    shapes
        See `nearest_km`.
    within_km
        How far to look from any point of the disk.

    Returns
    -------
    NDArray
        Shape (points of the disk,); infinite where nothing is within reach.
    """
    spots = spread_points(radius_km)
    middle = nearest_km(lon, lat, shapes, within_km=within_km + radius_km)
    if middle is None:
        return np.full(len(spots), np.inf)
    if len(spots) == 1:
        return np.array([middle if middle <= within_km else np.inf])
    # What is the nearest from anywhere on the disk is not farther from its middle than this.
    near = shapes[_touching(shapely.bounds(shapes), lon, lat, middle + 2.0 * radius_km)]
    drawn = _draw(near, Proj(proj="aeqd", lon_0=lon, lat_0=lat, ellps="GRS80"))
    points = shapely.points(1000.0 * spots)
    _, apart_m = shapely.STRtree(_sides(drawn)).query_nearest(
        points, all_matches=False, return_distance=True
    )
    apart_km = np.asarray(apart_m) / 1000.0
    return np.where(apart_km <= within_km, apart_km, np.inf)
