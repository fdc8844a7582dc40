"""Reading a GeoPackage that somebody sent (OGC 12-128r18), as the SQLite database that it is.

It is opened for reading alone and as a file that nobody writes to, so that nothing appears
beside it.  Only plain tables are read: a view or a virtual table is a program of somebody's,
and may never end.
"""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
from pyproj import CRS

from steppe.layers.columns import Contract
from steppe.layers.crs import parse_crs
from steppe.layers.errors import InputError, Problem, UnfitError
from steppe.layers.geojson import as_column
from steppe.layers.geometries import RawFeatures, make_geometries, row_ids, with_shapes
from steppe.layers.library_words import tell_error
from steppe.layers.limits import COLUMNS, LAYER_BYTES, ROWS, Limit
from steppe.layers.safe_files import admit
from steppe.layers.wkb import from_wkb
from steppe.layers.wording import join, tell

_MAGIC = b"SQLite format 3\0"
_UNDEFINED = (0, -1)
_ENVELOPE_BYTES = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}
_HEAD_BYTES = 8
_TABLES = ("gpkg_contents", "gpkg_geometry_columns", "gpkg_spatial_ref_sys")
_MOST_LAYERS = 1_000


def read_geopackage(
    path: Path, contract: Contract, where: str, *, table: str | None = None
) -> gpd.GeoDataFrame:
    """Read one layer of a GeoPackage.

    Parameters
    ----------
    path
        The file.
    contract
        What is wanted of it; its key names the rows in messages.
    where
        File and layer, for the messages.
    table
        Which layer, where it holds several.

    Raises
    ------
    InputError
        One line for each kind of fault.
    """
    with open_geopackage(path, where) as base:
        layer = _choose_layer(find_layers(base), table, where)
        read = read_table_of(base, layer, where, wanted=frozenset(contract.columns))
    shapes = make_geometries(read.raw, read.make, row_ids(read.frame, contract), where)
    return with_shapes(read.frame, shapes, read.crs, where)


@contextmanager
def open_geopackage(path: Path, where: str) -> Iterator[sqlite3.Connection]:
    """Open a GeoPackage for reading alone.

    Raises
    ------
    InputError
        One line: what it is otherwise, broken, or open in another program.
    """
    size = admit(path, where, LAYER_BYTES)
    _refuse_open(path, where)
    with _opened(path, size, where) as base:
        for name in _TABLES:
            refuse_program(base, name, where)
        yield base


def find_layers(base: sqlite3.Connection) -> list[str]:
    """Return the layers with geometry, in the order of the file."""
    return [
        str(name)
        for (name,) in base.execute(
            "select c.table_name from gpkg_contents c join gpkg_geometry_columns g "
            "on c.table_name = g.table_name order by c.rowid limit ?",
            (_MOST_LAYERS,),
        )
    ]


def read_table_of(
    base: sqlite3.Connection, layer: str, where: str, *, wanted: frozenset[str] = frozenset()
) -> RawFeatures:
    """Read one layer, its geometries not yet made.

    Parameters
    ----------
    base
        As `open_geopackage` opens it.
    layer
        One of `find_layers`.
    where
        File and layer, for the messages.
    wanted
        Columns that are kept though they number the rows alone.
    """
    hidden = refuse_program(base, layer, where)
    geometry, srs_id = _find_geometry(base, layer)
    crs = _read_crs(base, srs_id, where)
    frame, blobs = _read_rows(base, layer, geometry, hidden - wanted, where)
    return RawFeatures(frame, blobs, make_shape, crs)


def _refuse_open(path: Path, where: str) -> None:
    """Refuse what another program has not written out yet: the file alone would be stale."""
    for ending in ("-wal", "-journal"):
        beside = path.with_name(path.name + ending)
        if beside.exists() and beside.stat().st_size > 0:
            fix = tell("fix.close_program", name=beside.name)
            raise InputError(Problem(where, tell("fault.geopackage.open"), fix))


@contextmanager
def _opened(path: Path, size: int, where: str) -> Iterator[sqlite3.Connection]:
    with path.open("rb") as file:
        if file.read(len(_MAGIC)) != _MAGIC:
            fix = tell("fix.save_as_geopackage_or_rename")
            raise InputError(Problem(where, tell("fault.geopackage.none"), fix))
    try:
        # The URI is quoted: # ? and % may stand in a name.
        base = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
    except sqlite3.Error as error:
        raise _broken(where, error) from None
    try:
        base.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, max(size, 1 << 16))
        base.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        base.execute("pragma trusted_schema = off")
        base.execute("pragma cell_size_check = on")
        yield base
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise _broken(where, error) from None
    finally:
        base.close()


def _broken(where: str, error: Exception) -> InputError:
    what = tell("fault.geopackage.broken", told=tell_error(error))
    return InputError(Problem(where, what, tell("fix.save_anew_in_qgis")))


def quoted(name: str) -> str:
    """Return a name as SQL has it."""
    return '"' + name.replace('"', '""') + '"'


