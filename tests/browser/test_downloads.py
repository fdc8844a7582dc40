"""What one takes along: the bytes of the ranking, of the view as data, of the view as a picture."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely
from rasterio.io import MemoryFile

from steppe.layers.writer import csv_text

pytestmark = pytest.mark.browser

SIGNATURE = b"\x89PNG\r\n\x1a\n"
NASTY = (
    *("=1+1", "+1", "+1a", "-2", "-2+3", "@SUM(A1)", "＝1", "\t=1", "\r=1", "a\n=b", " =1", "'=1", '"=1"'),
    *("a,b", 'say "x"', "呼和浩特", "\x00=1", "\u200b=1", "1.5", "-", "", "line\r\nbreak", "%=1", "=", "\ufeff=1"),
)  # fmt: skip


def _save(page, what: str) -> tuple[str, bytes]:
    if page.locator("#tool-panel").is_hidden():
        page.locator("[data-tool=download]").click()
    with page.expect_download() as download:
        page.locator(f"[data-save={what}]").click()
    return download.value.suggested_filename, Path(download.value.path()).read_bytes()


def test_the_ranking_comes_as_the_page_has_it(page):
    page.evaluate("steppe.change({weights: {climate: 0.2, power: 0.6}})")
    name, written = _save(page, "csv")
    assert name == "small_plan-ranking.csv"
    assert written.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(written.decode("utf-8-sig"))))
    listed = page.locator("#ranking li[data-site]").evaluate_all(
        "all => all.map((one) => one.dataset.site)"
    )
    assert [row["park_id"] for row in rows if row["rank"]] == listed
    totals = page.evaluate("steppe.totals()")
    assert {row["park_id"] for row in rows} == set(totals)
    for row in rows:
        total = totals[row["park_id"]]["total"]
        assert row["score_1"] == "" if total is None else float(row["score_1"]) == total
        weights = [float(row[f"{one}_weight_pct"]) for one in ("climate", "power")]
        assert weights == pytest.approx([25, 75])
    first = rows[0]
    mean = 0.25 * float(first["climate_score_1"]) + 0.75 * float(first["power_score_1"])
    assert float(first["score_1"]) == pytest.approx(mean, abs=1e-12)


def test_no_cell_is_a_formula_and_pythons_writer_agrees(still):
    told = still.evaluate("(rows) => steppe.csvText(['name'], rows)", [[text] for text in NASTY])
    ours = list(csv.reader(io.StringIO(told.removeprefix("\ufeff"))))
    theirs = list(csv.reader(io.StringIO(csv_text(pd.DataFrame({"name": list(NASTY)})))))
    blank = [row or [""] for row in ours]
    assert blank == [row or [""] for row in theirs]


def test_hostile_names_are_inert_in_what_is_saved(visit, hostile_uri):
    page = visit(hostile_uri)
    _, written = _save(page, "csv")
    rows = list(csv.DictReader(io.StringIO(written.decode("utf-8-sig"))))
    assert len(rows) == len(page.evaluate("Object.keys(steppe.totals())"))
    assert not [
        cell for row in rows for cell in row.values() if cell.lstrip().startswith(("=", "@"))
    ]
    _, data = _save(page, "geojson")
    assert len(json.loads(data)["features"]) > 10


def test_the_view_comes_as_geojson_of_what_is_shown_and_in_view(page, tables):
    page.evaluate("steppe.change({layers: new Set(['parks', 'fibre', 'boundaries'])})")
    page.evaluate("void steppe.map.setView([40.6, 111.9], 9, {animate: false})")
    west, south, east, north = map(
        float, page.evaluate("steppe.map.getBounds().toBBoxString()").split(",")
    )
    name, written = _save(page, "geojson")
    assert name == "small_plan-view.geojson"
    collection = json.loads(written)
    assert collection["type"] == "FeatureCollection"
    view = shapely.box(west, south, east, north)
    found = {feature["id"] for feature in collection["features"]}
    parks = tables.layers["parks"].to_crs(4326)
    seen = {f"parks:{row.park_id}" for row in parks[parks.intersects(view)].itertuples()}
    assert {one for one in found if one.startswith("parks:")} == seen
    assert 0 < len(seen) < len(parks)
    assert {one.partition(":")[0] for one in found} == {"parks", "fibre", "boundaries"}
    for feature in collection["features"]:
        shape = shapely.geometry.shape(feature["geometry"])
        assert shape.is_valid
        assert shape.intersects(view) or feature["id"].startswith("fibre")
    park = next(one for one in collection["features"] if one["id"] == "parks:horinger")
    assert (
        park["properties"] | {"name": "和林格尔新区", "level": "zone", "area_ha": 100}
        == park["properties"]
    )
    assert shapely.geometry.shape(park["geometry"]).coords[0] == pytest.approx((111.82, 40.50))
    used = {one["properties"]["source_id"] for one in collection["features"]}
    assert {source["source_id"] for source in collection["sources"]} == used
    for source_id in used:
        assert tables.sources[source_id].licence in collection["licence"]
    assert "未经审图" in collection["note"]
    assert collection["as_of"] == "2017-12-31"


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_the_view_comes_as_a_picture_of_what_is_seen(page):
    page.locator("input[data-layer=elevation]").check()
    page.locator("li[data-site=zgc] button").click()
    page.locator("#card .close").click()
    page.evaluate("steppe.change({pin: [40.9, 112.6]})")
    name, written = _save(page, "png")
    assert name == "small_plan-view.png"
    assert written.startswith(SIGNATURE)

    def pixels(png: bytes) -> np.ndarray:
        with MemoryFile(png, ext=".png") as file, file.open() as dataset:
            return np.moveaxis(dataset.read()[:3], 0, -1).astype(int)

    picture = pixels(written)
    page.keyboard.press("Escape")
    box = page.locator(".map").bounding_box()
    assert picture.shape[1] == round(2 * box["width"])
    head = 44
    assert picture.shape[0] > 2 * (box["height"] + head)
    # Panels lie on the screen's map and not on the picture: what is compared is free of them.
    page.add_style_tag(content=".legend, .tools, .corner, .leaflet-control { visibility: hidden; }")
    screen = pixels(page.screenshot())[: int(box["height"]), : int(box["width"])]
    drawn = picture[2 * head : 2 * (head + int(box["height"])) : 2, : 2 * int(box["width"]) : 2]
    off = np.abs(screen - drawn).max(axis=2)
    assert (off > 60).mean() < 0.015
    # A marker, a cable, a label and the pin are where they are seen, and nothing else stood there.
    places = page.evaluate(
        """() => ["path[data-park=horinger]", "path[data-park=zgc]", "path[data-cable=hohhot_beijing_1]", ".pin svg"].map((one) => document.querySelector(one))
          .concat([...document.querySelectorAll(".label")].filter((one) => one.innerText.includes("中关村"))).map((one) => {
          const box = one.getBoundingClientRect();
          return [box.left, box.top, box.right, box.bottom].map(Math.round);
        })"""
    )
    assert len(places) == 5
    for left, top, right, bottom in places:
        at = np.s_[max(top, 0) : min(bottom, 898), max(left, 0) : min(right, 1030)]
        assert screen[at].std() > 10
        assert np.corrcoef(screen[at].ravel(), drawn[at].ravel())[0, 1] > 0.7
    assert len(np.unique(drawn.reshape(-1, 3), axis=0)) > 200
    # Title above, notes and sources below: ink on paper.
    assert (picture[: 2 * head].min(axis=2) < 100).sum() > 300
    assert (picture[2 * (head + int(box["height"])) :].min(axis=2) < 100).sum() > 300


def test_what_is_saved_in_a_scenario_is_the_scenarios_and_says_so(page, tables):
    base = _save(page, "csv"), _save(page, "geojson")
    page.evaluate("steppe.change({ scenario: 'mesh' })")
    (mesh,) = tables.variants
    name, written = _save(page, "csv")
    assert name == "small_plan-mesh-ranking.csv"
    rows = list(csv.DictReader(io.StringIO(written.decode("utf-8-sig"))))
    assert {(row["scenario"], row["year"]) for row in rows} == {("mesh", str(mesh.info.year))}
    assert {row["park_id"] for row in rows} == set(mesh.layers["parks"]["park_id"])
    scores = mesh.scores.set_index(["site_id", "criterion"])["value"]
    for row in rows:
        for criterion in ("climate", "power"):
            told = row[f"{criterion}_score_1"]
            value = scores.get((row["park_id"], criterion))
            assert (told == "") == (value is None or np.isnan(value))
            assert told == "" or float(told) == value
    before = list(csv.DictReader(io.StringIO(base[0][1].decode("utf-8-sig"))))
    assert {row["scenario"] for row in before} == {"base"}
    assert {row["park_id"]: row["score_1"] for row in before} != {
        row["park_id"]: row["score_1"] for row in rows
    }
    name, written = _save(page, "geojson")
    assert name == "small_plan-mesh-view.geojson"
    view = json.loads(written)
    assert (view["scenario"], view["year"]) == ("mesh", mesh.info.year)
    cables = {
        one["properties"]["id"]: one["properties"]["status"]
        for one in view["features"]
        if one["properties"]["layer"] == "fibre"
    }
    frame = mesh.layers["fibre"].set_index("cable_id")
    assert cables
    assert cables == {key: frame.loc[key, "status"] for key in cables}
    assert json.loads(base[1][1])["scenario"] == "base"
    told = tables.scenarios.set_index("scenario").loc["mesh", "title_zh"]
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert told in page.locator("#paper-meta").inner_text()
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_the_picture_has_the_legend_of_what_is_shown(page):
    """The more layers are shown, the higher it is; none, and there is no more than notes."""

    def height(shown: str) -> int:
        page.evaluate(f"steppe.change({{ layers: new Set({shown}) }})")
        with MemoryFile(_save(page, "png")[1], ext=".png") as file, file.open() as dataset:
            return dataset.height

    few, more = height("['parks']"), height("['parks', 'fibre', 'elevation']")
    assert height("[]") < few < more


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_the_picture_shows_and_tells_what_a_scenario_and_a_cut_change(page):
    def take() -> np.ndarray:
        with MemoryFile(_save(page, "png")[1], ext=".png") as file, file.open() as dataset:
            return np.moveaxis(dataset.read()[:3], 0, -1).astype(int)

    page.evaluate("steppe.change({ scenario: 'mesh', difference: false })")
    plain = take()
    page.evaluate("steppe.change({ difference: true })")
    told = take()
    assert told.shape[0] > plain.shape[0]
    # The first head of the page's map lies 44 px below the edge, at two pixels to one.
    places = page.evaluate(
        """() => [...document.querySelectorAll(".difference-sign")].map((one) => {
          const box = one.getBoundingClientRect();
          return [box.left, box.top, box.right, box.bottom].map(Math.round);
        }).filter(([left, top, right, bottom]) => left > 0 && top > 0 && right < 1030 && bottom < 800)"""
    )
    assert places
    for left, top, right, bottom in places:
        at = np.s_[2 * (44 + top) : 2 * (44 + bottom), 2 * left : 2 * right]
        assert (np.abs(told[at] - plain[at]).max(axis=2) > 60).mean() > 0.5
    page.evaluate("steppe.change({ cuts: ['cable:' + steppe.layer('fibre').rows[0].cable_id] })")
    assert take().shape[0] > told.shape[0]
