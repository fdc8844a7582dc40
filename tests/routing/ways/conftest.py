"""Small graphs of ways, and all simple ways through them, one by one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import strategies as st

from steppe.routing.ways.way_graph import WayGraph


def _build(edges, xy_km=None, n_nodes=None):
    """Make a graph of (node, node, cost); the length of an edge is its cost."""
    ends = np.array([edge[:2] for edge in edges], dtype=np.int64).reshape(-1, 2)
    cost = np.array([edge[2] for edge in edges], dtype=float)
    if xy_km is None:
        n_nodes = int(ends.max()) + 1 if n_nodes is None else n_nodes
        xy_km = np.zeros((n_nodes, 2))
    return WayGraph(ends, cost, cost, np.asarray(xy_km, dtype=float))


@pytest.fixture(scope="session")
def graph_of_edges():
    return _build


def _all_ways(graph, start, end):
    """Return (nodes, edges) of every way that passes no node twice."""
    leaving = {node: [] for node in range(graph.n_nodes)}
    for edge, (one, other) in enumerate(graph.ends.tolist()):
        if one != other:
            leaving[one].append((edge, other))
            leaving[other].append((edge, one))
    found, stack = [], [([start], [])]
    while stack:
        nodes, edges = stack.pop()
        if nodes[-1] == end:
            found.append((nodes, edges))
            continue
        stack += [
            ([*nodes, there], [*edges, edge])
            for edge, there in leaving[nodes[-1]]
            if there not in nodes
        ]
    return found


@pytest.fixture(scope="session")
def all_ways():
    return _all_ways


@pytest.fixture(scope="session")
def small_graphs():
    """Multigraphs of up to 7 nodes that lie somewhere in a square of 6 km."""

    @st.composite
    def draw_graph(draw, most_edges=13):
        n_nodes = draw(st.integers(2, 7))
        node = st.integers(0, n_nodes - 1)
        edges = draw(
            st.lists(st.tuples(node, node, st.integers(0, 9)), min_size=1, max_size=most_edges)
        )
        place = st.tuples(st.integers(0, 6), st.integers(0, 6))
        xy_km = draw(st.lists(place, min_size=n_nodes, max_size=n_nodes))
        return _build(edges, xy_km)

    return draw_graph
