"""Substations and power plants near the parks, and what a region had installed by a year."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from steppe.layers.contracts.documents import FACTS
from steppe.layers.crs import WORKING_CRS, distance_km, lonlats
from steppe.layers.packs.places import GAZETTEER, nearest_park_km
from steppe.layers.packs.recipe import Recipe

SUBSTATIONS = Path("power/osm_substations_2025_points.csv")
COAL = Path("power/gem_coal_units_2023-07_bbox.csv")
WIND = Path("power/gem_wind_2023-05_bbox.csv")
HYDRO = Path("power/gem_hydro_2023-05_bbox.csv")

_HIGHEST_KV = 1100.0  # the highest voltage of any grid; more is a typing error

# Column names of the three trackers, in the order of `_PLANT_COLUMNS`.
_PLANT_COLUMNS = (
    "name",
    "name_zh",
    "capacity_mw",
    "unit_status",
    "start",
    "retired",
    "place_id",
    "region",
    "lat",
    "lon",
    "place_accuracy",
    "operator",
)
_TRACKERS: dict[str, tuple[Path, str, dict[str, float], tuple[str | None, ...]]] = {
    "coal": (
        COAL,
        "gem_coal",
        {"exact": 100.0, "approximate": 10_000.0},
        (
            "Plant name",
            "Plant name (local)",
            "Capacity (MW)",
            "Status",
            "Start year",
            "Retired year",
            "GEM location ID",
            "Subnational unit (province, state)",
            "Latitude",
            "Longitude",
            "Location accuracy",
            "Owner",
        ),
    ),
    "wind": (
        WIND,
        "gem_wind",
        {"exact": 1_000.0, "approximate": 20_000.0},
        (
            "Project Name",
            "Project Name in Local Language / Script",
            "Capacity (MW)",
            "Status",
            "Start year",
            None,
            "GEM location ID",
            "State/Province",
            "Latitude",
            "Longitude",
            "Location accuracy",
            "Operator",
        ),
    ),
    "hydro": (
        HYDRO,
        "gem_hydro",
        {"exact": 100.0, "approximate": 10_000.0},
        (
            "Project Name",
            "Project Name (local lang/script)",
            "Capacity (MW)",
            "Status",
            "Start Year",
            None,
            "GEM location ID",
            "State/Province 1",
            "Latitude",
            "Longitude",
            "Location Accuracy",
            "Operator",
        ),
    ),
}


def compile_substations(
    folder: Path, recipe: Recipe, *, parks: gpd.GeoDataFrame, as_of: str
) -> gpd.GeoDataFrame:
    """Keep tagged substations of the recipe's voltage near a park, and untagged ones nearer."""
    rows = pd.read_csv(folder / SUBSTATIONS)
    rows = rows[~(rows["max_kv"] > _HIGHEST_KV)]
    away = nearest_park_km(rows["lon"], rows["lat"], parks)
    tagged = (rows["max_kv"] >= recipe.min_voltage_kv) & (away <= recipe.grid_km)
    untagged = rows["max_kv"].isna() & (away <= recipe.untagged_km)
    rows = rows[tagged | untagged].sort_values(["lon", "lat", "name"], na_position="last")
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


def _tracker(folder: Path, energy: str) -> pd.DataFrame:
    path, source_id, accuracy, names = _TRACKERS[energy]
    raw = pd.read_csv(folder / path, low_memory=False)
    frame = pd.DataFrame(
        {
            column: raw[name] if name is not None else np.nan
            for column, name in zip(_PLANT_COLUMNS, names, strict=True)
        }
    )
    return frame.assign(
        energy=energy,
        source_id=source_id,
        accuracy_m=frame["place_accuracy"].map(accuracy).fillna(max(accuracy.values())),
    )


def compile_plants(
    folder: Path, recipe: Recipe, *, parks: gpd.GeoDataFrame, as_of: dict[str, str]
) -> gpd.GeoDataFrame:
    """Sum units and phases of a plant by status; keep the large ones near a park."""
    units = pd.concat([_tracker(folder, energy) for energy in _TRACKERS], ignore_index=True)
    units = units[units["unit_status"].isin(["operating", "construction"])]
    keys = ["place_id", "energy", "unit_status"]
    plants = (
        units.groupby(keys, sort=True)
        .agg(
            name=("name", "first"),
            name_zh=("name_zh", "first"),
            capacity_mw=("capacity_mw", "sum"),
            operator=("operator", "first"),
            lon=("lon", "mean"),
            lat=("lat", "mean"),
            accuracy_m=("accuracy_m", "max"),
            source_id=("source_id", "first"),
        )
        .reset_index()
    )
    plants = plants[plants["capacity_mw"] >= recipe.min_plant_mw]
    plants = plants[nearest_park_km(plants["lon"], plants["lat"], parks) <= recipe.grid_km]
    both = plants["name_zh"].fillna("").str.strip() + " " + plants["name"].fillna("").str.strip()
    frame = pd.DataFrame(
        {
            "grid_id": plants["place_id"] + "_" + plants["energy"] + "_" + plants["unit_status"],
            "name": both.str.strip(),
            "kind": "plant",
            "capacity_mw": plants["capacity_mw"].round(3),
            "energy": plants["energy"],
            "operator": plants["operator"],
            "status": plants["unit_status"],
            "accuracy_m": plants["accuracy_m"],
            "source_id": plants["source_id"],
            "as_of": plants["source_id"].map(as_of),
        }
    )
    points = gpd.points_from_xy(plants["lon"], plants["lat"])
    return gpd.GeoDataFrame(frame, geometry=points, crs=WORKING_CRS)


def installed_mw(folder: Path, recipe: Recipe, *, year: int) -> dict[str, float]:
    """Sum what stood in the region by the end of a year, by tracker.

    A unit counts when it began by that year and was not retired by then; units without a
    starting year do not count, so the sum is a lower bound.

    Returns
    -------
    dict
        `source_id` of the tracker to MW.
    """
    sums = {}
    for energy in _TRACKERS:
        units = _tracker(folder, energy)
        stood = units[
            units["unit_status"].isin(["operating", "retired", "mothballed"])
            & (units["region"] == recipe.region_name)
            & (pd.to_numeric(units["start"], errors="coerce") <= year)
            & ~(pd.to_numeric(units["retired"], errors="coerce") <= year)
        ]
        gone = (stood["unit_status"] == "retired") & stood["retired"].isna()
        sums[str(units["source_id"].iloc[0])] = float(stood.loc[~gone, "capacity_mw"].sum())
    return sums
