"""Weights: what is refused, and that draws are spread as they should be."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from steppe.decision.weights import (
    check_weights,
    draw_around,
    draw_ranked,
    draw_uniform,
    keep_weights,
    normalise_weights,
)

N_DRAWS = 20_000


def rng():
    return np.random.default_rng(11)


ALL = {
    "uniform": lambda n: draw_uniform(n, 3, rng=rng()),
    "ranked": lambda n: draw_ranked(n, [2, 1, 3], rng=rng()),
    "around": lambda n: draw_around([5, 3, 2], n, concentration=20, rng=rng()),
    "fixed": lambda n: keep_weights([5, 3, 2], n),
}


@pytest.mark.parametrize("draw", ALL.values(), ids=ALL)
def test_draws_are_weights_and_the_same_for_the_same_seed(draw):
    drawn = draw(N_DRAWS)
    assert drawn.shape == (N_DRAWS, 3)
    assert (drawn >= 0).all()
    assert drawn.sum(axis=1) == pytest.approx(1)
    assert drawn.tobytes() == draw(N_DRAWS).tobytes()
    assert draw(0).shape == (0, 3)


def test_even_draws_have_the_marginals_of_the_simplex():
    # Each of m weights is Beta(1, m - 1), and two of them are correlated by -1 / (m - 1).
    drawn = draw_uniform(N_DRAWS, 4, rng=rng())
    for column in drawn.T:
        assert stats.kstest(column, stats.beta(1, 3).cdf).pvalue > 1e-3
    off = np.corrcoef(drawn.T)[np.triu_indices(4, 1)]
    assert off == pytest.approx(-1 / 3, abs=4 / np.sqrt(N_DRAWS))


def test_ranked_draws_keep_the_order_and_its_centroid():
    # Rank order centroid: the k-th weight of m is on average sum(1 / i for i from k to m) / m.
    drawn = draw_ranked(N_DRAWS, [3, 1, 2], rng=rng())
    assert ((drawn[:, 1] >= drawn[:, 2]) & (drawn[:, 2] >= drawn[:, 0])).all()
    assert drawn.mean(axis=0) == pytest.approx([1 / 9, 11 / 18, 5 / 18], abs=0.004)


def test_ranked_draws_are_even_draws_of_which_the_rest_was_thrown_away():
    even = draw_uniform(6 * N_DRAWS, 3, rng=np.random.default_rng(12))
    kept = even[(even[:, 0] >= even[:, 1]) & (even[:, 1] >= even[:, 2])]
    drawn = draw_ranked(N_DRAWS, [1, 2, 3], rng=rng())
    for one, other in zip(drawn.T, kept.T, strict=True):
        assert stats.ks_2samp(one, other).pvalue > 1e-3


def test_criteria_of_one_rank_have_no_order():
    drawn = draw_ranked(N_DRAWS, [1, 2, 2], rng=rng())
    assert (drawn[:, 0] >= drawn[:, 1:].max(axis=1)).all()
    assert (drawn[:, 1] > drawn[:, 2]).mean() == pytest.approx(0.5, abs=0.015)
    assert draw_ranked(N_DRAWS, [1, 1, 1], rng=rng()).mean(axis=0) == pytest.approx(1 / 3, abs=0.01)


def test_draws_around_weights_have_their_mean_and_variance():
    drawn = draw_around([5, 3, 2, 0], N_DRAWS, concentration=20, rng=rng())
    weight = np.array([0.5, 0.3, 0.2, 0])
    assert drawn.mean(axis=0) == pytest.approx(weight, abs=0.004)
    assert drawn.var(axis=0) == pytest.approx(weight * (1 - weight) / 21, abs=0.0006)
    assert (drawn[:, 3] == 0).all()


def test_fixed_weights_are_normalised():
    assert keep_weights([5, 3, 2], 2).tolist() == [[0.5, 0.3, 0.2]] * 2
    assert normalise_weights([1e308, 1e308]).tolist() == [0.5, 0.5]


def test_scaling_changes_no_proportion():
    weight = np.array([3e300, 1e300, 0])
    scaled = check_weights(weight, 3)
    assert 0.5 <= scaled.max() < 1
    assert (scaled / scaled.max()).tolist() == (weight / weight.max()).tolist()


@pytest.mark.parametrize("weights", [[-1, 2], [0, 0], [np.nan, 1], [np.inf, 1], []])
def test_weights_that_make_no_sense_are_refused(weights):
    for use in (
        normalise_weights,
        lambda these: keep_weights(these, 2),
        lambda these: draw_around(these, 2, concentration=1, rng=rng()),
    ):
        with pytest.raises(ValueError, match="weights must be"):
            use(weights)
    with pytest.raises(ValueError, match="one weight per criterion"):
        check_weights(weights, 9)


@pytest.mark.parametrize("concentration", [0, -1, np.nan, np.inf])
def test_a_concentration_must_be_positive(concentration):
    with pytest.raises(ValueError, match="concentration"):
        draw_around([1, 1], 2, concentration=concentration, rng=rng())


@pytest.mark.parametrize("importance", [[1, np.nan], [1, np.inf], [[1, 2]]])
def test_ranks_must_be_numbers(importance):
    with pytest.raises(ValueError, match="rank per criterion"):
        draw_ranked(2, importance, rng=rng())
