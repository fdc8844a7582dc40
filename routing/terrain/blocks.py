"""Square blocks of cells: the grid made coarse."""

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray

from steppe.routing.terrain.cost_grid import Floats


@numba.njit(cache=True, nogil=True)
def average(cost: NDArray[np.floating], side: int) -> Floats:
    """Return the harmonic mean cost of blocks of `side` x `side` cells, shape (blocks down, blocks across).

    A way looks for what is cheap, so a narrow road counts for more than in a plain mean.  Barriers within a
    block make it dearer; one of barriers alone is one.

    Parameters
    ----------
    cost
        Shape (rows, columns), inf for a barrier.
    side
        Cells to a side of a block; blocks at the far edges are cut short.
    """
    n_rows, n_columns = cost.shape
    down, across = -(-n_rows // side), -(-n_columns // side)
    mean, sums = np.empty((down, across)), np.empty(n_columns)
    for block in range(down):
        sums[:] = 0.0
        first, last = block * side, min((block + 1) * side, n_rows)
        for row in range(first, last):
            for column in range(n_columns):
                # 0 of a barrier.
                sums[column] += 1.0 / np.float64(cost[row, column])
        for at in range(across):
            left, right = at * side, min((at + 1) * side, n_columns)
            total = sums[left:right].sum()
            mean[block, at] = (last - first) * (right - left) / total if total > 0.0 else np.inf
    return mean
