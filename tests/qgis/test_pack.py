"""The default plan's project, opened in QGIS: what a person gets who types one command."""

from __future__ import annotations

import subprocess
import sys

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
