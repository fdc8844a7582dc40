"""Stability: how far one weight may move before another site is first.

A one-way sensitivity analysis of the weights; where the first place passes on is a rank reversal.

When the weight of one criterion moves, the others keep their proportions.  Each lead of one
site over another is then linear in that weight, so that the weights at which a site is first
are the intersection of half-lines with 0 to 1: exact, without steps.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from steppe.decision.scoring import score
from steppe.decision.weights import normalise_weights

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

_LEVEL = 1e-12  # sums of a few products of numbers up to 1 that differ by less are level


@dataclass(frozen=True)
class RankReversal:
    """Rank reversal: the least change of one weight beyond which the first site is so no more.

    Parameters
    ----------
    site
        Number of the site that is first now; of several the one that comes first.
    criterion
        Number of the criterion whose weight moves.
    weight, new_weight
        Its share of all weights, now and where both sites are level.
    rival
        Number of the site that is ahead beyond.
    """

    site: int
    criterion: int
    weight: float
    new_weight: float
    rival: int

    @property
    def change(self) -> float:
        """By how much the weight moves, with its sign."""
        return self.new_weight - self.weight


def find_first_intervals(values: ArrayLike, weights: ArrayLike) -> tuple[Floats, Floats]:
    """Return the least and the greatest weight of each criterion with which each site is first.

    Parameters
    ----------
    values
        Shape (n sites, m criteria), 0 to 1; NaN is unknown.
    weights
        Shape (m,), not negative; only their proportions count.

    Returns
    -------
    low, high
        Shape (n, m), shares of all weights; sites that are level are both first.  NaN where no
        weight makes the site first, for a site that is unknown in a criterion that has a
        weight or in the one that moves, and for a criterion that has all the weight: the
        others have no proportions to keep.

    Raises
    ------
    ValueError
        As in `steppe.decision.scoring.score`.

    Examples
    --------
    The first site is ahead as long as the first weight is at least 3/7:

    >>> low, high = find_first_intervals([[0.9, 0.3], [0.5, 0.6]], [1, 1])
    >>> round(float(low[0, 0]), 4), float(high[0, 0])
    (0.4286, 1.0)
    """
    value = np.asarray(values, dtype=float)
    is_ranked = ~np.isnan(score(value, weights).rank)
    weight = normalise_weights(weights)
    low, high = np.full(value.shape, np.nan), np.full(value.shape, np.nan)
    for criterion in range(len(weight)):
        sites = np.flatnonzero(is_ranked & ~np.isnan(value[:, criterion]))
        if not len(sites) or not _has_others(weight, criterion):
            continue
        at_0, at_1 = _find_ends(value[sites], weight, criterion)
        for site, own_0, own_1 in zip(sites, at_0, at_1, strict=True):
            low[site, criterion], high[site, criterion] = _intersect(own_0 - at_0, own_1 - at_1)
    return low, high


def find_rank_reversal(values: ArrayLike, weights: ArrayLike) -> RankReversal | None:
    """Return the smallest change of one weight that takes the first place away.

    Parameters
    ----------
    values, weights
        As in `find_first_intervals`.

    Returns
    -------
    RankReversal or None
        None if no single weight can do it; of equal changes that of the first criterion.

    Raises
    ------
    ValueError
        As in `steppe.decision.scoring.score`.
    """
    value = np.asarray(values, dtype=float)
    found = score(value, weights)
    leaders = np.flatnonzero(found.rank == 1)
    if not len(leaders):
        return None
    leader = int(leaders[0])
    weight = normalise_weights(weights)
    is_ranked = ~np.isnan(found.rank)
    options = [
        reversal
        for criterion in range(len(weight))
        if _has_others(weight, criterion)
        for reversal in _reverse_ranks(value, weight, criterion, leader=leader, is_ranked=is_ranked)
    ]
    return min(options, key=lambda reversal: abs(reversal.change), default=None)


def _has_others(weight: Floats, criterion: int) -> bool:
    return bool((np.delete(weight, criterion) > 0).any())


def _find_ends(value: Floats, weight: Floats, criterion: int) -> tuple[Floats, Floats]:
    """Return the totals with none and with all of the weight on the criterion."""
    others = weight.copy()
    others[criterion] = 0.0
    return score(value, others).total, value[:, criterion]


def _intersect(lead_0: Floats, lead_1: Floats) -> tuple[float, float]:
    """Return where no lead is negative but for rounding, each linear from weight 0 to weight 1."""
    lead_0, lead_1 = (np.where(np.abs(lead) < _LEVEL, 0.0, lead) for lead in (lead_0, lead_1))
    if ((lead_0 < 0) & (lead_1 < 0)).any():
        return math.nan, math.nan
    crossing = _find_crossing(lead_0, lead_1)
    low = max(crossing[lead_0 < 0], default=0.0)
    high = min(crossing[lead_1 < 0], default=1.0)
    return (float(low), float(high)) if low <= high else (math.nan, math.nan)


def _find_crossing(lead_0: Floats, lead_1: Floats) -> Floats:
    """Return the weights at which leads of opposite signs are 0, NaN for others."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where((lead_0 < 0) != (lead_1 < 0), lead_0 / (lead_0 - lead_1), np.nan)


def _reverse_ranks(
    value: Floats, weight: Floats, criterion: int, *, leader: int, is_ranked: NDArray[np.bool_]
) -> list[RankReversal]:
    """Return the nearest change down and up, of those that there are."""
    sites = np.flatnonzero(is_ranked & ~np.isnan(value[:, criterion]))
    if leader not in sites:
        return []
    at_0, at_1 = _find_ends(value[sites], weight, criterion)
    own = np.flatnonzero(sites == leader)[0]
    lead_0, lead_1 = at_0[own] - at_0, at_1[own] - at_1
    now = float(weight[criterion])
    crossing = _find_crossing(lead_0, lead_1)
    # Who is level but for rounding is never ahead of the leader, and level now.
    crossing = np.where(np.isnan(crossing), now, crossing)
    found = []
    # Rounding must not put a crossing on the wrong side of where we are.
    for losing, side, steepest in (
        (lead_0 < 0, np.minimum(crossing, now), lead_0),
        (lead_1 < 0, np.maximum(crossing, now), lead_1),
    ):
        rivals = np.flatnonzero(losing)
        if len(rivals):
            # Of those who draw level at the same weight the one that is then further ahead.
            order = np.lexsort((steepest[rivals], np.abs(side[rivals] - now)))
            rival = rivals[order[0]]
            found.append(
                RankReversal(leader, criterion, now, float(side[rival]), int(sites[rival]))
            )
    return found
