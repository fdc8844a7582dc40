"""Value of information: which number, if it were known, would be worth most to the decision.

The expected value of partial perfect information: how much better the site that is picked
would be on average if one thing were known before picking (Raiffa and Schlaifer 1961, Applied
Statistical Decision Theory).  For x it is E[max_i E[S_i | x]] - max_i E[S_i], where S_i is
the total of site i.  The sum is additive and the measures are drawn independently, so that
E[S_i | x] = E[S_i] + w (x - E[x]) exactly, without draws within draws.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from steppe.decision.weights import normalise_weights

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]


# Sums of the same values in another order differ by less.
_ROUNDING = 1e-12


@dataclass(frozen=True)
class Information:
    """What it would be worth to know, of n sites and m measures.

    Parameters
    ----------
    at_site
        Shape (n, m): expected gain of the total of the site picked, 0 to 1, if the measure
        were known at that site.
    everywhere
        Shape (m,): the same if it were known at all sites.
    change_at_site
        Shape (n, m): share of the draws in which another site would then be picked.
    change_everywhere
        Shape (m,): the same for all sites.
    """

    at_site: Floats
    everywhere: Floats
    change_at_site: Floats
    change_everywhere: Floats


def value_information(
    drawn: ArrayLike, weights: ArrayLike, *, rng: Generator, is_common: ArrayLike = False
) -> Information:
    """Return what it would be worth to know each measure, at each site and everywhere.

    Parameters
    ----------
    drawn
        Shape (n_draws, n sites, m measures), values of 0 to 1.  What is NaN is unknown, and
        taken to be anything of 0 to 1, even: for this question alone, since it is no
        answer to what the site is worth.
    weights
        Shape (m,), not negative; only their proportions count.
    rng
        Source of randomness for what is unknown.
    is_common
        Shape (m,) or one for all: whether one quantile holds for all sites in a draw, as of
        `steppe.decision.draws.BandedMeasure`.  To know such a measure at one site is to know it
        everywhere, unless it is unknown there.

    Returns
    -------
    Information
        Never negative, since the expectations are means of the same draws.

    Raises
    ------
    ValueError
        For drawn values of another shape, none at all, or outside 0 to 1, and weights that
        `steppe.decision.weights.check_weights` refuses.
    """
    values = np.array(drawn, dtype=float)
    if values.ndim != 3 or not values.shape[0] or not values.shape[1]:  # noqa: PLR2004
        msg = f"drawn values of shape (draws, sites, measures) are needed, at least one, not {values.shape}"
        raise ValueError(msg)
    if ((values < 0) | (values > 1)).any():
        msg = "drawn values must lie within 0 to 1"
        raise ValueError(msg)
    _, n_sites, n_measures = values.shape
    weight = normalise_weights(weights)
    if len(weight) != n_measures:
        msg = f"one weight per measure is needed, not {len(weight)} for {n_measures}"
        raise ValueError(msg)
    unknown = np.isnan(values)
    values[unknown] = rng.random(int(unknown.sum()))
    expected = values.mean(axis=0) @ weight
    common = np.broadcast_to(np.asarray(is_common, dtype=bool), (n_measures,))
    at_site, change_at_site = np.zeros((n_sites, n_measures)), np.zeros((n_sites, n_measures))
    everywhere, change_everywhere = np.zeros(n_measures), np.zeros(n_measures)
    for measure in np.flatnonzero(weight):
        shift = weight[measure] * (values[:, :, measure] - values[:, :, measure].mean(axis=0))
        everywhere[measure], change_everywhere[measure] = _gain(expected, shift)
        together = ~unknown[:, :, measure].any(axis=0) & common[measure]
        shared = _gain(expected, np.where(together, shift, 0.0)) if together.any() else (0.0, 0.0)
        for site in range(n_sites):
            gain = shared if together[site] else _gain_at_site(expected, shift[:, site], site)
            at_site[site, measure], change_at_site[site, measure] = gain
    return Information(at_site, everywhere, change_at_site, change_everywhere)


def _gain(expected: Floats, shift: Floats) -> tuple[float, float]:
    """Return the gain by knowing how far each total is off, shape (n_draws, n), and the changes."""
    known = expected + shift
    top = known.max(axis=1)
    picked = int(expected.argmax())
    return _sum_up(top - known[:, picked])


def _gain_at_site(expected: Floats, shift: Floats, site: int) -> tuple[float, float]:
    """Return the same when one total alone is off, shape (n_draws,)."""
    picked = int(expected.argmax())
    if site == picked:
        best_other = np.delete(expected, site).max(initial=-np.inf)
        return _sum_up(np.maximum(best_other - (expected[site] + shift), 0.0))
    return _sum_up(np.maximum(expected[site] + shift - expected[picked], 0.0))


def _sum_up(regret: Floats) -> tuple[float, float]:
    """Return the mean of what is lost by not knowing, and how often anything is."""
    return float(regret.mean()), float((regret > _ROUNDING).mean())
