"""Numbers as people write them: decimal commas, thousands set apart, full-width digits."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_LONGEST = 60
_FEW = 20  # one list such as 12,13 among so many numbers is no number
_MOST = 1e300  # what is beyond, or no number, is none
_SIGNS = str.maketrans({"−": "-", "–": "-", "‒": "-", "’": "'"})
_EXPONENT = r"(?:[eE][+-]?\d{1,3})?"


def _form(decimal: str, thousands: str) -> re.Pattern[str]:
    """Return the form of a number whose fraction and thousands begin so."""
    grouped = rf"\d{{1,3}}(?P<set>[ '{thousands}])\d{{3}}(?:(?P=set)\d{{3}})*"
    return re.compile(rf"[+-]?(?:(?:{grouped}|\d+)(?:{decimal}\d*)?|{decimal}\d+){_EXPONENT}")


_FORMS = {".": _form(r"\.", ","), ",": _form(",", r"\.")}
_BARE = re.compile(r"-?\d{1,15}(?:\.\d+)?", re.ASCII)  # by far the most, and read at once
# A number with one sign in it that three digits follow may be either.
_EITHER = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}")
_POINT = re.compile(r"[+-]?(?:\d*\.\d+|\d{1,3}(?:,\d{3})+\.\d+|\d{1,3}(?:,\d{3}){2,})" + _EXPONENT)
_COMMA = re.compile(r"[+-]?(?:\d*,\d+|\d{1,3}(?:\.\d{3})+,\d+|\d{1,3}(?:\.\d{3}){2,})" + _EXPONENT)


def plain(text: str) -> str:
    """Return a text with full-width signs, minus signs and all kinds of blanks as ASCII has them.

    >>> plain("－１２，５\u00a0 ")
    '-12,5'
    """
    return " ".join(unicodedata.normalize("NFKC", text).translate(_SIGNS).split())


def parse_number(value: object, decimal: str = ".") -> float | None:
    """Return a cell as a number; None for what is none.

    Parameters
    ----------
    value
        A text in any of the writings, or a number.
    decimal
        The sign before the fraction, `.` or `,`; the other one sets thousands apart.

    >>> parse_number("1 234,5", ","), parse_number("1,234.5"), parse_number("12 MW")
    (1234.5, 1234.5, None)
    """
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return float(value) if abs(value) < _MOST else None
    if not isinstance(value, str) or len(value) > _LONGEST:
        return None
    if _BARE.fullmatch(value) and (decimal == "." or "." not in value):
        return float(value)
    found = _FORMS[decimal].fullmatch(plain(value))
    if found is None:
        return None
    thousands = {".": ",", ",": "."}[decimal]
    bare = found[0].replace(" ", "").replace("'", "").replace(thousands, "")
    number = float(bare.replace(",", "."))
    return number if abs(number) < _MOST else None


def find_decimal(cells: Iterable[object], separator: str | None) -> tuple[str, bool]:
    """Return the sign before the fractions of a table's numbers, and whether that is sure.

    `12,5` and `1.234,5` tell a comma, `12.5` and `1,234.5` a point; `1,234` may be either and
    tells nothing.  Where nothing tells, a table separated by semicolons has commas, as the
    spreadsheets of such countries write it.

    Parameters
    ----------
    cells
        The cells of the table; what is no number counts for nothing.
    separator
        What separates its cells, if it is a text file.
    """
    points = commas = either = 0
    for cell in cells:
        if not isinstance(cell, str) or not 1 < len(cell) <= _LONGEST:
            continue
        text = plain(cell)
        if _EITHER.fullmatch(text):
            either += 1
        elif _POINT.fullmatch(text):
            points += 1
        elif _COMMA.fullmatch(text):
            commas += 1
    if points or commas:
        return ("." if points >= commas else ","), min(points, commas) * _FEW <= max(points, commas)
    return ("," if separator == ";" else "."), not either
