"""Reading a Shapefile that somebody sent, with the encoding that its parts are in."""

from __future__ import annotations

import codecs
import re
import shutil
import tempfile
import warnings
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio

from steppe.layers.columns import Contract
from steppe.layers.crs import parse_crs
from steppe.layers.encodings import other_encoding
from steppe.layers.errors import InputError, Problem
from steppe.layers.geometries import RawFeatures, make_geometries, row_ids, with_shapes
from steppe.layers.library_words import tell_text
from steppe.layers.limits import COLUMNS, CRS_LENGTH, LAYER_BYTES, ROWS, Limit
from steppe.layers.safe_files import admit, go_with, read_bytes
from steppe.layers.wkb import from_wkb
from steppe.layers.wording import Message, Words, tell

_MAGIC = b"\0\0\x27\x0a"  # no other driver takes a file that begins so
NAME_LENGTH = 10  # of a column in dBase
_FIELDS_AT, _FIELD_BYTES, _HEAD_SIZE_AT, _LANGUAGE_AT = 32, 32, 8, 29
_NEEDED = (".dbf", ".shx")
_SIDE_BYTES = {
    ".cpg": Limit(1_024, "bytes", ".cpg of a Shapefile"),
    ".prj": Limit(CRS_LENGTH.most, "bytes", ".prj of a Shapefile"),
}
_FAULTS = (
    pyogrio.errors.DataSourceError,
    pyogrio.errors.DataLayerError,
    pyogrio.errors.FeatureError,
    pyogrio.errors.GeometryError,
    pyogrio.errors.CRSError,
)
# What byte 29 of a .dbf says, of the encodings that this planner's users meet.
_LANGUAGES = {
    0x26: "cp866",
    0x4D: "gbk",
    0x4E: "cp949",
    0x4F: "big5",
    0x65: "cp866",
    0x7A: "gbk",
    0x78: "big5",
    0x79: "cp949",
    0xC9: "cp1251",
}


def read_shapefile(
    path: Path, contract: Contract, where: str, *, encoding: str | None = None
) -> gpd.GeoDataFrame:
    """Read a Shapefile with all that lies beside it.

    Parameters
    ----------
    path
        Its .shp.
    contract
        What is wanted of it: names of columns that were cut at ten letters are known by it.
    where
        File and layer, for the messages.
    encoding
        What the plan says of its texts; else the .cpg, else the .dbf itself, else UTF-8.

    Raises
    ------
    InputError
        One line for each kind of fault.
    """
    admit_parts(path, where)
    read = load_shapefile(path, where, encoding or _find_encoding(path, where))
    names = [str(name) for name in read.frame.columns]
    frame = read.frame.rename(columns=_whole_names(names, contract))
    geometries = make_geometries(read.raw, read.make, row_ids(frame, contract), where)
    return with_shapes(frame, geometries, read.crs, where)


def load_shapefile(path: Path, where: str, encoding: str) -> RawFeatures:
    """Return the features of a Shapefile that was let in, its geometries not yet made.

    Raises
    ------
    InputError
        One line: broken, or not in that encoding.
    """
    meta, shapes, columns = _open(path, encoding, where)
    ROWS.refuse_over(len(shapes), where)
    COLUMNS.refuse_over(len(columns), where)
    made = {
        str(name): _as_read(column, str(kind))
        for name, column, kind in zip(meta["fields"], columns, meta["dtypes"], strict=True)
    }
    frame = pd.DataFrame(made, index=range(len(shapes)))
    crs = parse_crs(str(meta["crs"]), where) if meta["crs"] else None
    return RawFeatures(frame, shapes, from_wkb, crs)


def admit_parts(path: Path, where: str) -> None:
    """Let in a Shapefile with all that lies beside it.

    Raises
    ------
    InputError
        One line: a part that is not there or too large, or no Shapefile.
    """
    admit(path, where, LAYER_BYTES)
    with path.open("rb") as file:
        head = file.read(len(_MAGIC))
    if head != _MAGIC:
        fix = tell("fix.save_as_shapefile_or_rename")
        raise InputError(Problem(where, tell("fault.shapefile.none"), fix))
    for suffix in _NEEDED:
        if _part(path, suffix) is None:
            what = tell("fault.shapefile.part", suffix=suffix)
            raise InputError(Problem(where, what, tell("fix.put_all_parts")))
    for part in go_with(path):
        admit(part, _beside(part, where), _SIDE_BYTES.get(part.suffix.lower(), LAYER_BYTES))


def _beside(part: Path, where: str) -> Message:
    return tell("place.beside", part=part.name, where=where)


def _part(path: Path, suffix: str) -> Path | None:
    return next((part for part in go_with(path) if part.suffix.lower() == suffix), None)


