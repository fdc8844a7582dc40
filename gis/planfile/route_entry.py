"""The table `[route]` of a plan.toml: what the ground costs a new route, and what it may not cross."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from steppe.criteria.key_types import Finite, Positive, Sourced, Strict, Words, refuse_twice
from steppe.layers.errors import UnfitError
from steppe.layers.wording import tell
from steppe.planfile.screening_entry import CellM

Factor = Annotated[float, Field(ge=0.01, le=1000.0, allow_inf_nan=False)]
NO_GROUND = "no_ground"
"""The barrier of every plan with a grid of heights: where it tells none."""


class GroundTerm(Sourced):
    """Where ground costs other than plain ground, or may not be crossed: one measure against a threshold.

    `factor` multiplies the cost of a kilometre; without one the ground is a barrier.  Where the
    measure is not known the term does not hold, and the answer says over how many kilometres.
    """

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    title_zh: Words
    title_en: Words
    measure: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    comparison: Literal["at_least", "at_most"]
    threshold: Finite
    factor: Factor | None = None
    barrier: bool = False

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if (self.factor is None) != self.barrier:
            raise UnfitError(tell("fault.route.term"))
        return self


def _bar(name: str, measure: str, title_zh: str, title_en: str, reason: str) -> GroundTerm:
    return GroundTerm(
        id=name,
        title_zh=title_zh,
        title_en=title_en,
        measure=measure,
        comparison="at_most",
        threshold=0.0,
        barrier=True,
        reason=reason,
    )


PLAIN = (
    _bar("lakes", "lake_km", "湖泊", "Lakes", "assumed: no cable is laid through a lake"),
    _bar(
        "borders",
        "border_km",
        "邻国",
        "Neighbouring countries",
        "assumed: a route stays in its country unless it is told to leave it",
    ),
)
"""What stops a route of a plan that says nothing of the ground."""


class KmPrice(Sourced):
    """What a kilometre over plain ground costs, and between what it may lie."""

    value: Positive
    low: Positive | None = None
    high: Positive | None = None
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if not (self.low or self.value) <= self.value <= (self.high or self.value):
            raise UnfitError(tell("fault.band.order"))
        return self


class RouteEntry(Strict):
    """Cells, ground and distances of a search for new routes.

    `tie_cell_m` is the side of a cell for lines to the grid, which are short; `margin_km` is how far round the ends is looked, `end_zone_km` where two routes need not be
    apart, `span_km` the longest way between two amplifiers, `alternative_pct` how much dearer than the best another way
    may be.
    """

    cell_m: CellM = 1000.0
    tie_cell_m: CellM = 250.0
    margin_km: Positive = 100.0
    neighbours: Literal[8, 16] = 16
    apart_km: Positive = 20.0
    end_zone_km: Positive = 30.0
    span_km: Positive = 80.0
    alternative_pct: Positive = 25.0
    price: KmPrice | None = None
    terms: Annotated[tuple[GroundTerm, ...], Field(max_length=100)] = PLAIN

    @model_validator(mode="after")
    def _once(self) -> Self:
        refuse_twice("route.terms", [NO_GROUND, *(each.id for each in self.terms)])
        return self

    def cited(self) -> Iterator[tuple[str, str]]:
        """Yield each key that names a source, and the source."""
        if self.price is not None and self.price.source_id is not None:
            yield "price", self.price.source_id
        for term in self.terms:
            if term.source_id is not None:
                yield f"terms.{term.id}", term.source_id
