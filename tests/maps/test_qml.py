"""What is written for QGIS, as far as it can be judged without QGIS; see tests/qgis."""

from __future__ import annotations

import dataclasses
import hashlib
import re
import sqlite3
import zipfile
from contextlib import closing
from xml.etree import ElementTree as ET

import geopandas as gpd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import CRS, Transformer

from steppe.layers.contracts import LAYERS
from steppe.layers.crs import WORKING_CRS
from steppe.layers.writer import write_geopackage
from steppe.maps.captions import aliases
from steppe.maps.expressions import (
    columns_of,
    html_line,
    literal_text,
    quote_field,
    quote_text,
    rule_filters,
)
from steppe.maps.geopackage_styles import write_styles
from steppe.maps.layout import bar_segment_km, fit_extent, overview_extent
from steppe.maps.qgis_project import project_xml, write_qgz
from steppe.maps.qml import layer_qml, raster_qml
from steppe.maps.raster_style import RASTERS
from steppe.maps.style import STYLES
from steppe.maps.symbols import THEMES, LayerStyle, Rule, Symbol, When, pick

TEXTS = ("a", "b", "o'clock", "")
NUMBERS = (-1.0, 0.0, 0.05, 220.0, 500.0)
FIELDS = {"kind": TEXTS, "status": TEXTS, "volt": NUMBERS, "mw": NUMBERS}


def _tests_of(field: str) -> st.SearchStrategy[When]:
    values = st.sampled_from(FIELDS[field])
    ops = ["eq", "ne"] if FIELDS[field] is TEXTS else ["eq", "ne", "lt", "le", "gt", "ge"]
    one = st.builds(When, st.just(field), st.sampled_from(ops), values)
    null = st.just(When(field, "null"))
    if FIELDS[field] is NUMBERS:
        return st.one_of(one, null)
    many = st.lists(values, max_size=3, unique=True).map(tuple)
    return st.one_of(one, null, st.builds(When, st.just(field), st.just("in"), many))


CONDITIONS = st.lists(st.one_of(*map(_tests_of, FIELDS)), min_size=1, max_size=3).map(tuple)
ROWS = st.fixed_dictionaries(
    {field: st.one_of(st.none(), st.sampled_from(values)) for field, values in FIELDS.items()}
)


def _style(conditions: list[tuple[When, ...]]) -> LayerStyle:
    rules = [
        Rule(f"rule_{place}", when, Symbol(), f"规则{place}", f"Rule {place}")
        for place, when in enumerate([*conditions, ()])
    ]
    return LayerStyle("layer", "层", "Layer", "plan", "marker", tuple(rules))


@settings(max_examples=300, deadline=None)
@given(st.lists(CONDITIONS, max_size=6), st.lists(ROWS, min_size=1, max_size=8))
def test_exactly_one_filter_holds_for_a_row_and_it_is_the_one_picked(conditions, rows):
    """SQLite has the same logic of three values, and reads these expressions as they are."""
    style = _style(conditions)
    tests = ", ".join(condition or "true" for condition in rule_filters(style))
    with closing(sqlite3.connect(":memory:")) as database:
        database.execute("CREATE TABLE layer (kind TEXT, status TEXT, volt REAL, mw REAL)")
        database.executemany("INSERT INTO layer VALUES (:kind, :status, :volt, :mw)", rows)
        answers = database.execute(f"SELECT {tests} FROM layer").fetchall()
    for row, answer in zip(rows, answers, strict=True):
        held = [rule for rule, truth in zip(style.rules, answer, strict=True) if truth]
        assert held == [pick(style, row)]


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.layer)
def test_unticking_a_rule_cannot_move_its_features_to_another(style):
    assert "ELSE" not in "".join(rule_filters(style))


def test_names_in_expressions_end_where_they_end():
    assert quote_field('a"b') == '"a""b"'
    assert quote_text("it's") == "'it''s'"
    assert quote_text("back\\slash") == "'back\\\\slash'"


@given(st.text(alphabet="[]% '\\a6*7", max_size=20))
def test_a_literal_text_holds_no_template_but_its_own(text):
    written = literal_text(text)
    if "[%" not in text:
        assert written == text
    else:
        assert written.startswith("[% '")
        assert written.index("%]") == len(written) - 2


def test_a_line_of_a_map_tip_is_one_template_and_is_left_out_where_nothing_is_known():
    line = html_line("it's", "{a~b}, {c:1} \\ {d}")
    assert line.count("[%") == line.count("%]") == 1
    assert line.startswith("[% if(\"a\" IS NULL, '', 'it''s: ' || ")
    assert "' \\\\ '" in line
    assert columns_of("{a~b}, {c:1} {d}") == {"a", "b", "c", "d"}


