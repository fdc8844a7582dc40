"""Energy, water and CO2 of a year, where a park's IT load is known or may be assumed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from gis.criteria.cooling.survey import WUE
from gis.criteria.finding import Finding

METHOD = "IT load all year round, times PUE, WUE and the grid's factor; see docs/model.md, cooling"
YEAR_KH = 8.76
UNITS = {"energy_gwh": "GWh", "water_m3": "m³", "co2_kt": "kt"}


@dataclass(frozen=True)
class Rate:
    """A number that the plan gives, and where it comes from."""

    value: float
    reason: str
    source_ids: tuple[str, ...]
    assumed: bool


@dataclass(frozen=True)
class LoadRates:
    """What turns counts into megawatts and energy into CO2; None and absent mean unknown.

    Parameters
    ----------
    rack_kw, server_kw
        IT power of one rack and of one server, kW.
    emission_kg_per_kwh
        City of the park to the factor of its grid, kg of CO2 per kWh.
    """

    rack_kw: Rate | None
    server_kw: Rate | None
    emission_kg_per_kwh: Mapping[str, Rate]


@dataclass(frozen=True)
class _Load:
    """IT load in MW, or None; why, or how it is known."""

    it_mw: float | None
    reason: str
    source_ids: tuple[str, ...] = ()
    assumed: bool = False


def measure_loads(
    parks: gpd.GeoDataFrame, cooling: Sequence[Finding], rates: LoadRates
) -> list[Finding]:
    """Measure `energy_gwh`, `water_m3` and `co2_kt` of every park.

    Parameters
    ----------
    parks
        Contract `PARKS`.
    cooling
        What `measure_cooling` found: `pue` and `wue_l_per_kwh` of every park.
    rates
        What the plan gives.
    """
    found = {(each.site_id, each.measure_id): each for each in cooling}
    findings = []
    for _, park in parks.iterrows():
        park_id = str(park["park_id"])
        load = _find_load(park, rates)
        pue, wue = found[park_id, "pue"], found[park_id, WUE]
        energy = _multiply("energy_gwh", pue, load, YEAR_KH)
        # Thousands of hours times MW are GWh; litres per kWh times GWh are thousands of m3.
        water = _multiply("water_m3", wue, load, 1000.0 * YEAR_KH)
        findings += [energy, water, _emit(energy, park.get("city"), rates)]
    return findings


def _find_load(park: pd.Series, rates: LoadRates) -> _Load:
    it_mw = park.get("it_load_mw")
    if pd.notna(it_mw):
        return _Load(float(it_mw), f"IT load {it_mw:g} MW, all year round", (park["source_id"],))
    counted = []
    for field, rate, key in (
        ("racks", rates.rack_kw, "rack_kw"),
        ("servers", rates.server_kw, "server_kw"),
    ):
        number = park.get(field)
        if pd.isna(number):
            continue
        if rate is not None:
            reason = f"{number:g} {field} of {rate.value:g} kW ({rate.reason}), all year round"
            sources = (park["source_id"], *rate.source_ids)
            return _Load(float(number) * rate.value / 1000.0, reason, sources, rate.assumed)
        counted.append(f"{number:g} {field} are known, but the plan gives no {key}")
    return _Load(None, "; ".join(["no IT load is known", *counted]))


def _multiply(name: str, per_it: Finding, load: _Load, factor: float) -> Finding:
    if load.it_mw is None or per_it.value is None:
        why = per_it.reason if load.it_mw is not None else load.reason
        return _unknown(per_it.site_id, name, why)
    times = load.it_mw * factor
    return Finding(
        per_it.site_id,
        name,
        "climate",
        UNITS[name],
        "assumed" if load.assumed else per_it.status,
        value=per_it.value * times,
        low=_scale(per_it.low, times),
        high=_scale(per_it.high, times),
        band=per_it.band,
        reason=f"{load.reason}; {per_it.reason}",
        source_ids=(*per_it.source_ids, *load.source_ids),
        method=METHOD,
    )


def _emit(energy: Finding, city: object, rates: LoadRates) -> Finding:
    rate = rates.emission_kg_per_kwh.get(str(city))
    if energy.value is None:
        return _unknown(energy.site_id, "co2_kt", energy.reason)
    if rate is None:
        where = city if isinstance(city, str) else "its city"
        return _unknown(energy.site_id, "co2_kt", f"the plan gives no grid factor for {where}")
    return Finding(
        energy.site_id,
        "co2_kt",
        "climate",
        UNITS["co2_kt"],
        "assumed" if rate.assumed else energy.status,
        value=energy.value * rate.value,
        low=_scale(energy.low, rate.value),
        high=_scale(energy.high, rate.value),
        band=energy.band,
        reason=f"{rate.value:g} kg/kWh ({rate.reason}); {energy.reason}",
        source_ids=(*energy.source_ids, *rate.source_ids),
        method=METHOD,
    )


def _scale(value: float | None, times: float) -> float | None:
    return None if value is None else value * times


def _unknown(park_id: str, name: str, why: str) -> Finding:
    return Finding(park_id, name, "climate", UNITS[name], "unknown", reason=why, method=METHOD)
