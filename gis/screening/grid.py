"""The grid of a screening: square cells of one area, in the plan's equal-area projection."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import shapely
from affine import Affine
from numpy.typing import ArrayLike, NDArray
from pyproj import CRS, Transformer
from rasterio.windows import Window
from shapely.geometry.base import BaseGeometry

from steppe.layers.crs import WORKING_CRS, albers, to_earth_km
from steppe.layers.errors import InputError, Problem
from steppe.layers.wording import tell
from steppe.planfile.plan_inputs import Inputs
from steppe.screening.areas import Areas
from steppe.screening.cell_kernels import draw_between

LEAST_CELL_M, MOST_CELL_M = 10.0, 20_000.0
TILE_CELLS = 256
"""Cells of a tile to a side: one block of the tiled files."""
WHOLE = 1.0 - 1e-6
"""What part of a whole cell lies in the region, at least."""
PARTS = 8
"""A cell of the edge is known to a 64th: the middles of 8 x 8 parts of it are asked."""
_KNOTS = 12
_OFF_DEG = 1e-9  # a tenth of a millimetre
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

    def to_plane(self, lons: ArrayLike, lats: ArrayLike) -> tuple[Floats, Floats]:
        """Return where places lie in the CRS of the grid, degrees to m; shapes as those of the degrees."""
        forth = make_transformer(WORKING_CRS, self.crs)
        x, y = forth.transform(np.asarray(lons, dtype=float), np.asarray(lats, dtype=float))
        return np.asarray(x), np.asarray(y)

    def to_degrees(self, x: ArrayLike, y: ArrayLike) -> tuple[Floats, Floats]:
        """Return longitudes and latitudes of places of the plane, m; shapes as those of the metres."""
        back = make_transformer(self.crs, WORKING_CRS)
        lons, lats = back.transform(np.asarray(x, dtype=float), np.asarray(y, dtype=float))
        return np.asarray(lons), np.asarray(lats)

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

    def middles(self, window: Window) -> tuple[Floats, Floats, Floats]:
        """Return the middles of a window: longitudes, latitudes, degrees, and as points in space.

        PROJ tells those of `_KNOTS` x `_KNOTS` places, and the polynomial through them the rest; where
        it is off by more than `_OFF_DEG`, as where the longitudes start anew, PROJ tells all.

        Returns
        -------
        tuple
            Two of shape (rows, columns), and one of shape (rows, columns, 3), km from the middle of the
            earth.
        """
        west, _, _, north = self.bounds(window)
        n_rows, n_columns = int(window.height), int(window.width)
        x: Floats = west + (np.arange(n_columns, dtype=np.float64) + 0.5) * self.cell_m
        y: Floats = north - (np.arange(n_rows, dtype=np.float64) + 0.5) * self.cell_m
        if min(n_rows, n_columns) > _KNOTS:
            knots = (_knots() + 1.0) / 2.0
            told = self._tell(x[0] + knots * (x[-1] - x[0]), y[0] + knots * (y[-1] - y[0]))
            down, along = _through_knots(n_rows), _through_knots(n_columns)
            kinds = np.concatenate([np.stack(told[:2], axis=2), told[2]], axis=2)
            drawn = draw_between(down, along, kinds)
            rows, columns = ([0, size // 3, size - 1] for size in (n_rows, n_columns))
            exact = self._tell(x[columns], y[rows])
            some = np.ix_(rows, columns)
            if all(np.abs(drawn[n][some] - exact[n]).max() <= _OFF_DEG for n in (0, 1)):
                return drawn[0], drawn[1], np.ascontiguousarray(np.moveaxis(drawn[2:], 0, 2))
        return self._tell(x, y)

    def _tell(self, x: Floats, y: Floats) -> tuple[Floats, Floats, Floats]:
        """Return where the crossings of columns and rows lie, m to degrees and to points in space."""
        xs, ys = np.meshgrid(x, y)
        lons, lats = self.to_degrees(xs.ravel(), ys.ravel())
        shape = len(y), len(x)
        return lons.reshape(shape), lats.reshape(shape), to_earth_km(lons, lats).reshape(*shape, 3)

    def find_inside(self, areas: Areas, window: Window) -> NDArray[np.bool_]:
        """Tell which middles of a window lie in an area, shape (rows, columns)."""
        west, _, _, north = self.bounds(window)
        return areas.find_inside(west, north, self.cell_m, (int(window.height), int(window.width)))

    def fractions(self, window: Window) -> NDArray[np.float32]:
        """Return what part of each cell lies in the region, 0 to 1, shape (rows, columns).

        Of cells at the edge the middles of `PARTS` x `PARTS` parts are asked.
        """
        return cover(self, window, self.outline)


def _knots() -> Floats:
    """Return the zeros of the Chebyshev polynomial of degree `_KNOTS`, -1 to 1."""
    return np.cos((np.arange(_KNOTS) + 0.5) * np.pi / _KNOTS)


@lru_cache(maxsize=16)
def _through_knots(size: int) -> Floats:
    """Return what takes values at the knots to those at so many even places from -1 to 1."""
    degree = _KNOTS - 1
    at_knots = np.polynomial.chebyshev.chebvander(_knots(), degree)
    at_places = np.polynomial.chebyshev.chebvander(np.linspace(-1.0, 1.0, size), degree)
    return np.asarray(at_places @ np.linalg.inv(at_knots))


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
    fine = Areas.of([near]).find_inside(west, north, side, (size[0] * PARTS, size[1] * PARTS))
    parts = fine.reshape(size[0], PARTS, size[1], PARTS)
    return (parts.sum(axis=(1, 3), dtype=np.int64) / PARTS**2).astype(np.float32)


def project(shape: BaseGeometry, crs: CRS) -> BaseGeometry:
    """Return a shape of EPSG:4490 in another CRS; its sides, straight in degrees, break up first."""
    to_metres = make_transformer(WORKING_CRS, crs)
    return shapely.transform(
        shapely.segmentize(shape, _EDGE_DEG),
        lambda at: np.column_stack(to_metres.transform(at[:, 0], at[:, 1])),
    )


def make_transformer(one: CRS, other: CRS) -> Transformer:
    """Return what takes places from one CRS to another, x or longitude first."""
    return _make_transformer(one.to_wkt(), other.to_wkt())


@lru_cache(maxsize=32)  # PROJ takes longer to make one than to use it
def _make_transformer(one: str, other: str) -> Transformer:
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
