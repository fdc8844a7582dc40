"""Two routes over a grid that cost least together and keep their distance from each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from shapely.geometry import LineString
from shapely.geometry.base import BaseGeometry

from steppe.routing.terrain.cost_grid import CostGrid, Whole
from steppe.routing.terrain.grid_graph import make_graph
from steppe.routing.terrain.point_to_point import NoWayError
from steppe.routing.terrain.steps import Cell, Neighbours, prepare_steps
from steppe.routing.ways.apart_pair import ApartPair, NoPair, find_apart_pair
from steppe.routing.ways.apart_question import ApartQuestion
from steppe.routing.ways.way_graph import Way, WayGraph

_QUARTER_SIDES = (
    256  # of a polygon round a disc, which is 19 millionths of the radius too wide at most
)


@dataclass(frozen=True, eq=False)
class CellRoute:
    """A route over the cells of a grid.

    Parameters
    ----------
    cells
        Rows and columns from the start to the end, shape (n, 2).
    cost, km
        Of all its steps.
    """

    cells: Whole
    cost: float
    km: float


@dataclass(frozen=True, eq=False)
class PairOfWays:
    """Two routes that keep their distance.

    Parameters
    ----------
    first, second
        The first costs no more than the second.
    cost
        Of both together.
    lower_bound
        No two routes that keep it cost less.
    apart_km
        How near the two lines through the middles of their cells come outside the end zones, km; inf where
        both lie in them.
    """

    first: CellRoute
    second: CellRoute
    cost: float
    lower_bound: float
    apart_km: float

    @property
    def gap(self) -> float:
        """How much cheaper another pair may be at the most, as a part of the cost."""
        return max(0.0, 1.0 - self.lower_bound / self.cost)

    @property
    def is_proven(self) -> bool:
        """Return whether no pair costs less, to rounding."""
        return self.gap <= 1e-9  # noqa: PLR2004


def find_pair(  # noqa: PLR0913 (the question has so many parts)
    grid: CostGrid,
    start: Cell,
    end: Cell,
    *,
    apart_km: float,
    end_zone_km: float,
    keep_off: Sequence[BaseGeometry] = (),
    neighbours: Neighbours = 16,
) -> PairOfWays | NoPair:
    """Find two routes of least cost together that are apart outside the zones round their ends.

    What is asked is exact on the cells: a cell of the one route and a cell of the other, both outside the
    end zones, have middles at least sqrt(N² + s²/4) km apart, N being `apart_km` and s the longest step.  Then the lines
    through the middles are nowhere nearer than N outside the discs about the two ends, whose radius is `end_zone_km`: a
    cell counts as within a zone where all steps that touch it end in the disc.  Two lines that are just N apart
    may so be refused, where they need no more than s²/(8 N): 31 m of 20 km on cells of 1 km.  Lines to be kept
    off are held to the same: no cell outside the zones is nearer to one.

    Parameters
    ----------
    grid
        What a way costs; distances are those of its plane.
    start, end
        Row and column.
    apart_km
        Kilometres between the two.
    end_zone_km
        Within so many km of an end nothing keeps its distance.
    keep_off
        Lines in the plane of the grid, m, from which both keep the same distance.
    neighbours
        See `steppe.routing.terrain.accumulation.accumulate`.

    Returns
    -------
    PairOfWays or NoPair
        With the bound that was proven; which end is the start changes nothing of it.

    Raises
    ------
    NoWayError
        Where barriers lie between the ends, or what is to be kept off.
    ValueError
        Where an end is a barrier or lies outside, both are one cell, or a zone is narrower than a step.
    """
    field = PairField(grid, (start, end), end_zone_km, tuple(keep_off), neighbours)
    return field.find(apart_km)


@dataclass(frozen=True, eq=False)
class PairField:
    """A grid laid out for questions about pairs between two ends.

    Parameters
    ----------
    grid, neighbours
        What a way costs, and where steps lead.
    ends
        Start and end.
    end_zone_km, keep_off
        See `find_pair`.
    """

    grid: CostGrid
    ends: tuple[Cell, Cell]
    end_zone_km: float
    keep_off: tuple[BaseGeometry, ...]
    neighbours: Neighbours

    def __post_init__(self) -> None:
        """Refuse what is no question."""
        prepare_steps(self.grid, self.neighbours).find_places(self.ends)
        if self.ends[0] == self.ends[1]:
            msg = f"two cells are needed, both are {self.ends[0]}"
            raise ValueError(msg)
        if not self.step_km <= self.end_zone_km < np.inf:
            msg = (
                f"a zone of {self.end_zone_km:g} km is narrower than a step of {self.step_km:g} km"
            )
            raise ValueError(msg)

    @property
    def step_km(self) -> float:
        """Length of the longest step."""
        return float(np.hypot(1, 2 if self.neighbours > 8 else 1)) * self.grid.cell_km  # noqa: PLR2004

    @cached_property
    def graph(self) -> WayGraph:
        """The cells and steps."""
        return make_graph(self.grid, self.neighbours)

    def reach_km(self, apart_km: float) -> float:
        """Return the distance of middles at which lines between them keep theirs.

        A place between two ends of a step is nearer to anything than both by less than that; and steps whose four
        ends are s / sqrt(2) apart do not cross.
        """
        if apart_km <= 0.0:
            return 0.0
        return max(float(np.hypot(apart_km, self.step_km / 2.0)), self.step_km * (0.5**0.5 + 1e-9))

    def apart_km(self, reach_km: float) -> float:
        """Return the distance that lines between middles keep whose distance is this; 0 where they may cross."""
        if reach_km < self.step_km * 0.5**0.5:
            return 0.0
        return float(np.sqrt(reach_km**2 - (self.step_km / 2.0) ** 2))

    def ask(self, apart_km: float) -> ApartQuestion:
        """Put the question for a distance.

        Raises
        ------
        NoWayError
            Where barriers lie between the ends, or what is to be kept off.
        ValueError
            For a distance that is none.
        """
        n_columns = self.grid.shape[1]
        start, end = (row * n_columns + column for row, column in self.ends)
        xy = self.graph.xy_km
        zone_km = self.end_zone_km - self.step_km
        is_free = np.zeros(len(xy), dtype=np.bool_)
        for node in (start, end):
            is_free |= np.hypot(*(xy - xy[node]).T) <= zone_km
            is_free[node] = True
        if not 0.0 <= apart_km < np.inf:
            msg = f"a distance is a number from 0 up, not {apart_km}"
            raise ValueError(msg)
        reach_km = self.reach_km(apart_km)
        barred = np.zeros(len(xy), dtype=np.bool_)
        if self.keep_off and reach_km > 0.0:
            held = shapely.union_all(list(self.keep_off))
            shapely.prepare(held)
            near = shapely.dwithin(shapely.points(xy * 1000.0), held, reach_km * 1000.0)
            barred = np.asarray(near) & ~is_free
        question = ApartQuestion(self.graph, start, end, reach_km, is_free, barred)
        if not np.isfinite(question.least_cost):
            msg = f"no way leads from {self.ends[0]} to {self.ends[1]}"
            raise NoWayError(msg)
        return question

    def find(self, apart_km: float) -> PairOfWays | NoPair:
        """Find two routes so far apart, see `find_pair`."""
        found = find_apart_pair(self.ask(apart_km))
        return found if isinstance(found, NoPair) else self.make_pair(found)

    def make_pair(self, found: ApartPair) -> PairOfWays:
        """Return a pair as cells, and how near its routes come to each other."""
        outside = [self._cut(way) for way in (found.first, found.second)]
        apart_km = (
            np.inf if any(line.is_empty for line in outside) else outside[0].distance(outside[1])
        )
        routes = [
            CellRoute(np.column_stack(np.divmod(way.nodes, self.grid.shape[1])), way.cost, way.km)
            for way in (found.first, found.second)
        ]
        return PairOfWays(routes[0], routes[1], found.cost, found.lower_bound, float(apart_km))

    def _cut(self, way: Way) -> BaseGeometry:
        """Return the line of a way outside the zones, km of the plane."""
        xy = self.graph.xy_km[way.nodes]
        # A polygon round the disc, not in it.
        radius_km = self.end_zone_km / np.cos(np.pi / (4 * _QUARTER_SIDES))
        zones = [
            shapely.Point(*xy[place]).buffer(radius_km, quad_segs=_QUARTER_SIDES)
            for place in (0, -1)
        ]
        return LineString(xy).difference(shapely.union_all(zones))