def _columns(layer: str) -> dict[str, str]:
    return aliases(LAYERS[layer].columns, table=layer)


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.layer)
def test_the_qml_has_every_rule_symbol_and_column(style):
    names = _columns(style.layer)
    root = ET.fromstring(layer_qml(style, names))
    rules = root.findall("renderer-v2/rules/rule")
    symbols = root.findall("renderer-v2/symbols/symbol")
    assert [rule.get("key") for rule in rules] == [
        f"{style.layer}_{rule.rule_id}" for rule in style.rules
    ]
    assert {rule.get("symbol") for rule in rules} == {symbol.get("name") for symbol in symbols}
    assert {symbol.get("type") for symbol in symbols} == {style.geometry}
    given = {alias.get("field"): alias.get("name") for alias in root.findall("aliases/alias")}
    assert set(given) == set(LAYERS[style.layer].columns)
    assert all(re.search("[一-鿿]", name) or name.isascii() for name in given.values())


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.layer)
def test_the_qml_writes_what_every_qgis_since_3_22_reads(style):
    text = layer_qml(style, _columns(style.layer))
    assert "<prop " not in text
    root = ET.fromstring(text)
    for option in root.iter("Option"):
        if option.get("name", "").endswith("color"):
            parts = [int(part) for part in option.get("value").split(",")]
            assert len(parts) == 4
            assert all(0 <= part <= 255 for part in parts)
    for labels in root.findall("labeling/settings/text-style"):
        assert labels.get("allowHtml") == "0"
    assert root.get("labelsEnabled") == ("1" if style.labels or style.area_labels else "0")


def test_only_cables_are_set_apart_and_by_their_lane():
    shifted = {}
    for style in STYLES:
        root = ET.fromstring(layer_qml(style, _columns(style.layer)))
        found = [
            option.find("Option[@name='expression']").get("value")
            for option in root.iter("Option")
            if option.get("name") == "offset" and option.get("type") == "Map"
        ]
        if found:
            shifted[style.layer] = (len(found), set(found))
    fibre = next(style for style in STYLES if style.layer == "fibre")
    shift = f'coalesce("lane", 0) * {fibre.offset_mm}'
    assert shifted == {"fibre": (len(fibre.rules), {shift})}


def test_names_of_areas_give_way_to_those_of_points_and_keep_none_out():
    labelled = [style.layer for style in STYLES if style.area_labels]
    assert labelled == ["boundaries"]
    (boundaries,) = (style for style in STYLES if style.layer == "boundaries")
    sizes_pt = dict(boundaries.area_labels.sizes_pt)
    assert set(sizes_pt) == {rule.rule_id for rule in boundaries.rules}
    country = pick(boundaries, {"kind": "country"}).rule_id
    assert sizes_pt[country] > sizes_pt["province"]
    for style in STYLES:
        root = ET.fromstring(layer_qml(style, _columns(style.layer)))
        for settings_ in root.findall("labeling/settings"):
            of_areas = style.layer == "boundaries"
            assert (settings_.find("placement").get("priority") == "0") == of_areas
            assert (settings_.find("rendering").get("obstacle") == "0") == of_areas


def test_a_scale_limit_is_the_scale_of_the_zoom():
    style = dataclasses.replace(STYLES[0], min_zoom=1)
    root = ET.fromstring(layer_qml(style, {}))
    assert root.get("hasScaleBasedVisibilityFlag") == "1"
    # OGC 07-057r7, annex E.4: scale denominator of level 1.
    assert float(root.get("minScale")) == pytest.approx(279541132.014, abs=1)


@pytest.mark.parametrize("style", RASTERS, ids=lambda style: style.layer)
def test_the_raster_qml_has_every_stop_so_that_qgis_need_not_measure(style):
    root = ET.fromstring(raster_qml(style))
    items = root.findall("pipe/rasterrenderer/rastershader/colorrampshader/item")
    assert [float(item.get("value")) for item in items] == [stop.value for stop in style.stops]
    drawn = root.find("pipe/rasterrenderer")
    assert float(drawn.get("classificationMax")) == style.stops[-1].value


@pytest.fixture
def geopackage(tables, tmp_path):
    path = tmp_path / "plan.gpkg"
    write_geopackage(path, tables.layers, titles={}, date="2017-12-31")
    return path


def _dump(path) -> dict[str, list]:
    with closing(sqlite3.connect(path)) as database:
        tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        return {name: database.execute(f'SELECT * FROM "{name}"').fetchall() for (name,) in tables}


