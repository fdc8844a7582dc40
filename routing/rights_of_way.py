"""Rights of way: the chains of corridors that a cable may lie in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, NamedTuple

import networkx as nx

from steppe.layers.wording import tell
from steppe.routing.backbone import Corridor
from steppe.routing.connectivity import local_edge_connectivity
from steppe.routing.disjoint import disjoint_routes
from steppe.routing.hops import cables_between
from steppe.routing.step_limit import TooMuchWorkError, Work

MAX_CHAINS = 256
CHAIN_STEPS = 250_000  # for the chains between two nodes; a tenth of a second

_Steps = Mapping[str, Mapping[Any, Any]]


class Chains(NamedTuple):
    """The chains of corridors that join two nodes and visit none twice.

    Parameters
    ----------
    ways
        The corridors of each.  Where not all are listed, as many as there are without a corridor in
        common are among them.
    reach
        Corridors that lie in some chain, listed or not.
    is_whole
        Whether every chain is listed.
    """

    ways: tuple[frozenset[str], ...]
    reach: frozenset[str]
    is_whole: bool


class RightsOfWay:
    """The corridors of a plan as a graph, and the chains between any two of its nodes."""

    def __init__(self, corridors: Iterable[Corridor]) -> None:
        self._corridors = sorted(corridors, key=lambda corridor: corridor.corridor_id)
        self._graph: nx.MultiGraph[str] = nx.MultiGraph()
        for each in self._corridors:
            km = dict.fromkeys(("low_km", "length_km", "high_km"), each.length_km)
            self._graph.add_edge(each.from_node, each.to_node, key=each.corridor_id, **km)
        self._known: dict[tuple[str, str], Chains] = {}

    def find_chains(self, ends: tuple[str, str]) -> Chains:
        """Return the chains that join two different nodes, `MAX_CHAINS` at most."""
        if ends not in self._known:
            self._known[ends] = self._find(*ends)
        return self._known[ends]

    def _find(self, a: str, b: str) -> Chains:
        if a not in self._graph or b not in self._graph or not nx.has_path(self._graph, a, b):
            return Chains((), frozenset(), is_whole=True)
        leading = cables_between(
            self._corridors, a, b, ends=lambda each: (each.from_node, each.to_node)
        )
        reach = frozenset(each.corridor_id for each in leading)
        block: nx.MultiGraph[str] = nx.MultiGraph()
        for each in leading:
            ends = each.from_node, each.to_node
            block.add_edge(
                *ends, key=each.corridor_id, **self._graph.edges[*ends, each.corridor_id]
            )
        work = Work(CHAIN_STEPS, tell("work.ways", a=a, b=b))
        chains = (frozenset(way) for way in simple_routes(block, a, b, work))
        found: dict[frozenset[str], None] = {}
        try:
            found |= dict.fromkeys(islice(chains, MAX_CHAINS + 1))
            is_whole = len(found) <= MAX_CHAINS
        except TooMuchWorkError:
            is_whole = False
        if not is_whole:
            apart = disjoint_routes(block, a, b, k=local_edge_connectivity(block, a, b))
            routes = apart.routes if apart is not None else ()
            found = dict.fromkeys((*(frozenset(route.cables) for route in routes), *found))
        return Chains(tuple(islice(found, MAX_CHAINS)), reach, is_whole)


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
