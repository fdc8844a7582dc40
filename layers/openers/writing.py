"""Writing what an opener made, so that the plan's reader takes it."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd

from steppe.layers.contracts import INPUT_LAYERS
from steppe.layers.crs import PAGE_CRS
from steppe.layers.openers.boxes import WORLD
from steppe.layers.reader import read_layer
from steppe.layers.writer import write_geopackage

DATUM = "wgs84"


def write_layer(path: Path, name: str, frame: gpd.GeoDataFrame, *, as_of: str) -> gpd.GeoDataFrame:
    """Write a layer as GeoPackage, without columns that hold nothing; return it as a plan reads it.

    Parameters
    ----------
    path
        The file, which must not exist.
    name
        Its contract.
    frame
        Its rows, degrees of WGS 84.
    as_of
        Date that stands for every time in the file.

    Raises
    ------
    InputError
        For rows that the contract does not take.
    """
    kept = [key for key in frame if key == "geometry" or frame[key].notna().any()]
    # The numbers are those of WGS 84, as whoever opens the file alone must be told.
    written = frame[kept].set_crs(PAGE_CRS, allow_override=True)
    write_geopackage(path, {name: written}, titles={}, date=as_of)
    return read_layer(path, INPUT_LAYERS[name], bbox=WORLD, datum=DATUM)
