"""One site over a year: what colder air does, how bands widen, the same answer twice."""

from dataclasses import replace

import numpy as np
import pytest

from steppe.criteria.cooling.balance import balance
from steppe.criteria.cooling.bands import annual_means
from steppe.criteria.cooling.facilities import FACILITIES, draw
from steppe.criteria.cooling.free_hours import ENVELOPES
from steppe.criteria.cooling.plant import WaterSide
from steppe.criteria.cooling.survey import Question, survey_year
from steppe.criteria.cooling.weather import (
    BULB_STEP,
    DAMP_STEP,
    Normals,
    Weather,
    synthesize_year,
)

QUESTION = Question(FACILITIES, FACILITIES[1], 18.0, ENVELOPES[2], n_draws=64, seed=5)
SWING_K = 14.0 * np.cos((np.arange(12) - 6) * np.pi / 6.0)
# Spraying to 20 % humidity costs a pump little, and most where it is coldest and driest.
SPRAYING = 2e-4


def year(mean_c: float, *, height_m: float = 1000.0) -> Weather:
    months = tuple(mean_c + SWING_K)
    return synthesize_year(Normals(months, (11.0,) * 12, (3.0,) * 12, 0.7, 2.0, height_m))


@pytest.fixture(scope="module")
def by_mean() -> dict[float, dict]:
    return {mean_c: survey_year(year(mean_c), QUESTION) for mean_c in (-2.0, 3.0, 8.0, 13.0, 18.0)}


@pytest.mark.parametrize(
    "measure_id",
    ["pue", "pue_hyperscale_water", "pue_colocation_water", "pue_colocation_chiller",
     "pue_small_chiller"],
)  # fmt: skip
def test_a_colder_site_at_one_height_needs_no_more(by_mean, measure_id) -> None:
    """Not so `colocation_air`, whose economiser stops where winter air is too dry."""
    medians = [bands[measure_id].median for bands in by_mean.values()]
    assert np.diff(medians).min() > -SPRAYING
    assert medians[-1] > medians[0]


def test_a_colder_site_has_more_hours_below_a_dry_bulb(by_mean) -> None:
    hours = [bands["free_cooling_h"].median for bands in by_mean.values()]
    assert hours == sorted(hours, reverse=True)


def test_thin_air_takes_more_fan_power() -> None:
    """At 1500 m the standard atmosphere has 0.83 of its density at the sea."""
    low, high = (survey_year(year(5.0, height_m=height_m), QUESTION) for height_m in (0.0, 1500.0))
    assert high["pue"].median > low["pue"].median


def test_a_band_holds_its_median_and_stays_possible(by_mean) -> None:
    for bands in by_mean.values():
        for name, band in bands.items():
            assert band.low <= band.median <= band.high, name
            if name.startswith("pue"):
                assert band.low >= 1.0
            if name.endswith("_h"):
                assert band.low >= 0.0
                assert band.high <= 8760.0


def test_what_the_normals_may_err_by_widens_every_band() -> None:
    narrow = survey_year(year(8.0), QUESTION)
    wide = survey_year(year(8.0), QUESTION, shifted=[year(5.0), year(11.0)])
    for name, band in narrow.items():
        assert wide[name].median == band.median
        assert wide[name].low <= band.low
        assert wide[name].high >= band.high
    assert wide["free_cooling_h"].high > narrow["free_cooling_h"].high


def test_the_same_site_gives_the_same_answer_twice() -> None:
    assert survey_year(year(5.0), QUESTION) == survey_year(year(5.0), QUESTION)


@pytest.mark.parametrize("facility", FACILITIES, ids=lambda each: each.facility_id)
def test_hours_alike_stand_for_the_year_at_one_of_many_sites(facility) -> None:
    """Beside all hours of the year, from a cold place to a warm one."""
    is_tower = issubclass(facility.plant, WaterSide)
    for mean_c in (-2.0, 8.0, 22.0):
        weather = year(mean_c)
        plants = draw(facility, 32, seed=5)
        hourly = [
            balance(plants, weather.air.pick(slice(start, start + 730)))
            for start in range(0, 8760, 730)
        ]
        pue = np.hstack([each.pue for each in hourly]).mean(axis=-1)
        wue = np.hstack([each.wue_l_per_kwh for each in hourly]).mean(axis=-1)
        few = annual_means(facility, weather, n_draws=32, seed=5, of_many=True)
        away = np.abs(
            np.quantile(few, [0.05, 0.5, 0.95], axis=1)
            - np.quantile([pue, wue], [0.05, 0.5, 0.95], axis=1)
        ).max(axis=0)
        assert away[0] < (0.0005 if is_tower else 0.003)
        assert away[1] < (0.001 if is_tower else 0.03)


def test_hours_of_many_sites_are_fewer_and_a_leap_year_has_them_too() -> None:
    common = year(8.0)
    leap = Weather(*(np.append(each, each[:24]) for each in (
        common.temp_c, common.vapour_pressure_pa, common.pressure_pa)), "measured")  # fmt: skip
    for weather, n_hours in ((common, 8760), (leap, 8784)):
        for air, step in ((weather.bulb_air, BULB_STEP), (weather.damp_air, DAMP_STEP)):
            assert air.temp_c.size == pytest.approx(n_hours / step, abs=1)
            assert set(air.temp_c) <= set(weather.temp_c)
    few, all_hours = (
        survey_year(common, replace(QUESTION, of_many=is_many)) for is_many in (True, False)
    )
    # What no plant has a part in is counted over every hour.
    assert {name for name in few if few[name] == all_hours[name]} >= {
        "free_cooling_h",
        "ashrae_allowable_h",
    }
