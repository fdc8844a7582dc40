"""The map at the end of the ten-minute walk opens and ranks the three parks."""

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
