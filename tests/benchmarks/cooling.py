"""Time the heat balance on arrays beside the same equations hour by hour, in one run.

100 sites x 8760 hours x 2 facilities in one set of parameters.  The peer is a scalar loop
written after the published equations, as their authors run them; it is timed on a share of
the hours.  The table is printed only after all answers of that share were compared, so that
nobody is fast and wrong.  Prints Markdown.  Run it by `make bench`.
"""

from __future__ import annotations

import math
import os
import platform
import sys
import time
from importlib import metadata

import numpy as np
from scipy.optimize import brentq

from steppe.criteria.cooling.balance import CHILLER_HIGH_C, CHILLER_LOW_C, balance
from steppe.criteria.cooling.facilities import FACILITIES, typify
from steppe.criteria.cooling.outdoor import observe
from steppe.criteria.cooling.plant import AirSide, WaterSide
from steppe.criteria.cooling.weather import HOURS, Normals, Weather, synthesize_year

N_SITES = 100
SCALAR_STEP = 97  # the scalar loop takes every 97th hour of every site
N_ROUNDS = 5
TOLERANCE = 1e-9
LEAST_GAIN = 100.0
PACKAGES = ("numpy", "scipy")


def saturation_pa(temp_c: float) -> float:
    return 611.21 * math.exp((18.678 - temp_c / 234.5) * temp_c / (257.14 + temp_c))


def enthalpy(temp_c: float, humidity: float) -> float:
    return 1.01 * temp_c + (2500.0 + 1.84 * temp_c) * humidity / 1000.0


def limit(vapour_pa: float, pressure_pa: float) -> float:
    return 621.98 * vapour_pa / (pressure_pa - vapour_pa)


def density(temp_c: float, pressure_pa: float) -> float:
    return 1.293 * (pressure_pa / 101325.0) * 273.15 / (273.15 + temp_c)


def wet_bulb_c(temp_c: float, vapour_pa: float, pressure_pa: float) -> float:
    def held(bulb_c: float, vapour: float) -> float:
        ratio = 0.62198 * vapour / (pressure_pa - vapour)
        return 1.01 * bulb_c + (2500.0 + 1.84 * bulb_c) * ratio

    wanted = held(temp_c, vapour_pa)

    def excess(bulb_c: float) -> float:
        exponent = (18.678 - bulb_c / 234.5) * bulb_c / (257.14 + bulb_c)
        return held(bulb_c, 611.2 * math.exp(exponent)) - wanted

    return brentq(excess, -90.0, temp_c + 1.0, xtol=1e-12)


def fan_kw(flow: float, air_density: float, pressure_pa: float, efficiency: float) -> float:
    return flow / air_density * pressure_pa / efficiency / 1000.0


def pump_kw(flow: float, pressure_pa: float, efficiency: float) -> float:
    return pressure_pa * flow / (1000.0 * efficiency * 1000.0)


def losses_kw(plant) -> float:
    distribution = 1.0 / (1.0 - plant.distribution_loss_frac) - 1.0
    return 1.0 / plant.ups_efficiency - 1.0 + distribution + plant.lighting_frac


def chiller_and_tower_kw(to_chiller, to_tower, bulb_c, place, plant) -> float:
    """Return the power of all that stands behind the coil; `place` is temperature, pressure."""
    t = min(max(bulb_c + plant.tower_approach_k, CHILLER_LOW_C), CHILLER_HIGH_C)
    part = plant.chiller_load_frac
    cop = 16.798751 + 0.008840 * t**2 - 8.528931 * part**2 + 9.885294 * part - 0.760621 * t
    power = to_chiller / ((cop + 0.084615 * part * t) * (1.0 + plant.cop_error_frac))
    chilled = to_chiller / (4.2 * plant.water_rise_k)
    water = (to_tower + power) / (4.2 * plant.tower_range_k)
    blown = water / plant.liquid_gas_ratio
    return (
        power
        + pump_kw(chilled, plant.chilled_pump_pa, plant.chilled_pump_efficiency)
        + pump_kw(water, plant.tower_pump_pa, plant.tower_pump_efficiency)
        + fan_kw(blown, density(*place), plant.tower_fan_pa, plant.tower_fan_efficiency)
    )


def air_side_pue(temp_c: float, vapour_pa: float, pressure_pa: float, plant: AirSide) -> float:
    humidity = 622.0 * vapour_pa / (pressure_pa - vapour_pa)
    bulb_c = wet_bulb_c(temp_c, vapour_pa, pressure_pa)
    heat = 1.0 + losses_kw(plant)
    supply_c = min(max(temp_c, plant.supply_low_c), plant.supply_high_c)
    flow = heat / (1.01 * plant.air_rise_k)
    held = enthalpy(temp_c, humidity)
    dew = 611.21 * math.exp(18.678 * 15.0 / (257.14 + 15.0))
    adiabatic = (held - 1.01 * supply_c) / (2500.0 + 1.84 * supply_c) * 1000.0
    to_chiller, added = 0.0, 0.0
    if held < enthalpy(27.0, limit(dew, pressure_pa)):
        if temp_c <= supply_c:
            added = max(limit(0.2 * saturation_pa(supply_c), pressure_pa) - humidity, 0.0)
        else:
            added = max(adiabatic - humidity, 0.0)
    elif held <= enthalpy(supply_c, limit(0.8 * saturation_pa(supply_c), pressure_pa)):
        added = max(adiabatic - humidity, 0.0)
    else:
        to_chiller = heat
    sprayed = flow - flow / (1.0 + added / 1000.0)
    place = (temp_c, pressure_pa)
    return (
        heat
        + fan_kw(flow, density(supply_c, pressure_pa), plant.air_fan_pa, plant.air_fan_efficiency)
        + pump_kw(sprayed, plant.humidifier_pump_pa, plant.humidifier_pump_efficiency)
        + chiller_and_tower_kw(to_chiller, to_chiller, bulb_c, place, plant)
    )


