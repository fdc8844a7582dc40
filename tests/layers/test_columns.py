"""Every column of every contract: its heads, its unit, and what its pandera column lets through."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from pandera.errors import SchemaErrors

from steppe.layers.columns import Column, Contract, number, said, text
from steppe.layers.conformity import conform, make_empty
from steppe.layers.contracts import CONTRACTS, RESULT_TABLES
from steppe.layers.derivations import half_of, ratio_of, residual_pct_of
from steppe.layers.shared_titles import SHARED_TITLES
from steppe.layers.units import find_unit
from steppe.layers.wording import find_languages

CONTRACTS_OF_COLUMNS = [
    (contract, column) for contract in CONTRACTS.values() for column in contract.columns.values()
]
NAMES = [f"{contract.name}.{column.name}" for contract, column in CONTRACTS_OF_COLUMNS]
ENTRIES = [column for _, column in CONTRACTS_OF_COLUMNS]


@pytest.mark.parametrize("column", ENTRIES, ids=NAMES)
def test_a_column_has_heads_in_both_languages_and_a_meaning(column: Column) -> None:
    assert column.zh.strip()
    assert column.en.strip()
    assert column.meaning.strip()
    assert (column.title("zh"), column.title("en")) == (column.zh, column.en)


@pytest.mark.parametrize(("contract", "column"), CONTRACTS_OF_COLUMNS, ids=NAMES)
def test_the_unit_of_a_number_is_known_or_stands_beside_it(contract, column: Column) -> None:
    if column.kind in ("number", "whole"):
        stands_beside = {"unit", "cost_unit"} & set(contract.columns)
        assert find_unit(column.unit) or (not column.unit and stands_beside)
    else:
        assert column.unit == ""


SUFFIXES = {"km": "km", "m": "m", "ms": "ms", "mw": "MW", "gwh": "GWh", "ha": "ha", "kv": "kV",
            "m3": "m3", "pct": "%", "c": "°C", "g": "g"}  # fmt: skip


@pytest.mark.parametrize("column", ENTRIES, ids=NAMES)
def test_a_name_that_ends_in_a_unit_tells_the_unit(column: Column) -> None:
    rest, _, suffix = column.name.rpartition("_")
    if rest and column.kind == "number" and suffix in SUFFIXES:
        assert column.unit == SUFFIXES[suffix]


@pytest.mark.parametrize("contract", CONTRACTS.values(), ids=lambda each: each.name)
def test_a_table_has_a_title_and_a_layer_that_of_its_style(contract) -> None:
    assert bool(contract.zh and contract.en) == (contract.geometry is None)
    assert set(contract.key) <= set(contract.columns)


def test_a_shared_title_is_that_of_some_column() -> None:
    assert set(SHARED_TITLES) <= {column.name for column in ENTRIES}


def test_a_column_without_a_head_shows_its_meaning_and_its_own_goes_first() -> None:
    bare = number("how wet it is, %", unit="%")
    own = text("why", zh="为何", en="Why so")
    contract = Contract("wetness", None, ("wet_pct",), {"wet_pct": bare, "reason": own})
    columns = contract.columns
    assert columns["wet_pct"].title("zh") == columns["wet_pct"].title("en") == bare.meaning
    assert (columns["reason"].title("zh"), columns["reason"].title("en")) == ("为何", "Why so")


def test_a_text_that_is_said_has_a_column_for_each_language() -> None:
    columns = said("why", "why it is so", zh="原因", en="Why")
    assert list(columns) == [f"why_{language}" for language in find_languages()]
    assert (columns["why_zh"].zh, columns["why_en"].en) == ("原因（中文）", "Why, English")


def passes(column: Column, *cells: object) -> bool:
    """Whether pandera takes the cells."""
    schema = Contract("one", None, ("cell",), {"cell": column}).schema
    frame = pd.DataFrame({"cell": pd.Series(cells, dtype=object)})
    try:
        schema.validate(frame, lazy=True)
    except SchemaErrors:
        return False
    return True


@pytest.mark.parametrize(
    ("column", "right", "wrong"),
    [
        (number("share", low=0, high=1), 0.5, 1.5),
        (number("any"), -1e300, math.inf),
        (number("any"), 1.0, None),
        (number("any"), 1.0, "wide"),
        (Column("count", "whole", "1", low=1), 1, 0),
        (text("word"), "so", ""),
        (text("word"), "so", None),
        (text("word", values=("yes", "no")), "no", "perhaps"),
    ],
)
def test_a_cell_is_held_to_its_entry(column: Column, right: object, wrong: object) -> None:
    assert passes(column, right)
    assert not passes(column, right, wrong)


@pytest.mark.parametrize("column", [number("n", empty=True), text("t", empty=True)])
def test_a_cell_of_an_optional_column_may_be_empty(column: Column) -> None:
    assert passes(column, None)


SPEED = Contract(
    "speed",
    None,
    ("run_id",),
    {
        "run_id": text("identifier", zh="编号", en="Id"),
        "out_km": number("way out", zh="去程", en="Out", unit="km", empty=True),
        "all_km": number("both ways", zh="往返", en="Both", unit="km", empty=True),
        "share": number("of all", zh="占比", en="Share", unit="1", empty=True,
                        derive=ratio_of("out_km", over="all_km")),
        "lost_pct": number("lost", zh="损失", en="Lost", unit="%", empty=True,
                           derive=residual_pct_of("all_km", "out_km")),
        "half_km": number("half", zh="一半", en="Half", unit="km", empty=True,
                          derive=half_of("all_km")),
    },
)  # fmt: skip


def test_a_column_that_follows_from_others_is_made_of_them() -> None:
    rows = [("a", 1.0, 4.0), ("b", 3.0, 0.0), ("c", None, 8.0), ("d", None, None)]
    made = conform(pd.DataFrame(rows, columns=["run_id", "out_km", "all_km"]), SPEED)
    assert list(made.columns) == list(SPEED.columns)
    told = made[["share", "lost_pct", "half_km"]].astype(object).where(made.notna(), None)
    assert told.to_numpy().tolist() == [
        [0.25, 75.0, 2.0],
        [None, None, 0.0],
        [None, None, 4.0],
        [None, None, None],
    ]


def test_what_a_table_says_of_a_derived_column_gives_way_to_what_follows() -> None:
    stale = pd.DataFrame({"run_id": ["a"], "out_km": [1.0], "all_km": [2.0], "share": [9.0]})
    assert conform(stale, SPEED)["share"].tolist() == [0.5]
    assert make_empty(SPEED).empty


@pytest.mark.parametrize(("contract", "column"), CONTRACTS_OF_COLUMNS, ids=NAMES)
def test_only_optional_numbers_of_results_follow_from_others(contract, column: Column) -> None:
    if column.derive is not None:
        assert contract.name in RESULT_TABLES
        assert column.is_optional
        assert column.kind == "number"
