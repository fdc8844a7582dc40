"""The table `[request]` of a plan.toml: the load that somebody wants to place, and by when."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from steppe.criteria.key_types import LEAST, Positive, Sourced, Strict, Words
from steppe.criteria.request import SHORT_LINE_KM
from steppe.layers.columns import MAX_MW, YEARS
from steppe.layers.errors import InputError, Problem, UnfitError
from steppe.layers.wording import tell

Demand = Annotated[float, Field(ge=LEAST, le=MAX_MW, allow_inf_nan=False)]

WantedYear = Annotated[int, Field(ge=YEARS[0], le=YEARS[1])]
# What a line bears is known of short ones, see `steppe.criteria.request`.
Reach = Annotated[float, Field(ge=LEAST, le=SHORT_LINE_KM, allow_inf_nan=False)]


class Land(Sourced):
    """Land that a megawatt of IT load takes, ha, at least and at most."""

    low: Positive
    high: Positive

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.low > self.high:
            raise UnfitError(tell("fault.band.order"))
        return self


class Request(Strict):
    """What is wanted: IT load in MW, by the end of a year; and how far a line to the grid is built."""

    demand_mw: Demand
    year: WantedYear | None = None
    reason: Words = "assumed"
    reach_km: Reach = 50.0
    ha_per_mw: Land | None = None


class OtherRequest(Strict):
    """What a scenario wants instead; what it leaves out stays."""

    demand_mw: Demand | None = None
    year: WantedYear | None = None

    def change(self, request: Request | None) -> Request:
        """Return the request as the scenario has it.

        Neither saying how much is a fault of the scenario, which is found before.
        """
        changes = {name: value for name, value in self if value is not None}
        if request is not None:
            return request.model_copy(update=changes)
        return Request.model_validate(changes)


def ask(request: Request | None, *, demand_mw: float | None, year: int | None) -> Request | None:
    """Return a plan's request as whoever asks wants it; None where nobody wants anything.

    Raises
    ------
    InputError
        For a load or a year that cannot be, and for a year without a load.
    """
    if demand_mw is None and year is None:
        return request
    if demand_mw is not None and not LEAST <= demand_mw <= MAX_MW:
        what = tell("fault.request.demand", value=demand_mw, most=MAX_MW)
        raise InputError(Problem("--demand-mw", what, tell("fix.correct")))
    if year is not None and not YEARS[0] <= year <= YEARS[1]:
        what = tell("fault.request.year", value=year, first=YEARS[0], last=YEARS[1])
        raise InputError(Problem("--year", what, tell("fix.correct")))
    if demand_mw is None and request is None:
        what = tell("fault.request.no_demand")
        raise InputError(Problem("--year", what, tell("fix.give_demand")))
    return OtherRequest(demand_mw=demand_mw, year=year).change(request)
