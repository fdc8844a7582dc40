"""Grids of the world, averaged to the cells of a plan."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.transform import from_origin
from rasterio.warp import Resampling, reproject

from steppe.layers.crs import PAGE_CRS
from steppe.layers.errors import InputError
from steppe.layers.limits import FETCHED_BYTES
from steppe.layers.openers.boxes import Bbox, split
from steppe.layers.openers.published import damaged, list_members, refuse_suffix
from steppe.layers.quiet_libraries import quiet
from steppe.layers.rasters import ALONE, OF_THE_FILE
from steppe.layers.safe_files import admit

Floats = NDArray[np.float64]

_GEOTIFF = (".tif", ".tiff")
_DIGITS = 9


def list_grids(path: Path) -> list[str]:
    """Return where GDAL finds the GeoTIFFs of a file: itself, or what an archive holds."""
    admit(path, path.name, FETCHED_BYTES)
    if path.suffix.lower() in _GEOTIFF:
        return [str(path.absolute())]
    if path.suffix.lower() != ".zip":
        raise refuse_suffix(path)
    members = [each for each in list_members(path) if Path(each).suffix.lower() in _GEOTIFF]
    if not members:
        raise refuse_suffix(path)
    return [f"/vsizip/{{{path.absolute()}}}/{member}" for member in sorted(members)]


@contextmanager
def opened(place: str) -> Iterator[Any]:
    """Open a GeoTIFF, by its driver alone.

    Raises
    ------
    InputError
        One line.
    """
    where = Path(place).name
    with quiet(), rasterio.Env(**ALONE):
        try:
            with rasterio.open(place, driver="GTiff", sharing=False) as grid:
                yield grid
        except OF_THE_FILE as error:
            raise damaged(where, error) from None


def choose_side(box: Bbox) -> Bbox:
    """Return the wider part of a box over 180 degrees, which no grid reaches over."""
    return max(split(box), key=lambda side: side[2] - side[0])


def snap(box: Bbox, step_deg: float) -> Bbox:
    """Return the least box of whole cells, counted from 180 degrees west and the pole, round a box."""
    west, south, east, north = box
    return (
        round(max(math.floor((west + 180) / step_deg) * step_deg - 180, -180.0), _DIGITS),
        round(max(90 - math.ceil((90 - south) / step_deg) * step_deg, -90.0), _DIGITS),
        round(min(math.ceil((east + 180) / step_deg) * step_deg - 180, 180.0), _DIGITS),
        round(min(90 - math.floor((90 - north) / step_deg) * step_deg, 90.0), _DIGITS),
    )


def choose_step(box: Bbox, steps_deg: Sequence[float], *, most_cells: int) -> float:
    """Return the finest step of a list with which a box has no more cells than wanted."""
    west, south, east, north = box
    for step in sorted(steps_deg):
        if (east - west) / step * ((north - south) / step) <= most_cells:
            return step
    return max(steps_deg)


def average(
    places: Sequence[str],
    box: Bbox,
    step_deg: float,
    *,
    resampling: Resampling = Resampling.average,
) -> Floats:
    """Return the cells of a box, each the mean of the known fine cells in it; NaN for none.

    Parameters
    ----------
    places
        GeoTIFFs that together hold the box, each cell of it in one of them.
    box
        Whole cells.
    step_deg
        Width and height of a cell.
    resampling
        How cells are made.

    Raises
    ------
    InputError
        For a file that is no grid in degrees.
    """
    west, south, east, north = box
    shape = (round((north - south) / step_deg), round((east - west) / step_deg))
    target = from_origin(west, north, step_deg, step_deg)
    found = np.full(shape, np.nan)
    for place in places:
        with opened(place) as fine:
            scale, offset = fine.scales[0], fine.offsets[0]
            part = np.full(shape, np.nan, dtype=np.float32)
            reproject(
                rasterio.band(fine, 1),
                part,
                src_crs=fine.crs or PAGE_CRS,
                dst_transform=target,
                dst_crs=fine.crs or PAGE_CRS,
                dst_nodata=np.nan,
                resampling=resampling,
            )
            is_new = np.isnan(found) & ~np.isnan(part)
            found[is_new] = part[is_new] * scale + offset
    return found


def bounds_of(places: Sequence[str]) -> Bbox:
    """Return the box that holds all of some grids, degrees."""
    found = []
    for place in places:
        with opened(place) as grid:
            if grid.crs is not None and not grid.crs.is_geographic:
                raise InputError(refuse_suffix(Path(place)).problems)
            found.append(tuple(grid.bounds))
    edges = np.array(found)
    west, south = edges[:, :2].min(axis=0)
    east, north = edges[:, 2:].max(axis=0)
    # Some grids of the world reach half a cell over its edge.
    return (
        max(float(west), -180.0),
        max(float(south), -90.0),
        min(float(east), 180.0),
        min(float(north), 90.0),
    )
