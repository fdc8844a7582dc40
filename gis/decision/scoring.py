"""Scoring: the weighted sum, what share of it is known, and the rank.

Nothing unknown is filled in: it leaves the sum, and the coverage says so.  Each site's
score is a function of that site alone, to the last bit, so no further site can change it
or the order of the rest.  numpy alone is imported, since the QGIS plugin scores with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from steppe.decision.weights import check_weights

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True)
class Scores:
    """Scores of n sites, each of shape (n,).

    Parameters
    ----------
    total
        0 worst to 1 best; NaN where nothing is known.
    coverage
        Share of the weight that is known, 0 to 1; 1 only where all of it is.
    rank
        1 is best, ties share the smallest rank; NaN without full coverage.
    """

    total: NDArray[np.float64]
    coverage: NDArray[np.float64]
    rank: NDArray[np.float64]


def score(values: ArrayLike, weights: ArrayLike, *, known: ArrayLike | None = None) -> Scores:
    """Return the weighted mean of what is known of each site.

    total = sum(w v) / sum(w) over the known values, coverage = sum(w known) / sum(w).

    Parameters
    ----------
    values
        Shape (n sites, m criteria), 0 to 1; NaN is unknown.
    weights
        Shape (m,), not negative; only their proportions count.
    known
        Shape (n, m), 0 to 1: what share of each value is known itself, when the values
        are totals of measures; by default all of it, and nothing where the value is NaN.

    Raises
    ------
    ValueError
        For shapes that do not fit, values or shares outside 0 to 1, and weights that are
        negative, no finite numbers, or all zero.

    Examples
    --------
    The measures of a criterion are combined by the same rule:

    >>> network = score([[0.2, float("nan")], [0.5, 1.0]], [3, 1])
    >>> network.total.tolist(), network.coverage.tolist()
    ([0.2, 0.625], [0.75, 1.0])
    >>> values = np.column_stack([[0.9, 0.6], network.total])
    >>> whole = score(values, [1, 1], known=np.column_stack([[1, 1], network.coverage]))
    >>> whole.coverage.tolist(), whole.rank.tolist()
    ([0.875, 1.0], [nan, 1.0])
    """
    value, weight = _checked(values, weights)
    has_value = ~np.isnan(value)
    share = has_value.astype(float)
    if known is not None:
        share = np.where(has_value, _checked_share(known, value.shape), 0.0)
    total, coverage = _mean(value, has_value, share, weight)
    full = (share[:, weight > 0] == 1.0).all(axis=1)
    # Rounding must not lift an incomplete sum to full coverage.
    coverage = np.where(full, 1.0, np.minimum(coverage, np.nextafter(1.0, 0.0)))
    return Scores(total, coverage, rank(np.where(full, total, np.nan)))


def rank(totals: ArrayLike) -> NDArray[np.float64]:
    """Return the ranks of shape (n,): 1 is the greatest, ties share the smallest rank.

    NaN has no rank.
    """
    total = np.asarray(totals, dtype=float)
    known = ~np.isnan(total)
    ranked = total[known]
    ranks = np.full(total.shape, np.nan)
    ranks[known] = 1 + len(ranked) - np.searchsorted(np.sort(ranked), ranked, side="right")
    return ranks


def _checked(
    values: ArrayLike, weights: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    value = np.asarray(values, dtype=float)
    if value.ndim != 2:  # noqa: PLR2004
        msg = f"values of shape (sites, criteria) are needed, not {value.shape}"
        raise ValueError(msg)
    weight = check_weights(weights, value.shape[1])
    if ((value < 0) | (value > 1)).any():
        msg = "values must lie within 0 to 1"
        raise ValueError(msg)
    return value, weight


def _checked_share(known: ArrayLike, shape: tuple[int, ...]) -> NDArray[np.float64]:
    share = np.asarray(known, dtype=float)
    if share.shape != shape:
        msg = f"known must have the shape of values, {shape}, not {share.shape}"
        raise ValueError(msg)
    if not ((share >= 0) & (share <= 1)).all():
        msg = "known must lie within 0 to 1"
        raise ValueError(msg)
    return share


def _mean(
    value: NDArray[np.float64],
    has_value: NDArray[np.bool_],
    share: NDArray[np.float64],
    weight: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return weighted mean and coverage, summed criterion by criterion.

    A sum along the row could be grouped differently for another number of sites, and then
    differ in its last bit.
    """
    n_sites = len(value)
    summed, reached, covered = np.zeros(n_sites), np.zeros(n_sites), np.zeros(n_sites)
    all_weight = 0.0
    least, most = np.full(n_sites, np.inf), np.full(n_sites, -np.inf)
    for column, criterion_weight in enumerate(weight):
        here = has_value[:, column]
        known_value = np.where(here, value[:, column], 0.0)
        summed += criterion_weight * known_value
        reached += np.where(here, criterion_weight, 0.0)
        covered += criterion_weight * share[:, column]
        all_weight += criterion_weight
        counts = here & (criterion_weight > 0)
        least = np.where(counts, np.minimum(least, known_value), least)
        most = np.where(counts, np.maximum(most, known_value), most)
    some = reached > 0
    mean = summed / np.where(some, reached, 1.0)
    # Rounding must not carry a mean past what it is the mean of.
    total = np.where(some, np.clip(mean, least, most), np.nan)
    return total, covered / all_weight
