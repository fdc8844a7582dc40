"""Lines across 180°, cut there as RFC 7946 (section 3.1.9) asks, so that none spans the map."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import LineString, MultiLineString
from shapely.geometry.base import BaseGeometry

HALF_TURN_DEG, FULL_TURN_DEG = 180.0, 360.0

Points = NDArray[np.float64]


def cut_lines(shapes: NDArray[Any]) -> NDArray[Any]:
    """Return lines in degrees, those that cross 180° as several parts that end there.

    A leg of more than half a turn is taken for one that goes the short way round, over 180°.

    Parameters
    ----------
    shapes
        Geometries; what is no line stays, and so does a line that does not cross.
    """
    cut = shapes.copy()
    bounds = shapely.bounds(shapes)
    wide = bounds[:, 2] - bounds[:, 0] > HALF_TURN_DEG
    for place in np.flatnonzero(wide):
        if shapes[place].geom_type in {"LineString", "MultiLineString"}:
            cut[place] = _cut_line(shapes[place])
    return cut


def _cut_line(shape: BaseGeometry) -> BaseGeometry:
    parts = [
        part
        for line in shapely.get_parts(shape)
        for part in _cut_points(shapely.get_coordinates(line, include_z=line.has_z))
    ]
    if not parts:  # it has no length
        return LineString(shapely.get_coordinates(shape, include_z=shape.has_z)[[0, 0]])
    lines = [LineString(part) for part in parts]
    return lines[0] if len(lines) == 1 else MultiLineString(lines)


def _cut_points(points: Points) -> Iterator[Points]:
    """Yield the parts of a line, each of two points or more."""
    begun = [points[0]]
    for start, end in pairwise(points):
        leg_deg = end[0] - start[0]
        if abs(leg_deg) > HALF_TURN_DEG:
            # Eastwards over 180° the longitude falls, and the other way round.
            edge_deg = HALF_TURN_DEG if leg_deg < 0 else -HALF_TURN_DEG
            run_deg = leg_deg + 2 * edge_deg
            share = (edge_deg - start[0]) / run_deg if run_deg else 0.0
            crossing = start + share * (end - start)
            here, there = crossing.copy(), crossing.copy()
            here[0], there[0] = edge_deg, -edge_deg
            yield from _whole([*begun, here])
            begun = [there]
        begun.append(end)
    yield from _whole(begun)


def _whole(points: list[Points]) -> Iterator[Points]:
    """Yield a part without repeated points, for a vertex may lie at 180° itself."""
    kept = [points[0], *(there for here, there in pairwise(points) if (here != there).any())]
    if len(kept) > 1:
        yield np.array(kept)
