"""Variance shares: how much of what sets sites apart each measure makes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_LEVEL = 1e-12  # sums of the same values in another order differ by less


def share_spread(expected: Floats, weights: Floats) -> Floats:
    """Return how much of the variance of totals each measure makes, shape (k,), summing to 1.

    `w cov(v, T) / var(T)` with the total T: covariance shares, negative for a measure that
    evens out what the others set apart.  NaN for sites that all are level, or fewer than two.

    Parameters
    ----------
    expected
        Shape (n, k), 0 to 1.
    weights
        Shape (k,), of each measure in the whole.
    """
    nothing = np.full(len(weights), np.nan)
    if len(expected) < 2:  # noqa: PLR2004
        return nothing
    apart = expected - expected.mean(axis=0)
    total = apart @ weights
    variance = float(total @ total)
    if variance <= _LEVEL**2:
        return nothing
    return weights * (total @ apart) / variance
