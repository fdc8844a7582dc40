"""PUE and WUE of a year, as the median and the 5-95 % band of many plants."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gis.criteria.cooling.balance import balance
from gis.criteria.cooling.facilities import Facility, draw
from gis.criteria.cooling.outdoor import observe
from gis.criteria.cooling.weather import Weather

Floats = NDArray[np.float64]

# Every thirteenth hour of a year: it meets all hours of the day alike, and the mean over
# them is as good as over all (held by a test) at a thirteenth of the work.
HOUR_STEP = 13


@dataclass(frozen=True)
class Band:
    """The median of the draws and their 5th and 95th percentile."""

    median: float
    low: float
    high: float


def annual_means(facility: Facility, weather: Weather, *, n_draws: int, seed: int) -> Floats:
    """Return the year's PUE and WUE of every draw, array of shape (2, n_draws).

    The IT load is constant, so that the year's ratio is the mean of the hours'.
    """
    thinned = slice(None, None, HOUR_STEP)
    air = observe(
        weather.temp_c[thinned], weather.vapour_pressure_pa[thinned], weather.pressure_pa[thinned]
    )
    hourly = balance(draw(facility, n_draws, seed=seed), air)
    return np.stack([hourly.pue.mean(axis=-1), hourly.wue_l_per_kwh.mean(axis=-1)])


def summarize(values: Floats, *, error: tuple[float, float] = (0.0, 0.0)) -> Band:
    """Return the band of draws, widened by the error of the weather.

    Parameters
    ----------
    values
        Shape (n_draws,).
    error
        What the truth may lie below and above, as signed differences, low first.
    """
    low, median, high = np.quantile(values, [0.05, 0.5, 0.95])
    return Band(float(median), float(low) + min(error[0], 0.0), float(high) + max(error[1], 0.0))
