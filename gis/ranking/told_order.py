"""The order in which numbers are told: one and the same on every processor."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

N_DECIMALS = 9
"""Numbers that differ by less are told as equals: processors round sums of them differently."""


def order_least_first(numbers: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the places of numbers, the least first and equals as they come, shape (n,).

    >>> order_least_first(np.array([0.3, 0.1 + 0.2, 0.1]))
    array([2, 0, 1])
    """
    return np.argsort(np.round(numbers, N_DECIMALS), kind="stable")
