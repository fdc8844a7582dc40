"""Separation: cables that come nearer to each other than routes should.

Routes that share no cable may still lie in one trench.  Two cables nearer than some
kilometres, outside the zones round the ends where all routes must meet, are a risk to
routes that use one each; `steppe.routing.risk_disjoint` keeps such routes apart.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from scipy.spatial import KDTree, distance
from shapely.geometry import LineString, Point

from steppe.layers.crs import GEOD
from steppe.routing.step_limit import Work

if TYPE_CHECKING:
    from numpy.typing import NDArray

STEP_KM = 10.0  # between vertices, at most
PIECE_KM = 50.0  # what is compared at once
PIECE_STEPS = 500  # what it takes to measure between two pieces, see `steppe.routing.step_limit`
MARGIN_KM = 0.01  # beyond any rounding
CIRCLE_STEPS = 256  # in a quarter; the polygon's edges lie 5e-6 of the radius inside
MOST_COURSES = 20_000  # that are kept, of cables cut by the zones of some ends
LEAST_RADIUS_KM = 6300.0  # the Earth is nowhere bent more: b^2 / a is 6335 km

_Place = tuple[float, float]


@dataclass(frozen=True)
class _Piece:
    """Part of a course: its vertices in degrees, shape (n, 2), and the one in the middle."""

    points: NDArray[np.float64]
    middle: _Place


@dataclass(frozen=True)
class _Course:
    """Where a line lies: its pieces, and vertices of them through the Earth, shape (n, 3).

    Along the line no point is further than `STEP_KM` / 2 from one of these vertices.
    """

    pieces: tuple[_Piece, ...]
    marks: NDArray[np.float64]


class Separation:
    """Which cables come too near to each other outside the zones round the ends of two routes.

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

    Most pairs need no such measuring.  Straight distances through the Earth are shorter than
    geodesics, by no more than (d / 6300)^2 / 20 of them: two vertices that are nearer than that
    settle that their lines are near, and lines whose vertices are all further apart than that and a step
    are not.

    What is near with no zones is found once for all questions.  With zones only lines that
    enter one can be further apart than without, so these alone are measured anew; cables on
    one and the same line are one line.

    Parameters
    ----------
    lines
        Course of each cable, EPSG:4490 degrees.
    apart_km
        Distance from which on cables are far enough apart.
    end_zone_km
        Radius of the discs round the ends of routes within which distances do not matter.
    work
        Steps that it may take; None for as many as it needs.

    Raises
    ------
    ValueError
        For a distance that is negative or not finite.
    TooMuchWorkError
        When the work is done before every two lines are compared that may be near.
    """

    def __init__(
        self,
        lines: Mapping[str, LineString],
        *,
        apart_km: float,
        end_zone_km: float,
        work: Work | None = None,
    ) -> None:
        for distance_km in (apart_km, end_zone_km):
            if not 0 <= distance_km < math.inf:
                msg = f"a distance is a number from 0 up, not {distance_km}"
                raise ValueError(msg)
        self._apart_km, self._zone_km, self._work = apart_km, end_zone_km, work
        self._cables: list[list[str]] = []  # by line
        self._points: list[NDArray[np.float64]] = []
        places: dict[bytes, int] = {}
        for cable_id in sorted(lines):
            shape = shapely.get_coordinates(lines[cable_id]).tobytes()
            if shape not in places:
                places[shape] = len(self._points)
                self._points.append(_densify(lines[cable_id]))
                self._cables.append([])
            self._cables[places[shape]].append(cable_id)
        self._courses: dict[tuple[int, tuple[_Place, ...]], _Course] = {}
        self._found: dict[tuple[tuple[int, tuple[_Place, ...]], ...], bool] = {}
        whole = [_course([points]) for points in self._points]
        self._owner = np.repeat(np.arange(len(whole)), [len(each.marks) for each in whole])
        self._tree = KDTree(np.vstack([each.marks for each in whole])) if whole else None
        self._near = [
            pair
            for pair, is_sure in self._candidates()
            if is_sure or self._is_near(whole[pair[0]], whole[pair[1]])
        ]
        alone = [(line, line) for line, cables in enumerate(self._cables) if len(cables) > 1]
        self._near += alone if apart_km > 0 else []
        self._beside: dict[int, list[tuple[int, int]]] = {}
        for pair in self._near:
            for line in dict.fromkeys(pair):
                self._beside.setdefault(line, []).append(pair)
        self.pairs = {name: cables for pair in self._near for name, cables in self._name(pair)}
        """Pairs of cables that are near somewhere: names as JSON lists, in sorted order."""

    def apart(self, ends: Iterable[_Place], work: Work | None = None) -> frozenset[str]:
        """Return those of `pairs` that keep their distance outside the zones round some ends.

        Parameters
        ----------
        ends
            (lon, lat) in degrees.
        work
            Steps that it may take; None for as many as it needs.

        Raises
        ------
        TooMuchWorkError
            When the work is done before every two lines in the zones are compared.
        """
        self._work = work
        touched = self._touched(tuple(ends))
        pairs = dict.fromkeys(pair for line in touched for pair in self._beside.get(line, ()))
        return frozenset(
            name
            for pair in pairs
            if not self._stay_near(pair, touched)
            for name, _ in self._name(pair)
        )

    def near(self, ends: Iterable[_Place]) -> dict[str, tuple[str, str]]:
        """Return the pairs of cables that come too near outside the zones round some ends.

        Returns
        -------
        dict
            Risks for `steppe.routing.risk_disjoint.risk_disjoint_routes`: the two cables in
            sorted order, by a name that is their ids as a JSON list.  A cable is never at risk
            with itself.
        """
        apart = self.apart(ends)
        return {name: pair for name, pair in sorted(self.pairs.items()) if name not in apart}

    def _name(self, pair: tuple[int, int]) -> Iterator[tuple[str, tuple[str, str]]]:
        one, other = (self._cables[line] for line in pair)
        for first in one:
            for second in other:
                if pair[0] != pair[1] or first < second:
                    both = min(first, second), max(first, second)
                    yield json.dumps(both, ensure_ascii=False), both

    def _candidates(self) -> Iterator[tuple[tuple[int, int], bool]]:
        """Yield pairs of lines that may be near, and whether two of their vertices say they are."""
        if self._tree is None:
            return
        marks, owner = np.asarray(self._tree.data), self._owner
        reach_km = self._apart_km + STEP_KM + MARGIN_KM
        n_lines = len(self._points)
        least: dict[int, float] = {}
        for first in range(0, len(marks), 4096):
            part = np.arange(first, min(first + 4096, len(marks)))
            found = self._tree.query_ball_point(marks[part], reach_km)
            beside = [np.asarray(each, dtype=np.int64) for each in np.atleast_1d(found)]
            counts = np.array([each.size for each in beside])
            self._spend(int(counts.sum()))
            one = np.repeat(part, counts)
            other = np.concatenate(beside)
            kept = owner[one] < owner[other]
            one, other = one[kept], other[kept]
            straight_km = np.linalg.norm(marks[one] - marks[other], axis=1)
            codes = owner[one] * n_lines + owner[other]
            order = np.lexsort((straight_km, codes))
            codes, firsts = np.unique(codes[order], return_index=True)
            for code, km in zip(codes.tolist(), straight_km[order][firsts].tolist(), strict=True):
                least[code] = min(km, least.get(code, math.inf))
        for code in sorted(least):
            yield divmod(code, n_lines), self._is_sure(least[code])

    def _is_sure(self, straight_km: float) -> bool:
        """Tell whether the geodesic is short enough, the straight way being so long."""
        return straight_km * (1.0 + (straight_km / LEAST_RADIUS_KM) ** 2 / 20.0) < self._apart_km

    def _touched(self, ends: tuple[_Place, ...]) -> dict[int, tuple[_Place, ...]]:
        """Return the lines that may enter a zone, and round which ends."""
        touched: dict[int, tuple[_Place, ...]] = {}
        if self._tree is None:
            return touched
        for end in ends:
            place = _through_earth(np.array([end]))[0]
            marks = self._tree.query_ball_point(place, self._zone_km + STEP_KM + MARGIN_KM)
            for line in np.unique(self._owner[marks]).tolist() if marks else ():
                touched[line] = (*touched.get(line, ()), end)
        return touched

    def _stay_near(self, pair: tuple[int, int], touched: Mapping[int, tuple[_Place, ...]]) -> bool:
        keys = tuple((line, touched.get(line, ())) for line in pair)
        if len(self._courses) > MOST_COURSES:
            self._courses.clear()
            self._found.clear()
        if keys not in self._found:
            one, other = (self._course(*key) for key in keys)
            self._found[keys] = (
                bool(one.pieces)
                and bool(other.pieces)
                and (pair[0] == pair[1] or self._is_near(one, other))
            )
        return self._found[keys]

    def _course(self, line: int, ends: tuple[_Place, ...]) -> _Course:
        if (line, ends) not in self._courses:
            parts = _outside(self._points[line], ends, self._zone_km)
            self._courses[line, ends] = _course(parts)
        return self._courses[line, ends]

    def _is_near(self, one: _Course, other: _Course) -> bool:
        """Measure whether two courses are near, where their vertices do not say it."""
        straight_km = distance.cdist(one.marks, other.marks)
        least_km = float(straight_km.min(initial=math.inf))
        if self._is_sure(least_km):
            return True
        if least_km >= self._apart_km + STEP_KM + MARGIN_KM:
            return False
        for first, second in self._piece_pairs(one, other):
            self._spend(PIECE_STEPS)
            if _distance_km(first, second) < self._apart_km:
                return True
        return False

    def _piece_pairs(self, one: _Course, other: _Course) -> Iterator[tuple[_Piece, _Piece]]:
        """Yield pieces of two courses that may be near, nearest first."""
        middles = [
            _through_earth(np.array([piece.middle for piece in course.pieces]))
            for course in (one, other)
        ]
        reach_km = [
            np.array([_radius_km(piece) for piece in course.pieces]) for course in (one, other)
        ]
        apart_km = distance.cdist(middles[0], middles[1])
        may = apart_km < self._apart_km + reach_km[0][:, None] + reach_km[1][None, :]
        rows, columns = np.nonzero(may)
        for index in np.lexsort((columns, rows, apart_km[rows, columns])):
            yield one.pieces[rows[index]], other.pieces[columns[index]]

    def _spend(self, steps: int) -> None:
        if self._work is not None:
            self._work.spend(steps)


def _course(parts: Iterable[NDArray[np.float64]]) -> _Course:
    parts = list(parts)
    marks = [_through_earth(_thin(points)) for points in parts]
    pieces = tuple(piece for points in parts for piece in _pieces(points))
    return _Course(pieces, np.vstack(marks) if marks else np.empty((0, 3)))


def _thin(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return vertices of a line, the first and the last among them, `STEP_KM` apart at most."""
    at_km = _at_km(points)
    kept = [0]
    while kept[-1] < len(points) - 1:
        beyond = int(np.searchsorted(at_km, at_km[kept[-1]] + STEP_KM, side="right")) - 1
        kept.append(min(max(beyond, kept[-1] + 1), len(points) - 1))
    return points[kept]


