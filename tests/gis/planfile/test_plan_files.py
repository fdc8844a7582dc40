"""What a plan.toml may name and hold: files of its folder, values of their kind."""

from __future__ import annotations

import copy
import math
import os
import re
import shutil
import tomllib
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from steppe.layers.errors import InputError
from steppe.planfile.input_reading import open_inputs, read_inputs
from steppe.planfile.plan_reading import locate_plan, read_plan
from steppe.planfile.plan_schema import Plan

BACKBONE = ("nodes",)


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def faults(path: Path, **options: bool) -> list[str]:
    with pytest.raises(InputError) as caught:
        read_plan(path, **options)
    lines = [str(problem) for problem in caught.value.problems]
    assert all("\n" not in line for line in lines)
    return lines


@pytest.fixture
def plan_toml(pack: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "mine"
    folder.mkdir()
    for name in ("plan.toml", "sources.toml", "nodes.csv"):
        shutil.copy(pack / name, folder / name)
    return folder / "plan.toml"


KEYS = {
    "layers.nodes.file": ('file = "nodes.csv"', "file = {}"),
    "sources": ('sources = "sources.toml"', "sources = {}"),
    "rasters.elevation.file": ('file = "elevation.tif"', "file = {}"),
    "facts.0": ("facts = [", "facts = [{},"),
}
LEADING_OUT = (
    "../nodes.csv",
    "sub/../../nodes.csv",
    "{there}/nodes.csv",
    "link.csv",
    "way/nodes.csv",
)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("as_of = 2017-12-31", "as_of = 86400", "plan.toml › as_of: is no day"),
        ("as_of = 2017-12-31", 'as_of = "12/31/2017"', "plan.toml › as_of: is no day"),
        ("route_factor = 1.25", "route_factor = true", "plan.toml › power: route_factor is true"),
        ("worst = 30.0", "worst = false", "plan.toml › criteria.1.measures.0: worst is false"),
        ('name = "inner_mongolia"', f'name = "{"a" * 101}"', "plan.toml › name: string should"),
        (
            "box = [95.0, 29.0, 127.0, 54.0]",
            "box = [127, 54, 95, 29]",
            "layers.earthquakes.extent: box is west",
        ),
        ("value = 11.2", "value = inf", "cooling.diurnal_range_k.value: must be a number"),
        ("value = 11.2", "value = [1.0, 2.0]", "cooling.diurnal_range_k.value: must be a number"),
    ],
)
def test_a_value_of_a_wrong_kind_is_one_line(
    plan_toml: Path, old: str, new: str, words: str
) -> None:
    replace(plan_toml, old, new)
    (line,) = faults(plan_toml)
    assert words in line


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("name", LEADING_OUT)
def test_no_file_of_a_plan_lies_out_of_its_folder(
    plan_toml: Path, tmp_path: Path, key: str, name: str
) -> None:
    (plan_toml.parent / "link.csv").symlink_to(tmp_path / "nodes.csv")
    (plan_toml.parent / "way").symlink_to(tmp_path)
    shutil.copy(plan_toml.parent / "nodes.csv", tmp_path / "nodes.csv")
    old, new = KEYS[key]
    replace(plan_toml, old, new.format(repr(name.format(there=tmp_path))))
    (line,) = faults(plan_toml)
    assert f"plan.toml › {key}" in line
    assert "--allow-outside" in line
    assert read_plan(plan_toml, allow_outside=True).name == "inner_mongolia"


def test_weather_lies_in_the_folder_too(plan_toml: Path) -> None:
    with plan_toml.open("a", encoding="utf-8") as file:
        file.write('\n[cooling.weather]\nshengle = "../shengle.epw"\n')
    (line,) = faults(plan_toml)
    assert "plan.toml › cooling.weather.shengle" in line


@pytest.mark.parametrize("part", [".dbf", ".DBF", ".prj", ".cpg", ".shx"])
def test_what_lies_beside_a_shapefile_is_held_to_it_too(plan_toml: Path, part: str) -> None:
    replace(plan_toml, '"nodes.csv"', '"nodes.shp"')
    (plan_toml.parent / f"nodes{part}").symlink_to("/etc/passwd")
    (line,) = faults(plan_toml)
    assert "plan.toml › layers.nodes.file" in line


def test_a_plan_that_is_itself_a_link_is_refused(plan_toml: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "plan.toml").symlink_to(plan_toml)
    (line,) = faults(other / "plan.toml")
    assert "leads out" in line
    (tmp_path / "folder").symlink_to(plan_toml.parent)
    assert read_plan(tmp_path / "folder" / "plan.toml").name == "inner_mongolia"


