"""Grids: reading them, and writing them as GeoTIFF."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from rasterio.transform import from_origin

from layers.errors import InputError, Problem
from layers.reader import SAME_NUMBERS
from layers.tables import Raster

NO_DATA = -9999.0
NO_VALUE = -32768


def read_raster(
    path: Path, *, name: str, title_zh: str, title_en: str, unit: str, source_id: str
) -> Raster:
    """Read a single-band north-up grid in EPSG:4490 or 4326 with square cells.

    Raises
    ------
    InputError
        For a missing file or another kind of grid.
    """
    where = f"{path.name} › {name}"
    if not path.exists():
        raise InputError(Problem(where, "file not found", "put it beside plan.toml"))
    try:
        with rasterio.open(path) as grid:
            crs, step_x, step_y = grid.crs, grid.transform.a, -grid.transform.e
            west, north = grid.transform.c, grid.transform.f
            values = grid.read(1, masked=True).astype("float32").filled(np.nan)
    except rasterio.errors.RasterioIOError as error:
        raise InputError(Problem(where, f"cannot be read: {error}", "check the file")) from None
    if crs is None or crs.to_epsg() not in SAME_NUMBERS:
        raise InputError(Problem(where, "is not in EPSG:4490", "warp it to EPSG:4490"))
    if abs(step_x - step_y) > 1e-9:  # noqa: PLR2004
        raise InputError(Problem(where, "its cells are not square", "warp it to square cells"))
    return Raster(name, values, west, north, step_x, unit, title_zh, title_en, source_id)


def write_cog(path: Path, grid: Raster) -> None:
    """Write a grid as a cloud-optimised GeoTIFF, with its unit and description."""
    options = {"predictor": "YES", "blocksize": 256, "overview_resampling": "AVERAGE"}
    with _open(path, grid, driver="COG", dtype="float32", nodata=NO_DATA, **options) as out:
        out.write(np.where(np.isnan(grid.values), NO_DATA, grid.values).astype("float32"), 1)
        out.set_band_description(1, f"{grid.title_zh} {grid.title_en}")
        out.units = (grid.unit,)


def write_grid(path: Path, grid: Raster) -> None:
    """Write a grid as a small GeoTIFF of whole units, for a pack."""
    whole = np.where(np.isnan(grid.values), NO_VALUE, np.rint(grid.values)).astype("int16")
    options = {"predictor": 2, "zlevel": 9}
    with _open(path, grid, driver="GTiff", dtype="int16", nodata=NO_VALUE, **options) as out:
        out.write(whole, 1)


def _open(path: Path, grid: Raster, **options: Any) -> Any:
    rows, columns = grid.values.shape
    place = from_origin(grid.west, grid.north, grid.step_deg, grid.step_deg)
    return rasterio.open(
        path,
        "w",
        count=1,
        width=columns,
        height=rows,
        crs="EPSG:4490",
        transform=place,
        compress="DEFLATE",
        **options,
    )
