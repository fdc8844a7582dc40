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

NO_PARK = "There are no parks yet, so nothing is ranked: steppe import FILE --as parks --into PLAN adds them."
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


def test_stations_of_which_nobody_says_what_they_cover_bound_but_do_not_tell(least_plan) -> None:
    _extend(least_plan, "", substations=(STATIONS, "not stated"))
    measures = build(least_plan).measures.query("measure_id == 'grid_220_km'")
    assert set(measures["status"]) == {"unknown"}
    assert measures["high"].notna().all()
    assert measures["reason_en"].str.contains("outside of what the layer of substations").all()


def test_one_layer_more_and_the_parks_are_ranked(least_plan: Path) -> None:
    (least_plan / "substations.csv").write_text(STATIONS, encoding="utf-8")
    with (least_plan / "plan.toml").open("a", encoding="utf-8") as file:
        file.write('\n[layers.substations]\nfile = "substations.csv"\ncrs = "EPSG:4326"\n')
        file.write("extent = { box = [-10.7, 51.3, -5.3, 55.5] }\n")
    totals = build(least_plan).scores.query("criterion == 'total' and level == 'campus'")
    # Woodland lies 13 km from Clonee and 20 km from Grange Castle.
    assert dict(zip(totals["site_id"], totals["rank"], strict=True)) == {"clonee": 1, "grange": 2}


def test_every_command_has_an_answer(least_plan: Path, process) -> None:
    for arguments in (["check"], ["score"], ["backbone"], ["sources"], ["score", "--json"]):
        done = process(arguments[0], str(least_plan), *arguments[1:])
        assert done.returncode == 0, (arguments, done.stderr)
    assert json.loads(done.stdout)["rows"][0]["score"] is None


def test_a_criterion_there_must_be(least_plan: Path) -> None:
    text = (least_plan / "plan.toml").read_text(encoding="utf-8")
    (least_plan / "plan.toml").write_text(text[: text.index("[[criteria]]")], encoding="utf-8")
    with pytest.raises(InputError, match="criteria"):
        read_plan(least_plan / "plan.toml")


@pytest.mark.parametrize("left", ["no layer", "a head alone"])
def test_without_parks_a_plan_builds_and_says_so(least_plan: Path, process, left: str) -> None:
    path = least_plan / "plan.toml"
    text = path.read_text(encoding="utf-8")
    if left == "no layer":
        text = text[: text.index("[layers.parks]")] + text[text.index("[[criteria]]") :]
    else:
        head = (least_plan / "parks.csv").read_text(encoding="utf-8").partition("\n")[0]
        (least_plan / "parks.csv").write_text(head + "\n", encoding="utf-8")
    path.write_text("bbox = [-10.7, 51.3, -5.3, 55.5]\n" + text, encoding="utf-8")
    tables = build(least_plan)
    assert (tables.info.view, len(tables.layers["parks"])) == ((-10.7, 51.3, -5.3, 55.5), 0)
    assert tables.measures.empty
    assert tables.scores.empty
    assert list(tables.tables["answers"]["text_en"]) == [NO_PARK]
    if left == "no layer":
        done = process("build", str(least_plan), "--out", str(least_plan / "out"))
        assert (done.returncode, done.stderr) == (0, f"steppe: note: {NO_PARK}\n")
        report = (least_plan / "out" / "report.en.html").read_text(encoding="utf-8")
        assert "There are no parks yet" in report
    else:
        done = process("score", str(least_plan), "--json")
        assert json.loads(done.stdout)["rows"] == []


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


QUAKES = """\
event_id,time,year,magnitude,magnitude_type,lon,lat,accuracy_m,source_id,as_of
irish_sea,1984-07-19T06:56Z,1984,5.4,ML,-4.4,52.96,1000,own,2025
"""
GEOLOGY = """
[geology]
rate_magnitude = 5.0
complete = [{ magnitude = 5.0, from_year = 1970, to_year = 2024, source_id = "isc" }]
"""
PRICE = """
[[scenarios]]
name = "offer"
title_zh = "报价"
title_en = "offer"
why_zh = "问"
why_en = "asked"

[scenarios.prices.grange]
value = 0.3
reason = "told"
source_id = "letter"
"""


def _extend(folder: Path, text: str, **layers: tuple[str, str]) -> None:
    for name, (rows, licence) in layers.items():
        (folder / f"{name}.csv").write_text(rows, encoding="utf-8")
        text += (
            f'\n[layers.{name}]\nfile = "{name}.csv"\ncrs = "EPSG:4326"\nlicence = "{licence}"\n'
        )
    with (folder / "plan.toml").open("a", encoding="utf-8") as file:
        file.write(text)


@pytest.mark.parametrize(
    ("text", "layers", "licences"),
    [
        # One source in layers of three licences, which no row could be moved out of.
        (
            "",
            {"substations": (STATIONS, "ODbL-1.0"), "earthquakes": (QUAKES, "public-domain")},
            {"own": "not stated, ODbL-1.0, public-domain"},
        ),
        # Sources that plan.toml alone names.
        (
            GEOLOGY,
            {"earthquakes": (QUAKES, "not stated")},
            {"own": "not stated", "isc": "not stated"},
        ),
        (PRICE, {}, {"own": "not stated", "letter": "not stated"}),
    ],
)
def test_without_a_list_of_sources_all_that_is_named_is_one(
    least_plan: Path, text: str, layers: dict, licences: dict[str, str]
) -> None:
    _extend(least_plan, text, **layers)
    found = read_inputs(read_plan(least_plan / "plan.toml")).sources
    assert {name: each.licence for name, each in found.items()} == {
        "survey": "not stated", **licences,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        # Without parks no date follows from them, by which own sources would be dated.
        ("grange,campus", "grange,kampus", "level is none of the values"),
        (",2025-03\n", ",March\n", "as_of"),
        ('crs = "EPSG:4326"', 'crs = "EPSG:4326"\nlicence = " "', "licence: must not be empty"),
    ],
)
def test_a_fault_of_the_parks_is_told_where_no_sources_are_listed(
    least_plan: Path, old: str, new: str, told: str
) -> None:
    for path in (least_plan / "parks.csv", least_plan / "plan.toml"):
        path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    _extend(least_plan, "", substations=(STATIONS, "not stated"))
    with pytest.raises(InputError, match=told):
        read_inputs(read_plan(least_plan / "plan.toml"))
