"""Tables of the Open Fibre Data Standard: its CSV files, a zip of them, or sheets of a workbook.

Heads are paths in the JSON form, `nodes/0/phase/id`; rows of a table bear the id of their network
and, where they belong to a node or a span, its id.  Places are `lon;lat` and `lon,lat;lon,lat` up to
0.3, well-known text since: https://standard.ofds.info/en/latest/reference/data_formats/csv/.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import shapely

from steppe.layers.encodings import decode
from steppe.layers.errors import InputError, Problem
from steppe.layers.interchange.archives import unpack
from steppe.layers.interchange.json_documents import objects
from steppe.layers.interchange.read_network import Record, clean_text, to_number
from steppe.layers.library_words import tell_error
from steppe.layers.limits import NETWORK_BYTES, NETWORK_PARTS
from steppe.layers.safe_files import read_bytes
from steppe.layers.wording import tell

TABLES = (
    *("networks", "nodes", "spans", "phases", "organisations", "contracts", "links", "wayleaves"),
    *("nodes_internationalConnections", "nodes_networkProviders", "spans_networkProviders"),
    *("phases_funders", "contracts_documents", "contracts_relatedPhases"),
)
MARKS = ("nodes/0/id", "spans/0/id")
"""Heads that no table but one of the standard has."""

_LISTS = ("type", "technologies", "transmissionMedium", "deployment", "countries", "roles")
_NUMBERED = "0"
_SHAPES = {"location": "Point", "route": "LineString"}
_NUMBERED_HEAD = re.compile(r"Field\d+")
_TRUTHS = {"true": True, "false": False}
_FLAGS = ("accessPoint", "power", "directed", "darkFibre", "spareCapacity")

Row = Mapping[str, str]


class Table(NamedTuple):
    """One table: its heads, and its rows as text by head."""

    heads: tuple[str, ...]
    rows: tuple[Row, ...]


def join_tables(tables: Mapping[str, Table], where: str) -> list[Record]:
    """Return the networks that the tables hold, each as the JSON form has it.

    Parameters
    ----------
    tables
        Tables by their names, `TABLES`.
    where
        The file, for the messages.

    Raises
    ------
    InputError
        For tables of more cells than are taken.
    """
    cells = (len(table.heads) * len(table.rows) for table in tables.values())
    NETWORK_PARTS.refuse_over(sum(cells), where)
    networks: dict[str, Record] = {}
    items: dict[tuple[str, str, str], Record] = {}
    for name in sorted(tables, key=_order):
        for row in tables[name].rows:
            given = {head: text for head, text in row.items() if clean_text(text) is not None}
            if not given:
                continue
            network_id = given.pop("id", None) or next(iter(networks), None)
            network = networks.setdefault(str(network_id), {"id": network_id})
            _take(network, name, given, items)
    return list(networks.values())


def _order(name: str) -> tuple[int, str]:
    return (TABLES.index(name) if name in TABLES else len(TABLES), name)


def _take(
    network: Record, table: str, given: Row, items: dict[tuple[str, str, str], Record]
) -> None:
    """Put the cells of one row where the JSON form has them."""
    lists: dict[str, dict[str, str]] = {}
    for head, text in given.items():
        kind, number, rest = (*head.split("/", 2), "", "")[:3]
        if number == _NUMBERED and rest:
            lists.setdefault(kind, {})[rest] = text
        else:
            _set(network, head.split("/"), text)
    for kind, cells in lists.items():
        key = (str(network["id"]), kind, cells.get("id", ""))
        # Each row of the table of its kind is one more, also where an id is said twice.
        if kind == table or key not in items:
            items[key] = {}
            if not isinstance(network.get(kind), list):
                network[kind] = []
            network[kind].append(items[key])
        _fill(items[key], cells)


def _fill(item: Record, cells: Row) -> None:
    nested: dict[str, dict[str, str]] = {}
    for rest, text in cells.items():
        kind, number, inner = (*rest.split("/", 2), "", "")[:3]
        if number == _NUMBERED and inner:
            nested.setdefault(kind, {})[inner] = text
        else:
            _set(item, rest.split("/"), text)
    for kind, inner_cells in nested.items():
        part: Record = {}
        for inner, text in inner_cells.items():
            _set(part, inner.split("/"), text)
        known = objects(item.get(kind))
        item[kind] = known if part in known else [*known, part]


def _set(item: Record, path: Sequence[str], text: str) -> None:
    *outer, last = path
    for name in outer:
        inner = item.setdefault(name, {})
        if not isinstance(inner, dict):
            return
        item = inner
    item[last] = _value(path, text)


def _value(path: Sequence[str], text: str) -> Any:
    name = path[-1]
    if name in _SHAPES:
        return _from_wkt(text)
    if name == "coordinates":
        return _positions(text)
    if name in _FLAGS:
        # A workbook has 1 and 0 for them.
        return _TRUTHS.get(text.strip().casefold(), {"1": True, "0": False}.get(text.strip(), text))
    if name in _LISTS and len(path) == 1:
        return [part.strip() for part in text.split(";") if part.strip()]
    return text


def _positions(text: str) -> list[Any]:
    """Return `lon;lat` as a position, `lon,lat;lon,lat` as a list of them."""
    if "," not in text:
        return [to_number(part) for part in text.split(";")]
    return [[to_number(part) for part in pair.split(",")] for pair in text.split(";")]


def _from_wkt(text: str) -> Record:
    """Return well-known text as GeoJSON has it; a shape that is none cannot be drawn."""
    try:
        shape = shapely.from_wkt(text)
    except shapely.errors.GEOSException:
        return {"type": None}
    if shape is None or shape.geom_type not in _SHAPES.values():
        return {"type": None if shape is None else shape.geom_type}
    places = [list(place) for place in shape.coords]
    is_point = shape.geom_type == "Point"
    return {"type": shape.geom_type, "coordinates": places[0] if is_point and places else places}


def read_folder(path: Path) -> list[Record]:
    """Return the networks of a CSV file of the standard and of those that lie beside it.

    Raises
    ------
    InputError
        One line for what cannot be read.
    """
    beside = {name: path.with_name(f"{name}.csv") for name in TABLES}
    held = {name: each for name, each in beside.items() if each.is_file()}
    tables = {
        name: parse_csv(read_bytes(each, each.name, NETWORK_BYTES), each.name)
        for name, each in held.items()
    }
    return join_tables(tables, path.name)


def read_workbook(path: Path) -> list[Record]:
    """Return the networks of a workbook (XLSX) with one sheet for each table.

    Raises
    ------
    InputError
        One line for what cannot be read.
    """
    return join_tables(read_sheets(path, path.name), path.name)


def read_sheets(path: Path, where: str) -> dict[str, Table]:
    """Return the sheets of a workbook that bear a table's name; the first row has the heads."""
    # What reads no workbook need not wait for what could.
    import pyogrio  # noqa: PLC0415

    unpack(
        read_bytes(path, where, NETWORK_BYTES), where
    )  # a zip itself, and no larger than it may be
    sheets = {}
    try:
        for name in map(str, pyogrio.list_layers(path)[:, 0]):
            if name in TABLES:
                about, _, _, columns = pyogrio.raw.read(
                    path, layer=name, HEADERS="FORCE", FIELD_TYPES="STRING"
                )
                heads = tuple(map(str, about["fields"]))
                rows = list(zip(*columns, strict=True)) if len(columns) else []
                if rows and all(map(_NUMBERED_HEAD.fullmatch, heads)):
                    heads = tuple(map(str, rows.pop(0)))  # of a sheet of heads alone
                sheets[name] = Table(heads, tuple(_row(heads, row) for row in rows))
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, ValueError):
        what, fix = tell("fault.ofds.none"), tell("fix.give_networks")
        raise InputError(Problem(where, what, fix)) from None
    return sheets


def is_standard(tables: Mapping[str, Table]) -> bool:
    """Tell whether the tables are of the standard, by heads that no others have."""
    return any(mark in table.heads for table in tables.values() for mark in MARKS)


def parse_csv(content: bytes, where: str) -> Table:
    """Return the table of one CSV file.

    Raises
    ------
    InputError
        One line for what is no CSV in UTF-8.
    """
    text = decode(content, where)
    if not text.strip():
        return Table((), ())
    try:
        frame = pd.read_csv(
            io.StringIO(text, newline=""), dtype="str", keep_default_na=False, index_col=False
        )
    except (pd.errors.ParserError, ValueError) as error:
        what = tell("fault.csv.broken", told=tell_error(error))
        raise InputError(Problem(where, what, tell("fix.mend_quotes"))) from None
    heads = tuple(map(str, frame.columns))
    return Table(heads, tuple(_row(heads, row) for row in frame.itertuples(index=False)))


def _row(heads: Sequence[str], cells: Iterable[object]) -> Row:
    """Return the cells that hold something, by their heads."""
    return {
        head: str(cell)
        for head, cell in zip(heads, cells, strict=False)
        if cell is not None and str(cell) not in {"", "nan", "None"}
    }
