"""Routes to nodes that are often asked for are those of a search through the whole graph."""

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steppe.layers.errors import InputError
from steppe.routing.latency import shortest_route
from steppe.routing.shortest_ways import ShortestWays

NODES = [f"n{number}" for number in range(7)]
# Lengths of few kinds, so that many routes are equally long, also of no length at all.
HOPS = st.lists(
    st.tuples(
        st.sampled_from(NODES), st.sampled_from(NODES), st.sampled_from([0.0, 0.1, 0.3, 1.0])
    ),
    max_size=20,
)


@settings(max_examples=60)
@given(HOPS, st.lists(st.sampled_from(NODES), unique=True, max_size=3))
def test_every_route_is_that_of_the_whole_graph(hops, often) -> None:
    graph: nx.MultiGraph[str] = nx.MultiGraph()
    graph.add_nodes_from(NODES)
    for number, (one, two, km) in enumerate(hops):
        graph.add_edge(one, two, key=f"c{number:02d}", length_km=km, low_km=km, high_km=2 * km)
    ways = ShortestWays(graph, often)
    for a in NODES:
        for b in NODES:
            assert ways.find(a, b) == shortest_route(graph, a, b)


def test_a_node_that_is_not_there_is_named() -> None:
    graph: nx.MultiGraph[str] = nx.MultiGraph()
    graph.add_nodes_from(NODES)
    for ends in (("n0", "nowhere"), ("nowhere", "n0")):
        with pytest.raises(InputError, match="nowhere"):
            ShortestWays(graph, ["n0"]).find(*ends)
