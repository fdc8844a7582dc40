"""Bad input: one clear line for each fault, exit 2, and nothing written."""

import json
import re
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
from shapely.geometry import LineString

from steppe.layers.crs import line_km
from steppe.layers.errors import InputError, Problem

ENGLISH_WORDS = re.compile(r"\b[a-z]+,? [a-z]+,? [a-z]+\b")


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def drop_file(plan: Path) -> None:
    (plan.parent / "fibre.geojson").unlink()


def forget_crs(plan: Path) -> None:
    edit(plan, 'file = "parks.csv"\ncrs = "EPSG:4490"\n', 'file = "parks.csv"\n')


def geopackage_without_crs(plan: Path) -> None:
    fibre = gpd.read_file(plan.parent / "fibre.geojson")
    path = plan.parent / "fibre.gpkg"
    pyogrio.write_dataframe(fibre, path)
    with sqlite3.connect(path) as base:
        base.execute("update gpkg_geometry_columns set srs_id = -1")
    base.close()
    edit(plan, '"fibre.geojson"', '"fibre.gpkg"')


def swap_axes(plan: Path) -> None:
    path = plan.parent / "nodes.csv"
    table = pd.read_csv(path)
    table.assign(lon=table["lat"], lat=table["lon"]).to_csv(path, index=False)


def repeat_park(plan: Path) -> None:
    path = plan.parent / "parks.csv"
    table = pd.read_csv(path)
    pd.concat([table, table.head(1)]).to_csv(path, index=False)


def unknown_key(plan: Path) -> None:
    edit(plan, 'level = "zone"', 'level = "zone"\nlevle = "campus"')


def unknown_source(plan: Path) -> None:
    path = plan.parent / "parks.csv"
    edit(path, "nm_cloud_plan", "hearsay")


def unknown_layer(plan: Path) -> None:
    edit(plan, "[layers.fibre]", '[layers.fibers]\nfile = "x.csv"\nlicence = "x"\n\n[layers.fibre]')


def broken_toml(plan: Path) -> None:
    edit(plan, "[scenario]", "[scenario")


def mixed_licence(plan: Path) -> None:
    edit(plan.parent / "plants.csv", ",gem_coal,", ",osm_substations,")


def lost_parent(plan: Path) -> None:
    path = plan.parent / "parks.csv"
    table = pd.read_csv(path)
    table["parent_id"] = table["parent_id"].replace("ulanqab_zgc", "atlantis")
    table.to_csv(path, index=False)
    facts = plan.parent / "facts_parks.csv"
    lines = facts.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if ",parent_id,ulanqab_zgc," not in line]
    facts.write_text("".join(kept), encoding="utf-8")


def unknown_target(plan: Path) -> None:
    edit(plan, '"tianjin"', '"atlantis"')


def false_length(plan: Path) -> None:
    path = plan.parent / "fibre.geojson"
    fibre = json.loads(path.read_text(encoding="utf-8"))
    fibre["features"][0]["properties"]["length_km"] = 60.0
    path.write_text(json.dumps(fibre, ensure_ascii=False), encoding="utf-8")


def said_without_corridor(plan: Path) -> None:
    path = plan.parent / "fibre.geojson"
    fibre = json.loads(path.read_text(encoding="utf-8"))
    cable = next(f for f in fibre["features"] if f["properties"]["geometry_kind"] == "schematic")
    cable["properties"]["corridor_basis"] = "said"
    path.write_text(json.dumps(fibre, ensure_ascii=False), encoding="utf-8")


def moved_park(plan: Path) -> None:
    path = plan.parent / "parks.csv"
    table = pd.read_csv(path, dtype="str")
    table.loc[table["park_id"] == "hongsheng", ["lon", "lat"]] = ["112.5", "41.2"]
    table.to_csv(path, index=False)


def gbk(plan: Path) -> None:
    path = plan.parent / "parks.csv"
    path.write_bytes(path.read_text(encoding="utf-8").encode("gbk", errors="replace"))


def target_twice(plan: Path) -> None:
    edit(plan, '"beijing", "tianjin"', '"beijing", "beijing"')


def criterion_twice(plan: Path) -> None:
    edit(plan, 'name = "geology"', 'name = "climate"')


