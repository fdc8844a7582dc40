"""Node-link JSON: topologies of topohub as they are shipped, and what is none."""

from __future__ import annotations

import copy
import json
import math
from collections import Counter
from importlib import resources
from pathlib import Path

import numpy as np
import pytest
import shapely
from pyproj import Geod

from steppe.layers.errors import InputError

ELLIPSOID = Geod(ellps="GRS80")
# topohub measures on a sphere of this radius (`topohub.graph.haversine`); from north to south the ellipsoid
# has one of 6 339 km at 14 degrees, 0.53 % less.  Then it rounds positions and lengths to two places: each end
# is off by half of 0.01 degrees both ways at most, which is 0.79 km.
SPHERE_KM = 6372.8
ROUNDED_KM = 2 * math.hypot(0.005, 0.005) * math.pi / 180 * SPHERE_KM + 0.005
TOPOHUB = resources.files("topohub") / "data"
# Drawn on a sheet of pixels or of kilometres, as SNDlib has them.
ON_A_SHEET = {
    "atlanta", "di-yuan", "france", "giul39", "newyork", "norway", "pioro40", "sun", "ta1", "ta2",
    "zib54",
}  # fmt: skip


def ends(fibre) -> Counter[frozenset[str]]:
    return Counter(map(frozenset, zip(fibre["from_node"], fibre["to_node"], strict=True)))


def hold(path: Path, read_nodes, read_fibre) -> None:
    """Hold what is read against the file, its lengths as those of a sphere, ours of the ellipsoid."""
    whole = json.loads(path.read_text(encoding="utf-8"))
    nodes, fibre = read_nodes(path), read_fibre(path)
    assert list(nodes["node_id"]) == [str(node["id"]) for node in whole["nodes"]]
    for point, node in zip(nodes.geometry, whole["nodes"], strict=True):
        assert [point.x, point.y] == node["pos"]
    pairs = [frozenset((str(each["source"]), str(each["target"]))) for each in whole["edges"]]
    assert ends(fibre) == Counter(pairs)
    places = nodes.set_index("node_id").geometry
    stops = [shapely.get_coordinates(places.loc[fibre[end]]).T for end in ("from_node", "to_node")]
    ours_km = ELLIPSOID.inv(*stops[0], *stops[1])[2] / 1000
    assert fibre["length_km"].to_numpy() == pytest.approx(ours_km, abs=1e-3)
    (lon, lat), (lon2, lat2) = np.radians(stops)
    half = (
        np.sin((lat2 - lat) / 2) ** 2 + np.cos(lat) * np.cos(lat2) * np.sin((lon2 - lon) / 2) ** 2
    )
    theirs_km = 2 * SPHERE_KM * np.arcsin(np.sqrt(half))
    assert fibre["said_length_km"].to_numpy() == pytest.approx(theirs_km, abs=ROUNDED_KM)


@pytest.mark.parametrize(
    "name", ["topozoo/Cernet", "topozoo/Abilene", "caida/2024-08/1221", "sndlib/germany50"]
)
def test_a_topology_reads_as_it_is_shipped(read_nodes, read_fibre, name: str) -> None:
    hold(Path(str(TOPOHUB / f"{name}.json")), read_nodes, read_fibre)


def test_sndlib_on_a_sheet_is_told_from_sndlib_in_degrees(read_nodes) -> None:
    paths = sorted(Path(str(TOPOHUB / "sndlib")).glob("*.json"))
    assert {path.stem for path in paths} > ON_A_SHEET
    for path in paths:
        if path.stem in ON_A_SHEET:
            with pytest.raises(InputError, match="positions lie on a plane"):
                read_nodes(path)
        else:
            assert len(read_nodes(path)) > 9


def test_a_random_graph_in_kilometres_is_on_a_sheet(read_nodes) -> None:
    with pytest.raises(InputError, match="positions lie on a plane"):
        read_nodes(Path(str(TOPOHUB / "gabriel" / "25" / "0.json")))


