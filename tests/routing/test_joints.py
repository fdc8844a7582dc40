"""Joints: a cable that can be joined on its way is one cable, and its pieces are ways of their own."""

from __future__ import annotations

from itertools import pairwise

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod
from shapely.geometry import LineString

from steppe.routing.backbone import Corridor, Joint, Node, build_graph, cut
from steppe.routing.joints import find_cable, join_pieces, joined_at, list_keys, place_joints
from steppe.routing.latency import shortest_route

ELLIPSOID = Geod(ellps="GRS80")
PLACES = {"O": (109.8, 39.6), "T": (109.9, 40.5), "H": (111.7, 40.8), "B": (116.4, 39.9)}
CHAIN = (
    Corridor("ot", "O", "T", 105.3),
    Corridor("th", "H", "T", 165.0),  # drawn the other way
    Corridor("hb", "H", "B", 659.0),
)


@pytest.fixture
def through(make_cable):
    """A cable from O to B in three corridors, joined at T and H."""
    return make_cable(
        "through", "O", "B", 929.3 * 1.04, low_km=709.0, high_km=929.3 * 1.06,
        corridors=("ot", "th", "hb"), joints=(Joint("H"), Joint("T")),
    )  # fmt: skip


def _join(*cables) -> nx.MultiGraph:
    lines = {
        cable.cable_id: LineString([PLACES[cable.from_node], PLACES[cable.to_node]])
        for cable in cables
    }
    nodes = [Node(name, *place) for name, place in PLACES.items()]
    placed = place_joints(cables, CHAIN, lines, PLACES)
    return join_pieces(build_graph(nodes, placed), placed)


def test_a_joint_lies_where_the_corridors_before_it_end(through) -> None:
    (placed,) = place_joints([through], CHAIN, {}, PLACES)
    assert [joint.node_id for joint in placed.joints] == ["T", "H"]
    assert [joint.share for joint in placed.joints] == pytest.approx([105.3 / 929.3, 270.3 / 929.3])


def test_elsewhere_it_lies_where_the_line_passes_it(make_cable) -> None:
    cable = make_cable("x", "O", "B", 600.0, joints=(Joint("H"),))
    line = LineString([PLACES["O"], PLACES["H"], PLACES["B"]])
    (placed,) = place_joints([cable], (), {"x": line}, PLACES)
    assert place_joints([cable], (), {"x": line.reverse()}, PLACES) == (placed,)
    first, whole = (
        sum(ELLIPSOID.inv(*a, *b)[2] for a, b in pairwise(stops))
        for stops in (line.coords[:2], line.coords)
    )
    assert placed.joints[0].share == pytest.approx(first / whole)


def test_a_way_leaves_a_cable_at_its_joint(through) -> None:
    """O to T by the piece of 105.3 km of railway, not to B and back."""
    route = shortest_route(_join(through), "T", "O")
    assert [find_cable(key) for key in route.cables] == ["through"]
    assert route.km == pytest.approx(105.3 * 1.04, abs=0.002)
    air_km = ELLIPSOID.inv(*PLACES["O"], *PLACES["T"])[2] / 1000
    assert air_km <= route.low_km <= route.km <= route.high_km
    assert route.high_km == pytest.approx(105.3 * 1.06, abs=0.002)
    assert joined_at(route.nodes, route.cables, {"through": through}) == {"through": ("T",)}


def test_of_ways_of_one_length_the_one_along_whole_cables_is_taken(through, make_cable) -> None:
    whole = make_cable("whole", "H", "B", 659.0 * 1.04)
    route = shortest_route(_join(through, whole), "H", "B")
    assert route.cables == ("whole",)
    assert shortest_route(_join(through, whole), "O", "B").cables == ("through",)


def test_a_cut_takes_the_whole_cable(through) -> None:
    joined = _join(through)
    keys = list_keys(joined)
    assert set(keys) == {"through"}
    assert len(keys["through"]) == 6  # four stops, any two of them
    assert not cut(joined, keys["through"]).number_of_edges()


def test_a_cable_without_joints_is_as_it_was(toy) -> None:
    cables = [data["cable"] for *_, data in toy.edges(data=True)]
    assert nx.utils.graphs_equal(join_pieces(toy, cables), toy)


@given(
    st.lists(st.floats(1.0, 500.0), min_size=2, max_size=6),
    st.lists(st.floats(1.0, 900.0), max_size=4),
)
def test_pieces_make_ways_shorter_and_never_shorter_than_their_cable(
    make_cable, graph_of, strokes, others
) -> None:
    """Any way over pieces is one over a chain of hops, as long as the stretches that it takes."""
    stops = [f"s{number}" for number in range(len(strokes) + 1)]
    corridors = [
        Corridor(f"c{number}", a, b, km)
        for number, (km, (a, b)) in enumerate(zip(strokes, pairwise(stops), strict=True))
    ]
    chain = make_cable(
        "chain", stops[0], stops[-1], sum(strokes),
        corridors=tuple(each.corridor_id for each in corridors),
        joints=tuple(map(Joint, stops[1:-1])),
    )  # fmt: skip
    direct = [
        make_cable(f"d{number}", stops[number % len(stops)], stops[-1 - number % 2], km)
        for number, km in enumerate(others)
    ]
    cables = place_joints([chain, *direct], corridors, {}, dict.fromkeys(stops, (0.0, 0.0)))
    whole = graph_of([*cables, *(make_cable(f"n{stop}", stop, stop, 0.0) for stop in stops)])
    joined = join_pieces(whole, cables)
    hops = nx.MultiGraph(
        (a, b, {"km": km}) for km, (a, b) in zip(strokes, pairwise(stops), strict=True)
    )
    hops.add_edges_from((c.from_node, c.to_node, {"km": c.length_km}) for c in direct)
    for end in stops[1:]:
        route, before = (shortest_route(graph, stops[0], end) for graph in (joined, whole))
        km = nx.shortest_path_length(hops, stops[0], end, weight="km")
        assert km - 1e-6 <= route.km <= km + 0.002 * len(stops)
        assert before is None or route.km <= before.km + 1e-6
