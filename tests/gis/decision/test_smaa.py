"""SMAA-2: exact answers, published ones within what chance allows, ties, and the unknown."""

from __future__ import annotations

import doctest
from math import factorial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.stats import rankdata

from steppe.decision import smaa
from steppe.decision.rank_tally import RankTally
from steppe.decision.smaa import accept
from steppe.decision.weights import draw_uniform, keep_weights

NAN = float("nan")
N_DRAWS = 40_000
# Four standard errors of a share of 1/2, the widest; the odds against are 16,000 to 1.
FOUR_ERRORS = 4 * 0.5 / np.sqrt(N_DRAWS)


def uniform(n_criteria, n_draws=N_DRAWS):
    return draw_uniform(n_draws, n_criteria, rng=np.random.default_rng(3))


def test_two_sites_and_two_criteria_in_closed_form():
    # The first is ahead while 0.9 w + 0.3 (1 - w) > 0.5 w + 0.6 (1 - w), that is w > 3/7.
    found = accept([[0.9, 0.3], [0.5, 0.6]], uniform(2))
    assert found.first_shares == pytest.approx([4 / 7, 3 / 7], abs=FOUR_ERRORS)
    assert found.central_weights[0] == pytest.approx([5 / 7, 2 / 7], abs=0.005)
    assert found.central_weights[1] == pytest.approx([3 / 14, 11 / 14], abs=0.005)
    assert found.confidence.tolist() == [1, 1]


@pytest.mark.parametrize("m", [2, 3, 4, 5])
def test_each_the_best_in_one_criterion(m):
    # Site k is first where weight k is the greatest: an m-th of all by symmetry, and the mean
    # of the greatest of m even weights is (1 + 1/2 + ... + 1/m) / m.
    found = accept(np.eye(m), uniform(m))
    assert found.rank_shares == pytest.approx(1 / m, abs=FOUR_ERRORS)
    greatest = sum(1 / k for k in range(1, m + 1)) / m
    assert np.diag(found.central_weights) == pytest.approx(greatest, abs=0.01)
    assert found.mean_rank == pytest.approx((m + 1) / 2, abs=m * FOUR_ERRORS)
    assert found.best_rank.tolist() == [1] * m
    assert found.worst_rank.tolist() == [m] * m


@pytest.mark.parametrize("m", [2, 3, 4])
def test_a_threshold_on_one_weight_is_a_known_integral(m):
    # P(w1 > t) = (1 - t)^(m - 1) on the simplex.
    table = np.zeros((2, m))
    table[0, 0], table[1] = 1, 0.3
    assert accept(table, uniform(m)).first_shares[0] == pytest.approx(
        0.7 ** (m - 1), abs=FOUR_ERRORS
    )


def test_the_only_order_left_by_ranked_weights():
    # With w1 >= w2 >= w3 the partial sums of the first site are never behind.
    drawn = -np.sort(-draw_uniform(1000, 3, rng=np.random.default_rng(1)), axis=1)
    found = accept([[1.0, 0.2, 0.0], [0.0, 0.4, 0.7]], drawn)
    assert found.first_shares.tolist() == [1, 0]
    assert np.isnan(found.central_weights[1]).all()
    assert np.isnan(found.confidence[1])


def test_all_orders_of_equal_chances():
    n_sites = 4
    rng = np.random.default_rng(2)
    found = accept(rng.random((24_000, n_sites, 3)), uniform(3, 24_000))
    assert found.rank_shares == pytest.approx(1 / n_sites, abs=4 * np.sqrt(3 / 16 / 24_000))
    assert found.low_rank.tolist() == [1] * 4
    assert found.high_rank.tolist() == [4] * 4
    assert factorial(n_sites) == 24


# Thrombosis: heparin against enoxaparin, van Valkenhoef's R package smaa 0.2, whose printed
# results come of 10,000 draws that are not copied here.  The counts of patients are those of
# Geerts et al. 1996, NEJM 335, 701-707; the scales are those of the example of MCDA-web:
# proximal and distal thrombosis and bleeding, worth 0 to 1 over the ranges below.
COUNTS = {
    "heparin": ((20, 136), (40, 136), (1, 136)),
    "enoxaparin": ((8, 129), (32, 129), (5, 129)),
}
RANGES = ((0.25, 0.0), (0.40, 0.15), (0.10, 0.0))


def draw_thrombosis(n_draws):
    rng = np.random.default_rng(4)
    drawn = np.empty((n_draws, 2, 3))
    for site, counts in enumerate(COUNTS.values()):
        for criterion, ((ill, all_of), (worst, best)) in enumerate(
            zip(counts, RANGES, strict=True)
        ):
            share = rng.beta(ill, all_of - ill, n_draws)
            drawn[:, site, criterion] = (share - worst) / (best - worst)
    return drawn


