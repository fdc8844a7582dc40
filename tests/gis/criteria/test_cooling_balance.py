"""The heat balance against the answers that its authors printed, and against hand work."""

from dataclasses import replace

import numpy as np
import psychrolib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from steppe.criteria.cooling.balance import balance, chiller_cop
from steppe.criteria.cooling.facilities import FACILITIES, draw, typify
from steppe.criteria.cooling.outdoor import observe, saturation_pressure_pa
from steppe.criteria.cooling.plant import AirSide, DryAirSide, LimitedAirSide, Plant, WaterSide
from steppe.criteria.moist_air import standard_pressure_pa

# The authors' example parameters; drift and concentration do not bear on PUE.
WATER_LOSS = {"windage_frac": 0.001, "cycles": 5.0}
BUILDING = {
    "ups_efficiency": 9.80302734e-01,
    "distribution_loss_frac": 5.60546875e-03,
    "lighting_frac": 1.81445313e-03,
    "chiller_load_frac": 2.24023438e-01,
    "cop_error_frac": 1.05488281e-01,
    "liquid_gas_ratio": 1.11914062e00,
    "ratio_of_evaporated": False,
}
AIR_SIDE = AirSide(
    **BUILDING,
    **WATER_LOSS,
    supply_low_c=1.03671875e01,
    supply_high_c=3.41953125e01,
    air_rise_k=1.47840712e01,
    water_rise_k=6.91894531e00,
    tower_range_k=4.28710938e00,
    air_fan_pa=6.85058594e02,
    air_fan_efficiency=8.29931641e-01,
    tower_fan_pa=2.03417969e02,
    tower_fan_efficiency=8.97802734e-01,
    humidifier_pump_pa=7.31582031e06,
    humidifier_pump_efficiency=7.04492187e-01,
    chilled_pump_pa=1.46519937e05,
    chilled_pump_efficiency=7.90039062e-01,
    tower_pump_pa=2.12001820e05,
    tower_pump_efficiency=7.16601562e-01,
    tower_approach_k=6.33818359e00,
)
WATER_SIDE = WaterSide(
    **BUILDING,
    **WATER_LOSS,
    supply_high_c=2.73671875e01,
    air_rise_k=1.88856337e01,
    water_rise_k=7.50488281e00,
    tower_range_k=4.13867188e00,
    air_fan_pa=4.16992188e02,
    air_fan_efficiency=7.13720703e-01,
    tower_fan_pa=1.48339844e02,
    tower_fan_efficiency=7.45947266e-01,
    humidifier_pump_pa=6.50097656e06,
    humidifier_pump_efficiency=6.74023438e-01,
    economiser_pump_pa=1.56284191e05,
    economiser_pump_efficiency=6.68945312e-01,
    chilled_pump_pa=1.71884552e05,
    chilled_pump_efficiency=7.45117188e-01,
    tower_pump_pa=2.10534680e05,
    tower_pump_efficiency=7.09960938e-01,
    tower_approach_k=6.50576172e00,
    exchanger_approach_k=2.29404297e00,
    coil_effectiveness=8.16601563e-01,
    sensible_frac=9.86289063e-01,
)
# The example that the authors print for their paper of 2022, colocation on the water side at
# 9 °C, 10 % and 101325 Pa: PUE 1.3392 (its second run 1.3394; a humidity is drawn at random),
# WUE 2.41739 L/kWh.
EXAMPLE_2022 = WaterSide(
    ups_efficiency=8.94746094e-01,
    distribution_loss_frac=2.84082031e-02,
    lighting_frac=4.72167969e-02,
    sensible_frac=9.51835937e-01,
    air_rise_k=9.49707031e00,
    air_fan_pa=6.50488281e02,
    air_fan_efficiency=6.13867188e-01,
    humidifier_pump_pa=6.41894531e06,
    humidifier_pump_efficiency=6.50976563e-01,
    coil_effectiveness=6.90283203e-01,
    water_rise_k=6.91894531e00,
    tower_approach_k=3.35986328e00,
    exchanger_approach_k=2.10712891e00,
    economiser_pump_pa=1.56284191e05,
    economiser_pump_efficiency=6.68945312e-01,
    chilled_pump_pa=1.71884552e05,
    chilled_pump_efficiency=7.45117188e-01,
    chiller_load_frac=3.08984375e-01,
    tower_range_k=5.09960938e00,
    tower_pump_pa=2.46235102e05,
    tower_pump_efficiency=7.08007812e-01,
    windage_frac=2.93588867e-03,
    cycles=1.11650391e01,
    liquid_gas_ratio=2.72070313e-01,
    ratio_of_evaporated=True,
    tower_fan_pa=3.95898438e02,
    tower_fan_efficiency=6.11914063e-01,
    supply_high_c=2.87041016e01,
    cop_error_frac=-9.17968750e-02,
)
# Temperature, relative humidity in %, pressure, PUE of the air side and of the water side.
KNOWN = (
    (20.0, 40.0, 101325.0, 1.0746922969797756, 1.0887168184890426),
    (-20.0, 60.0, 89500.0, 1.080045, 1.092058),
    (0.0, 50.0, 89500.0, 1.079168, 1.092740),
    (10.0, 30.0, 89500.0, 1.079168, 1.093082),
    (25.0, 40.0, 89500.0, 1.081832, 1.122021),
    (35.0, 30.0, 89500.0, 1.083738, 1.267464),
    (30.0, 80.0, 101325.0, 1.369180, 1.353795),
)
COMMON = FACILITIES[6], FACILITIES[1], FACILITIES[3], FACILITIES[4]


