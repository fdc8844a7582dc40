"""Shortest ways and disjoint pairs: published cases, brute force, and the backbone's own flow."""

from __future__ import annotations

from itertools import combinations_with_replacement

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from steppe.routing.ways.disjoint_pair import find_disjoint_pair
from steppe.routing.ways.shortest import find_shortest, spread_from

# Cases of JGraphT's tests for Suurballe and Bhandari (start and end apart from the edges), a trap
# for whoever removes the shortest way first, and a textbook's; with what both ways cost.
PUBLISHED = [
    ("1-2:1 2-3:1 3-4:1 1-5:3 5-3:3 2-6:2 6-4:2", 1, 4, 12.0),
    ("0-1:1 1-2:1 2-3:1 0-2:2 1-3:2", 0, 3, 6.0),
    ("0-1:1 0-2:2 1-3:1 1-4:2 2-3:2 3-5:1 4-5:2", 0, 5, 10.0),
]


@pytest.mark.parametrize(("text", "start", "end", "cost"), PUBLISHED)
@pytest.mark.parametrize("apart_in_nodes", [False, True])
def test_published_pairs(graph_of_edges, text, start, end, cost, apart_in_nodes):
    edges = [
        (*map(int, pair.split("-")), float(km))
        for pair, km in (word.split(":") for word in text.split())
    ]
    graph = graph_of_edges(edges)
    for ends in ((start, end), (end, start)):
        pair = find_disjoint_pair(graph, *ends, apart_in_nodes=apart_in_nodes)
        assert pair.cost == cost
        assert not set(pair.first.edges) & set(pair.second.edges)


def _least(graph, ways, apart_in_nodes):
    best = np.inf
    for (nodes, edges), (other_nodes, other_edges) in combinations_with_replacement(ways, 2):
        if set(edges) & set(other_edges):
            continue
        if apart_in_nodes and set(nodes[1:-1]) & set(other_nodes[1:-1]):
            continue
        best = min(best, graph.cost[edges].sum() + graph.cost[other_edges].sum())
    return best


@given(data=st.data(), apart_in_nodes=st.booleans())
def test_every_small_pair_is_the_best_of_all(small_graphs, all_ways, data, apart_in_nodes):
    graph = data.draw(small_graphs())
    ways = all_ways(graph, 0, 1)
    pair = find_disjoint_pair(graph, 0, 1, apart_in_nodes=apart_in_nodes)
    least = _least(graph, ways, apart_in_nodes)
    assert (np.inf if pair is None else pair.cost) == least
    if pair is not None:
        for way in (pair.first, pair.second):
            assert (way.nodes.tolist(), way.edges.tolist()) in ways
        assert not set(pair.first.edges) & set(pair.second.edges)
        between = set(pair.first.nodes[1:-1]) & set(pair.second.nodes[1:-1])
        assert not (apart_in_nodes and between)


@given(data=st.data())
def test_the_shortest_way_costs_what_networkx_finds(small_graphs, data):
    graph = data.draw(small_graphs())
    known = nx.MultiGraph()
    known.add_nodes_from(range(graph.n_nodes))
    known.add_weighted_edges_from(
        (one, other, cost)
        for (one, other), cost in zip(graph.ends.tolist(), graph.cost.tolist(), strict=True)
    )
    costs = nx.single_source_dijkstra_path_length(known, 0)
    reach = spread_from(graph, 0)
    for node in range(graph.n_nodes):
        assert reach.cost[node] == costs.get(node, np.inf)
        way, traced = find_shortest(graph, 0, node), reach.trace(node)
        if node not in costs:
            assert way is None
            assert traced is None
            continue
        assert way.cost == traced.cost == costs[node]
        assert graph.ends[way.edges].sum() == way.nodes[:-1].sum() + way.nodes[1:].sum()


def test_parallel_edges_are_ways_of_their_own(graph_of_edges):
    graph = graph_of_edges([(0, 1, 480.0), (0, 1, 500.0), (0, 1, 530.0)])
    pair = find_disjoint_pair(graph, 0, 1, apart_in_nodes=True)
    assert (pair.first.cost, pair.second.cost) == (480.0, 500.0)


def test_what_is_no_question_is_refused(graph_of_edges):
    graph = graph_of_edges([(0, 1, 1.0)])
    assert find_disjoint_pair(graph, 0, 1) is None
    with pytest.raises(ValueError, match="both are 0"):
        find_disjoint_pair(graph, 0, 0)
    with pytest.raises(ValueError, match="none of the 2"):
        find_shortest(graph, 0, 7)
    with pytest.raises(ValueError, match="from 0 up"):
        graph_of_edges([(0, 1, -1.0)])
