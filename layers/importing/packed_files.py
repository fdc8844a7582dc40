"""Files in a zip or gzip: unpacked by themselves, then opened as they would be outside."""

from __future__ import annotations

import gzip
import tempfile
import zlib
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from zipfile import ZipInfo

from steppe.layers.errors import InputError, Problem
from steppe.layers.importing.archives import name_of, open_zip, read_member
from steppe.layers.importing.opened import Opened, Request
from steppe.layers.importing.raw_table import Choice, choose
from steppe.layers.limits import LAYER_BYTES, MB, UNPACKED_BYTES, UNPACKED_RATIO
from steppe.layers.wording import tell

_OPENED = {
    ".shp", ".gpkg", ".geojson", ".json", ".csv", ".tsv", ".txt", ".xlsx", ".ods", ".kml", ".kmz", ".gpx",
    ".tab", ".mif", ".fgb", ".osm", ".pbf", ".dxf", ".epw", ".tif", ".tiff", ".xls", ".geojsonl",
}  # fmt: skip
_WITH_PARTS = {".shp", ".tab", ".mif"}
_TEXTS = {".txt"}  # most often a licence or a readme, where other files are there
_PIECE = 1 << 20
_LONGEST_SUFFIX = 8

OpenOne = Callable[[Request], Opened]


def open_zipped(request: Request, open_one: OpenOne) -> Opened:
    """Open the one file of a zip, or the member that is said.

    Parameters
    ----------
    request
        Its part is the member, and after `/` what is wanted of it where it holds several tables.
    open_one
        Opens a file that is no archive.

    Raises
    ------
    InputError
        One line; `ChoiceError` where it holds several files.
    """
    where = request.where
    with open_zip(request.path, where) as archive:
        infos = {name_of(info): info for info in archive.infolist() if not info.is_dir()}
        names = _find_files(infos)
        if not names:
            raise InputError(
                Problem(where, tell("fault.open.empty_zip"), tell("fix.open.give_known"))
            )
        member, inner = _choose(names, request)
        with tempfile.TemporaryDirectory() as folder:
            n_bytes = 0
            for name, info in infos.items():
                if not _goes_with(name, member):
                    continue
                content = read_member(archive, info, where)
                n_bytes += len(content)
                UNPACKED_BYTES.refuse_over(n_bytes, where)
                Path(folder, _plain(name, member)).write_bytes(content)
            path = Path(folder, _plain(member, member))
            shown = f"{where} › {PurePosixPath(member).name}"
            opened = open_one(Request(path, shown, inner, request.encoding))
    if len(names) > 1:
        opened.layer = member if opened.layer is None else f"{member}/{opened.layer}"
    return opened


def _find_files(infos: dict[str, ZipInfo]) -> list[str]:
    names = [
        name
        for name in infos
        if PurePosixPath(name).suffix.lower() in _OPENED
        and not name.startswith("__MACOSX/")
        and not PurePosixPath(name).name.startswith((".", "~$"))
    ]
    others = [name for name in names if PurePosixPath(name).suffix.lower() not in _TEXTS]
    return others or names


def _choose(names: list[str], request: Request) -> tuple[str, str | None]:
    part = request.part
    if len(names) == 1:
        return names[0], None if part in names else part
    for name in names:
        if part is not None and part.startswith(f"{name}/"):
            return name, part[len(name) + 1 :]
    stems = {PurePosixPath(name).stem: name for name in names}
    if part in stems and part not in names and len(stems) == len(names):
        return stems[part], None
    return choose(request.where, [Choice(name) for name in names], part), None


def _goes_with(name: str, member: str) -> bool:
    """Tell whether a file is the member or one of its parts, which bear its name."""
    if name == member:
        return True
    one, other = PurePosixPath(name), PurePosixPath(member)
    return (
        other.suffix.lower() in _WITH_PARTS
        and one.parent == other.parent
        and one.stem == other.stem
        and len(one.suffix) <= _LONGEST_SUFFIX
    )


def _plain(name: str, member: str) -> str:
    """Return a name that leads nowhere: of the member's own stem, with the suffix of the file."""
    stem = "".join(sign for sign in PurePosixPath(member).stem if sign.isalnum()) or "layer"
    return f"{stem[:60]}{PurePosixPath(name).suffix}"


def open_gzipped(request: Request, open_one: OpenOne) -> Opened:
    """Open the file in a gzip.

    Raises
    ------
    InputError
        One line.
    """
    where = request.where
    size = max(request.path.stat().st_size, 1)
    pieces, n_bytes = [], 0
    try:
        with gzip.open(request.path) as file:
            while piece := file.read(_PIECE):
                n_bytes += len(piece)
                LAYER_BYTES.refuse_over(n_bytes, where)
                if n_bytes > 8 * MB:
                    UNPACKED_RATIO.refuse_over(n_bytes / size, where)
                pieces.append(piece)
    except (gzip.BadGzipFile, EOFError, zlib.error):
        what = tell("fault.open.broken_zip")
        raise InputError(Problem(where, what, tell("fix.save_or_send_again"))) from None
    name = request.path.stem if request.path.suffix.lower() == ".gz" else request.path.name
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, _plain(name, name))
        path.write_bytes(b"".join(pieces))
        return open_one(Request(path, where, request.part, request.encoding))
