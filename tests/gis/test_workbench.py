"""What `import steppe` gives answers what the command answers, and takes a user's layers."""

from __future__ import annotations

import dataclasses
import doctest
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import folium
import networkx as nx
import pandas as pd
import pytest
from folium.raster_layers import ImageOverlay

import steppe
from steppe import workbench
from steppe.layers.tables import PlanTables
from steppe.maps.notebook_map import draw_map, write_safe
from steppe.network.backbone_questions import BackboneQuestions
from steppe.outputs.output_folder import with_results

ROOT = Path(__file__).parents[2]
PROBES = (
    "{{7*7}}",
    "{% raw %}",
    "{# gone #}",
    "</script><script>document.title='ran'</script>",
    "<img src=x onerror=\"document.title='ran'\">",
    "${7*7}",
)


@pytest.fixture(scope="module")
def plan(light_pack: Path, light_tables: PlanTables) -> steppe.OpenPlan:
    opened = steppe.open_plan(light_pack)
    # What was computed once for all tests is what its first question would compute.
    vars(opened)["tables"] = light_tables
    return opened


@pytest.fixture(scope="module")
def map_text(plan) -> str:
    return plan.map().get_root().render()


@pytest.mark.parametrize(("name", "at_least"), [("api.md", 20), ("json.md", 3)])
def test_the_examples_of_the_docs_hold(
    name: str, at_least: int, default_tables: PlanTables, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbench, "build_tables", lambda _: default_tables)
    failed, tried = doctest.testfile(
        str(ROOT / "docs" / name), module_relative=False, optionflags=doctest.ELLIPSIS
    )
    assert tried >= at_least
    assert failed == 0


def test_importing_steppe_imports_nothing_heavy() -> None:
    code = "import json, sys, steppe; json.dump(sorted(sys.modules), sys.stdout)"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    tops = {name.split(".")[0] for name in json.loads(done.stdout)}
    assert tops.isdisjoint({"numpy", "pandas", "geopandas", "shapely", "folium", "pydantic"})


def test_a_name_that_is_not_public_is_no_attribute() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = steppe.nothing  # type: ignore[attr-defined]


def test_scores_are_those_of_the_command(plan, light_pack, process) -> None:
    done = process("score", str(light_pack), "--json", "--weights", "power=2,network=0")
    told = pd.DataFrame(json.loads(done.stdout)["rows"]).set_index("site_id")["score"].astype(float)
    ours = plan.score(weights={"power": 2.0, "network": 0.0}).set_index("site_id")["score"]
    pd.testing.assert_series_equal(ours.astype(float), told, check_names=False, rtol=1e-11)


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (lambda plan: plan.score(method="guess"), "unknown method 'guess'"),
        (lambda plan: plan.score(scenario="nowhere"), "unknown scenario 'nowhere'"),
        (lambda plan: plan.compare("base", "nowhere"), "unknown scenario 'nowhere'"),
        (lambda plan: plan.latency(cut=["nothing"]), "nothing"),
        (lambda plan: plan.latency("hohhot", "nowhere"), "unknown park or node 'nowhere'"),
        (lambda plan: plan.latency("hohhot"), "one place alone"),
        (lambda plan: plan.latency("hohhot", "hohhot"), "both places are 'hohhot'"),
        (lambda plan: plan.disjoint("hohhot", "nowhere"), "unknown park or node 'nowhere'"),
        (lambda plan: plan.disjoint("hohhot", "hohhot"), "both places are 'hohhot'"),
        (lambda plan: plan.disjoint("hohhot", "beijing", apart="luck"), "apart 'luck'"),
        (lambda plan: plan.disjoint(cut=["jining_beijing_2"]), "one place alone"),
        (lambda plan: plan.connectivity("nowhere", "hohhot"), "unknown park or node 'nowhere'"),
        (lambda plan: plan.cut_sets("hohhot"), "one place alone"),
        (lambda plan: plan.build("x", only="poster"), "unknown output 'poster'"),
    ],
)
def test_what_is_not_there_is_one_line(plan, ask, words) -> None:
    with pytest.raises(steppe.InputError, match=words) as caught:
        ask(plan)
    assert len(str(caught.value).splitlines()) == 1


def test_layers_are_the_users_own_copies(plan) -> None:
    changed = plan.layers["parks"]
    changed["name_en"] = "mine"
    assert "mine" not in set(plan.layers["parks"]["name_en"])


def test_a_cut_makes_no_round_trip_shorter(plan) -> None:
    key = ["from_id", "to_id"]
    whole = plan.latency().set_index(key)["rtt_ms"]
    without = plan.latency(cut=["jining_beijing_2"]).set_index(key)["rtt_ms"].reindex(whole.index)
    assert (without.dropna() >= whole[without.notna()]).all()
    assert (without > whole).any()


def test_any_two_places_have_the_round_trip_that_the_table_has(plan) -> None:
    table = plan.latency()
    told = table[table["rtt_ms"].notna()].iloc[[0, -1]]
    for row in told.to_dict("records"):
        there = plan.latency(row["from_id"], row["to_id"]).iloc[0]
        back = plan.latency(row["to_id"], row["from_id"]).iloc[0]
        assert there["rtt_ms"] == row["rtt_ms"] == pytest.approx(back["rtt_ms"], rel=1e-12)
        assert there["path"].split() == back["path"].split()[::-1]
    # Parks are places too, here both ends.
    parks = plan.layers["parks"].dropna(subset="node_id")["park_id"]
    (trip,) = plan.latency(parks.iloc[0], parks.iloc[-1])["floor_rtt_ms"]
    assert trip > 0


