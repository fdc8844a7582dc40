"""Sites: where each park is, how well that is known, and distances from all of where it may be."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray

from steppe.layers.crs import lonlats
from steppe.layers.disks import nearest_of_disk_km, within_disk_km


@dataclass(frozen=True)
class Site:
    """A park as a point, degrees, known to `accuracy_km`: it may lie anywhere on that disk."""

    park_id: str
    lon: float
    lat: float
    accuracy_km: float

    def find_within(self, layer: gpd.GeoDataFrame, radius_km: float) -> NDArray[np.bool_]:
        """Tell which points of a layer lie within a distance, shape (points of the disk, rows)."""
        lons, lats = _places(layer)
        return within_disk_km(self.lon, self.lat, self.accuracy_km, lons, lats, within_km=radius_km)

    def find_nearest(self, layer: gpd.GeoDataFrame) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
        """Return the distance to the nearest point of a layer, km, and its row.

        Both of shape (points of the disk,); infinite, and -1, where the layer has none.
        """
        lons, lats = _places(layer)
        return nearest_of_disk_km(self.lon, self.lat, self.accuracy_km, lons, lats)


def _places(layer: gpd.GeoDataFrame) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    points = layer.geometry
    return np.asarray(points.x, dtype=float), np.asarray(points.y, dtype=float)


def read_sites(parks: gpd.GeoDataFrame) -> list[Site]:
    """Return the parks (contract `PARKS`, EPSG:4490) as sites, in their order."""
    return [
        Site(park_id, lon, lat, float(accuracy_m) / 1000.0)
        for park_id, (lon, lat), accuracy_m in zip(
            parks["park_id"], lonlats(parks.geometry), parks["accuracy_m"], strict=True
        )
    ]
