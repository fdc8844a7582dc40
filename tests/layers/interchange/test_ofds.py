"""The Open Fibre Data Standard: what its fields and codes mean, in JSON and in GeoJSON."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from pyproj import Geod

from steppe.layers.errors import InputError

ELLIPSOID = Geod(ellps="GRS80")
HOHHOT, BEIJING, DATONG = (111.75, 40.84), (116.40, 39.91), (113.30, 40.08)


def refusal(read, path: Path) -> str:
    with pytest.raises(InputError) as caught:
        read(path)
    (problem,) = caught.value.problems
    assert str(problem).startswith(path.name)
    return str(problem)


def test_json_gives_nodes_with_what_it_says_of_them(write, network, read_nodes) -> None:
    path = write("net.json", {"networks": [network]})
    nodes = read_nodes(path).set_index("node_id")
    assert list(nodes["name_en"]) == ["Hohhot", "Beijing", "Datong"]
    assert (nodes.geometry["d"].x, nodes.geometry["d"].y) == DATONG
    assert list(nodes["country"]) == ["CN", "CN", "ZZ"]
    assert list(nodes["kind"]) == ["core", "core", "junction"]  # no access point: no drop
    assert set(nodes["accuracy_m"]) == {250}
    assert set(nodes["as_of"]) == {"2021-09-30"}


def test_a_border_crossing_is_a_border(write, network, read_nodes) -> None:
    network["nodes"][2] |= {"type": ["borderCrossing"], "accessPoint": False}
    assert list(read_nodes(write("net.json", {"networks": [network]}))["kind"])[2] == "border"


def test_json_gives_spans_with_what_it_says_of_them(write, network, read_fibre) -> None:
    fibre = read_fibre(write("net.json", {"networks": [network]})).set_index("cable_id")
    assert list(fibre.index) == ["hb_1", "hb2", "hd", "db"]  # radio is no fibre
    cable = fibre.loc["hb_1"]
    assert (cable["from_node"], cable["to_node"]) == ("h", "b")
    assert (cable["fibres"], cable["capacity_gbps"], cable["operator"]) == (48, 400, "Lines")
    assert (cable["status"], cable["year"], cable["existence"]) == ("in_service", 2016, "said")
    assert (cable["name_en"], fibre.loc["hb2", "name_en"]) == ("Hohhot – Beijing", "Second")
    assert set(fibre["as_of"]) == {"2021-09-30"}


def test_codes_of_status_are_put_in_our_words(write, network, read_fibre) -> None:
    fibre = read_fibre(write("net.json", {"networks": [network]})).set_index("cable_id")
    assert fibre.loc["hd", "status"] == "building"
    assert fibre.loc["db", "status"] == "studied"
    # When it will be ready is not since when it is being built.
    assert fibre.loc["hd", "year"] == 2015


def test_a_route_is_drawn_and_its_fibre_is_longer(write, network, read_fibre) -> None:
    fibre = read_fibre(write("net.json", {"networks": [network]})).set_index("cable_id")
    drawn, straight = fibre.loc["hb_1"], fibre.loc["hb2"]
    route = network["spans"][0]["route"]["coordinates"]
    # Its points in their order, and on legs of more than 100 km some of the geodesic between.
    points = [list(point) for point in drawn.geometry.coords]
    assert [point for point in points if point in route] == route
    assert len(points) > len(route)
    km = ELLIPSOID.line_length(*zip(*route, strict=True)) / 1000
    assert drawn["length_km"] == pytest.approx(km, rel=1e-9)
    assert drawn["fibre_km"] == 470.5
    assert math.isnan(straight["fibre_km"])
    assert drawn["geometry_kind"] == "corridor"
    assert drawn["accuracy_m"] == 250
    assert straight["geometry_kind"] == "schematic"
    air_km = ELLIPSOID.inv(*HOHHOT, *BEIJING)[2] / 1000
    assert straight["length_km"] == pytest.approx(air_km, rel=1e-9)
    assert straight["accuracy_m"] == pytest.approx(250 * air_km)  # a quarter of its length
    assert set(fibre["corridor_basis"]) == {"assumed"}


def test_a_route_is_drawn_to_its_nodes_whichever_way_it_runs(write, network, read_fibre) -> None:
    route = network["spans"][0]["route"]["coordinates"]
    inner = [[111.8, 40.85], *route[1:-1], [116.40, 39.95]]  # 4.4 km short of either node
    for given in (inner, inner[::-1]):
        notes: list = []
        network["spans"][0]["route"]["coordinates"] = given
        cable = read_fibre(write("net.json", {"networks": [network]}), notes=notes).iloc[0]
        assert (cable.geometry.coords[0], cable.geometry.coords[-1]) == (HOHHOT, BEIJING)
        assert cable["geometry_kind"] == "corridor"
        gap_m = ELLIPSOID.inv(*BEIJING, 116.40, 39.95)[2]
        assert cable["accuracy_m"] == pytest.approx(gap_m, rel=1e-9)
        assert any("1 routes end beside their nodes, at most 4.4 km" in n.say("en") for n in notes)


def test_a_route_that_leads_elsewhere_is_told_and_drawn_straight(
    write, network, read_fibre
) -> None:
    network["spans"][0]["route"]["coordinates"] = [[112.5, 41.0], [113.3, 40.9], [116.4, 39.91]]
    notes: list = []
    cable = read_fibre(write("net.json", {"networks": [network]}), notes=notes).iloc[0]
    assert (cable.geometry.coords[0], cable.geometry.coords[-1]) == (HOHHOT, BEIJING)
    assert cable["geometry_kind"] == "schematic"
    assert cable["accuracy_m"] == pytest.approx(250 * cable["length_km"])
    (line,) = (n.say("en") for n in notes if "lead elsewhere" in n.say("en"))
    assert "rows hb_1" in line


def test_a_route_of_two_points_tells_no_way(write, network, read_fibre) -> None:
    network["spans"][0]["route"]["coordinates"] = [HOHHOT, BEIJING]
    fibre = read_fibre(write("net.json", {"networks": [network]}))
    assert fibre["geometry_kind"].iloc[0] == "schematic"


def test_geojson_reads_like_json(write, network, features, read_nodes, read_fibre) -> None:
    path = write("net.json", {"networks": [network]})
    nodes, fibre = read_nodes(path), read_fibre(path)
    for name, content in (
        ("both.geojson", features["nodes"] + features["spans"]),
        ("spans.geojson", features["spans"]),  # with its ends written out
    ):
        again = write(name, content)
        assert read_nodes(again).equals(nodes)
        assert read_fibre(again).equals(fibre)
    assert read_nodes(write("nodes.geojson", features["nodes"])).equals(nodes)


def test_ids_of_two_networks_are_told_apart(write, network, read_nodes, read_fibre) -> None:
    second = {**network, "id": "two"}
    path = write("net.json", {"networks": [network, second]})
    nodes, fibre = read_nodes(path), read_fibre(path)
    assert len(nodes) == 6
    assert nodes["node_id"].is_unique
    assert len(fibre) == 8
    assert set(fibre["from_node"]) | set(fibre["to_node"]) == set(nodes["node_id"])
    assert {"two:h", "two:b"} <= set(nodes["node_id"])


@pytest.mark.parametrize("word", ["decommissioned", "inactive"])
def test_the_plan_says_what_an_old_span_counts_as(write, network, read_fibre, word: str) -> None:
    network["spans"][1]["status"] = word
    path = write("net.json", {"networks": [network]})
    line = refusal(read_fibre, path)
    assert f"status '{word}' has no meaning here (rows hb2)" in line
    assert "[layers.fibre.statuses]" in line
    assert "hb2" not in set(read_fibre(path, statuses={word: "left_out"})["cable_id"])
    built = read_fibre(path, statuses={word: "building"}).set_index("cable_id")
    assert built.loc["hb2", "status"] == "building"


def test_a_default_stands_in_for_some_rows_alone(write, network, read_fibre) -> None:
    fibre = read_fibre(write("net.json", {"networks": [network]}), year=2001)
    assert list(fibre["year"]) == [2016, 2001, 2001, 2001]


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (lambda net: net["nodes"][0].pop("location"), "has no location in degrees (rows h)"),
        (lambda net: net["nodes"].pop(2), "two ends that have a place (rows hd, db)"),
        (lambda net: net["spans"][1].pop("start"), "two ends that have a place (rows hb2)"),
        (
            lambda net: net["spans"][0]["route"].update(coordinates=[["a", "b"], [1, 2]]),
            "a route that is no LineString of lon and lat (rows hb_1)",
        ),
        (
            lambda net: net["spans"][0]["route"].update(coordinates=[[1e400, 1], [1, 2]]),
            "is no JSON: Infinity is none of its numbers",
        ),
        (lambda net: net["spans"][0].update(route=[]), "is no LineString"),
        (lambda net: net["spans"][0].update(fibreLength=-3), "the stated length is no number"),
        (lambda net: net["spans"][0].update(fibreCount="many"), "fibres is not a whole number"),
        (lambda net: net["spans"][0].update(readyForServiceDate="soon"), "year is not a whole"),
        (lambda net: net["spans"][1].update(id="hd"), "cable_id occurs more than once (rows hd)"),
        (lambda net: net["spans"][1].pop("id"), "some of its spans have no id (rows 2)"),
        (lambda net: net.update(crs={"name": "EPSG:3857"}), "a network is in EPSG:3857"),
        (
            lambda net: net["nodes"][0]["location"].update(coordinates=[40.84, 111.75]),
            "has no location in degrees (rows h); add its coordinates, lon before lat",
        ),
    ],
)
def test_ofds_at_fault_is_one_line(write, network, read_fibre, change, line) -> None:
    change(network)
    assert line in refusal(read_fibre, write("net.json", {"networks": [network]}))


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('{"networks": [', "is no JSON: Expecting value: line 1"),
        ('{"networks": ' + "[" * 100_000, "nested too deeply"),
        ('{"networks": []}', "holds no network of the Open Fibre Data Standard"),
        ('{"networks": {"nodes": 5}}', "holds no network"),
        ('["networks"]', "holds no network"),
    ],
)
def test_json_that_is_no_ofds_is_one_line(write, read_nodes, text: str, line: str) -> None:
    assert line in refusal(read_nodes, write("net.json", text))


@pytest.mark.parametrize("name", ["\ud800 half", "a\x1b[31mred", "<script>", "x" * 9999])
def test_names_may_be_hostile(write, network, read_nodes, name: str) -> None:
    network["nodes"][0]["name"] = name
    shown = read_nodes(write("net.json", {"networks": [network]}))["name_en"].iloc[0]
    shown.encode("utf-8")
    assert shown.isprintable()
    assert shown
