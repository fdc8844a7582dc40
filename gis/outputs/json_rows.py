"""Rows of tables as JSON has them, and the schema of such a row, made of the same fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from steppe.layers.columns import Column
from steppe.layers.contracts import RESULT_TABLES
from steppe.layers.schemas import column_schema
from steppe.layers.written_values import writable_frame

# Columns whose cells hold several ids, and what stands between them in a table.
_LISTS = {
    **{
        column.name: " "
        for contract in RESULT_TABLES.values()
        for column in contract.columns.values()
        if column.listed == "blanks"
    },
    "used_by": ", ",
}


@dataclass(frozen=True)
class Field:
    """One field of a row: the columns that it is made of, two for a range."""

    name: str
    columns: tuple[str, ...]

    @property
    def is_list(self) -> bool:
        """Tell whether it holds ids in a list."""
        return self.name in _LISTS

    def read(self, cells: Mapping[str, Sequence[Any]]) -> list[Any]:
        """Return its value in every row."""
        first = cells[self.columns[0]]
        if len(self.columns) > 1:
            ends = zip(first, cells[self.columns[1]], strict=True)
            return [None if each == (None, None) else list(each) for each in ends]
        return [_split(each, _LISTS[self.name]) for each in first] if self.is_list else list(first)

    def schema(self, columns: Mapping[str, Column]) -> dict[str, Any]:
        """Return its schema."""
        first = column_schema(columns[self.columns[0]])
        if self.is_list:
            told = first["description"].replace(", separated by blanks", "")
            return {"type": "array", "items": {"type": "string"}, "description": told}
        if len(self.columns) == 1:
            return first
        ends = [column_schema(columns[each]) for each in self.columns]
        unit = {"x-unit": first["x-unit"]} if "x-unit" in first else {}
        for end in ends:
            end.pop("x-unit", None)
        kind = ["array", "null"] if columns[self.columns[0]].is_optional else "array"
        return {"type": kind, "prefixItems": ends, "minItems": 2, "maxItems": 2, **unit}


def plan_fields(names: Sequence[str]) -> list[Field]:
    """Return the fields that the columns of a table become, in their order.

    >>> [each.name for each in plan_fields(["rtt_ms", "rtt_low_ms", "rtt_high_ms", "low", "high"])]
    ['rtt_ms', 'rtt_range_ms', 'range']
    >>> plan_fields(["low_rank", "high_rank"])
    [Field(name='rank_range', columns=('low_rank', 'high_rank'))]
    """
    fields, taken = [], set[str]()
    for name in names:
        words = name.split("_")
        high = "_".join("high" if word == "low" else word for word in words)
        if high != name and high in names:
            taken.add(high)
            ordered = [*words[1:], "low"] if words[0] == "low" else words
            field = "_".join("range" if word == "low" else word for word in ordered)
            fields.append(Field(field, (name, high)))
        elif name not in taken:
            fields.append(Field(name, (name,)))
    return fields


def make_rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table for JSON.

    Numbers have the digits that the files have; what is unknown is null; ids in one cell are a
    list; the two ends of a range, as `rtt_low_ms` and `rtt_high_ms`, are one field `rtt_range_ms`
    of two numbers, null where neither end is known.

    >>> make_rows(pd.DataFrame({"path": ["x y"], "low": [1.0], "high": [2.0], "score": [None]}))
    [{'path': ['x', 'y'], 'range': [1.0, 2.0], 'score': None}]
    """
    cells = {str(name): _plain(column) for name, column in writable_frame(frame).items()}
    fields = plan_fields(list(cells))
    values = zip(*(field.read(cells) for field in fields), strict=True)
    return [dict(zip((field.name for field in fields), row, strict=True)) for row in values]


def row_schema(columns: Mapping[str, Column]) -> dict[str, Any]:
    """Return the schema of a row of a table that has these columns; every field is there."""
    fields = plan_fields(list(columns))
    return {
        "type": "object",
        "properties": {field.name: field.schema(columns) for field in fields},
        "required": [field.name for field in fields],
    }


def _split(value: str | None, separator: str) -> list[str]:
    return [] if value is None else [part for part in value.split(separator) if part]


def _plain(column: pd.Series) -> list[Any]:
    cells = column.astype(object).where(column.notna() & (column != ""), None)
    return [value.item() if isinstance(value, np.generic) else value for value in cells]
