"""The project, opened in QGIS: whole, styled by the symbology, inert, and fit to be seen."""

from __future__ import annotations

import itertools
import shutil
import zipfile
from html.parser import HTMLParser
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from steppe.layers.crs import WORKING_CRS
from steppe.layers.writer import write_geopackage
from steppe.maps.geopackage_styles import write_styles
from steppe.maps.style import STYLES
from steppe.maps.symbols import LayerStyle, Rule, Symbol, When, pick
from steppe.maps.words import join_words

pytestmark = pytest.mark.qgis

BY_LAYER = {style.layer: style for style in STYLES}
PAGE_MM = (420, 297)


def _on_the_way(share: float) -> list[float]:
    """Return a point beside the middle of the fixture's line from Hohhot to Jining."""
    (west, south), (east, north) = (111.65, 40.81), (113.11, 41.03)
    along_lon, along_lat = (west + east) / 2, (south + north) / 2
    return [along_lon - share * (north - south), along_lat + share * (east - west)]


@pytest.fixture(scope="module")
def seen(look, plan_folder, tables):
    across = [_on_the_way((step - 200) / 20_000) for step in range(401)]
    samples = [
        {"layer": "parks", "points": [[118.90, 42.25]]},
        {"layer": "boundaries", "points": [[114.0, 45.0], [112.0, 41.5], [110.0, 39.0]]},
        {"layer": "fibre", "points": across, "across_m": 50_000},
    ]
    return look(plan_folder / "plan.qgz", samples=samples, bare=[*tables.layers])


def test_every_layer_is_valid_in_a_crs_and_resolved(seen, tables):
    assert seen["faults"] == []
    assert seen["errors"] == []
    written = {name for name, frame in tables.layers.items() if frame is not None}
    assert written < set(seen["layers"])
    for name, layer in seen["layers"].items():
        spatial = name in BY_LAYER or name in tables.rasters
        assert layer["crs"] == ("EPSG:4490" if spatial else "")
        if name in tables.layers:
            assert layer["count"] == len(tables.layers[name])


def test_the_tree_has_its_groups_and_themes_and_shows_what_the_symbology_shows(seen):
    groups = ["group.plan", "group.network", "group.power", "group.hazard", "group.base",
              "group.tables"]  # fmt: skip
    assert seen["groups"] == [join_words(key) for key in groups]
    themes = ("theme.siting", "theme.backbone", "theme.power", "theme.hazard")
    assert set(seen["themes"]) == {join_words(key) for key in themes}
    for name, layer in seen["layers"].items():
        assert layer["shown"] == (name in BY_LAYER and BY_LAYER[name].visible)


def test_qgis_draws_the_rule_that_the_symbology_picks(seen, tables):
    for layer, frame in tables.layers.items():
        key = next(iter(frame.columns))
        picked = {
            row[key]: [f"{layer}_{pick(BY_LAYER[layer], row).rule_id}"]
            for row in frame.to_dict("records")
        }
        assert picked
        for found in (seen["layers"][layer]["chosen"], seen["bare"][layer]["chosen"]):
            drawn = {
                name: [rule for rule in rules if rule != f"{layer}_rules"] for name, rules in found
            }
            assert drawn == picked, layer


def test_a_bare_layer_brings_its_style_labels_and_column_names(seen, tables):
    for layer in tables.layers:
        bare, style = seen["bare"][layer], BY_LAYER[layer]
        assert bare["renderer"] == "RuleRenderer", layer
        assert bare["labels"] == bool(style.labels or style.area_labels), layer
        assert bare["aliases"]["accuracy_m"] == join_words("field.accuracy_m")
        assert seen["layers"][layer]["aliases"] == bare["aliases"] | {
            name: alias for name, alias in seen["layers"][layer]["aliases"].items() if alias
        }, layer


def test_a_bare_raster_is_styled_by_the_file_beside_it(seen):
    assert seen["bare"]["elevation"]["renderer"] == "singlebandpseudocolor"


def _over_white(rgba: tuple[int, int, int, int]) -> list[float]:
    share = rgba[3] / 255
    return [part * share + 255 * (1 - share) for part in rgba[:3]]


