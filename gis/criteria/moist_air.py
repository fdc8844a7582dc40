"""Moist air as array formulas: saturation, humidity, enthalpy, dew point, wet bulb.

The formulas are those of the ASHRAE Handbook, Fundamentals (2017), chapter 1; equation
numbers below are of that chapter.  Temperatures are in °C, pressures in Pa, humidity ratios
in kg of water per kg of dry air.  All arguments may be arrays and broadcast against each
other.  Below 0 °C the saturated surface is ice, as in the handbook; humidity that weather
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
RATIO_OF_MASSES = 0.621945  # water to dry air, eq. 20

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

_STEPS = 40  # Newton's method needs fewer than ten; the limit stops a NaN
_CLOSE_K = 1e-10


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


def _ln_slope(temp_k: Floats, of: tuple[float, ...]) -> Floats:
    c1, _, c3, c4, c5, c6, c_ln = of
    powers = c3 + temp_k * (2.0 * c4 + temp_k * (3.0 * c5 + temp_k * 4.0 * c6))
    return -c1 / temp_k**2 + powers + c_ln / temp_k


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


def humidity_ratio(vapour_pressure_pa: Values, pressure_pa: Values) -> Floats:
    """Return kg of water per kg of dry air; eq. 20."""
    vapour = np.asarray(vapour_pressure_pa, dtype=float)
    return RATIO_OF_MASSES * vapour / (pressure_pa - vapour)


def vapour_pressure_pa(ratio: Values, pressure_pa: Values) -> Floats:
    """Return the vapour pressure of a humidity ratio, Pa; eq. 20 turned round."""
    held = np.asarray(ratio, dtype=float)
    return pressure_pa * held / (RATIO_OF_MASSES + held)


def enthalpy_kj_per_kg(temp_c: Values, ratio: Values) -> Floats:
    """Return the enthalpy of moist air, kJ per kg of dry air; eq. 30."""
    temp = np.asarray(temp_c, dtype=float)
    return 1.006 * temp + np.asarray(ratio) * (2501.0 + 1.86 * temp)


def dew_point_c(vapour_pressure: Values, *, over_ice: bool = True) -> Floats:
    """Return the temperature at which a vapour pressure saturates, °C.

    Parameters
    ----------
    vapour_pressure
        Above 0, Pa.
    over_ice
        Whether the surface is ice below the triple point (the frost point).
    """
    wanted = np.log(np.asarray(vapour_pressure, dtype=float))
    frost = over_ice & (wanted < _ln_saturation(np.array(KELVIN + TRIPLE_POINT_C), _WATER))
    # Magnus with the constants of WMO-No. 8, annex 4.B, to start from.
    magnus = wanted - np.log(611.2)
    temp_k = 243.12 * magnus / (17.62 - magnus) + KELVIN
    for _ in range(_STEPS):
        error = np.where(frost, _ln_saturation(temp_k, _ICE), _ln_saturation(temp_k, _WATER))
        slope = np.where(frost, _ln_slope(temp_k, _ICE), _ln_slope(temp_k, _WATER))
        step = (error - wanted) / slope
        temp_k = temp_k - step
        if not np.any(np.abs(step) > _CLOSE_K):
            break
    return np.where(frost, np.minimum(temp_k, KELVIN + TRIPLE_POINT_C), temp_k) - KELVIN


def _wet_bulb_on(temp: Floats, ratio: Floats, pressure: Values, *, ice: bool) -> Floats:
    """Solve eq. 33 (water) or eq. 35 (ice) for the wet bulb."""
    of, latent, cooling, heating = (
        (_ICE, 2830.0, 0.24, 2.1) if ice else (_WATER, 2501.0, 2.326, 4.186)
    )
    # Saturated humidity is convex in temperature, so that from the dry bulb, which lies
    # above the root, Newton's method comes down to it without ever stepping past.
    bulb = temp
    for _ in range(_STEPS):
        bulb_k = bulb + KELVIN
        vapour = np.exp(_ln_saturation(bulb_k, of))
        held = RATIO_OF_MASSES * vapour / (pressure - vapour)
        held_slope = held * _ln_slope(bulb_k, of) * pressure / (pressure - vapour)
        error = (
            (latent - cooling * bulb) * held
            - 1.006 * (temp - bulb)
            - ratio * (latent + 1.86 * temp - heating * bulb)
        )
        slope = (latent - cooling * bulb) * held_slope - cooling * held + 1.006 + heating * ratio
        step = error / slope
        bulb = bulb - step
        if not np.any(np.abs(step) > _CLOSE_K):
            break
    return bulb


def wet_bulb_c(temp_c: Values, ratio: Values, pressure_pa: Values) -> Floats:
    """Return the thermodynamic wet-bulb temperature, °C; eq. 33 and 35.

    Parameters
    ----------
    temp_c, ratio, pressure_pa
        Dry bulb in °C, humidity ratio in kg/kg, not above saturation, and pressure in Pa.

    Notes
    -----
    The bulb is wet down to 0 °C and iced below.  Where both surfaces have an answer, which
    happens within 1 K of freezing, that of the wet one stands.
    """
    temp, held = np.broadcast_arrays(
        np.asarray(temp_c, dtype=float), np.asarray(ratio, dtype=float)
    )
    wet = _wet_bulb_on(temp, held, pressure_pa, ice=False)
    iced = _wet_bulb_on(temp, held, pressure_pa, ice=True)
    return np.where(wet >= 0.0, wet, iced)
