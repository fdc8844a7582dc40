"""Active faults of GEM, and the earthquakes of ISC-GEM and of the USGS."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from steppe.layers.crs import PAGE_CRS, albers
from steppe.layers.dates import read_day
from steppe.layers.openers.boxes import WORLD, clip, holds, meet
from steppe.layers.openers.fetched import Asked, Fetched, FetchedLayer, Origin, fit_layer
from steppe.layers.openers.grid_reading import choose_side
from steppe.layers.openers.published import (
    damaged,
    measure_shapes,
    open_bytes,
    read_rows,
    read_shapes,
    refuse_columns,
)
from steppe.layers.packs.hazard import FAULT_M, ISC_GEM_M, USGS_M, outline_faults
from steppe.layers.wording import tell

_SMOOTH_DEG = 0.005
_FAULTS_DAY = date(2021, 1, 1)
_REACH_KM = 100.0  # as in the packs: whoever drew a fault looked about so far round it; assumed
_EXTENT = "fault_extent"
_FIRST = re.compile(r"\(\s*([0-9.]+)")
_MAGNITUDE_TYPES = {
    "mw": "Mw",
    "mww": "Mww",
    "mwc": "Mwc",
    "mwb": "Mwb",
    "mwr": "Mwr",
    "ms": "Ms",
    "ms_20": "Ms",
    "mb": "mb",
    "ml": "ML",
    "md": "Md",
}
_COMCAT = ("time", "latitude", "longitude", "depth", "mag", "magType", "id")
_ISC_GEM = ("date", "lat", "lon", "depth", "mw", "eventid")


def open_gem_faults(files: Sequence[Path], asked: Asked, origin: Origin) -> Fetched:
    """Make faults of the GEM Global Active Faults Database; rates are its most likely ones.

    Where it draws no line nobody may have looked: the layer speaks round its faults alone.
    """
    (path,) = files
    box = meet(asked.box, measure_shapes(path))
    raw = clip(read_shapes(path, box or asked.box), box or asked.box, kind="line")
    refuse_columns(raw, ("slip_type",), path.name)
    raw = raw.reset_index(drop=True)
    if box is None or raw.empty:
        note = tell("fetch.nothing_here", name=path.name)
        return Fetched(origin, _FAULTS_DAY, notes=(note,))
    order = np.argsort(raw.geometry.to_wkb().to_numpy())
    raw = raw.iloc[order].reset_index(drop=True)
    names = [_spell(raw, "fz_name", number) or _spell(raw, "name", number) for number in raw.index]
    ids = raw["ogc_fid"] if "ogc_fid" in raw else pd.Series(range(1, len(raw) + 1))
    frame = pd.DataFrame(
        {
            "fault_id": _once([f"gem_{number}" for number in ids]),
            "name": names,
            "slip_type": [_spell(raw, "slip_type", number) for number in raw.index],
            "slip_rate_mm_a": [
                _read_first(_spell(raw, "net_slip_rate", number)) for number in raw.index
            ],
            "accuracy_m": FAULT_M,
            "source_id": origin.source_id,
            "as_of": _FAULTS_DAY.isoformat(),
        }
    )
    lines = shapely.simplify(raw.geometry.to_numpy(), _SMOOTH_DEG)
    faults = FetchedLayer("faults", fit_layer("faults", frame, lines), box, within=_EXTENT)
    outline = outline_faults(
        gpd.GeoSeries(lines, crs=PAGE_CRS),
        choose_side(box),
        flat=albers(box),
        reach_km=_REACH_KM,
        smooth_deg=_SMOOTH_DEG,
        source_id=origin.source_id,
        as_of=_FAULTS_DAY.isoformat(),
    )
    extent = fit_layer(_EXTENT, pd.DataFrame(outline.drop(columns="geometry")), outline.geometry)
    layers = (FetchedLayer(_EXTENT, extent, box, is_whole=False), faults)
    return Fetched(origin, _FAULTS_DAY, [each for each in layers if each.name in asked.only])


def _spell(raw: gpd.GeoDataFrame, name: str, row: int) -> str | None:
    value = raw[name].iloc[row] if name in raw else None
    return value.strip() or None if isinstance(value, str) else None


def _once(ids: Sequence[str]) -> list[str]:
    """Return ids of which none stands twice."""
    given = pd.Series(ids)
    nth = given.groupby(given).cumcount()
    return list(given + ("_" + (nth + 1).astype("str")).where(nth > 0, ""))


def _read_first(text: str | None) -> float | None:
    """Return the most likely of three numbers.

    >>> _read_first("(9,7,11)"), _read_first("(,1.0,)")
    (9.0, None)
    """
    match = _FIRST.match(text or "")
    try:
        return float(match[1]) if match else None
    except ValueError:
        return None


def open_isc_gem(files: Sequence[Path], asked: Asked, origin: Origin) -> Fetched:
    """Make earthquakes of the main catalogue of ISC-GEM (`isc-gem-cat.csv`).

    The last line of the head, which `#` begins, names the columns.
    """
    (path,) = files
    with open_bytes(path) as stream:
        lines = stream.read().decode("utf-8-sig", errors="replace").splitlines()
    head = next((line for line in reversed(lines) if line.startswith("#")), "")
    columns = [name.strip() for name in head.lstrip("# ").split(",")]
    body = "\n".join(line for line in lines if line.strip() and not line.startswith("#"))
    refuse_columns(pd.DataFrame(columns=columns), _ISC_GEM, path.name)
    # Uncertainties and their qualities bear the same names again and again: the first counts.
    wanted = [columns.index(name) for name in _ISC_GEM]
    try:
        raw = pd.read_csv(
            io.StringIO(body), header=None, usecols=wanted, dtype=str, skipinitialspace=True
        )
    except ValueError as error:
        raise damaged(path.name, error) from None
    raw = raw[wanted].set_axis(list(_ISC_GEM), axis="columns")
    raw = raw.apply(lambda column: column.str.strip())
    frame = pd.DataFrame(
        {
            "event_id": "isc_gem_" + raw["eventid"],
            "time": raw["date"].str.replace(" ", "T", regex=False) + "Z",
            "magnitude": pd.to_numeric(raw["mw"], errors="coerce"),
            "magnitude_type": "Mw",
            "depth_km": pd.to_numeric(raw["depth"], errors="coerce"),
            "accuracy_m": ISC_GEM_M,
        }
    )
    return _gather_events(frame, raw["lon"], raw["lat"], asked, origin, WORLD)


def open_usgs(files: Sequence[Path], asked: Asked, origin: Origin) -> Fetched:
    """Make earthquakes of answers of the USGS catalogue (ComCat) as CSV."""
    raw = pd.concat([read_rows(path, _COMCAT) for path in files], ignore_index=True)
    raw = raw.drop_duplicates("id")
    if "type" in raw:
        raw = raw[raw["type"].fillna("earthquake") == "earthquake"]
    kinds = raw["magType"].fillna("").str.strip()
    errors = raw.reindex(columns=["horizontalError"])["horizontalError"]
    error_km = pd.to_numeric(errors, errors="coerce")
    frame = pd.DataFrame(
        {
            "event_id": "usgs_" + raw["id"],
            "time": raw["time"],
            "magnitude": pd.to_numeric(raw["mag"], errors="coerce"),
            "magnitude_type": kinds.str.lower().map(_MAGNITUDE_TYPES).fillna(kinds),
            "depth_km": pd.to_numeric(raw["depth"], errors="coerce"),
            "accuracy_m": np.fmax(1000.0 * np.asarray(error_km, dtype=float), USGS_M),
        }
    )
    frame["magnitude_type"] = frame["magnitude_type"].replace("", "unk")
    lon, lat = (pd.to_numeric(raw[name], errors="coerce") for name in ("longitude", "latitude"))
    held = (lon.min(), lat.min(), lon.max(), lat.max())
    return _gather_events(frame, lon, lat, asked, origin, asked.box if asked.is_cut else held)


def _gather_events(
    frame: pd.DataFrame,
    lons: pd.Series,
    lats: pd.Series,
    asked: Asked,
    origin: Origin,
    held: tuple[float, float, float, float],
) -> Fetched:
    """Return the events within what is asked and the file holds; those without a magnitude not."""
    lon, lat = (pd.to_numeric(each, errors="coerce").to_numpy(dtype=float) for each in (lons, lats))
    newest = frame["time"].dropna().str[:10].max()
    as_of = read_day(newest) if isinstance(newest, str) else date(1900, 1, 1)
    box = asked.box if held == asked.box else meet(asked.box, held)
    if box is None:
        return Fetched(origin, as_of, notes=(tell("fetch.nothing_here", name=origin.title),))
    depth = frame["depth_km"]
    frame = frame.assign(
        year=pd.to_numeric(frame["time"].str[:4], errors="coerce"),
        depth_km=depth.where(depth.between(0, 800)),
        source_id=origin.source_id,
        as_of=as_of.isoformat(),
    )
    kept = holds(box, lon, lat) & frame["magnitude"].notna().to_numpy() & frame["time"].notna()
    held_at = np.asarray(kept)
    points = shapely.points(lon[held_at], lat[held_at])
    layer = fit_layer("earthquakes", frame[kept], points)
    return Fetched(origin, as_of, (FetchedLayer("earthquakes", layer, box),))
