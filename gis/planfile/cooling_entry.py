"""The table `[cooling]` of a plan.toml, and what its criteria are asked with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from steppe.criteria.cooling.facilities import FACILITIES, Facility
from steppe.criteria.cooling.findings import CoolingSources, YearInputs
from steppe.criteria.cooling.free_hours import ENVELOPES
from steppe.criteria.cooling.loads import LoadRates, Rate
from steppe.criteria.cooling.survey import Question
from steppe.criteria.key_types import (
    Finite,
    OneOrTwelve,
    Share,
    Sourced,
    Strict,
    Words,
    refuse_twice,
)
from steppe.layers.errors import UnfitError
from steppe.layers.wording import Joined, Message, join, tell

_BY_ID = {each.facility_id: each for each in FACILITIES}
_ENVELOPES = {each.envelope_id: each for each in ENVELOPES[1:]}
_N_MONTHS = 12

FacilityId = Literal[(*_BY_ID,)]  # type: ignore[valid-type]
EnvelopeId = Literal[(*_ENVELOPES,)]  # type: ignore[valid-type]


class Given(Sourced):
    """A number with its reason."""

    value: Finite


class GivenRate(Sourced):
    """A number that is not below 0, with its reason."""

    value: Share

    @property
    def rate(self) -> Rate:
        """The same as the criteria take it."""
        return Rate(self.value, self.reason, self.source_ids, self.is_assumed)


class Persistence(Sourced):
    """A correlation with its reason."""

    value: Annotated[float, Field(ge=0, lt=1)]


class Monthly(Sourced):
    """A number for the year, or twelve, with their reason."""

    value: OneOrTwelve

    @property
    def months(self) -> tuple[float, ...]:
        """Twelve values."""
        return self.value if isinstance(self.value, tuple) else (self.value,) * _N_MONTHS

    @property
    def told(self) -> str | Message:
        """The value, or the least and the greatest."""
        low, high = min(self.months), max(self.months)
        return f"{low:g}" if low == high else tell("cooling.between", low=low, high=high)


class AllowableEnvelope(Sourced):
    """Which allowable envelope the hours are counted for."""

    envelope: EnvelopeId


def _join_assumed(told: Iterable[tuple[Sourced, Message]]) -> Joined | str:
    assumed = [words for each, words in told if each.is_assumed]
    return join(assumed) if assumed else ""


class WeatherFile(Strict):
    """Hours of a park: an EPW, or a year of NOAA's global-hourly CSV.

    `height_m` is that of the CSV's station; by default the park's.
    """

    file: str
    source_id: str | None = None
    height_m: Finite | None = None


class CityYear(Strict):
    """What the synthetic years of one city's parks have instead of the plan's."""

    diurnal_range_k: Monthly | None = None
    day_spread_k: Monthly | None = None
    persistence: Persistence | None = None
    dryness_k: GivenRate | None = None


class Cooling(Strict):
    """Which facilities stand at every site, in which weather, under which load."""

    facility: FacilityId
    facilities: Annotated[tuple[FacilityId, ...], Field(min_length=1)]
    tower: Literal["hyperscale_water", "colocation_water"] = "hyperscale_water"
    reason: Words
    source_ids: tuple[str, ...]
    n_draws: Annotated[int, Field(ge=20, le=10_000)] = 256
    seed: Annotated[int, Field(ge=0)] = 5
    free_cooling_c: Given
    allowable: AllowableEnvelope
    diurnal_range_k: Monthly
    day_spread_k: Monthly
    persistence: Persistence
    dryness_k: GivenRate
    range_share: GivenRate | None = None
    weather: dict[str, WeatherFile] = Field(default_factory=dict)
    rack_kw: GivenRate | None = None
    server_kw: GivenRate | None = None
    cities: dict[str, CityYear] = Field(default_factory=dict)

    @field_validator("weather", mode="before")
    @classmethod
    def _name_files(cls, value: object) -> object:
        """Let a park's file stand without a table of its own."""
        if not isinstance(value, dict):
            return value
        return {
            park_id: {"file": each} if isinstance(each, str) else each
            for park_id, each in value.items()
        }

    @model_validator(mode="after")
    def _known(self) -> Self:
        refuse_twice("facilities", self.facilities)
        if self.facility not in self.facilities:
            raise UnfitError(tell("fault.facilities.lacking", facility=str(self.facility)))
        return self

    @property
    def question(self) -> Question:
        """What is asked of every site."""
        others = [_BY_ID[each] for each in self.facilities if each != self.facility]
        ranked: Facility = _BY_ID[self.facility]
        return Question(
            (ranked, *others),
            _BY_ID[self.tower],
            self.free_cooling_c.value,
            _ENVELOPES[self.allowable.envelope],
            self.n_draws,
            self.seed,
        )

    def year(self, city: str) -> YearInputs:
        """Return what a synthetic year in a city is made from beside the normals."""
        own = self.cities.get(city, CityYear())
        diurnal_range_k = own.diurnal_range_k or self.diurnal_range_k
        day_spread_k = own.day_spread_k or self.day_spread_k
        persistence = own.persistence or self.persistence
        dryness_k = own.dryness_k or self.dryness_k
        swing = ((diurnal_range_k, tell("cooling.daily_range", value=diurnal_range_k.told)),)
        told: tuple[tuple[Sourced, Message], ...] = (
            (day_spread_k, tell("cooling.day_spread", value=day_spread_k.told)),
            (persistence, tell("cooling.persistence", value=persistence.value)),
            (dryness_k, tell("cooling.dryness", value=dryness_k.value)),
        )
        return YearInputs(
            diurnal_range_k.months,
            own.diurnal_range_k is not None,
            1.0 if self.range_share is None else self.range_share.value,
            _join_assumed(swing),
            diurnal_range_k.source_ids,
            day_spread_k.months,
            persistence.value,
            dryness_k.value,
            _join_assumed(told),
            tuple(source_id for each, _ in told for source_id in each.source_ids),
        )

    @property
    def sources(self) -> CoolingSources:
        """What the findings cite beside their weather."""
        return CoolingSources(
            self.source_ids, self.free_cooling_c.source_ids, self.allowable.source_ids
        )

    @property
    def rates(self) -> LoadRates:
        """What turns counts into megawatts."""
        return LoadRates(
            None if self.rack_kw is None else self.rack_kw.rate,
            None if self.server_kw is None else self.server_kw.rate,
        )

    def cited(self) -> Iterator[tuple[str, str]]:
        """Yield each key that names a source, and the source."""
        for source_id in self.source_ids:
            yield "source_ids", source_id
        own = ("diurnal_range_k", "day_spread_k", "persistence", "dryness_k")
        names = ("free_cooling_c", "allowable", *own, "range_share", "rack_kw", "server_kw")
        entries: dict[str, Sourced | WeatherFile | None] = {
            name: getattr(self, name) for name in names
        }
        for city, year in self.cities.items():
            entries |= {f"cities.{city}.{name}": getattr(year, name) for name in own}
        entries |= {f"weather.{name}": each for name, each in self.weather.items()}
        for name, entry in entries.items():
            if entry is not None and entry.source_id is not None:
                yield f"{name}.source_id", entry.source_id
