"""The default plan's project, opened in QGIS: what a person gets who types one command."""

from __future__ import annotations

import shutil
import tomllib
import zipfile
from html import unescape
from pathlib import Path
from xml.etree import ElementTree as ET

import geopandas as gpd
import pandas as pd
import pytest

from steppe.layers.contracts import RESULT_TABLES
from steppe.maps.style import STYLES

pytestmark = pytest.mark.qgis

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def folder(built: Path, tmp_path_factory) -> Path:
    # QGIS may lay files beside a GeoPackage that it opens.
    return shutil.copytree(built, tmp_path_factory.mktemp("pack") / "qgis")


@pytest.fixture(scope="module")
def seen(look, folder):
    return look(folder / "plan.qgz", bare=["parks"], sorted={"cuts": ["to_id", "n_units", "rank"]})


def test_the_default_project_is_whole(seen, default_tables):
    assert seen["faults"] == []
    assert seen["errors"] == []
    assert {*default_tables.layers} <= set(seen["layers"])
    assert {*RESULT_TABLES, "sources"} <= set(seen["layers"])


def test_one_rule_draws_each_feature_of_the_default_plan(seen):
    drawn = [style.layer for style in STYLES if style.layer in seen["layers"]]
    assert len(drawn) > 15
    for name in drawn:
        for _, rules in seen["layers"][name]["chosen"]:
            assert len([rule for rule in rules if rule != f"{name}_rules"]) == 1


def test_every_column_has_words(seen):
    for layer in seen["layers"].values():
        for column, alias in layer.get("aliases", {}).items():
            assert alias or column == "fid"


def _tips(seen, layer):
    return {key: unescape(tip).split("<br>") for key, _, tip in seen["layers"][layer]["texts"]}


def test_tips_of_places_tell_round_trip_class_and_routes_to_the_first_target(seen, folder):
    nodes = gpd.read_file(folder / "plan.gpkg", layer="nodes").set_index("node_id")
    tips, row = _tips(seen, "nodes"), nodes.loc["hohhot"]
    told = [
        f"{row['rtt_ms']:.1f} ({row['rtt_low_ms']:.1f}–{row['rtt_high_ms']:.1f}) ms",
        f"{row['floor_ratio']:.2f} × {row['floor_rtt_ms']:.1f} ms",
        f"{row['class_zh']} {row['class_en']}",
        "4",
        f"{row['effective_low']:.0f}–{row['effective_high']:.0f}",
        f"{row['routes_reason_zh']} {row['routes_reason_en']}",
    ]
    values = [line.partition(": ")[2] for line in tips["hohhot"]]
    assert [value for value in values if value in told] == told
    # A round trip that nobody knows is no line, rather than a line of dashes.
    unknown = nodes.index[nodes["rtt_ms"].isna()]
    assert len(unknown) > 0
    assert not any("RTT" in line for name in unknown for line in tips[name])
    assert any("RTT" in line for tip in _tips(seen, "parks").values() for line in tip)


def test_tips_of_cables_tell_the_worst_cut_and_those_of_risks_the_evidence(seen, folder):
    fibre = gpd.read_file(folder / "plan.gpkg", layer="fibre")
    tips = _tips(seen, "fibre")
    assert fibre["worst_cut_rank"].notna().any()
    for _, row in fibre.iterrows():
        told = [line for line in tips[row["cable_id"]] if "Worst single cut" in line]
        if pd.isna(row["worst_cut_rank"]):
            assert told == []
            continue
        (line,) = told
        cut = f"{row['worst_cut_rank']:.0f}: {row['worst_cut_zh']} {row['worst_cut_en']}"
        assert line.endswith(f": {cut}")
    risks = gpd.read_file(folder / "plan.gpkg", layer="risks").set_index("risk_id")
    for key, lines in _tips(seen, "risks").items():
        assert any(risks.loc[key, "evidence_zh"] in line for line in lines)
        assert any(risks.loc[key, "evidence_en"] in line for line in lines)


def test_tips_of_parks_tell_rank_and_how_sure_it_is(seen, folder):
    parks = gpd.read_file(folder / "plan.gpkg", layer="parks").set_index("park_id")
    robustness = gpd.read_file(folder / "plan.gpkg", layer="robustness").set_index("site_id")
    tips = _tips(seen, "parks")
    assert set(parks.index[parks["first_share"].notna()]) == set(robustness.index)
    for name, row in robustness.iterrows():
        low, high = f"{row['low_rank']:.0f}", f"{row['high_rank']:.0f}"
        told = [
            f"{row['rank']:.0f} ({row['score']:.3f})",
            low if low == high else f"{low}–{high}",
            f"{row['first_share']:.2f}",
        ]
        values = [line.partition(": ")[2] for line in tips[name]]
        assert [value for value in values if value in told] == told
        for column in ("first_share", "low_rank", "high_rank", "topsis_rank"):
            assert parks.loc[name, column] == row[column]
    unranked = parks.index[parks["rank"].isna()]
    assert len(unranked) > 0
    assert not any("draws" in line for name in unranked for line in tips[name])


def test_cuts_open_by_target_number_and_rank_the_first_target_first(seen):
    rows = seen["layers"]["cuts"]["sorted"]
    plan = tomllib.loads((ROOT / "data" / "inner_mongolia" / "plan.toml").read_text("utf-8"))
    order = {target: place for place, target in enumerate(plan["network"]["targets"])}
    keys = [
        (order[target], n_units, rank if isinstance(rank, int) else 10**6)
        for target, n_units, rank in rows
    ]
    assert len(keys) == seen["layers"]["cuts"]["count"] > 100
    assert keys == sorted(keys)


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
