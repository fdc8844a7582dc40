"""Cooling of every park as findings: PUE, WUE and hours, from synthetic or given weather."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from steppe.criteria.climate import SiteClimate
from steppe.criteria.cooling.bands import Band
from steppe.criteria.cooling.facilities import Facility
from steppe.criteria.cooling.survey import (
    DRY_BULB,
    IN_ALLOWABLE,
    IN_RECOMMENDED,
    WET_FULL,
    WET_PARTIAL,
    WUE,
    Question,
    name_pue,
    survey_year,
)
from steppe.criteria.cooling.weather import Normals, Weather, synthesize_year
from steppe.criteria.finding import Finding
from steppe.layers.cores import spread_over_cores
from steppe.layers.wording import Message, Words, join, tell

METHOD = tell("method.cooling")
HOURS_METHOD = tell("method.cooling_hours")


@dataclass(frozen=True)
class YearInputs:
    """What the normals do not tell of a synthetic year.

    Parameters
    ----------
    diurnal_range_k, day_spread_k, persistence, dryness_k
        As in `Normals`.
    own_range
        Whether the range is the city's own, which goes before that of the stations.
    range_share
        How much of the stations' range is taken.
    range_assumed, assumed
        What of the range, and of the rest, is assumed, in words; empty when nothing is.
    range_source_ids, source_ids
        Of the range, and of the rest.
    """

    diurnal_range_k: tuple[float, ...]
    own_range: bool
    range_share: float
    range_assumed: Words
    range_source_ids: tuple[str, ...]
    day_spread_k: tuple[float, ...]
    persistence: float
    dryness_k: float
    assumed: Words
    source_ids: tuple[str, ...]


@dataclass(frozen=True)
class GivenWeather:
    """Hours that the plan gives for a park; `words` name the file."""

    weather: Weather
    words: Words
    source_ids: tuple[str, ...]


@dataclass(frozen=True)
class CoolingSources:
    """Sources of the heat balance, of the dry bulb, and of the envelopes."""

    balance: tuple[str, ...]
    dry_bulb: tuple[str, ...]
    envelopes: tuple[str, ...]


@dataclass(frozen=True)
class _Site:
    """A site's bands and where its weather comes from."""

    bands: Mapping[str, Band]
    status: str
    reason: Words
    source_ids: tuple[str, ...]


def measure_cooling(
    climates: Sequence[SiteClimate],
    question: Question,
    *,
    inputs: Mapping[str, YearInputs],
    given: Mapping[str, GivenWeather],
    sources: CoolingSources,
) -> list[Finding]:
    """Measure PUE, WUE and every kind of free hours of every park.

    Parameters
    ----------
    climates
        What `interpolate_climate` found.
    question
        What is asked.
    inputs
        Park to the rest of its synthetic year.
    given
        Park to weather; it goes before the synthetic year, as it stands.
    sources
        What the findings cite beside their weather.
    """
    names = _describe(question, sources)
    owns = {
        climate.park_id: _take_range(inputs[climate.park_id], climate)
        for climate in climates
        if climate.park_id not in given and not climate.why
    }
    # Parks at one place share its year.
    places = {
        _place(climate, owns[climate.park_id]): climate
        for climate in climates
        if climate.park_id in owns
    }
    surveyed = dict(
        zip(
            places,
            spread_over_cores(
                lambda climate: _survey_synthetic(climate, question, owns[climate.park_id]),
                list(places.values()),
            ),
            strict=True,
        )
    )
    findings: list[Finding] = []
    for climate in climates:
        hours = given.get(climate.park_id)
        if hours is None and climate.why:
            findings += [_unknown(climate, name) for name in names]
            continue
        if hours is not None:
            site = _Site(
                survey_year(hours.weather, question),
                "derived",
                tell("cooling.given", words=hours.words),
                hours.source_ids,
            )
        else:
            own = owns[climate.park_id]
            assumed = [each for each in (own.range_assumed, own.assumed) if each]
            site = _Site(
                surveyed[_place(climate, own)],
                "assumed" if assumed else "derived",
                join(
                    [
                        tell("cooling.synthetic"),
                        tell("cooling.assumed", what=join(assumed)) if assumed else "",
                    ],
                    "join.semicolon",
                ),
                (*climate.source_ids, *own.range_source_ids, *own.source_ids),
            )
        findings += [
            _tell(climate.park_id, name, site, says=says, cited=cited)
            for name, (says, cited) in names.items()
            if name in site.bands
        ]
    return findings


