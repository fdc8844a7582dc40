"""Disjoint routes: published cases, brute force, igraph, OR-tools, and shared risks."""

from __future__ import annotations

import json
import math
import random
from collections import Counter
from importlib import resources
from itertools import combinations, combinations_with_replacement, pairwise, product

import igraph
import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ortools.graph.python import min_cost_flow
from scipy.optimize import OptimizeResult

from steppe.layers.errors import InputError, SteppeError
from steppe.routing import integer_program
from steppe.routing.backbone import cut
from steppe.routing.disjoint import disjoint_routes
from steppe.routing.latency import shortest_route
from steppe.routing.least_flow import CableNet
from steppe.routing.risk_disjoint import RiskRoutes, risk_disjoint_routes
from steppe.routing.step_limit import Work


@pytest.fixture(scope="module")
def undirected(graph_of, make_cable):
    """Graphs of single letters: `AB1` is a cable from A to B of 1 km."""

    def build(text):
        return graph_of([make_cable(word, word[0], word[1], float(word[2:])) for word in text])

    return lambda text: build(text.split())


def _public(key):
    text = (resources.files("topohub") / "data" / f"{key}.json").read_text(encoding="utf-8")
    graph = nx.MultiGraph()
    simple = nx.node_link_graph(json.loads(text), edges="edges")
    for number, (start, end, km) in enumerate(simple.edges(data="dist")):
        lengths = dict.fromkeys(("length_km", "low_km", "high_km"), float(km))
        graph.add_edge(str(start), str(end), key=f"{number:03}", **lengths)
    return graph


def _simple_routes(graph, a, b):
    """Yield cables and inner nodes of each route that repeats no node."""

    def extend(here, passed, cables):
        if here == b:
            yield frozenset(cables), passed - {a}
            return
        for there, keys in graph.adj[here].items():
            if there not in passed and there != here:
                for key in keys:
                    yield from extend(there, passed | {here}, (*cables, key))

    return list(extend(a, frozenset(), ()))


def _excess(sets):
    """How often things are used beyond the first time."""
    return sum(times - 1 for times in Counter(thing for some in sets for thing in some).values())


def _brute(graph, a, b, k, *, weigh):
    """Return the least weight of k routes; `weigh` gives None for what is not allowed."""
    km = {key: length for *_, key, length in graph.edges(keys=True, data="length_km")}
    choices = combinations_with_replacement(_simple_routes(graph, a, b), k)
    weights = (
        weigh(chosen, sum(km[name] for cables, _ in chosen for name in cables))
        for chosen in choices
    )
    return min((weight for weight in weights if weight is not None), default=None)


def _apart_in_cables(chosen, km):
    cables = [names for names, _ in chosen]
    return None if _excess(cables) else (km, sum(map(len, cables)))


def _apart_in_nodes(chosen, km):
    return None if _excess([inner for _, inner in chosen]) else _apart_in_cables(chosen, km)


def _check(graph, found, a, b, k):
    """Hold that these are k routes as they say they are."""
    assert len(found.routes) == k
    assert list(found.routes) == sorted(found.routes, key=lambda route: (route.km, route.cables))
    for route in found.routes:
        assert (route.nodes[0], route.nodes[-1]) == (a, b)
        assert len(set(route.nodes)) == len(route.nodes) == len(route.cables) + 1
        hops = [
            graph.edges[near, far, key]
            for key, (near, far) in zip(route.cables, pairwise(route.nodes), strict=True)
        ]
        assert route.km == math.fsum(hop["length_km"] for hop in hops)
        assert route.low_km == math.fsum(hop["low_km"] for hop in hops)
        assert route.high_km == math.fsum(hop["high_km"] for hop in hops)
    assert found.km == pytest.approx(sum(route.km for route in found.routes), rel=1e-12)
    uses = Counter(name for route in found.routes for name in route.cables)
    assert {name for name, times in uses.items() if times > 1} <= set(found.shared)


