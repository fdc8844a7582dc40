"""Numbers, dates and years as people write them in tables: with units, thousands, Chinese signs."""

from __future__ import annotations

import re
import unicodedata

from steppe.layers.dates import parse_date
from steppe.layers.units import convert, is_convertible, name_unit

_TIMES = {"千": 1e3, "万": 1e4, "亿": 1e8, "百万": 1e6}
_ABOUT = re.compile(r"^(?:约|近|超过|超|逾|≈|~|about |ca\.? ?|c\. ?)\s*", re.IGNORECASE)
# A sign, digits with separators between thousands or a decimal comma, an exponent.
_DIGITS = (
    r"[+-]?(?:\d{1,3}(?:[, '\u2019]\d{3})+(?:\.\d+)?|\d+(?:[.,]\d+)?|\.\d+)(?:[eE][+-]?\d{1,3})?"
)
_AMOUNT = re.compile(
    rf"(?:(?P<n>\d{{1,4}})\s*[x×*]\s*)?(?P<digits>{_DIGITS})\s*(?P<times>百万|千|万|亿)?\s*(?P<unit>\D.*)?",
    re.ASCII,
)
_THOUSANDS = re.compile(r"(?<=\d)[, '\u2019](?=\d{3}(?:\D|$))", re.ASCII)
_SEVERAL = re.compile(r"[;/、|]")
_DATE_PARTS = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})(?:\s*[-/.月]\s*(\d{1,2}))?\s*[日月]?", re.ASCII
)
_DAY_FIRST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})", re.ASCII)
_YEAR = re.compile(r"(\d{4})(?:\.0+)?\s*年?", re.ASCII)
_EIGHT = re.compile(r"(\d{4})(\d\d)(\d\d)", re.ASCII)
_MIDNIGHT = re.compile(r"[T ]00:00(:00(\.0+)?)?(Z|\+00:?00)?$", re.ASCII)
_TIMED = re.compile(
    r"(?P<day>[^\sT]+)[\sT]+(?P<time>\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?)(?P<zone>Z)?", re.ASCII
)
_MOST_MONTHS = 12


def read_amount(text: str, unit: str, to: str) -> float | None:
    """Return an amount in a unit; None for what is none.

    A unit that is written behind the number goes before `unit`.  `万` and `亿` are ten thousand
    and a hundred million; `8x100G` is eight of the same.  Of several voltages the highest counts.

    Parameters
    ----------
    text
        What a cell says.
    unit
        Unit of the field, where the cell names none; empty for a number without one.
    to
        Unit that is wanted.

    >>> read_amount("1,500亩", "", "ha"), read_amount("220000;110000", "V", "kV")
    (100.0, 220.0)
    >>> read_amount("3.5", "万千瓦", "MW"), read_amount("12,5", "ha", "ha")
    (35.0, 12.5)
    >>> read_amount("soon", "ha", "ha") is None
    True
    """
    plain = _ABOUT.sub("", unicodedata.normalize("NFKC", text).replace("\u2212", "-").strip())
    parts = [part for part in _SEVERAL.split(plain) if part.strip()]
    if to == "kV" and len(parts) > 1:
        amounts = [_read_one(part.strip(), unit, to) for part in parts]
        found = [each for each in amounts if each is not None]
        return max(found) if len(found) == len(amounts) else None
    return _read_one(plain, unit, to)


def _read_one(plain: str, unit: str, to: str) -> float | None:
    found = _AMOUNT.fullmatch(plain)
    if found is None:
        return None
    number = float(_THOUSANDS.sub("", found["digits"]).replace(",", "."))
    times = _TIMES.get(found["times"] or "", 1.0) * int(found["n"] or 1)
    written = (found["unit"] or "").strip()
    given = unit
    if written:
        # 3万千瓦 is 3 万千瓦, and 3万亩 3万 of 亩.
        whole = name_unit(f"{found['times'] or ''}{written}", to)
        if whole is not None and found["times"]:
            return convert(number * int(found["n"] or 1), whole, to) if to else None
        named = name_unit(written, to)
        if named is None:
            return None
        given = named
    if not given or given == to:
        return number * times
    return convert(number * times, given, to) if is_convertible(given, to) else None


def read_written_date(text: str) -> str | None:
    """Return a date as ISO 8601; None for what is none, or may be two.

    >>> read_written_date("2023年5月1日"), read_written_date("31.12.2017"), read_written_date("2023/5")
    ('2023-05-01', '2017-12-31', '2023-05')
    >>> read_written_date("03/04/2017") is None
    True
    """
    plain = _MIDNIGHT.sub("", unicodedata.normalize("NFKC", text).strip())
    if parse_date(plain) is not None:
        return plain
    timed = _TIMED.fullmatch(plain)
    if timed is None:
        return _read_day(plain)
    day, time = _read_day(timed["day"]), timed["time"]
    time = time if time[2] == ":" else f"0{time}"
    told = f"{day}T{time}{timed['zone'] or ''}"
    return told if parse_date(told) is not None else None


def _read_day(plain: str) -> str | None:
    """Return a day, month or year as ISO 8601; None for what is none, or may be two."""
    year = _YEAR.fullmatch(plain)
    if year:
        return year[1]
    for pattern in (_DATE_PARTS, _EIGHT):
        found = pattern.fullmatch(plain)
        if found:
            told = "-".join(
                (found[1], *(f"{int(part):02d}" for part in found.groups()[1:] if part))
            )
            return told if parse_date(told) is not None else None
    found = _DAY_FIRST.fullmatch(plain)
    if found is None:
        return None
    first, second = int(found[1]), int(found[2])
    if (first > _MOST_MONTHS) == (second > _MOST_MONTHS) and first != second:
        return None
    day, month = (second, first) if second > _MOST_MONTHS else (first, second)
    told = f"{found[3]}-{month:02d}-{day:02d}"
    return told if parse_date(told) is not None else None


def read_written_year(text: str) -> int | None:
    """Return the year of what is a year or a date; None for what is neither.

    >>> read_written_year("2016年"), read_written_year("2016/5/1")
    (2016, 2016)
    """
    found = _YEAR.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if found:
        return int(found[1])
    told = read_written_date(text)
    return int(told[:4]) if told and told[:4].isdigit() else None