def test_a_bend_of_a_sea_cable_is_a_junction(read_nodes, read_fibre) -> None:
    path = Path(str(TOPOHUB / "backbone" / "africa.json"))
    whole = json.loads(path.read_text(encoding="utf-8"))
    bends = {str(each["id"]) for each in whole["nodes"] if each["type"] == "Seacable Waypoint"}
    nodes, fibre = read_nodes(path), read_fibre(path)
    assert set(nodes.loc[nodes["kind"] == "junction", "node_id"]) == bends
    assert set(fibre["link_type"]) == {"normal", "seacable"}


@pytest.mark.soak
def test_every_topology_of_topohub_in_degrees_is_read(read_nodes, read_fibre) -> None:
    for group in ("topozoo", "caida", "sndlib"):
        for path in sorted(Path(str(TOPOHUB / group)).rglob("*.json")):
            if path.stem not in ON_A_SHEET:
                hold(path, read_nodes, read_fibre)


WHOLE = {
    "directed": False,
    "multigraph": True,
    "graph": {},
    "nodes": [
        {"id": 0, "name": "Hohhot", "pos": [111.75, 40.84]},
        {"id": 1, "name": "Beijing", "pos": [116.40, 39.91]},
    ],
    "edges": [{"source": 0, "target": 1, "key": 0}, {"source": 0, "target": 1, "key": 1}],
}


def test_parallel_edges_and_either_name_of_their_list(write, read_fibre) -> None:
    assert len(read_fibre(write("net.json", WHOLE))) == 2
    other = {**WHOLE, "links": WHOLE["edges"]}
    del other["edges"]
    assert len(read_fibre(write("net.json", other))) == 2


def test_a_place_that_is_said_goes_before_a_position(write, read_nodes) -> None:
    whole = copy.deepcopy(WHOLE)
    whole["nodes"][0] |= {"Longitude": 100.0, "Latitude": 40.0}
    assert read_nodes(write("net.json", whole)).geometry.iloc[0].x == 100.0


def spoil(part: str, index: int, **changes):
    whole = copy.deepcopy(WHOLE)
    fields = whole[part][index] | changes
    whole[part][index] = {name: value for name, value in fields.items() if value is not None}
    return whole


@pytest.mark.parametrize(
    ("whole", "line"),
    [
        ({**WHOLE, "nodes": []}, "is no node-link JSON: no list of nodes"),
        (spoil("nodes", 1, id=None), "a node has no id"),
        (spoil("nodes", 1, id=[1]), "a node has no id"),
        (spoil("nodes", 1, id=0), "an id occurs more than once (rows 0)"),
        (spoil("nodes", 1, pos=None), "has no Longitude and Latitude in degrees (rows 1 Beijing)"),
        (spoil("nodes", 1, pos="east"), "has no Longitude and Latitude in degrees"),
        (spoil("nodes", 1, pos=[116.4]), "has no Longitude and Latitude in degrees"),
        (spoil("nodes", 1, pos=[400, 39]), "positions lie on a plane"),
        (spoil("edges", 1, target=7), "an edge ends at a node that is not there (rows 7)"),
        (spoil("edges", 1, target=None), "an edge ends at a node that is not there"),
        (spoil("edges", 1, dist="far"), "the stated length is no number"),
        (
            {**spoil("edges", 1, source=1, target=0), "directed": True},
            "is directed and has arcs there and back",
        ),
    ],
)
def test_node_link_at_fault_is_one_line(write, read_fibre, whole, line: str) -> None:
    with pytest.raises(InputError) as caught:
        read_fibre(write("net.json", whole))
    (told,) = str(caught.value).splitlines()
    assert line in told


def test_geojson_with_such_words_is_no_graph(write, read_nodes) -> None:
    feature = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [111.75, 40.84]},
        "properties": {"nodes": 3, "edges": 2},
    }
    with pytest.raises(InputError) as caught:
        read_nodes(write("net.geojson", [feature]))
    assert "net.geojson › nodes: lacks the columns source_id" in str(caught.value)
