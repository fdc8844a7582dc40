"""Latency: printed figures, the shortest route, and igraph as the oracle."""

from __future__ import annotations

import math
import random

import igraph
import networkx as nx
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.sparse.csgraph import dijkstra

from steppe.layers.crs import GEOD
from steppe.layers.errors import InputError
from steppe.routing.backbone import cut
from steppe.routing.budget import spend
from steppe.routing.latency import (
    all_pairs_km,
    floor_rtt_ms,
    length_band,
    one_way_ms,
    planning_route_km,
    rtt_ms,
    shortest_route,
)

# GeoNames cities15000 (CC BY 4.0), geonameid 1816670, 8335361, 8347664, 2036892.
BEIJING = (116.39723, 39.9075)
ULANQAB = (113.133, 40.993)
ORDOS = (109.78157, 39.6086)
HOHHOT = (111.65222, 40.81056)


def _igraph_km(graph: nx.MultiGraph) -> np.ndarray:
    place = {node: index for index, node in enumerate(graph)}
    pairs = [(place[start], place[end]) for start, end in graph.edges()]
    lengths = [length for *_, length in graph.edges(data="length_km")]
    oracle = igraph.Graph(len(place), pairs)
    return np.array(oracle.distances(weights=lengths or None), dtype=float)


def test_a_published_length_replaces_the_drawn_one_and_both_bound_the_band() -> None:
    """A line drawn 209 km long, whose railway is 243 km: 5 % slack is not enough."""
    low, central, high = length_band(209.0, 150.0, route_km=243.0)
    assert (low, central, high) == pytest.approx((209.0, 243 * 1.04, 243 * 1.06))
    low, central, high = length_band(202.0, 150.0, route_km=196.0)
    assert (low, central, high) == pytest.approx((196.0, 196 * 1.04, 202 * 1.06))
    low, central, high = length_band(202.0, 150.0, route_km=196.0, assumed=True)
    assert (low, central, high) == pytest.approx((196.0, 196 * 1.04, 1.5 * 150))


def test_a_stated_length_of_fibre_is_its_length() -> None:
    """355 km of fibre on a route drawn 344 km long: 3.65 ms, whatever else is known.

    2 x (355 x 1.4682 / 299.792458 ms + 82.5 us at the ends + 6 amplifiers of 0.15 us).
    """
    for others in ({}, {"route_km": 350.0}, {"schematic": True}, {"assumed": True}):
        assert length_band(344.0, 341.6, fibre_km=355.0, **others) == (355.0, 355.0, 355.0)
    printed = 2 * (355 * 1.4682 / 299.792458 + 0.0825 + 6 * 0.00015)
    assert spend(355.0).rtt_ms == pytest.approx(printed)
    assert spend(355.0).rtt_ms == pytest.approx(3.65, abs=0.01)


def test_a_stated_route_of_a_straight_line_is_the_route() -> None:
    told = length_band(344.0, 344.0, route_km=400.0, schematic=True)
    assert told == pytest.approx((400.0, 416.0, 424.0))


@given(
    st.floats(1, 5000), st.floats(0, 1), st.floats(0.01, 10), st.floats(0.01, 10),
    st.booleans(), st.booleans(),
)  # fmt: skip
def test_better_evidence_never_widens_the_band(length, share, fibre, route, schematic, assumed):
    """Fibre before route before distance: each band is in order, and holds no less than the air."""
    air_km = length if schematic else length * share
    others = {"schematic": schematic, "assumed": assumed}
    by_air = length_band(length, air_km, **others)
    by_route = length_band(length, air_km, route_km=route * length, **others)
    by_fibre = length_band(
        length, air_km, route_km=route * length, fibre_km=fibre * length, **others
    )
    for low, central, high in (by_air, by_route, by_fibre):
        assert air_km <= low <= central <= high
    assert by_fibre[0] == by_fibre[2] == max(fibre * length, air_km)
    if schematic and not assumed:
        assert by_route[2] / by_route[0] <= by_air[2] / by_air[0] + 1e-9


def test_a_thousand_kilometres_of_glass():
    # 2 x 1000 x 1.4682 / 299792.458 s, and the same per kilometre one way.
    assert round(rtt_ms(1000), 3) == 9.795
    assert round(one_way_ms(1) * 1000, 4) == 4.8974


