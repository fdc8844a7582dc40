"""What the keys of a plan.toml are made of."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
    model_validator,
)

from steppe.layers.cells import is_unseen
from steppe.layers.duplicate_names import find_duplicates
from steppe.layers.errors import UnfitError
from steppe.layers.wording import join, tell

# So that no product or quotient of a few of them leaves what a float holds.
LEAST, MOST = 1e-9, 1e15

Finite = Annotated[float, Field(ge=-MOST, le=MOST, allow_inf_nan=False)]
Positive = Annotated[float, Field(ge=LEAST, le=MOST, allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, le=MOST, allow_inf_nan=False)]
Year = Annotated[int, Field(ge=1000, le=2999)]


def _one_or_twelve(value: object, read: ValidatorFunctionWrapHandler) -> Any:
    """Tell in one line what fits neither form, where pydantic has a line for each."""
    try:
        return read(value)
    except ValidationError:
        raise UnfitError(tell("fault.months.one_or_twelve", least=LEAST, most=MOST)) from None


OneOrTwelve = Annotated[
    Positive | Annotated[tuple[Positive, ...], Field(min_length=12, max_length=12)],
    WrapValidator(_one_or_twelve),
]
LEAST_WEIGHT, MOST_WEIGHT = 1e-9, 1e9
"""Between these a weight counts; the page has the same bounds (maps/assets/page.js)."""


def weigh(weight: float) -> float:
    """Return a weight: 0, or one that sums and shares of it can tell from 0 and from endless.

    Raises
    ------
    ValueError
        For any other number.
    """
    if weight != 0 and not LEAST_WEIGHT <= weight <= MOST_WEIGHT:
        ends = {"least": LEAST_WEIGHT, "most": MOST_WEIGHT}
        raise UnfitError(tell("fault.weights.beyond", **ends, weight=weight))
    return weight


Weight = Annotated[float, AfterValidator(weigh)]


def _show(text: str) -> str:
    """Return a text that shows something, as every table of results wants its texts."""
    if is_unseen(text):
        raise UnfitError(tell("fault.text.empty"))
    return text


Words = Annotated[str, AfterValidator(_show)]


class Strict(BaseModel):
    """A table without unknown keys."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    @model_validator(mode="before")
    @classmethod
    def _no_truth_for_a_number(cls, raw: Any) -> Any:
        """Refuse true and false for anything else: pydantic would count true as 1."""
        for name, field in cls.model_fields.items():
            is_yes_or_no = field.annotation in {bool, bool | None}
            if not is_yes_or_no and isinstance(raw, dict) and isinstance(raw.get(name), bool):
                given = str(raw[name]).lower()
                raise UnfitError(tell("fault.value.truth", name=name, given=given))
        return raw


class Sourced(Strict):
    """Why a choice was made; without a source it is an assumption, and so when it says so."""

    reason: Words
    source_id: str | None = None
    assumed: bool = False

    @property
    def is_assumed(self) -> bool:
        """Whether what rests on it must say so."""
        return self.assumed or self.source_id is None

    @property
    def source_ids(self) -> tuple[str, ...]:
        """The source, if there is one."""
        return () if self.source_id is None else (self.source_id,)


def refuse_twice(where: str, names: Iterable[str]) -> None:
    """Raise ValueError when a name stands more than once in a list of the plan."""
    twice = sorted(find_duplicates(names))
    if twice:
        raise UnfitError(tell("fault.names.twice", where=where, names=join(twice)))
