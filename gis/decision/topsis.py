"""TOPSIS: how close each site comes to an ideal one, and how far it stays from the worst.

Both ends are fixed, not picked from the sites at hand, and no column is normalised by the
sites: so each closeness is a function of that site alone, and no further site can change it.
With ends and norms taken from the sites the order of the rest can turn when one is deleted
(Aires and Ferreira 2019, Computers & Industrial Engineering 132, 84-97).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from steppe.decision.weights import check_weights

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

# What a core keeps close while it goes through the columns of these rows.
_ROWS = 4096


def rate_closeness(
    values: ArrayLike, weights: ArrayLike, *, ideal: ArrayLike = 1.0, worst: ArrayLike = 0.0
) -> NDArray[np.float64]:
    """Return the closeness D- / (D+ + D-) of each site (Hwang and Yoon 1981).

    D+ and D- are the Euclidean distances sqrt(sum((w (v - end))^2)) from the ideal and
    from the worst.

    Parameters
    ----------
    values
        Shape (n sites, m criteria); NaN is unknown.
    weights
        Shape (m,), not negative; only their proportions count.
    ideal, worst
        The two ends, one number or shape (m,).

    Returns
    -------
    numpy.ndarray
        Shape (n,), 1 at the ideal, 0 at the worst; NaN where the value of a criterion that
        has a weight is unknown.

    Raises
    ------
    ValueError
        For shapes that do not fit, weights that `check_weights` refuses, infinite values,
        and ends that are not finite or the same in every criterion that has a weight.

    Examples
    --------
    >>> rate_closeness([[1, 1], [1, 0], [0, 0]], [1, 1]).tolist()
    [1.0, 0.5, 0.0]
    """
    value = np.asarray(values, dtype=float)
    if value.ndim != 2:  # noqa: PLR2004
        msg = f"values of shape (sites, criteria) are needed, not {value.shape}"
        raise ValueError(msg)
    weight = check_weights(weights, value.shape[1])
    used = np.flatnonzero(weight)
    top = np.broadcast_to(np.asarray(ideal, dtype=float), weight.shape)[used]
    bottom = np.broadcast_to(np.asarray(worst, dtype=float), weight.shape)[used]
    if not np.isfinite(top - bottom).all() or (top == bottom).all():
        msg = "the ideal and the worst must be finite and differ in a criterion that has a weight"
        raise ValueError(msg)
    closeness = np.empty(len(value))
    for start in range(0, len(value), _ROWS):
        rows = np.ascontiguousarray(value[start : start + _ROWS, used].T)
        if np.isinf(rows).any():
            msg = "values must not be infinite"
            raise ValueError(msg)
        to_top, to_bottom = (
            np.sqrt(_sum_squares(rows, weight[used], end)) for end in (top, bottom)
        )
        closeness[start : start + _ROWS] = to_bottom / (to_top + to_bottom)
    return closeness


def _sum_squares(
    columns: NDArray[np.float64], weight: NDArray[np.float64], end: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the squared distances, summed criterion by criterion for the same bits always."""
    total = np.zeros(columns.shape[1])
    for column, column_weight, column_end in zip(columns, weight, end, strict=True):
        apart = column - column_end
        apart *= column_weight
        apart *= apart
        total += apart
    return total
