"""Free-cooling hours, kind by kind, on years whose answer is known beforehand."""

from dataclasses import replace

import numpy as np
import pytest

from steppe.criteria.cooling.facilities import FACILITIES, typify
from steppe.criteria.cooling.free_hours import (
    ENVELOPES,
    count_dry_bulb_hours,
    count_envelope_hours,
    count_wet_bulb_hours,
)
from steppe.criteria.cooling.weather import Weather
from steppe.criteria.moist_air import saturation_pressure_pa

BY_ID = {envelope.envelope_id: envelope for envelope in ENVELOPES}
RECOMMENDED = BY_ID["recommended"]


def year_of(temps_c, dews_c, pressure_pa=101325.0):
    """A year that spends the same time in each state."""
    temp, dew = np.broadcast_arrays(np.asarray(temps_c, dtype=float), dews_c)
    vapour = saturation_pressure_pa(dew, over_ice=False)
    return Weather(temp, vapour, np.full(temp.shape, pressure_pa), "measured")


def test_dry_bulb_hours_are_a_share_of_the_year():
    weather = year_of([-10.0, 10.0, 18.0, 25.0], -12.0)
    assert count_dry_bulb_hours(weather, 18.0) == 8760.0 * 3 / 4


def test_saturated_air_splits_into_full_partial_and_none_at_the_waters_temperatures():
    plant = replace(
        typify(FACILITIES[1]),
        supply_high_c=27.0,
        air_rise_k=16.0,
        coil_effectiveness=0.8,
        water_rise_k=8.0,
        tower_approach_k=4.0,
        exchanger_approach_k=2.0,
    )
    # Water goes out at 27 + 16 - 16/0.8 = 23 °C and comes back at 31 °C: the tower's wet
    # bulb may be 17 °C for all and 25 °C for a part of the heat; saturated air is its own.
    temps = [10.0, 16.9, 17.1, 24.9, 25.1, 30.0]
    full, partial = count_wet_bulb_hours(year_of(temps, temps).air, plant)
    assert (full, partial) == (8760.0 * 2 / 6, 8760.0 * 2 / 6)


@pytest.mark.parametrize(
    ("temp_c", "dew_c", "as_it_is", "humidified"),
    [
        (22.0, 10.0, True, True),
        (22.0, 14.9, True, True),  # 64 % at 22 °C, 57 % warmed to 24 °C
        (26.0, 15.1, False, False),  # dew point too high
        (26.0, -9.1, False, True),  # too dry
        (26.0, -8.9, True, True),
        (-15.0, -16.0, False, True),  # warmed by return air to 18 °C, and too dry
        (0.0, -1.0, True, True),
        (27.1, 0.0, False, False),
    ],
)
def test_the_recommended_envelope(temp_c, dew_c, as_it_is, humidified):
    found = count_envelope_hours(year_of([temp_c], dew_c), RECOMMENDED, height_m=0.0)
    assert found == (8760.0 * as_it_is, 8760.0 * humidified)


def test_allowable_classes_take_in_ever_more():
    # Class by class: what one lets in, the next lets in too, state by state.
    temp, dew = np.meshgrid(np.linspace(-30.0, 48.0, 27), np.linspace(-25.0, 30.0, 23))
    kept = temp >= dew
    counts = np.array(
        [
            [
                count_envelope_hours(year_of([t], d), envelope, height_m=0.0)
                for t, d in zip(temp[kept], dew[kept], strict=True)
            ]
            for envelope in ENVELOPES
        ]
    )
    assert np.all(np.diff(counts, axis=0) >= 0.0)
    shares = counts[..., 0].mean(axis=1)
    assert shares[0] < shares[1] < shares[-1]


def test_height_lowers_the_allowable_dry_bulb_and_not_the_recommended():
    # Above 900 m: 1 K per 300 m in class A1, so 1.67 K at 1400 m; per 125 m in A4, 4 K.
    assert BY_ID["allowable_a1"].high_at_c(1400.0) == pytest.approx(32.0 - 500.0 / 300.0)
    assert BY_ID["allowable_a4"].high_at_c(1400.0) == pytest.approx(41.0)
    assert BY_ID["allowable_a1"].high_at_c(500.0) == 32.0
    assert RECOMMENDED.high_at_c(3000.0) == 27.0
    weather = year_of([31.0], 5.0)
    low, high = (
        count_envelope_hours(weather, BY_ID["allowable_a1"], height_m=height)
        for height in (0.0, 1400.0)
    )
    assert (low, high) == ((8760.0, 8760.0), (0.0, 0.0))
