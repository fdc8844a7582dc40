"""Courses: where a line lies on the ellipsoid, in pieces whose distances can be measured."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from shapely.geometry import LineString, Point

from steppe.layers.crs import GEOD

if TYPE_CHECKING:
    from numpy.typing import NDArray

STEP_KM = 10.0  # between vertices, at most
PIECE_KM = 50.0  # what is compared at once
CIRCLE_STEPS = 256  # in a quarter; the polygon's edges lie 5e-6 of the radius inside
MARGIN_KM = 0.01  # beyond any rounding

Place = tuple[float, float]
"""A point: (lon, lat) in degrees."""


@dataclass(frozen=True)
class Piece:
    """Part of a course: its vertices in degrees, shape (n, 2), and the one in the middle."""

    points: NDArray[np.float64]
    middle: Place


@dataclass(frozen=True)
class Course:
    """Where a line lies.

    Parameters
    ----------
    pieces
        Its pieces.
    middles, radii_km
        Where the middle of each lies, shape (n, 3), and how far its vertices are from there,
        shape (n,): geocentric, straight through the Earth.
    marks
        Vertices, geocentric, shape (m, 3): along the line no point is further than half a step
        from one of them.
    """

    pieces: tuple[Piece, ...]
    middles: NDArray[np.float64]
    radii_km: NDArray[np.float64]
    marks: NDArray[np.float64]


def lay_course(parts: Iterable[NDArray[np.float64]], step_km: float) -> Course:
    """Return the course of the parts of a line, whose vertices lie a step apart at most."""
    parts = list(parts)
    marks = [through_earth(_thin(points, step_km)) for points in parts]
    pieces = tuple(piece for points in parts for piece in _pieces(points))
    nothing = np.empty((0, 3))
    middles = through_earth(np.array([each.middle for each in pieces])) if pieces else nothing
    radii_km = [
        float(np.linalg.norm(through_earth(each.points) - middle, axis=1).max())
        for each, middle in zip(pieces, middles, strict=True)
    ]
    # What lies between two vertices, 10 km apart at most, bulges by 2 m from the straight way.
    return Course(
        pieces, middles, np.array(radii_km) + MARGIN_KM, np.vstack(marks) if marks else nothing
    )


def _thin(points: NDArray[np.float64], step_km: float) -> NDArray[np.float64]:
    """Return vertices of a line, the first and the last among them, a step apart at most."""
    at_km = _at_km(points)
    kept = [0]
    while kept[-1] < len(points) - 1:
        beyond = int(np.searchsorted(at_km, at_km[kept[-1]] + step_km, side="right")) - 1
        kept.append(min(max(beyond, kept[-1] + 1), len(points) - 1))
    return points[kept]


def _at_km(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how far along the line each vertex lies, shape (n,)."""
    lon, lat = points.T
    metres = GEOD.inv(lon[:-1], lat[:-1], lon[1:], lat[1:])[2]
    return np.concatenate([[0.0], np.cumsum(metres)]) / 1000.0


def densify(line: LineString, step_km: float) -> NDArray[np.float64]:
    """Return the vertices of a line with more of them on the geodesics between, shape (n, 2)."""
    points = shapely.get_coordinates(line)
    lon, lat = points.T
    azimuth, _, metres = GEOD.inv(lon[:-1], lat[:-1], lon[1:], lat[1:])
    n_steps = np.maximum(np.ceil(metres / (step_km * 1000.0)), 1.0).astype(np.int64)
    edge = np.repeat(np.arange(len(n_steps)), n_steps)
    step = np.arange(len(edge)) - np.repeat(np.cumsum(n_steps) - n_steps, n_steps)
    way = metres[edge] * step / n_steps[edge]
    lons, lats, _ = GEOD.fwd(lon[edge], lat[edge], azimuth[edge], way)
    return np.vstack([np.column_stack([lons, lats]), points[-1:]])


