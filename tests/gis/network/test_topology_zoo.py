"""Plans of the Topology Zoo, by the example of docs/plans.md: every file that has a place builds."""

from __future__ import annotations

import random
import re
from pathlib import Path

import networkx as nx
import pandas as pd
import pytest

import steppe

# Ai3, Azrena and 14 more say where none of their nodes is.
N_FILES, N_WITHOUT_A_PLACE = 276, 16
DOCS = Path(__file__).parents[3] / "docs" / "plans.md"
EXAMPLE = "Cernet.graphml"
HEAD = """\
name = "zoo"

[network]
targets = ["{target}"]

[layers.parks]
file = "parks.csv"
crs = "EPSG:4326"

{layers}
[[criteria]]
name = "network"

[[criteria.measures]]
id = "rtt_ms"
worst = 20.0
best = 0.0
"""
PARKS = """\
park_id,level,name_zh,name_en,city,status,location_basis,node_id,lon,lat,accuracy_m,source_id,as_of
park,campus,Park,Park,City,in_service,said,{node},{lon},{lat},500,own,2010-08-31
"""


def read_graph(path: Path) -> nx.MultiGraph:
    """Return the file as networkx reads it, and of it what has a place."""
    graph = nx.MultiGraph(nx.read_graphml(path, force_multigraph=True))
    there = [node for node, data in graph.nodes(data=True) if {"Latitude", "Longitude"} <= {*data}]
    return nx.MultiGraph(graph.subgraph(there))


def read_layers(file: str) -> str:
    """Return the entries that docs/plans.md gives for such a file."""
    blocks = re.findall(
        r"^```toml\n(.*?)^```", DOCS.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
    (example,) = [block for block in blocks if EXAMPLE in block]
    return str(example).replace(EXAMPLE, file)


def write_plan(path: Path, graph: nx.MultiGraph, folder: Path) -> Path:
    """Write a plan of a park at the node of fewest cables; the one of most is the target.

    Of a network of which a single node has a place that is one node.
    """
    nodes = sorted(graph, key=lambda node: (-graph.degree(node), node))
    target, start = nodes[0], nodes[-1]
    (folder / path.name).write_bytes(path.read_bytes())
    lon, lat = (graph.nodes[start][name] for name in ("Longitude", "Latitude"))
    (folder / "parks.csv").write_text(PARKS.format(node=start, lon=lon, lat=lat))
    toml = HEAD.format(target=target, layers=read_layers(path.name))
    (folder / "plan.toml").write_text(toml)
    return folder / "plan.toml"


def hold(path: Path, folder: Path) -> steppe.OpenPlan | None:
    """Hold the tables of a plan against the graph; None where nothing has a place."""
    graph = read_graph(path)
    if not graph:
        return None
    plan = steppe.open_plan(write_plan(path, graph, folder))
    target = plan.inputs.plan.network.targets[0]
    assert len(plan.inputs.layer("nodes")) == len(graph)
    assert len(plan.inputs.layer("fibre")) == graph.number_of_edges()
    whole = nx.read_graphml(path, force_multigraph=True)
    n_left_out = len(whole) - len(graph)
    told = [line for line in plan.notes if f"{n_left_out} nodes left out" in line]
    assert len(told) == bool(n_left_out)
    # Parallel cables are capacities: a graph without them has the same cuts.
    simple = nx.Graph()
    simple.add_nodes_from(graph)
    for start, end in graph.edges():
        n_cables = simple.get_edge_data(start, end, {"n": 0})["n"]
        simple.add_edge(start, end, n=n_cables + 1)
    rows = plan.redundancy().set_index("from_id")
    assert set(rows.index) == nx.node_connected_component(graph, target) - {target}
    for node, row in rows.iterrows():
        cut = nx.minimum_cut_value(simple, node, target, capacity="n")
        # Every cable is said to be there, with both its ends.
        assert (row["to_cut_low"], row["to_cut_high"]) == (cut, cut)
        if pd.notna(row["effective_low"]):
            assert min(cut, 1) <= row["effective_low"] <= row["effective_high"] <= cut
    trips = plan.latency().set_index(["from_id", "to_id"])["rtt_ms"]
    for node in set(graph) - {target}:
        assert pd.notna(trips[node, target]) == nx.has_path(graph, node, target)
    return plan


def find_files(datasets: Path) -> list[Path]:
    files = sorted((datasets / "networks" / "topology_zoo").glob("*.graphml"))
    assert len(files) == N_FILES
    return files


def test_ten_files_of_the_zoo_build_a_plan(datasets: Path, tmp_path: Path) -> None:
    """The one of the docs, and nine of those that take a second; the others take `make soak`."""
    files = find_files(datasets)
    (of_docs,) = [path for path in files if path.name == EXAMPLE]
    small = [path for path in files if 0 < len(read_graph(path)) <= 30]
    for path in (of_docs, *random.Random(14).sample(small, 9)):
        folder = tmp_path / path.stem
        folder.mkdir()
        assert hold(path, folder)


@pytest.mark.soak
def test_every_file_of_the_zoo_that_has_a_place_builds_a_plan(datasets, tmp_path: Path) -> None:
    n_built = 0
    for path in find_files(datasets):
        folder = tmp_path / path.stem
        folder.mkdir()
        plan = hold(path, folder)
        if plan is not None:
            plan.build(folder / "out")
            assert (folder / "out" / "map.html").is_file()
            n_built += 1
    assert n_built == N_FILES - N_WITHOUT_A_PLACE
