"""Sites: where each park is, and how well that is known."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray

from steppe.layers.crs import distance_km, lonlats


@dataclass(frozen=True)
class Site:
    """A park as a point, degrees, known to `accuracy_km`."""

    park_id: str
    lon: float
    lat: float
    accuracy_km: float


def read_sites(parks: gpd.GeoDataFrame) -> list[Site]:
    """Return the parks (contract `PARKS`, EPSG:4490) as sites, in their order."""
    return [
        Site(park_id, lon, lat, float(accuracy_m) / 1000.0)
        for park_id, (lon, lat), accuracy_m in zip(
            parks["park_id"], lonlats(parks.geometry), parks["accuracy_m"], strict=True
        )
    ]


def measure_away_km(site: Site, layer: gpd.GeoDataFrame) -> NDArray[np.float64]:
    """Return the geodesic distances from a site to the points of a layer, km."""
    return distance_km(site.lon, site.lat, layer.geometry.x, layer.geometry.y)