def test_thrombosis_as_published():
    found = accept(draw_thrombosis(N_DRAWS), uniform(3))
    # Chance leaves a share of 10,000 draws unsure by 0.0048 (one error), ours by 0.0024.
    slack = 4 * np.hypot(0.0048, 0.0024)
    assert found.first_shares == pytest.approx([0.3504, 0.6496], abs=slack)
    assert found.rank_shares[:, 1] == pytest.approx([0.6496, 0.3504], abs=slack)
    assert found.central_weights[0] == pytest.approx([0.1865, 0.2772, 0.5363], abs=0.02)
    assert found.central_weights[1] == pytest.approx([0.4073, 0.3641, 0.2285], abs=0.02)
    assert found.confidence == pytest.approx([0.6682, 0.8956], abs=0.02)
    entropy = -(found.first_shares * np.log2(found.first_shares)).sum()
    assert entropy == pytest.approx(0.9344, abs=slack)


def test_thrombosis_with_given_weights_as_published():
    found = accept(draw_thrombosis(N_DRAWS), keep_weights([0.5, 0.2, 0.3], N_DRAWS))
    slack = 4 * np.hypot(0.0033, 0.0017)
    assert found.first_shares == pytest.approx([0.1279, 0.8721], abs=slack)


# Antidepressants, itest/hansen of the same package: van Valkenhoef et al. 2012, J. Clin.
# Epidemiol. 65, 394-403.  Log odds of placebo (mean, sd), and of the others against it (means
# of fluoxetine, paroxetine, sertraline, venlafaxine, upper triangle of the covariances),
# as in the example of MCDA-web; all scales 0 to 1, responders up, side effects down.
HANSEN = (
    (-0.171436, 0.112993, (0.4718129, 0.7258847, 0.6715258, 0.8211993),
     (0.013445532, 0.010394690, 0.009881156, 0.010499559, 0.023006616, 0.008196856, 0.010732709, 0.019023866, 0.009210099, 0.019107243)),
    (-2.189737, 0.207451, (0.60820293, 0.14088424, 0.93203685, 0.09601785),
     (0.05366822, 0.04117003, 0.03407600, 0.03788519, 0.08108542, 0.03778130, 0.04324302, 0.05394404, 0.03338272, 0.09859621)),
    (-2.229952, 0.610308, (0.1203208, 0.6538699, -0.2203627, 1.1915229),
     (0.09124249, 0.07387436, 0.08086186, 0.06457527, 0.14080128, 0.10328788, 0.07030520, 0.14662864, 0.06920427, 0.08590214)),
    (-1.195991, 0.292664, (0.1964591, 0.1263129, 0.2029933, -0.2254059),
     (0.03519380, 0.02755068, 0.02189916, 0.02919822, 0.04847513, 0.02374509, 0.03277411, 0.03259199, 0.02356638, 0.05920276)),
    (-2.607277, 0.190585, (0.7978386, 0.7486351, 1.0663029, 0.9744811),
     (0.04388258, 0.03516051, 0.02560003, 0.03283164, 0.06255486, 0.02807280, 0.03474863, 0.05402063, 0.02592013, 0.06738850)),
    (-2.017171, 0.191705, (0.3951561, 0.6442827, 0.6469638, 0.9771107),
     (0.04167875, 0.03492591, 0.02952693, 0.03559971, 0.05629741, 0.03102295, 0.03658295, 0.04396177, 0.02899487, 0.05369960)),
)  # fmt: skip
# Rows: fluoxetine, paroxetine, placebo, sertraline, venlafaxine; columns: ranks 1 to 5.
HANSEN_RANKS = (
    (0.0244, 0.2601, 0.3195, 0.3216, 0.0744),
    (0.1450, 0.3298, 0.2559, 0.2207, 0.0486),
    (0.6002, 0.1156, 0.0980, 0.0616, 0.1246),
    (0.0768, 0.1304, 0.1895, 0.2254, 0.3779),
    (0.1536, 0.1641, 0.1371, 0.1707, 0.3745),
)


