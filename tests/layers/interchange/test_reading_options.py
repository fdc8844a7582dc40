"""What the plan says of a network: what has no place is left out, and networks are joined."""

from __future__ import annotations

import json
from collections import Counter

import networkx as nx
import pytest
from pyproj import Geod

from steppe.layers.contracts.network import FIBRE, NODES
from steppe.layers.errors import InputError
from steppe.layers.interchange.read_network import ReadingOptions
from steppe.layers.reader import read_layer

WORLD = (-180.0, -90.0, 180.0, 90.0)
ELLIPSOID = Geod(ellps="GRS80")
COMMON = {"accuracy_m": 100, "source_id": "s", "as_of": "2020-01-01"}
DEFAULTS = {
    NODES.name: {"kind": "core", **COMMON},
    FIBRE.name: {"status": "in_service", "year": 2015, "existence": "said", **COMMON},
}


@pytest.fixture
def read():
    """Read nodes, cables, and what is told of them."""

    def both(path, **options):
        told: list[str] = []
        frames = [
            read_layer(
                path,
                contract,
                bbox=WORLD,
                options=ReadingOptions(
                    DEFAULTS[contract.name],
                    tell=lambda note: told.append(note.say("en")),
                    **options,
                ),
            )
            for contract in (NODES, FIBRE)
        ]
        return *frames, list(dict.fromkeys(told))

    return both


def test_nodes_without_a_place_are_left_out_on_wish_with_their_cables(
    write, graphml, gml, read
) -> None:
    texts = {
        "graphml": graphml.replace('<data key="d1">40.08</data>', ""),
        "gml": gml.replace("Latitude 40.08", ""),
    }
    for suffix, text in texts.items():
        path = write(f"zoo.{suffix}", text)
        with pytest.raises(InputError, match='write unplaced = "leave_out" under'):
            read(path)
        nodes, fibre, told = read(path, unplaced="leave_out")
        assert list(nodes["node_id"]) == ["0", "1"]
        assert len(fibre) == 2
        one, other = told
        assert one.startswith(f"zoo.{suffix} › nodes: 1 nodes left out (rows 2 ")
        assert other.startswith(f"zoo.{suffix} › fibre: 2 cables left out (rows ")


def test_the_zoo_file_of_the_docs_is_read(datasets, read) -> None:
    """Cernet as the Topology Zoo has it: 41 nodes, 59 edges, four nodes stand for abroad."""
    path = datasets / "networks" / "topology_zoo" / "Cernet.graphml"
    graph = nx.read_graphml(path, force_multigraph=True)
    unplaced = [node for node, data in graph.nodes(data=True) if "Latitude" not in data]
    nodes, fibre, told = read(path, unplaced="leave_out")
    assert len(nodes) == len(graph) - len(unplaced)
    graph.remove_nodes_from(unplaced)
    assert len(fibre) == graph.number_of_edges()
    assert "4 nodes left out (rows 10 Japan, 11 Europe, 18 N.A, 19 Korea)" in told[0]


@pytest.mark.packs
@pytest.mark.parametrize(
    ("step", "least_parted"), [(7, 1), pytest.param(1, 10, marks=pytest.mark.soak)]
)
def test_every_file_of_the_zoo_is_read(datasets, read, step: int, least_parted: int) -> None:
    """Each in one of two ways; kept between others, no node without a place parts a network."""
    n_parted = 0
    files = sorted((datasets / "networks" / "topology_zoo").glob("*.graphml"))
    for number, path in enumerate(files[::step]):
        unplaced = ("leave_out", "between")[number % 2]
        nodes, fibre, told = read(path, unplaced=unplaced)
        assert set(fibre["from_node"]) | set(fibre["to_node"]) <= set(nodes["node_id"])
        n_parted += any("hangs together in" in line for line in told)
        if unplaced == "between":
            assert not any("hangs together in" in line for line in told)
    assert n_parted >= least_parted


