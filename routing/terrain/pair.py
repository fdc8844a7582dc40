"""Two routes over a grid that cost least together and keep their distance from each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from shapely.geometry.base import BaseGeometry

from steppe.routing.terrain.cost_grid import CostGrid, Whole
from steppe.routing.terrain.grid_graph import make_graph
from steppe.routing.terrain.point_to_point import NoWayError
from steppe.routing.terrain.steps import Cell, Neighbours, prepare_steps
from steppe.routing.ways.apart_km import Keeping
from steppe.routing.ways.apart_pair import NoPair, find_apart_pair
from steppe.routing.ways.apart_question import ApartQuestion
from steppe.routing.ways.pair_of_ways import PairOfWays
from steppe.routing.ways.way_graph import Way, WayGraph


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
class CellPair(PairOfWays[CellRoute]):
    """Two routes over cells that keep their distance.

    Parameters
    ----------
    first, second, cost, lower_bound
        See `PairOfWays`.
    apart_km
        How near the two lines through the middles of their cells come outside the end zones, km; inf where
        both lie in them.
    """

    apart_km: float


def find_pair(  # noqa: PLR0913 (the question has so many parts)
    grid: CostGrid,
    start: Cell,
    end: Cell,
    *,
    apart_km: float,
    end_zone_km: float,
    keep_off: Sequence[BaseGeometry] = (),
    neighbours: Neighbours = 16,
) -> CellPair | NoPair:
    """Find two routes of least cost together that are apart outside the zones round their ends.

    What is asked is exact on the cells: the middles of a cell of the one route and of a cell of the other, both
    outside the end zones, are so far apart that the lines through them are nowhere nearer than `apart_km` outside the
    discs about the two ends, see `steppe.routing.ways.apart_km.Keeping`.  Lines to be kept off are held to the same.

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
    CellPair or NoPair
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
        self.keeping  # noqa: B018 (refuses its zones)

    @cached_property
    def keeping(self) -> Keeping:
        """What is kept apart, and where."""
        step_km = float(np.hypot(1, 2 if self.neighbours > 8 else 1)) * self.grid.cell_km  # noqa: PLR2004
        return Keeping(self.end_zone_km, step_km, self.keep_off)

    @cached_property
    def graph(self) -> WayGraph:
        """The cells and steps."""
        return make_graph(self.grid, self.neighbours)

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
        question = self.keeping.ask(self.graph, start, end, apart_km)
        if not np.isfinite(question.least_cost):
            msg = f"no way leads from {self.ends[0]} to {self.ends[1]}"
            raise NoWayError(msg)
        return question

    def bound_reach(self) -> float:
        """Return how far apart cells of two routes can be kept at the most, km, as far as ends alone tell."""
        n_columns = self.grid.shape[1]
        start, end = (row * n_columns + column for row, column in self.ends)
        return self.keeping.bound_km(self.graph, start, end)

    def find(self, apart_km: float) -> CellPair | NoPair:
        """Find two routes so far apart, see `find_pair`."""
        question = self.ask(apart_km)
        if question.reach_km > self.bound_reach():
            return NoPair(np.inf)
        found = find_apart_pair(question)
        return found if isinstance(found, NoPair) else self.make_pair(found)

    def make_pair(self, found: PairOfWays[Way]) -> CellPair:
        """Return a pair as cells, and how near its routes come to each other."""
        routes = [
            CellRoute(np.column_stack(np.divmod(way.nodes, self.grid.shape[1])), way.cost, way.km)
            for way in (found.first, found.second)
        ]
        apart_km = self.keeping.measure(self.graph, found.first, found.second)
        return CellPair(routes[0], routes[1], found.cost, found.lower_bound, apart_km)
