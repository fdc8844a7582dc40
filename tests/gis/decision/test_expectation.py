"""What a band is worth on average: integrals worked out elsewhere, and what moves with it."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, stats

from steppe.decision.draws import BandedMeasure
from steppe.decision.expectation import expect, reach_expected
from steppe.decision.values import Linear, Piecewise, Sigmoid

NAN = float("nan")
FUNCTIONS = [
    Linear(0, 100),
    Linear(80, 20),
    Sigmoid(0, 100, 9.0),
    Piecewise(((0, 0), (45, 1), (100, 0.2))),
]
TEN = st.integers(0, 10).map(lambda step: 10.0 * step)
BANDS = st.tuples(TEN, TEN, TEN).map(sorted)


def band(function, kind="range", value=40.0, low=30.0, high=70.0):
    columns = (np.atleast_1d(end).astype(float) for end in (value, low, high))
    return BandedMeasure(function, *columns, kind)


def integrate_density(function, kind, value, low, high):
    """Integrate the value over the density of either side, as docs/model.md tells it."""
    total = 0.0
    for end in (low, high):
        width = abs(end - value)
        if width == 0:
            total += 0.5 * float(function.rate(value))
            continue
        scale = width / stats.norm.ppf(0.95)
        sign = math.copysign(1.0, end - value)
        side = stats.uniform(0, 2 * width) if kind == "range" else stats.norm(0, scale)
        reach = width if kind == "range" else 9 * scale
        knots = [knot for at in (0, 20, 45, 80, 100) if 0 < (knot := sign * (at - value)) < reach]
        found, _ = integrate.quad(
            lambda away, sign=sign, side=side: (
                float(function.rate(value + sign * away)) * float(side.pdf(away))
            ),
            0.0, reach, points=knots or None, limit=200,
        )  # fmt: skip
        total += found
    return total


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("kind", ["range", "p05_p95"])
@pytest.mark.parametrize("ends", [(40, 20, 80), (50, 50, 90), (10, 0, 12), (95, 60, 100)])
def test_the_mean_is_the_integral_over_the_density(function, kind, ends):
    value, low, high = ends
    expected = integrate_density(function, kind, value, low, high)
    assert expect(band(function, kind, value, low, high))[0] == pytest.approx(expected, abs=1e-4)


def test_a_line_is_worth_the_mean_of_the_halves_where_nothing_is_cut_off():
    # 0.35 below 0.4 and 0.55 above it.
    assert expect(band(Linear(0, 100)))[0] == pytest.approx(0.45, abs=1e-12)
    # Above 60 nothing is won: halves of 0.3 / 0.6 and 1 - (0.2 / 2) (0.2 / 0.4) / 0.6.
    steep = expect(band(Linear(0, 60), value=40, low=20, high=80))[0]
    assert steep == pytest.approx((0.5 + 1 - 1 / 12) / 2, abs=1e-6)


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("kind", ["none", "range", "p05_p95"])
def test_without_a_band_it_is_the_value_of_the_number_to_the_last_bit(function, kind):
    values = np.array([0.0, 33.3, 77.7])
    for low, high in ((values, values), (values * NAN, values), (values, values * NAN)):
        assert expect(band(function, kind, values, low, high)).tolist() == (
            function.rate(values).tolist()
        )
    assert math.isnan(expect(band(function, kind, NAN, 0.0, 50.0))[0])


@given(st.lists(BANDS, min_size=2, max_size=6), st.sampled_from(FUNCTIONS), st.data())
def test_a_further_site_changes_nothing_to_the_last_bit(bands, function, data):
    low, value, high = np.array(bands).T
    kind = data.draw(st.sampled_from(["range", "p05_p95"]))
    whole = expect(band(function, kind, value, low, high))
    alone = [expect(band(function, kind, *(x[[k]] for x in (value, low, high))))[0] for k in range(len(low))]  # fmt: skip
    assert whole.tolist() == alone
    assert ((whole >= 0) & (whole <= 1)).all()


@given(BANDS, st.sampled_from(FUNCTIONS), st.sampled_from(["range", "p05_p95"]))
def test_draws_have_the_mean_that_is_told(ends, function, kind):
    low, value, high = ends
    measure = band(function, kind, value, low, high)
    drawn = measure.draw(4000, rng=np.random.default_rng(8))
    # Five standard deviations of a mean of 4000 numbers of 0 to 1.
    assert expect(measure)[0] == pytest.approx(drawn.mean(), abs=5 * drawn.std() / math.sqrt(4000) + 1e-3)  # fmt: skip


@given(
    BANDS,
    st.sampled_from(FUNCTIONS),
    st.sampled_from(["none", "range", "p05_p95"]),
    st.floats(0, 1),
)
def test_the_number_that_is_reached_is_worth_what_was_wanted(ends, function, kind, wanted):
    low, value, high = ends
    reached = reach_expected(band(function, kind, value, low, high), 0, wanted)
    if math.isnan(reached):
        # Pieces end at values of their own, and a band is seldom wholly at the best of them.
        assert isinstance(function, Piecewise) or low < high
        return
    move = reached - value
    moved = band(function, kind, reached, min(low + move, reached), max(high + move, reached))
    assert expect(moved)[0] == pytest.approx(wanted, abs=1e-9)


@pytest.mark.parametrize("kind", ["range", "p05_p95"])
def test_the_way_to_a_higher_value_leads_to_the_better_side(kind):
    near = band(Linear(100, 0), kind, 40, 20, 90)
    now = expect(near)[0]
    assert reach_expected(near, 0, now) == pytest.approx(40, abs=1e-6)
    assert reach_expected(near, 0, now + 0.1) < 40 < reach_expected(near, 0, now - 0.1)
    assert math.isnan(reach_expected(band(Linear(0, 1), kind, NAN, 0, 1), 0, 0.5))
