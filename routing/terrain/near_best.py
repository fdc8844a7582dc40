"""What costs little more than the best way: the cells of such ways, and ways that truly differ."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from steppe.routing.terrain.accumulation import Accumulation, accumulate_steps
from steppe.routing.terrain.cost_grid import CostGrid, Floats, Whole
from steppe.routing.terrain.point_to_point import find_way
from steppe.routing.terrain.steps import MARGIN, Cell, Neighbours, Steps, prepare_steps
from steppe.routing.terrain.trees import find_simple, grow_tree

# Sums of the same steps from one end and from the other differ in their last digits.
_ROUNDING = 1e-9


@dataclass(frozen=True, eq=False)
class NearBest:
    """The ways between two cells that cost at most a given part more than the best.

    Parameters
    ----------
    there, back
        Least costs from the start and from the end.
    best
        What the best way costs.
    most_pct
        How much more a way may cost, % of the best.
    """

    there: Accumulation
    back: Accumulation
    best: float
    most_pct: float

    @property
    def extra_pct(self) -> Floats:
        """What the cheapest way through each cell costs more than the best, % of it.

        Shape (rows, columns); inf where it is more than `most_pct`.
        """
        extra = self.there.cost + self.back.cost
        extra -= self.best
        extra *= 100.0 / self.best if self.best > 0.0 else 1.0
        np.maximum(extra, 0.0, out=extra)
        extra[~(extra <= self.most_pct + 100.0 * _ROUNDING)] = np.inf
        return extra


@dataclass(frozen=True, eq=False)
class Alternative:
    """A way between two cells.

    Parameters
    ----------
    cells
        Rows and columns, shape (n, 2).
    cost
        What it costs.
    shared_frac
        Which part of its length lies near one of the ways before it; 0 of the first.
    """

    cells: Whole
    cost: float
    shared_frac: float


def find_near_best(
    grid: CostGrid, start: Cell, end: Cell, *, most_pct: float, neighbours: Neighbours = 16
) -> NearBest:
    """Find all cells that some way leads through which costs at most `most_pct` % more than the best.

    Parameters
    ----------
    grid
        What a way costs.
    start, end
        Row and column.
    most_pct
        How much more, % of the best.
    neighbours
        See `steppe.routing.terrain.accumulation.accumulate`.

    Raises
    ------
    NoWayError
        Where barriers lie between.
    ValueError
        Where an end is a barrier or lies outside, or `most_pct` is below 0.

    Notes
    -----
    The least cost through a cell is that from the start plus that from the end (least-cost corridors, as
    Corridor of ArcGIS and `least_cost_corridor` of xarray-spatial have them).
    """
    if not most_pct >= 0.0:
        msg = f"a way may cost {most_pct} % more"
        raise ValueError(msg)
    known = find_way(grid, start, end, neighbours=neighbours).cost
    steps = prepare_steps(grid, neighbours)
    most = known * (1.0 + most_pct / 100.0) * (1.0 + _ROUNDING)
    with ThreadPoolExecutor(2) as pool:
        there, back = pool.map(
            lambda cell: accumulate_steps(steps, [cell], most=most), (start, end)
        )
    return NearBest(there, back, float(there.cost[tuple(end)]), most_pct)


def find_alternatives(
    near: NearBest, *, n_ways: int, most_shared_frac: float, beside_km: float
) -> list[Alternative]:
    """Return the best way, and the cheapest others that share little with all that come before.

    Of the ways that are the best through some one cell (Abraham, Delling, Goldberg and Werneck,
    Alternative routes in road networks, J. Exp. Algorithmics 18, 2013), each next one is the cheapest of
    whose length at most a given part lies near those before.  Ways that come back to a cell are none.

    Parameters
    ----------
    near
        What ways may cost.
    n_ways
        How many to return at most; fewer where there are no more.
    most_shared_frac
        The most of its length that a way may share, 0 to 1.
    beside_km
        A cell within this distance of a way, between middles, is shared with it.
    """
    steps = near.there.steps
    limit = near.best * (1.0 + near.most_pct / 100.0) * (1.0 + _ROUNDING)
    through = near.there.reached + near.back.reached
    places = np.flatnonzero(through <= limit)
    through = through[places]
    there, back = (grow_tree(steps, each.reached, places) for each in (near.there, near.back))
    whole = np.ones(len(places))
    length_km = there.sum_km(whole) + back.sum_km(whole)
    by_cost = np.argsort(through, kind="stable")
    near_before = np.zeros(len(places))
    ways: list[Alternative] = []
    while len(ways) < n_ways:
        shared_km = there.sum_km(near_before) + back.sum_km(near_before)
        fits = shared_km <= most_shared_frac * length_km + _ROUNDING
        chosen, way = find_simple(by_cost[fits[by_cost]], there.before, back.before)
        if chosen < 0:
            break
        part = shared_km[chosen] / length_km[chosen] if length_km[chosen] > 0.0 else 0.0
        cells = steps.find_cells(places[way])
        ways.append(Alternative(cells, float(through[chosen]), float(part)))
        near_before[_find_beside(steps, cells, beside_km)[places]] = 1.0
    return ways


def _find_beside(steps: Steps, cells: Whole, beside_km: float) -> NDArray[np.bool_]:
    """Tell which cells have their middle within a distance of that of one of a way's, in the order of `steps`."""
    cell_km = steps.part_km[0] * 2.0
    reach = int(beside_km / cell_km + _ROUNDING)
    rows, columns = np.ogrid[-reach : reach + 1, -reach : reach + 1]
    disk = np.hypot(rows, columns) * cell_km <= beside_km + _ROUNDING
    is_near = np.zeros(steps.cost.shape, dtype=bool).reshape(-1, steps.stride)
    for row, column in cells + MARGIN:
        top, left = max(row - reach, 0), max(column - reach, 0)
        part = is_near[top : row + reach + 1, left : column + reach + 1]
        skipped = top - (row - reach), left - (column - reach)
        part |= disk[skipped[0] :, skipped[1] :][: part.shape[0], : part.shape[1]]
    return is_near.reshape(-1)
