"""Opening any file: one raw table with its places on WGS 84, whatever the format."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from steppe.layers.crs import parse_crs
from steppe.layers.datum import DATUMS
from steppe.layers.errors import InputError, Note, Problem
from steppe.layers.importing.formats import OPENERS, UNFIT
from steppe.layers.importing.numerals import find_decimal
from steppe.layers.importing.opened import Opened, Request
from steppe.layers.importing.packed_files import open_gzipped, open_zipped
from steppe.layers.importing.place_cells import make_places
from steppe.layers.importing.place_columns import find_place_columns
from steppe.layers.importing.placing import Wishes, place
from steppe.layers.importing.raw_table import PLACES, RawTable
from steppe.layers.importing.shapes import make_shapes
from steppe.layers.importing.sniffing import find_format
from steppe.layers.importing.tag_columns import spread_tags
from steppe.layers.importing.unknown_texts import drop_unknown
from steppe.layers.limits import COLUMNS, LAYER_BYTES, ROWS, TEXT_LENGTH
from steppe.layers.safe_files import admit
from steppe.layers.tables import Bbox
from steppe.layers.wording import join, tell

_GEOMETRY = "geometry"
_LOOKED_AT = 5_000  # rows by which the sign before fractions is found


def open_file(  # noqa: PLR0913 (one for each option of the command)
    path: Path,
    *,
    sheet: str | None = None,
    layer: str | None = None,
    crs: str | None = None,
    encoding: str | None = None,
    datum: str | None = None,
    swap: bool = False,
    box: Bbox | None = None,
) -> RawTable:
    """Open a file of anyone's as one table, with places in EPSG:4326 where it tells them.

    Parameters
    ----------
    path
        The file; what it is is found from what it holds.
    sheet
        Sheet of a workbook, or a range of one such as `Parks!A3:F20`.
    layer
        Layer of a file that holds several: a table of a GeoPackage, a folder of a KML, a member
        of a zip, one of points, lines and multipolygons of OpenStreetMap.
    crs
        Of its coordinates; goes before what the file says.
    encoding
        Of its texts; goes before what the file says.
    datum
        One of `steppe.layers.datum.DATUMS`.
    swap
        Whether its latitudes stand where longitudes should.
    box
        Where its rows should lie, by which numbers that may be several things are told apart.

    Returns
    -------
    RawTable
        Every row and field of the source; what was found; what is to be asked.

    Raises
    ------
    InputError
        One line: why it is not opened and what to do; `ChoiceError` where it holds several tables.
    """
    where = path.name
    if datum is not None and datum not in DATUMS:
        what = tell("fault.datum.unknown", datum=datum)
        raise InputError(Problem(where, what, tell("fix.use_one_of", known=join(DATUMS))))
    wishes = Wishes(parse_crs(crs, where) if crs else None, datum, swap, box)
    admit(path, where, LAYER_BYTES, missing=tell("fix.open.check_path"))
    opened = _open(Request(path, where, sheet or layer, encoding))
    opened.frame, told = spread_tags(opened.frame)
    opened.notes += told
    ROWS.refuse_over(len(opened.frame), where)
    COLUMNS.refuse_over(len(opened.frame.columns), where)
    _refuse_long(opened.frame, where)
    return _finish(opened, wishes, where if opened.layer is None else f"{where} › {opened.layer}")


def _open(request: Request) -> Opened:
    kind = find_format(request.path, request.where)
    if kind == "zip":
        return open_zipped(request, _open_one)
    if kind == "gzip":
        return open_gzipped(request, _open_one)
    return _open_one(request)


def _open_one(request: Request) -> Opened:
    """Open a file that is no archive, or say what it is."""
    kind = find_format(request.path, request.where)
    if kind in {"zip", "gzip"}:
        what, fix = tell("fault.open.nested"), tell("fix.open.unpack")
        raise InputError(Problem(request.where, what, fix))
    if kind in UNFIT:
        raise InputError(Problem(request.where, *UNFIT[kind]))
    return OPENERS[kind](request)


def _refuse_long(frame: pd.DataFrame, where: str) -> None:
    for place_, name in enumerate(frame.columns):
        column = frame.iloc[:, place_]
        longest = max((len(value) for value in column if isinstance(value, str)), default=0)
        TEXT_LENGTH.refuse_over(longest, f"{where}.{name}")


def _finish(opened: Opened, wishes: Wishes, where: str) -> RawTable:
    frame, unknown = drop_unknown(opened.frame)
    notes: list[Note] = [*opened.notes, *unknown]
    found: dict[str, Any] = {
        "format": opened.format,
        "layer": opened.layer,
        "encoding": opened.encoding,
        "separator": opened.separator,
        "header_row": opened.header_row,
    }
    if opened.raw is not None and opened.make is not None:
        numbers = frame.index.to_numpy()
        shapes, told = make_shapes(opened.raw, opened.make, numbers, where)
        placed = place(shapes, numbers, opened.crs, wishes, where)
        found |= {"crs": placed.crs, "crs_basis": placed.basis, "datum": placed.datum}
        notes += [*told, *placed.notes]
        return RawTable(
            _with_places(frame, placed.shapes, notes),
            notes=tuple(notes), questions=tuple(placed.questions), **found,
        )  # fmt: skip
    return _place_table(frame, found, wishes, where, notes)


def _place_table(
    frame: pd.DataFrame, found: dict[str, Any], wishes: Wishes, where: str, notes: list[Note]
) -> RawTable:
    """Finish a table without geometries: its places are columns, if it has any."""
    cells = (cell for name in frame.columns for cell in frame[name].iloc[:_LOOKED_AT])
    decimal, is_sure = find_decimal(cells, found["separator"])
    questions: list[Problem] = []
    if not is_sure:
        notes.append(tell("note.open.decimal", sign=decimal))
    columns = find_place_columns(frame, decimal)
    if columns is None:
        return RawTable(
            frame, decimal=decimal, notes=tuple(notes), questions=tuple(questions), **found
        )
    made = make_places(frame, columns, decimal, where, box=wishes.box)
    notes += made.notes
    # Who says that the axes are swapped has answered what stands first.
    questions += [each for each in made.questions if not (wishes.swap and columns.form == "pair")]
    numbers = frame.index.to_numpy()
    placed = place(made.shapes, numbers, made.crs, wishes, where, datum=columns.datum)
    if made.crs is None and placed.basis == "file":
        placed.basis = "names"
    notes += placed.notes
    questions += placed.questions
    kept = frame.drop(columns=list(columns.columns)) if columns.form == "shape" else frame
    return RawTable(
        _with_places(kept, placed.shapes, notes),
        crs=placed.crs, crs_basis=placed.basis, datum=placed.datum, decimal=decimal,
        place_columns=columns.columns, notes=tuple(notes), questions=tuple(questions), **found,
    )  # fmt: skip


def _with_places(
    frame: pd.DataFrame, shapes: np.ndarray[Any, Any], notes: list[Note]
) -> gpd.GeoDataFrame:
    """Return rows with their places; a field called as these gets a free name."""
    if _GEOMETRY in frame.columns:
        number = 2
        while f"{_GEOMETRY}_{number}" in frame.columns:
            number += 1
        free = f"{_GEOMETRY}_{number}"
        frame = frame.rename(columns={_GEOMETRY: free})
        notes.append(tell("note.open.renamed", name=_GEOMETRY, free=free))
    return gpd.GeoDataFrame(
        frame, geometry=gpd.GeoSeries(list(shapes), index=frame.index, crs=PLACES)
    )
