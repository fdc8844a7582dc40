"""The measures of climate: temperature, and what cooling takes in it."""

from __future__ import annotations

from steppe.criteria.climate import METHOD as TEMPERATURE_METHOD
from steppe.criteria.climate import SiteClimate, interpolate_climate, measure_temperature
from steppe.criteria.cooling.facilities import FACILITIES
from steppe.criteria.cooling.findings import HOURS_METHOD, METHOD, measure_cooling
from steppe.criteria.cooling.survey import (
    DRY_BULB,
    IN_ALLOWABLE,
    IN_RECOMMENDED,
    WET_FULL,
    WET_PARTIAL,
    WUE,
)
from steppe.criteria.finding import Finding
from steppe.criteria.measure import Direction, KnownMeasure, MeasureGroup
from steppe.criteria.surroundings import Surroundings
from steppe.layers.wording import Words, join, tell

_FOUND_FROM = ("stations", "elevation")

_BY_FACILITY = {
    "hyperscale_air": ("超大规模、新风", "hyperscale, outside air"),
    "hyperscale_water": ("超大规模、水侧", "hyperscale, water side"),
    "colocation_air": ("托管、新风", "colocation, outside air"),
    "colocation_water": ("托管、水侧", "colocation, water side"),
    "colocation_chiller": ("托管、冷水机组", "colocation, chiller alone"),
    "small_chiller": ("小型、冷水机组", "small, chiller alone"),
    "hyperscale_evaporative": ("超大规模、蒸发冷却", "hyperscale, evaporative"),
}


def _find(at: Surroundings) -> list[Finding]:
    climates = _interpolate(at)
    return [*measure_temperature(climates), *_cool(at, climates)]


def _interpolate(at: Surroundings) -> list[SiteClimate]:
    missing = at.find_missing(_FOUND_FROM)
    if missing:
        return [
            SiteClimate(park_id, join(missing, "join.semicolon")) for park_id in at.parks["park_id"]
        ]
    climate = at.climate
    return interpolate_climate(
        at.parks,
        at.layers["stations"],
        at.extents["stations"],
        at.rasters["elevation"],
        n_stations=climate.n_stations,
        search_km=climate.search_km,
    )


def _cool(at: Surroundings, climates: list[SiteClimate]) -> list[Finding]:
    cooling = at.cooling
    made: list[Finding] = []
    if cooling is not None:
        made = measure_cooling(
            climates,
            cooling.question,
            inputs=cooling.years,
            given=at.weather,
            sources=cooling.sources,
        )
    why = tell("cooling.none" if cooling is None else "cooling.not_listed")
    untold = set(GROUPS[0].ids) - {each.measure_id for each in made} - {_TEMPERATURE}
    return made + at.tell_unknown(sorted(untold), why)


def _measure(
    measure_id: str,
    unit: str,
    titles: tuple[str, str],
    direction: Direction,
    meaning: str,
    method: Words = METHOD,
) -> KnownMeasure:
    return KnownMeasure(
        measure_id, unit, *titles, "climate", direction, meaning, method, _FOUND_FROM
    )


def _hours(measure_id: str, titles: tuple[str, str], meaning: str) -> KnownMeasure:
    return _measure(measure_id, "h", titles, "higher", meaning, HOURS_METHOD)


_TEMPERATURE = "air_temp_mean_c"
_BAND = "median over plants of the published ranges (Lei and Masanet 2022), 5th to 95th percentile"

GROUPS = (
    MeasureGroup(
        (
            _measure(
                _TEMPERATURE,
                "°C",
                ("年平均气温", "Yearly mean air temperature"),
                "lower",
                "mean of the nearest stations at the site's height, by the lapse rate of the "
                "standard atmosphere (ICAO Doc 7488); band: what the same rule errs by at the "
                "stations",
                TEMPERATURE_METHOD,
            ),
            _measure(
                "pue",
                "kWh/kWh",
                ("PUE", "PUE"),
                "lower",
                f"PUE of `cooling.facility`: {_BAND}",
            ),
            *(
                _measure(
                    f"pue_{each.facility_id}",
                    "kWh/kWh",
                    (
                        f"PUE（{_BY_FACILITY[each.facility_id][0]}）",
                        f"PUE, {_BY_FACILITY[each.facility_id][1]}",
                    ),
                    "lower",
                    f"PUE of another of `cooling.facilities`: {_BAND}",
                )
                for each in FACILITIES
            ),
            _measure(
                WUE,
                "L/kWh",
                ("WUE", "WUE"),
                "lower",
                f"water of tower and humidifier at `cooling.facility` for a kWh of IT: {_BAND}",
            ),
            _hours(
                DRY_BULB,
                ("干球自然冷却时数", "Dry-bulb free-cooling hours"),
                "hours of the year with a dry bulb at or below `cooling.free_cooling_c`",
            ),
            _hours(
                WET_FULL,
                ("冷却塔全部自然冷却时数", "Tower takes all heat"),
                "hours in which the tower of `cooling.tower` takes all heat; median of the plants",
            ),
            _hours(
                WET_PARTIAL,
                ("冷却塔部分自然冷却时数", "Tower takes a part of the heat"),
                "hours in which that tower takes a part of the heat; median of the plants",
            ),
            _hours(
                IN_RECOMMENDED,
                ("ASHRAE推荐范围时数", "Hours in the ASHRAE recommended envelope"),
                "hours in which outdoor air mixed with return air lies in the recommended "
                "envelope (ASHRAE TC 9.9, 2021)",
            ),
            _hours(
                IN_ALLOWABLE,
                ("ASHRAE允许范围时数", "Hours in an ASHRAE allowable class"),
                "the same for the allowable class of `cooling.allowable`",
            ),
        ),
        _find,
        settings=(
            "climate",
            *(
                f"cooling.{key}"
                for key in ("free_cooling_c", "diurnal_range_k", "range_share", "day_spread_k")
            ),
            *("cooling.persistence", "cooling.dryness_k", "cooling.cities"),
        ),
        copes=True,
    ),
)
