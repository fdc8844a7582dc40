"""The distances of `steppe.screening.reach`, compiled: blocks of cells and what may be their nearest."""

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray

_FEW_CELLS, _FEW_PAIRS, _AT_ONCE = 16, 512, 64
_DEEPEST = 40
_SLACK_KM = 1e-6
PACK_SIDES = 32

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
def _find_radius(cells: Floats, top: int, bottom: int, left: int, right: int) -> float:
    """Return how far the cells of a block are from the one in its middle at most, km."""
    row, column = (top + bottom) // 2, (left + right) // 2
    radius2 = 0.0
    for at_row in (top, bottom - 1):
        for at_column in (left, right - 1):
            apart2 = 0.0
            for axis in range(3):
                apart = cells[at_row, at_column, axis] - cells[row, column, axis]
                apart2 += apart * apart
            radius2 = max(radius2, apart2)
    # The farthest of a block of a smooth grid is a corner, to a hair.
    return 1.001 * np.sqrt(radius2)


@numba.njit(cache=True, nogil=True)
def pick_near(
    cells: Floats, middles: Floats, radii: Floats, n_sides: int, most_km: float
) -> NDArray[np.int64]:
    """Return the sides that may be the nearest of a cell of a tile, of those that may lie within a distance.

    Parameters
    ----------
    cells
        Shape (rows, columns, 3).
    middles, radii
        Balls round packs of `PACK_SIDES` sides each, shapes (packs, 3) and (packs,).
    n_sides
        How many sides there are.
    most_km
        What is farther from all cells than that, straight, is left out.
    """
    x, y, z = cells[cells.shape[0] // 2, cells.shape[1] // 2]
    radius = _find_radius(cells, 0, cells.shape[0], 0, cells.shape[1])
    away = np.empty(len(radii))
    most = most_km + radius
    for pack in range(len(radii)):
        dx, dy, dz = x - middles[pack, 0], y - middles[pack, 1], z - middles[pack, 2]
        apart = np.sqrt(dx * dx + dy * dy + dz * dz)
        away[pack] = apart - radii[pack]
        most = min(most, apart + radii[pack] + 2.0 * radius)
    near, n_near = np.empty(n_sides, dtype=np.int64), 0
    for pack in range(len(radii)):
        if away[pack] <= most + _SLACK_KM:
            for side in range(pack * PACK_SIDES, min((pack + 1) * PACK_SIDES, n_sides)):
                near[n_near] = side
                n_near += 1
    return near[:n_near]


@numba.njit(cache=True, nogil=True)
def fill(  # noqa: C901, PLR0913, PLR0917 (one loop over blocks)
    cells: Floats,
    starts: Floats,
    ends: Floats,
    picked: NDArray[np.int64],
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
        Sides, shape (n, 3).
    picked
        Which of them may be the nearest, shape (m,), one at least.
    asked
        Of which cells it is asked, shape (rows, columns).
    enough_km
        Of blocks that are farther a least distance is written.
    found
        Where it goes, shape (rows, columns).
    """
    n_sides = len(picked)
    near = np.empty(2 * n_sides + 64, dtype=np.int64)
    near[:n_sides] = picked
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
        radius = _find_radius(cells, top, bottom, left, right)
        least = np.inf
        for number in range(begin, end):
            away[number - begin] = np.sqrt(_squared(x, y, z, starts, ends, near[number]))
            least = min(least, away[number - begin])
        if least - radius >= enough_km:
            found[top:bottom, left:right] = least - radius
            continue
        near, last = _keep(near, away, begin, end, least + 2.0 * radius + _SLACK_KM)
        n_cells = (bottom - top) * (right - left)
        n_near = last - end
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


@numba.njit(cache=True, nogil=True)
def _keep(
    near: NDArray[np.int64], away: Floats, begin: int, end: int, most: float
) -> tuple[NDArray[np.int64], int]:
    """Put the sides from `begin` to `end` that are no farther than `most` behind them; tell where they end."""
    if 2 * end - begin > len(near):
        longer = np.empty(2 * (2 * end - begin), dtype=np.int64)
        longer[:end] = near[:end]
        near = longer
    last = end
    for number in range(begin, end):
        near[last] = near[number]
        last += int(away[number - begin] <= most)
    return near, last


@numba.njit(cache=True, nogil=True)
def _place(within2: Floats, away2: float) -> int:
    """Return how many of some squared distances are less than one, and how many no more, added up."""
    place = 0
    for each in within2:
        place += int(each <= away2) + int(each < away2)
    return place


@numba.njit(cache=True, nogil=True)
def _lay_out(starts: Floats, ends: Floats, picked: NDArray[np.int64]) -> Floats:
    """Return of some sides start, way to the end, and one over its squared length, shape (m, 7)."""
    laid = np.zeros((len(picked), 7))
    for number, side in enumerate(picked):
        length2 = 0.0
        for axis in range(3):
            along = ends[side, axis] - starts[side, axis]
            laid[number, axis], laid[number, 3 + axis] = starts[side, axis], along
            length2 += along * along
        laid[number, 6] = 1.0 / length2 if length2 > 0.0 else 0.0
    return laid


@numba.njit(cache=True, nogil=True, inline="always")
def _squared_from(x: float, y: float, z: float, laid: Floats, side: np.uint64) -> float:
    """Return the squared straight distance of a place from a side of `_lay_out`, km²."""
    dx, dy, dz = x - laid[side, 0], y - laid[side, 1], z - laid[side, 2]
    share = dx * laid[side, 3] + dy * laid[side, 4] + dz * laid[side, 5]
    share = min(max(share * laid[side, 6], 0.0), 1.0)
    dx, dy = dx - share * laid[side, 3], dy - share * laid[side, 4]
    dz -= share * laid[side, 5]
    return dx * dx + dy * dy + dz * dz


@numba.njit(cache=True, nogil=True)
def _rank_few(
    cells: Floats,
    laid: Floats,
    near: NDArray[np.int64],
    within2: Floats,
    room: Floats,
    found: NDArray[np.uint8],
) -> None:
    """Do as `rank` for few cells, all of them for one side after the other, without a branch."""
    n_rows, n_columns = found.shape
    x, y, z, least2 = room[0], room[1], room[2], room[3]
    n_cells = 0
    for row in range(n_rows):
        for column in range(n_columns):
            x[n_cells], y[n_cells], z[n_cells] = cells[row, column]
            n_cells += 1
    least2[:n_cells] = np.inf
    for each in near:
        start_x, start_y, start_z, along_x, along_y, along_z, per_length2 = laid[each]
        for cell in range(n_cells):
            dx, dy, dz = x[cell] - start_x, y[cell] - start_y, z[cell] - start_z
            share = (dx * along_x + dy * along_y + dz * along_z) * per_length2
            share = min(max(share, 0.0), 1.0)
            dx, dy, dz = dx - share * along_x, dy - share * along_y, dz - share * along_z
            least2[cell] = min(least2[cell], dx * dx + dy * dy + dz * dz)
    n_cells = 0
    for row in range(n_rows):
        for column in range(n_columns):
            found[row, column] = _place(within2, least2[n_cells])
            n_cells += 1


@numba.njit(cache=True, nogil=True)
def rank(  # noqa: PLR0913, PLR0917 (one loop over blocks, for a compiler)
    cells: Floats,
    starts: Floats,
    ends: Floats,
    picked: NDArray[np.int64],
    asked: NDArray[np.bool_],
    within: Floats,
    found: NDArray[np.uint8],
) -> None:
    """Write between which distances the nearest side of each cell lies: `_place` of its straight distance.

    As `fill`, but a block whose cells have one place is done, so that only those along the bounds are looked
    at one by one.

    Parameters
    ----------
    cells, starts, ends, picked, asked
        As of `fill`.
    within
        Straight distances, km, from the least on, shape (k,).
    found
        Where it goes, shape (rows, columns).
    """
    laid, n_sides = _lay_out(starts, ends, picked), len(picked)
    within2 = within * np.abs(within)  # of a distance below nothing too
    near = np.empty(2 * n_sides + 64, dtype=np.int64)
    near[:n_sides] = np.arange(n_sides)
    away2 = np.empty(n_sides)
    blocks = np.empty((4 * _DEEPEST, 6), dtype=np.int64)
    blocks[0] = (0, cells.shape[0], 0, cells.shape[1], 0, n_sides)
    n_blocks, is_whole = 1, asked.all()
    room = np.empty((4, _AT_ONCE))
    while n_blocks > 0:
        n_blocks -= 1
        top, bottom, left, right, begin, end = blocks[n_blocks]
        if not is_whole and not asked[top:bottom, left:right].any():
            continue
        row, column = (top + bottom) // 2, (left + right) // 2
        x, y, z = cells[row, column]
        radius = _find_radius(cells, top, bottom, left, right) + _SLACK_KM
        least2 = np.inf
        for number in range(begin, end):
            each2 = _squared_from(x, y, z, laid, np.uint64(near[number]))
            away2[number - begin] = each2
            least2 = min(least2, each2)
        least = np.sqrt(least2)
        nearest, farthest = max(least - radius, 0.0), least + radius
        place = _place(within2, nearest * nearest)
        if place == _place(within2, farthest * farthest):
            found[top:bottom, left:right] = place
            continue
        most = min(farthest, within[-1]) + radius
        near, last = _keep(near, away2, begin, end, most * most)
        if (bottom - top) * (right - left) <= _AT_ONCE:
            few, there = cells[top:bottom, left:right], found[top:bottom, left:right]
            _rank_few(few, laid, near[end:last], within2, room, there)
            continue
        for low, high in ((top, row), (row, bottom)):
            for west, east in ((left, column), (column, right)):
                if high > low and east > west:
                    blocks[n_blocks] = (low, high, west, east, end, last)
                    n_blocks += 1
