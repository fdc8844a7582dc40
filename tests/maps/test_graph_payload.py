"""Cuts as the page answers them, beside Python's own: one process of node for all cases."""

from __future__ import annotations

import dataclasses
import json
import os
import random
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import LineString, Point

from steppe.layers.crs import GEOD
from steppe.layers.cut_graph import CutGraph
from steppe.maps.graph_payload import pack_graphs
from steppe.network import latency_table
from steppe.network.graph_layout import lay_out_graph
from steppe.network.latency_table import pair_targets, tabulate_trips
from steppe.network.plan_backbone import Backbone, build_backbone
from steppe.network.srlg_layer import find_cable_risks
from steppe.planfile.cut_units import fell_cables, find_units
from steppe.planfile.input_reading import read_inputs
from steppe.planfile.plan_inputs import BACKBONE, Inputs
from steppe.planfile.plan_reading import read_plan
from steppe.routing.circles import Circle, find_points_within
from steppe.routing.connectivity import local_edge_connectivity
from steppe.routing.cuts import CutUnit
from steppe.routing.cuts_to_one import count_cuts_to
from steppe.routing.nearness import nearest_points, split_lines
from steppe.routing.risk_evidence import Risk

REPLAY = Path(__file__).parents[1] / "scripts" / "replay_cuts.js"
N_SETS = {"default": 200, "lattice": 60}
N_CIRCLES = 200
# A cable that is drawn so near to the rim of a circle may be in or out: lines travel to 0.1 m.
RIM_KM = 1e-3
MS = 1e-9
TRIP = ("rtt_ms", "rtt_low_ms", "rtt_high_ms", "glass_rtt_ms", "route_km", "floor_rtt_ms")
TOLD = ("status", "class_id", "class_best_id")


class Network(NamedTuple):
    """A plan's network, and all that may fall of it by name."""

    inputs: Inputs
    backbone: Backbone
    risks: tuple[Risk, ...]
    graph: CutGraph

    @property
    def names(self) -> list[str]:
        """Return every unit but circles, as the command writes it."""
        kinds = {"cable": self.graph.cables} | {k: u.names for k, u in self.graph.units.items()}
        return [f"{kind}:{name}" for kind, names in kinds.items() for name in names]


def _open(inputs: Inputs) -> Network:
    backbone = build_backbone(inputs)
    risks = find_cable_risks(inputs, backbone)
    return Network(inputs, backbone, risks, lay_out_graph(inputs, backbone, risks))


@pytest.fixture(scope="module")
def default(pack: Path) -> Network:
    return _open(read_inputs(read_plan(pack / "plan.toml"), only=BACKBONE))


@pytest.fixture(scope="module")
def lattice(default: Network) -> Network:
    """Five by five places with cables of one length between neighbours, some double, some missing.

    Ways of one length abound, and lengths are spans of amplifiers to the last bit.
    """
    draw = random.Random(16)
    inputs = default.inputs
    node, cable = inputs.layer("nodes").iloc[[0]], inputs.layer("fibre").iloc[[0]]
    spots = {f"n{draw.randrange(10**6):06}": (x, y) for x in range(5) for y in range(5)}
    nodes = pd.concat([node] * len(spots), ignore_index=True)
    nodes["node_id"], nodes["kind"], nodes["country"] = list(spots), "core", "CN"
    nodes["geometry"] = [Point(110 + 0.9 * x, 40 + 0.7 * y) for x, y in spots.values()]
    near = [
        (a, b)
        for a, (x, y) in spots.items()
        for b, (x2, y2) in spots.items()
        if (x2 - x, y2 - y) in {(0, 1), (1, 0)}
    ]
    chosen = [pair for pair in near if draw.random() < 0.85]
    chosen += draw.sample(chosen, 8)
    fibre = pd.concat([cable] * len(chosen), ignore_index=True)
    places = dict(zip(nodes["node_id"], nodes["geometry"], strict=True))
    fibre["cable_id"] = [f"c{number:03}" for number in draw.sample(range(1000), len(chosen))]
    fibre["from_node"], fibre["to_node"] = zip(*chosen, strict=True)
    fibre["geometry"] = [LineString([places[a], places[b]]) for a, b in chosen]
    fibre["fibre_km"] = [draw.choice((80.0, 80.0, 100.1, 160.0)) for _ in chosen]
    fibre["length_km"] = GEOD.inv(0, 0, 0, 0.6)[2] / 1000.0
    fibre["operator"] = [draw.choice(("a+b", "operator:c", None)) for _ in chosen]
    fibre["status"], fibre["year"] = "in_service", inputs.plan.scenario.year
    fibre["existence"] = [draw.choice(("said", "assumed")) for _ in chosen]
    for name in ("corridors", "apart_from", "joints", "ends_basis", "joints_basis", "route_km"):
        if name in fibre:
            fibre[name] = None if name != "route_km" else np.nan
    parks = inputs.layers["parks"].copy()
    parks["node_id"] = [draw.choice([*spots, None]) for _ in range(len(parks))]
    network = inputs.plan.network.model_copy(update={"targets": tuple(draw.sample(list(spots), 2))})
    return _open(
        dataclasses.replace(
            inputs,
            plan=inputs.plan.model_copy(update={"network": network}),
            layers=dict(inputs.layers)
            | {"nodes": gpd.GeoDataFrame(nodes), "fibre": gpd.GeoDataFrame(fibre), "parks": parks},
        )
    )


