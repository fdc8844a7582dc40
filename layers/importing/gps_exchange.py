"""GPX (Topografix GPX 1.1): waypoints, routes and tracks, with all their fields."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from xml.etree import ElementTree as ET

import pandas as pd
import shapely

from steppe.layers.crs import CRS84
from steppe.layers.geojson import as_column
from steppe.layers.importing.opened import Opened, Request
from steppe.layers.importing.raw_table import Choice, choose
from steppe.layers.importing.xml_elements import local_name, read_elements
from steppe.layers.limits import COLUMNS, GEOJSON_BYTES, ROWS
from steppe.layers.safe_files import read_bytes

_LAYERS = {"waypoints": ("wpt", "point"), "routes": ("rte", "line"), "tracks": ("trk", "line")}
_POINTS = {"rtept", "trkpt"}
_PARTS = {*_POINTS, "trkseg"}

Shape = list[list[tuple[str, str]]]


def open_gpx(request: Request) -> Opened:
    """Open the waypoints, routes or tracks of a GPX.

    Raises
    ------
    InputError
        One line; `ChoiceError` where it holds several of them.
    """
    where = request.where
    content = read_bytes(request.path, where, GEOJSON_BYTES)
    found: dict[str, list[tuple[dict[str, Any], Shape]]] = {
        name: [] for name, _ in _LAYERS.values()
    }
    for kind, element in read_elements(
        content, where, whole=frozenset(found), encoding=request.encoding
    ):
        if kind == "whole":
            name = local_name(element)
            ROWS.refuse_over(len(found[name]), where)
            found[name].append((_fields(element), _shape(element)))
    choices = [Choice(layer, (kind,), len(found[name])) for layer, (name, kind) in _LAYERS.items()]
    layer = choose(where, choices, request.part)
    rows = found[_LAYERS[layer][0]]
    index = pd.Index(range(1, len(rows) + 1))
    names = list(dict.fromkeys(name for row, _ in rows for name in row))
    COLUMNS.refuse_over(len(names), where)
    columns = {
        name: as_column([row.get(name) for row, _ in rows]).set_axis(index) for name in names
    }
    return Opened(
        "gpx",
        pd.DataFrame(columns, index=index),
        [shape for _, shape in rows],
        _make,
        CRS84,
        layer=layer,
    )


def _fields(element: ET.Element) -> dict[str, Any]:
    """Return the fields of a point, route or track, those of its extensions by their own names."""
    row: dict[str, Any] = {}
    for child in element:
        name = local_name(child)
        if name in _PARTS:
            continue
        if name == "link":
            row["link"] = child.get("href")
        elif name == "extensions":
            row.update(
                (local_name(part), (part.text or "").strip() or None)
                for part in child.iter()
                if not len(part)
            )
        else:
            row[name] = (child.text or "").strip() or None
    return row


def _shape(element: ET.Element) -> Shape:
    if local_name(element) == "wpt":
        return [list(_places([element]))]
    if local_name(element) == "rte":
        return [list(_places(element))]
    return [list(_places(part)) for part in element if local_name(part) == "trkseg"]


def _places(elements: Iterable[ET.Element]) -> Iterable[tuple[str, str]]:
    for element in elements:
        if local_name(element) in {"wpt", *_POINTS}:
            yield element.get("lon", ""), element.get("lat", "")


def _make(shape: Shape) -> Any:
    """Make a point or line; what is no number is refused."""
    parts = [[(float(lon), float(lat)) for lon, lat in part] for part in shape]
    if len(parts) == 1 and len(parts[0]) == 1:
        return shapely.Point(parts[0][0])
    lines = [part for part in parts if len(part) > 1]
    return shapely.LineString(lines[0]) if len(lines) == 1 else shapely.MultiLineString(lines)
