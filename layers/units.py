"""Units: what they measure, and exact factors between those of one kind."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

_SUPERSCRIPTS = str.maketrans({"²": "2", "³": "3", "㎡": "m2", "㎞": "km", "µ": "u", "μ": "u"})
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)


@dataclass(frozen=True)
class Unit:
    """One unit: what it measures, and how it becomes the base of its kind.

    Parameters
    ----------
    kind
        What it measures; units of one kind are converted into each other.
    factor
        How many of the base of the kind one of it is.
    offset
        What is added after that, for scales whose zero lies elsewhere.
    """

    kind: str
    factor: Fraction
    offset: Fraction = Fraction(0)


# The mu of today is a fifteenth of a hectare; a foot is 0.3048 m and a
# mile 5280 of them, a nautical mile 1852 m; g is 9.80665 m/s2 (SI brochure).
_FACTORS: dict[str, dict[str, str]] = {
    "length": {"m": "1", "km": "1000", "cm": "0.01", "mm": "0.001", "ft": "0.3048", "里": "500"}
    | {"mi": "1609.344", "nmi": "1852"},
    "area": {"m2": "1", "ha": "10000", "km2": "1000000", "mu": "2000/3", "亩": "2000/3"}
    | {"万亩": "20000000/3"},
    "volume": {"m3": "1", "l": "0.001"},
    "power": {"W": "1", "kW": "1000", "MW": "1000000", "GW": "1000000000", "万千瓦": "10000000"}
    | {"亿千瓦": "1e11"},
    "apparent power": {"kVA": "1000", "MVA": "1000000"},
    "energy": {"Wh": "1", "kWh": "1000", "MWh": "1000000", "GWh": "1000000000", "TWh": "1e12"},
    "voltage": {"V": "1", "kV": "1000"},
    "rate": {"bit/s": "1", "kbit/s": "1e3", "Mbit/s": "1e6", "Gbit/s": "1e9", "Tbit/s": "1e12"}
    | {"bps": "1", "kbps": "1e3", "Mbps": "1e6", "Gbps": "1e9", "Tbps": "1e12"},
    "time": {"s": "1", "ms": "0.001", "us": "0.000001", "min": "60", "h": "3600", "day": "86400"},
    "years": {"a": "1", "year": "1"},
    "acceleration": {"m/s2": "1", "g": "9.80665", "gal": "0.01"},
    "angle": {"deg": "1", "°": "1", "0.1deg": "0.1", "0.1°": "0.1"},
    "ratio": {
        "1": "1",
        "%": "0.01",
        "‰": "0.001",
        "kWh/kWh": "1",
        "千": "1e3",
        "万": "1e4",
        "亿": "1e8",
    },
    "price of energy": {"CNY/kWh": "1", "CNY/MWh": "0.001"},
    "cost of power": {"CNY/MW/a": "1", "CNY/(MW·a)": "1"},
    "water for energy": {"L/kWh": "1", "m3/MWh": "1"},
    "carbon for energy": {"kg/MWh": "1", "g/kWh": "1", "kg/kWh": "1000", "t/MWh": "1000"},
    "events": {"1/a": "1"},
    "money": {"CNY": "1", "10000 CNY": "1e4", "million CNY": "1e6", "100 million CNY": "1e8"},
    "slip": {"mm/a": "1", "cm/a": "10", "m/a": "1000"},
    "mass": {"kg": "1", "t": "1e3", "kt": "1e6", "Mt": "1e9"},
}
_UNITS: dict[str, Unit] = {
    name: Unit(kind, Fraction(factor))
    for kind, factors in _FACTORS.items()
    for name, factor in factors.items()
} | {
    "K": Unit("temperature", Fraction(1)),
    "°C": Unit("temperature", Fraction(1), Fraction("273.15")),
    "°F": Unit("temperature", Fraction(5, 9), Fraction("459.67") * 5 / 9),
}


def find_unit(name: str) -> Unit | None:
    """Return a unit by its name (`km2` and `km²` are one); None for one that is not known.

    >>> find_unit("km²").kind
    'area'
    """
    return _UNITS.get("".join(name.translate(_SUPERSCRIPTS).split())) or _UNITS.get(name.strip())


# What people write in heads and cells for a unit; of those that mean several, the one of the kind
# that is asked for.
_WRITTEN: dict[str, tuple[str, ...]] = {
    "m": ("米", "metre", "metres", "meter", "meters", "mtr"),
    "km": ("公里", "千米", "kilometre", "kilometres", "kilometer", "kilometers", "kms"),
    "mi": ("英里", "mile", "miles"),
    "ft": ("英尺", "feet", "foot"),
    "m2": ("平方米", "平米", "sqm", "sq m", "sq.m", "m^2", "square metres", "square meters"),
    "km2": ("平方公里", "平方千米", "sqkm", "sq km", "sq.km", "km^2", "square kilometres"),
    "ha": ("公顷", "hectare", "hectares", "万平方米", "万平米", "万m2"),
    "mu": ("亩",),
    "kW": ("千瓦",), "MW": ("兆瓦", "mwe", "mw it"), "GW": ("吉瓦",), "万千瓦": (),
    "W": ("瓦",), "V": ("伏", "伏特", "volt", "volts"), "kV": ("千伏",),
    "kVA": ("千伏安",), "MVA": ("兆伏安",),
    "Gbit/s": ("g", "gb", "gb/s", "gbit", "ge", "吉比特", "gbits"),
    "Mbit/s": ("m", "mb", "mb/s", "mbit", "兆", "兆比特"),
    "Tbit/s": ("t", "tb", "tb/s", "tbit"),
    "°C": ("℃", "c", "摄氏度", "degc", "deg c"),
    "°F": ("f", "degf", "℉"),
    "ms": ("毫秒",), "a": ("年",), "%": ("百分比", "percent"),
    "kWh": ("千瓦时", "度"),
    "千": ("thousand", "thousands", "k", "千人", "千架", "千台", "千个"),
    "万": ("万架", "万台", "万人", "万个", "万芯", "万标准机架"),
    "亿": ("亿人",),
    "1": ("个", "架", "台", "人", "芯", "根", "pcs", "racks", "cores", "fibres", "f"),
}  # fmt: skip
_BY_WRITING: dict[str, list[str]] = {}
for _name in (*_UNITS, *_WRITTEN):
    for _text in (_name, *_WRITTEN.get(_name, ())):
        _BY_WRITING.setdefault(_text.casefold().translate(_SUPERSCRIPTS), []).append(_name)


def name_unit(text: str, kin: str) -> str | None:
    """Return the unit that a text in a head or a cell means; None for none of the kind.

    Parameters
    ----------
    text
        What is written.
    kin
        A unit of the kind that is meant; `1` for what is counted.

    >>> name_unit("平方公里", "ha"), name_unit("MW", "MW"), name_unit("G", "Gbit/s"), name_unit("m", "km")
    ('km2', 'MW', 'Gbit/s', 'm')
    """
    wanted = find_unit(kin)
    plain = " ".join(text.casefold().translate(_SUPERSCRIPTS).split())
    for name in dict.fromkeys(_BY_WRITING.get(plain, ())):
        found = find_unit(name)
        if found is not None and wanted is not None and found.kind == wanted.kind:
            return name
    return None


def is_written_unit(text: str) -> bool:
    """Tell whether a text in a head or a cell means a unit of any kind.

    >>> is_written_unit("MVA"), is_written_unit("planned")
    (True, False)
    """
    return " ".join(text.casefold().translate(_SUPERSCRIPTS).split()) in _BY_WRITING


def units_of_kind(unit: str) -> tuple[str, ...]:
    """Return the units of one kind, each once; the unit itself first.

    >>> units_of_kind("kV")
    ('kV', 'V')
    """
    own = find_unit(unit)
    if own is None:
        return ()
    others = {found: name for name, found in reversed(_UNITS.items()) if found.kind == own.kind}
    return (unit, *(name for found, name in reversed(others.items()) if found != own))


def is_same(unit: str, other: str) -> bool:
    """Return whether two names are one unit.

    >>> is_same("km²", "km2"), is_same("m", "km"), is_same("", "")
    (True, False, True)
    """
    found = find_unit(unit)
    return unit == other or (found is not None and found == find_unit(other))


def is_convertible(unit: str, to: str) -> bool:
    """Return whether a value in one unit can be told in another."""
    found, wanted = find_unit(unit), find_unit(to)
    if found is None or wanted is None:
        return unit == to
    return found.kind == wanted.kind


def convert(value: float | Fraction, unit: str, to: str) -> float:
    """Return a value in another unit, rounded once.

    Raises
    ------
    ValueError
        When the two do not measure the same.

    >>> convert(3, "km2", "ha")
    300.0
    >>> convert(100, "kW", "MW")
    0.1
    """
    if unit == to:
        return float(value)
    found, wanted = find_unit(unit), find_unit(to)
    if found is None or wanted is None or found.kind != wanted.kind:
        msg = f"{unit!r} is nothing that can be told in {to}"
        raise ValueError(msg)
    base = Fraction(value) * found.factor + found.offset
    return float((base - wanted.offset) / wanted.factor)


def convert_text(text: str, unit: str, to: str) -> str:
    """Return a number that is written as text in another unit; what is no number stays.

    >>> convert_text("0.1", "km2", "ha")
    '10'
    """
    if unit == to or not _NUMBER.fullmatch(text):
        return text
    return f"{convert(Fraction(text), unit, to):.15g}"