def refuse_program(base: sqlite3.Connection, name: str, where: str) -> set[str]:
    """Refuse what is no plain table; return the column that only numbers its rows."""
    found = base.execute(
        "select type, sql from sqlite_master where name = ? collate nocase and type in "
        "('table', 'view') limit 1",
        (name,),
    ).fetchone()
    if found is None:
        what = tell("fault.geopackage.lacks", name=name)
        raise InputError(Problem(where, what, tell("fix.save_as_geopackage_in_qgis")))
    kind, sql = found
    columns = []
    if kind == "table" and not str(sql).lower().lstrip().startswith("create virtual"):
        columns = base.execute(f"pragma table_xinfo({quoted(name)})").fetchall()
    if not columns or any(column[6] > 1 for column in columns):
        what = tell("fault.geopackage.view", name=name)
        raise InputError(Problem(where, what, tell("fix.save_as_table_in_qgis")))
    COLUMNS.refuse_over(len(columns), where)
    keys = [column for column in columns if column[5]]
    return {keys[0][1]} if len(keys) == 1 and keys[0][2].upper() == "INTEGER" else set()


def _choose_layer(names: list[str], table: str | None, where: str) -> str:
    if table is None and len(names) > 1:
        what = tell("fault.geopackage.layers", names=join(names))
        raise InputError(Problem(where, what, tell("fix.say_table")))
    if table is not None and table not in names:
        fix = tell("fix.holds_layers", names=join(names)) if names else tell("fix.holds_no_layer")
        raise InputError(Problem(where, tell("fault.geopackage.no_layer", name=table), fix))
    if not names:
        what = tell("fault.geometry.lacking")
        raise InputError(Problem(where, what, tell("fix.give_layer_with_geometry")))
    return table or names[0]


def _find_geometry(base: sqlite3.Connection, layer: str) -> tuple[str, object]:
    name, srs_id = base.execute(
        "select column_name, srs_id from gpkg_geometry_columns where table_name = ?", (layer,)
    ).fetchone()
    return str(name), srs_id


def _read_crs(base: sqlite3.Connection, srs_id: object, where: str) -> CRS | None:
    if not isinstance(srs_id, int) or srs_id in _UNDEFINED:
        return None
    found = base.execute(
        "select organization, organization_coordsys_id, definition from gpkg_spatial_ref_sys "
        "where srs_id = ?",
        (srs_id,),
    ).fetchone()
    if found is None:
        what = tell("fault.geopackage.crs", srs_id=srs_id)
        raise InputError(Problem(where, what, tell("fix.define_crs")))
    organization, code, definition = found
    if str(organization).upper() == "EPSG":
        return parse_crs(f"EPSG:{code}", where)
    if str(definition).strip().lower() in {"", "undefined", "none"}:
        return None
    return parse_crs(str(definition), where)


def _read_rows(
    base: sqlite3.Connection, layer: str, geometry: str, hidden: set[str], where: str
) -> tuple[pd.DataFrame, list[bytes | None]]:
    columns = base.execute(f"pragma table_xinfo({quoted(layer)})").fetchall()
    declared = {column[1]: column[2].upper() for column in columns}
    names = [name for name in declared if name not in hidden and name != geometry]
    wanted = ", ".join(quoted(name) for name in (geometry, *names))
    # A table holds no more than its file, unless pages of it are led to more than once.
    held = Limit(LAYER_BYTES.most, "bytes", "table of a GeoPackage")
    rows: list[tuple[Any, ...]] = []
    n_bytes = 0
    for row in base.execute(f"select {wanted} from {quoted(layer)} order by rowid"):  # noqa: S608 (quoted)
        rows.append(row)
        n_bytes += sum(len(value) for value in row if isinstance(value, bytes | str))
        if len(rows) > ROWS.most or n_bytes > held.most:
            ROWS.refuse_over(len(rows), where)
            held.refuse_over(n_bytes, where)
    made = {
        name: as_column([_cell(row[place], declared[name]) for row in rows])
        for place, name in enumerate(names, start=1)
    }
    return pd.DataFrame(made, index=range(len(rows))), [row[0] for row in rows]


def _cell(value: Any, declared: str) -> Any:
    return bool(value) if declared == "BOOLEAN" and value in {0, 1} else value


def make_shape(blob: Any, *, most_levels: int = 0) -> Any:
    """Make a geometry of GeoPackage's binary: a head with flags, an envelope, and WKB."""
    if not isinstance(blob, bytes) or blob[:2] != b"GP" or len(blob) < _HEAD_BYTES:
        raise UnfitError(tell("told.geometry.no_geopackage"))
    (flags,) = struct.unpack_from("B", blob, 3)
    if flags & 0x20:
        raise UnfitError(tell("told.geometry.extended"))
    start = _HEAD_BYTES + _ENVELOPE_BYTES.get((flags >> 1) & 0x07, 0)
    return from_wkb(blob[start:], most_levels=most_levels)
