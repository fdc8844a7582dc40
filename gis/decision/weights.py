"""Weights: checked, and drawn where they are not agreed upon.

Draws have shape (n_draws, m criteria), are not negative and sum to 1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import ArrayLike, NDArray


def check_weights(weights: ArrayLike, n_criteria: int) -> NDArray[np.float64]:
    """Return the weights as an array of shape (n_criteria,), the greatest within 0.5 to 1.

    They are scaled by a power of two, which changes no digit, so that no sum of them
    overflows.

    Raises
    ------
    ValueError
        For weights of another shape, negative, not finite, or all zero.
    """
    weight = np.asarray(weights, dtype=float)
    if weight.shape != (n_criteria,):
        msg = f"one weight per criterion is needed, not weights of shape {weight.shape} for {n_criteria}"
        raise ValueError(msg)
    if not np.isfinite(weight).all() or (weight < 0).any() or not (weight > 0).any():
        msg = f"weights must be finite, not negative, and not all zero: {weight.tolist()}"
        raise ValueError(msg)
    return np.ldexp(weight, -int(np.frexp(weight.max())[1]))


def normalise_weights(weights: ArrayLike) -> NDArray[np.float64]:
    """Return the weights, shape (m,), in the same proportions with sum 1.

    Raises
    ------
    ValueError
        As in `check_weights`.
    """
    weight = check_weights(weights, np.size(weights))
    return weight / weight.sum()


def keep_weights(weights: ArrayLike, n_draws: int) -> NDArray[np.float64]:
    """Return the same weights for every draw."""
    weight = normalise_weights(weights)
    return np.broadcast_to(weight, (n_draws, len(weight)))


def draw_uniform(n_draws: int, n_criteria: int, *, rng: Generator) -> NDArray[np.float64]:
    """Draw weights evenly from all that sum to 1: nothing is known of them.

    Exponential numbers over their sum, which is a Dirichlet(1, ..., 1) distribution (Devroye
    1986, Non-Uniform Random Variate Generation).
    """
    drawn = rng.standard_exponential((n_draws, n_criteria))
    return drawn / drawn.sum(axis=1, keepdims=True)