@pytest.mark.parametrize(
    ("cables", "a", "b", "routes"),
    [
        # JGraphT's test in which the second search gives back a step of the first; digits
        # stand for letters.
        ("AB1 BC1 CD1 AE3 EC3 BF2 FD2", "A", "D", [("ABFD", 5), ("AECD", 7)]),
        # The trap: without the shortest route's cables nothing is left.
        ("SU1 UV1 VT1 SV2 UT2", "S", "T", [("SUT", 3), ("SVT", 3)]),
        ("AB1 AC2 BD1 BE2 CD2 DF1 EF2", "A", "F", [("ABEF", 5), ("ACDF", 5)]),
    ],
)
@pytest.mark.parametrize("apart", ["cables", "nodes"])
def test_published_pairs(undirected, cables, a, b, routes, apart):
    found = disjoint_routes(undirected(cables), a, b, apart=apart)
    assert {("".join(route.nodes), route.km) for route in found.routes} == set(routes)
    assert found.km == sum(km for _, km in routes)
    assert found.shared == ()


def test_where_greedy_finds_nothing_there_is_a_pair(undirected):
    # In the trap as published three routes are equally long; here the one to avoid is shorter.
    graph = undirected("SU1 UV0.5 VT1 SV2 UT2")
    assert shortest_route(cut(graph, shortest_route(graph, "S", "T").cables), "S", "T") is None
    assert disjoint_routes(graph, "S", "T").km == 6


def test_routes_of_the_toy(toy):
    assert [route.km for route in disjoint_routes(toy, "H", "B").routes] == [480, 500]
    five = disjoint_routes(toy, "H", "B", k=5, apart="nodes")
    assert [route.km for route in five.routes] == [480, 500, 530, 560, 1000]
    assert disjoint_routes(toy, "H", "B", k=6) is None
    # Through B twice, over cables of their own; never when B must serve one route only.
    assert [route.km for route in disjoint_routes(toy, "H", "O", k=3).routes] == [300, 1180, 1210]
    assert disjoint_routes(toy, "H", "O", apart="nodes").km == 1480
    assert disjoint_routes(toy, "H", "O", k=3, apart="nodes") is None


def test_of_equally_long_sets_the_one_with_fewest_cables_is_taken(undirected):
    graph = undirected("AZ0 AB0 BC0 CZ1 AY1 YZ0")
    found = disjoint_routes(graph, "A", "Z")
    assert [route.cables for route in found.routes] == [("AZ0",), ("AY1", "YZ0")]


@pytest.mark.parametrize(
    "search", [disjoint_routes, lambda *args, **kw: risk_disjoint_routes(*args, {}, **kw)]
)
def test_what_is_asked_wrongly_is_said(toy, search):
    with pytest.raises(InputError, match="no such node"):
        search(toy, "H", "X")
    with pytest.raises(ValueError, match="two nodes"):
        search(toy, "H", "H")
    with pytest.raises(ValueError, match="at least 1"):
        search(toy, "H", "B", k=0)


def test_apart_is_one_of_two_words(toy):
    with pytest.raises(ValueError, match="not in risks"):
        disjoint_routes(toy, "H", "B", apart="risks")


@settings(max_examples=150)
@given(data=st.data(), k=st.sampled_from([1, 2, 2, 3]))
def test_disjoint_routes_are_what_brute_force_finds(multigraphs, data, k):
    graph = data.draw(multigraphs)
    if data.draw(st.booleans()):
        # Few lengths, many ties.
        for *_, hop in graph.edges(data=True):
            hop["length_km"] %= 1 / 4
    a, b = data.draw(st.permutations(list(graph)))[:2]
    for apart, weigh in (("cables", _apart_in_cables), ("nodes", _apart_in_nodes)):
        found = disjoint_routes(graph, a, b, k=k, apart=apart)
        best = _brute(graph, a, b, k, weigh=weigh)
        assert (found is None) == (best is None)
        if found is not None:
            _check(graph, found, a, b, k)
            names = [set(route.cables) for route in found.routes]
            inner = [set(route.nodes) - {a, b} for route in found.routes]
            assert weigh(list(zip(names, inner, strict=True)), found.km) == best


