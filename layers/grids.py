"""What the grids of a plan hold: their units, and between what their values can lie."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class GridQuantity:
    """The quantity of a grid.

    Parameters
    ----------
    unit
        Unit that measures are told in.
    units
        Units that the grid may be in, and what turns them into `unit`.
    least, most
        Ends of what can be on Earth, in `unit`.
    """

    unit: str
    units: dict[str, float]
    least: float
    most: float

    def ends_in(self, unit: str) -> tuple[float, float]:
        """Return what can be, in one of the units that the grid may be in."""
        return self.least / self.units[unit], self.most / self.units[unit]


QUANTITIES = {
    # The shore of the Dead Sea is the lowest dry land, the top of Everest the highest.
    "elevation": GridQuantity("m", {"m": 1.0}, -440.0, 9000.0),
    "slope": GridQuantity("°", {"°": 1.0, "0.1°": 0.1}, 0.0, 90.0),
    # The greatest acceleration on record is about 4.4 g (Iwate-Miyagi, 2008).
    "hazard": GridQuantity("g", {"g": 1.0, "m/s²": 1.0 / 9.80665}, 0.0, 5.0),
    # No dam holds water deeper than some 300 m.
    "flood": GridQuantity("m", {"m": 1.0, "cm": 0.01}, 0.0, 500.0),
    # Withdrawals over what is there: over 1 where more is taken than comes back.
    "water_stress": GridQuantity("1", {"1": 1.0, "%": 0.01}, 0.0, 50.0),
}
"""Each grid that a plan may name."""

_ALIASES = {
    "m": ("m", "metre", "metres", "meter", "meters"),
    "cm": ("cm", "centimetre", "centimetres", "centimeter", "centimeters"),
    "km": ("km", "kilometre", "kilometres", "kilometer", "kilometers"),
    "mm": ("mm", "millimetre", "millimetres", "millimeter", "millimeters"),
    "ft": ("ft", "foot", "feet", "us survey foot", "us survey feet", "ftus", "us-ft", "sft"),
    "°": ("°", "deg", "degree", "degrees"),
    "0.1°": ("0.1°", "0.1 deg"),
    "rad": ("rad", "radian", "radians"),
    "%": ("%", "percent"),
    "g": ("g",),
    "m/s²": ("m/s²", "m/s2", "m/s^2", "m s-2"),
    "1": ("1",),
}
_BY_ALIAS = {alias: unit for unit, aliases in _ALIASES.items() for alias in aliases}


def spell_unit(tag: str) -> str | None:
    """Return the unit that a file's own tag means; None where it is not known here.

    >>> spell_unit("US survey foot"), spell_unit("Metres"), spell_unit("furlong")
    ('ft', 'm', None)
    """
    return _BY_ALIAS.get(tag.strip().casefold())
