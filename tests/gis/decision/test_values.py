"""Value functions: their ends, their order, their bands, the unknown, and the way back."""

from __future__ import annotations

import doctest

import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from steppe.decision import values
from steppe.decision.values import Linear, Piecewise, Sigmoid

NAN = float("nan")
NUMBERS = st.floats(-1e6, 1e6)
ANY = st.floats(allow_nan=True, allow_infinity=True)
SHARES = st.floats(0, 1)


@st.composite
def ends(draw):
    worst, best = draw(NUMBERS), draw(NUMBERS)
    assume(abs(worst - best) > 1e-3)
    return worst, best


@st.composite
def piecewise(draw):
    at = sorted(draw(st.lists(st.integers(-1000, 1000), min_size=2, max_size=6, unique=True)))
    return Piecewise(tuple((float(place), draw(SHARES)) for place in at))


MONOTONE = st.one_of(
    ends().map(lambda pair: Linear(*pair)),
    st.builds(lambda pair, k: Sigmoid(*pair, k), ends(), st.floats(0.01, 100)),
)
FUNCTIONS = st.one_of(MONOTONE, piecewise())


@pytest.mark.parametrize(("worst", "best"), [(0.0, 8.0), (8.0, 0.0)])
def test_the_line_runs_from_worst_to_best(worst, best):
    quarter = worst + (best - worst) / 4
    beyond = (worst - (best - worst), best + (best - worst))
    found = Linear(worst, best).rate([worst, quarter, best, *beyond])
    assert found.tolist() == [0.0, 0.25, 1.0, 0.0, 1.0]


@pytest.mark.parametrize(("worst", "best"), [(0.0, 8.0), (8.0, 0.0)])
@pytest.mark.parametrize("steepness", [1e-9, 0.5, 10.0, 1e4])
def test_the_logistic_curve_ends_in_0_and_1_exactly(worst, best, steepness):
    found = Sigmoid(worst, best, steepness).rate([worst, (worst + best) / 2, best, -99, 99])
    beyond = [0.0, 1.0] if best > worst else [1.0, 0.0]
    assert found.tolist() == [0.0, 0.5, 1.0, *beyond]


@given(ends(), st.floats(0.1, 50), NUMBERS)
def test_it_is_the_logistic_function_stretched(pair, steepness, measured):
    share = np.clip((measured - pair[0]) / (pair[1] - pair[0]), 0, 1)
    bottom, found, top = (1 / (1 + np.exp(-steepness * (t - 0.5))) for t in (0, share, 1))
    expected = (found - bottom) / (top - bottom)
    assert Sigmoid(*pair, steepness).rate(measured) == pytest.approx(expected, abs=1e-9)


@given(ends(), NUMBERS)
def test_a_flat_curve_and_two_points_are_the_line(pair, measured):
    line = Linear(*pair).rate(measured)
    assert Sigmoid(*pair, 1e-5).rate(measured) == pytest.approx(line, abs=1e-9)
    points = sorted([(pair[0], 0.0), (pair[1], 1.0)])
    assert Piecewise(tuple(points)).rate(measured) == pytest.approx(line, abs=1e-9)


def test_points_are_joined_and_prolonged():
    # The example of the manual of the R package smaa, smaa.pvf.
    function = Piecewise(((50, 1), (75, 0.8), (90, 0.5), (100, 0)))
    found = function.rate([50, 90, 100, 10, 40, 101, 120])
    assert found.tolist() == [1.0, 0.5, 0.0, 1.0, 1.0, 0.0, 0.0]


@pytest.mark.parametrize("function", [Linear(0, 2), Sigmoid(0, 2, 4), Piecewise(((0, 0), (2, 1)))])
def test_unknown_stays_unknown_and_the_shape_stays(function):
    found = function.rate([[1.0, NAN], [np.inf, -np.inf]])
    assert np.array_equal(found, [[0.5, NAN], [1.0, 0.0]], equal_nan=True)
    assert function.rate(1.0).shape == ()
    assert function.rate([]).shape == (0,)
    for low, high in ((NAN, 1.0), (1.0, NAN)):
        assert np.isnan(function.rate_band([low], [high])).all()
    assert np.isnan(function.reach(NAN, start=1.0))
    assert np.isnan(function.reach(0.5, start=NAN))


@given(FUNCTIONS, st.lists(ANY))
def test_values_lie_within_0_and_1_and_nan_comes_of_nan_alone(function, measured):
    found = function.rate(measured)
    assert np.array_equal(np.isnan(found), np.isnan(measured))
    assert ((found >= 0) & (found <= 1) | np.isnan(found)).all()


@given(MONOTONE, NUMBERS, NUMBERS)
def test_nearer_to_the_best_is_never_worth_less(function, one, two):
    sign = 1 if function.best > function.worst else -1
    less, more = sorted((one, two), key=lambda measured: sign * measured)
    # tanh itself is monotone to the last digit only.
    assert function.rate(less) <= function.rate(more) + 1e-15


