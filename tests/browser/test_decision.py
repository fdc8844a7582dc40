"""The decision in words: first in the panel, in every park's card, and scenario by scenario."""

from __future__ import annotations

import dataclasses
import itertools

import pytest

from steppe.maps.page import render_page

pytestmark = pytest.mark.browser

LANGUAGES = [(0, "zh"), (1, "en")]
TEXTS = {
    "answers": ("title_zh", "title_en", "text_zh", "text_en"),
    "explanations": ("text_zh", "text_en"),
    "scenarios": ("title_zh", "title_en", "why_zh", "why_en"),
    "changes": ("name_zh", "name_en", "unit"),
    "costs": ("reason_zh", "reason_en"),
}


def _slide(page, criterion: str, percent: int) -> None:
    page.locator(f"input[data-criterion={criterion}]").evaluate(
        "(input, value) => { input.value = value; input.dispatchEvent(new Event('input')); }",
        str(percent),
    )


def _card(page, site: str):
    page.locator(f"li[data-site={site}] button").first.click()
    return page.locator("#card")


@pytest.mark.parametrize(("place", "lang"), LANGUAGES)
def test_the_answers_lie_folded_below_the_ranking_and_two_of_them_stand_open(
    visit, page_uri, tables, place, lang
):
    page = visit(f"{page_uri}#lang={lang}")
    title, text = (("title_zh", "text_zh"), ("title_en", "text_en"))[place]
    rows = tables.answers.sort_values("place").to_dict("records")
    shown = page.locator("#decision .answer")
    assert shown.count() == len(rows) > 2
    assert shown.first.is_hidden()
    page.locator("#decision-section > summary").click()
    for number, row in enumerate(rows):
        answer = shown.nth(number)
        assert answer.locator("summary").inner_text() == row[title]
        assert answer.locator("summary").is_visible()
        assert answer.locator("p").is_visible() == (number < 2)
        assert answer.locator("p").text_content() == row[text]
    assert page.locator("#ranking").bounding_box()["y"] < shown.first.bounding_box()["y"]


def test_an_answer_stays_open_in_the_other_language(page):
    page.evaluate("steppe.openSection('decision-section')")
    page.locator("[data-question=why] summary").click()
    page.locator("#language").click()
    answer = page.locator("[data-question=why] p")
    assert answer.is_visible()
    assert answer.inner_text() == "For its cold."


def test_moved_sliders_say_that_the_answers_hold_for_the_plans_weights(page):
    slider, note = page.locator("input[data-criterion=power]"), page.locator("#decision-moved")
    assert note.is_hidden()
    assert page.locator("#ranking .chance-note").count() == 3
    before = slider.bounding_box()
    _slide(page, "power", 90)
    assert note.inner_text() == "按本方案的权重，不随滑块而变"
    # What a hand holds must not move away from under it.
    assert slider.bounding_box() == before
    assert page.locator("#ranking .chance-note").count() == 0
    assert _card(page, "horinger").locator(".moved").is_visible()
    page.locator("#reset").click()
    assert note.is_hidden()
    assert page.locator("#ranking .chance-note").count() == 3


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("width", [400, 1024, 1440])
def test_the_note_is_one_line_in_every_window(visit, page_uri, width, lang):
    page = visit(f"{page_uri}#lang={lang}&w.climate=0.1&w.power=0.9", width=width)
    heading, note = (
        page.locator("#decision-section summary span").first,
        page.locator("#decision-moved"),
    )
    box, panel = note.bounding_box(), page.locator("#panel").bounding_box()
    assert box["height"] <= heading.bounding_box()["height"] + 2
    assert box["x"] + box["width"] <= panel["x"] + panel["width"]


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        ("zh", {"horinger": "70%抽样居首", "zgc": "30%抽样居首", "chifeng": "不到1%抽样居首"}),
        ("en", {"horinger": "first in 70 of 100", "zgc": "first in 30 of 100",
                "chifeng": "first in under 1 of 100"}),
    ],
)  # fmt: skip
def test_ranked_parks_tell_how_often_they_are_first(visit, page_uri, lang, told):
    page = visit(f"{page_uri}#lang={lang}")
    for site, text in told.items():
        assert page.locator(f"#ranking li[data-site={site}] .chance-note").inner_text() == text
    assert page.locator("li[data-site=twin_4] .chance-note").count() == 0


