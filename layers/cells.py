"""Reading the cells of a column: texts, dates, numbers; what fits is brought to one form.

A column may come as text from a CSV, typed from a GeoPackage, or as anything from a GeoJSON.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from steppe.layers.columns import Column
from steppe.layers.dates import parse_date
from steppe.layers.limits import TEXT_LENGTH
from steppe.layers.wording import Message, tell

Mask = NDArray[np.bool_]
Objects = NDArray[np.object_]

# Decimal digits with a point: no separators, no digits of other scripts, no 0x, nan or inf.
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_BLANKS = " \t"
# What separates lines and columns within a text; every other control is a slip of a program.
_LAYOUT = frozenset("\t\n\r")
_CONTROLS = frozenset({"Cc", "Cs"})
# Signs that Unicode never gives away; others without a category are younger than this Python.
_NEVER = re.compile(
    "[\ufdd0-\ufdef"
    + "".join(
        chr(plane + last) for plane in range(0, 0x110000, 0x10000) for last in (0xFFFE, 0xFFFF)
    )
    + "]"
)
_UNSEEN = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})
# Fillers that bear the category of letters and marks, yet show nothing (Unicode, 23.2 and 18.6).
_FILLERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
EMPTY = tell("fault.cell.empty")
NEITHER = tell("fault.cell.neither")
NOT_FINITE = tell("fault.cell.infinite")
_NOT_WHOLE = tell("fault.cell.not_whole")
_TOO_LONG = tell("fault.text.too_long", most=TEXT_LENGTH.most, counted=TEXT_LENGTH.counted)
_TEXT_FAULTS = {
    "long": (_TOO_LONG, tell("fix.shorten")),
    "unseen": (tell("fault.cell.unseen"), tell("fix.leave_empty")),
    "unseen, wanted": (tell("fault.cell.unseen"), tell("fix.write_text")),
    "control": (tell("fault.text.control"), tell("fix.take_out")),
}
# Whole numbers up to here are told apart in the 64 bits that data frames give to numbers.
_MAX_WHOLE = 2.0**53
_DAY_SIGNS = len("2017-05-01")


@dataclass(frozen=True)
class CellFault:
    """What is wrong with some cells of a column.

    Parameters
    ----------
    words
        What is wrong, to be read after the column's name.
    rows
        Which cells.
    shown
        Whether their values follow the words, and in which order: `after` them or `within`.
    fix
        What to do; None for what the contract says of the column.
    """

    words: Message
    rows: Mask
    shown: str = "after"
    fix: Message | None = None


class _NotText:
    """Stands for a cell that is neither empty nor a text."""


_NOT_TEXT = _NotText()


def is_unseen(text: str) -> bool:
    """Return whether a text shows nothing: blanks, controls, marks of direction alone."""
    if text.isascii() and text.isprintable():
        return not text or text.isspace()
    return all(sign in _FILLERS or unicodedata.category(sign) in _UNSEEN for sign in text)


def has_controls(text: str) -> bool:
    """Return whether a text holds what no format keeps: NUL, controls, halves of pairs."""
    if text.isprintable():
        return False
    return _NEVER.search(text) is not None or any(
        unicodedata.category(sign) in _CONTROLS and sign not in _LAYOUT for sign in text
    )


@dataclass(frozen=True)
class CellTexts:
    """The cells of a column as text, each different one once.

    A layer of a million rows has few cities and sources, so that each is looked at once.

    Parameters
    ----------
    codes
        For each cell the place of its text in `uniques`, or `EMPTY` or `OTHER`.
    uniques
        The texts.
    """

    codes: NDArray[np.int64]
    uniques: tuple[str, ...]

    EMPTY: ClassVar[int] = -1
    OTHER: ClassVar[int] = -2

    @property
    def is_empty(self) -> Mask:
        """Which cells hold nothing."""
        return np.asarray(self.codes == self.EMPTY)

    @property
    def is_other(self) -> Mask:
        """Which cells are neither empty nor a text."""
        return np.asarray(self.codes == self.OTHER)

    def spread(self, of_uniques: Iterable[Any], otherwise: Any) -> NDArray[Any]:
        """Return for each cell what is given for its text, or what holds for all others."""
        given = list(of_uniques)
        dtype = type(otherwise) if isinstance(otherwise, bool | float) else object
        table = np.empty(len(given) + 2, dtype=dtype)
        table[: len(given)] = given
        table[len(given) :] = otherwise
        return table[self.codes]

    def where(self, is_so: Callable[[str], bool]) -> Mask:
        """Return which cells hold a text of which something is so."""
        return self.spread(map(is_so, self.uniques), otherwise=False)

    def cells(self) -> Objects:
        """Return the texts, None where there is none."""
        return self.spread(self.uniques, otherwise=None)


def read_texts(column: pd.Series) -> CellTexts:
    """Return the cells of a column as texts.

    A whole number that came as 11.0, as it does where others of its column are empty, is 11;
    a date of a typed column is written in ISO 8601.
    """
    if column.dtype == "str":
        codes, uniques = pd.factorize(column)
        return CellTexts(codes.astype(np.int64), tuple(uniques.to_numpy()))
    texts = [_as_text(cell) for cell in _to_objects(column)]
    places: dict[Any, int] = {None: CellTexts.EMPTY, _NOT_TEXT: CellTexts.OTHER}
    codes = np.array([places.setdefault(text, len(places) - 2) for text in texts], dtype=np.int64)
    return CellTexts(codes, tuple(text for text, place in places.items() if place >= 0))


def _to_objects(column: pd.Series) -> Objects:
    return np.asarray(column.astype(object).to_numpy(), dtype=object)


def _as_text(cell: Any) -> str | _NotText | None:  # noqa: PLR0911 (one for each kind of cell)
    if isinstance(cell, str):
        return cell
    if cell is None or cell is pd.NA or cell is pd.NaT:
        return None
    if isinstance(cell, np.generic):
        return _as_text(cell.item()) if not isinstance(cell, np.datetime64) else _NOT_TEXT
    if isinstance(cell, bool):
        return _NOT_TEXT
    if isinstance(cell, int):
        return str(cell) if abs(cell) < 10**40 else _NOT_TEXT
    if isinstance(cell, float):
        if math.isnan(cell):
            return None
        is_whole = cell.is_integer() and abs(cell) < _MAX_WHOLE
        return str(int(cell)) if is_whole else repr(cell)
    if isinstance(cell, date):
        return _spell_date(cell)
    return _NOT_TEXT


def _spell_date(cell: date) -> str:
    text = cell.isoformat()
    is_day = isinstance(cell, datetime) and cell.tzinfo is None and text.endswith("T00:00:00")
    return text[:_DAY_SIGNS] if is_day else text


def text_faults(texts: CellTexts, column: Column, *, wanted: bool) -> Iterator[CellFault]:
    """Find what is wrong with texts.

    Parameters
    ----------
    texts
        As `read_texts` gives them.
    column
        What they may be.
    wanted
        Whether none may be empty.
    """
    yield CellFault(NEITHER, texts.is_other)
    if wanted:
        empty = texts.is_empty | texts.where(lambda text: not text)
        yield CellFault(EMPTY, empty, shown="")
    if column.choices:
        bad = texts.where(lambda text: bool(text) and text not in column.choices)
        yield CellFault(tell("fault.cell.choice"), bad)
    elif column.kind == "date":
        yield from _date_faults(texts, column)
    else:
        found = texts.spread((_find_text_fault(text) for text in texts.uniques), "")
        for name in dict.fromkeys(found):
            if name:
                is_wanted = name == "unseen" and wanted
                words, fix = _TEXT_FAULTS["unseen, wanted" if is_wanted else name]
                yield CellFault(words, found == name, fix=fix)


def _find_text_fault(text: str) -> str:
    """Name what keeps a text from being kept and shown; empty where nothing does."""
    if len(text) > TEXT_LENGTH.most:
        return "long"
    if text.isascii() and text.isprintable() and not text.isspace():
        return ""
    if text and is_unseen(text):
        return "unseen"
    return "control" if has_controls(text) else ""


def _date_faults(texts: CellTexts, column: Column) -> Iterator[CellFault]:
    moments = [parse_date(text) for text in texts.uniques]
    bad = [at is None and bool(text) for at, text in zip(moments, texts.uniques, strict=True)]
    iso = tell("fix.write_iso_date")
    yield CellFault(tell("fault.cell.no_date"), texts.spread(bad, otherwise=False), fix=iso)
    years = (math.nan if at is None else float(at.year) for at in moments)
    yield from _bound_faults(texts.spread(years, math.nan), column)


def read_numbers(column: pd.Series) -> tuple[NDArray[np.float64], Mask, Mask]:
    """Return the cells as numbers, NaN where there is none; which are empty, and which are none.

    Infinite ones come back as they are.
    """
    if column.dtype.kind in "iuf":
        numbers = column.to_numpy(dtype=float, na_value=np.nan)
        return numbers, np.isnan(numbers), np.zeros(len(numbers), dtype=bool)
    if column.dtype == "str":
        texts = read_texts(column)
        found = texts.spread((_as_number(text) for text in texts.uniques), None)
    else:
        found = np.empty(len(column), dtype=object)
        found[:] = [_as_number(cell) for cell in _to_objects(column)]
    is_other = np.array([number is _NOT_TEXT for number in found], dtype=bool)
    numbers = np.where(is_other, math.nan, found).astype(float)
    return numbers, np.isnan(numbers) & ~is_other, is_other


def _as_number(cell: Any) -> float | _NotText | None:
    if isinstance(cell, np.generic):
        cell = cell.item()
    if isinstance(cell, str):
        stripped = cell.strip(_BLANKS)
        if not stripped:
            return None
        return float(stripped) if _NUMBER.fullmatch(stripped) else _NOT_TEXT
    if cell is None or cell is pd.NA or cell is pd.NaT:
        return None
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        return _NOT_TEXT
    try:
        number = float(cell)
    except OverflowError:
        return math.inf if cell > 0 else -math.inf
    return None if math.isnan(number) else number


def number_faults(
    numbers: NDArray[np.float64], is_other: Mask, column: Column
) -> Iterator[CellFault]:
    """Find what is wrong with numbers that `read_numbers` gives."""
    whole = column.kind == "whole"
    words = _NOT_WHOLE if whole else tell("fault.cell.no_number")
    yield CellFault(words, is_other, fix=tell("fix.write_digits"))
    if column.low == -math.inf or column.high == math.inf:
        yield CellFault(NOT_FINITE, np.isinf(numbers))
    yield from _bound_faults(numbers, column)
    if whole:
        within = np.isfinite(numbers) & (numbers >= column.low) & (numbers <= column.high)
        broken = np.zeros(len(numbers), dtype=bool)
        broken[within] = numbers[within] != np.floor(numbers[within])
        yield CellFault(_NOT_WHOLE, broken)


def _bound_faults(numbers: NDArray[np.float64], column: Column) -> Iterator[CellFault]:
    unit = "" if column.unit in ("", "1", "a") else f" {column.unit}"
    low, high = (f"{spell_number(end)}{unit}" for end in (column.low, column.high))
    if column.kind == "date" or column.unit == "a":
        low, high = f"{column.low:g}", f"{column.high:g}"
    at_least, at_most = tell("fault.cell.at_least", low=low), tell("fault.cell.at_most", high=high)
    yield CellFault(at_least, numbers < column.low, shown="within")
    yield CellFault(at_most, numbers > column.high, shown="within")


def spell_number(number: float) -> str:
    """Return a number as people read it, with blanks between the thousands.

    >>> spell_number(50000), spell_number(0.01), spell_number(1e18)
    ('50 000', '0.01', '1e+18')
    """
    if abs(number) < 1e9 and float(number).is_integer():  # noqa: PLR2004
        return f"{number:,.0f}".replace(",", " ")
    return f"{number:g}"
