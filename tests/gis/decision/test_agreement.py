"""Agreement of rankings: scipy and pymcdm as oracles, and the unknown."""

from __future__ import annotations

import doctest

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymcdm.correlations import kendall_tau, ws
from scipy import stats

from steppe.decision import agreement
from steppe.decision.agreement import compare_tops, correlate_ranks
from steppe.decision.scoring import rank

NAN = float("nan")


@st.composite
def pairs(draw):
    n, element = draw(st.integers(2, 8)), st.integers(1, 5).map(float)
    return tuple(np.array(draw(st.lists(element, min_size=n, max_size=n))) for _ in range(2))


@st.composite
def permutations(draw):
    n = draw(st.integers(2, 8))
    return tuple(np.array(draw(st.permutations(range(1, n + 1))), dtype=float) for _ in range(2))


@given(pairs())
def test_tau_b_is_that_of_scipy(pair):
    expected = stats.kendalltau(*pair).statistic
    assert correlate_ranks(*pair) == pytest.approx(expected, nan_ok=True)


@given(permutations())
def test_without_ties_both_are_those_of_pymcdm(pair):
    assert correlate_ranks(*pair) == pytest.approx(kendall_tau(*pair))
    assert compare_tops(*pair) == pytest.approx(ws(*pair))


@given(pairs())
def test_ties_share_the_smallest_rank(pair):
    one, other = (rank(-column) for column in pair)
    assert compare_tops(*pair) == pytest.approx(ws(one, other))


@given(permutations())
def test_the_same_is_1_and_the_reverse_is_minus_1(pair):
    one, _ = pair
    assert correlate_ranks(one, one) == compare_tops(one, one) == 1
    assert correlate_ranks(one, -one) == -1


def test_the_top_counts_more_than_the_bottom():
    ranks = [1, 2, 3, 4, 5]
    assert compare_tops(ranks, [2, 1, 3, 4, 5]) < compare_tops(ranks, [1, 2, 3, 5, 4])


def test_who_is_not_ranked_is_left_out_and_the_rest_close_up():
    one, other = [1, 2, NAN, 3, 4], [NAN, 3, 1, 4, 2]
    assert correlate_ranks(one, other) == correlate_ranks([1, 2, 3], [2, 3, 1])
    assert compare_tops(one, other) == compare_tops([1, 2, 3], [2, 3, 1])


@pytest.mark.parametrize("ranks", [[], [1], [NAN, 1], [NAN, NAN]])
def test_fewer_than_two_sites_have_no_agreement(ranks):
    assert np.isnan(correlate_ranks(ranks, ranks))
    assert np.isnan(compare_tops(ranks, ranks))


def test_rankings_of_different_sites_are_refused():
    for compare in (correlate_ranks, compare_tops):
        with pytest.raises(ValueError, match="same sites"):
            compare([1, 2], [1, 2, 3])


def test_the_examples_are_true():
    result = doctest.testmod(agreement)
    assert result.attempted
    assert not result.failed
