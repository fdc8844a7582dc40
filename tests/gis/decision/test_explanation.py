"""What lifted a site, and what would move it up: sums that must come out, and trying it."""

from __future__ import annotations

import doctest

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from steppe.decision import explanation
from steppe.decision.explanation import contribute, find_improvement
from steppe.decision.scoring import score

NAN = float("nan")
VALUE = st.one_of(st.integers(0, 8).map(lambda eighth: eighth / 8), st.just(NAN))


@st.composite
def problems(draw):
    shape = draw(st.integers(1, 6)), draw(st.integers(1, 5))
    table = draw(hnp.arrays(float, shape, elements=VALUE))
    weights = draw(hnp.arrays(float, shape[1], elements=st.integers(0, 5).map(float)))
    assume(weights.any())
    return table, weights


@given(problems())
def test_contributions_sum_to_the_distance_from_the_mean(problem):
    table, weights = problem
    found, scores = contribute(table, weights), score(table, weights)
    ranked = ~np.isnan(scores.rank)
    assert np.isnan(found[~ranked]).all()
    if ranked.any():
        apart = scores.total[ranked] - scores.total[ranked].mean()
        assert found[ranked].sum(axis=1) == pytest.approx(apart, abs=1e-14)
        assert found[ranked].sum(axis=0) == pytest.approx(0, abs=1e-14)
        assert (found[ranked][:, weights == 0] == 0).all()


def test_contributions_by_hand():
    found = contribute([[1, 0.2, NAN], [0.5, 0.6, 1], [NAN, 0.9, 1]], [3, 1, 0])
    expected = [[0.75 * 0.25, -0.25 * 0.2, 0], [-0.75 * 0.25, 0.25 * 0.2, 0], [NAN] * 3]
    assert found == pytest.approx(np.array(expected), nan_ok=True)


def test_a_climb_by_hand():
    # Totals 0.8, 0.5 and 0.5; 0.3 are lacking, which the first measure has 0.4 of, the second 0.6.
    table = [[0.8, 0.8], [0.5, 0.5], [0.2, 0.7]]
    improvement = find_improvement(table, [4, 6])
    assert improvement.gap == pytest.approx([NAN, 0.3, 0.3], nan_ok=True)
    assert improvement.rival.tolist() == [-1, 0, 0]
    assert improvement.needed[1:] == pytest.approx(np.array([[1.25, 1.0], [0.95, 1.2]]))
    assert improvement.is_reachable.tolist() == [[False, False], [False, True], [True, False]]
    assert improvement.effort[1:] == pytest.approx(np.array([[1.5, 1.0], [0.75 / 0.8, 0.5 / 0.3]]))
    assert improvement.measure.tolist() == [-1, 1, 0]


def test_the_first_the_unranked_and_what_has_no_weight():
    improvement = find_improvement([[0.9, 1], [0.5, NAN], [NAN, 1]], [1, 0])
    assert improvement.gap == pytest.approx([NAN, 0.4, NAN], nan_ok=True)
    assert np.isnan(improvement.needed[:, 1]).all()
    assert improvement.needed[1, 0] == pytest.approx(0.9)
    assert improvement.measure.tolist() == [-1, 0, -1]
    assert find_improvement(np.empty((0, 2)), [1, 1]).gap.shape == (0,)
    assert contribute(np.empty((0, 2)), [1, 1]).shape == (0, 2)
    assert contribute([[0.3, 0.4]], [1, 1]).tolist() == [[0, 0]]
    assert np.isnan(contribute([[NAN, 0.4]], [1, 1])).all()


@given(problems())
def test_the_needed_value_is_what_moves_it_up(problem):
    table, weights = problem
    improvement, before = find_improvement(table, weights), score(table, weights)
    for site, measure in np.argwhere(improvement.is_reachable):
        moved = table.copy()
        moved[site, measure] = improvement.needed[site, measure]
        rival = improvement.rival[site]
        assert before.total[rival] > before.total[site]
        # Nobody stands between them.
        between = (before.total > before.total[site]) & (before.total < before.total[rival])
        assert not between[~np.isnan(before.rank)].any()
        assert score(moved, weights).total[site] == pytest.approx(before.total[rival])
        moved[site, measure] -= 1e-6
        assert score(moved, weights).total[site] < before.total[rival]


@given(problems())
def test_the_measure_picked_is_the_one_of_least_effort(problem):
    table, weights = problem
    improvement, scores = find_improvement(table, weights), score(table, weights)
    for site, measure in enumerate(improvement.measure):
        reachable = improvement.is_reachable[site]
        assert (measure == -1) == (not reachable.any())
        if measure >= 0:
            assert reachable[measure]
            assert improvement.effort[site, measure] == improvement.effort[site][reachable].min()
            assert improvement.effort[site, measure] <= 1 + 1e-9
        assert np.isnan(improvement.gap[site]) == (not scores.rank[site] > 1)


@pytest.mark.parametrize("weights", [[-1, 2], [0, 0], [NAN, 1], [np.inf, 1]])
@pytest.mark.parametrize("explain", [contribute, find_improvement])
def test_weights_that_make_no_sense_are_refused(explain, weights):
    with pytest.raises(ValueError, match="weights must be"):
        explain([[0.5, 0.5]], weights)


def test_who_is_level_but_for_rounding_is_level():
    # 0.4 x 0.5 + 0.6 x 0.5 and 0.4 x 0.2 + 0.6 x 0.7 differ in their last bit.
    improvement = find_improvement([[0.8, 0.8], [0.5, 0.5], [0.2, 0.7]], [4, 6])
    assert (improvement.rival[1:] == 0).all()


def test_the_examples_are_true():
    result = doctest.testmod(explanation)
    assert result.attempted
    assert not result.failed
