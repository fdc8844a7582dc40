"""Facilities: their ranges are the published ones, their draws fill them evenly."""

import csv
from dataclasses import fields

import numpy as np
import pytest

from steppe.criteria.cooling.facilities import FACILITIES, draw, list_ranges, typify

# Our name, the authors' name, and how many of our units make one of theirs.
NAMES = {
    "ups_efficiency": ("UPS_e", 0.01),
    "distribution_loss_frac": ("PD_lr", 0.01),
    "lighting_frac": ("L_percentage", 0.01),
    "supply_low_c": ("T_lw", 1.0),
    "supply_high_c": ("T_up", 1.0),
    "dew_point_low_c": ("dp_lw", 1.0),
    "dew_point_high_c": ("dp_up", 1.0),
    "rh_low_frac": ("RH_lw", 0.01),
    "rh_high_frac": ("RH_up", 0.01),
    "sensible_frac": ("SHR", 0.01),
    "air_rise_k": ("delta_T_air", 1.0),
    "water_rise_k": ("delta_T_water", 1.0),
    "tower_range_k": ("delta_T_CT", 1.0),
    "air_fan_pa": ("Fan_Pressure_CRAC", 1.0),
    "air_fan_efficiency": ("Fan_e_CRAC", 0.01),
    "tower_fan_pa": ("Fan_Pressure_CT", 1.0),
    "tower_fan_efficiency": ("Fan_e_CT", 0.01),
    "humidifier_pump_pa": ("Pump_Pressure_HD", 1000.0),
    "humidifier_pump_efficiency": ("Pump_e_HD", 0.01),
    "chilled_pump_pa": ("Pump_Pressure_CW", 1000.0),
    "chilled_pump_efficiency": ("Pump_e_CW", 0.01),
    "tower_pump_pa": ("Pump_Pressure_CT", 1000.0),
    "tower_pump_efficiency": ("Pump_e_CT", 0.01),
    "economiser_pump_pa": ("Pump_Pressure_WE", 1000.0),
    "economiser_pump_efficiency": ("Pump_e_WE", 0.01),
    "tower_approach_k": ("AT_CT", 1.0),
    "exchanger_approach_k": ("AT_HE", 1.0),
    "chiller_load_frac": ("Chiller_load", 1.0),
    "cop_error_frac": ("pcop", 0.01),
    "liquid_gas_ratio": ("LGRatio", 1.0),
    "coil_effectiveness": ("HTE", 1.0),
    "windage_frac": ("Windage_p", 0.01),
    "cycles": ("CC", 1.0),
}
# The table lost the minus of the upper end where both ends are below 0 ("-60, 20" for -60 to
# -20 %).  The authors' own calculator, which draws from the same ranges, has them all: GitHub,
# nuoaleon/UEcalculator_dash_app, src/app.py, "COP relative error to regressed value".
CALCULATOR_COP_ERRORS = {
    1: (-0.11, 0.11),
    2: (-0.11, 0.11),
    3: (-0.40, 0.0),
    4: (-0.40, 0.0),
    5: (-0.40, 0.0),
    8: (-0.60, -0.20),
}
every_facility = pytest.mark.parametrize("facility", FACILITIES, ids=lambda item: item.facility_id)


@pytest.mark.packs
@every_facility
def test_ranges_are_the_published_ones(published, facility):
    text = (published / "pue_parameter_ranges.csv").read_text(encoding="utf-8")
    table = {
        row["Variable"]: row[f"Case {facility.case}"] for row in csv.DictReader(text.splitlines())
    }
    for name, span in list_ranges(facility).items():
        theirs, factor = NAMES[name]
        low, high = (float(part) * factor for part in table[theirs].split(","))
        if name == "cop_error_frac":
            assert (low, abs(high)) == pytest.approx((span.low, abs(span.high)))
            low, high = CALCULATOR_COP_ERRORS[facility.case]
        assert (span.low, span.high) == pytest.approx((low, high), rel=1e-12), name
        assert span.references
    # What is fixed with us is what the authors do not have in this case.
    for name, _ in facility.fixed:
        assert name == "ratio_of_evaporated" or table[NAMES[name][0]] == "n/a"


@every_facility
def test_draws_hit_every_stratum_of_every_range_once(facility):
    plants = draw(facility, 40, seed=3)
    for name, span in list_ranges(facility).items():
        values = getattr(plants, name)
        assert values.shape == (40, 1)
        strata = np.floor((values.ravel() - span.low) / (span.high - span.low) * 40)
        assert sorted(strata) == list(range(40)), name
        assert span.low <= getattr(typify(facility), name) <= span.high


@every_facility
def test_parameters_are_drawn_apart_from_each_other(facility):
    plants = draw(facility, 400, seed=3)
    columns = np.stack([getattr(plants, name).ravel() for name in list_ranges(facility)])
    apart = np.corrcoef(columns) - np.eye(len(columns))
    assert np.abs(apart).max() < 0.25


def test_the_same_seed_gives_the_same_plants_and_another_gives_others():
    first, again, other = (draw(FACILITIES[1], 16, seed=seed) for seed in (1, 1, 2))
    for field in fields(first):
        assert np.array_equal(getattr(first, field.name), getattr(again, field.name))
    assert not np.array_equal(first.ups_efficiency, other.ups_efficiency)
