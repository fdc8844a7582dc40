"""Opening text tables, JSON, GeoPackages and Shapefiles of anyone's."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

from steppe.layers.errors import InputError, Note, Problem
from steppe.layers.geojson import parse_geojson, refuse_depth
from steppe.layers.geopackage import find_layers, make_shape, open_geopackage, read_table_of
from steppe.layers.importing.cell_ranges import split_range
from steppe.layers.importing.grids_of_cells import Grid
from steppe.layers.importing.opened import Opened, Request, from_features
from steppe.layers.importing.raw_table import Choice, choose
from steppe.layers.importing.table_finding import find_table
from steppe.layers.importing.text_encodings import find_encoding, read_text
from steppe.layers.importing.text_tables import read_records, read_text_table
from steppe.layers.library_words import tell_error
from steppe.layers.limits import GEOJSON_BYTES, LAYER_BYTES, Limit
from steppe.layers.safe_files import read_bytes
from steppe.layers.shapefile import admit_parts, find_said_encoding, load_shapefile, read_texts
from steppe.layers.wording import tell

_MOST_LEVELS = 8
_GEOMETRIES = {"Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon", "GeometryCollection"}  # fmt: skip


def open_text_table(request: Request) -> Opened:
    """Open a table that is text, whatever separates its cells.

    Raises
    ------
    InputError
        One line: its encoding, its quotes, no names of columns.
    """
    where = request.where
    text, encoding, notes = _read_text(request, LAYER_BYTES)
    grid, separator = read_text_table(text, where)
    _, span = split_range(request.part)
    opened = from_grid("csv", span.cut(grid) if span else grid, where, name=None)
    opened.encoding, opened.separator = encoding, separator
    opened.notes[:0] = notes
    return opened


def _read_text(request: Request, limit: Limit) -> tuple[str, str, list[Note]]:
    """Return the text of a file, its encoding, and the note on one that was found."""
    content = read_bytes(request.path, request.where, limit)
    text, encoding = read_text(content, request.where, request.encoding)
    if request.encoding is not None or encoding == "utf-8":
        return text, encoding, []
    return text, encoding, [tell("note.open.encoding", encoding=encoding.upper())]


def from_grid(format_: str, grid: Grid, where: str, *, name: str | None) -> Opened:
    """Return the table of a grid, numbered as in its source."""
    table = find_table(grid, where, name=name)
    return Opened(
        format_, table.frame, layer=name, header_row=table.header_row, notes=list(table.notes)
    )


def open_json(request: Request) -> Opened:
    """Open GeoJSON, also one feature to a line, and lists of objects.

    Raises
    ------
    InputError
        One line: its encoding, no JSON, JSON of another kind.
    """
    where = request.where
    text, encoding, notes = _read_text(request, GEOJSON_BYTES)
    refuse_depth(text, where)
    text, kind = _frame_as_collection(text, where)
    if kind is None:
        return from_grid("json", read_records(_parse(text, where), where), where, name=None)
    read = parse_geojson(text, where)
    if any(_has_height(shape) for shape in read.raw):
        notes.append(tell("note.open.heights"))
    return from_features("geojson", read, encoding=encoding, notes=notes)


def _has_height(shape: Any) -> bool:
    """Tell whether the first place of a geometry has a height, which is left out of it."""
    part = shape.get("coordinates") if isinstance(shape, dict) else None
    while isinstance(part, list) and part and isinstance(part[0], list):
        part = part[0]
    return isinstance(part, list) and len(part) > 2 and bool(part[2])  # noqa: PLR2004 (lon, lat, height)


def _frame_as_collection(text: str, where: str) -> tuple[str, str | None]:
    """Return JSON with features as a collection of them, and its kind; None for a list."""
    content = _parse(text, where)
    if isinstance(content, list):
        return text, None
    kind = content.get("type") if isinstance(content, dict) else None
    if kind in _GEOMETRIES:
        return json.dumps({"type": "Feature", "properties": {}, "geometry": content}), "Feature"
    if kind in {"Feature", "FeatureCollection"}:
        return (text if not isinstance(content, _Lines) else json.dumps(content)), kind
    keys = set(content) if isinstance(content, dict) else set()
    if "networks" in keys or ("nodes" in keys and keys & {"links", "edges"}):
        raise InputError(Problem(where, tell("fault.open.network"), tell("fix.open.name_network")))
    raise InputError(Problem(where, tell("fault.open.json"), tell("fix.open.save_as_geojson")))


class _Lines(dict[str, Any]):
    """A collection that was written one feature to a line."""


def _parse(text: str, where: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        lines = [line.strip("\x1e \r") for line in text.split("\n") if line.strip("\x1e \r")]
        if len(lines) > 1 and all(line.startswith("{") for line in lines):
            try:
                return _Lines(
                    type="FeatureCollection", features=[json.loads(line) for line in lines]
                )
            except ValueError:
                pass
        what = tell("fault.json.broken", told=tell_error(error))
        raise InputError(Problem(where, what, tell("fix.correct"))) from None


def open_gpkg(request: Request) -> Opened:
    """Open a layer of a GeoPackage.

    Raises
    ------
    InputError
        One line; `ChoiceError` where it holds several layers.
    """
    where = request.where
    with open_geopackage(request.path, where) as base:
        choices = [
            Choice(name, _kinds(base, name), _count(base, name)) for name in find_layers(base)
        ]
        if not choices:
            fix = tell("fix.give_layer_with_geometry")
            raise InputError(Problem(where, tell("fault.geometry.lacking"), fix))
        layer = choose(where, choices, request.part)
        read = read_table_of(base, layer, where)
    make = partial(make_shape, most_levels=_MOST_LEVELS)
    return from_features("gpkg", read._replace(make=make), layer=layer)


def _kinds(base: Any, layer: str) -> tuple[str, ...]:
    (name,) = base.execute(
        "select geometry_type_name from gpkg_geometry_columns where table_name = ?", (layer,)
    ).fetchone()
    kinds = {"point": "POINT", "line": "LINE", "polygon": "POLYGON"}
    return tuple(kind for kind, word in kinds.items() if word in str(name).upper())


def _count(base: Any, layer: str) -> int | None:
    """Return the rows that a plain table has; None for a view, which may never end."""
    quoted = '"' + layer.replace('"', '""') + '"'
    kind = base.execute("select type from sqlite_master where name = ?", (layer,)).fetchone()
    if kind is None or kind[0] != "table":
        return None
    (found,) = base.execute(f"select exists (select 1 from {quoted})").fetchone()  # noqa: S608 (quoted)
    return None if found else 0


def open_shapefile(request: Request) -> Opened:
    """Open a Shapefile, in the encoding that its texts are in, whatever its .cpg says.

    Raises
    ------
    InputError
        One line: a part that is not there, no encoding that is sure.
    """
    path, where = request.path, request.where
    admit_parts(path, where)
    notes: list[Note] = []
    encoding = request.encoding or _find_encoding(request, notes)
    read = load_shapefile(path, where, encoding)
    return from_features("shapefile", read, encoding=encoding, notes=notes)


def _find_encoding(request: Request, notes: list[Note]) -> str:
    path, where = request.path, request.where
    texts = read_texts(path, where)
    if texts.isascii():
        return "utf-8"
    by_form = find_encoding(texts)
    try:
        said = find_said_encoding(path, where)
    except InputError:
        if by_form is None:
            raise
        said = None
    family = {
        "gbk": "gb18030",
        "gb2312": "gb18030",
        "cp936": "gb18030",
        "big5": "big5hkscs",
        "cp950": "big5hkscs",
    }
    if by_form is not None and said is not None and family.get(said, said) == by_form:
        return said
    if by_form is not None:
        key = "note.open.encoding" if said is None else "note.open.cpg_wrong"
        params = {} if said is None else {"said": said.upper()}
        notes.append(tell(key, encoding=by_form.upper(), **params))
        return by_form
    if said is not None:
        return said
    raise InputError(Problem(where, tell("fault.open.encoding"), tell("fix.open.say_encoding")))
