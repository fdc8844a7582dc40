"""Ranges of a sheet as spreadsheets write them: `Parks!A3:F20`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from steppe.layers.importing.grids_of_cells import Grid

_RANGE = re.compile(
    r"\$?(?P<left>[A-Z]{1,3})\$?(?P<top>\d{1,7})(?::\$?(?P<right>[A-Z]{1,3})\$?(?P<bottom>\d{1,7}))?"
)


@dataclass(frozen=True)
class Range:
    """A range of cells, both ends within; rows from 1, columns from 0."""

    first_row: int
    last_row: int
    first_column: int
    last_column: int

    @classmethod
    def parse(cls, text: str) -> Range | None:
        """Return the range that a text names; None for none.

        >>> Range.parse("A3:F20")
        Range(first_row=3, last_row=20, first_column=0, last_column=5)
        """
        found = _RANGE.fullmatch(text.strip().upper())
        if found is None:
            return None
        top, left = int(found["top"]), column_number(found["left"])
        bottom = int(found["bottom"] or top)
        right = column_number(found["right"] or found["left"])
        return cls(min(top, bottom), max(top, bottom), min(left, right), max(left, right))

    def cut(self, grid: Grid) -> Grid:
        """Return the cells of a grid that lie within; cells keep their columns."""
        kept = [
            place
            for place, number in enumerate(grid.numbers)
            if self.first_row <= number <= self.last_row
        ]
        first = kept[0] if kept else 0
        rows = [
            [
                cell if self.first_column <= place <= self.last_column else None
                for place, cell in enumerate(grid.rows[row])
            ]
            for row in kept
        ]
        merges = [
            (top - first, left, bottom - first, right)
            for top, left, bottom, right in grid.merges
            if kept and top >= first and bottom <= kept[-1]
        ]
        return Grid(rows, [grid.numbers[row] for row in kept], merges, is_text=grid.is_text)


def column_number(letters: str) -> int:
    """Return the place of a column from 0.

    >>> column_number("A"), column_number("AB")
    (0, 27)
    """
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - ord("A") + 1
    return place - 1


def split_range(part: str | None) -> tuple[str | None, Range | None]:
    """Return the sheet and the range that a text names: `Parks!A3:F20`, `'My parks'!A3:F20`, `A3:F20`.

    >>> split_range("Parks")
    ('Parks', None)
    """
    if part is None:
        return None, None
    name, sign, span = part.rpartition("!")
    # No sheet has a colon in its name.
    found = Range.parse(span) if sign or ":" in part else None
    if found is None:
        return part, None
    return name.strip("'") or None, found
