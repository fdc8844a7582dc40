"""What every place of a block of cells is worth, compiled."""

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray

SQUARE = 64
"""Places to a side of what is looked through at once."""
UNIT = 1e9
"""Means are told in parts of it: what their sums lose makes no difference between equals."""


@numba.njit(cache=True, nogil=True)
def rate_places(
    scores: NDArray[np.floating],
    free: NDArray[np.bool_],
    side: tuple[int, int],
    box: tuple[int, int, int, int],
) -> NDArray[np.int64]:
    """Return the mean scores of the blocks at some places, in parts of `UNIT`; -1 of those that are not free.

    Rows are added up from the left, then down, so that a place is worth the same in any box.

    Parameters
    ----------
    scores, free
        Shape (rows, columns); a cell of NaN is not free.
    side
        Rows and columns of a block.
    box
        First row, last, first column, last of the places, which are upper left cells; the last not in it.

    Returns
    -------
    NDArray
        Shape of the box.
    """
    top, bottom, left, right = box
    height, width = side
    n_rows, n_columns = bottom - top, right - left
    line = np.empty(n_columns + width - 1)
    across = np.empty((n_rows + height - 1, n_columns))
    for row in range(n_rows + height - 1):
        for column in range(n_columns + width - 1):
            score = scores[top + row, left + column]
            is_free = free[top + row, left + column] and not np.isnan(score)
            line[column] = score if is_free else -np.inf
        own = across[row]
        own[:] = line[:n_columns]
        for aside in range(1, width):
            for column in range(n_columns):
                own[column] += line[column + aside]
    worth = np.empty((n_rows, n_columns), dtype=np.int64)
    total = np.empty(n_columns)
    for row in range(n_rows):
        total[:] = across[row]
        for below in range(1, height):
            for column in range(n_columns):
                total[column] += across[row + below, column]
        for column in range(n_columns):
            mean = total[column] / (height * width)
            worth[row, column] = int(np.rint(mean * UNIT)) if mean >= 0.0 else -1
    return worth


@numba.njit(cache=True, nogil=True)
def find_best_of_line(worth: NDArray[np.int64], top: int) -> NDArray[np.int64]:
    """Return the first best place of each square of a line of squares: less its worth, row, column.

    Parameters
    ----------
    worth
        Shape (rows, columns), at most `SQUARE` rows.
    top
        Row of its first places.

    Returns
    -------
    NDArray
        Shape (squares, 3); 1 in the first column where no place is free.
    """
    n_rows, n_columns = worth.shape
    n_squares = -(-n_columns // SQUARE)
    found = np.ones((n_squares, 3), dtype=np.int64)
    for row in range(n_rows):
        for column in range(n_columns):
            square = column // SQUARE
            if worth[row, column] >= 0 and -worth[row, column] < found[square, 0]:
                found[square] = (-worth[row, column], top + row, column)
    return found
