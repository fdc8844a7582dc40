"""Rights of way: the chains of corridors that a cable may lie in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import islice
from typing import Any, NamedTuple

import networkx as nx

from steppe.layers.wording import tell
from steppe.routing.backbone import Corridor
from steppe.routing.blocks import Blocks
from steppe.routing.connectivity import disjoint_ways
from steppe.routing.step_limit import TooMuchWorkError, Work

MAX_CHAINS = 256
FEW_CHAINS = 16
CHAIN_STEPS = 100_000  # for the chains between two nodes; some twenty milliseconds
MAX_CIRCLES = 20  # a block with more of them has more chains than are listed

_Steps = Mapping[str, Mapping[Any, Any]]


class Chains(NamedTuple):
    """The chains of corridors that join two nodes and visit none twice.

    Parameters
    ----------
    ways
        The corridors of each.  Where not all are listed they are few, but as many as there are without
        a corridor in common are among them.
    is_whole
        Whether every chain is listed.
    """

    ways: tuple[frozenset[str], ...] = ()
    is_whole: bool = True


class RightsOfWay:
    """The corridors of a plan as a graph, and the chains between any two of its nodes."""

    def __init__(self, corridors: Iterable[Corridor]) -> None:
        ordered = sorted(corridors, key=lambda corridor: corridor.corridor_id)
        self._blocks = Blocks(ordered, lambda corridor: (corridor.from_node, corridor.to_node))
        self._path: dict[tuple[str, str], frozenset[int]] = {}
        self._reach: dict[frozenset[int], frozenset[str]] = {}
        self._graphs: dict[frozenset[int], tuple[nx.MultiGraph[str], int]] = {}
        self._known: dict[tuple[str, str], Chains] = {}

    def find_reach(self, ends: tuple[str, str]) -> frozenset[str]:
        """Return the corridors that lie in some chain between two different nodes."""
        if ends not in self._path:
            self._path[ends] = self._blocks.find_path(*ends)
        path = self._path[ends]
        if path not in self._reach:
            corridors = self._blocks.list_links(path)
            self._reach[path] = frozenset(corridor.corridor_id for corridor in corridors)
        return self._reach[path]

    def find_chains(self, ends: tuple[str, str]) -> Chains:
        """Return the chains that join two different nodes, `MAX_CHAINS` at most."""
        if ends not in self._known:
            path = self._blocks.find_path(*ends)
            self._known[ends] = _list_chains(*self._graph(path), *ends) if path else Chains()
        return self._known[ends]

    def _graph(self, path: frozenset[int]) -> tuple[nx.MultiGraph[str], int]:
        if path not in self._graphs:
            graph: nx.MultiGraph[str] = nx.MultiGraph()
            for each in self._blocks.list_links(path):
                graph.add_edge(each.from_node, each.to_node, key=each.corridor_id)
            self._graphs[path] = graph, graph.number_of_edges() - graph.number_of_nodes()
        return self._graphs[path]


def _list_chains(graph: nx.MultiGraph[str], n_circles: int, a: str, b: str) -> Chains:
    found: dict[frozenset[str], None] = {}
    if n_circles < MAX_CIRCLES:
        chains = map(
            frozenset, simple_routes(graph, a, b, Work(CHAIN_STEPS, tell("work.ways", a=a, b=b)))
        )
        with suppress(TooMuchWorkError):
            found |= dict.fromkeys(islice(chains, MAX_CHAINS + 1))
            if len(found) <= MAX_CHAINS:
                return Chains(tuple(found))
    apart = [frozenset(way) for way in disjoint_ways(graph, a, b)]
    few = dict.fromkeys([*apart, *found])
    return Chains(tuple(islice(few, max(FEW_CHAINS, len(apart)))), is_whole=False)


def simple_routes(
    graph: nx.MultiGraph[str], a: str, b: str, work: Work
) -> Iterator[tuple[Any, ...]]:
    """Yield every route that visits no node twice, as its edge keys in order.

    Only steps from which `b` can still be reached are taken, so that the work grows with
    the number of routes alone.

    Raises
    ------
    TooMuchWorkError
        When the work is done.
    """
    links = dict(graph.adjacency())
    if a not in links or b not in links:
        return
    if a == b:
        yield ()
        return
    ahead = _Ahead(links, a, b, work)
    trail: list[tuple[str, Any]] = []
    choices = [ahead.choose(a)]
    while choices:
        step = next(choices[-1], None)
        if step is None:
            choices.pop()
            if trail:
                ahead.passed.remove(trail.pop()[0])
        elif step[0] == b:
            yield (*(key for _, key in trail), step[1])
        else:
            trail.append(step)
            ahead.passed.add(step[0])
            choices.append(ahead.choose(step[0]))


class _Ahead:
    """What lies ahead of a route to `b` that has passed some nodes."""

    def __init__(self, links: Mapping[str, _Steps], a: str, b: str, work: Work) -> None:
        self._links, self._b, self._work = links, b, work
        self.passed = {a}

    def choose(self, here: str) -> Iterator[tuple[str, Any]]:
        """Yield the steps from a node from which `b` can still be reached."""
        for there, keys in self._links[here].items():
            if there not in self.passed and self._reaches(there):
                for key in keys:
                    yield there, key

    def _reaches(self, node: str) -> bool:
        seen, queue = {node} | self.passed, [node]
        for here in queue:
            self._work.spend(1 + len(self._links[here]))
            if here == self._b:
                return True
            fresh = [there for there in self._links[here] if there not in seen]
            seen.update(fresh)
            queue.extend(fresh)
        return False