def end_that_is_no_number(plan: Path) -> None:
    edit(plan, "worst = 1.342", "worst = nan")


def crs_of_no_meaning(plan: Path) -> None:
    edit(plan, 'file = "rivers.geojson"\n', 'file = "rivers.geojson"\ncrs = "nonsense"\n')


def folder_for_a_file(plan: Path) -> None:
    (plan.parent / "towns.csv").unlink()
    (plan.parent / "towns.csv").mkdir()


def blank_in_an_id(plan: Path) -> None:
    path = plan.parent / "earthquakes.csv"
    table = pd.read_csv(path, dtype="str")
    table.loc[0, "event_id"] = "a b"
    table.to_csv(path, index=False)


def cable_that_ends_nowhere(plan: Path) -> None:
    path = plan.parent / "fibre.geojson"
    fibre = gpd.read_file(path)
    here = fibre["cable_id"] == "transit_frankfurt_paris"
    short = LineString(list(fibre.loc[here].geometry.iloc[0].coords)[:3])
    fibre.loc[here, "geometry"] = gpd.GeoSeries([short], index=fibre.index[here], crs=fibre.crs)
    fibre.loc[here, "length_km"] = line_km(short)
    path.unlink()
    fibre.to_file(path, driver="GeoJSON", engine="pyogrio")


def own_parent(plan: Path) -> None:
    path = plan.parent / "parks.csv"
    table = pd.read_csv(path, dtype="str")
    table.loc[table["park_id"] == "wuhai_bigdata", "parent_id"] = "wuhai_bigdata"
    table.to_csv(path, index=False)


def unmade_measure(plan: Path) -> None:
    edit(plan, 'id = "pga_g"', 'id = "pga_gal"')


def class_of_no_source(plan: Path) -> None:
    edit(plan, 'source_id = "keycloak_ha"', 'source_id = "hearsay"')


def scenario_of_no_cable(plan: Path) -> None:
    edit(plan, 'remove = ["jining_beijing_2"]', 'remove = ["atlantis_1"]')


def _add_weather(plan: Path, line: str) -> None:
    edit(plan, "[cooling.free_cooling_c]", f"[cooling.weather]\n{line}\n\n[cooling.free_cooling_c]")


def weather_that_is_none(plan: Path) -> None:
    (plan.parent / "site.epw").write_text("hello\n", encoding="utf-8")
    _add_weather(plan, 'ulanqab_zgc = "site.epw"')


def weather_that_is_not_there(plan: Path) -> None:
    _add_weather(plan, 'ulanqab_zgc = "site.epw"')


def weather_of_no_park(plan: Path) -> None:
    _add_weather(plan, 'atlantis = "site.epw"')


def weather_of_no_source(plan: Path) -> None:
    edit(plan, 'source_id = "fao56"', 'source_id = "hearsay"')


def facility_that_is_not_listed(plan: Path) -> None:
    edit(plan, 'facilities = ["hyperscale_air", ', "facilities = [")


def persistence_of_one(plan: Path) -> None:
    edit(plan, "value = 0.70", "value = 1.0")


