"""Separation: cables that come nearer to each other than routes should.

Routes that share no cable may still lie in one trench.  Two cables nearer than some
kilometres, outside the zones round the ends where all routes must meet, are a risk to
routes that use one each; `steppe.routing.risk_disjoint` keeps such routes apart.
"""

from __future__ import annotations

import json
import math
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import shapely
from scipy.spatial import KDTree, distance
from shapely.geometry import LineString

from steppe.routing.courses import (
    MARGIN_KM,
    STEP_KM,
    Course,
    Piece,
    Place,
    between_km,
    cut_out,
    densify,
    lay_course,
    through_earth,
)
from steppe.routing.step_limit import Work

if TYPE_CHECKING:
    from numpy.typing import NDArray

STEPS_APART = 4  # in the distance that is to be kept
LEAST_STEP_KM = 1.0
PIECE_STEPS = 500  # what it takes to measure between two pieces, see `steppe.routing.step_limit`
MOST_AT_ONCE = 2_000  # of two courses that are measured together
COURSE_STEPS = 100  # and for two courses, most of which their vertices settle
MOST_COURSES = 20_000  # that are kept, of cables cut by the zones of some ends
LEAST_RADIUS_KM = 6300.0  # the Earth is nowhere bent more: b^2 / a is 6335 km


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
        # The shorter the steps, the fewer pairs are left to be measured, and the more to be looked at.
        self._step_km = min(STEP_KM, max(apart_km / STEPS_APART, LEAST_STEP_KM))
        self._cables: list[list[str]] = []  # by line
        self._points: list[NDArray[np.float64]] = []
        places: dict[bytes, int] = {}
        for cable_id in sorted(lines):
            shape = shapely.get_coordinates(lines[cable_id]).tobytes()
            if shape not in places:
                places[shape] = len(self._points)
                self._points.append(densify(lines[cable_id], self._step_km))
                self._cables.append([])
            self._cables[places[shape]].append(cable_id)
        self._courses: dict[tuple[int, tuple[Place, ...]], Course] = {}
        self._found: dict[tuple[tuple[int, tuple[Place, ...]], ...], bool] = {}
        whole = [lay_course([points], self._step_km) for points in self._points]
        self._owner = np.repeat(np.arange(len(whole)), [len(each.marks) for each in whole])
        self._tree = KDTree(np.vstack([each.marks for each in whole])) if whole else None
        found = list(self._candidates())
        open_pairs = [pair for pair, is_sure in found if not is_sure]
        courses = [(whole[one], whole[other]) for one, other in open_pairs]
        near = dict(zip(open_pairs, self._measure(courses), strict=True))
        self._near = [pair for pair, is_sure in found if is_sure or near[pair]]
        alone = [(line, line) for line, cables in enumerate(self._cables) if len(cables) > 1]
        self._near += alone if apart_km > 0 else []
        named = [(pair, *each) for pair in self._near for each in self._name(pair)]
        self.pairs = {name: cables for _, name, cables in named}
        """Pairs of cables that are near somewhere: names as JSON lists, in sorted order."""
        self._lines = {name: pair for pair, name, _ in named}

    def apart(self, ends: Iterable[Place], work: Work | None = None) -> Apart:
        """Return which of `pairs` keep their distance outside the zones round some ends.

        Parameters
        ----------
        ends
            (lon, lat) in degrees.
        work
            What is measured is taken off it; None where nobody counts.
        """
        return Apart(self, self._touched(tuple(ends)), work)

    def keeps(self, name: str, touched: Mapping[int, tuple[Place, ...]], work: Work | None) -> bool:
        """Tell whether a pair keeps its distance where some lines enter the zones round ends."""
        pair = self._lines[name]
        if touched.keys().isdisjoint(pair):
            return False
        self._work = None
        if work is not None:
            work.take(COURSE_STEPS)
        return not self._stay_near(pair, touched)

    def near(self, ends: Iterable[Place]) -> dict[str, tuple[str, str]]:
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
        reach_km = self._apart_km + self._step_km + MARGIN_KM
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

    def _touched(self, ends: tuple[Place, ...]) -> dict[int, tuple[Place, ...]]:
        """Return the lines that may enter a zone, and round which ends."""
        touched: dict[int, tuple[Place, ...]] = {}
        if self._tree is None:
            return touched
        for end in ends:
            place = through_earth(np.array([end]))[0]
            marks = self._tree.query_ball_point(place, self._zone_km + self._step_km + MARGIN_KM)
            for line in np.unique(self._owner[marks]).tolist() if marks else ():
                touched[line] = (*touched.get(line, ()), end)
        return touched

    def _stay_near(self, pair: tuple[int, int], touched: Mapping[int, tuple[Place, ...]]) -> bool:
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

    def _course(self, line: int, ends: tuple[Place, ...]) -> Course:
        if (line, ends) not in self._courses:
            parts = cut_out(self._points[line], ends, self._zone_km)
            self._courses[line, ends] = lay_course(parts, self._step_km)
        return self._courses[line, ends]

    def _is_near(self, one: Course, other: Course) -> bool:
        """Measure whether two courses are near, where their vertices do not say it."""
        straight_km = distance.cdist(one.marks, other.marks)
        least_km = float(straight_km.min(initial=math.inf))
        if self._is_sure(least_km):
            return True
        if least_km >= self._apart_km + self._step_km + MARGIN_KM:
            return False
        return self._measure([(one, other)])[0]

    def _measure(self, courses: Sequence[tuple[Course, Course]]) -> list[bool]:
        """Tell of each two courses whether pieces of them are near; the nearest of all pairs are measured first."""
        near = [False] * len(courses)
        for first in range(0, len(courses), MOST_AT_ONCE):
            lot = range(first, min(first + MOST_AT_ONCE, len(courses)))
            left = {number: self._piece_pairs(*courses[number]) for number in lot}
            while pairs := {
                number: pair
                for number, each in left.items()
                if (pair := next(each, None)) is not None
            }:
                self._spend(PIECE_STEPS * len(pairs))
                are_near = between_km(list(pairs.values())) < self._apart_km
                near_now = dict(zip(pairs, are_near.tolist(), strict=True))
                for number, is_near in near_now.items():
                    near[number] = is_near
                left = {number: left[number] for number, is_near in near_now.items() if not is_near}
        return near

    def _piece_pairs(self, one: Course, other: Course) -> Iterator[tuple[Piece, Piece]]:
        """Yield pieces of two courses that may be near, nearest first."""
        apart_km = distance.cdist(one.middles, other.middles)
        may = apart_km < self._apart_km + one.radii_km[:, None] + other.radii_km[None, :]
        rows, columns = np.nonzero(may)
        for index in np.lexsort((columns, rows, apart_km[rows, columns])):
            yield one.pieces[rows[index]], other.pieces[columns[index]]

    def _spend(self, steps: int) -> None:
        if self._work is not None:
            self._work.spend(steps)


class Apart(Container[str]):
    """The pairs that keep their distance outside the zones round some ends, measured when asked."""

    def __init__(
        self,
        separation: Separation,
        touched: Mapping[int, tuple[Place, ...]],
        work: Work | None,
    ) -> None:
        self._separation, self._touched, self._work = separation, touched, work

    def __contains__(self, name: object) -> bool:
        """Tell whether a pair, by its name, keeps its distance."""
        return self._separation.keeps(str(name), self._touched, self._work)
