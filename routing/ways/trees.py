"""Trees of least cost that join many ends: feeder networks (Steiner's problem in graphs).

A tree is made after Mehlhorn (1988, Inf. Proc. Letters 27, 125-128), which costs at most 2 (1 - 1/k) times the best
for k ends.  What none costs less than is proven by dual ascent (Wong 1984, Math. Programming 28, 271-287): from
each end in turn a moat grows, paid for by what the arcs into it have left to give, until each is
connected with the first end by arcs that have nothing left.  Among those arcs a second tree is made; of the cheaper
each branch is laid anew as long as that costs less.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numba
import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components, minimum_spanning_tree

from steppe.routing.ways.searches import Short, double, find_tail, pop, push
from steppe.routing.ways.shortest import Reach, spread_from
from steppe.routing.ways.way_graph import Flags, Floats, WayGraph, Whole

_ROUNDS = 12  # in which a moat grows as far as the first end lies
_NOTHING = 1e-12  # of the greatest cost, left by rounding
_LESS = 1e-9  # of its cost, by which a branch must be cheaper to be another


@dataclass(frozen=True, eq=False)
class Tree:
    """Edges that join some ends.

    Parameters
    ----------
    edges
        Rising, shape (k,).
    cost, km
        Of all together.
    lower_bound
        No edges that join the ends cost less.
    """

    edges: Whole
    cost: float
    km: float
    lower_bound: float


def find_tree(graph: WayGraph, ends: Sequence[int]) -> Tree | None:
    """Find a tree of little cost that joins some nodes, and what none costs less than; None where none joins them.

    Parameters
    ----------
    graph
        Where edges are.
    ends
        Nodes, one at least.

    Raises
    ------
    ValueError
        For a number that is none of a node, or no ends.
    """
    joined = sorted(set(ends))
    if not joined:
        msg = "a tree joins one node at least"
        raise ValueError(msg)
    graph.require(joined)
    first = _join(graph, joined)
    if first is None:
        return None
    if len(joined) == 1:
        return Tree(first, 0.0, 0.0, 0.0)
    bound, left = _ascend(graph, joined)
    # Arcs with nothing left join all ends.
    arcs = graph.arcs
    is_given = np.zeros(len(graph.cost), dtype=np.bool_)
    is_given[arcs.edges[left <= _NOTHING * max(1.0, float(graph.cost.max(initial=0.0)))]] = True
    kept = np.flatnonzero(is_given)
    part = WayGraph(graph.ends[kept], graph.cost[kept], graph.km[kept], graph.xy_km)
    other = _join(part, joined)
    if other is not None and float(np.sum(part.cost[other])) < float(np.sum(graph.cost[first])):
        first = kept[other]
    edges = _exchange(graph, first, joined)
    cost, km = float(np.sum(graph.cost[edges])), float(np.sum(graph.km[edges]))
    return Tree(edges, cost, km, min(cost, bound))


def _join(graph: WayGraph, ends: list[int]) -> Whole | None:
    """Return the edges of Mehlhorn's tree, rising."""
    reach = spread_from(graph, *ends)
    home = _find_homes(graph, reach, ends)
    one, other = home[graph.ends[:, 0]], home[graph.ends[:, 1]]
    meets = np.flatnonzero((one != other) & (one >= 0) & (other >= 0))
    between = reach.cost[graph.ends[meets]].sum(axis=1) + graph.cost[meets]
    low, high = np.minimum(one[meets], other[meets]), np.maximum(one[meets], other[meets])
    chosen = meets[_span(low, high, between, len(ends))]
    if len(chosen) < len(ends) - 1:
        return None
    edges = set(chosen.tolist())
    for node in graph.ends[chosen].ravel().tolist():
        place = node
        while reach.by[place] >= 0:
            arc = int(reach.by[place])
            edges.add(int(graph.arcs.edges[arc]))
            place = find_tail(graph.arcs.first, arc)
    return _prune(graph, np.array(sorted(edges), dtype=np.int64), ends)


def _exchange(graph: WayGraph, edges: Whole, ends: list[int]) -> Whole:
    """Return a tree no branch of which can be laid at less cost between what is left without it.

    A branch lies between two nodes that are ends or have not two edges.  What takes up from where the last one was
    laid anew ends when all in a row were left as they are.
    """
    done = 0
    while True:
        branches = _list_branches(graph, edges, ends)
        for number in range(len(branches)):
            branch = branches[(done + number) % len(branches)]
            cost = float(np.sum(graph.cost[branch]))
            rest = np.setdiff1d(edges, branch)
            one = _find_joined(graph, rest, int(_find_tips(graph, branch)[0]))
            nodes = np.union1d(np.unique(graph.ends[rest]), _find_tips(graph, branch))
            other = np.setdiff1d(nodes, one)
            reach = spread_from(graph, *one.tolist(), most=cost)
            best = int(other[np.argmin(reach.cost[other])])
            way = reach.trace(best)
            if way is not None and way.cost < cost * (1.0 - _LESS):
                edges = _prune(graph, np.union1d(rest, way.edges), ends)
                done += number
                break
        else:
            return edges


