"""The symbology as the page gets it, and rasters where Web Mercator puts them."""

from __future__ import annotations

import base64
import json
import math

import numpy as np
import pytest
from rasterio.io import MemoryFile

from steppe.layers.tables import Raster
from steppe.maps.leaflet import compile_ramp, compile_style, rule_fields, text_fields
from steppe.maps.overlay import BUDGET_BYTES, draw_overlay, warp
from steppe.maps.raster_style import RASTERS
from steppe.maps.style import STYLES
from steppe.maps.symbols import Labels, LayerStyle, RasterStyle, Rule, Stop, Symbol, When

RADIUS_M = 6378137.0  # of the sphere of Web Mercator
GREY = RasterStyle(
    "height", "高程", "Height", "base", (Stop(0.0, (0, 0, 0, 255), "0"), Stop(100.0, (200, 100, 50, 255), "100"))
)  # fmt: skip


def _lined() -> LayerStyle:
    symbol = Symbol(
        fill=(255, 0, 128, 51), stroke=(1, 2, 3, 255), width_mm=1.0, size_mm=2.0,
        shape="star", dash_mm=(2.0, 1.0),
    )  # fmt: skip
    when = (When("kind", "in", ("a", "b")), When("rank", "le", 2.0), When("name", "null"))
    return LayerStyle(
        "rivers", "河流", "Rivers", "base", "line",
        (Rule("first", when, symbol, "一", "One"), Rule("rest", (), Symbol(), "二", "Two")),
        labels=Labels("name_zh", "name_en", size_pt=9.0, min_zoom=6),
        offset_field="lane", offset_mm=0.5,
    )  # fmt: skip


def test_millimetres_and_points_become_css_pixels():
    compiled = compile_style(_lined())
    symbol = compiled["rules"][0]["symbol"]
    per_mm = 96.0 / 25.4  # CSS: 96 px to the inch
    assert symbol["width_px"] == pytest.approx(per_mm, abs=0.01)
    assert symbol["size_px"] == pytest.approx(2 * per_mm, abs=0.01)
    assert symbol["dash_px"] == pytest.approx([2 * per_mm, per_mm], abs=0.01)
    assert compiled["offset_px"] == pytest.approx(per_mm / 2, abs=0.01)
    assert compiled["labels"]["size_px"] == pytest.approx(12.0)  # CSS: 9 pt are 12 px


def test_colours_become_hexadecimal_beside_their_opacity():
    symbol = compile_style(_lined())["rules"][0]["symbol"]
    assert (symbol["fill"], symbol["stroke"]) == ("#ff0080", "#010203")
    assert (symbol["fill_opacity"], symbol["stroke_opacity"]) == (0.2, 1.0)


def test_comparisons_keep_their_order_and_constants():
    rules = compile_style(_lined())["rules"]
    assert [rule["id"] for rule in rules] == ["first", "rest"]
    assert rules[0]["when"] == [["kind", "in", ["a", "b"]], ["rank", "le", 2.0], ["name", "null", None]]  # fmt: skip
    assert rules[1]["when"] == []


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.layer)
def test_every_style_of_the_product_survives_json(style):
    compiled = compile_style(style)
    assert json.loads(json.dumps(compiled, allow_nan=False)) == compiled
    assert len(compiled["rules"]) == len(style.rules)


def test_columns_that_rules_look_at_are_named_once():
    assert rule_fields(_lined()) == ("kind", "rank", "name")
    assert text_fields(_lined()) == ("kind",)


def test_ramps_of_the_product_survive_json():
    for style in RASTERS:
        compiled = compile_ramp(style)
        assert json.loads(json.dumps(compiled, allow_nan=False)) == compiled


def _latitudes() -> Raster:
    """Cells that hold the latitude of their own centre, 30 to 60 degrees north."""
    north, step = 60.0, 0.05
    rows = (north - step * (np.arange(600) + 0.5)).astype("float32")
    values = np.repeat(rows[:, None], 100, axis=1)
    return Raster("latitude", values, 100.0, north, step, "deg", "", "", "made")


def test_rows_of_the_picture_lie_where_mercator_puts_them():
    values, transform = warp(_latitudes(), width_px=200)
    rows = np.arange(5, values.shape[0] - 5)
    northing = transform.f + transform.e * (rows + 0.5)
    # Snyder, Map Projections, USGS PP 1395, 1987, eq. 7-4: the inverse on the sphere.
    latitude = np.degrees(math.pi / 2 - 2 * np.arctan(np.exp(-northing / RADIUS_M)))
    assert np.abs(values[rows, 100] - latitude).max() < 0.01
    evenly = np.linspace(60.0, 30.0, values.shape[0])[rows]
    assert np.abs(evenly - latitude).max() > 1.0  # so an unwarped picture would be found out


def _decode(uri: str) -> tuple[np.ndarray, dict]:
    kind, _, text = uri.partition(",")
    assert kind == "data:image/png;base64"
    with MemoryFile(base64.b64decode(text), ext=".png") as file, file.open() as dataset:
        return dataset.read(1), dataset.colormap(1)


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_the_picture_has_the_ramps_colours_and_is_clear_where_nothing_is_known():
    values = np.full((80, 80), 50.0, dtype="float32")
    values[:, :40] = np.nan
    overlay = draw_overlay(Raster("height", values, 100.0, 50.0, 0.1, "m", "", "", "made"), GREY)
    index, colours = _decode(overlay.uri)
    middle = index.shape[0] // 2
    red, green, blue, alpha = colours[index[middle, -20]]
    step = 200 / 60
    assert alpha == 255
    assert red == pytest.approx(100, abs=step)
    assert green == pytest.approx(50, abs=step)
    assert blue == pytest.approx(25, abs=step)
    assert colours[index[middle, 20]][3] == 0


def test_the_picture_lies_on_the_grid():
    values = np.zeros((50, 120), dtype="float32")
    overlay = draw_overlay(Raster("height", values, 100.0, 45.0, 0.1, "m", "", "", "made"), GREY)
    assert overlay.bounds == pytest.approx((40.0, 100.0, 45.0, 112.0), abs=1e-3)


def test_the_picture_stays_within_the_pages_budget():
    noise = np.random.default_rng(7).uniform(0, 100, (500, 640)).astype("float32")
    overlay = draw_overlay(Raster("height", noise, 95.0, 54.0, 0.05, "m", "", "", "made"), GREY)
    assert len(base64.b64decode(overlay.uri.partition(",")[2])) <= BUDGET_BYTES <= 250_000
