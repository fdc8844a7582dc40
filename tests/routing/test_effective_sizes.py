"""Effective routes of networks of a size at which no list of routes can be made."""

from __future__ import annotations

import random
from itertools import pairwise

import networkx as nx
import pytest

from steppe.routing.backbone import Corridor
from steppe.routing.redundancy import EffectiveRoutes, cut_range
from steppe.routing.risk_disjoint import risk_disjoint_routes
from steppe.routing.step_limit import Work


@pytest.fixture
def network(make_cable):
    """Any number of nodes, corridors and cables; a cable follows a chain of corridors."""

    def make(n_nodes: int, n_corridors: int, n_cables: int, *, said: float = 1.0):
        chance = random.Random(14)
        ends = [(number, chance.randrange(number)) for number in range(1, n_nodes)]
        ends += [tuple(chance.sample(range(n_nodes), 2)) for _ in range(n_nodes - 1, n_corridors)]
        graph = nx.Graph()
        for number, (start, end) in enumerate(ends):
            graph.add_edge(start, end, key=f"k{number}", drawn=chance.random())
        corridors = [
            Corridor(f"k{number}", f"n{start}", f"n{end}", 100)
            for number, (start, end) in enumerate(ends)
        ]
        cables = []
        for number in range(n_cables):
            start, end = chance.sample(range(n_nodes), 2)
            chain = nx.shortest_path(graph, start, end, weight="drawn" if number % 2 else None)
            cables.append(
                make_cable(
                    f"c{number}",
                    f"n{start}",
                    f"n{end}",
                    corridors=tuple(graph.edges[hop]["key"] for hop in pairwise(chain)),
                    corridor_basis="said" if chance.random() < said else "assumed",
                )
            )
        return cables, corridors

    return make


def test_fifty_said_cables_are_counted_exactly(network, graph_of) -> None:
    """20 nodes, 31 corridors: all 19 pairs, held against the search for two routes apart."""
    cables, corridors = network(20, 31, 50)
    graph = graph_of(cables)
    inside = {
        corridor.corridor_id: {
            cable.cable_id for cable in cables if corridor.corridor_id in cable.corridors
        }
        for corridor in corridors
    }
    hub, *others = sorted(graph, key=lambda node: (-graph.degree(node), node))
    assert len(others) == 19
    routes = EffectiveRoutes(cables, corridors)
    counts = {node: routes.between(hub, node) for node in others}
    assert all(count.is_exact and count.low == count.high for count in counts.values())
    assert max(count.low for count in counts.values()) > 1
    for node, count in counts.items():
        assert count.low <= cut_range(cables, hub, node)[0]
        best = risk_disjoint_routes(graph, hub, node, inside)
        assert best.is_exact
        assert (count.low > 1) == (not best.shared), node


def test_a_thousand_cables_have_their_bounds(network) -> None:
    cables, corridors = network(200, 300, 1000, said=0.5)
    routes = EffectiveRoutes(cables, corridors)
    sure = EffectiveRoutes([cable for cable in cables if cable.corridor_basis == "said"], corridors)
    for node in (1, 199):
        found = routes.between("n0", f"n{node}")
        assert 1 <= found.low <= found.high <= cut_range(cables, "n0", f"n{node}")[1]
        # Whatever the assumed ones do, those of said corridors are there for the high end.
        assert found.high >= sure.between("n0", f"n{node}").low
        poor = routes.between("n0", f"n{node}", work=Work(0, "the count"))
        assert poor.low <= found.low
        assert found.high <= poor.high
