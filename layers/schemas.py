"""JSON Schemas (draft 2020-12) of what the contracts hold, made of their entries."""

from __future__ import annotations

import math
from typing import Any

from steppe.layers.columns import Column, Contract

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_TYPES = {"text": "string", "date": "string", "number": "number", "whole": "integer"}


def column_schema(column: Column) -> dict[str, Any]:
    """Return the schema of one cell: its type, bounds, choices, meaning, and unit as `x-unit`.

    What is unknown is null, where a column may be empty.

    >>> column_schema(Column("length", "number", "km", low=0.0, is_optional=True))
    {'type': ['number', 'null'], 'minimum': 0.0, 'description': 'length', 'x-unit': 'km'}
    """
    kind = _TYPES[column.kind]
    schema: dict[str, Any] = {"type": [kind, "null"] if column.is_optional else kind}
    if column.kind in ("number", "whole"):
        bounds = {"minimum": column.low, "maximum": column.high}
        schema |= {name: bound for name, bound in bounds.items() if math.isfinite(bound)}
    if column.choices:
        schema["enum"] = [*column.choices, *([None] if column.is_optional else [])]
    schema["description"] = column.meaning
    if column.unit:
        schema["x-unit"] = column.unit
    return schema


def table_schema(contract: Contract) -> dict[str, Any]:
    """Return the schema of a table or of the attributes of a layer: a list of rows.

    Columns of the user's may stand beside those of the contract; those that may be empty may be
    left out.
    """
    columns = contract.columns
    row = {
        "type": "object",
        "properties": {name: column_schema(column) for name, column in columns.items()},
        "required": [name for name, column in columns.items() if not column.is_optional],
    }
    return {"$schema": DIALECT, "title": contract.name, "type": "array", "items": row}
