"""A plan of three parks and one criterion, and nothing else: it checks, builds and is honest."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from steppe.layers.errors import InputError
from steppe.layers.tables import PlanTables
from steppe.outputs.plan_tables import build_tables
from steppe.planfile.input_reading import read_inputs
from steppe.planfile.plan_reading import read_plan

STATIONS = """\
grid_id,kind,voltage_kv,status,lon,lat,accuracy_m,source_id,as_of
woodland,substation,400,operating,-6.60,53.47,100,own,2025-01-01
shannonbridge,substation,220,operating,-8.04,53.28,100,own,2025-01-01
"""


def build(folder: Path) -> PlanTables:
    return build_tables(read_inputs(read_plan(folder / "plan.toml")))


def test_what_the_plan_does_not_say_follows_from_its_parks(least_plan: Path) -> None:
    inputs = read_inputs(read_plan(least_plan / "plan.toml"))
    tables = build_tables(inputs)
    info = tables.info
    assert (info.title_zh, info.title_en, info.as_of) == ("leinster", "leinster", "2025-03-01")
    assert (info.level, info.scenario, info.year, info.targets) == ("campus", "base", 2025, ())
    west, south, east, north = info.view
    assert (west < -7.94, east > -6.42) == (True, True)
    assert (south < 53.32, north > 53.43) == (True, True)
    assert east - west < 4
    assert [(each.name, each.weight) for each in info.criteria] == [("power", 1.0)]
    assert {name: source.licence for name, source in tables.sources.items()} == {
        "own": "not stated", "survey": "not stated",
    }  # fmt: skip
    assert inputs.is_in_region().all()


def test_what_is_not_there_is_unknown_and_nothing_else_is_told(least_plan: Path) -> None:
    tables = build(least_plan)
    assert set(tables.measures["measure_id"]) == {"grid_220_km"}
    assert set(tables.measures["status"]) == {"unknown"}
    assert set(tables.measures["reason_en"]) == {"no layer of substations is in this plan"}
    assert tables.scores["rank"].isna().all()
    assert tables.scores["value"].isna().all()
    assert set(tables.layers) == {"parks"}
    told = {name for name, table in tables.tables.items() if len(table)}
    assert told == {"measures", "scores", "costs", "answers", "scenarios"} | (
        told & {"robustness", "agreement", "explanations", "break_evens"}
    )


def test_one_layer_more_and_the_parks_are_ranked(least_plan: Path) -> None:
    (least_plan / "substations.csv").write_text(STATIONS, encoding="utf-8")
    with (least_plan / "plan.toml").open("a", encoding="utf-8") as file:
        file.write('\n[layers.substations]\nfile = "substations.csv"\ncrs = "EPSG:4326"\n')
    totals = build(least_plan).scores.query("criterion == 'total' and level == 'campus'")
    # Woodland lies 13 km from Clonee and 20 km from Grange Castle.
    assert dict(zip(totals["site_id"], totals["rank"], strict=True)) == {"clonee": 1, "grange": 2}


def test_every_command_has_an_answer(least_plan: Path, process) -> None:
    for arguments in (["check"], ["score"], ["backbone"], ["sources"], ["score", "--json"]):
        done = process(arguments[0], str(least_plan), *arguments[1:])
        assert done.returncode == 0, (arguments, done.stderr)
    assert json.loads(done.stdout)["rows"][0]["score"] is None


@pytest.mark.parametrize(
    ("left_out", "told"),
    [("[layers.parks]", "layers.parks: the layer is missing"), ("[[criteria]]", "criteria")],
)
def test_parks_and_a_criterion_there_must_be(least_plan: Path, left_out: str, told: str) -> None:
    text = (least_plan / "plan.toml").read_text(encoding="utf-8")
    start = text.index(left_out)
    stop = text.index("[[criteria]]") if left_out.startswith("[layers") else len(text)
    (least_plan / "plan.toml").write_text(text[:start] + text[stop:], encoding="utf-8")
    with pytest.raises(InputError, match=told.replace("[", r"\[")):
        read_plan(least_plan / "plan.toml")


def test_two_criteria_say_what_they_weigh(least_plan: Path) -> None:
    with (least_plan / "plan.toml").open("a", encoding="utf-8") as file:
        file.write('\n[[criteria]]\nname = "geology"\n\n[[criteria.measures]]\nid = "pga_g"\n'
                   "worst = 0.4\nbest = 0.0\n")  # fmt: skip
    with pytest.raises(InputError, match="power, geology needs a weight"):
        read_plan(least_plan / "plan.toml")


def test_the_csv_tables_open_again(least_plan: Path, process) -> None:
    out = least_plan / "out"
    done = process("build", str(least_plan), "--out", str(out))
    assert done.returncode == 0, done.stderr
    assert len(pd.read_csv(out / "measures.csv")) == 3
