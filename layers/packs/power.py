"""Substations, and whose grid is whose."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from steppe.layers.contracts.documents import FACTS
from steppe.layers.crs import WORKING_CRS, distance_km, lonlats
from steppe.layers.packs.places import GAZETTEER
from steppe.layers.packs.recipe import Recipe

SUBSTATIONS = Path("power/osm_substations_2025_points.csv")

HIGHEST_KV = 1100.0  # the highest voltage of any grid; more is a typing error


def compile_substations(
    folder: Path, recipe: Recipe, *, around: BaseGeometry, as_of: str
) -> gpd.GeoDataFrame:
    """Keep what lies in `around`: stations of the recipe's voltage, and those without a tag."""
    rows = pd.read_csv(folder / SUBSTATIONS)
    rows = rows[~(rows["max_kv"] > HIGHEST_KV)]
    rows = rows[shapely.contains_xy(around, rows["lon"], rows["lat"])]
    rows = rows[(rows["max_kv"] >= recipe.min_voltage_kv) | rows["max_kv"].isna()]
    rows = rows.sort_values(["lon", "lat", "name"], na_position="last")
    frame = pd.DataFrame(
        {
            "grid_id": [
                f"osm_{lon:.4f}_{lat:.4f}"
                for lon, lat in zip(rows["lon"], rows["lat"], strict=True)
            ],
            "name": rows["name"].to_numpy(),
            "kind": "substation",
            "voltage_kv": rows["max_kv"].to_numpy(),
            "status": "mapped",
            "accuracy_m": 100.0,
            "source_id": "osm_substations",
            "as_of": as_of,
        }
    )
    points = gpd.points_from_xy(rows["lon"], rows["lat"])
    frame = gpd.GeoDataFrame(frame, geometry=points, crs=WORKING_CRS)
    return gpd.GeoDataFrame(frame.drop_duplicates("grid_id"))


def with_grid(
    frame: gpd.GeoDataFrame, folder: Path, recipe: Recipe, *, boundaries: gpd.GeoDataFrame
) -> gpd.GeoDataFrame:
    """Name the grid of everything inside the region: that of the nearest town's prefecture.

    Outside the region's outline the grid stays empty.  Near a border between prefectures the
    nearest town may lie on the other side.
    """
    towns = pd.read_csv(folder / GAZETTEER, dtype={"admin2_code": "str"})
    towns = towns[(towns["country_code"] == recipe.region_iso[:2])]
    towns = towns[towns["admin1_code"] == recipe.region_admin1]
    of_prefecture = {code: grid.name for grid in recipe.grids for code in grid.prefectures}
    towns = towns[towns["admin2_code"].isin(list(of_prefecture))]
    of_town = towns["admin2_code"].map(of_prefecture).to_numpy()
    region = boundaries.set_index("boundary_id").geometry[recipe.region_iso]
    grids = [
        of_town[np.argmin(distance_km(*place, towns["longitude"], towns["latitude"]))]
        if inside
        else None
        for place, inside in zip(lonlats(frame.geometry), frame.within(region), strict=True)
    ]
    return gpd.GeoDataFrame(frame.assign(grid=pd.Series(grids, index=frame.index, dtype="str")))


def grid_facts(
    substations: gpd.GeoDataFrame, recipe: Recipe, *, boundaries: gpd.GeoDataFrame
) -> pd.DataFrame:
    """Write down the division into grids, and how many kept substations bear a voltage."""
    region = boundaries.set_index("boundary_id").geometry[recipe.region_iso]
    tagged = substations.loc[substations.within(region), "voltage_kv"].notna()
    kept = "kept inside the outline of the region"
    rows = [
        ("prefectures", code, "grid", grid.name, "", "steppe", "assumed", recipe.grids_reason)
        for grid in recipe.grids
        for code in grid.prefectures
    ] + [
        ("region", recipe.region_iso, field, str(count), "1", "osm_substations", "derived", reason)
        for field, count, reason in (
            ("n_tagged", int(tagged.sum()), f"substations {kept} that bear a voltage"),
            ("n_untagged", int((~tagged).sum()), f"substations {kept} that bear no voltage"),
        )
    ]
    names = ["layer", "id", "field", "value", "unit", "source_id", "kind", "reason"]
    facts = pd.DataFrame(rows, columns=names).assign(place_in_text="")
    return facts[list(FACTS.columns)]
