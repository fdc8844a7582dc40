"""Power plants: the trackers of Global Energy Monitor, and the Global Power Plant Database.

Units that share place, status and years are summed as in the packs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import pandas as pd

from steppe.layers.openers.boxes import holds, meet
from steppe.layers.openers.fetched import Asked, Fetched, FetchedLayer, Origin, fit_layer
from steppe.layers.openers.published import day_of, read_rows
from steppe.layers.packs.plants import FINE, KEPT, NATIONAL_M, merge_units
from steppe.layers.wording import Message, tell

_LEAST_MW = 1.0
_WIND_M = {"exact": 1_000.0, "approximate": 20_000.0}

# Columns as the trackers spell them over the years, in lower case; the first that there is counts.
_TRACKER: Mapping[str, Sequence[str]] = {
    "name": ("plant name", "project name", "plant / project name", "project"),
    "name_zh": (
        *("plant name (local)", "project name in local language / script"),
        *("project name (local lang/script)", "plant / project name (local)"),
        "plant name (other language)",
    ),
    "capacity_mw": ("capacity (mw)", "unit capacity (mw)"),
    "status": ("status",),
    "start_year": ("start year",),
    "retired_year": ("retired year",),
    "place_id": ("gem location id",),
    "lat": ("latitude",),
    "lon": ("longitude",),
    "place_accuracy": ("location accuracy",),
    "operator": ("operator", "operator(s)", "owner", "owner(s)"),
}
_NEEDED = ("Capacity (MW)", "Status", "GEM location ID", "Latitude", "Longitude")
# What only one tracker has a column for tells the carrier; the integrated tracker has it itself.
_CARRIER_COLUMNS = {
    "coal type": "coal",
    "installation type": "wind",
    "river / watercourse": "hydro",
    "reactor type": "nuclear",
}
_CARRIERS = {
    "hydropower": "hydro",
    "oil/gas": "gas",
    "utility-scale solar": "solar",
    "biomass": "bioenergy",
    "waste": "bioenergy",
    "wave and tidal": "marine",
}
_NAMES = ("coal", "wind", "hydro", "nuclear", "solar", "geothermal", "bioenergy", "gas")
_DATE = re.compile(r"(20[0-9]{2})[-_ ]?(0[1-9]|1[0-2])")

_DATABASE = (
    *("name", "gppd_idnr", "capacity_mw", "latitude", "longitude", "primary_fuel"),
    "commissioning_year",
)
_DATABASE_DAY = date(2021, 6, 2)  # version 1.3.0


def open_gem_plants(files: Sequence[Path], asked: Asked, origin: Origin) -> Fetched:
    """Make plants of one or more trackers, as CSV or as the workbook that is sent."""
    parts: list[pd.DataFrame] = []
    days: list[date] = []
    for path in files:
        raw = _read_tracker(path)
        parts.append(_units(raw, _find_carrier(raw, path), origin.source_id))
        days.append(_find_day(path))
    units = pd.concat(parts, ignore_index=True)
    return _gather(units, asked, origin, max(days))


def _read_tracker(path: Path) -> pd.DataFrame:
    raw = read_rows(path, _NEEDED)
    return raw.rename(columns={name: name.strip().lower() for name in raw.columns})


def _find_day(path: Path) -> date:
    """Return the month in a tracker's name, such as `...-July-2023` or `..._2023-07_...`."""
    found = _DATE.search(path.stem)
    if found:
        return date(int(found[1]), int(found[2]), 1)
    words = re.split(r"[^A-Za-z0-9]+", path.stem.lower())
    months = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
    month = next((months.index(each[:3]) + 1 for each in words if each[:3] in months), 0)
    year = next((int(each) for each in words if re.fullmatch(r"20[0-9]{2}", each)), 0)
    return date(year, month, 1) if month and year else day_of(path)


def _find_carrier(raw: pd.DataFrame, path: Path) -> pd.Series | str:
    if "type" in raw and raw["type"].notna().any():
        kinds = raw["type"].fillna("").str.strip().str.lower()
        return kinds.replace(_CARRIERS)
    for column, carrier in _CARRIER_COLUMNS.items():
        if column in raw:
            return carrier
    stem = path.stem.lower()
    return next((name for name in _NAMES if name in stem), "")


def _units(raw: pd.DataFrame, carrier: pd.Series | str, source_id: str) -> pd.DataFrame:
    def column(ours: str) -> pd.Series:
        for name in _TRACKER[ours]:
            if name in raw and raw[name].notna().any():
                return raw[name].replace({"": None, "None": None, "nan": None})
        return pd.Series([None] * len(raw), index=raw.index, dtype=object)

    units = pd.DataFrame({ours: column(ours) for ours in _TRACKER}).assign(energy=carrier)
    accuracy = _WIND_M if (units["energy"] == "wind").all() else FINE
    return units.assign(
        status=units["status"].str.strip().str.lower(),
        source_id=source_id,
        accuracy_m=units["place_accuracy"].map(accuracy).fillna(max(accuracy.values())),
        **{
            name: pd.to_numeric(units[name], errors="coerce")
            for name in ("capacity_mw", "lat", "lon")
        },
    )


def open_wri_plants(files: Sequence[Path], asked: Asked, origin: Origin) -> Fetched:
    """Make plants of the Global Power Plant Database, version 1.3.0."""
    raw = pd.concat([read_rows(path, _DATABASE) for path in files], ignore_index=True)
    fuels = raw["primary_fuel"].fillna("").str.strip().str.lower()
    units = pd.DataFrame(
        {
            "name": raw["name"],
            "name_zh": None,
            "capacity_mw": pd.to_numeric(raw["capacity_mw"], errors="coerce"),
            "status": "operating",
            "start_year": pd.to_numeric(raw["commissioning_year"], errors="coerce").round(),
            "retired_year": None,
            "place_id": raw["gppd_idnr"],
            "lat": pd.to_numeric(raw["latitude"], errors="coerce"),
            "lon": pd.to_numeric(raw["longitude"], errors="coerce"),
            "operator": raw.get("owner"),
            "energy": fuels.replace(_CARRIERS),
            "source_id": origin.source_id,
            "accuracy_m": NATIONAL_M,
        }
    )
    return _gather(units, asked, origin, _DATABASE_DAY)


def _gather(units: pd.DataFrame, asked: Asked, origin: Origin, day: date) -> Fetched:
    """Return the plants within what is asked and the file holds."""
    placed = units[units["lon"].between(-180, 180) & units["lat"].between(-90, 90)]
    notes: list[Message] = []
    if n_lost := len(units) - len(placed):
        notes.append(tell("fetch.plants.unplaced", n=n_lost))
    if placed.empty:
        box = None
    else:
        lon, lat = placed["lon"], placed["lat"]
        box = meet(asked.box, (lon.min(), lat.min(), lon.max(), lat.max()))
    if box is None:
        return Fetched(origin, day, notes=[*notes, tell("fetch.nothing_here", name=origin.title)])
    placed = placed[placed["status"].isin(list(KEPT)) & (placed["capacity_mw"] > 0)]
    placed = placed[holds(box, placed["lon"], placed["lat"])]
    if placed["status"].empty:
        notes.append(tell("fetch.nothing_here", name=origin.title))
        return Fetched(origin, day, notes=notes)
    made = merge_units(placed, least_mw=_LEAST_MW, as_of={origin.source_id: day.isoformat()})
    frame = fit_layer("plants", pd.DataFrame(made.drop(columns="geometry")), made.geometry)
    return Fetched(origin, day, (FetchedLayer("plants", frame, box),), notes=notes)
