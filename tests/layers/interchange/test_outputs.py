"""A plan that names a network of another tool gives every output."""

from __future__ import annotations

import base64
import re
import zlib
from pathlib import Path

import geopandas as gpd


def test_such_a_plan_builds_whole(run, zoo_plan: Path, tmp_path: Path) -> None:
    out = tmp_path / "built"
    assert run("build", str(zoo_plan), "--out", str(out)) == (0, f"{out / 'map.html'}\n")
    assert {"map.html", "plan.gpkg", "plan.qgz", "report.en.html"} <= {
        p.name for p in out.iterdir()
    }
    fibre = gpd.read_file(out / "plan.gpkg", layer="fibre")
    assert sorted(fibre["cable_id"]) == ["0--1--1", "0--1--2", "0--2--1", "1--2--1"]
    assert list(fibre["link_label"].dropna()) == ["2.5 Gbps"]
    page = (out / "map.html").read_text(encoding="utf-8")
    kind, data = re.findall(r'<script type="application/(json|zlib)" id="data">([^<]*)<', page)[0]
    told = zlib.decompress(base64.b64decode(data)).decode() if kind == "zlib" else data
    assert all(cable_id in told for cable_id in fibre["cable_id"])
