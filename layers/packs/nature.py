"""Outlines, rivers, lakes, railways, elevation, slope and weather stations."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import rasterio
import shapely
from numpy.typing import NDArray
from rasterio.transform import from_origin
from rasterio.warp import Resampling, reproject
from shapely.geometry.base import BaseGeometry

from steppe.layers.crs import GEOD, PAGE_CRS, WORKING_CRS
from steppe.layers.packs.rail import RAILWAYS
from steppe.layers.packs.recipe import Recipe
from steppe.layers.tables import Raster

PROVINCES = Path("boundaries/ne_10m_admin1_china_russia.gpkg")
COUNTRIES = Path("boundaries/ne_10m_admin0_countries.gpkg")
RIVERS = Path("hydrography/ne_10m_rivers_lake_centerlines.gpkg")
LAKES = Path("hydrography/ne_10m_lakes.gpkg")
ELEVATION = Path("elevation/srtm30_land_0p02deg.tif")
NORMALS = Path("climate/chelsa_v1_1979_2013_at_isd_stations.csv")
YEARLY_C = "CHELSA_temp_1979-2013_land"
MONTHLY_C = tuple(f"CHELSA_temp_{month}_1979-2013" for month in range(1, 13))
RANGE_K = "CHELSA_bio2_1979-2013_V1_1"
# The file's range is nearly twice what is measured: 22.0 K at Beijing (11.2, GHCN-Daily 1961 to
# 1990), 27.6 at West Ujimqin (12.8, normals 1971 to 2000), 15.5 at Wenjiang (6.6 at Dujiangyan
# beside it, normals 1981 to 2010).  Half of it is taken: within 1.2 K at all three.
RANGE_SHARE = 0.5
_JULY = 6


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


def compile_lakes(folder: Path, recipe: Recipe, *, as_of: str) -> gpd.GeoDataFrame:
    """Clip and generalise the lakes of the base map; small ones are left out."""
    raw = gpd.read_file(folder / LAKES)
    area_km2 = np.array(
        [abs(GEOD.geometry_area_perimeter(shape)[0]) / 1e6 for shape in raw.geometry]
    )
    raw = raw[area_km2 >= recipe.min_lake_km2].clip(recipe.base_bbox)
    shapes = raw.geometry.simplify(recipe.simplify_deg)
    raw = raw.set_geometry(shapes).assign(wkt=shapes.to_wkt()).sort_values(["scalerank", "wkt"])
    frame = pd.DataFrame(
        {
            "lake_id": [f"lake_{number:03d}" for number in range(1, len(raw) + 1)],
            "name": raw["name"].to_numpy(),
            "rank": raw["scalerank"].astype(int).to_numpy(),
            "accuracy_m": 5000.0,
            "source_id": "natural_earth",
            "as_of": as_of,
        }
    )
    lakes = gpd.GeoDataFrame(frame, geometry=raw.geometry.to_numpy(), crs=PAGE_CRS)
    return gpd.GeoDataFrame(lakes.set_crs(WORKING_CRS, allow_override=True))


def _average(
    values: rasterio.Band | NDArray[np.float32], recipe: Recipe, **source: Any
) -> NDArray[np.float32]:
    """Average a fine grid to the recipe's cells; NaN where no fine cell is known."""
    west, south, east, north = recipe.bbox
    step = recipe.elevation_step_deg
    shape = (round((north - south) / step), round((east - west) / step))
    coarse: NDArray[np.float32] = np.full(shape, np.nan, dtype=np.float32)
    reproject(
        values,
        coarse,
        dst_nodata=np.nan,
        dst_transform=from_origin(west, north, step, step),
        dst_crs=source.pop("dst_crs"),
        resampling=Resampling.average,
        **source,
    )
    return coarse


def compile_elevation(folder: Path, recipe: Recipe) -> Raster:
    """Average the land elevation to the recipe's cells; NaN over the sea."""
    with rasterio.open(folder / ELEVATION) as fine:
        values = _average(rasterio.band(fine, 1), recipe, src_nodata=fine.nodata, dst_crs=fine.crs)
    west, _, _, north = recipe.bbox
    step = recipe.elevation_step_deg
    return Raster("elevation", values, west, north, step, "m", "海拔", "Elevation", "srtm30")


