"""Blocks: the 2-connected parts of a network, and which of its links lead from one node to another."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

import networkx as nx

_Link = TypeVar("_Link")
_Place = str | int
"""A node by its id, or a block by its number."""


class Blocks(Generic[_Link]):
    """The blocks of a network, found once for the questions of all pairs of nodes.

    Parameters
    ----------
    links
        Links in any form; those from a node to itself lead nowhere.
    ends
        Tells the two ends of a link.
    """

    def __init__(self, links: Iterable[_Link], ends: Callable[[_Link], tuple[str, str]]) -> None:
        both = [(link, ends(link)) for link in links]
        leading = [(link, pair) for link, pair in both if pair[0] != pair[1]]
        graph: nx.Graph[str] = nx.Graph(pair for _, pair in leading)
        # Of nodes and the blocks that they are in: without circles.
        tree: nx.Graph[_Place] = nx.Graph()
        block_of: dict[tuple[str, str], int] = {}
        for number, edges in enumerate(nx.biconnected_component_edges(graph)):
            for a, b in edges:
                block_of[min(a, b), max(a, b)] = number
                tree.add_edges_from(((a, number), (b, number)))
        self._links = [(link, block_of[min(pair), max(pair)]) for link, pair in leading]
        self._above, self._depth = _hang(tree)

    def find_path(self, a: str, b: str) -> frozenset[int]:
        """Return the blocks that lie between two different nodes; none when they are apart."""
        if a not in self._depth or b not in self._depth:
            return frozenset()
        path = list[_Place]()
        one: _Place | None = a
        other: _Place | None = b
        while one != other:
            if one is None or other is None:
                return frozenset()
            if self._depth[one] < self._depth[other]:
                one, other = other, one
            path.append(one)
            one = self._above[one]
        if one is None:
            return frozenset()
        return frozenset(place for place in (*path, one) if isinstance(place, int))

    def list_links(self, path: frozenset[int]) -> list[_Link]:
        """Return the links of some blocks, in the order given."""
        return [link for link, block in self._links if block in path]


def _hang(tree: nx.Graph[_Place]) -> tuple[dict[_Place, _Place | None], dict[_Place, int]]:
    """Return what each place of some trees hangs on, None for the roots, and how deep it hangs."""
    above: dict[_Place, _Place | None] = {}
    depth: dict[_Place, int] = {}
    for root in tree:
        if root in depth:
            continue
        above[root], depth[root] = None, 0
        queue: list[_Place] = [root]
        for here in queue:
            for there in tree[here]:
                if there not in depth:
                    above[there], depth[there] = here, depth[here] + 1
                    queue.append(there)
    return above, depth
