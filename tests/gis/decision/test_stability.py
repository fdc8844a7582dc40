"""Intervals of weights: closed forms, and a walk through all weights as the oracle."""

from __future__ import annotations

import doctest

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from steppe.decision import stability
from steppe.decision.scoring import score
from steppe.decision.stability import RankReversal, find_first_intervals, find_rank_reversal

NAN = float("nan")
TENTHS = st.integers(0, 10).map(lambda tenth: tenth / 10)


@st.composite
def problems(draw):
    shape = draw(st.integers(1, 5)), draw(st.integers(2, 4))
    table = draw(hnp.arrays(float, shape, elements=TENTHS))
    weights = draw(hnp.arrays(float, shape[1], elements=st.integers(0, 5).map(float)))
    assume((weights > 0).sum() > 1)
    return table, weights


def move(weights, criterion, share):
    """Give one criterion this share, and the rest to the others as they were."""
    others = np.array(weights, dtype=float)
    others[criterion] = 0
    moved = others / others.sum() * (1 - share)
    moved[criterion] = share
    return moved


def test_two_sites_and_two_criteria_in_closed_form():
    low, high = find_first_intervals([[0.9, 0.3], [0.5, 0.6]], [1, 1])
    assert low == pytest.approx(np.array([[3 / 7, 0], [0, 4 / 7]]))
    assert high == pytest.approx(np.array([[1, 4 / 7], [3 / 7, 1]]))
    found = find_rank_reversal([[0.9, 0.3], [0.5, 0.6]], [1, 1])
    assert (found.site, found.criterion, found.rival) == (0, 0, 1)
    assert found.new_weight == pytest.approx(3 / 7)
    assert found.change == pytest.approx(3 / 7 - 1 / 2)


def test_who_is_never_first_has_no_interval():
    low, high = find_first_intervals([[1, 0], [0, 1], [0.4, 0.4]], [1, 1])
    assert np.isnan(low[2]).all()
    assert np.isnan(high[2]).all()
    assert low[0, 0] == high[1, 0] == 0.5


def test_who_is_best_in_all_cannot_be_overtaken():
    table = [[0.9, 0.9, 0.5], [0.1, 0.8, 0.5]]
    low, high = find_first_intervals(table, [1, 2, 3])
    assert low[0].tolist() == [0, 0, 0]
    assert high[0].tolist() == [1, 1, 1]
    # With all weight on the column that is constant both are first.
    assert (low[1, 2], high[1, 2]) == (1, 1)
    assert find_rank_reversal(table, [1, 2, 3]) is None


def test_sites_that_are_level_are_both_first():
    low, high = find_first_intervals([[0.5, 0.5]] * 2, [1, 3])
    assert low.tolist() == [[0, 0]] * 2
    assert high.tolist() == [[1, 1]] * 2
    assert find_rank_reversal([[0.5, 0.5]] * 2, [1, 3]) is None
    # Level now, but not beyond: no change at all is needed.
    found = find_rank_reversal([[0.8, 0.2], [0.2, 0.8]], [1, 1])
    assert found == RankReversal(site=0, criterion=0, weight=0.5, new_weight=0.5, rival=1)


def test_sites_that_are_level_but_for_rounding_are_both_first():
    """0.3 + 1 and 0.6 + 0.7 differ in their last digit."""
    low, high = find_first_intervals([[0, 0.3, 1], [0, 0.6, 0.7]], [0, 1, 1])
    assert (low[:, 0].tolist(), high[:, 0].tolist()) == ([0, 0], [1, 1])


def test_the_unknown_is_left_out():
    table = [[NAN, 1.0, 0.5], [0.9, 0.3, NAN], [0.5, 0.6, 0.2]]
    low, high = find_first_intervals(table, [1, 1, 0])
    assert np.isnan(low[0]).all()
    assert (low[1, 0], high[1, 0]) == pytest.approx((3 / 7, 1))
    # The second site is unknown in the third criterion, which it would be judged by.
    assert np.isnan(low[1, 2])
    assert (low[2, 2], high[2, 2]) == (0, 1)
    assert find_rank_reversal(table, [1, 1, 0]).criterion == 0
    assert find_rank_reversal([[NAN, NAN]], [1, 1]) is None


def test_one_site_no_site_and_one_criterion():
    low, high = find_first_intervals([[0.2, 0.7]], [1, 1])
    assert (low.tolist(), high.tolist()) == ([[0, 0]], [[1, 1]])
    assert find_rank_reversal([[0.2, 0.7]], [1, 1]) is None
    assert find_first_intervals(np.empty((0, 2)), [1, 1])[0].shape == (0, 2)
    assert find_rank_reversal(np.empty((0, 2)), [1, 1]) is None
    # Nothing is left to keep its proportion.
    assert np.isnan(find_first_intervals([[0.2], [0.1]], [1])[0]).all()
    assert find_rank_reversal([[0.2], [0.1]], [1]) is None


@given(problems(), st.data())
def test_the_interval_is_where_the_site_is_first(problem, data):
    table, weights = problem
    criterion = data.draw(st.integers(0, len(weights) - 1))
    assume(np.delete(weights, criterion).any())
    low, high = find_first_intervals(table, weights)
    for share in np.linspace(0, 1, 41):
        total = table @ move(weights, criterion, share)
        lead = total - total.max()
        inside = (low[:, criterion] - 1e-9 <= share) & (share <= high[:, criterion] + 1e-9)
        # Whoever is first is inside; whoever is inside is first, but for rounding.
        assert (inside | (lead < 0))[lead > -1e-12].all()
        assert (lead[inside] > -1e-8).all()


@given(problems())
def test_the_smallest_change_takes_the_first_place_and_no_smaller_one_does(problem):
    table, weights = problem
    found = find_rank_reversal(table, weights)
    leader = int(np.flatnonzero(score(table, weights).rank == 1)[0])
    share = weights / weights.sum()
    reach = abs(found.change) if found else 1
    for criterion in range(len(weights)):
        if not np.delete(weights, criterion).any():
            continue
        for step in np.linspace(-reach, reach, 21) * (1 - 1e-9):
            if 0 <= share[criterion] + step <= 1:
                total = table @ move(weights, criterion, share[criterion] + step)
                assert total[leader] >= total.max() - 1e-9
    if found:
        assert found.site == leader
        level = table @ move(weights, found.criterion, found.new_weight)
        assert level[found.rival] == pytest.approx(level[leader])
        ends = [table @ move(weights, found.criterion, end) for end in (0, 1)]
        ahead = [total[found.rival] > total[leader] for total in ends]
        assert ahead[found.change > 0] if found.change else any(ahead)


@pytest.mark.parametrize("weights", [[-1, 2], [0, 0], [NAN, 1], [np.inf, 1]])
@pytest.mark.parametrize("find", [find_first_intervals, find_rank_reversal])
def test_weights_that_make_no_sense_are_refused(find, weights):
    with pytest.raises(ValueError, match="weights must be"):
        find([[0.5, 0.5]], weights)


def test_the_examples_are_true():
    result = doctest.testmod(stability)
    assert result.attempted
    assert not result.failed
