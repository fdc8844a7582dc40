"""Everything on the map is found by name, identifier or coordinates, and listed for the keyboard."""

from __future__ import annotations

import pyproj
import pytest

pytestmark = pytest.mark.browser

GEOD = pyproj.Geod(ellps="GRS80")
OPTIONS = "#found [role=option]"


def _search(page, text: str):
    page.locator("#search").fill(text)
    return page.locator(OPTIONS)


def test_the_search_is_a_combobox_for_the_keyboard(page):
    field = page.locator("#search")
    field.focus()
    assert field.get_attribute("aria-expanded") == "false"
    page.keyboard.type("hohhot")
    assert field.get_attribute("aria-expanded") == "true"
    assert field.get_attribute("aria-activedescendant") is None
    n = page.locator(OPTIONS).count()
    assert n >= 4
    for step in (*["ArrowDown"] * (n + 1), "ArrowUp"):
        page.keyboard.press(step)
    active = field.get_attribute("aria-activedescendant")
    chosen = page.locator(f"{OPTIONS}[aria-selected=true]")
    assert chosen.get_attribute("id") == active == f"found-{n - 1}"
    assert page.evaluate("document.activeElement.id") == "search"
    page.keyboard.press("Escape")
    assert page.locator("#found").is_hidden()
    assert field.input_value() == "hohhot"
    page.keyboard.press("Escape")
    assert field.input_value() == ""


@pytest.mark.parametrize(
    ("text", "layer", "title"),
    [
        ("和林格尔", "parks", "和林格尔新区"),
        ("HORINGER new", "parks", "和林格尔新区"),
        ("zgc", "parks", "乌兰察布中关村科技产业园"),
        ("Hohhot-Beijing 3", "fibre", "光缆 3"),
        ("hohhot_beijing_3", "fibre", "光缆 3"),
        ("大同", "nodes", "大同"),
    ],
)
def test_enter_opens_the_card_of_the_best_and_moves_the_map(page, text, layer, title):
    page.evaluate("void steppe.map.setView([47, 107], 9, {animate: false})")
    page.evaluate("steppe.change({layers: new Set(['boundaries'])})")
    _search(page, text)
    page.keyboard.press("Enter")
    assert page.locator("#card h2").inner_text() == title
    assert page.evaluate(f"steppe.state.layers.has('{layer}')")
    assert page.evaluate(
        """([name, title]) => {
          const layer = steppe.layer(name);
          const i = layer.rows.findIndex((row) => row.name_zh === title);
          const [lon, lat] = layer.shapes[i].flat(2);
          return steppe.map.getBounds().pad(0.1).contains([lat, lon]);
        }""",
        [layer, title],
    )


def test_results_stand_by_layer_the_best_first_and_the_rest_is_counted(page, tables):
    options = _search(page, "twin")
    assert options.count() == 8
    assert page.locator("#found [role=group]").first.get_attribute("aria-label") == "数据中心园区"
    _search(page, "hohhot")
    first = page.locator("#found [role=group]").first
    assert first.get_attribute("aria-label") == "骨干节点"
    assert first.locator("[role=option] .found-name").all_inner_texts()[0] == "呼和浩特"
    names = [
        row
        for frame in tables.layers.values()
        for row in zip(
            *(frame.get(name, frame[frame.columns[0]]) for name in ("name_zh", "name_en")),
            strict=True,
        )
    ]
    n = sum("e" in str(one[1]).lower() for one in names)
    assert n > 20
    options = _search(page, "e")
    assert options.count() == 20
    assert int("".join(filter(str.isdigit, page.locator(".found-rest").inner_text()))) > 0
    _search(page, "没有这个地方")
    assert page.locator(OPTIONS).count() == 0
    assert page.locator("#found").inner_text() == "未找到"


def test_a_place_by_its_coordinates_bears_a_pin_and_tells_what_is_nearest(page, tables, visit):
    _search(page, "111.7E 40.6N")
    page.keyboard.press("Enter")
    assert page.locator(".pin").count() == 1
    told = page.locator("#pin")
    assert "40.60000° N, 111.70000° E" in told.inner_text()
    for layer in ("parks", "nodes", "substations"):
        frame = tables.layers[layer].to_crs(4326)
        km = [GEOD.inv(111.7, 40.6, one.x, one.y)[2] / 1000 for one in frame.geometry]
        text = told.locator(f"[data-nearest={layer}]").inner_text()
        assert float(text.split()[-2].replace("\u2009", "")) == pytest.approx(min(km), rel=5e-3)
    again = visit(page.evaluate("location.href"))
    assert again.locator("#pin").inner_text() == told.inner_text()
    told.locator("[data-nearest=nodes] button").click()
    assert page.locator("#card h2").inner_text() == "呼和浩特"
    told.locator(".close").click()
    assert page.locator(".pin").count() == 0
    assert told.is_hidden()
    assert "pin" not in page.evaluate("location.hash")


def test_every_feature_of_every_layer_is_reached_by_keyboard(page, tables):
    page.locator("#features-section summary").focus()
    page.keyboard.press("Enter")
    choice = page.locator("#features-layer")
    layers = choice.locator("option").evaluate_all("all => all.map((one) => one.value)")
    assert set(layers) == {name for name in tables.layers if len(tables.layers[name])}
    for layer in layers:
        choice.select_option(layer)
        keys = page.evaluate(
            f"steppe.layer('{layer}').rows.map((row) => String(row[steppe.layer('{layer}').key]))"
        )
        while (more := page.locator(".features-rest button")).count():
            more.press("Enter")
        listed = page.locator("#features li").evaluate_all(
            "all => all.map((one) => one.dataset.feature)"
        )
        assert listed == keys
        page.locator("#features button").last.press("Enter")
        assert page.locator("#card").is_visible()
        assert page.evaluate("document.activeElement.closest('#card') !== null")
        page.keyboard.press("Escape")
        assert page.evaluate("document.activeElement.closest('#features') !== null")
    page.locator("#features-layer").select_option("substations")
    page.locator("#features button").last.click()
    assert page.locator("path.chosen-feature").count() == 1
    page.locator("#card .close").click()
    assert page.locator("path.chosen-feature").count() == 0
    page.locator("#features-layer").select_option("fibre")
    page.locator("#features-filter").fill("Cable 4")
    assert page.locator("#features li").count() == 1
    page.locator("#language button").click()
    assert page.locator("#features").inner_text().startswith("Cable 4")


def test_the_skip_link_leads_into_the_panel(page):
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "panel"
    assert page.evaluate("location.hash") == ""
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('#panel') !== null")


def test_no_probe_fires_from_the_search(visit, hostile_uri, probes):
    page = visit(hostile_uri)
    page.evaluate("steppe.openSection('features-section')")
    for probe in probes[:5]:
        _search(page, probe)
        if page.locator(OPTIONS).count():
            page.locator(OPTIONS).first.hover()
            page.keyboard.press("Enter")
    assert page.evaluate("window.probe") is None