def test_known_points_have_the_colours_of_the_symbology(seen):
    parks, areas, _ = seen["samples"]
    planned = pick(BY_LAYER["parks"], {"level": "zone", "status": "planned"})
    assert parks == [list(planned.symbol.fill[:3])]
    kinds = ("country", "region")
    for colour, kind in zip(areas, kinds, strict=False):
        fill = pick(BY_LAYER["boundaries"], {"kind": kind}).symbol.fill
        assert colour == pytest.approx(_over_white(fill), abs=2)
    assert areas[2] == [255, 255, 255]


def test_parallel_cables_lie_apart(seen):
    cables = seen["samples"][2]
    runs = [colour for colour, _ in itertools.groupby(map(tuple, cables))]
    assert sum(colour != (255, 255, 255) for colour in runs) == 3


def test_the_canvas_is_drawn(seen):
    assert seen["inked"] > 0.3


def test_the_sheet_keeps_to_its_page_and_its_items_to_themselves(seen):
    (layout,) = seen["layouts"].values()
    assert layout["exported"]
    items = {item["id"]: item for item in layout["items"]}
    assert {item["kind"] for item in items.values()} == {"map", "legend", "scale bar", "label"}
    for item in items.values():
        left, top, right, bottom = item["box"]
        assert 0 <= left < right <= PAGE_MM[0]
        assert 0 <= top < bottom <= PAGE_MM[1]
    sheet_map, legend = items["sheet_map"]["box"], items["sheet_legend"]["box"]
    assert legend[0] >= sheet_map[2]
    assert legend[3] <= sheet_map[3]
    bar = items["sheet_scale_bar"]["box"]
    assert sheet_map[0] < bar[0]
    assert bar[3] < sheet_map[3]


def test_every_text_of_the_sheet_fits_its_box_in_a_font_that_has_chinese(seen):
    (layout,) = seen["layouts"].values()
    labels = {item["id"]: item for item in layout["items"] if item["kind"] == "label"}
    for item in labels.values():
        left, top, right, bottom = item["box"]
        assert item["font"] == "Noto Sans CJK SC"
        width, height = item["needed"]
        # A text wider than its box is wrapped, so its area counts.
        assert width * height <= (right - left) * (bottom - top)
        if item["id"] != "sheet_sources":
            assert width <= right - left
    assert "未经审图" in labels["sheet_note"]["text"]
    assert "1 : 4,000,000" in labels["sheet_projection"]["text"]


def test_sources_are_thanked_in_the_layers_and_in_the_project(seen, tables):
    assert seen["layers"]["parks"]["rights"] == ["Plan text © its publisher (CC-BY-4.0)"]
    assert seen["layers"]["elevation"]["rights"] == ["Open data of everyone (CC0-1.0)"]
    assert all(source.attribution in seen["abstract"] for source in tables.sources.values())


def test_the_folder_can_be_moved(look, plan_folder, tmp_path):
    moved = tmp_path / "a folder 文件夹"
    shutil.copytree(plan_folder, moved)
    assert look(moved / "plan.qgz", brief=True)["faults"] == []


def _tamper(folder: Path, target: Path, *, old: str, new: str) -> Path:
    shutil.copytree(folder, target)
    with zipfile.ZipFile(target / "plan.qgz") as archive:
        text = archive.read("plan.qgs").decode()
    assert old in text
    with zipfile.ZipFile(target / "plan.qgz", "w") as archive:
        archive.writestr("plan.qgs", text.replace(old, new))
    return target / "plan.qgz"


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        # QGIS reads both without a word; that they are found here guards the tests above.
        ("steppe_layer_parks", "parks", "dead entry in the tree"),
        ("<srsid>1</srsid>", "", "has no CRS"),
        ("layername=parks", "layername=gardens", "is not valid"),
    ],
    ids=["short id", "authid without srsid", "no such table"],
)
def test_a_trap_is_found(look, plan_folder, tmp_path, old, new, fault):
    broken = _tamper(plan_folder, tmp_path / "broken", old=old, new=new)
    found = look(broken)["faults"]
    assert any(fault in line for line in found)


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[object] = []
        self.text: list[str] = []

    def handle_starttag(self, tag, attrs) -> None:
        self.tags.add(tag)
        self.attributes += attrs

    def handle_data(self, data) -> None:
        self.text.append(data)


