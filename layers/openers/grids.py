"""Grids: heights and slopes of Copernicus, acceleration of GEM, water stress of Aqueduct."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path

import numpy as np
from rasterio.features import rasterize
from rasterio.transform import from_origin
from rasterio.warp import Resampling

from steppe.layers.openers.boxes import Bbox, meet
from steppe.layers.openers.downloads import NotThereError
from steppe.layers.openers.fetched import Asked, Fetched, Origin
from steppe.layers.openers.grid_reading import (
    average,
    bounds_of,
    choose_side,
    choose_step,
    list_grids,
    opened,
    snap,
)
from steppe.layers.openers.published import measure_shapes, read_shapes, refuse_columns
from steppe.layers.packs.nature import slope_deg
from steppe.layers.tables import Raster
from steppe.layers.wording import tell

Get = Callable[[str], Path]

_DEM_STEPS = (0.0025, 0.005, 0.01, 0.02, 0.05)
_MOST_CELLS = 2_000_000
_ARC_SECOND = 1.0 / 3600.0
_DEM_DAY = date(2021, 1, 1)
_TILE = "Copernicus_DSM_COG_30_{ns}{lat:02d}_00_{ew}{lon:03d}_00_DEM"
_DEM_URL = "https://copernicus-dem-90m.s3.amazonaws.com/{tile}/{tile}.tif"
_HAZARD_DAY, _HAZARD_STEP = date(2023, 6, 1), 0.05
_AQUEDUCT_DAY, _AQUEDUCT_STEP = date(2023, 7, 5), 0.05
_AQUEDUCT_LAYERS = ("baseline_annual",)
# -9999 is no data, 9999 arid and hardly used: of neither is a ratio known (Aqueduct 4.0).
_MOST_STRESS = 50.0
_FILL = 9999.0


def list_dem_tiles(asked: Asked, get: Get) -> list[Path]:
    """Fetch the tiles of one degree that a box touches, GLO-90; the sea has none."""
    west, south, east, north = choose_side(asked.box)
    found = []
    for lat in range(int(np.floor(south)), int(np.ceil(north))):
        for lon in range(int(np.floor(west)), int(np.ceil(east))):
            ns, ew = "S" if lat < 0 else "N", "W" if lon < 0 else "E"
            tile = _TILE.format(ns=ns, lat=abs(lat), ew=ew, lon=abs(lon))
            with suppress(NotThereError):
                found.append(get(_DEM_URL.format(tile=tile)))
    return found


def open_dem(files: Sequence[Path], asked: Asked, origin: Origin) -> Fetched:
    """Make heights, and slopes from the finest heights, of tiles of the Copernicus DEM."""
    places = [place for path in files for place in list_grids(path)]
    box = meet(choose_side(asked.box), bounds_of(places))
    if box is None:
        return Fetched(origin, _DEM_DAY, notes=(tell("fetch.nothing_here", name=origin.title),))
    with opened(places[0]) as grid:
        finest = float(grid.transform.a)
    steps = [step for step in _DEM_STEPS if step >= finest] or [finest]
    step = choose_step(box, steps, most_cells=_MOST_CELLS)
    box = snap(box, step)
    grids = []
    if "elevation" in asked.only:
        heights = average(places, box, step)
        grids.append(_raster("elevation", heights, box, step, "m", origin))
    if "slope" in asked.only:
        tenths = _average_slopes(places, box, step)
        grids.append(_raster("slope", tenths, box, step, "0.1°", origin))
    return Fetched(origin, _DEM_DAY, grids=grids)


def _average_slopes(places: Sequence[str], box: Bbox, step: float) -> np.ndarray:
    """Return mean slopes, tenths of a degree, of cells of about 90 m.

    Tiles north of 50 degrees are coarser from west to east: each is brought to square cells first.
    """
    total = np.zeros((round((box[3] - box[1]) / step), round((box[2] - box[0]) / step)))
    count = np.zeros_like(total)
    for place in places:
        inside = meet(box, bounds_of([place]))
        if inside is None:
            continue
        with opened(place) as grid:
            fine = max(3 * _ARC_SECOND, float(grid.transform.a))
        inside = snap(inside, fine)
        heights = average([place], inside, fine, resampling=Resampling.average)
        slopes = 10.0 * slope_deg(heights, west=inside[0], north=inside[3], step_deg=fine)
        rows, columns = np.nonzero(~np.isnan(slopes))
        at_row = ((box[3] - (inside[3] - (rows + 0.5) * fine)) / step).astype(int)
        at_column = ((inside[0] + (columns + 0.5) * fine - box[0]) / step).astype(int)
        held = (at_row >= 0) & (at_row < total.shape[0])
        held &= (at_column >= 0) & (at_column < total.shape[1])
        where = (at_row[held], at_column[held])
        np.add.at(total, where, slopes[rows[held], columns[held]])
        np.add.at(count, where, 1.0)
    with np.errstate(invalid="ignore"):
        return np.where(count > 0, total / count, np.nan)


def open_hazard(files: Sequence[Path], asked: Asked, origin: Origin) -> Fetched:
    """Make the peak ground acceleration of GEM's hazard map, g, on rock, 10 % in 50 years."""
    places = [place for path in files for place in list_grids(path)]
    box = meet(choose_side(asked.box), bounds_of(places))
    if box is None:
        return Fetched(origin, _HAZARD_DAY, notes=(tell("fetch.nothing_here", name=origin.title),))
    box = snap(box, _HAZARD_STEP)
    values = average(places, box, _HAZARD_STEP, resampling=Resampling.bilinear)
    values[~((values >= 0) & (values <= 5))] = np.nan  # noqa: PLR2004 (g, see layers/grids.py)
    grid = _raster("hazard", values, box, _HAZARD_STEP, "g", origin)
    return Fetched(origin, _HAZARD_DAY, grids=(grid,))


