"""Hourly weather of a site: what stations measured, or a synthetic year from normals.

The synthetic year has the monthly mean temperatures it is given, exactly; around them the
days vary by first-order autoregressive noise whose mean is nil and whose spread is exactly
the given one in every month; within a day the temperature swings between the day's minimum
at 6 h and maximum at 15 h, further on some days than on others.  The humidity is that of a day whose minimum is at the dew point,
or some degrees above it where it is dry (FAO Irrigation and Drainage Paper 56, eq. 48 and
annex 6).  The noise has one seed, so that two sites differ by their normals alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from steppe.criteria.cooling.outdoor import OutdoorAir, observe
from steppe.criteria.moist_air import saturation_pressure_pa, standard_pressure_pa

Floats = NDArray[np.float64]

MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
HOURS = 8760
# Every fifth hour meets all hours of the day and all months alike; the mean over them is
# nearly that over all (a test says how nearly) for a fifth of the work.
HOUR_STEP = 5
# Of many sites one hour stands for so many alike: by the wet bulb, on which a plant with a tower
# alone hangs nearly, or by humidity and temperature, which the limits of outdoor air are told in.
BULB_STEP = 60
DAMP_STEP = 15
_N_SHARES = 73

_COLDEST_H, _WARMEST_H = 6.0, 15.0
_SEED, _RANGE_SEED = 20, 24

# How a day's range differs from the mean of its month: spread as a share of that mean, and
# correlation with the day before.  Beijing, GHCN-Daily CHM00054511, 1961 to 1990 (a test works
# them out); that they hold elsewhere is assumed.  No day swings less than the least share.
RANGE_SPREAD, RANGE_PERSISTENCE = 0.34, 0.38
_LEAST_RANGE = 0.15


@dataclass(frozen=True)
class Station:
    """Where a file says that its hours are of: degrees, and metres above the sea.

    NaN for a height that it does not tell.
    """

    lon: float
    lat: float
    height_m: float


@dataclass(frozen=True)
class Weather:
    """Hourly weather of one site; arrays of one length, in time's order.

    Parameters
    ----------
    temp_c
        Dry bulb, °C.
    vapour_pressure_pa
        Pa, not above saturation over water.
    pressure_pa
        Pa, at the station.
    kind
        `measured` or `synthetic`.
    station
        Where it was measured; None where nothing tells.
    """

    temp_c: Floats
    vapour_pressure_pa: Floats
    pressure_pa: Floats
    kind: str
    station: Station | None = None

    @cached_property
    def air(self) -> OutdoorAir:
        """The weather as the heat balance takes it."""
        return observe(self.temp_c, self.vapour_pressure_pa, self.pressure_pa)

    @cached_property
    def sampled_air(self) -> OutdoorAir:
        """Every `HOUR_STEP`-th hour of it."""
        kept = slice(None, None, HOUR_STEP)
        return observe(self.temp_c[kept], self.vapour_pressure_pa[kept], self.pressure_pa[kept])

    @cached_property
    def bulb_air(self) -> OutdoorAir:
        """Of the hours in order of their wet bulb one of each `BULB_STEP`, in the middle."""
        return _thin(self.air, np.argsort(self.air.wet_bulb_c, kind="stable"), BULB_STEP)

    @cached_property
    def damp_air(self) -> OutdoorAir:
        """Of the hours in order of their humidity and temperature one of each `DAMP_STEP`.

        Shares of hours alike in humidity follow each other, from dry to damp; within one the
        hours go from cold to warm, within the next from warm to cold.
        """
        air = self.air
        order = np.argsort(air.humidity_g_per_kg, kind="stable")
        share = np.arange(len(order)) * _N_SHARES // len(order)
        warmth = np.where(share % 2, -1.0, 1.0) * air.temp_c[order]
        return _thin(air, order[np.lexsort((warmth, share))], DAMP_STEP)


def _thin(air: OutdoorAir, order: NDArray[np.intp], step: int) -> OutdoorAir:
    return air.pick(order[step // 2 :: step])


@dataclass(frozen=True)
class Normals:
    """What a synthetic year is made from.

    Parameters
    ----------
    temp_mean_c
        Monthly mean temperature at the site's height, °C; 12 values.
    diurnal_range_k
        Monthly mean of each day's maximum less minimum, K; 12 values.
    day_spread_k
        Standard deviation of a day's mean around the smooth course of the normals, K;
        12 values.
    persistence
        Correlation of a day's deviation with that of the day before.
    dryness_k
        Daily minimum less dew point, K: 0 in humid and 2 in dry climates (FAO-56, annex 6).
    height_m
        Of the site, for the standard pressure.
    """

    temp_mean_c: tuple[float, ...]
    diurnal_range_k: tuple[float, ...]
    day_spread_k: tuple[float, ...]
    persistence: float
    dryness_k: float
    height_m: float


def _months() -> NDArray[np.intp]:
    return np.repeat(np.arange(12), MONTH_DAYS)


def _between_months(days: Floats) -> Floats:
    """Return weights of shape (days, 12) that draw straight lines between months' middles."""
    lengths = np.array(MONTH_DAYS, dtype=float)
    middles = np.cumsum(lengths) - lengths / 2.0
    around = np.concatenate([middles[-1:] - lengths.sum(), middles, middles[:1] + lengths.sum()])
    columns = [np.interp(days, around, unit) for unit in np.eye(12)[:, np.r_[11, 0:12, 0]]]
    return np.stack(columns, axis=1)


