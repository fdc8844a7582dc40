"""The request on the page: a load that the reader changes, and the verdicts that follow."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from steppe.criteria.request import Limits, join_verdicts
from steppe.layers.conformity import conform
from steppe.layers.contracts.requests import REQUESTS
from steppe.maps.page import render_page

pytestmark = pytest.mark.browser

TESTS = {
    "horinger": (
        Limits("horinger", "voltage", 100.0, 480.0), Limits("horinger", "plants", 2000.0),
        Limits("horinger", "spare", 300.0, 350.0), Limits("horinger", "land", 400.0, 900.0),
    ),
    "zgc": (
        Limits("zgc", "voltage", 100.0, 480.0), Limits("zgc", "plants", 50.0),
        Limits("zgc", "spare", fixed="unknown"), Limits("zgc", "land", 40.0, 90.0),
    ),
    "chifeng": (
        Limits("chifeng", "voltage", 100.0), Limits("chifeng", "spare", fixed="unknown"),
        Limits("chifeng", "land", fixed="unknown"), Limits("chifeng", "year", fixed="can"),
    ),
}  # fmt: skip
LOADS_MW = (1.0, 40.0, 90.0, 91.0, 300.0, 301.0, 350.5, 481.0)


def verdict_on(site: str, demand_mw: float) -> str:
    return join_verdicts({each.test: each.judge(demand_mw) for each in TESTS[site]})


def asked(demand_mw: float = 200.0) -> pd.DataFrame:
    rows = [
        {
            "site_id": site, "test": each.test, "scenario": "base", "year": 2017,
            "demand_mw": demand_mw, "wanted_year": 2027, "verdict": each.judge(demand_mw),
            "can_mw": each.can_mw, "cannot_mw": each.cannot_mw,
            "reason_zh": f"{each.test}的理由", "reason_en": f"why {each.test}",
        }
        for site, tests in TESTS.items()
        for each in tests
    ]  # fmt: skip
    return conform(pd.DataFrame(rows), REQUESTS)


@pytest.fixture
def asking(visit, tables, tmp_path: Path):
    """Open the small plan with a request."""
    path = tmp_path / "map.html"
    path.write_text(render_page(tables.with_tables(requests=asked())), encoding="utf-8")
    return visit(path.as_uri())


def test_the_verdicts_follow_the_load_as_python_has_them(asking) -> None:
    for load in (200.0, *LOADS_MW):
        asking.locator("#demand").fill(str(load))
        for site in TESTS:
            shown = asking.locator(f"li[data-site={site}] [data-request]")
            assert shown.get_attribute("data-request") == verdict_on(site, load), (site, load)
        cannot = sum(verdict_on(site, load) == "cannot" for site in TESTS)
        counted = asking.locator("#filter-carry option[value=cannot]").text_content()
        assert counted == f"不可承载（{cannot}）"
        for choice, verdicts in (("can", {"can"}), ("may", {"can", "may"}), ("cannot", {"cannot"})):
            asking.locator("#filter-carry").select_option(choice)
            rows = asking.locator("#ranking li, #partial li").evaluate_all(
                "rows => rows.map((row) => row.dataset.site)"
            )
            assert set(rows) == {site for site in TESTS if verdict_on(site, load) in verdicts}
        asking.locator("#filter-carry").select_option("")


def test_a_card_tells_each_test_with_its_limit_and_reason(asking) -> None:
    asking.evaluate("steppe.change({ site: 'horinger', cable: null }, { origin: 'list' })")
    asking.locator("#demand").fill("301")
    land = asking.locator("#card .request [data-test=land]").inner_text()
    assert "400" in land
    assert "land的理由" in land
    spare = asking.locator("#card .request [data-test=spare] .verdict").inner_text()
    assert spare == "或可承载"


def test_what_is_no_load_changes_nothing_and_a_link_keeps_what_is(asking) -> None:
    field = asking.locator("#demand")
    field.fill("91")
    for text in ("", "0", "-5"):
        field.fill(text)
        assert asking.evaluate("steppe.state.demand") == 91
    asking.wait_for_function("() => location.hash === '#mw=91'")
    field.fill("200")
    asking.wait_for_function("() => location.hash === ''")


def test_a_plan_that_asks_for_nothing_shows_nothing(page) -> None:
    assert page.locator("#request-line").is_hidden()
    assert page.locator("[data-request]").count() == 0
