"""Dates as text: ISO 8601 in its extended form, and their order."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from steppe.layers.errors import UnfitError
from steppe.layers.wording import tell

# Year, month, day, hour, minute and second may each be left out from the right.
_ISO_8601 = re.compile(
    r"(?P<year>[+-]?\d{4})"
    r"(-(?P<month>\d\d)"
    r"(-(?P<day>\d\d)"
    r"(T(?P<hour>\d\d)(:(?P<minute>\d\d)(:(?P<second>\d\d(\.\d+)?))?)?"
    r"(?P<zone>Z|[+-]\d\d(:\d\d)?)?"
    r")?)?)?",
    re.ASCII,
)
_DAY = re.compile(r"(?!0000)\d{4}-\d\d-\d\d", re.ASCII)  # Python knows no year 0
# The calendar repeats after 400 years, so that a leap year of any age is that of a young one.
_CYCLE, _DAYS_OF_CYCLE = 400, 146_097
_DAY_MINUTES = 1440


@dataclass(frozen=True, order=True)
class Moment:
    """The instant at which a date begins; without a zone it is taken as UTC.

    Parameters
    ----------
    minutes
        Since the beginning of the year 0 but for a constant.
    year
        The year as written.
    """

    minutes: float
    year: int


@lru_cache(maxsize=4096)  # a layer has few dates, each in many rows
def parse_date(text: str) -> Moment | None:
    """Return when a date of ISO 8601 begins; None for what is none.

    `2017`, `2017-05`, `2017-05-01`, `2017-05-01T08:30Z` are dates, `2017/5/1` and `43100` are
    none.  Years before 1 are counted with a year 0 and a sign.

    >>> parse_date("2017-05") < parse_date("2017-11-01")
    True
    >>> parse_date("2017-02-29") is None
    True
    """
    found = _ISO_8601.fullmatch(text)
    if found is None:
        return None
    year, month, day, hour, minute = (
        int(found[name] or least)
        for name, least in (("year", 0), ("month", 1), ("day", 1), ("hour", 0), ("minute", 0))
    )
    second = float(found["second"] or 0)
    if not 1 <= month <= 12 or hour > 23 or minute > 59 or second >= 61:  # noqa: PLR2004
        return None
    if not 1 <= day <= calendar.monthrange(year % _CYCLE + _CYCLE, month)[1]:
        return None
    offset = _zone_minutes(found["zone"] or "Z")
    if offset is None:
        return None
    cycles, young = divmod(year, _CYCLE)
    days = cycles * _DAYS_OF_CYCLE + date(young + _CYCLE, month, day).toordinal()
    return Moment(_DAY_MINUTES * days + 60 * hour + minute + second / 60 - offset, year)


def _zone_minutes(zone: str) -> int | None:
    if zone == "Z":
        return 0
    hours, minutes = int(zone[1:3]), int(zone[4:] or 0)
    if hours > 14 or minutes > 59:  # noqa: PLR2004 (the furthest zone is UTC+14)
        return None
    return (60 * hours + minutes) * (-1 if zone[0] == "-" else 1)


def date_order(text: str) -> tuple[Moment, str]:
    """Return a key that sorts dates by when they begin; of two at once the more exact is later."""
    moment = parse_date(text)
    assert moment is not None, text
    return moment, text


def read_day(value: object) -> date:
    """Return a day that TOML gives as date, or as text of ISO 8601.

    Raises
    ------
    ValueError
        For anything else: a number might count days, seconds or milliseconds.
    """
    if type(value) is date:
        return value
    if isinstance(value, str) and _DAY.fullmatch(value) and parse_date(value) is not None:
        return date.fromisoformat(value)
    raise UnfitError(tell("fault.date.no_day"))
