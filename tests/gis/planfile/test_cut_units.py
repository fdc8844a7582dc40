"""What falls by a name: held against cables picked by hand from the files of the default pack."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from pyproj import Geod

from steppe.layers.errors import InputError
from steppe.layers.tables import PlanTables
from steppe.network.backbone_questions import BackboneQuestions
from steppe.planfile.cut_units import fell_cables, find_units
from steppe.planfile.input_reading import read_inputs
from steppe.planfile.plan_inputs import BACKBONE, Inputs
from steppe.planfile.plan_reading import read_plan
from steppe.planfile.scenario_entries import Variant
from steppe.planfile.scenario_inputs import apply_variant, check_variants

GEOD = Geod(ellps="GRS80")
STEP_KM = 2.0
REACH_KM = 8.0  # of a city, by default
STOP_KM = 1.0  # of a stroke between cities


@pytest.fixture(scope="module")
def inputs(pack: Path) -> Inputs:
    return read_inputs(read_plan(pack / "plan.toml"), only=BACKBONE)


@pytest.fixture(scope="module")
def cables(pack: Path) -> Mapping[str, SimpleNamespace]:
    """The cables of the base, as the file has them: no code of ours but the file's own words."""
    features = json.loads((pack / "fibre.geojson").read_text(encoding="utf-8"))["features"]
    rows = [{**each["properties"], "line": each["geometry"]["coordinates"]} for each in features]
    there = [row for row in rows if row["status"] in {"in_service", "building"}]
    return {row["cable_id"]: SimpleNamespace(**row) for row in there if int(row["year"]) <= 2017}


@pytest.fixture(scope="module")
def nodes(pack: Path) -> pd.DataFrame:
    return pd.read_csv(pack / "nodes.csv").set_index("node_id")


@pytest.fixture(scope="module")
def trodden(cables) -> Mapping[str, np.ndarray]:
    """Points at most `STEP_KM` apart along each drawn line, straight in degrees."""
    return {name: _walk(np.array(cable.line)) for name, cable in cables.items()}


def _walk(line: np.ndarray) -> np.ndarray:
    lengths_km = GEOD.line_lengths(*line.T) / 1000.0
    pieces = [
        a + (b - a) * np.linspace(0.0, 1.0, int(km / STEP_KM) + 2)[:, None]
        for a, b, km in zip(line[:-1], line[1:], lengths_km, strict=True)
    ]
    return np.vstack(pieces)


def near_km(points: np.ndarray, lon: float, lat: float) -> float:
    same = np.ones(len(points))
    return float(GEOD.inv(*points.T, same * lon, same * lat)[2].min() / 1000.0)


def at_nodes(cables, *fallen: str) -> set[str]:
    return {
        name
        for name, one in cables.items()
        if {one.from_node, one.to_node, *(one.joints or "").split()} & set(fallen)
    }


def held(inputs: Inputs, name: str) -> set[str]:
    """Return the cables of the base that fall with a name."""
    fibre = inputs.layer("fibre")
    lines = fibre[fibre["status"].isin(["in_service", "building"]) & (fibre["year"] <= 2017)]
    return set(fell_cables(find_units(inputs, (name,), lines=lines, where="--cut"), lines))


def test_what_is_left_is_what_networkx_leaves(inputs: Inputs) -> None:
    whole = BackboneQuestions(inputs).backbone.graph
    for name in ("corridor:dazhun", "city:datong", "country:MN", "circle:113.13,41.0,30"):
        asked = BackboneQuestions(inputs, (name,))
        assert asked.fallen == held(inputs, name)
        rest = whole.copy()
        rest.remove_edges_from([edge for edge in whole.edges(keys=True) if edge[2] in asked.fallen])
        assert whole.number_of_edges() - rest.number_of_edges() == len(asked.fallen) > 0
        left = asked.backbone.graph
        assert nx.utils.edges_equal(left.edges(keys=True), rest.edges(keys=True))
        assert set(left) == set(whole)


def test_a_cable_falls_alone(inputs: Inputs, cables) -> None:
    for name in cables:
        assert held(inputs, name) == held(inputs, f"cable:{name}") == {name}


