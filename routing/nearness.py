"""Nearness on the ellipsoid: where lines meet, which points are near, what may be near at all.

Coordinates are degrees, lon then lat, EPSG:4490.  Between two vertices a line follows the
geodesic, the short way round, so 180 degrees and the poles are places like any other
(`steppe.layers.lines.break_legs`).  An STRtree over short segments finds what may be near, in
boxes of degrees that are never too small.  What is near is then measured in the tangent plane of
the ellipsoid at the place itself (`steppe.routing.tangent_plane`), so one measure serves from
Beijing to Frankfurt: no projection is chosen and nothing stretches with the distance from its
centre.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import shapely

from steppe.layers.crs import GEOD
from steppe.layers.lines import break_legs
from steppe.routing.segment_tree import SegmentTree
from steppe.routing.tangent_plane import (
    TOUCHING_KM,
    find_nearest,
    lay_flat,
    nearest_share,
    to_degrees,
    to_space,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    Floats = NDArray[np.float64]
    Whole = NDArray[np.int64]

LONGEST_KM = 20.0


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

    @cached_property
    def space(self) -> Floats:
        """Start and end of each through the Earth, kilometres, shape (n, 2, 3)."""
        return to_space(self.ends.reshape(-1, 2, 2))

    def place(self, index: Whole, share: Floats) -> Floats:
        """Return lon, lat of points on segments, shape (m, 2).

        Parameters
        ----------
        index, share
            The segments, and which share of each lies before the point, shape (m,).
        """
        start, stop = self.space[index, 0], self.space[index, 1]
        return to_degrees(start + (stop - start) * share[:, None])


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
    legs = np.hstack([coordinates[:-1], coordinates[1:]])[follows]
    pieces, leg, km = break_legs(legs, LONGEST_KM)
    line = owner[part[1:][follows]].astype(np.int64)[leg]
    before = km.cumsum() - km
    first_km = before[np.searchsorted(line, line)] if len(line) else before
    return Segments(line, pieces, km, before - first_km)


def line_ends(lines: Sequence[BaseGeometry]) -> tuple[Floats, Whole]:
    """Return the ends of lines, shape (n, 2), and the index of the line of each, shape (n,).

    A line of several parts ends where an odd number of them do; a closed one nowhere.  Parts on
    either side of 180 degrees, or of a pole, that meet there go on in each other.
    """
    parts, owner = shapely.get_parts(np.array(lines, dtype=object), return_index=True)
    parts, owner = parts[~shapely.is_empty(parts)], owner[~shapely.is_empty(parts)]
    ends = np.concatenate(
        [shapely.get_coordinates(shapely.get_point(parts, place)) for place in (0, -1)]
    ).reshape(-1, 2)
    owner = np.concatenate([owner, owner]).astype(np.int64)
    spots = np.column_stack([owner, np.round(to_space(ends), 6)])  # to a millimetre
    _, first, times = np.unique(spots, axis=0, return_index=True, return_counts=True)
    kept = np.sort(first[times % 2 == 1])
    kept = kept[np.argsort(owner[kept], kind="stable")]
    return ends[kept], owner[kept]


def near_points(a: Floats, b: Floats, reach_km: float | Floats) -> tuple[Whole, Whole, Floats]:
    """Return the pairs of points (rows of lon, lat) within reach, and their distances, km.

    The reach is one for all or one for each row of `a`.
    """
    i, j = SegmentTree(np.hstack([b, b])).find(np.hstack([a, a]), reach_km)
    km = np.asarray(GEOD.inv(*a[i].T, *b[j].T)[2], dtype=float) / 1000.0
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
    j, i = find_candidates(others.ends, segments, TOUCHING_KM)
    flat = lay_flat(
        *(each[:, end] for each in (segments.space[i], others.space[j]) for end in (0, 1))
    )
    start, stop, other_start, other_stop = flat
    gap_km, share = find_nearest(start, stop, other_start, other_stop)
    meet = gap_km <= TOUCHING_KM
    i, j, share = i[meet], j[meet], share[meet]
    points = np.round(segments.place(i, share), 10)  # met at a vertex by two segments is met once
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
    start, stop, point = lay_flat(segments.space[j, 0], segments.space[j, 1], to_space(points[i]))
    place = segments.place(j, nearest_share(start, stop - start, point))
    km = np.asarray(GEOD.inv(*points[i].T, *place.T)[2], dtype=float) / 1000.0
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
    return SegmentTree(segments.ends).find(ends, reach_km)
