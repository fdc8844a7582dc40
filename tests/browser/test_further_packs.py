"""The pages of the packs of Shanxi and Chengdu: they open, and show their parks and claims."""

from __future__ import annotations

import pandas as pd
import pytest

pytestmark = pytest.mark.browser


def test_the_page_opens_and_shows_parks_backbone_and_claims(visit, further_built):
    page = visit((further_built / "map.html").as_uri(), locale="zh-CN")
    page.wait_for_function("() => window.steppe?.map")
    scores = pd.read_csv(further_built / "scores.csv", encoding="utf-8-sig")
    ranked = page.locator("#ranking-section").inner_text()
    levels = [set(rows["site_name_zh"]) for _, rows in scores.groupby("level")]
    # One level is ranked at a time: all of it, and nothing of the other.
    shown = [{name in ranked for name in names} for names in levels]
    assert sorted(shown, key=str) == [{False}, {True}]
    for section in ("backbone", "claims"):
        assert page.locator(f"#{section}-section").is_visible()
    assert "未经审图" in page.locator("#note").inner_text()
