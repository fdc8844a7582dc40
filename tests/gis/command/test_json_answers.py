"""Tables as JSON: nothing lost, nothing made up, and one head for every answer."""

from __future__ import annotations

import copy
import json
import math
from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import steppe as steppe_package
from steppe.layers.contracts import CONTRACTS
from steppe.layers.errors import InputError
from steppe.layers.schemas import table_schema
from steppe.outputs.json_rows import make_rows

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


TYPES = {
    "null": lambda value: value is None,
    "string": lambda value: isinstance(value, str),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "boolean": lambda value: isinstance(value, bool),
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
}
KNOWN = {
    "$schema", "title", "description", "x-unit", "type", "enum", "const", "minimum", "maximum",
    "properties", "required", "additionalProperties", "items", "prefixItems", "minItems", "maxItems",
}  # fmt: skip


def find_faults(value: object, schema: dict, place: str = "$") -> Iterator[str]:
    """Hold a value against the part of JSON Schema 2020-12 that our schemas use."""
    assert set(schema) <= KNOWN
    kinds = schema.get("type", list(TYPES))
    if not any(TYPES[kind](value) for kind in ([kinds] if isinstance(kinds, str) else kinds)):
        yield f"{place}: {value!r} is no {kinds}"
        return
    if "enum" in schema and value not in schema["enum"]:
        yield f"{place}: {value!r} is none of {schema['enum']}"
    if "const" in schema and value != schema["const"]:
        yield f"{place}: {value!r} is not {schema['const']}"
    if TYPES["number"](value) and not (
        schema.get("minimum", -math.inf) <= value <= schema.get("maximum", math.inf)
    ):
        yield f"{place}: {value!r} is out of bounds"
    if isinstance(value, dict):
        yield from _find_in_object(value, schema, place)
    if isinstance(value, list):
        yield from _find_in_list(value, schema, place)


def _find_in_object(value: dict, schema: dict, place: str) -> Iterator[str]:
    yield from (f"{place}: no {name}" for name in schema.get("required", []) if name not in value)
    known = schema.get("properties", {})
    for name, each in value.items():
        inner = known.get(name, schema.get("additionalProperties", {}))
        if inner is False:
            yield f"{place}: {name} is not known"
        else:
            yield from find_faults(each, inner, f"{place}.{name}")


def _find_in_list(value: list, schema: dict, place: str) -> Iterator[str]:
    if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", math.inf):
        yield f"{place}: holds {len(value)}"
    first = schema.get("prefixItems", [])
    for number, each in enumerate(value):
        inner = first[number] if number < len(first) else schema.get("items", {})
        yield from find_faults(each, inner, f"{place}[{number}]")


BESIDE = ("answers", "assumptions", "spread")


@pytest.mark.usefixtures("known_inputs")
@pytest.mark.parametrize(
    ("arguments", "further", "has_level"),
    [
        (("score",), ["request", *BESIDE], True),
        (("score", "--method", "topsis"), ["request", *BESIDE], True),
        (("compare", "base", "power_first", "--plan"), ["compared_with", "proposed"], True),
        (("backbone",), ["cut", "cut_units", "redundancy", "changed", "unchanged"], False),
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
    schema = steppe_package.json_schema(arguments[0])
    assert list(find_faults(told, schema)) == []
    assert set(schema["properties"]) == set(told)
    (fields,) = {tuple(row) for row in told["rows"]}
    assert set(fields) == set(schema["properties"]["rows"]["items"]["properties"])
    assert told["plan"] == "inner_mongolia"
    assert (told["level"] is not None) == has_level
    assert (told["method"] is not None) == has_level
    assert told["rows"]
    assert all(list(row) == list(told["rows"][0]) for row in told["rows"])
    if has_level:
        assert sum(told["weights"].values()) == pytest.approx(1.0)


SPOILT = [
    ("score", ("rows", 0, "score"), "0.5"),
    ("score", ("rows", 0, "score"), 1.5),
    ("score", ("rows", 0, "rank_range"), [1]),
    ("score", ("rows", 0, "criteria", "power"), "high"),
    ("score", ("rows", 0, "request", "verdict"), "perhaps"),
    ("score", ("rows", 0, "request", "tests", 0, "can_mw"), "much"),
    ("score", ("request", "demand_mw"), None),
    ("score", ("level",), "moon"),
    ("backbone", ("rows", 0, "path"), "x y"),
    ("backbone", ("rows", 0, "status"), "guessed"),
    ("backbone", ("rows", 0, "floor_rtt_ms"), None),
    ("backbone", ("redundancy", 0, "nominal_range"), [-1, 2]),
    ("backbone", ("changed", "latency", 0, "before_ms"), None),
]


@pytest.mark.usefixtures("known_inputs")
def test_the_schemas_refuse_what_is_spoilt(steppe, light_pack) -> None:
    arguments = {"score": ("score",), "backbone": ("backbone", "--cut", "jining_beijing_2")}
    told = {
        name: json.loads(steppe(*ask, str(light_pack), "--json").stdout)
        for name, ask in arguments.items()
    }
    for command, (*way, last), value in SPOILT:
        schema, spoilt = steppe_package.json_schema(command), copy.deepcopy(told[command])
        assert list(find_faults(spoilt, schema)) == []
        inner = spoilt
        for step in way:
            inner = inner[step]
        inner[last] = value
        assert list(find_faults(spoilt, schema)), (command, way, last)


def test_a_command_without_json_has_no_schema() -> None:
    with pytest.raises(InputError, match="no command 'build' has --json; one of score, compare"):
        steppe_package.json_schema("build")


@pytest.mark.parametrize("contract", CONTRACTS.values(), ids=lambda each: each.name)
def test_the_schema_of_a_table_tells_every_column(contract) -> None:
    row = table_schema(contract)["items"]
    assert list(row["properties"]) == list(contract.columns)
    for name, column in contract.columns.items():
        told = row["properties"][name]
        assert (name in row["required"]) == (not column.is_optional)
        assert (list(find_faults(None, told)) == []) == column.is_optional
        assert told.get("x-unit", "") == column.unit
