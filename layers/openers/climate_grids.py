"""Monthly normals of WorldClim and CHELSA, as stations that speak for the cells of a coarse grid.

Measures bring the means of stations to the height of a park.  Here each cell is one: its mean
temperature and its mean height are those of the same fine cells, so that the lapse rate, which
is linear, holds between them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from steppe.layers.errors import InputError, Problem
from steppe.layers.openers.boxes import Bbox, meet
from steppe.layers.openers.fetched import Asked, Fetched, FetchedLayer, Origin, fit_layer
from steppe.layers.openers.grid_reading import (
    Floats,
    average,
    bounds_of,
    choose_side,
    choose_step,
    list_grids,
    snap,
)
from steppe.layers.wording import tell

Get = Callable[[str], Path]

_STEPS = (1 / 6, 0.25, 0.5, 1.0, 2.0, 5.0)
_MOST_STATIONS = 400
_NAME = re.compile(
    r"(tavg|tmin|tmax|tasmax|tasmin|tas)_([01][0-9])(?![0-9])|(elev|dem|orog)", re.IGNORECASE
)
_MEANS, _HIGHS, _LOWS = ("tavg", "tas"), ("tmax", "tasmax"), ("tmin", "tasmin")
_N_MONTHS = 12
_KM_PER_DEG = 111.2
_DAYS = np.array([31, 28.25, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
# CHELSA V2.1 holds tenths of a kelvin; its files tell so by scale and offset, older copies do not.
_KELVIN, _TENTHS = -273.15, 0.1
_HOTTEST_C = 60.0

_WORLDCLIM = "https://geodata.ucdavis.edu/climate/worldclim/2_1/base/wc2.1_10m_{name}.zip"
_CHELSA = (
    "https://os.unil.cloud.switch.ch/chelsa02/chelsa/global/climatologies/"
    "{name}/1981-2010/CHELSA_{name}_{month:02d}_1981-2010_V.2.1.tif"
)


def list_worldclim(_: Asked, get: Get) -> list[Path]:
    """Fetch means, extremes and heights at 10 minutes."""
    return [get(_WORLDCLIM.format(name=name)) for name in ("tavg", "tmin", "tmax", "elev")]


def list_chelsa(_: Asked, get: Get) -> list[Path]:
    """Fetch the twelve means; heights are those of the plan."""
    months = range(1, _N_MONTHS + 1)
    return [get(_CHELSA.format(name="tas", month=month)) for month in months]


def open_climate(files: Sequence[Path], asked: Asked, origin: Origin, *, as_of: date) -> Fetched:
    """Make stations of monthly normals.

    Parameters
    ----------
    files
        GeoTIFFs, or archives of them, called as published: `..._tavg_01...`, `CHELSA_tas_01_...`
        for the means; `tmin`, `tmax` give the daily range; `elev` gives the heights.
    asked
        What is wanted, and the plan's heights where there is no `elev`.
    origin, as_of
        Of the opener.
    """
    named = _sort([place for path in files for place in list_grids(path)])
    means = next((named[name] for name in _MEANS if name in named), {})
    lacking = [f"{month:02d}" for month in range(1, _N_MONTHS + 1) if month not in means]
    if lacking:
        what = tell("fetch.climate.months", months=", ".join(lacking))
        raise InputError(Problem(files[0].name, what, tell("fetch.fix.climate")))
    box = meet(choose_side(asked.box), bounds_of(list(means.values())))
    if box is None:
        return Fetched(origin, as_of, notes=(tell("fetch.nothing_here", name=origin.title),))
    step = choose_step(box, _STEPS, most_cells=_MOST_STATIONS)
    box = snap(box, step)
    heights_m = _read_heights(named, asked, box, step, files[0].name)
    months = np.stack([_read_c(means[month], box, step) for month in sorted(means)], axis=-1)
    ranges_k = _read_ranges(named, box, step)
    frame, points = _list_cells(months, heights_m, ranges_k, box, step)
    names = [f"{origin.source_id}_{name}" for name in frame["station_id"]]
    frame = frame.assign(station_id=names, source_id=origin.source_id, as_of=as_of.isoformat())
    layer = FetchedLayer("stations", fit_layer("stations", frame, points), box)
    return Fetched(origin, as_of, (layer,))


def _sort(places: Sequence[str]) -> dict[str, dict[int, str]]:
    """Return the files by what they hold and by month, 0 for what has none."""
    named: dict[str, dict[int, str]] = {}
    for place in places:
        found = _NAME.search(Path(place).name)
        if found:
            name = (found[1] or "elev").lower()
            named.setdefault(name, {})[int(found[2] or 0)] = place
    return named


def _read_c(place: str, box: Bbox, step: float) -> Floats:
    values = average([place], box, step)
    if np.nanmax(values, initial=-np.inf) > _HOTTEST_C:
        values = values * _TENTHS + _KELVIN
    return values


def _read_heights(
    named: dict[str, dict[int, str]], asked: Asked, box: Bbox, step: float, where: str
) -> Floats:
    if "elev" in named:
        return average(list(named["elev"].values()), box, step)
    grid = asked.elevation
    if grid is None:
        raise InputError(Problem(where, tell("fetch.climate.heights"), tell("fetch.fix.heights")))
    shape = (round((box[3] - box[1]) / step), round((box[2] - box[0]) / step))
    heights = np.asarray(grid.values)
    rows, columns = heights.shape
    at_row = ((box[3] - (grid.north - (np.arange(rows) + 0.5) * grid.step_deg)) / step).astype(int)
    at_column = ((grid.west + (np.arange(columns) + 0.5) * grid.step_deg - box[0]) / step).astype(
        int
    )
    total, count = np.zeros(shape), np.zeros(shape)
    down, right = np.meshgrid(at_row, at_column, indexing="ij")
    held = (down >= 0) & (down < shape[0]) & (right >= 0) & (right < shape[1])
    held &= ~np.isnan(heights)
    np.add.at(total, (down[held], right[held]), heights[held])
    np.add.at(count, (down[held], right[held]), 1.0)
    # A cell that the plan's heights hold in part has another mean than its temperature.
    whole = 0.9 * (step / grid.step_deg) ** 2
    return np.where(count >= whole, total / np.maximum(count, 1.0), np.nan)


def _read_ranges(named: dict[str, dict[int, str]], box: Bbox, step: float) -> Floats | None:
    """Return the yearly mean of the months' highest less lowest of a day; None where files lack."""
    highs = next((named[name] for name in _HIGHS if name in named), {})
    lows = next((named[name] for name in _LOWS if name in named), {})
    if len(highs) < _N_MONTHS or len(lows) < _N_MONTHS:
        return None
    months = [
        _read_c(highs[month], box, step) - _read_c(lows[month], box, step)
        for month in sorted(highs)
    ]
    return np.asarray(np.tensordot(_DAYS, np.stack(months), axes=1) / _DAYS.sum())


