"""Formats that GDAL reads: OpenStreetMap, MapInfo, FlatGeobuf, DXF.

GDAL sees a copy of the file alone under a plain name, so that its name and what lies beside it
choose no other driver; that it is of the format was found by its content.
"""

from __future__ import annotations

import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyogrio

from steppe.layers.crs import parse_crs
from steppe.layers.errors import InputError, Problem
from steppe.layers.geojson import as_column
from steppe.layers.importing.opened import Opened, Request
from steppe.layers.importing.raw_table import Choice, choose
from steppe.layers.importing.text_encodings import find_encoding
from steppe.layers.library_words import tell_text
from steppe.layers.limits import LAYER_BYTES, ROWS
from steppe.layers.quiet_libraries import quiet
from steppe.layers.safe_files import admit
from steppe.layers.wkb import from_wkb
from steppe.layers.wording import tell

_FAULTS = (
    pyogrio.errors.DataSourceError,
    pyogrio.errors.DataLayerError,
    pyogrio.errors.FeatureError,
    pyogrio.errors.GeometryError,
    pyogrio.errors.CRSError,
    pyogrio.errors.FieldError,
    ValueError,
    RuntimeError,
    IndexError,
    OSError,
)
_MOST_LEVELS = 8
_TEMPORARY = "CPL_TMPDIR"
_BYTES = "iso8859-1"
_OSM_LAYERS = {
    "points": ("point",),
    "lines": ("line",),
    "multilinestrings": ("line",),
    "multipolygons": ("polygon",),
    "other_relations": (),
}
_MAPINFO_PARTS = {".tab": (".dat", ".map", ".id", ".ind"), ".mif": (".mid",)}
_MAPINFO_NEEDED = {".tab": (".dat",), ".mif": ()}
_RING_WORDS = "non closed ring"  # what GDAL says of an area that it leaves out


def open_osm(request: Request) -> Opened:
    """Open one of the kinds of objects of an extract of OpenStreetMap, .osm or .osm.pbf.

    Rings that do not close are left out and counted.

    Raises
    ------
    InputError
        One line; `ChoiceError` where it holds points, lines and areas and nobody said which.
    """
    with request.path.open("rb") as file:
        is_text = file.read(1) in {b"<", b"\xef"}
    with _copied(request, ".osm" if is_text else ".osm.pbf", ()) as path:
        choices = [
            Choice(layer, kinds, None if request.part or _holds(path, layer) else 0)
            for layer, kinds in _OSM_LAYERS.items()
        ]
        layer = choose(request.where, choices, request.part)
        opened, told = _read(path, layer, request, "osm", TAGS_FORMAT="JSON")
    broken = sum(line.startswith(_RING_WORDS) for line in told)
    if broken:
        opened.notes.append(tell("note.open.broken_rings", n=broken))
    opened.layer = layer
    opened.frame = opened.frame.dropna(axis="columns", how="all")
    return opened


def _holds(path: Path, layer: str) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            found = pyogrio.raw.read(path, layer=layer, columns=[], max_features=1)
        except _FAULTS:
            return True  # what is wrong is told when it is read
    return len(found[2]) > 0


def open_mapinfo(request: Request) -> Opened:
    """Open a table of MapInfo, .tab or .mif, with what lies beside it.

    Raises
    ------
    InputError
        One line.
    """
    path = request.path
    with path.open("rb") as file:
        suffix = ".tab" if file.read(6).lower() == b"!table" else ".mif"
        is_seamless = b"seamless" in file.read(1 << 16).lower()
    beside = [
        part
        for part in path.parent.iterdir()
        if part.stem == path.stem and part.suffix.lower() in _MAPINFO_PARTS[suffix]
    ]
    there = {part.suffix.lower() for part in beside}
    for needed in _MAPINFO_NEEDED[suffix]:
        if needed not in there or is_seamless:
            what = tell("fault.open.no_part", suffix=needed)
            raise InputError(Problem(request.where, what, tell("fix.put_all_parts")))
    with _copied(request, suffix, tuple(beside)) as copy:
        opened, _ = _read(copy, None, request, "mapinfo")
    return opened


def open_flatgeobuf(request: Request) -> Opened:
    """Open a FlatGeobuf.

    Raises
    ------
    InputError
        One line.
    """
    with _copied(request, ".fgb", ()) as path:
        opened, _ = _read(path, None, request, "flatgeobuf")
    return opened


