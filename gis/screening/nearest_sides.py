"""The distances of `steppe.screening.reach`, compiled: blocks of cells and what may be their nearest."""

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray

_FEW_CELLS, _FEW_PAIRS = 16, 512
_DEEPEST = 40
_SLACK_KM = 1e-6

Floats = NDArray[np.float64]


@numba.njit(cache=True, nogil=True)
def _squared(x: float, y: float, z: float, starts: Floats, ends: Floats, side: int) -> float:
    """Return the squared straight distance of a place from a side, km²."""
    from_x, from_y, from_z = x - starts[side, 0], y - starts[side, 1], z - starts[side, 2]
    along_x, along_y = ends[side, 0] - starts[side, 0], ends[side, 1] - starts[side, 1]
    along_z = ends[side, 2] - starts[side, 2]
    length2 = along_x * along_x + along_y * along_y + along_z * along_z
    if length2 > 0.0:
        share = (from_x * along_x + from_y * along_y + from_z * along_z) / length2
        share = min(max(share, 0.0), 1.0)
        from_x, from_y = from_x - share * along_x, from_y - share * along_y
        from_z -= share * along_z
    return from_x * from_x + from_y * from_y + from_z * from_z


@numba.njit(cache=True, nogil=True)
def fill(  # noqa: C901, PLR0912 (one loop over blocks)
    cells: Floats,
    starts: Floats,
    ends: Floats,
    asked: NDArray[np.bool_],
    enough_km: float,
    found: Floats,
) -> None:
    """Write straight distances of cells to the nearest side, km.

    Blocks wait on a stack; the sides that may be the nearest of a block's cells lie in one list behind
    those of the block that it is a quarter of.

    Parameters
    ----------
    cells
        Shape (rows, columns, 3).
    starts, ends
        Sides, shape (n, 3), one at least.
    asked
        Of which cells it is asked, shape (rows, columns).
    enough_km
        Of blocks that are farther a least distance is written.
    found
        Where it goes, shape (rows, columns).
    """
    n_sides = len(starts)
    near = np.empty(2 * n_sides + 64, dtype=np.int64)
    near[:n_sides] = np.arange(n_sides)
    away = np.empty(n_sides)
    blocks = np.empty((4 * _DEEPEST, 6), dtype=np.int64)
    blocks[0] = (0, cells.shape[0], 0, cells.shape[1], 0, n_sides)
    n_blocks = 1
    while n_blocks > 0:
        n_blocks -= 1
        top, bottom, left, right, begin, end = blocks[n_blocks]
        if not asked[top:bottom, left:right].any():
            continue
        row, column = (top + bottom) // 2, (left + right) // 2
        x, y, z = cells[row, column]
        radius2 = 0.0
        for at_row in (top, bottom - 1):
            for at_column in (left, right - 1):
                dx, dy = cells[at_row, at_column, 0] - x, cells[at_row, at_column, 1] - y
                dz = cells[at_row, at_column, 2] - z
                radius2 = max(radius2, dx * dx + dy * dy + dz * dz)
        # The farthest of a block of a smooth grid is a corner, to a hair.
        radius = 1.001 * np.sqrt(radius2)
        least = np.inf
        for number in range(begin, end):
            away[number - begin] = np.sqrt(_squared(x, y, z, starts, ends, near[number]))
            least = min(least, away[number - begin])
        if least - radius >= enough_km:
            found[top:bottom, left:right] = least - radius
            continue
        n_near = 0
        for number in range(begin, end):
            if away[number - begin] <= least + 2.0 * radius + _SLACK_KM:
                n_near += 1
        if end + n_near > len(near):
            longer = np.empty(2 * (end + n_near), dtype=np.int64)
            longer[:end] = near[:end]
            near = longer
        last = end
        for number in range(begin, end):
            if away[number - begin] <= least + 2.0 * radius + _SLACK_KM:
                near[last] = near[number]
                last += 1
        n_cells = (bottom - top) * (right - left)
        if n_near == 1 or n_cells <= _FEW_CELLS or n_cells * n_near <= _FEW_PAIRS:
            for at_row in range(top, bottom):
                for at_column in range(left, right):
                    x, y, z = cells[at_row, at_column]
                    best = np.inf
                    for number in range(end, last):
                        best = min(best, _squared(x, y, z, starts, ends, near[number]))
                    found[at_row, at_column] = np.sqrt(best)
            continue
        for low, high in ((top, row), (row, bottom)):
            for west, east in ((left, column), (column, right)):
                if high > low and east > west:
                    blocks[n_blocks] = (low, high, west, east, end, last)
                    n_blocks += 1