def slope_deg(
    heights_m: NDArray[np.float64], *, west: float, north: float, step_deg: float
) -> NDArray[np.float64]:
    """Return the slope of a north-up grid in degrees of latitude and longitude.

    Horn, Hill Shading and the Reflectance Map, Proc. IEEE 69(1), 1981, p. 18: weighted
    central differences over the eight neighbours,

        dz/dx = ((c + 2 f + i) - (a + 2 d + g)) / (8 dx)
        dz/dy = ((a + 2 b + c) - (g + 2 h + i)) / (8 dy)
        slope = atan(sqrt((dz/dx)^2 + (dz/dy)^2))

    with the rows a b c, d e f, g h i from the north, and `dx`, `dy` the geodesic width and
    height of the cell e on GRS80.

    Parameters
    ----------
    heights_m
        Shape (rows, columns), metres; NaN where nothing is known.
    west, north, step_deg
        Upper left corner and cell, degrees.

    Returns
    -------
    numpy.ndarray
        Same shape, degrees from the horizontal; NaN at the rim and wherever one of the nine
        heights is not known.
    """
    rows, columns = heights_m.shape
    lat = north - (np.arange(rows) + 0.5) * step_deg
    lon, half = np.full(rows, west), step_deg / 2
    dx_m = GEOD.inv(lon, lat, lon + step_deg, lat)[2][1:-1, None]
    dy_m = GEOD.inv(lon, lat - half, lon, lat + half)[2][1:-1, None]

    def shifted(down: int, right: int) -> NDArray[np.float64]:
        return heights_m[1 + down : rows - 1 + down, 1 + right : columns - 1 + right]

    east = shifted(-1, 1) + 2 * shifted(0, 1) + shifted(1, 1)
    west_side = shifted(-1, -1) + 2 * shifted(0, -1) + shifted(1, -1)
    above = shifted(-1, -1) + 2 * shifted(-1, 0) + shifted(-1, 1)
    below = shifted(1, -1) + 2 * shifted(1, 0) + shifted(1, 1)
    # The middle height has no part in the differences, but a cell without one has no slope.
    steep = np.hypot((east - west_side) / (8 * dx_m), (above - below) / (8 * dy_m))
    found = np.full(heights_m.shape, np.nan)
    found[1:-1, 1:-1] = np.where(np.isnan(shifted(0, 0)), np.nan, np.degrees(np.arctan(steep)))
    return found


def compile_slope(folder: Path, recipe: Recipe) -> Raster:
    """Average the slope of the finest elevation to the recipe's cells, tenths of a degree."""
    with rasterio.open(folder / ELEVATION) as fine:
        heights = fine.read(1, masked=True).astype("float64").filled(np.nan)
        tenths = 10.0 * slope_deg(
            heights, west=fine.transform.c, north=fine.transform.f, step_deg=fine.transform.a
        )
        values = _average(
            tenths.astype("float32"),
            recipe,
            src_transform=fine.transform,
            src_crs=fine.crs,
            src_nodata=np.nan,
            dst_crs=fine.crs,
        )
    west, _, _, north = recipe.bbox
    step = recipe.elevation_step_deg
    return Raster("slope", values, west, north, step, "0.1°", "坡度", "Slope", "srtm30_slope")


def recover_july(normals: pd.DataFrame) -> NDArray[np.float64]:
    """Return the monthly means with July worked out from the yearly one.

    The source file repeats June as July in every row; the yearly mean, which it holds apart,
    gives July back as twelve times itself less the other eleven months.

    Parameters
    ----------
    normals
        Columns `MONTHLY_C` and `YEARLY_C`, °C to a tenth.

    Returns
    -------
    numpy.ndarray
        Shape (rows, 12), °C to a tenth.

    Raises
    ------
    ValueError
        If July is not June in some row: then the file was mended, and holds July itself.

    Notes
    -----
    Twelve numbers rounded to a tenth leave July uncertain by 0.36 K (standard deviation):
    0.1 / sqrt(12) for each, the yearly mean counting twelvefold.
    """
    months = normals[list(MONTHLY_C)].to_numpy(dtype=float, copy=True)
    if not np.array_equal(months[:, _JULY], months[:, _JULY - 1]):
        msg = f"{NORMALS.name} no longer repeats June as July: read July as it stands"
        raise ValueError(msg)
    others = months.sum(axis=1) - months[:, _JULY]
    months[:, _JULY] = np.round(12.0 * normals[YEARLY_C].to_numpy(dtype=float) - others, 1)
    return months


def compile_stations(
    folder: Path, recipe: Recipe, *, around: BaseGeometry, elevation: Raster, as_of: str
) -> gpd.GeoDataFrame:
    """Keep stations in `around` whose stated height agrees with the elevation grid."""
    raw = pd.read_csv(folder / NORMALS)
    raw = raw[raw["ELEV(M)"].notna() & raw["CHELSA_bio1_1979-2013_V1_1"].notna()]
    ground = np.array(
        [elevation.at(lon, lat) for lon, lat in zip(raw["LON"], raw["LAT"], strict=True)]
    )
    agrees = np.abs(ground - raw["ELEV(M)"].to_numpy()) <= recipe.station_height_m
    raw = raw[agrees & shapely.contains_xy(around, raw["LON"], raw["LAT"])]
    months = recover_july(raw)
    frame = pd.DataFrame(
        {
            "station_id": raw["STNID"],
            "name": raw["NAME"],
            "elevation_m": raw["ELEV(M)"].astype(float),
            "temp_mean_c": raw["CHELSA_bio1_1979-2013_V1_1"],
            **{f"temp_{month:02d}_c": months[:, month - 1] for month in range(1, 13)},
            "diurnal_range_k": (RANGE_SHARE * raw[RANGE_K]).round(2),
            "accuracy_m": 1000.0,
            "source_id": "chelsa_v1",
            "as_of": as_of,
        }
    )
    points = gpd.points_from_xy(raw["LON"], raw["LAT"])
    frame = gpd.GeoDataFrame(frame, geometry=points, crs=WORKING_CRS)
    return gpd.GeoDataFrame(frame.sort_values("station_id"))
