"""The page of a plan of three parks and one criterion: it opens, and shows no empty sections."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser


@pytest.fixture
def page(visit, least_built):
    return visit((least_built / "map.html").as_uri(), locale="en-IE")


def test_three_parks_are_seen_and_said_to_lack_a_measure(page):
    assert page.locator("#title").inner_text() == "leinster"
    names = page.locator("#ranking-section").inner_text()
    for name in ("Grange Castle", "Clonee"):
        assert names.count(name) == 1  # once, though it is the name in both languages
    assert "No park can be ranked" in page.locator("#headline").inner_text()


def test_what_the_plan_does_not_have_has_no_section_and_no_note(page):
    for section in ("backbone", "claims", "scenarios"):
        assert not page.locator(f"#{section}-section").is_visible()
    text = page.locator("body").inner_text()
    assert "审图" not in text
    assert "not reviewed" not in text
    assert "indicative" not in text


def test_the_card_of_a_park_says_why_its_measure_is_unknown(page):
    page.evaluate("steppe.change({ site: 'clonee', cable: null }, { origin: 'list' })")
    assert "no layer of substations is in this plan" in page.locator("body").inner_text()
