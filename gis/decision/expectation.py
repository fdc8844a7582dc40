"""Expectation: what a measure is worth on average over its band, and what would be worth more.

A site scores the mean of its value function over the band of what was measured, not the value
of the middle of the band: who maximises an expected value picks by it (Raiffa and Schlaifer
1961, Applied Statistical Decision Theory), so that who is first and what a further number is
worth to know follow one rule.  The sum of measures is additive, so that the mean of a total is
the sum of the means.  The rule is neutral to risk.
"""

from __future__ import annotations

import math
from functools import lru_cache
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from steppe.decision.draws import BandedMeasure
from steppe.decision.values import Linear, Piecewise, Sigmoid, ValueFunction

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

N_QUANTILES = 1000
"""Even shares of a band whose middles are averaged; even, so that none spans the value."""

_N_STEPS = 200  # places at which a moved band is looked at for the value that it should have
_N_HALVINGS = 60
_BLOCK_SITES = 256  # whose shares are held in memory at once


def expect(measure: BandedMeasure) -> Floats:
    """Return the expected value of a measure at each site, shape (n,), 0 to 1; NaN is unknown.

    The mean over the middles of `N_QUANTILES` even shares of the band (the midpoint rule), the
    distribution being that of `BandedMeasure.locate`.  Where there is no band it is the value of
    the number, to the last bit.  No site's value hangs on another's.

    Examples
    --------
    A range of 20 to 80 about 40 leads further up than down, and above 60 nothing is won:

    >>> from steppe.decision.values import Linear
    >>> ends = [np.array([end]) for end in (40.0, 20.0, 80.0)]
    >>> [float(expect(BandedMeasure(Linear(0, best), *ends, "range"))[0].round(4)) for best in (100, 60)]
    [0.45, 0.7083]
    """
    value = np.asarray(measure.value, dtype=float)
    rated = measure.function.rate(value)
    banded = np.flatnonzero(measure.has_band)
    for start in range(0, len(banded), _BLOCK_SITES):
        places = banded[start : start + _BLOCK_SITES]
        own = measure.pick(places)
        rated[places] = _mean(own.function, _spread_by_site(own), 0.0)
    return rated


def reach_expected(measure: BandedMeasure, site: int, wanted: float) -> float:
    """Return the number nearest to what was measured at a site that is worth this on average.

    The band moves along with the number, for what a site does to its measure makes it no
    better known.  NaN if no number is worth that, or the measure is unknown.

    Parameters
    ----------
    measure
        The measure at n sites.
    site
        Number of the site.
    wanted
        Expected value, 0 to 1.
    """
    start = float(np.asarray(measure.value, dtype=float)[site])
    if not measure.has_band[site]:
        return measure.function.reach(wanted, start=start)
    ends, n_steps = _find_ends(measure.function)
    # As far as the whole band lies beyond either end of the function.
    numbers = _spread_by_site(measure.pick([site]))
    furthest = float(np.abs(np.subtract.outer(ends, numbers)).max())
    moves = np.linspace(0.0, furthest, n_steps + 1)
    found = []
    for sign in (-1.0, 1.0):
        lacking = np.array(
            [_mean(measure.function, numbers, sign * move)[0] - wanted for move in moves]
        )
        turns = np.flatnonzero(lacking[:-1] * lacking[1:] <= 0)
        if len(turns):
            step = int(turns[0])
            near, far = moves[step], moves[step + 1]
            move = _bisect(measure.function, numbers, wanted, sign=sign, near=near, far=far)
            found.append(sign * move)
    return start + min(found, key=abs) if found else math.nan


def _find_ends(function: ValueFunction) -> tuple[tuple[float, float], int]:
    """Return where a function ends on either side, and in how many steps it may turn."""
    if isinstance(function, Piecewise):
        return (function.points[0][0], function.points[-1][0]), _N_STEPS
    assert isinstance(function, Linear | Sigmoid)
    return (function.worst, function.best), 1


def _bisect(
    function: ValueFunction, numbers: Floats, wanted: float, *, sign: float, near: float, far: float
) -> float:
    """Return the move between two, from one side of what is wanted to the other, that has it."""
    at_near = _mean(function, numbers, sign * near)[0] - wanted
    for _ in range(_N_HALVINGS):
        middle = (near + far) / 2
        if middle in {near, far}:
            break  # no number lies between
        lacking = _mean(function, numbers, sign * middle)[0] - wanted
        if at_near * lacking <= 0:
            far = middle
        else:
            near, at_near = middle, lacking
    return far


@lru_cache
def _middles() -> tuple[Floats, Floats]:
    """Return the middles of even shares of a distribution: quantiles and normal numbers."""
    quantile = (np.arange(N_QUANTILES) + 0.5) / N_QUANTILES
    normal = [NormalDist().inv_cdf(each) for each in quantile.tolist()]
    return quantile[:, None], np.array(normal)[:, None]


def spread(measure: BandedMeasure) -> Floats:
    """Return what each site may measure, even shares of its band, shape (N_QUANTILES, n)."""
    return measure.locate(*_middles())


def _spread_by_site(own: BandedMeasure) -> Floats:
    """Return the shares of `spread` site by site in memory, shape (n, N_QUANTILES).

    So each site is summed as it would be alone.
    """
    return np.ascontiguousarray(spread(own).T)


def _mean(function: ValueFunction, numbers: Floats, move: float) -> Floats:
    """Return the expected value of each site, shape (n,), their shares moved."""
    return np.asarray(np.clip(function.rate(numbers + move).mean(axis=1), 0.0, 1.0))
