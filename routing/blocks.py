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
        self._tree: nx.Graph[_Place] = nx.Graph()
        block_of: dict[tuple[str, str], int] = {}
        for number, edges in enumerate(nx.biconnected_component_edges(graph)):
            for a, b in edges:
                block_of[min(a, b), max(a, b)] = number
                self._tree.add_edges_from(((a, number), (b, number)))
        self._links = [(link, block_of[min(pair), max(pair)]) for link, pair in leading]

    def find_path(self, a: str, b: str) -> frozenset[int]:
        """Return the blocks that lie between two different nodes; none when they are apart."""
        if a not in self._tree or b not in self._tree or not nx.has_path(self._tree, a, b):
            return frozenset()
        path = nx.bidirectional_shortest_path(self._tree, a, b)
        return frozenset(place for place in path if isinstance(place, int))

    def list_links(self, path: frozenset[int]) -> list[_Link]:
        """Return the links of some blocks, in the order given."""
        return [link for link, block in self._links if block in path]
