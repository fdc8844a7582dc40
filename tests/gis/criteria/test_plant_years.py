"""Which plants ran in a year, for any plants and any year."""

import geopandas as gpd
import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import Point

from steppe.criteria.plant_years import Running, find_running
from steppe.layers.wording import join, say

YEARS = st.integers(1990, 2030)
UNITS = st.lists(
    st.fixed_dictionaries(
        {
            "status": st.sampled_from(["operating", "retired", "mothballed", "construction"]),
            "start_year": st.none() | YEARS,
            "retired_year": st.none() | YEARS,
            "capacity_mw": st.integers(1, 1000),
            "as_of": st.sampled_from(["2018-12-31", "2023-07", "2023"]),
        }
    ),
    max_size=8,
)


def layer(units: list[dict]) -> gpd.GeoDataFrame:
    names = ("status", "start_year", "retired_year", "capacity_mw", "as_of")
    rows = pd.DataFrame(units, columns=names).astype(
        {"start_year": "Int64", "retired_year": "Int64"}
    )
    return gpd.GeoDataFrame(rows, geometry=[Point(111, 41)] * len(rows), crs=4490)


def find(units: list[dict], year: int) -> Running:
    return find_running(layer(units), np.ones(len(units), dtype=bool), year=year)


def say_all(messages: list) -> str:
    return say(join(messages, "join.semicolon"), "en")


@given(UNITS, YEARS)
def test_whoever_began_and_is_not_closed_counts_before_the_layers_date(units, year) -> None:
    """start <= year < retired, unit by unit, for units that tell both or still run."""
    found = find(units, year)
    for unit, low in zip(units, found.low_mw, strict=True):
        begun, closed = unit["start_year"], unit["retired_year"]
        if year >= int(unit["as_of"][:4]) or begun is None or unit["status"] == "construction":
            continue
        if unit["status"] != "operating" and closed is None:
            continue
        runs = begun <= year and (closed is None or year < closed)
        assert low == (unit["capacity_mw"] if runs else 0.0)


@given(UNITS, YEARS)
def test_from_the_layers_date_on_its_status_tells(units, year) -> None:
    found = find(units, year)
    for unit, low, high in zip(units, found.low_mw, found.high_mw, strict=True):
        if year < int(unit["as_of"][:4]):
            continue
        assert low == high
        if unit["status"] != "operating":
            assert low == 0.0
        elif (unit["start_year"] or 0) <= year < (unit["retired_year"] or 9999):
            assert low == unit["capacity_mw"]


@given(UNITS, UNITS, YEARS)
def test_more_units_are_never_less_capacity(units, more, year) -> None:
    one, both = find(units, year), find([*units, *more], year)
    for name in ("low_mw", "high_mw"):
        assert getattr(both, name).sum() >= getattr(one, name).sum()
        assert list(getattr(both, name)[: len(units)]) == list(getattr(one, name))


@given(UNITS, YEARS)
def test_the_ends_are_in_order_and_what_is_being_built_never_runs(units, year) -> None:
    found = find(units, year)
    assert (found.low_mw <= found.value_mw).all()
    assert (found.value_mw <= found.high_mw).all()
    built = np.array([unit["status"] == "construction" for unit in units], dtype=bool)
    assert found.high_mw[built].sum() == 0.0


@given(UNITS, YEARS, st.randoms(use_true_random=False))
def test_a_year_that_is_forgotten_widens_the_band_and_never_moves_it(units, year, chance) -> None:
    forgetful = [
        {**unit, "start_year": chance.choice([unit["start_year"], None])} for unit in units
    ]
    known, less = find(units, year), find(forgetful, year)
    truth = np.array([int(unit["as_of"][:4]) > year for unit in units], dtype=bool)
    assert (less.low_mw[truth] <= known.low_mw[truth]).all()
    assert (less.high_mw >= known.high_mw).all()


@given(UNITS, YEARS)
def test_only_the_rows_that_are_asked_for_count(units, year) -> None:
    asked = np.array([number % 2 == 0 for number in range(len(units))], dtype=bool)
    found = find_running(layer(units), asked, year=year)
    whole = find(units, year)
    assert (found.high_mw == np.where(asked, whole.high_mw, 0.0)).all()
    assert (found.low_mw == np.where(asked, whole.low_mw, 0.0)).all()


def test_a_layer_that_knows_no_years_counts_what_operates_at_its_date_and_says_so() -> None:
    rows = layer(
        [{"status": "operating", "capacity_mw": 5.0, "as_of": "2023-07-01"},
         {"status": "construction", "capacity_mw": 7.0, "as_of": "2023-07-01"}]
    ).drop(columns=["start_year", "retired_year"])  # fmt: skip
    found = find_running(rows, np.ones(2, dtype=bool), year=2017)
    assert (found.low_mw.sum(), found.value_mw.sum(), found.high_mw.sum()) == (0.0, 5.0, 5.0)
    assert say_all(found.tell_year(5.0)) == (
        "the layer knows no years of plants: what ran in 2017 is not known"
    )
    later = find_running(rows, np.ones(2, dtype=bool), year=2023)
    assert (later.low_mw.sum(), later.high_mw.sum()) == (5.0, 5.0)
    assert later.tell_year(0.0) == []


def test_the_reason_tells_the_year_what_is_unsure_and_what_came_after() -> None:
    unit = {"status": "operating", "capacity_mw": 60.0, "as_of": "2018-12-31"}
    rows = [{**unit, "start_year": 2001}, {**unit, "start_year": None}]
    assert say_all(find(rows, 2017).tell_year(60.0)) == (
        "at the end of 2017, by the years of the units; 60 MW of units of unknown years count in "
        "the high end alone"
    )
    assert say_all(find(rows, 2026).tell_year(0.0)) == ("nothing newer is known up to 2026")
