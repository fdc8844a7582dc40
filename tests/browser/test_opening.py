"""The page opens from a disk with the network cut, and shows what the plan holds."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from rasterio.io import MemoryFile

from steppe.layers.columns import VERDICTS
from steppe.maps import page as page_module
from steppe.maps.page import render_page

pytestmark = pytest.mark.browser


def _pixels(png: bytes) -> np.ndarray:
    with MemoryFile(png, ext=".png") as file, file.open() as dataset:
        return np.moveaxis(dataset.read()[:3], 0, -1)


def test_every_park_is_shown_by_its_name_in_the_readers_language(page, tables):
    for field in ("name_zh", "name_en"):
        shown = page.locator("li[data-site]").evaluate_all(
            "rows => Object.fromEntries(rows.map((row) => [row.dataset.site, row.querySelector('.names').textContent]))"
        )
        assert shown == tables.layers["parks"].set_index("park_id")[field].to_dict()
        assert page.title() == page.locator("#title").inner_text()
        page.locator("#language").click()


def test_a_card_tells_the_other_name_too(page):
    page.locator("li[data-site=zgc] button").first.click()
    assert page.locator("#card h2").inner_text() == "乌兰察布中关村科技产业园"
    assert page.locator("#card dd").filter(has_text="Zhongguancun Park").count() == 1


def test_much_data_come_packed_and_the_page_shows_the_same(
    visit, page_uri, tables, tmp_path, monkeypatch
):
    monkeypatch.setattr(page_module, "PLAIN_MB", 0.0)
    path = tmp_path / "packed.html"
    path.write_text(render_page(tables), encoding="utf-8")
    shown = []
    for uri in (page_uri, path.as_uri()):
        opened = visit(uri)
        opened.wait_for_function("() => window.steppe?.map")
        shown.append(opened.locator(".panel").inner_text())
    assert shown[0] == shown[1]


def test_the_page_says_that_it_was_not_reviewed_and_that_routes_are_indicative(still):
    note = still.locator("#note").inner_text()
    assert note == "内部工作底图，未经审图，不得公开\n光缆走向为示意，非实际敷设路由。"


def test_the_page_bears_its_review_number(visit, tables, tmp_path):
    info = dataclasses.replace(tables.info, review_number="蒙S(2026)001号")
    path = tmp_path / "map.html"
    path.write_text(render_page(dataclasses.replace(tables, info=info)), encoding="utf-8")
    note = visit(path.as_uri()).locator("#note").inner_text()
    assert "审图号：蒙S(2026)001号" in note
    assert "未经审图" not in note


def test_a_plan_that_asks_for_no_review_has_no_note_on_it(visit, tables, tmp_path):
    info = dataclasses.replace(tables.info, review_number=None)
    path = tmp_path / "map.html"
    path.write_text(render_page(dataclasses.replace(tables, info=info)), encoding="utf-8")
    note = visit(path.as_uri()).locator("#note").inner_text()
    assert note == "光缆走向为示意，非实际敷设路由。"


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_the_map_is_drawn(page):
    page.evaluate("steppe.change({layers: new Set(['parks', 'boundaries'])})")
    where = page.evaluate(
        """() => {
          const path = document.querySelector('path[data-park="chifeng"]');
          const box = path.getBoundingClientRect();
          return [box.x + box.width / 2, box.y + box.height * 0.82, path.getAttribute("fill")];
        }"""
    )
    pixels = _pixels(page.screenshot())
    x, y, fill = where
    expected = [int(fill[at : at + 2], 16) for at in (1, 3, 5)]
    assert np.abs(pixels[int(y), int(x)].astype(int) - expected).max() <= 12
    colours, counts = np.unique(pixels[:, :1000].reshape(-1, 3), axis=0, return_counts=True)
    assert len(colours) > 100
    assert counts.max() < 0.8 * counts.sum()


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_the_elevation_changes_the_map(page):
    before = _pixels(page.screenshot())
    page.locator("input[data-layer=elevation]").check()
    page.wait_for_function("() => document.querySelector('.leaflet-image-layer').complete")
    after = _pixels(page.screenshot())
    assert (before != after).any(axis=2)[:, :1000].mean() > 0.1


def test_leaflets_own_words_are_switched_off(still):
    assert still.locator(".leaflet-control-attribution").inner_text().strip() == ""
    assert "Open data of everyone" in still.locator(".attribution").inner_text()


def test_a_site_card_says_what_is_unknown_and_why(page):
    page.locator("li[data-site=twin_3] button").click()
    card = page.locator("#card")
    unknown = card.locator(".measure.unknown")
    assert "附近没有标明电压的变电站" in unknown.inner_text()
    assert "未知" in unknown.inner_text()
    assert unknown.locator(".measure-value").inner_text() == "未知"


def test_a_site_card_marks_what_is_assumed_and_names_sources(page):
    page.locator("li[data-site=twin_4] button").click()
    measure = page.locator("#card .measure.assumed")
    assert "假定" in measure.inner_text()
    assert "类比" in measure.inner_text()
    assert measure.locator(".measure-value").get_attribute("title") == str(1.0 / 3.0)
    assert "含假定值" in page.locator("li[data-site=twin_4]").inner_text()
    page.locator("li[data-site=horinger] button").click()
    text = page.locator("#card").inner_text()
    assert "Plan text © its publisher" in text
    assert "6.9 °C" in text
    assert "6.4–7.4" in text


def test_a_cable_card_says_how_sure_the_cable_is(page):
    page.evaluate("steppe.openSection('backbone-section')")
    page.locator("li[data-cable=hohhot_beijing_3] button").click()
    text = page.locator("#card").inner_text()
    for words in (
        "光缆 3",
        "原文的一种解读",
        "来源未说明所经通道",
        "示意",
        "144",
        "2017",
    ):
        assert words in text


def test_no_card_shows_a_blank(page):
    page.evaluate("steppe.layer('fibre').rows.forEach((row) => { row.corridors = ''; })")
    page.locator('path[data-cable="mongolia"]').dispatch_event("click")
    card = page.locator("#card")
    assert "走向未知" in card.inner_text()
    assert "" not in [text.strip() for text in card.locator("dd").all_inner_texts()]
    assert "所经通道" in card.locator(".hint").last.inner_text()  # among what no source says


def test_the_backbone_shows_ranges_with_their_reason(page):
    page.evaluate("steppe.openSection('backbone-section')")
    text = page.locator("#backbone .pair").first.inner_text()
    assert "1–2" in text
    assert "来源未说明通道" in text
    assert "hohhot–jining" in text or "通道" in text


def test_a_round_trip_stands_beside_its_floor(page):
    page.locator("li[data-site=horinger] button").click()
    row = page.locator("#card .latency-row")
    assert "6.6 ms" in row.inner_text()
    assert "6.4–7" in row.inner_text()
    assert "4.1 ms" in row.inner_text()
    floor = row.locator(".floor").bounding_box()
    dot = row.locator(".dot").bounding_box()
    assert floor["x"] < dot["x"]


def test_claims_bear_their_verdict_and_reason(page, tables):
    page.evaluate("steppe.openSection('claims-section')")
    claims = page.locator("#claims .claim")
    assert claims.count() == len(tables.claims)
    assert claims.first.locator(".verdict").get_attribute("class").split()[1] in VERDICTS
    for words in ("全年平均气温为0～8℃", "每个园区都在其内", "4.1至7.5 °C", "成立"):
        assert words in claims.first.inner_text()


def test_every_source_stands_with_its_licence(page, tables):
    page.evaluate("steppe.openSection('sources-section')")
    text = page.locator("#sources").inner_text()
    for source in tables.sources.values():
        assert source.title in text
        assert source.licence in text
        assert source.attribution in text


def test_a_source_stands_with_the_year_of_its_data(page, tables):
    page.evaluate("steppe.openSection('sources-section')")
    text = page.locator("#sources").inner_text()
    for source in tables.sources.values():
        assert f"{source.attribution}（{source.as_of.year} 年）" in text
    page.locator("li[data-site=horinger] button").click()
    assert "Plan text © its publisher（2017 年）" in page.locator("#card").inner_text()


def test_nothing_shines_through_the_heading_of_the_legend(still):
    ground = still.locator("#legend > summary").evaluate(
        "one => getComputedStyle(one).backgroundColor"
    )
    assert ground == "rgb(255, 255, 255)"


def test_every_word_follows_the_language(page):
    page.locator("#language").click()
    assert page.evaluate("document.documentElement.lang") == "en"
    page.evaluate("steppe.unfoldAll()")
    page.locator("li[data-site=horinger] button").click()
    for words in ("Weights", "Ranking", "Layers and legend", "Sources", "In service", "derived"):
        assert words.lower() in page.locator("body").inner_text().lower()
    chinese = page.evaluate(
        """() => [...document.querySelectorAll('h2, h3, summary, dt, .hint, .tag, .badge, legend,'
             + ' .legend-layer label, .legend-rule, button.plain-button')]
          .filter((one) => !one.closest('#language, .card-head'))
          .map((one) => one.innerText).filter((text) => /[\\u4e00-\\u9fff]/.test(text))"""
    )
    assert chinese == []


@pytest.mark.parametrize(
    ("locale", "wanted", "language"),
    [
        ("zh-CN", "zh-CN", "zh"),
        ("zh-TW", "zh-CN", "zh"),
        ("en-IE", "en", "en"),
        ("de-DE", "en", "en"),
    ],
)
def test_the_page_opens_in_the_readers_language(visit, page_uri, locale, wanted, language):
    page = visit(page_uri, locale=locale)
    assert page.locator("html").get_attribute("lang") == wanted
    assert page.evaluate("steppe.state.lang") == language
    assert page.evaluate("location.hash") == ""
    page.locator("#language button").click()
    assert page.evaluate("steppe.state.lang") != language
    page.reload()
    assert page.evaluate("steppe.state.lang") != language


def test_a_card_says_three_lines_and_the_rest_opens_and_stays_open(visit, page_uri):
    page = visit(page_uri, folded=True)
    page.locator("li[data-site=horinger] .row").click()
    lines = page.locator("#card .three-lines > li")
    told = lines.all_inner_texts()
    assert lines.evaluate_all("all => all.map((one) => one.dataset.line)") == [
        "rank",
        "why",
        "limits",
    ]
    for words, line in (("0.720", 0), ("第 2 名", 0), ("70%的抽样居首", 0), ("到北京 6.6毫秒", 2)):
        assert words in told[line]
    assert page.locator("#card .how-sure").is_hidden()
    page.locator("#card-rest > summary").click()
    assert page.locator("#card .how-sure").is_visible()
    page.locator("li[data-site=zgc] .row").click()
    assert page.locator("#card .how-sure").is_visible()


def test_a_card_gives_each_source_once_by_number(page):
    page.locator("li[data-site=horinger] .row").click()
    listed = page.locator("#card .cited li").all_inner_texts()
    numbers = [text.split()[0] for text in listed]
    assert numbers == [str(number + 1) for number in range(len(listed))]
    assert len({text.split(maxsplit=1)[1] for text in listed}) == len(listed)
    cited = set(page.locator("#card .measure-note sup, #card dd sup").all_inner_texts())
    assert cited == set(numbers)
    note = page.locator("#card .measure-note").first.inner_text()
    assert "Plan text" not in note
