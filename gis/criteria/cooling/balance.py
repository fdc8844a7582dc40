"""The heat balance of a data centre hour by hour: PUE and WUE.

N. Lei, E. Masanet, "Statistical analysis for predicting location-specific data center PUE
and its improvement potential", Energy 201 (2020) 117556, for the power; the same, "Climate-
and technology-specific PUE and WUE estimations for U.S. data centers", Resources,
Conservation and Recycling 182 (2022) 106323, for the water and for `DryAirSide`.

All powers are in kW for 1 kW of IT load, flows in kg/s.  Air has the shape (..., hours),
parameters are numbers or broadcast against it, and so do the answers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from steppe.criteria.cooling.outdoor import (
    OutdoorAir,
    density_kg_per_m3,
    enthalpy_kj_per_kg,
    humidity_at,
    saturation_pressure_pa,
)
from steppe.criteria.cooling.plant import (
    AirSide,
    DryAirSide,
    LimitedAirSide,
    Plant,
    Value,
    WaterSide,
)

Floats = NDArray[np.float64]

AIR_KJ_PER_KG_K = 1.01
WATER_KJ_PER_KG_K = 4.2
SECONDS_PER_HOUR = 3600.0

# The regression of the chiller's efficiency is clamped to the condenser water that chillers
# are run with; beyond, the parabola would make a cold hour free and a hot one cheap.  Low: the
# coldest water of the part-load rating, 65 °F (AHRI 550/590, quoted in ASHRAE Journal, December
# 2009, p. 23).  High: assumed; the known answers lie inside.
CHILLER_LOW_C = 18.3
CHILLER_HIGH_C = 35.0

# The authors' first regime: enthalpy below that of 27 °C at a dew point of 15 °C.
_REGIME_TEMP_C = 27.0
_REGIME_VAPOUR_PA = 611.21 * np.exp(18.678 * 15.0 / (257.14 + 15.0))
_DRIEST_RH = 0.2
_WETTEST_RH = 0.8


@dataclass(frozen=True)
class Balance:
    """Facility power per IT power, and litres of water per kWh of IT energy, hour by hour."""

    pue: Floats
    wue_l_per_kwh: Floats


def _fan_kw(flow_kg_s: Value, density: Floats, pressure_pa: Value, efficiency: Value) -> Floats:
    return np.asarray(flow_kg_s * (pressure_pa / (1000.0 * efficiency)) / density)


def _pump_kw(flow_kg_s: Value, pressure_pa: Value, efficiency: Value) -> Floats:
    return np.asarray(flow_kg_s * (pressure_pa / (1000.0 * efficiency * 1000.0)))


def _latent_kj_per_kg(water_c: Value) -> Value:
    return (-0.0013 * water_c - 2.3097) * water_c + 2500.5


def _losses_kw(plant: Plant) -> Value:
    unusable = 1.0 / plant.ups_efficiency - 1.0
    return unusable + (1.0 / (1.0 - plant.distribution_loss_frac) - 1.0) + plant.lighting_frac


def chiller_cop(condenser_c: Value, load_frac: Value, error_frac: Value) -> Floats:
    """Return kW of heat that a water-cooled chiller moves per kW.

    Parameters
    ----------
    condenser_c
        Water that reaches the condenser, °C; clamped to 12 to 35.
    load_frac
        Part load.
    error_frac
        How far this chiller is off the regression.
    """
    t = np.clip(condenser_c, CHILLER_LOW_C, CHILLER_HIGH_C)
    off = 1.0 + error_frac
    of_load = (16.798751 - 8.528931 * load_frac**2 + 9.885294 * load_frac) * off
    return np.asarray(of_load + t * (0.008840 * off * t + (0.084615 * load_frac - 0.760621) * off))


def _tower(heat_kw: Floats, air: OutdoorAir, plant: Plant) -> tuple[Floats, Floats]:
    """Return the tower's power in kW and its water in kg/s.

    All heat leaves by evaporation, which overstates the water of cold hours.
    """
    water_per_kw = 1.0 / (WATER_KJ_PER_KG_K * plant.tower_range_k)
    pumping = _pump_kw(heat_kw, water_per_kw * plant.tower_pump_pa, plant.tower_pump_efficiency)
    mean_c = air.wet_bulb_c + (plant.tower_approach_k + plant.tower_range_k / 2.0)
    evaporated = heat_kw / _latent_kj_per_kg(mean_c)
    blowing = _fan_kw(
        evaporated if plant.ratio_of_evaporated else heat_kw * water_per_kw,
        air.density_kg_per_m3,
        plant.tower_fan_pa / plant.liquid_gas_ratio,
        plant.tower_fan_efficiency,
    )
    # What is drained is what keeps the salts, less what drifts off anyway.
    left = np.maximum(
        evaporated / (plant.cycles - 1.0), heat_kw * (water_per_kw * plant.windage_frac)
    )
    return pumping + blowing, evaporated + left


def _chiller(heat_kw: Floats, air: OutdoorAir, plant: Plant) -> tuple[Floats, Floats]:
    """Return the power of the chiller alone and of the pump on its water, kW."""
    condenser_c = air.wet_bulb_c + plant.tower_approach_k
    power = heat_kw / chiller_cop(condenser_c, plant.chiller_load_frac, plant.cop_error_frac)
    head_pa = plant.chilled_pump_pa / (WATER_KJ_PER_KG_K * plant.water_rise_k)
    return power, _pump_kw(heat_kw, head_pa, plant.chilled_pump_efficiency)


def _supply(plant: Plant, supply_c: Value, air: OutdoorAir) -> tuple[Value, Value, Floats]:
    """Return the heat in kW, the supply air in kg/s and its fan's power in kW."""
    heat = 1.0 + _losses_kw(plant)
    flow = heat / (AIR_KJ_PER_KG_K * plant.air_rise_k)
    density = density_kg_per_m3(supply_c, air.pressure_pa)
    return heat, flow, _fan_kw(flow, density, plant.air_fan_pa, plant.air_fan_efficiency)


