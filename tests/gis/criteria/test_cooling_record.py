"""What the synthetic year errs by, worked out on a daily record; whence the bands' constants.

The record holds daily extremes and no humidity: truth is each year's own days, drawn through
the same daily swing, with the same rule for humidity.  So the errors found are those of the
normals, of the noise and of a year's own character; the rule for humidity is not tried.
"""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from steppe.criteria.cooling.balance import balance
from steppe.criteria.cooling.bands import (
    HUMIDITY_ERRORS,
    SYNTHETIC_ERRORS,
    SYNTHETIC_HOURS_ERRORS,
    annual_means,
    estimate,
)
from steppe.criteria.cooling.facilities import FACILITIES, typify
from steppe.criteria.cooling.free_hours import (
    ENVELOPES,
    count_dry_bulb_hours,
    count_envelope_hours,
    count_wet_bulb_hours,
)
from steppe.criteria.cooling.outdoor import OutdoorAir
from steppe.criteria.cooling.weather import (
    HOUR_STEP,
    MONTH_DAYS,
    RANGE_PERSISTENCE,
    RANGE_SPREAD,
    Normals,
    Weather,
    humidify,
    smooth_daily,
    swing,
    synthesize_year,
    vary_ranges,
)

pytestmark = pytest.mark.packs

THRESHOLDS_C = (0.0, 5.0, 10.0, 15.0, 18.0, 20.0, 25.0, 27.0, 30.0)
HEIGHT_M, DRYNESS_K = 32.0, 2.0
MONTHS = np.repeat(np.arange(12), MONTH_DAYS)
# The finest steps to which the constants are rounded outward: PUE, WUE, hours.
STEPS = (0.001, 0.01, 10.0)


@pytest.fixture(scope="module")
def days(datasets) -> np.ndarray:
    """Daily minimum and maximum of 30 whole years, shape (2, years, 365), °C."""
    path = datasets / "climate" / "ghcnd_CHM00054511_beijing_daily.csv"
    table = pd.read_csv(path, parse_dates=["date"])
    table = table[table["date"].dt.year.between(1961, 1990)]
    table = table[~((table["date"].dt.month == 2) & (table["date"].dt.day == 29))]
    return np.stack([table[name].to_numpy().reshape(30, 365) for name in ("TMIN", "TMAX")])


@pytest.fixture(scope="module")
def normals(days) -> Normals:
    """Normals of the record, with the spread about the smooth course and its persistence."""
    lowest, highest = days
    mean = (lowest + highest) / 2.0
    monthly = tuple(mean[:, month == MONTHS].mean() for month in range(12))
    ranges = tuple((highest - lowest)[:, month == MONTHS].mean() for month in range(12))
    away = mean - smooth_daily(monthly)
    run = away.ravel()
    return Normals(
        monthly,
        ranges,
        tuple(away[:, month == MONTHS].std() for month in range(12)),
        float(np.corrcoef(run[1:], run[:-1])[0, 1]),
        DRYNESS_K,
        HEIGHT_M,
    )


@pytest.fixture(scope="module")
def synthetic(normals) -> Weather:
    return synthesize_year(normals)


@pytest.fixture(scope="module")
def years(days, synthetic) -> list[Weather]:
    """The true years."""
    found = []
    for lowest, highest in zip(*days, strict=True):
        temp = swing(lowest, highest)
        vapour = humidify(lowest, temp, DRYNESS_K)
        found.append(Weather(temp, vapour, synthetic.pressure_pa, "measured"))
    return found


def rounded_outward(errors: np.ndarray, step: float) -> tuple[float, float]:
    low, high = np.quantile(errors, [0.05, 0.95])
    return min(np.floor(low / step) * step, 0.0), max(np.ceil(high / step) * step, 0.0)


def test_the_record_is_whole(days):
    assert not np.isnan(days).any()
    assert np.all(days[0] <= days[1])


def test_spread_and_persistence_of_the_record(normals):
    """What plans may take where nothing nearer is known."""
    assert normals.persistence == pytest.approx(0.70, abs=0.01)
    assert np.mean(normals.day_spread_k) == pytest.approx(2.7, abs=0.1)
    assert np.mean(normals.diurnal_range_k) == pytest.approx(11.2, abs=0.1)


def test_how_ranges_differ_from_day_to_day(days, normals):
    """What synthetic days swing more or less than the mean of their month."""
    shares = (days[1] - days[0]) / np.array(normals.diurnal_range_k)[MONTHS]
    assert shares.std() == pytest.approx(RANGE_SPREAD, abs=0.005)
    run = shares.ravel()
    assert np.corrcoef(run[1:], run[:-1])[0, 1] == pytest.approx(RANGE_PERSISTENCE, abs=0.01)
    assert vary_ranges().std() == pytest.approx(RANGE_SPREAD, abs=0.02)


