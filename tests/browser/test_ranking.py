"""Weights re-rank live, with Python's sums, and the address holds the scenario."""

from __future__ import annotations

import numpy as np
import pytest

pytestmark = pytest.mark.browser

WEIGHTS = [(0.6, 0.4), (0.07, 0.93), (0.5, 0.0)]


def _set(page, criterion: str, weight: float) -> None:
    slider = page.locator(f"input[type=range][data-criterion={criterion}]")
    slider.evaluate(
        "(input, value) => { input.value = value; input.dispatchEvent(new Event('input')); }",
        str(round(weight * 100)),
    )


def _order(page, within: str = "body") -> list[str]:
    return page.locator(f"{within} li[data-site]").evaluate_all(
        "rows => rows.map((row) => row.dataset.site)"
    )


def _expected(tables, weights: dict[str, float]) -> dict[str, tuple[float, float]]:
    """Return total and coverage by park, from the scores table with numpy."""
    parts = tables.scores[tables.scores["criterion"] != "total"]
    wide = parts.pivot_table(index="site_id", columns="criterion", values="value")
    values = wide.reindex(columns=list(weights)).to_numpy(dtype=float)
    weight = np.array(list(weights.values()))
    known = (~np.isnan(values) * weight).sum(axis=1)
    totals = np.nansum(values * weight, axis=1) / known
    found = zip(wide.index, totals, known / weight.sum(), strict=True)
    return {park: (total, coverage) for park, total, coverage in found}


@pytest.mark.parametrize("weights", WEIGHTS)
def test_totals_are_pythons(page, tables, weights):
    climate, power = weights
    _set(page, "climate", climate)
    _set(page, "power", power)
    totals = page.evaluate("steppe.totals()")
    expected = _expected(tables, {"climate": climate, "power": power})
    assert len(expected) >= 10
    for park, (total, coverage) in expected.items():
        assert totals[park]["total"] == pytest.approx(total, rel=1e-12)
        assert totals[park]["coverage"] == pytest.approx(coverage, rel=1e-12)


@pytest.mark.parametrize("weights", WEIGHTS)
def test_the_list_is_in_the_order_of_the_totals(page, tables, weights):
    climate, power = weights
    _set(page, "climate", climate)
    _set(page, "power", power)
    expected = _expected(tables, {"climate": climate, "power": power})
    zones = set(tables.layers["parks"].query("level == 'zone'")["park_id"])
    full = [park for park in expected if park in zones and expected[park][1] == 1.0]
    full.sort(key=lambda park: (-round(expected[park][0], 12), park))
    assert _order(page, "#ranking") == full
    shown = page.locator("#ranking .rank").all_inner_texts()
    totals = [expected[park][0] for park in full]
    better = [sum(other > total + 1e-12 for other in totals) for total in totals]
    assert shown == [str(count + 1) for count in better]


def test_moving_a_slider_changes_the_order(page):
    before = _order(page, "#ranking")
    _set(page, "climate", 0.0)
    _set(page, "power", 1.0)
    by_power = _order(page, "#ranking")
    assert by_power != before
    assert sorted(by_power) == sorted(before)
    assert by_power[0] == "horinger"  # nearest to 220 kV, so first by power alone
    page.locator("#reset").click()
    assert _order(page, "#ranking") == before


def test_equal_totals_are_ordered_by_identifier(still):
    totals = still.evaluate("steppe.totals()")
    assert totals["twin_5"]["total"] == totals["twin_6"]["total"]
    order = _order(still, "#ranking")
    assert order.index("twin_5") + 1 == order.index("twin_6")


def test_equal_totals_share_a_rank_in_list_map_and_card(page):
    page.evaluate("void steppe.map.setView([40.5, 111.82], 9, {animate: false})")
    ranks = {
        site: page.locator(f"li[data-site={site}] .rank").inner_text()
        for site in ("twin_5", "twin_6")
    }
    assert ranks["twin_5"] == ranks["twin_6"]
    shown = page.locator("#ranking .rank").all_inner_texts()
    assert shown.count(ranks["twin_5"]) == 2
    assert sorted(page.locator(".rank-on-map").all_inner_texts()) == sorted(shown)
    after = shown[shown.index(ranks["twin_5"]) + 2 :]
    assert not after or int(after[0]) == int(ranks["twin_5"]) + 2
    for site, rank in ranks.items():
        page.locator(f"li[data-site={site}] button").click()
        assert page.locator(".score-line").inner_text().count(f"第 {rank} 名") == 1


