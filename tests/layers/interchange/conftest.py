"""Small networks in the formats of other tools, and a plan that names them."""

from __future__ import annotations

import gc
import json
import re
import shutil
import sys
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from steppe.command.app import main
from steppe.layers.contracts.network import FIBRE, NODES
from steppe.layers.interchange.read_network import ReadingOptions
from steppe.layers.reader import read_layer

WORLD = (-180.0, -90.0, 180.0, 90.0)
NODE_DEFAULTS = {"kind": "core", "accuracy_m": 5000, "source_id": "s", "as_of": "2020-01-01"}
CABLE_DEFAULTS = {
    "status": "in_service", "year": 2015, "existence": "said",
    "accuracy_m": 50000, "source_id": "s", "as_of": "2020-01-01",
}  # fmt: skip

# Two cables from Hohhot to Beijing, one of them 10 Gbit/s, and a way round by Datong.
GRAPHML = """<?xml version="1.0" encoding="utf-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
  <key attr.name="Latitude" attr.type="double" for="node" id="d1" />
  <key attr.name="Longitude" attr.type="double" for="node" id="d2" />
  <key attr.name="Country" attr.type="string" for="node" id="d3" />
  <key attr.name="label" attr.type="string" for="node" id="d4" />
  <key attr.name="LinkSpeedRaw" attr.type="double" for="edge" id="d5" />
  <key attr.name="LinkLabel" attr.type="string" for="edge" id="d6" />
  <graph edgedefault="undirected">
    <node id="0"><data key="d4">Hohhot</data><data key="d3">China</data>
      <data key="d1">40.84</data><data key="d2">111.75</data></node>
    <node id="1"><data key="d4">Beijing</data><data key="d3">China</data>
      <data key="d1">39.91</data><data key="d2">116.40</data></node>
    <node id="2"><data key="d4">Datong</data><data key="d3">Middle Earth</data>
      <data key="d1">40.08</data><data key="d2">113.30</data></node>
    <edge source="0" target="1"><data key="d5">10000000000.0</data></edge>
    <edge source="0" target="1" />
    <edge source="0" target="2"><data key="d6">2.5 Gbps</data></edge>
    <edge source="2" target="1" />
  </graph>
</graphml>
"""

# The same network as the Topology Zoo writes GML: no mark of a multigraph, a label twice.
GML = """Creator "a tool that draws [ graph [ ]"
graph [
  directed 0
  node [ id 0 label "Hohhot" Country "China" Longitude 111.75 Latitude 40.84 Internal 1 ]
  node [ id 1 label "Beijing" Country "China" Longitude 116.40 Latitude 39.91 Internal 1 ]
  node [ id 2 label "Beijing" Country "China" Longitude 113.30 Latitude 40.08 Internal 1 ]
  edge [ source 0 target 1 LinkSpeedRaw 10000000000.0 id "e1" ]
  edge [ source 0 target 1 id "e2" ]
  edge [ source 0 target 2 id "e3" ]
  edge [ source 2 target 1 ]
]
"""


def _node(node_id: str, name: str, lon: float, lat: float, **other) -> dict:
    place = {"type": "Point", "coordinates": [lon, lat]}
    return {"id": node_id, "name": name, "location": place, "status": "operational", **other}


def _span(span_id: str, start: str, end: str, **other) -> dict:
    return {"id": span_id, "start": start, "end": end, "status": "operational", **other}


def _network() -> dict:
    route = [[111.75, 40.84], [113.3, 40.9], [114.9, 40.8], [116.4, 39.91]]
    return {
        "id": "6f2f1b0e-6a3e-4c39-9d0a-000000000001",
        "name": "Test net",
        "crs": {"name": "urn:ogc:def:crs:OGC::CRS84"},
        "accuracy": 250,
        "collectionDate": "2021-09-30",
        "nodes": [
            _node("h", "Hohhot", 111.75, 40.84, address={"country": "CN"}, type=["pop"]),
            _node("b", "Beijing", 116.40, 39.91, address={"country": "CN"}, type=["ixp"]),
            _node("d", "Datong", 113.30, 40.08, accessPoint=False),
        ],
        "spans": [
            _span(
                "hb 1", "h", "b", readyForServiceDate="2016-05-01", fibreCount=48,
                fibreLength=470.5, capacity=400, physicalInfrastructureProvider={"name": "Lines"},
                route={"type": "LineString", "coordinates": route},
                transmissionMedium=["fibre"],
            ),
            _span("hb2", "h", "b", name="Second"),
            _span("hd", "h", "d", status="underConstruction", readyForServiceDate="2030-01-01"),
            _span("db", "d", "b", status="proposed"),
            _span("radio", "h", "d", transmissionMedium=["microwave"]),
        ],
    }  # fmt: skip


@pytest.fixture
def graphml() -> str:
    return GRAPHML


@pytest.fixture
def gml() -> str:
    return GML


@pytest.fixture
def network() -> dict:
    """One network of OFDS, to be changed at will."""
    return _network()