@given(data=st.data())
def test_so_many_routes_exist_as_igraph_counts(multigraphs, data):
    graph = data.draw(multigraphs)
    a, b = data.draw(st.permutations(list(graph)))[:2]
    place = {node: index for index, node in enumerate(graph)}
    oracle = igraph.Graph(len(place), [(place[start], place[end]) for start, end in graph.edges()])
    n_edges = oracle.edge_disjoint_paths(place[a], place[b])
    # igraph does not answer for neighbours, whose direct cables are routes of their own.
    direct = graph.number_of_edges(a, b)
    oracle.delete_edges(oracle.es.select(_between=([place[a]], [place[b]])))
    n_nodes = direct + oracle.vertex_disjoint_paths(place[a], place[b])
    for apart, count in (("cables", n_edges), ("nodes", n_nodes)):
        for k in range(1, 8):
            assert (disjoint_routes(graph, a, b, k=k, apart=apart) is not None) == (k <= count)


def _flow_km(graph, a, b, k, *, in_nodes):
    """Return the cost that OR-tools finds, its lengths being whole micrometres."""
    place = {node: index for index, node in enumerate(graph)}
    further = len(place) if in_nodes else 0
    flow = min_cost_flow.SimpleMinCostFlow()
    for start, end, km in graph.edges(data="length_km"):
        for near, far in ((start, end), (end, start)):
            flow.add_arc_with_capacity_and_unit_cost(
                place[near] + further, place[far], 1, round(km * 1e9)
            )
    for index in range(further):
        flow.add_arc_with_capacity_and_unit_cost(index, index + further, 1, 0)
    flow.set_node_supply(place[a] + further, k)
    flow.set_node_supply(place[b], -k)
    return flow.optimal_cost() / 1e9 if flow.solve() == flow.OPTIMAL else None


@pytest.mark.parametrize("key", ["sndlib/germany50", "topozoo/TataNld", "topozoo/Chinanet"])
@pytest.mark.parametrize("k", [2, 3])
def test_public_backbones_against_ortools(key, k):
    graph = _public(key)
    nodes = sorted(graph)
    dice = random.Random(3)
    for _ in range(15):
        a, b = dice.sample(nodes, 2)
        for apart in ("cables", "nodes"):
            found = disjoint_routes(graph, a, b, k=k, apart=apart)
            expected = _flow_km(graph, a, b, k, in_nodes=apart == "nodes")
            assert (found is None) == (expected is None)
            if found is not None:
                _check(graph, found, a, b, k)
                assert found.km == pytest.approx(expected, rel=1e-9)


@given(data=st.data())
def test_a_pair_is_no_longer_than_greedy_and_the_more_apart_the_longer(multigraphs, data):
    graph = data.draw(multigraphs)
    a, b = data.draw(st.permutations(list(graph)))[:2]
    pair = disjoint_routes(graph, a, b)
    first = shortest_route(graph, a, b)
    second = first and shortest_route(cut(graph, first.cables), a, b)
    if second:
        assert pair.km <= first.km + second.km
    if first:
        assert disjoint_routes(graph, a, b, k=1).km == first.km
    in_nodes = disjoint_routes(graph, a, b, apart="nodes")
    if in_nodes:
        assert pair.km <= in_nodes.km


@given(data=st.data())
def test_cutting_never_shortens(multigraphs, data):
    graph = data.draw(multigraphs)
    a, b = data.draw(st.permutations(list(graph)))[:2]
    keys = [key for *_, key in graph.edges(keys=True)]
    less = cut(graph, data.draw(st.sets(st.sampled_from(keys))) if keys else [])
    for apart in ("cables", "nodes"):
        before, after = (disjoint_routes(some, a, b, apart=apart) for some in (graph, less))
        assert after is None or before.km <= after.km


