"""Outdoor air as the heat balance needs it, in the psychrometrics of its authors.

N. Lei, E. Masanet, Energy 201 (2020) 117556, take saturation over water at all temperatures
and constants that differ in the fourth digit from `steppe.criteria.moist_air`.  The printed
answers hold with theirs, so the balance keeps them; nothing else uses them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Values = float | Floats

_STEPS = 40  # Newton's method needs about six; the limit stops a NaN
_CLOSE_K = 1e-8  # the step after one so small is below the last digit


def saturation_pressure_pa(temp_c: Floats) -> Floats:
    """Return the saturation vapour pressure over water, Pa (the authors' form of Buck 1981)."""
    return 611.21 * np.exp((18.678 - temp_c / 234.5) * temp_c / (257.14 + temp_c))


def enthalpy_kj_per_kg(temp_c: Values, humidity_g_per_kg: Values) -> Floats:
    """Return the enthalpy of moist air, kJ per kg of dry air."""
    temp = np.asarray(temp_c, dtype=float)
    return 1.01 * temp + (2500.0 + 1.84 * temp) * np.asarray(humidity_g_per_kg) / 1000.0


def humidity_at(vapour_pressure_pa: Values, pressure_pa: Values) -> Floats:
    """Return the humidity ratio of a limit, g per kg of dry air."""
    vapour = np.asarray(vapour_pressure_pa, dtype=float)
    return 621.98 * vapour / (pressure_pa - vapour)


def density_kg_per_m3(temp_c: Values, pressure_pa: Values) -> Floats:
    """Return the density of air, kg/m3."""
    return 1.293 * (np.asarray(pressure_pa) / 101325.0) * 273.15 / (273.15 + np.asarray(temp_c))


def _wet_bulb_c(temp_c: Floats, vapour_pressure_pa: Floats, pressure_pa: Floats) -> Floats:
    ratio = 0.62198 * vapour_pressure_pa / (pressure_pa - vapour_pressure_pa)
    wanted = 1.01 * temp_c + (2500.0 + 1.84 * temp_c) * ratio
    bulb = temp_c
    # The enthalpy of saturated air is convex, so that Newton's method from the dry bulb
    # comes down to the root without stepping past.
    for _ in range(_STEPS):
        shifted = 257.14 + bulb
        exponent = (18.678 - bulb / 234.5) * bulb / shifted
        vapour = 611.2 * np.exp(exponent)
        rest = 1.0 / (pressure_pa - vapour)
        held = 0.62198 * vapour * rest
        held_slope = held * pressure_pa * rest * (18.678 - bulb / 117.25 - exponent) / shifted
        latent = 2500.0 + 1.84 * bulb
        step = (1.01 * bulb + latent * held - wanted) / (1.01 + 1.84 * held + latent * held_slope)
        bulb = bulb - step
        if not np.any(np.abs(step) > _CLOSE_K):
            break
    return bulb


@dataclass(frozen=True)
class OutdoorAir:
    """Outdoor air hour by hour; arrays of one shape, the last axis being hours.

    Parameters
    ----------
    temp_c, wet_bulb_c
        Dry and wet bulb, °C.
    pressure_pa
        Station pressure, Pa.
    humidity_g_per_kg, enthalpy_kj_per_kg
        Per kg of dry air.
    density_kg_per_m3
        Of the air that a tower's fan moves.
    """

    temp_c: Floats
    wet_bulb_c: Floats
    pressure_pa: Floats
    humidity_g_per_kg: Floats
    enthalpy_kj_per_kg: Floats
    density_kg_per_m3: Floats

    def pick(self, hours: slice | NDArray[np.bool_] | NDArray[np.intp]) -> OutdoorAir:
        """Return some of the hours."""
        n_hours = self.temp_c.shape[-1]
        return OutdoorAir(
            *(
                values[..., hours] if values.shape[-1] == n_hours else values
                for values in vars(self).values()
            )
        )

    def level(self) -> OutdoorAir:
        """Return the same air with one pressure for all hours, where it is the same in all."""
        if not np.ndim(self.pressure_pa):
            return self
        first = self.pressure_pa[..., :1]
        return replace(self, pressure_pa=first) if (self.pressure_pa == first).all() else self


def observe(temp_c: Values, vapour_pressure_pa: Values, pressure_pa: Values) -> OutdoorAir:
    """Return outdoor air from dry bulb, vapour pressure and station pressure.

    Parameters
    ----------
    temp_c
        °C, shape (..., hours).
    vapour_pressure_pa
        Pa, above 0 and not above saturation; broadcasts against `temp_c`.
    pressure_pa
        Pa, at the station; broadcasts against `temp_c`.
    """
    temp, vapour, pressure = np.broadcast_arrays(
        np.asarray(temp_c, dtype=float),
        np.asarray(vapour_pressure_pa, dtype=float),
        np.asarray(pressure_pa, dtype=float),
    )
    humidity = 622.0 * vapour / (pressure - vapour)
    return OutdoorAir(
        temp,
        _wet_bulb_c(temp, vapour, pressure),
        pressure,
        humidity,
        enthalpy_kj_per_kg(temp, humidity),
        density_kg_per_m3(temp, pressure),
    )
