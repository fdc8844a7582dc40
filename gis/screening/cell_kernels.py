"""What is asked of every cell of a tile, compiled: sums within a distance, nearest nodes, fits, scores, insides."""

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray

_FEW_CELLS, _FEW_PAIRS = 16, 512
_DEEPEST = 40

Floats = NDArray[np.float64]


@numba.njit(cache=True, nogil=True)
def add_within(  # noqa: C901, PLR0912 (one loop over blocks)
    cells: Floats, points: Floats, amounts: Floats, straight_km: float, found: Floats
) -> None:
    """Add up the amounts of the points within a straight distance of each cell.

    Blocks of cells are halved in both directions as long as a point lies within the distance of some of
    their cells and not of others; what lies within it of all is added to the block.

    Parameters
    ----------
    cells
        Middles in space, shape (rows, columns, 3).
    points
        Shape (n, 3).
    amounts
        Shape (n, kinds).
    straight_km
        Distance in space, ends included.
    found
        Where the sums go, zeros, shape (rows, columns, kinds).
    """
    n_points, n_kinds = amounts.shape
    near = np.empty(2 * n_points + 64, dtype=np.int64)
    near[:n_points] = np.arange(n_points)
    blocks = np.empty((4 * _DEEPEST, 6), dtype=np.int64)
    sums = np.zeros((4 * _DEEPEST, n_kinds))
    blocks[0] = (0, cells.shape[0], 0, cells.shape[1], 0, n_points)
    n_blocks = 1
    while n_blocks > 0:
        n_blocks -= 1
        top, bottom, left, right, begin, end = blocks[n_blocks]
        total = sums[n_blocks].copy()
        row, column = (top + bottom) // 2, (left + right) // 2
        x, y, z = cells[row, column]
        radius2 = 0.0
        for at_row in (top, bottom - 1):
            for at_column in (left, right - 1):
                dx, dy = cells[at_row, at_column, 0] - x, cells[at_row, at_column, 1] - y
                dz = cells[at_row, at_column, 2] - z
                radius2 = max(radius2, dx * dx + dy * dy + dz * dz)
        # The farthest of a block of a smooth grid is a corner, to a hair.
        radius = 1.001 * np.sqrt(radius2) + 1e-6
        if end + end - begin > len(near):
            longer = np.empty(2 * (end + end - begin), dtype=np.int64)
            longer[:end] = near[:end]
            near = longer
        last = end
        for number in range(begin, end):
            point = near[number]
            dx, dy, dz = points[point, 0] - x, points[point, 1] - y, points[point, 2] - z
            away = np.sqrt(dx * dx + dy * dy + dz * dz)
            if away <= straight_km - radius:
                total += amounts[point]
            elif away <= straight_km + radius:
                near[last] = point
                last += 1
        n_cells = (bottom - top) * (right - left)
        if last == end or n_cells <= _FEW_CELLS or n_cells * (last - end) <= _FEW_PAIRS:
            for at_row in range(top, bottom):
                for at_column in range(left, right):
                    found[at_row, at_column] += total
                    x, y, z = cells[at_row, at_column]
                    for number in range(end, last):
                        point = near[number]
                        dx, dy = points[point, 0] - x, points[point, 1] - y
                        dz = points[point, 2] - z
                        if np.sqrt(dx * dx + dy * dy + dz * dz) <= straight_km:
                            found[at_row, at_column] += amounts[point]
            continue
        for low, high in ((top, row), (row, bottom)):
            for west, east in ((left, column), (column, right)):
                if high > low and east > west:
                    blocks[n_blocks] = (low, high, west, east, end, last)
                    sums[n_blocks] = total
                    n_blocks += 1


@numba.njit(cache=True, nogil=True)
def find_nearest_point(cells: Floats, points: Floats) -> tuple[NDArray[np.int64], Floats]:
    """Return the nearest point of each cell, the first of equals, and how far it is, straight, km.

    Parameters
    ----------
    cells
        Shape (n, 3).
    points
        Shape (m, 3), one at least.
    """
    nearest = np.zeros(len(cells), dtype=np.int64)
    away = np.empty(len(cells))
    for cell in range(len(cells)):
        least2 = np.inf
        for point in range(len(points)):
            dx, dy = cells[cell, 0] - points[point, 0], cells[cell, 1] - points[point, 1]
            dz = cells[cell, 2] - points[point, 2]
            apart2 = dx * dx + dy * dy + dz * dz
            if apart2 < least2:
                nearest[cell], least2 = point, apart2
        away[cell] = np.sqrt(least2)
    return nearest, away


