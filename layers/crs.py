"""Coordinate reference systems, and lengths on the ellipsoid.

Everything in memory is EPSG:4490 (CGCS2000, degrees) in the order lon, lat.  Lengths are
geodesic on GRS80, never measured in a projection.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
from pyproj import CRS, Geod

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

WORKING_CRS = CRS.from_epsg(4490)
PAGE_CRS = CRS.from_epsg(4326)
GEOD = Geod(ellps="GRS80")


def albers(bbox: tuple[float, float, float, float]) -> CRS:
    """Return an equal-area CRS on CGCS2000 fitted to a region.

    The standard parallels lie one sixth of the height inside the southern and northern
    edge (the rule of thumb of Snyder, Map Projections, USGS PP 1395, 1987, p. 99).

    Parameters
    ----------
    bbox
        West, south, east, north in degrees.
    """
    west, south, east, north = bbox
    sixth = (north - south) / 6
    return CRS.from_proj4(
        f"+proj=aea +lat_0={south} +lon_0={(west + east) / 2} +lat_1={south + sixth} "
        f"+lat_2={north - sixth} +ellps=GRS80 +units=m +no_defs"
    )


def lonlats(points: gpd.GeoSeries) -> list[tuple[float, float]]:
    """Return the coordinates of points as (lon, lat) in degrees."""
    return list(zip(points.x.astype(float), points.y.astype(float), strict=True))


def line_km(geometry: BaseGeometry) -> float:
    """Return the geodesic length of a line in kilometres."""
    return float(GEOD.geometry_length(geometry)) / 1000.0


def distance_km(
    lon: float, lat: float, lons: Iterable[float], lats: Iterable[float]
) -> NDArray[np.float64]:
    """Return the geodesic distances from one point to many, in kilometres.

    Parameters
    ----------
    lon, lat
        The point, degrees.
    lons, lats
        The other points, degrees, shape (n,).
    """
    to_lon = np.asarray(list(lons), dtype=float)
    to_lat = np.asarray(list(lats), dtype=float)
    metres = GEOD.inv(np.full_like(to_lon, lon), np.full_like(to_lat, lat), to_lon, to_lat)[2]
    return np.asarray(metres, dtype=float) / 1000.0
