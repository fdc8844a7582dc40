"""The table `[route]` of a plan.toml: what the ground costs a new route, and what it may not cross."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from steppe.criteria.key_types import (
    Finite,
    Positive,
    Share,
    Sourced,
    Strict,
    Words,
    refuse_twice,
)
from steppe.layers.errors import UnfitError
from steppe.layers.wording import tell
from steppe.planfile.route_ends import GRID, MESH, PARKS, PROPOSED, TARGETS, TREE, part_names
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


MOST_KM = 20_100.0
"""No two places on the earth are farther apart."""
Km = Annotated[float, Field(gt=0.0, le=MOST_KM, allow_inf_nan=False)]


class WantedRoute(Strict):
    """A question for new routes that every build of the plan answers, as `steppe route` does.

    `start` and `end` are what the command calls its ends; what is left out is that of the plan.
    """

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=100)] | None = None
    title_zh: Words = ""
    title_en: Words = ""
    start: Annotated[Words, Field(alias="from", max_length=2000)]
    end: Annotated[Words, Field(alias="to", max_length=2000)]
    pair: bool = False
    alternatives: Annotated[int, Field(ge=2, le=20)] | None = None
    over: Literal["railways", "roads", "corridors", "power_lines"] | None = None
    apart_km: Km | None = None
    end_zone_km: Annotated[Share, Field(le=MOST_KM)] | None = None
    keep_off: tuple[str, ...] = ()
    cell_m: CellM | None = None
    margin_km: Km | None = None

    @property
    def question_id(self) -> str:
        """Its id, or one made of its ends."""
        made = re.sub("[^a-z0-9]+", "_", f"{self.start}_{self.end}".lower()).strip("_")
        return self.id or made

    @property
    def names(self) -> list[str]:
        """What its ends are called, one by one."""
        ends = [self.start] if self.end in (GRID, MESH, TREE) else [self.start, self.end]
        return [name for end in ends for name in part_names(end)]

    @model_validator(mode="after")
    def _is_a_question(self) -> Self:
        is_of_many = self.end in (GRID, MESH, TREE) or len(self.names) != 2  # noqa: PLR2004 (its ends)
        is_of_many |= any(name in (PARKS, PROPOSED, TARGETS) for name in self.names)
        of_two = self.pair or self.alternatives or self.keep_off
        if is_of_many and (of_two or (self.over and self.end != TREE)):
            raise UnfitError(tell("fault.route.two_ends"))
        if self.pair and self.alternatives:
            raise UnfitError(tell("fault.route.one_question"))
        if self.over and self.alternatives:
            raise UnfitError(tell("fault.route.ground_alone"))
        if self.end == TREE and not self.over:
            raise UnfitError(tell("fault.route.lines_alone"))
        return self


class RouteEntry(Strict):
    """Cells, ground and distances of a search for new routes.

    `tie_cell_m` is the side of a cell for lines to the grid, which are short; `margin_km` is how far round the ends is looked, `end_zone_km` where two routes need not be
    apart, `span_km` the longest way between two amplifiers, `alternative_pct` how much dearer than the best another way
    may be; `wanted` are questions that every build answers.
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
    wanted: Annotated[tuple[WantedRoute, ...], Field(max_length=20)] = ()

    @model_validator(mode="after")
    def _once(self) -> Self:
        refuse_twice("route.wanted", [each.question_id for each in self.wanted])
        refuse_twice("route.terms", [NO_GROUND, *(each.id for each in self.terms)])
        return self

    def cited(self) -> Iterator[tuple[str, str]]:
        """Yield each key that names a source, and the source."""
        if self.price is not None and self.price.source_id is not None:
            yield "price", self.price.source_id
        for term in self.terms:
            if term.source_id is not None:
                yield f"terms.{term.id}", term.source_id
