"""Parks filtered and set side by side: the list, the map, the address, and the best of each row."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser

DIMMED = """() => [...document.querySelectorAll("path[data-park].filtered")].map((one) => one.dataset.park).sort()"""


def _rows(page, within: str) -> list[str]:
    return page.locator(f"{within} li[data-site]").evaluate_all(
        "rows => rows.map((row) => row.dataset.site)"
    )


def test_a_filter_takes_parks_from_the_list_and_dims_them_and_ranks_stay(page, visit):
    ranks = dict(
        zip(_rows(page, "#ranking"), page.locator("#ranking .rank").all_inner_texts(), strict=True)
    )
    all_parks = set(_rows(page, "body"))
    page.locator("#filters summary").click()
    page.locator("#filter-status").select_option("planned")
    assert _rows(page, "#ranking") == ["chifeng"]
    assert page.locator("#ranking .rank").all_inner_texts() == [ranks["chifeng"]]
    assert page.locator("#ranking-count").inner_text() == f"显示1个，共{len(ranks)}个"
    assert page.locator("#filter-hint").is_visible()
    assert set(page.evaluate(DIMMED)) == all_parks - {"chifeng"}
    again = visit(page.evaluate("location.href"))
    assert _rows(again, "#ranking") == ["chifeng"]
    assert set(again.evaluate(DIMMED)) == all_parks - {"chifeng"}
    assert again.locator("#filter-status").input_value() == "planned"
    page.locator("#clear-filters").click()
    assert _rows(page, "#ranking") == list(ranks)
    assert page.evaluate(DIMMED) == []
    assert page.locator("#filter-hint").is_hidden()
    page.wait_for_function("() => location.hash === ''")


def test_a_filter_by_another_level_opens_its_list(page):
    page.evaluate("steppe.change({ filters: { level: 'campus' } })")
    assert _rows(page, "#ranking") == []
    assert set(_rows(page, "#others")) == {"telecom", "mobile"}
    assert page.locator("#others-section").evaluate("one => one.open")


def test_a_filter_by_clause_follows_the_verdicts(page, tables):
    checks = tables.rule_checks
    checks = checks[checks["scenario"] == tables.info.scenario]
    rule = checks["rule_id"].iloc[0]
    told = checks[checks["rule_id"] == rule].set_index("site_id")["verdict"]
    for verdict in ("pass", "fail", "unknown"):
        page.evaluate("filters => steppe.change({ filters })", {"rule": rule, "verdict": verdict})
        shown = {*_rows(page, "#ranking"), *_rows(page, "#partial")}
        wanted = set(told.index[told == verdict])
        assert shown == wanted & set(tables.layers["parks"].query("level == 'zone'")["park_id"])


@pytest.mark.parametrize(
    "strange", ["f.status=gone", "f.none=x", "f.level=__proto__", "compare=nobody+x"]
)
def test_a_filter_that_cannot_be_is_none(visit, page_uri, page, strange):
    odd = visit(f"{page_uri}#{strange}")
    assert _rows(odd, "body") == _rows(page, "body")
    assert odd.evaluate(
        "[Object.keys(steppe.state.filters).length, steppe.state.compare.length]"
    ) == [0, 0]


def test_parks_stand_side_by_side_and_the_best_is_marked(page, visit, tables):
    table = page.locator("#compare-section")
    for site in ("zgc", "horinger"):
        assert table.is_hidden()
        page.locator(f"input[data-compare={site}]").focus()
        page.keyboard.press("Space")
    assert table.is_visible()
    heads = table.locator("thead .link").all_inner_texts()
    assert heads == ["乌兰察布中关村科技产业园", "和林格尔新区"]
    parts = tables.scores.query("criterion != 'total'")
    parts = parts.pivot_table(index="site_id", columns="criterion", values="value")
    scores = 0.6 * parts["climate"] + 0.4 * parts["power"]
    cells = table.locator("[data-compared=total] td")
    for number, site in enumerate(("zgc", "horinger")):
        assert f"{scores[site]:.3f}" in cells.nth(number).inner_text()
    best = table.locator("[data-compared=total] td.best")
    assert best.count() == 1
    assert "★" in best.inner_text()
    assert f"{scores[['zgc', 'horinger']].max():.3f}" in best.inner_text()
    # Under other weights another is the best.
    page.locator("#weight-set").select_option("alone.power")
    assert "和林格尔新区" in page.locator("#headline").inner_text()
    assert cells.nth(1).get_attribute("class") == "best"
    page.wait_for_function("() => /w.power=1&.*compare=zgc.horinger/.test(location.hash)")
    again = visit(page.evaluate("location.href"))
    assert again.locator("#compare-section").inner_text() == table.inner_text()
    page.locator("input[data-compare=chifeng]").check()
    assert page.locator("input[data-compare=twin_4]").is_disabled()
    assert table.locator("thead th").count() == 3
    table.locator(".drop").first.click()
    assert table.locator("thead .link").first.inner_text() == "和林格尔新区"
    assert not page.locator("input[data-compare=zgc]").is_checked()


def test_on_a_phone_a_row_brings_its_card_into_sight_and_the_map_back(visit, page_uri):
    page = visit(page_uri, width=390, height=844, has_touch=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    row = page.locator("li[data-site=twin_4] .row")
    row.scroll_into_view_if_needed()
    row.tap()
    head = page.locator("#card h2").bounding_box()
    assert 0 <= head["y"] < 844 - head["height"]
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator("#card .close").tap()
    assert page.locator("#card").is_hidden()
    page.evaluate("document.querySelector('.map').scrollIntoView()")
    assert page.locator(".map").bounding_box()["y"] >= 0
