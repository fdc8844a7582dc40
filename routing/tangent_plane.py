"""The tangent plane: where points near each other lie, in kilometres, wherever on the globe.

Points are taken through the Earth (geocentric, kilometres), where neither 180 degrees nor a pole is
a place of its own, and laid flat about a point in their midst.  Within 30 km of it lengths are
true to 4e-6, (h / R)^2 / 6 of an orthographic projection (Snyder, Map Projections, USGS PP 1395,
1987, p. 145), and a geodesic of 20 km is straight to less than a centimetre.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from steppe.layers.crs import GEOD

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

A_KM = GEOD.a / 1000.0
TOUCHING_KM = 1e-7
"""What is nearer than this is parted by rounding alone: a tenth of a millimetre."""
_STEEP = 0.9  # a pole stands straight above: another axis is needed for a direction


def to_space(points: Floats) -> Floats:
    """Return geocentric coordinates of points on the ellipsoid, kilometres.

    Parameters
    ----------
    points
        Lon, lat, degrees, shape (..., 2).

    Returns
    -------
    NDArray
        Shape (..., 3).
    """
    lon, lat = np.moveaxis(np.radians(points), -1, 0)
    across = A_KM / np.sqrt(1.0 - GEOD.es * np.sin(lat) ** 2)
    return np.stack(
        [
            across * np.cos(lat) * np.cos(lon),
            across * np.cos(lat) * np.sin(lon),
            across * (1.0 - GEOD.es) * np.sin(lat),
        ],
        axis=-1,
    )


def to_degrees(space: Floats) -> Floats:
    """Return lon, lat of points on the ellipsoid or some metres under it, shape (..., 2)."""
    x, y, z = np.moveaxis(space, -1, 0)
    lat = np.arctan2(z, (1.0 - GEOD.es) * np.hypot(x, y))
    return np.degrees(np.stack([np.arctan2(y, x), lat], axis=-1))


def lay_flat(*points: Floats) -> list[Floats]:
    """Lay points near each other into a plane, row by row: each row has a plane of its own.

    Parameters
    ----------
    points
        Geocentric, kilometres, each of shape (n, 3).

    Returns
    -------
    list
        For each of them its place in the plane, kilometres from their middle, shape (n, 2);
        left and right are as seen from above.
    """
    middle = sum(points[1:], start=points[0]) / len(points)
    up = middle * [1.0, 1.0, 1.0 / (1.0 - GEOD.es)]
    up /= np.linalg.norm(up, axis=1, keepdims=True)
    steep = np.abs(up[:, 2:]) > _STEEP
    axis = np.where(steep, [1.0, 0.0, 0.0], [0.0, 0.0, 1.0])
    east = np.cross(axis, up)
    east /= np.linalg.norm(east, axis=1, keepdims=True)
    north = np.cross(up, east)
    off = [each - middle for each in points]
    return [
        np.stack([np.einsum("ij,ij->i", each, east), np.einsum("ij,ij->i", each, north)], axis=1)
        for each in off
    ]


def find_nearest(
    start: Floats, stop: Floats, other_start: Floats, other_stop: Floats
) -> tuple[Floats, Floats]:
    """Find where segments in planes come nearest to others, pair by pair.

    Parameters
    ----------
    start, stop, other_start, other_stop
        The two ends of each segment, and of the other one, shape (n, 2).

    Returns
    -------
    tuple
        The distance, and which share of the segment lies before the nearest point: the middle of
        what is equally near, shape (n,).
    """
    way, along = stop - start, other_stop - other_start
    shares = [np.zeros(len(way)), np.ones(len(way))]
    shares += [nearest_share(start, way, each) for each in (other_start, other_stop)]
    lean = cross(way, along)
    off = other_start - start
    at, other_at = divide(cross(off, along), lean), divide(cross(off, way), lean)
    crosses = (lean != 0) & (at >= 0) & (at <= 1) & (other_at >= 0) & (other_at <= 1)
    gaps = []
    for share in shares:
        point = start + way * share[:, None]
        foot = other_start + along * nearest_share(other_start, along, point)[:, None]
        off = point - foot
        gaps.append(np.sqrt(dot(off, off)))
    gap = np.minimum(np.minimum(gaps[0], gaps[1]), np.minimum(gaps[2], gaps[3]))
    least = [each <= gap + TOUCHING_KM for each in gaps]
    low = np.minimum.reduce(
        [np.where(is_least, s, 1.0) for is_least, s in zip(least, shares, strict=True)]
    )
    high = np.maximum.reduce(
        [np.where(is_least, s, 0.0) for is_least, s in zip(least, shares, strict=True)]
    )
    return np.where(crosses, 0.0, gap), np.where(crosses, at, (low + high) / 2.0)


def nearest_share(start: Floats, way: Floats, point: Floats) -> Floats:
    """Return which share of a segment lies before what is nearest of it to a point."""
    return np.clip(divide(dot(point - start, way), dot(way, way)), 0.0, 1.0)


def dot(a: Floats, b: Floats) -> Floats:
    """Return the product of vectors in planes, row by row; a sum over two columns is slow."""
    return np.asarray(a[:, 0] * b[:, 0] + a[:, 1] * b[:, 1])


def cross(a: Floats, b: Floats) -> Floats:
    """Return the cross product of vectors in planes, row by row."""
    return np.asarray(a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0])


def divide(top: Floats, bottom: Floats) -> Floats:
    """Divide, with 0 where the divisor is 0."""
    return np.divide(top, bottom, out=np.zeros(np.broadcast(top, bottom).shape), where=bottom != 0)
