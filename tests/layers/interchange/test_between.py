"""Nodes without a place that join others: where they are put, and what hangs together by them."""

from __future__ import annotations

import itertools
import json

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from steppe.layers.interchange.between import place_between
from steppe.layers.interchange.graphs import to_network
from steppe.layers.interchange.node_link import read_node_link
from steppe.layers.interchange.ofds import read_ofds
from steppe.layers.interchange.read_network import ReadingOptions

ELLIPSOID = Geod(ellps="GRS80")
HOHHOT, BEIJING = (111.75, 40.84), (116.40, 39.91)
# The middle on a sphere and the one on the ellipsoid lie less apart than the latter is flattened.
FLATTENED = 0.0034


def far_km(a: tuple[float, float], b: tuple[float, float]) -> float:
    return ELLIPSOID.inv(*a, *b)[2] / 1000


@pytest.mark.parametrize(
    "ends", [(HOHHOT, BEIJING), ((179.0, 10.0), (-179.0, 12.0)), ((0, 80), (90, 85))]
)
def test_a_node_on_the_way_lies_in_the_middle(ends) -> None:
    found = place_between(dict(zip("ab", ends, strict=True)), [("a", "x"), ("x", "b")])
    whole_km = far_km(*ends)
    for end in ends:
        assert far_km(end, found["x"].place) == pytest.approx(whole_km / 2, rel=FLATTENED)
    assert found["x"].accuracy_m / 1000 == pytest.approx(whole_km / 2, rel=FLATTENED)


def test_a_chain_goes_from_end_to_end() -> None:
    found = place_between(
        {"a": HOHHOT, "b": BEIJING}, [("a", "x"), ("x", "y"), ("y", "z"), ("z", "b")]
    )
    step_km = far_km(HOHHOT, BEIJING) / 4
    places = [HOHHOT, *(found[name].place for name in "xyz"), BEIJING]
    for one, other in itertools.pairwise(places):
        assert far_km(one, other) == pytest.approx(step_km, rel=FLATTENED)
    # It may lie anywhere among those that the chain joins.
    assert found["x"].accuracy_m / 1000 == pytest.approx(3 * step_km, rel=FLATTENED)


def test_what_ends_at_one_node_lies_between_none() -> None:
    places = {"a": HOHHOT, "b": BEIJING}
    edges = [
        ("a", "b"),
        ("a", "leaf"),
        ("b", "x"),
        ("x", "y"),
        ("y", "end"),
        ("b", "r"),
        ("r", "s"),
        ("s", "b"),
    ]
    assert place_between(places, edges) == {}
    assert place_between({}, [("x", "y")]) == {}
    assert place_between(places, [("a", "x"), ("a", "x"), ("x", "x")]) == {}


def test_places_on_opposite_sides_have_no_middle() -> None:
    assert place_between({"a": (0.0, 0.0), "b": (180.0, 0.0)}, [("a", "x"), ("x", "b")]) == {}


@st.composite
def networks(draw) -> nx.MultiGraph:
    """A multigraph of which some nodes have no place."""
    nodes = list("abcdefghij")[: draw(st.integers(2, 10))]
    graph: nx.MultiGraph = nx.MultiGraph()
    for node in nodes:
        place = draw(st.none() | st.tuples(st.floats(100, 120), st.floats(30, 45)))
        graph.add_node(
            node, **({} if place is None else dict(zip(("lon", "lat"), place, strict=True)))
        )
    pair = st.tuples(st.sampled_from(nodes), st.sampled_from(nodes))
    graph.add_edges_from(draw(st.lists(pair, max_size=20)))
    return graph


def n_apart(graph: nx.MultiGraph, start: str, end: str) -> int:
    """Return how many cables are to be cut, parallels being capacities."""
    simple: nx.Graph = nx.Graph()
    simple.add_nodes_from(graph)
    for a, b in graph.edges():
        simple.add_edge(a, b, n=simple.get_edge_data(a, b, {"n": 0})["n"] + 1)
    return int(nx.minimum_cut_value(simple, start, end, capacity="n"))


@settings(deadline=None, max_examples=60)
@given(graph=networks())
def test_between_nodes_that_have_a_place_as_many_cables_are_to_be_cut(graph) -> None:
    network = to_network(graph, "net", ReadingOptions(unplaced="between"))
    read: nx.MultiGraph = nx.MultiGraph()
    read.add_nodes_from(node["node_id"] for node in network.nodes)
    read.add_edges_from((cable["from_node"], cable["to_node"]) for cable in network.cables)
    placed = [node for node, data in graph.nodes(data=True) if data]
    assert set(placed) <= set(read)
    for node in network.nodes:
        assert (node["kind"] == "junction") == (node["node_id"] not in placed)
    for start, end in itertools.pairwise(placed):
        assert n_apart(read, start, end) == n_apart(graph, start, end)


WHOLE = {
    "nodes": [
        {"id": "h", "pos": HOHHOT},
        {"id": "b", "pos": BEIJING},
        {"id": "x", "name": "None"},
        {"id": "abroad", "name": "Europe"},
    ],
    "edges": [
        {"source": "h", "target": "x"},
        {"source": "x", "target": "b"},
        {"source": "x", "target": "b"},
        {"source": "b", "target": "abroad"},
    ],
}


def test_what_is_kept_and_what_is_left_out_is_told(write) -> None:
    path = write("net.json", WHOLE)
    told: list[str] = []
    options = {
        word: ReadingOptions(unplaced=word, tell=lambda note: told.append(note.say("en")))
        for word in ("between", "leave_out")
    }
    network = read_node_link(path, options["between"])
    assert [node["node_id"] for node in network.nodes] == ["h", "b", "x"]
    assert len(network.cables) == 3
    half_m = far_km(HOHHOT, BEIJING) * 500
    assert [cable["accuracy_m"] for cable in network.cables] == pytest.approx(
        [half_m] * 3, rel=0.01
    )
    assert told[0].startswith(
        "net.json › nodes: 1 nodes placed in the middle of those that they join (rows x);"
    )
    assert told[1].startswith(
        "net.json › nodes: 1 nodes left out (rows abroad Europe); they have no place, and lie"
    )
    assert told[2].startswith("net.json › fibre: 1 cables left out (rows b--abroad--1)")
    assert len(told) == 3
    told.clear()
    network = read_node_link(path, options["leave_out"])
    assert len(network.cables) == 0
    assert told[-1].startswith(
        "net.json › nodes: what has a place hangs together in 2 pieces, 1 with what is left out;"
    )


def test_an_ofds_node_without_a_location_is_kept_between_its_spans(write, network) -> None:
    network["nodes"][2]["location"] = None
    path = write("net.json", json.loads(json.dumps({"networks": [network]})))
    read = read_ofds(path, ReadingOptions(unplaced="between"))
    node = read.nodes[2]
    assert node["node_id"] == "d"
    assert far_km(HOHHOT, (node["geometry"].x, node["geometry"].y)) == pytest.approx(
        far_km(HOHHOT, BEIJING) / 2, rel=FLATTENED
    )
    assert {cable["cable_id"] for cable in read.cables} == {"hb_1", "hb2", "hd", "db"}
