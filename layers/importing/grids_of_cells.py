"""Grids of cells, as a sheet or a text file holds them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from steppe.layers.errors import cut
from steppe.layers.limits import MERGED_CELLS

Cell = str | int | float | bool | None
Merge = tuple[int, int, int, int]
"""First row, first column, last row, last column, from 0, all of them within."""


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
    titles
        Places of rows that are one text over all columns; found while the table is.
    """

    rows: list[list[Cell]]
    numbers: list[int]
    merges: list[Merge] = field(default_factory=list)
    is_text: bool = False
    titles: set[int] = field(default_factory=set)


def blank_out(grid: Grid) -> None:
    """Make blank texts None."""
    for row in grid.rows:
        for place, cell in enumerate(row):
            if isinstance(cell, str) and not cell.strip():
                row[place] = None


def spread_merges(grid: Grid, where: str) -> None:
    """Give each of the cells that were made one what stands in the first."""
    width = max(map(len, grid.rows), default=0)
    n_cells = 0
    for top, left, bottom, last in grid.merges:
        value, right = at(grid, top, left), min(last, max(width - 1, left))
        if right > left and bottom == top and count(grid.rows[top]) == 1:
            grid.titles.add(top)
            continue
        n_cells += (bottom - top + 1) * (right - left + 1)
        MERGED_CELLS.refuse_over(n_cells, where)
        if value is None:
            continue
        for row in range(top, min(bottom, len(grid.rows) - 1) + 1):
            cells = grid.rows[row]
            cells.extend([None] * (right + 1 - len(cells)))
            cells[left : right + 1] = [value] * (right + 1 - left)


def at(grid: Grid, row: int, place: int) -> Cell:
    """Return a cell; None beyond the end of its row."""
    cells = grid.rows[row]
    return cells[place] if place < len(cells) else None


def count(row: Sequence[Cell]) -> int:
    """Return how many cells of a row hold anything."""
    return sum(cell is not None for cell in row)


def count_rows(grid: Grid) -> int:
    """Return how many rows of a grid hold anything, its head among them."""
    return sum(any(cell is not None for cell in row) for row in grid.rows)


def texts_of(grid: Grid, rows: Sequence[int]) -> list[str]:
    """Return what rows hold, as short texts."""
    return [cut(str(cell)) for row in rows for cell in grid.rows[row] if cell is not None]


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
