"""Least cost over grids that are larger than memory: tile after tile, the cheapest front first."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
from numpy.typing import NDArray

from steppe.routing.terrain.accumulation import settle
from steppe.routing.terrain.bucket_search import follow_back
from steppe.routing.terrain.cost_grid import CostGrid, Floats, Whole
from steppe.routing.terrain.steps import MARGIN, Cell, Neighbours, Steps, prepare_steps


@dataclass(frozen=True, eq=False)
class Window:
    """Some rows and columns of a grid, with those round them that a step may come from.

    Parameters
    ----------
    steps
        These cells, laid out for a search.
    reached
        What it costs to come to them, in the order of `steps`.
    corner
        Row and column of the first of these cells in the grid.
    core
        Which of these cells are not round the window but in it.
    """

    steps: Steps
    reached: Floats
    corner: Cell
    core: tuple[slice, slice]

    @property
    def cells(self) -> Floats:
        """The costs of `reached`, shape (rows, columns)."""
        whole = self.reached.reshape(-1, self.steps.stride)
        return whole[MARGIN:-MARGIN, MARGIN:-MARGIN]

    @property
    def is_round(self) -> NDArray[np.bool_]:
        """Which cells lie round the window, shape (rows, columns)."""
        is_round = np.ones(self.steps.shape, dtype=bool)
        is_round[self.core] = False
        return is_round


@dataclass(frozen=True, eq=False)
class TiledAccumulation:
    """What it costs at least to come to each cell.

    Parameters
    ----------
    grid
        What a way costs.
    cost
        Least cost of a way from the nearest source, shape (rows, columns), inf where there is none.
    neighbours
        8 or 16.
    tile_cells
        Side of a tile.
    n_opened
        How often a tile was opened.
    """

    grid: CostGrid
    cost: Floats
    neighbours: Neighbours
    tile_cells: int
    n_opened: int

    def has_tile(self, down: int, right: int) -> bool:
        """Tell whether there is a tile in such a row and column of tiles."""
        return self.grid.holds(down * self.tile_cells, right * self.tile_cells)

    def trace(self, row: int, column: int) -> Whole:
        """Return the cells of a way of least cost to a cell, shape (n, 2): that of `Accumulation.trace`.

        Raises
        ------
        ValueError
            Where the cell is a barrier, lies outside, or was not reached.
        """
        if not (self.grid.holds(row, column) and np.isfinite(self.cost[row, column])):
            msg = f"no way leads to the cell ({row}, {column})"
            raise ValueError(msg)
        parts: list[Whole] = []
        at = np.array([row, column])
        while self.cost[tuple(at)] > 0.0:
            window = _open_window(self, at - self.tile_cells, at + self.tile_cells + 1)
            (place,) = window.steps.find_places([tuple(at - window.corner)])
            way = window.steps.find_cells(follow_back(window.steps.layout, window.reached, place))
            # Of a cell round the window not all are seen that its step may come from.
            outside = np.flatnonzero(window.is_round[tuple(way.T)])
            begin = outside[-1] if len(outside) > 0 else 0
            parts.append(way[begin + 1 :] + window.corner)
            at = way[begin] + window.corner
        return np.concatenate([at[None, :], *parts[::-1]])


def accumulate_in_tiles(
    grid: CostGrid,
    sources: Sequence[Cell],
    cost: Floats,
    *,
    neighbours: Neighbours = 16,
    tile_cells: int = 2048,
) -> TiledAccumulation:
    """Find the least cost from the nearest of some cells to every cell, holding one tile in memory.

    Parameters
    ----------
    grid
        What a way costs; its array may be a `numpy.memmap`.
    sources
        Rows and columns that ways begin at.
    cost
        Where the costs go, float64, of the grid's shape; may be a `numpy.memmap` too.
    neighbours, tile_cells
        See `accumulate`; side of a tile.

    Raises
    ------
    ValueError
        Where a source is a barrier or lies outside, or `cost` is of another shape or type.

    Notes
    -----
    A tile is opened when a cell beside it became cheaper, the one with the cheapest such cell first, and
    improved as far as that goes; when nothing changes any more, every cost is the least, to the last digit
    that of `accumulate`.  Memory: 40 bytes for each cell of a tile at most.
    """
    if cost.shape != grid.shape or cost.dtype != np.float64:
        msg = f"the costs go into {cost.dtype} of {cost.shape}, not float64 of {grid.shape}"
        raise ValueError(msg)
    for row, column in sources:
        if grid.is_barrier(row, column):
            msg = f"the cell ({row}, {column}) is a barrier or lies outside the grid"
            raise ValueError(msg)
    cost[:] = np.inf
    unopened: dict[Cell, list[Cell]] = {}
    for row, column in sources:
        unopened.setdefault((row // tile_cells, column // tile_cells), []).append((row, column))
    due = dict.fromkeys(unopened, 0.0)
    fronts = [(0.0, tile) for tile in sorted(due)]
    found = TiledAccumulation(grid, cost, neighbours, tile_cells, 0)
    n_opened = 0
    while fronts:
        front, tile = heapq.heappop(fronts)
        if due.get(tile) != front:
            continue
        del due[tile]
        n_opened += 1
        for beside, cheapest in _improve(found, tile, unopened.pop(tile, [])).items():
            if cheapest < due.get(beside, np.inf):
                due[beside] = cheapest
                heapq.heappush(fronts, (cheapest, beside))
    return replace(found, n_opened=n_opened)


def _improve(found: TiledAccumulation, tile: Cell, sources: Sequence[Cell]) -> dict[Cell, float]:
    """Make a tile's costs the least that follow from its sources and the cells round it.

    Returns
    -------
    Of each tile beside it into which a step leads from a cell that became cheaper, the least cost of these.
    """
    low = np.array(tile, dtype=np.int64) * found.tile_cells
    window = _open_window(found, low, low + found.tile_cells)
    cells, steps = window.cells, window.steps
    before = cells[window.core].copy()
    is_begin = window.is_round & np.isfinite(cells)
    for row, column in sources:
        at = (row - window.corner[0], column - window.corner[1])
        cells[at], is_begin[at] = 0.0, True
    begins = (np.argwhere(is_begin) + MARGIN) @ (steps.stride, 1)
    begins = begins[np.argsort(window.reached[begins], kind="stable")]
    settle(steps, window.reached, begins, is_fresh=False)
    after = cells[window.core]
    top, left = low
    found.cost[top : top + after.shape[0], left : left + after.shape[1]] = after
    changed = np.where(after < before, after, np.inf)
    edges = {-1: slice(None, MARGIN), 0: slice(None), 1: slice(-MARGIN, None)}
    concerned = {
        (tile[0] + down, tile[1] + right): float(changed[edges[down], edges[right]].min())
        for down, right in product(edges, edges)
        if (down or right) and found.has_tile(tile[0] + down, tile[1] + right)
    }
    return {beside: cheapest for beside, cheapest in concerned.items() if cheapest < np.inf}


def _open_window(found: TiledAccumulation, low: Whole, high: Whole) -> Window:
    """Read the rows and columns from `low` to before `high`, as far as the grid goes."""
    shape = np.array(found.grid.shape)
    inner_low, inner_high = np.maximum(low, 0), np.minimum(high, shape)
    corner = np.maximum(inner_low - MARGIN, 0)
    end = np.minimum(inner_high + MARGIN, shape)
    rows, columns = slice(corner[0], end[0]), slice(corner[1], end[1])
    cost = np.array(found.grid.cost[rows, columns])
    steps = prepare_steps(CostGrid(cost, found.grid.cell_m), found.neighbours)
    reached = np.full(len(steps.cost), np.inf)
    top, left = inner_low - corner
    bottom, right = inner_high - corner
    core = (slice(int(top), int(bottom)), slice(int(left), int(right)))
    window = Window(steps, reached, (int(corner[0]), int(corner[1])), core)
    window.cells[:] = found.cost[rows, columns]
    return window