def test_a_criterion_known_in_part_covers_in_part(still):
    # Python's rule: nothing known in part is ranked, and its coverage is what is known.
    score = still.evaluate(
        """() => steppe.score({a: 1, b: 3},
             {a: {value: 0.2, coverage: 0.5}, b: {value: 0.6, coverage: 1}}, ["a", "b"])"""
    )
    assert score["total"] == pytest.approx(0.5, rel=1e-12)
    assert score["coverage"] == pytest.approx(0.875, rel=1e-12)
    assert score["full"] is False


def test_sites_that_are_not_fully_known_stand_below_without_a_rank(still):
    assert _order(still, "#partial") == ["twin_3", "twin_7"]
    assert [text for text in still.locator("#partial .rank").all_inner_texts() if text] == []
    row = still.locator("li[data-site=twin_3]")
    assert "覆盖 60" in row.inner_text()
    assert row.locator(".total").inner_text() == "0.450"
    assert still.locator("li[data-site=twin_7] .total").inner_text() == "–"


def test_an_unknown_criterion_without_weight_does_no_harm(page):
    _set(page, "power", 0.0)
    assert "twin_3" in _order(page, "#ranking")
    assert "twin_7" in _order(page, "#partial")


def test_no_weight_at_all_ranks_nothing_and_breaks_nothing(page):
    _set(page, "climate", 0.0)
    _set(page, "power", 0.0)
    assert _order(page, "#ranking") == []
    assert set(page.locator("#partial .total").all_inner_texts()) == {"–"}
    assert page.locator(".share").all_inner_texts() == ["–", "–"]
    assert page.locator("#weightless").inner_text() == "权重均为 0，无法排名。"
    assert page.locator("#partial-title").is_hidden()
    page.locator("li[data-site=horinger] button").click()
    assert "权重均为 0" in page.locator(".score-line").inner_text()
    page.locator("#reset").click()
    assert page.locator("#weightless").is_hidden()


def test_shares_add_up_to_the_whole(page):
    _set(page, "climate", 0.3)
    _set(page, "power", 0.9)
    assert page.locator(".share").all_inner_texts() == ["25\u2009%", "75\u2009%"]


@pytest.mark.parametrize(
    ("weights", "shares"),
    [
        ([1, 1, 1], [34, 33, 33]),
        ([1, 1, 1, 1, 1, 1], [17, 17, 17, 17, 16, 16]),
        ([0.005, 0.005, 0.99], [1, 0, 99]),
        ([1, 0], [100, 0]),
        ([0, 0], None),
    ],
)
def test_shares_are_rounded_by_the_largest_remainders(still, weights, shares):
    assert still.evaluate("weights => steppe.shares(weights)", weights) == shares


def test_other_levels_stand_apart(still, tables):
    parks = tables.layers["parks"]
    others = set(parks.loc[parks["level"] != "zone", "park_id"])
    assert set(_order(still, "#others")) == others
    assert not still.locator("#others-section").evaluate("section => section.open")


def test_the_address_is_the_scenario(page, visit):
    _set(page, "climate", 0.05)
    page.locator("li[data-site=zgc] button").click()
    page.locator("input[data-layer=fibre]").uncheck()
    page.locator("input[data-layer=substations]").check()
    page.locator("#language").click()
    uri = page.evaluate("location.href")
    assert "#" in uri
    again = visit(uri)
    for one in (page, again):
        assert one.locator("input[data-layer=fibre]").is_checked() is False
        assert one.locator("input[data-layer=substations]").is_checked() is True
        assert one.locator("li[aria-current], [aria-current=true]").count() == 1
        assert one.locator("#card h2").inner_text() == "Zhongguancun Park"
        assert one.evaluate("document.documentElement.lang") == "en"
    assert _order(again) == _order(page)
    assert again.evaluate("steppe.totals()") == page.evaluate("steppe.totals()")


def test_a_new_address_in_the_same_window_is_followed(page):
    page.evaluate("location.hash = 'w.climate=0&w.power=1&site=chifeng'")
    page.wait_for_function("() => steppe.state.site === 'chifeng'")
    assert page.locator("#card h2").inner_text() == "赤峰云计算产业园"
    assert _order(page, "#ranking")[0] == "horinger"


def test_reset_takes_back_the_weights_alone(page):
    assert page.locator("#reset").is_disabled()
    _set(page, "power", 0.99)
    page.locator("li[data-site=chifeng] button").first.click()
    page.locator("input[data-layer=fibre]").uncheck()
    page.locator("#language button").click()
    view = page.evaluate("steppe.map.getBounds().toBBoxString()")
    page.locator("#reset").click()
    assert page.evaluate("steppe.state.weights") == {"climate": 0.6, "power": 0.4}
    assert page.evaluate("[steppe.state.site, steppe.state.lang]") == ["chifeng", "en"]
    assert page.locator("#card h2").inner_text() == "Chifeng Cloud Park"
    assert not page.locator("input[data-layer=fibre]").is_checked()
    assert page.evaluate("steppe.map.getBounds().toBBoxString()") == view
    assert "w." not in page.evaluate("location.hash")


