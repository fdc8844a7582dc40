"""The QGIS projects of the packs of Shanxi and Chengdu."""

from __future__ import annotations

import shutil

import pytest

pytestmark = pytest.mark.qgis


def test_the_project_opens_and_shows_parks_and_cables(look, further_built, tmp_path):
    # QGIS may lay files beside a GeoPackage that it opens.
    folder = shutil.copytree(further_built, tmp_path / "qgis")
    seen = look(folder / "plan.qgz")
    assert seen["faults"] == []
    assert seen["errors"] == []
    assert seen["layers"]["parks"]["count"] in {6, 7}
    assert {"parks", "nodes", "fibre", "boundaries", "substations"} <= set(seen["layers"])
    assert seen["layers"]["fibre"]["count"] >= 5