@pytest.mark.parametrize(
    ("share", "zh", "en"),
    # Never surer than ten thousand draws can be.
    [(0, "0%", "0"), (0.0004, "不到1%", "under 1"), (0.005, "不到1%", "under 1"),
     (0.5996, "60%", "60"), (0.985, "99%", "99"), (0.9999, "99%以上", "over 99"), (1, "100%", "100")],
)  # fmt: skip
def test_a_share_is_told_in_hundreds(page, share, zh, en):
    assert page.evaluate("share => steppe.ofHundred(share)", share) == zh
    page.locator("#language").click()
    assert page.evaluate("share => steppe.ofHundred(share)", share) == en


def test_a_card_tells_how_sure_the_rank_is(page):
    told = _card(page, "zgc").locator(".how-sure dd").all_inner_texts()
    drawn = ["30%的抽样", "25%的抽样", "50%的抽样"]
    assert told == ["第 1–2 名", *drawn, "0.500 · 第 2 名", "第 2 名"]
    page.locator("#language").click()
    told = page.locator("#card .how-sure dd").all_inner_texts()
    drawn = ["30 of 100 draws", "25 of 100 draws", "50 of 100 draws"]
    assert told == ["rank 1 to 2", *drawn, "0.500 · rank 2", "rank 2"]
    assert _card(page, "twin_4").locator(".how-sure").count() == 0


def test_the_bars_are_as_high_as_the_shares(page, tables):
    _card(page, "zgc")
    shares = tables.acceptability.query("site_id == 'zgc'").sort_values(["rank"])
    for weights in ("plan", "any"):
        heights = page.locator(f"#card .chance.{weights}").evaluate_all(
            "bars => bars.map((bar) => bar.getBoundingClientRect().height)"
        )
        wanted = shares.loc[shares["weights"] == weights, "share"].tolist()
        assert heights == pytest.approx([share / 0.5 * max(heights) for share in wanted], abs=0.6)
    assert "30%" in page.locator("#card .chances li").first.get_attribute("title")


def test_a_card_tells_the_weights_with_which_the_park_is_first(page):
    card = _card(page, "horinger")
    told = dict(
        zip(
            ["climate", "power"],
            card.locator("[data-range] .range-text").all_inner_texts(),
            strict=True,
        )
    )
    assert told == {"climate": "13\u2009% – 100\u2009%", "power": "任何权重"}
    assert "不能使其居首" in _card(page, "zgc").locator(".how-sure").inner_text()


@pytest.mark.parametrize(("place", "lang"), LANGUAGES)
def test_a_card_tells_why_and_what_would_change_it(visit, page_uri, tables, place, lang):
    page = visit(f"{page_uri}#lang={lang}")
    for site in ("horinger", "zgc"):
        card = _card(page, site)
        for row in tables.explanations.query("site_id == @site").to_dict("records"):
            told = card.locator(f"[data-told={row['kind']}]").inner_text()
            assert row[("text_zh", "text_en")[place]] in told


def test_costs_tell_what_is_known_and_why_the_rest_is_not(page):
    card = _card(page, "horinger")
    energy = card.locator("[data-cost=energy]")
    assert "3\u2009000\u2009000" in energy.inner_text()
    assert "2\u2009900\u2009000–3\u2009100\u2009000" in energy.inner_text()
    assert "推算" in energy.inner_text()
    assert "电价0.3元/千瓦时" in energy.inner_text()
    total = card.locator("[data-cost=total]")
    assert total.locator(".measure-value").inner_text() == "未知"
    assert "缺接入线路、光缆、土地、水" in total.inner_text()
    page.locator("#language").click()
    assert "not known: tie line, fibre, land, water" in total.inner_text()


def test_a_park_tells_at_what_price_it_breaks_even_with_the_first(page):
    told = _card(page, "zgc").locator("[data-told=break_even]")
    assert (
        told.inner_text()
        == "电价须为0.301元/千瓦时，电费才与和林格尔新区持平（未计接入线路、光缆、土地、水）"
    )
    page.locator("#language").click()
    assert told.inner_text().startswith("Power here would have to cost 0.301 CNY/kWh")
    assert "Horinger New Area" in told.inner_text()
    assert _card(page, "horinger").locator("[data-told=break_even]").count() == 0