@pytest.fixture(scope="module")
def hostile(look, write_plan, hostile_tables, tmp_path_factory):
    folder = write_plan(tmp_path_factory.mktemp("hostile"), hostile_tables)
    return look(folder / "plan.qgz")


def test_hostile_names_are_shown_as_they_are_and_do_nothing(hostile, hostile_tables):
    assert hostile["faults"] == []
    shown = 0
    for layer in hostile_tables.layers:
        style = BY_LAYER[layer]
        rows = hostile_tables.layers[layer].to_dict("records")
        for row, (_, label, tip) in zip(rows, hostile["layers"][layer]["texts"], strict=True):
            page = _Page()
            page.feed(tip)
            assert page.tags <= {"b", "br"}
            assert page.attributes == []
            # A name that is the same in both languages stands once.
            names = dict.fromkeys(
                row[name] for name in ("name_zh", "name_en", "name") if name in row
            )
            assert "".join(page.text).startswith("".join(names))
            shown += len(names)
            for column in {"evidence_zh", "evidence_en"} & set(row):
                assert row[column] in "".join(page.text)
            if style.labels:
                assert row[style.labels.field_zh] in label.replace("\n", "")
            if style.area_labels:
                assert label == row[style.area_labels.field_zh]
    assert shown > 50


def test_a_hostile_title_stays_a_title(hostile, hostile_tables):
    (layout,) = hostile["layouts"].values()
    texts = {item["id"]: item.get("text") for item in layout["items"]}
    assert texts["sheet_title"] == hostile_tables.info.title_zh == "[% 6 * 7 %]"
    assert texts["sheet_subtitle"] == hostile_tables.info.title_en
    for source in hostile_tables.sources.values():
        assert source.attribution in texts["sheet_sources"]


KINDS = ("it's", 'a"b', "back\\slash", "50", "50.0", "", "A", "a", None)
VOLTS = (None, -1.5, 0.0, 0.1, 0.30000000000000004, 220.0, 1e-7)


def _probe_style() -> LayerStyle:
    conditions = [
        (When("kind", "eq", "it's"), When("volt", "ge", 0.1)),
        (When("kind", "in", ('a"b', "back\\slash")), When("volt", "null")),
        (When("volt", "gt", 0.3), When("kind", "ne", "50")),
        (When("kind", "eq", "50"),),
        (When("volt", "lt", 0.0),),
        (When("volt", "eq", 1e-7),),
        (When("kind", "null"), When("volt", "le", 0.1)),
        (When("kind", "eq", "a"), When("volt", "ne", 0.1)),
        (When("kind", "in", ()),),
        (When("kind", "eq", ""),),
        (When("volt", "null"),),
        (),
    ]
    rules = tuple(
        Rule(f"rule_{place}", when, Symbol(), f"规则{place}", f"Rule {place}")
        for place, when in enumerate(conditions)
    )
    return LayerStyle("probe", "探", "Probe", "plan", "marker", rules)


def test_qgis_reads_every_comparison_as_the_symbology_means_it(look, plan_folder, tmp_path):
    style = _probe_style()
    rows = [
        {"key": f"{number}", "kind": kind, "volt": volt}
        for number, (kind, volt) in enumerate(itertools.product(KINDS, VOLTS))
    ]
    points = [shapely.Point(111.0, 40.0)] * len(rows)
    folder = tmp_path / "probe"
    shutil.copytree(plan_folder, folder)
    (folder / "plan.gpkg").unlink()
    frame = gpd.GeoDataFrame(rows, geometry=points, crs=WORKING_CRS)
    write_geopackage(folder / "plan.gpkg", {"probe": frame}, titles={}, date="2017-12-31")
    write_styles(folder / "plan.gpkg", styles=[style], date="2017-12-31")
    found = look(folder / "plan.qgz", brief=True, bare=["probe"])["bare"]["probe"]["chosen"]
    drawn = {key: [rule for rule in rules if rule != "probe_rules"] for key, rules in found}
    picked = {row["key"]: [f"probe_{pick(style, row).rule_id}"] for row in rows}
    assert drawn == picked
    assert len({rules[0] for rules in picked.values()}) >= 10