def water_side_pue(temp_c: float, vapour_pa: float, pressure_pa: float, plant: WaterSide) -> float:
    bulb_c = wet_bulb_c(temp_c, vapour_pa, pressure_pa)
    heat = 1.0 + losses_kw(plant)
    flow = heat / (1.01 * plant.air_rise_k)
    cooling = heat / plant.sensible_frac
    sent_c = plant.supply_high_c + plant.air_rise_k - plant.air_rise_k / plant.coil_effectiveness
    back_c = sent_c + plant.water_rise_k
    mean_c = (sent_c + back_c) / 2.0
    condensed = (cooling - heat) / (-0.0013 * mean_c**2 - 2.3097 * mean_c + 2500.5)
    reached_c = bulb_c + plant.tower_approach_k + plant.exchanger_approach_k
    if reached_c <= sent_c:
        share = 1.0
    elif reached_c >= back_c:
        share = 0.0
    else:
        share = (back_c - reached_c) / (back_c - sent_c)
    free = cooling * share / (4.2 * plant.water_rise_k)
    supply_density = density(plant.supply_high_c, pressure_pa)
    place = (temp_c, pressure_pa)
    return (
        heat
        + fan_kw(flow, supply_density, plant.air_fan_pa, plant.air_fan_efficiency)
        + pump_kw(condensed, plant.humidifier_pump_pa, plant.humidifier_pump_efficiency)
        + pump_kw(free, plant.economiser_pump_pa, plant.economiser_pump_efficiency)
        + chiller_and_tower_kw(cooling * (1.0 - share), cooling, bulb_c, place, plant)
    )


PLANTS = tuple(typify(facility) for facility in FACILITIES[:2])
SCALARS = (air_side_pue, water_side_pue)


def make_weather() -> list[Weather]:
    """Make sites from -5 to 20 °C and from the sea to 2000 m."""
    share = np.linspace(0.0, 1.0, N_SITES)
    swing_k = 14.0 * np.cos((np.arange(12) - 6) * math.pi / 6.0)
    return [
        synthesize_year(
            Normals(
                tuple(25.0 * part - 5.0 + swing_k),
                diurnal_range_k=(11.0,) * 12,
                day_spread_k=(3.0,) * 12,
                persistence=0.7,
                dryness_k=2.0,
                height_m=2000.0 * (1.0 - part),
            )
        )
        for part in share
    ]


def run_arrays(sites: list[Weather]) -> np.ndarray:
    """Return PUE of shape (2, sites, hours)."""
    answers = np.empty((len(PLANTS), N_SITES, HOURS))
    for number, weather in enumerate(sites):
        air = observe(weather.temp_c, weather.vapour_pressure_pa, weather.pressure_pa)
        for case, plant in enumerate(PLANTS):
            answers[case, number] = balance(plant, air).pue
    return answers


def run_scalars(sites: list[Weather]) -> np.ndarray:
    """Return PUE of shape (2, sites, share of the hours)."""
    thinned = [
        [
            values[::SCALAR_STEP].tolist()
            for values in (weather.temp_c, weather.vapour_pressure_pa, weather.pressure_pa)
        ]
        for weather in sites
    ]
    return np.array(
        [
            [[pue(*hour, plant) for hour in zip(*site, strict=True)] for site in thinned]
            for pue, plant in zip(SCALARS, PLANTS, strict=True)
        ]
    )


def main() -> None:
    """Print the machine and the table."""
    sites = make_weather()
    best = {"ours": math.inf, "scalar": math.inf}
    for _ in range(N_ROUNDS):
        for name, run in (("ours", run_arrays), ("scalar", run_scalars)):
            start = time.perf_counter()
            answer = run(sites)
            best[name] = min(best[name], time.perf_counter() - start)
            if name == "ours":
                ours = answer[..., ::SCALAR_STEP]
            elif not np.abs(answer - ours).max() <= TOLERANCE:
                sys.exit("the scalar loop and ours differ")
    n_ours = len(PLANTS) * N_SITES * HOURS
    n_scalar = ours.size
    rates = {"ours": n_ours / best["ours"], "scalar": n_scalar / best["scalar"]}
    gain = rates["ours"] / rates["scalar"]
    memory_gb = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in PACKAGES)
    machine = f"{len(os.sched_getaffinity(0))} cores, {memory_gb:.0f} GiB, {platform.machine()}"
    rows = [
        ["way", "site-case-hours", "s", "per second", "times the scalar loop"],
        ["--"] * 5,
        [
            "arrays, PUE and WUE",
            str(n_ours),
            f"{best['ours']:.3g}",
            f"{rates['ours']:.3g}",
            f"{gain:.0f}",
        ],
        ["scalar loop, PUE", str(n_scalar), f"{best['scalar']:.3g}", f"{rates['scalar']:.3g}", "1"],
    ]
    python = f"Python {platform.python_version()}"
    lines = [f"| {' | '.join(row)} |" for row in rows]
    sys.stdout.write("\n".join([f"{machine}; {python}, {versions}.", "", *lines, ""]))
    if gain < LEAST_GAIN:
        sys.exit(f"less than {LEAST_GAIN:g} times as fast")


if __name__ == "__main__":
    main()
