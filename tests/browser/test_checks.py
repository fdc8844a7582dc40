"""Clauses on siting in the card of a park: verdicts as in the table, exclusion off the ranking."""

from pathlib import Path

import pytest

from steppe.maps.page import render_page

pytestmark = pytest.mark.browser


def open_card(page, site: str) -> None:
    page.evaluate(f"steppe.change({{ site: '{site}', cable: null }}, {{ origin: 'list' }})")


@pytest.mark.parametrize(
    ("site", "verdict"), [("horinger", "满足"), ("zgc", "不满足"), ("chifeng", "未知")]
)
def test_a_card_tells_each_clause_with_its_verdict_and_reason(page, tables, site, verdict) -> None:
    open_card(page, site)
    page.evaluate(
        "document.querySelectorAll('#card details').forEach((one) => { one.open = true; })"
    )
    (row,) = tables.rule_checks[tables.rule_checks["site_id"] == site].to_dict("records")
    item = page.locator(f"#card [data-rule={row['rule_id']}]")
    assert item.count() == 1
    assert item.locator(".verdict").inner_text() == verdict
    assert row["reason_zh"] in item.inner_text()
    assert page.locator("#card .checks .warning").count() == 0


def test_an_excluded_park_stands_apart_and_says_so(visit, tables, tmp_path: Path) -> None:
    checks = tables.rule_checks.copy()
    checks.loc[checks["site_id"] == "zgc", "excludes"] = "yes"
    path = tmp_path / "map.html"
    path.write_text(render_page(tables.with_tables(rule_checks=checks)), encoding="utf-8")
    page = visit(path.as_uri())
    assert page.locator("#ranking li[data-site=zgc]").count() == 0
    assert page.locator("#partial li[data-site=zgc]").count() == 1
    totals = page.evaluate("steppe.totals()")
    assert totals["zgc"]["total"] is not None
    open_card(page, "zgc")
    assert page.locator("#card .checks .warning").inner_text() == "被条款排除，不参与排名"
