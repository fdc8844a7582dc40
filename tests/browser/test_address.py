"""The address holds all that is chosen and where the map looks; Back and Forward walk through it."""

from __future__ import annotations

from itertools import pairwise

import pytest

pytestmark = pytest.mark.browser

SETTLED_MS = 400
"""So long after the last move the address is written."""
SHOWN = """() => {
  const { weights, site, cable, feature, layers, lang, target, cuts, route, at } = steppe.state;
  const centre = steppe.map.getCenter();
  return {
    weights, site, cable, feature, layers: [...layers].sort(), lang, target, cuts, route, at,
    card: document.querySelector("#card:not([hidden]) h2")?.textContent ?? null,
    mark: document.querySelector("#mark:not([hidden]) strong")?.textContent ?? null,
    language: document.documentElement.lang,
    boxes: [...document.querySelectorAll("input[data-layer]:checked")].map((one) => one.dataset.layer).sort(),
    sliders: [...document.querySelectorAll("input[data-criterion]")].map((one) => one.value),
    view: [centre.lat, centre.lng, steppe.map.getZoom()].map((part) => Number(part.toFixed(3))),
  };
}"""
STEPS = (
    "steppe.change({site: 'chifeng', cable: null}, {origin: 'list'})",
    "steppe.change({cable: 'mongolia', site: null}, {origin: 'list'})",
    "document.querySelector('.cuts li button').click()",
    "document.querySelector('#language button').click()",
    "steppe.change({site: null, cable: null, feature: {layer: 'nodes', id: 'datong'}}, {origin: 'list'})",
    "document.querySelector('[data-route]').click()",
    "steppe.change({target: 'ulaanbaatar', cuts: [], route: null})",
    "document.querySelector('input[data-layer=substations]').click()",
    "document.querySelector('#card .close')?.click(); steppe.change({site: 'zgc'}, {origin: 'list'})",
    "document.querySelector('#language button').click()",
)


def _assert_same(found, wanted):
    # A view is a pixel off where the window's corner lies between two of them.
    views = [[*(one.pop("at") or [0, 0, 0]), *one.pop("view")] for one in (found, wanted)]
    assert found == wanted
    assert views[0] == pytest.approx(views[1], abs=0.01)


def _settle(page):
    page.wait_for_timeout(SETTLED_MS)
    return page.evaluate(SHOWN)


def _go(page, way: str):
    # A page that was left would be another document: the mark on this one tells.
    page.evaluate(
        f"new Promise((done) => {{ addEventListener('hashchange', () => done(), {{once: true}}); history.{way}(); }})"
    )
    assert page.evaluate("window.sameDocument") is True
    return page.evaluate(SHOWN)


def test_ten_steps_back_and_forth_show_what_stood_there(page):
    page.evaluate("window.sameDocument = true")
    page.evaluate("steppe.unfoldAll()")
    entries = page.evaluate("history.length")
    shown = [_settle(page)]
    for step in STEPS:
        page.evaluate(step)
        shown.append(_settle(page))
    assert page.evaluate("history.length") == entries + len(STEPS)
    assert all(a != b for a, b in pairwise(shown))
    for wanted in reversed(shown[:-1]):
        _assert_same(_go(page, "back"), dict(wanted))
    assert page.evaluate("location.hash") == ""
    for wanted in shown[1:]:
        _assert_same(_go(page, "forward"), dict(wanted))


def test_a_slider_is_one_step_however_often_it_moves(page):
    page.evaluate("window.sameDocument = true")
    entries = page.evaluate("history.length")
    slider = page.locator("input[data-criterion=power]")
    slider.focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    moved = _settle(page)
    assert moved["weights"]["power"] == 0.45
    assert "w.power=0.45" in page.evaluate("location.hash")
    assert page.evaluate("history.length") == entries + 1
    page.locator("li[data-site=zgc] button").click()
    assert _go(page, "back")["weights"]["power"] == 0.45
    assert _go(page, "back")["weights"]["power"] == 0.4


def test_moving_the_map_adds_no_step_and_its_view_is_in_the_link(page, visit):
    entries = page.evaluate("history.length")
    for zoom in (6, 8.25):
        page.evaluate(f"void steppe.map.setView([41.25, 112.5], {zoom}, {{animate: false}})")
    page.wait_for_timeout(SETTLED_MS)
    assert page.evaluate("location.hash") == "#at=41.25%2C112.5%2C8.25"
    assert page.evaluate("history.length") == entries
    again = visit(page.evaluate("location.href"))
    assert again.evaluate(SHOWN)["view"] == pytest.approx([41.25, 112.5, 8.25], abs=0.01)


def test_a_link_shows_all_that_its_sender_saw(page, visit):
    page.evaluate("steppe.unfoldAll()")
    for step in STEPS[4:8]:
        page.evaluate(step)
    page.locator("input[data-criterion=climate]").fill("15")
    page.evaluate("void steppe.map.setView([42.5, 110.25], 7, {animate: false})")
    sent = _settle(page)
    again = visit(page.evaluate("location.href"))
    _assert_same(again.evaluate(SHOWN), sent)


def test_the_card_of_any_feature_is_in_the_link(page, visit):
    page.evaluate(STEPS[4])
    sent = _settle(page)
    assert "feature=nodes%3Adatong" in page.evaluate("location.hash")
    assert sent["card"] == "大同"
    _assert_same(visit(page.evaluate("location.href")).evaluate(SHOWN), sent)


def test_no_address_breaks_the_page(page):
    plain = page.evaluate(SHOWN)
    for address in (
        *("at=91,0,3", "at=NaN,0,3", "at=1,2", "at=1e1,111,6", "at=,,", "at=40,111,6,1", "at=%00"),
        *(
            "feature=none:x",
            "feature=__proto__:x",
            "feature=nodes:__proto__",
            "feature=nodes",
            "feature=:",
        ),
        *(
            "show=__proto__ constructor",
            "lang=__proto__",
            "to=constructor",
            "%E0%A4%A",
            "&&=&",
            "mw=1e999",
        ),
        "site=" + "x" * 10_000,
    ):
        page.evaluate("(text) => { location.hash = text; }", address)
        page.evaluate("new Promise((done) => setTimeout(done, 0))")
        assert page.evaluate(SHOWN) == plain, address


def test_a_view_beyond_the_map_is_brought_back_to_it(visit, page_uri):
    page = visit(f"{page_uri}#at=-80,-170,24")
    page.wait_for_timeout(SETTLED_MS)
    assert page.evaluate("steppe.map.options.maxBounds.contains(steppe.map.getCenter())")
    assert page.evaluate("steppe.map.getZoom() <= steppe.map.getMaxZoom()")


def test_no_feature_on_the_map_is_a_stop_of_the_tab_key(page):
    page.evaluate(
        "steppe.change({layers: new Set([...steppe.state.layers, 'substations', 'plants'])})"
    )
    page.evaluate("document.activeElement.blur()")
    stops = []
    for _ in range(8):
        page.keyboard.press("Tab")
        stops.append(page.evaluate("document.activeElement.closest('svg') !== null"))
    assert not any(stops)
