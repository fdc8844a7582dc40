"""What is folded is made when it is opened: what a great plan would cost for nothing."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser

COUNT = "(id) => document.getElementById(id).querySelectorAll('*').length"
CLOSED = """() => [...document.querySelectorAll(".more, .evidence")]
  .filter((one) => !one.open && one.children.length > 1).length"""


def test_sections_are_empty_until_they_are_opened(page):
    for name in ("backbone", "scenarios"):
        assert page.evaluate(COUNT, name) == 0
        page.evaluate(f"steppe.openSection('{name}-section')")
        assert page.evaluate(COUNT, name) > 0


def test_evidence_and_changes_are_made_when_they_are_unfolded(page):
    for name in ("backbone", "scenarios"):
        page.evaluate(f"steppe.openSection('{name}-section')")
    assert page.locator(".evidence").count() > 0
    assert page.evaluate(CLOSED) == 0
    page.locator(".evidence > summary").first.click()
    assert page.locator(".evidence[open] li").first.is_visible()


def test_a_section_that_was_opened_follows_the_language(page):
    page.evaluate("steppe.openSection('backbone-section')")
    assert not page.locator("#backbone h3").first.inner_text().isascii()
    page.evaluate("document.getElementById('backbone-section').open = false")
    page.evaluate("steppe.change({ lang: 'en' })")
    page.evaluate("steppe.openSection('backbone-section')")
    assert page.locator("#backbone h3").first.inner_text().isascii()
