"""Tables that are text: what separates their cells is found, not asked for."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from steppe.layers.errors import InputError, Problem, at_line
from steppe.layers.importing.grids_of_cells import Cell, Grid
from steppe.layers.library_words import tell_error
from steppe.layers.limits import COLUMNS, ROWS, TEXT_LENGTH
from steppe.layers.wording import tell

SEPARATORS = (",", ";", "\t", "|", "，", "；")
_LOOKED_AT = 500  # rows from which the separator is found
_SAID = "sep="


def read_text_table(text: str, where: str) -> tuple[Grid, str | None]:
    """Return the cells of a text, and what separates them.

    Parameters
    ----------
    text
        As decoded.
    where
        The file, for the messages.

    Returns
    -------
    tuple
        The cells, all texts; the separator, None for a single column.

    Raises
    ------
    InputError
        One line: nothing in it, a NUL, quotes that do not close, over a limit.
    """
    place = text.find("\0")
    if place >= 0:
        line = text.count("\n", 0, place) + 1
        raise InputError(
            Problem(at_line(where, line), tell("fault.csv.nul"), tell("fix.save_as_csv"))
        )
    said, text, first = _take_said(text)
    separator = said or _find_separator(text)
    if separator is None and (rows := _split_at_blanks(text)):
        numbers = [number + first for number in range(1, len(rows) + 1)]
        return Grid(rows, numbers, is_text=True), " "
    grid = Grid([], [], is_text=True)
    for number, row in _rows(text, separator or ",", where):
        if len(row) > COLUMNS.most:
            COLUMNS.refuse_over(len(row), at_line(where, number))
        if len(grid.rows) > ROWS.most:
            ROWS.refuse_over(len(grid.rows), where)
        longest = max(map(len, row), default=0)
        if longest > TEXT_LENGTH.most:
            TEXT_LENGTH.refuse_over(longest, at_line(where, number))
        grid.rows.append(list(row))
        grid.numbers.append(number + first)
    return grid, separator


def _take_said(text: str) -> tuple[str | None, str, int]:
    """Return the separator that the first line names, as Excel reads it, and the rest."""
    line, _, rest = text.partition("\n")
    sign = line.strip("\r")[len(_SAID) :]
    if line.lower().startswith(_SAID) and len(sign) == 1:
        return sign, rest, 1
    return None, text, 0


def _rows(text: str, separator: str, where: str) -> Iterator[tuple[int, list[str]]]:
    """Yield rows with the number of the line at which they begin."""
    # Blanks before quotes are no part of a cell; before other texts they may be.
    is_loose = re.search(rf"(?:^|{re.escape(separator)}) +\"", text) is not None
    lines = csv.reader(
        io.StringIO(text, newline=""), delimiter=separator, strict=True, skipinitialspace=is_loose
    )
    begins = 1
    try:
        for row in lines:
            yield begins, row
            begins = lines.line_num + 1
    except csv.Error as error:
        what, fix = tell("fault.csv.broken", told=tell_error(error)), tell("fix.mend_quotes")
        raise InputError(Problem(at_line(where, begins), what, fix)) from None


def _split_at_blanks(text: str) -> list[list[Cell]]:
    """Return the cells of lines that blanks part, all in as many; none where they are not."""
    rows: list[list[Cell]] = [list(line.split()) for line in text.splitlines()]
    widths = {len(row) for row in rows if row}
    fits = len(widths) == 1 and 1 < max(widths) <= COLUMNS.most and len(rows) <= ROWS.most
    return rows if fits and '"' not in text else []


def _find_separator(text: str) -> str | None:
    """Return the sign that parts most rows into the same number of cells, more than one.

    A sign of the texts does so only here and there; of two that do it everywhere the one that
    makes more cells is meant.
    """
    best: tuple[float, int] = (0.0, 0)
    found = None
    for sign in SEPARATORS:
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=sign)
        try:
            widths = Counter(len(row) for row in islice(lines, _LOOKED_AT) if any(row))
        except csv.Error:
            continue
        widest, n_rows = max(
            ((width, n) for width, n in widths.items() if width > 1),
            key=lambda each: (each[1], each[0]),
            default=(0, 0),
        )
        share = n_rows / max(widths.total(), 1)
        if (share, widest) > best:
            best, found = (share, widest), sign
    return found


def read_records(content: object, where: str) -> Grid:
    """Return the cells of JSON that is a list of objects, one a row.

    Raises
    ------
    InputError
        For what is no such list.
    """
    if (
        not isinstance(content, list)
        or not content
        or not all(isinstance(row, dict) for row in content)
    ):
        raise InputError(Problem(where, tell("fault.open.json"), tell("fix.open.give_known")))
    ROWS.refuse_over(len(content), where)
    names = list(dict.fromkeys(name for row in content for name in row))
    COLUMNS.refuse_over(len(names), where)
    rows: list[list[Cell]] = [[str(name) for name in names]]
    rows += [[_plain(row.get(name)) for name in names] for row in content]
    return Grid(rows, list(range(len(rows))))


def _plain(value: object) -> Cell:
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return value if isinstance(value, str | int | float | bool) else None
