"""One site over a year: what colder air does, how bands widen, the same answer twice."""

import numpy as np
import pytest

from steppe.criteria.cooling.facilities import FACILITIES
from steppe.criteria.cooling.free_hours import ENVELOPES
from steppe.criteria.cooling.survey import Question, survey_year
from steppe.criteria.cooling.weather import Normals, Weather, synthesize_year

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