def test_antidepressants_nearly_as_published():
    # The published draws are of a Markov chain, ours of the normal distributions fitted to it:
    # what the fit takes away adds to chance.  Three hundredths hold all 25 shares.
    rng = np.random.default_rng(6)
    drawn = np.empty((N_DRAWS, 5, 6))
    for criterion, (base, base_sd, means, upper) in enumerate(HANSEN):
        covariance = np.zeros((4, 4))
        covariance[np.triu_indices(4)] = upper
        covariance += np.triu(covariance, 1).T
        odds = np.empty((N_DRAWS, 5))
        odds[:, 2] = rng.normal(base, base_sd, N_DRAWS)
        odds[:, [0, 1, 3, 4]] = odds[:, 2, None] + rng.multivariate_normal(
            means, covariance, N_DRAWS
        )
        share = 1 / (1 + np.exp(-odds))
        drawn[:, :, criterion] = share if criterion == 0 else 1 - share
    found = accept(drawn, uniform(6))
    assert found.rank_shares == pytest.approx(np.array(HANSEN_RANKS), abs=0.03)


def test_ties_share_their_ranks_evenly():
    found = accept([[0.5, 0.5], [0.5, 0.5], [0.1, 0.1], [0.9, 0.9]], uniform(2, 100))
    assert found.rank_shares.tolist() == [
        [0, 0.5, 0.5, 0],
        [0, 0.5, 0.5, 0],
        [0, 0, 0, 1],
        [1, 0, 0, 0],
    ]
    assert found.mean_rank.tolist() == [2.5, 2.5, 4, 1]
    assert found.best_rank.tolist() == [2, 2, 4, 1]
    assert found.worst_rank.tolist() == [3, 3, 4, 1]
    assert found.low_rank.tolist() == [2, 2, 4, 1]
    assert found.high_rank.tolist() == [3, 3, 4, 1]


def test_a_shared_first_place_has_the_central_weights_of_its_draws():
    drawn = uniform(3, 50)
    found = accept([[0.7, 0.7, 0.7]] * 3, drawn)
    assert found.first_shares == pytest.approx(1 / 3)
    assert found.confidence == pytest.approx(1 / 3)
    assert found.central_weights == pytest.approx(np.tile(drawn.mean(axis=0), (3, 1)))


def test_confidence_is_how_often_it_is_first_at_its_central_weights():
    rng = np.random.default_rng(9)
    drawn = rng.random((40, 3)) + rng.uniform(-0.2, 0.2, (3000, 40, 3))
    found = accept(drawn, uniform(3, 3000))
    for site, weight in enumerate(found.central_weights):
        first = (drawn @ weight).argmax(axis=1) == site
        expected = NAN if np.isnan(weight).any() else first.mean()
        assert found.confidence[site] == pytest.approx(expected, nan_ok=True)


def test_an_unknown_value_is_not_filled_in():
    table = [[0.9, NAN], [0.2, 0.2], [0.8, 0.8]]
    found = accept(table, uniform(2, 100))
    assert np.isnan(found.rank_shares[0]).all()
    for row in (found.central_weights, found.confidence, found.mean_rank, found.best_rank):
        assert np.isnan(row[0]).all()
    assert found.rank_shares[1:].tolist() == [[0, 1, 0], [1, 0, 0]]
    # What has no weight in any draw need not be known.
    assert accept(table, keep_weights([1, 0], 10)).first_shares.tolist() == [1, 0, 0]


def test_all_unknown_one_site_and_no_site():
    unknown = accept([[NAN, NAN]] * 2, uniform(2, 10))
    assert np.isnan(unknown.rank_shares).all()
    assert np.isnan(unknown.first_shares).all()
    alone = accept([[0.3, 0.1]], uniform(2, 10))
    assert (alone.rank_shares.tolist(), alone.confidence.tolist()) == ([[1]], [1])
    nobody = accept(np.empty((0, 2)), uniform(2, 10))
    assert nobody.rank_shares.shape == (0, 0)
    assert nobody.first_shares.shape == (0,)


def test_drawn_fixed_and_called_values_are_one():
    rng = np.random.default_rng(8)
    table, weights = rng.random((30, 4)), uniform(4, 9000)
    asked = []

    def supply(n_draws):
        asked.append(n_draws)
        return np.broadcast_to(table, (n_draws, *table.shape))

    one = accept(table, weights)
    for other in (accept(supply, weights), accept(supply(9000), weights)):
        assert one.rank_shares.tobytes() == other.rank_shares.tobytes()
        assert one.central_weights == pytest.approx(other.central_weights, nan_ok=True)
        assert one.confidence == pytest.approx(other.confidence, nan_ok=True)
    # Never all at once.
    assert max(asked[:-1]) < 9000


