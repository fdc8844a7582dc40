"""KML and KMZ (OGC 12-007r2): placemarks of all folders, with the fields of their balloons.

What leads out of the file, network links and overlays, is told and never followed.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree as ET

import pandas as pd
import shapely

from steppe.layers.crs import CRS84
from steppe.layers.errors import InputError, Note, Problem, UnfitError, show_values
from steppe.layers.geojson import as_column
from steppe.layers.importing.archives import name_of, open_zip, read_member
from steppe.layers.importing.opened import Opened, Request
from steppe.layers.importing.raw_table import Choice, choose
from steppe.layers.importing.xml_elements import local_name, read_elements
from steppe.layers.limits import COLUMNS, GEOJSON_BYTES, ROWS
from steppe.layers.safe_files import read_bytes
from steppe.layers.wording import tell

_SHAPES = {
    "Point",
    "LineString",
    "LinearRing",
    "Polygon",
    "MultiGeometry",
    "Track",
    "MultiTrack",
    "Model",
}
_KINDS = {"Point": "point", "Model": "point", "LineString": "line", "LinearRing": "line", "Track": "line",
          "MultiTrack": "line", "Polygon": "polygon"}  # fmt: skip
_FOLDERS = {"Folder", "Document"}
_ELSEWHERE = {"NetworkLink", "GroundOverlay", "ScreenOverlay", "PhotoOverlay", "Tour"}
_WHOLE = frozenset({"Placemark", "name", *_ELSEWHERE})
_LOOKS = {"Style", "StyleMap", "LookAt", "Camera", "Region", "AbstractView"}
_FOLDER = "folder"
_TUPLE = re.compile(r"\s*,\s*")
_EVERYTHING = "/"


@dataclass
class _Book:
    """The placemarks of a file: fields, shape and folder of each."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    shapes: list[ET.Element | None] = field(default_factory=list)
    folders: list[str] = field(default_factory=list)
    elsewhere: Counter[str] = field(default_factory=Counter)


def open_kml(request: Request) -> Opened:
    """Open a KML.

    Raises
    ------
    InputError
        One line; `ChoiceError` where its folders hold several kinds of geometry.
    """
    content = read_bytes(request.path, request.where, GEOJSON_BYTES)
    return _open(content, request, "kml")


def open_kmz(request: Request) -> Opened:
    """Open the first KML in a KMZ, as Google Earth does.

    Raises
    ------
    InputError
        As `open_kml`, and for a zip that is broken or over a limit.
    """
    with open_zip(request.path, request.where) as archive:
        found = next(each for each in archive.infolist() if name_of(each).lower().endswith(".kml"))
        content = read_member(archive, found, request.where, GEOJSON_BYTES)
    return _open(content, request, "kmz")


def _open(content: bytes, request: Request, format_: str) -> Opened:
    book = _read(content, request)
    if not book.rows:
        raise InputError(
            Problem(request.where, tell("fault.open.no_rows"), tell("fix.open.give_rows"))
        )
    layer, kept = _choose(book, request)
    names = list(dict.fromkeys(name for row in kept for name in book.rows[row]))
    COLUMNS.refuse_over(len(names), request.where)
    index = pd.Index([row + 1 for row in kept])
    columns = {
        name: as_column([book.rows[row].get(name) for row in kept]).set_axis(index)
        for name in names
    }
    notes: list[Note] = []
    if book.elsewhere:
        notes.append(tell("note.open.elsewhere", what=show_values(sorted(book.elsewhere))))
    shapes = [book.shapes[row] for row in kept]
    return Opened(
        format_, pd.DataFrame(columns, index=index), shapes, _make, CRS84, layer=layer, notes=notes
    )


def _read(content: bytes, request: Request) -> _Book:
    book = _Book()
    path: list[str] = []
    for kind, element in read_elements(
        content, request.where, whole=_WHOLE, encoding=request.encoding
    ):
        name = local_name(element)
        if name in _FOLDERS:
            path.append("") if kind == "open" else path.pop()
        elif name == "name" and path and not path[-1]:
            path[-1] = " ".join((element.text or "").split())
        elif name in _ELSEWHERE:
            book.elsewhere[name] += 1
        elif name == "Placemark":
            ROWS.refuse_over(len(book.rows), request.where)
            folders = [each for each in path[1:] if each] or [each for each in path if each]
            book.folders.append(_EVERYTHING.join(folders))
            row, shape = _read_placemark(element)
            book.rows.append({**row, _free(_FOLDER, row): book.folders[-1] or None})
            book.shapes.append(shape)
    return book


def _read_placemark(element: ET.Element) -> tuple[dict[str, Any], ET.Element | None]:
    row: dict[str, Any] = {}
    shape: ET.Element | None = None
    if element.get("id"):
        row["id"] = element.get("id")
    for child in element:
        name = local_name(child)
        if name in _SHAPES:
            shape = _copy(child)
        elif name == "ExtendedData":
            _take_data(child, row)
        elif name in {"TimeStamp", "TimeSpan"}:
            row.update((local_name(part), part.text) for part in child)
        elif name not in _LOOKS and (child.text or "").strip() and not len(child):
            row[_free(name, row)] = (child.text or "").strip()
    for key, value in read_balloon(str(row.get("description", ""))):
        if row.get(key) != value:
            row[_free(key, row)] = value
    return row, shape