@given(data=st.data(), k=st.integers(1, 3))
def test_neither_the_order_of_data_nor_the_direction_matters(multigraphs, data, k):
    graph = data.draw(multigraphs)
    a, b = data.draw(st.permutations(list(graph)))[:2]
    mixed = nx.MultiGraph()
    mixed.add_nodes_from(data.draw(st.permutations(list(graph))))
    for start, end, key, fields in data.draw(
        st.permutations(list(graph.edges(keys=True, data=True)))
    ):
        mixed.add_edge(end, start, key=key, **fields)
    risks = {"x": ["c0", "c1"], "y": ["c1", "c2", "c3"]}
    turned = dict(reversed([(name, cables[::-1]) for name, cables in risks.items()]))
    for one, other, back in (
        (
            disjoint_routes(graph, a, b, k=k),
            disjoint_routes(mixed, a, b, k=k),
            disjoint_routes(mixed, b, a, k=k),
        ),
        (
            risk_disjoint_routes(graph, a, b, risks, k=k),
            risk_disjoint_routes(mixed, a, b, turned, k=k),
            risk_disjoint_routes(mixed, b, a, turned, k=k),
        ),
    ):
        assert one == other
        if one is None:
            assert back is None
        else:
            assert (back.km, back.shared) == (one.km, one.shared)
            assert {route.cables[::-1] for route in back.routes} == {
                route.cables for route in one.routes
            }


def test_a_risk_is_kept_to_one_route(undirected):
    graph = undirected("AX1 XB1 AY2 YB2 AZ3 ZB3")
    duct = {"duct": ["XB1", "YB2"]}
    found = risk_disjoint_routes(graph, "A", "B", duct)
    assert [route.km for route in found.routes] == [2, 6]
    assert found.shared == ()
    # One route may lie in a duct with both of its cables.
    assert risk_disjoint_routes(graph, "A", "B", {"duct": ["AX1", "XB1"]}).km == 6


def test_the_most_disjoint_names_what_is_shared(undirected):
    # Every way leads through the bridge, in a duct with the second way to it.
    graph = undirected("AB1 AC1 CB2 BD9")
    found = risk_disjoint_routes(graph, "A", "D", {"duct": ["CB2", "BD9"], "river": ["AB1", "AC1"]})
    assert found.km == 22
    assert found.shared == ("BD9", "duct", "river")
    assert disjoint_routes(graph, "A", "D") is None


def test_a_shared_cable_is_worse_than_any_number_of_shared_risks(undirected):
    graph = undirected("AB1 AX1 XB1")
    risks = {name: ["AB1", "AX1"] for name in ("one", "two", "three")}
    found = risk_disjoint_routes(graph, "A", "B", risks)
    assert found.shared == ("one", "three", "two")
    assert found.km == 3


def test_fewer_shared_risks_are_worth_any_detour(undirected):
    graph = undirected("AB1 AX1 XB1 AY900 YB900")
    risks = {"p": ["AB1", "AX1"], "q": ["AB1", "XB1"], "r": ["AB1", "AY900"], "s": ["AX1", "AY900"]}
    found = risk_disjoint_routes(graph, "A", "B", risks)
    # Both ways round by Y share one risk; the shorter company is taken.
    assert found.shared == ("r",)
    assert found.km == 1801


def test_a_third_use_counts_again(undirected):
    # Three routes by two cables: none is better off with all three in one.
    graph = undirected("AB1 BC5")
    graph.add_edge("B", "C", key="other", length_km=6.0, low_km=6.0, high_km=6.0)
    found = risk_disjoint_routes(graph, "A", "C", {}, k=3)
    assert [route.km for route in found.routes] == [6, 6, 7]
    assert found.shared == ("AB1", "BC5")


