"""Workbooks of Excel (ECMA-376, SpreadsheetML): the cells of one sheet as they were computed."""

from __future__ import annotations

import re
import zipfile
from bisect import bisect_left, bisect_right
from datetime import datetime, timedelta
from xml.etree import ElementTree as ET

from steppe.layers.errors import InputError, Note, Problem
from steppe.layers.importing.archives import open_zip, read_named
from steppe.layers.importing.cell_ranges import Range, column_number, split_range
from steppe.layers.importing.grids_of_cells import Cell, Grid, count_rows
from steppe.layers.importing.opened import Opened, Request
from steppe.layers.importing.plain_formats import from_grid
from steppe.layers.importing.raw_table import Choice, choose
from steppe.layers.importing.xml_elements import local_name, read_elements
from steppe.layers.limits import COLUMNS, GEOJSON_BYTES, ROWS, TEXT_LENGTH
from steppe.layers.wording import join, tell

_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")
_DATES = {14, 15, 16, 17, 22, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58}
_TIMES = {18, 19, 20, 21, 32, 33, 34, 35, 45, 46, 47, 55, 56}
# Of a format, what is neither quoted nor a colour nor a padding.
_LITERAL = re.compile(r'"[^"]*"|\[(?!h+\]|m+\]|s+\])[^\]]*\]|\\.|_.|\*.')
_HALVES = re.compile(r"AM/PM|A/P|上午/下午", re.IGNORECASE)
_EPOCH, _EPOCH_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)  # noqa: DTZ001 (a spreadsheet knows no zone)
_LEAP_DAY = 60  # 29 February 1900, which Excel has and the calendar has not
_LAST_DAY = 2_958_466
_DAY_SECONDS = 86_400


def open_workbook(request: Request) -> Opened:
    """Open a sheet of a workbook.

    Raises
    ------
    InputError
        One line; `ChoiceError` where several sheets hold rows.
    """
    where = request.where
    wanted, span = split_range(request.part)
    with open_zip(request.path, where) as archive:
        sheets, is_1904 = _list_sheets(archive, where)
        if not sheets:
            raise InputError(Problem(where, tell("fault.open.no_rows"), tell("fix.open.give_rows")))
        texts = _read_texts(archive, where)
        styles = _read_styles(archive, where)
        read = _Sheet(texts, styles, is_1904=is_1904)
        grids: dict[str, Grid] = {}
        names = [name for name, _, _ in sheets]
        for name, member, _ in sheets:
            if wanted is None or name.strip().casefold() == wanted.strip().casefold():
                grids[name] = read.read(
                    read_named(archive, member, where, GEOJSON_BYTES) or b"", where
                )
    hidden = [name for name, _, is_hidden in sheets if is_hidden]
    counts = {name: max(count_rows(grid) - 1, 0) for name, grid in grids.items()}
    choices = [
        Choice(name, n_rows=0 if name in hidden and wanted is None else counts.get(name))
        for name in names
    ]
    name = choose(where, choices, wanted)
    notes: list[Note] = []
    if hidden and name not in hidden:
        notes.append(tell("note.open.hidden", sheets=join(hidden)))
    if read.n_uncomputed:
        notes.append(tell("note.open.uncomputed", n=read.n_uncomputed))
    opened = from_grid(
        "xlsx", span.cut(grids[name]) if span else grids[name], f"{where} › {name}", name=name
    )
    opened.notes[:0] = notes
    if len(sheets) == 1 and span is None:
        opened.layer = None
    return opened


def _list_sheets(archive: zipfile.ZipFile, where: str) -> tuple[list[tuple[str, str, bool]], bool]:
    """Return the sheets with cells: name, member, whether hidden; and whether days count from 1904."""
    targets: dict[str, str] = {}
    content = read_named(archive, "xl/_rels/workbook.xml.rels", where, GEOJSON_BYTES) or b"<none/>"
    for _, element in read_elements(content, where, whole=frozenset({"Relationship"})):
        if local_name(element) == "Relationship":
            target = element.get("Target", "")
            member = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            targets[element.get("Id", "")] = member
    sheets, is_1904 = [], False
    content = read_named(archive, "xl/workbook.xml", where, GEOJSON_BYTES) or b"<none/>"
    for _, element in read_elements(content, where, whole=frozenset({"sheet", "workbookPr"})):
        if local_name(element) == "workbookPr":
            is_1904 = element.get("date1904") in {"1", "true"}
        elif local_name(element) == "sheet":
            # The space differs between the strict and the transitional form.
            link = next((value for key, value in element.attrib.items() if key.endswith("}id")), "")
            member = targets.get(link, "")
            if "worksheets" in member:
                sheets.append(
                    (element.get("name", ""), member, element.get("state", "visible") != "visible")
                )
    return sheets, is_1904


def _read_texts(archive: zipfile.ZipFile, where: str) -> list[str]:
    content = read_named(archive, "xl/sharedStrings.xml", where, GEOJSON_BYTES)
    if content is None:
        return []
    return [
        _text(element, where)
        for kind, element in read_elements(content, where, whole=frozenset({"si"}))
        if kind == "whole"
    ]


def _text(element: ET.Element, where: str) -> str:
    """Return the text of an item without how it is spoken (rPh)."""
    pieces = []
    for child in element:
        name = local_name(child)
        if name == "t":
            pieces.append(child.text or "")
        elif name == "r":
            pieces += [part.text or "" for part in child if local_name(part) == "t"]
    text = "".join(pieces)
    TEXT_LENGTH.refuse_over(len(text), where)
    return text


