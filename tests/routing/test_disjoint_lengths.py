"""All pairs of disjoint routes: published sums, the search for one pair, and OR-tools."""

from __future__ import annotations

import json
import math
from importlib import resources
from itertools import combinations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ortools.graph.python import min_cost_flow

from steppe.routing import disjoint_lengths
from steppe.routing.backbone import cut
from steppe.routing.disjoint import disjoint_routes
from steppe.routing.disjoint_lengths import all_pairs_disjoint_km
from steppe.routing.latency import all_pairs_km


def _public(key):
    text = (resources.files("topohub") / "data" / f"{key}.json").read_text(encoding="utf-8")
    graph = nx.MultiGraph()
    for start, end, km in nx.node_link_graph(json.loads(text), edges="edges").edges(data="dist"):
        graph.add_edge(str(start), str(end), key=f"{start}-{end}", length_km=float(km))
    return graph


@pytest.mark.parametrize(
    ("key", "n_feasible", "sum_km"),
    [
        ("sndlib/abilene", 55, 347321.77),
        ("sndlib/nobel-us", 91, 548758.35),
        ("sndlib/germany50", 1225, 1091475.35),
        ("sndlib/cost266", 666, 2514309.15),
        ("sndlib/janos-us-ca", 741, 3865328.96),
        ("topozoo/Cernet", 435, 2281690.79),
        ("topozoo/Chinanet", 190, 869157.11),
        ("topozoo/TataNld", 8778, 29448329.43),
        ("gabriel/100/0", 4753, 6196317.71),
        ("gabriel/500/0", 122760, 337005831.16),
    ],
)
def test_sums_over_public_backbones(key, n_feasible, sum_km):
    nodes, km = all_pairs_disjoint_km(_public(key))
    found = km[np.triu_indices(len(nodes), 1)]
    assert np.isfinite(found).sum() == n_feasible
    assert found[np.isfinite(found)].sum() == pytest.approx(sum_km, rel=1e-6)


@pytest.mark.parametrize("key", ["sndlib/germany50", "topozoo/TataNld"])
def test_every_pair_is_what_ortools_finds(key):
    graph = _public(key)
    nodes, km = all_pairs_disjoint_km(graph)
    place = {node: index for index, node in enumerate(nodes)}
    arcs = [
        (place[near], place[far], round(length_km * 1e6))
        for start, end, length_km in graph.edges(data="length_km")
        for near, far in ((start, end), (end, start))
    ]
    flow = min_cost_flow.SimpleMinCostFlow()
    for tail, head, cost in arcs:
        flow.add_arc_with_capacity_and_unit_cost(tail, head, 1, cost)
    for one, other in combinations(range(len(nodes)), 2):
        flow.set_node_supply(one, 2)
        flow.set_node_supply(other, -2)
        expected = flow.optimal_cost() / 1e6 if flow.solve() == flow.OPTIMAL else math.inf
        assert km[one, other] == pytest.approx(expected, rel=1e-9)
        flow.set_node_supply(one, 0)
        flow.set_node_supply(other, 0)


def test_the_toy(toy):
    nodes, km = all_pairs_disjoint_km(toy)
    assert nodes == ("H", "B", "O")
    assert km.tolist() == [[0, 980, 1480], [980, 0, 1410], [1480, 1410, 0]]


def test_small_and_parted_graphs(graph_of, make_cable):
    assert all_pairs_disjoint_km(nx.MultiGraph())[1].shape == (0, 0)
    lone = graph_of([make_cable("loop", "a", "a")])
    assert all_pairs_disjoint_km(lone)[1].tolist() == [[0.0]]
    inf = math.inf
    ring = [
        make_cable("ab", "a", "b", 0),
        make_cable("ab2", "b", "a", 3),
        make_cable("cd", "c", "d", 1),
    ]
    _, km = all_pairs_disjoint_km(graph_of(ring))
    assert km.tolist() == [
        [0, 3, inf, inf],
        [3, 0, inf, inf],
        [inf, inf, 0, inf],
        [inf, inf, inf, 0],
    ]


@settings(max_examples=150)
@given(data=st.data())
def test_all_pairs_are_the_pairs_one_by_one(multigraphs, data):
    graph = data.draw(multigraphs)
    nodes, km = all_pairs_disjoint_km(graph)
    assert nodes == tuple(graph)
    assert np.array_equal(km, km.T)
    assert not km.diagonal().any()
    for (row, a), (column, b) in combinations(enumerate(nodes), 2):
        pair = disjoint_routes(graph, a, b)
        assert km[row, column] == (pair.km if pair else math.inf)


@given(data=st.data())
def test_a_pair_is_twice_the_shortest_at_least_and_no_cut_shortens_it(multigraphs, data):
    graph = data.draw(multigraphs)
    keys = [key for *_, key in graph.edges(keys=True)]
    less = cut(graph, data.draw(st.sets(st.sampled_from(keys))) if keys else [])
    km = all_pairs_disjoint_km(graph)[1]
    assert (km >= 2 * all_pairs_km(graph)[1]).all()
    assert (all_pairs_disjoint_km(less)[1] >= km).all()


@pytest.mark.parametrize("batch", [1, 400, 10**9])
def test_the_answer_does_not_depend_on_how_many_sources_go_together(monkeypatch, batch):
    graph = _public("topozoo/Cernet")
    _, km = all_pairs_disjoint_km(graph)
    monkeypatch.setattr(disjoint_lengths, "BATCH", batch)
    assert np.array_equal(all_pairs_disjoint_km(graph)[1], km)