def test_without_any_route_there_is_no_answer(undirected):
    assert risk_disjoint_routes(undirected("AB1 CD1"), "A", "C", {}) is None


def test_risks_of_cables_that_are_cut_are_passed_over(toy):
    risks = {"trench": ["hb_480", "hb_500"]}
    assert risk_disjoint_routes(cut(toy, ["hb_480"]), "H", "B", risks).km == 1030


def test_the_solver_is_silent(undirected, capfd):
    # Left to it which variables are whole, HiGHS 1.12 prints a line of its own here.
    graph = undirected("AB1 AB2 AB0 AB2.0")
    found = risk_disjoint_routes(graph, "A", "B", {"r": ["AB1", "AB2", "AB0"]}, k=3)
    assert (found.km, found.shared) == (3, ("r",))
    assert capfd.readouterr() == ("", "")


def test_a_stopped_search_tells_what_it_has_proven(undirected, monkeypatch):
    # What is quick shares a duct; 9 + 9 km that share nothing exist, and are not looked for.
    graph = undirected("AX1 XB1 AY1 YB1 AZ9 ZB9")
    risks = {"p": ["AX1", "YB1"], "q": ["AX1", "ZB9"], "r": ["AY1", "ZB9"]}
    assert risk_disjoint_routes(graph, "A", "B", risks).is_exact
    stopped = OptimizeResult(status=1, message="node limit reached", x=None, mip_dual_bound=7.0)
    monkeypatch.setattr(integer_program, "milp", lambda *_, **__: stopped)
    found = risk_disjoint_routes(graph, "A", "B", risks)
    assert not found.is_exact
    assert found.least_km <= found.km
    assert found.fewer_risks == len(found.shared)


