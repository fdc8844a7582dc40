"""The best compact blocks of cells: near-square, whole, without a cell that anything takes."""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from steppe.layers.cores import spread_over_cores
from steppe.screening.place_kernels import SQUARE, UNIT, find_best_of_line, rate_places

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Block:
    """Rows and columns of a block, the ends not in it, and its mean score."""

    top: int
    left: int
    bottom: int
    right: int
    score: float

    @property
    def middle(self) -> tuple[float, float]:
        """Return row and column of the middle, in cells from the upper left corner of the grid."""
        return (self.top + self.bottom) / 2.0, (self.left + self.right) / 2.0

    def shares_none(self, middles: Floats, side: tuple[int, int]) -> NDArray[np.bool_]:
        """Tell which blocks of a side, rows and columns, about middles, shape (n, 2), share no cell with it."""
        rows, columns = np.abs(middles - np.array(self.middle)).T
        return np.asarray(
            (2 * rows >= self.bottom - self.top + side[0])
            | (2 * columns >= self.right - self.left + side[1])
        )

    @property
    def n_cells(self) -> int:
        """Return how many cells it has."""
        return (self.bottom - self.top) * (self.right - self.left)


def shape_block(n_cells: int) -> tuple[int, int]:
    """Return the sides of the smallest near-square rectangle of at least so many cells.

    >>> [shape_block(n) for n in (1, 2, 4, 5, 29)]
    [(1, 1), (1, 2), (2, 2), (2, 3), (5, 6)]
    """
    short = math.isqrt(n_cells)
    return short, -(-n_cells // short)


def find_blocks(
    scores: NDArray[np.floating],
    free: NDArray[np.bool_],
    n_cells: int,
    n_blocks: int,
    far_enough: Callable[[tuple[float, float], Floats], NDArray[np.bool_]],
) -> list[Block]:
    """Return the best blocks, each far enough from all better ones and beside them, the best first.

    A block is a rectangle of `shape_block`, lying or standing, all of whose cells are free and
    scored.  Of equals, to 10⁻⁹, the northernmost, then the westernmost, then the lying one is taken.
    The best place of each square of places waits in a heap; what a found block forbids is looked
    for when its square comes up.

    Parameters
    ----------
    scores
        Shape (rows, columns), 0 to 1; NaN where nothing is known.
    free
        Whether nothing takes the cell, same shape.
    n_cells, n_blocks
        Least cells of a block; how many blocks at most.
    far_enough
        From the middle of a block, row and column, and those of others, shape (n, 2): which of
        them may be taken beside it.
    """
    short, long = shape_block(n_cells)
    sides = tuple(dict.fromkeys(((short, long), (long, short))))
    squares = [
        (int(worth), int(row), int(column), kind)
        for kind, side in enumerate(sides)
        for worth, row, column in _find_best_of_squares(scores, free, side)
    ]
    heapq.heapify(squares)
    found: list[Block] = []
    while squares and len(found) < n_blocks:
        place = heapq.heappop(squares)
        _, top, left, kind = place
        height, width = sides[kind]
        middle = np.array([[top + height / 2.0, left + width / 2.0]])
        if all(
            block.shares_none(middle, sides[kind])[0] and far_enough(block.middle, middle)[0]
            for block in found
        ):
            found.append(Block(top, left, top + height, left + width, -place[0] / UNIT))
        # What is left of its square is no better than what was just looked at.
        squeezed = _find_best_left(scores, free, sides[kind], place, found, far_enough)
        if squeezed is not None:
            heapq.heappush(squares, (*squeezed, kind))
    return found


def _find_best_of_squares(
    scores: NDArray[np.floating], free: NDArray[np.bool_], side: tuple[int, int]
) -> NDArray[np.int64]:
    """Return the best place of each square of places that has one: less its worth, row, column."""
    n_rows, n_columns = (size - each + 1 for size, each in zip(free.shape, side, strict=True))
    if min(n_rows, n_columns) < 1:
        return np.zeros((0, 3), dtype=np.int64)

    def work(top: int) -> NDArray[np.int64]:
        bottom = min(top + SQUARE, n_rows)
        worth = rate_places(scores, free, side, (top, bottom, 0, n_columns))
        return find_best_of_line(worth, top)

    best = np.concatenate(spread_over_cores(work, range(0, n_rows, SQUARE)))
    return best[best[:, 0] <= 0]


def _find_best_left(
    scores: NDArray[np.floating],
    free: NDArray[np.bool_],
    side: tuple[int, int],
    place: tuple[int, int, int, int],
    found: Sequence[Block],
    far_enough: Callable[[tuple[float, float], Floats], NDArray[np.bool_]],
) -> tuple[int, int, int] | None:
    """Return the best place of the square of a place that is far enough from all blocks, if any."""
    _, row, column, _ = place
    top, left = row // SQUARE * SQUARE, column // SQUARE * SQUARE
    bottom = min(top + SQUARE, free.shape[0] - side[0] + 1)
    right = min(left + SQUARE, free.shape[1] - side[1] + 1)
    worth = rate_places(scores, free, side, (top, bottom, left, right))
    rows, columns = np.nonzero(worth >= 0)
    middles = np.column_stack([top + rows + side[0] / 2.0, left + columns + side[1] / 2.0])
    may = np.ones(len(rows), dtype=bool)
    for block in found:
        may &= block.shares_none(middles, side)
        may[may] = far_enough(block.middle, middles[may])
    if not may.any():
        return None
    values = np.where(may, worth[rows, columns], -1)
    best = int(np.argmax(values))
    return -int(values[best]), top + int(rows[best]), left + int(columns[best])
