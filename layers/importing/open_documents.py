"""Spreadsheets of OpenDocument (ISO/IEC 26300): the cells of one sheet as they were computed."""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

from steppe.layers.errors import Note
from steppe.layers.importing.archives import open_zip, read_named
from steppe.layers.importing.cell_ranges import split_range
from steppe.layers.importing.grids_of_cells import Cell, Grid, count_rows
from steppe.layers.importing.opened import Opened, Request
from steppe.layers.importing.plain_formats import from_grid
from steppe.layers.importing.raw_table import Choice, choose
from steppe.layers.importing.xml_elements import local_name, read_elements
from steppe.layers.limits import COLUMNS, GEOJSON_BYTES, ROWS, TEXT_LENGTH
from steppe.layers.wording import join, tell

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_CELLS = {"table-cell", "covered-table-cell"}
_NUMBERS = {"float", "currency", "percentage"}
_ASIDE = {"annotation", "note"}


@dataclass
class _Book:
    """The sheets of a document, and which of its styles hide one."""

    grids: dict[str, Grid] = field(default_factory=dict)
    hidden: list[str] = field(default_factory=list)
    hiding: set[str] = field(default_factory=set)


def open_document(request: Request) -> Opened:
    """Open a sheet of an OpenDocument spreadsheet.

    Raises
    ------
    InputError
        One line; `ChoiceError` where several sheets hold rows.
    """
    where = request.where
    wanted, span = split_range(request.part)
    with open_zip(request.path, where) as archive:
        content = read_named(archive, "content.xml", where, GEOJSON_BYTES) or b"<none/>"
    book = _read(content, where)
    choices = [
        Choice(
            name,
            n_rows=0 if name in book.hidden and wanted is None else max(count_rows(grid) - 1, 0),
        )
        for name, grid in book.grids.items()
    ]
    name = choose(where, choices, wanted)
    grid = book.grids[name]
    opened = from_grid("ods", span.cut(grid) if span else grid, f"{where} › {name}", name=name)
    notes: list[Note] = []
    if book.hidden and name not in book.hidden:
        notes.append(tell("note.open.hidden", sheets=join(book.hidden)))
    opened.notes[:0] = notes
    if len(book.grids) == 1 and span is None:
        opened.layer = None
    return opened


def _read(content: bytes, where: str) -> _Book:
    book = _Book()
    sheet = _Sheet(Grid([], []))
    style = ""
    for kind, element in read_elements(content, where, whole=frozenset({"table-row"})):
        name = local_name(element)
        if kind == "open" and name == "style":
            style = element.get(f"{_STYLE}name", "")
        elif name == "table-properties" and element.get(f"{_TABLE}display") == "false":
            book.hiding.add(style)
        elif kind == "open" and name == "table":
            sheet = _Sheet(Grid([], []))
            title = element.get(f"{_TABLE}name", "")
            book.grids[title] = sheet.grid
            if element.get(f"{_TABLE}style-name") in book.hiding:
                book.hidden.append(title)
        elif kind == "whole":
            sheet.add(element, where)
    for grid in book.grids.values():
        _close_merges(grid)
    return book


@dataclass
class _Sheet:
    """A sheet that is being read, down to a row."""

    grid: Grid
    at_row: int = 0

    def add(self, row: ET.Element, where: str) -> None:
        """Add a row, as often as it stands; many without cells are one."""
        grid, n_times = self.grid, _repeated(row, "number-rows-repeated")
        cells, merges = _read_row(row, len(grid.rows), where)
        if cells:
            ROWS.refuse_over(len(grid.rows) + n_times, where)
            grid.merges += merges
            grid.rows += [list(cells) for _ in range(n_times)]
            grid.numbers += range(self.at_row + 1, self.at_row + 1 + n_times)
        elif grid.rows and grid.rows[-1]:
            grid.rows.append([])
            grid.numbers.append(self.at_row + 1)
        self.at_row += n_times


def _close_merges(grid: Grid) -> None:
    last = len(grid.rows) - 1
    grid.merges = [
        (top, left, min(bottom, last), right) for top, left, bottom, right in grid.merges
    ]


def _repeated(element: ET.Element, name: str) -> int:
    text = element.get(f"{_TABLE}{name}", "1")
    return max(int(text), 1) if text.isdigit() and len(text) < 10 else 1  # noqa: PLR2004 (digits of a count)


def _read_row(
    row: ET.Element, at: int, where: str
) -> tuple[list[Cell], list[tuple[int, int, int, int]]]:
    cells: list[Cell] = []
    merges = []
    place = 0
    for element in row:
        if local_name(element) not in _CELLS:
            continue
        n_times = _repeated(element, "number-columns-repeated")
        value = None if local_name(element) == "covered-table-cell" else _read_cell(element, where)
        if value is not None:
            COLUMNS.refuse_over(place + n_times, where)
            cells.extend([None] * (place - len(cells)))
            cells.extend([value] * n_times)
            right = place + _repeated(element, "number-columns-spanned") - 1
            bottom = at + _repeated(element, "number-rows-spanned") - 1
            if right > place or bottom > at:
                merges.append((at, place, bottom, min(right, COLUMNS.most - 1)))
        place += n_times
    return cells, merges


def _read_cell(cell: ET.Element, where: str) -> Cell:
    kind = cell.get(f"{_OFFICE}value-type")
    value = cell.get(f"{_OFFICE}value", "")
    if kind in _NUMBERS:
        try:
            number = float(value)
        except ValueError:
            return value or None
        return int(number) if number.is_integer() and abs(number) < 2**53 else number
    if kind == "boolean":
        return cell.get(f"{_OFFICE}boolean-value") == "true"
    if kind == "date":
        return (cell.get(f"{_OFFICE}date-value") or "").removesuffix("T00:00:00") or None
    text = "\n".join(_paragraph(child) for child in cell if child.tag == f"{_TEXT}p")
    TEXT_LENGTH.refuse_over(len(text), where)
    return text or None


def _paragraph(element: ET.Element) -> str:
    """Return the text of a paragraph: blanks and tabs are elements of their own, remarks no text."""
    pieces = [element.text or ""]
    for child in element:
        name = local_name(child)
        if name == "s":
            count = child.get(f"{_TEXT}c", "1")
            pieces.append(" " * min(int(count) if count.isdigit() else 1, 100))
        elif name == "tab":
            pieces.append("\t")
        elif name == "line-break":
            pieces.append("\n")
        elif name not in _ASIDE:
            pieces.append(_paragraph(child))
        pieces.append(child.tail or "")
    return "".join(pieces)
