"""What `import steppe` gives answers what the command answers, and takes a user's layers."""

from __future__ import annotations

import dataclasses
import doctest
import json
import re
import subprocess
import sys
from pathlib import Path

import folium
import pandas as pd
import pytest

import steppe
from steppe.maps.notebook_map import draw_map, write_safe
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
def plan(light_pack: Path) -> steppe.OpenPlan:
    return steppe.open_plan(light_pack)


def test_the_examples_of_the_docs_hold() -> None:
    failed, tried = doctest.testfile(
        str(ROOT / "docs" / "api.md"), module_relative=False, optionflags=doctest.ELLIPSIS
    )
    assert tried > 10
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


def test_the_map_is_foliums_own_and_takes_layers(plan) -> None:
    drawn = plan.map()
    assert type(drawn) is folium.Map
    folium.Marker((40.8, 111.7), tooltip="mine").add_to(drawn)
    html = drawn.get_root().render()
    assert "L.control.layers" in html
    assert "mine" in html


def test_parallel_cables_lie_beside_each_other(plan) -> None:
    lanes = plan.layers["fibre"].set_index("cable_id")["lane"]
    html = plan.map().get_root().render()
    told = {float(text) for text in re.findall(r'"offset": (-?[\d.]+)', html)}
    assert lanes.nunique() > 2
    assert len(told) == lanes.nunique()


def test_the_map_says_that_it_is_not_reviewed_and_indicative_and_whose_data_it_shows(plan) -> None:
    html = plan.map().get_root().render()
    for words in ("未经审图", "not reviewed", "not as laid", "OpenStreetMap contributors"):
        assert write_safe(words) in html


@pytest.mark.parametrize("probe", PROBES)
def test_no_name_is_computed_or_run_by_the_map(plan, probe) -> None:
    layers = {
        name: layer.assign(name_en=probe, name_zh=probe) if "name_en" in layer else layer
        for name, layer in plan.inputs.layers.items()
    }
    risks = {"risks": plan.tables.layers["risks"]}
    told = dataclasses.replace(plan.tables, layers=layers | risks)
    html = draw_map(with_results(told)).get_root().render()
    assert write_safe(probe) in html
    assert probe not in html
    assert ">49<" not in html