def test_a_corridor_falls_with_the_cables_recorded_in_it(inputs: Inputs, cables) -> None:
    for name in inputs.layer("corridors")["corridor_id"]:
        inside = {
            each
            for each, one in cables.items()
            if name in (getattr(one, "corridors", None) or "").split()
        }
        assert held(inputs, name) == inside


def test_a_country_falls_with_the_cables_that_end_there(inputs: Inputs, cables, nodes) -> None:
    for code, rows in nodes.groupby("country"):
        assert held(inputs, f"country:{code}") == at_nodes(cables, *rows.index)


def test_an_operator_falls_with_its_cables(inputs: Inputs, cables) -> None:
    fibre = inputs.layer("fibre")
    fibre = fibre.assign(operator=["Lines, Inc" if n % 3 else None for n in range(len(fibre))])
    owned = _with(inputs, fibre)
    theirs = set(fibre.loc[fibre["operator"].notna(), "cable_id"]) & set(cables)
    # A comma in a name parts nothing.
    assert held(owned, "Lines, Inc") == held(owned, "operator:Lines, Inc") == theirs


def _with(inputs: Inputs, fibre) -> Inputs:
    return Inputs(**{**vars(inputs), "layers": {**inputs.layers, "fibre": fibre}})


def test_a_city_falls_with_what_ends_there_and_what_comes_through(
    inputs: Inputs, cables, nodes, trodden
) -> None:
    for name, node in nodes.iterrows():
        through = {
            each
            for each, one in cables.items()
            if one.geometry_kind != "schematic"
            and near_km(trodden[each], node["lon"], node["lat"]) <= REACH_KM
        } | {
            each
            for each, one in cables.items()
            if one.geometry_kind == "schematic"
            and near_km(np.array(one.line), node["lon"], node["lat"]) <= STOP_KM
        }
        assert held(inputs, f"city:{name}") == through | at_nodes(cables, name)


def test_a_circle_falls_with_what_is_drawn_in_it(inputs: Inputs, cables, nodes, trodden) -> None:
    draw = np.random.default_rng(17)
    n_empty = n_crossed = 0
    for _ in range(40):
        lon, lat = draw.uniform(105, 120), draw.uniform(36, 46)
        radius_km = float(draw.choice([15.0, 40.0, 60.0, 300.0]))
        away = {name: near_km(points, lon, lat) for name, points in trodden.items()}
        if any(abs(km - radius_km) < STEP_KM for km in away.values()):
            continue
        stand = [
            name
            for name, node in nodes.iterrows()
            if GEOD.inv(node["lon"], node["lat"], lon, lat)[2] <= radius_km * 1000.0
        ]
        inside = {name for name, km in away.items() if km < radius_km}
        turn = 360 * int(draw.integers(-1, 2))
        text = f"circle:{(lon + turn) if abs(lon + turn) <= 360 else lon!r},{lat!r},{radius_km!r}"
        assert held(inputs, text) == inside | at_nodes(cables, *stand)
        n_empty += not inside
        n_crossed += bool(inside) and not stand
    assert n_empty > 5
    assert n_crossed > 3


def test_what_the_table_of_cuts_names_falls_as_the_table_says(
    inputs: Inputs, tables: PlanTables
) -> None:
    cuts = tables.cuts.drop_duplicates("cut_id")
    kinds = set(cuts["kinds"].str.split().explode())
    picked = cuts.groupby("kinds").head(2)
    assert (
        {"corridor", "city", "river_crossing"}
        <= set(picked["kinds"].str.split().explode())
        <= kinds
    )
    for name, fallen in zip(picked["cut_id"], picked["cables"], strict=True):
        assert BackboneQuestions(inputs, (name,)).fallen == set(fallen.split())


