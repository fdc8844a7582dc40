"""The best compact blocks of cells: near-square, whole, without a cell that anything takes."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_BATCH = 50_000  # places that are put in order at once


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
    """Return the best blocks, each far enough from all better ones, the best first.

    A block is a rectangle of `shape_block`, lying or standing, all of whose cells are free and
    scored.  Of equals the northernmost, then the westernmost, then the lying one is taken.

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
    free = free & ~np.isnan(scores)
    known = np.where(free, scores, 0.0).astype(np.float64)
    short, long = shape_block(n_cells)
    sides = tuple(dict.fromkeys(((short, long), (long, short))))
    places = [_rate(known, free, *each) for each in sides]
    rows, columns, means = (np.concatenate(part) for part in zip(*places, strict=True))
    kinds = np.repeat(np.arange(len(sides)), [len(each[0]) for each in places])
    extents = np.asarray(sides, dtype=np.int64)
    found: list[Block] = []
    n_tried, least = 0, np.inf
    while len(found) < n_blocks and n_tried < len(means):
        # The next best ones, with all that equal the last of them, so that no order is cut.
        n_next = min(len(means), n_tried + _BATCH)
        floor = float(np.partition(means, len(means) - n_next)[len(means) - n_next])
        batch = np.flatnonzero((means >= floor) & (means < least))
        n_tried, least = n_tried + len(batch), floor
        batch = batch[np.lexsort((kinds[batch], columns[batch], rows[batch], -means[batch]))]
        middles = np.column_stack([rows[batch], columns[batch]]) + extents[kinds[batch]] / 2.0
        may = np.ones(len(batch), dtype=bool)
        for block in found:
            may[may] = far_enough(block.middle, middles[may])
        while may.any() and len(found) < n_blocks:
            at = batch[np.argmax(may)]
            height, width = map(int, extents[kinds[at]])
            top, left = int(rows[at]), int(columns[at])
            found.append(Block(top, left, top + height, left + width, float(means[at])))
            may[np.argmax(may)] = False
            may[may] = far_enough(found[-1].middle, middles[may])
    return found


def _rate(
    known: Floats, free: NDArray[np.bool_], height: int, width: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], Floats]:
    """Return row, column and mean score of every free place of a rectangle."""
    if height > free.shape[0] or width > free.shape[1]:
        none = np.zeros(0, dtype=np.int64)
        return none, none, np.zeros(0)
    whole = _sum_windows(free.astype(np.int64), height, width) == height * width
    rows, columns = np.nonzero(whole)
    # Rounded, so that what the running sums lose makes no difference between equals.
    means = np.round(_sum_windows(known, height, width)[whole] / (height * width), 9)
    return rows, columns, means


def _sum_windows(cells: NDArray[Any], height: int, width: int) -> NDArray[Any]:
    sums = np.zeros((cells.shape[0] + 1, cells.shape[1] + 1), dtype=cells.dtype)
    sums[1:, 1:] = cells.cumsum(axis=0).cumsum(axis=1)
    return np.asarray(
        sums[height:, width:]
        - sums[:-height, width:]
        - sums[height:, :-width]
        + sums[:-height, :-width]
    )
