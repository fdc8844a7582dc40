"""Routes apart in shared risks: the best set with proof, or the best found and how far it may be.

A risk takes all its cables down at once, so the question is NP-hard.  First what is quick:

- the flow of least cost that shares the fewest cables.  No set that shares so few has fewer
  kilometres, so if it shares no risk but those that every route meets, it is the answer;
- local search from several beginnings: one route after the other is laid anew, with a fine on
  what it would share with the others.  What it finds is an upper bound.

What is left open is put to `steppe.routing.integer_program`, among the cables that can still
be in a better answer; where that takes more steps than are allowed, both bounds are told.
"""

from __future__ import annotations

from collections.abc import Collection, Container, Mapping
from dataclasses import replace

import networkx as nx

from steppe.layers.wording import tell
from steppe.routing.disjoint import DisjointRoutes, check_question, gather_routes
from steppe.routing.hops import trace_walks
from steppe.routing.least_flow import CableNet
from steppe.routing.route_proof import RouteProof
from steppe.routing.route_search import RiskIndex
from steppe.routing.step_limit import ANSWER_STEPS, Work


def risk_disjoint_routes(  # noqa: PLR0913 (a question and its bounds)
    graph: nx.MultiGraph[str],
    a: str,
    b: str,
    risks: Mapping[str, Collection[str]],
    *,
    k: int = 2,
    strictly: bool = False,
    work: Work | None = None,
) -> DisjointRoutes | None:
    """Find k routes that share no cable and no risk, see `RiskRoutes.find`.

    Parameters
    ----------
    graph
        Cables as edges, keyed by `cable_id`, as of `steppe.routing.backbone.build_graph`.
    a, b, k, strictly, work
        See `RiskRoutes.find`.
    risks
        See `RiskRoutes`.
    """
    routes = RiskRoutes(CableNet(graph), risks)
    return routes.find(a, b, k=k, strictly=strictly, work=work)


class RiskRoutes:
    """Routes through one graph that share as few of some risks as can be.

    Parameters
    ----------
    net
        The cables.
    risks
        Cables of each risk; those that the graph does not have, being cut, are passed over.
    """

    def __init__(self, net: CableNet, risks: Mapping[str, Collection[str]]) -> None:
        self.net = net
        self._index = RiskIndex(net, risks)

    def find(
        self,
        a: str,
        b: str,
        *,
        k: int = 2,
        strictly: bool = False,
        left_out: Container[str] = (),
        work: Work | None = None,
    ) -> DisjointRoutes | None:
        """Find k routes that share no cable and no risk, or as little as can be; None without any.

        A risk takes all its cables down at once: one route may use several of them, two routes
        should not.  A cable is a risk of its own.  Where nothing need be shared, the answer is
        the set with the fewest kilometres together.  Otherwise it is the one that shares

        1. the fewest cables, whatever their length,
        2. then the fewest risks,
        3. then has the fewest kilometres together,

        where a thing that n routes use counts n - 1 times.  The first is always proven.  Where
        the others are not within the steps, the answer is the best that was found, and bears
        both bounds, see `DisjointRoutes.is_exact`.  Equal sets are told apart by the order of
        the ids, whichever end is named first.

        Parameters
        ----------
        a, b
            Two different nodes.
        k
            Number of routes.
        strictly
            Whether to return None as soon as it is proven that all k routes share something.
        left_out
            Risks that do not count for this question, by name; asked of those met alone.
        work
            Steps that it may take beyond the first look; None for
            `steppe.routing.step_limit.ANSWER_STEPS`.

        Raises
        ------
        InputError
            For a node that the graph does not have.
        ValueError
            When both nodes are the same or k is less than 1.
        SteppeError
            When the solver fails.
        """
        graph = self.net.graph
        check_question(graph, a, b, k)
        work = work or Work(ANSWER_STEPS, tell("work.routes", a=a, b=b))
        ends = min(a, b), max(a, b)
        search = RouteProof(self._index, ends, left_out, k, work)
        found = search.find(strictly=strictly)
        if found is None:
            return None
        walks = [way for arcs in found.routes for way in trace_walks(arcs, *ends, 1)]
        answer = gather_routes(graph, walks, a)
        shared = {
            *answer.shared,
            *(self._index.names[risk] for risk in search.shared(found.routes)),
        }
        return replace(
            answer,
            shared=tuple(sorted(shared)),
            least_km=found.least_km,
            fewer_risks=found.fewer_risks,
        )