def air_at(temp_c, rh_pct, pressure_pa=101325.0):
    temp = np.asarray(temp_c, dtype=float)
    return observe(temp, np.asarray(rh_pct) / 100.0 * saturation_pressure_pa(temp), pressure_pa)


@pytest.mark.parametrize(("temp_c", "rh_pct", "pressure_pa", "air_side", "water_side"), KNOWN)
def test_known_answers(temp_c, rh_pct, pressure_pa, air_side, water_side):
    air = air_at(temp_c, rh_pct, pressure_pa)
    assert balance(AIR_SIDE, air).pue == pytest.approx(air_side, abs=1e-6)
    assert balance(WATER_SIDE, air).pue == pytest.approx(water_side, abs=1e-6)


def test_the_printed_answers_hold_to_the_last_digits():
    air = air_at(20.0, 40.0)
    assert balance(AIR_SIDE, air).pue == pytest.approx(1.0746922969797756, abs=1e-12)
    assert balance(WATER_SIDE, air).pue == pytest.approx(1.0887168184890426, abs=1e-12)


def test_the_example_of_2022_holds_with_its_tower():
    found = balance(EXAMPLE_2022, air_at(9.0, 10.0))
    assert found.pue == pytest.approx(1.3392, abs=1e-3)
    # The authors let the tower see the heat of the racks alone: without the coil's
    # condensation, their water is the share of sensible heat of ours.
    assert found.wue_l_per_kwh == pytest.approx(2.41739 / 0.951835937, rel=0.01)
    # By all the water that circulates, as in 2020, the tower's fan would take a tenth of the IT.
    of_2020 = balance(replace(EXAMPLE_2022, ratio_of_evaporated=False), air_at(9.0, 10.0))
    assert of_2020.pue > 1.43


# Within its limits: 15 to 27 °C, dew point -9 to 15 °C, 20 to 60 %.
LIMITED = LimitedAirSide(
    **vars(AIR_SIDE) | {"supply_low_c": 15.0, "supply_high_c": 27.0},
    dew_point_low_c=-9.0,
    dew_point_high_c=15.0,
    rh_low_frac=0.2,
    rh_high_frac=0.6,
    sensible_frac=0.97,
)


@pytest.mark.parametrize(
    ("temp_c", "rh_pct", "chilled", "sprayed"),
    [
        (20.0, 40.0, False, False),  # within all limits
        (20.0, 70.0, True, False),  # too humid, and nothing dries it
        (20.0, 10.0, False, True),  # too dry
        (10.0, 95.0, False, False),  # warmed by return air
        (-20.0, 60.0, False, True),  # warmed, and then too dry
        (28.0, 40.0, True, False),  # too hot, though spray would cool it
        (26.9, 40.0, False, False),
    ],
)
def test_the_control_of_2022_dries_and_cools_nothing(temp_c, rh_pct, chilled, sprayed):
    found = balance(LIMITED, air_at(temp_c, rh_pct))
    still = balance(LIMITED, air_at(20.0, 40.0))
    assert bool(found.pue > still.pue + 0.05) == chilled
    assert bool(found.wue_l_per_kwh > 0.0) == (chilled or sprayed)


