"""Reading CSV that somebody sent: every row as wide as the head, every column with a name."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pandas as pd

from steppe.layers.duplicate_names import find_duplicates
from steppe.layers.encodings import decode, is_utf_16
from steppe.layers.errors import InputError, Problem, at_line
from steppe.layers.library_words import tell_error
from steppe.layers.limits import COLUMNS, LAYER_BYTES, ROWS, TEXT_LENGTH
from steppe.layers.safe_files import PUT_BESIDE_PLAN, read_bytes
from steppe.layers.wording import Message, join, tell

_SEPARATORS = {
    ";": tell("fault.csv.semicolons"),
    "\t": tell("fault.csv.tabs"),
    "|": tell("fault.csv.bars"),
}


def read_csv_rows(
    path: Path, where: str, *, encoding: str | None = None, missing: Message = PUT_BESIDE_PLAN
) -> pd.DataFrame:
    """Read the rows of a CSV, all of them as text; an empty cell is "".

    Parameters
    ----------
    path
        The file, separated by commas.
    where
        File and layer, for the messages.
    encoding
        What the plan says of it; UTF-8 if it says nothing.
    missing
        What to do where there is no such file.

    Raises
    ------
    InputError
        One line: what stands in the way of reading it, with the line of the file.
    """
    content = read_bytes(path, where, LAYER_BYTES, missing=missing)
    if not is_utf_16(content, encoding):
        _refuse_nul(content, where)  # a file with holes is not made into a text first
    text = decode(content, where, encoding)
    del content
    # As bytes, for a text in memory that is read by lines takes four times as much.
    content = text.encode()
    del text
    _refuse_nul(content, where)
    _look_over(content, where)
    return pd.read_csv(io.BytesIO(content), dtype="str", keep_default_na=False, index_col=False)


def _refuse_nul(content: bytes, where: str) -> None:
    place = content.find(b"\0")
    if place >= 0:
        line = content.count(b"\n", 0, place) + 1
        fix = tell("fix.save_as_csv")
        raise InputError(Problem(at_line(where, line), tell("fault.csv.nul"), fix))


def _look_over(content: bytes, where: str) -> None:
    """Refuse what would be read otherwise than it was meant, or not at all."""
    text = io.TextIOWrapper(io.BytesIO(content), encoding="utf-8", newline="")
    lines = csv.reader(text, strict=True)
    try:
        head = next((row for row in lines if row), None)
        if head is None:
            fix = tell("fix.write_head")
            raise InputError(Problem(where, tell("fault.csv.empty"), fix))
        _check_head(head, where)
        ragged: list[str] = []
        # A blank line is no row, but takes as long to be passed over.
        for n_rows, row in enumerate(lines, start=1):
            if n_rows > ROWS.most:
                ROWS.refuse_over(content.count(b"\n") - 1, where)
            if row and len(row) != len(head):
                ragged.append(str(lines.line_num))
            longest = max(map(len, row), default=0)
            if longest > TEXT_LENGTH.most:
                TEXT_LENGTH.refuse_over(longest, at_line(where, lines.line_num))
    except csv.Error as error:
        what, fix = tell("fault.csv.broken", told=tell_error(error)), tell("fix.mend_quotes")
        raise InputError(Problem(at_line(where, lines.line_num), what, fix)) from None
    if ragged:
        what, fix = tell("fault.csv.ragged", n_columns=len(head)), tell("fix.quote_commas")
        raise InputError(Problem(where, what, fix, tuple(ragged)))


def _check_head(head: list[str], where: str) -> None:
    COLUMNS.refuse_over(len(head), where)
    for name in head:
        TEXT_LENGTH.refuse_over(len(name), where)
    for sign, what in _SEPARATORS.items():
        if len(head) == 1 and sign in head[0]:
            raise InputError(Problem(where, what, tell("fix.save_with_commas")))
    blank = [str(number) for number, name in enumerate(head, start=1) if not name.strip()]
    if blank:
        what = tell("fault.csv.unnamed", columns=join(blank))
        raise InputError(Problem(where, what, tell("fix.name_or_delete_column")))
    twice = find_duplicates(head)
    if twice:
        what = tell("fault.csv.twice", columns=join(twice))
        raise InputError(Problem(where, what, tell("fix.keep_one_of_each")))
