"""The table `[cost]` of a plan.toml: what things cost, and over how many years they are paid."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Self

from pydantic import Field, model_validator

from steppe.criteria.cost import Amount, UnitCosts
from steppe.criteria.key_types import Positive, Share, Sourced, Strict
from steppe.layers.errors import UnfitError
from steppe.layers.wording import tell


class _Banded(Sourced):
    """A number with its reason, and a band where one is known."""

    value: Share
    low: Share | None = None
    high: Share | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        low = self.value if self.low is None else self.low
        high = self.value if self.high is None else self.high
        if not low <= self.value <= high:
            raise UnfitError(tell("fault.band.order"))
        return self

    def amount(self, key: str) -> Amount:
        """Return it as the criteria take it; the message of a key says what it is."""
        return Amount(
            self.value,
            tell(key, value=self.value, reason=self.reason),
            self.low,
            self.high,
            self.source_ids,
            self.is_assumed,
        )


class UnitCost(_Banded):
    """What something costs, or how much of it is needed; 0 or more."""


class Divisor(_Banded):
    """A life in years, or megawatts that share a cost: above 0."""

    value: Positive
    low: Positive | None = None
    high: Positive | None = None


class Rate(_Banded):
    """A discount rate a year: 0.08 for 8 %."""

    value: Annotated[float, Field(ge=0, le=1)]
    low: Annotated[float, Field(ge=0, le=1)] | None = None
    high: Annotated[float, Field(ge=0, le=1)] | None = None


class CityCost(Strict):
    """What costs otherwise at the parks of one city."""

    tie_line_cny_km: UnitCost | None = None
    fibre_cny_km: UnitCost | None = None
    land_ha_mw: UnitCost | None = None
    land_cny_m2: UnitCost | None = None
    water_cny_m3: UnitCost | None = None


class Cost(CityCost):
    """Unit costs of the plan; what is left out is unknown, and so is what rests on it."""

    usable_mw: Divisor | None = None
    discount_rate: Rate | None = None
    tie_line_years: Divisor | None = None
    fibre_years: Divisor | None = None
    land_years: Divisor | None = None
    cities: dict[str, CityCost] = Field(default_factory=dict)

    @property
    def block(self) -> Amount:
        """IT load of a park of which none is known; an assumption, whoever made it."""
        entry = self.usable_mw
        if entry is None:
            return _lack("usable_mw")
        made = entry.amount("price.block")
        return Amount(made.value, made.reason, made.low, made.high, made.source_ids, assumed=True)

    def units(self, city: str) -> UnitCosts:
        """Return the unit costs at the parks of a city."""
        own = self.cities.get(city, CityCost())
        found = {}
        for name in _UNITS:
            entry: _Banded | None = getattr(own, name, None) or getattr(self, name)
            found[name] = _lack(name) if entry is None else entry.amount(f"price.unit.{name}")
        return UnitCosts(**found)

    def cited(self) -> Iterator[tuple[str, str]]:
        """Yield each key that names a source, and the source."""
        tables: list[tuple[str, CityCost]] = [("", self)]
        tables += [(f"cities.{city}.", own) for city, own in self.cities.items()]
        for prefix, table in tables:
            for name in type(table).model_fields:
                entry = getattr(table, name)
                if isinstance(entry, _Banded) and entry.source_id is not None:
                    yield f"{prefix}{name}.source_id", entry.source_id


# The fields of `UnitCosts`.
_UNITS = (
    *("tie_line_cny_km", "fibre_cny_km", "land_ha_mw", "land_cny_m2", "water_cny_m3"),
    *("discount_rate", "tie_line_years", "fibre_years", "land_years"),
)


def _lack(name: str) -> Amount:
    return Amount(None, tell("price.gives_no", name=tell(f"price.lack.{name}")))
