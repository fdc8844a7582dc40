"""Separation: cables that come nearer to each other than routes should.

Routes that share no cable may still lie in one trench.  Two cables nearer than some
kilometres, outside the zones round the ends where all routes must meet, are a risk to
routes that use one each; `steppe.routing.disjoint.risk_disjoint_routes` keeps such routes apart.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from scipy.spatial import KDTree
from shapely.geometry import LineString, Point

from steppe.layers.crs import GEOD
from steppe.routing.step_limit import Work

if TYPE_CHECKING:
    from numpy.typing import NDArray

STEP_KM = 10.0  # between vertices, at most
PIECE_KM = 50.0  # what is compared at once
PIECE_STEPS = 500  # what it takes to measure between two pieces, see `steppe.routing.step_limit`
CIRCLE_STEPS = 256  # in a quarter; the polygon's edges lie 5e-6 of the radius inside

_Place = tuple[float, float]


@dataclass(frozen=True)
class _Piece:
    """Part of a cable: its vertices in degrees, shape (n, 2), and the one in the middle."""

    cable_id: str
    points: NDArray[np.float64]
    middle: _Place


def separation_risks(
    lines: Mapping[str, LineString],
    ends: Iterable[tuple[float, float]],
    *,
    apart_km: float,
    end_zone_km: float,
    work: Work | None = None,
) -> dict[str, tuple[str, str]]:
    """Return the pairs of cables that somewhere outside the end zones come too near.

    Between its vertices a line follows the geodesic, as its length does
    (`steppe.layers.crs.line_km`), so a straight stroke of a thousand kilometres lies where it is
    measured, also across the antimeridian.

    Distances are geodesic on GRS80.  Pieces of at most 50 km are laid into an azimuthal
    equidistant plane about the point halfway between them, where lengths r km from the
    centre are true along the radius and too long by at most (r / 6371)^2 / 6 across (Snyder,
    Map Projections, USGS PP 1395, 1987, p. 191); the distance of the nearest points found
    there is then measured on the ellipsoid.  Two cables nearer than `apart_km` are so found
    unless they miss it by less than that share: 3 m at 50 km, 0.5 m at 10 km.  The end zones
    are cut out in the same projection about each end, whose radii are true.

    Which pieces may be near is asked of a tree over straight distances through the Earth,
    which are shorter than geodesics, so none is missed; a planar tree of boxes in degrees
    would tear at the antimeridian and widen towards the poles.

    Parameters
    ----------
    lines
        Course of each cable, EPSG:4490 degrees.
    ends
        Ends of the routes to be, (lon, lat) in degrees.
    apart_km
        Distance from which on cables are far enough apart.
    end_zone_km
        Radius of the discs round the ends within which distances do not matter.
    work
        Steps that it may take; None for as many as it needs.

    Returns
    -------
    dict
        Risks for `steppe.routing.disjoint.risk_disjoint_routes`: the two cables in sorted order,
        by a name that is their ids as a JSON list.  A cable is never at risk with itself.

    Raises
    ------
    ValueError
        For a distance that is negative or not finite.
    TooMuchWorkError
        When the work is done before every two pieces are measured that may be near.
    """
    for distance_km in (apart_km, end_zone_km):
        if not 0 <= distance_km < math.inf:
            msg = f"a distance is a number from 0 up, not {distance_km}"
            raise ValueError(msg)
    ends = tuple(ends)
    pieces = [
        piece
        for cable_id in sorted(lines)
        for part in _outside(_densify(lines[cable_id]), ends, end_zone_km)
        for piece in _pieces(cable_id, part)
    ]
    pairs: set[tuple[str, str]] = set()
    for one, other in _candidates(pieces, apart_km):
        pair = one.cable_id, other.cable_id
        if work is not None:
            work.spend(1 if pair in pairs else PIECE_STEPS)
        if pair not in pairs and _distance_km(one, other) < apart_km:
            pairs.add(pair)
    return {json.dumps(pair, ensure_ascii=False): pair for pair in sorted(pairs)}


def _densify(line: LineString) -> NDArray[np.float64]:
    """Return the vertices of a line with more of them on the geodesics between, shape (n, 2)."""
    points = shapely.get_coordinates(line)
    lon, lat = points.T
    azimuth, _, metres = GEOD.inv(lon[:-1], lat[:-1], lon[1:], lat[1:])
    n_steps = np.maximum(np.ceil(metres / (STEP_KM * 1000.0)), 1.0).astype(np.int64)
    edge = np.repeat(np.arange(len(n_steps)), n_steps)
    step = np.arange(len(edge)) - np.repeat(np.cumsum(n_steps) - n_steps, n_steps)
    way = metres[edge] * step / n_steps[edge]
    lons, lats, _ = GEOD.fwd(lon[edge], lat[edge], azimuth[edge], way)
    return np.vstack([np.column_stack([lons, lats]), points[-1:]])


def _outside(
    points: NDArray[np.float64], ends: Iterable[_Place], zone_km: float
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


def _pieces(cable_id: str, points: NDArray[np.float64]) -> Iterator[_Piece]:
    """Cut a line into pieces that share their last and first vertex."""
    lon, lat = points.T
    metres = GEOD.inv(lon[:-1], lat[:-1], lon[1:], lat[1:])[2]
    at_km = np.concatenate([[0.0], np.cumsum(metres)]) / 1000.0
    number = (at_km // PIECE_KM).astype(np.int64)
    firsts = np.flatnonzero(np.diff(number, prepend=-1))
    for first, beyond in zip(firsts, [*firsts[1:], len(points) - 1], strict=True):
        if beyond > first:
            half_way_km = (at_km[first] + at_km[beyond]) / 2.0
            middle_lon, middle_lat = points[np.searchsorted(at_km, half_way_km)]
            middle = float(middle_lon), float(middle_lat)
            yield _Piece(cable_id, points[first : beyond + 1], middle)


def _candidates(pieces: list[_Piece], apart_km: float) -> Iterator[tuple[_Piece, _Piece]]:
    """Yield pairs of pieces of two cables that may be nearer than that, nearest first."""
    if not pieces:
        return
    middles = _through_earth(np.array([piece.middle for piece in pieces]))
    radius_km = max(
        float(np.linalg.norm(_through_earth(piece.points) - middle, axis=1).max())
        for piece, middle in zip(pieces, middles, strict=True)
    )
    near = KDTree(middles).query_pairs(apart_km + 2.0 * radius_km, output_type="ndarray")
    _, owner = np.unique([piece.cable_id for piece in pieces], return_inverse=True)
    near = np.sort(near, axis=1)
    near = near[owner[near[:, 0]] != owner[near[:, 1]]]
    straight_km = np.linalg.norm(middles[near[:, 0]] - middles[near[:, 1]], axis=1)
    for one, other in near[np.lexsort((near[:, 1], near[:, 0], straight_km))]:
        yield pieces[one], pieces[other]


def _through_earth(points: NDArray[np.float64]) -> NDArray[np.float64]:
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


def _distance_km(one: _Piece, other: _Piece) -> float:
    azimuth, _, metres = GEOD.inv(*one.middle, *other.middle)
    lon, lat, _ = GEOD.fwd(*one.middle, azimuth, metres / 2.0)
    centre = float(lon), float(lat)
    shortest = shapely.shortest_line(
        LineString(_flatten(one.points, centre)), LineString(_flatten(other.points, centre))
    )
    (from_lon, from_lat), (to_lon, to_lat) = _unflatten(shapely.get_coordinates(shortest), centre)
    return float(GEOD.inv(from_lon, from_lat, to_lon, to_lat)[2]) / 1000.0


def _flatten(points: NDArray[np.float64], centre: _Place) -> NDArray[np.float64]:
    """Project degrees about a centre: kilometres to the east and north, shape (n, 2).

    Distance and azimuth from the centre are those of the geodesic.
    """
    lon, lat = (np.full(len(points), value) for value in centre)
    azimuth, _, metres = GEOD.inv(lon, lat, points[:, 0], points[:, 1])
    angle = np.radians(azimuth)
    return np.column_stack([np.sin(angle), np.cos(angle)]) * (metres / 1000.0)[:, None]


def _unflatten(flat: NDArray[np.float64], centre: _Place) -> NDArray[np.float64]:
    lon, lat = (np.full(len(flat), value) for value in centre)
    azimuth = np.degrees(np.arctan2(flat[:, 0], flat[:, 1]))
    lons, lats, _ = GEOD.fwd(lon, lat, azimuth, np.hypot(*flat.T) * 1000.0)
    return np.column_stack([lons, lats])