def _find_tips(graph: WayGraph, branch: Whole) -> Whole:
    """Return the two nodes that a branch ends at."""
    nodes, times = np.unique(graph.ends[branch], return_counts=True)
    return nodes[times == 1]


def _list_branches(graph: WayGraph, edges: Whole, ends: list[int]) -> list[Whole]:
    """Return the branches of a tree, each the edges between two nodes that are ends or have not two edges."""
    nodes, place = np.unique(graph.ends[edges], return_inverse=True)
    pairs = place.reshape(-1, 2)
    leaving: list[list[int]] = [[] for _ in nodes]
    for number, (one, other) in enumerate(pairs.tolist()):
        leaving[one].append(number)
        leaving[other].append(number)
    is_key = (np.bincount(pairs.ravel()) != 2) | np.isin(nodes, ends)  # noqa: PLR2004 (edges of a node between)
    found, seen = [], set[int]()
    for key in np.flatnonzero(is_key).tolist():
        for number in leaving[key]:
            branch, here, last = list[int](), key, number
            while last not in seen:
                seen.add(last)
                branch.append(last)
                here = int(pairs[last].sum()) - here
                if not is_key[here]:
                    last = next(each for each in leaving[here] if each != last)
            if branch:
                found.append(edges[np.sort(branch)])
    return found


def _find_joined(graph: WayGraph, edges: Whole, node: int) -> Whole:
    """Return the nodes that edges join with one, itself among them, rising."""
    nodes, place = np.unique(np.append(graph.ends[edges].ravel(), node), return_inverse=True)
    pairs = place[:-1].reshape(-1, 2)
    links = coo_array((np.ones(len(pairs)), tuple(pairs.T)), shape=(len(nodes),) * 2)
    _, group = connected_components(links, directed=False)
    return nodes[group == group[place[-1]]]


def _find_homes(graph: WayGraph, reach: Reach, ends: list[int]) -> Whole:
    """Return the number of the nearest end of each node, -1 where none is reached; shape (n,)."""
    home = np.full(graph.n_nodes, -1, dtype=np.int64)
    home[ends] = np.arange(len(ends))
    reached = np.flatnonzero(reach.by >= 0)
    tails = np.arange(graph.n_nodes)
    tails[reached] = np.searchsorted(graph.arcs.first, reach.by[reached], side="right") - 1
    # Leaps that double: each node's tail, its tail's tail, and so on.
    while not np.array_equal(further := tails[tails], tails):
        tails = further
    return home[tails]


def _span(one: Whole, other: Whole, cost: Floats, n_nodes: int) -> Whole:
    """Return the places of links that span what they can at the least cost."""
    order = np.lexsort((np.arange(len(cost)), cost, other, one))
    pairs = one[order] * n_nodes + other[order]
    order = order[np.concatenate(([True], pairs[1:] != pairs[:-1]))] if len(order) else order
    # SciPy takes a link of no cost for none: their ranks do as well, from 1 up.
    rank = np.empty(len(order), dtype=np.float64)
    rank[np.lexsort((order, cost[order]))] = np.arange(1, len(order) + 1)
    links = coo_array((rank, (one[order], other[order])), shape=(n_nodes, n_nodes))
    chosen = minimum_spanning_tree(links.tocsr()).tocoo()
    by_rank = np.empty(len(order), dtype=np.int64)
    by_rank[rank.astype(np.int64) - 1] = order
    return by_rank[np.round(chosen.data).astype(np.int64) - 1]


def _prune(graph: WayGraph, edges: Whole, ends: list[int]) -> Whole:
    """Return what is left of edges without circles, and without branches that lead to no end."""
    nodes, place = np.unique(graph.ends[edges], return_inverse=True)
    pairs = place.reshape(-1, 2)
    low, high = pairs.min(axis=1), pairs.max(axis=1)
    kept = np.sort(_span(low, high, graph.cost[edges], len(nodes)))
    is_end = np.isin(nodes, ends)
    while True:
        times = np.bincount(pairs[kept].ravel(), minlength=len(nodes))
        is_loose = (times == 1) & ~is_end
        loose = is_loose[pairs[kept]].any(axis=1)
        if not loose.any():
            return edges[kept]
        kept = kept[~loose]


