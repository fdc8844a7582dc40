"""Distances from a place that is known to a radius only: from points spread over its disk.

The points are those of a sunflower, each standing for the same area (Vogel, A better way to
construct the sunflower head, Mathematical Biosciences 44, 1979, 179-189): the same for every disk,
so that the same input gives the same numbers.  They are laid out in the azimuthal equidistant
plane round the middle of the disk, in which every distance from the middle is the geodesic one;
between a point of the disk and a feature R km away it is off by no more than
radius x (R / 6371 km)^2 / 3: 2 m for a disk of 25 km and a feature at 100 km.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray

from steppe.layers.crs import GEOD
from steppe.layers.tables import KM_PER_DEG

N_POINTS = 201
"""Odd, so that the median over a disk is the number of one of its points."""
LEAST_KM = 0.1
"""A disk of this radius or a smaller one is its middle."""
_GOLDEN = math.pi * (3.0 - math.sqrt(5.0))
_CAP_LAT = 89.0  # a circle that reaches this far is looked for in the whole cap round the pole
_SLACK_KM = 1e-6  # more than the last digits of a distance
_WINDOWS_KM = (25.0, 100.0, 400.0, math.inf)

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Points:
    """The places of features, degrees, each of shape (m,)."""

    lons: Floats
    lats: Floats

    @classmethod
    def of(cls, layer: gpd.GeoDataFrame) -> Points:
        """Return the places of a layer of points."""
        points = layer.geometry
        return cls(np.asarray(points.x, dtype=float), np.asarray(points.y, dtype=float))

    @cached_property
    def by_latitude(self) -> tuple[NDArray[np.intp], Floats]:
        """Return the rows from south to north, and their latitudes."""
        rows = np.argsort(self.lats, kind="stable")
        return rows, self.lats[rows]

    def find_in_box(self, lon: float, lat: float, reach_km: float) -> NDArray[np.intp]:
        """Return the rows in a box in degrees that holds the circle round a place, in order."""
        reach_lat = 1.02 * reach_km / KM_PER_DEG
        rows, lats = self.by_latitude
        south, north = np.searchsorted(lats, [lat - reach_lat, np.nextafter(lat + reach_lat, 91.0)])
        band = rows[south:north]
        far_lat = abs(lat) + reach_lat
        if far_lat < _CAP_LAT:
            across = np.abs((self.lons[band] - lon + 180.0) % 360.0 - 180.0)
            band = band[across <= reach_lat / math.cos(math.radians(far_lat))]
        return np.sort(band)


def spread_points(radius_km: float) -> Floats:
    """Return points of a disk as km east and north of its middle, from there to the rim.

    Parameters
    ----------
    radius_km
        Radius of the disk.

    Returns
    -------
    NDArray
        Shape (`N_POINTS`, 2); (1, 2) for a disk up to `LEAST_KM`.
    """
    if radius_km <= LEAST_KM:
        return np.zeros((1, 2))
    number = np.arange(N_POINTS)
    away = radius_km * np.sqrt(number / (N_POINTS - 1))
    return np.column_stack([away * np.sin(number * _GOLDEN), away * np.cos(number * _GOLDEN)])


def within_disk_km(
    lon: float, lat: float, radius_km: float, points: Points, *, within_km: float
) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """Find the features within a distance from each point of a disk.

    Parameters
    ----------
    lon, lat, radius_km
        The disk; degrees.
    points
        The features.
    within_km
        The distance.

    Returns
    -------
    tuple
        The k features that are near any point, shape (k,), and which of them are near each
        point, shape (points of the disk, k).
    """
    spots = spread_points(radius_km)
    rows = points.find_in_box(lon, lat, within_km + radius_km)
    away, bearing = _polar(lon, lat, points, rows)
    # What is surely near, or surely not, from anywhere on the disk need not be measured from it.
    keep = away <= within_km + radius_km + _SLACK_KM
    rows, away, bearing = rows[keep], away[keep], bearing[keep]
    is_near = np.ones((len(spots), len(rows)), dtype=bool)
    doubtful = away >= within_km - radius_km - _SLACK_KM
    is_near[:, doubtful] = _apart(spots, away[doubtful], bearing[doubtful]) <= within_km
    is_any = is_near.any(axis=0)
    return rows[is_any], is_near[:, is_any]


def nearest_of_disk_km(
    lon: float, lat: float, radius_km: float, points: Points
) -> tuple[Floats, NDArray[np.intp]]:
    """Return how far the nearest feature is from each point of a disk, km, and which it is.

    Parameters
    ----------
    lon, lat, radius_km
        The disk; degrees.
    points
        The features.

    Returns
    -------
    tuple
        Two of shape (points of the disk,); infinite, and -1, where there is no feature.
    """
    spots = spread_points(radius_km)
    for window_km in _WINDOWS_KM:
        near = points.find_in_box(lon, lat, window_km)
        if not len(near):
            continue
        away, bearing = _polar(lon, lat, points, near)
        # What is the nearest from anywhere on the disk is not farther from the middle than this.
        farthest = float(away.min()) + 2.0 * radius_km
        if farthest > window_km:
            continue
        keep = away <= farthest
        apart = _apart(spots, away[keep], bearing[keep])
        return apart.min(axis=1), near[keep][apart.argmin(axis=1)]
    return np.full(len(spots), np.inf), np.full(len(spots), -1, dtype=np.intp)


def _polar(lon: float, lat: float, points: Points, rows: NDArray[np.intp]) -> tuple[Floats, Floats]:
    """Return geodesic distance (km) and bearing (radians) of some features from a place."""
    lons, lats = points.lons[rows], points.lats[rows]
    ahead, _, metres = GEOD.inv(np.full_like(lons, lon), np.full_like(lats, lat), lons, lats)
    return np.asarray(metres) / 1000.0, np.radians(ahead)


def _apart(spots: Floats, away: Floats, bearing: Floats) -> Floats:
    """Return distances in the plane, shape (points of the disk, features)."""
    if len(spots) == 1:
        return away[np.newaxis, :]
    east, north = away * np.sin(bearing), away * np.cos(bearing)
    return np.asarray(np.hypot(spots[:, :1] - east, spots[:, 1:] - north))