@given(ends(), st.floats(0.01, 100), NUMBERS)
def test_exchanged_ends_turn_the_value_over(pair, steepness, measured):
    worst, best = pair
    for one, other in (
        (Linear(worst, best), Linear(best, worst)),
        (Sigmoid(worst, best, steepness), Sigmoid(best, worst, steepness)),
    ):
        assert other.rate(measured) == pytest.approx(1 - one.rate(measured), abs=1e-7)


@given(FUNCTIONS, NUMBERS, NUMBERS, NUMBERS)
def test_a_band_holds_the_value_of_all_within(function, low, high, measured):
    low, measured, high = sorted((low, measured, high))
    worse, better = function.rate_band(low, high)
    assert worse - 1e-15 <= function.rate(measured) <= better + 1e-15


@given(piecewise(), st.integers(-1100, 1100), st.integers(0, 500))
def test_the_ends_of_a_band_are_values_within_it(function, low, width):
    # The extremes of straight pieces lie at the ends or at the points, all whole numbers.
    inside = function.rate(np.arange(low, low + width + 1))
    worse, better = function.rate_band(low, low + width)
    assert (worse, better) == (inside.min(), inside.max())


def test_a_band_where_less_is_better():
    worse, better = Linear(10, 2).rate_band([2.0, NAN], [6.0, 6.0])
    assert np.array_equal(worse, [0.5, NAN], equal_nan=True)
    assert np.array_equal(better, [1.0, NAN], equal_nan=True)


def test_how_far_the_distance_would_have_to_fall():
    function = Linear(worst=30, best=10)
    assert function.reach(0.9, start=25) == 12
    assert function.reach(1.0, start=25) == 10
    assert function.reach(1.0, start=4) == 4
    assert function.reach(0.0, start=99) == 99
    assert np.isnan(function.reach(1.01, start=25))
    assert np.isnan(function.reach(-0.01, start=25))


def test_the_nearest_of_several_ways():
    function = Piecewise(((0, 0.2), (10, 0.8), (20, 0.8), (30, 0.4)))
    assert function.reach(0.5, start=0) == pytest.approx(5)
    assert function.reach(0.5, start=30) == pytest.approx(27.5)
    assert function.reach(0.8, start=13) == 13
    assert function.reach(0.8, start=99) == 20
    assert function.reach(0.2, start=-7) == -7
    assert function.reach(0.4, start=1000) == 1000
    assert np.isnan(function.reach(0.9, start=5))
    assert np.isnan(function.reach(0.1, start=5))


@given(FUNCTIONS, SHARES, NUMBERS)
@example(Sigmoid(worst=0.0, best=1.0, steepness=77.0), 1e-308, 0.0)
def test_what_is_reached_has_the_value(function, value, start):
    found = function.reach(value, start=start)
    if not np.isnan(found):
        # One digit of a measured number may be worth this much.
        slack = 1e-6 + 1e-9 * getattr(function, "steepness", 0)
        assert function.rate(found) == pytest.approx(value, abs=slack)


@given(piecewise(), SHARES, st.integers(-1100, 1100), st.integers(-1100, 1100))
def test_nothing_nearer_has_the_value(function, value, start, other):
    found = function.reach(value, start=start)
    reached = function.rate(min(start, other)), function.rate(max(start, other))
    if np.isnan(found):
        low, high = function.rate_band(-1100, 1100)
        assert not low <= value <= high
    elif abs(other - start) < abs(found - start) - 1e-6:
        # No change of sign between the start and what is nearer than the answer.
        assert not min(reached) < value < max(reached)


@pytest.mark.parametrize(("worst", "best"), [(1, 1), (NAN, 1), (0, np.inf), (-1.7e308, 1.7e308)])
def test_ends_that_make_no_line_are_refused(worst, best):
    with pytest.raises(ValueError, match="worst and best"):
        Linear(worst, best)
    with pytest.raises(ValueError, match="worst and best"):
        Sigmoid(worst, best, 4)


@pytest.mark.parametrize("steepness", [0, -1, NAN, np.inf])
def test_a_curve_needs_a_steepness(steepness):
    with pytest.raises(ValueError, match="steepness"):
        Sigmoid(0, 1, steepness)


@pytest.mark.parametrize(
    "points",
    [
        (),
        ((0, 0),),
        ((0, 0), (0, 1)),
        ((1, 0), (0, 1)),
        ((0, 0), (1, 1.1)),
        ((0, -0.1), (1, 1)),
        ((0, 0), (1, NAN)),
        ((0, 0), (NAN, 1)),
        ((0, 0), (np.inf, 1)),
        ((-1.7e308, 0), (1.7e308, 1)),
    ],
)
def test_points_that_make_no_function_are_refused(points):
    with pytest.raises(ValueError, match="two points or more"):
        Piecewise(points)


def test_the_examples_are_true():
    result = doctest.testmod(values)
    assert result.attempted
    assert not result.failed