def _copy(element: ET.Element) -> ET.Element:
    """Return a shape that outlives its placemark, whose elements are given back."""
    return ET.fromstring(ET.tostring(element))  # noqa: S314 (of our own)


def _free(name: str, taken: dict[str, Any]) -> str:
    number, free = 2, name
    while free in taken:
        free, number = f"{name}_{number}", number + 1
    return free


def _take_data(element: ET.Element, row: dict[str, Any]) -> None:
    """Take Data with its value, SimpleData of a schema, and what another program has put there."""
    for part in element.iter():
        name = local_name(part)
        if name == "Data":
            value = next((child.text for child in part if local_name(child) == "value"), None)
            row[_free(part.get("name") or "data", row)] = (value or "").strip() or None
        elif name == "SimpleData":
            row[_free(part.get("name") or "data", row)] = (part.text or "").strip() or None


class _Balloon(HTMLParser):
    """Collects the cells of the rows of tables."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.is_cell = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        """Begin a row or a cell."""
        if tag == "tr":
            self.rows.append([])
        self.is_cell = tag in {"td", "th"} or (self.is_cell and tag not in {"tr", "table"})
        if tag in {"td", "th"} and self.rows:
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        """End a cell."""
        if tag in {"td", "th", "tr"}:
            self.is_cell = False

    def handle_data(self, data: str) -> None:
        """Take the text of a cell."""
        if self.is_cell and self.rows and self.rows[-1]:
            self.rows[-1][-1] += data


def read_balloon(html: str) -> list[tuple[str, str]]:
    """Return the fields that a description tells as rows of two cells, or as bold words before values.

    >>> read_balloon("<table><tr><td>kV</td><td>220</td></tr></table>")
    [('kV', '220')]
    """
    if "<" not in html:
        return []
    balloon = _Balloon()
    balloon.feed(html)
    rows = [[" ".join(cell.split()) for cell in row] for row in balloon.rows]
    pairs = [(row[0].rstrip(":："), row[1]) for row in rows if len(row) == 2 and row[0]]  # noqa: PLR2004
    if pairs:
        return pairs
    bold = re.findall(r"<(?:b|strong)>([^<>]{1,60})</(?:b|strong)>\s*[:：]?\s*([^<>]*)", html)
    return [
        (" ".join(name.split()).rstrip(":："), value.strip())
        for name, value in bold
        if value.strip()
    ]


def _choose(book: _Book, request: Request) -> tuple[str | None, list[int]]:
    """Return the placemarks that are meant: all where they are of one kind, else those of a folder."""
    kinds = [_kind_of(shape) for shape in book.shapes]
    rows = range(len(book.rows))
    folders = list(dict.fromkeys(book.folders))
    by_kind = sorted({kind for kind in kinds if kind})
    choices = [
        Choice(folder or _EVERYTHING, tuple(sorted({kinds[row] for row in rows if book.folders[row] == folder} - {""})),
               book.folders.count(folder))
        for folder in folders
    ]  # fmt: skip
    if len(folders) == 1:
        choices = [Choice(kind, (kind,), kinds.count(kind)) for kind in by_kind]
    if request.part is None and len(by_kind) <= 1:
        return None, list(rows)
    chosen = choose(request.where, choices, request.part)
    if len(folders) == 1:
        return chosen, [row for row in rows if kinds[row] == chosen]
    return chosen, [row for row in rows if (book.folders[row] or _EVERYTHING) == chosen]


def _kind_of(shape: ET.Element | None) -> str:
    if shape is None:
        return ""
    return next(
        (_KINDS[local_name(part)] for part in shape.iter() if local_name(part) in _KINDS), ""
    )


def _make(element: ET.Element) -> Any:
    name = local_name(element)
    match name:
        case "Point":
            return shapely.Point(_coordinates(element)[0])
        case "LineString" | "LinearRing":
            return shapely.LineString(_coordinates(element))
        case "Polygon":
            rings = [
                _coordinates(ring) for ring in element.iter() if local_name(ring) == "LinearRing"
            ]
            if not rings:
                raise UnfitError(tell("told.open.no_shape"))
            return shapely.Polygon(rings[0], rings[1:])
        case "Track":
            return shapely.LineString(_track(element))
        case "Model":
            place = {local_name(part): part.text for part in element.iter()}
            return shapely.Point(
                float(place.get("longitude") or "nan"), float(place.get("latitude") or "nan")
            )
        case _:
            parts = [_make(part) for part in element if local_name(part) in _SHAPES]
            return shapely.GeometryCollection(parts)


def _coordinates(element: ET.Element) -> list[tuple[float, float]]:
    text = next(
        (part.text or "" for part in element.iter() if local_name(part) == "coordinates"), ""
    )
    # Some programs put blanks after the commas, which part tuples.
    tuples = _TUPLE.sub(",", text).split()
    if not tuples:
        raise UnfitError(tell("told.open.no_shape"))
    return [_place(each.split(",")) for each in tuples]


def _place(numbers: list[str]) -> tuple[float, float]:
    """Return lon and lat of a tuple, which may go on with a height."""
    if len(numbers) < 2:  # noqa: PLR2004 (lon, lat)
        raise UnfitError(tell("told.open.no_shape"))
    return float(numbers[0]), float(numbers[1])


def _track(element: ET.Element) -> list[tuple[float, float]]:
    texts = [(part.text or "").split() for part in element.iter() if local_name(part) == "coord"]
    return [_place(each) for each in texts]