FAULTS: list[tuple[Callable[[Path], None], str]] = [
    (drop_file, "fibre.geojson › fibre: file not found"),
    (forget_crs, "parks.csv › parks: a CSV says nothing of its CRS"),
    (geopackage_without_crs, "fibre.gpkg › fibre: has no CRS"),
    (swap_axes, "nodes.csv › nodes: lon and lat are swapped"),
    (repeat_park, "parks.csv › parks: park_id occurs more than once (rows baotou_binhe)"),
    (unknown_key, "plan.toml › levle: unknown key"),
    (unknown_source, "parks.csv › parks: unknown source 'hearsay' (rows baotou_binhe)"),
    (unknown_layer, "plan.toml › layers.fibers: unknown layer; do you mean fibre?"),
    (broken_toml, "plan.toml: not TOML"),
    (mixed_licence, "plants.csv › plants: is under CC-BY-4.0, but holds rows from osm_substations"),
    (lost_parent, "parks.csv › parks: parent_id 'atlantis' is not in parks"),
    (unknown_target, "plan.toml › network.targets: 'atlantis' is not in nodes"),
    (false_length, "fibre.geojson › fibre: length_km is not the length of the drawn line: 60 for"),
    (gbk, "parks.csv › parks: is not in UTF-8"),
    (target_twice, "plan.toml › network: targets name beijing more than once"),
    (criterion_twice, "plan.toml: criteria name climate more than once"),
    (end_that_is_no_number, "plan.toml › criteria.0.measures.0.worst: input should be a finite"),
    (crs_of_no_meaning, "rivers.geojson › rivers: unknown CRS 'nonsense'"),
    (folder_for_a_file, "towns.csv › towns: is a folder; give a regular file"),
    (blank_in_an_id, "earthquakes.csv › earthquakes: event_id holds a blank"),
    (cable_that_ends_nowhere, "fibre.geojson › fibre: the line does not end at the nodes"),
    (own_parent, "parks.csv › parks: parent_id names a park that is not of a higher level"),
    (weather_that_is_none, "site.epw: is not an EPW file"),
    (weather_that_is_not_there, "site.epw: file not found; put it beside plan.toml"),
    (weather_of_no_park, "plan.toml › cooling.weather.atlantis: there is no such park"),
    (weather_of_no_source, "plan.toml › cooling.dryness_k.source_id: unknown source 'hearsay'"),
    (facility_that_is_not_listed, "plan.toml › cooling: facilities lack hyperscale_air"),
    (persistence_of_one, "plan.toml › cooling.persistence.value: input should be less than 1"),
    (class_of_no_source, "plan.toml › network.classes: unknown source 'hearsay'"),
    (unmade_measure, "plan.toml › criteria.geology: there is no measure 'pga_gal'"),
    (
        scenario_of_no_cable,
        "plan.toml › scenarios.no_second_route.remove: there is no 'atlantis_1'; name",
    ),
]


# A fault of each stage of reading, for `build` reads as `check` does before anything else.
OF_EACH_STAGE = {
    broken_toml, unknown_key, drop_file, false_length, lost_parent, weather_that_is_none,
}  # fmt: skip


@pytest.fixture
def told_problems(monkeypatch) -> list[Problem]:
    """The faults that are put into lines while a command runs."""
    found: list[Problem] = []
    lines = InputError.lines

    def listen(error: InputError) -> list[str]:
        found.extend(error.problems)
        return lines(error)

    monkeypatch.setattr(InputError, "lines", listen)
    return found


@pytest.mark.parametrize(
    ("command", "spoil", "line"),
    [
        pytest.param(command, spoil, line, id=f"{command}-{spoil.__name__}")
        for spoil, line in FAULTS
        for command in ("check", "build")
        if command == "check" or spoil in OF_EACH_STAGE
    ],
)
def test_each_fault_is_one_line_and_exit_2(
    steppe, own_plan: Path, told_problems, command, spoil, line
) -> None:
    hold_to_one_line(steppe, own_plan, command, spoil, line)
    assert told_problems
    for problem in told_problems:
        chinese = problem.say("zh")
        assert re.search("；请|；是否|；可|；应|；每|；facility|；其中", chinese), chinese
        assert not ENGLISH_WORDS.search(chinese), chinese


@pytest.mark.parametrize(
    ("locale", "line"),
    [
        ("zh_CN.UTF-8", "steppe: plan.toml › levle：未知的键；请删除，或改正拼写"),
        ("C", "steppe: plan.toml › levle: unknown key; remove it or correct its spelling"),
    ],
)
def test_the_command_speaks_the_language_of_the_locale(
    process, own_plan: Path, locale: str, line: str
) -> None:
    unknown_key(own_plan)
    done = process("check", str(own_plan), LC_ALL=locale, PYTHONUTF8="1")
    assert done.returncode == 2
    assert done.stderr == f"{line}\n"


def hold_to_one_line(steppe, own_plan: Path, command: str, spoil, line: str) -> None:
    spoil(own_plan)
    before = sorted(own_plan.parent.rglob("*"))
    done = steppe(command, str(own_plan))
    assert done.returncode == 2
    assert done.stdout == ""
    (told,) = done.stderr.splitlines()
    assert told.startswith(f"steppe: {line}")
    assert "; " in told  # what to do about it follows
    assert not (own_plan.parents[1] / "out").exists()
    assert sorted(own_plan.parent.rglob("*")) == before


