"""What a moved number does: every end scored anew by hand, and shares of draws in closed form."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from steppe.decision import assumptions
from steppe.decision.assumptions import (
    AssumedModel,
    AssumedNumber,
    move_function,
    move_share,
    rate_with,
    search,
)
from steppe.decision.draws import BandedMeasure
from steppe.decision.expectation import expect
from steppe.decision.values import Linear, Piecewise, Sigmoid
from steppe.decision.variance_shares import share_spread

NAN = float("nan")
FUNCTIONS = (Linear(0, 100), Sigmoid(100, 0, 5.0), Piecewise(((10, 0.2), (50, 1), (90, 0))))
PARTS = (("worst", -20.0, 20.0), ("steepness", 1.0, 9.0), ("points.1.value", 0.5, 1.0))


def measure(function, values, slack=0.0):
    value = np.asarray(values, dtype=float)
    kind = "range" if slack else "none"
    return BandedMeasure(function, value, value - slack, value + 2 * slack, kind)


def model_of(measures, shares, weights, criteria):
    columns = np.column_stack([expect(each) for each in measures])
    totals = columns @ (np.array(shares) * np.array(weights)[criteria])
    return AssumedModel(
        tuple(measures), np.array(criteria), np.array(shares, float), np.array(weights, float),
        leader=int(totals.argmax()),
    )  # fmt: skip


def total_by_hand(model, number, at):
    """Score anew with the number written where it stands."""
    shares, weights = model.shares.copy(), model.weights.copy()
    measures = list(model.measures)
    if number.kind == "weight":
        weights = weights * (1 - at) / (1 - weights[number.place])
        weights[number.place] = at
    elif number.kind == "share":
        own = [k for k, c in enumerate(model.criteria) if c == model.criteria[number.place]]
        rest = 1 - shares[number.place]
        for k in own:
            shares[k] = at if k == number.place else shares[k] * (1 - at) / rest
    else:
        old = measures[number.place].function
        if isinstance(old, Piecewise):
            points = list(old.points)
            points[1] = (points[1][0], at)
            new = Piecewise(tuple(points))
        elif isinstance(old, Sigmoid):
            new = Sigmoid(old.worst, old.best, at)
        else:
            new = Linear(at, old.best)
        measures[number.place] = replace(measures[number.place], function=new)
    columns = np.column_stack([expect(each) for each in measures])
    return columns @ (shares * weights[model.criteria])


def lead_by_hand(model, number, at):
    totals = total_by_hand(model, number, at)
    return totals[model.leader] - np.delete(totals, model.leader).max()


HUNDRED = st.integers(0, 20).map(lambda step: 5.0 * step)
VALUES = st.lists(st.tuples(HUNDRED, HUNDRED, HUNDRED), min_size=2, max_size=5)
NUMBERS = st.sampled_from(
    [
        AssumedNumber("weight", 0, "", 0.6, 0.2, 0.9),
        AssumedNumber("share", 1, "", 0.3, 0.1, 0.8),
        *(AssumedNumber("function", k, part, now, low, high)
          for k, ((part, low, high), now) in enumerate(zip(PARTS, (0.0, 5.0, 1.0), strict=True))),
    ]
)  # fmt: skip


@given(VALUES, NUMBERS, st.sampled_from([0.0, 7.0]))
def test_any_number_at_either_end_is_what_scoring_anew_gives(values, number, slack) -> None:
    columns = np.array(values).T
    measures = [measure(f, v, slack) for f, v in zip(FUNCTIONS, columns, strict=True)]
    model = model_of(measures, [0.7, 0.3, 1.0], [0.6, 0.4], [0, 0, 1])
    effect = model.find_effect(number, model.expect())
    for end, lead in ((number.low, effect.lead_low), (number.high, effect.lead_high)):
        assert lead == pytest.approx(lead_by_hand(model, number, end), abs=1e-9)
    if effect.turn is None:
        assert min(effect.lead_low, effect.lead_high) >= -1e-9
        return
    # Level where it turns, another ahead just beyond, the first ahead just before.
    assert number.low <= effect.turn <= number.high
    assert lead_by_hand(model, number, effect.turn) == pytest.approx(0, abs=1e-6)
    totals = total_by_hand(model, number, effect.turn)
    assert totals[effect.rival] >= totals[model.leader] - 1e-6
    before = number.value + 0.999 * (effect.turn - number.value)
    assert lead_by_hand(model, number, before) >= -1e-6


def test_the_share_that_turns_worked_out_by_hand() -> None:
    # 0.9 w + 0.3 (1 - w) against 0.5 w + 0.6 (1 - w): level at 3/7.
    measures = [measure(Linear(0, 1), [0.9, 0.5]), measure(Linear(0, 1), [0.3, 0.6])]
    model = model_of(measures, [1, 1], [0.5, 0.5], [0, 1])
    effect = model.find_effect(AssumedNumber("weight", 0, "", 0.5, 0.3, 0.7), model.expect())
    assert (effect.turn, effect.rival) == (pytest.approx(3 / 7), 1)
    assert effect.lead_low == pytest.approx(0.3 * 0.4 - 0.7 * 0.3)
    assert effect.lead_high == pytest.approx(0.7 * 0.4 - 0.3 * 0.3)
    held = model.find_effect(AssumedNumber("weight", 0, "", 0.5, 0.45, 0.7), model.expect())
    assert (held.turn, held.rival) == (None, None)


def test_an_end_that_turns_worked_out_by_hand() -> None:
    """10 and 30 ms on a line to 0: 1 - 10/w falls behind 0.6 of a second measure at w = 20."""
    trips = measure(Linear(40, 0), [10, 30])
    other = measure(Linear(0, 1), [0.4, 0.8])
    model = model_of([trips, other], [1, 1], [0.5, 0.5], [0, 1])
    # Leads: 20/w - 0.4 while w > 30: level at w = 50.
    effect = model.find_effect(AssumedNumber("function", 0, "worst", 40, 20, 80), model.expect())
    assert effect.turn == pytest.approx(50)
    assert effect.lead_high == pytest.approx((20 / 80 - 0.4) / 2)


def test_the_nearer_of_two_turns_is_told_as_a_part_of_its_side() -> None:
    effect = search(lambda at: (1 - abs(at), 7), 0.0, -2.0, 8.0, n_steps=8, n_halvings=40)
    # -1 is half of the way down, 1 an eighth of the way up.
    assert (effect.turn, effect.rival) == (pytest.approx(1), 7)
    assert (effect.lead_low, effect.lead_high) == (-1, -7)


@pytest.mark.parametrize("block", [2**20, 999])
def test_shares_of_draws_in_closed_form(monkeypatch: pytest.MonkeyPatch, block: int) -> None:
    """The weight of x is even over 0.3 to 0.5 in half of the draws, over 0.5 to 0.9 in half."""
    monkeypatch.setattr(assumptions, "_BLOCK", block)
    measures = [measure(Linear(0, 1), [0.9, 0.5]), measure(Linear(0, 1), [0.3, 0.6])]
    model = model_of(measures, [1, 1], [0.5, 0.5], [0, 1])
    numbers = [AssumedNumber("weight", 0, "", 0.5, 0.3, 0.9)]
    rng = np.random.default_rng(3)
    found = model.draw_first_shares(numbers, n_draws=40_000, rng=rng)
    # Of x and the 0.5 of the other, x bears 3/7 where x = 3/8.
    assert found == pytest.approx([1 - 0.5 * 0.075 / 0.2, 0.5 * 0.075 / 0.2], abs=0.01)
    assert found.sum() == pytest.approx(1)
    level = model_of([measure(Linear(0, 1), [0.5, 0.5])], [1], [1], [0])
    shared = level.draw_first_shares([], n_draws=10, rng=rng)
    assert shared.tolist() == [0.5, 0.5]


@pytest.mark.parametrize(("function", "part"), list(zip(FUNCTIONS, PARTS, strict=True)))
def test_a_function_with_drawn_numbers_is_that_function_in_each_draw(function, part) -> None:
    name, low, high = part
    drawn = np.linspace(low, high, 7)[:, None]
    measured = np.linspace(-10, 110, 11)[None, :].repeat(7, axis=0)
    rated = rate_with(function, {name: drawn}, measured)
    for row, number in enumerate(drawn[:, 0]):
        own = move_function(function, name, float(number))
        assert rated[row] == pytest.approx(own.rate(measured[row]), abs=1e-12)


@given(st.lists(st.floats(0.01, 1), min_size=2, max_size=6), st.data())
def test_moved_shares_keep_the_proportions_of_the_rest(raw, data) -> None:
    shares = np.array(raw) / sum(raw)
    place = data.draw(st.integers(0, len(raw) - 1))
    moved = move_share(shares, place, 0.4)
    assert moved[place] == 0.4
    assert moved.sum() == pytest.approx(1)
    rest, was = np.delete(moved, place), np.delete(shares, place)
    assert rest / rest.sum() == pytest.approx(was / was.sum())


@given(VALUES, st.integers(1, 9))
def test_shares_of_the_spread_are_covariances_that_sum_to_one(values, weight) -> None:
    columns, weights = np.array(values) / 100, np.array([weight, 2.0, 1.0]) / (weight + 3)
    total = columns @ weights
    found = share_spread(columns, weights)
    if np.ptp(total) < 1e-9:
        return
    by_hand = [w * np.cov(column, total)[0, 1] / np.var(total, ddof=1) for w, column in zip(weights, columns.T, strict=True)]  # fmt: skip
    assert found == pytest.approx(by_hand, abs=1e-9)
    assert found.sum() == pytest.approx(1)


def test_what_is_level_has_no_spread() -> None:
    assert np.isnan(share_spread(np.full((3, 2), 0.5), np.array([0.5, 0.5]))).all()
    assert np.isnan(share_spread(np.full((1, 2), 0.5), np.array([0.5, 0.5]))).all()
    assert np.isnan(share_spread(np.empty((0, 2)), np.array([0.5, 0.5]))).all()
