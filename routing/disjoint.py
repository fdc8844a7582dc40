"""Disjoint routes: k routes of the fewest kilometres together that share nothing.

Apart in cables or in nodes, the answer is a flow of least cost, found by shortest
augmenting ways with potentials: Suurballe (1974, Networks 4, 125-145) for node-disjoint
routes, Bhandari (Survivable Networks, 1999) for both.  A cable is an arc each way; flow in
both would be a circle that costs something, so none is left.  Apart in shared risks the
question is NP-hard; it is put to the integer programme of HiGHS, and answered with proof or
not at all.
"""

from __future__ import annotations

import heapq
import math
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Literal, cast

import networkx as nx
import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from layers.errors import InputError, Problem, SteppeError
from routing.latency import Route, require_nodes

if TYPE_CHECKING:
    from numpy.typing import NDArray

MAX_SIZE = 20_000  # routes times (twice the cables and the cables of all risks)
MAX_BRANCHES = 5_000  # nodes of its search tree, a bound that no clock moves

_OPTIMAL, _INFEASIBLE = 0, 2

_Arc = tuple[str, str, str]
_Way = tuple[tuple[str, ...], tuple[str, ...]]


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


@dataclass(frozen=True)
class _Hop:
    """A cable between two different nodes, in the order of their ids."""

    cable_id: str
    start: str
    end: str
    km: float


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
        Cables as edges, keyed by `cable_id`, as of `routing.backbone.build_graph`.
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
    hops = _hops(graph)
    place = {node: index for index, node in enumerate(sorted(graph))}
    # Where nodes are not to be shared, each has a way in and a way out, joined by one arc.
    further = len(place) if apart == "nodes" else 0
    net = _Network(len(place) + further)
    for hop, cost in zip(hops, _whole_costs(hops), strict=True):
        net.join(place[hop.start] + further, place[hop.end], cost)
        net.join(place[hop.end] + further, place[hop.start], cost)
    for index in range(further):
        net.join(index, index + further, 0)
    for _ in range(k):
        if not net.augment(place[start] + further, place[end]):
            return None
    taken = [arc for number, arc in enumerate(_arcs(hops)) if net.is_spent(number)]
    return _gather(graph, _trace(taken, start, end, k), a, {})


