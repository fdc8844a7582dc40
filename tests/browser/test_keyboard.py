"""The page by keyboard alone: the focus is seen, leads to every feature, and goes back with Esc."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser

DESK, PHONE = (1366, 768), (390, 844)
# What holds the focus, and what is wrong with it: a ring that is thin, or that is cut off by the window or by
# what rolls, or something else on top of it.
LOOK = """() => {
  const one = document.activeElement;
  if (one === document.body) return null;
  const told = `${one.tagName} ${one.id} ${one.className} ${one.textContent.trim().slice(0, 30)}`;
  const faults = [];
  const own = getComputedStyle(one), inner = getComputedStyle(one, "::after");
  const isInner = inner.content !== "none" && inner.inset === "0px" && inner.borderTopStyle === "solid";
  const width = isInner ? parseFloat(inner.borderTopWidth) : own.outlineStyle === "solid" ? parseFloat(own.outlineWidth) : 0;
  if (width < 2) faults.push("no ring");
  const reach = isInner ? 0 : parseFloat(own.outlineOffset) + width;
  const box = one.getBoundingClientRect();
  const ring = [box.left - reach, box.top - reach, box.right + reach, box.bottom + reach];
  const clips = [[0, 0, innerWidth, innerHeight]];
  for (let up = one.parentElement; up && own.position !== "fixed"; up = up.parentElement) {
    if (getComputedStyle(up).overflowY === "visible" || up === document.body) continue;
    const { left, top } = up.getBoundingClientRect();
    clips.push([left + up.clientLeft, top + up.clientTop, left + up.clientLeft + up.clientWidth, top + up.clientTop + up.clientHeight]);
  }
  const seen = ring.map((at, side) => clips.every((clip) => (side < 2 ? at > clip[side] - 1 : at < clip[side] + 1)));
  if (seen.filter(Boolean).length < 3) faults.push(`ring cut off: ${ring} in ${clips.join(" | ")}`);
  const [x, y] = [Math.min(Math.max((box.left + box.right) / 2, 0), innerWidth - 1), (box.top + box.bottom) / 2];
  const hit = document.elementFromPoint(x, y);
  if (!isInner && !(hit && (one.contains(hit) || hit.contains(one)))) faults.push("covered");
  document.stops.add(one);
  return { told, faults };
}"""
# What the key Tab should have stopped at and did not.
MISSED = """() => [...document.querySelectorAll("button, input, select, summary, a[href]")]
  .filter((one) => one.tabIndex >= 0 && !one.disabled && one.checkVisibility({ visibilityProperty: true }) && !document.stops.has(one))
  .map((one) => one.outerHTML.slice(0, 120))"""


@pytest.mark.parametrize(
    ("screen", "scheme", "is_open"),
    [(DESK, "light", True), (DESK, "dark", False), (PHONE, "light", False)],
)
def test_the_key_tab_comes_by_everything_and_is_seen_everywhere(
    visit, page_uri, screen, scheme, is_open
):
    page = visit(
        page_uri, width=screen[0], height=screen[1], folded=not is_open, color_scheme=scheme
    )
    page.evaluate("document.stops = new Set()")
    faults = []
    for n_stops in range(2000):
        page.keyboard.press("Tab")
        stop = page.evaluate(LOOK)
        if stop is None:
            break
        if stop["faults"]:
            faults.append((n_stops, stop["told"], stop["faults"]))
    assert faults == []
    assert n_stops > 30
    assert page.evaluate(MISSED) == []


HERE = """() => {
  const one = document.activeElement;
  return [one.closest("[id]").id, JSON.stringify({ ...one.closest("li, tr")?.dataset }), one.tagName];
}"""
# The card of some or all features of a layer, opened from the list by the key Enter and shut by Esc; at fault is what has
# no card, another one's, or keeps the focus.
SHUT_OUT = """(among) => {
  const shut = () => document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
  return [...document.querySelectorAll("#features li button")].filter((one, i) => i % among === 0).filter((one) => {
    one.focus();
    const isReached = document.activeElement === one && one.tabIndex >= 0;
    one.click();
    const { site, cable, feature } = steppe.state, card = document.getElementById("card");
    const isOpen = !card.hidden && card.contains(document.activeElement) && [site, cable, feature?.id].includes(one.parentElement.dataset.feature);
    shut();
    return !(isReached && isOpen && card.hidden && document.activeElement === one);
  }).map((one) => one.textContent);
}"""


def _press(page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def _walk_features(page, n_most: int) -> None:
    page.evaluate("steppe.openSection('features-section')")
    choice = page.locator("#features-layer")
    for layer in choice.locator("option").evaluate_all("all => all.map((one) => one.value)"):
        choice.select_option(layer)
        page.evaluate(
            """() => {
              for (let more; (more = document.querySelector(".features-rest button")); ) more.click();
            }"""
        )
        told = page.locator("#features li").evaluate_all(
            "all => all.map((one) => one.dataset.feature)"
        )
        rows = f"steppe.layer('{layer}')"
        assert told == page.evaluate(f"{rows}.rows.map((row) => String(row[{rows}.key]))")
        assert page.evaluate(SHUT_OUT, -(-len(told) // n_most)) == [], layer


def test_every_feature_is_in_the_list_and_its_card_gives_the_focus_back(page):
    _walk_features(page, 1000)


@pytest.mark.soak
def test_every_feature_of_the_default_plan_is_in_the_list(visit, default_uri):
    _walk_features(visit(default_uri), 1000)


@pytest.mark.parametrize(
    "opener",
    [
        *("#ranking li:nth-child(2) button", "#others li button", "[data-cut] button"),
        *("[data-route]", "li[data-cable] button", "#scenarios .link", "#features li button"),
        "[data-tool=measure]",
    ],
)
def test_escape_leads_back_though_the_language_was_changed(page, opener):
    page.evaluate("steppe.unfoldAll()")
    page.locator(opener).first.focus()
    place = page.evaluate(HERE)
    _press(page, "Enter")
    page.evaluate("steppe.change({ lang: 'en' })")
    assert page.evaluate("document.activeElement !== document.body")
    _press(page, "Escape")
    assert page.evaluate(HERE) == place


def test_what_was_folded_meanwhile_gives_the_focus_to_its_head(page):
    page.evaluate("steppe.unfoldAll()")
    page.locator("[data-risk] button").first.focus()
    _press(page, "Enter")
    page.evaluate("steppe.change({ lang: 'en' })")
    _press(page, "Escape")
    section, _, tag = page.evaluate(HERE)
    assert (section, tag) == ("backbone", "SUMMARY")


def test_the_button_of_the_language_keeps_the_focus(page):
    page.locator("#language button").focus()
    for _ in range(2):
        _press(page, "Enter")
        assert page.evaluate(HERE)[::2] == ["language", "BUTTON"]


def test_a_card_opened_from_a_card_leads_back_to_the_list(page):
    row = page.locator("#ranking li button").first
    row.focus()
    _press(page, "Enter")
    page.locator("#card button[data-opens], #card .link").first.focus()
    _press(page, "Enter")
    _press(page, "Escape")
    assert row.evaluate("one => one === document.activeElement")
