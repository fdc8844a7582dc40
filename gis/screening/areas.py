"""Which middles of cells lie in the areas of a layer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from steppe.screening.cell_kernels import mark_inside

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Areas:
    """Areas in the CRS of a grid, as rings.

    Parameters
    ----------
    corners
        Of all rings, m, the first of each also its last, shape (n, 2).
    begins
        Where each ring begins, and where the last one ends, shape (rings + 1,).
    bounds
        West, south, east and north of each ring, shape (rings, 4).
    turns
        1 of a ring that has its area on its left, as an outline against the clock, else -1, shape (rings,).
    """

    corners: Floats
    begins: Whole
    bounds: Floats
    turns: Whole

    @classmethod
    def of(cls, shapes: Iterable[BaseGeometry]) -> Areas:
        """Return the areas among shapes; what else is there has no inside."""
        every = np.array([*shapes], dtype=object)
        every = shapely.get_parts(
            np.where(shapely.is_valid(every), every, shapely.make_valid(every))
        )
        areas = shapely.get_parts(every[shapely.get_dimensions(every) == 2])  # noqa: PLR2004
        rings, area = shapely.get_rings(areas, return_index=True)
        is_outline = np.diff(area, prepend=-1) > 0
        corners, ring = shapely.get_coordinates(rings, return_index=True)
        begins = np.searchsorted(ring, np.arange(len(rings) + 1)).astype(np.int64)
        turns = np.where(shapely.is_ccw(rings) == is_outline, 1, -1).astype(np.int64)
        return cls(corners, begins, shapely.bounds(rings).reshape(-1, 4), turns)

    def find_inside(
        self, west: float, north: float, step: float, shape: tuple[int, int]
    ) -> NDArray[np.bool_]:
        """Tell which middles of cells lie in an area.

        Rasterio's `rasterize` hushes warnings for the whole process meanwhile, so that threads which
        work tiles beside each other would undo each other's filters; this one they may share.

        Parameters
        ----------
        west, north, step
            Upper left corner of the cells, and how long they are to a side, m.
        shape
            Rows and columns.
        """
        rings = self.corners, self.begins, self.bounds, self.turns
        return mark_inside(rings, west, north, step, shape)
