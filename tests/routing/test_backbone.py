"""The graph keeps every cable apart, and refuses what it cannot mean."""

from __future__ import annotations

import math

import geopandas as gpd
import pytest
from shapely.geometry import LineString, Point

from steppe.layers.conformity import conform
from steppe.layers.contracts.network import CORRIDORS, FIBRE, NODES
from steppe.layers.errors import InputError
from steppe.routing.backbone import (
    Corridor,
    Node,
    build_graph,
    cut,
    to_cables,
    to_corridors,
    to_nodes,
)

ROW = {"name_zh": "甲", "name_en": "A", "accuracy_m": 10.0, "source_id": "s", "as_of": "2024-01-01"}


@pytest.fixture
def nodes_frame():
    rows = [{**ROW, "node_id": name, "kind": "core", "country": "CN"} for name in ("a", "b")]
    frame = gpd.GeoDataFrame(rows, geometry=[Point(111.0, 41.0), Point(116.0, 40.0)], crs=4490)
    return conform(frame, NODES)


@pytest.fixture
def fibre_frame():
    shared = {
        **ROW,
        "from_node": "a",
        "to_node": "b",
        "corridor_basis": "assumed",
        "existence": "one_reading",
        "status": "planned",
        "year": 2027,
        "length_km": 1000.0,
        "lane": 0,
    }
    rows = [
        {
            **shared,
            "cable_id": "x",
            "corridors": " north  pass ",
            "geometry_kind": "corridor",
            "route_km": 1000.0,
        },
        {**shared, "cable_id": "y", "corridors": None, "geometry_kind": "schematic"},
    ]
    line = LineString([(111.0, 41.0), (116.0, 40.0)])
    return conform(gpd.GeoDataFrame(rows, geometry=[line, line], crs=4490), FIBRE)


def test_parallel_cables_stay_apart(toy):
    assert toy.number_of_edges("H", "B") == 4
    assert toy.number_of_edges() == 7
    assert toy.edges["B", "H", "hb_530"]["cable"].length_km == 530


def test_a_node_without_cable_is_in_the_graph(make_cable):
    nodes = [Node("a", 0, 0), Node("b", 1, 0), Node("alone", 2, 0)]
    assert set(build_graph(nodes, [make_cable("x", "a", "b")])) == {"a", "b", "alone"}


def test_cut_takes_one_of_the_parallels_and_leaves_the_graph_as_it_was(toy):
    rest = cut(toy, ["hb_500", "hb_500"])
    assert {key for *_, key in toy.edges(keys=True)} - {
        key for *_, key in rest.edges(keys=True)
    } == {"hb_500"}
    assert toy.number_of_edges() == 7
    assert set(rest) == set(toy)


def test_cut_of_an_unknown_cable_is_one_line_that_names_it(toy):
    with pytest.raises(InputError) as error:
        cut(toy, ["hb_480", "hb_999"])
    assert len(error.value.problems) == 1
    assert "hb_999" in str(error.value)
    assert "hb_480" not in str(error.value)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"cable_id": "x"}, "more than once"),
        ({"to_node": "nowhere"}, "not a row of nodes"),
        ({"low_km": 101.0}, "band"),
        ({"high_km": 99.0}, "band"),
        ({"low_km": -1.0}, "band"),
        ({"high_km": math.inf}, "band"),
        ({"length_km": math.nan}, "band"),
    ],
)
def test_a_graph_that_means_nothing_is_refused(make_cable, change, named):
    nodes = [Node("a", 0, 0), Node("b", 1, 0)]
    fields = {"cable_id": "y", "from_node": "a", "to_node": "b", "length_km": 100.0}
    good = make_cable(**fields)
    build_graph(nodes, [make_cable("x", "a", "b"), good])
    band = {"low_km": 100.0, "high_km": 100.0}
    bad = make_cable(**{**fields, **band, **change})
    with pytest.raises(InputError, match=named):
        build_graph(nodes, [make_cable("x", "a", "b"), bad])


def test_every_fault_is_told_at_once(make_cable):
    twice = [Node("a", 0, 0), Node("a", 1, 0)]
    with pytest.raises(InputError) as error:
        build_graph(twice, [make_cable("x", "a", "nowhere")])
    assert len(error.value.problems) == 2


def test_nodes_come_from_the_layer(nodes_frame):
    assert to_nodes(nodes_frame) == (
        Node("a", 111.0, 41.0, "CN"),
        Node("b", 116.0, 40.0, "CN"),
    )


def test_cables_come_from_the_layer(nodes_frame, fibre_frame):
    first, second = to_cables(fibre_frame, to_nodes(nodes_frame))
    assert first.corridors == ("north", "pass")
    assert (first.schematic, second.schematic) == (False, True)
    assert second.corridors == ()
    assert (first.corridor_basis, first.existence) == ("assumed", "one_reading")
    assert (first.status, first.year) == ("planned", 2027)
    # 1000 km of published railway with 0, 4 and 6 % of slack; the ends lie 437 km apart, so that
    # the planning rule (655 km) does not bind.
    assert (first.low_km, first.length_km, first.high_km) == pytest.approx((1000, 1040, 1060))
    assert (first.length_basis, second.length_basis) == ("route", "air")


def test_the_best_length_that_is_stated_counts(nodes_frame, fibre_frame):
    stated = fibre_frame.assign(fibre_km=[1015.0, float("nan")], route_km=[1000.0, 500.0])
    first, second = to_cables(stated, to_nodes(nodes_frame))
    assert (first.low_km, first.length_km, first.high_km) == (1015.0, 1015.0, 1015.0)
    assert (second.low_km, second.length_km, second.high_km) == pytest.approx((500, 520, 530))
    assert (first.length_basis, second.length_basis) == ("fibre", "route")


def test_the_planning_rule_lifts_the_high_end(nodes_frame, fibre_frame):
    straight = fibre_frame.assign(length_km=440.0, route_km=440.0)
    cable = to_cables(straight, to_nodes(nodes_frame))[0]
    assert cable.length_km == pytest.approx(440 * 1.04)
    # a to b by the haversine formula on the mean sphere, 6371.0088 km; the ellipsoid
    # differs by less than 0.5 %.
    lat_a, lat_b, lon = math.radians(41), math.radians(40), math.radians(5)
    half = math.sin((lat_a - lat_b) / 2) ** 2
    half += math.cos(lat_a) * math.cos(lat_b) * math.sin(lon / 2) ** 2
    air_km = 2 * 6371.0088 * math.asin(math.sqrt(half))
    assert cable.high_km == pytest.approx(1.5 * air_km, rel=0.005)


def test_a_cable_that_ends_nowhere_is_named(nodes_frame, fibre_frame):
    with pytest.raises(InputError, match="x"):
        to_cables(fibre_frame, to_nodes(nodes_frame)[:1])


def test_corridors_come_from_the_layer():
    row = {
        **ROW,
        "corridor_id": "north",
        "from_node": "a",
        "to_node": "b",
        "basis": "railway",
        "length_km": 450.0,
    }
    line = LineString([(111.0, 41.0), (116.0, 40.0)])
    frame = conform(gpd.GeoDataFrame([row], geometry=[line], crs=4490), CORRIDORS)
    assert to_corridors(frame) == (Corridor("north", "a", "b", 450.0),)
