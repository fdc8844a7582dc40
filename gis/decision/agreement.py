"""Agreement: how alike two rankings of the same sites are."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from steppe.decision.scoring import rank

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


def correlate_ranks(one: ArrayLike, other: ArrayLike) -> float:
    """Return Kendall's tau-b of two rankings: 1 the same, -1 turned over.

    (C - D) / sqrt((P - T1) (P - T2)), with C pairs in the same order, D in the opposite one,
    T1 and T2 tied in either, of P in all (Kendall 1945, Biometrika 33(3), 239-251).

    Parameters
    ----------
    one, other
        Shape (n,), ranks or any numbers that order the sites the same way; a site that is NaN
        in either is left out.

    Returns
    -------
    float
        NaN for fewer than two sites, or if all tie in one of the rankings.

    Raises
    ------
    ValueError
        For shapes that differ.

    Examples
    --------
    >>> correlate_ranks([1, 2, 3, 4], [1, 3, 2, 4]).__round__(4)
    0.6667
    """
    first, second = _align(one, other)
    signs = [np.sign(column[:, None] - column) for column in (first, second)]
    product, *squares = (
        float((a * b).sum()) for a, b in ((signs[0], signs[1]), *((s, s) for s in signs))
    )
    return product / math.sqrt(squares[0] * squares[1]) if min(squares) > 0 else math.nan


def compare_tops(reference: ArrayLike, other: ArrayLike) -> float:
    """Return the coefficient WS, in which the top of the reference counts most.

    1 - sum(2^-x |x - y| / max(|1 - x|, |n - x|)) over ranks x of the reference and y of the
    other: 1 the same; it is not symmetric (Sałabun and Urbaniak 2020, ICCS, LNCS 12138).

    Parameters
    ----------
    reference, other
        Shape (n,), ranks, 1 the best; a site that is NaN in either is left out, and the ranks
        of the rest close up, ties sharing the smallest.

    Returns
    -------
    float
        NaN for fewer than two sites.

    Raises
    ------
    ValueError
        For shapes that differ.

    Examples
    --------
    >>> compare_tops([1, 2, 3], [2, 1, 3]), compare_tops([1, 2, 3], [1, 3, 2])
    (0.5, 0.6875)
    """
    first, second = (rank(-column) for column in _align(reference, other))
    n_sites = len(first)
    if n_sites < 2:  # noqa: PLR2004
        return math.nan
    furthest = np.maximum(np.abs(1 - first), np.abs(n_sites - first))
    return float(1 - (2.0**-first * np.abs(first - second) / furthest).sum())


def _align(one: ArrayLike, other: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    first, second = np.asarray(one, dtype=float), np.asarray(other, dtype=float)
    if first.ndim != 1 or first.shape != second.shape:
        msg = f"two rankings of the same sites are needed, not {first.shape} and {second.shape}"
        raise ValueError(msg)
    both = ~np.isnan(first) & ~np.isnan(second)
    return first[both], second[both]
