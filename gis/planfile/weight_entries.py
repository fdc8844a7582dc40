"""What a plan.toml says of worth: measures, their value functions, and whose weights they bear."""

from __future__ import annotations

import math
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from steppe.criteria.key_types import Finite, Positive, Strict, Weight, Words, refuse_twice
from steppe.decision.ahp import LIMIT, InconsistentError, join_judgements, prioritise

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
                msg = "a piecewise measure needs two or more points, each further than the last"
                raise ValueError(msg)
            if (self.worst, self.best) != (None, None):
                msg = "worst and best belong to the other shapes; points say what they would"
                raise ValueError(msg)
        elif self.points:
            msg = f'points belong to shape = "piecewise", not to {self.shape}'
            raise ValueError(msg)
        elif self.weight > 0 and not (math.isfinite(span) and span):
            msg = "a scored measure needs two different ends: worst and best"
            raise ValueError(msg)
        if (self.shape == "sigmoid") != (self.steepness is not None):
            msg = 'steepness belongs to shape = "sigmoid", which needs it'
            raise ValueError(msg)
        return self


class CriterionEntry(Strict):
    """A criterion, its measures, and its weight unless experts compare it."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    title_zh: Words
    title_en: Words
    weight: Weight | None = None
    measures: Annotated[tuple[MeasureEntry, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _scored(self) -> Self:
        if sum(measure.weight for measure in self.measures) <= 0:
            msg = "needs a measure with a weight above 0"
            raise ValueError(msg)
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
                msg = f"{expert.name} must give a row and a column for each of {', '.join(self.criteria)}"
                raise ValueError(msg)
        return self


class Robustness(Strict):
    """How many draws tell how sure a rank is, and from which seed."""

    n_draws: Annotated[int, Field(ge=100, le=1_000_000)] = 10_000
    seed: Annotated[int, Field(ge=0)] = 6


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
    if weighting is None or not weighting.experts:
        missing = [entry.name for entry in entries if entry.weight is None]
        if missing:
            msg = f"{', '.join(missing)} needs a weight, or experts in [weights]"
            raise ValueError(msg)
        given = {entry.name: entry.weight or 0.0 for entry in entries}
        if sum(given.values()) <= 0:
            msg = "one criterion needs a weight above 0"
            raise ValueError(msg)
        return given
    beside = [entry.name for entry in entries if entry.weight is not None]
    if beside:
        msg = f"{', '.join(beside)} has a weight, but the experts of [weights] give it; remove one"
        raise ValueError(msg)
    if sorted(weighting.criteria) != sorted(names):
        msg = (
            f"the experts compare {', '.join(weighting.criteria)}, the plan has {', '.join(names)}"
        )
        raise ValueError(msg)
    for expert in weighting.experts:
        _refuse_contradiction(expert, weighting.criteria)
    joined = prioritise(join_judgements([each.judgements for each in weighting.experts]))
    return dict(zip(weighting.criteria, joined.weights.tolist(), strict=True))


def _refuse_contradiction(expert: Expert, criteria: tuple[str, ...]) -> None:
    try:
        prioritise(expert.judgements)
    except InconsistentError as error:
        row, column = (criteria[place] for place in error.found.worst or ())
        msg = (
            f"the judgements of {expert.name} contradict each other: consistency ratio "
            f"{error.found.consistency_ratio:.3f}, {LIMIT:g} at most; furthest off is {row} over "
            f"{column}, {error.judged:.3g}, where the others say {error.implied:.3g}"
        )
        raise ValueError(msg) from None
    except ValueError as error:
        msg = f"the judgements of {expert.name}: {error}"
        raise ValueError(msg) from None
