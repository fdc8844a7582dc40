"""The maps at both ends of the ten-minute walk: of a plan that was only begun, and of three parks."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser


def test_the_map_of_the_walk_ranks_the_parks_of_the_spreadsheet(visit, walked):
    page = visit((walked / "out" / "nairobi" / "map.html").as_uri(), locale="en-KE")
    names = page.locator("#ranking li[data-site]").all_inner_texts()
    assert len(names) == 3
    assert all(any(each in name for name in names) for each in ("Tatu City", "Konza", "Olkaria"))
    text = page.locator("body").inner_text()
    assert "GeoNames, CC BY 4.0" in text
    assert "审图" not in text
    assert "not reviewed" not in text


def test_the_map_of_a_plan_that_was_only_begun_says_that_there_are_no_parks(visit, begun_built):
    page = visit((begun_built / "map.html").as_uri(), locale="en-FI")
    assert "There are no parks yet" in page.locator("#headline").inner_text()
    assert page.locator("#ranking li").count() == 0
    assert page.locator("#ranking-count").inner_text() == "0"
    page.evaluate("document.querySelector('#reset')?.click()")
    assert "NaN" not in page.locator("body").inner_text()