@pytest.mark.parametrize(("km", "ms"), [(80, 0.39), (453, 2.22), (611, 2.99), (850, 4.16)])
def test_one_way_as_gnpy_computes_it(km, ms):
    assert one_way_ms(km) == pytest.approx(ms, abs=0.005)


@pytest.mark.parametrize(
    ("km", "ms"), [(408, 4.0), (302, 3.0), (567, 5.6), (611, 6.0), (453, 4.4), (850, 8.3)]
)
def test_round_trips_to_beijing_as_printed(km, ms):
    assert round(rtt_ms(km), 1) == ms


@pytest.mark.parametrize(
    ("place", "printed_km", "printed_ms"), [(ULANQAB, 302, 3.0), (ORDOS, 567, 5.6)]
)
def test_the_floor_from_coordinates(place, printed_km, printed_ms):
    km = GEOD.inv(*place, *BEIJING)[2] / 1000
    assert km == pytest.approx(printed_km, abs=1)
    assert round(floor_rtt_ms(*place, *BEIJING), 1) == printed_ms


def test_the_floor_of_hohhot():
    # 408 km is printed for a point 8 km east of that of GeoNames.
    assert floor_rtt_ms(*HOHHOT, *BEIJING) == pytest.approx(rtt_ms(408), rel=0.02)
    assert floor_rtt_ms(111.749, 40.842, *BEIJING) == pytest.approx(rtt_ms(408), rel=0.001)


@given(
    lon=st.floats(-180, 180),
    lat=st.floats(-89, 89),
    lon2=st.floats(-180, 180),
    lat2=st.floats(-89, 89),
)
def test_the_floor_is_the_great_circle_within_the_flattening(lon, lat, lon2, lat2):
    one, two = math.radians(lat), math.radians(lat2)
    half = math.sin((one - two) / 2) ** 2
    half += math.cos(one) * math.cos(two) * math.sin(math.radians(lon - lon2) / 2) ** 2
    km = 2 * 6371.0088 * math.asin(min(1.0, math.sqrt(half)))
    assert floor_rtt_ms(lon, lat, lon2, lat2) == pytest.approx(rtt_ms(km), rel=0.006, abs=1e-6)


@pytest.mark.parametrize(
    ("air_km", "route_km"),
    [(0, 0), (400, 600), (999, 1498.5), (1000, 1500), (1100, 1500), (1200, 1500), (2000, 2500)],
)
def test_the_planning_rule(air_km, route_km):
    assert planning_route_km(air_km) == route_km


@given(st.floats(0, 2e4), st.floats(0, 2e4))
def test_the_planning_rule_is_monotone_and_never_below_the_air(one, two):
    assert one <= planning_route_km(one)
    if one <= two:
        assert planning_route_km(one) <= planning_route_km(two)


@pytest.mark.parametrize("bad", [-1.0, math.nan, math.inf])
def test_a_length_that_is_none_is_refused(bad):
    with pytest.raises(ValueError, match="number from 0 up"):
        planning_route_km(bad)
    with pytest.raises(ValueError, match="number from 0 up"):
        length_band(bad, 0.0)


@given(st.floats(0, 2e4), st.floats(0, 2e4))
def test_the_band_of_an_assumed_route_is_in_order_and_holds_the_rule(length_km, air_km):
    low, central, high = length_band(length_km, air_km, assumed=True)
    assert low == length_km
    assert low <= central <= high
    assert high >= planning_route_km(air_km)


def test_the_toy_is_480_km_apart(toy):
    route = shortest_route(toy, "H", "B")
    assert (route.km, route.cables, route.nodes) == (480, ("hb_480",), ("H", "B"))


def test_the_toy_with_its_four_cables_cut_goes_round(toy):
    rest = cut(toy, ["hb_480", "hb_500", "hb_530", "hb_560"])
    route = shortest_route(rest, "B", "H")
    assert (route.km, route.cables, route.nodes) == (1000, ("ob_700", "ho_300"), ("B", "O", "H"))


def test_why_the_plain_conversions_are_not_used(toy):
    # nx.Graph keeps the last parallel cable, and the sparse matrix adds them up.
    assert nx.Graph(toy).edges["H", "B"]["length_km"] == 560
    order = list(toy)
    matrix = nx.to_scipy_sparse_array(toy, nodelist=order, weight="length_km")
    start, end = order.index("H"), order.index("B")
    assert matrix[start, end] == 480 + 500 + 530 + 560
    assert dijkstra(matrix, directed=False)[start, end] == 300 + 700 + 710