@pytest.mark.parametrize("name", ["sub/../nodes.csv", "./nodes.csv", "inside.csv"])
def test_a_way_that_stays_in_the_folder_is_none_out(plan_toml: Path, name: str) -> None:
    (plan_toml.parent / "sub").mkdir()
    (plan_toml.parent / "inside.csv").symlink_to("nodes.csv")
    replace(plan_toml, '"nodes.csv"', repr(name))
    plan = read_plan(plan_toml)
    assert len(read_inputs(plan, only=BACKBONE).layers["nodes"]) > 0


@pytest.mark.parametrize("allow_outside", [False, True])
@pytest.mark.parametrize(
    "name", [r'"a\u0000b"', '"' + "x" * 4_000 + '"', '""', '"."', '"loop"', '"pipe"', '"/dev/zero"']
)
def test_a_name_that_is_no_file_is_one_line(
    plan_toml: Path, name: str, *, allow_outside: bool
) -> None:
    (plan_toml.parent / "loop").symlink_to("loop")
    os.mkfifo(plan_toml.parent / "pipe")
    replace(plan_toml, '"nodes.csv"', name)
    with pytest.raises(InputError) as caught:
        read_inputs(read_plan(plan_toml, allow_outside=allow_outside), only=BACKBONE)
    assert len(caught.value.problems) == 1
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "name", ["a\0b", "x" * 4_000, "", "x" * 4_000 + ".toml", "\0.toml", "loop"]
)
def test_a_plan_of_no_name_is_one_line(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(InputError) as caught:
        locate_plan(name)
    assert len(caught.value.problems) == 1


def test_a_plan_that_is_a_pipe_is_one_line(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "plan.toml")
    assert faults(locate_plan(str(tmp_path))) == ["plan.toml: is a pipe; give a regular file"]


def test_a_hundred_thousand_unknown_keys_are_found(plan_toml: Path) -> None:
    text = plan_toml.read_text(encoding="utf-8")
    unknown = "".join(f"key_{n} = 1\n" for n in range(100_000))
    plan_toml.write_text(unknown + text, encoding="utf-8")
    assert len(faults(plan_toml)) == 100_000


def test_as_many_unknown_layers_are_found(plan_toml: Path) -> None:
    with plan_toml.open("a", encoding="utf-8") as file:
        file.writelines(f'[layers.fibre_{n}]\nfile = "a"\n' for n in range(10_000))
    assert len(faults(plan_toml)) >= 10_000


def places(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Give the place of each value in nested tables and lists: one of each kind of list."""
    if at:
        yield at
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from places(inner, (*at, key))
    elif isinstance(value, list) and value:
        yield from places(value[0], (*at, 0))


STRANGE = (
    "x", "", 3, -1, 0, 10**299, 1.5, math.inf, -math.inf, math.nan, 1e308, True, [], [[]], {}, {"a": 1},
    ["x", 1], date(2017, 1, 1), datetime(2017, 1, 1, 12), time(12),  # noqa: DTZ001
)  # fmt: skip


def test_any_value_of_any_kind_in_any_place_is_read_or_refused(pack: Path) -> None:
    """Nothing but the user's error comes of a value that does not belong where it stands."""
    raw = tomllib.loads((pack / "plan.toml").read_text(encoding="utf-8"))
    alike = {"layers": "nodes", "rasters": "slope"}
    for place in places(raw):
        if len(place) > 1 and alike.get(place[0], place[1]) != place[1]:
            continue
        for value in STRANGE:
            changed = copy.deepcopy(raw)
            inner = changed
            for key in place[:-1]:
                inner = inner[key]
            inner[place[-1]] = value
            try:
                plan = Plan.model_validate({**changed, "folder": pack, "file": "plan.toml"})
            except ValidationError:
                continue
            assert not any(map(_is_endless, _numbers(plan.model_dump()))), place


def _is_endless(number: float) -> bool:
    return isinstance(number, float) and not math.isfinite(number)


def _numbers(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from _numbers(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _numbers(inner)
    else:
        yield value


def test_the_record_names_the_plan_file_that_was_read(plan_toml: Path) -> None:
    plan_toml.rename(plan_toml.with_name("other.toml"))
    inputs = read_plan(plan_toml.with_name("other.toml")).inputs()
    assert "other.toml" in inputs
    assert "plan.toml" not in inputs


def test_the_record_names_an_absolute_file_from_the_folder(plan_toml: Path) -> None:
    there = plan_toml.parent.parent / "nodes.csv"
    (plan_toml.parent / "nodes.csv").rename(there)
    replace(plan_toml, 'file = "nodes.csv"', f'file = "{there}"')
    inputs = read_plan(plan_toml, allow_outside=True).inputs()
    assert inputs["../nodes.csv"] == there


def test_a_very_long_list_of_a_plan_is_read_in_time(plan_toml: Path) -> None:
    names = ", ".join(f'"n{number}"' for number in range(100_000))
    replace(plan_toml, "targets = [", f"targets = [{names}, ")
    assert len(read_plan(plan_toml).network.targets) > 100_000


@pytest.mark.parametrize("text", ["", "  ", "\\u200b\\u200e"])
@pytest.mark.parametrize(
    ("head", "place"),
    [
        ("", ""),
        ("[scenario]\n", "scenario."),
        ("[[network.classes]]\n", "network.classes.0."),
        ("[[criteria]]\n", "criteria.0."),
        ("[[criteria.measures]]\n", "criteria.0.measures.0."),
    ],
)
def test_a_title_that_shows_nothing_is_refused(
    plan_toml: Path, head: str, place: str, text: str
) -> None:
    whole = plan_toml.read_text(encoding="utf-8")
    start = whole.index(head)
    after = re.sub(
        r'(?m)^title_en = ".*"$', lambda _: f'title_en = "{text}"', whole[start:], count=1
    )
    plan_toml.write_text(whole[:start] + after, encoding="utf-8")
    assert faults(plan_toml) == [
        f"plan.toml › {place}title_en: must not be empty; correct the value"
    ]


def test_a_plan_has_no_more_scenarios_than_are_worked_out_in_time(plan_toml: Path) -> None:
    texts = "".join(f'{key} = "x"\n' for key in ("title_zh", "title_en", "why_zh", "why_en"))
    more = "".join(f'[[scenarios]]\nname = "x{number}"\n{texts}' for number in range(101))
    replace(plan_toml, "[network]\n", f"{more}[network]\n")
    (line,) = faults(plan_toml)
    assert line.startswith("plan.toml › scenarios: ")
    assert "at most 100" in line


@pytest.mark.parametrize(
    ("extent", "told"),
    [
        ('"all"', 'is "everywhere" or a table'),
        ("{ within_km = 5 }", "needs one of box, points, boundary_id, layer"),
        ('{ box = [1, 2, 3, 4], layer = "faults" }', "needs one of box"),
        ("{ points = [[41.0, 111.0]], within_km = 5 }", "longitude, then latitude"),
        ("{ points = [[111.0, 41.0]] }", "points cover nothing without within_km"),
        ('{ layer = "falts" }', "falts is no other layer of this plan that has places"),
        ('{ layer = "earthquakes" }', "earthquakes is no other layer"),
        ('{ boundary_id = "CN-51x" }', "no outline is called CN-51x"),
    ],
)
def test_an_extent_that_is_none_is_one_line(pack, tmp_path, extent: str, told: str) -> None:
    plan_toml = shutil.copytree(pack, tmp_path / "mine") / "plan.toml"
    replace(plan_toml, "extent = { box = [95.0, 29.0, 127.0, 54.0] }", f"extent = {extent}")
    with pytest.raises(InputError) as caught:
        open_inputs(plan_toml, only=("parks", "earthquakes", "faults", "boundaries"))
    lines = [line for line in str(caught.value).splitlines() if "layers.earthquakes.extent" in line]
    assert len(lines) == 1
    assert told in lines[0]


def test_rows_without_a_date_have_that_of_their_layer(pack: Path, tmp_path: Path) -> None:
    plan_toml = shutil.copytree(pack, tmp_path / "mine") / "plan.toml"
    rows = (plan_toml.parent / "airports.csv").read_text(encoding="utf-8")
    (plan_toml.parent / "airports.csv").write_text(
        rows.replace(",2023-01-01,", ",,", 1), encoding="utf-8"
    )
    replace(plan_toml, 'file = "airports.csv"', 'file = "airports.csv"\nas_of = 2021-05-04')
    dates = open_inputs(plan_toml, only=("parks", "airports")).layers["airports"]["as_of"]
    assert (dates.iloc[0], set(dates.iloc[1:])) == ("2021-05-04", {"2023-01-01"})