@pytest.mark.parametrize("spoil", [said_without_corridor, moved_park])
def test_a_cell_that_is_not_what_the_facts_say_is_named(steppe, own_plan: Path, spoil) -> None:
    spoil(own_plan)
    done = steppe("check", str(own_plan))
    assert done.returncode == 2
    assert "is not what the facts say" in done.stderr
    if spoil is said_without_corridor:
        assert "corridor_basis is said, but no corridor is named" in done.stderr


def test_many_faults_are_told_together(process, own_plan: Path) -> None:
    for spoil in (drop_file, repeat_park, unknown_target):
        spoil(own_plan)
    done = process("check", str(own_plan))
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 3


def test_a_fault_leaves_an_earlier_output_alone(steppe, own_plan: Path, tmp_path: Path) -> None:
    earlier = tmp_path / "out" / "inner_mongolia"
    earlier.mkdir(parents=True)
    (earlier / "notes.txt").write_text("mine")
    swap_axes(own_plan)
    assert steppe("build", str(own_plan)).returncode == 2
    assert [path.name for path in earlier.iterdir()] == ["notes.txt"]


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("build", "nowhere"), "steppe: nowhere: is no pack, folder or plan.toml"),
        (("score", "--weights", "climat=1"), "steppe: --weights: unknown criterion climat"),
        (("score", "--weights", "climate=heavy"), "steppe: --weights: 'climate=heavy' is not"),
        (("score", "--weights", "climate=-1"), "steppe: --weights: weights must be 0 or more"),
        (("score", "--level", "town"), "steppe: --level: unknown level 'town'"),
        (("score", "--json", "--csv"), "steppe: --json --csv: are two forms of one answer"),
        (("backbone", "--cut", "atlantis_cable"), "steppe: "),
    ],
)
def test_a_wrong_word_is_one_line_and_exit_2(steppe, arguments, line: str) -> None:
    done = steppe(*arguments)
    assert done.returncode == 2
    (told,) = done.stderr.splitlines()
    assert told.startswith(line)
    assert "Traceback" not in told


def test_an_unknown_option_is_exit_2(process) -> None:
    done = process("build", "--fast")
    assert done.returncode == 2
    assert "--fast" in done.stderr


@pytest.mark.usefixtures("known_tables")
def test_a_plan_may_lie_anywhere(steppe, own_light_plan: Path, tmp_path: Path) -> None:
    shutil.move(own_light_plan.parent, tmp_path / "规划 plan")
    assert steppe("check", str(tmp_path / "规划 plan")).returncode == 0


def test_of_many_faults_the_first_are_told_and_the_rest_counted(steppe, own_plan: Path) -> None:
    text = own_plan.read_text(encoding="utf-8")
    own_plan.write_text("".join(f"key_{n} = 1\n" for n in range(1_000)) + text, encoding="utf-8")
    done = steppe("check", str(own_plan))
    assert done.returncode == 2
    lines = done.stderr.splitlines()
    assert lines[0] == "steppe: plan.toml › key_0: unknown key; remove it or correct its spelling"
    assert lines[200:] == ["steppe: and 800 more faults"]


COMMANDS = (
    ("build",), ("check",), ("score",), ("compare", "base", "cheap_power_wuhai", "--plan"),
    ("backbone",), ("map",), ("qgis",), ("sources",),
)  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS, ids=[command[0] for command in COMMANDS])
def test_every_command_keeps_to_the_folder_unless_it_is_told_otherwise(
    steppe, own_plan: Path, command: tuple[str, ...]
) -> None:
    edit(own_plan, 'sources = "sources.toml"', 'sources = "../sources.toml"')
    done = steppe(*command, str(own_plan))
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert "plan.toml › sources: '../sources.toml' leads out of the plan's folder" in line
    # What is outside is then looked for, and is not there.
    done = steppe(*command, str(own_plan), "--allow-outside")
    assert done.returncode == 2
    assert "sources.toml: file not found" in done.stderr