def test_both_controls_agree_where_nothing_is_sprayed_or_chilled():
    air = air_at([16.0, 20.0, 24.0], [45.0, 40.0, 35.0])
    plain = replace(AIR_SIDE, supply_low_c=15.0, supply_high_c=27.0)
    assert balance(LIMITED, air).pue == pytest.approx(balance(plain, air).pue, abs=1e-12)


@pytest.mark.parametrize("facility", FACILITIES, ids=lambda facility: facility.facility_id)
def test_arrays_of_sites_hours_and_draws_hold_what_single_hours_give(facility):
    temp = np.array([[-25.0, 0.0, 14.0], [21.0, 29.0, 38.0]])[:, np.newaxis]
    air = air_at(temp, [30.0, 60.0, 90.0], np.array([[[101325.0]], [[85000.0]]]))
    plants = draw(facility, 4, seed=1)
    together = balance(plants, air)
    assert together.pue.shape == together.wue_l_per_kwh.shape == (2, 4, 3)
    for number in range(4):
        one = replace(
            plants,
            **{
                name: value[number, 0]
                for name, value in vars(plants).items()
                if isinstance(value, np.ndarray)
            },
        )
        alone = balance(one, air)
        assert together.pue[:, number] == pytest.approx(alone.pue[:, 0], rel=1e-13)
        assert together.wue_l_per_kwh[:, number] == pytest.approx(
            alone.wue_l_per_kwh[:, 0], rel=1e-12, abs=1e-15
        )


def test_the_chiller_is_neither_free_in_the_cold_nor_cheaper_in_the_heat():
    cold, coldest = chiller_cop(12.0, 0.5, 0.0), chiller_cop(-20.0, 0.5, 0.0)
    assert coldest == cold < 13.0
    hot = chiller_cop(np.arange(12.0, 60.0), 0.5, 0.0)
    assert np.all(np.diff(hot) <= 0.0)
    # Points of the regression that lie inside, worked out apart: 8.8 at 20 °C, 6.0 at 30 °C.
    assert chiller_cop(np.array([20.0, 30.0]), 0.5, 0.0) == pytest.approx([8.8, 6.0], abs=0.05)


def test_water_of_the_tower_by_hand():
    # Free cooling at 5 °C: all heat through the tower, evaporation by the latent heat of
    # water at wet bulb + approach + half the range, drift and drain on top, coil's water.
    air = air_at(5.0, 50.0)
    heat = 1 / 0.980302734 + 1 / (1 - 0.00560546875) - 1 + 0.00181445313
    cooling = heat / 0.986289063
    bulb = float(air.wet_bulb_c)
    water_c = bulb + 6.50576172 + 4.13867188 / 2
    evaporated = cooling / (2500.5 - 2.3097 * water_c - 0.0013 * water_c**2)
    drifted = 0.001 * cooling / (4.2 * 4.13867188)
    drained = evaporated / 4.0 - drifted
    coil_c = 27.3671875 + 18.8856337 * (1 - 1 / 0.816601563) + 7.50488281 / 2
    condensed = (cooling - heat) / (2500.5 - 2.3097 * coil_c - 0.0013 * coil_c**2)
    wanted = 3600.0 * (evaporated + drifted + drained + condensed)
    assert balance(WATER_SIDE, air).wue_l_per_kwh == pytest.approx(wanted, rel=1e-9)


def test_air_that_needs_nothing_takes_no_water():
    assert balance(AIR_SIDE, air_at(20.0, 40.0)).wue_l_per_kwh == 0.0


def test_cold_dry_air_is_mixed_before_it_is_humidified():
    # Outdoor share s of the mix: s T_oa + (1 - s)(T_sa + dT) = T_sa, so that at -20 °C
    # s = 14.78 / (10.37 + 20 + 14.78) up to the warmth that the water vapour holds.
    air = air_at(-20.0, 60.0, 89500.0)
    heat = 1 / 0.980302734 + 1 / (1 - 0.00560546875) - 1 + 0.00181445313
    share = 14.7840712 / (10.3671875 + 20.0 + 14.7840712)
    vapour = 0.2 * float(saturation_pressure_pa(np.array(10.3671875)))
    added = 621.98 * vapour / (89500.0 - vapour) - float(air.humidity_g_per_kg)
    wanted = 3600.0 * share * heat / (1.01 * 14.7840712) * added / 1000.0
    assert balance(AIR_SIDE, air).wue_l_per_kwh == pytest.approx(wanted, rel=0.08)


