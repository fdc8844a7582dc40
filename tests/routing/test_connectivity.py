"""Connectivity: the toy, closed cases, published counts, brute force and igraph."""

from __future__ import annotations

import json
import random
from importlib import resources
from itertools import combinations

import igraph
import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steppe.layers.errors import InputError
from steppe.routing.backbone import cut
from steppe.routing.connectivity import global_edge_connectivity, local_edge_connectivity, min_cut


def _keyed(graph: nx.Graph, times: int = 1) -> nx.MultiGraph:
    multi = nx.MultiGraph()
    multi.add_nodes_from(str(node) for node in graph)
    for start, end in graph.edges():
        for copy in range(times):
            multi.add_edge(str(start), str(end), key=f"{start}-{end}-{copy}")
    return multi


def _public(key: str) -> nx.MultiGraph:
    # topohub.get would leave the file open.
    text = (resources.files("topohub") / "data" / f"{key}.json").read_text(encoding="utf-8")
    return _keyed(nx.node_link_graph(json.loads(text), edges="edges"))


def _parted(graph: nx.MultiGraph, keys: tuple[str, ...], a: str, b: str) -> bool:
    kept = nx.MultiGraph()
    kept.add_nodes_from(graph)
    kept.add_edges_from(edge for edge in graph.edges(keys=True) if edge[2] not in keys)
    return not nx.has_path(kept, a, b)


def _brute(graph: nx.MultiGraph, a: str, b: str) -> int:
    keys = [key for *_, key in graph.edges(keys=True)]
    return next(
        size
        for size in range(len(keys) + 1)
        if any(_parted(graph, chosen, a, b) for chosen in combinations(keys, size))
    )


def test_the_toy_answers_five_and_three(toy):
    assert local_edge_connectivity(toy, "H", "B") == 5
    assert global_edge_connectivity(toy) == 3
    assert min_cut(toy, "O", "H") == {"ho_300", "ob_700", "ob_710"}


def test_why_networkx_is_not_asked(toy):
    # Both silently take the four parallel cables for one.
    assert nx.edge_connectivity(toy, "H", "B") != 5
    few = nx.minimum_edge_cut(toy, "H", "B")
    rest = toy.copy()
    rest.remove_edges_from(few)
    assert nx.has_path(rest, "H", "B")


@pytest.mark.parametrize(
    ("graph", "least"),
    [
        (nx.icosahedral_graph(), 5),
        (nx.petersen_graph(), 3),
        (nx.complete_graph(7), 6),
        (nx.cycle_graph(9), 2),
        (nx.balanced_tree(2, 3), 1),
        (nx.hypercube_graph(4), 4),
        (nx.barbell_graph(5, 0), 1),
        (nx.empty_graph(3), 0),
        (nx.disjoint_union(nx.complete_graph(4), nx.complete_graph(5)), 0),
    ],
)
@pytest.mark.parametrize("times", [1, 3])
def test_closed_cases(graph, least, times):
    assert global_edge_connectivity(_keyed(graph, times)) == least * times


def test_two_hubs_joined_by_two_cables():
    # Each node has at least three cables, so no single node shows the smallest cut.
    graph = _keyed(nx.disjoint_union(nx.complete_graph(4), nx.complete_graph(4)))
    graph.add_edge("0", "4", key="first")
    graph.add_edge("0", "4", key="second")
    assert global_edge_connectivity(graph) == 2
    assert min_cut(graph, "3", "7") == {"first", "second"}
    assert local_edge_connectivity(graph, "0", "3") == 3


@pytest.mark.parametrize(
    ("key", "n_bridges", "n_pairs"),
    [
        ("sndlib/abilene", 1, 11),
        ("sndlib/nobel-us", 0, 2),
        ("sndlib/cost266", 0, 10),
        ("topozoo/Cernet", 7, 30),
    ],
)
def test_published_counts_of_single_and_double_cuts(key, n_bridges, n_pairs):
    graph = _public(key)
    keys = [key for *_, key in graph.edges(keys=True)]
    bridges = {name for name in keys if global_edge_connectivity(cut(graph, [name])) == 0}
    assert len(bridges) == n_bridges
    assert global_edge_connectivity(graph) == (1 if bridges else 2)
    ends = {key: (start, end) for start, end, key in graph.edges(keys=True)}
    pairs = [
        pair
        for pair in combinations([name for name in keys if name not in bridges], 2)
        if local_edge_connectivity(cut(graph, pair), *ends[pair[0]]) == 0
    ]
    assert len(pairs) == n_pairs


