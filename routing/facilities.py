"""Where to put a few facilities so that demand is near: p-median and greatest coverage, with proof.

Both are integer programmes put to HiGHS.  Of a p-median most sites are ruled out before, by the
bound of a Lagrangian relaxation against the best choice found (Cornuejols, Fisher and Nemhauser
1977, Management Science 23(8), 789-810), so that what is left to prove is small.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from steppe.layers.errors import SteppeError
from steppe.routing.median_relaxation import SLACK, Relaxation, rule_out
from steppe.routing.step_limit import is_stopped

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

NODE_LIMIT = 20_000
"""Branches that a proof may take."""
_HALF = 0.5


@dataclass(frozen=True)
class Placement:
    """Sites that were chosen.

    Parameters
    ----------
    sites
        Their places in the list of candidates, rising.
    served_by
        For each demand its nearest chosen site, as a place in the list of candidates; for a
        coverage -1 where none is within reach.  Shape (n,).
    value
        Weighted distance, or weight that is covered.
    bound
        No choice has less weighted distance, or covers more.
    is_proven
        Whether the value reaches the bound.
    """

    sites: tuple[int, ...]
    served_by: NDArray[np.int64]
    value: float
    bound: float
    is_proven: bool


def place_medians(distances: ArrayLike, weights: ArrayLike, n_sites: int) -> Placement:
    """Choose the sites with the least weighted distance from each demand to its nearest one.

    min sum_i w_i min_{j chosen} d_ij over all choices of `n_sites` sites (Hakimi 1964,
    Operations Research 12(3), 450-459).

    Parameters
    ----------
    distances
        From each demand to each candidate, any unit, finite and not below 0; shape (n, m).
    weights
        Of each demand, finite and not below 0; shape (n,).
    n_sites
        How many are chosen, 1 to m.

    Raises
    ------
    ValueError
        For shapes, numbers or a count that cannot be.
    SteppeError
        When the solver proves nothing.

    Examples
    --------
    >>> place_medians([[0, 4, 9], [4, 0, 5], [9, 5, 0]], [1, 1, 3], 1).sites
    (2,)
    """
    away, heavy = _read(distances, weights, n_sites)
    costs = away * heavy[:, None]
    relaxed = Relaxation.of(costs, n_sites)
    chosen, best, bound = relaxed.choice, relaxed.value, relaxed.bound
    slack = SLACK * max(1.0, best)
    if bound < best - slack:
        sites, can_serve, is_sure = rule_out(costs, relaxed.prices, n_sites, best - bound + slack)
        found, least, is_proven = _prove(costs[:, sites], n_sites, can_serve, is_sure)
        # What was ruled out is no better than the best choice known.
        bound = max(bound, min(least, best))
        if found is not None:
            value = float(costs[:, sites[found]].min(axis=1).sum())
            if value < best:
                chosen, best = sites[found], value
        if is_proven:
            bound = best
    sites = np.sort(chosen)
    nearest = sites[np.argmin(away[:, sites], axis=1)]
    is_proven = bound >= best - slack
    return Placement(tuple(map(int, sites)), nearest, best, best if is_proven else bound, is_proven)


def place_coverage(
    distances: ArrayLike, weights: ArrayLike, n_sites: int, within: float
) -> Placement:
    """Choose the sites that have the most weight within a distance of at least one.

    The maximal covering location problem (Church and ReVelle 1974, Papers of the Regional
    Science Association 32, 101-118).

    Parameters
    ----------
    distances, weights, n_sites
        As for `place_medians`.
    within
        Distance up to which a demand is covered, in the unit of the distances.

    Raises
    ------
    ValueError
        For shapes, numbers or a count that cannot be.
    SteppeError
        When the solver proves nothing.

    Examples
    --------
    >>> place_coverage([[0, 4, 9], [4, 0, 5], [9, 5, 0]], [1, 1, 3], 1, within=5).sites
    (1,)
    """
    away, heavy = _read(distances, weights, n_sites)
    reached = away <= within
    n_demands, n_candidates = reached.shape
    near = sparse.csr_array(reached.astype(float))
    rows = sparse.block_array(
        [
            [-near, sparse.eye_array(n_demands)],
            [sparse.csr_array(np.ones((1, n_candidates))), None],
        ],
        format="csr",
        dtype=np.float64,
    )
    most = np.append(np.zeros(n_demands), n_sites)
    least = np.append(np.full(n_demands, -np.inf), n_sites)
    goal = np.append(np.zeros(n_candidates), -heavy)
    found, low, is_proven = _solve(
        goal, LinearConstraint(rows, least, most), np.ones(len(goal), dtype=np.int64)
    )
    any_sites = np.arange(n_sites)
    picked = any_sites if found is None else np.flatnonzero(found[:n_candidates] > _HALF)
    covered = reached[:, picked].any(axis=1)
    value = float(heavy[covered].sum())
    nearest = picked[np.argmin(away[:, picked], axis=1)]
    return Placement(
        tuple(map(int, picked)),
        np.where(covered, nearest, -1),
        value,
        value if is_proven else max(value, -low),
        is_proven,
    )


def _read(
    distances: ArrayLike, weights: ArrayLike, n_sites: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    away, heavy = np.asarray(distances, dtype=float), np.asarray(weights, dtype=float)
    if away.ndim != 2 or heavy.shape != away.shape[:1] or not away.size:  # noqa: PLR2004
        msg = f"distances of shape (n, m) and n weights are wanted, not {away.shape} and {heavy.shape}"
        raise ValueError(msg)
    for numbers in (away, heavy):
        if not (np.isfinite(numbers).all() and (numbers >= 0).all()):
            msg = "distances and weights must be finite and not below 0"
            raise ValueError(msg)
    if not 1 <= n_sites <= away.shape[1]:
        msg = f"1 to {away.shape[1]} sites can be chosen, not {n_sites}"
        raise ValueError(msg)
    return away, heavy


def _prove(
    costs: NDArray[np.float64],
    n_sites: int,
    can_serve: NDArray[np.bool_],
    is_sure: NDArray[np.bool_],
) -> tuple[NDArray[np.int64] | None, float, bool]:
    """Return the best choice, what none is below, and whether that is proven.

    min sum c_ij x_ij, each demand served once and by an open site alone.
    """
    demand, place = np.nonzero(can_serve)
    n_arcs, n_open = len(demand), costs.shape[1]
    arcs, one = np.arange(n_arcs), np.ones(n_arcs)
    once = sparse.csr_array((one, (demand, arcs)), shape=(len(costs), n_arcs))
    by_open = sparse.csr_array((-one, (arcs, place)), shape=(n_arcs, n_open))
    rows = sparse.block_array(
        [
            [once, None],
            [sparse.eye_array(n_arcs), by_open],
            [None, sparse.csr_array(np.ones((1, n_open)))],
        ],
        format="csr",
        dtype=np.float64,
    )
    least = np.concatenate([np.ones(len(costs)), np.full(n_arcs, -np.inf), [n_sites]])
    most = np.concatenate([np.ones(len(costs)), np.zeros(n_arcs), [n_sites]])
    whole = np.repeat([0, 1], [n_arcs, n_open])
    low = np.concatenate([np.zeros(n_arcs), is_sure.astype(float)])
    goal = np.concatenate([costs[demand, place], np.zeros(n_open)])
    found, bound, is_proven = _solve(goal, LinearConstraint(rows, least, most), whole, low)
    picked = None if found is None else np.flatnonzero(found[n_arcs:] > _HALF)
    return picked, bound, is_proven


def _solve(
    goal: NDArray[np.float64],
    limits: LinearConstraint,
    whole: NDArray[np.int64],
    low: NDArray[np.float64] | None = None,
) -> tuple[NDArray[np.float64] | None, float, bool]:
    answer = milp(
        goal,
        integrality=whole,
        bounds=Bounds(0.0 if low is None else low, 1.0),
        constraints=[limits],
        options={"mip_rel_gap": 0.0, "node_limit": NODE_LIMIT},
    )
    if answer.status == 0 and answer.x is not None:
        return answer.x, float(answer.fun), True
    if not is_stopped(answer):
        msg = f"no sites were proven: {answer.message}"
        raise SteppeError(msg)
    bound = answer.get("mip_dual_bound")
    return answer.x, -np.inf if bound is None else float(bound), False
