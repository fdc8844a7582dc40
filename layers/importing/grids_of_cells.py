"""Grids of cells, as a sheet or a text file holds them, and the one table that lies in them.

People write titles above a table, units below its head, notes and totals under it, and a second
table further down.  Nothing of that is a row of the table; what is left out is told.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

import pandas as pd

from steppe.layers.errors import InputError, Problem, cut, show_values
from steppe.layers.geojson import as_column
from steppe.layers.importing.numerals import parse_number, plain
from steppe.layers.importing.raw_table import Choice, ChoiceError
from steppe.layers.wording import Message, join, tell

Cell = str | int | float | bool | None
Merge = tuple[int, int, int, int]
"""First row, first column, last row, last column, from 0, all of them within."""

_HEAD_WITHIN = 60  # rows above a head
_HEAD_SHARE = 0.5  # of the cells of a usual row that a head has at least
_LONGEST_NAME = 200
_YEARS = (1900, 2100)
_TOTAL = re.compile(
    r"(?:grand |sub)?-?totals?|sum|合计|总计|小计|共计|总和|итого|всего", re.IGNORECASE
)
_UNIT = re.compile(
    r"[(\[（]?(?:°|度|deg|degrees?|m|米|km|公里|千米|mi|m2|m²|㎡|平方米|ha|公顷|亩|mu|km2|km²|平方公里|kv|千伏|v|w|kw|千瓦"
    r"|mw|兆瓦|gw|吉瓦|万千瓦|mva|kva|万|亿|万元|亿元|元|usd|eur|%|个|台|架|人|年|year|yr|g|gbps|mbps|t|tbps|db|ms|-|/)[)\]）]?",
    re.IGNORECASE,
)


@dataclass
class Grid:
    """The cells of a sheet or a text file.

    Parameters
    ----------
    rows
        Cells by row; rows may be of any length.
    numbers
        The number of each row in its source, from 1.
    merges
        Cells that were made one.
    is_text
        Whether every cell is a text because the format knows nothing else.
    """

    rows: list[list[Cell]]
    numbers: list[int]
    merges: list[Merge] = field(default_factory=list)
    is_text: bool = False


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
    _blank_out(grid)
    _spread_merges(grid)
    filled = [row for row in range(len(grid.rows)) if _count(grid.rows[row])]
    if not filled:
        raise InputError(Problem(where, tell("fault.csv.empty"), tell("fix.write_head")))
    head = _find_head(grid, filled, where)
    ends = _find_second(grid, filled, head)
    if ends is not None and name is not None:
        _offer(grid, head, ends, name, where)
    n_head = _head_rows(grid, head)
    names, notes = _name_columns(grid, head, n_head)
    body = [row for row in filled if row >= head + n_head]
    kept, told = _drop_asides(grid, body, head, names)
    above = [row for row in filled if row < head]
    if above:
        shown = show_values(_texts(grid, above))
        notes.insert(0, tell("note.open.above", n=len(above), texts=shown))
    index = pd.Index([grid.numbers[row] for row in kept])
    columns = {
        each: as_column([_at(grid, row, place) for row in kept]).set_axis(index)
        for place, each in names.items()
    }
    frame = pd.DataFrame(columns, index=index)
    return Table(frame, grid.numbers[head], (*notes, *told))


def _blank_out(grid: Grid) -> None:
    for row in grid.rows:
        for place, cell in enumerate(row):
            if isinstance(cell, str) and not cell.strip():
                row[place] = None


def _spread_merges(grid: Grid) -> None:
    """Give each of the cells that were made one what stands in the first."""
    for top, left, bottom, right in grid.merges:
        value = _at(grid, top, left)
        is_title = right > left and bottom == top and _count(grid.rows[top]) == 1
        if value is None or is_title:
            continue
        for row in range(top, min(bottom, len(grid.rows) - 1) + 1):
            cells = grid.rows[row]
            cells.extend([None] * (right + 1 - len(cells)))
            cells[left : right + 1] = [value] * (right + 1 - left)


def _at(grid: Grid, row: int, place: int) -> Cell:
    cells = grid.rows[row]
    return cells[place] if place < len(cells) else None


def _count(row: Sequence[Cell]) -> int:
    return sum(cell is not None for cell in row)


def _texts(grid: Grid, rows: Sequence[int]) -> list[str]:
    return [cut(str(cell)) for row in rows for cell in grid.rows[row] if cell is not None]


def _names_columns(row: Sequence[Cell], least: float) -> bool:
    """Tell whether a row may be a head: names, of which years may be some, and few alike."""
    cells = [cell for cell in row if cell is not None]
    if len(cells) < least:
        return False
    names = [cell for cell in cells if _is_name(cell)]
    years = [cell for cell in cells if _is_year(cell)]
    return bool(names) and len(names) + len(years) == len(cells)


def _is_name(cell: Cell) -> bool:
    if not isinstance(cell, str) or len(cell) > _LONGEST_NAME:
        return False
    return parse_number(cell) is None and parse_number(cell, ",") is None


def _is_year(cell: Cell) -> bool:
    number = parse_number(cell)
    return number is not None and number.is_integer() and _YEARS[0] <= number <= _YEARS[1]


def _find_head(grid: Grid, filled: list[int], where: str) -> int:
    counts = [_count(grid.rows[row]) for row in filled[:1000]]
    usual = median([count for count in counts if count > 1] or counts)
    least = max(min(2.0, usual), _HEAD_SHARE * usual)
    for row in filled[:_HEAD_WITHIN]:
        if _names_columns(grid.rows[row], least):
            return row
    raise InputError(Problem(where, tell("fault.open.no_head"), tell("fix.open.write_head")))


def _head_rows(grid: Grid, head: int) -> int:
    """Return over how many rows the head goes: names, perhaps parted names, perhaps units."""
    n_rows = 1
    below = grid.rows[head + 1] if head + 1 < len(grid.rows) else []
    is_spread = any(
        top == head and right > left and bottom == top for top, left, bottom, right in grid.merges
    )
    parted = [
        place
        for place, cell in enumerate(below)
        if cell is not None
        and _at(grid, head, place) in {None, _at(grid, head, place - 1) if place else ""}
    ]
    # Two names under one that stands over both.
    if below and _names_columns(below, 1) and (is_spread or (parted and _is_parted(grid, head))):
        n_rows += 1
        below = grid.rows[head + 2] if head + 2 < len(grid.rows) else []
    return n_rows + _holds_units(grid, head + n_rows)


def _holds_units(grid: Grid, row: int) -> bool:
    """Tell whether a row holds nothing but units, of numbers in the row below."""
    if row + 1 >= len(grid.rows):
        return False
    units = {place: cell for place, cell in enumerate(grid.rows[row]) if cell is not None}
    if not all(isinstance(cell, str) and _UNIT.fullmatch(cell.strip()) for cell in units.values()):
        return False
    below = [_at(grid, row + 1, place) for place, cell in units.items() if cell not in {"-", "/"}]
    numbers = [parse_number(cell) or parse_number(cell, ",") for cell in below if cell is not None]
    return bool(numbers) and all(number is not None for number in numbers)


def _is_parted(grid: Grid, head: int) -> bool:
    """Tell whether the rows below two heads hold numbers, where the second head holds none."""
    third = grid.rows[head + 2] if head + 2 < len(grid.rows) else []
    blanks = [place for place in range(len(grid.rows[head + 1])) if _at(grid, head, place) is None]
    return any(place < len(third) and parse_number(third[place]) is not None for place in blanks)


def _name_columns(grid: Grid, head: int, n_head: int) -> tuple[dict[int, str], list[Message]]:
    width = max(len(row) for row in grid.rows[head:])
    made: dict[int, str] = {}
    unnamed, notes = [], []
    last = ""
    for place in range(width):
        parts = [_at(grid, row, place) for row in range(head, head + n_head)]
        if parts[0] is None and n_head > 1 and parts[1] is not None:
            parts[0] = last or None
        last = str(parts[0] or last)
        texts = list(dict.fromkeys(_tidy(part) for part in parts if part is not None))
        is_filled = any(_at(grid, row, place) is not None for row in range(head, len(grid.rows)))
        if not is_filled:
            continue
        if not texts:
            unnamed.append(letter_of(place))
        units = [text for text in texts[1:] if _UNIT.fullmatch(text)]
        named = " ".join(text for text in texts if text not in units)
        made[place] = (f"{named} ({units[0].strip('()[]（）')})" if units else named) or letter_of(
            place
        )
    twice = [name for name, n in Counter(made.values()).items() if n > 1]
    taken: set[str] = set()
    for place, name in made.items():
        made[place] = _free(name, taken)
        taken.add(made[place])
    if unnamed:
        notes.append(tell("note.open.unnamed", columns=join(unnamed)))
    if twice:
        notes.append(tell("note.open.twice", columns=join(twice), n=2))
    return made, notes


def _tidy(cell: Cell) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return " ".join(str(cell).replace("\u200b", "").replace("\ufeff", "").split())


def _free(name: str, taken: set[str]) -> str:
    number, free = 2, name
    while free in taken:
        free, number = f"{name}_{number}", number + 1
    return free


def letter_of(place: int) -> str:
    """Return the letters of a column, as a spreadsheet has them.

    >>> letter_of(0), letter_of(27)
    ('A', 'AB')
    """
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


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
        if row == above + 1 or not _names_columns(grid.rows[row], 2):
            continue
        has_rows = row + 1 < len(grid.rows) and _count(grid.rows[row + 1]) > 1
        broken = any(_at(grid, row, place) is not None for place in numbered)
        if has_rows and broken and grid.rows[row] != grid.rows[head]:
            return row
    return None


def _offer(grid: Grid, head: int, second: int, name: str, where: str) -> None:
    """Ask which of two tables is meant, each by its range as a spreadsheet writes it."""
    parts = ((head, second - 1), (second, len(grid.rows) - 1))
    choices = []
    for first, last in parts:
        rows = [row for row in range(first, last + 1) if _count(grid.rows[row])]
        width = max(len(grid.rows[row]) for row in rows)
        span = f"A{grid.numbers[first]}:{letter_of(width - 1)}{grid.numbers[rows[-1]]}"
        choices.append(Choice(f"{name}!{span}", n_rows=len(rows) - 1))
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
    if len(names) > 2 and len(kept) > 1:  # noqa: PLR2004 (a note under two columns may be a row)
        while kept and _is_note(grid.rows[kept[-1]]):
            below.insert(0, kept.pop())
    if below:
        notes.append(tell("note.open.below", n=len(below), texts=show_values(_texts(grid, below))))
    totals = [row for row in kept if _is_total(grid.rows[row])]
    if totals:
        numbers = join([str(grid.numbers[row]) for row in totals])
        notes.append(tell("note.open.totals", rows=numbers))
        kept = [row for row in kept if row not in set(totals)]
    return kept, notes


def _is_note(row: Sequence[Cell]) -> bool:
    first = next((cell for cell in row if cell is not None), None)
    return _count(row) == 1 and isinstance(first, str) and parse_number(first) is None


def _is_total(row: Sequence[Cell]) -> bool:
    first = next((cell for cell in row if cell is not None), None)
    if not isinstance(first, str):
        return False
    return _TOTAL.fullmatch(plain(first).replace(" ", "").rstrip(":")) is not None