def test_round_trips_after_a_cut_are_those_of_the_ways_that_are_left(inputs: Inputs) -> None:
    asked = BackboneQuestions(inputs, ("city:datong", "circle:113.13,41.0,10"))
    trips, graph = asked.latency(), asked.backbone.graph
    between_nodes = trips[trips["from_id"].isin(list(graph))]
    assert between_nodes["rtt_ms"].isna().any()
    for row in between_nodes.itertuples():
        assert pd.isna(row.rtt_ms) != nx.has_path(graph, row.from_id, row.to_id)


def test_several_names_stand_in_one(inputs: Inputs) -> None:
    given = "hohhot_beijing_1, circle:113.13,41.0,10,corridor:dazhun"
    units = BackboneQuestions(inputs, (given, "hohhot_beijing_1")).units
    names = ["cable:hohhot_beijing_1", "circle:113.13,41.0,10", "corridor:dazhun"]
    assert [each.unit_id for each in units] == names


FAULTS = [
    ("hohot_beijing_1", "there is no 'hohot_beijing_1'; do you mean hohhot_beijing_1?"),
    ("corridor:dazhum", "there is no 'corridor:dazhum'; do you mean corridor:dazhun?"),
    ("city:dazhun", "there is no 'city:dazhun'; "),
    ("zzz", "there is no 'zzz'; name a cable, corridor, node, operator or country by its id"),
    ("113.1,41,30", "there is no '113.1,41,30'; do you mean circle:113.1,41,30?"),
    ("circle:113.1,41", "circle:113.1,41 is no circle on the earth; write circle:LON,LAT,RADIUS_KM"),
    ("circle:113.1,91,5", "circle:113.1,91,5 is no circle on the earth; "),
    ("circle:113.1,41,0", "circle:113.1,41,0 is no circle on the earth; "),
    ("circle:113.1,41,inf", "circle:113.1,41,inf is no circle on the earth; "),
    ("circle:nan,41,5", "circle:nan,41,5 is no circle on the earth; "),
    ("mesh_jining_ordos", "mesh_jining_ordos is not there in scenario base; "),
]  # fmt: skip


@pytest.mark.parametrize(("name", "line"), FAULTS, ids=[name for name, _ in FAULTS])
def test_what_is_not_there_is_one_line(inputs: Inputs, name: str, line: str) -> None:
    with pytest.raises(InputError) as caught:
        BackboneQuestions(inputs, (name,)).backbone  # noqa: B018 (it reads)
    (problem,) = caught.value.problems
    assert str(problem).startswith(f"--cut: {line}")


def test_a_name_that_may_be_two_things_is_told_in_full(inputs: Inputs) -> None:
    fibre = inputs.layer("fibre").assign(operator="dazhun")
    with pytest.raises(InputError, match="write corridor:dazhun, operator:dazhun"):
        held(_with(inputs, fibre), "dazhun")
    # A cable goes before all else.
    fibre = fibre.assign(operator="hohhot_beijing_1")
    assert held(_with(inputs, fibre), "hohhot_beijing_1") == {"hohhot_beijing_1"}


def test_a_scenario_removes_whatever_it_names(inputs: Inputs) -> None:
    fibre = inputs.layer("fibre")

    def left(*names: str) -> set[str]:
        told = dict.fromkeys(("title_zh", "title_en", "why_zh", "why_en"), "x")
        variant = Variant(name="other", remove=names, **told)
        plan = inputs.plan.model_copy(update={"scenarios": (variant,)})
        other = Inputs(**{**vars(inputs), "plan": plan})
        faults = [str(each) for each in check_variants(other)]
        if faults:
            raise AssertionError(faults)
        return set(apply_variant(other, "other").layer("fibre")["cable_id"])

    for name in ("hohhot_beijing_1", "corridor:dazhun", "city:datong", "circle:113.13,41,10"):
        units = find_units(inputs, (name,), lines=fibre, where="")
        gone = set(fibre["cable_id"]) - left(name)
        assert held(inputs, name) <= gone
        assert units[0].cables <= gone
        assert len(gone) < len(fibre)
    with pytest.raises(
        AssertionError, match=r"scenarios.other.remove: there is no 'datomg'; do you"
    ):
        left("datomg")
    with pytest.raises(AssertionError, match="cannot be removed from it; name its cables"):
        left("risk:city-datong")
