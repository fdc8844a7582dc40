"""Nearness on the ellipsoid: where lines meet, which points are near, what may be near at all.

Coordinates are degrees, lon then lat, EPSG:4490, and a line is straight in them between two
vertices (RFC 7946, section 3.1.1); no line crosses the antimeridian.  An STRtree over short
segments finds what may be near, in boxes of degrees that are never too small.  What is near
is then measured in the tangent plane of the ellipsoid at the place itself, so one measure
serves from Beijing to Frankfurt: no projection is chosen and nothing stretches with the
distance from its centre.  Within a segment of at most `LONGEST_KM` and a few kilometres
around it the plane is true to 0.2 % below 75 degrees of latitude, against lines that are
themselves drawn to some kilometres.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from shapely import STRtree

from steppe.layers.crs import GEOD

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    Floats = NDArray[np.float64]
    Whole = NDArray[np.int64]

LONGEST_KM = 20.0
# No degree of latitude is shorter than 110.57 km, nor one of longitude than 111.32 km times
# the cosine of the latitude (GRS80); less makes the boxes larger than they need be.
DEGREE_KM = 110.0
LEAST_COS = 1e-3


@dataclass(frozen=True)
class Segments:
    """The straight pieces of some lines, in the order of the lines.

    Parameters
    ----------
    line
        Index of the line, shape (n,), ascending.
    ends
        Lon, lat of the start and lon, lat of the end, degrees, shape (n, 4).
    km
        Geodesic length, shape (n,).
    start_km
        Length of the line before the segment, shape (n,).
    """

    line: Whole
    ends: Floats
    km: Floats
    start_km: Floats


@dataclass(frozen=True)
class Near:
    """Points and lines near each other; row by row index, distance, and place on the line.

    Parameters
    ----------
    point, line
        Indices, shape (n,), sorted; each pair once.
    km
        Geodesic distance, shape (n,).
    lon, lat
        The point of the line that is nearest, degrees, shape (n,).
    """

    point: Whole
    line: Whole
    km: Floats
    lon: Floats
    lat: Floats


def split_lines(lines: Sequence[BaseGeometry]) -> Segments:
    """Split lines (also of several parts) into segments of at most `LONGEST_KM`."""
    parts, owner = shapely.get_parts(np.array(lines, dtype=object), return_index=True)
    coordinates, part = shapely.get_coordinates(parts, return_index=True)
    follows = part[1:] == part[:-1]
    ends = np.hstack([coordinates[:-1], coordinates[1:]])[follows]
    line = owner[part[1:][follows]].astype(np.int64)
    n_pieces = np.maximum(np.ceil(_km(ends) / LONGEST_KM), 1).astype(np.int64)
    piece = np.arange(n_pieces.sum()) - np.repeat(n_pieces.cumsum() - n_pieces, n_pieces)
    whole = np.repeat(ends, n_pieces, axis=0)
    n_pieces = np.repeat(n_pieces, n_pieces)
    line = np.repeat(line, n_pieces[piece == 0])
    step = (whole[:, 2:] - whole[:, :2]) / n_pieces[:, None]
    starts = whole[:, :2] + step * piece[:, None]
    # The last piece ends at the very vertex, so that no gap opens in the line.
    stops = np.where((piece + 1 == n_pieces)[:, None], whole[:, 2:], starts + step)
    pieces = np.hstack([starts, stops])
    inner = piece > 0
    pieces[inner, :2] = pieces[np.flatnonzero(inner) - 1, 2:]
    km = _km(pieces)
    before = km.cumsum() - km
    first_km = before[np.searchsorted(line, line)] if len(line) else before
    return Segments(line, pieces, km, before - first_km)


def line_ends(lines: Sequence[BaseGeometry]) -> tuple[Floats, Whole]:
    """Return the ends of lines, shape (n, 2), and the index of the line of each, shape (n,).

    A line of several parts ends where an odd number of them do; a closed one nowhere.
    """
    ends, owner = shapely.get_coordinates(
        shapely.boundary(np.array(lines, dtype=object)), return_index=True
    )
    return ends, owner.astype(np.int64)


def near_points(a: Floats, b: Floats, reach_km: float | Floats) -> tuple[Whole, Whole, Floats]:
    """Return the pairs of points (rows of lon, lat) within reach, and their distances, km.

    The reach is one for all or one for each row of `a`.
    """
    tree = STRtree(np.asarray(shapely.points(b)))
    i, j = tree.query(_boxes(np.hstack([a, a]), reach_km))
    km = _km(np.hstack([a[i], b[j]]))
    near = km <= np.broadcast_to(reach_km, len(a))[i]
    return i[near], j[near], km[near]


def find_meetings(segments: Segments, others: Segments) -> tuple[Whole, Whole, Floats]:
    """Find the points that lines have in common with others.

    Where they run along the very same stroke it is the middle of each common segment.

    Returns
    -------
    tuple
        Index of the line, index of the other one, both shape (n,), and lon, lat, shape (n, 2);
        sorted, each row once.
    """
    mine, theirs = (_strokes(each) for each in (segments, others))
    j, i = STRtree(mine).query(theirs, predicate="intersects")
    points = shapely.get_coordinates(shapely.centroid(shapely.intersection(mine[i], theirs[j])))
    rows = np.unique(np.column_stack([segments.line[i], others.line[j], points]), axis=0)
    return rows[:, 0].astype(np.int64), rows[:, 1].astype(np.int64), rows[:, 2:]


def nearest_points(segments: Segments, points: Floats, reach_km: Floats) -> Near:
    """Find the lines that come within reach of points, and where each is nearest.

    Parameters
    ----------
    segments
        The lines.
    points
        Lon, lat, degrees, shape (n, 2).
    reach_km
        Reach of each point, shape (n,).
    """
    i, j = find_candidates(np.hstack([points, points]), segments, reach_km)
    start, stop = segments.ends[j, :2], segments.ends[j, 2:]
    scale = km_per_degree(points[i, 1])
    way, off = (stop - start) * scale, (points[i] - start) * scale
    share = np.clip(divide((way * off).sum(axis=1), (way * way).sum(axis=1)), 0.0, 1.0)
    place = start + (stop - start) * share[:, None]
    km = _km(np.hstack([points[i], place]))
    line = segments.line[j]
    order = np.lexsort((place[:, 1], place[:, 0], km, line, i))
    order = order[km[order] <= reach_km[i[order]]]
    pairs = np.column_stack([i[order], line[order]])
    kept = order[np.unique(pairs, axis=0, return_index=True)[1]] if len(order) else order
    return Near(i[kept], line[kept], km[kept], place[kept, 0], place[kept, 1])


def find_candidates(
    ends: Floats, segments: Segments, reach_km: float | Floats
) -> tuple[Whole, Whole]:
    """Find what may lie within reach of each other.

    Parameters
    ----------
    ends
        Segments, lon, lat, lon, lat, degrees, shape (n, 4); may be of no length.
    segments
        Segments that may be near.
    reach_km
        Reach, one or shape (n,).

    Returns
    -------
    tuple
        Row of `ends` and index of the segment, both shape (m,); none that is near is missed.
    """
    row, index = STRtree(_strokes(segments)).query(_boxes(ends, reach_km))
    return row, index


def _strokes(segments: Segments) -> NDArray[Any]:
    return np.asarray(shapely.linestrings(segments.ends.reshape(-1, 2, 2)))


def _boxes(ends: Floats, reach_km: float | Floats) -> NDArray[Any]:
    """Return boxes in degrees that hold all within reach of segments."""
    west, east = np.minimum(ends[:, 0], ends[:, 2]), np.maximum(ends[:, 0], ends[:, 2])
    south, north = np.minimum(ends[:, 1], ends[:, 3]), np.maximum(ends[:, 1], ends[:, 3])
    tall = reach_km / DEGREE_KM
    poleward = np.minimum(np.maximum(np.abs(south), np.abs(north)) + tall, 90.0)
    wide = tall / np.maximum(np.cos(np.radians(poleward)), LEAST_COS)
    return shapely.box(west - wide, south - tall, east + wide, north + tall)


def km_per_degree(lat: Floats) -> Floats:
    """Return kilometres per degree of lon and of lat, shape (n, 2), on GRS80.

    Radii of curvature in the prime vertical and the meridian: Snyder, Map Projections,
    USGS PP 1395, 1987, eqs. 4-20 and 4-18 (pp. 24-25).
    """
    phi = np.radians(lat)
    bulge = 1.0 - GEOD.es * np.sin(phi) ** 2
    vertical = GEOD.a / np.sqrt(bulge)
    meridian = vertical * (1.0 - GEOD.es) / bulge
    return np.radians(np.column_stack([vertical * np.cos(phi), meridian])) / 1000.0


def _km(ends: Floats) -> Floats:
    """Return the geodesic lengths of segments, km."""
    return np.asarray(GEOD.inv(*ends.T)[2], dtype=float) / 1000.0


def divide(top: Floats, bottom: Floats) -> Floats:
    """Divide, with 0 where the divisor is 0."""
    return np.divide(top, bottom, out=np.zeros(np.broadcast(top, bottom).shape), where=bottom != 0)
