"""180°: lines are cut there as RFC 7946 (section 3.1.9) asks, and drawn as one again.

In memory every longitude lies from -180 to 180 degrees, and a line that crosses 180° has parts that end
there, whether a file has it so, writes it on beyond 180 or jumps from one side to the other.  A map
whose cables cross 180° is cut open elsewhere, along its seam.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import LineString, MultiLineString
from shapely.geometry.base import BaseGeometry

from steppe.layers.lines import break_legs
from steppe.layers.tables import Bbox

HALF_TURN_DEG, FULL_TURN_DEG = 180.0, 360.0
POLE_DEG = 90.0
LONGEST_LEG_KM = 100.0
"""A chord in degrees leaves the geodesic by 0.2 km at most below 45 degrees of latitude, 0.35 at 60."""
CUT_LEG_KM = 5.0
"""So short is a leg that is cut at 180°, half a metre off the geodesic below 45 degrees of latitude."""

Points = NDArray[np.float64]
Shapes = NDArray[Any]


def settle(shapes: Shapes) -> Shapes:
    """Return points and lines with longitudes from -180 to 180 degrees, lines cut at 180°.

    Between two vertices a line follows the geodesic, the short way round; on legs longer than
    `LONGEST_LEG_KM` that is drawn, so that all who measure or draw it mean the same line.

    Parameters
    ----------
    shapes
        Points, lines or polygons in degrees.  Polygons stay: their sides are straight in degrees
        (RFC 7946, section 3.1.1).  So does what is no longitude, a whole turn beyond 180 and farther, or no latitude.
    """
    kinds = shapely.get_type_id(shapes)
    settled = shapes.copy()
    bounds = shapely.bounds(shapes)
    beyond = (bounds[:, 0] < -HALF_TURN_DEG) | (bounds[:, 2] > HALF_TURN_DEG)
    farthest_deg = HALF_TURN_DEG + FULL_TURN_DEG
    are_degrees = (bounds[:, 0] >= -farthest_deg) & (bounds[:, 2] <= farthest_deg)
    are_degrees &= (bounds[:, 1] >= -POLE_DEG) & (bounds[:, 3] <= POLE_DEG)
    beyond &= are_degrees
    is_line = np.isin(
        kinds, [shapely.GeometryType.LINESTRING, shapely.GeometryType.MULTILINESTRING]
    )
    turned = beyond & (is_line | (kinds == shapely.GeometryType.POINT))
    settled[turned] = shapely.transform(settled[turned], _turn)
    for place in np.flatnonzero(is_line & are_degrees & _have_long_legs(settled)):
        settled[place] = _bend(settled[place])
    settled[are_degrees] = cut_lines(settled[are_degrees])
    return settled


def cut_lines(shapes: Shapes) -> Shapes:
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


def find_seam(lons: Points) -> float:
    """Return the longitude at which a map of some places is best cut open, degrees.

    That is the middle of the widest gap between them, or -180 where 180° lies in it.

    Parameters
    ----------
    lons
        Longitudes, degrees, shape (n,).
    """
    known = np.unique(lons[np.isfinite(lons)])
    if len(known) < 2:  # noqa: PLR2004 - no gap but all round
        return -HALF_TURN_DEG
    gaps = np.diff(known)
    widest = int(gaps.argmax())
    if gaps[widest] <= known[0] + FULL_TURN_DEG - known[-1]:
        return -HALF_TURN_DEG
    return float((known[widest] + known[widest + 1]) / 2.0)


def open_at(shapes: Shapes, seam: float) -> Shapes:
    """Return shapes as on a map that is cut open at a seam: what lies west of it 360° farther east.

    Parameters
    ----------
    shapes
        Settled shapes.
    seam
        Degrees; at -180 all stay.
    """
    if seam == -HALF_TURN_DEG:
        return shapes
    opened = shapes.copy()
    bounds = shapely.bounds(shapes)
    is_west, is_east = bounds[:, 2] < seam, bounds[:, 0] >= seam
    opened[is_west] = _move_round(opened[is_west])
    for place in np.flatnonzero(~is_west & ~is_east & ~shapely.is_empty(shapes)):
        opened[place] = _open_shape(shapes[place], seam)
    return opened


def open_box(box: Bbox, seam: float) -> Bbox:
    """Return a box as on a map that is cut open at a seam.

    One over 180° has its west end east of its east end (RFC 7946, section 5.2).
    """
    west, south, east, north = box
    if seam == -HALF_TURN_DEG or (west, east) == (-HALF_TURN_DEG, HALF_TURN_DEG):
        return box
    west = west if west >= seam else west + FULL_TURN_DEG
    return west, south, east if east > west else east + FULL_TURN_DEG, north


def spans_deg(box: Bbox) -> tuple[float, float]:
    """Return west and east of a box, the east beyond 180 where the box lies over it."""
    west, _, east, _ = box
    return west, east if east > west else east + FULL_TURN_DEG


def _open_shape(shape: BaseGeometry, seam: float) -> BaseGeometry:
    """Return a shape of which parts lie on both sides of a seam, those that meet at 180° as one."""
    east, west = (
        shapely.intersection(shape, shapely.box(*ends))
        for ends in (
            (seam, -POLE_DEG, HALF_TURN_DEG, POLE_DEG),
            (-HALF_TURN_DEG, -POLE_DEG, seam, POLE_DEG),
        )
    )
    west = _move_round(west)
    if shapely.get_dimensions(shape) != 1:
        return shapely.union(east, west)
    parts = [part for side in (east, west) for part in shapely.get_parts(side)]
    return shapely.line_merge(MultiLineString(parts), directed=True)


def _move_round(shapes: Any) -> Any:
    return shapely.transform(shapes, lambda at: at + np.array([FULL_TURN_DEG, 0.0]))


def _turn(at: Points) -> Points:
    """Return points in the half turn on either side of Greenwich."""
    lon = (at[:, 0] + HALF_TURN_DEG) % FULL_TURN_DEG - HALF_TURN_DEG
    # What is written as 180 stays there.
    lon = np.where((np.abs(at[:, 0]) <= HALF_TURN_DEG), at[:, 0], lon)
    return np.column_stack([lon, at[:, 1]])


def _have_long_legs(shapes: Shapes) -> NDArray[np.bool_]:
    """Tell which shapes have a leg that may be longer than `LONGEST_LEG_KM`, quickly."""
    at, of = shapely.get_coordinates(shapes, return_index=True)
    leg_deg = np.abs(np.diff(at, axis=0)).max(axis=1, initial=0.0)
    long = np.zeros(len(shapes), dtype=bool)
    # No degree is longer than 111.7 km.
    long[of[1:][(of[1:] == of[:-1]) & (leg_deg > LONGEST_LEG_KM / 1.5 / 111.7)]] = True
    return long


def _bend(shape: BaseGeometry) -> BaseGeometry:
    """Return a line with vertices along the geodesics of its long legs, and where it crosses 180°."""
    parts = []
    for part in shapely.get_parts(shape):
        at = shapely.get_coordinates(part)
        pieces, _, _ = break_legs(np.hstack([at[:-1], at[1:]]), LONGEST_LEG_KM)
        crosses = np.abs(pieces[:, 2] - pieces[:, 0]) > HALF_TURN_DEG
        for place in np.flatnonzero(crosses)[::-1]:
            short, _, _ = break_legs(pieces[[place]], CUT_LEG_KM)
            pieces = np.vstack([pieces[:place], short, pieces[place + 1 :]])
        parts.append(LineString(np.vstack([pieces[:, :2], pieces[-1:, 2:]])))
    return parts[0] if len(parts) == 1 else MultiLineString(parts)


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
