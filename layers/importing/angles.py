"""Angles as people write them: degrees with minutes and seconds, hemispheres, Chinese words."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from steppe.layers.importing.numerals import parse_number, plain

Axis = Literal["lon", "lat"]

_LONGEST = 80
_MINUTES = 60.0
_FULL_TURN = 360.0
_PACKED = {"lat": 2, "lon": 3}  # digits of the degrees in DDMMSS and DDDMMSS
# Signs that NFKC would tear apart or leave alone, as the one that is meant.
_DEGREE = re.compile(
    r"[°º˚ᵒ度]|(?<=[\d ])deg(?:rees?)?\.?(?![a-z])|(?<=\d)d(?![a-z])", re.IGNORECASE
)
_SECOND = re.compile(r"[″”“ʺ〃秒\"]|[′’‘'ʹ´`]{2}|(?<=[\d ])sec\.?(?![a-z])", re.IGNORECASE)
_MINUTE = re.compile(r"[′’‘'ʹ´`分]|(?<=[\d ])min\.?(?![a-z])|(?<=\d)m(?![a-z])", re.IGNORECASE)
_SMALL_S = re.compile(r"(' ?[\d.,]+ ?)s(?![a-z])")  # a capital one is the south
_SIDES: dict[str, tuple[Axis, int]] = {
    "东经": ("lon", 1), "東經": ("lon", 1), "西经": ("lon", -1), "西經": ("lon", -1),
    "北纬": ("lat", 1), "北緯": ("lat", 1), "南纬": ("lat", -1), "南緯": ("lat", -1),
    "E": ("lon", 1), "W": ("lon", -1), "N": ("lat", 1), "S": ("lat", -1),
    "东": ("lon", 1), "西": ("lon", -1), "北": ("lat", 1), "南": ("lat", -1),
    "LON": ("lon", 1), "LAT": ("lat", 1), "经度": ("lon", 1), "纬度": ("lat", 1),
}  # fmt: skip
_SIDE = "|".join(sorted(_SIDES, key=len, reverse=True))
_SIDED = re.compile(rf"(?:(?P<before>{_SIDE})[ :=.]*)?(?P<body>.*?)[ ,]*(?P<after>{_SIDE})?", re.IGNORECASE | re.DOTALL)  # fmt: skip
_BODY = re.compile(
    r"(?P<sign>[+-]?) ?(?P<deg>\d{1,3}(?:[.,]\d+)?) ?(?:[°:\-\s]) ?"
    r"(?:(?P<min>\d{1,2}(?:[.,]\d+)?) ?['\s:\-]? ?(?:(?P<sec>\d{1,2}(?:[.,]\d*)?) ?\"?)?)?"
)
_BODY_BY_POINTS = re.compile(r"(?P<sign>[+-]?)(?P<deg>\d{1,3})\.(?P<min>\d{1,2})\.(?P<sec>\d{1,2})")
_PAIR_SIGNS = (";", "，", "、", ", ", ",", "/", "|", "\n", "\t")
_BRACKETS = str.maketrans("", "", "()[]{}（）【】")


class Angle(NamedTuple):
    """An angle in degrees, and which one it is where its text says so."""

    degrees: float
    axis: Axis | None


def parse_angle(value: object, decimal: str = ".") -> Angle | None:
    """Return the angle that a cell writes; None for what is none.

    Parameters
    ----------
    value
        A number, or a text such as `111°40'30"E`, `111 40 30`, `111-40-30`, `东经111度40分30秒`,
        `1114030E`, `-0.25`.
    decimal
        The sign before the fraction of a plain number; in minutes and seconds either is known.

    >>> parse_angle("东经111度40分30秒")
    Angle(degrees=111.675, axis='lon')
    >>> parse_angle("40-48-30")
    Angle(degrees=40.80833333333333, axis=None)
    """
    number = parse_number(value, decimal)
    if number is not None:
        return Angle(number, None)
    if not isinstance(value, str) or len(value) > _LONGEST:
        return None
    parted = _SIDED.fullmatch(_with_plain_signs(value))
    if parted is None or (parted["before"] and parted["after"]):
        return None
    axis: Axis | None = None
    side = 1
    said = parted["before"] or parted["after"]
    if said:
        axis, side = _SIDES[said.upper()]
    degrees = _parse_body(parted["body"].strip(), axis, decimal)
    return None if degrees is None else Angle(side * degrees, axis)


def _with_plain_signs(text: str) -> str:
    marked = _DEGREE.sub("°", text)
    marked = _MINUTE.sub("'", _SECOND.sub('"', marked))
    # Normal forms would tear º and ″ apart, so that these are seen to first.
    return _SMALL_S.sub(r'\1"', plain(marked))


def _parse_body(body: str, axis: Axis | None, decimal: str) -> float | None:
    # No angle has thousands of degrees: the comma before a sign of degrees is a decimal one.
    is_marked = body.endswith("°") and "." not in body
    bare = body.removesuffix("°").strip()
    number = parse_number(bare, "," if is_marked else decimal)
    if number is None:  # no number with that sign is one with the other
        number = parse_number(bare, {".": ",", ",": "."}[decimal])
    if number is not None:
        packed = _unpack(body, axis)
        return number if packed is None else packed
    found = _BODY.fullmatch(body) or _BODY_BY_POINTS.fullmatch(body)
    if found is None:
        return None
    parts = [float((found[name] or "0").replace(",", ".")) for name in ("deg", "min", "sec")]
    is_whole = found["min"] is None or parts[0].is_integer()
    if not is_whole or max(parts[1:]) > _MINUTES or parts[0] > _FULL_TURN:
        return None
    if found["sec"] is not None and not parts[1].is_integer():
        return None
    degrees = parts[0] + (parts[1] + parts[2] / _MINUTES) / _MINUTES
    return -degrees if found["sign"] == "-" else degrees


def _unpack(body: str, axis: Axis | None) -> float | None:
    """Return DDMMSS or DDDMMSS of a sided angle, as air traffic writes it; None for others."""
    whole, _, fraction = body.partition(".")
    if axis is None or not whole.isdigit() or len(whole) != _PACKED[axis] + 4:
        return None
    degrees, minutes = int(whole[:-4]), int(whole[-4:-2])
    seconds = float(f"{whole[-2:]}.{fraction or 0}")
    if max(minutes, seconds) >= _MINUTES:
        return None
    return degrees + (minutes + seconds / _MINUTES) / _MINUTES


def parse_pair(value: object, decimal: str = ".") -> tuple[Angle, Angle] | None:
    """Return the two angles that a cell writes, in its order; None for what is no pair.

    >>> [angle.degrees for angle in parse_pair("40.81, 111.65")]
    [40.81, 111.65]
    >>> [angle.axis for angle in parse_pair("北纬40度48分东经111度40分")]
    ['lat', 'lon']
    """
    if not isinstance(value, str) or len(value) > 2 * _LONGEST:
        return None
    text = value.translate(_BRACKETS).strip()
    for first, second in _splits(text):
        angles = parse_angle(first, decimal), parse_angle(second, decimal)
        if angles[0] is None or angles[1] is None:
            continue
        if angles[0].axis is not None and angles[0].axis == angles[1].axis:
            continue
        return angles[0], angles[1]
    return None


def _splits(text: str) -> list[tuple[str, str]]:
    """Return the ways to part a text in two, the plainest first."""
    found = []
    for sign in _PAIR_SIGNS:
        parts = [part for part in text.split(sign) if part.strip()]
        if len(parts) == 2:  # noqa: PLR2004
            found.append((parts[0], parts[1]))
    words = text.split()
    if len(words) % 2 == 0:
        half = len(words) // 2
        found.append((" ".join(words[:half]), " ".join(words[half:])))
    for side in re.finditer(_SIDE, text, re.IGNORECASE):
        found += [(text[:at], text[at:]) for at in side.span() if 0 < at < len(text)]
    return found
