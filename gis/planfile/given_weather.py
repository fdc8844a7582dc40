"""Reading the hours that a plan gives for its parks."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np

from steppe.criteria.cooling.findings import GivenWeather
from steppe.criteria.cooling.weather import Station, Weather
from steppe.layers.crs import distance_km, lonlats
from steppe.layers.errors import InputError, Problem
from steppe.layers.tables import Raster
from steppe.layers.wording import Message, tell
from steppe.planfile.cooling_entry import Cooling, WeatherFile

_ISD_SUFFIX = ".csv"


def read_weather(
    cooling: Cooling,
    parks: gpd.GeoDataFrame,
    elevation: Raster | None,
    *,
    folder: Path,
    search_km: float,
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
    search_km
        From how far stations speak for a park; hours from further off are none of its.

    Raises
    ------
    InputError
        One line for each file that cannot be read or is of another place, and each park that
        there is not.
    """
    places = dict(zip(parks["park_id"], lonlats(parks.geometry), strict=True))
    given: dict[str, GivenWeather] = {}
    problems: list[Problem] = []
    for park_id, entry in cooling.weather.items():
        where = f"plan.toml › cooling.weather.{park_id}"
        if park_id not in places:
            what, fix = tell("fault.park.unknown"), tell("fix.name_park")
            problems.append(Problem(where, what, fix))
            continue
        place = places[park_id]
        ground_m = float("nan") if elevation is None else elevation.at(*place)
        try:
            hours = _open(
                folder / entry.file, ground_m if entry.height_m is None else entry.height_m, where
            )
            words = _spell(entry, _tell_station(hours.station, place, ground_m, search_km, where))
        except InputError as error:
            problems += error.problems
            continue
        given[park_id] = GivenWeather(hours, words, _cite(entry))
    if problems:
        raise InputError(problems)
    return given


def _tell_station(
    station: Station | None,
    place: tuple[float, float],
    ground_m: float,
    search_km: float,
    where: str,
) -> Message:
    """Say how far a station is, and how much higher; refuse one that is too far off."""
    if station is None:
        return tell("weather.no_station")
    away_km = float(distance_km(*place, [station.lon], [station.lat])[0])
    if away_km > search_km:
        what = tell("fault.weather.far", lat=station.lat, lon=station.lon, away_km=away_km)
        fix = tell("fix.give_near_hours", search_km=search_km)
        raise InputError(Problem(where, what, fix))
    higher_m = station.height_m - ground_m
    if np.isnan(higher_m):
        return tell("weather.away", km=away_km)
    key = "weather.higher" if higher_m > 0 else "weather.lower"
    return tell(key, km=away_km, m=float(abs(higher_m)))


def _open(path: Path, height_m: float, where: str) -> Weather:
    # pvlib is slow to import, and most plans have no file for it.
    from steppe.criteria.cooling.weather_files import open_epw, open_isd  # noqa: PLC0415

    if path.suffix.lower() != _ISD_SUFFIX:
        return open_epw(path)
    if np.isnan(height_m):
        what = tell("fault.weather.no_height")
        raise InputError(Problem(where, what, tell("fix.add_height")))
    return open_isd(path, height_m=height_m)


def _spell(entry: WeatherFile, station: Message) -> Message:
    key = "weather.file" if entry.source_id else "weather.no_source"
    return tell(key, file=entry.file, station=station)


def _cite(entry: WeatherFile) -> tuple[str, ...]:
    return () if entry.source_id is None else (entry.source_id,)
