"""What plan.toml says of the fields of a layer's file: `[layers.NAME.columns]`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, model_validator

from steppe.criteria.key_types import Strict
from steppe.layers.contracts import INPUT_LAYERS
from steppe.layers.errors import Problem, UnfitError
from steppe.layers.mapped_columns import Columns, ColumnSource, column_faults
from steppe.layers.wording import tell


class ColumnEntry(Strict):
    """Where a column comes from, see `steppe.layers.mapped_columns.ColumnSource`."""

    field: str | None = None
    unit: str = ""
    value: str | Annotated[float, Field(allow_inf_nan=False)] | None = None
    words: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if (self.field is None) == (self.value is None):
            raise UnfitError(tell("fault.columns.either"))
        if self.value is not None and (self.unit or self.words):
            raise UnfitError(tell("fault.columns.value"))
        return self


def _of_field(given: object) -> object:
    return {"field": given} if isinstance(given, str) else given


ColumnKey = Annotated[ColumnEntry, BeforeValidator(_of_field)]
"""A column of `[layers.NAME.columns]`: the name of a field, or what there is to say of it."""


def read_columns(entries: Mapping[str, ColumnEntry]) -> Columns:
    """Return what a plan says of the columns of a layer, as the reader takes it."""
    return {
        name: ColumnSource(each.field or "", each.unit, each.value, each.words)
        for name, each in entries.items()
    }


def find_column_faults(
    layers: Mapping[str, Mapping[str, ColumnEntry]], where: str
) -> Iterator[Problem]:
    """Find what a plan says of columns that cannot be.

    Parameters
    ----------
    layers
        Entries by layer.
    where
        Name of the file.
    """
    for layer, entries in layers.items():
        if layer in INPUT_LAYERS:
            at = f"{where} › layers.{layer}.columns"
            yield from column_faults(INPUT_LAYERS[layer], read_columns(entries), at)