def test_an_ofds_node_without_a_place_goes_with_the_spans_that_end_there(
    write, network, read
) -> None:
    network["nodes"][2]["location"] = None
    path = write("net.json", {"networks": [network]})
    with pytest.raises(InputError, match="has no location in degrees"):
        read(path)
    nodes, fibre, told = read(path, unplaced="leave_out")
    assert list(nodes["node_id"]) == ["h", "b"]
    assert list(fibre["cable_id"]) == ["hb_1", "hb2"]
    assert any("nodes left out (rows d)" in line for line in told)
    assert any("cables left out (rows db, hd)" in line for line in told)


def test_codes_of_ofds_are_read_in_either_case_and_what_is_left_out_is_named(
    write, network, read
) -> None:
    spans = network["spans"]
    spans[0]["transmissionMedium"] = ["Fibre"]
    spans[1].update(transmissionMedium="FIBRE", status="Operational")
    network["nodes"][1]["type"] = ["BorderCrossing"]
    spans.append({**spans[1], "id": "wire", "transmissionMedium": "copper"})
    nodes, fibre, told = read(write("net.json", {"networks": [network]}))
    assert list(fibre["cable_id"]) == ["hb_1", "hb2", "hd", "db"]
    assert fibre["status"].iloc[1] == "in_service"
    assert nodes["kind"].iloc[1] == "border"
    assert any("spelling of transmissionMedium (rows hb_1, hb2)" in line for line in told)
    assert any("spans of copper not read (rows wire)" in line for line in told)
    assert any("spans of microwave not read (rows radio)" in line for line in told)


@pytest.mark.parametrize(
    ("owner", "named"),
    [
        ({"id": "o1", "name": "Ministry"}, "Ministry"),
        ({"id": "o1"}, "Lines Ltd"),
        ({"id": "o9"}, "o9"),
    ],
)
def test_the_owner_of_the_medium_is_the_operator(write, network, read, owner, named) -> None:
    """Schema 0.4 has transmissionMediumOwner; a reference may bear its id alone."""
    network["organisations"] = [{"id": "o1", "name": "Lines Ltd"}]
    network["spans"][1]["transmissionMediumOwner"] = owner
    _, fibre, _ = read(write("net.json", {"networks": [network]}))
    assert fibre["operator"].iloc[1] == named


@pytest.mark.parametrize("name", ["WGS84", "wgs 84", "WGS_1984", "EPSG:4326", "CRS84"])
def test_a_crs_in_words_is_read(write, network, read, name: str) -> None:
    for crs in ({"name": name}, name):
        network["crs"] = crs
        assert len(read(write("net.json", {"networks": [network]}))[0]) == 3


@pytest.mark.parametrize("name", ["WGS 84 / UTM zone 36N", "EPSG:3857", "WGS72"])
def test_another_crs_is_refused(write, network, read, name: str) -> None:
    network["crs"] = {"name": name}
    with pytest.raises(InputError, match=f"a network is in {name}"):
        read(write("net.json", {"networks": [network]}))


def test_a_network_without_its_package_is_told_so(write, network, read) -> None:
    with pytest.raises(InputError, match="without the package round it; put it into") as caught:
        read(write("net.json", network))
    assert '{"networks": [...]}' in str(caught.value)


def test_ofds_that_a_gis_saved_again_is_read(write, features, read) -> None:
    """GDAL gives every feature the union of the properties, nothing (null) where it had none."""
    every = [*features["nodes"], *features["spans"]]
    names = {name for feature in every for name in feature["properties"]}
    for feature in every:
        given = feature["properties"]
        feature["properties"] = {name: given.get(name) for name in sorted(names)}
    nodes, fibre, _ = read(write("net.geojson", every))
    assert (len(nodes), len(fibre)) == (3, 4)
    for feature in every:
        feature["properties"] = {
            name: json.dumps(value) if isinstance(value, dict | list) else value
            for name, value in feature["properties"].items()
        }
    again = read(write("net.geojson", every))
    assert list(again[1]["from_node"]) == list(fibre["from_node"])