def _replay(cases: list[dict[str, Any]], graphs: Mapping[str, Network], folder: Path) -> list[Any]:
    node = shutil.which("node")
    if node is None and os.environ.get("STEPPE_REQUIRE_ALL") != "1":
        pytest.skip("node is not installed")
    assert node is not None
    packed = pack_graphs({name: network.graph for name, network in graphs.items()})
    asked, answered = folder / "cases.json", folder / "answers.json"
    asked.write_text(json.dumps({"graphs": packed, "cases": cases}), encoding="utf-8")
    subprocess.run([node, str(REPLAY), str(asked), str(answered)], check=True)
    answers: list[Any] = json.loads(answered.read_text(encoding="utf-8"))
    return answers


def _draw_sets(names: list[str], n_sets: int) -> Iterator[tuple[str, ...]]:
    draw = random.Random(n_sets)
    for _ in range(n_sets):
        yield tuple(draw.sample(names, draw.randint(2, 5)))


@pytest.fixture(scope="module")
def networks(default: Network, lattice: Network) -> dict[str, Network]:
    return {"default": default, "lattice": lattice}


@pytest.fixture(scope="module")
def replayed(
    networks: dict[str, Network], tmp_path_factory: pytest.TempPathFactory
) -> list[tuple[Network, tuple[str, ...], dict[str, Any]]]:
    """Nothing, every single thing, and the sets, of both plans: what each comes to in the page."""
    asked = [
        (name, units)
        for name, network in networks.items()
        for units in (
            (),
            *((one,) for one in network.names),
            *_draw_sets(network.names, N_SETS[name]),
        )
    ]
    cases = [{"graph": name, "units": units} for name, units in asked]
    answers = _replay(cases, networks, tmp_path_factory.mktemp("cuts"))
    return [
        (networks[name], units, answer)
        for (name, units), answer in zip(asked, answers, strict=True)
    ]


def test_scenarios_write_once_what_they_share(default: Network) -> None:
    graph = default.graph
    fewer = dataclasses.replace(graph, sure=tuple(not each for each in graph.sure))
    one, all_three = (
        len(json.dumps(pack_graphs(graphs)))
        for graphs in ({"base": graph}, {"base": graph, "later": graph, "fewer": fewer})
    )
    assert all_three < 1.05 * one


def test_the_same_cables_fall(replayed):
    @cache
    def find(network_id: int, name: str) -> CutUnit:
        inputs, backbone, risks, _ = known[network_id]
        (unit,) = find_units(
            inputs, [name], lines=backbone.lines, where="test", find_risks=lambda: risks
        )
        return unit

    known = {id(network): network for network, *_ in replayed}
    for network, names, answer in replayed:
        units = [find(id(network), name) for name in names]
        assert set(answer["fallen"]) == fell_cables(units, network.backbone.lines), names


