"""What distance between two routes costs, and how far apart two can be at the most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from shapely.geometry.base import BaseGeometry

from steppe.routing.terrain.cost_grid import CostGrid, Floats
from steppe.routing.terrain.pair import CellPair, PairField
from steppe.routing.terrain.point_to_point import NoWayError
from steppe.routing.terrain.steps import Cell, Neighbours
from steppe.routing.ways.apart_pair import MOST_ARCS, NoPair, find_apart_pair
from steppe.routing.ways.apart_question import SLACK_KM
from steppe.routing.ways.pair_bound import bound_reach
from steppe.routing.ways.pair_of_ways import PairOfWays
from steppe.routing.ways.way_graph import Way

_FEW_CELLS = 1_000  # among whose distances the largest is found to the last
_CLOSE_CELLS = 0.5  # on greater grids the search ends at so many sides of a cell


@dataclass(frozen=True, eq=False)
class LargestApart:
    """How far apart two routes can be.

    Parameters
    ----------
    pair
        Two routes that are that far apart, not the cheapest such; None where no two are apart at all.
    apart_km
        The distance that they were asked to keep, and do.
    most_km
        No two routes keep more.
    """

    pair: CellPair | None
    apart_km: float
    most_km: float

    @property
    def is_proven(self) -> bool:
        """Return whether no two routes keep more."""
        return self.most_km <= self.apart_km


def find_frontier(  # noqa: PLR0913 (the question of `find_pair`)
    grid: CostGrid,
    start: Cell,
    end: Cell,
    aparts_km: Sequence[float],
    *,
    end_zone_km: float,
    keep_off: Sequence[BaseGeometry] = (),
    neighbours: Neighbours = 16,
) -> list[tuple[float, CellPair | NoPair]]:
    """Find the pair of least cost for each of some distances, in rising order.

    A pair is one for lesser distances too, and what is proven of a distance holds for greater ones: costs and
    bounds never fall from one to the next.

    Parameters
    ----------
    grid, start, end, end_zone_km, keep_off, neighbours
        See `steppe.routing.terrain.pair.find_pair`.
    aparts_km
        Distances.

    Raises
    ------
    NoWayError, ValueError
        As `find_pair` does.
    """
    field = PairField(grid, (start, end), end_zone_km, tuple(keep_off), neighbours)
    found: list[tuple[float, CellPair | NoPair]] = []
    bound = 0.0
    for apart_km in sorted(set(aparts_km)):
        answer: CellPair | NoPair = NoPair(np.inf) if bound == np.inf else field.find(apart_km)
        bound = max(bound, answer.lower_bound)
        found.append((apart_km, replace(answer, lower_bound=bound)))
    cheapest: CellPair | None = None
    for number in range(len(found) - 1, -1, -1):
        apart_km, answer = found[number]
        if isinstance(answer, CellPair) and (cheapest is None or answer.cost <= cheapest.cost):
            cheapest = answer
        elif cheapest is not None:
            found[number] = apart_km, replace(cheapest, lower_bound=answer.lower_bound)
    return found


def find_largest_apart(
    grid: CostGrid,
    start: Cell,
    end: Cell,
    *,
    end_zone_km: float,
    keep_off: Sequence[BaseGeometry] = (),
    neighbours: Neighbours = 16,
) -> LargestApart:
    """Find how far apart two routes can be, at whatever cost.

    The distances between cells are searched by halves.  On small grids the answer is proven; on others two
    routes are only looked for, and `most_km` is how far apart the nodes lie at the most where the ground is narrowest.

    Parameters
    ----------
    grid, start, end, end_zone_km, keep_off, neighbours
        See `steppe.routing.terrain.pair.find_pair`.

    Raises
    ------
    NoWayError, ValueError
        As `find_pair` does.
    """
    field = PairField(grid, (start, end), end_zone_km, tuple(keep_off), neighbours)
    apart_km = _list_distances(field)
    is_small = grid.cost.size <= _FEW_CELLS
    close_km = 0.0 if is_small else _CLOSE_CELLS * grid.cell_km
    narrow_km = min(bound_reach(field.ask(0.0)), field.bound_reach())
    narrow_km = field.keeping.apart_km(narrow_km + SLACK_KM)
    low, high = 0, int(np.searchsorted(apart_km, narrow_km, side="right"))
    most_km = float(apart_km[high - 1])
    found: PairOfWays[Way] | NoPair
    pair: PairOfWays[Way] | None = None
    while high - low > 1 and apart_km[high - 1] - apart_km[low] > close_km:
        middle = (low + high) // 2
        try:
            found = find_apart_pair(
                field.ask(float(apart_km[middle])),
                most_arcs=MOST_ARCS if is_small else 0,
                hint=None if pair is None else pair.first,
                is_any_enough=True,
            )
        except NoWayError:
            found = NoPair(np.inf)
        if isinstance(found, PairOfWays):
            low, pair = middle, found
        else:
            high = middle
            if found.is_proven:
                most_km = float(apart_km[middle - 1])
    return LargestApart(
        None if pair is None else field.make_pair(pair), float(apart_km[low]), most_km
    )


def _list_distances(field: PairField) -> Floats:
    """Return the distances that lines over the cells of a grid may be asked to keep, rising, 0 first."""
    rows, columns = (np.arange(n_cells, dtype=np.int64) ** 2 for n_cells in field.grid.shape)
    between_km = np.sqrt(np.unique(rows[:, None] + columns)) * field.grid.cell_km
    kept = [field.keeping.apart_km(each) for each in between_km.tolist()]
    return np.unique(np.array([0.0, *kept]))