def _lattice(graph_of, make_cable, n_rows, n_columns):
    """Neighbours of a lattice, 1 to 2 km apart, some doubled; and risks of cables of one place."""
    dice = random.Random(4)
    cables, at = [], {}
    for row, column in product(range(n_rows), range(n_columns)):
        for down, right in ((0, 1), (1, 0)):
            there = row + down, column + right
            if there[0] < n_rows and there[1] < n_columns:
                for copy in range(dice.choice((1, 1, 1, 2))):
                    name = f"{row:02}-{column:02}-{down}{copy}"
                    ends = f"{row:02}-{column:02}", f"{there[0]:02}-{there[1]:02}"
                    cables.append(make_cable(name, *ends, 1 + dice.random()))
                    at.setdefault((row // 2, column // 2, dice.randrange(3)), []).append(name)
    return graph_of(cables), {str(place): names for place, names in at.items()}


def test_a_thousand_cables_are_answered_between_bounds(graph_of, make_cable):
    graph, risks = _lattice(graph_of, make_cable, 20, 20)
    assert graph.number_of_edges() > 900
    routes = RiskRoutes(CableNet(graph), risks)
    for a, b in (("00-00", "19-19"), ("03-10", "15-02"), ("10-10", "10-11")):
        apart_km = disjoint_routes(graph, a, b).km
        found = {
            steps: routes.find(a, b, work=Work(steps, "it")) for steps in (0, 200_000, 6_000_000)
        }
        for each in found.values():
            _check(graph, each, a, b, 2)
            least_km = each.km if each.least_km is None else each.least_km
            assert apart_km <= least_km <= each.km
        # More work never widens what is known: the best lies in every band.
        best = found[6_000_000]
        assert best.is_exact
        assert best.shared == ()
        for each in found.values():
            assert each.least_km is None or each.least_km <= best.km
            assert each.shared or best.km <= each.km


def test_what_fails_is_no_answer(undirected, monkeypatch):
    graph = undirected("AX1 XB1 AY1 YB1 AZ9 ZB9")
    risks = {"p": ["AX1", "YB1"], "q": ["AX1", "ZB9"], "r": ["AY1", "ZB9"]}
    failed = OptimizeResult(status=4, message="numerical trouble", x=None)
    monkeypatch.setattr(integer_program, "milp", lambda *_, **__: failed)
    with pytest.raises(SteppeError, match="not proven: numerical trouble"):
        risk_disjoint_routes(graph, "A", "B", risks)


def _check_bounds(graph, a, b, k, risks, *, best, weigh):
    """Hold that the truth lies between the bounds, however little work may be done."""
    strict = risk_disjoint_routes(graph, a, b, risks, k=k, strictly=True)
    assert (strict is None) == (best is None or best[:2] != (0, 0))
    if best is None:
        return
    for steps in (0, 40_000):
        bounded = risk_disjoint_routes(graph, a, b, risks, k=k, work=Work(steps, "it"))
        _check(graph, bounded, a, b, k)
        names = [(frozenset(route.cables), None) for route in bounded.routes]
        cables, shared, km = weigh(names, bounded.km)
        assert cables == best[0]
        assert shared - bounded.fewer_risks <= best[1] <= shared
        assert (cables, shared, km) >= best
        if bounded.is_exact:
            assert (cables, shared, km) == best
        elif bounded.least_km is not None:
            assert bounded.least_km <= best[2]
        strict = risk_disjoint_routes(
            graph, a, b, risks, k=k, strictly=True, work=Work(steps, "it")
        )
        assert strict is not None or best[:2] != (0, 0)


def _risks(draw, graph):
    keys = sorted(key for *_, key in graph.edges(keys=True))
    some = st.lists(st.sampled_from(keys), max_size=4, unique=True) if keys else st.just([])
    return {f"r{number}": names for number, names in enumerate(draw(st.lists(some, max_size=4)))}


@settings(max_examples=60)
@given(data=st.data(), k=st.sampled_from([2, 2, 3]))
def test_risk_disjoint_routes_are_what_brute_force_finds(multigraphs, data, k):
    graph = data.draw(multigraphs)
    a, b = data.draw(st.permutations(list(graph)))[:2]
    risks = _risks(data.draw, graph)

    def met(cables):
        return {name for name, members in risks.items() if cables & set(members)}

    def weigh(chosen, km):
        cables = [names for names, _ in chosen]
        return _excess(cables), _excess([met(names) for names in cables]), km

    found = risk_disjoint_routes(graph, a, b, risks, k=k)
    best = _brute(graph, a, b, k, weigh=weigh)
    assert (found is None) == (best is None)
    _check_bounds(graph, a, b, k, risks, best=best, weigh=weigh)
    if found is not None:
        assert found.is_exact
        _check(graph, found, a, b, k)
        names = [frozenset(route.cables) for route in found.routes]
        assert weigh([(some, None) for some in names], found.km) == best
        twice = {
            thing
            for one, other in combinations(names, 2)
            for thing in (one & other) | (met(one) & met(other))
        }
        assert set(found.shared) == twice


@settings(max_examples=40)
@given(data=st.data())
def test_more_risks_never_shorten(multigraphs, data):
    graph = data.draw(multigraphs)
    a, b = data.draw(st.permutations(list(graph)))[:2]
    at_nodes = {
        f"at {node}": [key for *_, key in graph.edges(node, keys=True)]
        for node in graph
        if node not in (a, b)
    }
    in_cables = disjoint_routes(graph, a, b)
    in_nodes = disjoint_routes(graph, a, b, apart="nodes")
    by_nodes = risk_disjoint_routes(graph, a, b, at_nodes)
    by_both = risk_disjoint_routes(graph, a, b, at_nodes | _risks(data.draw, graph))
    # Two ways to the same answer: a node is the risk of all cables that meet there.
    assert (in_nodes is not None) == (by_nodes is not None and not by_nodes.shared)
    if in_nodes:
        assert by_nodes.km == in_nodes.km
        assert in_cables.km <= in_nodes.km
        if not by_both.shared:
            assert in_nodes.km <= by_both.km
