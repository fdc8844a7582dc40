"""Climate: the yearly mean temperature at a site's own height.

The means of the nearest stations are brought to the site's height with the lapse rate of
the standard atmosphere and averaged, nearer stations counting more (inverse squared
distance).  The band is what the same rule errs by at the stations themselves when each is
left out in turn, the 5th to the 95th percentile, widened by the lapse rate over the heights
that lie within the accuracy of the park's point.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray

from gis.criteria.finding import Finding
from layers.crs import distance_km, lonlats
from layers.tables import Raster

LAPSE_K_PER_M = 0.0065  # ICAO Standard Atmosphere, Doc 7488: -6.5 K per km of height
_NEAR_KM = 1.0  # a station nearer than this weighs no more than one at this distance
_MIN_STATIONS = 2

METHOD = "mean of the nearest stations at the site's height; see docs/model.md, climate"

Floats = NDArray[np.float64]


def _estimate(
    distances_km: Floats, at_sea_level: Floats, height_m: float, n_stations: int
) -> float:
    nearest = np.argsort(distances_km, kind="stable")[:n_stations]
    weights = 1.0 / np.maximum(distances_km[nearest], _NEAR_KM) ** 2
    return float(np.average(at_sea_level[nearest], weights=weights)) - LAPSE_K_PER_M * height_m


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
    lon, lat = stations.geometry.x.to_numpy(), stations.geometry.y.to_numpy()
    heights = stations["elevation_m"].to_numpy(dtype=float)
    means = stations["temp_mean_c"].to_numpy(dtype=float)
    at_sea_level = means + LAPSE_K_PER_M * heights
    errors = []
    for index in range(len(stations)):
        away = distance_km(lon[index], lat[index], lon, lat)
        near = (away <= search_km) & (np.arange(len(stations)) != index)
        if near.sum() >= _MIN_STATIONS:
            guess = _estimate(away[near], at_sea_level[near], heights[index], n_stations)
            errors.append(means[index] - guess)
    return np.array(errors)


def measure_temperature(
    parks: gpd.GeoDataFrame,
    stations: gpd.GeoDataFrame,
    elevation: Raster,
    *,
    n_stations: int,
    search_km: float,
) -> list[Finding]:
    """Measure `air_temp_mean_c` of every park.

    Parameters
    ----------
    parks, stations
        Contracts `PARKS` and `STATIONS`, EPSG:4490.
    elevation
        Height above sea level, m.
    n_stations, search_km
        How many stations speak, and from how far.
    """
    lon, lat = stations.geometry.x.to_numpy(), stations.geometry.y.to_numpy()
    at_sea_level = (stations["temp_mean_c"] + LAPSE_K_PER_M * stations["elevation_m"]).to_numpy(
        dtype=float
    )
    errors = leave_one_out_errors(stations, n_stations=n_stations, search_km=search_km)
    sources = (*sorted(set(stations["source_id"])), elevation.source_id)
    findings = []
    for park_id, place, accuracy_m in zip(
        parks["park_id"], lonlats(parks.geometry), parks["accuracy_m"], strict=True
    ):
        away = distance_km(*place, lon, lat)
        near = away <= search_km
        height_m = elevation.at(*place)
        why = ""
        if near.sum() < _MIN_STATIONS or errors.size == 0:
            why = f"fewer than {_MIN_STATIONS} stations within {search_km:g} km"
        elif np.isnan(height_m):
            why = "the elevation grid holds nothing there"
        if why:
            findings.append(
                Finding(
                    park_id,
                    "air_temp_mean_c",
                    "climate",
                    "°C",
                    "unknown",
                    reason=why,
                    method=METHOD,
                )
            )
            continue
        value = _estimate(away[near], at_sea_level[near], height_m, n_stations)
        lowest_m, highest_m = elevation.spread(*place, within_km=accuracy_m / 1000.0)
        low, high = value + np.quantile(errors, [0.05, 0.95])
        low -= LAPSE_K_PER_M * (highest_m - height_m)
        high += LAPSE_K_PER_M * (height_m - lowest_m)
        findings.append(
            Finding(
                park_id,
                "air_temp_mean_c",
                "climate",
                "°C",
                "derived",
                value=value,
                low=float(min(low, value)),
                high=float(max(high, value)),
                band="range",
                reason=f"height {height_m:.0f} m, from {lowest_m:.0f} to {highest_m:.0f} m as far as "
                f"the point is known; model normals read at stations, not observations",
                source_ids=sources,
                method=METHOD,
            )
        )
    return findings
