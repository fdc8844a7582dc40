"""Weights: what is refused, and that draws are spread as they should be."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from steppe.decision.weights import (
    check_weights,
    draw_uniform,
    keep_weights,
    normalise_weights,
)

N_DRAWS = 20_000


def rng():
    return np.random.default_rng(11)


ALL = {
    "uniform": lambda n: draw_uniform(n, 3, rng=rng()),
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
    ):
        with pytest.raises(ValueError, match="weights must be"):
            use(weights)
    with pytest.raises(ValueError, match="one weight per criterion"):
        check_weights(weights, 9)
