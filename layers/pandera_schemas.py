"""The contracts as pandera schemas."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Protocol

import pandas as pd
import pandera.pandas as pa

_DTYPES = {"text": "str", "date": "str", "number": "float64", "whole": "Int64"}


class Entry(Protocol):
    """What a schema is made of; see `steppe.layers.columns.Column`."""

    @property
    def kind(self) -> str:
        """What its cells are."""

    @property
    def choices(self) -> tuple[str, ...]:
        """The only texts."""

    @property
    def low(self) -> float:
        """The least number."""

    @property
    def high(self) -> float:
        """The greatest number."""

    @property
    def is_optional(self) -> bool:
        """Whether it may be left out, and its cells empty."""


def make_schema(name: str, columns: Mapping[str, Entry]) -> pa.DataFrameSchema:
    """Return the schema of a layer or table; further columns are let through.

    Parameters
    ----------
    name
        Of the layer or table.
    columns
        Its columns by name.
    """
    made = {column: _make_column(entry) for column, entry in columns.items()}
    return pa.DataFrameSchema(made, name=name, coerce=True)


def _make_column(entry: Entry) -> pa.Column:
    checks = []
    if entry.choices:
        checks.append(pa.Check.isin(entry.choices))
    elif entry.kind == "text" and not entry.is_optional:
        checks.append(pa.Check.str_length(min_value=1))
    elif entry.kind == "number":
        checks.append(pa.Check(_is_finite, name="is_finite"))
    if entry.kind in ("number", "whole"):
        checks += [pa.Check.ge(entry.low)] if entry.low > -math.inf else []
        checks += [pa.Check.le(entry.high)] if entry.high < math.inf else []
    return pa.Column(
        _DTYPES[entry.kind], checks, nullable=entry.is_optional, required=not entry.is_optional
    )


def _is_finite(column: pd.Series) -> pd.Series:
    return column.abs() < math.inf
