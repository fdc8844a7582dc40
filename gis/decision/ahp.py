"""AHP: weights out of judgements by pairs, and how far the judgements contradict each other.

Saaty 1977, A scaling method for priorities in hierarchical structures, Journal of
Mathematical Psychology 15(3), 234-281: weights are the principal eigenvector of the matrix
of judgements, and its eigenvalue exceeds the number of criteria the more, the less the
judgements agree.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

LIMIT = 0.10
"""Consistency ratio up to which judgements are accepted (Saaty 1977)."""

SAATY = (0.0, 0.0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49)
"""Mean consistency index of random judgements on 1, 2, ... criteria: the table
of Saaty, as printed in Saaty and Tran 2007, Mathematical and Computer Modelling 46, 962-975."""

# Decimals such as 0.333 for 1/3 are meant to be reciprocal.
_RECIPROCAL = 0.01


@dataclass(frozen=True)
class Priorities:
    """Weights of n criteria and the consistency of the judgements behind them.

    Parameters
    ----------
    weights
        Shape (n,), summing to 1.
    eigenvalue
        The principal one, n if no judgement contradicts another.
    consistency_index
        (eigenvalue - n) / (n - 1).
    consistency_ratio
        The index over its mean for random judgements; 0 for one or two criteria, which
        cannot contradict each other.
    worst
        Row and column of the judgement, of each pair the one above the diagonal, that differs
        by the greatest factor from the ratio of the weights; None for a single criterion.
    """

    weights: NDArray[np.float64]
    eigenvalue: float
    consistency_index: float
    consistency_ratio: float
    worst: tuple[int, int] | None


class InconsistentError(ValueError):
    """Judgements that contradict each other too much.

    Parameters
    ----------
    found
        What they would give.
    judged
        The worst judgement.
    limit
        Greatest ratio that would have been accepted.
    """

    def __init__(self, found: Priorities, *, judged: float, limit: float) -> None:
        assert found.worst is not None
        self.found, self.judged = found, judged
        row, column = found.worst
        self.implied = float(found.weights[row] / found.weights[column])
        """What the worst judgement would be if it agreed with the weights."""
        super().__init__(
            f"the consistency ratio {found.consistency_ratio:.3f} is above {limit:g}; furthest off "
            f"is the judgement in row {row + 1}, column {column + 1}: {judged:.3g}, while the "
            f"others together say {self.implied:.3g}"
        )


def prioritise(
    judgements: ArrayLike,
    *,
    limit: float | None = LIMIT,
) -> Priorities:
    """Return the weights that judgements by pairs amount to.

    Parameters
    ----------
    judgements
        Shape (n, n): how many times as important the criterion of the row is as that of the
        column; below the diagonal stand the reciprocals, which may be rounded by 1 %.
    limit
        Greatest consistency ratio that is accepted; None accepts any.

    Raises
    ------
    InconsistentError
        When the consistency ratio is above the limit.
    ValueError
        For a matrix that is empty, not square, not reciprocal, too large for the table, or
        with a judgement that is missing, not finite or not above 0.

    Examples
    --------
    >>> found = prioritise([[1, 2, 6], [1 / 2, 1, 3], [1 / 6, 1 / 3, 1]])
    >>> found.weights.round(3).tolist(), round(found.consistency_ratio, 6)
    ([0.6, 0.3, 0.1], 0.0)
    """
    matrix = _check(judgements)
    n_criteria = len(matrix)
    if n_criteria > len(SAATY):
        msg = f"the table of random indices ends at {len(SAATY)} criteria, there are {n_criteria}"
        raise ValueError(msg)
    eigenvalues, eigenvectors = np.linalg.eig(matrix)
    principal = int(np.argmax(eigenvalues.real))
    # A positive matrix has one positive eigenvector (Perron), up to its sign.
    weights = np.abs(eigenvectors[:, principal].real)
    weights /= weights.sum()
    # Rounding may leave it below its least possible value.
    eigenvalue = max(float(eigenvalues[principal].real), float(n_criteria))
    mean_index = SAATY[n_criteria - 1]
    index = (eigenvalue - n_criteria) / (n_criteria - 1) if mean_index else 0.0
    ratio = index / mean_index if mean_index else 0.0
    found = Priorities(weights, eigenvalue, index, ratio, _find_worst(matrix, weights))
    if limit is not None and ratio > limit:
        assert found.worst is not None
        raise InconsistentError(found, judged=float(matrix[found.worst]), limit=limit)
    return found


def join_judgements(experts: Sequence[ArrayLike]) -> NDArray[np.float64]:
    """Return the judgements of a group: the geometric mean of each, shape (n, n).

    No other mean keeps them reciprocal and treats experts alike (Aczél and Saaty 1983,
    Journal of Mathematical Psychology 27(1), 93-102).

    Raises
    ------
    ValueError
        For no expert, matrices of different sizes, and what `prioritise` refuses in one.
    """
    matrices = [_check(judgements) for judgements in experts]
    if len({len(matrix) for matrix in matrices}) != 1:
        msg = "one expert or more is needed, and all must judge the same criteria"
        raise ValueError(msg)
    return np.exp(np.mean(np.log(matrices), axis=0))


def _check(judgements: ArrayLike) -> NDArray[np.float64]:
    """Return the judgements, reciprocal to the last digit."""
    matrix = np.asarray(judgements, dtype=float)
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or not matrix.size:  # noqa: PLR2004
        msg = f"judgements of shape (n, n) are needed, n at least 1, not {matrix.shape}"
        raise ValueError(msg)
    if np.isnan(matrix).any():
        msg = f"judgements are missing: {_name(np.isnan(matrix))}"
        raise ValueError(msg)
    if not (np.isfinite(matrix) & (matrix > 0)).all():
        msg = (
            f"judgements must be finite and above 0: {_name(~np.isfinite(matrix) | (matrix <= 0))}"
        )
        raise ValueError(msg)
    off = np.abs(np.log(matrix) + np.log(matrix.T)) > _RECIPROCAL
    if off.any():
        msg = f"judgements must be reciprocal, and 1 on the diagonal: {_name(np.triu(off))}"
        raise ValueError(msg)
    return np.exp((np.log(matrix) - np.log(matrix.T)) / 2)


def _name(marked: NDArray[np.bool_]) -> str:
    return ", ".join(f"row {row + 1} column {column + 1}" for row, column in np.argwhere(marked))


def _find_worst(
    matrix: NDArray[np.float64], weights: NDArray[np.float64]
) -> tuple[int, int] | None:
    if len(matrix) == 1:
        return None
    factor = np.abs(np.log(matrix) - np.log(weights[:, None] / weights))
    row, column = np.unravel_index(np.argmax(np.triu(factor, 1)), factor.shape)
    if row == column:
        # All agree exactly: then the first pair is as bad as any.
        return 0, 1
    return int(row), int(column)
