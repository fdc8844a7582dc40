"""Columns as the page carries them: a value that many rows share is written once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def code_column(values: Sequence[Any]) -> list[Any] | dict[str, list[Any]]:
    """Return a column as the list of its values, or coded where values come again and again.

    Coded, `of` holds the values in the order of their first row, and `at` the place of each
    row's value in it; where all rows have one value, there is no `at`.

    >>> code_column(["a", None, "a", "a"])
    {'of': ['a', None], 'at': [0, 1, 0, 0]}
    >>> code_column([3, 3, 3]), code_column([1, 2])
    ({'of': [3]}, [1, 2])
    """
    # 1, 1.0 and True are one key of a dict, but not one text of JSON.
    places: dict[tuple[type, Any], int] = {}
    at = [places.setdefault((type(value), value), len(places)) for value in values]
    of = [value for _, value in places]
    if len(of) == 1:
        return {"of": of}
    return {"of": of, "at": at} if 2 * len(of) <= len(at) else list(values)
