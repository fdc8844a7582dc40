"""Disjoint routes: k routes of the fewest kilometres together that share nothing.

Apart in cables or in nodes, the answer is a flow of least cost, found by shortest
augmenting ways with potentials: Suurballe (1974, Networks 4, 125-145) for node-disjoint
routes, Bhandari (Survivable Networks, 1999) for both.  A cable is an arc each way; flow in
both would be a circle that costs something, so none is left.  Apart in shared risks the
question is NP-hard; it is put to `steppe.routing.integer_program`, and answered with proof or not at all.
"""

from __future__ import annotations

import heapq
import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import networkx as nx

from steppe.layers.wording import tell
from steppe.routing.hops import Hop, Walk, cables_between, list_arcs, list_hops, trace_walks
from steppe.routing.integer_program import share_least
from steppe.routing.latency import Route, measure_route, require_nodes, route_hops
from steppe.routing.step_limit import ANSWER_STEPS, TooMuchWorkError, Work

MAX_SIZE = 20_000  # routes times (twice the cables and the cables of all risks)


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
    """

    routes: tuple[Route, ...]
    km: float
    shared: tuple[str, ...] = ()


def disjoint_routes(
    graph: nx.MultiGraph[str],
    a: str,
    b: str,
    *,
    k: int = 2,
    apart: Literal["cables", "nodes"] = "cables",
) -> DisjointRoutes | None:
    """Find k disjoint routes with the fewest kilometres together; None when there are no k.

    Exact: kilometres are added up as whole numbers.  Of sets with equally many kilometres
    one with the fewest cables is taken; what is still equal is decided by the ids of nodes
    and cables, read from the end whose id comes first.  So neither the order of the data
    nor the direction changes which cables are used.

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

    Raises
    ------
    InputError
        For a node that the graph does not have.
    ValueError
        When both nodes are the same, k is less than 1, or `apart` is neither word.
    """
    _check_question(graph, a, b, k)
    if apart not in ("cables", "nodes"):
        msg = f"routes are apart in cables or in nodes, not in {apart}"
        raise ValueError(msg)
    start, end = min(a, b), max(a, b)
    hops = list_hops(graph)
    place = {node: index for index, node in enumerate(sorted(graph))}
    # Where nodes are not to be shared, each has a way in and a way out, joined by one arc.
    further = len(place) if apart == "nodes" else 0
    net = _FlowNetwork(len(place) + further)
    for hop, cost in zip(hops, _whole_costs(hops), strict=True):
        net.join(place[hop.start] + further, place[hop.end], cost)
        net.join(place[hop.end] + further, place[hop.start], cost)
    for index in range(further):
        net.join(index, index + further, 0)
    for _ in range(k):
        if not net.augment(place[start] + further, place[end]):
            return None
    taken = [arc for number, arc in enumerate(list_arcs(hops)) if net.is_spent(number)]
    return _gather(graph, trace_walks(taken, start, end, k), a, {})


def risk_disjoint_routes(
    graph: nx.MultiGraph[str],
    a: str,
    b: str,
    risks: Mapping[str, Collection[str]],
    *,
    k: int = 2,
    work: Work | None = None,
) -> DisjointRoutes | None:
    """Find k routes that share no cable and no risk, or as little as can be; None without any.

    A risk takes all its cables down at once: one route may use several of them, two routes
    should not.  A cable is a risk of its own.  Where nothing need be shared, the answer is
    the set with the fewest kilometres together.  Otherwise it is the one that shares

    1. the fewest cables, whatever their length,
    2. then the fewest risks,
    3. then has the fewest kilometres together,

    where a thing that n routes use counts n - 1 times.  The optimum of each step is proven
    (kilometres to a millimetre).  Equal sets are told apart by the solver, which sees
    everything in the order of the ids, from the end whose id comes first.

    Parameters
    ----------
    graph
        Cables as edges, keyed by `cable_id`, as of `steppe.routing.backbone.build_graph`.
    a, b
        Two different nodes.
    risks
        Cables of each risk; those that the graph does not have, being cut, are passed over.
    k
        Number of routes.
    work
        Steps that it may take; None for `steppe.routing.step_limit.ANSWER_STEPS`.

    Raises
    ------
    InputError
        For a node that the graph does not have.
    TooMuchWorkError
        When the routes, cables and risks between a and b are too many to be answered with
        proof (`MAX_SIZE`), or no answer is proven within the steps.
    ValueError
        When both nodes are the same or k is less than 1.
    SteppeError
        When the solver proves no optimum.
    """
    _check_question(graph, a, b, k)
    start, end = min(a, b), max(a, b)
    hops = cables_between(list_hops(graph), a, b, ends=lambda hop: (hop.start, hop.end))
    if not hops:
        return None
    known = {hop.cable_id for hop in hops}
    met = {name: sorted(known.intersection(risks[name])) for name in sorted(risks)}
    met = {name: cables for name, cables in met.items() if cables}
    _check_size(hops, met, (a, b), k)
    work = work or Work(ANSWER_STEPS, tell("work.routes", a=a, b=b))
    taken = share_least(hops, list(met.values()), (start, end), k, work)
    ways = [way for arcs in taken for way in trace_walks(arcs, start, end, 1)]
    return _gather(graph, ways, a, risks)


def _check_question(graph: nx.MultiGraph[str], a: str, b: str, k: int) -> None:
    require_nodes(graph, a, b)
    if a == b:
        msg = f"two nodes are needed, both are {a}"
        raise ValueError(msg)
    if k < 1:
        msg = f"the number of routes is at least 1, not {k}"
        raise ValueError(msg)


def _check_size(
    hops: Sequence[Hop], met: Mapping[str, Collection[str]], ends: tuple[str, str], k: int
) -> None:
    size = k * (2 * len(hops) + sum(map(len, met.values())))
    if size > MAX_SIZE:
        n_cables, n_risks, (a, b) = len(hops), len(met), ends
        what = tell("work.too_many_choices", k=k, n_cables=n_cables, n_risks=n_risks, a=a, b=b)
        raise TooMuchWorkError(what)


def _whole_costs(hops: Sequence[Hop]) -> list[int]:
    """Return whole numbers in the order of (kilometres, number of cables), sums included.

    A float is a whole number over a power of two, so nothing is rounded.
    """
    ratios = [hop.km.as_integer_ratio() for hop in hops]
    common = max((below for _, below in ratios), default=1)
    return [above * (common // below) * (len(hops) + 1) + 1 for above, below in ratios]


class _FlowNetwork:
    """Arcs for one unit each, and the flow through them.

    Arc number n, in the order of joining, has the half 2 n; its way back is 2 n + 1.
    """

    def __init__(self, n_places: int) -> None:
        self._heads: list[int] = []
        self._costs: list[int] = []
        self._is_open: list[bool] = []
        self._leaving: list[list[int]] = [[] for _ in range(n_places)]
        self._potential = [0] * n_places

    def join(self, tail: int, head: int, cost: int) -> None:
        """Add an arc; costs are not negative."""
        for place, target, price, is_open in ((tail, head, cost, True), (head, tail, -cost, False)):
            self._leaving[place].append(len(self._heads))
            self._heads.append(target)
            self._costs.append(price)
            self._is_open.append(is_open)

    def is_spent(self, arc: int) -> bool:
        """Tell whether flow goes through an arc."""
        return not self._is_open[2 * arc]

    def augment(self, source: int, target: int) -> bool:
        """Send one unit more at the least cost; False when none can pass."""
        cost_to = {source: 0}
        by: dict[int, int] = {}
        done: set[int] = set()
        queue = [(0, source)]
        while queue:
            cost, here = heapq.heappop(queue)
            if here in done:
                continue
            done.add(here)
            if here == target:
                break
            for half in self._leaving[here]:
                there = self._heads[half]
                if not self._is_open[half] or there in done:
                    continue
                more = self._costs[half] + self._potential[here] - self._potential[there]
                if there not in cost_to or cost + more < cost_to[there]:
                    cost_to[there] = cost + more
                    by[there] = half
                    heapq.heappush(queue, (cost + more, there))
        if target not in done:
            return False
        # Beyond the target everything rises alike: no reduced cost turns negative.
        for place in done:
            self._potential[place] += cost_to[place] - cost_to[target]
        place = target
        while place != source:
            half = by[place]
            self._is_open[half], self._is_open[half ^ 1] = False, True
            place = self._heads[half ^ 1]
        return True


def _gather(
    graph: nx.MultiGraph[str], ways: Iterable[Walk], a: str, risks: Mapping[str, Collection[str]]
) -> DisjointRoutes:
    """Make routes from `a` of ways in either direction, and name what they share."""
    routes = sorted(
        (measure_route(graph, nodes, cables, a) for nodes, cables in ways),
        key=lambda route: (route.km, route.cables),
    )
    uses = Counter(cable_id for route in routes for cable_id in route.cables)
    shared = {cable_id for cable_id, times in uses.items() if times > 1}
    for name, members in risks.items():
        if sum(not set(members).isdisjoint(route.cables) for route in routes) > 1:
            shared.add(name)
    km = math.fsum(
        hop["length_km"] for route in routes for hop in route_hops(graph, route.nodes, route.cables)
    )
    return DisjointRoutes(tuple(routes), km, tuple(sorted(shared)))