def open_dxf(request: Request) -> Opened:
    """Open the entities of a drawing in DXF.

    Raises
    ------
    InputError
        One line.
    """
    with _copied(request, ".dxf", ()) as path:
        opened, _ = _read(path, "entities", request, "dxf")
    return opened


@contextmanager
def _copied(request: Request, suffix: str, beside: tuple[Path, ...]) -> Iterator[Path]:
    for part in beside:
        admit(part, tell("place.beside", part=part.name, where=request.where), LAYER_BYTES)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"layer{suffix}")
        shutil.copyfile(request.path, path)
        for part in beside:
            shutil.copyfile(part, Path(folder, f"layer{part.suffix.lower()}"))
        before = pyogrio.get_gdal_config_option(_TEMPORARY)
        # Else a large extract leaves its index in the folder that the command runs in.
        pyogrio.set_gdal_config_options({_TEMPORARY: folder})
        try:
            yield path
        finally:
            pyogrio.set_gdal_config_options({_TEMPORARY: before})


def _read(
    path: Path, layer: str | None, request: Request, format_: str, **options: str
) -> tuple[Opened, list[str]]:
    """Return a layer as the driver reads it, and what it says on the way."""
    try:
        read, told, encoding = _read_texts(path, layer, request.encoding, options)
    except UnicodeDecodeError:
        what = tell("fault.open.encoding")
        raise InputError(Problem(request.where, what, tell("fix.open.say_encoding"))) from None
    except _FAULTS as error:
        words = str(error).replace(f"{path.parent}/", "").replace(path.name, request.path.name)
        what = tell("fault.file.unreadable", reason=tell_text(words))
        raise InputError(Problem(request.where, what, tell("fix.open.save_as_gpkg"))) from None
    opened = _as_opened(read, request, format_)
    opened.encoding = encoding
    return opened, told


def _read_texts(
    path: Path, layer: str | None, encoding: str | None, options: dict[str, str]
) -> tuple[Any, list[str], str | None]:
    """Return what the driver reads and says, and the encoding that it was read in, if it matters."""
    try:
        return *_call_driver(path, layer, encoding, options), encoding
    except UnicodeDecodeError:
        if encoding is not None:
            raise
        # Byte by byte, so that what it is can be found from the bytes.
        read, _ = _call_driver(path, layer, _BYTES, options)
        cells = (cell for column in read[3] for cell in column if isinstance(cell, str))
        found = find_encoding(b"".join(cell.encode(_BYTES) for cell in cells))
        if found is None:
            raise
        return *_call_driver(path, layer, found, options), found


def _call_driver(
    path: Path, layer: str | None, encoding: str | None, options: dict[str, str]
) -> tuple[Any, list[str]]:
    with quiet(), warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        read = pyogrio.raw.read(
            path, layer=layer, encoding=encoding, datetime_as_string=True,
            max_features=ROWS.most + 1, **options,
        )  # fmt: skip
    return read, [str(each.message).lower() for each in told]


def _as_opened(read: Any, request: Request, format_: str) -> Opened:
    meta, _, shapes, columns = read
    n_rows = len(columns[0]) if len(columns) else len(shapes)
    ROWS.refuse_over(n_rows, request.where)
    index = pd.Index(np.arange(1, n_rows + 1))
    made = {
        str(name): as_column(_cells(column, str(kind))).set_axis(index)
        for name, column, kind in zip(meta["fields"], columns, meta["dtypes"], strict=True)
    }
    crs = parse_crs(str(meta["crs"]), request.where) if meta["crs"] else None
    make = partial(from_wkb, most_levels=_MOST_LEVELS)
    raw = [None] * n_rows if shapes is None else list(shapes)
    return Opened(format_, pd.DataFrame(made, index=index), raw, make, crs)


def _cells(column: Any, kind: str) -> list[Any]:
    """Return cells as they stand in the file: whole numbers stay whole beside empty ones."""
    values = np.asarray(column)
    if values.dtype.kind == "f":
        is_whole = kind.startswith(("int", "uint"))
        return [
            None if np.isnan(value) else int(value) if is_whole else float(value)
            for value in values
        ]
    return list(values.tolist())