def test_round_trips_and_who_is_cut_off_are_those_of_routing(replayed, monkeypatch):
    """After every single cut and every set to the first target, now and then to another."""
    # The form of the table is not in question, and takes longer than its numbers.
    monkeypatch.setattr(latency_table, "conform", lambda frame, _: frame)

    @cache
    def tell(network_id: int, fallen: frozenset[str], target: str) -> dict[str, dict[str, Any]]:
        network = known[network_id]
        pairs = [pair for pair in pair_targets(network.inputs) if pair[1].start_id == target]
        frame = tabulate_trips(network.inputs, network.backbone.without(fallen), pairs)
        return {row["from_id"]: row for row in frame.to_dict("records")}

    known = {id(network): network for network, *_ in replayed}
    n_cut_off = n_slower = 0
    for number, (network, units, answer) in enumerate(replayed):
        graph, fallen = network.graph, frozenset(answer["fallen"])
        for place in {0, number % len(graph.targets) if number % 5 == 0 else 0}:
            target = graph.nodes[graph.targets[place]]
            intact = tell(id(network), frozenset(), target)
            wanted = tell(id(network), fallen, target)
            for start, trip in zip(graph.starts, answer["trips"][place], strict=True):
                assert (trip is None) == (start not in wanted), (units, start)
                if trip is None:
                    continue
                row = wanted[start]
                for name, found in zip(TRIP, trip[:6], strict=True):
                    is_known = not pd.isna(row[name])
                    assert (found is not None) == is_known, (units, start, name)
                    assert not is_known or abs(found - row[name]) <= MS, (units, start, name)
                told = [None if pd.isna(row[name]) else row[name] for name in TOLD]
                path = "" if pd.isna(row["path"]) else row["path"]
                assert trip[6:] == [*told, path], (units, start)
                n_cut_off += pd.isna(row["rtt_ms"]) and not pd.isna(intact[start]["rtt_ms"])
                n_slower += row["rtt_ms"] > intact[start]["rtt_ms"]
    assert n_cut_off > 1000
    assert n_slower > 1000


def test_cables_to_cut_are_counted_as_by_routing(replayed):
    for number, (network, units, answer) in enumerate(replayed):
        gone, graph = set(answer["fallen"]), network.graph
        name = graph.nodes[graph.targets[0]]
        left = [cable for cable in network.backbone.cables if cable.cable_id not in gone]
        sure = [cable for cable in left if cable.is_sure]
        for reading, some in (("low", sure), ("high", left)):
            wanted = count_cuts_to(name, ((each.from_node, each.to_node) for each in some))
            found = dict(zip(graph.nodes, answer[reading][0], strict=True))
            assert {node: n for node, n in found.items() if n} == wanted, units
        if number % 100 == 0:  # what that is held against in its turn is dear
            rest = network.backbone.without(gone).graph
            for node, n_cables in found.items():
                assert node == name or n_cables == local_edge_connectivity(rest, node, name)


def test_circles_take_the_cables_and_nodes_that_python_takes(default, tmp_path):
    """Of any place and size; but for what lies on the rim."""
    draw = random.Random(7)
    lines, nodes = default.backbone.lines, default.inputs.layer("nodes")
    spots = [point for part in default.graph.lines for line in part for point in line[::40]]
    spots += [*default.graph.lonlats, np.array([-179.99, 66.0]), np.array([12.0, 89.99])]
    circles = []
    for _ in range(N_CIRCLES):
        lon, lat = draw.choice(spots)
        lon, lat = lon + draw.uniform(-0.3, 0.3), min(90.0, lat + draw.uniform(-0.3, 0.3))
        circles.append(Circle(lon, lat, 10 ** draw.choice((*([draw.uniform(-1, 2.3)] * 9), 3.2))))
    ids = [f"circle:{c.lon},{c.lat},{c.radius_km}" for c in circles]
    cases = [{"graph": "default", "units": [each]} for each in ids]
    answers = _replay(cases, {"default": default}, tmp_path)
    # As `find_lines_within` asks it of one circle.
    segments = split_lines(list(lines.geometry))
    centres = np.array([(circle.lon, circle.lat) for circle in circles])
    radii_km = np.array([circle.radius_km for circle in circles])
    bounds = []
    for more_km in (-RIM_KM, RIM_KM):
        near = nearest_points(segments, centres, radii_km + more_km)
        inside = [set(lines["cable_id"].iloc[near.line[near.point == k]]) for k in range(N_CIRCLES)]
        at = [(point.x, point.y) for point in nodes.geometry]
        for cables, circle in zip(inside, circles, strict=True):
            wider = dataclasses.replace(circle, radius_km=circle.radius_km + more_km)
            stand = nodes["node_id"].iloc[list(find_points_within(at, wider))]
            cables.update(_ending(default, stand))
        bounds.append(inside)
    for circle, answer, inner, outer in zip(circles, answers, *bounds, strict=True):
        assert inner <= set(answer["fallen"]) <= outer, circle
    assert 50 < sum(bool(answer["fallen"]) for answer in answers) < N_CIRCLES


def _ending(network: Network, nodes: pd.Series) -> set[str]:
    graph = network.graph
    return {
        graph.cables[cable]
        for cable, ends in zip(graph.edge_cable, graph.edge_ends, strict=True)
        if {graph.nodes[end] for end in ends} & set(nodes)
    }
