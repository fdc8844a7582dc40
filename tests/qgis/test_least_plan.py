"""The QGIS project of a plan of three parks and one criterion."""

from __future__ import annotations

import shutil

import pytest

pytestmark = pytest.mark.qgis


def test_the_project_opens_and_shows_its_parks(look, least_built, tmp_path):
    # QGIS may lay files beside a GeoPackage that it opens.
    folder = shutil.copytree(least_built, tmp_path / "qgis")
    seen = look(folder / "plan.qgz")
    assert seen["faults"] == []
    assert seen["errors"] == []
    assert seen["title"] == "leinster"
    assert seen["layers"]["parks"]["count"] == 3
    assert seen["layers"]["parks"]["shown"]
    assert not {"nodes", "fibre", "risks", "boundaries"} & set(seen["layers"])
    assert "审" not in seen["abstract"]
