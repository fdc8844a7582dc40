"""PUE and WUE of a year, as the median and the 5-95 % band of many plants."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from steppe.criteria.cooling.balance import balance
from steppe.criteria.cooling.facilities import Facility, draw
from steppe.criteria.cooling.outdoor import OutdoorAir
from steppe.criteria.cooling.plant import WaterSide
from steppe.criteria.cooling.weather import Weather

Floats = NDArray[np.float64]

_BLOCK_HOURS = 64  # of all draws at once, so that the arrays stay in the processor's cache
N_DRAWS = 256
SEED = 5


@dataclass(frozen=True)
class YearError:
    """What single true years had more than the synthetic year: 5th and 95th percentile.

    Parameters
    ----------
    pue, wue_l_per_kwh
        Low and high, rounded outward; a low above 0 is 0.
    """

    pue: tuple[float, float]
    wue_l_per_kwh: tuple[float, float]


# Worked out on 30 whole years of a daily record, GHCN-Daily CHM00054511, 1961 to 1990, with
# normals, spread and range of the same years (tests/gis/criteria/test_cooling_record.py).
# They hold what a year differs from the normal one and what the synthetic days leave out.
# That they hold in other climates is assumed.
SYNTHETIC_ERRORS = {
    "hyperscale_air": YearError((-0.007, 0.005), (-0.08, 0.06)),
    "hyperscale_water": YearError((-0.004, 0.003), (-0.01, 0.01)),
    "colocation_air": YearError((-0.009, 0.011), (-0.10, 0.15)),
    "colocation_water": YearError((-0.006, 0.004), (-0.02, 0.01)),
    "colocation_chiller": YearError((-0.004, 0.004), (-0.01, 0.01)),
    "small_chiller": YearError((-0.006, 0.006), (-0.02, 0.02)),
    "hyperscale_evaporative": YearError((-0.005, 0.001), (-0.05, 0.01)),
}
# The same of hours a year: at or below any dry bulb from 0 to 30 °C; in which the tower of a
# typical plant takes all heat, or a part; in which air as it is meets an envelope, recommended
# or any allowable one.
SYNTHETIC_HOURS_ERRORS = {
    "dry_bulb": (-360.0, 370.0),
    "wet_full": (-350.0, 410.0),
    "wet_partial": (-410.0, 340.0),
    "recommended": (-520.0, 430.0),
    "allowable": (-400.0, 590.0),
}
# What humidity of one dew point a day leaves out, and true hours have: hours humid by day, before
# fronts and in rain.  Worked out on three typical years of NREL hour by hour, a humid, a tropical
# and a maritime one, whose temperatures and monthly mean dew points are kept
# (tests/gis/criteria/test_cooling_zones.py): from the least to the most.
HUMIDITY_ERRORS = {
    "hyperscale_air": YearError((0.0, 0.009), (0.0, 0.13)),
    "hyperscale_water": YearError((0.0, 0.002), (0.0, 0.01)),
    "colocation_air": YearError((0.0, 0.022), (0.0, 0.25)),
    "colocation_water": YearError((0.0, 0.002), (0.0, 0.01)),
    "colocation_chiller": YearError((0.0, 0.002), (0.0, 0.01)),
    "small_chiller": YearError((0.0, 0.003), (0.0, 0.01)),
    "hyperscale_evaporative": YearError((0.0, 0.003), (0.0, 0.04)),
}
HUMIDITY_HOURS_ERRORS = {
    "dry_bulb": (0.0, 0.0),
    "wet_full": (-90.0, 10.0),
    "wet_partial": (-10.0, 90.0),
    "recommended": (-180.0, 100.0),
    "allowable": (-380.0, 350.0),
}


@dataclass(frozen=True)
class Band:
    """The median of the draws, and their 5th and 95th percentile widened by the weather."""

    median: float
    low: float
    high: float


@dataclass(frozen=True)
class Estimate:
    """PUE and WUE of a facility at a site over a year."""

    pue: Band
    wue_l_per_kwh: Band


def take_hours(facility: Facility, weather: Weather, *, of_many: bool) -> OutdoorAir:
    """Return the hours that stand for the year: of one site among many fewer, hours alike as one.

    Parameters
    ----------
    facility
        One of `FACILITIES`.
    weather
        One site.
    of_many
        Whether it is one of many.
    """
    if not of_many:
        return weather.sampled_air
    return weather.bulb_air if issubclass(facility.plant, WaterSide) else weather.damp_air


def annual_means(
    facility: Facility, weather: Weather, *, n_draws: int, seed: int, of_many: bool = False
) -> Floats:
    """Return the year's PUE and WUE of every draw, array of shape (2, n_draws).

    The IT load is constant, so that the year's ratio is the mean of the hours'.
    """
    plants = draw(facility, n_draws, seed=seed)
    air = take_hours(facility, weather, of_many=of_many)
    n_hours = air.temp_c.size
    sums = np.zeros((2, n_draws))
    for start in range(0, n_hours, _BLOCK_HOURS):
        hourly = balance(plants, air.pick(slice(start, start + _BLOCK_HOURS)))
        sums += [hourly.pue.sum(axis=-1), hourly.wue_l_per_kwh.sum(axis=-1)]
    return sums / n_hours


def _band(values: Floats, *errors: tuple[float, float]) -> Band:
    low, median, high = (float(value) for value in np.quantile(values, [0.05, 0.5, 0.95]))
    low += sum(error[0] for error in errors)
    return Band(median, max(low, 0.0), high + sum(error[1] for error in errors))


def estimate(
    facility: Facility,
    weather: Weather,
    *,
    n_draws: int = N_DRAWS,
    seed: int = SEED,
    of_many: bool = False,
) -> Estimate:
    """Estimate PUE and WUE of a facility at a site, with their bands.

    Parameters
    ----------
    facility
        One of `FACILITIES`.
    weather
        One site.  The bands of synthetic weather are widened by `SYNTHETIC_ERRORS` and
        `HUMIDITY_ERRORS`; those of measured weather speak of that year.
    n_draws, seed
        Of the plants; the same plants stand at every site, so that sites differ by their
        weather alone.
    of_many
        Whether the site is one of many, see `take_hours`.
    """
    pue, wue = annual_means(facility, weather, n_draws=n_draws, seed=seed, of_many=of_many)
    if weather.kind != "synthetic":
        return Estimate(_band(pue), _band(wue))
    year, humidity = SYNTHETIC_ERRORS[facility.facility_id], HUMIDITY_ERRORS[facility.facility_id]
    return Estimate(
        _band(pue, year.pue, humidity.pue),
        _band(wue, year.wue_l_per_kwh, humidity.wue_l_per_kwh),
    )
