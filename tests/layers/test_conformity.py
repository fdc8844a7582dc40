"""Cells, ids and headings of every contract: what fits, and one line for each fault."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from steppe.layers.columns import Contract
from steppe.layers.conformity import check, checked, conform
from steppe.layers.contracts import INPUT_LAYERS, LAYERS, RESULT_TABLES
from steppe.layers.contracts.documents import FACTS, POWER_TERMS, ROUND_TRIPS
from steppe.layers.contracts.network import FIBRE
from steppe.layers.contracts.scores import MEASURES
from steppe.layers.contracts.siting import PARKS
from steppe.layers.errors import MAX_NAMED_ROWS, InputError
from steppe.layers.texts import printable

WHERE = "file.csv › layer"
N_ROWS = 7
CONTRACTS = [*INPUT_LAYERS.values(), FACTS]


def fill(contract: Contract, n_rows: int = N_ROWS) -> dict[str, list[Any]]:
    """Rows that are right, of text as in a CSV."""
    rows: dict[str, list[Any]] = {}
    for name, cells in contract.columns.items():
        if name in contract.key:
            rows[name] = [f"row{number}" for number in range(n_rows)]
        elif cells.choices:
            rows[name] = [cells.choices[0]] * n_rows
        elif cells.kind == "date":
            rows[name] = ["2017-05-01"] * n_rows
        elif cells.kind == "text":
            rows[name] = ["a text"] * n_rows
        else:
            rows[name] = [str(math.ceil(max(cells.low, 1)))] * n_rows
    return rows


def refusal(contract: Contract, column: str, value: Any) -> str:
    """The only line that one bad cell in the second row comes to."""
    rows = fill(contract)
    rows[column] = [*rows[column][:1], value, *rows[column][2:]]
    with pytest.raises(InputError) as caught:
        checked(frame(rows), contract, where=WHERE)
    (line,) = str(caught.value).splitlines()
    assert line.startswith(f"{WHERE}: ")
    return line


def frame(rows: dict[str, list[Any]]) -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(cells, dtype=object) for name, cells in rows.items()})


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda each: each.name)
def test_rows_that_are_right_pass(contract) -> None:
    assert list(checked(frame(fill(contract)), contract, where=WHERE).columns) == list(
        contract.columns
    )


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda each: each.name)
@pytest.mark.parametrize("n_rows", [0, 1, N_ROWS])
def test_what_passes_has_the_types_that_pandera_gives(contract, n_rows: int) -> None:
    rows = frame(fill(contract, n_rows))
    bare = rows.drop(columns=[name for name, each in contract.columns.items() if each.is_optional])
    for table in (rows, bare, rows.assign(remark="mine")):
        assert_frame_equal(checked(table, contract, where=WHERE), conform(table, contract))


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda each: each.name)
def test_every_number_that_is_read_has_its_bounds(contract) -> None:
    for name, cells in contract.columns.items():
        if cells.kind in ("number", "whole"):
            assert -math.inf < cells.low < cells.high < math.inf, name
            # What stands in a column `unit` beside it has no unit of its own.
            assert cells.unit or "unit" in contract.columns, name


BOUNDS = [
    (PARKS, "it_load_mw", "1e30", "it_load_mw is '1e30', at most 50 000 MW"),
    (PARKS, "it_load_mw", 1e30, "it_load_mw is 1e+30, at most 50 000 MW"),
    (PARKS, "racks", "1e25", "racks is '1e25', at most 10 000 000"),
    (PARKS, "racks", 10**400, "at most 10 000 000"),
    (PARKS, "racks", "9" * 5000, "at most 10 000 000"),
    (PARKS, "racks", "0", "racks is '0', at least 1"),
    (PARKS, "servers", "-1", "servers is '-1', at least 1"),
    (PARKS, "area_ha", "0", "area_ha is '0', at least 0.01 ha"),
    (PARKS, "accuracy_m", "-0.5", "accuracy_m is '-0.5', at least 0 m"),
    (PARKS, "opened", "1066-10-14", "opened is '1066-10-14', at least 1800"),
    (PARKS, "as_of", "9999-12-31", "as_of is '9999-12-31', at most 2100"),
    (FIBRE, "route_km", 0.0, "route_km is 0, at least 0.01 km"),
    (FIBRE, "route_km", "1e-9", "route_km is '1e-9', at least 0.01 km"),
    (FIBRE, "route_km", 1e300, "route_km is 1e+300, at most 50 000 km"),
    (FIBRE, "length_km", -1, "length_km is -1, at least 0 km"),
    (FIBRE, "capacity_gbps", math.inf, "capacity_gbps is inf, at most 10 000 000 Gbit/s"),
    (FIBRE, "year", "1492", "year is '1492', at least 1800"),
    (INPUT_LAYERS["plants"], "capacity_mw", "1e400", "at most 50 000 MW"),
    (INPUT_LAYERS["plants"], "voltage_kv", 3000.0, "voltage_kv is 3000, at most 1 500 kV"),
    (INPUT_LAYERS["towns"], "population", 1e10, "at most 100 000 000"),
    (POWER_TERMS, "value", "-0.1", "value is '-0.1', at least 0"),
    (ROUND_TRIPS, "rtt_ms", "0", "rtt_ms is '0', at least 0.001 ms"),
    (ROUND_TRIPS, "from_lat", "90.1", "from_lat is '90.1', at most 90 deg"),
    (ROUND_TRIPS, "to_lon", "-181", "to_lon is '-181', at least -180 deg"),
]


@pytest.mark.parametrize(("contract", "column", "value", "words"), BOUNDS)
def test_what_is_out_of_the_possible_is_told_its_bound(contract, column, value, words) -> None:
    line = refusal(contract, column, value)
    assert words in line
    assert "(rows row1)" in line


NO_NUMBERS = ["1,500", "1_000", "0x10", "１２", "nan", "NaN", "inf", "-Infinity", "1.5.2", "12 MW",
              "1 500", "٣", "1e", "--1", True, [1], {"a": 1}, b"12", dt.date(2017, 5, 1)]  # fmt: skip


@pytest.mark.parametrize("value", NO_NUMBERS, ids=repr)
@pytest.mark.parametrize("column", ["it_load_mw", "racks"])
def test_what_is_no_number_is_refused(column: str, value: object) -> None:
    assert f"{column} is not a" in refusal(PARKS, column, value)


@pytest.mark.parametrize("value", ["1500.5", 1500.5, "1.5e-1"])
def test_a_whole_number_is_whole(value: object) -> None:
    if value == "1.5e-1":
        assert "racks is '1.5e-1', at least 1" in refusal(PARKS, "racks", value)
    else:
        assert "racks is not a whole number" in refusal(PARKS, "racks", value)


@pytest.mark.parametrize(
    ("value", "number"),
    [("1500.0", 1500), (1500.0, 1500), (" 12 ", 12), ("+7", 7), ("1.5e3", 1500), (np.int64(3), 3)],
)
def test_a_number_may_be_written_so(value: object, number: int) -> None:
    rows = fill(PARKS) | {"racks": [value] * N_ROWS}
    assert list(checked(frame(rows), PARKS, where=WHERE)["racks"]) == [number] * N_ROWS


@pytest.mark.parametrize("value", [None, math.nan, pd.NA, pd.NaT, "", "  "], ids=repr)
def test_an_empty_cell_is_unknown_and_not_zero(value: object) -> None:
    rows = fill(PARKS) | {"it_load_mw": [value, *["1"] * (N_ROWS - 1)]}
    assert math.isnan(checked(frame(rows), PARKS, where=WHERE)["it_load_mw"].iloc[0])
    assert "accuracy_m is empty" in refusal(PARKS, "accuracy_m", value)


DATES = ["12/31/2017", "2017/5/1", "soon", "43100", 43100, "2017-13-45", "2017-02-29", "2017-5-1",
         "20170501", "2017-05-01 10:00", "2017-05-01T25:00", "２０１７", "1/5/17", "2017年5月1日"]  # fmt: skip


@pytest.mark.parametrize("value", DATES, ids=repr)
@pytest.mark.parametrize(
    ("contract", "column"),
    [(PARKS, "as_of"), (PARKS, "opened"), (INPUT_LAYERS["earthquakes"], "time")],
)
def test_a_date_is_one_of_iso_8601(contract, column: str, value: object) -> None:
    assert f"{column} is no date" in refusal(contract, column, value)


def test_one_time_among_dates_leaves_the_dates() -> None:
    typed = pd.to_datetime(pd.Series(["2017-05-01", "2017-05-02T10:30"] + ["2018-01-01"] * 5, dtype=object),
                           format="ISO8601")  # fmt: skip
    rows = frame(fill(PARKS)).assign(as_of=typed)
    made = checked(rows, PARKS, where=WHERE)["as_of"]
    assert list(made[:3]) == ["2017-05-01", "2017-05-02T10:30:00", "2018-01-01"]


NO_IDS = [
    ("", "is empty"), ("  ", "is empty"), ("\u200e\u200f", "is empty"), (None, "is empty"),
    ("\u3164", "is empty"), ("a b", "holds a blank"), ("a\u00a0b", "holds a blank"), ("a\nb", "holds a blank"),
    ("a\x00b", "holds a control character"), ("a\x1b[31m", "holds a control character"),
    ("a\u200bb", "holds a sign that is not seen"), ("a\ufeffb", "holds a sign that is not seen"),
    ("a\u202eb", "holds a sign that is not seen"), ("a" * 300, "is longer than 255"),
    ("cafe\u0301", "is written with signs apart"), ([1], "is neither text nor number"),
    (True, "is neither text nor number"),
]  # fmt: skip


@pytest.mark.parametrize(("value", "words"), NO_IDS, ids=repr)
def test_an_id_is_seen_and_whole(value: object, words: str) -> None:
    line = refusal(PARKS, "park_id", value)
    assert f"park_id {words}" in line
    assert line.isprintable()


@pytest.mark.parametrize(
    ("one", "other"),
    [("hohhot", "Hohhot"), ("chifeng", "сhifeng"), ("A1", "Ａ1"), ("ordos", "οrdos"), ("é1", "É1")],
)
def test_ids_that_look_alike_are_told(one: str, other: str) -> None:
    rows = fill(PARKS)
    rows["park_id"][:2] = [one, other]
    (problem,) = check(frame(rows), PARKS, where=WHERE)[0]
    assert problem.what.say("en") == "park_id looks like another one"
    assert problem.rows == (one, other)


@pytest.mark.parametrize("column", ["name_zh", "name_en"])
@pytest.mark.parametrize("value", ["", "   ", "\u200b", "\u200e\u202b", "\u2800", None], ids=repr)
def test_a_name_shows_something(column: str, value: object) -> None:
    line = refusal(PARKS, column, value)
    assert f"{column} is empty" in line or f"{column} holds nothing that can be seen" in line


@pytest.mark.parametrize(
    "value", ["a\x00b", "\x1b]0;x\x07", "a\ud800", "a\uffff", "x" * 40_000], ids=ascii
)
@pytest.mark.parametrize("column", ["name_en", "operator", "further"])
def test_what_a_format_cannot_keep_is_refused_and_shown_short(column: str, value: str) -> None:
    rows = fill(PARKS) | {"further": ["x"] * N_ROWS}
    rows[column][3] = value
    (problem,) = check(frame(rows), PARKS, where=WHERE)[0]
    line = str(problem)
    assert line.isprintable()
    assert len(line) < 300
    assert "(rows row3)" in line


@pytest.mark.parametrize(
    "value", ["two\nlines", "a\ttab", "عربي", "  padded ", "😀", "{{7*7}}", "ᠮᠣᠩᠭᠣᠯ"]
)
def test_any_text_that_shows_something_is_a_name_as_it_stands(value: str) -> None:
    rows = fill(PARKS) | {"name_en": [value] * N_ROWS}
    assert list(checked(frame(rows), PARKS, where=WHERE)["name_en"]) == [value] * N_ROWS


def test_whole_ids_that_came_as_floats_beside_nulls_are_whole() -> None:
    parents = pd.Series([11.0, math.nan, 12.0, *[math.nan] * 4])
    made = checked(frame(fill(PARKS)).assign(parent_id=parents), PARKS, where=WHERE)["parent_id"]
    assert list(made.dropna()) == ["11", "12"]


def test_a_number_where_an_id_is_text_is_its_text() -> None:
    rows = fill(PARKS) | {"park_id": [1.5, 2, 3.0, "d", np.float64(5), np.int32(6), "g"]}
    made = checked(frame(rows), PARKS, where=WHERE)["park_id"]
    assert list(made) == ["1.5", "2", "3", "d", "5", "6", "g"]


def _twice(rows: pd.DataFrame) -> pd.DataFrame:
    return pd.concat([rows, rows[["racks"]]], axis=1)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (_twice, "has the column 'racks' twice"),
        (lambda rows: rows.assign(**{"racks.1": "3"}), "has the column 'racks' twice"),
        (lambda rows: rows.rename(columns={"role": 7}), "has a column called 7"),
        (lambda rows: rows.assign(**{"\u200b": "3"}), "has a column called"),
        (lambda rows: rows.drop(columns=["status", "level"]), "lacks the columns level, status"),
        (lambda rows: rows.assign(depth=math.inf), "depth is not finite: inf"),
        (lambda rows: rows.assign(tags=[[1, 2]] * N_ROWS), "tags is neither text nor number"),
        (lambda rows: rows.assign(raw=[b"x"] * N_ROWS), "raw is neither text nor number"),
    ],
)  # fmt: skip
def test_headings_and_further_columns_are_held_too(spoil, words: str) -> None:
    (problem,) = check(spoil(frame(fill(PARKS))), PARKS, where=WHERE)[0]
    assert words in str(problem)


WAYS: list[Any] = [None, "", "\x00", "\u200f", math.inf, -math.inf, -1e99, True, [1], {}, b"x", "soon",
                   pd.Timestamp("2017-05-01"), "x" * 50_000, 10**30]  # fmt: skip


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda each: each.name)
def test_each_column_broken_in_every_way_is_lines_and_nothing_else(contract) -> None:
    for column in contract.columns:
        rows = frame(fill(contract, len(WAYS)) | {column: WAYS})
        problems, made = check(rows, contract, where=WHERE)
        assert problems
        assert made is None
        for problem in problems:
            line = str(problem)
            assert line.startswith(f"{WHERE}: {column} ")
            assert line == printable(line)
            assert line.count("\n") == 0
            if len(problem.rows) > MAX_NAMED_ROWS:
                assert f"and {len(problem.rows) - MAX_NAMED_ROWS} more" in line


@pytest.mark.parametrize("way", WAYS, ids=lambda way: ascii(way)[:20])
def test_a_park_broken_one_way_is_one_line_for_each_column_that_it_breaks(way) -> None:
    rows = frame({name: [way] * N_ROWS for name in PARKS.columns})
    problems, _ = check(rows, PARKS, where=WHERE)
    columns = [problem.what.say("en").split()[0] for problem in problems]
    assert {"park_id", "level", "accuracy_m"} <= set(columns)
    assert len(columns) == len(set(columns)) or way == "x" * 50_000


CELL = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8), st.binary(max_size=3),
    st.datetimes(), st.dates(), st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=2), st.integers(), max_size=2),
)  # fmt: skip


@given(st.data())
def test_whatever_cells_hold_it_is_rows_or_lines(data: st.DataObject) -> None:
    contract = data.draw(st.sampled_from(CONTRACTS))
    columns = data.draw(st.lists(st.sampled_from(list(contract.columns)), min_size=1, max_size=3))
    rows = fill(contract, 2)
    for column in columns:
        rows[column] = data.draw(st.lists(CELL, min_size=2, max_size=2))
    problems, made = check(frame(rows), contract, where=WHERE)
    assert (made is None) == bool(problems)
    if made is not None:
        # What passes is what pandera lets through, in its types.
        assert_frame_equal(contract.schema.validate(made), made)
    assert all(str(problem) == printable(str(problem)) for problem in problems)


def test_many_bad_rows_are_told_in_a_line() -> None:
    n_rows = 100_000
    rows = {name: cells * (n_rows // N_ROWS + 1) for name, cells in fill(PARKS).items()}
    table = frame({name: cells[:n_rows] for name, cells in rows.items()}).assign(
        park_id=[f"p{number}" for number in range(n_rows)],
        as_of=[f"{number}/1/2017" for number in range(n_rows)],
        racks=[f"{number},000" for number in range(n_rows)],
    )
    problems, _ = check(table, PARKS, where=WHERE)
    lines = str(InputError(problems)).splitlines()
    assert len(lines) == 2
    assert all(len(line) < 300 and "and 99995 more" in line for line in lines)


def test_of_very_many_faults_the_first_are_listed_and_the_rest_counted() -> None:
    problems = check(frame(fill(PARKS) | {"park_id": ["a"] * N_ROWS}), PARKS, where=WHERE)[0]
    many = [type(problems[0])(WHERE, f"fault {number}", "x") for number in range(5000)]
    lines = str(InputError(many)).splitlines()
    assert len(lines) == 201
    assert lines[-1] == "and 4800 more faults"


@pytest.mark.parametrize(
    "contract", [*LAYERS.values(), *RESULT_TABLES.values()], ids=lambda c: c.name
)
def test_no_contract_lets_an_infinite_number_through(contract) -> None:
    for name, entry in contract.columns.items():
        if entry.kind == "number":
            column = contract.schema.columns[name]
            assert any(not each(pd.Series([math.inf])).check_passed for each in column.checks), name


def test_a_result_that_is_not_finite_is_a_fault_of_ours() -> None:
    assert "is_finite" in str(MEASURES.schema.columns["value"].checks)
