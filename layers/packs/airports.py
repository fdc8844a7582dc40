"""Airports of Natural Earth: the large ones only."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd

from steppe.layers.crs import PAGE_CRS, WORKING_CRS
from steppe.layers.packs.recipe import Recipe

AIRPORTS = Path("airports/ne_10m_airports.gpkg")
_ACCURACY_M = 2000.0  # points of terminals, for a map of 1:10 000 000


def compile_airports(folder: Path, recipe: Recipe, *, as_of: str) -> gpd.GeoDataFrame:
    """Return the airports inside the recipe's base box, contract `AIRPORTS`.

    Parameters
    ----------
    folder
        Input folder of open data.
    recipe
        The pack's recipe.
    as_of
        Date of the source, ISO 8601.
    """
    raw = gpd.read_file(folder / AIRPORTS).to_crs(PAGE_CRS)
    west, south, east, north = recipe.base_bbox
    raw = raw.cx[west:east, south:north]
    codes = raw["gps_code"].fillna("").str.strip()
    frame = gpd.GeoDataFrame(
        {
            "airport_id": "ne_" + codes,
            "name": raw["name"].str.strip(),
            "kind": raw["type"].str.replace(" ", "_"),
        },
        geometry=raw.geometry,
        crs=PAGE_CRS,
    )
    frame = frame[codes != ""].assign(
        accuracy_m=_ACCURACY_M, source_id="natural_earth", as_of=as_of
    )
    return gpd.GeoDataFrame(frame).set_crs(WORKING_CRS, allow_override=True)
