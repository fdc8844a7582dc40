"""Names that nobody here typed stay text, wherever they are shown."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser


@pytest.fixture
def hostile(visit, hostile_uri):
    return visit(hostile_uri)


def _open_everything(page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    for box in page.locator("input[data-layer]").all():
        box.check()
    for row in page.locator("li[data-site], li[data-cable]").all():
        row.locator("button").dispatch_event("click")
        row.dispatch_event("mouseenter")
        assert page.locator("#card").is_visible()
    _press_marks(page)
    for path in page.locator("path.leaflet-interactive").all():
        path.dispatch_event("mouseover")
        path.dispatch_event("click")
    page.locator("#language").click()
    _press_marks(page)


def _press_marks(page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    buttons = page.locator("[data-cut] button, [data-route], [data-risk] button")
    assert buttons.count() > 8
    for button in buttons.all():
        button.dispatch_event("click")


@pytest.fixture(scope="module")
def opened(visit_once, hostile_uri):
    page = visit_once(hostile_uri)
    _open_everything(page)
    return page


def test_no_probe_fires(opened):
    # An image that fails after all those of the page: what they would have run has run.
    opened.evaluate(
        "() => new Promise((done) => {"
        "const last = new Image(); last.onerror = done; last.src = 'data:image/png,none'; })"
    )
    assert opened.evaluate("window.probe === undefined")
    assert opened.locator("img:not(.leaflet-image-layer)").count() == 0
    assert (
        opened.evaluate(
            "document.querySelectorAll('[onerror], [onmouseover], b[onmouseover]').length"
        )
        == 0
    )


def test_every_probe_is_shown_as_it_is_written(opened, probes):
    # Otherwise the test above could pass because nothing was shown.
    text = opened.evaluate("document.body.textContent")
    for probe in probes[:5]:
        assert probe in text


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_probe_is_text_wherever_the_backbone_is_told(visit, hostile_uri, probes, lang):
    page = visit(f"{hostile_uri}#lang={lang}")
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    page.locator("[data-cut] button").first.dispatch_event("click")
    places = (
        *(".cut-name", ".cut-effect", "#mark strong", "#target option", "#backbone .badge"),
        *(".evidence .link", ".evidence .hint", ".apart .hint", ".pair .reason", "[data-trip] th"),
        *("#backbone .latency-name", "#backbone .why", "#method .warning"),
    )
    for place in places:
        texts = page.locator(place).all_text_contents()
        assert any(probe in text for text in texts for probe in probes), place
    page.locator("[data-route]").last.dispatch_event("click")
    assert any(probe in page.locator("#mark").text_content() for probe in probes)
    assert page.evaluate("window.probe === undefined")
    assert page.locator("img:not(.leaflet-image-layer)").count() == 0


def test_a_probe_in_a_tooltip_is_text(hostile, probes):
    paths = hostile.locator("path[data-park]")
    shown = []
    for path in paths.all():
        path.dispatch_event("mouseover")
        shown.append(hostile.locator(".leaflet-tooltip").last.inner_text())
    for probe in probes[:5]:
        assert any(probe in text for text in shown)
    assert hostile.evaluate("window.probe === undefined")


def test_a_chosen_hostile_park_survives_its_address(hostile, visit):
    hostile.locator("#ranking li button").first.click()
    site = hostile.evaluate("steppe.state.site")
    again = visit(hostile.evaluate("location.href"))
    assert again.evaluate("steppe.state.site") == site
    assert again.evaluate("window.probe === undefined")


def test_the_pages_own_policy_stops_what_would_slip_through(chromium, page_uri):
    page = chromium.new_page(offline=True)
    page.goto(page_uri)
    stopped = page.evaluate(
        """() => new Promise((done) => {
          document.addEventListener("securitypolicyviolation", (event) => done(event.violatedDirective));
          const image = document.createElement("img");
          image.src = "https://example.org/a.png";
          document.body.append(image);
        })"""
    )
    page.close()
    assert stopped == "img-src"