def test_the_band_is_that_of_the_route(make_cable, graph_of):
    graph = graph_of(
        [
            make_cable("x", "a", "b", 10, low_km=9, high_km=15),
            make_cable("y", "b", "c", 20, low_km=18, high_km=30),
        ]
    )
    route = shortest_route(graph, "a", "c")
    assert (route.low_km, route.km, route.high_km) == (27, 30, 45)


def test_a_node_is_at_no_distance_from_itself(toy):
    route = shortest_route(toy, "O", "O")
    assert (route.nodes, route.cables, route.km) == (("O",), (), 0)


def test_no_route_is_none_and_no_node_is_an_error(toy):
    rest = cut(toy, ["ho_300", "ob_700", "ob_710"])
    assert shortest_route(rest, "H", "O") is None
    with pytest.raises(InputError, match="nowhere"):
        shortest_route(toy, "H", "nowhere")


def test_ties_go_to_fewer_cables_then_to_the_first_id(make_cable, graph_of):
    cables = [
        make_cable("z", "a", "b", 10),
        make_cable("y", "a", "b", 10),
        make_cable("p", "a", "m", 5),
        make_cable("q", "m", "b", 5),
        make_cable("loop", "a", "a", 0),
    ]
    for seed in range(6):
        random.Random(seed).shuffle(cables)
        assert shortest_route(graph_of(cables), "a", "b").cables == ("y",)


def test_ties_are_broken_alike_in_both_directions(make_cable, graph_of):
    # Read from a the way by m comes first, read from b the way by n would.
    graph = graph_of(
        [
            make_cable("1", "a", "m"),
            make_cable("4", "m", "b"),
            make_cable("2", "a", "n"),
            make_cable("3", "n", "b"),
        ]
    )
    assert shortest_route(graph, "a", "b").cables == ("1", "4")
    assert shortest_route(graph, "b", "a").cables == ("4", "1")


@given(data=st.data())
def test_routes_are_as_short_as_igraph_finds_them(multigraphs, data):
    graph = data.draw(multigraphs)
    oracle = _igraph_km(graph)
    nodes, table = all_pairs_km(graph)
    assert nodes == tuple(graph)
    assert np.array_equal(table, oracle)
    for row, a in enumerate(nodes):
        for column, b in enumerate(nodes):
            route = shortest_route(graph, a, b)
            assert (route.km if route else math.inf) == oracle[row, column]


@given(data=st.data())
def test_a_route_is_a_walk_of_its_cables(multigraphs, data):
    graph = data.draw(multigraphs)
    a, b = data.draw(st.sampled_from(list(graph))), data.draw(st.sampled_from(list(graph)))
    route = shortest_route(graph, a, b)
    assume(route)
    assert (route.nodes[0], route.nodes[-1]) == (a, b)
    hops = list(zip(route.nodes, route.cables, route.nodes[1:], strict=False))
    assert len(hops) == len(route.cables) == len(route.nodes) - 1
    assert sum(graph.edges[here, there, key]["length_km"] for here, key, there in hops) == route.km


@given(data=st.data())
def test_the_route_depends_on_neither_direction_nor_order(multigraphs, graph_of, data):
    graph = data.draw(multigraphs)
    cables = [cable for *_, cable in graph.edges(data="cable")]
    assume(cables)
    shuffled = graph_of(data.draw(st.permutations(cables)))
    a, b = data.draw(st.sampled_from(list(shuffled))), data.draw(st.sampled_from(list(shuffled)))
    there, back = shortest_route(graph, a, b), shortest_route(shuffled, b, a)
    assert (there is None) == (back is None)
    if there:
        assert there.cables == back.cables[::-1]
        assert there.nodes == back.nodes[::-1]
        assert there.km == back.km


@given(data=st.data())
def test_cutting_never_shortens_a_route(multigraphs, data):
    graph = data.draw(multigraphs)
    keys = [key for *_, key in graph.edges(keys=True)]
    assume(keys)
    rest = cut(graph, data.draw(st.sets(st.sampled_from(keys))))
    before, after = all_pairs_km(graph)[1], all_pairs_km(rest)[1]
    assert (after >= before).all()
    a, *_, b = graph
    whole, less = shortest_route(graph, a, b), shortest_route(rest, a, b)
    assert less is None or less.km >= whole.km