def _beside(network: dict, name: str, *, lon: float) -> dict:
    """Return the network under another id, its nodes moved to the east."""
    other = json.loads(json.dumps(network))
    other["id"] = name
    for node in other["nodes"]:
        node["location"]["coordinates"][0] += lon
    for span in other["spans"]:
        span.pop("route", None)
    return other


def test_networks_of_one_file_are_joined_on_wish(write, network, read) -> None:
    networks = [_beside(network, f"n{number}", lon=0.01 * number) for number in range(4)]
    path = write("net.json", {"networks": networks})
    nodes, fibre, _ = read(path)
    assert (len(nodes), len(fibre)) == (12, 16)
    nodes, fibre, told = read(path, join_km=3)
    assert len(nodes) == 12
    joints = fibre[fibre["cable_id"].str.startswith("joint:")]
    # Three places of four nodes each: three joints hold four together, none closes a circle.
    assert (len(fibre), len(joints)) == (16 + 9, 9)
    graph = nx.MultiGraph(zip(fibre["from_node"], fibre["to_node"], strict=True))
    assert nx.number_connected_components(graph) == 1
    assert set(joints["existence"]) == {"assumed"}
    assert set(joints["geometry_kind"]) == {"schematic"}
    assert joints["operator"].isna().all()
    # Its length counts, and the note tells each, and all of them together.
    east_km = [ELLIPSOID.inv(0, lat, 0.01, lat)[2] / 1000 for lat in (40.84, 39.91, 40.08)]
    assert sorted(joints["length_km"]) == pytest.approx(sorted(east_km * 3), rel=1e-9)
    (line,) = (line for line in told if "9 joints of" in line)
    assert line.count(" km)") == 9
    assert "Hohhot [Test net] – Hohhot [Test net] (0.84 km)" in line


def test_nodes_at_one_place_are_one(write, network, read) -> None:
    networks = [_beside(network, "n0", lon=0), _beside(network, "n1", lon=0.000001)]
    path = write("net.json", {"networks": networks})
    nodes, fibre, told = read(path, join_km=2)
    assert list(nodes["node_id"]) == ["n0:h", "n0:b", "n0:d"]
    assert len(fibre) == 8
    graph = nx.MultiGraph(zip(fibre["from_node"], fibre["to_node"], strict=True))
    assert Counter(graph.degree()) == Counter({("n0:h", 6): 1, ("n0:b", 6): 1, ("n0:d", 4): 1})
    assert any("3 nodes taken for one with a node of another network" in line for line in told)


def test_nodes_of_one_network_stay_apart(write, network, read) -> None:
    network["nodes"][2]["location"]["coordinates"] = [111.751, 40.84]
    networks = [_beside(network, "n0", lon=0), _beside(network, "n1", lon=0.0001)]
    nodes, fibre, _ = read(write("net.json", {"networks": networks}), join_km=2)
    assert len(nodes) == 6
    ends = fibre[fibre["cable_id"].str.startswith("joint:")][["from_node", "to_node"]]
    # Two places near each other: each has its own twin, and none is joined to two.
    assert {*map(tuple, ends.to_numpy())} == {(f"n0:{each}", f"n1:{each}") for each in "hbd"}


def test_what_joins_nothing_says_so(write, network, read, gml) -> None:
    for path in (write("net.json", {"networks": [network]}), write("net.gml", gml)):
        assert any("join_km joins nothing" in line for line in read(path, join_km=2)[2])


def test_networks_without_ids_are_refused(write, network, read) -> None:
    other = {**network, "id": None}
    with pytest.raises(InputError, match="some of its networks have no id"):
        read(write("net.json", {"networks": [network, other]}))
