"""The steps from cell to cell, and the grid laid out for searches: a strip of barriers all round."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from steppe.layers.cores import spread_over_cores
from steppe.routing.terrain.cost_grid import CostGrid, Floats, Whole

Neighbours = Literal[8, 16]
Cell = tuple[int, int]

MARGIN = 2
"""Barriers round the grid: as many as a step is long, so that no search asks where the grid ends."""

_TO_EIGHT = ((-1, 0), (0, -1), (0, 1), (1, 0), (-1, -1), (-1, 1), (1, -1), (1, 1))
_KNIGHTS = ((-2, -1), (-2, 1), (-1, -2), (-1, 2), (1, -2), (1, 2), (2, -1), (2, 1))
# A width below this part of the greatest step makes a queue of more buckets than fit a cache.
_MOST_BUCKETS = 1 << 16
_ROWS_AT_ONCE = 512
# float32 costs of smaller grids are widened, which changes none: one compiled search less.
_SINGLE_FROM_CELLS = 1 << 22


@dataclass(frozen=True, eq=False)
class Steps:
    """A grid as one row of cells, and where steps lead in it.

    Parameters
    ----------
    cost
        Cost per km of the grid with its margin, row after row; inf where none may pass.
    shape
        Rows and columns of the grid without its margin.
    offsets
        Where steps lead, shape (8 or 16,): four sides, four diagonals, eight knights' moves.
    beside
        The two cells that a step passes between or through, shape (8 or 16, 2); a side's are its own start.
    part_km
        Length of a step over the number of cells whose costs are its mean: two, of a knight's move four.
    bucket
        Cost of a bucket of the queue.
    n_buckets
        How many buckets a step may span: a power of two.
    """

    cost: NDArray[np.floating]
    shape: Cell
    offsets: Whole
    beside: Whole
    part_km: Floats
    bucket: float
    n_buckets: int

    @property
    def stride(self) -> int:
        """Cells from one row to the next."""
        return self.shape[1] + 2 * MARGIN

    @property
    def layout(self) -> tuple[NDArray[np.floating], Whole, Whole, Floats]:
        """What a search needs of it."""
        return self.cost, self.offsets, self.beside, self.part_km

    @property
    def inner(self) -> NDArray[np.floating]:
        """The costs without the margin, shape (rows, columns)."""
        return self.cost.reshape(-1, self.stride)[MARGIN:-MARGIN, MARGIN:-MARGIN]

    def find_places(self, cells: Iterable[Cell]) -> Whole:
        """Return where cells stand in the row, shape (n,).

        Raises
        ------
        ValueError
            Where one lies outside the grid or is a barrier.
        """
        places = []
        for row, column in cells:
            if not (0 <= row < self.shape[0] and 0 <= column < self.shape[1]):
                msg = f"the cell ({row}, {column}) lies outside the grid of {self.shape}"
                raise ValueError(msg)
            place = (int(row) + MARGIN) * self.stride + int(column) + MARGIN
            if not np.isfinite(self.cost[place]):
                msg = f"the cell ({row}, {column}) is a barrier"
                raise ValueError(msg)
            places.append(place)
        return np.array(places, dtype=np.int64)

    def find_cells(self, places: Whole) -> Whole:
        """Return rows and columns of places, shape (n, 2)."""
        rows, columns = np.divmod(places, self.stride)
        return np.column_stack((rows - MARGIN, columns - MARGIN))


def prepare_steps(grid: CostGrid, neighbours: Neighbours = 16) -> Steps:
    """Lay a grid out for searches.

    A step costs its length times the mean cost of the cells that it touches: the two that it joins
    (van Etten, gdistance; MCP_Geometric of scikit-image), and for a knight's move the two between them as well
    (r.cost -k of GRASS).  It touches no barrier, nor does a diagonal step slip between two cells of which one is.

    Raises
    ------
    ValueError
        Where neighbours is neither 8 nor 16.
    """
    if neighbours not in (8, 16):
        msg = f"a cell has 8 or 16 neighbours, not {neighbours}"
        raise ValueError(msg)
    n_rows, n_columns = grid.shape
    stride = n_columns + 2 * MARGIN
    kind = np.float64 if grid.cost.size < _SINGLE_FROM_CELLS else grid.cost.dtype
    cost = np.empty((n_rows + 2 * MARGIN, stride), dtype=kind)
    cost[:MARGIN], cost[-MARGIN:] = np.inf, np.inf
    cost[:, :MARGIN], cost[:, -MARGIN:] = np.inf, np.inf
    inner = cost[MARGIN:-MARGIN, MARGIN:-MARGIN]

    def lay(first: int) -> None:
        rows = slice(first, first + _ROWS_AT_ONCE)
        # The lesser of two of which one is NaN is the other.
        np.fmin(grid.cost[rows], np.inf, out=inner[rows], casting="same_kind")

    # Memory that is taken for the first time costs more than what is written into it.
    spread_over_cores(lay, range(0, n_rows, _ROWS_AT_ONCE))
    moves = np.array((_TO_EIGHT + _KNIGHTS)[:neighbours], dtype=np.int64)
    first, second = find_beside(moves)
    touched = np.where(np.abs(moves).max(axis=1) == 1, 2.0, 4.0)
    part_km = np.hypot(moves[:, 0], moves[:, 1]) * grid.cell_km / touched
    least, greatest = grid.span
    greatest_step = greatest * float((part_km * touched).max())
    # Below the least step, buckets settle each cell once; wider ones settle some again, and right all the same.
    bucket = max(min(least, greatest) * grid.cell_km, greatest_step / _MOST_BUCKETS) or 1.0
    n_buckets = 1 << int(np.ceil(np.log2(greatest_step / bucket + 3.0)))
    return Steps(
        cost=cost.reshape(-1),
        shape=grid.shape,
        offsets=moves @ (stride, 1),
        beside=np.column_stack((first @ (stride, 1), second @ (stride, 1))),
        part_km=part_km,
        bucket=bucket,
        n_buckets=n_buckets,
    )


def find_beside(moves: Whole) -> tuple[Whole, Whole]:
    """Return the two cells that each move passes, shapes (n, 2); (0, 0) where it passes none.

    A diagonal step passes the corner of two cells; a knight's move runs through one beside its start and one
    beside its end.
    """
    signs = np.sign(moves)
    is_long = np.abs(moves) == 2  # noqa: PLR2004 (the long leg of a knight's move)
    is_knight, is_side = is_long.any(axis=1), (moves == 0).any(axis=1)
    first = np.where(is_knight[:, None], signs * is_long, signs * (1, 0))
    second = np.where(is_knight[:, None], moves - signs * is_long, signs * (0, 1))
    first[is_side], second[is_side] = 0, 0
    return first, second
