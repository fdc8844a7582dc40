"""Whoever cannot see the page or point at it reads it and works it all the same."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

pytestmark = pytest.mark.browser

AXE = Path(__file__).parents[1] / "scripts" / "node_modules" / "axe-core" / "axe.min.js"
# What axe-core finds at fault, in a line each.
FAULTS = """async () => (await axe.run(document, { resultTypes: ["violations"] })).violations
  .filter((one) => one.impact !== "minor")
  .map((one) => `${one.impact} ${one.id}: ${one.nodes.length} such as ${one.nodes[0].target.join(" ")}: ${one.nodes[0].failureSummary}`)"""
DESK, PHONE = (1366, 768), (390, 844)


@pytest.fixture(scope="module")
def examined(visit_once, page_uri):
    reason = "" if AXE.is_file() else "axe-core is not installed: make lint-scripts"
    if reason and os.environ.get("STEPPE_REQUIRE_ALL") == "1":
        pytest.fail(reason)
    if reason:
        pytest.skip(reason)
    page = visit_once(page_uri)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    return page


def _open_all(page) -> None:
    page.evaluate("steppe.unfoldAll()")


@pytest.mark.parametrize(
    ("lang", "scheme", "screen"),
    [("zh", "light", DESK), ("en", "dark", DESK), ("en", "light", PHONE)],
)
def test_axe_finds_nothing_that_matters(examined, lang, scheme, screen):
    page = examined
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": screen[0], "height": screen[1]})
    page.evaluate("(lang) => steppe.change({ lang, site: null, cable: null })", lang)
    _open_all(page)
    page.locator("[data-cut] button").first.dispatch_event("click")
    page.locator("#ranking li button").first.dispatch_event("click")
    _open_all(page)
    assert page.locator("#card").is_visible()
    assert page.evaluate(FAULTS) == []


def test_axe_would_find_what_is_wrong(examined):
    page = examined
    page.evaluate(
        """() => {
          const wrong = document.createElement("button");
          wrong.id = "wrong";
          document.getElementById("panel").append(wrong);
        }"""
    )
    found = page.evaluate(FAULTS)
    page.evaluate("document.getElementById('wrong').remove()")
    assert any("button-name" in one and "#wrong" in one for one in found)


# What holds the focus: its tag and type, and the name by which it is told.
FOCUSED = """() => {
  const one = document.activeElement;
  const labels = [...(one.labels ?? [])].map((label) => label.textContent).join(" ");
  const name = one.getAttribute("aria-label") || labels || one.textContent || one.title || one.placeholder || "";
  return [`${one.tagName} ${one.type ?? ""}`.trim(), name.trim()];
}"""


def _walk(page, n: int) -> list[list[str]]:
    stops = []
    for _ in range(n):
        page.keyboard.press("Tab")
        stops.append(page.evaluate(FOCUSED))
    return stops


def test_the_first_slider_is_within_eight_stops_and_every_stop_has_a_name(visit, page_uri):
    page = visit(page_uri)
    over_the_map = _walk(page, 1)
    page.keyboard.press("Enter")
    stops = [*over_the_map, *_walk(page, 30)]
    assert "INPUT range" in [kind for kind, _ in stops[:8]], stops[:20]
    assert [kind for kind, name in stops if not name] == []
