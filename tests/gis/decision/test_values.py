"""The value function: its ends, its clip, its order, and the unknown."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gis.decision.values import value_band, value_linear

NUMBERS = st.floats(-1e6, 1e6)
ANY = st.floats(allow_nan=True, allow_infinity=True)


@pytest.mark.parametrize(("worst", "best"), [(0.0, 8.0), (8.0, 0.0)])
def test_the_line_runs_from_worst_to_best(worst, best):
    quarter = worst + (best - worst) / 4
    beyond = (worst - (best - worst), best + (best - worst))
    assert value_linear([worst, quarter, best, *beyond], worst=worst, best=best).tolist() == [
        0.0,
        0.25,
        1.0,
        0.0,
        1.0,
    ]


def test_unknown_stays_unknown_and_the_shape_stays():
    values = value_linear([[1.0, np.nan], [np.inf, -np.inf]], worst=0, best=2)
    assert np.array_equal(values, [[0.5, np.nan], [1.0, 0.0]], equal_nan=True)
    assert value_linear(1.0, worst=0, best=2).shape == ()
    assert value_linear([], worst=0, best=2).shape == (0,)


@given(NUMBERS, NUMBERS, st.lists(ANY))
def test_values_lie_within_0_and_1_and_nan_comes_of_nan_alone(worst, best, measured):
    assume(worst != best)
    values = value_linear(measured, worst=worst, best=best)
    assert np.array_equal(np.isnan(values), np.isnan(measured))
    assert ((values >= 0) & (values <= 1) | np.isnan(values)).all()


@given(NUMBERS, NUMBERS, NUMBERS, NUMBERS)
def test_nearer_to_the_best_is_never_worth_less(worst, best, one, two):
    assume(worst != best)
    sign = 1 if best > worst else -1
    less, more = sorted((one, two), key=lambda measured: sign * measured)
    assert value_linear(less, worst=worst, best=best) <= value_linear(more, worst=worst, best=best)


@given(NUMBERS, NUMBERS, NUMBERS)
def test_exchanged_ends_turn_the_value_over(worst, best, measured):
    assume(abs(worst - best) > 1e-3)
    value = value_linear(measured, worst=worst, best=best)
    assert value_linear(measured, worst=best, best=worst) == pytest.approx(1 - value, abs=1e-9)


@given(NUMBERS, NUMBERS, NUMBERS, NUMBERS, NUMBERS)
def test_a_band_holds_the_value_of_all_within(worst, best, low, high, measured):
    assume(worst != best)
    low, measured, high = sorted((low, measured, high))
    worse, better = value_band(low, high, worst=worst, best=best)
    assert worse <= value_linear(measured, worst=worst, best=best) <= better


def test_a_band_where_less_is_better():
    worse, better = value_band([2.0, np.nan], [6.0, 6.0], worst=10, best=2)
    assert np.array_equal(worse, [0.5, np.nan], equal_nan=True)
    assert np.array_equal(better, [1.0, np.nan], equal_nan=True)


@pytest.mark.parametrize(("worst", "best"), [(1, 1), (np.nan, 1), (0, np.inf), (-1.7e308, 1.7e308)])
def test_ends_that_make_no_line_are_refused(worst, best):
    with pytest.raises(ValueError, match="worst and best"):
        value_linear([1.0], worst=worst, best=best)
