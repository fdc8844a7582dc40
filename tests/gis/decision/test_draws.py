"""Draws from bands: their ends mean what the band says, and what is shared is shared."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from steppe.decision.draws import BandedMeasure, ValueSampler
from steppe.decision.values import Linear, Piecewise

NAN = float("nan")
N_DRAWS = 40_000
LINE = Linear(0, 100)


def rng():
    return np.random.default_rng(21)


def band(kinds, value=40.0, low=30.0, high=70.0, **others):
    columns = np.atleast_1d(value), np.atleast_1d(low), np.atleast_1d(high)
    return BandedMeasure(LINE, *columns, kinds, **others)


@pytest.mark.parametrize("is_common", [False, True])
def test_a_range_is_even_on_either_side_of_its_value(is_common):
    drawn = band("range", is_common=is_common).draw(N_DRAWS, rng=rng())[:, 0]
    below, above = drawn[drawn < 0.4], drawn[drawn >= 0.4]
    assert len(below) / N_DRAWS == pytest.approx(0.5, abs=4 * 0.5 / np.sqrt(N_DRAWS))
    assert stats.kstest(below, stats.uniform(0.3, 0.1).cdf).pvalue > 1e-3
    assert stats.kstest(above, stats.uniform(0.4, 0.3).cdf).pvalue > 1e-3


@pytest.mark.parametrize("is_common", [False, True])
def test_p05_p95_has_its_ends_and_its_median_where_they_are_said(is_common):
    drawn = band("p05_p95", is_common=is_common).draw(N_DRAWS, rng=rng())[:, 0]
    # The share below a quantile is unsure by sqrt(p (1 - p) / n).
    for share, end in ((0.05, 0.3), (0.5, 0.4), (0.95, 0.7)):
        slack = 4 * np.sqrt(share * (1 - share) / N_DRAWS)
        assert (drawn < end).mean() == pytest.approx(share, abs=slack)


def test_p05_p95_of_equal_sides_is_the_normal_distribution():
    drawn = band("p05_p95", value=50, low=40, high=60).draw(N_DRAWS, rng=rng())[:, 0]
    sd = 0.1 / stats.norm.ppf(0.95)
    assert stats.kstest(drawn, stats.norm(0.5, sd).cdf).pvalue > 1e-3


@pytest.mark.parametrize("kinds", ["none", "range", "p05_p95"])
def test_without_a_band_the_number_is_itself(kinds):
    ends = ([NAN, 0.0, 40.0], [90.0, NAN, 40.0]) if kinds != "none" else ([0, 0, 0], [99, 99, 99])
    drawn = band(kinds, [40.0] * 3, *ends).draw(50, rng=rng())
    assert (drawn == 0.4).all()


def test_unknown_stays_unknown():
    drawn = band("range", [NAN, 40.0], [30.0, 30.0], [70.0, 70.0]).draw(50, rng=rng())
    assert np.isnan(drawn[:, 0]).all()
    assert not np.isnan(drawn[:, 1]).any()


def test_each_site_has_its_own_kind():
    kinds = np.array(["none", "range", "p05_p95"])
    drawn = band(kinds, [40.0] * 3, [30.0] * 3, [70.0] * 3).draw(N_DRAWS, rng=rng())
    assert (drawn[:, 0] == 0.4).all()
    assert (drawn[:, 1].min(), drawn[:, 1].max()) == pytest.approx((0.3, 0.7), abs=1e-3)
    assert (drawn[:, 2] < 0.3).mean() == pytest.approx(0.05, abs=0.005)


@pytest.mark.parametrize("kinds", ["range", "p05_p95", np.array(["range", "p05_p95"])])
def test_what_is_common_rises_and_falls_together(kinds):
    columns = ([40.0, 60.0], [30.0, 55.0], [70.0, 80.0])
    together = band(kinds, *columns, is_common=True).draw(2000, rng=rng())
    assert stats.spearmanr(*together.T).statistic == pytest.approx(1)
    apart = band(kinds, *columns).draw(2000, rng=rng())
    assert abs(stats.spearmanr(*apart.T).statistic) < 4 / np.sqrt(2000)


def test_values_are_drawn_through_the_value_function():
    peak = Piecewise(((0, 0), (50, 1), (100, 0)))
    drawn = BandedMeasure(peak, *(np.array([end]) for end in (50.0, 0.0, 100.0)), "range").draw(
        N_DRAWS, rng=rng()
    )
    # A triangle over an even range gives even values.
    assert stats.kstest(drawn[:, 0], "uniform").pvalue > 1e-3


def test_measures_are_joined_into_criteria():
    fixed = [band("none", [value, value + 10], [0, 0], [1, 1]) for value in (20.0, 40.0, 60.0)]
    sampler = ValueSampler(tuple(fixed), [[0.25, 0], [0.75, 0], [0, 1]], rng())
    assert sampler(2) == pytest.approx(np.array([[[0.35, 0.6], [0.45, 0.7]]] * 2))


def test_what_is_unknown_leaves_its_criterion_unknown():
    known = band("none", [20.0, 20.0], [NAN] * 2, [NAN] * 2)
    half = band("none", [NAN, 20.0], [NAN] * 2, [NAN] * 2)
    drawn = ValueSampler((known, half), [[0.5, 1], [0.5, 0]], rng())(3)
    assert np.isnan(drawn[:, 0, 0]).all()
    assert (drawn[:, 0, 1] == 0.2).all()


def test_the_same_seed_gives_the_same_bits():
    measures = (band("range"), band("p05_p95", is_common=True))
    one, other = (ValueSampler(measures, np.eye(2), rng()) for _ in range(2))
    assert one(100).tobytes() == other(100).tobytes()
    assert one(100).tobytes() != one(100).tobytes()


@pytest.mark.parametrize(
    ("kinds", "columns", "said"),
    [
        ("sure", (1, 1, 1), "a band is one of"),
        ("range", (1.5, 2, 1), "wrong order"),
        ("range", (3, 1, 2), "wrong order"),
        ("p05_p95", (3, 1, 2), "wrong order"),
        ("range", (1, np.inf, 2), "infinite"),
        ("range", ([1, 2], [1], [2]), "one shape"),
    ],
)
def test_bands_that_are_none_are_refused(kinds, columns, said):
    with pytest.raises(ValueError, match=said):
        band(kinds, *columns)


@pytest.mark.parametrize(
    ("shares", "said"),
    [
        ([1], "one row"),
        ([[1], [1]], "one row"),
        ([[0.5]], "sum to 1"),
        ([[1, -1]], "sum to 1"),
        ([[NAN]], "sum to 1"),
    ],
)
def test_shares_that_are_none_are_refused(shares, said):
    with pytest.raises(ValueError, match=said):
        ValueSampler((band("none"),), shares, rng())


def test_measures_of_different_sites_are_refused():
    with pytest.raises(ValueError, match="same sites"):
        ValueSampler((band("none"), band("none", [1, 2], [1, 2], [1, 2])), [[0.5], [0.5]], rng())