def open_aqueduct(files: Sequence[Path], asked: Asked, origin: Origin) -> Fetched:
    """Make the water stress of Aqueduct 4.0: what is taken, of what there is, a year.

    Each cell has the ratio (`bws_raw`) of the basin at its middle.
    """
    (path,) = files
    box = meet(choose_side(asked.box), measure_shapes(path, layers=_AQUEDUCT_LAYERS))
    if box is None:
        return Fetched(origin, _AQUEDUCT_DAY, notes=(tell("fetch.nothing_here", name=path.name),))
    step = _AQUEDUCT_STEP
    box = snap(box, step)
    basins = read_shapes(path, box, layers=_AQUEDUCT_LAYERS)
    refuse_columns(basins, ("bws_raw",), path.name)
    ratios = basins["bws_raw"].astype(float).to_numpy()
    is_known = (ratios >= 0) & (ratios < _FILL)
    shape = (round((box[3] - box[1]) / step), round((box[2] - box[0]) / step))
    known = basins.geometry.to_numpy()[is_known]
    values = np.full(shape, np.nan)
    if len(known):
        values = rasterize(
            zip(known, np.minimum(ratios[is_known], _MOST_STRESS), strict=True),
            out_shape=shape,
            fill=np.nan,
            transform=from_origin(box[0], box[3], step, step),
            dtype="float64",
        )
    grid = _raster("water_stress", values, box, step, "1", origin)
    return Fetched(origin, _AQUEDUCT_DAY, grids=(grid,))


def _raster(
    name: str, values: np.ndarray, box: Bbox, step: float, unit: str, origin: Origin
) -> Raster:
    title_zh, title_en = (tell(f"grid.{name}").say(language) for language in ("zh", "en"))
    return Raster(
        name,
        values.astype(np.float32),
        box[0],
        box[3],
        step,
        unit,
        title_zh,
        title_en[:1].upper() + title_en[1:],
        origin.source_id,
    )
