"""The tools on the map: each does what it is called, by mouse and by keyboard."""

from __future__ import annotations

import random
from itertools import pairwise

import pyproj
import pytest

pytestmark = pytest.mark.browser

GEOD = pyproj.Geod(ellps="GRS80")


def _tool(page, name: str):
    return page.locator(f"[data-tool={name}]")


def _click_on_map(page, lat: float, lon: float) -> None:
    x, y = page.evaluate(
        """([lat, lon]) => {
          const box = document.querySelector(".map").getBoundingClientRect();
          const at = steppe.map.latLngToContainerPoint([lat, lon]);
          return [box.x + at.x, box.y + at.y];
        }""",
        [lat, lon],
    )
    page.mouse.click(x, y)


def test_lengths_are_the_ellipsoids(still):
    draw = random.Random(16)
    pairs = [
        [
            draw.uniform(-80, 80),
            draw.uniform(-180, 180),
            draw.uniform(-80, 80),
            draw.uniform(-90, 90),
        ]
        for _ in range(300)
    ]
    found = still.evaluate(
        "(pairs) => pairs.map(([a, b, c, d]) => steppe.geodesicKm([a, b], [c, d]))", pairs
    )
    for (lat, lon, to_lat, to_lon), km in zip(pairs, found, strict=True):
        wanted = GEOD.inv(lon, lat, to_lon, to_lat)[2] / 1000
        # Vincenty's series do not converge for points almost opposite to each other.
        assert km == pytest.approx(wanted, rel=1e-9 if wanted < 19_000 else 6e-3)


def test_the_toolbar_is_one_stop_and_arrows_walk_through_it(page):
    buttons = page.locator("#toolbar button")
    n = buttons.count()
    assert n >= 4
    stops = buttons.evaluate_all("all => all.filter((one) => one.tabIndex === 0).length")
    assert stops == 1
    buttons.first.focus()
    walked = []
    for _ in range(n):
        walked.append(page.evaluate("document.activeElement.dataset.tool"))
        page.keyboard.press("ArrowRight")
    assert len(set(walked)) == n
    assert page.evaluate("document.activeElement.dataset.tool") == walked[0]
    page.keyboard.press("End")
    assert page.evaluate("document.activeElement.dataset.tool") == walked[-1]
    names = buttons.evaluate_all("all => all.map((one) => one.getAttribute('aria-label'))")
    assert all(names)
    assert len(set(names)) == n
    page.locator("#language button").click()
    told = buttons.evaluate_all("all => all.map((one) => one.getAttribute('aria-label'))")
    assert not set(names) & set(told)


def test_a_distance_is_measured_by_clicks_and_opens_no_card(page):
    page.evaluate("void steppe.map.setView([40.8, 112.4], 8.25, {animate: false})")
    _tool(page, "measure").click()
    places = [(40.81, 111.65), (41.03, 113.11), (40.5, 113.4)]
    for lat, lon in places:
        _click_on_map(page, lat, lon)
    assert page.locator("#card").is_hidden()
    assert page.locator("#legs li").count() == 3
    assert page.locator("path.measured").count() == 2
    lengths = [GEOD.inv(a[1], a[0], b[1], b[0])[2] / 1000 for a, b in pairwise(places)]
    legs = page.locator(".leg").all_inner_texts()
    assert [float(leg.split("\u2009")[0]) for leg in legs] == pytest.approx(lengths, rel=0.01)
    total = page.locator("#measured").inner_text()
    assert float("".join(c for c in total if c.isdigit() or c == ".")) == pytest.approx(
        sum(lengths), rel=0.01
    )
    page.locator("#measure-undo").click()
    assert page.locator("#legs li").count() == 2
    page.keyboard.press("Escape")
    assert page.locator("#tool-panel").is_hidden()
    assert page.locator("path.measured").count() == 0
    page.locator('path[data-park="zgc"]').dispatch_event("click")
    assert page.locator("#card").is_visible()


def test_a_distance_is_measured_by_keyboard_alone(page):
    _tool(page, "measure").focus()
    page.keyboard.press("Enter")
    for text in ("呼和浩特", "39.91, 116.40"):
        page.locator("#measure-place").focus()
        page.keyboard.type(text)
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "measure-place"
    wanted = GEOD.inv(111.65, 40.81, 116.40, 39.91)[2] / 1000
    assert float(page.locator(".leg").inner_text().split("\u2009")[0]) == pytest.approx(
        wanted, abs=1
    )
    assert page.locator("#legs li").first.inner_text() == "呼和浩特"


def test_coordinates_follow_the_pointer_and_a_click_copies_them(page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate("void steppe.map.setView([41, 112], 7, {animate: false})")
    _tool(page, "coordinates").click()
    _click_on_map(page, 41.5, 112.25)
    assert page.locator("#reading").inner_text().startswith("41.5")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert [float(part) for part in copied.split(", ")] == pytest.approx([41.5, 112.25], abs=0.01)
    assert copied in page.locator("#tool-news").inner_text()
    page.locator("#copy-centre").click()
    page.wait_for_function(
        "() => document.querySelector('#tool-news').textContent.includes('112.00')"
    )
    centre = page.evaluate("navigator.clipboard.readText()")
    assert [float(part) for part in centre.split(", ")] == pytest.approx([41, 112], abs=0.01)


def test_the_link_that_is_copied_shows_the_view_of_this_moment(page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate("void steppe.map.setView([42, 110], 7.5, {animate: false})")
    _tool(page, "link").click()
    page.wait_for_function("() => document.querySelector('#tool-news').textContent !== ''")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.evaluate("location.href")
    assert copied.endswith("at=42%2C110%2C7.5")


def test_the_map_fills_the_screen_and_comes_back(page):
    screen = _tool(page, "fullscreen")
    screen.click()
    page.wait_for_function("() => document.fullscreenElement !== null")
    assert page.evaluate("document.fullscreenElement.contains(document.querySelector('.map'))")
    page.wait_for_function(
        "() => document.querySelector('[data-tool=fullscreen]').ariaPressed === 'true'"
    )
    screen.click()
    page.wait_for_function("() => document.fullscreenElement === null")


def test_the_card_and_the_tools_do_not_lie_on_each_other(page):
    page.locator("li[data-site=zgc] button").click()
    tools, card = (page.locator(one).bounding_box() for one in ("#toolbar", "#card"))
    assert tools["y"] + tools["height"] <= card["y"]
    assert tools["x"] + tools["width"] <= page.locator(".stage").bounding_box()["width"]