def test_dry_air_side_runs_the_chiller_when_the_air_is_too_dry_too_wet_or_too_hot():
    plant = replace(typify(FACILITIES[2]), supply_low_c=15.0, supply_high_c=30.0, rh_low_frac=0.2)
    assert isinstance(plant, DryAirSide)
    air = air_at([-20.0, 18.0, 18.0, 26.0, 32.0], [60.0, 45.0, 5.0, 90.0, 30.0])
    free = balance(plant, air).wue_l_per_kwh == 0.0
    assert free.tolist() == [False, True, False, False, False]


def test_without_an_economiser_the_chiller_takes_all():
    chiller = replace(WATER_SIDE, exchanger_approach_k=float("inf"))
    cold = air_at(-10.0, 50.0)
    assert balance(chiller, cold).pue > balance(WATER_SIDE, cold).pue + 0.05
    # Where the economiser gives nothing, both are one.
    hot = air_at(38.0, 60.0)
    assert balance(chiller, hot).pue == pytest.approx(balance(WATER_SIDE, hot).pue, abs=1e-12)


def test_thin_air_costs_fan_power_in_proportion():
    low, high = (balance(AIR_SIDE, air_at(15.0, 50.0, p)).pue for p in (101325.0, 85000.0))
    still = replace(AIR_SIDE, air_fan_pa=0.0)
    base = balance(still, air_at(15.0, 50.0)).pue
    assert (high - base) / (low - base) == pytest.approx(101325.0 / 85000.0, rel=1e-9)


@given(
    st.sampled_from(COMMON),
    st.floats(-35.0, 40.0),
    st.floats(0.0, 5.0),
    st.floats(10.0, 95.0),
    st.floats(0.0, 2500.0),
)
def test_warmer_air_of_the_same_relative_humidity_costs_no_less(facility, temp, more, rh, height):
    if facility.plant is AirSide:
        # Below the supply's lower limit warmer air needs less spray: that is a saving.
        temp = max(temp, 14.0)
    pressure = float(standard_pressure_pa(height))
    plant = typify(facility)
    cool, warm = (float(balance(plant, air_at(t, rh, pressure)).pue) for t in (temp, temp + more))
    # Air at the tower and the racks gets thinner, and its chiller less efficient, with heat;
    # what falls is only the spray of air at its upper limit, below 0.002.
    assert warm >= cool - 0.002


@given(st.sampled_from(FACILITIES), st.floats(-40.0, 45.0), st.floats(2.0, 100.0))
def test_pue_is_above_the_losses_and_water_is_not_negative(facility, temp, rh):
    plant = typify(facility)
    found = balance(plant, air_at(temp, rh, 88000.0))
    assert found.pue > 1.0 / plant.ups_efficiency
    assert found.wue_l_per_kwh >= 0.0


def test_the_authors_wet_bulb_and_the_handbooks_part_below_freezing():
    """Theirs is over water at all temperatures: 0.2 K apart above 10 °C, 0.8 K anywhere."""
    temp, rh = np.meshgrid(np.linspace(-30.0, 40.0, 71), [10.0, 30.0, 60.0, 90.0])
    pressure = float(standard_pressure_pa(1050.0))
    vapour = rh / 100.0 * saturation_pressure_pa(temp)
    theirs = observe(temp, vapour, pressure).wet_bulb_c
    psychrolib.SetUnitSystem(psychrolib.SI)
    held = np.vectorize(psychrolib.GetHumRatioFromVapPres)(vapour, pressure)
    handbook = np.vectorize(psychrolib.GetTWetBulbFromHumRatio)(temp, held, pressure)
    away = np.abs(theirs - handbook)
    assert away.max() <= 0.8
    assert away[temp > 10.0].max() <= 0.2
    assert away[temp < 0.0].max() > 0.2


def test_a_plant_of_no_kind_has_no_balance():
    base = {name: value for name, value in vars(AIR_SIDE).items() if not name.startswith("supply")}
    with pytest.raises(TypeError, match="no heat balance for Plant"):
        balance(Plant(**base), air_at(20.0, 40.0))
