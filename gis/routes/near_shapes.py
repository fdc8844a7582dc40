"""What the layers of a plan hold round a search, in its plane: brought there once for all its routes."""

from __future__ import annotations

from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from steppe.planfile.plan_inputs import Inputs
from steppe.screening.grid import ScreenGrid, project

_ROUND_DEG = 1.0  # beyond the cells: what runs beside a route may lie outside
_SIDES = 64  # of the box of cells, whose sides are bent in degrees


@dataclass(frozen=True)
class NearShapes:
    """Shapes of layers near the cells of a search, in the plane of these.

    Parameters
    ----------
    inputs
        What was read.
    grid
        The cells.
    """

    inputs: Inputs
    grid: ScreenGrid
    _found: dict[str, tuple[NDArray[np.int64], list[BaseGeometry]]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def find(self, layer: str) -> tuple[NDArray[np.int64], list[BaseGeometry]]:
        """Return the rows of a layer that lie near, and the part of each shape that does.

        Returns
        -------
        tuple
            Positions in the layer, rising, and shapes in the CRS of the grid.
        """
        if layer not in self._found:
            self._found[layer] = self._look(layer)
        return self._found[layer]

    def _look(self, layer: str) -> tuple[NDArray[np.int64], list[BaseGeometry]]:
        if layer not in self.inputs.layers:
            return np.empty(0, dtype=np.int64), []
        box, frame = self._box(), gpd.GeoSeries(self.inputs.layers[layer].geometry)
        rows = np.sort(frame.sindex.query(box, predicate="intersects"))
        parts = shapely.intersection(shapely.make_valid(frame.to_numpy()[rows]), box)
        there = ~shapely.is_empty(parts)
        shapes = [project(part, self.grid.crs) for part in parts[there]]
        return np.asarray(rows[there], dtype=np.int64), shapes

    def _box(self) -> BaseGeometry:
        around = shapely.segmentize(
            self.grid.outline, max(self.grid.shape) * self.grid.cell_m / _SIDES
        )
        lons, lats = self.grid.to_degrees(*shapely.get_coordinates(around).T)
        return shapely.box(
            min(lons) - _ROUND_DEG,
            min(lats) - _ROUND_DEG,
            max(lons) + _ROUND_DEG,
            max(lats) + _ROUND_DEG,
        )
