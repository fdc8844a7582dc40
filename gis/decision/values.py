"""Value functions: what a measure is worth, 0 at its worst and 1 at its best.

Their ends are fixed by the plan, never taken from the sites at hand: a further site must
not move the value of another (rank reversal: Belton and Gear 1983, Omega 11(3), 228-230).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Protocol

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

_MIDDLE = 0.5


class ValueFunction(Protocol):
    """What every value function answers; arrays of any one shape, NaN is unknown."""

    def rate(self, measured: ArrayLike) -> NDArray[np.float64]:
        """Return the value, 0 to 1, of what was measured; NaN where it is NaN."""

    def rate_band(
        self, low: ArrayLike, high: ArrayLike
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the worst and the best value within a band; NaN where an end is NaN."""

    def reach(self, value: float, *, start: float) -> float:
        """Return the measured number nearest to `start` that has this value.

        NaN if none has it or `start` is not finite; of two equally near the lesser.
        """


@dataclass(frozen=True)
class Linear:
    """The line from worst to best, flat beyond.

    Parameters
    ----------
    worst, best
        Ends of the line, in the unit of the measure; either may be the greater.

    Raises
    ------
    ValueError
        When the ends are equal or no finite numbers.

    Examples
    --------
    >>> distance = Linear(worst=10.0, best=2.0)
    >>> distance.rate([2.0, 6.0, 20.0]).tolist()
    [1.0, 0.5, 0.0]
    >>> distance.reach(0.75, start=20.0)
    4.0
    """

    worst: float
    best: float

    def __post_init__(self) -> None:
        """Refuse ends that make no line."""
        _check_ends(self.worst, self.best)

    def rate(self, measured: ArrayLike) -> NDArray[np.float64]:
        """Return the value, 0 at and beyond `worst`, 1 at and beyond `best`."""
        return _along(measured, self.worst, self.best)

    def rate_band(
        self, low: ArrayLike, high: ArrayLike
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the worst and the best value within a band."""
        ends = self.rate(low), self.rate(high)
        return np.minimum(*ends), np.maximum(*ends)

    def reach(self, value: float, *, start: float) -> float:
        """Return the measured number nearest to `start` that has this value."""
        return _reach_monotone(self.worst, self.best, value, start=start, share=value)


@dataclass(frozen=True)
class Sigmoid:
    """The logistic curve from worst to best, stretched to end in 0 and 1; flat beyond.

    With t from 0 at `worst` to 1 at `best` and L(t) = 1 / (1 + exp(-k (t - 1/2))) the value
    is (L(t) - L(0)) / (L(1) - L(0)), which is 1/2 + tanh(k (t - 1/2) / 2) / (2 tanh(k / 4)).

    Parameters
    ----------
    worst, best
        Ends, in the unit of the measure; either may be the greater.
    steepness
        k: towards 0 it is the line; at 10 the middle half of the way takes the value from
        0.07 to 0.93.

    Raises
    ------
    ValueError
        When the ends are equal or no finite numbers, or the steepness is not above 0.

    Examples
    --------
    >>> Sigmoid(worst=0.0, best=10.0, steepness=10.0).rate([-1.0, 2.5, 5.0, 10.0]).round(2)
    array([0.  , 0.07, 0.5 , 1.  ])
    """

    worst: float
    best: float
    steepness: float

    def __post_init__(self) -> None:
        """Refuse what makes no curve."""
        _check_ends(self.worst, self.best)
        if not (math.isfinite(self.steepness) and self.steepness > 0):
            msg = f"the steepness must be a finite number above 0, not {self.steepness}"
            raise ValueError(msg)

    def rate(self, measured: ArrayLike) -> NDArray[np.float64]:
        """Return the value, 0 at and beyond `worst`, 1 at and beyond `best`."""
        from_middle = _along(measured, self.worst, self.best) - _MIDDLE
        bent = np.tanh(self.steepness / 2 * from_middle) / math.tanh(self.steepness / 4)
        return np.clip(_MIDDLE + bent / 2, 0.0, 1.0)

    def rate_band(
        self, low: ArrayLike, high: ArrayLike
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the worst and the best value within a band."""
        ends = self.rate(low), self.rate(high)
        return np.minimum(*ends), np.maximum(*ends)

    def reach(self, value: float, *, start: float) -> float:
        """Return the measured number nearest to `start` that has this value."""
        share = value
        if 0 < value < 1:
            bent = (2 * value - 1) * math.tanh(self.steepness / 4)
            # Rounding may carry a steep curve to its very end.
            straight = math.atanh(bent) if abs(bent) < 1 else math.copysign(math.inf, bent)
            share = min(max(_MIDDLE + 2 / self.steepness * straight, 0.0), 1.0)
        return _reach_monotone(self.worst, self.best, value, start=start, share=share)


@dataclass(frozen=True)
class Piecewise:
    """Straight between points, flat outside; it may rise and fall.

    Parameters
    ----------
    points
        At least two of (measured, value), measured strictly ascending, value 0 to 1.

    Raises
    ------
    ValueError
        For points that are too few, not finite, not ascending, or of values beyond 0 to 1.

    Examples
    --------
    Neither too small nor too great:

    >>> area = Piecewise(((10.0, 0.0), (50.0, 1.0), (90.0, 0.5)))
    >>> area.rate([5.0, 30.0, 70.0, 200.0]).tolist()
    [0.0, 0.5, 0.75, 0.5]
    >>> [end.tolist() for end in area.rate_band([30.0], [60.0])]
    [[0.5], [1.0]]
    >>> area.reach(0.75, start=5.0), area.reach(0.75, start=80.0)
    (40.0, 70.0)
    """

    points: tuple[tuple[float, float], ...]

    def __post_init__(self) -> None:
        """Refuse what is no function with values of 0 to 1."""
        at, worth = self._columns()
        with np.errstate(over="ignore"):
            is_line = len(at) > 1 and bool((np.diff(at) > 0).all() and np.isfinite(at[-1] - at[0]))
        if not (is_line and ((worth >= 0) & (worth <= 1)).all()):
            msg = (
                "two points or more are needed, each finite, measured numbers ascending, "
                f"values within 0 to 1: {self.points}"
            )
            raise ValueError(msg)

    def _columns(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        columns = np.asarray(self.points, dtype=float).reshape(-1, 2)
        return columns[:, 0], columns[:, 1]

    def rate(self, measured: ArrayLike) -> NDArray[np.float64]:
        """Return the value, that of the nearest end outside the points."""
        at, worth = self._columns()
        # An interpolation may round past the greater of its two ends.
        return np.clip(np.interp(np.asarray(measured, dtype=float), at, worth), 0.0, 1.0)

    def rate_band(
        self, low: ArrayLike, high: ArrayLike
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the worst and the best value within a band, points inside it included."""
        ends = np.asarray(low, dtype=float), np.asarray(high, dtype=float)
        first, last = np.minimum(*ends), np.maximum(*ends)
        rated = self.rate(first), self.rate(last)
        worse, better = np.minimum(*rated), np.maximum(*rated)
        for at, worth in self.points:
            inside = (first <= at) & (at <= last)
            worse = np.where(inside, np.minimum(worse, worth), worse)
            better = np.where(inside, np.maximum(better, worth), better)
        return worse, better

    def reach(self, value: float, *, start: float) -> float:
        """Return the measured number nearest to `start` that has this value."""
        if not math.isfinite(start):
            return math.nan
        found = sorted(self._reaching(value, start))
        return min(found, key=lambda measured: abs(measured - start), default=math.nan)

    def _reaching(self, value: float, start: float) -> Iterable[float]:
        """Yield the nearest measured number of each piece that has this value."""
        (first, first_value), (last, last_value) = self.points[0], self.points[-1]
        if value == first_value:
            yield min(start, first)
        if value == last_value:
            yield max(start, last)
        for (left, left_value), (right, right_value) in pairwise(self.points):
            if left_value == right_value == value:
                yield min(max(start, left), right)
            elif min(left_value, right_value) <= value <= max(left_value, right_value):
                share = (value - left_value) / (right_value - left_value)
                yield left + share * (right - left)


def _check_ends(worst: float, best: float) -> None:
    span = best - worst
    if not math.isfinite(span) or span == 0:
        msg = f"worst and best must be two different finite numbers, not {worst} and {best}"
        raise ValueError(msg)


def _along(measured: ArrayLike, worst: float, best: float) -> NDArray[np.float64]:
    """Return how far from worst to best, clipped to 0 and 1."""
    # A quotient too great for a float is infinite and clipped to an end, which is right.
    with np.errstate(over="ignore"):
        along = (np.asarray(measured, dtype=float) - worst) / (best - worst)
        return np.clip(along, 0.0, 1.0)


def _reach_monotone(
    worst: float, best: float, value: float, *, start: float, share: float
) -> float:
    """Return the place at this share of the way, or the nearest of the flat end."""
    if not (math.isfinite(start) and 0 <= value <= 1):
        return math.nan
    if 0 < value < 1:
        return worst + share * (best - worst)
    end, beyond = (best, best > worst) if value == 1 else (worst, worst > best)
    return max(start, end) if beyond else min(start, end)
