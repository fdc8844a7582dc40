"""What a number would be worth: closed forms, and every possible world gone through."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from steppe.decision.information_value import value_information

NAN = float("nan")
N_DRAWS = 40_000


def rng():
    return np.random.default_rng(31)


def test_one_uncertain_site_against_a_certain_one():
    # E[max(1/2, x)] - 1/2 = 1/8 for x even over 0 to 1, and half of the time x wins.
    drawn = np.empty((N_DRAWS, 2, 1))
    drawn[:, 0] = 0.5
    drawn[:, 1, 0] = rng().random(N_DRAWS)
    found = value_information(drawn, [1], rng=rng())
    assert found.at_site[:, 0] == pytest.approx([0, 1 / 8], abs=0.003)
    assert found.everywhere == pytest.approx([1 / 8], abs=0.003)
    assert found.at_site[1] == pytest.approx(found.everywhere)


def test_what_is_unknown_is_taken_for_anything():
    drawn = np.full((N_DRAWS, 2, 2), 0.5)
    drawn[:, 0, 0] = 0.7
    drawn[:, 1, 1] = NAN
    # Totals 0.6 and (0.5 + x) / 2: the second wins when x > 0.7, by (x - 0.7) / 2.
    found = value_information(drawn, [1, 1], rng=rng())
    assert found.at_site == pytest.approx(np.array([[0, 0], [0, 0.3**2 / 4]]), abs=0.002)
    assert found.change_at_site == pytest.approx(np.array([[0, 0], [0, 0.3]]), abs=0.01)
    assert found.everywhere == pytest.approx([0, 0.3**2 / 4], abs=0.002)


def test_two_alike_and_uncertain():
    # E max of two even numbers is 2/3; of one of them, its mean known to be 1/2, 5/8.
    drawn = rng().random((N_DRAWS, 2, 1))
    found = value_information(drawn, [1], rng=rng())
    assert found.everywhere == pytest.approx([1 / 6], abs=0.004)
    assert found.at_site[:, 0] == pytest.approx(1 / 8, abs=0.004)
    assert found.change_everywhere == pytest.approx([0.5], abs=0.01)


def test_what_is_common_is_known_everywhere_or_nowhere():
    quantile = rng().random(N_DRAWS)
    drawn = np.stack([0.5 + 0 * quantile, quantile, 0.2 + 0.4 * quantile], axis=1)[:, :, None]
    found = value_information(drawn, [1], rng=rng(), is_common=True)
    assert found.at_site[:, 0] == pytest.approx(found.everywhere[0])
    apart = value_information(drawn, [1], rng=rng())
    assert apart.at_site[0, 0] == 0


def test_who_bears_no_rank_is_picked_for_what_was_unknown_of_it_alone():
    # Expected 0.6 (ranked), 0.7 (the second number unknown), 0.3 within 0.2 to 0.4 (ranked).
    drawn = np.empty((N_DRAWS, 3, 2))
    drawn[:, 0] = 0.6
    drawn[:, 1] = (0.9, NAN)
    drawn[:, 2] = rng().random((N_DRAWS, 2)) * 0.2 + 0.2
    totals = [0.6, NAN, 0.3]
    found = value_information(drawn, [1, 1], rng=rng(), totals=totals)
    # It is picked once x is known, where (0.9 + x) / 2 passes 0.6: by (x - 0.3) / 2.
    assert found.at_site == pytest.approx(np.array([[0, 0], [0, 0.7**2 / 4], [0, 0]]), abs=0.002)
    assert found.change_at_site[1, 1] == pytest.approx(0.7, abs=0.01)
    assert found.everywhere == pytest.approx([0, 0.7**2 / 4], abs=0.002)


def test_what_is_picked_is_the_greatest_of_the_totals_that_are_given():
    # Draws too few to tell apart what is told apart by hand.
    drawn = np.full((1, 2, 1), 0.5)
    found = value_information(drawn, [1], rng=rng(), totals=[0.4, 0.5])
    assert (found.picked, found.everywhere.tolist()) == (1, [0])
    with pytest.raises(ValueError, match="one total per site"):
        value_information(drawn, [1], rng=rng(), totals=[0.4])


def enumerate_worlds(levels):
    """Return every combination of the levels (sites, measures, 2), once each."""
    sites, measures, _ = levels.shape
    worlds = product(*levels.reshape(-1, 2).tolist())
    return np.array(list(worlds)).reshape(-1, sites, measures)


@settings(max_examples=50)
@given(
    hnp.arrays(float, (3, 2, 2), elements=st.integers(0, 16).map(lambda step: step / 16)),
    st.sampled_from([(1, 1), (3, 1), (1, 0)]),
)
def test_every_possible_world(levels, weights):
    # With every world once the draws are independent exactly, so that the expectation given
    # a number is the mean of the worlds that have it.
    worlds = enumerate_worlds(levels)
    found = value_information(worlds, weights, rng=rng())
    total = worlds @ (np.array(weights) / sum(weights))
    without = total.mean(axis=0).max()
    for measure in range(2):
        keys = [worlds[:, [site], measure] for site in range(3)] + [worlds[:, :, measure]]
        for site, key in enumerate(keys):
            known = 0.0
            for seen in np.unique(key, axis=0):
                here = (key == seen).all(axis=1)
                known += here.mean() * total[here].mean(axis=0).max()
            value = found.everywhere[measure] if site == 3 else found.at_site[site, measure]
            assert value == pytest.approx(known - without, abs=1e-12)


@given(hnp.arrays(float, (7, 3, 2), elements=st.floats(0, 1)))
def test_knowing_is_never_worth_less_than_nothing(drawn):
    found = value_information(drawn, [2, 1], rng=rng())
    assert (found.at_site >= 0).all()
    assert (found.everywhere >= 0).all()
    assert (found.at_site <= found.everywhere + found.at_site.max(axis=0)).all()
    assert ((found.change_at_site >= 0) & (found.change_at_site <= 1)).all()


def test_what_is_certain_or_has_no_weight_is_worth_nothing():
    drawn = rng().random((100, 3, 2))
    drawn[:, :, 0] = drawn[0, :, 0]
    found = value_information(drawn, [1, 0], rng=rng())
    assert found.everywhere.tolist() == [0, 0]
    assert found.change_everywhere.tolist() == [0, 0]
    alone = value_information(drawn[:, :1], [1, 1], rng=rng())
    assert alone.everywhere.tolist() == [0, 0]
    assert alone.at_site.tolist() == [[0, 0]]


def test_the_same_seed_gives_the_same_bits():
    drawn = rng().random((100, 3, 2))
    drawn[:, 0, 0] = NAN
    one, other = (value_information(drawn, [1, 1], rng=rng()) for _ in range(2))
    assert one.at_site.tobytes() == other.at_site.tobytes()
    assert np.isnan(drawn[:, 0, 0]).all()


@pytest.mark.parametrize(
    ("drawn", "weights", "said"),
    [
        ([[0.5]], [1], "drawn values of shape"),
        (np.empty((0, 1, 1)), [1], "drawn values of shape"),
        (np.empty((5, 0, 1)), [1], "drawn values of shape"),
        ([[[1.5]]], [1], "within 0 to 1"),
        ([[[0.5]]], [1, 1], "one weight per measure"),
        ([[[0.5]]], [0], "weights must be"),
    ],
)
def test_what_does_not_fit_is_refused(drawn, weights, said):
    with pytest.raises(ValueError, match=said):
        value_information(drawn, weights, rng=rng())
