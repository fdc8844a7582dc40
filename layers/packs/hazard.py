"""Earthquakes of three catalogues without double events, active faults, and where these are known."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from steppe.layers.crs import GEOD, PAGE_CRS, WORKING_CRS, albers
from steppe.layers.packs.recipe import Recipe, SameEvent

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray
    from pyproj import CRS

ISC_GEM = Path("seismic/isc_gem_v7_bbox.csv")
USGS = Path("seismic/usgs_m55_1965_2016_bbox.csv")
NOAA = Path("seismic/noaa_significant_earthquakes_bbox.csv")
FAULTS = Path("seismic/gem_active_faults_2021.gpkg")

# Epicentres against ISC-GEM: 95 % of USGS within 18 km, 90 % of NOAA since 1904 within 34 km.
# Before instruments the place is where the damage was: assumed good to 100 km.
ISC_GEM_M = 25_000.0
USGS_M = 25_000.0
_NOAA_M = 50_000.0
_NOAA_HISTORIC_M = 100_000.0
_INSTRUMENTS_SINCE = 1904  # first year of ISC-GEM

# GEM gives no accuracy for these lines; traced from satellite images and small-scale maps.
FAULT_M = 5000.0

_NOAA_MAGNITUDES = {
    "eq_mag_mw": "Mw",
    "eq_mag_ms": "Ms",
    "eq_mag_mb": "mb",
    "eq_mag_ml": "ML",
    "eq_mag_unk": "unk",
}
_USGS_TYPES = {"MW": "Mw", "MWB": "Mwb", "MWC": "Mwc", "MWW": "Mww", "MB": "mb", "MS": "Ms"}
_DAY_S = 86_400.0


def iso_time(year: int, month: float, day: float, hour: float, minute: float, second: float) -> str:
    """Write a time in ISO 8601 with the precision that is known; NaN is not known.

    Years before 1 follow the standard: 1 BC is 0000, so a catalogue's year -193 (193 BC) is
    written -0192.

    >>> iso_time(1976, 7.0, 27.0, 19.0, 42.0, 54.7)
    '1976-07-27T19:42:54.7Z'
    >>> nan = float("nan")
    >>> iso_time(1303, 9.0, 17.0, nan, nan, nan), iso_time(-193, 2.0, nan, nan, nan, nan)
    ('1303-09-17', '-0192-02')
    """
    counted = year if year > 0 else year + 1
    text = f"{'-' if counted < 0 else ''}{abs(counted):04d}"
    for mark, part in (("-", month), ("-", day), ("T", hour), (":", minute)):
        if np.isnan(part):
            return f"{text}Z" if "T" in text else text
        text += f"{mark}{int(part):02d}"
    if np.isnan(second):
        return f"{text}Z"
    whole, tenths = divmod(round(second * 10), 10)
    return f"{text}:{whole:02d}{f'.{tenths}' if tenths else ''}Z"


def _spans(times: pd.Series) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return when each time of known precision begins and ends, seconds since 1970."""
    begins, ends = [], []
    for text in times:
        moment = np.datetime64(text.removesuffix("Z"))
        begins.append(moment.astype("datetime64[ms]").astype(float) / 1000.0)
        ends.append((moment + 1).astype("datetime64[ms]").astype(float) / 1000.0)
    return np.array(begins), np.array(ends)


def read_isc_gem(folder: Path) -> pd.DataFrame:
    """Read ISC-GEM: moment magnitudes, times to the hundredth of a second."""
    raw = pd.read_csv(folder / ISC_GEM)
    return pd.DataFrame(
        {
            "event_id": [f"isc_gem_{number}" for number in raw["event_id"]],
            "time": raw["origin_time"].str.replace(" ", "T", regex=False) + "Z",
            "year": raw["origin_time"].str[:4].astype(int),
            "magnitude": raw["mw"],
            "magnitude_type": "Mw",
            "depth_km": raw["depth_km"],
            "accuracy_m": ISC_GEM_M,
            "source_id": "isc_gem",
            "lon": raw["lon"],
            "lat": raw["lat"],
        }
    )


def read_usgs(folder: Path) -> pd.DataFrame:
    """Read the USGS list of earthquakes of magnitude 5.5 and over, times to the second."""
    raw = pd.read_csv(folder / USGS)
    raw = raw[raw["Type"] == "Earthquake"]
    day = pd.to_datetime(raw["Date"], format="%m/%d/%Y")
    return pd.DataFrame(
        {
            "event_id": "usgs_" + raw["ID"],
            "time": day.dt.strftime("%Y-%m-%d") + "T" + raw["Time"] + "Z",
            "year": day.dt.year,
            "magnitude": raw["Magnitude"],
            "magnitude_type": raw["Magnitude Type"].map(_USGS_TYPES),
            "depth_km": raw["Depth"],
            "accuracy_m": USGS_M,
            "source_id": "usgs_m55",
            "lon": raw["Longitude"],
            "lat": raw["Latitude"],
        }
    )


