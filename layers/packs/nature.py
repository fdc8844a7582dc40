"""Outlines, rivers, railways, elevation, weather stations and earthquakes."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import rasterio
import shapely
from numpy.typing import NDArray
from rasterio.transform import from_origin
from rasterio.warp import Resampling, reproject

from layers.crs import PAGE_CRS, WORKING_CRS
from layers.packs.places import nearest_park_km
from layers.packs.rail import RAILWAYS
from layers.packs.recipe import Recipe
from layers.tables import Raster

PROVINCES = Path("boundaries/ne_10m_admin1_china_russia.gpkg")
COUNTRIES = Path("boundaries/ne_10m_admin0_countries.gpkg")
RIVERS = Path("hydrography/ne_10m_rivers_lake_centerlines.gpkg")
ELEVATION = Path("elevation/srtm30_land_0p02deg.tif")
NORMALS = Path("climate/chelsa_v1_1979_2013_at_isd_stations.csv")
EARTHQUAKES = Path("seismic/isc_gem_v7_bbox.csv")

NO_ELEVATION = -32768


def compile_boundaries(folder: Path, recipe: Recipe, *, as_of: str) -> gpd.GeoDataFrame:
    """Generalise the outlines that the recipe names; shared borders stay shared."""
    provinces = gpd.read_file(folder / PROVINCES).rename(columns={"iso_3166_2": "iso"})
    countries = gpd.read_file(folder / COUNTRIES).rename(columns={"isoA2": "iso"})
    pool = pd.concat([provinces[["iso", "geometry"]], countries[["iso", "geometry"]]])
    rows = []
    for boundary in recipe.boundaries:
        shape = pool.loc[pool["iso"] == boundary.iso, "geometry"].union_all()
        rows.append({**boundary.model_dump(), "geometry": shape})
    frame = gpd.GeoDataFrame(rows, crs=PAGE_CRS).clip(recipe.base_bbox).reset_index(drop=True)
    frame = frame.set_geometry([_largest_parts(shape) for shape in frame.geometry], crs=PAGE_CRS)
    frame = frame.set_geometry(frame.geometry.simplify(recipe.simplify_deg))
    frame = frame.rename(columns={"iso": "boundary_id"})
    return gpd.GeoDataFrame(
        frame.assign(accuracy_m=5000.0, source_id="natural_earth", as_of=as_of)
    ).set_crs(WORKING_CRS, allow_override=True)


def _largest_parts(shape: shapely.Geometry, *, least_deg2: float = 0.02) -> shapely.Geometry:
    parts = [
        part
        for part in shapely.get_parts(shape)
        if part.geom_type == "Polygon" and part.area >= least_deg2
    ]
    return shapely.MultiPolygon(parts) if len(parts) > 1 else parts[0]


def _lines(
    frame: gpd.GeoDataFrame, recipe: Recipe, *, prefix: str, names: pd.Series, as_of: str
) -> gpd.GeoDataFrame:
    west, south, east, north = recipe.base_bbox
    table = gpd.GeoDataFrame(
        {"name": names, "rank": frame["scalerank"].astype(int)}, geometry=frame.geometry
    )
    table = table[~table.geometry.is_empty & table.geometry.notna()]
    rows = []
    for (rank, name), group in table.groupby(["rank", "name"], sort=True, dropna=False):
        merged = shapely.line_merge(
            shapely.clip_by_rect(group.geometry.union_all(), west, south, east, north)
        )
        simple = shapely.simplify(merged, recipe.simplify_deg)
        rows += [
            {"rank": rank, "name": name if isinstance(name, str) else None, "geometry": part}
            for part in shapely.get_parts(simple)
            if part.geom_type == "LineString" and part.length > recipe.simplify_deg * 5
        ]
    out = gpd.GeoDataFrame(rows, crs=WORKING_CRS)
    order = np.argsort([f"{row['rank']:03d}{row['geometry'].wkt}" for row in rows])
    out = out.iloc[order].reset_index(drop=True)
    return gpd.GeoDataFrame(
        out.assign(
            line_id=[f"{prefix}_{number:04d}" for number in range(1, len(out) + 1)],
            accuracy_m=5000.0,
            source_id="natural_earth",
            as_of=as_of,
        )
    )


def compile_railways(folder: Path, recipe: Recipe, *, as_of: str) -> gpd.GeoDataFrame:
    """Merge and generalise the railways of the base map."""
    frame = gpd.read_file(folder / RAILWAYS)
    blank = pd.Series([None] * len(frame), dtype=object)
    return _lines(frame, recipe, prefix="rail", names=blank, as_of=as_of)


def compile_rivers(folder: Path, recipe: Recipe, *, as_of: str) -> gpd.GeoDataFrame:
    """Merge and generalise the rivers of the base map."""
    frame = gpd.read_file(folder / RIVERS)
    return _lines(frame, recipe, prefix="river", names=frame["name_en"], as_of=as_of)


def compile_elevation(folder: Path, recipe: Recipe) -> Raster:
    """Average the land elevation to the recipe's cells; NaN over the sea."""
    west, south, east, north = recipe.bbox
    step = recipe.elevation_step_deg
    shape = (round((north - south) / step), round((east - west) / step))
    values: NDArray[np.float32] = np.full(shape, np.nan, dtype=np.float32)
    with rasterio.open(folder / ELEVATION) as fine:
        reproject(
            rasterio.band(fine, 1),
            values,
            src_nodata=fine.nodata,
            dst_nodata=np.nan,
            dst_transform=from_origin(west, north, step, step),
            dst_crs=fine.crs,
            resampling=Resampling.average,
        )
    return Raster("elevation", values, west, north, step, "m", "海拔", "Elevation", "srtm30")


