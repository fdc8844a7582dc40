"""Bridges and cut pairs: published counts, closed cases, brute force and igraph."""

from __future__ import annotations

import doctest
import json
import random
from importlib import resources
from itertools import combinations

import igraph
import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steppe.routing import cut_pairs
from steppe.routing.backbone import cut
from steppe.routing.cut_pairs import CutPairs, find_cut_pairs


def _keyed(pairs) -> nx.MultiGraph:
    graph = nx.MultiGraph()
    for number, (start, end) in enumerate(pairs):
        graph.add_edge(str(start), str(end), key=f"c{number:04}")
    return graph


def _public(key: str) -> nx.MultiGraph:
    # topohub.get would leave the file open.
    text = (resources.files("topohub") / "data" / f"{key}.json").read_text(encoding="utf-8")
    return _keyed(nx.node_link_graph(json.loads(text), edges="edges").edges())


def _pairs(found: CutPairs) -> set[tuple[str, ...]]:
    return {pair for cables in found.classes for pair in combinations(cables, 2)}


def _brute(graph: nx.MultiGraph) -> tuple[set[str], set[tuple[str, ...]]]:
    keys = sorted(key for *_, key in graph.edges(keys=True))
    n_before = nx.number_connected_components(graph)

    def parts(*gone: str) -> bool:
        return nx.number_connected_components(cut(graph, gone)) > n_before

    bridges = {key for key in keys if parts(key)}
    rest = [key for key in keys if key not in bridges]
    return bridges, {pair for pair in combinations(rest, 2) if parts(*pair)}


def _by_igraph(graph: nx.MultiGraph) -> tuple[set[str], set[tuple[str, ...]]]:
    """Return the bridges, and each other cable with every bridge that its loss makes."""
    place = {node: index for index, node in enumerate(graph)}
    edges = list(graph.edges(keys=True))
    oracle = igraph.Graph(
        len(place),
        [(place[start], place[end]) for start, end, _ in edges],
        edge_attrs={"key": [key for *_, key in edges]},
    )
    bridges = {oracle.es[index]["key"] for index in oracle.bridges()}
    pairs = set()
    for index, (*_, key) in enumerate(edges):
        if key not in bridges:
            rest = oracle.copy()
            rest.delete_edges([index])
            more = {rest.es[other]["key"] for other in rest.bridges()} - bridges
            pairs |= {tuple(sorted((key, other))) for other in more}
    return bridges, pairs


@pytest.mark.parametrize(
    ("key", "n_cables", "n_bridges", "n_pairs"),
    [
        ("sndlib/abilene", 15, 1, 11),
        ("sndlib/nobel-us", 21, 0, 2),
        ("sndlib/germany50", 88, 0, 11),
        ("sndlib/cost266", 57, 0, 10),
        ("sndlib/janos-us-ca", 61, 0, 13),
        ("topozoo/Cernet", 54, 7, 30),
        ("topozoo/Chinanet", 62, 18, 11),
        ("topozoo/TataNld", 181, 10, 170),
        ("gabriel/500/0", 982, 4, 30),
        ("backbone/eurasia", 2848, 86, 3790),
    ],
)
def test_published_counts(key, n_cables, n_bridges, n_pairs):
    graph = _public(key)
    found = find_cut_pairs(graph)
    assert graph.number_of_edges() == n_cables
    assert (len(found.bridges), found.n_pairs) == (n_bridges, n_pairs)


@pytest.mark.parametrize(
    "key", ["sndlib/germany50", "topozoo/Chinanet", "topozoo/TataNld", "gabriel/100/0"]
)
def test_public_backbones_against_igraph(key):
    graph = _public(key)
    found = find_cut_pairs(graph)
    assert (set(found.bridges), _pairs(found)) == _by_igraph(graph)


def test_the_example_is_true():
    result = doctest.testmod(cut_pairs)
    assert result.attempted
    assert not result.failed


def test_the_toy_has_neither(toy):
    assert find_cut_pairs(toy) == CutPairs((), ())


