"""What a build ran on: the version of Steppe and those of the libraries that make its bytes."""

from __future__ import annotations

import configparser
import platform
import sqlite3
import zlib
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path

import pyogrio
import pyproj
import rasterio
import shapely

DISTRIBUTION = "steppe-planner"

# Packages that are asked for their version only; those that carry native code of their own
# with a version of its own are asked below.
PLAIN_LIBRARIES = (
    "Jinja2",
    "XStatic-Leaflet",
    "branca",
    "folium",
    "geopandas",
    "networkx",
    "numpy",
    "pandas",
    "pyogrio",
    "pyproj",
    "rasterio",
    "scipy",
    "shapely",
)


@cache
def read_version() -> str:
    """Return the version of Steppe, the same from a checkout and from its wheel.

    A checkout is asked first: setup.cfg is where a wheel's version comes from, while the
    metadata of an editable install stay behind when the version moves on.
    """
    parser = configparser.ConfigParser()
    parser.read(Path(__file__).parents[2] / "setup.cfg", encoding="utf-8")
    if parser.get("metadata", "name", fallback="") == DISTRIBUTION:
        return parser.get("metadata", "version")
    return version(DISTRIBUTION)


@cache
def list_libraries() -> Mapping[str, str]:
    """Return library to version, of everything that shapes the bytes of an output.

    The libraries inside wheels count too: pyogrio and rasterio each bring a GDAL, zlib
    compresses the QGIS project, and SQLite writes its version into a GeoPackage.
    """
    inner = {
        "python": platform.python_version(),
        "zlib": zlib.ZLIB_RUNTIME_VERSION,
        "sqlite": sqlite3.sqlite_version,
        "PROJ of pyproj": pyproj.proj_version_str,
        "GDAL of pyogrio": pyogrio.__gdal_version_string__,
        "GDAL of rasterio": rasterio.__gdal_version__,
        "GEOS of shapely": shapely.geos_version_string,
    }
    return inner | {name: version(name) for name in PLAIN_LIBRARIES}
