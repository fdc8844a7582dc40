"""Columns as the page carries them: a value that many rows share is written once."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any


def code_column(values: Sequence[Any]) -> list[Any] | dict[str, list[Any]]:
    """Return a column as the list of its values, or coded where that is shorter as JSON.

    Coded, `of` holds the values in the order of their first row, and `at` the place of each
    row's value in it; where all rows have one value, there is no `at`.

    >>> code_column(["as long as this", None, "as long as this"])
    {'of': ['as long as this', None], 'at': [0, 1, 0]}
    >>> code_column([30, 30, 30, 30]), code_column([1, 2, 1])
    ({'of': [30]}, [1, 2, 1])
    """
    # 1, 1.0 and True are one key of a dict, but not one text of JSON.
    places: dict[tuple[type, Any], int] = {}
    at = [places.setdefault((type(value), value), len(places)) for value in values]
    of = [value for _, value in places]
    coded = {"of": of} if len(of) == 1 else {"of": of, "at": at}
    lengths = [_length(value) for value in of]
    return coded if _length(coded) < sum(lengths[place] + 1 for place in at) else list(values)


def _length(value: object) -> int:
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str).encode())