def test_layer_styles_has_what_qgis_wants_and_nothing_else_changes(geopackage, tables):
    before = _dump(geopackage)
    write_styles(geopackage, styles=STYLES, date="2017-12-31")
    after = _dump(geopackage)
    rows = after.pop("layer_styles")
    assert {row[3] for row in rows} == {
        style.layer for style in STYLES if style.layer in tables.layers
    }
    assert len(rows) > 15
    for row in rows:
        _, _, schema, table, geometry, name, qml, _, default, *_, moment = row
        assert (schema, geometry, default) == ("", "geom", 1)
        assert len(name) <= 30
        assert moment == "2017-12-31T00:00:00.000Z"
        columns = set(tables.layers[table].columns) - {"geometry"}
        aliased = {alias.get("field") for alias in ET.fromstring(qml).iter("alias")}
        assert aliased == columns
    added = [row for row in after["gpkg_contents"] if row not in before["gpkg_contents"]]
    assert [row[:2] for row in added] == [("layer_styles", "attributes")]
    after["gpkg_contents"] = [row for row in after["gpkg_contents"] if row not in added]
    after["sqlite_sequence"] = [row for row in after["sqlite_sequence"] if row[0] != "layer_styles"]
    assert after == before


def test_a_layer_that_the_file_does_not_hold_gets_no_style(tables, tmp_path):
    path = tmp_path / "small.gpkg"
    write_geopackage(path, {"parks": tables.layers["parks"]}, titles={}, date="2017-12-31")
    write_styles(path, styles=STYLES, date="2017-12-31")
    assert [row[3] for row in _dump(path)["layer_styles"]] == ["parks"]


def test_two_geopackages_and_two_projects_have_the_same_bytes(tables, tmp_path):
    digests = []
    for run in ("one", "two"):
        (tmp_path / run).mkdir()
        geopackage, project = tmp_path / run / "plan.gpkg", tmp_path / run / "plan.qgz"
        write_geopackage(geopackage, tables.layers, titles={}, date="2017-12-31")
        write_styles(geopackage, styles=STYLES, date="2017-12-31")
        write_qgz(project, tables)
        both = geopackage.read_bytes() + project.read_bytes()
        digests.append(hashlib.sha256(both).hexdigest())
    assert digests[0] == digests[1]


@pytest.fixture(scope="module")
def project(tables):
    return ET.fromstring(project_xml(tables))


def test_the_qgz_holds_one_project_named_as_itself(tables, tmp_path):
    write_qgz(tmp_path / "plan.qgz", tables)
    with zipfile.ZipFile(tmp_path / "plan.qgz") as archive:
        assert archive.namelist() == ["plan.qgs"]
        assert archive.read("plan.qgs").decode() == project_xml(tables)


def test_every_layer_id_is_long_enough_and_every_authid_has_its_srsid(project):
    ids = [layer.findtext("id") for layer in project.iter("maplayer")]
    assert ids
    assert all(len(name) > 10 for name in ids)
    named = [entry for entry in project.iter("spatialrefsys") if entry.find("authid") is not None]
    assert named
    assert all(int(entry.findtext("srsid")) > 0 for entry in named)


def test_the_tree_the_order_and_the_themes_name_layers_that_exist(project):
    ids = {layer.findtext("id") for layer in project.iter("maplayer")}
    tree = {entry.get("id") for entry in project.iter("layer-tree-layer")}
    assert tree == ids
    assert {entry.get("id") for entry in project.findall("layerorder/layer")} < ids
    themes = project.findall("visibility-presets/visibility-preset")
    assert len(themes) == len(THEMES)
    for theme in themes:
        shown = [entry.get("id") for entry in theme.findall("layer")]
        assert shown
        assert set(shown) < ids


def test_every_source_is_relative_to_the_project(project):
    for layer in project.iter("maplayer"):
        assert re.fullmatch(
            r"\./(plan\.gpkg\|layername=\w+|rasters/\w+\.tif)", layer.findtext("datasource")
        )


def test_the_project_lists_only_what_was_written(tables):
    written = {"parks", "boundaries", "scores"}
    root = ET.fromstring(project_xml(tables, present=written))
    ids = {layer.findtext("id") for layer in root.iter("maplayer")}
    assert {name.rpartition("layer_")[2] for name in ids} == written


def test_tables_without_geometry_and_the_sources_come_along(project):
    groups = project.findall("layer-tree-group/layer-tree-group")
    last = [
        entry.get("id").rpartition("layer_")[2] for entry in groups[-1].iter("layer-tree-layer")
    ]
    assert {"measures", "scores", "latency", "redundancy", "claims", "sources"} <= set(last)
    assert not any(
        entry.get("checked") == "Qt::Checked" for entry in groups[-1].iter("layer-tree-layer")
    )