def cut_out(
    points: NDArray[np.float64], ends: Iterable[Place], zone_km: float
) -> list[NDArray[np.float64]]:
    """Return the parts of a line outside the discs round the ends."""
    disc = Point(0.0, 0.0).buffer(zone_km, quad_segs=CIRCLE_STEPS)
    parts = [points]
    for end in ends:
        kept = []
        for part in parts:
            flat = _flatten(part, end)
            if np.hypot(*flat.T).min() > zone_km + STEP_KM:
                kept.append(part)
                continue
            rest = LineString(flat).difference(disc)
            kept += [
                _unflatten(shapely.get_coordinates(line), end)
                for line in shapely.get_parts(rest)
                if not line.is_empty
            ]
        parts = kept
    return parts


def _pieces(points: NDArray[np.float64]) -> Iterator[Piece]:
    """Cut a line into pieces that share their last and first vertex."""
    at_km = _at_km(points)
    number = (at_km // PIECE_KM).astype(np.int64)
    firsts = np.flatnonzero(np.diff(number, prepend=-1))
    for first, beyond in zip(firsts, [*firsts[1:], len(points) - 1], strict=True):
        if beyond > first:
            half_way_km = (at_km[first] + at_km[beyond]) / 2.0
            middle_lon, middle_lat = points[np.searchsorted(at_km, half_way_km)]
            yield Piece(points[first : beyond + 1], (float(middle_lon), float(middle_lat)))


def through_earth(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return geocentric coordinates of points on the ellipsoid, kilometres, shape (n, 3)."""
    lon, lat = np.radians(points).T
    across = GEOD.a / 1000.0 / np.sqrt(1.0 - GEOD.es * np.sin(lat) ** 2)
    return np.column_stack(
        [
            across * np.cos(lat) * np.cos(lon),
            across * np.cos(lat) * np.sin(lon),
            across * (1.0 - GEOD.es) * np.sin(lat),
        ]
    )


def between_km(pairs: Sequence[tuple[Piece, Piece]]) -> NDArray[np.float64]:
    """Return the geodesic distance of the two pieces of each pair, see `steppe.routing.separation`."""
    (from_lon, from_lat), (to_lon, to_lat) = (
        np.array([pair[side].middle for pair in pairs]).reshape(-1, 2).T for side in (0, 1)
    )
    azimuth, _, metres = GEOD.inv(from_lon, from_lat, to_lon, to_lat)
    lon, lat, _ = GEOD.fwd(from_lon, from_lat, azimuth, metres / 2.0)
    centres = np.column_stack([lon, lat])
    one, other = (_lay_flat([pair[side].points for pair in pairs], centres) for side in (0, 1))
    shortest = shapely.get_coordinates(shapely.shortest_line(one, other))
    nearest = _unflatten(shortest, np.repeat(centres, 2, axis=0))
    metres = GEOD.inv(*nearest[::2].T, *nearest[1::2].T)[2]
    return np.asarray(metres, dtype=np.float64) / 1000.0


def _lay_flat(lines: Sequence[NDArray[np.float64]], centres: NDArray[np.float64]) -> Any:
    """Return lines in the plane about a centre each."""
    number = np.repeat(np.arange(len(lines)), [len(points) for points in lines])
    flat = _flatten(np.vstack(lines), centres[number])
    return shapely.linestrings(flat, indices=number)


def _flatten(
    points: NDArray[np.float64], centre: Place | NDArray[np.float64]
) -> NDArray[np.float64]:
    """Project degrees about a centre, or each about its own: kilometres to the east and north, shape (n, 2).

    Distance and azimuth from the centre are those of the geodesic.
    """
    lon, lat = np.broadcast_to(centre, points.shape).T
    azimuth, _, metres = GEOD.inv(lon, lat, points[:, 0], points[:, 1])
    angle = np.radians(azimuth)
    return np.column_stack([np.sin(angle), np.cos(angle)]) * (metres / 1000.0)[:, None]


def _unflatten(
    flat: NDArray[np.float64], centre: Place | NDArray[np.float64]
) -> NDArray[np.float64]:
    lon, lat = np.broadcast_to(centre, flat.shape).T
    azimuth = np.degrees(np.arctan2(flat[:, 0], flat[:, 1]))
    lons, lats, _ = GEOD.fwd(lon, lat, azimuth, np.hypot(*flat.T) * 1000.0)
    return np.column_stack([lons, lats])
