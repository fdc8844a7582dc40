"""One sheet of paper bears what is seen, and the page is afterwards as it was."""

from __future__ import annotations

import re

import pytest

pytestmark = pytest.mark.browser

MM_PER_PT = 25.4 / 72
MARGIN_MM = 10
PX_PER_MM = 96 / 25.4
SEEN = """() => {
  const { map } = steppe;
  const legend = document.getElementById("legend");
  return {
    centre: [map.getCenter().lat, map.getCenter().lng], zoom: map.getZoom(),
    size: [map.getSize().x, map.getSize().y], limits: map.options.maxBounds.toBBoxString(),
    legend: [legend.open, legend.scrollTop], panel: document.getElementById("panel").scrollTop,
    hash: location.hash, entries: history.length, body: document.body.className,
    labels: [...document.querySelectorAll(".label")].map((one) => [one.innerText, one.style.left, one.style.top]),
    card: document.querySelector("#card:not([hidden]) h2")?.innerText ?? null,
  };
}"""
ON_PAPER = """() => {
  const { map } = steppe;
  const before = map.getBounds(), centre = map.getCenter();
  window.dispatchEvent(new Event("beforeprint"));
  const box = (selector) => document.querySelector(selector).getBoundingClientRect();
  const on = (selector) => document.querySelector(selector).checkVisibility();
  const order = [".paper-head", ".map", "#legend", "#note", "#paper-sources"].map(box);
  const found = {
    contained: map.getBounds().pad(1e-6).contains(before),
    off_px: map.latLngToContainerPoint(centre).distanceTo(map.getSize().divideBy(2)),
    stage: [box(".stage").width, box(".stage").height],
    stacked: order.every((one, i) => i === 0 || order[i - 1].bottom <= one.top + 1)
      && order.every((one) => one.bottom <= box(".stage").bottom + 1 && one.right <= box(".stage").right + 1 && one.height > 0),
    rows: [...document.querySelectorAll(".legend-layer, .legend-rule")].filter((one) => one.checkVisibility())
      .every((one) => one.getBoundingClientRect().bottom <= box("#legend").bottom + 1 && one.getBoundingClientRect().right <= box("#legend").right + 1),
    scale: on(".leaflet-control-scale-line"), title: document.getElementById("paper-title").innerText,
    meta: document.getElementById("paper-meta").innerText,
    layers: [...document.querySelectorAll(".legend-layer")].filter((one) => one.checkVisibility()).map((one) => one.querySelector("input").dataset.layer).sort(),
    hidden: ["#toolbar", "#search", "#card", ".leaflet-control-zoom", "#panel"].filter(on),
  };
  window.dispatchEvent(new Event("afterprint"));
  return found;
}"""


def _sheets(pdf: bytes) -> list[tuple[int, int]]:
    boxes = re.findall(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    assert len(boxes) == len(re.findall(rb"/Type\s*/Page[^s]", pdf))
    return [(round(float(w) * MM_PER_PT), round(float(h) * MM_PER_PT)) for w, h in boxes]


def _choose(page, sheet: str, *, panel: bool = False) -> None:
    page.evaluate("window.print = () => { window.printed = true; }")
    page.locator("[data-tool=print]").click()
    page.locator(f"input[name=sheet][value={sheet}]").check()
    page.locator("#print-panel").set_checked(panel)
    page.locator("#print").click()
    assert page.evaluate("window.printed") is True


@pytest.mark.parametrize(("sheet", "width", "height"), [("A4", 297, 210), ("A3", 420, 297)])
def test_what_is_seen_is_on_one_sheet_and_all_is_afterwards_as_it_was(page, sheet, width, height):
    page.evaluate("void steppe.map.setView([41.4, 113.1], 7.25, {animate: false})")
    page.locator("input[data-layer=substations]").check()
    page.locator("#legend > summary").click()
    page.locator("li[data-site=zgc] button").click()
    _choose(page, sheet)
    page.evaluate("steppe.change({ layers: new Set([...steppe.state.layers, 'elevation']) })")
    page.wait_for_timeout(400)
    page.evaluate("void steppe.map.fire('moveend')")
    before = page.evaluate(SEEN)
    paper = page.evaluate(ON_PAPER)
    assert paper["contained"]
    assert paper["off_px"] <= 1
    room = [(side - 2 * MARGIN_MM) * PX_PER_MM for side in (width, height)]
    assert [room[i] - 4 <= paper["stage"][i] <= room[i] for i in range(2)] == [True, True]
    assert paper["stacked"]
    assert paper["rows"]
    assert paper["scale"]
    assert paper["title"] == page.locator("#title").inner_text()
    assert "2017-12-31" in paper["meta"]
    assert paper["layers"] == sorted(page.evaluate("[...steppe.state.layers]"))
    assert paper["hidden"] == []
    assert page.evaluate(SEEN) == before
    pdf = page.pdf(print_background=True, prefer_css_page_size=True)
    assert _sheets(pdf) == [(width, height)]
    assert page.evaluate(SEEN) == before


def test_the_panel_comes_on_further_sheets_on_a_wish(page):
    _choose(page, "A4", panel=True)
    sheets = _sheets(page.pdf(print_background=True, prefer_css_page_size=True))
    assert len(sheets) > 1
    assert set(sheets) == {(297, 210)}


def test_the_sheet_bears_the_note_on_review_where_the_plan_asks_for_it(page):
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert "未经审图" in page.locator("#note").inner_text()
    assert page.locator("#note").is_visible()
    assert "Open data of everyone" in page.locator("#paper-sources").inner_text()
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert not page.locator("#paper-sources").is_visible()