@pytest.mark.parametrize(
    "address",
    [
        "w.climate=abc&w.power=-1&site=nobody&cable=none&show=x&lang=xx",
        "w.climate=1e999&site=constructor",
        "w.__proto__=1&site=__proto__&cable=toString",
        "%E0%A4%A&&&===",
    ],
)
def test_a_broken_address_gives_the_plain_page(visit, page_uri, page, address):
    odd = visit(f"{page_uri}#{address}")
    assert _order(odd) == _order(page)
    assert odd.locator("#card").is_hidden()


def test_a_row_leads_to_the_marker_and_back(page):
    page.locator("li[data-site=chifeng] button").click()
    centre = page.evaluate(
        """() => {
          const box = document.querySelector('path[data-park="chifeng"]').getBoundingClientRect();
          const map = document.querySelector('.map').getBoundingClientRect();
          return [(box.x + box.width / 2 - map.x) / map.width, (box.y + box.height / 2) / map.height];
        }"""
    )
    assert 0.2 < centre[0] < 0.7
    assert 0.3 < centre[1] < 0.7
    page.locator('path[data-park="zgc"]').dispatch_event("click")
    assert page.locator("li[data-site=zgc].chosen").count() == 1
    assert page.locator("li.chosen").count() == 1
    assert page.locator("#card h2").inner_text() == "乌兰察布中关村科技产业园"


def test_hovering_links_both_ways(page):
    page.locator("li[data-site=chifeng]").hover()
    assert page.locator('path.hot[data-park="chifeng"]').count() == 1
    page.locator("#title").hover()
    assert page.locator("path.hot").count() == 0
    page.locator('path[data-park="zgc"]').dispatch_event("mouseover")
    assert page.locator("li.hot[data-site=zgc]").count() == 1


def test_a_cable_lights_up_on_map_and_list(page):
    page.locator('path[data-cable="jining_beijing_2"]').dispatch_event("click")
    assert page.locator("#card h2").inner_text() == "光缆 4"
    # The list is made when it is first opened, and knows what was chosen before.
    page.evaluate("steppe.unfoldAll()")
    assert page.locator("li[data-cable=jining_beijing_2].chosen").count() == 1
    assert page.locator("path.on").count() == 1
    assert page.locator("path.chosen-line").count() == 1


def test_keys_alone_are_enough(page):
    page.locator("input[data-criterion=power]").focus()
    before = page.locator(".share").all_inner_texts()
    page.keyboard.press("ArrowRight")
    assert page.locator(".share").all_inner_texts() != before
    first = page.locator("#ranking li").first
    page.locator("input[data-criterion=power]").focus()
    for _ in range(4):
        page.keyboard.press("Tab")
        if first.locator("button").evaluate("one => one === document.activeElement"):
            break
    page.keyboard.press("Enter")
    name = first.locator(".names").inner_text()
    assert page.locator("#card h2").inner_text() == name
    assert page.evaluate("document.activeElement.textContent") == name
    page.keyboard.press("Escape")
    assert page.locator("#card").is_hidden()
    assert first.locator("button").evaluate("one => one === document.activeElement")


@pytest.mark.parametrize(
    "strange",
    [
        *("w.power=1e308", "w.power=-1", "w.power=Infinity", "w.power=NaN", "w.power=1e-320"),
        *("w.power=", "w.power=0x10", "w.power=1e-400", "w.power=1e10", "w.power=%201", "w.none=1"),
        "w.__proto__=1",
    ],
)
def test_a_weight_that_cannot_be_is_told_and_not_taken(visit, page_uri, strange):
    page = visit(f"{page_uri}#w.climate=0.25&{strange}&lang=en")
    assert page.evaluate("steppe.state.weights") == {"climate": 0.25, "power": 0.4}
    totals = page.evaluate("Object.values(steppe.totals()).map((one) => one.total)")
    assert all(total is None or 0 <= total <= 1 for total in totals)
    assert page.locator("#strange-weights").inner_text() == (
        "The link has weights that cannot be: those of the plan are shown."
    )
    _set(page, "power", 0.9)
    assert page.locator("#strange-weights").is_hidden()


@pytest.mark.parametrize("sound", ["w.power=1e9&w.climate=1e-9", "w.power=0", "w.power=3.5", ""])
def test_a_weight_that_can_be_is_taken_in_silence(visit, page_uri, sound):
    page = visit(f"{page_uri}#{sound}")
    assert page.locator("#strange-weights").is_hidden()
    wanted = dict(part.split("=") for part in sound.split("&") if part)
    weights = page.evaluate("steppe.state.weights")
    assert all(weights[name[2:]] == float(text) for name, text in wanted.items())