def _list_cells(
    months: Floats, heights_m: Floats, ranges_k: Floats | None, box: Bbox, step: float
) -> tuple[pd.DataFrame, NDArray[np.object_]]:
    """Return a station for each cell whose twelve means and height are known, and its place."""
    rows, columns = np.nonzero(~np.isnan(months).any(axis=-1) & ~np.isnan(heights_m))
    lons, lats = box[0] + (columns + 0.5) * step, box[3] - (rows + 0.5) * step
    known = months[rows, columns]
    places = list(zip(lons, lats, strict=True))
    frame = pd.DataFrame(
        {
            "station_id": [f"{lon:.4f}_{lat:.4f}" for lon, lat in places],
            "name": [f"{lat:.2f}, {lon:.2f}" for lon, lat in places],
            "elevation_m": np.round(heights_m[rows, columns], 1),
            "temp_mean_c": np.round(known @ _DAYS / _DAYS.sum(), 2),
            **{
                f"temp_{month:02d}_c": np.round(known[:, month - 1], 2)
                for month in range(1, _N_MONTHS + 1)
            },
            "accuracy_m": round(step * _KM_PER_DEG * 1000.0 / 2.0),
        }
    )
    if ranges_k is not None:
        frame["diurnal_range_k"] = np.round(ranges_k[rows, columns], 2)
    return frame, np.asarray(shapely.points(lons, lats), dtype=object)
