"""Numbers as they are written: the same on every processor."""

from __future__ import annotations

import math

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from steppe.layers.written_values import round_number, writable_frame

numbers = st.floats(min_value=1e-6, max_value=1e9)


@given(numbers)
def test_a_settled_number_is_near_and_settles_no_further(number: float) -> None:
    settled = round_number(number)
    assert math.isclose(settled, number, rel_tol=1e-11)
    assert round_number(settled) == settled


def test_last_bits_make_no_difference() -> None:
    rng = np.random.default_rng(5)
    drawn = rng.uniform(0.1, 3000.0, 20_000)
    beside = np.nextafter(drawn, np.inf)
    n_apart = sum(round_number(a) != round_number(b) for a, b in zip(drawn, beside, strict=True))
    # A bit is at most 2.2e-16 of a number, a step of the rounding at least 1e-12 of it.
    assert n_apart <= 20


@pytest.mark.parametrize("number", [0.0, 1500.0, -2.5, 2017.0, 123456789012.0, 1e300, 1e-320])
def test_plain_numbers_stay(number: float) -> None:
    assert round_number(number) == number


def test_types_shapes_and_emptiness_stay() -> None:
    frame = gpd.GeoDataFrame(
        {
            "number": [1.0 / 3.0, None],
            "whole": pd.array([3, None], dtype="Int64"),
            "name": pd.Series(["a\0b", None], dtype="str"),
            "mixed": pd.Series([2.0 / 3.0, "\ud800x"], dtype=object),
        },
        geometry=[shapely.Point(1 / 3, 2), None],
        crs="EPSG:4490",
    ).set_axis([7, 3])
    settled = writable_frame(frame)
    assert isinstance(settled, gpd.GeoDataFrame)
    assert (settled.dtypes == frame.dtypes).all()
    assert list(settled.index) == [7, 3]
    assert settled["number"].iloc[0] == 0.333333333333
    assert settled["name"].iloc[0] == "a\ufffdb"
    assert settled["mixed"].tolist() == [0.666666666667, "\ufffdx"]
    assert settled.geometry.iloc[0] == shapely.Point(1 / 3, 2)
    assert settled.iloc[1, :2].isna().all()