@pytest.mark.parametrize(
    ("pairs", "bridges", "classes"),
    [
        ([], [], []),
        ([("a", "b")], [0], []),
        ([("a", "a")], [], []),
        ([("a", "b"), ("b", "a")], [], [[0, 1]]),
        ([("a", "b"), ("b", "a"), ("a", "b")], [], []),
        # A chain is all bridges, a ring all pairs, and a loop is nothing in either.
        ([("a", "b"), ("b", "c"), ("c", "d"), ("b", "b")], [0, 1, 2], []),
        ([("a", "b"), ("b", "c"), ("c", "d"), ("d", "a"), ("b", "b")], [], [[0, 1, 2, 3]]),
        # Two rings that meet in a node, or hang on a bridge, are classes of their own.
        ([("a", "b"), ("b", "a"), ("b", "c"), ("c", "b")], [], [[0, 1], [2, 3]]),
        ([("a", "b"), ("b", "a"), ("b", "c"), ("c", "d"), ("d", "c")], [2], [[0, 1], [3, 4]]),
        # Three ways between two nodes: only the two cables of one way part what is between.
        (
            [("a", "p"), ("p", "b"), ("a", "q"), ("q", "b"), ("a", "r"), ("r", "b")],
            [],
            [[0, 1], [2, 3], [4, 5]],
        ),
        # Components have nothing to do with one another.
        ([("a", "b"), ("c", "d"), ("d", "c"), ("e", "f"), ("f", "e")], [0], [[1, 2], [3, 4]]),
    ],
)
def test_closed_cases(pairs, bridges, classes):
    found = find_cut_pairs(_keyed(pairs))
    assert found.bridges == tuple(f"c{number:04}" for number in bridges)
    assert found.classes == tuple(tuple(f"c{number:04}" for number in some) for some in classes)


def test_a_ring_parts_by_any_two_of_its_cables():
    ring = _keyed(nx.cycle_graph(300).edges())
    assert find_cut_pairs(ring).n_pairs == 300 * 299 // 2


@settings(max_examples=200)
@given(data=st.data())
def test_what_is_found_is_what_brute_force_finds(multigraphs, data):
    graph = data.draw(multigraphs)
    found = find_cut_pairs(graph)
    assert (set(found.bridges), _pairs(found)) == _brute(graph)
    assert found.n_pairs == len(_pairs(found))
    assert list(found.bridges) == sorted(found.bridges)
    assert list(found.classes) == sorted(tuple(sorted(cables)) for cables in found.classes)


def test_sparse_meshes_against_igraph():
    dice = random.Random(7)
    for _ in range(60):
        n_nodes = dice.randrange(2, 40)
        ends = [
            (dice.randrange(n_nodes), dice.randrange(n_nodes))
            for _ in range(dice.randrange(n_nodes, 2 * n_nodes))
        ]
        graph = _keyed(ends)
        found = find_cut_pairs(graph)
        assert (set(found.bridges), _pairs(found)) == _by_igraph(graph)


@given(data=st.data())
def test_the_order_of_the_data_does_not_matter(multigraphs, graph_of, data):
    graph = data.draw(multigraphs)
    cables = [cable for *_, cable in graph.edges(data="cable")]
    shuffled = graph_of(data.draw(st.permutations(cables)))
    assert find_cut_pairs(shuffled) == find_cut_pairs(graph)


@settings(max_examples=200)
@given(data=st.data())
def test_labels_that_meet_by_chance_are_found_out(multigraphs, data):
    # Six bits instead of 64: chance makes false bridges and false pairs all the time.
    graph = data.draw(multigraphs)
    draw = cut_pairs._draw
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cut_pairs, "_draw", lambda n, attempt: draw(n, attempt) >> np.uint64(58))
        found = find_cut_pairs(graph)
    assert (set(found.bridges), _pairs(found)) == _brute(graph)


@pytest.mark.parametrize("useless", [0, 1])
def test_useless_labels_are_drawn_again(monkeypatch, toy, useless):
    draw, attempts = cut_pairs._draw, []

    def draw_badly_first(n_labels, attempt):
        attempts.append(attempt)
        return draw(n_labels, attempt) if attempt else np.full(n_labels, useless, np.uint64)

    monkeypatch.setattr(cut_pairs, "_draw", draw_badly_first)
    assert find_cut_pairs(toy) == CutPairs((), ())
    assert attempts == [0, 1]
