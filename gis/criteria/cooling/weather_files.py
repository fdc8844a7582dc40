"""Weather that a user gives: EPW, or the hourly CSV of NOAA's Integrated Surface Database."""

from __future__ import annotations

import io
import math
import re
import warnings
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pvlib.iotools import read_epw

from steppe.criteria.cooling.weather import MONTH_DAYS, Station, Weather
from steppe.criteria.moist_air import saturation_pressure_pa, standard_pressure_pa
from steppe.layers.errors import InputError, Problem
from steppe.layers.library_words import unreadable
from steppe.layers.limits import WEATHER_BYTES
from steppe.layers.safe_files import admit
from steppe.layers.wording import join, tell

Floats = NDArray[np.float64]

# What no station near the ground has measured is a fault of the file, in °C and Pa.
_TEMP_C = (-90.0, 60.0)
_PRESSURE_PA = (40000.0, 110000.0)

_LEAST_SHARE = 0.8  # of every month's hours; assumed
_GAP_H = 3  # stations that report every third hour are drawn straight between reports
_ISD_GOOD = ("0", "1", "4", "5", "9", "A", "C", "I", "M", "P", "R", "U")
_ISD_MISSING = 9999.0
_ISD_COLUMNS = ("DATE", "TMP", "DEW")


# What stands before the hours of an EPW, and how many fields an hour has (EnergyPlus, Auxiliary
# Programs, EPW data dictionary).
_EPW_HEAD, _EPW_FIELDS = 8, 35
_EPW_LOCATION_FIELDS = 10
_YEAR_MOST_H = 8784
_ISD_PLACE = ("LONGITUDE", "LATITUDE", "ELEVATION")
_YEARS = (1750, 2250)
_HEIGHT_M = (-1000.0, 9999.0)


def _read_text(path: Path) -> str:
    admit(path, path.name, WEATHER_BYTES)
    try:
        return path.read_text(encoding="utf-8-sig", errors="replace")
    except OSError as error:
        raise unreadable(path.name, error) from None


def _find_station(lon: float, lat: float, height_m: float) -> Station | None:
    """Return where hours are of; None where the numbers are no place on Earth."""
    if not (abs(lon) <= 180.0 and abs(lat) <= 90.0):  # noqa: PLR2004 (degrees)
        return None
    low, high = _HEIGHT_M
    return Station(lon, lat, height_m if low <= height_m <= high else math.nan)


def _to_weather(where: str, hours: pd.DataFrame, station: Station | None) -> Weather:
    """Check an hourly frame of `temp`, `dew` and `pressure` with an index of months."""
    present = hours.dropna()
    n_held = present.groupby(level=0).size()
    thin = [
        month
        for month, n_days in enumerate(MONTH_DAYS, start=1)
        if n_held.get(month, 0) < _LEAST_SHARE * 24 * n_days
    ]
    if thin:
        months = join([str(month) for month in thin])
        what = tell("fault.weather.thin", months=months, least_share=_LEAST_SHARE)
        raise InputError(Problem(where, what, tell("fix.give_whole_year")))
    temp, dew, pressure = (
        present[name].to_numpy(dtype=float) for name in ("temp", "dew", "pressure")
    )
    for name, values, (low, high), unit in (
        (tell("weather.temperature"), temp, _TEMP_C, "°C"),
        (tell("weather.dew_point"), dew, _TEMP_C, "°C"),
        (tell("weather.pressure"), pressure, _PRESSURE_PA, "Pa"),
    ):
        if values.min() < low or values.max() > high:
            least, most = float(values.min()), float(values.max())
            what = tell("fault.weather.range", name=name, least=least, most=most, unit=unit)
            raise InputError(Problem(where, what, tell("fix.give_in", unit=unit)))
    vapour = np.minimum(
        saturation_pressure_pa(dew, over_ice=False), saturation_pressure_pa(temp, over_ice=False)
    )
    return Weather(temp, vapour, pressure, "measured", station)


def open_epw(path: Path) -> Weather:
    """Read an EnergyPlus weather file.

    Parameters
    ----------
    path
        An EPW file: 8 lines of head, 8760 or 8784 lines of hours.

    Returns
    -------
    Weather
        Hours that lack temperature, dew point or pressure are left out.

    Raises
    ------
    InputError
        If the file cannot be read as EPW, or lacks more than a fifth of a month.
    """
    where = path.name
    lines = re.split(r"\r\n|\r|\n", _read_text(path).rstrip())
    station = _read_location(lines[0], where)
    _refuse_uneven(lines[_EPW_HEAD:], where)
    try:
        # From memory: pvlib would take a name that begins with http for an address.
        table, _ = read_epw(io.StringIO("\n".join(lines)))
        months = table["month"].astype(int).to_numpy()
        columns = {
            "temp": table["temp_air"].astype(float).to_numpy(),
            "dew": table["temp_dew"].astype(float).to_numpy(),
            "pressure": table["atmospheric_pressure"].astype(float).to_numpy(),
        }
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError) as error:
        what = tell("fault.weather.no_epw", told=str(error))
        raise InputError(Problem(where, what, tell("fix.check_file"))) from None
    twice = np.flatnonzero(table.duplicated(["month", "day", "hour"]))
    if twice.size:
        rows = tuple(str(number + _EPW_HEAD + 1) for number in twice)
        what, fix = tell("fault.weather.twice"), tell("fix.one_record_an_hour")
        raise InputError(Problem(where, what, fix, rows))
    hours = pd.DataFrame(columns, index=months)
    # 99.9 and 999999 stand for missing (EnergyPlus, Auxiliary Programs, EPW data dictionary).
    hours = hours.mask(hours == {"temp": 99.9, "dew": 99.9, "pressure": 999999.0})
    return _to_weather(where, hours, station)


