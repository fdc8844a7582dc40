"""A way of least cost between two cells, with a bound on what it may cost too much."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np

from steppe.routing.terrain.accumulation import accumulate_steps, settle
from steppe.routing.terrain.blocks import average, find_near, open_blocks
from steppe.routing.terrain.bucket_search import (
    Queue,
    find_meeting,
    follow_back,
    open_queue,
    spread,
    tell_course,
)
from steppe.routing.terrain.cost_grid import MOST_SPAN, CostGrid, Floats, Whole
from steppe.routing.terrain.steps import MARGIN, Cell, Neighbours, Steps, prepare_steps

_BLOCK_CELLS = 8
_CORRIDOR_BLOCKS = 6
_SMALL_CELLS = 1 << 16
# Parts of the farthest: where the first way is poor, the searches meet long before.
_STAGES = (0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
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
    A way through a corridor round the best way over blocks costs U, and searches from both ends go in stages
    as far as U / (2 (1 + within)).  A cheaper way than twice as far as they came has a cell that both come to,
    so what they meet at is best of all, or nothing costs less than twice that (Pohl, Bi-directional search,
    Machine Intelligence 6, 1971).  Memory: 20 bytes a cell where costs are float32.
    """
    # From whichever end comes first, so that the way back is the same.
    if tuple(start) > tuple(end):
        turned = find_way(grid, end, start, neighbours=neighbours, within=within)
        return replace(turned, cells=turned.cells[::-1])
    steps = prepare_steps(grid, neighbours)
    source, target = steps.find_places([start, end])
    if source == target:
        return Way(np.array([start], dtype=np.int64), 0.0, 0.0, 1)
    reached = np.empty(len(steps.cost))
    known, most, n_corridor = None, np.inf, 0
    if len(steps.cost) > _SMALL_CELLS:
        known, most, n_corridor = _find_in_corridor(grid, steps, (start, end), reached)
    if known is None:
        n_settled = _spread_from(steps, reached, source, target=target)
        cost = float(reached[target])
        if not np.isfinite(cost):
            msg = f"no way leads from the cell {tuple(start)} to the cell {tuple(end)}"
            raise NoWayError(msg)
        way = steps.find_cells(follow_back(steps.layout, reached, target))
        return Way(way, cost, cost * (1.0 - _ROUNDING), n_corridor + n_settled)
    back = np.empty(len(steps.cost))
    half = most / (1.0 + within) * 0.5 * (1.0 + _ROUNDING)
    found = _meet(steps, (reached, back), (source, target), half, within)
    if found.cost <= most:
        to_meeting = follow_back(steps.layout, reached, found.place)
        from_meeting = follow_back(steps.layout, back, found.place)[::-1]
        known = steps.find_cells(np.concatenate((to_meeting, from_meeting[1:])))
        most = found.cost
    lower_bound = min(most, 2.0 * found.radius) * (1.0 - _ROUNDING)
    return Way(known, most, lower_bound, n_corridor + found.n_settled)


@dataclass(frozen=True)
class _Meeting:
    """The place with the least sum of costs from both ends, how far either search came, and their cells."""

    cost: float
    place: int
    radius: float
    n_settled: int


def _meet(
    steps: Steps, reached: tuple[Floats, Floats], ends: tuple[int, int], most: float, within: float
) -> _Meeting:
    """Search from both ends at once, until what they meet at is proved or they came as far as `most`."""
    nowhere = np.empty(0, dtype=np.int64)
    queues = [open_queue(steps.n_buckets) for _ in ends]

    def begin(costs: Floats, end: int) -> None:
        costs.fill(np.inf)
        costs[end] = 0.0

    def go_on(costs: Floats, end: int, queue: Queue, radius: float) -> Queue:
        begins = np.array([end])
        return spread(steps.layout, steps.bucket, costs, begins, nowhere, radius, queue)

    with ThreadPoolExecutor(len(ends)) as pool:
        list(pool.map(begin, reached, ends))
        for stage in _STAGES:
            radius = most * stage
            queues = list(pool.map(go_on, reached, ends, queues, [radius] * len(ends)))
            cost, place = find_meeting(*reached)
            if cost <= 2.0 * radius * (1.0 + within):
                break
    return _Meeting(cost, place, radius, sum(tell_course(queue)[0] for queue in queues))


def _spread_from(
    steps: Steps, reached: Floats, place: int, *, target: int | None = None, most: float = np.inf
) -> int:
    """Write costs from a place, the least where they are at most `most`; return how many cells were settled."""
    reached.fill(np.inf)
    return _spread_within(steps, reached, place, target=target, most=most)


def _spread_within(
    steps: Steps, reached: Floats, place: int, *, target: int | None = None, most: float = np.inf
) -> int:
    """Do the same over the cells of which `reached` is inf; no way is cheaper than -inf."""
    reached[place] = 0.0
    targets = np.array([] if target is None else [target], dtype=np.int64)
    n_settled, _ = settle(steps, reached, np.array([place]), targets=targets, most=most)
    return n_settled


def _find_in_corridor(
    grid: CostGrid, steps: Steps, ends: tuple[Cell, Cell], reached: Floats
) -> tuple[Whole | None, float, int]:
    """Return the best way in a corridor, what it costs, and how many cells were settled; None where none is.

    What `reached` holds is lost.
    """
    mean = average(steps.inner, _BLOCK_CELLS)
    dearest = grid.span[0] * MOST_SPAN
    coarse_cost = np.where(np.isfinite(mean), np.minimum(mean, dearest), np.inf)
    coarse = CostGrid(coarse_cost, grid.cell_m * _BLOCK_CELLS)
    one, other = ((row // _BLOCK_CELLS, column // _BLOCK_CELLS) for row, column in ends)
    found = accumulate_steps(prepare_steps(coarse, 16), [one], targets=[other])
    if not np.isfinite(found.cost[other]):
        return None, np.inf, 0
    reached.fill(-np.inf)
    whole = reached.reshape(-1, steps.stride)[MARGIN:-MARGIN, MARGIN:-MARGIN]
    open_blocks(whole, find_near(found.trace(*other), coarse.shape, _CORRIDOR_BLOCKS), _BLOCK_CELLS)
    source, target = steps.find_places(ends)
    n_settled = found.n_settled + _spread_within(steps, reached, source, target=target)
    cost = float(reached[target])
    way = None
    if np.isfinite(cost):
        way = steps.find_cells(follow_back(steps.layout, reached, target))
    return way, cost, n_settled
