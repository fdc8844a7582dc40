"""Moist air as array formulas: saturation, and the standard atmosphere.

The formulas are those of the ASHRAE Handbook, Fundamentals (2017), chapter 1; equation
numbers below are of that chapter.  Temperatures are in °C, pressures in Pa.  All arguments may
be arrays.  Below 0 °C the saturated surface is ice, as in the handbook; humidity that weather
stations report is relative to water at all temperatures (WMO-No. 8, part I, chapter 4), for
which `over_ice=False` stands.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Values = float | Floats

KELVIN = 273.15
TRIPLE_POINT_C = 0.01

# Hyland and Wexler 1983: ln of the saturation pressure in Pa, T in K, eq. 5 and eq. 6.
_ICE = (
    -5.6745359e3,
    6.3925247e0,
    -9.6778430e-3,
    6.2215701e-7,
    2.0747825e-9,
    -9.4840240e-13,
    4.1635019e0,
)
_WATER = (-5.8002206e3, 1.3914993e0, -4.8640239e-2, 4.1764768e-5, -1.4452093e-8, 0.0, 6.5459673e0)


def standard_pressure_pa(height_m: Values) -> Floats:
    """Return the pressure of the standard atmosphere at a height, Pa; eq. 3."""
    return 101325.0 * (1.0 - 2.25577e-5 * np.asarray(height_m, dtype=float)) ** 5.2559


def standard_height_m(pressure_pa: Values) -> Floats:
    """Return the height at which the standard atmosphere has a pressure, m; eq. 3 turned round."""
    return (1.0 - (np.asarray(pressure_pa, dtype=float) / 101325.0) ** (1.0 / 5.2559)) / 2.25577e-5


def _ln_saturation(temp_k: Floats, of: tuple[float, ...]) -> Floats:
    c1, c2, c3, c4, c5, c6, c_ln = of
    powers = c2 + temp_k * (c3 + temp_k * (c4 + temp_k * (c5 + temp_k * c6)))
    return c1 / temp_k + powers + c_ln * np.log(temp_k)


def saturation_pressure_pa(temp_c: Values, *, over_ice: bool = True) -> Floats:
    """Return the saturation vapour pressure, Pa; eq. 5 over ice, eq. 6 over water.

    Parameters
    ----------
    temp_c
        Temperature, °C.
    over_ice
        Whether the surface is ice below the triple point.  Otherwise eq. 6 goes on over
        supercooled water.
    """
    temp_k = np.asarray(temp_c, dtype=float) + KELVIN
    water = _ln_saturation(temp_k, _WATER)
    if not over_ice:
        return np.exp(water)
    frozen = temp_k <= KELVIN + TRIPLE_POINT_C
    return np.exp(np.where(frozen, _ln_saturation(temp_k, _ICE), water))