def _read_styles(archive: zipfile.ZipFile, where: str) -> list[str]:
    """Return of each style what a number in it is: date, time or number."""
    content = read_named(archive, "xl/styles.xml", where, GEOJSON_BYTES)
    if content is None:
        return []
    own: dict[int, str] = {}
    styles: list[str] = []
    for kind, element in read_elements(content, where, whole=frozenset({"numFmts", "cellXfs"})):
        if kind != "whole":
            continue
        for child in element:
            number = int(child.get("numFmtId", "0"))
            if local_name(child) == "numFmt":
                own[number] = child.get("formatCode", "")
            else:
                styles.append(_kind_of(number, own.get(number)))
    return styles


def _kind_of(number: int, code: str | None) -> str:
    if code is None:
        return "date" if number in _DATES else "time" if number in _TIMES else "number"
    bare = _HALVES.sub("h", _LITERAL.sub("", code.split(";")[0])).lower()
    if re.search(r"[yd年月日]", bare):
        return "date"
    if re.search(r"[hs]", bare):
        return "time"
    return "date" if "m" in bare and not re.search(r"[#0?]", bare) else "number"


class _Sheet:
    """Reads sheets with the texts and styles of their workbook."""

    def __init__(self, texts: list[str], styles: list[str], *, is_1904: bool) -> None:
        self.texts, self.styles = texts, styles
        self.epoch = _EPOCH_1904 if is_1904 else _EPOCH
        self.n_uncomputed = 0

    def read(self, content: bytes, where: str) -> Grid:
        """Return the cells of a sheet; rows and columns without any are left out of the grid."""
        grid = Grid([], [])
        merged: list[str] = []
        at_row = 0
        for kind, element in read_elements(
            content or b"<none/>", where, whole=frozenset({"row", "mergeCell"})
        ):
            if kind != "whole":
                continue
            if local_name(element) == "mergeCell":
                merged.append(element.get("ref", ""))
                continue
            number = element.get("r", "")
            at_row = int(number) if number.isdigit() else at_row + 1
            cells = self._read_row(element, where)
            if cells:
                ROWS.refuse_over(len(grid.rows), where)
                _fill_gap(grid, at_row)
                grid.rows.append(cells)
                grid.numbers.append(at_row)
        grid.merges = _find_merges(merged, grid.numbers)
        return grid

    def _read_row(self, row: ET.Element, where: str) -> list[Cell]:
        cells: list[Cell] = []
        place = -1
        for element in row:
            found = _REFERENCE.fullmatch(element.get("r", ""))
            place = column_number(found[1]) if found else place + 1
            value = self._read_cell(element, where)
            if value is None:
                continue
            COLUMNS.refuse_over(place + 1, where)
            cells.extend([None] * (place + 1 - len(cells)))
            cells[place] = value
        return cells

    def _read_cell(self, cell: ET.Element, where: str) -> Cell:
        kind = cell.get("t", "n")
        parts = {local_name(child): child for child in cell}
        if kind == "inlineStr" and "is" in parts:
            return _text(parts["is"], where)
        if "v" not in parts or parts["v"].text is None:
            self.n_uncomputed += "f" in parts
            return None
        text = parts["v"].text
        TEXT_LENGTH.refuse_over(len(text), where)
        if kind == "s":
            place = int(text) if text.isdigit() else -1
            return self.texts[place] if 0 <= place < len(self.texts) else None
        if kind == "b":
            return text.strip() == "1"
        return (
            text
            if kind in {"str", "e", "d", "inlineStr"}
            else self._read_number(text, cell.get("s", "0"))
        )

    def _read_number(self, text: str, style: str) -> Cell:
        try:
            number = float(text)
        except ValueError:
            return text
        place = int(style) if style.isdigit() else 0
        kind = self.styles[place] if place < len(self.styles) else "number"
        if kind == "date" or (kind == "time" and number >= 1):
            return self._date(number)
        if kind == "time":
            return str(timedelta(seconds=round(number * _DAY_SECONDS)))
        return (
            int(number)
            if number.is_integer() and "." not in text and abs(number) < 2**53
            else number
        )

    def _date(self, days: float) -> Cell:
        """Return a day as ISO 8601 has it, with its time where it has one."""
        if not 0 <= days < _LAST_DAY:
            return days
        if self.epoch == _EPOCH and days < _LEAP_DAY:
            days += 1
        moment = self.epoch + timedelta(seconds=round(days * _DAY_SECONDS))
        return moment.date().isoformat() if not days % 1 else moment.isoformat()


def _fill_gap(grid: Grid, at_row: int) -> None:
    """Set a row without cells where the sheet has one or more, for it parts tables."""
    if grid.numbers and at_row > grid.numbers[-1] + 1:
        grid.rows.append([])
        grid.numbers.append(grid.numbers[-1] + 1)


def _find_merges(merged: list[str], numbers: list[int]) -> list[tuple[int, int, int, int]]:
    """Return merged cells by their places in the grid."""
    found = []
    for reference in merged:
        span = Range.parse(reference)
        top = bisect_left(numbers, span.first_row) if span else len(numbers)
        if span is None or top == len(numbers) or numbers[top] != span.first_row:
            continue
        # Rows without cells are no rows of the grid, so that a merge may be shorter in it.
        bottom = bisect_right(numbers, span.last_row) - 1
        right = min(span.last_column, COLUMNS.most - 1)
        found.append((top, span.first_column, bottom, right))
    return found
