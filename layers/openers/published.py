"""Reading files as their publishers give them out: shapes, tables and texts, zipped or not."""

from __future__ import annotations

import gzip
import io
import lzma
import zipfile
import zlib
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import IO, cast

import geopandas as gpd
import pandas as pd
import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError

from steppe.layers.crs import PAGE_CRS
from steppe.layers.errors import InputError, Problem
from steppe.layers.library_words import tell_error
from steppe.layers.limits import FETCHED_BYTES
from steppe.layers.openers.boxes import WORLD, Bbox, split
from steppe.layers.quiet_libraries import quiet
from steppe.layers.safe_files import admit
from steppe.layers.wording import tell

# What a file of each suffix holds in its first bytes: GDAL goes by these and not by the name, and
# of its formats some lead to other files and addresses (VRT, GDALG).
_HEADS = {
    ".shp": (b"\x00\x00\x27\x0a",),
    ".gpkg": (b"SQLite format 3\x00",),
    ".geojson": (b'"FeatureCollection"',),
    ".json": (b'"FeatureCollection"',),
    ".kml": (b"<kml",),
    ".fgb": (b"fgb",),
    ".xlsx": (b"PK",),
    ".ods": (b"PK",),
}
_LEADING_ON = (b"OGRVRTDataSource", b"gdal_streamed_alg")
_HEAD_BYTES = 1 << 16
_SHEETS = (".xlsx", ".ods")
_SHAPES = frozenset(_HEADS) - frozenset(_SHEETS)
_GEODATABASE = ".gdb"  # a folder of many files
_OF_AN_ARCHIVE = (
    zipfile.BadZipFile,
    NotImplementedError,
    RuntimeError,
    zlib.error,
    EOFError,
    OSError,
)
_OF_THE_FILE = (DataSourceError, DataLayerError, ValueError, OSError, UnicodeDecodeError)


def damaged(where: str, error: Exception) -> InputError:
    """Return the user's error for a file that a library cannot read."""
    what = tell("fetch.damaged", told=tell_error(error))
    return InputError(Problem(where, what, tell("fetch.fix.file")))


def read_shapes(path: Path, box: Bbox = WORLD, *, layers: Collection[str] = ()) -> gpd.GeoDataFrame:
    """Read the shapes of a file that reach into a box, EPSG:4326, names of columns in lower case.

    Parameters
    ----------
    path
        Shapefile (also zipped), file geodatabase (zipped), GeoPackage, GeoJSON, KML or FlatGeobuf.
    box
        What is wanted.
    layers
        Names of which the first that there is is read; the first of the file where none is.

    Raises
    ------
    InputError
        One line.
    """
    where = path.name
    admit(path, where, FETCHED_BYTES)
    place = _find_place(path)
    try:
        with quiet():
            names = [str(name) for name, _ in pyogrio.list_layers(place)]
            layer = next((name for name in layers if name in names), names[0] if names else None)
            info = pyogrio.read_info(place, layer=layer)
            parts = [
                pyogrio.read_dataframe(place, layer=layer, bbox=side, fid_as_index=True)
                for side in _sides(box, str(info["crs"] or ""))
            ]
    except _OF_THE_FILE as error:
        raise damaged(where, error) from None
    found = pd.concat(parts)
    found = gpd.GeoDataFrame(found[~found.index.duplicated()], crs=parts[0].crs)
    found = found.rename(columns={name: name.lower() for name in found.columns})
    found = gpd.GeoDataFrame(found[found.geometry.notna() & ~found.geometry.is_empty])
    return found.set_crs(PAGE_CRS) if found.crs is None else found.to_crs(PAGE_CRS)


def measure_shapes(path: Path, *, layers: Collection[str] = ()) -> Bbox:
    """Return the box of all that a file holds, degrees."""
    place = _find_place(path)
    try:
        with quiet():
            names = [str(name) for name, _ in pyogrio.list_layers(place)]
            layer = next((name for name in layers if name in names), None)
            info = pyogrio.read_info(place, layer=layer, force_total_bounds=True)
    except _OF_THE_FILE as error:
        raise damaged(path.name, error) from None
    bounds = info["total_bounds"]
    if bounds is None or not _is_degrees(str(info["crs"] or "")):
        return WORLD
    west, south, east, north = (float(each) for each in bounds)
    return (max(west, -180.0), max(south, -90.0), min(east, 180.0), min(north, 90.0))


def _sides(box: Bbox, crs: str) -> Sequence[Bbox | None]:
    """Return the boxes to read by; a file in another CRS than degrees is read whole."""
    return split(box) if box != WORLD and _is_degrees(crs) else [None]


def _is_degrees(crs: str) -> bool:
    return not crs or crs in {"EPSG:4326", "OGC:CRS84", "EPSG:4490"}


def _find_place(path: Path) -> str:
    """Return where GDAL finds the shapes: a file by its driver's suffix, or in an archive."""
    suffix = path.suffix.lower()
    if suffix in _SHAPES:
        _refuse_head(path)
        return str(path.absolute())
    if suffix != ".zip":
        raise refuse_suffix(path)
    for member in list_members(path):
        base, is_in, _ = member.partition(f"{_GEODATABASE}/")
        if is_in:
            return f"/vsizip/{{{path.absolute()}}}/{base}{_GEODATABASE}"
        if Path(member).suffix.lower() in _SHAPES:
            _refuse_head(path, member)
            return f"/vsizip/{{{path.absolute()}}}/{member}"
    raise refuse_suffix(path)