@settings(max_examples=40)
@given(
    hnp.arrays(float, (5, 3), elements=st.integers(0, 3).map(lambda third: third / 4)),
    hnp.arrays(float, (6, 3), elements=st.integers(1, 4).map(float)),
)
def test_it_is_what_counting_by_hand_gives(table, weights):
    # Quarters under whole weights tie often; powers of two in the sum keep ties exact.
    weights[:, 2] = 8 - weights[:, 0] - weights[:, 1]
    weights = np.clip(weights, 0, None)
    weights[:, 0] += 8 - weights.sum(axis=1)
    found = accept(table, weights)
    shares, central = np.zeros((5, 5)), np.zeros((5, 3))
    for weight in weights / 8:
        total = table @ weight
        for site in range(5):
            above, level = (total > total[site]).sum(), (total == total[site]).sum()
            shares[site, above : above + level] += 1 / level / 6
            central[site] += weight / level / 6 * (above == 0)
    assert found.rank_shares == pytest.approx(shares)
    first = shares[:, 0] > 0
    assert found.central_weights[first] == pytest.approx(central[first] / shares[first, :1])
    assert np.isnan(found.central_weights[~first]).all()
    assert found.best_rank.tolist() == (1 + (shares > 0).argmax(axis=1)).tolist()
    assert found.worst_rank.tolist() == (5 - (shares[:, ::-1] > 0).argmax(axis=1)).tolist()
    assert found.rank_shares.sum(axis=0) == pytest.approx(1)
    assert found.rank_shares.sum(axis=1) == pytest.approx(1)


@pytest.mark.parametrize(
    "weights", [[[-1, 2]], [[0, 0]], [[NAN, 1]], [[np.inf, 1]], [[0.5, 0.5], [0, 0]]]
)
def test_weights_that_make_no_sense_are_refused(weights):
    with pytest.raises(ValueError, match="weights must be"):
        accept([[0.5, 0.5]], weights)


@pytest.mark.parametrize(
    ("values", "weights", "said"),
    [
        ([[0.5, 0.5]], [0.5, 0.5], "drawn weights of shape"),
        ([[0.5, 0.5]], np.empty((0, 2)), "drawn weights of shape"),
        ([[0.5]], [[0.5, 0.5]], "values of 2 criteria"),
        ([0.5, 0.5], [[0.5, 0.5]], "values of 2 criteria"),
        (np.zeros((3, 4, 2)), [[0.5, 0.5]] * 2, "values of 2 criteria"),
        (lambda n_draws: np.zeros((n_draws + 1, 4, 2)), [[0.5, 0.5]] * 2, "values of 2 criteria"),
        ([[[0.5, NAN]], [[0.5, 0.5]]], [[0.5, 0.5]] * 2, "unknown in some draws"),
    ],
)
def test_what_does_not_fit_is_refused(values, weights, said):
    with pytest.raises(ValueError, match=said):
        accept(values, weights)


def test_the_examples_are_true():
    result = doctest.testmod(smaa)
    assert result.attempted
    assert not result.failed


def test_confidence_is_told_of_those_most_often_first_where_so_many_are_asked_for():
    rng = np.random.default_rng(5)
    drawn, weights = rng.random((300, 6, 2)), rng.dirichlet([1.0, 1.0], 300)
    every, two = accept(drawn, weights), accept(drawn, weights, n_confident=2)
    often = np.argsort(-every.first_shares)[:2]
    np.testing.assert_array_equal(two.confidence[often], every.confidence[often])
    assert np.isnan(np.delete(two.confidence, often)).all()
    np.testing.assert_array_equal(two.rank_shares, every.rank_shares)


def test_ranks_are_counted_alike_however_draws_come_in_parts():
    """Against ranks by scipy, with ties, in parts shorter and longer than the sites are many."""
    rng = np.random.default_rng(3)
    total = rng.integers(0, 40, (60, 9)).astype(float)
    weight = rng.random((60, 2))
    least = rankdata(-total, method="min", axis=1)
    most = rankdata(-total, method="max", axis=1)
    shares = np.zeros((9, 9))
    for draw in range(60):
        for site in range(9):
            low, high = int(least[draw, site]), int(most[draw, site])
            shares[site, low - 1 : high] += 1 / (high - low + 1)
    for step in (1, 4, 25, 60):
        tally = RankTally(9, 2)
        for start in range(0, 60, step):
            tally.add(total[start : start + step], weight[start : start + step])
        tally.finish()
        assert tally.shares == pytest.approx(shares)
        assert tally.best.tolist() == least.min(axis=0).tolist()
        assert tally.worst.tolist() == most.max(axis=0).tolist()
        assert tally.weights.sum(axis=0) == pytest.approx(weight.sum(axis=0))
