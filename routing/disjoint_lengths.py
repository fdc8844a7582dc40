"""All pairs of disjoint routes: the fewest kilometres of two that share no cable.

After Suurballe and Tarjan (1984, A quick method for finding shortest pairs of disjoint
paths, Networks 14, 325-336).  From a source, with a tree of shortest routes, a step from u
to w over a cable of c km costs c + dist(u) - dist(w) more than going by the tree.  The
second route of the best pair to t is `extra(t)` longer than the first, so that the pair has
2 dist(t) + extra(t) km.

The paper labels nodes in the order of `extra`.  A labelled node splits the part of the tree
that it lies in, and every step off the tree whose ends part thereby offers the node that
it leads to the label's value plus its own cost.  The ends of a step part when the first of
the nodes between them on the tree is labelled.  So

    extra(w) = min over steps (u, w) off the tree and nodes v other than w on the tree's
               way from u to w, u included, of extra(v) + cost(u, w);  extra(source) = 0

which is a shortest-route problem on arcs (v, w).  Solved as that, the arcs of many sources
are written down by array operations at once, instead of splitting tree after tree.

A cable is two steps, one each way.  A pair that took both would be shorter without them, so
the best pair never shares a cable.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

if TYPE_CHECKING:
    import networkx as nx
    from numpy.typing import NDArray

# Cables times sources that are worked on together: some hundred megabytes at most.
BATCH = 100_000


@dataclass(frozen=True)
class _Cables:
    """The two shortest cables of each hop, by the places of their ends; arrays of shape (m,).

    No pair of routes takes a third one, and none a cable from a node to itself.
    """

    start: NDArray[np.int64]
    end: NDArray[np.int64]
    km: NDArray[np.float64]
    is_shortest: NDArray[np.bool_]


def all_pairs_disjoint_km(
    graph: nx.MultiGraph[str],
) -> tuple[tuple[str, ...], NDArray[np.float64]]:
    """Return the least total kilometres of two routes without a common cable, for all pairs.

    Parameters
    ----------
    graph
        Cables as edges with `length_km`, not negative; parallel cables, cables of no length
        and cables from a node to itself are all right.

    Returns
    -------
    tuple
        The n nodes in the order of the graph, and shape (n, n): kilometres of both routes
        together, infinite where there are no two, 0 on the diagonal; symmetric.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.MultiGraph()
    >>> for key, length_km in (("x", 480), ("y", 500), ("z", 530)):
    ...     _ = graph.add_edge("a", "b", key=key, length_km=length_km)
    >>> float(all_pairs_disjoint_km(graph)[1][0, 1])
    980.0
    """
    nodes = tuple(graph)
    n_nodes = len(nodes)
    cables = _shortest_two(graph, nodes)
    km = np.full((n_nodes, n_nodes), np.inf)
    np.fill_diagonal(km, 0.0)
    if not len(cables.km):
        return nodes, km
    one = cables.is_shortest
    hops = csr_array((cables.km[one], (cables.start[one], cables.end[one])), shape=km.shape)
    dist, before = dijkstra(hops, directed=False, return_predecessors=True)
    n_together = max(1, BATCH // len(cables.km))
    for first in range(0, n_nodes, n_together):
        sources = np.arange(first, min(n_nodes, first + n_together))
        extra = _extra(cables, sources, dist[sources], before[sources].astype(np.int64))
        km[sources] = 2.0 * dist[sources] + extra
    # Both directions are the same pair; they differ by rounding only.
    return nodes, np.minimum(km, km.T)


def _shortest_two(graph: nx.MultiGraph[str], nodes: tuple[str, ...]) -> _Cables:
    place = {node: index for index, node in enumerate(nodes)}
    found = [
        (place[here], place[there], length_km, rank == 0)
        for here, links in graph.adjacency()
        for there, parallel in links.items()
        if place[here] < place[there]
        for rank, length_km in enumerate(
            sorted([float(data["length_km"]) for data in parallel.values()])[:2]
        )
    ]
    start, end, km, is_shortest = zip(*found, strict=True) if found else ((), (), (), ())
    return _Cables(
        np.array(start, dtype=np.int64),
        np.array(end, dtype=np.int64),
        np.array(km, dtype=np.float64),
        np.array(is_shortest, dtype=np.bool_),
    )


def _extra(
    cables: _Cables,
    sources: NDArray[np.int64],
    dist: NDArray[np.float64],
    before: NDArray[np.int64],
) -> NDArray[np.float64]:
    """Return what the second route costs more than the first.

    Parameters
    ----------
    sources
        Shape (s,).
    dist, before
        Kilometres from the sources, and the node before on the tree (negative for none);
        shape (s, n).

    Returns
    -------
    NDArray
        Shape (s, n), kilometres.
    """
    # Each source has a copy of all nodes, so that one search serves all.
    offset = np.arange(len(sources)) * dist.shape[1]
    own = np.arange(dist.size)
    parent = np.where(before < 0, own.reshape(dist.shape), before + offset[:, None]).ravel()
    km_to = dist.ravel()
    start = (offset[:, None] + cables.start).ravel()
    end = (offset[:, None] + cables.end).ravel()
    reached = np.isfinite(km_to[start])
    start, end = start[reached], end[reached]
    km = np.tile(cables.km, len(sources))[reached]
    is_shortest = np.tile(cables.is_shortest, len(sources))[reached]
    # What is a hair below zero is rounding.  A step of the tree is no step off it.
    to_end = np.maximum(km + km_to[start] - km_to[end], 0.0)
    to_end[is_shortest & (parent[end] == start)] = np.inf
    to_start = np.maximum(km + km_to[end] - km_to[start], 0.0)
    to_start[is_shortest & (parent[start] == end)] = np.inf
    tails, heads, costs = _arcs(parent, (start, end), (to_start, to_end))
    # Written row by row: a conversion would add arcs up that join the same two nodes.
    order = np.argsort(tails, kind="stable")
    rows = np.concatenate([[0], np.cumsum(np.bincount(tails, minlength=dist.size))])
    arcs = csr_array((costs[order], heads[order], rows), shape=(dist.size, dist.size))
    found = dijkstra(arcs, directed=True, indices=offset + sources, min_only=True)
    return found.reshape(dist.shape)


def _arcs(
    parent: NDArray[np.int64],
    ends: tuple[NDArray[np.int64], NDArray[np.int64]],
    costs: tuple[NDArray[np.float64], NDArray[np.float64]],
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Return tails, heads and costs of the arcs from the nodes between two ends to either.

    Both ends climb the tree, the deeper one first, until they meet.

    Parameters
    ----------
    parent
        The node above on the tree, a root's own self above it; shape (nodes,).
    ends
        The two ends of each cable.
    costs
        Of the step to either end, infinite where it is a step of the tree.
    """
    depth = _depth(parent)
    parts = []
    low, high = ends
    heads = list(zip(ends, costs, strict=True))
    while len(low):
        climbs = depth[low] >= depth[high]
        between = np.where(climbs, low, high)
        for head, cost in heads:
            kept = (between != head) & np.isfinite(cost)
            parts.append((between[kept], head[kept], cost[kept]))
        apart = low != high
        low = np.where(climbs, parent[low], low)[apart]
        high = np.where(climbs, high, parent[high])[apart]
        heads = [(head[apart], cost[apart]) for head, cost in heads]
    tails, tips, spent = zip(*parts, strict=True)
    return np.concatenate(tails), np.concatenate(tips), np.concatenate(spent)


def _depth(parent: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the number of steps up to the root, by leaps that double."""
    above = parent
    depth = (above != np.arange(len(above))).astype(np.int64)
    while True:
        deeper = depth + depth[above]
        if np.array_equal(deeper, depth):
            return depth
        depth, above = deeper, above[above]
