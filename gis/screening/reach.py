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

from steppe.layers.crs import MEAN_RADIUS_KM, bend_km, to_earth_km
from steppe.screening.cell_kernels import add_within
from steppe.screening.nearest_sides import fill

SIDE_DEG = 0.02

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
    straight_km = 2.0 * MEAN_RADIUS_KM * np.sin(within_km / (2.0 * MEAN_RADIUS_KM))
    add_within(cells, points, np.ascontiguousarray(amounts, dtype=float), straight_km, found)
    return found
