"""What a plan.toml says of worth: measures, their value functions, and whose weights they bear."""

from __future__ import annotations

import math
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from steppe.criteria.key_types import Finite, Positive, Strict, Weight, Words, refuse_twice
from steppe.decision.ahp import LIMIT, InconsistentError, join_judgements, prioritise
from steppe.layers.errors import UnfitError
from steppe.layers.wording import join, tell

Point = tuple[Finite, Annotated[float, Field(ge=0, le=1)]]


class MeasureEntry(Strict):
    """A measure, its share in the criterion and its value function with fixed ends.

    `shape` is the line from worst to best, the logistic curve between them, or straight
    pieces between `points` of (measured, value).  Titles and unit are those of the registry
    where the plan has none of its own.
    """

    id: str
    title_zh: Words | None = None
    title_en: Words | None = None
    unit: str | None = None
    weight: Weight = 1.0
    shape: Literal["linear", "sigmoid", "piecewise"] = "linear"
    worst: Finite | None = None
    best: Finite | None = None
    steepness: Positive | None = None
    points: tuple[Point, ...] = ()
    reason: str = ""
    # Whether the band comes from what all sites share, so that it moves all of them alike.
    band_shared: bool = False
    # Whether the report has a column for it: what is scored does, the rest when it says so.
    report: bool | None = None

    @model_validator(mode="after")
    def _function(self) -> Self:
        span = math.nan
        if self.worst is not None and self.best is not None:
            span = self.best - self.worst
        if self.shape == "piecewise":
            at = [measured for measured, _ in self.points]
            if len(at) < 2 or at != sorted(set(at)):  # noqa: PLR2004
                raise UnfitError(tell("fault.points.order"))
            if (self.worst, self.best) != (None, None):
                raise UnfitError(tell("fault.points.ends"))
        elif self.points:
            raise UnfitError(tell("fault.points.shape", shape=self.shape))
        elif self.weight > 0 and not (math.isfinite(span) and span):
            raise UnfitError(tell("fault.measure.ends"))
        if (self.shape == "sigmoid") != (self.steepness is not None):
            raise UnfitError(tell("fault.measure.steepness"))
        return self


class CriterionEntry(Strict):
    """A criterion, its measures, and its weight unless experts compare it."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    title_zh: Words = ""
    title_en: Words = ""
    weight: Weight | None = None
    measures: Annotated[tuple[MeasureEntry, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _scored(self) -> Self:
        if sum(measure.weight for measure in self.measures) <= 0:
            raise UnfitError(tell("fault.criterion.no_weight"))
        return self


class Expert(Strict):
    """One expert's judgements: row over column, on Saaty's scale of 1/9 to 9."""

    name: Words
    why: Words
    judgements: tuple[tuple[Positive, ...], ...]


class Weighting(Strict):
    """Who set the weights of the criteria and why; experts compare them in pairs (AHP)."""

    who_zh: Words
    who_en: Words
    why_zh: Words
    why_en: Words
    # Order of rows and columns of the judgements.
    criteria: tuple[str, ...] = ()
    experts: tuple[Expert, ...] = ()

    @model_validator(mode="after")
    def _square(self) -> Self:
        refuse_twice("criteria", self.criteria)
        refuse_twice("experts", [each.name for each in self.experts])
        for expert in self.experts:
            sizes = {len(expert.judgements), *map(len, expert.judgements)}
            if sizes != {len(self.criteria)}:
                named = join(self.criteria)
                raise UnfitError(tell("fault.expert.size", name=expert.name, criteria=named))
        return self


class AssumedRange(Strict):
    """Between what an assumed number of the plan may be, and why; `path` names its key."""

    path: Words
    low: Finite
    high: Finite
    reason: Words


class Robustness(Strict):
    """How many draws tell how sure a rank is, from which seed, and what assumed numbers may be."""

    n_draws: Annotated[int, Field(ge=100, le=1_000_000)] = 10_000
    seed: Annotated[int, Field(ge=0)] = 6
    assumed: tuple[AssumedRange, ...] = ()

    @model_validator(mode="after")
    def _once(self) -> Self:
        refuse_twice("robustness.assumed", [each.path for each in self.assumed])
        return self


def find_weights(
    entries: tuple[CriterionEntry, ...], weighting: Weighting | None
) -> dict[str, float]:
    """Return the weight of each criterion, as given or from the experts' comparisons.

    Raises
    ------
    ValueError
        When a weight is missing or stands beside experts, when the experts compare other
        criteria, or when their judgements contradict each other too much.
    """
    names = [entry.name for entry in entries]
    if len(entries) == 1 and entries[0].weight is None and weighting is None:
        return {names[0]: 1.0}
    if weighting is None or not weighting.experts:
        missing = [entry.name for entry in entries if entry.weight is None]
        if missing:
            raise UnfitError(tell("fault.criterion.weight_lacking", names=join(missing)))
        given = {entry.name: entry.weight or 0.0 for entry in entries}
        if sum(given.values()) <= 0:
            raise UnfitError(tell("fault.criteria.no_weight"))
        return given
    beside = [entry.name for entry in entries if entry.weight is not None]
    if beside:
        raise UnfitError(tell("fault.criterion.weight_twice", names=join(beside)))
    if sorted(weighting.criteria) != sorted(names):
        compared = join(weighting.criteria)
        raise UnfitError(tell("fault.experts.criteria", compared=compared, names=join(names)))
    for expert in weighting.experts:
        _refuse_contradiction(expert, weighting.criteria)
    joined = prioritise(join_judgements([each.judgements for each in weighting.experts]))
    return dict(zip(weighting.criteria, joined.weights.tolist(), strict=True))


def _refuse_contradiction(expert: Expert, criteria: tuple[str, ...]) -> None:
    try:
        prioritise(expert.judgements)
    except InconsistentError as error:
        row, column = (criteria[place] for place in error.found.worst or ())
        told = tell(
            "fault.expert.contradiction",
            name=expert.name,
            ratio=error.found.consistency_ratio,
            most=LIMIT,
            row=row,
            column=column,
            judged=float(error.judged),
            implied=float(error.implied),
        )
        raise UnfitError(told) from None
    except ValueError as error:
        told = tell("fault.expert.judgements", name=expert.name, told=str(error))
        raise UnfitError(told) from None
