"""Where layers of the pack speak: round the region and its parks, and where the sources do."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from steppe.layers.crs import PAGE_CRS, WORKING_CRS, albers
from steppe.layers.packs.nature import COUNTRIES
from steppe.layers.packs.recipe import Recipe

_STEP_DEG = 0.02
_ROUGH_DEG = 0.05  # about 5 km
_LEAST_DEG2 = 0.05


def outline_surroundings(
    recipe: Recipe,
    *,
    parks: gpd.GeoDataFrame,
    boundaries: gpd.GeoDataFrame,
    within_km: float,
) -> BaseGeometry:
    """Outline what a layer is kept for: within a distance of the region or of a park.

    Nothing reaches beyond the box of the input data.

    Returns
    -------
    BaseGeometry
        Polygon, degrees.
    """
    region = boundaries.set_index("boundary_id").geometry[recipe.region_iso]
    places = gpd.GeoSeries([region, *parks.geometry], crs=PAGE_CRS)
    flat = albers(recipe.base_bbox)
    around = places.to_crs(flat).buffer(within_km * 1000.0).union_all()
    shape = gpd.GeoSeries([around], crs=flat).to_crs(PAGE_CRS).iloc[0]
    return shapely.clip_by_rect(shape.simplify(_STEP_DEG), *recipe.bbox)


def compile_substation_extent(
    folder: Path, recipe: Recipe, *, around: BaseGeometry, as_of: str
) -> gpd.GeoDataFrame:
    """Leave out of the surroundings what is another country: the extract is of China alone."""
    countries = gpd.read_file(folder / COUNTRIES)
    others = countries.loc[countries["isoA2"] != recipe.region_iso[:2], "geometry"].union_all()
    inside = shapely.difference(around, shapely.clip_by_rect(others, *recipe.bbox))
    return _as_layer(
        inside, "substation_extent", ("变电站资料覆盖范围", "Extent of the substations"), as_of
    )


def compile_plant_extent(*, around: BaseGeometry, as_of: str) -> gpd.GeoDataFrame:
    """Take all of the surroundings: the trackers of plants are worldwide."""
    return _as_layer(around, "plant_extent", ("电厂资料覆盖范围", "Extent of the plants"), as_of)


def compile_station_extent(*, around: BaseGeometry, as_of: str) -> gpd.GeoDataFrame:
    """Take all of the surroundings: the normals are of every weather station in the box."""
    names = ("气象站资料覆盖范围", "Extent of the weather stations")
    return _as_layer(around, "station_extent", names, as_of)


def _as_layer(
    shape: BaseGeometry, extent_id: str, names: tuple[str, str], as_of: str
) -> gpd.GeoDataFrame:
    rough = shape.simplify(_ROUGH_DEG)
    parts = [part for part in shapely.get_parts(rough) if part.area >= _LEAST_DEG2]
    frame = pd.DataFrame(
        {
            "extent_id": [extent_id],
            "name_zh": [names[0]],
            "name_en": [names[1]],
            "accuracy_m": 5000.0,
            "source_id": "natural_earth",
            "as_of": as_of,
        }
    )
    return gpd.GeoDataFrame(frame, geometry=[shapely.MultiPolygon(parts)], crs=WORKING_CRS)