def _ascend(graph: WayGraph, ends: list[int]) -> tuple[float, Floats]:
    """Return what no tree costs less than, and what each arc has left to give, shape (2 m,)."""
    arcs = graph.arcs
    left = arcs.cost.copy()
    twins = np.empty(len(left), dtype=np.int64)
    pairs = np.argsort(arcs.edges, kind="stable").reshape(-1, 2)
    twins[pairs[:, 0]], twins[pairs[:, 1]] = pairs[:, 1], pairs[:, 0]
    root, waiting = ends[0], list(range(1, len(ends)))
    step = float(spread_from(graph, root).cost[ends].max()) / _ROUNDS
    nothing = _NOTHING * max(1.0, float(left.max(initial=0.0)))
    holds = np.zeros((len(ends), len(ends)), dtype=np.bool_)
    is_waiting = np.ones(len(ends), dtype=np.bool_)
    bound = 0.0
    while waiting:
        still = []
        for number in waiting:
            grown, is_joined = _grow(
                (arcs.first, arcs.heads, left, twins),
                np.array(ends),
                number,
                (step, nothing),
                is_waiting,
                holds,
            )
            bound += grown
            if is_joined:
                is_waiting[number] = False
            else:
                still.append(number)
        waiting = still
    return bound, left


@numba.njit(cache=True, nogil=True)
def _grow(  # noqa: C901, PLR0912 (one search, for a compiler)
    arcs: tuple[Whole, Short, Floats, Whole],
    ends: Whole,
    number: int,
    limits: tuple[float, float],
    is_waiting: Flags,
    holds: Flags,
) -> tuple[float, bool]:
    """Let the moat round an end grow, and take what it costs from the arcs into it.

    Whatever joins the end with the root enters each set of nodes nearer to the end than some
    distance below the root's; so as much is added to the bound as the moat grows.  Where arcs with nothing left
    lead from another end here, the other's moat grows first, and of two that hold each other that of the first
    end alone (Wong's root components); so does a moat stop where it meets another end.

    Parameters
    ----------
    arcs
        Where the arcs of each node begin and lead, see `steppe.routing.ways.way_graph.Arcs`; what each has left to
        give, less afterwards; and the arc the other way of each.
    ends
        All ends, the root first.
    number
        Of the end.
    limits
        How far it grows at the most; and what is no more than rounding leaves of a cost.
    is_waiting
        Which ends are not joined with the root, shape (ends,).
    holds
        Whose moats hold which other ends, shape (ends, ends); told of this one afterwards.

    Returns
    -------
    tuple
        How far it grew, and whether arcs with nothing left join the root with the end now.
    """
    first, heads, left, twins = arcs
    step, nothing = limits
    away = np.full(len(first) - 1, np.inf)
    reached = np.empty(len(first) - 1, dtype=np.int64)
    keys, items = np.empty(1024), np.empty(1024, dtype=np.int64)
    end = ends[number]
    away[end], reached[0], n_reached = 0.0, end, 1
    size = push(keys, items, 0, 0.0, end)
    grown, is_joined, is_held = step, False, False
    holds[number] = False
    while size > 0:
        so_far, node = keys[0], items[0]
        size = pop(keys, items, size)
        if so_far > away[node]:
            continue
        if so_far > 0.0 and is_held:
            return 0.0, False
        if node == ends[0]:
            grown, is_joined = so_far, True
            break
        for other in range(1, len(ends)):
            if ends[other] == node and other != number and is_waiting[other]:
                if so_far > 0.0:
                    grown = so_far
                else:
                    holds[number, other] = True
                    is_held |= not holds[other, number] or other < number
        if so_far > 0.0 and grown == so_far:
            break
        for arc in range(first[node], first[node + 1]):
            # Against the arcs that lead here.
            there, total = heads[arc], so_far + left[twins[arc]]
            if total <= step and total < away[there]:
                if away[there] == np.inf:
                    reached[n_reached] = there
                    n_reached += 1
                away[there] = total
                if size == len(keys):
                    keys, items = double(keys, items)
                size = push(keys, items, size, total, there)
    if is_held and not is_joined:
        return 0.0, False
    for place in range(n_reached):
        node = reached[place]
        if away[node] < grown:
            for arc in range(first[node], first[node + 1]):
                given = min(away[heads[arc]], grown) - away[node]
                if given > 0.0:
                    more = left[twins[arc]] - given
                    # What rounding leaves is nothing.
                    left[twins[arc]] = more if more > nothing else 0.0
    return grown, is_joined
