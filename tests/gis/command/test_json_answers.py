"""Tables as JSON: nothing lost, nothing made up, and one head for every answer."""

from __future__ import annotations

import json
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from steppe.outputs.json_answers import make_rows

HEAD = ["format_version", "plan", "scenario", "level", "method", "weights"]


def test_ids_are_lists_and_ranges_two_numbers() -> None:
    frame = pd.DataFrame(
        {
            "from_id": ["a", "b", "c"],
            "rtt_ms": [1.5, math.nan, 2.0],
            "rtt_low_ms": [1.0, math.nan, math.nan],
            "rtt_high_ms": [2.0, math.nan, 3.0],
            "low_rank": pd.array([1, None, 2], dtype="Int64"),
            "high_rank": pd.array([3, None, 2], dtype="Int64"),
            "path": ["x y", None, ""],
            "used_by": ["fibre, 12 facts", "", "nodes"],
            "reason": [None, "unknown", ""],
        }
    )
    assert make_rows(frame) == [
        {"from_id": "a", "rtt_ms": 1.5, "rtt_range_ms": [1.0, 2.0], "rank_range": [1, 3],
         "path": ["x", "y"], "used_by": ["fibre", "12 facts"], "reason": None},
        {"from_id": "b", "rtt_ms": None, "rtt_range_ms": None, "rank_range": None,
         "path": [], "used_by": [], "reason": "unknown"},
        {"from_id": "c", "rtt_ms": 2.0, "rtt_range_ms": [None, 3.0], "rank_range": [2, 2],
         "path": [], "used_by": ["nodes"], "reason": None},
    ]  # fmt: skip


@given(st.lists(st.floats(allow_infinity=False), max_size=8))
def test_every_number_is_a_number_of_json_or_null(values: list[float]) -> None:
    rows = make_rows(pd.DataFrame({"value": np.array(values, dtype=float)}))
    told = [row["value"] for row in json.loads(json.dumps(rows, allow_nan=False))]
    assert [value is None for value in told] == [math.isnan(value) for value in values]
    for value, given_value in zip(told, values, strict=True):
        assert value is None or value == pytest.approx(given_value, rel=1e-11)


def test_a_table_without_rows_has_none() -> None:
    assert make_rows(pd.DataFrame({"low": [], "high": []})) == []


@pytest.mark.usefixtures("known_inputs")
@pytest.mark.parametrize(
    ("arguments", "further", "has_level"),
    [
        (("score",), [], True),
        (("score", "--method", "topsis"), [], True),
        (("compare", "base", "power_first", "--plan"), ["compared_with"], True),
        (("backbone",), ["cut", "redundancy", "changed"], False),
        (("sources",), [], False),
    ],
)
def test_every_answer_is_one_object_of_one_form(
    steppe, light_pack, arguments, further, has_level
) -> None:
    told = json.loads(steppe(*arguments, str(light_pack), "--json").stdout)
    assert list(told) == [*HEAD, *[name for name in told if name not in HEAD]]
    assert set(told) == {*HEAD, "rows", *further}
    assert told["format_version"] == 1
    assert told["plan"] == "inner_mongolia"
    assert (told["level"] is not None) == has_level
    assert (told["method"] is not None) == has_level
    assert told["rows"]
    assert all(list(row) == list(told["rows"][0]) for row in told["rows"])
    if has_level:
        assert sum(told["weights"].values()) == pytest.approx(1.0)
