"""Edge counts: how many cables must be cut to part any two nodes of one graph, asked for many pairs."""

from __future__ import annotations

from collections import Counter
from functools import cached_property

import networkx as nx

from steppe.routing.connectivity import local_edge_connectivity
from steppe.routing.cut_pairs import group_nodes
from steppe.routing.cuts_to_one import count_cuts_to

_FEW = 3  # the groups tell up to so many
_OFTEN = 4  # questions to one node, from which on those of all nodes are answered in one go


class EdgeCounts:
    """How many cables part two nodes: up to three by the groups that they are in, more by a flow.

    The flows of all nodes to one that is asked for often are found together.

    Parameters
    ----------
    graph
        As of `steppe.routing.connectivity`; not changed any more.
    """

    def __init__(self, graph: nx.MultiGraph[str]) -> None:
        self._graph = graph
        self._known: dict[tuple[str, str], int] = {}
        self._asked: Counter[str] = Counter()
        self._to: dict[str, dict[str, int]] = {}
        self._degree = {
            node: sum(len(cables) for there, cables in links.items() if there != node)
            for node, links in graph.adjacency()
        }

    @cached_property
    def _groups(self) -> dict[str, tuple[int, int, int]]:
        return group_nodes(self._graph)

    def between(self, a: str, b: str, *, most: int | None = None) -> int:
        """Return how many cables must be cut to part two nodes, no more than are asked for.

        Nodes that the graph does not have are apart.

        Parameters
        ----------
        a, b
            Two different nodes.
        most
            A number beyond which the answer does not matter; None for none.

        Raises
        ------
        ValueError
            When both nodes are the same.
        """
        if a == b:
            msg = f"two nodes are needed, both are {a}"
            raise ValueError(msg)
        if a not in self._degree or b not in self._degree:
            return 0
        least = min(self._degree[a], self._degree[b])
        least = least if most is None else min(least, most)
        alike = [one == other for one, other in zip(self._groups[a], self._groups[b], strict=True)]
        if not all(alike):
            return min(least, alike.index(False))
        return least if least <= _FEW else min(least, self._count(a, b))

    def _count(self, a: str, b: str) -> int:
        for here, there in ((a, b), (b, a)):
            if there in self._to:
                return self._to[there][here]
        ends = min(a, b), max(a, b)
        if ends not in self._known:
            self._asked.update(ends)
            often = [end for end in ends if self._asked[end] >= _OFTEN]
            if often:
                self._to[often[0]] = count_cuts_to(often[0], self._graph.edges())
                return self._count(a, b)
            self._known[ends] = local_edge_connectivity(self._graph, *ends)
        return self._known[ends]
