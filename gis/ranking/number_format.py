"""Numbers as people read them: as many digits as their unit bears."""

from __future__ import annotations

import math

import pandas as pd

from steppe.layers.wording import Message, tell

NOTHING = "–"
_DIGITS = {"MW": 0, "h": 0, "g": 2, "L/kWh": 2, "kWh/kWh": 3, "CNY/kWh": 3}


def spell(value: float | None, *, unit: str) -> str:
    """Return a number without its unit; a dash for what is unknown.

    >>> spell(20123.4, unit="MW"), spell(1.12345, unit="kWh/kWh"), spell(None, unit="g")
    ('20,123', '1.123', '–')
    """
    if value is None or pd.isna(value):
        return NOTHING
    return f"{value:,.{_DIGITS.get(unit, 1)}f}"


def spell_ranges(lows: pd.Series, highs: pd.Series) -> list[str]:
    """Return whole numbers, or ranges of them where the two ends differ; a dash for what is unknown.

    >>> spell_ranges(pd.Series([1, 1, None], dtype="Int64"), pd.Series([1, 2, None], dtype="Int64"))
    ['1', '1–2', '–']
    """
    return [
        NOTHING if pd.isna(low) else f"{low}" if low == high else f"{low}–{high}"
        for low, high in zip(lows, highs, strict=True)
    ]


def spell_with(value: float | None, *, unit: str) -> str:
    """Return a number with its unit, which is left out where it says nothing.

    >>> spell_with(3.84, unit="ms"), spell_with(7.0, unit="1"), spell_with(1.12, unit="kWh/kWh")
    ('3.8 ms', '7.0', '1.120')
    """
    number = spell(value, unit=unit)
    return number if number == NOTHING else f"{number}{spell_unit(unit)}"


def spell_unit(unit: str) -> str:
    """Return a unit as it stands behind a number: nothing where it says nothing.

    >>> spell_unit("ms"), spell_unit("kWh/kWh")
    (' ms', '')
    """
    return "" if unit in {"1", "kWh/kWh"} else f" {unit}"


def spell_change(value: float, other: float, *, unit: str) -> tuple[str, str]:
    """Return two numbers with so many digits that they differ, as long as they do.

    >>> spell_change(1.1221, 1.1224, unit="kWh/kWh")
    ('1.1221', '1.1224')
    """
    digits = _DIGITS.get(unit, 1)
    while digits < 6 and f"{value:.{digits}f}" == f"{other:.{digits}f}" and value != other:  # noqa: PLR2004
        digits += 1
    return f"{value:,.{digits}f}", f"{other:,.{digits}f}"


def spell_share(share: float) -> str:
    """Return a share as so many of 100, without claiming what draws cannot tell.

    >>> spell_share(0.5996), spell_share(0.0004), spell_share(0.9999), spell_share(0.0)
    ('60', '<1', '>99', '0')
    """
    in_100 = 100 * share
    if 0 < in_100 < 1:
        return "<1"
    if 99 < in_100 < 100:  # noqa: PLR2004
        return ">99"
    return str(math.floor(in_100 + 0.5))


def tell_share(share: float) -> Message:
    """Return the same in words; in Chinese as a percentage.

    >>> [tell_share(share).say("en") for share in (0.5996, 0.0004, 0.9999)]
    ['60', 'under 1', 'over 99']
    """
    in_100 = spell_share(share)
    if in_100.startswith("<"):
        return tell("share.under")
    return tell("share.over") if in_100.startswith(">") else tell("share.in_100", number=in_100)


def spell_digits(value: float | None, digits: int) -> str:
    """Return a number with so many digits behind the point; a dash for what is unknown.

    >>> spell_digits(2.563127, 2), spell_digits(None, 2)
    ('2.56', '–')
    """
    return NOTHING if value is None or pd.isna(value) else f"{value:,.{digits}f}"


def spell_band(low: float | None, high: float | None, *, unit: str) -> str:
    """Return between what a number lies; an end that is not known is open.

    >>> spell_band(12.0, 40.0, unit="km"), spell_band(1620.0, None, unit="MW")
    ('12.0–40.0', '≥ 1,620')
    >>> spell_band(None, 9.6, unit="km"), spell_band(None, None, unit="km")
    ('≤ 9.6', '')
    """
    ends = [None if end is None or pd.isna(end) else spell(end, unit=unit) for end in (low, high)]
    if None not in ends:
        return "–".join(str(end) for end in ends)
    if ends[0] is not None:
        return f"≥ {ends[0]}"
    return "" if ends[1] is None else f"≤ {ends[1]}"


def spell_range(low: object, high: object) -> str:
    """Return two ends that were spelled, or the one that they are.

    >>> spell_range("3.5", "5.2"), spell_range(1, 1)
    ('3.5–5.2', '1')
    """
    return f"{low}" if low == high else f"{low}–{high}"
