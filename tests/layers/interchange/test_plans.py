"""A plan that names a network of another tool: what it computes, and one line for each fault."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path

import pytest
from pyproj import Geod

HOHHOT, BEIJING, DATONG = (111.75, 40.84), (116.40, 39.91), (113.30, 40.08)


def rtt_ms(km: float) -> float:
    """Round trip in glass: group index 1.4682 (ITU-T G.652), light 299 792.458 km/s (SI)."""
    return 2 * km * 1.4682 / 299792.458 * 1000


def least_rtt_ms(km: float) -> float:
    """The same with the quickest equipment: 15 us for both ends, 0.1 us a site every 80 km."""
    return rtt_ms(km) + 2 * (15 + 0.1 * (math.ceil(km / 80) + 1)) / 1000


def air_km(a: tuple[float, float], b: tuple[float, float]) -> float:
    return Geod(ellps="GRS80").inv(*a, *b)[2] / 1000


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture
def backbone(run):
    def trips_and_routes(path: Path, *cuts: str) -> dict:
        arguments = [part for name in cuts for part in ("--cut", name)]
        code, text = run("backbone", str(path), "--json", *arguments)
        assert code == 0
        return json.loads(re.sub(r"^steppe: note: .*\n", "", text, flags=re.MULTILINE))

    return trips_and_routes


def row(rows: list[dict], start: str) -> dict:
    (found,) = [each for each in rows if each["from_id"] == start]
    return found


def test_the_backbone_of_a_zoo_file_has_its_floor_and_hops(backbone, zoo_plan) -> None:
    whole = backbone(zoo_plan)
    trip = row(whole["rows"], "0")
    assert trip["floor_rtt_ms"] == pytest.approx(rtt_ms(air_km(HOHHOT, BEIJING)), rel=1e-9)
    assert len(trip["path"]) == 1
    # Straight lines tell no way: a range, never the floor alone.
    assert trip["rtt_range_ms"][0] == pytest.approx(least_rtt_ms(air_km(HOHHOT, BEIJING)))
    assert trip["rtt_ms"] > trip["floor_rtt_ms"]
    assert trip["status"] == "assumed"
    routes = row(whole["redundancy"], "0")
    assert routes["nominal_range"] == [2, 2]
    assert routes["to_cut_range"] == [3, 3]
    # Both of the parallel cables may lie in one trench, or not.
    assert routes["effective_range"] == [2, 3]


def test_a_zoo_file_with_its_direct_cables_cut_goes_round(backbone, zoo_plan) -> None:
    trip = row(backbone(zoo_plan, "0--1--1", "0--1--2")["rows"], "0")
    assert trip["path"] == ["0--2--1", "1--2--1"]
    km = air_km(HOHHOT, DATONG) + air_km(DATONG, BEIJING)
    assert trip["rtt_range_ms"][0] == pytest.approx(least_rtt_ms(km), rel=1e-9)


def test_the_backbone_of_an_ofds_file_is_as_long_as_its_fibre(backbone, ofds_plan, network) -> None:
    """`fibreLength` is what the light goes through, whatever the route and the air are."""
    whole = backbone(ofds_plan)
    assert "d" not in {each["from_id"] for each in whole["rows"]}  # a junction
    trip = row(whole["rows"], "h")
    km = network["spans"][0]["fibreLength"]
    assert trip["route_km"] == km == 470.5
    assert trip["path"] == ["hb_1"]
    assert trip["rtt_range_ms"][0] == pytest.approx(least_rtt_ms(km), rel=1e-9)
    # What is only studied is not in the scenario.
    assert row(whole["redundancy"], "h")["to_cut_range"][1] == 2


def test_answers_that_take_too_long_are_bounds_and_the_rest_is_built(
    run, backbone, zoo_plan, monkeypatch
) -> None:
    monkeypatch.setattr("steppe.network.redundancy_table.ANSWER_STEPS", 3)
    routes = row(backbone(zoo_plan)["redundancy"], "0")
    # With all steps it is 2 to 3, see above.
    assert routes["effective_range"] == [1, 3]
    assert routes["to_cut_range"] == [3, 3]
    assert "Bound, not exact: the low end is at most 2" in routes["reason_en"]
    code, text = run("check", str(zoo_plan))
    assert code == 0
    assert "steppe: note: redundancy: effective routes of 2 pairs of nodes are bounds" in text


def test_a_plan_leaves_nodes_without_a_place_out(run, backbone, zoo_plan) -> None:
    edit(zoo_plan.parent / "Zoo.graphml", '<data key="d1">40.08</data>', "")
    text = zoo_plan.read_text(encoding="utf-8")
    for layer in ("nodes", "fibre"):
        head = f"[layers.{layer}]\n"
        assert head in text
        text = text.replace(head, f'{head}unplaced = "leave_out"\n')
    zoo_plan.write_text(text, encoding="utf-8")
    assert row(backbone(zoo_plan)["redundancy"], "0")["to_cut_range"][1] == 2
    code, said = run("check", str(zoo_plan))
    assert code == 0
    assert "steppe: note: Zoo.graphml › nodes: 1 nodes left out (rows 2 Datong)" in said
    assert "steppe: note: Zoo.graphml › fibre: 2 cables left out" in said


def zoo(old: str, new: str):
    return lambda path: edit(path.parent / "Zoo.graphml", old, new)


def ofds(old: str, new: str):
    return lambda path: edit(path.parent / "net.json", old, new)


def toml(old: str, new: str):
    return lambda path: edit(path, old, new)


def forget(key: str):
    return lambda path: path.write_text(
        re.sub(rf"^{key} = .*\n", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE),
        encoding="utf-8",
    )


ZOO_FAULTS = [
    (zoo("40.84", "far"), "Zoo.graphml: is no GraphML"),
    (zoo('<data key="d1">40.84</data>', ""), "Zoo.graphml › nodes: has no Longitude and Latitude"),
    (zoo("<graphml", "<!DOCTYPE x><graphml"), "Zoo.graphml: declares a document type"),
    (zoo("</graphml>", ""), "Zoo.graphml: is no GraphML: no element found"),
    (forget("existence"), "Zoo.graphml › fibre: the file does not say existence; say it in"),
    (forget("kind"), "Zoo.graphml › nodes: the file does not say kind; say it in plan.toml under"),
    (toml("year = 2015", 'year = "soon"'), "Zoo.graphml › fibre: year is not a whole number"),
    (toml('"said"', '"hoped"'), "Zoo.graphml › fibre: existence is none of the values"),
    (toml("year = 2015", "year = []"), "plan.toml › layers.fibre.defaults.year: a default is one"),
    (toml("year = 2015", "year = 2015\nlane = 1"), "plan.toml › layers.fibre.defaults: lane is"),
    (
        toml("[layers.nodes.defaults]", '[layers.nodes.statuses]\nx = "building"\n[layers.nodes.defaults]'),
        "plan.toml › layers.nodes.statuses: statuses are of cables",
    ),
    (
        toml("[layers.nodes.defaults]", "[layers.ports.defaults]\nyear = 1\n[layers.nodes.defaults]"),
        "plan.toml › layers.ports.defaults: year is nothing that a default may stand for",
    ),
    (
        toml("[layers.nodes.defaults]", '[layers.ports.statuses]\nx = "planned"\n[layers.nodes.defaults]'),
        "plan.toml › layers.ports: statuses, unplaced and join_km are for networks",
    ),
    (
        toml("[layers.nodes]\n", '[layers.nodes]\nunplaced = "guess"\n'),
        "plan.toml › layers.nodes.unplaced: input should be 'refuse', 'leave_out' or 'between'",
    ),
    (
        toml("[layers.nodes]\n", "[layers.nodes]\njoin_km = -1\n"),
        "plan.toml › layers.nodes.join_km: input should be greater than 0",
    ),
    (toml('"1"]', '"9"]'), "plan.toml › network.targets: '9' is not in nodes"),
]  # fmt: skip
OFDS_FAULTS = [
    (ofds('"proposed"', '"rumoured"'), "net.json › fibre: status 'rumoured' has no meaning here"),
    (ofds('{"networks"', '{"networks",'), "net.json: is no JSON: "),
    (
        toml("[layers.nodes.defaults]", '[layers.fibre.statuses]\ninactive = "lit"\n[layers.nodes.defaults]'),
        "plan.toml › layers.fibre.statuses.inactive: input should be 'in_service'",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("spoil", "line"), ZOO_FAULTS, ids=[line for _, line in ZOO_FAULTS])
def test_each_fault_of_a_zoo_plan_is_one_line(run, zoo_plan, spoil, line: str) -> None:
    spoil(zoo_plan)
    code, text = run("check", str(zoo_plan))
    assert code == 2
    (only,) = text.splitlines()
    assert only.startswith(f"steppe: {line}")
    assert "; " in only


@pytest.mark.parametrize(("spoil", "line"), OFDS_FAULTS, ids=[line for _, line in OFDS_FAULTS])
def test_each_fault_of_an_ofds_plan_is_one_line(run, ofds_plan, spoil, line: str) -> None:
    spoil(ofds_plan)
    code, text = run("check", str(ofds_plan))
    assert code == 2
    (only,) = text.splitlines()
    assert only.startswith(f"steppe: {line}")