def _place(climate: SiteClimate, own: YearInputs) -> tuple[object, ...]:
    """Return all that a synthetic year hangs on."""
    return (climate.temp_monthly_c, climate.height_m, climate.low_c, climate.high_c, own)


def _take_range(inputs: YearInputs, climate: SiteClimate) -> YearInputs:
    """Put the range of the stations nearby in place of the plan's, save a city's own."""
    if climate.diurnal_range_k is None or inputs.own_range:
        return inputs
    near_k = inputs.range_share * climate.diurnal_range_k
    return replace(
        inputs,
        diurnal_range_k=(near_k,) * 12,
        range_assumed=tell("cooling.daily_range_near", value=round(near_k, 1)),
        range_source_ids=(),
    )


def _survey_synthetic(
    climate: SiteClimate, question: Question, inputs: YearInputs
) -> Mapping[str, Band]:
    normals = Normals(
        climate.temp_monthly_c,
        inputs.diurnal_range_k,
        inputs.day_spread_k,
        inputs.persistence,
        inputs.dryness_k,
        climate.height_m,
    )
    shifted = [
        synthesize_year(
            replace(normals, temp_mean_c=tuple(mean + shift_k for mean in climate.temp_monthly_c))
        )
        for shift_k in (climate.low_c - climate.temp_mean_c, climate.high_c - climate.temp_mean_c)
    ]
    return survey_year(synthesize_year(normals), question, shifted=shifted)


def _describe(
    question: Question, sources: CoolingSources
) -> dict[str, tuple[Words, tuple[str, ...]]]:
    """Return what every measure is of, and its sources."""
    ranked = question.facilities[0]
    found = {
        name_pue(question, each): (
            tell("cooling.plants", facility=_name(each), n=question.n_draws),
            sources.balance,
        )
        for each in question.facilities
    }
    tower = _name(question.tower)
    return {
        **found,
        WUE: (tell("cooling.tower_water", facility=_name(ranked)), sources.balance),
        DRY_BULB: (
            tell("cooling.dry_bulb", limit=question.free_cooling_c),
            sources.dry_bulb,
        ),
        WET_FULL: (tell("cooling.tower_full", facility=tower), sources.balance),
        WET_PARTIAL: (tell("cooling.tower_part", facility=tower), sources.balance),
        IN_RECOMMENDED: (tell("cooling.recommended"), sources.envelopes),
        IN_ALLOWABLE: (
            tell("cooling.allowable", envelope=tell(f"envelope.{question.allowable.envelope_id}")),
            sources.envelopes,
        ),
    }


def _name(facility: Facility) -> Message:
    return tell(f"facility.{facility.facility_id}")


def _unknown(climate: SiteClimate, name: str) -> Finding:
    return Finding(
        climate.park_id,
        name,
        "unknown",
        reason=climate.why,
    )


def _tell(park_id: str, name: str, site: _Site, *, says: Words, cited: tuple[str, ...]) -> Finding:
    band = site.bands[name]
    wide = band.low < band.high
    return Finding(
        park_id,
        name,
        site.status,
        value=band.median,
        low=band.low if wide else None,
        high=band.high if wide else None,
        band="p05_p95" if wide else "none",
        reason=join([says, site.reason], "join.semicolon"),
        source_ids=(*site.source_ids, *cited),
    )
