"""Shortest routes from many nodes to a few: what leads nowhere near a shortest one is not looked at."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np
from scipy.sparse.csgraph import dijkstra

from steppe.routing.latency import Route, length_matrix, shortest_route

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Sums of the same kilometres in another order differ by less, and millimetres of any hops.
_ROUNDING, _ROUNDING_KM = 1e-9, 1e-4


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
        self._km: dict[str, dict[str, float]] = {}
        if known:
            nodes, matrix = length_matrix(graph)
            place = {node: number for number, node in enumerate(nodes)}
            found: NDArray[np.float64] = dijkstra(
                matrix, directed=True, indices=[place[end] for end in known]
            )
            self._km = {
                end: dict(zip(nodes, row.tolist(), strict=True))
                for end, row in zip(known, found, strict=True)
            }

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
        if km[start] == np.inf:
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
