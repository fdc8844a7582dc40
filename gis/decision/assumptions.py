"""Assumptions: what the first place hangs on, when each assumed number moves over its range.

One at a time (a tornado: one-way sensitivity analysis; Howard 1988, Decision Analysis: Practice
and Promise, Management Science 34(6), 679-695), and all at once, drawn with the bands.  The
model is the weighted sum of expected values of n ranked sites by k measures, each of one of m
criteria.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from steppe.decision.draws import BandedMeasure
from steppe.decision.expectation import spread
from steppe.decision.values import Linear, Piecewise, Sigmoid, ValueFunction

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_LEVEL = 1e-12  # sums of the same values in another order differ by less
_BLOCK = 2**20  # numbers drawn at once, so that many sites fit into memory
_N_STEPS = 16  # places on either side at which a value function's number is tried
_N_HALVINGS = 50


@dataclass(frozen=True)
class AssumedNumber:
    """One number of the model that is assumed, with its range.

    Parameters
    ----------
    kind
        `weight` of a criterion among all, `share` of a measure in its criterion, both shares
        whose rest keeps its proportions; or a number of a value `function`.
    place
        Number of the criterion, or of the measure.
    part
        Of a function: `worst`, `best`, `steepness`, `points.N.measured` or `points.N.value`, N
        from 0.
    value, low, high
        What it is, and between what it may be.
    """

    kind: Literal["weight", "share", "function"]
    place: int
    part: str
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Effect:
    """What a number does to the lead of the first site when it alone moves.

    Parameters
    ----------
    lead_low, lead_high
        Lead over the best of the others at either end of the range; negative where another is
        first.
    turn
        The number nearest to the present one beyond which another is first, None if there is none.
    rival
        Number of the site that is first there.
    """

    lead_low: float
    lead_high: float
    turn: float | None = None
    rival: int | None = None

    @property
    def least_lead(self) -> float:
        """The lesser lead of the two ends."""
        return min(self.lead_low, self.lead_high)


@dataclass(frozen=True)
class AssumedModel:
    """The weighted sum of ranked sites, with all that is assumed in it.

    Parameters
    ----------
    measures
        k measures at the n ranked sites.
    criteria
        Number of the criterion of each, shape (k,).
    shares
        Shape (k,): of each measure in its criterion, summing to 1 in each.
    weights
        Shape (m,), summing to 1.
    leader
        Number of the site that is first.
    """

    measures: tuple[BandedMeasure, ...]
    criteria: NDArray[np.intp]
    shares: Floats
    weights: Floats
    leader: int

    def expect(self) -> Floats:
        """Return the expected values, shape (n, k); 0 for what is unknown and bears no weight."""
        found = [each.function.rate(spread(each)).mean(axis=0) for each in self.measures]
        return np.nan_to_num(np.column_stack(found))

    def find_lead(self, totals: Floats) -> tuple[float, int]:
        """Return the lead of the first site over the best of the others, and who that is."""
        others = totals.copy()
        others[self.leader] = -np.inf
        rival = int(others.argmax())
        return float(totals[self.leader] - others[rival]), rival

    def find_effect(self, number: AssumedNumber, expected: Floats) -> Effect:
        """Return what one number does when it alone moves over its range."""
        numbers = spread(self.measures[number.place]) if number.kind == "function" else None

        def total(at: float) -> Floats:
            return self._total_with(number, at, expected, numbers)

        # Leads are linear in a share, so that one step tells whether it turns.
        n_steps = _N_STEPS if number.kind == "function" else 1
        return search(
            lambda at: self.find_lead(total(at)), number.value, number.low, number.high,
            n_steps=n_steps, n_halvings=_N_HALVINGS,
        )  # fmt: skip

    def _total_with(
        self, number: AssumedNumber, at: float, expected: Floats, numbers: Floats | None
    ) -> Floats:
        shares, weights, values = self.shares, self.weights, expected
        if number.kind == "weight":
            weights = move_share(weights, number.place, at)
        elif number.kind == "share":
            shares = shares.copy()
            own = np.flatnonzero(self.criteria == self.criteria[number.place])
            shares[own] = move_share(shares[own], int(np.searchsorted(own, number.place)), at)
        else:
            assert numbers is not None
            function = move_function(self.measures[number.place].function, number.part, at)
            values = expected.copy()
            values[:, number.place] = function.rate(numbers).mean(axis=0)
        return values @ (shares * weights[self.criteria])

    def draw_first_shares(
        self, numbers: Sequence[AssumedNumber], *, n_draws: int, rng: Generator
    ) -> Floats:
        """Return the share of draws of bands and of all assumed numbers in which each is first.

        A number is drawn as a band `range` is: two even halves that meet at its value; weights
        and shares are then scaled to sum to 1.  Shape (n,); who ties shares the draw.
        """
        weights, shares = (
            np.broadcast_to(each, (n_draws, len(each))).copy()
            for each in (self.weights, self.shares)
        )
        parts: dict[int, dict[str, Floats]] = {}
        for number in numbers:
            step = 2 * rng.random(n_draws) - 1
            side = np.where(step < 0, number.value - number.low, number.high - number.value)
            drawn = number.value + step * side
            if number.kind == "weight":
                weights[:, number.place] = drawn
            elif number.kind == "share":
                shares[:, number.place] = drawn
            else:
                parts.setdefault(number.place, {})[number.part] = drawn[:, None]
        weights /= weights.sum(axis=1, keepdims=True)
        n_sites = len(self.measures[0].value)
        n_first, n_once = np.zeros(n_sites), max(1, _BLOCK // n_sites)
        for start in range(0, n_draws, n_once):
            end = min(start + n_once, n_draws)
            here, totals = slice(start, end), np.zeros((end - start, n_sites))
            for place, measure in enumerate(self.measures):
                own = self.criteria[place]
                share = shares[here, place] / shares[here, self.criteria == own].sum(axis=1)
                measured = measure.draw_measured(len(totals), rng=rng)
                drawn_parts = {part: each[here] for part, each in parts.get(place, {}).items()}
                value = rate_with(measure.function, drawn_parts, measured)
                totals += (share * weights[here, own])[:, None] * np.nan_to_num(value)
            is_first = totals >= totals.max(axis=1, keepdims=True) - _LEVEL
            n_first += (is_first / is_first.sum(axis=1, keepdims=True)).sum(axis=0)
        return n_first / n_draws


def search(
    find_lead: Callable[[float], tuple[float, int]],
    value: float,
    low: float,
    high: float,
    *,
    n_steps: int,
    n_halvings: int,
) -> Effect:
    """Return what a number does to a lead, looked at step by step towards either end.

    Parameters
    ----------
    find_lead
        From the number to the lead, and the site that is next or ahead.
    value, low, high
        The number, and between what it may be.
    n_steps
        Steps towards either end; a turn that is taken back within one step is not seen.
    n_halvings
        How often the step that turns is halved.
    """
    leads: list[float] = []
    turns: list[tuple[float, float, int]] = []
    for end in (low, high):
        path = np.linspace(value, end, n_steps + 1)[1:].tolist()
        found = [find_lead(at) for at in path]
        leads.append(found[-1][0])
        place = next((n for n, (lead, _) in enumerate(found) if lead < -_LEVEL), None)
        if place is None or end == value:
            continue
        near, far, rival = ([value, *path][place], path[place], found[place][1])
        for _ in range(n_halvings):
            middle = (near + far) / 2
            lead, ahead = find_lead(middle)
            if lead < -_LEVEL:
                far, rival = middle, ahead
            else:
                near = middle
        turns.append((abs(far - value) / abs(end - value), far, rival))
    if not turns:
        return Effect(leads[0], leads[1])
    _, turn, rival = min(turns)
    return Effect(leads[0], leads[1], turn, rival)


def move_share(shares: Floats, place: int, share: float) -> Floats:
    """Return shares of which one is given, the others in proportion; all sum to 1.

    >>> move_share(np.array([0.3, 0.3, 0.4]), 2, 0.5).tolist()
    [0.25, 0.25, 0.5]
    """
    rest = shares.sum() - shares[place]
    moved = shares * ((1 - share) / rest if rest > 0 else 0.0)
    moved[place] = share
    return moved


def move_function(function: ValueFunction, part: str, value: float) -> ValueFunction:
    """Return a value function of which one number is another.

    Raises
    ------
    ValueError
        When that makes no function.
    """
    if isinstance(function, Piecewise):
        _, number, of = part.split(".")
        points = [list(point) for point in function.points]
        points[int(number)][("measured", "value").index(of)] = value
        return Piecewise(tuple((at, worth) for at, worth in points))
    assert isinstance(function, Linear | Sigmoid)
    return replace(function, **{part: value})  # type: ignore[arg-type]


def rate_with(function: ValueFunction, parts: dict[str, Floats], measured: Floats) -> Floats:
    """Return values by functions of which numbers differ from draw to draw.

    Parameters
    ----------
    function
        The value function.
    parts
        Part (see `AssumedNumber`) to its numbers, shape (n_draws, 1).
    measured
        Shape (n_draws, n).
    """
    if not parts:
        return function.rate(measured)
    if isinstance(function, Piecewise):
        at, worth = (
            [parts.get(f"points.{n}.{of}", np.array([[point[k]]])) for n, point in enumerate(function.points)]
            for k, of in enumerate(("measured", "value"))
        )  # fmt: skip
        value = np.broadcast_to(worth[0], measured.shape).copy()
        for n in range(len(at) - 1):
            along = np.clip((measured - at[n]) / (at[n + 1] - at[n]), 0.0, 1.0)
            value += along * (worth[n + 1] - worth[n])
        return np.clip(value, 0.0, 1.0)
    assert isinstance(function, Linear | Sigmoid)
    worst, best = parts.get("worst", function.worst), parts.get("best", function.best)
    along = np.clip((measured - worst) / (best - worst), 0.0, 1.0)
    if isinstance(function, Linear):
        return along
    steepness = parts.get("steepness", function.steepness)
    bent = np.tanh(steepness / 2 * (along - 0.5)) / np.tanh(np.asarray(steepness) / 4)
    return np.clip(0.5 + bent / 2, 0.0, 1.0)
