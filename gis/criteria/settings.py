"""What a plan.toml may set of how measures are found: `[power]`, `[geology]` and `[climate]`."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from steppe.criteria.key_types import MOST, Finite, Positive, Strict, Year
from steppe.layers.errors import UnfitError
from steppe.layers.wording import tell

Bbox = tuple[Finite, Finite, Finite, Finite]


class Power(Strict):
    """How parks are joined to the grid."""

    # A line is longer than the geodesic by this.
    route_factor: Annotated[float, Field(ge=1, le=MOST, allow_inf_nan=False)] = 1.25
    route_reason: str = "assumed"
    # Plants no further than this count as capacity near a park, km.
    capacity_km: Positive = 100.0
    # Voltage at which parks are to be supplied, for terms that hold at one voltage.
    supply_kv: Positive = 220.0


class Completeness(Strict):
    """Since when, and until when, a catalogue of earthquakes lacks no event of a magnitude."""

    magnitude: Finite
    from_year: Year
    to_year: Year
    source_id: str

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.from_year > self.to_year:
            raise UnfitError(tell("fault.years.order"))
        return self


class Geology(Strict):
    """Since when the catalogue of earthquakes is complete, and the factors of the ground."""

    rate_magnitude: Finite = 5.5
    complete: tuple[Completeness, ...] = ()
    # Factors at 0.05, 0.10, 0.15, 0.20, 0.30 and 0.40 g, by class of the ground.
    site_factors: dict[str, Annotated[tuple[Positive, ...], Field(min_length=6, max_length=6)]] = (
        Field(default_factory=dict)
    )
    factors_source_id: str = ""

    @model_validator(mode="after")
    def _sourced(self) -> Self:
        if self.site_factors and not self.factors_source_id:
            raise UnfitError(tell("fault.factors.source"))
        return self


class Climate(Strict):
    """How many stations speak for a site, and from how far."""

    n_stations: Annotated[int, Field(ge=1, le=1_000)] = 6
    search_km: Positive = 300.0
