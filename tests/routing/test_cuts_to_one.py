"""Cables to cut to one node, beside a flow for each node by itself."""

from __future__ import annotations

import networkx as nx
from hypothesis import given, settings
from hypothesis import strategies as st

from steppe.routing.connectivity import local_edge_connectivity
from steppe.routing.cuts_to_one import count_cuts_to

NODES = [f"n{number}" for number in range(9)]
CABLES = st.lists(st.tuples(st.sampled_from(NODES), st.sampled_from(NODES)), max_size=26)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(CABLES, st.integers(1, 4))
def test_each_node_has_what_a_flow_of_its_own_gives(cables, most) -> None:
    graph: nx.MultiGraph[str] = nx.MultiGraph()
    graph.add_nodes_from(NODES)
    for number, (a, b) in enumerate(cables):
        graph.add_edge(a, b, key=str(number))
    flows = {node: local_edge_connectivity(graph, node, NODES[0]) for node in NODES[1:]}
    assert count_cuts_to(NODES[0], cables) == {node: n for node, n in flows.items() if n}
    limited = {node: min(n, most) for node, n in flows.items() if n}
    assert count_cuts_to(NODES[0], cables, most=most) == limited


def test_a_neck_near_the_target_counts_for_all_beyond_it() -> None:
    """Two rings of three cables a hop, joined by one cable of two: the far ring needs two cuts."""
    near, far = ["t", "a", "b"], ["x", "y", "z"]
    rings = [(ring[i], ring[i - 1]) for ring in (near, far) for i in range(3) for _ in range(3)]
    found = count_cuts_to("t", [*rings, ("a", "x"), ("b", "y")])
    assert found == {"a": 6, "b": 6, "x": 2, "y": 2, "z": 2}


def test_a_target_without_a_cable_is_cut_off_from_all() -> None:
    assert count_cuts_to("t", [("a", "b"), ("t", "t")]) == {}
