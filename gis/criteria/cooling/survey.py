"""The figures of one site over a year: every facility's PUE, and every kind of free hours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from steppe.criteria.cooling.balance import balance
from steppe.criteria.cooling.bands import (
    HUMIDITY_HOURS_ERRORS,
    SYNTHETIC_HOURS_ERRORS,
    Band,
    estimate,
    take_hours,
)
from steppe.criteria.cooling.facilities import Facility, draw, typify
from steppe.criteria.cooling.free_hours import (
    ENVELOPES,
    YEAR_H,
    Envelope,
    count_dry_bulb_hours,
    count_envelope_hours,
    count_wet_bulb_hours,
)
from steppe.criteria.cooling.plant import Plant, WaterSide
from steppe.criteria.cooling.weather import Weather
from steppe.criteria.moist_air import standard_height_m

RECOMMENDED = ENVELOPES[0]

WUE = "wue_l_per_kwh"
DRY_BULB, WET_FULL, WET_PARTIAL = (
    "free_cooling_h",
    "free_cooling_wet_full_h",
    "free_cooling_wet_partial_h",
)
IN_RECOMMENDED, IN_ALLOWABLE = "ashrae_recommended_h", "ashrae_allowable_h"

_DIGITS = 9
_ERROR_OF = {
    DRY_BULB: "dry_bulb",
    WET_FULL: "wet_full",
    WET_PARTIAL: "wet_partial",
    IN_RECOMMENDED: "recommended",
    IN_ALLOWABLE: "allowable",
}


@dataclass(frozen=True)
class Question:
    """What is asked of every site.

    Parameters
    ----------
    facilities
        The first one gives `pue` and `wue_l_per_kwh`, the others `pue_ID`.
    tower
        The facility whose tower the wet-bulb hours are counted for.
    free_cooling_c
        Dry bulb up to which an hour cools freely, °C.
    allowable
        The allowable envelope.
    n_draws, seed
        Of the plants.
    has_hours
        Whether the hours of tower and envelopes are asked for too.
    of_many
        Whether the sites are many: fewer hours then stand for the year, see `take_hours`.
    """

    facilities: tuple[Facility, ...]
    tower: Facility
    free_cooling_c: float
    allowable: Envelope
    n_draws: int
    seed: int
    has_hours: bool = True
    of_many: bool = False


def name_pue(question: Question, facility: Facility) -> str:
    """Return the measure that a facility's PUE is."""
    return "pue" if facility == question.facilities[0] else f"pue_{facility.facility_id}"


def survey_year(
    weather: Weather, question: Question, *, shifted: Sequence[Weather] = ()
) -> dict[str, Band]:
    """Return the bands of every measure of a site.

    Parameters
    ----------
    weather
        One site.
    question
        What is asked.
    shifted
        The same site as warm and as cold as it may be; every band is widened by what the
        typical plant then differs by.

    Returns
    -------
    dict
        Measure to band.  PUE, WUE and the tower's hours hold the draws of the plants, all
        hold the error of a synthetic year; hours of measured weather in which no plant has a
        part hold nothing but their value.
    """
    found: dict[str, Band] = {}
    for facility in question.facilities:
        both = estimate(
            facility, weather, n_draws=question.n_draws, seed=question.seed,
            of_many=question.of_many,
        )  # fmt: skip
        found[name_pue(question, facility)] = both.pue
        if facility == question.facilities[0]:
            found[WUE] = both.wue_l_per_kwh
    if question.has_hours:
        tower = _as_tower(draw(question.tower, question.n_draws, seed=question.seed))
        for name, draws in zip(
            (WET_FULL, WET_PARTIAL), count_wet_bulb_hours(weather.air, tower), strict=True
        ):
            low, median, high = np.quantile(draws, [0.05, 0.5, 0.95])
            found[name] = Band(float(median), float(low), float(high))
    for name, value in _count_plain_hours(weather, question).items():
        found[name] = Band(value, value, value)
    if weather.kind == "synthetic":
        for name, kind in _ERROR_OF.items():
            if name in found:
                year = _widen(found[name], SYNTHETIC_HOURS_ERRORS[kind])
                found[name] = _widen(year, HUMIDITY_HOURS_ERRORS[kind])
    spans = _find_spans(weather, question, shifted)
    return {name: _clip(name, _widen(band, spans[name])) for name, band in found.items()}


def _as_tower(plant: Plant) -> WaterSide:
    if not isinstance(plant, WaterSide):
        msg = f"{type(plant).__name__} has no water-side economiser"
        raise TypeError(msg)
    return plant


def _count_plain_hours(weather: Weather, question: Question) -> dict[str, float]:
    """Count the hours in which no plant has a part."""
    dry = {DRY_BULB: count_dry_bulb_hours(weather, question.free_cooling_c)}
    if not question.has_hours:
        return dry
    height_m = float(standard_height_m(weather.pressure_pa.mean()))
    recommended, allowable = (
        count_envelope_hours(weather, envelope, height_m=height_m)[0]
        for envelope in (RECOMMENDED, question.allowable)
    )
    return {**dry, IN_RECOMMENDED: recommended, IN_ALLOWABLE: allowable}


def _typify(weather: Weather, question: Question) -> Mapping[str, float]:
    """Return every measure of plants in the middle of their ranges."""
    found = _count_plain_hours(weather, question)
    for facility in question.facilities:
        air = take_hours(facility, weather, of_many=question.of_many)
        hourly = balance(typify(facility), air)
        found[name_pue(question, facility)] = float(hourly.pue.mean())
        if facility == question.facilities[0]:
            found[WUE] = float(hourly.wue_l_per_kwh.mean())
    if not question.has_hours:
        return found
    full, partial = count_wet_bulb_hours(weather.air, _as_tower(typify(question.tower)))
    return {**found, WET_FULL: float(full), WET_PARTIAL: float(partial)}


def _find_spans(
    weather: Weather, question: Question, shifted: Sequence[Weather]
) -> dict[str, tuple[float, float]]:
    """Return, for each measure, how far down and up the shifted weather takes it."""
    base = _typify(weather, question)
    others = [_typify(each, question) for each in shifted]
    away = {name: [other[name] - base[name] for other in others] for name in base}
    return {
        name: (min(0.0, *row), max(0.0, *row)) if row else (0.0, 0.0) for name, row in away.items()
    }


def _widen(band: Band, span: tuple[float, float]) -> Band:
    return Band(band.median, band.low + span[0], band.high + span[1])


def _clip(name: str, band: Band) -> Band:
    least, most = (0.0, YEAR_H) if name in _ERROR_OF else (0.0, float("inf"))
    if name.startswith("pue"):
        least = 1.0
    # The last digits of an exponential hang on the processor, and mean nothing.
    ends = (max(band.low, least), band.median, min(band.high, most))
    low, median, high = (round(end, _DIGITS) for end in ends)
    return Band(median, low, high)
