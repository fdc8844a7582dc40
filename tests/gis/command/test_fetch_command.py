"""`steppe fetch` from its options to the outputs of the plan."""

from __future__ import annotations

import zipfile
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from steppe.layers.openers.catalogue import OPENERS
from tests.gis.intake.fetch_files import write_plan

OSM = """\
<osm version="0.6"><bounds minlat="39.0" minlon="109.0" maxlat="43.0" maxlon="115.0"/>
<node id="1" timestamp="2024-05-06T00:00:00Z" lat="40.9" lon="111.6"/>
<node id="2" timestamp="2024-05-06T00:00:00Z" lat="40.9" lon="112.5"/>
<way id="10" timestamp="2024-05-06T00:00:00Z"><nd ref="1"/><nd ref="2"/>
<tag k="railway" v="rail"/></way></osm>
"""
THANKS = ("OpenStreetMap contributors", "Made with Natural Earth", "Styron and Pagani 2020")


@pytest.fixture
def plan(tmp_path) -> Path:
    return write_plan(tmp_path / "plan")


@pytest.mark.usefixtures("plan")
def test_whom_to_name_stands_in_every_output(tmp_path, steppe) -> None:
    (tmp_path / "region.osm").write_text(OSM, encoding="utf-8")
    lakes = gpd.GeoDataFrame(
        {"scalerank": [7], "name": ["Dai Hai"]},
        geometry=[shapely.box(112.6, 40.5, 112.8, 40.6)],
        crs=4326,
    )
    lakes.to_file(tmp_path / "ne_10m_lakes.gpkg")
    faults = gpd.GeoDataFrame(
        {"name": ["Daqingshan"], "slip_type": ["Normal"], "net_slip_rate": ["(1.8,0.9,2.5)"]},
        geometry=[shapely.LineString([(110.5, 40.6), (111.5, 40.8)])],
        crs=4326,
    )
    faults.to_file(tmp_path / "gem_active_faults.geojson")
    for name, file in (
        ("railways", "region.osm"),
        ("natural_earth", "ne_10m_lakes.gpkg"),
        ("gem_faults", "gem_active_faults.geojson"),
    ):
        done = steppe("fetch", name, "--from", file, "--into", "plan")
        assert done.returncode == 0, done.stderr
    assert steppe("build", "plan", "--quick", "--out", "out").returncode == 0
    out = tmp_path / "out"
    with zipfile.ZipFile(out / "plan.qgz") as archive:
        project = archive.read(next(name for name in archive.namelist() if name.endswith(".qgs")))
    texts = {
        "page": (out / "map.html").read_text(encoding="utf-8"),
        "report": (out / "report.en.html").read_text(encoding="utf-8"),
        "project": project.decode("utf-8"),
        "sources": steppe("sources", "plan", "--json").stdout,
    }
    record = (out / "run.json").read_text(encoding="utf-8")
    assert all(name in record for name in ("railways.gpkg", "lakes.gpkg", "sources.toml"))
    for thanks in THANKS:
        assert [name for name, text in texts.items() if thanks not in text] == []


def test_fetch_alone_lists_what_there_is(steppe) -> None:
    listed = steppe("fetch").stdout
    for name, opener in OPENERS.items():
        assert name in listed
        assert opener.origin.licence in listed


@pytest.mark.parametrize("text", ["1,2,3", "a,b,c,d", "10,20,5", "0,10,1,5", "0,0,nan,1"])
def test_a_box_that_is_none_is_one_line(plan, steppe, text) -> None:
    done = steppe("fetch", "osm", "--from", "x.osm", "--into", str(plan), "--bbox", text)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert "111,40,114,42" in done.stderr


def test_without_a_plan_the_command_asks_for_one(steppe) -> None:
    assert steppe("fetch", "osm", "--from", "x.osm").returncode == 2