@numba.njit(cache=True, nogil=True)
def evaluate(numbers: Floats, middle: Floats, spread: Floats, fits: Floats) -> Floats:
    """Return polynomials of second degree, shape (fits, n), their terms in the order of `expand`.

    Parameters
    ----------
    numbers
        What they are told from, shape (n, kinds).
    middle, spread
        Of each kind, shape (kinds,): the fits are in (number - middle) / spread.
    fits
        Coefficients, shape (fits, terms).
    """
    n_kinds = numbers.shape[1]
    found = np.empty((len(fits), len(numbers)))
    scaled = np.empty(n_kinds)
    terms = np.empty(fits.shape[1])
    terms[0] = 1.0
    for cell in range(len(numbers)):
        for kind in range(n_kinds):
            scaled[kind] = (numbers[cell, kind] - middle[kind]) / spread[kind]
            terms[1 + kind] = scaled[kind]
        term = 1 + n_kinds
        for one in range(n_kinds):
            for other in range(one, n_kinds):
                terms[term] = scaled[one] * scaled[other]
                term += 1
        for fit in range(len(fits)):
            total = 0.0
            for number in range(len(terms)):
                total += fits[fit, number] * terms[number]
            found[fit, cell] = total
    return found


@numba.njit(cache=True, nogil=True)
def draw_between(down: Floats, along: Floats, knots: Floats) -> Floats:
    """Return what lies between the knots of a tile: down x knots x along transposed, of each kind.

    It is compiled, as a product of so small matrices takes a library of many threads longer to share out.

    Parameters
    ----------
    down, along
        What takes knots to rows and to columns, shapes (rows, a) and (columns, b).
    knots
        Shape (a, b, kinds).

    Returns
    -------
    NDArray
        Shape (kinds, rows, columns).
    """
    n_rows, n_columns, n_kinds = len(down), len(along), knots.shape[2]
    across = along.T.copy()
    found = np.zeros((n_kinds, n_rows, n_columns))
    for kind in range(n_kinds):
        for row in range(n_rows):
            line = found[kind, row]
            for knot in range(knots.shape[1]):
                at_knot = 0.0
                for other in range(knots.shape[0]):
                    at_knot += down[row, other] * knots[other, knot, kind]
                weights = across[knot]
                for column in range(n_columns):
                    line[column] += at_knot * weights[column]
    return found


@numba.njit(cache=True, nogil=True)
def add_line(
    measured: NDArray[np.floating],
    worst: float,
    best: float,
    weight: float,
    total: Floats,
    known: Floats,
) -> None:
    """Add the weighted value of `steppe.decision.values.Linear` where it is known, and its weight.

    Parameters
    ----------
    measured
        Shape (n,); NaN is unknown.
    worst, best, weight
        Ends of the line, and what it weighs.
    total, known
        What is added to, shape (n,).
    """
    span = best - worst
    for cell in range(len(measured)):
        value = min(max((measured[cell] - worst) / span, 0.0), 1.0)
        is_known = not np.isnan(measured[cell])
        total[cell] += weight * value if is_known else 0.0
        known[cell] += weight if is_known else 0.0


@numba.njit(cache=True, nogil=True)
def mark_inside(  # noqa: C901 (one loop over rings, for a compiler)
    rings: tuple[Floats, NDArray[np.int64], Floats, NDArray[np.int64]],
    west: float,
    north: float,
    step: float,
    shape: tuple[int, int],
) -> NDArray[np.bool_]:
    """Tell which middles of cells lie in areas: along each row rings are counted as they are entered and left.

    A side crosses the rows between its ends, of a row through an end those where the upper one lies: so that
    each is crossed once, and what two areas share is in one of them (GDAL's polygon filler keeps the same rule).

    Parameters
    ----------
    rings
        Corners, begins, bounds and turns of `steppe.screening.areas.Areas`.
    west, north, step
        Upper left corner of the cells, and how long they are to a side, m.
    shape
        Rows and columns.
    """
    corners, begins, bounds, turns = rings
    n_rows, n_columns = shape
    entered = np.zeros((n_rows, n_columns + 1), dtype=np.int32)
    inside = np.zeros((n_rows, n_columns), dtype=np.bool_)
    is_any = False
    for ring in range(len(bounds)):
        low, high = (north - bounds[ring, 3]) / step, (north - bounds[ring, 1]) / step
        if high < 0.0 or low > n_rows or (bounds[ring, 0] - west) / step > n_columns:
            continue
        if (bounds[ring, 2] - west) / step < 0.0:
            continue
        is_any = True
        for corner in range(begins[ring], begins[ring + 1] - 1):
            x, y = (corners[corner, 0] - west) / step, (north - corners[corner, 1]) / step
            to_x, to_y = (
                (corners[corner + 1, 0] - west) / step,
                (north - corners[corner + 1, 1]) / step,
            )
            # A side that goes down has on its left what lies east of it.
            turn = turns[ring]
            if to_y < y:
                x, y, to_x, to_y, turn = to_x, to_y, x, y, -turn
            first, last = max(np.ceil(y - 0.5), 0.0), min(np.ceil(to_y - 0.5), float(n_rows))
            if first >= last:
                continue
            along = (to_x - x) / (to_y - y)
            for row in range(int(first), int(last)):
                column = np.floor(x + (row + 0.5 - y) * along + 0.5)
                entered[row, int(min(max(column, 0.0), n_columns))] += turn
    if is_any:
        for row in range(n_rows):
            depth = 0
            for column in range(n_columns):
                depth += entered[row, column]
                inside[row, column] = depth > 0
    return inside
