"""Weather that a user gives: EPW, or the hourly CSV of NOAA's Integrated Surface Database."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pvlib.iotools import read_epw

from gis.criteria.cooling.weather import MONTH_DAYS, Weather
from gis.criteria.moist_air import saturation_pressure_pa, standard_pressure_pa
from layers.errors import InputError, Problem, unreadable

Floats = NDArray[np.float64]

# What no station near the ground has measured is a fault of the file, in °C and Pa.
_TEMP_C = (-90.0, 60.0)
_PRESSURE_PA = (40000.0, 110000.0)

_LEAST_SHARE = 0.8  # of every month's hours; assumed
_GAP_H = 3  # stations that report every third hour are drawn straight between reports
_ISD_GOOD = ("0", "1", "4", "5", "9", "A", "C", "I", "M", "P", "R", "U")
_ISD_MISSING = 9999.0
_ISD_COLUMNS = ("DATE", "TMP", "DEW")


def _read_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig", errors="replace")
    except OSError as error:
        raise unreadable(path.name, error) from None


def _to_weather(where: str, hours: pd.DataFrame) -> Weather:
    """Check an hourly frame of `temp`, `dew` and `pressure` with an index of months."""
    present = hours.dropna()
    n_held = present.groupby(level=0).size()
    thin = [
        month
        for month, n_days in enumerate(MONTH_DAYS, start=1)
        if n_held.get(month, 0) < _LEAST_SHARE * 24 * n_days
    ]
    if thin:
        what = (
            f"months {', '.join(map(str, thin))} hold less than {_LEAST_SHARE:.0%} of their hours"
        )
        raise InputError(Problem(where, what, "give a whole year"))
    temp, dew, pressure = (
        present[name].to_numpy(dtype=float) for name in ("temp", "dew", "pressure")
    )
    for name, values, (low, high), unit in (
        ("temperature", temp, _TEMP_C, "°C"),
        ("dew point", dew, _TEMP_C, "°C"),
        ("pressure", pressure, _PRESSURE_PA, "Pa"),
    ):
        if values.min() < low or values.max() > high:
            what = f"{name} from {values.min():g} to {values.max():g} {unit} cannot be"
            raise InputError(Problem(where, what, f"give it in {unit}"))
    vapour = np.minimum(
        saturation_pressure_pa(dew, over_ice=False), saturation_pressure_pa(temp, over_ice=False)
    )
    return Weather(temp, vapour, pressure, "measured")


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
    text = _read_text(path)
    try:
        # From memory: pvlib would take a name that begins with http for an address.
        table, _ = read_epw(io.StringIO(text))
        months = table["month"].astype(int).to_numpy()
        columns = {
            "temp": table["temp_air"].astype(float).to_numpy(),
            "dew": table["temp_dew"].astype(float).to_numpy(),
            "pressure": table["atmospheric_pressure"].astype(float).to_numpy(),
        }
    except (ValueError, KeyError, IndexError, TypeError) as error:
        what = f"is not an EPW file: {error}"
        raise InputError(Problem(where, what, "check the file")) from None
    hours = pd.DataFrame(columns, index=months)
    # 99.9 and 999999 stand for missing (EnergyPlus, Auxiliary Programs, EPW data dictionary).
    hours = hours.mask(hours == {"temp": 99.9, "dew": 99.9, "pressure": 999999.0})
    return _to_weather(where, hours)


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
        table = pd.read_csv(io.StringIO(text), dtype=str)
    except ValueError as error:
        raise InputError(Problem(where, f"is not a CSV: {error}", "check the file")) from None
    missing = [name for name in _ISD_COLUMNS if name not in table]
    if missing:
        what = f"lacks the columns {', '.join(missing)}"
        raise InputError(Problem(where, what, "give NOAA's global-hourly CSV"))
    times = pd.to_datetime(table["DATE"], format="ISO8601", errors="coerce", utc=True)
    if times.isna().any():
        rows = tuple(str(number + 2) for number in np.flatnonzero(times.isna()))
        raise InputError(Problem(where, "has dates that cannot be read", "use ISO 8601", rows))
    if len(set(times.dt.year)) != 1:
        raise InputError(Problem(where, "does not hold just one year", "give one year"))
    reports = pd.DataFrame({"temp": _isd_value(table["TMP"]), "dew": _isd_value(table["DEW"])})
    hourly = reports.groupby(times.dt.tz_localize(None).dt.floor("h").to_numpy()).mean()
    year = int(times.dt.year.iloc[0])
    every = pd.date_range(f"{year}-01-01", f"{year}-12-31 23:00", freq="h")
    hours = _bridge(hourly.reindex(every))
    hours["pressure"] = float(standard_pressure_pa(height_m))
    return _to_weather(where, hours.set_axis(every.month))


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
