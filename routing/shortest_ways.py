"""Shortest routes from many nodes to a few: what leads nowhere near a shortest one is not looked at."""

from __future__ import annotations

import heapq
import math
from collections.abc import Collection, Sequence
from typing import Any

import networkx as nx

from steppe.routing.latency import Route, length_matrix, shortest_route

# Sums of the same kilometres in another order differ by less, and millimetres of any hops.
_ROUNDING, _ROUNDING_KM = 1e-9, 1e-4
# From so few ends a plain search is done before SciPy's is loaded.
_FEW = 8


class ShortestWays:
    """The routes of `shortest_route`, for pairs of which one end is often the same.

    Parameters
    ----------
    graph
        The backbone.
    ends
        Nodes to which many routes are asked: how far each node is from them is found once.
    """

    def __init__(self, graph: nx.MultiGraph[str], ends: Collection[str]) -> None:
        self._graph = graph
        self._links: dict[str, Any] = dict(graph.adjacency())
        known = [end for end in ends if end in graph]
        self._km = _spread_few(graph, known) if len(known) <= _FEW else _spread_many(graph, known)

    def find(self, a: str, b: str) -> Route | None:
        """Return the shortest route between two nodes, as `shortest_route` does.

        Raises
        ------
        InputError
            For a node that the graph does not have.
        """
        for start, end in ((a, b), (b, a)):
            if end in self._km and start in self._links:
                return shortest_route(self._graph, a, b, links=self._lead(start, end))
        return shortest_route(self._graph, a, b)

    def _lead(self, start: str, end: str) -> dict[str, Any]:
        """Return the hops that lie on a shortest route from a node to an end, both ways."""
        km = self._km[end]
        kept: dict[str, dict[str, Any]] = {start: {}, end: {}}
        if km[start] == math.inf:
            return kept
        nodes, seen = [start], {start}
        for near in nodes:
            most_km = km[near] * (1.0 + _ROUNDING) + _ROUNDING_KM
            for far, parallel in self._links[near].items():
                hop_km = min(data["length_km"] for data in parallel.values())
                if km[far] + hop_km > most_km:
                    continue
                if far not in seen:
                    seen.add(far)
                    nodes.append(far)
                    kept.setdefault(far, {})
                kept[near][far] = kept[far][near] = parallel
        return kept


def _spread_few(graph: nx.MultiGraph[str], ends: Sequence[str]) -> dict[str, dict[str, float]]:
    """Return by end how many kilometres each node is from it; infinite where no route is."""
    hops = {
        here: [
            (there, min(data["length_km"] for data in parallel.values()))
            for there, parallel in links.items()
        ]
        for here, links in graph.adjacency()
    }
    return {end: _spread(hops, end) for end in ends}


def _spread(hops: dict[str, list[tuple[str, float]]], end: str) -> dict[str, float]:
    km = dict.fromkeys(hops, math.inf)
    km[end] = 0.0
    queue = [(0.0, end)]
    while queue:
        here_km, here = heapq.heappop(queue)
        if here_km > km[here]:
            continue
        for there, hop_km in hops[here]:
            if here_km + hop_km < km[there]:
                km[there] = here_km + hop_km
                heapq.heappush(queue, (km[there], there))
    return km


def _spread_many(graph: nx.MultiGraph[str], ends: Sequence[str]) -> dict[str, dict[str, float]]:
    """Do the same with SciPy."""
    from scipy.sparse.csgraph import dijkstra  # noqa: PLC0415 (it loads slowly)

    nodes, matrix = length_matrix(graph)
    place = {node: number for number, node in enumerate(nodes)}
    found = dijkstra(matrix, directed=True, indices=[place[end] for end in ends])
    return {
        end: dict(zip(nodes, row.tolist(), strict=True))
        for end, row in zip(ends, found, strict=True)
    }
