"""Square blocks of cells: the grid made coarse, and a corridor of blocks made fine again."""

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray

from steppe.routing.terrain.cost_grid import Floats, Whole


@numba.njit(cache=True, nogil=True)
def average(cost: NDArray[np.floating], side: int) -> Floats:
    """Return the harmonic mean cost of blocks of `side` x `side` cells, shape (blocks down, blocks across).

    A way looks for what is cheap, so a narrow road counts for more than in a plain mean.  Barriers within a
    block make it dearer; one of barriers alone is one.

    Parameters
    ----------
    cost
        Shape (rows, columns), inf or NaN for a barrier.
    side
        Cells to a side of a block; blocks at the far edges are cut short.
    """
    n_rows, n_columns = cost.shape
    down, across = -(-n_rows // side), -(-n_columns // side)
    mean, sums = np.empty((down, across)), np.empty(across)
    for block in range(down):
        sums[:] = 0.0
        first, last = block * side, min((block + 1) * side, n_rows)
        for row in range(first, last):
            for column in range(n_columns):
                if cost[row, column] < np.inf:
                    sums[column // side] += 1.0 / cost[row, column]
        for at in range(across):
            n_all = (last - first) * (min((at + 1) * side, n_columns) - at * side)
            mean[block, at] = n_all / sums[at] if sums[at] > 0.0 else np.inf
    return mean


def open_blocks(reached: Floats, is_open: NDArray[np.bool_], side: int) -> None:
    """Write inf into the cells of blocks of `side` x `side` cells that are open, shape (rows, columns)."""
    for block, column in np.argwhere(is_open):
        rows = slice(block * side, (block + 1) * side)
        reached[rows, column * side : (column + 1) * side] = np.inf


def find_near(way: Whole, shape: tuple[int, int], n_blocks: int) -> NDArray[np.bool_]:
    """Tell which blocks lie within a number of blocks, counted in rows or columns, of a way's, shape `shape`."""
    is_near = np.zeros(shape, dtype=bool)
    for row, column in way:
        top, left = max(row - n_blocks, 0), max(column - n_blocks, 0)
        is_near[top : row + n_blocks + 1, left : column + n_blocks + 1] = True
    return is_near
