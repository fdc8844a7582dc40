"""Coordinate reference systems, and lengths on the ellipsoid.

Everything in memory is EPSG:4490 (CGCS2000, degrees) in the order lon, lat.  Lengths are
geodesic on GRS80, never measured in a projection.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
import shapely
from pyproj import CRS, Geod
from pyproj.exceptions import CRSError

from steppe.layers.errors import InputError, Problem
from steppe.layers.limits import CRS_LENGTH
from steppe.layers.wording import Words, tell

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import ArrayLike, NDArray
    from shapely.geometry.base import BaseGeometry

WORKING_CRS = CRS.from_epsg(4490)
PAGE_CRS = CRS.from_epsg(4326)
CRS84 = CRS.from_user_input("OGC:CRS84")
GEOD = Geod(ellps="GRS80")
MEAN_RADIUS_KM = 6371.0
_STEEPEST_DEG = 45.0
_FLAT_DEG = 1.0  # nearer to the equator than this, Albers is next to a cylinder
_SHOWN = 80


# PROJ would open a grid or a catalogue that a definition names; @null is none.
_NAMES_A_FILE = re.compile(
    r"\+?(?:init|\w*grids|catalog|file)\s*=(?!@null\b)|PARAMETERFILE", re.IGNORECASE
)


def parse_crs(text: str, where: str) -> CRS:
    """Return the CRS that a text defines: a code, a name, WKT, PROJJSON or a PROJ string.

    Raises
    ------
    InputError
        For what defines none, or would have a file of its own opened.
    """
    CRS_LENGTH.refuse_over(len(text), where)
    shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
    what = tell("fault.crs.unknown", crs=shown)
    unknown = InputError(Problem(where, what, tell("fix.give_epsg_code")))
    if "\0" in text or _NAMES_A_FILE.search(text):
        raise unknown
    try:
        return CRS.from_user_input(text)
    except CRSError:
        raise unknown from None


def name_crs(crs: CRS | None) -> Words:
    """Return a CRS as a user would call it: its code, else its name."""
    if crs is None:
        return tell("crs.none")
    authority = crs.to_authority()
    return ":".join(authority) if authority else str(crs.name)


def albers(bbox: tuple[float, float, float, float]) -> CRS:
    """Return an equal-area CRS on CGCS2000 fitted to a region: Albers, where that is one.

    The standard parallels lie one sixth of the height inside the southern and northern
    edge (the rule of thumb of Snyder, Map Projections, USGS PP 1395, 1987, p. 99).  A cone
    whose parallels lie on both sides of the equator may be none: a region that reaches over
    it has the cylindrical equal-area projection (ibid., p. 76), which is true to scale at the
    parallel halfway between the equator and the region's farther edge.

    Parameters
    ----------
    bbox
        West, south, east, north in degrees; over 180 degrees the west is more than the east.
    """
    west, south, east, north = bbox
    east += 360.0 if east < west else 0.0
    if south < _FLAT_DEG and north > -_FLAT_DEG:
        true_lat = min(max(abs(south), abs(north)) / 2, _STEEPEST_DEG)
        return CRS.from_proj4(
            f"+proj=cea +lat_ts={true_lat} +lon_0={(west + east) / 2} "
            "+ellps=GRS80 +units=m +no_defs"
        )
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


def lines_km(lines: Iterable[BaseGeometry]) -> NDArray[np.float64]:
    """Return the geodesic lengths of lines (also of several parts) in kilometres, shape (n,)."""
    shapes = np.array([*lines], dtype=object)
    parts, owner = shapely.get_parts(shapes, return_index=True)
    stops, part = shapely.get_coordinates(parts, return_index=True)
    leads = np.flatnonzero(part[1:] == part[:-1])
    (lon, lat), (lon2, lat2) = stops[leads].T, stops[leads + 1].T
    legs_km = np.asarray(GEOD.inv(lon, lat, lon2, lat2)[2], dtype=float) / 1000.0
    km = np.zeros(len(shapes))
    np.add.at(km, owner[part[leads]], legs_km)
    return km


def distance_km(lon: float, lat: float, lons: ArrayLike, lats: ArrayLike) -> NDArray[np.float64]:
    """Return the geodesic distances from one point to many, in kilometres.

    Parameters
    ----------
    lon, lat
        The point, degrees.
    lons, lats
        The other points, degrees, shape (n,).
    """
    to_lon, to_lat = (np.asarray(each, dtype=float) for each in (lons, lats))
    metres = GEOD.inv(np.full_like(to_lon, lon), np.full_like(to_lat, lat), to_lon, to_lat)[2]
    return np.asarray(metres, dtype=float) / 1000.0


def to_earth_km(lons: NDArray[np.float64], lats: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return places on the ellipsoid as points in space, km from the middle of the earth, shape (n, 3).

    Parameters
    ----------
    lons, lats
        Degrees, each of shape (n,).
    """
    lon, lat = np.radians(lons), np.radians(lats)
    across = GEOD.a / 1000.0 / np.sqrt(1.0 - GEOD.es * np.sin(lat) ** 2)
    return np.column_stack(
        [
            across * np.cos(lat) * np.cos(lon),
            across * np.cos(lat) * np.sin(lon),
            across * (1.0 - GEOD.es) * np.sin(lat),
        ]
    )


def bend_km(straight_km: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the way over the ground between places so far apart in a straight line, km.

    It is the arc of the mean sphere, and up to 500 km within 5 m of the geodesic, as a test holds.
    """
    half = np.minimum(straight_km / (2.0 * MEAN_RADIUS_KM), 1.0)
    return np.asarray(2.0 * MEAN_RADIUS_KM * np.arcsin(half))
