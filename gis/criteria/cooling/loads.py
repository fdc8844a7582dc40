"""Energy, water and CO2 of a year, where a park's IT load is known or may be assumed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from steppe.criteria.cooling.survey import WUE
from steppe.criteria.finding import Finding
from steppe.layers.wording import Message, Words, join, tell

METHOD = tell("method.loads")
YEAR_KH = 8.76
UNITS = {"energy_gwh": "GWh", "water_m3": "m³", "co2_kt": "kt"}
REACHED = "reached"

# What is counted, and what one of it stands for; the first known goes before the rest.
IT_LOAD, RACKS, SERVERS = COUNTED = ("it_load_mw", "racks", "servers")


@dataclass(frozen=True)
class Rate:
    """A number that the plan gives, and where it comes from."""

    value: float
    reason: str
    source_ids: tuple[str, ...]
    assumed: bool


@dataclass(frozen=True)
class LoadRates:
    """What turns counts into megawatts; None means unknown.

    Parameters
    ----------
    rack_kw, server_kw
        IT power of one rack and of one server, kW.
    """

    rack_kw: Rate | None
    server_kw: Rate | None


@dataclass(frozen=True)
class Count:
    """What a document says that a park or region holds, or is to hold, in a year.

    Parameters
    ----------
    counted
        One of `COUNTED`: MW of IT load, racks, or servers.
    number
        How many.
    year
        Year that it speaks of.
    standing
        `reached`, `planned` or `target`.
    source_id
        Document.
    said_in
        Figure that says so, or `parks`.
    is_dated
        Whether the document speaks of that year; else it is the date of the park's table, and
        the count holds in every year.
    """

    counted: str
    number: float
    year: int
    standing: str
    source_id: str
    said_in: str
    is_dated: bool = True

    @property
    def when(self) -> Message:
        """The year in words."""
        return tell("load.in_year" if self.is_dated else "load.as_of", year=self.year)


@dataclass(frozen=True)
class Load:
    """IT load in MW, or None; why, or how it is known."""

    it_mw: float | None
    reason: Words
    source_ids: tuple[str, ...] = ()
    assumed: bool = False


def convert(count: Count, rates: LoadRates) -> Load:
    """Return the IT load of a count, unknown where the plan gives no rate."""
    if count.counted == IT_LOAD:
        reason = tell("load.it_load", number=count.number, when=count.when)
        return Load(count.number, reason, (count.source_id,))
    name, rate = (
        ("rack_kw", rates.rack_kw) if count.counted == RACKS else ("server_kw", rates.server_kw)
    )
    said = tell(f"load.{count.counted}", number=count.number, when=count.when)
    if rate is None:
        return Load(None, tell("load.no_rate", said=said, name=name))
    return Load(
        count.number * rate.value / 1000.0,
        tell("load.each", said=said, kw=rate.value, reason=rate.reason),
        (count.source_id, *rate.source_ids),
        rate.assumed,
    )


def find_load(counts: Sequence[Count], rates: LoadRates, *, year: int) -> Load:
    """Return the load that was reached by a year: MW before racks before servers, then the latest.

    Of one kind, what speaks of a year goes before what does not.

    Parameters
    ----------
    counts
        What is known of one park.
    rates
        What the plan gives.
    year
        What speaks of later years does not count.
    """
    reached = [
        each
        for each in counts
        if each.standing == REACHED and (each.year <= year or not each.is_dated)
    ]
    ordered = sorted(
        reached, key=lambda each: (COUNTED.index(each.counted), not each.is_dated, -each.year)
    )
    loads = [convert(each, rates) for each in ordered]
    for load in loads:
        if load.it_mw is not None:
            return load
    why = [tell("load.none"), *(load.reason for load in loads)]
    return Load(None, join(why, "join.semicolon"))


def measure_loads(
    loads: Mapping[str, Load],
    cooling: Sequence[Finding],
    *,
    carbon: Mapping[str, Finding],
) -> list[Finding]:
    """Measure `energy_gwh`, `water_m3` and `co2_kt` of every park.

    Parameters
    ----------
    loads
        Park to its IT load.
    cooling
        What `measure_cooling` found: `pue` and `wue_l_per_kwh` of every park.
    carbon
        Park to `grid_co2_kg_mwh`, what a MWh of its grid gives.
    """
    found = {(each.site_id, each.measure_id): each for each in cooling}
    findings = []
    for park_id, load in loads.items():
        energy = multiply("energy_gwh", found[park_id, "pue"], load)
        water = multiply("water_m3", found[park_id, WUE], load)
        findings += [energy, water, _emit(energy, carbon[park_id])]
    return findings


# Thousands of hours times MW are GWh; litres per kWh times GWh are thousands of m3.
_TIMES = {"energy_gwh": YEAR_KH, "water_m3": 1000.0 * YEAR_KH}


def multiply(name: str, per_it: Finding, load: Load) -> Finding:
    """Return the energy or water of a load, from the PUE or WUE of its site.

    `energy_gwh` = MW x 8.76 x PUE; `water_m3` = MW x 8760 x WUE, with WUE in L/kWh.
    """
    if load.it_mw is None or per_it.value is None:
        why = per_it.reason if load.it_mw is not None else load.reason
        return _unknown(per_it.site_id, name, why)
    times = load.it_mw * _TIMES[name]
    return Finding(
        per_it.site_id,
        name,
        "assumed" if load.assumed else per_it.status,
        value=per_it.value * times,
        low=_scale(per_it.low, times),
        high=_scale(per_it.high, times),
        band=per_it.band,
        reason=join([load.reason, per_it.reason], "join.semicolon"),
        source_ids=(*per_it.source_ids, *load.source_ids),
    )


def _emit(energy: Finding, factor: Finding) -> Finding:
    """Return `co2_kt`: GWh times kg/MWh are tonnes."""
    if energy.value is None or factor.value is None:
        why = energy.reason if energy.value is None else factor.reason
        return _unknown(energy.site_id, "co2_kt", why)
    kt_gwh = factor.value / 1000.0
    return Finding(
        energy.site_id,
        "co2_kt",
        energy.status,
        value=energy.value * kt_gwh,
        low=_scale(energy.low, kt_gwh),
        high=_scale(energy.high, kt_gwh),
        band=energy.band,
        reason=join(
            [tell("load.emission", rate=factor.value, reason=factor.reason), energy.reason],
            "join.semicolon",
        ),
        source_ids=(*energy.source_ids, *factor.source_ids),
    )


def _scale(value: float | None, times: float) -> float | None:
    return None if value is None else value * times


def _unknown(park_id: str, name: str, why: Words) -> Finding:
    return Finding(park_id, name, "unknown", reason=why)
