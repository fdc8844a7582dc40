"""Disjoint routes: k routes of the fewest kilometres together that share nothing.

Apart in cables or in nodes, the answer is a flow of least cost, see
`steppe.routing.least_flow`.  A cable is an arc each way; flow in both would be a circle that
costs something, so none is left.  Apart in shared risks: `steppe.routing.risk_disjoint`.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import networkx as nx

from steppe.routing.hops import Walk, trace_walks
from steppe.routing.latency import Route, measure_route, require_nodes, route_hops
from steppe.routing.least_flow import CableNet


@dataclass(frozen=True)
class DisjointRoutes:
    """Routes that together have the fewest kilometres.

    Parameters
    ----------
    routes
        Sorted by kilometres, then by their cables.
    km
        Kilometres of all routes together.
    shared
        Cables and risks that more than one of the routes uses, sorted; empty when the
        routes are disjoint.
    least_km
        What the best have together at the least; None for `km`, where these are proven to be
        the best.
    fewer_risks
        So many risks fewer may be shared by other routes, of which none are known; 0 when the
        routes are proven to share least.
    """

    routes: tuple[Route, ...]
    km: float
    shared: tuple[str, ...] = ()
    least_km: float | None = None
    fewer_risks: int = 0

    @property
    def is_exact(self) -> bool:
        """Return whether no better routes are left to be found."""
        return self.least_km is None and not self.fewer_risks


def disjoint_routes(
    graph: nx.MultiGraph[str],
    a: str,
    b: str,
    *,
    k: int = 2,
    apart: Literal["cables", "nodes"] = "cables",
    net: CableNet | None = None,
) -> DisjointRoutes | None:
    """Find k disjoint routes with the fewest kilometres together; None when there are no k.

    Exact: kilometres are added up as whole numbers.  Of sets with equally many kilometres
    one with the fewest cables is taken; what is still equal is decided by the ids of the cables,
    see `steppe.routing.least_flow.whole_costs`.  So neither the order of the data nor the
    direction changes which cables are used.

    Parameters
    ----------
    graph
        Cables as edges, keyed by `cable_id`, as of `steppe.routing.backbone.build_graph`.
    a, b
        Two different nodes.
    k
        Number of routes.
    apart
        `cables`: no cable serves two routes.  `nodes`: nor does a node between the ends;
        parallel cables from a to b are routes of their own.
    net
        The graph written down, for many questions; None to do it for this one.

    Raises
    ------
    InputError
        For a node that the graph does not have.
    ValueError
        When both nodes are the same, k is less than 1, or `apart` is neither word.
    """
    check_question(graph, a, b, k)
    if apart not in ("cables", "nodes"):
        msg = f"routes are apart in cables or in nodes, not in {apart}"
        raise ValueError(msg)
    start, end = min(a, b), max(a, b)
    net = net or CableNet(graph)
    taken = net.send(net.flow(apart_in_nodes=apart == "nodes"), start, end, k)
    if taken is None:
        return None
    return gather_routes(graph, trace_walks(taken, start, end, k), a)


def check_question(graph: nx.MultiGraph[str], a: str, b: str, k: int) -> None:
    """Refuse a question for k routes between two nodes that is none.

    Raises
    ------
    InputError
        For a node that the graph does not have.
    ValueError
        When both nodes are the same or k is less than 1.
    """
    require_nodes(graph, a, b)
    if a == b:
        msg = f"two nodes are needed, both are {a}"
        raise ValueError(msg)
    if k < 1:
        msg = f"the number of routes is at least 1, not {k}"
        raise ValueError(msg)


def gather_routes(graph: nx.MultiGraph[str], ways: Iterable[Walk], a: str) -> DisjointRoutes:
    """Make routes from `a` of ways in either direction, and name the cables that they share."""
    routes = sorted(
        (measure_route(graph, nodes, cables, a) for nodes, cables in ways),
        key=lambda route: (route.km, route.cables),
    )
    uses = Counter(cable_id for route in routes for cable_id in route.cables)
    shared = tuple(sorted(cable_id for cable_id, times in uses.items() if times > 1))
    km = math.fsum(
        hop["length_km"] for route in routes for hop in route_hops(graph, route.nodes, route.cables)
    )
    return DisjointRoutes(tuple(routes), km, shared)
