"""Hours of the year in which outdoor air or water cools without a chiller, kind by kind.

Public claims of so many months of free cooling rarely say which of these they count.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from steppe.criteria.cooling.outdoor import OutdoorAir
from steppe.criteria.cooling.plant import WaterSide
from steppe.criteria.cooling.weather import Weather
from steppe.criteria.moist_air import saturation_pressure_pa

Floats = NDArray[np.float64]

YEAR_H = 8760.0


@dataclass(frozen=True)
class Envelope:
    """Limits of the air that IT equipment takes in.

    Parameters
    ----------
    envelope_id
        As shown.
    low_c, high_c
        Dry bulb, °C, up to `derate_from_m` above the sea.
    dew_low_c, dew_high_c
        Dew point, °C.
    rh_low_frac, rh_high_frac
        Relative humidity.
    derate_m_per_k
        Metres of height, above `derate_from_m`, for which `high_c` loses 1 K; infinite
        where it loses none.
    """

    envelope_id: str
    low_c: float
    high_c: float
    dew_low_c: float
    dew_high_c: float
    rh_low_frac: float
    rh_high_frac: float
    derate_m_per_k: float = float("inf")
    derate_from_m: float = 900.0

    def high_at_c(self, height_m: float) -> float:
        """Return the highest dry bulb at a height, °C."""
        return self.high_c - max(height_m - self.derate_from_m, 0.0) / self.derate_m_per_k


# ASHRAE TC 9.9, Thermal Guidelines for Data Processing Environments, 5th edition (2021): the
# recommended envelope at high levels of pollutants excluded, and allowable classes A1 to A4.
# The loss with height and the classes' lower dew points are quoted from secondary sources.
ENVELOPES = (
    Envelope("recommended", 18.0, 27.0, -9.0, 15.0, 0.0, 0.60),
    Envelope("allowable_a1", 15.0, 32.0, -12.0, 17.0, 0.08, 0.80, 300.0),
    Envelope("allowable_a2", 10.0, 35.0, -12.0, 21.0, 0.08, 0.80, 300.0),
    Envelope("allowable_a3", 5.0, 40.0, -12.0, 24.0, 0.08, 0.85, 175.0),
    Envelope("allowable_a4", 5.0, 45.0, -12.0, 24.0, 0.08, 0.90, 125.0),
)


def count_dry_bulb_hours(weather: Weather, limit_c: float) -> float:
    """Return the hours a year at or below a dry bulb: air-side free cooling.

    Parameters
    ----------
    weather
        One site; counts are brought to 8760 hours when some are missing.
    limit_c
        The supply air less what the fan and the exchanger warm it.
    """
    return float(_per_year(weather.temp_c <= limit_c))


def count_wet_bulb_hours(air: OutdoorAir, plant: WaterSide) -> tuple[Floats, Floats]:
    """Return the hours a year in which the tower takes all heat, and in which a part.

    Parameters
    ----------
    air
        One site.
    plant
        Fields are numbers, or of shape (draws, 1).

    Returns
    -------
    full, partial
        They share no hour.  Shape (), or (draws,).
    """
    sent_c = plant.supply_high_c + plant.air_rise_k - plant.air_rise_k / plant.coil_effectiveness
    full_c = np.asarray(sent_c - (plant.tower_approach_k + plant.exchanger_approach_k))
    part_c = full_c + plant.water_rise_k
    # Hours by their bulb, so that a limit tells how many lie below it.
    bulbs_c = np.sort(air.wet_bulb_c)
    n_full = np.searchsorted(bulbs_c, full_c, side="right")
    n_some = np.maximum(np.searchsorted(bulbs_c, part_c, side="left"), n_full)
    full, partial = (
        np.asarray(number / len(bulbs_c) * YEAR_H) for number in (n_full, n_some - n_full)
    )
    return full.reshape(full.shape[:-1]), partial.reshape(partial.shape[:-1])


def count_envelope_hours(
    weather: Weather, envelope: Envelope, *, height_m: float
) -> tuple[float, float]:
    """Return the hours a year in which outdoor air meets an envelope.

    Mixing with return air may warm it, at its own humidity, to any temperature within the
    envelope; nothing is cooled and nothing dried.

    Parameters
    ----------
    weather
        One site.
    envelope
        One of `ENVELOPES`, or a rule's own.
    height_m
        Of the site, for the loss with height.

    Returns
    -------
    as_it_is, humidified
        Without any treatment; and when air that is too dry may be humidified.
    """
    # The warmest supply stands the most vapour, the coolest the least.  Where both limits and
    # the dry bulb hold, one temperature meets them all, since each low limit is below each
    # high one.
    coolest_c = np.maximum(weather.temp_c, envelope.low_c)
    warmest_c = envelope.high_at_c(height_m)
    vapour = weather.vapour_pressure_pa
    wettest = np.minimum(
        envelope.rh_high_frac * saturation_pressure_pa(warmest_c, over_ice=False),
        saturation_pressure_pa(envelope.dew_high_c, over_ice=False),
    )
    driest = np.maximum(
        envelope.rh_low_frac * saturation_pressure_pa(coolest_c, over_ice=False),
        saturation_pressure_pa(envelope.dew_low_c, over_ice=False),
    )
    good = (weather.temp_c <= warmest_c) & (vapour <= wettest)
    return float(_per_year(good & (vapour >= driest))), float(_per_year(good))


def _per_year(hours: NDArray[np.bool_]) -> Floats:
    return np.asarray(np.mean(hours, axis=-1) * YEAR_H)