def test_hours_below_a_dry_bulb(years, synthetic):
    errors = np.array(
        [
            [
                count_dry_bulb_hours(year, limit) - count_dry_bulb_hours(synthetic, limit)
                for limit in THRESHOLDS_C
            ]
            for year in years
        ]
    )
    # Over the 30 years the synthetic year is off by less than 80 hours at any threshold.
    assert np.abs(errors.mean(axis=0)).max() < 80.0
    bands = np.array([rounded_outward(column, STEPS[2]) for column in errors.T])
    assert (bands[:, 0].min(), bands[:, 1].max()) == SYNTHETIC_HOURS_ERRORS["dry_bulb"]


def count_the_rest(weather: Weather) -> list[float]:
    """Hours of the tower, full and partial, and of every envelope."""
    tower = count_wet_bulb_hours(weather.air, typify(FACILITIES[1]))
    envelopes = [count_envelope_hours(weather, each, height_m=HEIGHT_M)[0] for each in ENVELOPES]
    return [*map(float, tower), *envelopes]


def test_hours_of_the_tower_and_of_the_envelopes(years, synthetic):
    errors = np.array([count_the_rest(year) for year in years]) - count_the_rest(synthetic)
    full, partial, recommended, *allowable = (
        rounded_outward(column, STEPS[2]) for column in errors.T
    )
    assert full == SYNTHETIC_HOURS_ERRORS["wet_full"]
    assert partial == SYNTHETIC_HOURS_ERRORS["wet_partial"]
    assert recommended == SYNTHETIC_HOURS_ERRORS["recommended"]
    low, high = np.array(allowable).T
    assert (low.min(), high.max()) == SYNTHETIC_HOURS_ERRORS["allowable"]


@pytest.mark.parametrize("facility", FACILITIES, ids=lambda facility: facility.facility_id)
def test_pue_and_wue(facility, years, synthetic):
    plant = typify(facility)

    def means(air: OutdoorAir) -> tuple[float, float]:
        found = balance(plant, air)
        return float(found.pue.mean()), float(found.wue_l_per_kwh.mean())

    pue, wue = (np.array([means(year.air) for year in years]) - means(synthetic.air)).T
    stated = SYNTHETIC_ERRORS[facility.facility_id]
    assert stated.pue == pytest.approx(rounded_outward(pue, STEPS[0]), abs=1e-12)
    assert stated.wue_l_per_kwh == pytest.approx(rounded_outward(wue, STEPS[1]), abs=1e-12)
    # In the long run the synthetic year is all but right, save where dry air stops the
    # economiser: no day is drier there than its own minimum makes it.
    assert abs(pue.mean()) < (0.003 if facility.facility_id == "colocation_air" else 0.002)


@pytest.mark.parametrize("facility", FACILITIES, ids=lambda facility: facility.facility_id)
def test_the_band_of_synthetic_weather_is_that_of_the_plants_widened(facility, synthetic):
    measured = replace(synthetic, kind="measured")
    narrow, wide = estimate(facility, measured), estimate(facility, synthetic)
    errors = SYNTHETIC_ERRORS[facility.facility_id], HUMIDITY_ERRORS[facility.facility_id]
    down, up = (sum(ends) for ends in zip(*(error.pue for error in errors), strict=True))
    assert wide.pue.low == pytest.approx(narrow.pue.low + down)
    assert wide.pue.high == pytest.approx(narrow.pue.high + up)
    assert wide.pue.median == narrow.pue.median
    draws = annual_means(facility, synthetic, n_draws=256, seed=5)[0]
    inside = (narrow.pue.low <= draws) & (draws <= narrow.pue.high)
    assert np.mean(inside) == pytest.approx(0.9, abs=0.01)


@pytest.mark.parametrize("facility", FACILITIES, ids=lambda facility: facility.facility_id)
def test_thinned_hours_give_the_year(facility, years):
    plant = typify(facility)
    for year in years[:5]:
        full, thin = (balance(plant, replace_hours(year, step).air) for step in (1, HOUR_STEP))
        assert full.pue.mean() == pytest.approx(thin.pue.mean(), abs=0.002)
        assert full.wue_l_per_kwh.mean() == pytest.approx(thin.wue_l_per_kwh.mean(), abs=0.02)


def replace_hours(year: Weather, step: int) -> Weather:
    kept = slice(None, None, step)
    return Weather(
        year.temp_c[kept], year.vapour_pressure_pa[kept], year.pressure_pa[kept], year.kind
    )