def _at_km(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how far along the line each vertex lies, shape (n,)."""
    lon, lat = points.T
    metres = GEOD.inv(lon[:-1], lat[:-1], lon[1:], lat[1:])[2]
    return np.concatenate([[0.0], np.cumsum(metres)]) / 1000.0


def _radius_km(piece: _Piece) -> float:
    """Return how far the vertices of a piece lie from its middle, straight through the Earth."""
    middle = _through_earth(np.array([piece.middle]))
    # What lies between two vertices, 10 km apart at most, bulges by 2 m from the straight way.
    return float(np.linalg.norm(_through_earth(piece.points) - middle, axis=1).max()) + MARGIN_KM


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


def _pieces(points: NDArray[np.float64]) -> Iterator[_Piece]:
    """Cut a line into pieces that share their last and first vertex."""
    at_km = _at_km(points)
    number = (at_km // PIECE_KM).astype(np.int64)
    firsts = np.flatnonzero(np.diff(number, prepend=-1))
    for first, beyond in zip(firsts, [*firsts[1:], len(points) - 1], strict=True):
        if beyond > first:
            half_way_km = (at_km[first] + at_km[beyond]) / 2.0
            middle_lon, middle_lat = points[np.searchsorted(at_km, half_way_km)]
            yield _Piece(points[first : beyond + 1], (float(middle_lon), float(middle_lat)))


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
