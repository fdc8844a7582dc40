"""Power plants with the years of their units, and what a region had installed by a year.

Coal, wind, hydro and nuclear are those of the trackers of Global Energy Monitor, unit by unit.
They have no solar, gas or waste: these are taken from the national tables of the Global Power
Plant Database, which know few of them and seldom a year.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from steppe.layers.crs import WORKING_CRS, distance_km
from steppe.layers.packs.recipe import Recipe

RAN = ("operating", "retired", "mothballed")
"""Status of what has run; retired and mothballed units ran in years before."""
KEPT = (*RAN, "construction")
_NEAR_KM = 2.0  # rows of one carrier this near in the national tables are one plant


@dataclass(frozen=True)
class _Tracker:
    """One file, its source, the accuracy of its places, m, and its names of our columns."""

    path: Path
    source_id: str
    accuracy_m: Mapping[str, float]
    columns: Mapping[str, str]


def _columns(names: str, *, retired: str = "") -> dict[str, str]:
    """Return our columns to those of a file, given in our order and parted by bars."""
    ours = (
        *("name", "name_zh", "capacity_mw", "status", "start_year", "place_id", "region"),
        *("lat", "lon", "place_accuracy", "operator"),
    )
    told = dict(zip(ours, names.split("|"), strict=True))
    return told | ({"retired_year": retired} if retired else {})


FINE = {"exact": 100.0, "approximate": 10_000.0}

_TRACKERS = {
    "coal": _Tracker(
        Path("power/gem_coal_units_2023-07_bbox.csv"),
        "gem_coal",
        FINE,
        _columns(
            "Plant name|Plant name (local)|Capacity (MW)|Status|Start year|GEM location ID|"
            "Subnational unit (province, state)|Latitude|Longitude|Location accuracy|Owner",
            retired="Retired year",
        ),
    ),
    "wind": _Tracker(
        Path("power/gem_wind_2023-05_bbox.csv"),
        "gem_wind",
        {"exact": 1_000.0, "approximate": 20_000.0},
        _columns(
            "Project Name|Project Name in Local Language / Script|Capacity (MW)|Status|"
            "Start year|GEM location ID|State/Province|Latitude|Longitude|Location accuracy|"
            "Operator"
        ),
    ),
    "hydro": _Tracker(
        Path("power/gem_hydro_2023-05_bbox.csv"),
        "gem_hydro",
        FINE,
        _columns(
            "Project Name|Project Name (local lang/script)|Capacity (MW)|Status|Start Year|"
            "GEM location ID|State/Province 1|Latitude|Longitude|Location Accuracy|Operator"
        ),
    ),
    "nuclear": _Tracker(
        Path("power/gem_nuclear_2023-10_bbox.csv"),
        "gem_nuclear",
        FINE,
        _columns(
            "Project Name|Project Name in Local Language / Script|Capacity (MW)|Status|"
            "Start Year|GEM location ID|State/Province|Latitude|Longitude|Location Accuracy|"
            "Operator"
        ),
    ),
}

NATIONAL = Path("power/wri_power_plants_chn_mng_rus_bbox.csv")
NATIONAL_M = 10_000.0
_FUELS = {
    "Solar": "solar",
    "Natural Gas": "gas",
    "Coal Mine Methane": "gas",
    "Oil": "oil",
    "Landfill gas": "bioenergy",  # burning of household waste too
}
_STATUSES = {"Under Construction": "construction", "Shutdown": "retired"}


def _read_tracker(folder: Path, energy: str) -> pd.DataFrame:
    tracker = _TRACKERS[energy]
    raw = pd.read_csv(folder / tracker.path, low_memory=False)
    frame = pd.DataFrame({ours: raw[theirs] for ours, theirs in tracker.columns.items()})
    accuracy = tracker.accuracy_m
    return frame.assign(
        energy=energy,
        source_id=tracker.source_id,
        accuracy_m=frame["place_accuracy"].map(accuracy).fillna(max(accuracy.values())),
    )


def _read_national(folder: Path) -> pd.DataFrame:
    """Read the carriers that no tracker has; the larger of rows that are one plant stands.

    The tables join lists of different hands, which name one plant twice; a row without a
    status is of a list of plants that operate.
    """
    raw = pd.read_csv(folder / NATIONAL)
    raw = raw[raw["Fuel"].isin(list(_FUELS))]
    frame = pd.DataFrame(
        {
            "name": raw["Name"],
            "capacity_mw": raw["Capacity (MW)"],
            "status": raw["Operational Status"].map(_STATUSES).fillna("operating"),
            # Of a span of years the last: then all of it ran.
            "start_year": raw["Commissioning Date"].str.extract(r"(\d{4})$", expand=False),
            "place_id": "wri_" + raw["Power Plant ID"].astype("str"),
            "lat": raw["Latitude"],
            "lon": raw["Longitude"],
            "operator": raw["Owner"],
            "energy": raw["Fuel"].map(_FUELS),
            "source_id": "wri_plants",
            "accuracy_m": NATIONAL_M,
        }
    )
    frame = frame.sort_values(["capacity_mw", "start_year", "place_id"], ascending=False)
    kept: list[int] = []
    places = list(zip(frame["energy"], frame["lon"], frame["lat"], strict=True))
    for number, (energy, lon, lat) in enumerate(places):
        held = frame.iloc[kept]
        held = held[held["energy"] == energy]
        if not (distance_km(lon, lat, held["lon"], held["lat"]) <= _NEAR_KM).any():
            kept.append(number)
    return frame.iloc[kept]


def compile_plants(
    folder: Path, recipe: Recipe, *, around: BaseGeometry, as_of: Mapping[str, str]
) -> gpd.GeoDataFrame:
    """Sum the units of a plant that share place, status and years; keep large plants in `around`.

    Large is a plant whose units, running, built and closed ones together, reach the recipe's
    least capacity; a nuclear reactor is kept of any size, as rules ask how far it is.
    """
    parts = [*(_read_tracker(folder, energy) for energy in _TRACKERS), _read_national(folder)]
    units = pd.concat(parts, ignore_index=True)
    units = units[units["status"].isin(list(KEPT))]
    units = units[shapely.contains_xy(around, units["lon"], units["lat"])]
    return merge_units(units, least_mw=recipe.min_plant_mw, as_of=as_of)


def merge_units(
    units: pd.DataFrame, *, least_mw: float, as_of: Mapping[str, str]
) -> gpd.GeoDataFrame:
    """Sum the units of a plant that share place, status and years, contract `PLANTS`.

    Parameters
    ----------
    units
        Columns `name`, `name_zh`, `capacity_mw` (MW), `status`, `start_year`, `retired_year`,
        `place_id`, `lat`, `lon`, `operator`, `energy`, `source_id`, `accuracy_m`.
    least_mw
        Plants whose units together have less are left out, but for nuclear ones.
    as_of
        Source to its date.
    """
    years = {
        name: pd.to_numeric(units[name], errors="coerce").astype("Int64")
        for name in ("start_year", "retired_year")
    }
    units = units.assign(**years)
    whole_mw = units.groupby(["place_id", "energy"])["capacity_mw"].transform("sum")
    units = units[(whole_mw >= least_mw) | (units["energy"] == "nuclear")]
    # Phases of one wind farm may stand a day's walk from each other.
    keys = ["place_id", "energy", "status", "start_year", "retired_year", "lon", "lat"]
    plants = (
        units.groupby(keys, sort=True, dropna=False)
        .agg(
            name=("name", "first"),
            name_zh=("name_zh", "first"),
            capacity_mw=("capacity_mw", "sum"),
            operator=("operator", "first"),
            accuracy_m=("accuracy_m", "max"),
            source_id=("source_id", "first"),
        )
        .reset_index()
    )
    both = plants["name_zh"].fillna("").str.strip() + " " + plants["name"].fillna("").str.strip()
    ids = plants["place_id"] + "_" + plants["energy"] + "_" + plants["status"]
    for name in ("start_year", "retired_year"):
        ids += ("_" + plants[name].astype("str")).where(plants[name].notna(), "")
    nth = ids.groupby(ids).cumcount() + 1
    ids += ("_n" + nth.astype("str")).where(nth > 1, "")
    frame = pd.DataFrame(
        {
            "grid_id": ids,
            "name": both.str.strip(),
            "kind": "plant",
            "capacity_mw": plants["capacity_mw"].round(3),
            "energy": plants["energy"],
            "operator": plants["operator"],
            "status": plants["status"],
            "start_year": plants["start_year"],
            "retired_year": plants["retired_year"],
            "accuracy_m": plants["accuracy_m"],
            "source_id": plants["source_id"],
            "as_of": plants["source_id"].map(dict(as_of)),
        }
    )
    points = gpd.points_from_xy(plants["lon"], plants["lat"])
    return gpd.GeoDataFrame(frame, geometry=points, crs=WORKING_CRS)


def installed_mw(folder: Path, recipe: Recipe, *, year: int) -> dict[str, float]:
    """Sum what stood in the region by the end of a year, by tracker of coal, wind and hydro.

    A unit counts when it began by that year and was not retired by then; units without a
    starting year do not count, so the sum is a lower bound.

    Returns
    -------
    dict
        `source_id` of the tracker to MW.
    """
    sums = {}
    for energy in ("coal", "wind", "hydro"):
        units = _read_tracker(folder, energy)
        retired = units.get("retired_year", np.nan)
        units = units.assign(retired_year=retired)
        stood = units[
            units["status"].isin(list(RAN))
            & (units["region"] == recipe.region_name)
            & (pd.to_numeric(units["start_year"], errors="coerce") <= year)
            & ~(pd.to_numeric(units["retired_year"], errors="coerce") <= year)
        ]
        gone = (stood["status"] == "retired") & stood["retired_year"].isna()
        sums[str(units["source_id"].iloc[0])] = float(stood.loc[~gone, "capacity_mw"].sum())
    return sums
