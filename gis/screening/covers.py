"""Where a layer speaks, over the cells of a tile."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from rasterio.windows import Window
from shapely.geometry.base import BaseGeometry

from steppe.layers.extents import Extent
from steppe.screening.grid import ScreenGrid, cover, project
from steppe.screening.reach import Sides, find_nearest_km

Floats = NDArray[np.float64]
_HALF = 0.5


@dataclass(frozen=True, eq=False)
class Cover:
    """What a layer covers, as `Extent` has it; without a shape everywhere."""

    shape: BaseGeometry | None
    sides: Sides
    within_km: float

    @classmethod
    def of(cls, extent: Extent, grid: ScreenGrid) -> Cover:
        """Return an extent on the grid of a screening."""
        if extent.core is None:
            return cls(None, Sides.none(), 0.0)
        shape = shapely.make_valid(project(extent.core, grid.crs))
        return cls(shape, Sides.of([extent.core]), extent.within_km)

    def reach_km(
        self,
        grid: ScreenGrid,
        window: Window,
        cells: Floats,
        asked: NDArray[np.bool_],
        *,
        needed_km: float,
    ) -> Floats:
        """Return the radius round each cell of which the layer covers all, km; 0 outside.

        Of cells that have more than `needed_km`, a least of that or more is told.

        Parameters
        ----------
        grid, window
            The tile.
        cells
            Its middles in space, shape (rows, columns, 3).
        asked
            Of which cells it is asked, shape (rows, columns).
        needed_km
            The most that anybody asks for.
        """
        size = cells.shape[:2]
        if self.shape is None:
            return np.full(size, np.inf)
        inside = cover(grid, window, self.shape) >= _HALF
        enough_km = needed_km + self.within_km
        depth_km = find_nearest_km(cells, self.sides, asked, enough_km=enough_km)
        return np.maximum(np.where(inside, depth_km, -depth_km) + self.within_km, 0.0)