def smooth_daily(monthly: tuple[float, ...]) -> Floats:
    """Return 365 daily values, straight between months, whose monthly means are as given."""
    weights, means = _weigh_months()
    # Not by LAPACK and BLAS, whose last digit hangs on the processor they are tuned to.
    return (weights * _solve(means, np.array(monthly, dtype=float))).sum(axis=1)


@cache
def _weigh_months() -> tuple[Floats, Floats]:
    """Return the weights of the months at each day, and their means over each month."""
    weights = _between_months(np.arange(0.5, 365.0))
    months = _months()
    return weights, np.stack([weights[months == month].mean(axis=0) for month in range(12)])


def _solve(matrix: Floats, right: Floats) -> Floats:
    """Solve by elimination; the matrix is dominated by its diagonal, so no row is exchanged."""
    rows = np.column_stack([matrix, right])
    for pivot in range(len(rows)):
        rows[pivot] /= rows[pivot, pivot]
        others = np.arange(len(rows)) != pivot
        rows[others] -= rows[others, pivot, np.newaxis] * rows[pivot]
    return rows[:, -1]


@lru_cache(maxsize=8)  # the same at every site; nobody changes it
def _noise(persistence: float, *, seed: int = _SEED) -> Floats:
    """Return 365 deviations, AR(1), brought to mean 0 and spread 1 in every month."""
    shocks = np.random.default_rng(seed).standard_normal(365)
    shocks[1:] *= np.sqrt(1.0 - persistence**2)
    for day in range(1, 365):
        shocks[day] += persistence * shocks[day - 1]
    months = _months()
    for month in range(12):
        of_month = months == month
        shocks[of_month] -= shocks[of_month].mean()
        shocks[of_month] /= shocks[of_month].std()
    return shocks


@cache
def vary_ranges() -> Floats:
    """Return each day's range as a share of its month's mean, whose mean is 1 in every month."""
    shares = 1.0 + RANGE_SPREAD * _noise(RANGE_PERSISTENCE, seed=_RANGE_SEED)
    shares = np.maximum(shares, _LEAST_RANGE)
    months = _months()
    means = np.array([shares[months == month].mean() for month in range(12)])
    return np.asarray(shares / means[months])


def swing(lowest_c: Floats, highest_c: Floats) -> Floats:
    """Return hourly temperatures from daily minima and maxima.

    Half cosines from the minimum at 6 h up to the maximum at 15 h and down to the next
    minimum; the last day comes down to its own minimum, the first down from its own maximum.

    Parameters
    ----------
    lowest_c, highest_c
        °C, shape (days,).

    Returns
    -------
    array
        °C, shape (24 * days,), at the middle of every hour.
    """
    hour = np.arange(24) + 0.5
    rising = (hour > _COLDEST_H) & (hour <= _WARMEST_H)
    since = np.where(hour > _WARMEST_H, hour - _WARMEST_H, hour + 24.0 - _WARMEST_H)
    falling_h = 24.0 - (_WARMEST_H - _COLDEST_H)
    upward = (hour - _COLDEST_H) / (_WARMEST_H - _COLDEST_H)
    share = 0.5 * (1.0 - np.cos(np.pi * np.where(rising, upward, 1.0 - since / falling_h)))
    before, after = np.r_[highest_c[:1], highest_c[:-1]], np.r_[lowest_c[1:], lowest_c[-1:]]
    low = np.where(hour > _WARMEST_H, after[:, np.newaxis], lowest_c[:, np.newaxis])
    high = np.where(hour <= _COLDEST_H, before[:, np.newaxis], highest_c[:, np.newaxis])
    return (low + share * (high - low)).ravel()


def humidify(lowest_c: Floats, temp_c: Floats, dryness_k: float) -> Floats:
    """Return the hourly vapour pressure of days whose minimum is near the dew point, Pa.

    Parameters
    ----------
    lowest_c
        Daily minima, °C, shape (days,).
    temp_c
        Hourly temperatures, °C, shape (24 * days,); the air is never above saturation.
    dryness_k
        How far the dew point lies below the minimum.
    """
    daily = saturation_pressure_pa(lowest_c - dryness_k, over_ice=False)
    return np.minimum(np.repeat(daily, 24), saturation_pressure_pa(temp_c, over_ice=False))


def synthesize_year(normals: Normals) -> Weather:
    """Make a year of 8760 hours from monthly normals; the same for the same normals."""
    mean = smooth_daily(normals.temp_mean_c)
    months = _months()
    mean = mean + _noise(normals.persistence) * np.array(normals.day_spread_k)[months]
    half = smooth_daily(normals.diurnal_range_k) * vary_ranges() / 2.0
    temp = swing(mean - half, mean + half)
    # The halves of a day between two maxima need not average to the day's mean.
    of_hours = np.repeat(months, 24)
    for month, wanted in enumerate(normals.temp_mean_c):
        temp[of_hours == month] += wanted - temp[of_hours == month].mean()
    pressure = np.full(HOURS, standard_pressure_pa(normals.height_m))
    vapour = humidify(mean - half, temp, normals.dryness_k)
    return Weather(temp, vapour, pressure, "synthetic")
