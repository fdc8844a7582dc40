"""The shifted datums of Chinese web maps, and the way back.

GCJ-02 and BD-09 are shifts of WGS 84.  The formulas are public folklore (first published
in Go and C# about 2010, see the project eviltransform), not an official specification:
results are approximate to the true shift, and exact to each other.

Web maps shift China alone; the box of the formulas reaches far into its neighbours.  Where they
shift stands in `shift_extent.json`, made of Natural Earth 1:10m countries 5.1.1 (public domain):
China, Hong Kong and Macao, with the sea up to 0.3 degrees off, and 2.5 km beyond the land
border, for the border is that coarse; simplified by 0.003 degrees.  It is drawn nowhere, and
compiled by `steppe.layers.packs.shift_extent`.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from shapely.geometry.base import BaseGeometry

Floats = NDArray[np.float64]

DATUMS = ("wgs84", "cgcs2000", "gcj02", "bd09")

_A = 6378245.0  # semi-major axis of the Krasovsky 1940 ellipsoid, metres
_EE = 0.00669342162296594323  # its squared eccentricity
_CHINA_BOX = (72.004, 0.8293, 137.8347, 55.8271)  # outside it nothing is shifted
_BD_TURN = np.pi * 3000.0 / 180.0
_INVERSE_STEPS = 6


def _outside_china(lon: Floats, lat: Floats) -> NDArray[np.bool_]:
    west, south, east, north = _CHINA_BOX
    return (lon < west) | (lon > east) | (lat < south) | (lat > north)


def _shift_m(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    root = 0.1 * np.sqrt(np.abs(x))
    ripple = (20.0 * np.sin(6.0 * x * np.pi) + 20.0 * np.sin(2.0 * x * np.pi)) * 2.0 / 3.0
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 2.0 * root + ripple
    north += (20.0 * np.sin(y * np.pi) + 40.0 * np.sin(y / 3.0 * np.pi)) * 2.0 / 3.0
    north += (160.0 * np.sin(y / 12.0 * np.pi) + 320.0 * np.sin(y * np.pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + root + ripple
    east += (20.0 * np.sin(x * np.pi) + 40.0 * np.sin(x / 3.0 * np.pi)) * 2.0 / 3.0
    east += (150.0 * np.sin(x / 12.0 * np.pi) + 300.0 * np.sin(x / 30.0 * np.pi)) * 2.0 / 3.0
    return east, north


def wgs84_to_gcj02(lon: ArrayLike, lat: ArrayLike) -> tuple[Floats, Floats]:
    """Shift WGS 84 to GCJ-02; outside the Chinese box the input comes back.

    Parameters
    ----------
    lon, lat
        Degrees, any shape.
    """
    lon_, lat_ = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    east, north = _shift_m(lon_ - 105.0, lat_ - 35.0)
    phi = np.radians(lat_)
    magic = 1.0 - _EE * np.sin(phi) ** 2
    d_lat = np.degrees(north * magic * np.sqrt(magic) / (_A * (1.0 - _EE)))
    d_lon = np.degrees(east * np.sqrt(magic) / (_A * np.cos(phi)))
    keep = _outside_china(lon_, lat_)
    return np.where(keep, lon_, lon_ + d_lon), np.where(keep, lat_, lat_ + d_lat)


def gcj02_to_wgs84(lon: ArrayLike, lat: ArrayLike) -> tuple[Floats, Floats]:
    """Undo `wgs84_to_gcj02` by fixed-point iteration; the error is below a millimetre."""
    lon_, lat_ = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    out_lon, out_lat = lon_.copy(), lat_.copy()
    for _ in range(_INVERSE_STEPS):
        x, y = wgs84_to_gcj02(out_lon, out_lat)
        out_lon, out_lat = out_lon + (lon_ - x), out_lat + (lat_ - y)
    return out_lon, out_lat


def gcj02_to_bd09(lon: ArrayLike, lat: ArrayLike) -> tuple[Floats, Floats]:
    """Shift GCJ-02 to BD-09, degrees."""
    x, y = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    radius = np.hypot(x, y) + 0.00002 * np.sin(y * _BD_TURN)
    angle = np.arctan2(y, x) + 0.000003 * np.cos(x * _BD_TURN)
    return radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006


def bd09_to_gcj02(lon: ArrayLike, lat: ArrayLike) -> tuple[Floats, Floats]:
    """Undo `gcj02_to_bd09` by fixed-point iteration, degrees."""
    lon_, lat_ = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    out_lon, out_lat = lon_ - 0.0065, lat_ - 0.006
    for _ in range(_INVERSE_STEPS):
        x, y = gcj02_to_bd09(out_lon, out_lat)
        out_lon, out_lat = out_lon + (lon_ - x), out_lat + (lat_ - y)
    return out_lon, out_lat


@cache
def shift_extent() -> BaseGeometry:
    """Return where web maps shift coordinates, EPSG:4326; drawn nowhere."""
    path = Path(__file__).with_name("shift_extent.json")
    extent: BaseGeometry = shapely.from_geojson(path.read_text(encoding="utf-8"))
    shapely.prepare(extent)
    return extent


def to_wgs84(lon: ArrayLike, lat: ArrayLike, *, datum: str) -> tuple[Floats, Floats]:
    """Bring coordinates of any datum in `DATUMS` to WGS 84 (CGCS2000 passes unchanged).

    WGS 84 and CGCS2000 differ by less than about a metre (plate motion since 2000), which
    is far below the accuracy of anything that is planned here.  A place that lies abroad, or
    would when its shift is undone, stays as it is: web maps give it in WGS 84.

    Parameters
    ----------
    lon, lat
        Degrees, any shape.
    datum
        One of `DATUMS`.
    """
    lon_, lat_ = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    if datum not in {"bd09", "gcj02"}:
        return lon_, lat_
    shifted = bd09_to_gcj02(lon_, lat_) if datum == "bd09" else (lon_, lat_)
    back_lon, back_lat = gcj02_to_wgs84(*shifted)
    extent = shift_extent()
    at_home = shapely.contains_xy(extent, back_lon, back_lat)
    at_home &= shapely.contains_xy(extent, lon_, lat_)
    return np.where(at_home, back_lon, lon_), np.where(at_home, back_lat, lat_)
