"""Weather stations: NOAA's ISD-Lite with its list of stations, and EPW for the parks near it.

ISD-Lite holds an hour a line in fields of fixed width (ISD-Lite format document, 2006): year,
month, day, hour, then in tenths the air temperature, dew point, pressure and others; -9999 is
missing.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import shapely

from steppe.layers.crs import distance_km
from steppe.layers.errors import InputError, Problem
from steppe.layers.limits import WEATHER_BYTES
from steppe.layers.openers.boxes import holds
from steppe.layers.openers.downloads import NotThereError
from steppe.layers.openers.fetched import (
    Asked,
    Fetched,
    FetchedHours,
    FetchedLayer,
    Origin,
    fit_layer,
)
from steppe.layers.openers.published import damaged, open_bytes, read_rows
from steppe.layers.safe_files import admit
from steppe.layers.wording import Message, tell

_HISTORY = ("USAF", "WBAN", "STATION NAME", "LAT", "LON", "ELEV(M)")
_FILE = re.compile(r"([0-9A-Z]{6})-([0-9]{5})-([0-9]{4})")
_MISSING = -9999
_LEAST_SHARE = 0.8  # of a month's days; assumed, as for hours that a plan gives
_LEAST_DAY_H = 20  # hours of a day whose range is taken: reports every third hour miss its ends
_LEAST_REPORTS = 4  # of a day whose mean is taken
_STATION_M = 1000.0  # whole minutes in much of the list
_MOST_STATIONS = 40
_MONTHS = tuple(f"temp_{month:02d}_c" for month in range(1, 13))
_TURN_H = 24.0
_HEIGHT_M = (-200.0, 9000.0)

Get = Callable[[str], Path]
_BASE = "https://www.ncei.noaa.gov/pub/data/noaa"


def list_isd_lite(asked: Asked, get: Get) -> list[Path]:
    """Fetch the list of stations, and of those nearest to the middle of the region a year each.

    The year is the last one that the list has whole.
    """
    path = get(f"{_BASE}/isd-history.csv")
    stations = _read_history(path)
    ends = pd.to_numeric(stations["END"], errors="coerce")
    year = int(ends.max()) // 10_000 - 1
    begins = pd.to_numeric(stations["BEGIN"], errors="coerce")
    is_whole = (begins <= year * 10_000 + 101) & (ends >= year * 10_000 + 1231)
    near = stations[is_whole & holds(asked.box, stations["lon"], stations["lat"])]
    west, south, east, north = asked.box
    middle = (west + ((east - west) % 360.0) / 2, (south + north) / 2)
    away = distance_km(*middle, near["lon"], near["lat"])
    chosen = near.iloc[np.argsort(away, kind="stable")[:_MOST_STATIONS]]
    found = [path]
    for station in chosen.index:
        # The list speaks of all reports; a station without those of ISD-Lite has no file.
        with suppress(NotThereError):
            found.append(get(f"{_BASE}/isd-lite/{year}/{station}-{year}.gz"))
    return found


def _read_history(path: Path) -> pd.DataFrame:
    """Return the stations that have a place and a height, by their number."""
    raw = read_rows(path, _HISTORY)
    numbers = {
        ours: pd.to_numeric(raw[theirs], errors="coerce")
        for ours, theirs in (("lat", "LAT"), ("lon", "LON"), ("elevation_m", "ELEV(M)"))
    }
    stations = raw.assign(**numbers).set_axis(raw["USAF"] + "-" + raw["WBAN"])
    is_placed = stations["lat"].notna() & stations["lon"].notna()
    is_placed &= (stations["lat"] != 0) | (stations["lon"] != 0)
    is_placed &= stations["elevation_m"].between(*_HEIGHT_M)
    return stations[is_placed & ~stations.index.duplicated(keep="last")]


def open_isd_lite(files: Sequence[Path], asked: Asked, origin: Origin) -> Fetched:
    """Make stations of years of ISD-Lite; several years of one are averaged, month by month.

    Parameters
    ----------
    files
        `isd-history.csv`, and files as `USAF-WBAN-YEAR` or `.gz`.
    asked
        What is wanted.
    origin
        Of the opener.
    """
    histories = [path for path in files if _FILE.match(path.name) is None]
    if not histories:
        what = tell("fetch.isd.no_history")
        raise InputError(Problem(files[0].name, what, tell("fetch.fix.isd_history")))
    stations = pd.concat([_read_history(path) for path in histories])
    lons = dict(zip(stations.index.astype(str), stations["lon"].astype(float), strict=True))
    years: dict[str, list[pd.Series]] = {}
    notes: list[Message] = []
    days: list[date] = []
    for path in files:
        named = _FILE.match(path.name)
        if named is None:
            continue
        station = f"{named[1]}-{named[2]}"
        if station not in lons:
            notes.append(tell("fetch.isd.unknown", name=path.name))
            continue
        found = _read_year(path, lons[station])
        days.append(date(int(named[3]), 12, 31))
        years.setdefault(station, []).append(found)
    rows = []
    for station, held in years.items():
        means = pd.concat(held, axis=1).mean(axis=1)
        if means[list(_MONTHS)].isna().any():
            notes.append(tell("fetch.isd.thin", name=station))
            continue
        rows.append({"station_id": station, **means.round(2).to_dict()})
    as_of = max(days, default=date(2006, 6, 20))
    table = pd.DataFrame(rows, columns=["station_id", *_MONTHS, "diurnal_range_k"])
    placed = stations.loc[table["station_id"]]
    inside = holds(asked.box, placed["lon"], placed["lat"])
    table, placed = table[inside], placed[inside]
    lengths = np.array([31, 28.25, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
    months = table[list(_MONTHS)].to_numpy(dtype=float)
    frame = table.assign(
        name=placed["STATION NAME"].str.strip().to_numpy(),
        elevation_m=placed["elevation_m"].to_numpy(),
        temp_mean_c=np.round(months @ lengths / lengths.sum(), 2),
        accuracy_m=_STATION_M,
        source_id=origin.source_id,
        as_of=as_of.isoformat(),
    )
    points = shapely.points(placed["lon"].to_numpy(), placed["lat"].to_numpy())
    layer = FetchedLayer(
        "stations", fit_layer("stations", frame, points), asked.box, is_whole=False
    )
    return Fetched(origin, as_of, (layer,), notes=notes)


def _read_year(path: Path, lon: float) -> pd.Series:
    """Return the monthly means and the mean daily range of a station's year, °C and K.

    A month's mean is that of its days, so that days with many reports count no more; the days
    are those of the sun at the station.
    """
    try:
        with open_bytes(path) as stream:
            content = stream.read(WEATHER_BYTES.most + 1)
        WEATHER_BYTES.refuse_over(len(content), path.name)
        raw = pd.read_csv(
            io.BytesIO(content),
            sep=r"\s+",
            header=None,
            usecols=range(5),
            names=["year", "month", "day", "hour", "temp"],
            dtype=int,
        )
        times = pd.to_datetime(raw[["year", "month", "day", "hour"]])
    except (ValueError, KeyError) as error:
        raise damaged(path.name, error) from None
    known = (raw["temp"] != _MISSING).to_numpy()
    local = times[known] + pd.Timedelta(hours=round(lon * _TURN_H / 360.0))
    temps = raw["temp"][known].to_numpy(dtype=float) / 10.0
    by_day = pd.Series(temps).groupby(local.dt.floor("D").to_numpy())
    counts = by_day.size()
    means = by_day.mean()[counts >= _LEAST_REPORTS]
    found = {}
    for month, name in enumerate(_MONTHS, start=1):
        of_month = means[pd.DatetimeIndex(means.index).month == month]
        is_held = len(of_month) >= _LEAST_SHARE * 28
        found[name] = float(of_month.mean()) if is_held else float("nan")
    ranges = (by_day.max() - by_day.min())[counts >= _LEAST_DAY_H]
    is_held = len(ranges) >= _LEAST_SHARE * 365
    found["diurnal_range_k"] = float(ranges.mean()) if is_held else float("nan")
    return pd.Series(found)


def open_epw(files: Sequence[Path], asked: Asked, origin: Origin) -> Fetched:
    """Give each park within reach the hours of the nearest EPW.

    Parameters
    ----------
    files
        EPW, see the data dictionary of EnergyPlus, Auxiliary Programs.
    asked
        What is wanted, with the places of the parks.
    origin
        Of the opener; a file's first line names who measured.
    """
    places = [_read_place(path) for path in files]
    hours, notes = [], []
    lons, lats = ([place[axis] for place in places] for axis in (0, 1))
    for park_id, (lon, lat) in asked.parks.items():
        away = distance_km(lon, lat, lons, lats)
        nearest = int(np.argmin(away))
        if away[nearest] <= asked.reach_km:
            entry: Mapping[str, object] = {"source_id": origin.source_id}
            hours.append(FetchedHours(park_id, files[nearest], entry))
    if not hours:
        notes.append(tell("fetch.epw.no_park", km=asked.reach_km))
    return Fetched(
        origin, date(max(place[2] for place in places), 12, 31), hours=hours, notes=notes
    )


def _read_place(path: Path) -> tuple[float, float, int]:
    """Return longitude, latitude, and the newest year of an EPW."""
    admit(path, path.name, WEATHER_BYTES)
    lines = path.read_text(encoding="utf-8-sig", errors="replace").splitlines()
    try:
        head = next(csv.reader(lines[:1]))
        if head[0].strip().upper() != "LOCATION":
            raise ValueError(head[0])  # noqa: TRY301 (told below)
        lat, lon = float(head[6]), float(head[7])
        years = {int(line.split(",", 1)[0]) for line in lines[8:] if line[:4].isdecimal()}
        if not (abs(lon) <= 180.0 and abs(lat) <= 90.0):  # noqa: PLR2004 (degrees)
            raise ValueError(head[7])  # noqa: TRY301
        return lon, lat, min(max(years), 2099)
    except (ValueError, IndexError, StopIteration, csv.Error):
        what = tell("fault.weather.no_location")
        raise InputError(Problem(path.name, what, tell("fix.give_epw_or_csv"))) from None