def _refuse_head(path: Path, member: str = "") -> None:
    """Refuse a file, or a member of an archive, that does not begin as its suffix says."""
    try:
        if member:
            with zipfile.ZipFile(path) as archive, archive.open(member) as packed:
                head = packed.read(_HEAD_BYTES)
        else:
            with path.open("rb") as stream:
                head = stream.read(_HEAD_BYTES)
    except _OF_AN_ARCHIVE as error:
        raise damaged(path.name, error) from None
    is_so = any(mark in head for mark in _HEADS[Path(member or path).suffix.lower()])
    if not is_so or any(mark in head for mark in _LEADING_ON):
        raise refuse_suffix(path)


def refuse_suffix(path: Path) -> InputError:
    """Return the user's error for a file of another form than published."""
    what = tell("fetch.other_form", suffix=path.suffix or path.name)
    return InputError(Problem(path.name, what, tell("fetch.fix.file")))


def list_members(path: Path) -> list[str]:
    """Return the names of the files in an archive, which unpacked are no larger than the limit."""
    try:
        with zipfile.ZipFile(path) as archive:
            FETCHED_BYTES.refuse_over(sum(each.file_size for each in archive.infolist()), path.name)
            return [each.filename for each in archive.infolist() if not each.is_dir()]
    except (zipfile.BadZipFile, OSError) as error:
        raise damaged(path.name, error) from None


@contextmanager
def open_bytes(path: Path, *, member: str = "") -> Iterator[IO[bytes]]:
    """Open a file as bytes, unpacked where it is packed; of an archive the member that is named.

    Raises
    ------
    InputError
        One line.
    """
    where = path.name
    admit(path, where, FETCHED_BYTES)
    suffix = path.suffix.lower()
    try:
        if suffix == ".zip":
            names = list_members(path)
            named = [each for each in names if Path(each).name == member] or [
                each for each in names if not Path(each).name.lower().startswith("readme")
            ]
            if not named:
                raise refuse_suffix(path)
            with zipfile.ZipFile(path) as archive, archive.open(named[0]) as stream:
                yield stream
        elif suffix in {".gz", ".xz"}:
            opened = gzip.open if suffix == ".gz" else lzma.open
            with opened(path, "rb") as stream:
                yield cast("IO[bytes]", _Counted(stream, where))
        else:
            with path.open("rb") as stream:
                yield stream
    except (*_OF_AN_ARCHIVE, lzma.LZMAError) as error:
        raise damaged(where, error) from None


class _Counted(io.RawIOBase):
    """A stream that is refused once it gave more than the limit: an archive may hold any number."""

    def __init__(self, stream: io.BufferedIOBase, where: str) -> None:
        self._stream, self._where, self._n_bytes = stream, where, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]
        chunk = self._stream.read(len(view))
        view[: len(chunk)] = chunk
        self._n_bytes += len(chunk)
        FETCHED_BYTES.refuse_over(self._n_bytes, self._where)
        return len(chunk)


def read_rows(path: Path, wanted: Collection[str], *, comment: str | None = None) -> pd.DataFrame:
    """Read a table as text: CSV (also packed), or the sheet of a workbook that has the columns.

    Parameters
    ----------
    path
        The file.
    wanted
        Columns that it must have.
    comment
        What begins a line that is none of the table.

    Raises
    ------
    InputError
        One line, also where columns lack.
    """
    admit(path, path.name, FETCHED_BYTES)
    if path.suffix.lower() in _SHEETS:
        return _read_sheet(path, wanted)
    try:
        with open_bytes(path) as stream:
            content = stream.read()
        text = content.decode("utf-8-sig", errors="replace")
        if comment:
            text = "\n".join(line for line in text.splitlines() if not line.startswith(comment))
        frame = pd.read_csv(io.StringIO(text), dtype=str, skipinitialspace=True)
    except _OF_THE_FILE as error:
        raise damaged(path.name, error) from None
    refuse_columns(frame, wanted, path.name)
    return frame


def _read_sheet(path: Path, wanted: Collection[str]) -> pd.DataFrame:
    tables: list[pd.DataFrame] = []
    _refuse_head(path)
    try:
        with quiet():
            for name, _ in pyogrio.list_layers(path):
                table = pyogrio.read_dataframe(path, layer=name, read_geometry=False)
                tables.append(table)
                if set(wanted) <= set(table.columns):
                    return table.astype(object).map(_as_text).astype("str")
    except _OF_THE_FILE as error:
        raise damaged(path.name, error) from None
    nearest = max(tables, key=lambda each: len(set(wanted) & set(each.columns)), default=None)
    refuse_columns(pd.DataFrame() if nearest is None else nearest, wanted, path.name)
    raise refuse_suffix(path)


def _as_text(value: object) -> object:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return None if pd.isna(value) else str(value)  # type: ignore[call-overload]


def refuse_columns(frame: pd.DataFrame, wanted: Collection[str], where: str) -> None:
    """Refuse a table that is not as published.

    Raises
    ------
    InputError
        One line with the columns that lack.
    """
    lacking = [name for name in wanted if name not in frame]
    if lacking:
        what = tell("fault.column.several_lacking", names=", ".join(lacking))
        raise InputError(Problem(where, what, tell("fetch.fix.file")))


def day_of(path: Path) -> date:
    """Return the day on which a file was last written, for one that tells no date itself."""
    return datetime.fromtimestamp(path.stat().st_mtime, UTC).date()
