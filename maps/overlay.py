"""A raster as the page shows it: one picture, already in the page's projection.

Leaflet stretches a picture linearly in Web Mercator, so a grid in degrees laid on unwarped
would be tens of kilometres out in the middle of a tall region.
"""

from __future__ import annotations

import base64
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from pyproj import Transformer
from rasterio.io import MemoryFile
from rasterio.transform import Affine, from_bounds
from rasterio.warp import Resampling, reproject, transform_bounds

from steppe.maps.symbols import RGBA, TRANSPARENT, RasterStyle

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from steppe.layers.tables import Raster

BUDGET_BYTES = 135_000
WIDTHS_PX = (1300, 950, 800, 650, 500, 400, 300, 200)
_GRID_CRS = "EPSG:4326"  # differs from 4490 by far less than a cell
_PAGE_GRID_CRS = "EPSG:3857"


@dataclass(frozen=True)
class Overlay:
    """A picture and where it lies.

    Parameters
    ----------
    uri
        The PNG as a data URI.
    bounds
        South, west, north, east, degrees.
    """

    uri: str
    bounds: tuple[float, float, float, float]


def warp(raster: Raster, *, width_px: int) -> tuple[NDArray[np.float32], Affine]:
    """Warp a grid to Web Mercator.

    Parameters
    ----------
    raster
        Grid in degrees; NaN where nothing is known.
    width_px
        Columns of the result; it has square cells.

    Returns
    -------
    values, transform
        Values of shape (rows, columns), NaN outside; the transform in metres of EPSG:3857.
    """
    rows, columns = raster.values.shape
    source = Affine(raster.step_deg, 0, raster.west, 0, -raster.step_deg, raster.north)
    east = raster.west + columns * raster.step_deg
    south = raster.north - rows * raster.step_deg
    left, bottom, right, top = transform_bounds(
        _GRID_CRS, _PAGE_GRID_CRS, raster.west, south, east, raster.north
    )
    height_px = max(1, math.ceil(width_px * (top - bottom) / (right - left)))
    target = from_bounds(left, bottom, right, top, width_px, height_px)
    values = np.full((height_px, width_px), np.nan, dtype=np.float32)
    reproject(
        raster.values,
        values,
        src_transform=source,
        src_crs=_GRID_CRS,
        src_nodata=np.nan,
        dst_transform=target,
        dst_crs=_PAGE_GRID_CRS,
        dst_nodata=np.nan,
        resampling=Resampling.bilinear,
    )
    return values, target


def _palette(style: RasterStyle) -> tuple[NDArray[np.float64], dict[int, RGBA]]:
    at = np.array([stop.value for stop in style.stops], dtype=float)
    colours = np.array([stop.colour for stop in style.stops], dtype=float)
    levels = np.asarray(np.linspace(at[0], at[-1], style.levels), dtype=float)
    bands = [np.rint(np.interp(levels, at, colours[:, band])).astype(int) for band in range(4)]
    ramp = zip(*(band.tolist() for band in bands), strict=True)
    return levels, {0: TRANSPARENT} | dict(enumerate(ramp, start=1))


def _png(values: NDArray[np.float32], transform: Affine, style: RasterStyle) -> bytes:
    levels, table = _palette(style)
    known = np.isfinite(values)
    place = np.interp(np.where(known, values, levels[0]), levels, np.arange(style.levels))
    index = np.where(known, np.rint(place) + 1, 0).astype(np.uint8)
    height_px, width_px = index.shape
    with MemoryFile(ext=".png") as file:
        with file.open(
            driver="PNG",
            width=width_px,
            height=height_px,
            count=1,
            dtype="uint8",
            transform=transform,  # kept beside the PNG, not in it; without it rasterio warns
        ) as dataset:
            dataset.write(index, 1)
            dataset.write_colormap(1, table)
        return bytes(file.read())


def draw_overlay(raster: Raster, style: RasterStyle) -> Overlay:
    """Draw a grid by its ramp, in Web Mercator, within the page's budget of bytes.

    The finest of a few fixed widths is taken whose PNG stays under `BUDGET_BYTES`; finer
    than twice the grid there is nothing to see.
    """
    picture, transform = b"", Affine.identity()
    values = np.empty((0, 0), dtype=np.float32)
    columns = raster.values.shape[1]
    for width_px in (width for width in WIDTHS_PX if width <= max(WIDTHS_PX[-1], 2 * columns)):
        values, transform = warp(raster, width_px=width_px)
        picture = _png(values, transform, style)
        if len(picture) <= BUDGET_BYTES:
            break
    height, width = values.shape
    to_degrees = Transformer.from_crs(_PAGE_GRID_CRS, _GRID_CRS, always_xy=True)
    west, north = to_degrees.transform(*(transform * (0, 0)))
    east, south = to_degrees.transform(*(transform * (width, height)))
    return Overlay(
        f"data:image/png;base64,{base64.b64encode(picture).decode('ascii')}",
        (round(south, 6), round(west, 6), round(north, 6), round(east, 6)),
    )