def balance(plant: Plant, air: OutdoorAir) -> Balance:
    """Return PUE and WUE of a plant in outdoor air, hour by hour.

    Parameters
    ----------
    plant
        `AirSide`, `DryAirSide` or `WaterSide`; fields are numbers or broadcast against `air`.
    air
        Arrays of shape (..., hours).

    Raises
    ------
    TypeError
        If `plant` is of another kind.

    Notes
    -----
    Every hour is steady; nothing is stored.
    """
    air = air.level()
    match plant:
        case DryAirSide():
            return _balance_dry_air_side(plant, air)
        case LimitedAirSide():
            return _balance_limited_air_side(plant, air)
        case AirSide():
            return _balance_air_side(plant, air)
        case WaterSide():
            return _balance_water_side(plant, air)
    msg = f"no heat balance for {type(plant).__name__}"
    raise TypeError(msg)


def _balance_air_side(plant: AirSide, air: OutdoorAir) -> Balance:
    supply_c = np.clip(air.temp_c, plant.supply_low_c, plant.supply_high_c)
    heat, flow, fan = _supply(plant, supply_c, air)
    saturated = saturation_pressure_pa(supply_c)
    driest = humidity_at(_DRIEST_RH * saturated, air.pressure_pa)
    wettest = humidity_at(_WETTEST_RH * saturated, air.pressure_pa)
    limit = enthalpy_kj_per_kg(_REGIME_TEMP_C, humidity_at(_REGIME_VAPOUR_PA, air.pressure_pa))
    running = (air.enthalpy_kj_per_kg < limit) | (
        air.enthalpy_kj_per_kg <= enthalpy_kj_per_kg(supply_c, wettest)
    )
    adiabatic = (air.enthalpy_kj_per_kg - 1.01 * supply_c) / (2500.0 + 1.84 * supply_c) * 1000.0
    wanted = np.where(air.temp_c <= supply_c, driest, adiabatic)
    added = np.where(running, np.maximum(wanted - air.humidity_g_per_kg, 0.0), 0.0)
    sprayed = flow - flow / (1.0 + added / 1000.0)
    spraying = _pump_kw(sprayed, plant.humidifier_pump_pa, plant.humidifier_pump_efficiency)
    to_chiller = np.where(running, 0.0, heat)
    chilling, pumping = _chiller(to_chiller, air, plant)
    tower, tower_water = _tower(to_chiller + chilling, air, plant)
    pue = 1.0 + _losses_kw(plant) + fan + spraying + chilling + pumping + tower
    # The power of 2020 sprays the whole supply; the water of 2022 only the outdoor part of
    # the mix with return air that gives the supply its temperature.
    warmth = AIR_KJ_PER_KG_K * plant.air_rise_k
    supplied = enthalpy_kj_per_kg(supply_c, air.humidity_g_per_kg + added)
    outdoor_share = warmth / np.maximum(supplied + warmth - air.enthalpy_kj_per_kg, warmth)
    return Balance(pue, SECONDS_PER_HOUR * (tower_water + sprayed * outdoor_share))


