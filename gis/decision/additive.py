"""The weighted sum of complete sites, as all that explains a ranking sees it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from steppe.decision.scoring import score
from steppe.decision.weights import normalise_weights

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True)
class Model:
    """Values, weights and totals of n sites by m measures.

    Parameters
    ----------
    values
        Shape (n, m), 0 to 1; NaN is unknown, and 0 where the weight is 0.
    weights
        Shape (m,), summing to 1.
    totals
        Shape (n,), NaN for a site of which a value with a weight is unknown.
    """

    values: NDArray[np.float64]
    weights: NDArray[np.float64]
    totals: NDArray[np.float64]

    @property
    def ranked(self) -> NDArray[np.intp]:
        """Numbers of the sites of which all is known."""
        return np.flatnonzero(~np.isnan(self.totals))


def build_model(values: ArrayLike, weights: ArrayLike) -> Model:
    """Build the model of sites and measures.

    Raises
    ------
    ValueError
        As in `steppe.decision.scoring.score`.
    """
    found = score(values, weights)
    totals = np.where(np.isnan(found.rank), np.nan, found.total)
    weight = normalise_weights(weights)
    value = np.where(weight > 0, np.asarray(values, dtype=float), 0.0)
    return Model(value, weight, totals)
