"""A way of least cost between two cells, with a bound on what it may cost too much."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np

from steppe.routing.terrain.accumulation import accumulate_steps, settle
from steppe.routing.terrain.blocks import average
from steppe.routing.terrain.bucket_search import (
    Queue,
    find_meeting,
    follow_back,
    is_spent,
    open_queue,
    spread,
    tell_course,
    tell_written,
)
from steppe.routing.terrain.cost_grid import MOST_SPAN, CostGrid, Floats, Whole
from steppe.routing.terrain.steps import Cell, Neighbours, Steps, prepare_steps

_BLOCK_CELLS = 8
_SMALL_CELLS = 1 << 16
# Where a way costs what is expected, the searches meet as they have come half as far; each further stage is longer.
_FIRST_STAGE, _LEAST_FURTHER, _FASTER = 0.47, 0.01, 1.3
_NOWHERE: Whole = np.empty(0, dtype=np.int64)
_ROUNDING = 1e-12
"""What sums of a way's steps from either end may differ by, as a part of them."""


class NoWayError(ValueError):
    """Barriers lie between the two ends."""


@dataclass(frozen=True, eq=False)
class Way:
    """A way over the cells of a grid.

    Parameters
    ----------
    cells
        Rows and columns from the start to the end, shape (n, 2).
    cost
        What it costs.
    lower_bound
        No way costs less: proved by the search.
    n_cells_touched
        How many cells the search settled.
    """

    cells: Whole
    cost: float
    lower_bound: float
    n_cells_touched: int


def find_way(
    grid: CostGrid,
    start: Cell,
    end: Cell,
    *,
    neighbours: Neighbours = 16,
    within: float = 0.001,
) -> Way:
    """Find a way between two cells that costs at most `1 + within` times `lower_bound`.

    Parameters
    ----------
    grid
        What a way costs.
    start, end
        Row and column.
    neighbours
        See `steppe.routing.terrain.accumulation.accumulate`.
    within
        0 for the best way itself.

    Raises
    ------
    NoWayError
        Where barriers lie between.
    ValueError
        Where an end is a barrier or lies outside.

    Notes
    -----
    Searches from both ends go in stages, as far as the way over blocks lets expect and then on.  A way that
    costs less than twice as far as they came has a cell that both come to, so what they meet at is best of
    all, or nothing costs less than that (Pohl, Bi-directional search, Machine Intelligence 6, 1971).
    Memory: 16 bytes a cell of the rows that the searches come to, and the costs once more.
    """
    # From whichever end comes first, so that the way back is the same.
    if tuple(start) > tuple(end):
        turned = find_way(grid, end, start, neighbours=neighbours, within=within)
        return replace(turned, cells=turned.cells[::-1])
    steps = prepare_steps(grid, neighbours)
    source, target = (int(place) for place in steps.find_places([start, end]))
    if source == target:
        return Way(np.array([start], dtype=np.int64), 0.0, 0.0, 1)
    if len(steps.cost) > _SMALL_CELLS:
        expected = _expect(grid, steps, (start, end))
        places, met = _search_both(steps, (source, target), expected, within)
    else:
        places, met = _search_one(steps, source, target)
    if not len(places):
        msg = f"no way leads from the cell {tuple(start)} to the cell {tuple(end)}"
        raise NoWayError(msg)
    lower_bound = min(met.cost, 2.0 * met.radius) * (1.0 - _ROUNDING)
    return Way(steps.find_cells(places), met.cost, lower_bound, met.n_settled)


@dataclass(frozen=True)
class _Meeting:
    """What the best way costs that was found, how far either search came, and how many cells they settled."""

    cost: float
    radius: float
    n_settled: int


def _search_one(steps: Steps, source: int, target: int) -> tuple[Whole, _Meeting]:
    """Search from one end until the other is settled; return the places of the way, none where there is none."""
    reached = np.full(len(steps.cost), np.inf)
    reached[source] = 0.0
    n_settled, _ = settle(steps, reached, np.array([source]), targets=np.array([target]))
    cost = float(reached[target])
    places = follow_back(steps.layout, reached, target) if np.isfinite(cost) else _NOWHERE
    return places, _Meeting(cost, np.inf, n_settled)


def _search_both(
    steps: Steps, ends: tuple[int, int], expected: float, within: float
) -> tuple[Whole, _Meeting]:
    """Search from both ends at once, until what they meet at is proved or one has nowhere left to go.

    Parameters
    ----------
    steps
        The grid.
    ends
        Two places.
    expected
        What a way may cost, a guess.
    within
        Half of it is kept in hand: it costs as many cells in a thousand.

    Returns
    -------
    tuple
        Places of the way, none where there is none, and what it costs.
    """
    reached = np.empty(len(steps.cost)), np.empty(len(steps.cost))
    queues = [open_queue(steps.n_buckets, only=end) for end in ends]
    for costs, end in zip(reached, ends, strict=True):
        costs[end] = 0.0

    def go_on(costs: Floats, end: int, queue: Queue) -> Queue:
        begins = np.array([end])
        return spread(steps.layout, steps.bucket, costs, begins, _NOWHERE, radius, queue)

    radius, further = _FIRST_STAGE * expected, _LEAST_FURTHER
    with ThreadPoolExecutor(len(ends)) as pool:
        while True:
            queues = list(pool.map(go_on, reached, ends, queues))
            cost, place = _meet(reached, queues)
            is_proved = cost <= 2.0 * radius * (1.0 + 0.5 * within)
            if is_proved or any(is_spent(queue) for queue in queues):
                break
            if np.isfinite(cost):
                radius = 0.5 * cost / (1.0 + 0.5 * within) * (1.0 + _ROUNDING)
            else:
                radius, further = radius * (1.0 + further), further * _FASTER
    n_settled = sum(tell_course(queue)[0] for queue in queues)
    if not np.isfinite(cost):
        return _NOWHERE, _Meeting(cost, radius, n_settled)
    there, back = (follow_back(steps.layout, costs, place) for costs in reached)
    # A search that has nowhere left to go has come as far as any way.
    radius = radius if is_proved else np.inf
    return np.concatenate((there, back[::-1][1:])), _Meeting(cost, radius, n_settled)


def _meet(reached: tuple[Floats, Floats], queues: Sequence[Queue]) -> tuple[float, int]:
    """Return the least sum of costs from both ends, and where it is."""
    written = [tell_written(queue) for queue in queues]
    first, last = max(low for low, _ in written), min(high for _, high in written)
    return find_meeting(*reached, first, min(last, len(reached[0])))


def _expect(grid: CostGrid, steps: Steps, ends: tuple[Cell, Cell]) -> float:
    """Return what a way may cost: that of the best one over blocks, or where there is none the air way's."""
    mean = average(steps.inner, _BLOCK_CELLS)
    dearest = grid.span[0] * MOST_SPAN
    coarse_cost = np.where(np.isfinite(mean), np.minimum(mean, dearest), np.inf)
    coarse = CostGrid(coarse_cost, grid.cell_m * _BLOCK_CELLS)
    one, other = ((row // _BLOCK_CELLS, column // _BLOCK_CELLS) for row, column in ends)
    found = accumulate_steps(prepare_steps(coarse, 16), [one], targets=[other])
    if 0.0 < found.cost[other] < np.inf:
        return float(found.cost[other])
    (row, column), (to_row, to_column) = ends
    return float(np.hypot(to_row - row, to_column - column)) * grid.cell_km * grid.span[0]
