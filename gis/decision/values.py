"""Value functions: what a measure is worth, 0 at its worst end and 1 at its best.

The ends are fixed by the plan, never taken from the sites at hand: a further site must not
move the value of another (rank reversal: Belton and Gear 1983, Omega 11(3), 228-230).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


def value_linear(measured: ArrayLike, *, worst: float, best: float) -> NDArray[np.float64]:
    """Return the value of what was measured, on the line from worst to best.

    Parameters
    ----------
    measured
        Any shape, in the unit of the ends; NaN is unknown.
    worst, best
        Ends of the line; either may be the greater.

    Returns
    -------
    numpy.ndarray
        Same shape, 0 at and beyond `worst`, 1 at and beyond `best`, NaN where unknown.

    Raises
    ------
    ValueError
        When the ends are equal or no finite numbers.

    Examples
    --------
    >>> value_linear([2.0, 6.0, 20.0], worst=10.0, best=2.0).tolist()
    [1.0, 0.5, 0.0]
    """
    span = best - worst
    if not math.isfinite(span) or span == 0:
        msg = f"worst and best must be two different finite numbers, not {worst} and {best}"
        raise ValueError(msg)
    # A quotient too great for a float is infinite and clipped to an end, which is right.
    with np.errstate(over="ignore"):
        return np.clip((np.asarray(measured, dtype=float) - worst) / span, 0.0, 1.0)


def value_band(
    low: ArrayLike, high: ArrayLike, *, worst: float, best: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the values of the worse and of the better end of a band.

    Parameters
    ----------
    low, high
        Ends of the band, of one shape; where either is NaN both values are.
    worst, best
        As in `value_linear`.

    Raises
    ------
    ValueError
        As in `value_linear`.
    """
    ends = (value_linear(low, worst=worst, best=best), value_linear(high, worst=worst, best=best))
    return np.minimum(*ends), np.maximum(*ends)
