"""GraphML and GML: every edge is a cable of its own, and hostile files are refused."""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from importlib import resources
from pathlib import Path

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from steppe.layers.errors import InputError, Problem

ELLIPSOID = Geod(ellps="GRS80")
HOHHOT, BEIJING = (111.75, 40.84), (116.40, 39.91)


def ends(fibre) -> Counter[frozenset[str]]:
    return Counter(map(frozenset, zip(fibre["from_node"], fibre["to_node"], strict=True)))


def refusal(read, path: Path) -> str:
    with pytest.raises(InputError) as caught:
        read(path)
    (problem,) = caught.value.problems
    assert str(problem).startswith(path.name)
    return str(problem)


def test_graphml_gives_nodes_where_the_file_says(write, graphml, read_nodes) -> None:
    nodes = read_nodes(write("zoo.graphml", graphml)).set_index("node_id")
    assert nodes.crs.to_epsg() == 4490
    assert list(nodes["name_en"]) == list(nodes["name_zh"]) == ["Hohhot", "Beijing", "Datong"]
    assert (nodes.geometry["1"].x, nodes.geometry["1"].y) == BEIJING
    assert list(nodes["country"]) == ["CN", "CN", "ZZ"]  # no such country: not known
    assert set(nodes["kind"]) == {"core"}


def test_parallel_edges_are_cables_of_their_own(write, graphml, read_fibre) -> None:
    fibre = read_fibre(write("zoo.graphml", graphml))
    assert ends(fibre) == {frozenset("01"): 2, frozenset("02"): 1, frozenset("12"): 1}
    assert fibre["cable_id"].is_unique
    parallel = fibre[fibre["to_node"].eq("1") & fibre["from_node"].eq("0")]
    assert list(parallel["lane"]) == [0, 1]
    assert list(parallel["name_en"]) == ["Hohhot – Beijing", "Hohhot – Beijing 2"]
    assert parallel["capacity_gbps"].tolist()[0] == 10.0
    assert parallel["capacity_gbps"].isna().tolist() == [False, True]


def test_a_straight_line_says_that_it_is_one(write, graphml, read_fibre) -> None:
    fibre = read_fibre(write("zoo.graphml", graphml))
    assert set(fibre["geometry_kind"]) == {"schematic"}
    assert set(fibre["corridor_basis"]) == {"assumed"}
    assert fibre["corridors"].isna().all()
    km = ELLIPSOID.inv(*HOHHOT, *BEIJING)[2] / 1000
    assert fibre["length_km"].iloc[0] == pytest.approx(km, rel=1e-9)
    assert list(fibre["link_label"].dropna()) == ["2.5 Gbps"]


def test_gml_reads_like_graphml_without_the_mark_of_a_multigraph(
    write, gml, graphml, read_nodes, read_fibre
) -> None:
    path = write("zoo.gml", gml)
    fibre, other = read_fibre(path), read_fibre(write("zoo.graphml", graphml))
    assert ends(fibre) == ends(other)
    assert fibre["length_km"].sum() == pytest.approx(other["length_km"].sum())
    assert set(fibre["cable_id"]) == {"e1", "e2", "e3", "1--2--1"}
    assert list(read_nodes(path)["name_en"]) == ["Hohhot", "Beijing", "Beijing"]


def test_a_stated_length_is_kept_beside_the_drawn_one(write, gml, read_fibre) -> None:
    fibre = read_fibre(write("zoo.gml", gml.replace('id "e2"', 'id "e2" dist 611')))
    cable = fibre.set_index("cable_id").loc["e2"]
    assert cable["said_length_km"] == cable["route_km"] == 611
    assert cable["length_km"] < 420
    line = refusal(read_fibre, write("a.gml", gml.replace('id "e2"', 'id "e2" dist "far"')))
    assert "the stated length is no number" in line
    assert "rows e2" in line


def test_a_length_through_the_air_is_no_route(write, gml, read_fibre) -> None:
    """What is within 2 % of the distance tells it again; what is shorter is left out and named."""
    told: list[Problem] = []
    air_km = [ELLIPSOID.inv(*HOHHOT, *end)[2] / 1000 for end in (BEIJING, (113.3, 40.08))]
    lengths = {"e1": air_km[0] * 1.004, "e2": air_km[0] * 0.997, "e3": air_km[1] * 0.5}
    for name, km in lengths.items():
        gml = gml.replace(f'id "{name}"', f'id "{name}" distance {km:.3f}')
    fibre = read_fibre(write("zoo.gml", gml), notes=told).set_index("cable_id")
    assert fibre["route_km"].isna().all()
    assert fibre["fibre_km"].isna().all()
    assert fibre.loc["e1", "said_length_km"] == pytest.approx(lengths["e1"], abs=1e-3)
    # Beside routes it is no distance, and half of one is neither.
    for name, km in (("e1", 611), ("e2", 655.5)):
        gml = gml.replace(f"{lengths[name]:.3f}", str(km))
    fibre = read_fibre(write("routes.gml", gml), notes=told).set_index("cable_id")
    assert fibre["route_km"].dropna().to_dict() == {"e1": 611.0, "e2": 655.5}
    (note,) = told
    assert "1 lengths left out" in str(note)
    assert note.rows == ("e3",)


