"""Climate: yearly and monthly mean temperature at a site's own height.

The means of the nearest stations are brought to the site's height with the lapse rate of
the standard atmosphere and averaged, nearer stations counting more (inverse squared
distance).  The band is what the same rule errs by at the stations themselves when each is
left out in turn, the 5th to the 95th percentile, widened by the lapse rate over the heights
that lie within the accuracy of the park's point.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray

from steppe.criteria.coverage import tell_part
from steppe.criteria.finding import Finding
from steppe.criteria.ground import cells_within
from steppe.layers.crs import distance_km, lonlats
from steppe.layers.disks import Points
from steppe.layers.extents import Extent
from steppe.layers.tables import Raster
from steppe.layers.wording import Words, tell

LAPSE_K_PER_M = 0.0065  # ICAO Standard Atmosphere, Doc 7488: -6.5 K per km of height
NEAR_KM = 1.0  # a station nearer than this weighs no more than one at this distance
MIN_STATIONS = 2

METHOD = tell("method.climate")

Floats = NDArray[np.float64]

MONTHS = tuple(f"temp_{month:02d}_c" for month in range(1, 13))
RANGE = "diurnal_range_k"


@dataclass(frozen=True)
class SiteClimate:
    """Temperature at one site, or why it is not known.

    Parameters
    ----------
    park_id
        Whose.
    why
        Why nothing is known; empty when it is.
    height_m, lowest_m, highest_m
        Of the point, and within its accuracy; metres above the sea.
    temp_mean_c, low_c, high_c
        Yearly mean and its band, °C.
    temp_monthly_c
        Monthly means, °C, 12 values.
    diurnal_range_k
        Yearly mean of each day's maximum less minimum, K; None where no station tells.
    source_ids
        Of the stations and the heights.
    """

    park_id: str
    why: Words = ""
    height_m: float = float("nan")
    lowest_m: float = float("nan")
    highest_m: float = float("nan")
    temp_mean_c: float = float("nan")
    low_c: float = float("nan")
    high_c: float = float("nan")
    temp_monthly_c: tuple[float, ...] = ()
    diurnal_range_k: float | None = None
    source_ids: tuple[str, ...] = ()


def _estimate(
    distances_km: Floats, at_sea_level: Floats, height_m: float, n_stations: int
) -> Floats:
    """Return the mean at a height; `at_sea_level` is of shape (stations, ...)."""
    nearest = np.argsort(distances_km, kind="stable")[:n_stations]
    weights = 1.0 / np.maximum(distances_km[nearest], NEAR_KM) ** 2
    mean = np.average(at_sea_level[nearest], axis=0, weights=weights)
    return np.asarray(mean - LAPSE_K_PER_M * height_m)


def leave_one_out_errors(
    stations: gpd.GeoDataFrame, *, n_stations: int, search_km: float
) -> Floats:
    """Return observed minus estimated at every station that has neighbours, K.

    Parameters
    ----------
    stations
        Contract `STATIONS`.
    n_stations, search_km
        How many stations speak, and from how far.
    """
    columns = (
        stations.geometry.x,
        stations.geometry.y,
        stations["elevation_m"].astype(float),
        stations["temp_mean_c"].astype(float),
    )
    return np.array(_leave_out(*(tuple(each) for each in columns), n_stations, search_km))


@lru_cache(maxsize=4)  # the same stations speak whatever else of a plan is moved
def _leave_out(
    lons: tuple[float, ...],
    lats: tuple[float, ...],
    heights_m: tuple[float, ...],
    means_c: tuple[float, ...],
    n_stations: int,
    search_km: float,
) -> tuple[float, ...]:
    lon, lat, heights, means = (np.array(each) for each in (lons, lats, heights_m, means_c))
    at_sea_level, points = means + LAPSE_K_PER_M * heights, Points(lon, lat)
    errors = []
    for index in range(len(means)):
        rows = points.find_in_box(lon[index], lat[index], search_km)
        away = distance_km(lon[index], lat[index], lon[rows], lat[rows])
        near = (away <= search_km) & (rows != index)
        if near.sum() >= MIN_STATIONS:
            seen = at_sea_level[rows[near]]
            guess = float(_estimate(away[near], seen, heights[index], n_stations))
            errors.append(float(means[index] - guess))
    return tuple(errors)


def interpolate_climate(
    parks: gpd.GeoDataFrame,
    stations: gpd.GeoDataFrame,
    extent: Extent,
    elevation: Raster | None,
    *,
    n_stations: int,
    search_km: float,
) -> list[SiteClimate]:
    """Bring the stations' yearly and monthly means to every park.

    Where the elevation does not hold every cell within the accuracy of a park, nothing is known
    either.  Where the layer ends nearer than the last of the stations that speak, or than `search_km` where
    there are fewer, nearer ones may be missing, and nothing is known.

    Parameters
    ----------
    parks, stations
        Contracts `PARKS` and `STATIONS`, EPSG:4490.
    extent
        What the stations cover.
    elevation
        Height above sea level, m; None where the plan has no grid of it.
    n_stations, search_km
        How many stations speak, and from how far.
    """
    why: Words
    if elevation is None:
        why = tell("climate.no_elevation")
        return [SiteClimate(park_id, why) for park_id in parks["park_id"]]
    points = Points.of(stations)
    lifted = LAPSE_K_PER_M * stations["elevation_m"].to_numpy(dtype=float)
    at_sea_level = stations[["temp_mean_c", *MONTHS]].to_numpy(dtype=float) + lifted[:, np.newaxis]
    ranges = stations.reindex(columns=[RANGE])[RANGE].to_numpy(dtype=float)
    errors = leave_one_out_errors(stations, n_stations=n_stations, search_km=search_km)
    sources = (*sorted(set(stations["source_id"])), elevation.source_id)
    found = []
    for park_id, place, accuracy_m in zip(
        parks["park_id"], lonlats(parks.geometry), parks["accuracy_m"], strict=True
    ):
        rows = points.find_in_box(*place, search_km)
        away = distance_km(*place, points.lons[rows], points.lats[rows])
        rows, away = rows[away <= search_km], away[away <= search_km]
        height_m = elevation.at(*place)
        if len(rows) < MIN_STATIONS or errors.size == 0:
            why = tell("climate.few_stations", least=MIN_STATIONS, km=search_km)
            found.append(SiteClimate(park_id, why))
            continue
        asked_km = float(np.sort(away)[n_stations - 1]) if len(rows) >= n_stations else search_km
        if not extent.covers(*place, asked_km):
            why = tell_part("stations", extent.reach_km(*place), asked_km=asked_km)
            found.append(SiteClimate(park_id, why))
            continue
        if np.isnan(height_m):
            found.append(SiteClimate(park_id, tell("climate.no_height")))
            continue
        accuracy_km = accuracy_m / 1000.0
        if np.isnan(cells_within(elevation, *place, within_km=accuracy_km)).any():
            found.append(SiteClimate(park_id, tell("climate.height_part", km=accuracy_km)))
            continue
        means = _estimate(away, at_sea_level[rows], height_m, n_stations)
        swings = ~np.isnan(ranges[rows])
        value = float(means[0])
        lowest_m, highest_m = elevation.spread(*place, within_km=accuracy_km)
        low, high = value + np.quantile(errors, [0.05, 0.95])
        low -= LAPSE_K_PER_M * (highest_m - height_m)
        high += LAPSE_K_PER_M * (height_m - lowest_m)
        found.append(
            SiteClimate(
                park_id,
                height_m=height_m,
                lowest_m=lowest_m,
                highest_m=highest_m,
                temp_mean_c=value,
                low_c=float(min(low, value)),
                high_c=float(max(high, value)),
                temp_monthly_c=tuple(means[1:].tolist()),
                diurnal_range_k=float(
                    _estimate(away[swings], ranges[rows][swings], 0.0, n_stations)
                )
                if swings.any()
                else None,
                source_ids=sources,
            )
        )
    return found


def measure_temperature(climates: Sequence[SiteClimate]) -> list[Finding]:
    """Tell `air_temp_mean_c` of every park.

    Parameters
    ----------
    climates
        What `interpolate_climate` found.
    """
    return [
        Finding(
            each.park_id,
            "air_temp_mean_c",
            "unknown",
            reason=each.why,
        )
        if each.why
        else Finding(
            each.park_id,
            "air_temp_mean_c",
            "derived",
            value=each.temp_mean_c,
            low=each.low_c,
            high=each.high_c,
            band="range",
            reason=tell(
                "climate.found", height=each.height_m, lowest=each.lowest_m, highest=each.highest_m
            ),
            source_ids=each.source_ids,
        )
        for each in climates
    ]