def risk_disjoint_routes(
    graph: nx.MultiGraph[str],
    a: str,
    b: str,
    risks: Mapping[str, Collection[str]],
    *,
    k: int = 2,
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
        Cables as edges, keyed by `cable_id`, as of `routing.backbone.build_graph`.
    a, b
        Two different nodes.
    risks
        Cables of each risk; those that the graph does not have, being cut, are passed over.
    k
        Number of routes.

    Raises
    ------
    InputError
        For a node that the graph does not have, or when the routes, cables and risks
        between a and b are too many to be answered with proof (`MAX_SIZE`).
    ValueError
        When both nodes are the same or k is less than 1.
    SteppeError
        When the solver proves no optimum.
    """
    _check_question(graph, a, b, k)
    start, end = min(a, b), max(a, b)
    hops = _between(_hops(graph), start, end)
    if not hops:
        return None
    known = {hop.cable_id for hop in hops}
    met = {name: sorted(known.intersection(risks[name])) for name in sorted(risks)}
    met = {name: cables for name, cables in met.items() if cables}
    size = k * (2 * len(hops) + sum(map(len, met.values())))
    if size > MAX_SIZE:
        raise InputError(
            Problem(
                "fibre",
                f"{k} routes among {len(hops)} cables with {len(met)} risks between {a} and {b} "
                "are too many choices to find the best with proof",
                "leave out the cables and risks that do not serve them",
            )
        )
    taken = _share_least(hops, list(met.values()), (start, end), k)
    ways = [way for arcs in taken for way in _trace(arcs, start, end, 1)]
    return _gather(graph, ways, a, risks)


def _check_question(graph: nx.MultiGraph[str], a: str, b: str, k: int) -> None:
    require_nodes(graph, a, b)
    if a == b:
        msg = f"two nodes are needed, both are {a}"
        raise ValueError(msg)
    if k < 1:
        msg = f"the number of routes is at least 1, not {k}"
        raise ValueError(msg)


def _hops(graph: nx.MultiGraph[str]) -> list[_Hop]:
    """Return the cables by their ids; those from a node to itself lead nowhere."""
    return sorted(
        (
            _Hop(key, min(start, end), max(start, end), float(data["length_km"]))
            for start, end, key, data in graph.edges(keys=True, data=True)
            if start != end
        ),
        key=lambda hop: hop.cable_id,
    )


def _arcs(hops: Iterable[_Hop]) -> list[_Arc]:
    """Return every cable one way and the other, as (cable_id, tail, head)."""
    return [
        (hop.cable_id, *way) for hop in hops for way in ((hop.start, hop.end), (hop.end, hop.start))
    ]


def _whole_costs(hops: Sequence[_Hop]) -> list[int]:
    """Return whole numbers in the order of (kilometres, number of cables), sums included.

    A float is a whole number over a power of two, so nothing is rounded.
    """
    ratios = [hop.km.as_integer_ratio() for hop in hops]
    common = max((below for _, below in ratios), default=1)
    return [above * (common // below) * (len(hops) + 1) + 1 for above, below in ratios]


class _Network:
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


def _between(hops: Sequence[_Hop], start: str, end: str) -> list[_Hop]:
    """Return the cables that lie on some route between two nodes that repeats no node.

    They are those of the block (2-connected part) that a further cable between the two
    would lie in; none when the nodes are apart.
    """
    graph: nx.Graph[str] = nx.Graph([(hop.start, hop.end) for hop in hops])
    if not (start in graph and end in graph and nx.has_path(graph, start, end)):
        return []
    graph.add_edge(start, end)
    blocks = cast("Iterator[set[str]]", nx.biconnected_components(graph))
    block = next(part for part in blocks if {start, end} <= part)
    return [hop for hop in hops if hop.start in block and hop.end in block]


def _share_least(
    hops: Sequence[_Hop], met: Sequence[Collection[str]], ends: tuple[str, str], k: int
) -> list[list[_Arc]]:
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
    answer = _solve(km, np.where(shares, 0.0, 1.0), limits)
    if answer is None:
        most = np.where(shares, k - 1.0, 1.0)
        for goal in (shares_cable, shares_risk):
            counted = goal.astype(float)
            fewest = _proven(_solve(counted, most, limits))
            limits.append(LinearConstraint(counted, -np.inf, round(counted @ fewest)))
        answer = _proven(_solve(km, most, limits))
    chosen = answer[takes].reshape(k, 2 * n_hops) > 0.5  # noqa: PLR2004
    return [
        [arc for arc, is_taken in zip(_arcs(hops), row, strict=True) if is_taken] for row in chosen
    ]


def _proven(answer: NDArray[np.float64] | None) -> NDArray[np.float64]:
    if answer is None:
        msg = "the solver finds no routes between nodes that are connected"
        raise SteppeError(msg)
    return answer


def _limits(
    hops: Sequence[_Hop], met: Sequence[Collection[str]], ends: tuple[str, str], k: int
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
) -> NDArray[np.float64] | None:
    """Minimise; None when it is proven that nothing fits.

    Raises
    ------
    SteppeError
        When the solver proves neither.
    """
    answer = milp(
        goal,
        # Whole by themselves are the steps alone.  But HiGHS 1.12 writes a line to standard
        # output where it repairs what need not be whole (ERGO-Code/HiGHS#2783).
        integrality=np.ones(len(goal), dtype=np.int64),
        bounds=Bounds(0, most),
        constraints=limits,
        # Without a gap of 0 HiGHS stops within 0.01 % of the optimum; with presolve the
        # programmes of a backbone take longer.
        options={"mip_rel_gap": 0.0, "node_limit": MAX_BRANCHES, "presolve": False},
    )
    if answer.status not in (_OPTIMAL, _INFEASIBLE):
        msg = f"the best routes were not proven: {answer.message}"
        raise SteppeError(msg)
    return answer.x


def _trace(arcs: Iterable[_Arc], start: str, end: str, k: int) -> list[_Way]:
    """Walk k times from start to end along arcs, those of the first ids first."""
    leaving: dict[str, list[tuple[str, str]]] = {}
    for cable_id, tail, head in sorted(arcs, reverse=True):
        leaving.setdefault(tail, []).append((cable_id, head))
    ways: list[_Way] = []
    for _ in range(k):
        nodes, cables = [start], list[str]()
        while nodes[-1] != end:
            cable_id, there = leaving[nodes[-1]].pop()
            if there in nodes:
                # A circle, which only cables of no length can leave in a best answer.
                first = nodes.index(there)
                del nodes[first + 1 :], cables[first:]
            else:
                nodes.append(there)
                cables.append(cable_id)
        ways.append((tuple(nodes), tuple(cables)))
    return ways


def _gather(
    graph: nx.MultiGraph[str], ways: Iterable[_Way], a: str, risks: Mapping[str, Collection[str]]
) -> DisjointRoutes:
    """Make routes from `a` of ways in either direction, and name what they share."""
    routes = []
    for nodes, cables in ways:
        hops = [
            graph.edges[near, far, key]
            for key, (near, far) in zip(cables, pairwise(nodes), strict=True)
        ]
        km, low_km, high_km = (
            math.fsum(hop[name] for hop in hops) for name in ("length_km", "low_km", "high_km")
        )
        onward = 1 if nodes[0] == a else -1
        routes.append(Route(nodes[::onward], cables[::onward], km, low_km, high_km))
    routes.sort(key=lambda route: (route.km, route.cables))
    uses = Counter(cable_id for route in routes for cable_id in route.cables)
    shared = {cable_id for cable_id, times in uses.items() if times > 1}
    for name, members in risks.items():
        if sum(not set(members).isdisjoint(route.cables) for route in routes) > 1:
            shared.add(name)
    kilometres = [
        graph.edges[near, far, key]["length_km"]
        for route in routes
        for key, (near, far) in zip(route.cables, pairwise(route.nodes), strict=True)
    ]
    return DisjointRoutes(tuple(routes), math.fsum(kilometres), tuple(sorted(shared)))