def _vapour_pa(air: OutdoorAir) -> Floats:
    """Return the vapour pressure at which a limit's humidity is that of the air, Pa."""
    return air.pressure_pa * air.humidity_g_per_kg / (621.98 + air.humidity_g_per_kg)


def _find_limits(plant: LimitedAirSide, air: OutdoorAir) -> tuple[Floats, Floats]:
    """Return the least and the most vapour pressure of the air that is drawn in, Pa.

    It is no colder than the supply may be; saturation rises with it.
    """
    saturated = np.maximum(
        saturation_pressure_pa(air.temp_c), saturation_pressure_pa(np.asarray(plant.supply_low_c))
    )
    low, high = (
        saturation_pressure_pa(np.asarray(dew_point_c))
        for dew_point_c in (plant.dew_point_low_c, plant.dew_point_high_c)
    )
    return (
        np.maximum(low, plant.rh_low_frac * saturated),
        np.minimum(high, plant.rh_high_frac * saturated),
    )


def _cool_by_chiller(
    plant: LimitedAirSide, air: OutdoorAir, heat_kw: Floats, supply_c: Floats
) -> tuple[Floats, Floats, Floats]:
    """Return the power in kW, the tower's water and what humidifies the air again, kg/s.

    Hours in which no plant's chiller runs are left out of the sums; all three are 0 there.
    """
    runs = np.asarray(heat_kw.reshape(-1, *heat_kw.shape[-1:]).any(axis=0))
    if runs.ndim and not runs.all():
        found = (np.zeros(heat_kw.shape), np.zeros(heat_kw.shape), np.zeros(heat_kw.shape))
        if runs.any():
            some = _cool_by_chiller(plant, air.pick(runs), heat_kw[..., runs], supply_c[..., runs])
            for whole, part in zip(found, some, strict=True):
                whole[..., runs] = part
        return found
    coil = heat_kw / plant.sensible_frac
    condensed = heat_kw * (1.0 / plant.sensible_frac - 1.0) / _latent_kj_per_kg(supply_c)
    chilling, pumping = _chiller(coil, air, plant)
    tower, tower_water = _tower(coil + chilling, air, plant)
    return chilling + pumping + tower, tower_water, condensed


