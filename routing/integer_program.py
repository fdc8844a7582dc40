"""The integer programme of routes that share as little as can be, put to HiGHS.

Routes apart in shared risks are an NP-hard question; it is answered with proof or not at all.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from steppe.layers.errors import SteppeError
from steppe.layers.wording import tell
from steppe.routing.hops import Arc, Hop, list_arcs
from steppe.routing.step_limit import TooMuchWorkError, Work, is_stopped

if TYPE_CHECKING:
    from numpy.typing import NDArray

_OPTIMAL, _INFEASIBLE = 0, 2


def share_least(
    hops: Sequence[Hop],
    met: Sequence[Collection[str]],
    ends: tuple[str, str],
    k: int,
    work: Work,
) -> list[list[Arc]]:
    """Return the arcs of each of k routes, best in the order of `risk_disjoint_routes`.

    The programme's variables are, in order: for each route, whether it takes each cable one
    way and the other; for each route, whether it meets each risk; for each cable, and for
    each risk, how many routes use it beyond the first.
    """
    n_hops, n_risks = len(hops), len(met)
    part = np.repeat(np.arange(4), [2 * k * n_hops, k * n_risks, n_hops, n_risks])
    takes, shares_cable, shares_risk = part == 0, part == 2, part == 3  # noqa: PLR2004
    shares = shares_cable | shares_risk
    km = np.zeros(len(part))
    km[takes] = np.tile(np.repeat([hop.km for hop in hops], 2), k)
    limits = [_limits(hops, met, ends, k)]
    answer = _solve(km, np.where(shares, 0.0, 1.0), limits, work)
    if answer is None:
        most = np.where(shares, k - 1.0, 1.0)
        for goal in (shares_cable, shares_risk):
            counted = goal.astype(float)
            fewest = _proven(_solve(counted, most, limits, work))
            limits.append(LinearConstraint(counted, -np.inf, round(counted @ fewest)))
        answer = _proven(_solve(km, most, limits, work))
    chosen = answer[takes].reshape(k, 2 * n_hops) > 0.5  # noqa: PLR2004
    return [
        [arc for arc, is_taken in zip(list_arcs(hops), row, strict=True) if is_taken]
        for row in chosen
    ]


def _proven(answer: NDArray[np.float64] | None) -> NDArray[np.float64]:
    if answer is None:
        msg = "the solver finds no routes between nodes that are connected"
        raise SteppeError(msg)
    return answer


def _limits(
    hops: Sequence[Hop], met: Sequence[Collection[str]], ends: tuple[str, str], k: int
) -> LinearConstraint:
    """Return the rows: each route is whole, and what is used beyond the first is counted."""
    n_hops, n_risks = len(hops), len(met)
    number = {hop.cable_id: index for index, hop in enumerate(hops)}
    pairs = [(risk, number[name]) for risk, names in enumerate(met) for name in names]
    place = {
        node: row
        for row, node in enumerate(sorted({end for hop in hops for end in (hop.start, hop.end)}))
    }
    leaves = [node for hop in hops for node in (place[hop.start], place[hop.end])]
    enters = [node for hop in hops for node in (place[hop.end], place[hop.start])]
    balance = _picks(leaves, len(place)).T - _picks(enters, len(place)).T
    supply = np.zeros(len(place))
    supply[[place[end] for end in ends]] = 1, -1
    each, together = sparse.eye_array(k), np.ones((1, k))
    both_ways = sparse.kron(sparse.eye_array(n_hops), np.ones((1, 2)))
    of_cable, of_risk = (
        _picks([cable for _, cable in pairs], n_hops),
        _picks([risk for risk, _ in pairs], n_risks),
    )
    one_cable, one_risk = sparse.eye_array(n_hops), sparse.eye_array(n_risks)
    rows = sparse.block_array(
        [
            [sparse.kron(each, balance), None, None, None],
            [sparse.kron(each, of_cable @ both_ways), -sparse.kron(each, of_risk), None, None],
            [sparse.kron(together, both_ways), None, -one_cable, None],
            [None, sparse.kron(together, one_risk), None, -one_risk],
        ],
        format="csr",
        dtype=np.float64,
    )
    whole = np.tile(supply, k)
    least = np.concatenate([whole, np.full(rows.shape[0] - len(whole), -np.inf)])
    most = np.concatenate([whole, np.zeros(k * len(pairs)), np.ones(n_hops + n_risks)])
    return LinearConstraint(rows, least, most)


def _picks(columns: Sequence[int], n_columns: int) -> sparse.csr_array:
    """Return the matrix whose rows hold a single 1 each, in the given columns."""
    n_rows = len(columns)
    return sparse.csr_array(
        (np.ones(n_rows), np.asarray(columns, dtype=np.int64), np.arange(n_rows + 1)),
        shape=(n_rows, n_columns),
    )


def _solve(
    goal: NDArray[np.float64],
    most: NDArray[np.float64],
    limits: Sequence[LinearConstraint],
    work: Work,
) -> NDArray[np.float64] | None:
    """Minimise; None when it is proven that nothing fits.

    Raises
    ------
    TooMuchWorkError
        When the steps do not suffice for either.
    SteppeError
        When the solver proves neither.
    """
    n_entries = sum(each.A.nnz if sparse.issparse(each.A) else len(goal) for each in limits)
    answer = milp(
        goal,
        # Whole by themselves are the steps alone.  But HiGHS 1.12 writes a line to standard
        # output where it repairs what need not be whole (ERGO-Code/HiGHS#2783).
        integrality=np.ones(len(goal), dtype=np.int64),
        bounds=Bounds(0, most),
        constraints=limits,
        # Without a gap of 0 HiGHS stops within 0.01 % of the optimum; with presolve the
        # programmes of a backbone take longer.
        options={
            "mip_rel_gap": 0.0,
            "node_limit": work.count_branches(n_entries),
            "presolve": False,
        },
    )
    work.take_branches(n_entries, getattr(answer, "mip_node_count", None))
    if is_stopped(answer):
        raise TooMuchWorkError(tell("work.routes_not_proven", told=answer.message))
    if answer.status not in (_OPTIMAL, _INFEASIBLE):
        msg = f"the best routes were not proven: {answer.message}"
        raise SteppeError(msg)
    return answer.x
