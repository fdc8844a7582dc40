"""Sites: where each park is, how well that is known, and distances from all of where it may be."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray

from steppe.layers.crs import lonlats
from steppe.layers.disks import Points, nearest_of_disk_km, within_disk_km

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Near:
    """Which rows of a layer are near where a site may be.

    Parameters
    ----------
    rows
        Those near any point of the disk, shape (k,).
    is_near
        Which of these are near each point, shape (points of the disk, k).
    """

    rows: NDArray[np.intp]
    is_near: NDArray[np.bool_]

    def count(self) -> NDArray[np.int64]:
        """Return how many are near each point of the disk."""
        return np.asarray(self.is_near.sum(axis=1), dtype=np.int64)

    def total(self, amounts: Floats) -> Floats:
        """Return the sum of an amount of the rows, shape (rows of the layer,), at each point."""
        return np.asarray(self.is_near.astype(float) @ amounts[self.rows])

    def greatest(self, amounts: Floats) -> Floats:
        """Return the greatest of an amount of the rows at each point; -inf where none is near."""
        return np.where(self.is_near, amounts[self.rows], -np.inf).max(axis=1, initial=-np.inf)


@dataclass(frozen=True)
class Site:
    """A park as a point, degrees, known to `accuracy_km`: it may lie anywhere on that disk."""

    park_id: str
    lon: float
    lat: float
    accuracy_km: float

    def find_within(self, points: Points, radius_km: float) -> Near:
        """Find the points within a distance from each point of the disk."""
        return Near(
            *within_disk_km(self.lon, self.lat, self.accuracy_km, points, within_km=radius_km)
        )

    def find_nearest(self, points: Points) -> tuple[Floats, NDArray[np.intp]]:
        """Return the distance from each point of the disk to the nearest of points, and its row.

        Both of shape (points of the disk,); infinite, and -1, where there is none.
        """
        return nearest_of_disk_km(self.lon, self.lat, self.accuracy_km, points)


def read_sites(parks: gpd.GeoDataFrame) -> list[Site]:
    """Return the parks (contract `PARKS`, EPSG:4490) as sites, in their order."""
    return [
        Site(park_id, lon, lat, float(accuracy_m) / 1000.0)
        for park_id, (lon, lat), accuracy_m in zip(
            parks["park_id"], lonlats(parks.geometry), parks["accuracy_m"], strict=True
        )
    ]
