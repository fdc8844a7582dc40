"""The table `[screening]` of a plan.toml: how the whole region is scored, and what no site may lie on."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from steppe.criteria.key_types import Finite, Positive, Sourced, Strict, Words, refuse_twice
from steppe.layers.columns import MAX_MW

CellM = Annotated[float, Field(ge=10.0, le=20_000.0, allow_inf_nan=False)]


class ScreenClause(Sourced):
    """What a site must keep beside the clauses of the table of rules, and why."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    title_zh: Words
    title_en: Words
    measure: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    comparison: Literal["at_least", "at_most"]
    threshold: Finite


class ScreeningEntry(Strict):
    """Cells, what kills one, and the sites that are looked for."""

    cell_m: CellM = 1000.0
    # Clauses of these strengths kill a cell where they are broken, also those not yet read.
    strengths: tuple[str, ...] = ("hard",)
    demand_mw: Annotated[float, Field(gt=0, le=MAX_MW, allow_inf_nan=False)] | None = None
    n_sites: Annotated[int, Field(ge=1, le=1000)] = 10
    spacing_km: Positive = 50.0
    clauses: Annotated[tuple[ScreenClause, ...], Field(max_length=100)] = ()

    @model_validator(mode="after")
    def _once(self) -> Self:
        refuse_twice("screening.clauses", [each.id for each in self.clauses])
        return self
