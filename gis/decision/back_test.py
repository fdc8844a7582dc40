"""Back-test: whether places that were chosen score above land picked at random.

The measure is the area under the ROC curve, which is the chance that a place scores above a random
cell, a tie counting half (Hanley and McNeil 1982, Radiology 143(1), 29-36; the statistic of Mann
and Whitney over the product of both numbers).  Places of one city are not independent: the
interval resamples whole cities (Field and Welsh 2007, J. R. Statist. Soc. B 69(3), 369-390).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

N_RESAMPLES = 2000
_TAILS = (0.025, 0.975)


@dataclass(frozen=True)
class BackTest:
    """What the places come to against random cells.

    Parameters
    ----------
    percentiles
        Share of the cells that each place scores above, ties counting half, 0 to 1; NaN for a
        place without a score.  Shape (n,).
    auc
        Mean of the percentiles: 0.5 is no better than chance, 1 above all cells; NaN without
        a place or a cell.
    low, high
        95 % of it when whole cities are drawn again; NaN for fewer than two cities.
    without
        City, to the area with its places left out; NaN where none is left.
    n_places, n_cities, n_cells
        How many count.
    """

    percentiles: Floats
    auc: float
    low: float
    high: float
    without: Mapping[str, float]
    n_places: int
    n_cities: int
    n_cells: int


def find_percentiles(places: ArrayLike, cells: ArrayLike) -> Floats:
    """Return the share of cells that each place is above, ties counting half.

    Parameters
    ----------
    places
        Scores, shape (n,); NaN is unknown, and stays so.
    cells
        Scores of the cells, any shape; those that are NaN do not count.

    Examples
    --------
    >>> find_percentiles([0.4, 0.5, float("nan")], [0.1, 0.5, 0.5, 0.9]).tolist()
    [0.25, 0.5, nan]
    """
    scores = np.asarray(places, dtype=float).ravel()
    field = np.asarray(cells).ravel()
    n_known = len(field) - int(np.count_nonzero(np.isnan(field)))
    if not n_known:
        return np.full(len(scores), math.nan)
    # Counted place by place: sorting millions of cells would copy them several times.
    twice_above = [np.count_nonzero(field < at) + np.count_nonzero(field <= at) for at in scores]
    return np.where(np.isnan(scores), math.nan, np.array(twice_above) / (2.0 * n_known))


def back_test(
    places: ArrayLike, cities: Sequence[str], cells: ArrayLike, *, seed: int = 0
) -> BackTest:
    """Hold the places against the cells.

    Parameters
    ----------
    places, cells
        See `find_percentiles`.
    cities
        City of each place.
    seed
        Of the cities drawn again.

    Raises
    ------
    ValueError
        When places and cities are not as many.
    """
    shares = find_percentiles(places, cells)
    if len(cities) != len(shares):
        msg = f"{len(shares)} places, but {len(cities)} cities"
        raise ValueError(msg)
    known = ~np.isnan(shares)
    names = sorted({city for city, is_known in zip(cities, known, strict=True) if is_known})
    of_city = np.array([[city == name for city in cities] for name in names], dtype=bool)
    of_city = of_city.reshape(len(names), len(shares)) & known
    sums = np.where(of_city, np.nan_to_num(shares), 0.0).sum(axis=1)
    counts = of_city.sum(axis=1)
    n_cells = int((~np.isnan(np.asarray(cells, dtype=float))).sum())
    low, high = _resample(sums, counts, seed)
    return BackTest(
        shares,
        _mean(sums.sum(), counts.sum()),
        low,
        high,
        {
            name: _mean(sums.sum() - of, counts.sum() - n)
            for name, of, n in zip(names, sums, counts, strict=True)
        },
        int(counts.sum()),
        len(names),
        n_cells,
    )


def _mean(total: float, count: int) -> float:
    return float(total / count) if count else math.nan


def _resample(sums: Floats, counts: NDArray[np.int64], seed: int) -> tuple[float, float]:
    n_cities = len(sums)
    if n_cities < 2:  # noqa: PLR2004
        return math.nan, math.nan
    drawn = np.random.default_rng(seed).integers(0, n_cities, (N_RESAMPLES, n_cities))
    low, high = np.quantile(sums[drawn].sum(axis=1) / counts[drawn].sum(axis=1), _TAILS)
    return float(low), float(high)