def read_noaa(folder: Path) -> pd.DataFrame:
    """Read NOAA's significant earthquakes that bear a magnitude: Mw, else Ms, mb, ML, unknown."""
    raw = pd.read_csv(folder / NOAA, low_memory=False)
    magnitudes = raw[list(_NOAA_MAGNITUDES)]
    raw = raw[magnitudes.notna().any(axis=1)]
    magnitudes = magnitudes.loc[raw.index]
    seconds = pd.to_numeric(raw["second"].astype("str").str.strip(), errors="coerce")
    clock = raw[["month", "day", "hour", "minute"]].assign(second=seconds)
    return pd.DataFrame(
        {
            "event_id": [f"noaa_{number}" for number in raw["i_d"]],
            "time": [
                iso_time(int(year), *parts)
                for year, parts in zip(raw["year"], clock.to_numpy(), strict=True)
            ],
            "year": raw["year"].astype(int),
            "magnitude": magnitudes.bfill(axis=1).iloc[:, 0],
            "magnitude_type": magnitudes.notna().idxmax(axis=1).map(_NOAA_MAGNITUDES),
            "depth_km": raw["focal_depth"],
            "accuracy_m": np.where(raw["year"] < _INSTRUMENTS_SINCE, _NOAA_HISTORIC_M, _NOAA_M),
            "source_id": "noaa_significant",
            "lon": raw["longitude"],
            "lat": raw["latitude"],
        }
    )


def _pairs(
    kept: pd.DataFrame, other: pd.DataFrame, same: SameEvent
) -> list[tuple[float, float, int, int, bool]]:
    """Return gap (s), distance (km), place in `kept`, place in `other`, both timed; nearest first.

    Only pairs that may be one event are returned.
    """
    kept_from, kept_to = _spans(kept["time"])
    other_from, other_to = _spans(other["time"])
    known_s = np.maximum((kept_to - kept_from)[:, None], (other_to - other_from)[None, :])
    gap_s = np.maximum(
        kept_from[:, None] - other_to[None, :], other_from[None, :] - kept_to[:, None]
    )
    gap_s = np.maximum(gap_s, 0.0)
    timed = known_s < _DAY_S
    # A month or a year is no evidence that two events are one.
    near = (timed & (gap_s <= same.seconds)) | ((known_s == _DAY_S) & (gap_s <= _DAY_S))
    found = []
    for mine, theirs in np.argwhere(near):
        lon, lat = kept[["lon", "lat"]].iloc[mine]
        to_lon, to_lat = other[["lon", "lat"]].iloc[theirs]
        away_km = GEOD.inv(lon, lat, to_lon, to_lat)[2] / 1000.0
        is_timed = bool(timed[mine, theirs])
        if away_km <= (same.km if is_timed else same.day_km):
            gap = float(gap_s[mine, theirs])
            found.append((gap, away_km, int(mine), int(theirs), is_timed))
    return sorted(found)


def merge_catalogues(catalogues: list[pd.DataFrame], same: SameEvent) -> pd.DataFrame:
    """Put catalogues together, the preferred ones first, so that no event occurs twice.

    Two rows of different catalogues are one event when both times are known to the hour or
    better and lie within `same.seconds` and `same.km`; or when one of them is known to the
    day only and they lie within a day and `same.day_km`.  Each row stands for one event at
    most: the nearest in time are paired first, then the nearest in place, so that an
    aftershock which the preferred catalogue lacks stays.  A row that is left alone is
    dropped only when it lies within `same.twin_seconds` and `same.twin_km` of a row that is
    kept: these cannot be told apart.  Rows of one catalogue are never merged.

    Parameters
    ----------
    catalogues
        Columns `time`, `lon`, `lat` and others, alike in all.
    same
        The windows.
    """
    kept = catalogues[0].reset_index(drop=True)
    for catalogue in catalogues[1:]:
        other = catalogue.reset_index(drop=True)
        taken: set[int] = set()
        double: set[int] = set()
        pairs = _pairs(kept, other, same)
        for _, _, mine, theirs, _ in pairs:
            if mine not in taken and theirs not in double:
                taken.add(mine)
                double.add(theirs)
        for gap_s, away_km, _, theirs, timed in pairs:
            if timed and gap_s <= same.twin_seconds and away_km <= same.twin_km:
                double.add(theirs)
        kept = pd.concat([kept, other.drop(index=sorted(double))], ignore_index=True)
    return kept


