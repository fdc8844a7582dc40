"""How far every cell of a tile is from what a layer holds, and how much lies within a radius.

Cells and features are points in space (`steppe.layers.crs.to_earth_km`), lines and outlines broken
up into sides so short that straight in space and straight in degrees are the same to a decimetre.
Straight distances are bent to the ellipsoid, so that all are true: up to 500 km they are within 5 m of
the geodesic.  Blocks of cells are halved in both directions as long as many sides may be their nearest:
from no cell of a block is a side the nearest that is farther from its middle than the nearest one and
twice the radius of the block.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from steppe.layers.crs import bend_km, to_earth_km
from steppe.screening.nearest_sides import fill

SIDE_DEG = 0.02
_FEW_CELLS, _FEW_PAIRS = 64, 6144

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Sides:
    """Straight sides in space, km from the middle of the earth; a point is a side of no length.

    Parameters
    ----------
    starts, ends
        Each of shape (n, 3).
    """

    starts: Floats
    ends: Floats

    @classmethod
    def of(cls, shapes: Iterable[BaseGeometry]) -> Sides:
        """Return the sides of points, lines, and outlines of polygons, in EPSG:4490."""
        parts = shapely.get_parts(np.array([*shapes], dtype=object))
        parts = parts[~shapely.is_empty(parts)]
        is_area = shapely.get_dimensions(parts) == 2  # noqa: PLR2004
        rings = shapely.get_rings(parts[is_area])
        lines = np.concatenate([parts[shapely.get_dimensions(parts) == 1], rings])
        at, line = shapely.get_coordinates(shapely.segmentize(lines, SIDE_DEG), return_index=True)
        leads = np.flatnonzero(line[1:] == line[:-1]) if len(line) else np.zeros(0, dtype=np.intp)
        places = to_earth_km(at[:, 0], at[:, 1])
        dots = shapely.get_coordinates(parts[shapely.get_dimensions(parts) == 0])
        points = to_earth_km(dots[:, 0], dots[:, 1])
        return cls(
            np.concatenate([places[leads], points]), np.concatenate([places[leads + 1], points])
        )

    def take(self, rows: NDArray[np.intp]) -> Sides:
        """Return some of them."""
        return Sides(self.starts[rows], self.ends[rows])


def find_nearest_km(
    cells: Floats, sides: Sides, asked: NDArray[np.bool_], *, enough_km: float = np.inf
) -> Floats:
    """Return how far cells are from the nearest side, km; infinite where there is none.

    Parameters
    ----------
    cells
        Middles of a tile's cells as points in space, shape (rows, columns, 3).
    sides
        All of a layer, also those far outside the tile.
    asked
        Of which cells it is asked, shape (rows, columns); the others are told anything.
    enough_km
        Of cells that are farther, a least distance of that or more is told.

    Returns
    -------
    NDArray
        Shape (rows, columns).
    """
    found = np.full(cells.shape[:2], np.inf)
    if len(sides.starts) and asked.any():
        fill(cells, sides.starts, sides.ends, asked, float(enough_km), found)
        found = bend_km(found)
    return found


def sum_within(cells: Floats, points: Floats, amounts: Floats, within_km: float) -> Floats:
    """Return the sums of amounts of the points within a distance of each cell.

    Parameters
    ----------
    cells
        Shape (rows, columns, 3).
    points
        Points in space, shape (n, 3).
    amounts
        Shape (n, kinds).
    within_km
        Over the ground.

    Returns
    -------
    NDArray
        Shape (rows, columns, kinds).
    """
    found = np.zeros((*cells.shape[:2], amounts.shape[1]))
    _add(cells, points, amounts, within_km, found)
    return found


def _add(cells: Floats, points: Floats, amounts: Floats, within_km: float, found: Floats) -> None:
    rows, columns, _ = cells.shape
    middle, radius = _circle(cells)
    away = bend_km(np.sqrt(((points - middle) ** 2).sum(axis=1)))
    # The ground is a little longer than the straight way by which the radius is told.
    radius = 1.01 * radius + 0.01
    found += amounts[away <= within_km - radius].sum(axis=0)
    rows_in = np.flatnonzero(np.abs(away - within_km) < radius)
    if not len(rows_in):
        return
    n_cells = rows * columns
    if n_cells <= _FEW_CELLS or n_cells * len(rows_in) <= _FEW_PAIRS:
        flat = cells.reshape(-1, 3) - middle
        near = points[rows_in] - middle
        apart = ((flat[:, np.newaxis, :] - near[np.newaxis, :, :]) ** 2).sum(axis=2)
        is_near = bend_km(np.sqrt(apart)) <= within_km
        found += (is_near.astype(float) @ amounts[rows_in]).reshape(rows, columns, -1)
        return
    for block in _split(rows, columns):
        _add(cells[block], points[rows_in], amounts[rows_in], within_km, found[block])


def _circle(cells: Floats) -> tuple[Floats, float]:
    """Return a point amid the cells, and how far the farthest is from it."""
    rows, columns, _ = cells.shape
    middle = cells[rows // 2, columns // 2]
    corners = cells[[0, 0, -1, -1], [0, -1, 0, -1]]
    # The farthest of a block of a smooth grid is a corner, to a hair.
    return middle, 1.001 * float(np.sqrt(((corners - middle) ** 2).sum(axis=1).max()))


def _split(rows: int, columns: int) -> list[tuple[slice, slice]]:
    halves = [
        [slice(0, size)] if size == 1 else [slice(0, size // 2), slice(size // 2, size)]
        for size in (rows, columns)
    ]
    return [(one, other) for one in halves[0] for other in halves[1]]