def _balance_limited_air_side(plant: LimitedAirSide, air: OutdoorAir) -> Balance:
    least_pa, most_pa = _find_limits(plant, air)
    # Air colder than the supply is mixed with return air, which brings it within any limit
    # from above; warmer air is not mixed, and what is too humid or too hot is not used.
    running = (air.temp_c < plant.supply_low_c) | (
        (air.temp_c < plant.supply_high_c) & (_vapour_pa(air) <= most_pa)
    )
    low = humidity_at(least_pa, air.pressure_pa)
    added = np.where(running, np.maximum(low - air.humidity_g_per_kg, 0.0), 0.0)
    humid = air.humidity_g_per_kg + added
    sprayed_c = (air.enthalpy_kj_per_kg - 2.5 * humid) / (AIR_KJ_PER_KG_K + 0.00184 * humid)
    chilled_c = np.where(
        air.temp_c < plant.supply_high_c,
        np.maximum(plant.supply_low_c, plant.dew_point_high_c),
        plant.supply_high_c,
    )
    supply_c = np.where(running, np.maximum(sprayed_c, plant.supply_low_c), chilled_c)
    heat, flow, fan = _supply(plant, supply_c, air)
    warmth = AIR_KJ_PER_KG_K * plant.air_rise_k
    supplied = enthalpy_kj_per_kg(supply_c, humid)
    outdoor_share = warmth / np.maximum(supplied + warmth - air.enthalpy_kj_per_kg, warmth)
    sprayed = flow * outdoor_share * added / (1000.0 + humid)
    chilling, tower_water, condensed = _cool_by_chiller(
        plant, air, np.where(running, 0.0, heat), supply_c
    )
    water = sprayed + condensed
    spraying = _pump_kw(water, plant.humidifier_pump_pa, plant.humidifier_pump_efficiency)
    pue = 1.0 + _losses_kw(plant) + fan + spraying + chilling
    return Balance(pue, SECONDS_PER_HOUR * (tower_water + water))


def _balance_dry_air_side(plant: DryAirSide, air: OutdoorAir) -> Balance:
    drawn_c = np.maximum(air.temp_c, plant.supply_low_c)
    least_pa, most_pa = _find_limits(plant, air)
    held_pa = _vapour_pa(air)
    running = (air.temp_c <= plant.supply_high_c) & (least_pa <= held_pa) & (held_pa <= most_pa)
    supply_c = np.where(running, drawn_c, plant.supply_high_c)
    heat, _, fan = _supply(plant, supply_c, air)
    chilling, tower_water, condensed = _cool_by_chiller(
        plant, air, np.where(running, 0.0, heat), supply_c
    )
    spraying = _pump_kw(condensed, plant.humidifier_pump_pa, plant.humidifier_pump_efficiency)
    pue = 1.0 + _losses_kw(plant) + fan + spraying + chilling
    return Balance(pue, SECONDS_PER_HOUR * (tower_water + condensed))


def _balance_water_side(plant: WaterSide, air: OutdoorAir) -> Balance:
    heat, _, fan = _supply(plant, plant.supply_high_c, air)
    cooling = heat / plant.sensible_frac
    sent_c = plant.supply_high_c + plant.air_rise_k - plant.air_rise_k / plant.coil_effectiveness
    back_c = sent_c + plant.water_rise_k
    condensed = (cooling - heat) / _latent_kj_per_kg((sent_c + back_c) / 2.0)
    spraying = _pump_kw(condensed, plant.humidifier_pump_pa, plant.humidifier_pump_efficiency)
    reached_c = air.wet_bulb_c + (plant.tower_approach_k + plant.exchanger_approach_k)
    free = cooling * np.clip((back_c - reached_c) / plant.water_rise_k, 0.0, 1.0)
    free_flow = free / (WATER_KJ_PER_KG_K * plant.water_rise_k)
    freeing = _pump_kw(free_flow, plant.economiser_pump_pa, plant.economiser_pump_efficiency)
    chilling, pumping = _chiller(cooling - free, air, plant)
    tower, tower_water = _tower(cooling + chilling, air, plant)
    pue = 1.0 + _losses_kw(plant) + fan + spraying + freeing + chilling + pumping + tower
    return Balance(pue, SECONDS_PER_HOUR * (tower_water + condensed))