def compile_earthquakes(
    folder: Path, recipe: Recipe, *, as_of: Mapping[str, str]
) -> gpd.GeoDataFrame:
    """Merge the catalogues and keep the larger earthquakes; those beyond the base map count."""
    merged = merge_catalogues(
        [read_isc_gem(folder), read_usgs(folder), read_noaa(folder)], recipe.same_event
    )
    west, south, east, north = recipe.bbox
    merged = merged[
        merged["lon"].between(west, east)
        & merged["lat"].between(south, north)
        & (merged["magnitude"] >= recipe.min_magnitude)
    ]
    frame = merged.drop(columns=["lon", "lat"]).assign(as_of=merged["source_id"].map(dict(as_of)))
    points = gpd.points_from_xy(merged["lon"], merged["lat"])
    return gpd.GeoDataFrame(frame, geometry=points, crs=WORKING_CRS)


def _read_faults(folder: Path, recipe: Recipe) -> gpd.GeoDataFrame:
    frame = gpd.read_file(folder / FAULTS).clip(recipe.base_bbox).explode(index_parts=False)
    frame = frame[frame.geom_type == "LineString"]
    return frame.iloc[np.argsort(frame.geometry.to_wkt())].reset_index(drop=True)


def compile_faults(folder: Path, recipe: Recipe, *, as_of: str) -> gpd.GeoDataFrame:
    """Clip and generalise the active faults; what the catalogue's copy lacks stays empty."""
    raw = _read_faults(folder, recipe)
    frame = pd.DataFrame(
        {
            "fault_id": [f"gem_fault_{number:04d}" for number in range(1, len(raw) + 1)],
            "name": raw["fz_name"].str.strip(),
            "slip_type": raw["slip_type"],
            "accuracy_m": FAULT_M,
            "source_id": "gem_faults",
            "as_of": as_of,
        }
    )
    lines = raw.geometry.simplify(recipe.simplify_deg).set_crs(WORKING_CRS, allow_override=True)
    return gpd.GeoDataFrame(frame, geometry=lines)


def compile_fault_extent(folder: Path, recipe: Recipe, *, as_of: str) -> gpd.GeoDataFrame:
    """Outline where the catalogue knows faults at all.

    Everything within `recipe.fault_reach_km` of a fault, gaps inside filled, but nothing
    east of the easternmost fault: there the catalogue ends, and no line is no news.
    """
    lines = _read_faults(folder, recipe)
    west, south, _, north = recipe.base_bbox
    return outline_faults(
        lines.geometry,
        (west, south, float(lines.total_bounds[2]), north),
        flat=albers(recipe.base_bbox),
        reach_km=recipe.fault_reach_km,
        smooth_deg=recipe.simplify_deg,
        source_id="gem_faults",
        as_of=as_of,
    )


def outline_faults(  # noqa: PLR0913 (one for each thing that is told)
    lines: gpd.GeoSeries,
    box: tuple[float, float, float, float],
    *,
    flat: CRS,
    reach_km: float,
    smooth_deg: float,
    source_id: str,
    as_of: str,
) -> gpd.GeoDataFrame:
    """Return all within a distance of a fault, gaps inside filled, contract `FAULT_EXTENT`.

    Parameters
    ----------
    lines
        The faults.
    box
        What it is cut to: west, south, east, north in degrees.
    flat
        The projection in which it is drawn.
    reach_km
        How far round a fault its compilers looked.
    smooth_deg
        By how much the outline is generalised.
    source_id, as_of
        What the row bears.
    """
    around = lines.to_crs(flat).buffer(reach_km * 1000.0).union_all()
    filled = shapely.union_all(
        [shapely.Polygon(part.exterior) for part in shapely.get_parts(around)]
    )
    shape = gpd.GeoSeries([filled], crs=flat).to_crs(PAGE_CRS).iloc[0]
    shape = shapely.clip_by_rect(shape.simplify(smooth_deg), *box)
    frame = pd.DataFrame(
        {
            "extent_id": ["fault_extent"],
            "name_zh": ["断层资料覆盖范围"],
            "name_en": ["Extent of fault knowledge"],
            "accuracy_m": reach_km * 1000.0,
            "source_id": source_id,
            "as_of": as_of,
        }
    )
    return gpd.GeoDataFrame(frame, geometry=[shape], crs=WORKING_CRS)
