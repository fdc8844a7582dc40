"""Explanation: what lifted a site, what held it down, and what would move it up.

All of it is over measures, whose weight is that of the criterion times that within the
criterion, and follows from the weighted sum.  A site of which a weighted measure is unknown
has no rank, and nothing is said of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from steppe.decision.additive import build_model

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

# Sums of the same values in another order differ by less.
_ROUNDING = 1e-12


@dataclass(frozen=True)
class Improvement:
    """What would move each of n sites up to the next better total, by each of m measures alone.

    NaN for a site that is first or has no rank.

    Parameters
    ----------
    gap
        Shape (n,): what is lacking to the next better total.  Sites that tie have the same
        next better one, since a tie shares its rank.
    rival
        Shape (n,): number of the site with that total, the first of several; -1 for none.
    needed
        Shape (n, m): the value that the measure would need, above 1 if it cannot do it alone;
        NaN for a measure without a weight.
    is_reachable
        Shape (n, m): whether that is within 0 to 1.
    effort
        Shape (n, m): the rise needed over what is left up to 1; above 1 if out of reach.
    measure
        Shape (n,): the measure of least effort, the first of several; -1 if none can do it
        alone.
    """

    gap: Floats
    rival: NDArray[np.intp]
    needed: Floats
    is_reachable: NDArray[np.bool_]
    effort: Floats
    measure: NDArray[np.intp]


def contribute(values: ArrayLike, weights: ArrayLike) -> Floats:
    """Return what each measure adds to the total of a site, against the mean of all ranked.

    weight x (value - mean value); in sum the total less the mean total.

    Parameters
    ----------
    values
        Shape (n sites, m measures), 0 to 1; NaN is unknown.
    weights
        Shape (m,), not negative; only their proportions count.

    Returns
    -------
    numpy.ndarray
        Shape (n, m), positive what lifted the site, negative what held it down, 0 for a
        measure without a weight; NaN for a site without a rank.

    Raises
    ------
    ValueError
        As in `steppe.decision.scoring.score`.

    Examples
    --------
    >>> contribute([[1.0, 0.5], [0.5, 0.5], [0.0, 0.5]], [3, 1]).tolist()
    [[0.375, 0.0], [0.0, 0.0], [-0.375, 0.0]]
    """
    model = build_model(values, weights)
    found = np.full(model.values.shape, np.nan)
    if len(model.ranked):
        known = model.values[model.ranked]
        found[model.ranked] = model.weights * (known - known.mean(axis=0))
    return found


def find_improvement(values: ArrayLike, weights: ArrayLike) -> Improvement:
    """Return the smallest change of one measure that moves each site up.

    Parameters
    ----------
    values, weights
        As in `contribute`.

    Returns
    -------
    Improvement
        At the value needed the site is level with the next better one, and so has its rank.

    Raises
    ------
    ValueError
        As in `steppe.decision.scoring.score`.

    Examples
    --------
    >>> improvement = find_improvement([[0.75, 0.5], [0.5, 0.5]], [1, 1])
    >>> improvement.needed[1].tolist(), improvement.effort[1].tolist(), int(improvement.measure[1])
    ([0.75, 0.75], [0.5, 0.5], 0)
    """
    model = build_model(values, weights)
    gap, rival = _find_gaps(model.totals)
    with np.errstate(divide="ignore", invalid="ignore"):
        rise = gap[:, None] / np.where(model.weights > 0, model.weights, np.nan)
        needed = model.values + rise
        effort = rise / (1 - model.values)
    # Rounding must not put the very end out of reach.
    is_reachable = needed <= 1 + _ROUNDING
    needed = np.where(is_reachable, np.minimum(needed, 1.0), needed)
    best = np.where(is_reachable, effort, np.inf)
    measure = np.where(is_reachable.any(axis=1), best.argmin(axis=1), -1)
    return Improvement(gap, rival, needed, is_reachable, effort, measure)


def _find_gaps(totals: Floats) -> tuple[Floats, NDArray[np.intp]]:
    """Return how much each total lacks to the next greater one, and whose that is."""
    gap, rival = np.full(totals.shape, np.nan), np.full(totals.shape, -1)
    levels, first_with = np.unique(totals[~np.isnan(totals)], return_index=True)
    sites = np.flatnonzero(~np.isnan(totals))[first_with]
    # Who is level but for rounding is level.
    above = np.searchsorted(levels, totals + _ROUNDING, side="right")
    is_below = above < len(levels)
    gap[is_below] = levels[above[is_below]] - totals[is_below]
    rival[is_below] = sites[above[is_below]]
    return gap, rival