def test_the_first_view_holds_the_plans_view(project, tables):
    canvas = project.find("mapcanvas/extent")
    west, south, east, north = (
        float(canvas.findtext(name)) for name in ("xmin", "ymin", "xmax", "ymax")
    )
    to_metres = Transformer.from_crs(WORKING_CRS, tables.info.albers, always_xy=True)
    left, low, right, high = tables.info.view
    for lon in (left, (left + right) / 2, right):
        for lat in (low, (low + high) / 2, high):
            x, y = to_metres.transform(lon, lat)
            assert west <= x <= east
            assert south <= y <= north
    served = project.find("ProjectViewSettings/DefaultViewExtent")
    assert float(served.get("xmin")) == west
    wkt = project.findtext("projectCrs/spatialrefsys/wkt")
    assert CRS.from_wkt(wkt) == tables.info.albers


@given(
    st.tuples(*[st.floats(-3e6, 3e6)] * 2),
    st.floats(1e4, 4e6),
    st.floats(1e4, 4e6),
)
def test_the_sheet_widens_bounds_to_its_shape_at_a_round_scale(corner, width, height):
    bounds = (corner[0], corner[1], corner[0] + width, corner[1] + height)
    west, south, east, north = fit_extent(bounds)
    slack = 1e-3
    assert west <= bounds[0] + slack
    assert south <= bounds[1] + slack
    assert east >= bounds[2] - slack
    assert north >= bounds[3] - slack
    assert (east - west) / (north - south) == pytest.approx(306 / 240)
    scale = (east - west) / 0.306
    assert scale / 250_000 == pytest.approx(round(scale / 250_000))
    segment_km = bar_segment_km((west, south, east, north))
    assert float(f"{segment_km:e}".split("e")[0]) in {1, 2, 5}
    assert 2 * segment_km * 1000 / scale < 0.06


def test_a_small_map_shows_the_region_whole_where_the_sheet_does_not():
    shown = (-1.0e6, 0.0, 0.53e6, 1.2e6)
    assert overview_extent(None, shown) is None
    assert overview_extent((-0.9e6, 1e5, 0.5e6, 1.1e6), shown) is None
    region = (-1.17e6, 0.3e5, 1.0e6, 1.81e6)
    west, south, east, north = overview_extent(region, shown)
    assert west < region[0]
    assert south < region[1]
    assert east > region[2]
    assert north > region[3]
    assert (east - west) * (north - south) < 4 * (2.17e6 * 1.78e6)


def _labels(root: ET.Element) -> str:
    return "\n".join(item.get("labelText", "") for item in root.iter("LayoutItem"))


def test_the_sheet_says_that_it_was_not_reviewed_until_it_was(tables, project):
    assert "未经审图" in _labels(project)
    info = dataclasses.replace(tables.info, review_number="GS(2026)0001")
    reviewed = _labels(ET.fromstring(project_xml(dataclasses.replace(tables, info=info))))
    assert "GS(2026)0001" in reviewed
    assert "未经审图" not in reviewed
    info = dataclasses.replace(tables.info, review_number=None)
    abroad = _labels(ET.fromstring(project_xml(dataclasses.replace(tables, info=info))))
    assert "审图" not in abroad
    assert "Cable routes are indicative" in abroad


def test_the_sheet_says_which_run_it_shows_and_that_cables_are_indicative(tables, project):
    text = _labels(project)
    assert "光缆走向为示意，非实际敷设路由" in text
    assert "Cable routes are indicative, not as laid" in text
    assert re.search(r"情景 Scenario 基准 [Bb]ase · 2017 ", text)
    info = dataclasses.replace(tables.info, scenario="dig", year=2025)
    other = dataclasses.replace(tables, info=info)
    bare = _labels(ET.fromstring(project_xml(other, present={"parks", "boundaries"})))
    assert "情景 Scenario dig · 2025" in bare
    assert "示意" not in bare


def test_every_source_is_thanked_on_the_sheet_and_on_its_layer(tables, project):
    for source in tables.sources.values():
        assert source.attribution in _labels(project)
        assert source.attribution in project.findtext("projectMetadata/abstract")
    parks = next(
        layer for layer in project.iter("maplayer") if "parks" in layer.findtext("datasource")
    )
    assert parks.findtext("resourceMetadata/rights") == "Plan text © its publisher (CC-BY-4.0)"


def test_hostile_names_leave_the_project_well_formed(hostile_tables):
    root = ET.fromstring(project_xml(hostile_tables))
    assert root.findtext("title").startswith(hostile_tables.info.title_zh)


def test_columns_that_a_plan_brings_along_keep_their_names(tmp_path):
    point = shapely.Point(111.0, 40.0)
    frame = gpd.GeoDataFrame({"park_id": ["p"], "own": [1]}, geometry=[point], crs=WORKING_CRS)
    path = tmp_path / "own.gpkg"
    write_geopackage(path, {"parks": frame}, titles={}, date="2017-12-31")
    write_styles(path, styles=STYLES, date="2017-12-31")
    qml = _dump(path)["layer_styles"][0][6]
    assert [alias.get("field") for alias in ET.fromstring(qml).iter("alias")] == ["park_id"]
