"""The integer programme of routes that share as little as can be, put to HiGHS.

Routes apart in shared risks are an NP-hard question: it is answered with proof within the
steps that are allowed, or by the bounds that the search came to.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from steppe.layers.errors import SteppeError
from steppe.routing.hops import Arc, Hop, list_arcs
from steppe.routing.step_limit import TooMuchWorkError, Work, is_stopped

if TYPE_CHECKING:
    from numpy.typing import NDArray

_OPTIMAL, _INFEASIBLE = 0, 2
TOLERANCE = 1e-6  # that HiGHS keeps to whole numbers


@dataclass(frozen=True)
class Question:
    """What is asked: k routes that share the fewest risks, and then have the fewest kilometres.

    Parameters
    ----------
    hops
        Cables that the routes may take, by their ids.
    met
        Cables of each risk that counts, each among the hops.
    ends
        Two different nodes.
    k
        Number of routes.
    n_shared
        Fewest cables that k routes share, a cable that n of them use counted n - 1 times.
    strictly
        Whether routes that share a risk are of no use.
    """

    hops: Sequence[Hop]
    met: Sequence[Collection[str]]
    ends: tuple[str, str]
    k: int
    n_shared: int
    strictly: bool = False


@dataclass(frozen=True)
class Answer:
    """What was proven, and the best routes that the search came by.

    Parameters
    ----------
    arcs
        Of each route; None where it came by none.
    n_risks
        No k routes share fewer risks, those counted that `Question.met` names.
    least_km
        No k routes that share as few have fewer kilometres together, as far as is known.
    is_exact
        Whether the routes reach both bounds.
    """

    arcs: list[list[Arc]] | None
    n_risks: int
    least_km: float = 0.0
    is_exact: bool = False


def share_least(question: Question, work: Work) -> Answer | None:
    """Return the best routes with proof, or the bounds of what was proven within the steps.

    None where it is proven that all k routes share some risk and that is of no use.

    The programme's variables are, in order: for each route, whether it takes each cable one
    way and the other; for each route, whether it meets each risk; for each cable, and for
    each risk, how many routes use it beyond the first.

    Raises
    ------
    TooMuchWorkError
        When there is not work enough to begin with.
    SteppeError
        When the solver proves neither an answer nor that there is none.
    """
    k, n_hops, n_risks = question.k, len(question.hops), len(question.met)
    part = np.repeat(np.arange(4), [2 * k * n_hops, k * n_risks, n_hops, n_risks])
    takes, shares_cable, shares_risk = part == 0, part == 2, part == 3  # noqa: PLR2004
    km = np.zeros(len(part))
    km[takes] = np.tile(np.repeat([hop.km for hop in question.hops], 2), k)
    limits = [
        _limits(question.hops, question.met, question.ends, k),
        LinearConstraint(shares_cable.astype(float), -np.inf, question.n_shared),
    ]

    def routes(found: NDArray[np.float64] | None) -> list[list[Arc]] | None:
        if found is None:
            return None
        chosen = found[takes].reshape(k, 2 * n_hops) > 0.5  # noqa: PLR2004
        arcs = list_arcs(question.hops)
        return [
            [arc for arc, is_taken in zip(arcs, row, strict=True) if is_taken] for row in chosen
        ]

    most = np.where(shares_cable, min(k - 1.0, question.n_shared), 1.0)
    apart = _solve(km, np.where(shares_risk, 0.0, most), limits, work)
    if apart is not None:
        return Answer(routes(apart.found), 0, apart.least, apart.is_proven)
    if question.strictly:
        return None
    most[shares_risk] = k - 1.0
    counted = shares_risk.astype(float)
    try:
        fewest = _some(_solve(counted, most, limits, work))
    except TooMuchWorkError:
        return Answer(None, 1)
    n_fewest = max(1, math.ceil(fewest.least - TOLERANCE))
    if not fewest.is_proven:
        return Answer(routes(fewest.found), n_fewest)
    limits.append(LinearConstraint(counted, -np.inf, n_fewest))
    try:
        shortest = _some(_solve(km, most, limits, work))
    except TooMuchWorkError:
        return Answer(routes(fewest.found), n_fewest)
    found = fewest.found if shortest.found is None else shortest.found
    return Answer(routes(found), n_fewest, shortest.least, shortest.is_proven)


def _some(outcome: _Outcome | None) -> _Outcome:
    if outcome is None:
        msg = "the solver finds no routes between nodes that are connected"
        raise SteppeError(msg)
    return outcome


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


@dataclass(frozen=True)
class _Outcome:
    """What a programme came to: the best found, and what none can be below."""

    found: NDArray[np.float64] | None
    least: float
    is_proven: bool


def _solve(
    goal: NDArray[np.float64],
    most: NDArray[np.float64],
    limits: Sequence[LinearConstraint],
    work: Work,
) -> _Outcome | None:
    """Minimise; None when it is proven that nothing fits.

    Raises
    ------
    TooMuchWorkError
        When there is not work enough to begin with.
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
    if answer.status == _INFEASIBLE:
        return None
    if answer.status == _OPTIMAL and answer.x is not None:
        return _Outcome(answer.x, float(goal @ answer.x), is_proven=True)
    if not is_stopped(answer):
        msg = f"the best routes were not proven: {answer.message}"
        raise SteppeError(msg)
    bound = answer.get("mip_dual_bound")
    least = 0.0 if bound is None or not np.isfinite(bound) else max(0.0, float(bound))
    return _Outcome(answer.x, least, is_proven=False)
