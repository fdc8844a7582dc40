"""A coarse grid laid over a plan's elevation: where a surface is found, and how high that is."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from steppe.layers.tables import Raster

LEAST_STEP_DEG = 0.2
"""Cells of about 20 km: assumed, stations lie farther apart than that nearly everywhere."""
MOST_CELLS = 40_000
"""Cells are made larger until there are no more."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class SurfaceGrid:
    """Cells of a surface, north to south and west to east.

    Parameters
    ----------
    west, north
        Upper left corner, degrees.
    step_deg
        Side of a cell, degrees.
    heights_m
        Mean of the known heights in each cell, metres above the sea, shape (rows, columns); NaN
        where none is known.
    """

    west: float
    north: float
    step_deg: float
    heights_m: Floats

    @property
    def middles(self) -> tuple[Floats, Floats]:
        """Return longitudes and latitudes of the middles, degrees, each of shape (rows * columns,)."""
        rows, columns = self.heights_m.shape
        lons = self.west + (np.arange(columns) + 0.5) * self.step_deg
        lats = self.north - (np.arange(rows) + 0.5) * self.step_deg
        return np.tile(lons, rows), np.repeat(lats, columns)


def lay_grid(elevation: Raster) -> SurfaceGrid:
    """Return the cells of a surface: whole blocks of the elevation's, from its upper left corner on.

    What does not fill a block in the south and the east is left out.

    Parameters
    ----------
    elevation
        Height above the sea, m.
    """
    rows, columns = elevation.values.shape
    # A hair less, so that a step that divides is not taken for one that does not.
    n_side = max(1, math.ceil(LEAST_STEP_DEG / elevation.step_deg - 1e-6))
    n_side = min(max(n_side, math.ceil(math.sqrt(rows * columns / MOST_CELLS))), rows, columns)
    n_rows, n_columns = rows // n_side, columns // n_side
    blocks = elevation.values[: n_rows * n_side, : n_columns * n_side].astype(float)
    blocks = blocks.reshape(n_rows, n_side, n_columns, n_side).swapaxes(1, 2)
    blocks = blocks.reshape(n_rows, n_columns, -1)
    n_known = np.isfinite(blocks).sum(axis=2)
    total = np.nansum(blocks, axis=2)
    heights = np.where(n_known > 0, total / np.maximum(n_known, 1), np.nan)
    return SurfaceGrid(elevation.west, elevation.north, n_side * elevation.step_deg, heights)