def _find_encoding(path: Path, where: str) -> str:
    """Return the encoding of the texts: as its parts say, else UTF-8 if they are that."""
    said = find_said_encoding(path, where)
    if said is not None:
        return said
    try:
        read_texts(path, where).decode("utf-8")
    except UnicodeDecodeError:
        what = tell("fault.shapefile.no_cpg")
        raise InputError(Problem(where, what, tell("fix.say_encoding_or_cpg"))) from None
    return "utf-8"


def find_said_encoding(path: Path, where: str) -> str | None:
    """Return the encoding that the .cpg names, else the one of the .dbf itself, if either does.

    Raises
    ------
    InputError
        For a .cpg that names none.
    """
    page = _part(path, ".cpg")
    if page is not None:
        return _parse_page(read_bytes(page, where, _SIDE_BYTES[".cpg"]), _beside(page, where))
    table = _part(path, ".dbf")
    if table is None:
        return None
    with table.open("rb") as file:
        head = file.read(_LANGUAGE_AT + 1)
    return _LANGUAGES.get(head[_LANGUAGE_AT]) if len(head) > _LANGUAGE_AT else None


def read_texts(path: Path, where: str) -> bytes:
    """Return the names and cells of the .dbf, as they lie in it."""
    table = _part(path, ".dbf")
    content = b"" if table is None else read_bytes(table, where, LAYER_BYTES)
    head_size = int.from_bytes(content[_HEAD_SIZE_AT : _HEAD_SIZE_AT + 2], "little")
    fields = range(_FIELDS_AT, head_size - 1, _FIELD_BYTES)
    named = b"".join(content[at : at + NAME_LENGTH].split(b"\0")[0] for at in fields)
    return named + content[head_size:]


def _parse_page(content: bytes, where: Words) -> str:
    """Return the encoding that a .cpg names, in one of the ways of the programs about."""
    said = content.decode("ascii", "replace").lower()
    number = re.fullmatch(r"(?:ansi|oem|cp)?[ _-]*(\d{3,5})", said)
    iso = re.fullmatch(r"(?:iso)?[ _-]*8859[ _-]*(\d{1,2})", said)
    name = f"iso8859-{iso[1]}" if iso else f"cp{number[1]}" if number else said
    name = {"cp65001": "utf-8", "cp54936": "gb18030"}.get(name, name)
    try:
        "".encode(name)
        return codecs.lookup(name).name
    except (LookupError, ValueError):
        what = tell("fault.shapefile.cpg", said=said[:40])
        raise InputError(Problem(where, what, tell("fix.say_encoding"))) from None


def _open(path: Path, encoding: str, where: str) -> tuple[dict[str, Any], Any, Any]:
    """Let the driver see the parts alone, under a plain name, and tell what it says."""
    with tempfile.TemporaryDirectory() as folder:
        for part in (path, *go_with(path)):
            shutil.copyfile(part, Path(folder, f"layer{part.suffix.lower()}"))
        try:
            with warnings.catch_warnings():
                # GDAL's own words on what it puts right; what it cannot is raised.
                warnings.simplefilter("ignore")
                meta, _, shapes, columns = pyogrio.raw.read(
                    Path(folder, "layer.shp"),
                    encoding=encoding,
                    force_2d=True,
                    datetime_as_string=True,
                )
        except UnicodeDecodeError:
            raise other_encoding(where, encoding) from None
        except (*_FAULTS, ValueError) as error:
            words = str(error).replace(f"{folder}/", "").replace("layer.", f"{path.stem}.")
            what = tell("fault.file.unreadable", reason=tell_text(words))
            raise InputError(Problem(where, what, tell("fix.check_parts"))) from None
    if shapes is None:
        what = tell("fault.geometry.lacking")
        raise InputError(Problem(where, what, tell("fix.give_layer_with_geometry")))
    return meta, shapes, columns


def _as_read(column: Any, kind: str) -> pd.Series:
    """Return a column as its table has it: whole numbers stay whole beside empty cells."""
    values = np.asarray(column)
    if kind.startswith(("int", "uint")) and values.dtype.kind == "f":
        whole = [None if np.isnan(value) else int(value) for value in values]
        return pd.Series(whole, dtype=object)
    return pd.Series(values).infer_objects()


def _whole_names(names: list[str], contract: Contract) -> dict[str, str]:
    """Return the whole names of columns whose names dBase cut at ten letters."""
    whole: dict[str, str] = {}
    for name in contract.columns:
        cut = name[:NAME_LENGTH]
        rivals = [each for each in contract.columns if each[:NAME_LENGTH] == cut]
        if len(name) > NAME_LENGTH and cut in names and rivals == [name]:
            whole[cut] = name
    return whole
