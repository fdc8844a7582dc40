"""What the measures find at a point, at many points at once: air temperature and earthquakes.

The numbers are those of `steppe.criteria.climate` and `steppe.criteria.seismicity` at a place that is
known exactly: the same neighbours, weights and distances.  Who is near is asked in space, in straight
lines, and how far on the ellipsoid.
"""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray

from steppe.criteria.climate import (
    LAPSE_K_PER_M,
    MIN_STATIONS,
    NEAR_KM,
    leave_one_out_errors,
)
from steppe.criteria.seismicity import REACH_KM, Window, choose_window, pick_events
from steppe.criteria.settings import Climate
from steppe.layers.crs import GEOD, bend_km, to_earth_km
from steppe.layers.disks import Points
from steppe.layers.extents import Extent

_OFF_KM = 0.1  # more than a straight line that is bent to the mean sphere is off at `REACH_KM`
_MORE = 2  # neighbours, for two may be nearly as near

Floats = NDArray[np.float64]


def find_temperatures(
    stations: gpd.GeoDataFrame,
    extent: Extent,
    lons: Floats,
    lats: Floats,
    heights_m: Floats,
    *,
    climate: Climate,
) -> Floats:
    """Return the yearly mean air temperature at places, °C; NaN where the measure is unknown.

    Parameters
    ----------
    stations, extent
        Contract `STATIONS`, and what it covers.
    lons, lats, heights_m
        The places, degrees and metres above the sea, each of shape (n,).
    climate
        How many stations speak, and from how far.
    """
    at_sea_level = find_sea_levels(
        stations, extent, lons, lats, columns=("temp_mean_c",), climate=climate
    )
    return at_sea_level[:, 0] - LAPSE_K_PER_M * heights_m


def find_sea_levels(
    stations: gpd.GeoDataFrame,
    extent: Extent,
    lons: Floats,
    lats: Floats,
    *,
    columns: Sequence[str],
    climate: Climate,
) -> Floats:
    """Return what the stations tell of places, brought to the sea, shape (n, columns); NaN unknown.

    Parameters
    ----------
    stations, extent
        Contract `STATIONS`, and what it covers.
    lons, lats
        The places, degrees, each of shape (n,).
    columns
        Temperatures, °C, which fall with the height; and others, which do not, such as the daily
        range, of which the mean is that of the stations that tell it.
    climate
        How many stations speak, and from how far.
    """
    found = np.full((len(lons), len(columns)), np.nan)
    n_stations, search_km = climate.n_stations, climate.search_km
    errors = leave_one_out_errors(stations, n_stations=n_stations, search_km=search_km)
    if errors.size == 0 or not len(lons):
        return found
    points = Points.of(stations)
    lifted = LAPSE_K_PER_M * stations["elevation_m"].to_numpy(dtype=float)
    told = stations.reindex(columns=list(columns)).to_numpy(dtype=float)
    told = told + lifted[:, np.newaxis] * [name.startswith("temp_") for name in columns]
    rows, away = _find_nearest(points, lons, lats, max(n_stations, MIN_STATIONS))
    is_near = away <= search_km
    speaks = is_near & (np.arange(away.shape[1]) < n_stations)
    weights = np.where(speaks, 1.0 / np.maximum(away, NEAR_KM) ** 2, 0.0)
    last = away[:, min(n_stations, away.shape[1]) - 1]
    asked_km = np.where(speaks.sum(axis=1) == n_stations, last, search_km)
    known = np.flatnonzero(is_near.sum(axis=1) >= MIN_STATIONS)
    known = known[extent.covers_all(lons[known], lats[known], asked_km[known])]
    for number in range(len(columns)):
        values = told[rows[known], number]
        used = weights[known] * np.isfinite(values)
        total = used.sum(axis=1)
        with np.errstate(invalid="ignore"):  # where no station tells it
            found[known, number] = (used * np.nan_to_num(values)).sum(axis=1) / total
    return found


def find_rates(
    earthquakes: gpd.GeoDataFrame,
    extent: Extent,
    lons: Floats,
    lats: Floats,
    *,
    magnitude: float,
    windows: Sequence[Window],
) -> Floats:
    """Return how many events of a magnitude came within `REACH_KM` of places, a year; NaN unknown.

    Parameters
    ----------
    earthquakes, extent
        Contract `EARTHQUAKES`, and what it covers.
    lons, lats
        The places, degrees, each of shape (n,).
    magnitude, windows
        See `steppe.criteria.seismicity.measure_rate`.
    """
    found = np.full(len(lons), np.nan)
    window = choose_window(windows, magnitude)
    if window is None:
        return found
    events = Points.of(pick_events(earthquakes, window, magnitude))
    counts = np.zeros(len(lons))
    at = to_earth_km(lons, lats)
    for lon, lat, event in zip(
        events.lons, events.lats, to_earth_km(events.lons, events.lats), strict=True
    ):
        away = bend_km(np.sqrt(((at - event) ** 2).sum(axis=1)))
        counts += away < REACH_KM - _OFF_KM
        unsure = np.flatnonzero(np.abs(away - REACH_KM) <= _OFF_KM)
        counts[unsure] += _measure_km(lon, lat, lons[unsure], lats[unsure]) <= REACH_KM
    known = extent.covers_all(lons, lats, np.full(len(lons), REACH_KM))
    found[known] = counts[known] / window.n_years
    return found


def _find_nearest(
    points: Points, lons: Floats, lats: Floats, n_nearest: int
) -> tuple[NDArray[np.intp], Floats]:
    """Return rows and distances, km, of the nearest points, nearest first, each of shape (n, k).

    Where there are fewer points than asked for, k is their number.
    """
    # Whatever draws no surface need not wait for scipy.
    from scipy.spatial import KDTree  # noqa: PLC0415

    n_asked = min(n_nearest + _MORE, len(points.lons))
    tree = KDTree(to_earth_km(points.lons, points.lats))
    _, rows = tree.query(to_earth_km(lons, lats), k=np.arange(1, n_asked + 1))
    away = _measure_km(
        np.repeat(lons, n_asked), np.repeat(lats, n_asked),
        points.lons[rows].ravel(), points.lats[rows].ravel(),
    ).reshape(rows.shape)  # fmt: skip
    # Of two alike the one that comes first in the layer, as the measure has it.
    order = np.lexsort((rows, away), axis=1)[:, :n_nearest]
    return np.take_along_axis(rows, order, axis=1), np.take_along_axis(away, order, axis=1)


def _measure_km(lon: float | Floats, lat: float | Floats, lons: Floats, lats: Floats) -> Floats:
    from_lons, from_lats = np.broadcast_to(lon, lons.shape), np.broadcast_to(lat, lats.shape)
    return np.asarray(GEOD.inv(from_lons, from_lats, lons, lats)[2], dtype=float) / 1000.0