@pytest.mark.parametrize("key", ["sndlib/germany50", "topozoo/Chinanet", "gabriel/50/0"])
def test_public_backbones_against_igraph(key):
    graph = _public(key)
    place = {node: index for index, node in enumerate(graph)}
    oracle = igraph.Graph(len(place), [(place[start], place[end]) for start, end in graph.edges()])
    assert global_edge_connectivity(graph) == oracle.edge_connectivity()
    nodes = list(graph)
    for a, b in zip(nodes, nodes[7:], strict=False):
        assert local_edge_connectivity(graph, a, b) == oracle.edge_connectivity(place[a], place[b])


@settings(max_examples=60)
@given(data=st.data())
def test_connectivity_is_what_brute_force_finds(multigraphs, data):
    graph = data.draw(multigraphs)
    a, b = data.draw(st.permutations(list(graph)))[:2]
    n_cables = _brute(graph, a, b)
    assert local_edge_connectivity(graph, a, b) == n_cables
    chosen = min_cut(graph, a, b)
    assert len(chosen) == n_cables
    assert _parted(graph, tuple(chosen), a, b)


@given(data=st.data())
def test_connectivity_is_what_igraph_finds(multigraphs, data):
    graph = data.draw(multigraphs)
    place = {node: index for index, node in enumerate(graph)}
    oracle = igraph.Graph(len(place), [(place[start], place[end]) for start, end in graph.edges()])
    pairs = list(combinations(graph, 2))
    local = {(a, b): local_edge_connectivity(graph, a, b) for a, b in pairs}
    assert local == {(a, b): oracle.edge_connectivity(place[a], place[b]) for a, b in pairs}
    assert global_edge_connectivity(graph) == min(local.values())


def test_meshes_where_flow_must_be_sent_back():
    # Dense enough that shortest ways get into each other's way.
    dice = random.Random(5)
    for _ in range(150):
        graph = nx.MultiGraph()
        graph.add_nodes_from(str(index) for index in range(12))
        for cable in range(34):
            graph.add_edge(str(dice.randrange(12)), str(dice.randrange(12)), key=str(cable))
        oracle = igraph.Graph(12, [(int(start), int(end)) for start, end in graph.edges()])
        n_cables = oracle.edge_connectivity(0, 11)
        assert local_edge_connectivity(graph, "0", "11") == n_cables
        chosen = min_cut(graph, "0", "11")
        assert len(chosen) == n_cables
        assert _parted(graph, tuple(chosen), "0", "11")
        assert global_edge_connectivity(graph) == oracle.edge_connectivity()


@given(data=st.data())
def test_the_cut_does_not_depend_on_the_order_of_the_data(multigraphs, graph_of, data):
    graph = data.draw(multigraphs)
    cables = [cable for *_, cable in graph.edges(data="cable")]
    shuffled = graph_of(data.draw(st.permutations(cables)))
    nodes = sorted(shuffled)
    if len(nodes) > 1:
        assert min_cut(graph, nodes[0], nodes[1]) == min_cut(shuffled, nodes[0], nodes[1])


def test_a_question_without_sense_is_refused(toy):
    for ask in (local_edge_connectivity, min_cut):
        with pytest.raises(ValueError, match="two nodes"):
            ask(toy, "H", "H")
        with pytest.raises(InputError, match="nowhere"):
            ask(toy, "H", "nowhere")
    alone = nx.MultiGraph()
    alone.add_edge("a", "a", key="loop")
    with pytest.raises(ValueError, match="two nodes"):
        global_edge_connectivity(alone)