@pytest.mark.parametrize(("place", "lang"), LANGUAGES)
def test_scenarios_stand_side_by_side(visit, page_uri, tables, place, lang):
    page = visit(f"{page_uri}#lang={lang}")
    page.evaluate("steppe.openSection('scenarios-section')")
    for row in tables.scenarios.to_dict("records"):
        told = page.locator(f"tbody[data-scenario={row['scenario']}]")
        assert row[("title_zh", "title_en")[place]] in told.inner_text()
        name = tables.layers["parks"].set_index("park_id").loc[row["first_id"]]
        cells = told.locator("tr").nth(1).locator("td").all_inner_texts()
        share = f"{100 * row['first_share']:.0f}"
        assert cells == [
            name[("name_zh", "name_en")[place]], (f"{share}%", share)[place], str(row["n_changes"])
        ]  # fmt: skip
    mesh = page.locator("tbody[data-scenario=mesh]")
    assert ("规划要求", "the plan wants it")[place] in mesh.inner_text()
    assert mesh.locator("[data-change]").first.is_hidden()
    mesh.locator("summary").click()
    mesh.locator("[data-change]").first.wait_for()  # what is folded is made a moment later
    values = mesh.locator("[data-change]").evaluate_all(
        "rows => rows.map((row) => [row.dataset.change, row.querySelector('.change-value').textContent])"
    )
    assert values == [
        ["rank", "2 → 1"],
        ["score", "0.700 → 0.750"],
        ["rtt", "3.90 → 3.30 ms"],
        ["routes", "3 → 5"],
        ["site", ("是 → 否", "yes → no")[place]],
    ]
    assert "3" in mesh.locator(".hint").inner_text()  # of eight changes five are told


def test_a_scenarios_first_park_opens_its_card(page):
    page.evaluate("steppe.openSection('scenarios-section')")
    page.locator("tbody[data-scenario=mesh] .link").click()
    assert page.locator("#card h2").inner_text() == "乌兰察布中关村科技产业园"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_shape_of_a_value_function_prints_an_empty_end(visit, tables, tmp_path, lang):
    climate, power = tables.info.criteria
    bent = dataclasses.replace(climate.measures[0], shape="sigmoid", steepness=8.0)
    pieces = dataclasses.replace(
        power.measures[0],
        shape="piecewise", worst=None, best=None, points=((0.0, 1.0), (20.0, 0.5), (60.0, 0.0)),
    )  # fmt: skip
    criteria = (
        dataclasses.replace(climate, measures=(bent,)),
        dataclasses.replace(power, measures=(pieces,)),
    )
    path = tmp_path / "map.html"
    info = dataclasses.replace(tables.info, criteria=criteria)
    path.write_text(render_page(dataclasses.replace(tables, info=info)), encoding="utf-8")
    page = visit(f"{path.as_uri()}#lang={lang}")
    page.evaluate("steppe.openSection('method-section')")
    text = page.locator("#method").inner_text()
    assert "null" not in text
    assert "undefined" not in text
    wanted = {
        "zh": ("S 形，陡度 8", "分段线性：0 km 得 1 分、20 km 得 0.5 分、60 km 得 0 分"),
        "en": ("S-shaped, steepness 8", "In straight pieces: 1 at 0 km, 0.5 at 20 km, 0 at 60 km"),
    }[lang]
    for words in wanted:
        assert words in text


def test_a_plan_without_a_ranking_shows_no_empty_frame(visit, tables, tmp_path):
    names = (*TEXTS, "robustness", "acceptability", "weight_ranges", "break_evens")
    bare = {name: getattr(tables, name).iloc[:0] for name in names}
    path = tmp_path / "map.html"
    path.write_text(render_page(tables.with_tables(**bare)), encoding="utf-8")
    page = visit(path.as_uri())
    assert page.locator("#decision-section").is_hidden()
    assert page.locator("#scenarios-section").is_hidden()
    card = _card(page, "horinger")
    assert card.locator(".how-sure, .costs").count() == 0


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_probes_in_the_decision_are_text(visit, tables, probes, tmp_path, lang):
    wheel = itertools.cycle(probes[:5])
    poisoned = {
        name: getattr(tables, name).assign(
            **{
                column: [next(wheel) for _ in range(len(getattr(tables, name)))]
                for column in columns
            }
        )
        for name, columns in TEXTS.items()
    }
    path = tmp_path / "map.html"
    path.write_text(render_page(tables.with_tables(**poisoned)), encoding="utf-8")
    page = visit(f"{path.as_uri()}#lang={lang}")
    page.evaluate("steppe.unfoldAll()")
    _card(page, "horinger")
    places = (
        *(".answer summary", ".answer p", ".reasons li", "[data-told=survey]", ".scenarios th"),
        *(".scenarios .why", "[data-change]", ".change-value", "[data-cost] .measure-note"),
    )
    for place in places:
        texts = page.locator(place).all_text_contents()
        assert len(texts) > 0, place
        assert any(probe in text for text in texts for probe in probes), place
    page.locator("#language").click()
    assert page.evaluate("window.probe === undefined")
    assert page.locator("img:not(.leaflet-image-layer)").count() == 0
    assert page.locator("[onerror], [onmouseover]").count() == 0
