"""Counting of ranks over draws, chunk after chunk, with ties shared evenly."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


class RankTally:
    """Counts ranks of n sites that are all ranked, in draws of m weights; `finish` ends it.

    Attributes
    ----------
    shares
        Shape (n, n): in how many draws the site has rank 1, 2, ...
    weights
        Shape (n, m): sum of the weights with which the site is first.
    best, worst
        Shape (n,): least and greatest rank so far.
    """

    def __init__(self, n_sites: int, n_criteria: int) -> None:
        self.shares = np.zeros((n_sites, n_sites))
        self.weights = np.zeros((n_sites, n_criteria))
        self.best = np.full(n_sites, n_sites, dtype=float)
        self.worst = np.ones(n_sites)
        self._waiting: list[NDArray[np.intp]] = []  # orders of draws that are not counted yet

    def add(self, total: Floats, weight: Floats) -> None:
        """Count the ranks of totals (draws, sites) under weights (draws, criteria)."""
        n_sites = total.shape[1]
        if not n_sites:
            return
        order = np.argsort(-total, axis=1)
        sorted_total = np.take_along_axis(total, order, axis=1)
        tied = sorted_total[:, 1:] == sorted_total[:, :-1]
        some = tied.any(axis=1)
        if some.any():
            self._add_ties(order[some], tied[some], n_sites)
        self._waiting.append(order[~some] if some.any() else order)
        # A count over all ranks of all sites is as long for few draws as for many.
        if sum(map(len, self._waiting)) >= n_sites:
            self.finish()
        is_first = total == sorted_total[:, :1]
        n_first = is_first.sum(axis=1)
        alone = n_first == 1
        for criterion, column in enumerate(weight.T):
            self.weights[:, criterion] += np.bincount(
                order[alone, 0], weights=column[alone], minlength=n_sites
            )
        shared = is_first[~alone] / n_first[~alone, None]
        self.weights += shared.T @ weight[~alone]

    def finish(self) -> None:
        """Count the draws that wait."""
        n_sites = len(self.shares)
        if not self._waiting:
            return
        order = np.concatenate(self._waiting)
        self._waiting = []
        places = (order * n_sites + np.arange(n_sites)).ravel()
        counts = np.bincount(places, minlength=n_sites**2).reshape(n_sites, n_sites)
        self.shares += counts
        seen = counts > 0
        ranks = np.arange(1, n_sites + 1)
        self.best = np.minimum(self.best, np.where(seen, ranks, n_sites).min(axis=1))
        self.worst = np.maximum(self.worst, np.where(seen, ranks, 1).max(axis=1))

    def _add_ties(self, order: NDArray[np.intp], tied: NDArray[np.bool_], n_sites: int) -> None:
        """Share the ranks of each group of ties evenly among the sites of it."""
        edge = np.ones((len(order), 1), dtype=bool)
        place = np.broadcast_to(np.arange(n_sites), order.shape)
        starts = np.maximum.accumulate(np.where(np.hstack([edge, ~tied]), place, 0), axis=1)
        ends = np.where(np.hstack([~tied, edge]), place, n_sites)
        ends = np.minimum.accumulate(ends[:, ::-1], axis=1)[:, ::-1]
        groups, counts = np.unique(
            ((order * n_sites + starts) * n_sites + ends).ravel(), return_counts=True
        )
        for group, count in zip(groups.tolist(), counts.tolist(), strict=True):
            rest, end = divmod(group, n_sites)
            site, start = divmod(rest, n_sites)
            self.shares[site, start : end + 1] += count / (end + 1 - start)
            self.best[site] = min(self.best[site], start + 1)
            self.worst[site] = max(self.worst[site], end + 1)
