"""Reading GeoJSON that somebody sent (RFC 7946, and the `crs` of its forerunner of 2008)."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from steppe.layers.columns import Contract
from steppe.layers.crs import CRS84, parse_crs
from steppe.layers.duplicate_names import find_duplicates
from steppe.layers.encodings import decode
from steppe.layers.errors import InputError, Problem, UnfitError, cut
from steppe.layers.geometries import RawFeatures, make_geometries, row_ids, with_shapes
from steppe.layers.library_words import tell_error
from steppe.layers.limits import COLUMNS, GEOJSON_BYTES, NESTING, ROWS
from steppe.layers.safe_files import read_bytes
from steppe.layers.wording import tell

# Possessive, so that a text that is never closed is passed over once and not again and again.
_TEXT = re.compile(r'"(?:[^"\\]|\\.)*+(?:"|\Z)', re.DOTALL)
_PIECE = 1 << 20
_KINDS = {
    "Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon",
    "GeometryCollection",
}  # fmt: skip


def read_geojson(
    path: Path, contract: Contract, where: str, *, encoding: str | None = None
) -> gpd.GeoDataFrame:
    """Read the features of a GeoJSON.

    Parameters
    ----------
    path
        The file.
    contract
        What is wanted of it; its key names the rows in messages.
    where
        File and layer, for the messages.
    encoding
        What the plan says of it; UTF-8 if it says nothing.

    Raises
    ------
    InputError
        One line for each kind of fault.
    """
    text = decode(read_bytes(path, where, GEOJSON_BYTES), where, encoding)
    read = parse_geojson(text, where)
    if not read.raw:  # nothing says what columns it would have
        return gpd.GeoDataFrame(columns=[*contract.columns], geometry=[], crs=read.crs)
    shapes = make_geometries(read.raw, read.make, row_ids(read.frame, contract), where)
    return with_shapes(read.frame, shapes, read.crs, where)


def parse_geojson(text: str, where: str) -> RawFeatures:
    """Return the features of a GeoJSON, its geometries not yet made.

    Raises
    ------
    InputError
        One line for each kind of fault.
    """
    NESTING.refuse_over(_find_depth(text), where)
    content = _parse(text, where)
    features = _find_features(content, where)
    ROWS.refuse_over(len(features), where)
    shapes = [feature.get("geometry") for feature in features]
    return RawFeatures(_tabulate(features, where), shapes, make_shape, _read_crs(content, where))


def refuse_depth(text: str, where: str) -> None:
    """Refuse JSON that nests too deeply.

    Raises
    ------
    InputError
        One line with the limit.
    """
    NESTING.refuse_over(_find_depth(text), where)


def _find_depth(text: str) -> int:
    """Return how deeply brackets nest outside of texts."""
    bare = _TEXT.sub("", text)
    depth = deepest = 0
    for start in range(0, len(bare), _PIECE):
        signs = np.frombuffer(bare[start : start + _PIECE].encode("utf-32-le"), dtype=np.uint32)
        steps = np.isin(signs, (ord("["), ord("{"))).astype(np.int32)
        steps -= np.isin(signs, (ord("]"), ord("}")))
        depths = depth + np.cumsum(steps)
        depth, deepest = int(depths[-1]), max(deepest, int(depths.max()))
    return deepest


def _parse(text: str, where: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_once, parse_constant=_refuse_constant)
    except ValueError as error:
        what = tell("fault.json.broken", told=tell_error(error))
        raise InputError(Problem(where, what, tell("fix.correct"))) from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        twice = find_duplicates(name for name, _ in pairs)[0]
        raise UnfitError(tell("told.json.twice", name=cut(twice)))
    return made


def _refuse_constant(name: str) -> float:
    raise UnfitError(tell("told.json.no_number", name=name))


def _find_features(content: Any, where: str) -> list[dict[str, Any]]:
    kind = content.get("type") if isinstance(content, dict) else None
    if kind == "Feature":
        content = {"features": [content]}
    elif kind != "FeatureCollection":
        what = tell("fault.geojson.none")
        if kind:
            what = tell("fault.geojson.type", kind=repr(kind))
        raise InputError(Problem(where, what, tell("fix.save_as_feature_collection")))
    features = content.get("features")
    if not isinstance(features, list):
        what = tell("fault.geojson.no_features")
        raise InputError(Problem(where, what, tell("fix.save_as_geojson")))
    wrong = [str(row) for row, each in enumerate(features, start=1) if not _is_feature(each)]
    if wrong:
        what = tell("fault.geojson.no_feature")
        raise InputError(Problem(where, what, tell("fix.features_have"), tuple(wrong)))
    return features


def _is_feature(each: Any) -> bool:
    return (
        isinstance(each, dict)
        and each.get("type") == "Feature"
        and isinstance(each.get("properties") or {}, dict)
        and isinstance(each.get("geometry") or {}, dict)
    )


def _tabulate(features: list[dict[str, Any]], where: str) -> pd.DataFrame:
    rows = [feature.get("properties") or {} for feature in features]
    names = list(dict.fromkeys(name for row in rows for name in row))
    COLUMNS.refuse_over(len(names), where)
    if any(isinstance(feature.get("id"), str) for feature in features) and "id" not in names:
        names = ["id", *names]
        rows = [
            {**row, "id": feature.get("id")} for row, feature in zip(rows, features, strict=True)
        ]
    columns = {name: as_column([_plain(row.get(name)) for row in rows]) for name in names}
    return pd.DataFrame(columns, index=range(len(rows)))


def as_column(values: list[Any]) -> pd.Series:
    """Return cells as the column that keeps them as they are: whole numbers stay whole."""
    if any(value is None for value in values) and any(type(value) is int for value in values):
        return pd.Series(values, dtype=object)
    return pd.Series(values, dtype=object).infer_objects()


def _plain(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value


def make_shape(geometry: dict[str, Any]) -> Any:
    """Make a geometry of GeoJSON.

    Raises
    ------
    ValueError
        For what is none.
    shapely.GEOSException
        For one that is broken.
    """
    kind = geometry.get("type")
    if kind not in _KINDS:
        raise UnfitError(tell("told.geometry.type", kind=repr(kind)))
    try:
        plane = {**geometry, "coordinates": _plane(geometry.get("coordinates"))}
        return shapely.from_geojson(json.dumps(plane, allow_nan=False))
    except ValueError:
        raise UnfitError(tell("told.geometry.infinite")) from None


def _plane(part: Any) -> Any:
    """Return coordinates without heights, which GEOS before 3.13 refuses."""
    if not isinstance(part, list) or not part:
        return part
    return [_plane(each) for each in part] if isinstance(part[0], list) else part[:2]


def _read_crs(content: dict[str, Any], where: str) -> CRS | None:
    """Return the CRS that a file names; WGS 84 where it names none (RFC 7946, section 4)."""
    if "crs" not in content:
        return CRS84
    member = content["crs"]
    if member is None:
        return None
    properties = member.get("properties") if isinstance(member, dict) else None
    known = properties if isinstance(properties, dict) else {}
    name = known.get("name", known.get("code", member if isinstance(member, str) else None))
    if not isinstance(name, str | int):
        fix = tell("fix.name_crs")
        raise InputError(Problem(where, tell("fault.geojson.no_crs"), fix))
    crs = parse_crs(f"EPSG:{name}" if isinstance(name, int) else name, where)
    return CRS84 if crs.to_epsg() == 4326 else crs  # noqa: PLR2004
