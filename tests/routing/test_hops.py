"""Cables between two nodes: those of every route that repeats no node, and no others."""

from __future__ import annotations

import networkx as nx
from hypothesis import given
from hypothesis import strategies as st

from steppe.routing.hops import cables_between


@given(data=st.data())
def test_cables_between_are_those_of_all_simple_routes(multigraphs, data):
    graph = data.draw(multigraphs)
    a, b = data.draw(st.permutations(list(graph)))[:2]
    cables = list(graph.edges(keys=True))
    on_a_route = {key for way in nx.all_simple_edge_paths(graph, a, b) for *_, key in way}
    found = cables_between(cables, a, b, ends=lambda cable: cable[:2])
    assert found == [cable for cable in cables if cable[2] in on_a_route]


def test_a_spur_a_cable_to_itself_and_another_part_lead_nowhere():
    cables = [("spur", "B", "C"), ("loop", "A", "A"), ("far", "X", "Y"), ("ab", "A", "B")]
    for a, b, expected in (("A", "B", ["ab"]), ("A", "Y", []), ("A", "nowhere", [])):
        found = cables_between(cables, a, b, ends=lambda cable: cable[1:])
        assert [name for name, *_ in found] == expected
