"""Reading the hours that a plan gives for its parks."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np

from gis.build.cooling import Cooling, WeatherFile
from gis.criteria.cooling.findings import GivenWeather
from gis.criteria.cooling.weather import Weather
from layers.crs import lonlats
from layers.errors import InputError, Problem
from layers.tables import Raster

_ISD_SUFFIX = ".csv"


def read_weather(
    cooling: Cooling, parks: gpd.GeoDataFrame, elevation: Raster | None, *, folder: Path
) -> dict[str, GivenWeather]:
    """Read the weather file of every park that has one.

    Parameters
    ----------
    cooling
        The plan's table.
    parks
        Contract `PARKS`.
    elevation
        Height above sea level, m, for a CSV whose station's height is not given.
    folder
        Where the plan lies.

    Raises
    ------
    InputError
        One line for each file that cannot be read, and each park that there is not.
    """
    places = dict(zip(parks["park_id"], lonlats(parks.geometry), strict=True))
    given: dict[str, GivenWeather] = {}
    problems: list[Problem] = []
    for park_id, entry in cooling.weather.items():
        where = f"plan.toml › cooling.weather.{park_id}"
        if park_id not in places:
            problems.append(Problem(where, "there is no such park", "name a park of the layer"))
            continue
        height_m = entry.height_m
        if height_m is None:
            height_m = float("nan") if elevation is None else elevation.at(*places[park_id])
        try:
            hours = _open(folder / entry.file, height_m, where)
        except InputError as error:
            problems += error.problems
            continue
        given[park_id] = GivenWeather(hours, _spell(entry), _cite(entry))
    if problems:
        raise InputError(problems)
    return given


def _open(path: Path, height_m: float, where: str) -> Weather:
    # pvlib is slow to import, and most plans have no file for it.
    from gis.criteria.cooling.weather_files import open_epw, open_isd  # noqa: PLC0415

    if path.suffix.lower() != _ISD_SUFFIX:
        return open_epw(path)
    if np.isnan(height_m):
        raise InputError(Problem(where, "the station's height is not known", "add height_m"))
    return open_isd(path, height_m=height_m)


def _spell(entry: WeatherFile) -> str:
    return entry.file if entry.source_id else f"{entry.file}, of which the plan names no source"


def _cite(entry: WeatherFile) -> tuple[str, ...]:
    return () if entry.source_id is None else (entry.source_id,)
