"""The QGIS projects at both ends of the ten-minute walk."""

from __future__ import annotations

import shutil

import pytest

pytestmark = pytest.mark.qgis


def test_the_project_of_the_walk_opens_with_every_layer(look, walked, tmp_path):
    # QGIS may lay files beside a GeoPackage that it opens.
    folder = shutil.copytree(walked / "out" / "nairobi", tmp_path / "qgis")
    seen = look(folder / "plan.qgz")
    assert seen["faults"] == []
    assert seen["errors"] == []
    counts = {name: layer["count"] for name, layer in seen["layers"].items()}
    told = {"parks": 3, "nodes": 4, "fibre": 4, "railways": 1, "towns": 4, "substations": 3}
    assert {name: counts.get(name) for name in told} == told
    assert "© OpenStreetMap contributors" in seen["abstract"]


def test_the_project_of_a_plan_that_was_only_begun_opens_without_a_fault(
    look, begun_built, tmp_path
):
    seen = look(shutil.copytree(begun_built, tmp_path / "qgis") / "plan.qgz")
    assert seen["faults"] == []
    assert seen["errors"] == []
    assert seen["title"] == "begun"
    assert seen["layers"]["parks"]["count"] == 0
