"""The head of a table: where it stands, over how many rows it goes, and what it calls the columns."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from statistics import median

from steppe.layers.errors import InputError, Problem
from steppe.layers.importing.grids_of_cells import Cell, Grid, at, count, letter_of
from steppe.layers.importing.numerals import parse_number
from steppe.layers.wording import Message, join, tell

_HEAD_WITHIN = 60  # rows above a head
_HEAD_SHARE = 0.5  # of the cells of a usual row that a head has at least
_LONGEST_NAME = 200
_YEARS = (1900, 2100)
_UNIT = re.compile(
    r"[(\[（]?(?:°|度|deg|degrees?|m|米|km|公里|千米|mi|m2|m²|㎡|平方米|ha|公顷|亩|mu|km2|km²|平方公里|kv|千伏|v|w|kw|千瓦"
    r"|mw|兆瓦|gw|吉瓦|万千瓦|mva|kva|万|亿|万元|亿元|元|usd|eur|%|个|台|架|人|年|year|yr|g|gbps|mbps|t|tbps|db|ms|-|/)[)\]）]?",
    re.IGNORECASE,
)


def names_columns(row: Sequence[Cell], least: float) -> bool:
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


def find_head(grid: Grid, filled: list[int], where: str) -> int:
    """Return the row with the names of the columns: the first of names alone, as wide as the others.

    Raises
    ------
    InputError
        Where there is none.
    """
    counts = [count(grid.rows[row]) for row in filled[:1000]]
    usual = median([number for number in counts if number > 1] or counts)
    least = max(min(2.0, usual), _HEAD_SHARE * usual)
    for place, row in enumerate(filled[:_HEAD_WITHIN]):
        below = filled[place + 1] if place + 1 < len(filled) else None
        if names_columns(grid.rows[row], least) and not _is_title(grid, row, below, least):
            return row
    raise InputError(Problem(where, tell("fault.open.no_head"), tell("fix.open.write_head")))


def _is_title(grid: Grid, row: int, below: int | None, least: float) -> bool:
    """Tell whether names stand above wider ones that fill each of their columns: a title and a unit."""
    if below is None or any(top == row for top, *_ in grid.merges):
        return False
    is_wider = count(grid.rows[below]) > count(grid.rows[row])
    covers = all(
        at(grid, below, place) is not None
        for place, cell in enumerate(grid.rows[row])
        if cell is not None
    )
    return is_wider and covers and names_columns(grid.rows[below], least)


def count_head_rows(grid: Grid, head: int) -> int:
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
        and at(grid, head, place) in {None, at(grid, head, place - 1) if place else ""}
    ]
    # Two names under one that stands over both.
    if below and names_columns(below, 1) and (is_spread or (parted and _is_parted(grid, head))):
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
    below = [at(grid, row + 1, place) for place, cell in units.items() if cell not in {"-", "/"}]
    numbers = [parse_number(cell) or parse_number(cell, ",") for cell in below if cell is not None]
    return bool(numbers) and all(number is not None for number in numbers)


def _is_parted(grid: Grid, head: int) -> bool:
    """Tell whether the rows below two heads hold numbers, where the second head holds none."""
    third = grid.rows[head + 2] if head + 2 < len(grid.rows) else []
    blanks = [place for place in range(len(grid.rows[head + 1])) if at(grid, head, place) is None]
    return any(place < len(third) and parse_number(third[place]) is not None for place in blanks)


def name_columns(grid: Grid, head: int, n_head: int) -> tuple[dict[int, str], list[Message]]:
    """Return the names of the columns that hold anything, by their places, and what is to be told."""
    width = max(len(row) for row in grid.rows[head:])
    made: dict[int, str] = {}
    unnamed, notes = [], []
    last = ""
    for place in range(width):
        parts = [at(grid, row, place) for row in range(head, head + n_head)]
        if parts[0] is None and n_head > 1 and parts[1] is not None:
            parts[0] = last or None
        last = str(parts[0] or last)
        texts = list(dict.fromkeys(_tidy(part) for part in parts if part is not None))
        is_filled = any(at(grid, row, place) is not None for row in range(head, len(grid.rows)))
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