def write_elevation(grid: Raster, path: Path) -> None:
    """Write the grid as a small GeoTIFF of whole metres."""
    whole = np.where(np.isnan(grid.values), NO_ELEVATION, np.rint(grid.values)).astype("int16")
    rows, columns = whole.shape
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        dtype="int16",
        count=1,
        width=columns,
        height=rows,
        crs="EPSG:4490",
        transform=from_origin(grid.west, grid.north, grid.step_deg, grid.step_deg),
        nodata=NO_ELEVATION,
        compress="DEFLATE",
        predictor=2,
        zlevel=9,
    ) as out:
        out.write(whole, 1)


def compile_stations(
    folder: Path, recipe: Recipe, *, parks: gpd.GeoDataFrame, elevation: Raster, as_of: str
) -> gpd.GeoDataFrame:
    """Keep stations near a park whose stated height agrees with the elevation grid."""
    raw = pd.read_csv(folder / NORMALS)
    raw = raw[raw["ELEV(M)"].notna() & raw["CHELSA_bio1_1979-2013_V1_1"].notna()]
    ground = np.array(
        [elevation.at(lon, lat) for lon, lat in zip(raw["LON"], raw["LAT"], strict=True)]
    )
    agrees = np.abs(ground - raw["ELEV(M)"].to_numpy()) <= recipe.station_height_m
    near = nearest_park_km(raw["LON"], raw["LAT"], parks) <= recipe.station_km
    raw = raw[agrees & near]
    frame = pd.DataFrame(
        {
            "station_id": raw["STNID"],
            "name": raw["NAME"],
            "elevation_m": raw["ELEV(M)"].astype(float),
            "temp_mean_c": raw["CHELSA_bio1_1979-2013_V1_1"],
            **{f"temp_{m:02d}_c": raw[f"CHELSA_temp_{m}_1979-2013"] for m in range(1, 13)},
            "accuracy_m": 1000.0,
            "source_id": "chelsa_v1",
            "as_of": as_of,
        }
    )
    points = gpd.points_from_xy(raw["LON"], raw["LAT"])
    frame = gpd.GeoDataFrame(frame, geometry=points, crs=WORKING_CRS)
    return gpd.GeoDataFrame(frame.sort_values("station_id"))


def compile_earthquakes(folder: Path, recipe: Recipe, *, as_of: str) -> gpd.GeoDataFrame:
    """Keep the larger earthquakes of the catalogue inside the base map."""
    raw = pd.read_csv(folder / EARTHQUAKES)
    west, south, east, north = recipe.base_bbox
    raw = raw[
        raw["lon"].between(west, east)
        & raw["lat"].between(south, north)
        & (raw["mw"] >= recipe.min_magnitude)
    ]
    time = raw["origin_time"].str.replace(" ", "T", regex=False) + "Z"
    frame = pd.DataFrame(
        {
            "event_id": raw["event_id"].astype(str),
            "time": time,
            "year": raw["origin_time"].str[:4].astype(int),
            "magnitude": raw["mw"],
            "magnitude_type": "Mw",
            "depth_km": raw["depth_km"],
            "accuracy_m": 25_000.0,
            "source_id": "isc_gem",
            "as_of": as_of,
        }
    )
    points = gpd.points_from_xy(raw["lon"], raw["lat"])
    return gpd.GeoDataFrame(frame, geometry=points, crs=WORKING_CRS)
