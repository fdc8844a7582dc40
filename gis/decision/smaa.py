"""SMAA-2: how often each site has which rank, when weights and values are not certain.

Lahdelma and Salminen 2001, SMAA-2: Stochastic multicriteria acceptability analysis for
group decision making, Operations Research 49(3), 444-454.  The model is the weighted sum.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from steppe.decision.rank_tally import RankTally

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]
    ValueSource = ArrayLike | Callable[[int], NDArray[np.float64]]

# Numbers in one chunk of totals and of drawn values.
_CHUNK = 2**20
# Numbers in one block of totals, for a core to keep close.
_BLOCK = 2**16
# Sums of the same values in another order differ by less.
_ROUNDING = 1e-12
_INTERVAL = (0.05, 0.95)
_UNSTEADY = "a site is unknown in some draws and known in others"


@dataclass(frozen=True)
class Acceptability:
    """What the draws say of n sites under m criteria; NaN for a site that is not ranked.

    Sites that tie in a draw share the ranks that they take evenly: two at the top have half
    of rank 1 and half of rank 2 each.

    Parameters
    ----------
    rank_shares
        Shape (n, n): share of the draws in which the site has rank 1, 2, ...
    central_weights
        Shape (n, m): mean of the weights with which the site is first; NaN where it never is.
    confidence
        Shape (n,): share of the draws of values in which the site is first at its central
        weights; NaN where it has none.
    mean_rank
        Shape (n,).
    best_rank, worst_rank
        Shape (n,): least and greatest rank in any draw.
    low_rank, high_rank
        Shape (n,): the ranks at 5 % and 95 % of the draws; 90 % lie between, ends included.
    n_draws
        Number of draws.  At 9,604 a share is known to 0.01 at 95 % confidence, that is
        1.96 sqrt(0.25 / n).
    """

    rank_shares: Floats
    central_weights: Floats
    confidence: Floats
    mean_rank: Floats
    best_rank: Floats
    worst_rank: Floats
    low_rank: Floats
    high_rank: Floats
    n_draws: int

    @property
    def first_shares(self) -> Floats:
        """Share of the draws in which each site is first, shape (n,)."""
        return self.rank_shares[:, 0] if len(self.rank_shares) else np.empty(0)


def accept(
    values: ValueSource, weights: ArrayLike, *, n_confident: int | None = None
) -> Acceptability:
    """Return the ranks that sites have over draws of weights and of values.

    Parameters
    ----------
    values
        Values of 0 to 1, NaN where unknown: fixed, shape (n sites, m criteria); drawn, shape
        (n_draws, n, m); or a function that draws as many as it is asked for, such as
        `ValueSampler`, for what does not fit in memory.  It is called anew for the confidence.
    weights
        Drawn weights, shape (n_draws, m), as of `steppe.decision.weights`.
    n_confident
        Of how many sites, those most often first, the confidence is told; None for all.

    Returns
    -------
    Acceptability
        A site is ranked only if its value is known in every criterion that has a weight in
        any draw.

    Raises
    ------
    ValueError
        For shapes that do not fit, no draws, weights that are negative or not finite or whose
        sum is 0, and a site that is unknown in some draws alone.

    Examples
    --------
    Of two sites, one best here and one there, each is first with half of all weights:

    >>> weights = [[0.9, 0.1], [0.6, 0.4], [0.3, 0.7], [0.2, 0.8]]
    >>> found = accept([[1.0, 0.0], [0.0, 1.0], [0.05, 0.05]], weights)
    >>> found.first_shares.tolist(), found.mean_rank.tolist()
    ([0.5, 0.5, 0.0], [1.5, 1.5, 3.0])
    >>> found.central_weights[0].tolist()
    [0.75, 0.25]
    """
    weight = _check(weights)
    used = np.asarray((weight > 0).any(axis=0))
    chunks = _Chunks(values, len(weight), used)
    n_sites = chunks.n_sites
    ranked = chunks.ranked
    tally = RankTally(len(ranked), weight.shape[1])
    for start, n_drawn, columns in chunks:
        here = weight[start : start + n_drawn]
        tally.add(_sum(columns, here[:, used]), here)
    tally.finish()
    shares = tally.shares / len(weight)
    first = shares[:, 0] if len(ranked) else np.empty(0)
    central = np.full((len(ranked), weight.shape[1]), np.nan)
    central[first > 0] = (tally.weights / len(weight))[first > 0] / first[first > 0, None]
    confidence = np.full(len(ranked), np.nan)
    often = np.argsort(-first, kind="stable")[:n_confident]
    winners = np.sort(often[first[often] > 0])
    confidence[winners] = _find_confidence(chunks, winners, central[winners][:, used])
    places = np.arange(1, len(ranked) + 1)
    reached = np.cumsum(shares, axis=1) + _ROUNDING
    low, high = (1 + (reached < end).sum(axis=1) for end in _INTERVAL)

    def spread(column: ArrayLike) -> Floats:
        whole = np.full((n_sites, *np.shape(column)[1:]), np.nan)
        whole[ranked] = column
        return whole

    rank_shares = np.full((n_sites, n_sites), np.nan)
    rank_shares[ranked] = 0.0
    rank_shares[np.ix_(ranked, np.arange(len(ranked)))] = shares
    return Acceptability(
        rank_shares,
        spread(central),
        spread(confidence),
        spread(shares @ places),
        spread(tally.best),
        spread(tally.worst),
        spread(low),
        spread(high),
        len(weight),
    )


def _check(weights: ArrayLike) -> Floats:
    weight = np.asarray(weights, dtype=float)
    if weight.ndim != 2 or not weight.size:  # noqa: PLR2004
        msg = (
            f"drawn weights of shape (draws, criteria) are needed, at least one, not {weight.shape}"
        )
        raise ValueError(msg)
    if not np.isfinite(weight).all() or (weight < 0).any() or not (weight > 0).any(axis=1).all():
        msg = "weights must be finite, not negative, and not all zero in any draw"
        raise ValueError(msg)
    return weight / weight.sum(axis=1, keepdims=True)


class _Chunks:
    """Goes through drawn values in bounded memory, ranked sites and used criteria alone.

    Each chunk comes with the number of its first draw and its number of draws; its values
    have shape (used, draws, ranked), or (used, 1, ranked) if they are fixed.
    """

    def __init__(self, values: ValueSource, n_draws: int, used: NDArray[np.bool_]) -> None:
        self.n_draws, self.n_criteria, self.used = n_draws, len(used), np.flatnonzero(used)
        self._source = values if callable(values) else np.asarray(values, dtype=float)
        if isinstance(self._source, np.ndarray) and self._source.ndim == 2:  # noqa: PLR2004
            self._source = self._source[None]
            self.is_fixed = True
        else:
            self.is_fixed = False
        first = self._take(0, 1)
        self.n_sites = first.shape[1]
        self.ranked = self._find_ranked(first)

    def _take(self, start: int, n_draws: int) -> Floats:
        if isinstance(self._source, np.ndarray):
            taken = self._source if self.is_fixed else self._source[start : start + n_draws]
            wrong = taken.ndim == 3 and len(self._source) not in {1, self.n_draws}  # noqa: PLR2004
        else:
            taken = np.asarray(self._source(n_draws), dtype=float)
            wrong = len(taken) != n_draws
        if wrong or taken.ndim != 3 or taken.shape[2] != self.n_criteria:  # noqa: PLR2004
            msg = f"values of {self.n_criteria} criteria are needed in each of {self.n_draws} draws, not {taken.shape}"
            raise ValueError(msg)
        return taken

    def _find_ranked(self, taken: Floats) -> NDArray[np.intp]:
        unknown = np.zeros(taken.shape[1], dtype=bool)
        for criterion in self.used:
            is_nan = np.isnan(taken[:, :, criterion])
            if not np.array_equal(is_nan.any(axis=0), is_nan.all(axis=0)):
                raise ValueError(_UNSTEADY)
            unknown |= is_nan[0]
        return np.flatnonzero(~unknown)

    def __iter__(self) -> Iterator[tuple[int, int, Floats]]:
        """Yield the first draw of each chunk, its number of draws, and its values."""
        width = max(1, self.n_sites * (1 if self.is_fixed else self.n_criteria))
        step = max(1, _CHUNK // width)
        for start in range(0, self.n_draws, step):
            n_draws = min(step, self.n_draws - start)
            taken = self._take(start, n_draws)
            if not np.array_equal(self._find_ranked(taken), self.ranked):
                raise ValueError(_UNSTEADY)
            columns = [taken[:, :, criterion][:, self.ranked] for criterion in self.used]
            yield start, n_draws, np.stack(columns)


def _sum(columns: Floats, weight: Floats) -> Floats:
    """Return the totals (draws, sites), summed criterion by criterion.

    So two sites of the same values have the same total to the last bit, and tie.
    """
    total = np.zeros((len(weight), columns.shape[2]))
    for column, column_weight in zip(columns, weight.T, strict=True):
        total += column_weight[:, None] * column
    return total


def _find_confidence(chunks: _Chunks, winners: NDArray[np.intp], central: Floats) -> Floats:
    """Return how often each winner is first at its central weights, ties shared evenly."""
    won = np.zeros(len(winners))
    if not len(winners):
        return won
    for _, _, columns in chunks:
        # Whose best draws lose to another's worst ones need not be looked at draw by draw.
        least = (central @ columns.min(axis=1)).max(axis=1, keepdims=True) - _ROUNDING
        contends = (central @ columns.max(axis=1) >= least).any(axis=0)
        contends[winners] = True
        contenders = np.flatnonzero(contends)
        places = np.searchsorted(contenders, winners)
        step = max(1, _BLOCK // (len(winners) * len(contenders)))
        for start in range(0, columns.shape[1], step):
            won += _count_first(columns[:, start : start + step, contenders], places, central)
        if chunks.is_fixed:
            return won
    return won / chunks.n_draws


def _count_first(columns: Floats, winners: NDArray[np.intp], central: Floats) -> Floats:
    """Return in how many draws each winner is first at its own weights, shape (winners,)."""
    n_criteria, n_draws, n_sites = columns.shape
    total = (central @ columns.reshape(n_criteria, -1)).reshape(-1, n_draws, n_sites)
    least = total.max(axis=2) - _ROUNDING
    own = np.take_along_axis(total, winners[:, None, None], axis=2)[:, :, 0]
    winner, draw = np.nonzero(own >= least)
    n_first = (total[winner, draw] >= least[winner, draw, None]).sum(axis=1)
    return np.bincount(winner, weights=1 / n_first, minlength=len(winners)).astype(float)
