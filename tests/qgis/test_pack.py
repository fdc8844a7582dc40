"""The default plan's project, opened in QGIS: what a person gets who types one command."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from xml.etree import ElementTree as ET

import geopandas as gpd
import pytest

from maps.style import STYLES

pytestmark = pytest.mark.qgis


@pytest.fixture(scope="module")
def folder(tmp_path_factory, pytestconfig):
    out = tmp_path_factory.mktemp("pack") / "qgis"
    start = "from gis.command.app import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", start, "qgis", "--out", str(out)],
        cwd=pytestconfig.rootpath, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return out


@pytest.fixture(scope="module")
def seen(look, folder):
    return look(folder / "plan.qgz", bare=["parks"])


def test_the_default_project_is_whole(seen):
    assert seen["faults"] == []
    assert seen["errors"] == []
    assert {style.layer for style in STYLES} <= set(seen["layers"])
    assert {"measures", "scores", "latency", "redundancy", "claims", "sources"} <= set(
        seen["layers"]
    )


def test_one_rule_draws_each_feature_of_the_default_plan(seen):
    for style in STYLES:
        for _, rules in seen["layers"][style.layer]["chosen"]:
            assert len([rule for rule in rules if rule != f"{style.layer}_rules"]) == 1


def test_every_column_has_words(seen):
    for layer in seen["layers"].values():
        for column, alias in layer.get("aliases", {}).items():
            assert alias or column == "fid"


def test_the_sheet_of_the_default_plan_is_full_and_its_legend_fits(seen):
    assert seen["inked"] > 0.5
    (layout,) = seen["layouts"].values()
    items = {item["id"]: item for item in layout["items"]}
    assert items["sheet_legend"]["box"][3] <= items["sheet_map"]["box"][3]
    for item in layout["items"]:
        left, top, right, bottom = item["box"]
        assert 0 <= left < right <= 420
        assert 0 <= top < bottom <= 297
        if item["kind"] == "label":
            width, height = item["needed"]
            assert width * height <= (right - left) * (bottom - top)


def test_a_small_map_shows_the_whole_region_and_where_the_sheet_lies(seen, folder):
    (layout,) = seen["layouts"].values()
    items = {item["id"]: item for item in layout["items"]}
    small, sheet = items["sheet_overview"], items["sheet_map"]
    assert small["marks"] == ["sheet_map"]
    assert "steppe_layer_boundaries" in small["layers"]
    assert small["box"][1] >= items["sheet_legend"]["box"][3]
    assert small["box"][3] <= sheet["box"][3]
    boundaries = gpd.read_file(folder / "plan.gpkg", layer="boundaries")
    with zipfile.ZipFile(folder / "plan.qgz") as archive:
        project = ET.fromstring(archive.read("plan.qgs"))
    crs = project.findtext("projectCrs/spatialrefsys/wkt")
    region = boundaries[boundaries["kind"] == "region"].to_crs(crs).total_bounds
    west, south, east, north = small["extent"]
    assert west < region[0]
    assert south < region[1]
    assert east > region[2]
    assert north > region[3]