def test_any_two_nodes_have_the_disjoint_routes_that_the_table_has(plan) -> None:
    table = plan.disjoint()
    row = table.iloc[0]
    pair = plan.disjoint(row["from_id"], row["to_id"])
    same = table[(table["from_id"] == row["from_id"]) & (table["to_id"] == row["to_id"])]
    pd.testing.assert_frame_equal(pair, same.reset_index(drop=True))
    alone = plan.disjoint(row["from_id"], row["to_id"], apart="nodes")
    pd.testing.assert_frame_equal(alone, pair[pair["apart"] == "nodes"].reset_index(drop=True))
    assert set(plan.disjoint(apart="nodes")["apart"]) == {"nodes"}


def test_cut_sets_part_what_they_say_and_nothing_smaller_does(plan) -> None:
    backbone = plan.cut_sets()
    assert set(backbone["n_cables"]) == {1, 2}
    for cables in [*backbone["cables"].head(3), *backbone["cables"].tail(3)]:
        graph = BackboneQuestions(plan.inputs, tuple(cables.split())).backbone.graph
        n_before = nx.number_connected_components(BackboneQuestions(plan.inputs).backbone.graph)
        assert nx.number_connected_components(graph) > n_before
    for start, end in (("hohhot", "beijing"), ("wuhai", "beijing"), ("linhe", "ordos")):
        (low, high), sets = plan.connectivity(start, end), plan.cut_sets(start, end)
        assert sets["n_cables"].min() == high >= low
        for cables in sets["cables"]:
            left = BackboneQuestions(plan.inputs, tuple(cables.split())).backbone.graph
            assert not nx.has_path(left, start, end)
            for cable in cables.split() if " " in cables else ():
                fewer = tuple(set(cables.split()) - {cable})
                assert nx.has_path(BackboneQuestions(plan.inputs, fewer).backbone.graph, start, end)


def test_two_disjoint_routes_are_no_shorter_than_twice_the_shortest(plan) -> None:
    km = plan.distances()
    assert (km["from_id"] < km["to_id"]).all()
    told = km.dropna(subset="disjoint_km")
    assert (told["disjoint_km"] >= 2 * told["route_km"] - 1e-6).all()
    pair = km.set_index(["from_id", "to_id"]).loc[("beijing", "hohhot")]
    (both,) = [plan.disjoint("hohhot", "beijing", apart="cables")["route_km"].sum()]
    assert pair["disjoint_km"] == pytest.approx(both)
    has_two = [
        plan.connectivity(a, b)[1] > 1 for a, b in zip(km["from_id"], km["to_id"], strict=True)
    ]
    assert has_two == km["disjoint_km"].notna().tolist()


def test_one_output_alone_is_the_one_that_a_build_writes(plan, tmp_path: Path) -> None:
    whole = plan.build(tmp_path / "all")
    for part, name in (("map", "map.html"), ("report", "report.en.html")):
        file = plan.build(tmp_path / "pages" / name, only=part)
        assert file.read_bytes() == (whole / name).read_bytes()
    tables = plan.build(tmp_path / "tables", only="tables")
    assert {path.name for path in tables.iterdir()} == {
        "run.json", *(path.name for path in whole.glob("*.csv"))
    }  # fmt: skip
    for path in tables.glob("*.csv"):
        assert path.read_bytes() == (whole / path.name).read_bytes()


def test_check_tells_faults_and_raises_nothing(plan, light_pack: Path, tmp_path: Path) -> None:
    assert plan.check() == []
    shutil.copytree(light_pack, tmp_path / "mine")
    (tmp_path / "mine" / "fibre.geojson").unlink()
    told = steppe.check_plan(tmp_path / "mine")
    assert any("fibre.geojson › fibre: file not found" in line for line in told)
    assert steppe.check_plan(tmp_path / "nowhere")


def test_the_map_is_foliums_own_and_takes_layers(plan) -> None:
    drawn = plan.map()
    assert type(drawn) is folium.Map
    folium.Marker((40.8, 111.7), tooltip="mine").add_to(drawn)
    square = {"type": "Polygon", "coordinates": [[[111, 40], [112, 40], [112, 41], [111, 40]]]}
    folium.GeoJson(square, name="ours").add_to(drawn)
    folium.TileLayer("https://tiles.invalid/{z}/{x}/{y}.png", attr="nobody").add_to(drawn)
    html = drawn.get_root().render()
    assert "L.control.layers" in html
    for added in ("mine", "ours", "tiles.invalid"):
        assert added in html
    grids = [each for each in drawn._children.values() if isinstance(each, ImageOverlay)]
    assert len(grids) == len(plan.tables.rasters)
    assert [each.url[:22] for each in grids] == ["data:image/png;base64,"] * len(grids)


def test_parallel_cables_lie_beside_each_other(plan, map_text: str) -> None:
    lanes = plan.layers["fibre"].set_index("cable_id")["lane"]
    told = {float(text) for text in re.findall(r'"offset": (-?[\d.]+)', map_text)}
    assert lanes.nunique() > 2
    assert len(told) == lanes.nunique()


def test_the_map_says_that_it_is_not_reviewed_and_indicative_and_whose_data_it_shows(
    map_text: str,
) -> None:
    for words in ("未经审图", "not reviewed", "not as laid", "OpenStreetMap contributors"):
        assert write_safe(words) in map_text


def test_no_name_is_computed_or_run_by_the_map(plan) -> None:
    name = " ".join(PROBES)
    layers = {
        key: layer.assign(name_en=name, name_zh=name) if "name_en" in layer else layer
        for key, layer in plan.inputs.layers.items()
    }
    risks = {"risks": plan.tables.layers["risks"]}
    told = dataclasses.replace(plan.tables, layers=layers | risks)
    html = draw_map(with_results(told)).get_root().render()
    assert write_safe(name) in html
    assert [probe for probe in PROBES if probe in html] == []
    assert ">49<" not in html
