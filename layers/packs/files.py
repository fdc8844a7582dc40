"""Writing the files of a pack: text that compares well, the same bytes each time."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

COORDINATE_DIGITS = 4  # about 10 m, finer than anything that is drawn here


def _plain(value: Any) -> Any:
    if value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return None
    return value.item() if hasattr(value, "item") else value


def _columns(frame: pd.DataFrame) -> pd.DataFrame:
    keep = [name for name in frame.columns if not frame[name].isna().all()]
    return frame[keep]


def write_points(frame: gpd.GeoDataFrame, path: Path, *, key: str) -> None:
    """Write points as CSV with the columns `lon` and `lat` last, sorted by `key`."""
    frame = frame.sort_values(key).reset_index(drop=True)
    table = _columns(pd.DataFrame(frame.drop(columns="geometry")))
    table = table.assign(
        lon=frame.geometry.x.round(COORDINATE_DIGITS), lat=frame.geometry.y.round(COORDINATE_DIGITS)
    )
    table.to_csv(path, index=False, lineterminator="\n", encoding="utf-8")


def write_shapes(frame: gpd.GeoDataFrame, path: Path, *, key: str) -> None:
    """Write lines or polygons as GeoJSON (OGC:CRS84), one feature a line, sorted by `key`."""
    frame = frame.sort_values(key).reset_index(drop=True)
    table = _columns(pd.DataFrame(frame.drop(columns="geometry")))
    grid = 10.0**-COORDINATE_DIGITS
    features = []
    for row, geometry in zip(table.to_dict("records"), frame.geometry, strict=True):
        rounded = shapely.set_precision(geometry, grid)
        feature = {
            "type": "Feature",
            "properties": {name: _plain(value) for name, value in row.items()},
            "geometry": _rounded(shapely.geometry.mapping(rounded)),
        }
        features.append(json.dumps(feature, ensure_ascii=False, separators=(",", ":")))
    body = ",\n".join(features)
    path.write_text(
        '{"type":"FeatureCollection","features":[\n' + body + "\n]}\n", encoding="utf-8"
    )


def _rounded(geometry: Any) -> Any:
    if isinstance(geometry, dict):
        return {
            name: _rounded(value) if name == "coordinates" else value
            for name, value in geometry.items()
        }
    if isinstance(geometry, list | tuple):
        return [_rounded(value) for value in geometry]
    return round(geometry, COORDINATE_DIGITS)
