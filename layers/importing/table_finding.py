"""The one table that lies in a grid of cells.

People write titles above a table, units below its head, notes and totals under it, and a second
table further down.  Nothing of that is a row of the table; what is left out is told.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import pandas as pd

from steppe.layers.errors import InputError, Problem, show_values
from steppe.layers.geojson import as_column
from steppe.layers.importing.grids_of_cells import (
    Cell,
    Grid,
    at,
    blank_out,
    count,
    letter_of,
    spread_merges,
    texts_of,
)
from steppe.layers.importing.numerals import parse_number, plain
from steppe.layers.importing.raw_table import Choice, ChoiceError
from steppe.layers.importing.table_heads import (
    count_head_rows,
    find_head,
    name_columns,
    names_columns,
)
from steppe.layers.wording import Message, join, tell

_TOTAL = re.compile(
    r"(?:grand |sub)?-?totals?|sum|合计|总计|小计|共计|总和|итого|всего", re.IGNORECASE
)
_REMARK = re.compile(
    r"^\W*(?:注|备注|说明|数据来源|来源|资料来源|单位|制表|notes?\b|sources?\b|remarks?\b|\*)|[。:：]",
    re.IGNORECASE,
)
_LONG_TEXT = 60


@dataclass(frozen=True)
class Table:
    """A table that was found in a grid.

    Parameters
    ----------
    frame
        Its rows, numbered as in the source.
    header_row
        Number of the row with the names.
    notes
        What was left out or named.
    """

    frame: pd.DataFrame
    header_row: int
    notes: tuple[Message, ...]


def find_table(grid: Grid, where: str, *, name: str | None = None) -> Table:
    """Return the table of a grid.

    Parameters
    ----------
    grid
        The cells; changed on the way.
    where
        File and sheet, for the messages.
    name
        Name of the sheet: where it holds several tables they are offered as ranges of it.

    Raises
    ------
    ChoiceError
        For several tables.
    InputError
        Where no row names the columns, or nothing is there.
    """
    blank_out(grid)
    spread_merges(grid, where)
    filled = [row for row in range(len(grid.rows)) if count(grid.rows[row])]
    if not filled:
        raise InputError(Problem(where, tell("fault.csv.empty"), tell("fix.write_head")))
    head = find_head(grid, filled, where)
    _refuse_several(grid, filled, head, name, where)
    n_head = count_head_rows(grid, head)
    names, notes = name_columns(grid, head, n_head)
    body = [row for row in filled if row >= head + n_head]
    kept, told = _drop_asides(grid, body, head, names)
    above = [row for row in filled if row < head]
    if above:
        shown = show_values(texts_of(grid, above))
        notes.insert(0, tell("note.open.above", n=len(above), texts=shown))
    index = pd.Index([grid.numbers[row] for row in kept])
    columns = {
        each: as_column([at(grid, row, place) for row in kept]).set_axis(index)
        for place, each in names.items()
    }
    frame = pd.DataFrame(columns, index=index)
    return Table(frame, grid.numbers[head], (*notes, *told))


def _find_second(grid: Grid, filled: list[int], head: int) -> int | None:
    """Return the row at which a second table begins: names again, below a blank row."""
    body = [row for row in filled if row > head]
    numbered = {
        place
        for row in body[:20]
        for place, cell in enumerate(grid.rows[row])
        if parse_number(cell) is not None
    }
    for above, row in pairwise(body):
        if row == above + 1 or not names_columns(grid.rows[row], 2):
            continue
        has_rows = row + 1 < len(grid.rows) and count(grid.rows[row + 1]) > 1
        broken = any(at(grid, row, place) is not None for place in numbered)
        if has_rows and broken and grid.rows[row] != grid.rows[head]:
            return row
    return None


def _find_beside(grid: Grid, head: int) -> int | None:
    """Return the column at which a second table begins: names again, beyond a blank column."""
    width = max(len(row) for row in grid.rows[head:])
    blank = [
        place
        for place in range(1, width - 1)
        if all(at(grid, row, place) is None for row in range(head, len(grid.rows)))
    ]
    for place in blank:
        left = {at(grid, head, each) for each in range(place)} - {None}
        right = {at(grid, head, each) for each in range(place + 1, width)} - {None}
        if len(right) > 1 and left & right:
            return place
    return None


def _refuse_several(grid: Grid, filled: list[int], head: int, name: str | None, where: str) -> None:
    """Ask which of two tables is meant, each by its range as a spreadsheet writes it."""
    last, right = len(grid.rows) - 1, max(len(row) for row in grid.rows[head:]) - 1
    second, beside = _find_second(grid, filled, head), _find_beside(grid, head)
    if second is not None:
        parts = ((head, 0, second - 1, right), (second, 0, last, right))
    elif beside is not None:
        parts = ((head, 0, last, beside - 1), (head, beside + 1, last, right))
    else:
        return
    choices = []
    for first, left, end, far in parts:
        rows = [row for row in range(first, end + 1) if count(grid.rows[row][left : far + 1])]
        ends = [
            place
            for place in range(left, far + 1)
            if any(at(grid, row, place) is not None for row in rows)
        ]
        span = (
            f"{letter_of(left)}{grid.numbers[first]}:{letter_of(ends[-1])}{grid.numbers[rows[-1]]}"
        )
        choices.append(Choice(span if name is None else f"{name}!{span}", n_rows=len(rows) - 1))
    raise ChoiceError(where, choices)


def _drop_asides(
    grid: Grid, body: list[int], head: int, names: dict[int, str]
) -> tuple[list[int], list[Message]]:
    """Return the rows that are rows of the table, and what of the others is to be told."""
    notes: list[Message] = []
    names_again = [row for row in body if grid.rows[row] == grid.rows[head]]
    kept = [row for row in body if row not in set(names_again)]
    if names_again:
        notes.append(tell("note.open.heads", n=len(names_again)))
    below: list[int] = []
    while len(names) > 2 and len(kept) > 1 and _is_note(grid, kept[-2], kept[-1]):  # noqa: PLR2004 (a note under two columns may be a row)
        below.insert(0, kept.pop())
    sections = [row for row in kept if row in grid.titles]
    if sections:
        kept = [row for row in kept if row not in grid.titles]
        texts = show_values(texts_of(grid, sections))
        notes.append(tell("note.open.sections", n=len(sections), texts=texts))
    if below:
        notes.append(
            tell("note.open.below", n=len(below), texts=show_values(texts_of(grid, below)))
        )
    # A total leaves cells blank: nothing is added up to a name or a place.
    totals = [
        row for row in kept if _is_total(grid.rows[row]) and count(grid.rows[row]) < len(names)
    ]
    if totals:
        numbers = join([str(grid.numbers[row]) for row in totals])
        notes.append(tell("note.open.totals", rows=numbers))
        kept = [row for row in kept if row not in set(totals)]
    return kept, notes


def _is_note(grid: Grid, above: int, row: int) -> bool:
    """Tell whether a last row is a remark: one text, set apart, merged, or worded as one."""
    first = next((cell for cell in grid.rows[row] if cell is not None), None)
    if count(grid.rows[row]) != 1 or not isinstance(first, str) or parse_number(first) is not None:
        return False
    is_apart = row > above + 1 or row in grid.titles or len(first) > _LONG_TEXT
    return is_apart or _REMARK.search(first) is not None


def _is_total(row: Sequence[Cell]) -> bool:
    first = next((cell for cell in row if cell is not None), None)
    if not isinstance(first, str):
        return False
    return _TOTAL.fullmatch(plain(first).replace(" ", "").rstrip(":")) is not None
