"""Moist air against psychrolib, which follows the same handbook, and against known points."""

import numpy as np
import psychrolib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from steppe.criteria.moist_air import (
    dew_point_c,
    enthalpy_kj_per_kg,
    humidity_ratio,
    saturation_pressure_pa,
    standard_pressure_pa,
    vapour_pressure_pa,
    wet_bulb_c,
)

HEIGHTS_M = (0.0, 1050.0, 1400.0, 3000.0)
HUMIDITIES = (0.05, 0.2, 0.5, 0.8, 1.0)
# psychrolib's bisection of the wet bulb stops within 0.001 K.
WET_BULB_K = 0.0011
NEAR_FREEZING_K = 1.0

temperatures = st.floats(-40.0, 45.0)
humidities = st.floats(0.02, 1.0)
heights = st.floats(0.0, 4000.0)


@pytest.fixture(autouse=True)
def si_units():
    psychrolib.SetUnitSystem(psychrolib.SI)


def states(temps_c: np.ndarray) -> np.ndarray:
    """Every combination of dry bulb, humidity and pressure, as three columns."""
    pressures = standard_pressure_pa(np.array(HEIGHTS_M))
    grid = np.meshgrid(temps_c, HUMIDITIES, pressures, indexing="ij")
    return np.stack([axis.ravel() for axis in grid], axis=1)


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


@pytest.mark.parametrize("temps_c", [np.linspace(-40.0, -0.5, 12), np.linspace(0.5, 45.0, 12)])
def test_humidity_and_enthalpy_are_those_of_psychrolib(temps_c):
    temp, rh, pressure = states(temps_c).T
    ratio = humidity_ratio(rh * saturation_pressure_pa(temp), pressure)
    theirs = np.array([psychrolib.GetHumRatioFromRelHum(*state) for state in states(temps_c)])
    assert ratio == pytest.approx(theirs, rel=1e-12)
    held = [psychrolib.GetMoistAirEnthalpy(t, w) for t, w in zip(temp, theirs, strict=True)]
    assert enthalpy_kj_per_kg(temp, ratio) == pytest.approx(np.array(held) / 1000.0, abs=1e-9)


@pytest.mark.parametrize("temps_c", [np.linspace(-40.0, -0.5, 12), np.linspace(0.5, 45.0, 12)])
def test_wet_bulb_is_that_of_psychrolib_on_each_side_of_freezing(temps_c):
    temp, rh, pressure = states(temps_c).T
    ratio = humidity_ratio(rh * saturation_pressure_pa(temp), pressure)
    ours = wet_bulb_c(temp, ratio, pressure)
    theirs = np.array([psychrolib.GetTWetBulbFromRelHum(*state) for state in states(temps_c)])
    # Within 1 K of freezing a wet and an iced bulb both have an answer; we take the wet one.
    two = (ours >= 0.0) & (theirs < 0.0)
    assert np.abs(ours - theirs)[~two].max() <= WET_BULB_K
    assert np.abs(ours - theirs)[two].max(initial=0.0) <= NEAR_FREEZING_K


@pytest.mark.parametrize("dews_c", [np.linspace(-50.0, -0.1, 60), np.linspace(0.1, 40.0, 60)])
def test_dew_point_is_that_of_psychrolib_on_each_side_of_freezing(dews_c):
    vapour = saturation_pressure_pa(dews_c)
    theirs = [psychrolib.GetTDewPointFromVapPres(60.0, float(value)) for value in vapour]
    assert np.abs(dew_point_c(vapour) - theirs).max() <= WET_BULB_K


@given(temperatures, st.booleans())
def test_dew_point_undoes_saturation(temp_c, over_ice):
    vapour = saturation_pressure_pa(temp_c, over_ice=over_ice)
    assert dew_point_c(vapour, over_ice=over_ice) == pytest.approx(temp_c, abs=2e-3)


@given(temperatures, humidities, heights)
def test_wet_bulb_lies_between_frost_point_and_dry_bulb(temp_c, rh, height_m):
    pressure = standard_pressure_pa(height_m)
    vapour = rh * saturation_pressure_pa(temp_c)
    bulb = wet_bulb_c(temp_c, humidity_ratio(vapour, pressure), pressure)
    assert dew_point_c(vapour) - 2e-3 <= bulb <= temp_c + 2e-3


@given(temperatures, humidities, heights)
def test_vapour_pressure_undoes_humidity_ratio(temp_c, rh, height_m):
    pressure = standard_pressure_pa(height_m)
    vapour = rh * saturation_pressure_pa(temp_c)
    assert vapour_pressure_pa(humidity_ratio(vapour, pressure), pressure) == pytest.approx(vapour)