def _read_location(line: str, where: str) -> Station:
    fields = line.split(",")
    if fields[0].strip().upper() != "LOCATION" or len(fields) < _EPW_LOCATION_FIELDS:
        what = tell("fault.weather.no_location")
        raise InputError(Problem(where, what, tell("fix.give_epw_or_csv")))
    try:
        lat, lon, _, height_m = map(float, fields[6:_EPW_LOCATION_FIELDS])
        station = _find_station(lon, lat, height_m)
    except ValueError:
        station = None
    if station is None:
        what = tell("fault.weather.location")
        raise InputError(Problem(where, what, tell("fix.give_four_numbers")))
    return station


def _refuse_uneven(rows: Sequence[str], where: str) -> None:
    if len(rows) > _YEAR_MOST_H:
        what = tell("fault.weather.records", n_records=len(rows), most=_YEAR_MOST_H)
        raise InputError(Problem(where, what, tell("fix.one_year_hourly")))
    for number, row in enumerate(rows, start=_EPW_HEAD + 1):
        n_fields = row.count(",") + 1
        if n_fields != _EPW_FIELDS:
            what = tell("fault.weather.fields", line=number, n_fields=n_fields, wanted=_EPW_FIELDS)
            raise InputError(Problem(where, what, tell("fix.give_hours_as_epw")))


def _isd_value(column: pd.Series) -> pd.Series:
    """Return °C of a column such as `-0123,1`; NaN where it is missing or failed a check."""
    parts = column.fillna("").str.split(",", n=1, expand=True).reindex(columns=[0, 1])
    tenths = pd.to_numeric(parts[0], errors="coerce")
    return (tenths / 10.0).where(parts[1].isin(_ISD_GOOD) & (tenths.abs() != _ISD_MISSING))


def open_isd(path: Path, *, height_m: float) -> Weather:
    """Read a station's year of the Integrated Surface Database (NOAA, global-hourly CSV).

    Parameters
    ----------
    path
        CSV with the columns DATE, TMP and DEW; values in tenths of °C with a quality code.
    height_m
        Of the station, for the standard pressure: few stations report theirs.

    Returns
    -------
    Weather
        Reports are averaged within an hour; hours between reports no more than three hours
        apart are drawn straight between them; others are left out.

    Raises
    ------
    InputError
        If columns are missing, dates cannot be read, the file spans more than a year, or
        lacks more than a fifth of a month.
    """
    where = path.name
    text = _read_text(path)
    try:
        with warnings.catch_warnings():
            # Where a line has more fields than the head, nothing tells which column is which.
            warnings.simplefilter("error", pd.errors.ParserWarning)
            table = pd.read_csv(io.StringIO(text), dtype=str, index_col=False)
    except (ValueError, pd.errors.ParserWarning) as error:
        what = tell("fault.weather.no_csv", told=str(error))
        raise InputError(Problem(where, what, tell("fix.check_file"))) from None
    missing = [name for name in _ISD_COLUMNS if name not in table]
    if missing:
        what = tell("fault.column.several_lacking", names=join(missing))
        raise InputError(Problem(where, what, tell("fix.give_global_hourly")))
    times = pd.to_datetime(table["DATE"], format="ISO8601", errors="coerce", utc=True)
    if times.isna().any():
        rows = tuple(str(number + 2) for number in np.flatnonzero(times.isna()))
        what, fix = tell("fault.weather.dates"), tell("fix.use_iso_8601")
        raise InputError(Problem(where, what, fix, rows))
    if len(set(times.dt.year)) != 1 or not _YEARS[0] <= times.dt.year.iloc[0] <= _YEARS[1]:
        raise InputError(Problem(where, tell("fault.weather.year"), tell("fix.give_one_year")))
    reports = pd.DataFrame({"temp": _isd_value(table["TMP"]), "dew": _isd_value(table["DEW"])})
    hourly = reports.groupby(times.dt.tz_localize(None).dt.floor("h").to_numpy()).mean()
    year = int(times.dt.year.iloc[0])
    every = pd.date_range(f"{year}-01-01", f"{year}-12-31 23:00", freq="h")
    hours = _bridge(hourly.reindex(every))
    hours["pressure"] = float(standard_pressure_pa(height_m))
    return _to_weather(where, hours.set_axis(every.month), _read_place(table))


def _read_place(table: pd.DataFrame) -> Station | None:
    """Return the station of the first report, where the file has the columns for it."""
    if not set(_ISD_PLACE) <= set(table.columns):
        return None
    first = table[list(_ISD_PLACE)].head(1).apply(pd.to_numeric, errors="coerce")
    return _find_station(*(float(number) for number in first.iloc[0]))


def _bridge(hours: pd.DataFrame) -> pd.DataFrame:
    """Draw straight lines over gaps between reports at most `_GAP_H` hours apart."""
    bridged = hours.copy()
    for name in hours:
        known = np.flatnonzero(hours[name].notna())
        if known.size == 0:
            continue
        places = np.arange(len(hours))
        after = np.searchsorted(known, places)
        inside = (after > 0) & (after < known.size)
        gap = known[np.minimum(after, known.size - 1)] - known[np.maximum(after - 1, 0)]
        drawn = np.interp(places, known, hours[name].to_numpy()[known])
        bridged[name] = np.where(inside & (gap <= _GAP_H), drawn, hours[name])
    return bridged
