"""What a Lagrangian relaxation tells of a p-median: a bound, good choices, and sites that are out.

Cornuejols, Fisher and Nemhauser 1977, Management Science 23(8), 789-810.  Costs are weighted
distances from each demand to each candidate, shape (demands, candidates).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

SLACK = 1e-9
"""Of the cost: what rounding may take from a bound."""
_STEPS = 400  # of the subgradient
_STARTS = 8  # choices of the relaxation that are bettered by exchange


@dataclass(frozen=True, eq=False)
class Relaxation:
    """A relaxed p-median.

    Parameters
    ----------
    costs, n_sites
        What was relaxed.
    prices
        What each demand pays, shape (demands,).
    bound
        No choice costs less.
    choice
        The best one seen, and what it costs is `value`.
    value
        See `choice`.
    """

    costs: NDArray[np.float64]
    n_sites: int
    prices: NDArray[np.float64]
    bound: float
    choice: NDArray[np.int64]
    value: float

    @classmethod
    def of(
        cls,
        costs: NDArray[np.float64],
        n_sites: int,
        *,
        prices: NDArray[np.float64] | None = None,
    ) -> Relaxation:
        """Relax a p-median, from prices of a like one if given, and better what is seen by exchange."""
        choice = exchange(costs, pick_greedily(costs, n_sites))
        value = float(costs[:, choice].min(axis=1).sum())
        bound, prices, seen = relax(costs, n_sites, value, prices)
        for start in seen:
            other = exchange(costs, start)
            total = float(costs[:, other].min(axis=1).sum())
            if total < value:
                choice, value = other, total
        return cls(costs, n_sites, prices, bound, choice, value)

    def keep(self, best: float) -> NDArray[np.int64]:
        """Return the candidates that a choice which costs less than `best` may open."""
        slack = SLACK * max(1.0, best)
        return rule_out(self.costs, self.prices, self.n_sites, best - self.bound + slack)[0]


def pick_greedily(costs: NDArray[np.float64], n_sites: int) -> NDArray[np.int64]:
    """Open the site that saves the most, one after another; the first of equals."""
    chosen: list[int] = []
    so_far = np.full(len(costs), np.inf)
    for _ in range(n_sites):
        totals = np.minimum(costs, so_far[:, None]).sum(axis=0)
        totals[chosen] = np.inf
        chosen.append(int(np.argmin(totals)))
        so_far = np.minimum(so_far, costs[:, chosen[-1]])
    return np.array(chosen, dtype=np.int64)


def exchange(costs: NDArray[np.float64], chosen: NDArray[np.int64]) -> NDArray[np.int64]:
    """Change one site for another while that saves (Teitz and Bart 1968, Oper. Res. 16, 955-961)."""
    chosen = chosen.copy()
    best = costs[:, chosen].min(axis=1).sum()
    while True:
        swaps = []
        for place in range(len(chosen)):
            rest = np.delete(chosen, place)
            left = costs[:, rest].min(axis=1) if len(rest) else np.full(len(costs), np.inf)
            totals = np.minimum(costs, left[:, None]).sum(axis=0)
            totals[rest] = np.inf
            swaps.append((float(totals.min()), place, int(np.argmin(totals))))
        total, place, candidate = min(swaps)
        if not total < best * (1.0 - SLACK):
            return chosen
        chosen[place], best = candidate, total


def relax(
    costs: NDArray[np.float64],
    n_sites: int,
    best: float,
    start: NDArray[np.float64] | None = None,
) -> tuple[float, NDArray[np.float64], list[NDArray[np.int64]]]:
    """Return a bound from below, the prices that give it, and good choices seen on the way.

    Each demand pays u_i, and site j saves r_j = sum_i min(0, c_ij - u_i): no choice costs less
    than sum u_i + the sum of the `n_sites` least r_j.  u climbs by subgradients.
    """
    n_candidates = costs.shape[1]
    if start is None:
        start = np.sort(costs, axis=1)[:, min(1, n_candidates - 1)]
    prices = start.copy()
    bound, kept, agility, n_idle = -np.inf, prices, 2.0, 0
    seen: dict[tuple[int, ...], float] = {}
    for _ in range(_STEPS):
        gains = costs - prices[:, None]
        savings = np.minimum(gains, 0.0).sum(axis=0)
        opened = np.argsort(savings, kind="stable")[:n_sites]
        value = float(prices.sum() + savings[opened].sum())
        seen.setdefault(tuple(np.sort(opened)), float(costs[:, opened].min(axis=1).sum()))
        if value > bound:
            bound, kept, n_idle = value, prices, 0
        else:
            n_idle += 1
            if n_idle == 10:  # noqa: PLR2004
                agility, n_idle = agility / 2.0, 0
        slope = 1.0 - (gains[:, opened] < 0).sum(axis=1)
        steep = float(slope @ slope)
        if steep == 0.0 or best - bound <= SLACK * max(1.0, best):
            break
        prices = prices + agility * max(best - value, SLACK) / steep * slope
    starts = sorted(seen, key=lambda sites: (seen[sites], sites))[:_STARTS]
    return bound, kept, [np.array(sites, dtype=np.int64) for sites in starts]


def rule_out(
    costs: NDArray[np.float64], prices: NDArray[np.float64], n_sites: int, gap: float
) -> tuple[NDArray[np.int64], NDArray[np.bool_], NDArray[np.bool_]]:
    """Return the sites that a better choice may open, whom they may serve, and which it surely opens.

    A site outside the best `n_sites` lifts the bound by what it saves less than the last of
    them; one of the best, left out, by what the next one saves less than it; and a demand
    served above its price by the difference.
    """
    gains = costs - prices[:, None]
    savings = np.minimum(gains, 0.0).sum(axis=0)
    order = np.argsort(savings, kind="stable")
    last = savings[order[n_sites - 1]]
    following = savings[order[n_sites]] if n_sites < len(order) else np.inf
    lift = np.maximum(savings - last, 0.0)
    kept = np.flatnonzero(lift <= gap)
    can_serve = np.maximum(gains[:, kept], 0.0) + lift[kept] <= gap
    # With fewer of equals sure than there are, the programme decides.
    is_sure = (following - savings[kept] > gap) & np.isin(kept, order[:n_sites])
    return kept, can_serve, is_sure