@pytest.fixture
def features(network: dict) -> dict[str, list[dict]]:
    """The same network as features of GeoJSON, of nodes and of spans."""
    about = {name: network[name] for name in ("id", "name", "crs", "accuracy", "collectionDate")}
    nodes = {node["id"]: node for node in network["nodes"]}

    def feature(fields: dict, shape: str, **other) -> dict:
        rest = {name: value for name, value in fields.items() if name != shape}
        properties = {**rest, **other, "network": about}
        return {"type": "Feature", "geometry": fields.get(shape), "properties": properties}

    spans = [
        feature(span, "route", start=nodes[span["start"]], end=nodes[span["end"]])
        for span in network["spans"]
    ]
    return {"nodes": [feature(node, "location") for node in nodes.values()], "spans": spans}


@pytest.fixture
def write(tmp_path: Path):
    """Write a file: text as it is, anything else as JSON; a list as features of GeoJSON."""

    def to(name: str, content: object) -> Path:
        if isinstance(content, list):
            content = {"type": "FeatureCollection", "features": content}
        text = content if isinstance(content, str) else json.dumps(content)
        (tmp_path / name).write_text(text, encoding="utf-8")
        return tmp_path / name

    return to


@pytest.fixture(scope="session")
def read_nodes():
    def read(path: Path, **defaults) -> gpd.GeoDataFrame:
        return read_layer(
            path, NODES, bbox=WORLD, options=ReadingOptions({**NODE_DEFAULTS, **defaults})
        )

    return read


@pytest.fixture(scope="session")
def read_fibre():
    def read(
        path: Path, *, statuses: dict | None = None, notes: list | None = None, **defaults
    ) -> gpd.GeoDataFrame:
        take = (notes if notes is not None else []).append
        options = ReadingOptions({**CABLE_DEFAULTS, **defaults}, statuses or {}, tell=take)
        return read_layer(path, FIBRE, bbox=WORLD, options=options)

    return read


@pytest.fixture
def plan(tmp_path: Path, pack: Path):
    """Return what makes a copy of the default plan of a network file and what it says of it."""

    def make(file: str, content: object, target: str, *, park_node: str) -> Path:
        folder = tmp_path / "mine"
        shutil.copytree(pack, folder)
        text = content if isinstance(content, str) else json.dumps(content)
        (folder / file).write_text(text, encoding="utf-8")
        path = folder / "plan.toml"
        toml = path.read_text(encoding="utf-8")
        for name in ("corridors", "fibre", "nodes"):
            entry = f'[layers.{name}]\nfile = "{file}"\nlicence = "CC-BY-4.0"\n'
            toml = re.sub(rf"\[layers\.{name}\]\n(?:.+\n)+", entry, toml)
        # Scenarios name cables that such a file does not hold.
        toml = re.sub(r"\[\[scenarios\]\]\n(?:.+\n)+", "", toml)
        toml = re.sub(r"\[\[route\.wanted\]\]\n(?:.+\n)+", "", toml)
        # Published round trips name nodes, and facts rows, that it does not hold either.
        toml = re.sub(r"\[layers\.round_trips\]\n(?:.+\n)+", "", toml)
        toml = re.sub(r"targets = .*", f'targets = ["{target}"]', toml)
        toml = re.sub(r"facts = .*", 'facts = ["facts_figures.csv"]', toml)
        # What is tried here does not hang on how often bands and weights are drawn, nor on sites.
        toml = toml.replace("n_draws = 10000", "n_draws = 500")
        toml = toml.replace("n_draws = 256", "n_draws = 32")
        toml = toml.replace("[screening]\ncell_m = 1000.0", "[screening]\ncell_m = 20000.0")
        common = 'accuracy_m = 20000\nsource_id = "nm_cloud_plan"\nas_of = 2015-06-01\n'
        toml += f'\n[layers.nodes.defaults]\nkind = "core"\n{common}'
        toml += f"\n[layers.fibre.defaults]\n{common}"
        toml += 'status = "in_service"\nyear = 2015\nexistence = "said"\n'
        path.write_text(toml, encoding="utf-8")
        parks = pd.read_csv(folder / "parks.csv", dtype="str")
        parks["node_id"] = park_node
        parks.to_csv(folder / "parks.csv", index=False)
        return path

    return make


@pytest.fixture
def zoo_plan(plan, graphml) -> Path:
    return plan("Zoo.graphml", graphml, "1", park_node="0")


@pytest.fixture
def ofds_plan(plan, network) -> Path:
    return plan("net.json", {"networks": [network]}, "b", park_node="h")


@pytest.fixture
def run(capsys, monkeypatch):
    """Run `steppe` here and now; returns its exit code and all that it says."""

    def command(*arguments: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["steppe", *arguments])
        try:
            with pytest.raises(SystemExit) as ended:
                main()
        finally:
            gc.enable()  # the command does without, and this process goes on
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out + said.err

    return command
