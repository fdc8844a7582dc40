"""Moist air against psychrolib, which follows the same handbook, and against known points."""

import numpy as np
import psychrolib
import pytest

from steppe.criteria.moist_air import (
    saturation_pressure_pa,
    standard_height_m,
    standard_pressure_pa,
)

HEIGHTS_M = (0.0, 1050.0, 1400.0, 3000.0)


@pytest.fixture(autouse=True)
def si_units():
    psychrolib.SetUnitSystem(psychrolib.SI)


def test_saturation_at_the_triple_point_and_at_boiling():
    # IAPWS R14-08: 611.657 Pa; steam tables: 101325 Pa at 99.974 °C.
    assert saturation_pressure_pa(0.01) == pytest.approx(611.657, rel=5e-4)
    assert saturation_pressure_pa(99.974) == pytest.approx(101325.0, rel=5e-4)


def test_saturation_over_ice_and_supercooled_water():
    # Murphy and Koop 2005, table C1, at 240 K: 27.272 and 37.667 Pa.
    assert saturation_pressure_pa(240.0 - 273.15) == pytest.approx(27.272, rel=2e-3)
    assert saturation_pressure_pa(240.0 - 273.15, over_ice=False) == pytest.approx(37.667, rel=5e-3)


@pytest.mark.parametrize("temps_c", [np.linspace(-60.0, -0.05, 200), np.linspace(0.05, 90.0, 200)])
def test_saturation_is_that_of_psychrolib(temps_c):
    theirs = [psychrolib.GetSatVapPres(temp) for temp in temps_c]
    assert saturation_pressure_pa(temps_c) == pytest.approx(np.array(theirs), rel=1e-12)


def test_the_standard_atmosphere_is_that_of_psychrolib():
    theirs = [psychrolib.GetStandardAtmPressure(height) for height in HEIGHTS_M]
    assert standard_pressure_pa(np.array(HEIGHTS_M)) == pytest.approx(np.array(theirs), rel=1e-12)


def test_the_height_of_a_pressure_is_the_height_that_has_it():
    heights_m = np.array(HEIGHTS_M)
    assert standard_height_m(standard_pressure_pa(heights_m)) == pytest.approx(heights_m, abs=1e-6)
