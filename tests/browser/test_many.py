"""Where there are thousands of features, the map draws them by few elements and still tells each from the others."""

from __future__ import annotations

import dataclasses

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from steppe.maps.page import render_page

pytestmark = pytest.mark.browser

N_MANY = 1050  # more than a layer is drawn of one by one
N_SIDE = 40  # they stand on a lattice of so many columns
# Where a place of the map is on the screen.
SPOT = """([lon, lat]) => {
  const { x, y } = steppe.map.latLngToContainerPoint([lat, lon]);
  const frame = steppe.map.getContainer().getBoundingClientRect();
  return [frame.left + x, frame.top + y];
}"""


def _seat(number: int) -> tuple[float, float]:
    return 109.0 + 0.2 * (number % N_SIDE), 41.5 + 0.06 * (number // N_SIDE)


def _many(
    layer: gpd.GeoDataFrame, key: str, shapes: list, name: str, **said: object
) -> gpd.GeoDataFrame:
    numbers = range(len(shapes))
    named = {
        key: [f"{key}-{number}" for number in numbers],
        "name_zh": [f"{name} {number} 号" for number in numbers],
        "name_en": [f"{name} {number}" for number in numbers],
    }
    rows = pd.concat([layer.iloc[[0]]] * len(shapes), ignore_index=True).assign(**named, **said)
    rows = rows.set_geometry(shapes)
    return gpd.GeoDataFrame(pd.concat([layer, rows], ignore_index=True), crs=layer.crs)


@pytest.fixture(scope="module")
def plan(tables):
    """The small plan with thousands of nodes and as many short cables, each named by its number."""
    seats = [_seat(number) for number in range(N_MANY)]
    points = [shapely.Point(seat) for seat in seats]
    lines = [shapely.LineString([(x + 0.05, y), (x + 0.15, y)]) for x, y in seats]
    layers = dict(tables.layers) | {
        "nodes": _many(tables.layers["nodes"], "node_id", points, "Junction", kind="junction"),
        "fibre": _many(tables.layers["fibre"], "cable_id", lines, "Cable", lane=0),
    }
    return dataclasses.replace(tables, layers=layers)


@pytest.fixture(scope="module")
def page(visit_once, plan, tmp_path_factory):
    path = tmp_path_factory.mktemp("many") / "map.html"
    path.write_text(render_page(plan), encoding="utf-8")
    page = visit_once(path.as_uri(), locale="en-IE")
    page.evaluate("void steppe.map.setView([42.4, 113], 8, { animate: false })")
    return page


def _count_drawn(page, layer: str, zoom: int) -> int:
    """Count the parts of paths that are drawn of a layer; the map stands at zoom 8 again afterwards."""
    page.evaluate("(zoom) => steppe.map.setView([42.4, 113], zoom, { animate: false })", zoom)
    spelled = page.evaluate(
        "(pane) => [...document.querySelectorAll(pane)].map((path) => path.getAttribute('d'))",
        f".leaflet-steppe-{layer}-pane path:not(.casing)",
    )
    page.evaluate("void steppe.map.setView([42.4, 113], 8, { animate: false })")
    assert 0 < len(spelled) < 20
    return sum(path.count("M") for path in spelled)


@pytest.mark.parametrize("layer", ["nodes", "fibre"])
def test_thousands_are_drawn_by_a_path_for_each_rule(page, plan, layer):
    parts = sum(len(shapely.get_parts(shape)) for shape in plan.layers[layer].geometry)
    assert _count_drawn(page, layer, 5) == parts > N_MANY
    # Nearer, what is out of sight is not drawn.
    assert 0 < _count_drawn(page, layer, 10) < parts / 2


@pytest.mark.parametrize("number", [500, 501, 542])
def test_each_of_thousands_tells_its_name_and_opens_its_card(page, number):
    lon, lat = _seat(number)
    for place, name in (
        ((lon, lat), f"Junction {number}"),
        ((lon + 0.1, lat), f"Cable {number}"),
    ):
        x, y = page.evaluate(SPOT, place)
        page.mouse.move(x + 2, y + 2)
        tip = page.locator(".leaflet-tooltip.tip")
        assert name in tip.inner_text().splitlines()
        page.mouse.click(x, y)
        assert page.locator("#card h2").inner_text() == name
        page.keyboard.press("Escape")
        assert page.locator("#card").is_hidden()


def test_where_nothing_is_the_pointer_says_nothing(page):
    lon, lat = _seat(543)
    tip = page.locator(".leaflet-tooltip.tip")
    page.mouse.move(*page.evaluate(SPOT, (lon, lat)))
    assert tip.inner_text() != ""
    page.mouse.move(*page.evaluate(SPOT, (lon, lat + 0.03)))
    tip.wait_for(state="detached")  # it fades


def test_a_cable_that_is_chosen_stands_out_among_thousands(page):
    page.evaluate("steppe.change({ cable: 'cable_id-543' })")
    lit = page.locator("path.chosen-line")
    assert lit.count() == 1
    dim = page.locator(".leaflet-steppe-fibre-pane.dimmed path.heap").first
    assert float(dim.evaluate("(path) => getComputedStyle(path).strokeOpacity")) < 0.3
    page.evaluate("steppe.change({ cable: null })")
    assert page.locator(".dimmed").count() == 0
