"""The grid of a screening: square cells of one area, in the plan's equal-area projection."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import shapely
from affine import Affine
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from rasterio.features import rasterize
from rasterio.windows import Window
from shapely.geometry.base import BaseGeometry

from steppe.layers.crs import WORKING_CRS, albers
from steppe.layers.errors import InputError, Problem
from steppe.layers.wording import tell
from steppe.planfile.plan_inputs import Inputs

LEAST_CELL_M, MOST_CELL_M = 10.0, 20_000.0
TILE_CELLS = 256
"""Cells of a tile to a side: one block of the tiled files."""
PARTS = 8
"""A cell of the edge is known to a 64th: the middles of 8 x 8 parts of it are asked."""
_EDGE_DEG = 0.02  # a side is straight in degrees, and breaks up before it is projected

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class ScreenGrid:
    """Cells of a screening, north to south and west to east.

    All indices are int64: 10^10 cells are more than int32 holds.

    Parameters
    ----------
    west_m, north_m
        Upper left corner in `crs`, a whole number of cells from its origin, so that grids whose
        cells divide each other lie on each other.
    cell_m
        Side of a cell, m.
    n_rows, n_columns
        Shape.
    crs
        Equal-area CRS, metres: each cell is `cell_m` squared on the ellipsoid.
    outline
        Region in `crs`.
    """

    west_m: float
    north_m: float
    cell_m: float
    n_rows: int
    n_columns: int
    crs: CRS
    outline: BaseGeometry

    @property
    def transform(self) -> Affine:
        """Return what takes column and row to metres."""
        return Affine(self.cell_m, 0.0, self.west_m, 0.0, -self.cell_m, self.north_m)

    @property
    def shape(self) -> tuple[int, int]:
        """Return rows and columns."""
        return self.n_rows, self.n_columns

    @property
    def cell_km2(self) -> float:
        """Return the area of a cell, km2."""
        return (self.cell_m / 1000.0) ** 2

    def windows(self) -> Iterator[Window]:
        """Give the tiles that touch the region, row by row."""
        shapely.prepare(self.outline)
        for top in range(0, self.n_rows, TILE_CELLS):
            for left in range(0, self.n_columns, TILE_CELLS):
                window = Window(
                    left,
                    top,
                    min(TILE_CELLS, self.n_columns - left),
                    min(TILE_CELLS, self.n_rows - top),
                )
                if self.outline.intersects(shapely.box(*self.bounds(window))):
                    yield window

    def bounds(self, window: Window) -> tuple[float, float, float, float]:
        """Return west, south, east, north of a window, m."""
        west = self.west_m + window.col_off * self.cell_m
        north = self.north_m - window.row_off * self.cell_m
        return (
            west,
            north - window.height * self.cell_m,
            west + window.width * self.cell_m,
            north,
        )

    def middles(self, window: Window) -> tuple[Floats, Floats]:
        """Return longitudes and latitudes of the middles of a window, degrees, each (rows, columns)."""
        west, _, _, north = self.bounds(window)
        x = west + (np.arange(window.width) + 0.5) * self.cell_m
        y = north - (np.arange(window.height) + 0.5) * self.cell_m
        xs, ys = np.meshgrid(x, y)
        lons, lats = _transformer(self.crs.to_wkt(), WORKING_CRS.to_wkt()).transform(
            xs.ravel(), ys.ravel()
        )
        shape = (int(window.height), int(window.width))
        return np.asarray(lons).reshape(shape), np.asarray(lats).reshape(shape)

    def fractions(self, window: Window) -> NDArray[np.float32]:
        """Return what part of each cell lies in the region, 0 to 1, shape (rows, columns).

        Of cells at the edge the middles of `PARTS` x `PARTS` parts are asked.
        """
        return cover(self, window, self.outline)


def cover(grid: ScreenGrid, window: Window, shape: BaseGeometry) -> NDArray[np.float32]:
    """Return what part of each cell of a window lies in a shape in the CRS of the grid, 0 to 1."""
    size = (int(window.height), int(window.width))
    box = shapely.box(*grid.bounds(window))
    if not shape.intersects(box):
        return np.zeros(size, dtype=np.float32)
    if shape.contains(box):
        return np.ones(size, dtype=np.float32)
    west, _, _, north = grid.bounds(window)
    side = grid.cell_m / PARTS
    near = shapely.clip_by_rect(shape, *box.buffer(grid.cell_m).bounds)
    if shapely.is_empty(near):
        return np.zeros(size, dtype=np.float32)
    fine = rasterize(
        [(near, 1)],
        out_shape=(size[0] * PARTS, size[1] * PARTS),
        transform=Affine(side, 0.0, west, 0.0, -side, north),
        dtype="uint8",
    )
    parts = fine.reshape(size[0], PARTS, size[1], PARTS)
    return (parts.sum(axis=(1, 3), dtype=np.int64) / PARTS**2).astype(np.float32)


def project(shape: BaseGeometry, crs: CRS) -> BaseGeometry:
    """Return a shape of EPSG:4490 in another CRS; its sides, straight in degrees, break up first."""
    to_metres = _transformer(WORKING_CRS.to_wkt(), crs.to_wkt())
    return shapely.transform(
        shapely.segmentize(shape, _EDGE_DEG),
        lambda at: np.column_stack(to_metres.transform(at[:, 0], at[:, 1])),
    )


@lru_cache(maxsize=8)  # PROJ takes longer to make one than to use it
def _transformer(one: str, other: str) -> Transformer:
    return Transformer.from_crs(one, other, always_xy=True)


def lay_screen(inputs: Inputs, cell_m: float) -> ScreenGrid:
    """Return the cells over the region of a plan.

    Parameters
    ----------
    inputs
        What was read; the region is the outline of `region.boundary_id`.
    cell_m
        Side of a cell, m.

    Raises
    ------
    InputError
        For a plan without the outline, and for a side that no screening takes.
    """
    if not LEAST_CELL_M <= cell_m <= MOST_CELL_M:
        what = tell("fault.screen.cell", value=cell_m, least=LEAST_CELL_M, most=MOST_CELL_M)
        raise InputError(Problem("--cell-m", what, tell("fix.correct")))
    region = inputs.plan.region
    outlines = inputs.layer("boundaries").set_index("boundary_id").geometry
    if region.boundary_id not in outlines.index:
        where = f"{inputs.plan.file}: region.boundary_id"
        raise InputError(Problem(where, tell("fault.screen.region"), tell("fix.screen_region")))
    crs = albers(region.box)
    outline = shapely.make_valid(project(outlines[region.boundary_id], crs))
    west, south, east, north = outline.bounds
    left, top = math.floor(west / cell_m), math.ceil(north / cell_m)
    right, bottom = math.ceil(east / cell_m), math.floor(south / cell_m)
    return ScreenGrid(
        left * cell_m, top * cell_m, float(cell_m), top - bottom, right - left, crs, outline
    )