def test_a_length_of_fibre_is_read_by_its_name(write, gml, read_fibre) -> None:
    fibre = read_fibre(write("zoo.gml", gml.replace('id "e2"', 'id "e2" fibre_km 620 dist 611')))
    cable = fibre.set_index("cable_id").loc["e2"]
    assert (cable["fibre_km"], cable["route_km"]) == (620, 611)


def test_an_id_given_twice_is_no_id(write, gml, read_fibre) -> None:
    fibre = read_fibre(write("zoo.gml", gml.replace('"e2"', '"e1"')))
    assert sorted(fibre["cable_id"]) == ["0--1--1", "0--1--2", "0--2--1", "1--2--1"]


def test_ids_are_made_fit_for_lists(write, gml, read_fibre) -> None:
    fibre = read_fibre(write("zoo.gml", gml.replace('"e2"', '"Line 2, north"')))
    assert "Line_2_north" in set(fibre["cable_id"])


def test_screen_positions_are_no_coordinates(write, gml, read_nodes) -> None:
    drawn = gml.replace("Longitude", "x").replace("Latitude", "y")
    assert "has no Longitude and Latitude" in refusal(read_nodes, write("zoo.gml", drawn))


def test_what_the_file_says_goes_before_the_default(write, gml, read_fibre) -> None:
    said = gml.replace('id "e2"', 'id "e2" status "planned" year 2031 operator "Lines"')
    cable = read_fibre(write("zoo.gml", said), operator="All").set_index("cable_id").loc["e2"]
    assert (cable["status"], cable["year"], cable["operator"]) == ("planned", 2031, "Lines")


places = st.tuples(st.floats(-170, 170), st.floats(-80, 80))
node_ids = st.one_of(st.integers(0, 99), st.text("ab -", min_size=1).filter(str.strip))


@st.composite
def networks(draw) -> nx.MultiGraph:
    by_text = lambda node: "_".join(str(node).split())  # noqa: E731
    nodes = draw(st.lists(node_ids, min_size=1, max_size=6, unique_by=by_text))
    graph: nx.MultiGraph = nx.MultiGraph()
    for node in nodes:
        lon, lat = draw(places)
        graph.add_node(node, lon=lon, lat=lat)
    pairs = st.tuples(st.sampled_from(nodes), st.sampled_from(nodes))
    graph.add_edges_from(draw(st.lists(pairs, max_size=12)))
    return graph


def _write(graph: nx.MultiGraph, path: Path) -> None:
    if path.suffix == ".json":
        edges = ("edges", "links")[len(graph) % 2]  # networkx since 3.4, and before
        path.write_text(json.dumps(nx.node_link_data(graph, edges=edges)), encoding="utf-8")
    elif path.suffix == ".gml":
        nx.write_gml(graph, path, stringizer=str)
    else:
        nx.write_graphml(graph, path)


@settings(deadline=None, max_examples=60)
@given(graph=networks(), suffix=st.sampled_from(["graphml", "gml", "json"]))
def test_any_multigraph_of_networkx_reads_back(read_nodes, read_fibre, graph, suffix) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"net.{suffix}"
        _write(graph, path)
        nodes, fibre = read_nodes(path), read_fibre(path)
    assert len(nodes) == len(graph)
    assert len(fibre) == graph.number_of_edges()
    assert fibre["cable_id"].is_unique
    number = {node: str(place) for place, node in enumerate(graph)}  # GML numbers its nodes
    name = {
        node: number[node] if suffix == "gml" else "_".join(str(node).split()) for node in graph
    }
    assert ends(fibre) == Counter(frozenset((name[a], name[b])) for a, b in graph.edges())
    at = {name[node]: (data["lon"], data["lat"]) for node, data in graph.nodes(data=True)}
    for node_id, point in zip(nodes["node_id"], nodes.geometry, strict=True):
        assert (point.x, point.y) == pytest.approx(at[node_id])
    lanes = Counter(
        zip(
            map(frozenset, zip(fibre["from_node"], fibre["to_node"], strict=True)),
            fibre["lane"],
            strict=True,
        )
    )
    assert set(lanes.values()) <= {1}


