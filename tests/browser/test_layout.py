"""The page reads well in every window: nothing overlaps, nothing overflows, all is legible."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser

SIZES = [(1024, 700), (1440, 900), (1920, 1080)]
OVERLAPS = """() => {
  const boxes = [...document.querySelectorAll(".label")].map((one) => one.getBoundingClientRect());
  let count = 0;
  boxes.forEach((a, i) => boxes.slice(i + 1).forEach((b) => {
    const meets = a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
    count += meets ? 1 : 0;
  }));
  return [boxes.length, count];
}"""
CROWDING = """() => {
  const circles = [...document.querySelectorAll("path[data-park]")].map((path) => {
    const box = path.getBBox();
    return { x: box.x + box.width / 2, y: box.y + box.height / 2, r: box.width / 2 };
  });
  let least = Infinity;
  circles.forEach((a, i) => circles.slice(i + 1).forEach((b) => {
    least = Math.min(least, Math.hypot(a.x - b.x, a.y - b.y) - a.r - b.r);
  }));
  return least;
}"""
FAINT = """() => {
  const parse = (text) => (text.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((part) => part / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const ground = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const colour = parse(getComputedStyle(one).backgroundColor);
      if (colour.length === 3 || colour[3] > 0.85) return colour;
    }
    return [255, 255, 255];
  };
  const found = [];
  for (const element of document.querySelectorAll(".panel *, .card *, .legend *, .note *, .mark *")) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    if (!own || !element.checkVisibility()) continue;
    const [a, b] = [light(parse(getComputedStyle(element).color)), light(ground(element))];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (contrast < 4.5) found.push(`${element.className || element.tagName} ${contrast.toFixed(2)}`);
  }
  return [...new Set(found)];
}"""


def _box(page, selector: str) -> dict:
    return page.locator(selector).bounding_box()


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_no_label_lies_on_another_and_no_park_on_another(visit, page_uri, width, height):
    page = visit(page_uri, width=width, height=height)
    for zoom in (None, 6, 8, 10):
        if zoom:
            page.evaluate(f"void steppe.map.setView([40.6, 112], {zoom}, {{animate: false}})")
        labels, overlaps = page.evaluate(OVERLAPS)
        assert labels >= 5
        assert overlaps == 0
        assert page.evaluate(CROWDING) > -1.0


def test_parks_in_one_place_go_home_as_the_map_grows(page):
    page.evaluate("void steppe.map.setView([40.5, 111.82], 13, {animate: false})")
    off = page.evaluate(
        """() => {
          const layer = steppe.layer("parks");
          const i = layer.byId.get("telecom");
          const home = steppe.map.latLngToLayerPoint([layer.shapes[i][1], layer.shapes[i][0]]);
          return Math.hypot(layer.placed[i].x - home.x, layer.placed[i].y - home.y);
        }"""
    )
    assert off < 1.0


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_everything_fits_the_window(visit, page_uri, width, height):
    page = visit(page_uri, width=width, height=height)
    page.locator("li[data-site=horinger] button").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("document.documentElement.scrollHeight") <= height
    for selector in ("#legend", "#card", "#note", ".panel", ".attribution"):
        box = _box(page, selector)
        assert box["x"] >= 0
        assert box["y"] >= 0
        assert box["x"] + box["width"] <= width
        assert box["y"] + box["height"] <= height
    legend, card = _box(page, "#legend"), _box(page, "#card")
    assert legend["x"] + legend["width"] < card["x"]
    assert _box(page, "#note")["y"] > legend["y"] + legend["height"]


def test_a_narrow_window_puts_the_panel_under_the_map(visit, page_uri):
    page = visit(page_uri, width=400, height=800)
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    stage, panel = _box(page, ".stage"), _box(page, ".panel")
    assert panel["y"] >= stage["y"] + stage["height"]
    assert panel["width"] == 400
    page.locator("li[data-site=chifeng] button").click()
    card = _box(page, "#card")
    assert card["width"] <= 400
    assert page.locator("#card h2").inner_text() == "赤峰云计算产业园"
    assert page.evaluate("document.documentElement.scrollWidth") <= 400


@pytest.mark.parametrize("chosen", ["lang=zh&theme=light", "lang=en&theme=dark"])
def test_all_text_stands_out_from_its_ground(visit, page_uri, chosen):
    # WCAG 2.1, success criterion 1.4.3: at least 4.5 to 1.
    page = visit(f"{page_uri}#{chosen}")
    page.evaluate("steppe.unfoldAll()")
    page.evaluate("steppe.change({weights: {climate: 0.1, power: 0.9}})")
    faint = []
    for site in ("horinger", "twin_3", "twin_4"):
        page.locator(f"li[data-site={site}] button").click()
        faint += page.evaluate(FAINT)
    page.locator("li[data-cable=hohhot_beijing_3] button").click()
    faint += page.evaluate(FAINT)
    page.locator("li[data-cut] button").first.click()
    faint += page.evaluate(FAINT)
    page.locator("[data-route]").first.click()
    assert faint + page.evaluate(FAINT) == []


def test_everything_that_can_be_worked_has_a_name(page):
    page.locator("li[data-site=horinger] button").click()
    nameless = page.evaluate(
        """() => [...document.querySelectorAll("button, input, summary, a[href], aside, .map")]
          .filter((one) => one.checkVisibility())
          .filter((one) => !(one.getAttribute("aria-label") || one.innerText.trim()
            || (one.labels && [...one.labels].some((label) => label.innerText.trim()))))
          .map((one) => one.outerHTML.slice(0, 80))"""
    )
    assert nameless == []


def test_focus_is_seen(page):
    page.locator("input[data-criterion=climate]").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    style = page.evaluate(
        "(() => { const s = getComputedStyle(document.activeElement);"
        " return [s.outlineStyle, parseFloat(s.outlineWidth)]; })()"
    )
    assert style[0] == "solid"
    assert style[1] >= 2


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("width", [320, 390, 1024, 1366])
def test_nothing_of_the_head_lies_on_anything_else_of_it(page, width, lang):
    page.set_viewport_size({"width": width, "height": 768})
    page.evaluate("(lang) => steppe.change({ lang })", lang)
    boxes = page.evaluate(
        """() => [...document.querySelectorAll("#title, #meta span, .head-tools button")].map((one) => {
          const { left, top, right, bottom } = one.getBoundingClientRect();
          return [left, top, right, bottom];
        })"""
    )
    assert len(boxes) >= 4
    for i, one in enumerate(boxes):
        for other in boxes[i + 1 :]:
            beside = one[2] <= other[0] + 0.5 or other[2] <= one[0] + 0.5
            assert beside or one[3] <= other[1] + 0.5 or other[3] <= one[1] + 0.5, (one, other)
