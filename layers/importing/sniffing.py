"""What a file is, by how it begins: names lie, and half of all files have been renamed."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from steppe.layers.library_words import unreadable

_MAGIC = (
    (b"SQLite format 3\0", "gpkg"),
    (b"\0\0\x27\x0a", "shapefile"),
    (b"fgb\x03", "flatgeobuf"),
    (b"\x1f\x8b", "gzip"),
    (b"II*\0", "geotiff"), (b"MM\0*", "geotiff"), (b"II+\0", "geotiff"), (b"MM\0+", "geotiff"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "xls"),
    (b"%PDF", "pdf"),
    (b"\x89PNG", "image"), (b"\xff\xd8\xff", "image"), (b"GIF8", "image"),
    (b"AC10", "dwg"),
    (b"Rar!", "archive"), (b"7z\xbc\xaf", "archive"),
    (b"AutoCAD Binary DXF", "dxf_binary"),
    (b"\x89HDF", "netcdf"), (b"CDF\x01", "netcdf"), (b"CDF\x02", "netcdf"), (b"GRIB", "netcdf"),
)  # fmt: skip
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_ROOTS = (
    ("kml", "kml"), ("gpx", "gpx"), ("osm", "osm"), ("graphml", "network"), ("html", "html"),
    ("table", "html"), ("gml", "gml"), ("FeatureCollection", "gml"), ("workbook", "xml_sheet"),
)  # fmt: skip
_ROOT = re.compile(r"<(?:[\w.-]+:)?(?P<name>[A-Za-z][\w.-]*)")
_BY_SUFFIX = {
    ".json": "json",
    ".geojson": "json",
    ".dbf": "part",
    ".shx": "part",
    ".prj": "part",
    ".cpg": "part",
    ".dat": "part",
}
_FORMS = (
    (re.compile(r"[{\x1e]|\[\s*[{\]]"), "json"),
    (re.compile(r"LOCATION,"), "epw"),
    (re.compile(r"!table\s", re.IGNORECASE), "mapinfo"),
    (
        re.compile(r"version\s+\d+\s+(?:charset|delimiter|coordsys|columns)", re.IGNORECASE),
        "mapinfo",
    ),
    (re.compile(r"(?:999\r?\n[^\n]*\n\s*)*0\s*\r?\n\s*SECTION"), "dxf"),
    (re.compile(r"(?:Creator[^\n]*\n\s*)?graph\s*\["), "network"),
)
_HEAD = 4096


def find_format(path: Path, where: str) -> str:
    """Return what a file is: a key of `FORMATS`, or of what is known and not opened.

    Raises
    ------
    InputError
        Where the system does not let us read it.
    """
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
        if head.startswith(_ZIP):
            return _look_into(path)
    except OSError as error:
        raise unreadable(where, error) from None
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if b"OSMHeader" in head[:64]:
        return "osm"
    return _by_text(path, head)


def _look_into(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = [name.lower() for name in archive.namelist()]
    except (zipfile.BadZipFile, UnicodeDecodeError, NotImplementedError, ValueError):
        return "zip"
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "xl/workbook.bin" in names:
        return "xls"
    if "content.xml" in names and "mimetype" in names:
        return "ods"
    if "word/document.xml" in names:
        return "document"
    return "kmz" if any(name.endswith(".kml") for name in names) else "zip"


def _by_text(path: Path, head: bytes) -> str:
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if head.startswith(mark):
            head = head[2:].decode(encoding, "replace").encode()
    text = head.removeprefix(b"\xef\xbb\xbf").decode("latin-1").lstrip()
    if text.startswith("<"):
        root = _ROOT.search(re.sub(r"<[?!][^>]*>", "", text))
        name = root["name"].lower() if root else ""
        return next((kind for word, kind in _ROOTS if word.lower() == name), "xml")
    for form, kind in _FORMS:
        if form.match(text):
            return kind
    return _BY_SUFFIX.get(path.suffix.lower(), "csv")
