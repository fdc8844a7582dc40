"""Scenarios of a plan: the base, and what each other one overrides by name."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from steppe.criteria.key_types import Share, Strict, Weight, Words, Year
from steppe.layers.columns import STATUSES
from steppe.planfile.request_entry import OtherRequest

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Statuses = tuple[Literal[STATUSES], ...]  # type: ignore[valid-type]
PRICE = "price_cny_kwh"


class Scenario(Strict):
    """What counts as there: cables of these statuses, up to this year."""

    name: Name
    title_zh: Words
    title_en: Words
    year: Year
    statuses: Statuses


class Price(Strict):
    """A price of power that a scenario sets at one park, CNY/kWh, and where it comes from."""

    value: Share
    reason: Words
    source_id: str


class Variant(Strict):
    """Another scenario: what it has instead of the base; what it leaves out stays.

    `build` puts cables into service, `remove` takes away what it names (a cable, a corridor, a
    city, see `steppe.planfile.cut_units`), `drop` leaves out parks,
    `weights` are shares of criteria (those left out keep theirs), `prices` are by park, `request`
    is another load, or another year for it.
    """

    name: Name
    title_zh: Words
    title_en: Words
    why_zh: Words
    why_en: Words
    year: Year | None = None
    statuses: Statuses | None = None
    build: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    weights: dict[str, Weight] = Field(default_factory=dict)
    prices: dict[str, Price] = Field(default_factory=dict)
    request: OtherRequest | None = None

    @property
    def moves_cables(self) -> bool:
        """Whether the backbone is another than that of the base."""
        return bool(self.year or self.statuses or self.build or self.remove or self.drop)