def test_cernet_keeps_its_edges_and_lengths(tmp_path: Path, read_nodes, read_fibre) -> None:
    file = resources.files("topohub") / "data" / "topozoo" / "Cernet.json"
    topology = json.loads(file.read_text(encoding="utf-8"))
    graph: nx.MultiGraph = nx.MultiGraph()
    for node in topology["nodes"]:
        lon, lat = node["pos"]
        graph.add_node(node["id"], label=node["name"], Longitude=lon, Latitude=lat)
    for edge in topology["edges"]:
        graph.add_edge(edge["source"], edge["target"], dist=edge["dist"])
    nx.write_graphml(graph, tmp_path / "Cernet.graphml")
    nodes = read_nodes(tmp_path / "Cernet.graphml")
    fibre = read_fibre(tmp_path / "Cernet.graphml")
    assert (len(nodes), len(fibre)) == (37, 54)
    assert ends(fibre) == Counter(map(frozenset, graph.edges()))
    back = nx.Graph(zip(fibre["from_node"], fibre["to_node"], strict=True))
    assert nx.number_connected_components(back) == nx.number_connected_components(graph)
    # A sphere and the ellipsoid differ by up to 0.56 % (Snyder 1987, p. 16); positions are
    # rounded to about a kilometre.
    assert fibre["length_km"].to_numpy() == pytest.approx(fibre["said_length_km"], rel=6e-3, abs=2)
    assert fibre["route_km"].isna().all()  # they are the air's


BOMB = """<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">]>"""
THIEF = '<!DOCTYPE t [<!ENTITY a SYSTEM "secret.txt">]>'


@pytest.mark.parametrize("doctype", [BOMB, THIEF, '<!DOCTYPE g SYSTEM "g.dtd">'])
def test_a_document_type_is_refused_unread(write, graphml, read_nodes, doctype: str) -> None:
    write("secret.txt", "the secret")
    hostile = graphml.replace("<graphml", f"{doctype}<graphml", 1).replace("Hohhot", "&a;")
    line = refusal(read_nodes, write("zoo.graphml", hostile))
    assert "document type" in line
    assert "secret" not in line


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("</graph>", "", "is no GraphML: mismatched tag"),
        ("<graph edgedefault", "<tree edgedefault", "is no GraphML"),
        ('<data key="d1">40.84</data>', '<data key="d1">north</data>', "is no GraphML"),
        ('<data key="d1">40.84</data>', '<data key="d1">nan</data>', "has no Longitude"),
        ('<data key="d1">40.84</data>', '<data key="d9">1</data>', "is no GraphML"),
        ('target="2"', 'target="7"', "ends at a node that is not there (rows 7)"),
        ('id="2"', 'id="1"', "an id occurs more than once (rows 1)"),
        ('node id="2"', "node", "a node has no id"),
        ('"0" target="1"', '"0" target="1" id="k"', None),
        ("</graph>", '</graph><graph edgedefault="undirected"/>', "holds 2 graphs"),
        ("</graph>", "<hyperedge/></graph>", "is no GraphML"),
        ("undirected", "directed", None),
    ],
)  # fmt: skip
def test_graphml_at_fault_is_one_line(write, graphml, read_nodes, old, new, line) -> None:
    assert old in graphml
    path = write("zoo.graphml", graphml.replace(old, new, 1))
    if line is None:
        assert len(read_nodes(path)) == 3
    else:
        assert line in refusal(read_nodes, path)


def test_edges_that_cannot_be_told_apart_are_not_merged(write, graphml, read_fibre) -> None:
    alike = graphml.replace('"0" target="1"', '"0" target="1" id="k"')
    line = refusal(read_fibre, write("zoo.graphml", alike))
    assert "only 3 of its 4 edges can be told apart" in line


def test_arcs_there_and_back_are_not_two_cables(write, graphml, read_fibre) -> None:
    arcs = graphml.replace("undirected", "directed").replace('"2" target="1"', '"2" target="0"')
    line = refusal(read_fibre, write("zoo.graphml", arcs))
    assert "would count as two cables" in line
    assert "rows 0-2" in line


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("]\n]", "]", "is no GML"),
        ("id 1 label", "id 0 label", "is no GML"),
        ("\ngraph [", "\n" + "a [ " * 5000 + "graph [", "holds 65 levels, at most 64"),
        ("target 2", "target 9", "undefined target"),
        ("Longitude 116.40", "Longitude 1e999", "is no GML"),
        ("Longitude 116.40", 'Longitude "116°24′"', "has no Longitude and Latitude"),
        ("node [ id 0", "node 5 node [ id 0", "is no GML"),
        ("Internal 1 ]", "Internal 1 hyperedge 1 ]", None),
        ("Longitude 116.40", "hyperedge 1", "is a hyperedge"),
        ("Longitude 116.40 Latitude 39.91", "Longitude 39.91 Latitude 116.40", "are swapped"),
    ],
)
def test_gml_at_fault_is_one_line(write, gml, read_nodes, old, new, line) -> None:
    assert old in gml
    path = write("zoo.gml", gml.replace(old, new, 1))
    if line is None:  # a hyperedge that has a place: cables meet there
        assert list(read_nodes(path)["kind"]) == ["junction", "core", "core"]
    else:
        assert line in refusal(read_nodes, path)


def test_geography_markup_of_the_same_suffix_is_not_taken_for_a_graph(write, read_nodes) -> None:
    with pytest.raises(InputError) as caught:
        read_nodes(write("nodes.gml", '<?xml version="1.0"?><gml:FeatureCollection/>'))
    assert "nodes.gml › nodes: is of no known format by its name" in str(caught.value)
