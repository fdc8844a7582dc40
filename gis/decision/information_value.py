"""Value of information: which number, if it were known, would be worth most to the decision.

The expected value of partial perfect information: how much better the site that is picked
would be on average if one thing were known before picking (Raiffa and Schlaifer 1961, Applied
Statistical Decision Theory).  For x it is E[max_i E[S_i | x]] - max_i E[S_i], where S_i is
the total of site i.  The sum is additive and the measures are drawn independently, so that
E[S_i | x] = E[S_i] + w (x - E[x]) exactly, without draws within draws.  What is picked without
knowing more is the site of the greatest expected total, which is the one that a ranking by
expected values calls first (`steppe.decision.expectation`).
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
    picked
        Number of the site that is picked without knowing more.
    """

    at_site: Floats
    everywhere: Floats
    change_at_site: Floats
    change_everywhere: Floats
    picked: int


def value_information(
    drawn: ArrayLike,
    weights: ArrayLike,
    *,
    rng: Generator,
    totals: ArrayLike | None = None,
    is_common: ArrayLike = False,
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
    totals
        Shape (n,): expected totals, by default the means of the draws; NaN for a site that
        bears no rank.  Such a site is picked only where what is learnt was unknown of it, or
        where no site bears a rank.
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
    expected, can_pick = _expect(values.mean(axis=0) @ weight, totals)
    picked = int(np.where(can_pick, expected, -np.inf).argmax())
    common = np.broadcast_to(np.asarray(is_common, dtype=bool), (n_measures,))
    at_site, change_at_site = np.zeros((n_sites, n_measures)), np.zeros((n_sites, n_measures))
    everywhere, change_everywhere = np.zeros(n_measures), np.zeros(n_measures)
    others = np.where(can_pick, expected, -np.inf)
    for measure in np.flatnonzero(weight):
        shift = weight[measure] * (values[:, :, measure] - values[:, :, measure].mean(axis=0))
        learnt = unknown[:, :, measure].any(axis=0)
        known = np.where(can_pick | learnt, expected + shift, -np.inf)
        everywhere[measure], change_everywhere[measure] = _sum_up(
            known.max(axis=1) - known[:, picked]
        )
        together = ~learnt & common[measure]
        known = np.where(can_pick, expected + np.where(together, shift, 0.0), -np.inf)
        shared = _sum_up(known.max(axis=1) - known[:, picked])
        for site in range(n_sites):
            if together[site]:
                gain = shared
            elif can_pick[site] or learnt[site]:
                gain = _gain_at_site(others, expected[site] + shift[:, site], site, picked)
            else:
                gain = 0.0, 0.0
            at_site[site, measure], change_at_site[site, measure] = gain
    return Information(at_site, everywhere, change_at_site, change_everywhere, picked)


def _expect(means: Floats, totals: ArrayLike | None) -> tuple[Floats, NDArray[np.bool_]]:
    """Return the expected totals, and which sites can be picked as it is."""
    if totals is None:
        return means, np.ones(len(means), dtype=bool)
    known = np.asarray(totals, dtype=float)
    if known.shape != means.shape:
        msg = f"one total per site is needed, not {known.shape} for {len(means)}"
        raise ValueError(msg)
    is_ranked = ~np.isnan(known)
    can_pick = is_ranked if is_ranked.any() else np.ones(len(means), dtype=bool)
    return np.where(is_ranked, known, means), can_pick


def _gain_at_site(others: Floats, known: Floats, site: int, picked: int) -> tuple[float, float]:
    """Return the gain when one total alone, shape (n_draws,), is learnt, and the changes."""
    if site == picked:
        best_other = np.delete(others, site).max(initial=-np.inf)
        return _sum_up(np.maximum(best_other - known, 0.0))
    return _sum_up(np.maximum(known - others[picked], 0.0))


def _sum_up(regret: Floats) -> tuple[float, float]:
    """Return the mean of what is lost by not knowing, and how often anything is."""
    return float(regret.mean()), float((regret > _ROUNDING).mean())
