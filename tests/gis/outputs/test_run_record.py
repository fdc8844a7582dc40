from __future__ import annotations

import configparser
import datetime as dt
import importlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from steppe.layers.errors import InputError
from steppe.layers.limits import RECORD_BYTES
from steppe.outputs.run_record import RECORD_NAME, read_record, refuse_other_plan, write_record
from steppe.outputs.versions import list_libraries, read_version

ROOT = Path(__file__).parents[3]

# FIPS 180-2, appendix B.1, and the digest of nothing.
ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
NOTHING = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

# What the issue asks to be recorded, by the names of the package index, and what lies inside.
SHAPING = {
    "folium",
    "geopandas",
    "networkx",
    "numpy",
    "pandas",
    "pyogrio",
    "pyproj",
    "rasterio",
    "shapely",
    "PROJ of pyproj",
    "GDAL of pyogrio",
}


@pytest.fixture
def staging(tmp_path):
    folder = tmp_path / "staging"
    (folder / "rasters").mkdir(parents=True)
    (folder / "map.html").write_bytes(b"abc")
    (folder / "rasters" / "海拔.tif").write_bytes(b"")
    return folder


def record(staging, **changes):
    told = {"plan": "toy", "inputs": {}, "parameters": {}, "seed": None}
    write_record(staging, **(told | changes))
    return (staging / RECORD_NAME).read_bytes()


def test_every_output_and_input_is_recorded_by_its_digest(staging, tmp_path):
    (tmp_path / "plan.toml").write_bytes(b"abc")
    inputs = {"plan.toml": tmp_path / "plan.toml", "../shared/empty.csv": Path(os.devnull)}
    found = json.loads(record(staging, inputs=inputs))
    assert found["outputs"] == {
        "map.html": {"sha256": ABC, "size": 3},
        "rasters/海拔.tif": {"sha256": NOTHING, "size": 0},
    }
    assert found["inputs"] == {
        "plan.toml": {"sha256": ABC, "size": 3},
        "../shared/empty.csv": {"sha256": NOTHING, "size": 0},
    }


def test_the_libraries_that_shape_the_bytes_are_recorded(staging):
    found = json.loads(record(staging))["libraries"]
    assert found.keys() >= SHAPING
    for name in ("numpy", "shapely", "rasterio"):
        assert found[name] == importlib.import_module(name).__version__
    assert all(text[0].isdigit() for text in found.values())
    assert found == list_libraries()


def test_the_version_is_that_of_the_checkout():
    parser = configparser.ConfigParser()
    parser.read(ROOT / "setup.cfg")
    assert read_version() == parser["metadata"]["version"]


def test_what_is_written_is_what_is_read(staging, tmp_path):
    (tmp_path / "plan.toml").write_bytes(b"abc")
    parameters = {
        "level": "campus",
        "as_of": dt.date(2026, 11, 1),
        "weights": {"power": 0.1 + 0.2, "climate": 1},
        "relax": ["a", None, True],
    }
    record(staging, inputs={"plan.toml": tmp_path / "plan.toml"}, parameters=parameters, seed=7)
    found = read_record(staging)
    assert found is not None
    assert found.parameters == parameters | {"as_of": "2026-11-01"}
    assert (found.plan, found.seed, found.steppe) == ("toy", 7, read_version())
    assert found.outputs["map.html"].sha256 == ABC


def test_a_second_record_of_the_same_folder_is_the_same(staging):
    first = record(staging)
    assert record(staging) == first
    assert RECORD_NAME not in json.loads(first)["outputs"]


def test_order_of_naming_and_place_do_not_show(staging, tmp_path):
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text(name)
    inputs = {name: tmp_path / name for name in ("a.csv", "b.csv")}
    parameters = {"x": 1, "y": {"q": 1, "p": 2}}
    first = record(staging, inputs=inputs, parameters=parameters)
    moved = staging.rename(tmp_path / "elsewhere")
    turned = {"y": {"p": 2, "q": 1}, "x": 1}
    again = record(moved, inputs=dict(reversed(inputs.items())), parameters=turned)
    assert again == first
    assert tmp_path.name.encode() not in first


def test_zone_locale_and_hash_seed_do_not_show(staging):
    first = record(staging, parameters={"名": "内蒙古"})
    call = (
        "import sys, pathlib; from steppe.outputs.run_record import write_record; write_record("
        "pathlib.Path(sys.argv[1]), plan='toy', inputs={}, parameters={'名': '内蒙古'}, seed=None)"
    )
    strange = {"TZ": "Pacific/Chatham", "PYTHONHASHSEED": "123", "LC_ALL": "C"}
    subprocess.run(
        [sys.executable, "-c", call, staging], check=True, cwd=ROOT, env=os.environ | strange
    )
    assert (staging / RECORD_NAME).read_bytes() == first


@pytest.mark.parametrize("value", [{1, 2}, Path("plan.toml"), object(), b"abc"])
def test_a_parameter_without_one_spelling_is_a_bug(staging, value):
    with pytest.raises(TypeError, match="no one spelling"):
        record(staging, parameters={"value": value})


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_parameter_that_is_no_number_is_a_bug(staging, value):
    with pytest.raises(ValueError, match="JSON"):
        record(staging, parameters={"value": value})


def test_an_absolute_name_of_an_input_is_a_bug(staging):
    with pytest.raises(ValueError, match="not relative"):
        record(staging, inputs={os.devnull: Path(os.devnull)})


def test_a_folder_without_a_record_has_none(tmp_path):
    assert read_record(tmp_path) is None


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("schema_version", 2),
        ("seed", "seven"),
        ("unknown key", 1),
        ("outputs", {"map.html": {"sha256": "abc", "size": 3}}),
        ("outputs", {"map.html": {"sha256": ABC, "size": -1}}),
        ("outputs", {"../map.html": {"sha256": ABC, "size": 3}}),
        ("outputs", {"/map.html": {"sha256": ABC, "size": 3}}),
        ("outputs", {"a//b": {"sha256": ABC, "size": 3}}),
        ("outputs", {"": {"sha256": ABC, "size": 3}}),
        ("outputs", {RECORD_NAME: {"sha256": ABC, "size": 3}}),
    ],
)
def test_a_record_that_is_not_ours_is_refused_in_one_line(staging, key, value):
    changed = json.loads(record(staging)) | {key: value}
    (staging / RECORD_NAME).write_text(json.dumps(changed))
    with pytest.raises(InputError) as error:
        read_record(staging)
    assert str(error.value).startswith(f"{staging / RECORD_NAME}: ")
    assert "\n" not in str(error.value)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
@pytest.mark.parametrize("kind", ["pipe", "folder", "device", "dangling link", "large"])
def test_what_bears_the_name_of_a_record_is_refused_unopened(tmp_path, kind):
    path = tmp_path / RECORD_NAME
    match kind:
        case "pipe":
            os.mkfifo(path)
        case "folder":
            path.mkdir()
        case "device":
            path.symlink_to("/dev/zero")
        case "dangling link":
            path.symlink_to("nowhere")
        case _:
            with path.open("wb") as stream:
                stream.truncate(RECORD_BYTES.most + 1)
    with pytest.raises(InputError) as error:
        read_record(tmp_path)
    assert str(error.value).startswith(f"{path}: ")


@pytest.mark.parametrize("name", ["x" * 4000, "file/plan"])
def test_a_folder_that_cannot_be_looked_into_holds_no_other_plan(tmp_path, name):
    (tmp_path / "file").write_text("mine")
    refuse_other_plan(tmp_path / name, "mine")
