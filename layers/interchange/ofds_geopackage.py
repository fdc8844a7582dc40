"""GeoPackages of the Open Fibre Data Standard: networks out of their tables.

Since 0.3 a template has the data model as tables: nodes and spans are features, `network_id`,
`phase`, `start` and the like the numbers of rows in other tables, objects are spread over columns
(`fibreTypeDetails__description`), lists stand in `relation_TABLE_FIELD` and codes in `codelist_*`:
https://standard.ofds.info/en/latest/reference/data_formats/geopackage/.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import shapely

from steppe.layers.errors import InputError, Problem, UnfitError
from steppe.layers.geopackage import make_shape, open_geopackage, quoted, refuse_program
from steppe.layers.interchange.read_network import Record
from steppe.layers.limits import NETWORK_BYTES, NETWORK_ROWS
from steppe.layers.safe_files import admit
from steppe.layers.wording import tell

KEY = "ofds_id"
_FEATURES = {"nodes": "location", "spans": "route"}
_TABLES = ("networks", "phases", "organisations", "nodes", "spans", "contracts", "wayleaves")
_WGS84 = 4326
_ORGANISATIONS = ("transmissionMediumOwner", "physicalInfrastructureProvider", "supplier")
_REFERENCES = {
    **dict.fromkeys(
        (*_ORGANISATIONS, "supportingInfrastructure__owner", "grantor"), "organisations"
    ),
    "phase": "phases",
}
_ENDS = ("start", "end")
_CODES = {
    "codeployment": "codeployment",
    "cableType": "cableType",
    "supportingInfrastructure__type": "{kind}SupportingInfrastructure",
}
_LISTS = {
    "nodes": {"type": "codes", "technologies": "codes", "networkProviders": "organisations"},
    "spans": {
        **dict.fromkeys(("transmissionMedium", "deployment", "technologies", "countries"), "codes"),
        "networkProviders": "organisations",
        "wayleaves": "ids",
    },
}
_TRUTHS = {"true": True, "false": False}

Rows = dict[Any, Record]


def is_ofds_geopackage(path: Path) -> bool:
    """Tell whether a GeoPackage has the tables of the standard; False for what is none."""
    try:
        base = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
        try:
            return all(KEY in _columns(base, name) for name in _FEATURES)
        finally:
            base.close()
    except (sqlite3.Error, UnicodeDecodeError):
        return False


def read_ofds_geopackage(path: Path) -> list[Record]:
    """Return the networks of a GeoPackage of the standard, each as the JSON form has it.

    Raises
    ------
    InputError
        One line for each kind of fault.
    """
    where = path.name
    admit(path, where, NETWORK_BYTES)
    with open_geopackage(path, where) as base:
        _refuse_other_crs(base, where)
        tables = {name: _read_rows(base, name, where) for name in _TABLES}
        for name in _FEATURES:
            _follow(base, name, tables, where)
    networks = []
    is_alone = len(tables["networks"]) == 1  # what names no network is of the only one
    for number, network in tables["networks"].items():
        parts = {
            name: [
                _nest(each)
                for each in tables[name].values()
                if is_alone or each["network_id"] == number
            ]
            for name in _TABLES[1:]
        }
        networks.append(_nest(network) | {name: held for name, held in parts.items() if held})
    return networks


def _columns(base: sqlite3.Connection, table: str) -> list[str]:
    return [str(row[1]) for row in base.execute(f"pragma table_info({quoted(table)})")]


def _refuse_other_crs(base: sqlite3.Connection, where: str) -> None:
    found = base.execute(
        "select srs_id from gpkg_geometry_columns where table_name in ('nodes', 'spans')"
    ).fetchall()
    other = [srs_id for (srs_id,) in found if srs_id != _WGS84]
    if other:
        what = tell("fault.ofds.crs", crs=f"srs_id {other[0]}")
        raise InputError(Problem(where, what, tell("fix.export_in_wgs84")))


def _read_rows(base: sqlite3.Connection, table: str, where: str) -> Rows:
    """Return the rows of a table by their number; none where there is no such table."""
    names = _columns(base, table)
    if not names:
        return {}
    refuse_program(base, table, where)
    rows: Rows = {}
    for number, *cells in base.execute(f"select rowid, * from {quoted(table)} order by rowid"):  # noqa: S608 (quoted)
        row = {name: _cell(value) for name, value in zip(names, cells, strict=True)}
        row.setdefault("network_id", None)
        geometry = _FEATURES.get(table)
        if geometry is not None:
            row[geometry] = _shape(row.pop("geom", None))
        if "id" in row and KEY in row:
            row["id"] = row.pop(KEY)
        rows[number] = row
        NETWORK_ROWS.refuse_over(len(rows), where)
    return rows


def _cell(value: Any) -> Any:
    return _TRUTHS.get(value, value) if isinstance(value, str) else value


def _shape(blob: Any) -> Record | None:
    """Return a geometry as GeoJSON has it; what is none is a shape that cannot be drawn."""
    if blob is None:
        return None
    try:
        shape = make_shape(blob)
    except (UnfitError, shapely.errors.GEOSException):
        return {"type": None}
    if shape.is_empty or shape.geom_type not in {"Point", "LineString"}:
        return {"type": shape.geom_type}
    places = [list(place) for place in shape.coords]
    is_point = shape.geom_type == "Point"
    return {"type": shape.geom_type, "coordinates": places[0] if is_point else places}


def _follow(base: sqlite3.Connection, table: str, tables: Mapping[str, Rows], where: str) -> None:
    """Put what the numbers of other rows stand for into the rows of a table."""
    rows = tables[table]
    numbers: dict[str, Mapping[Any, Any]] = {
        column: {number: _name(row) for number, row in tables[other].items()}
        for column, other in _REFERENCES.items()
    }
    nodes = {number: row.get("id") for number, row in tables["nodes"].items()}
    numbers |= dict.fromkeys(_ENDS, nodes)
    for column, codelist in _CODES.items():
        name = f"codelist_open_{codelist.format(kind=table[:-1])}"
        numbers[column] = _read_codes(base, name, where)
    for row in rows.values():
        for column in numbers.keys() & row.keys():
            row[column] = numbers[column].get(row[column], row[column])
    for beside in _read_rows(base, f"{table}_internationalConnections", where).values():
        if beside.get("node_id") in rows:
            country = {"country": beside.get("country")}
            rows[beside["node_id"]].setdefault("internationalConnections", []).append(country)
    for field, kind in _LISTS[table].items():
        for number, each in _read_relation(base, table, field, kind, tables, where):
            if number in rows:
                rows[number].setdefault(field, []).append(each)


def _name(row: Record) -> Record:
    return {"id": row.get("id"), "name": row.get("name")}


def _read_codes(base: sqlite3.Connection, table: str, where: str) -> dict[Any, Any]:
    return {number: row.get("code") for number, row in _read_rows(base, table, where).items()}


def _read_relation(
    base: sqlite3.Connection,
    table: str,
    field: str,
    kind: str,
    tables: Mapping[str, Rows],
    where: str,
) -> list[tuple[Any, Any]]:
    """Return numbers of rows and what a mapping table relates them to."""
    pairs = _read_rows(base, f"relation_{table}_{field}", where).values()
    if kind == "codes":
        names = [row[0] for row in base.execute("select name from sqlite_master")]
        title = {"type": "nodeType", "technologies": f"{table[:-1]}Technologies"}.get(field, field)
        title = "country" if field == "countries" else title
        lists = [
            name for name in names if name in {f"codelist_open_{title}", f"codelist_closed_{title}"}
        ]
        known: Mapping[Any, Any] = {}
        for name in lists:
            known = _read_codes(base, name, where)
    else:
        found = tables["organisations" if kind == "organisations" else "wayleaves"]
        known = {
            number: _name(row) if kind == "organisations" else row.get("id")
            for number, row in found.items()
        }
    related = ((pair.get("base_id"), pair.get("related_id")) for pair in pairs)
    return [(number, known[other]) for number, other in related if other in known]


def _nest(row: Record) -> Record:
    """Return a row with what is spread over columns in objects again, and without what is empty."""
    nested: Record = {}
    for column, value in row.items():
        if value is None or column == "network_id":
            continue
        *outer, last = column.split("__")
        inner = nested
        for name in outer:
            inner = inner.setdefault(name, {})
        inner[last] = value
    return nested
