"""Who is first under the weights as they are, beside who is under the plan's own; sets of weights."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser

SEEN = """(selector) => {
  const panel = document.querySelector("#panel").getBoundingClientRect();
  return [...document.querySelectorAll(selector)].map((one) => one.getBoundingClientRect())
    .filter((box) => box.height > 0 && box.top >= panel.top && box.bottom <= Math.min(panel.bottom, innerHeight)).length;
}"""


def _slide(page, criterion: str, percent: int) -> None:
    page.locator(f"input[data-criterion={criterion}]").evaluate(
        "(input, value) => { input.value = value; input.dispatchEvent(new Event('input')); }",
        str(percent),
    )


def _marked_first(page) -> list[str]:
    """Return the ids of the parks whose marker bears rank 1, as list and map have them."""
    return page.locator("#ranking li", has=page.locator(".rank:text-is('1')")).evaluate_all(
        "rows => rows.map((row) => row.dataset.site)"
    )


@pytest.mark.parametrize(
    ("lang", "planned", "moved", "beside"),
    [
        ("zh", "乌兰察布中关村科技产业园居首，0.860分", "和林格尔新区居首", "按本方案权重：乌兰察布中关村科技产业园居首"),
        ("en", "Zhongguancun Park is first with 0.860 points", "Horinger New Area is first",
         "With the plan's own weights: Zhongguancun Park (0.860), first in 30 of 100 draws."),
    ],
    ids=("zh", "en"),
)  # fmt: skip
def test_the_headline_follows_the_sliders_and_keeps_what_the_plan_says(
    visit, page_uri, lang, planned, moved, beside
):
    page = visit(f"{page_uri}#lang={lang}")
    headline = page.locator("#headline")
    assert headline.inner_text().startswith(planned)
    assert beside not in headline.inner_text()
    slider = page.locator("input[data-criterion=power]")
    before = slider.bounding_box()
    _slide(page, "power", 100)
    _slide(page, "climate", 0)
    assert headline.inner_text().startswith(moved)
    assert beside in headline.inner_text()
    assert _marked_first(page) == ["horinger"]
    assert slider.bounding_box() == before
    # Whoever is sent the link reads the same.
    page.wait_for_function(
        "() => location.hash.endsWith('w.climate=0&w.power=1') || location.hash.includes('w.climate=0&w.power=1&')"
    )
    again = visit(page.evaluate("location.href"))
    assert again.locator("#headline").inner_text() == headline.inner_text()
    page.locator("#reset").click()
    assert headline.inner_text().startswith(planned)


def test_without_a_weight_the_headline_says_so(visit, page_uri):
    page = visit(f"{page_uri}#w.climate=0&w.power=0")
    assert page.locator("#headline").inner_text().startswith("权重均为 0，无法排名。")


def test_parks_of_one_total_are_first_together(page):
    page.evaluate(
        """() => {
          const only = Object.fromEntries(Object.keys(steppe.state.weights).map((name) => [name, 0]));
          steppe.change({ weights: { ...only, power: 1 } });
        }"""
    )
    firsts = _marked_first(page)
    names = [page.locator(f"li[data-site={site}] .names").inner_text() for site in firsts]
    told = page.locator("#headline strong").inner_text()
    assert ("并列" in told) == (len(firsts) > 1)
    assert all(name in told for name in names[:2])


def test_named_sets_move_the_sliders_and_the_sliders_name_the_set(page):
    choice = page.locator("#weight-set")
    values = choice.locator("option").evaluate_all("all => all.map((one) => one.value)")
    assert values == ["plan", "equal", "alone.climate", "alone.power", "own"]
    for value, weights, order in (
        ("equal", {"climate": 0.5, "power": 0.5}, None),
        ("alone.power", {"climate": 0, "power": 1}, "horinger"),
        ("plan", {"climate": 0.6, "power": 0.4}, "zgc"),
    ):
        choice.select_option(value)
        assert page.evaluate("steppe.state.weights") == weights
        assert choice.input_value() == value
        if order:
            assert page.locator("#ranking li").first.get_attribute("data-site") == order
    page.wait_for_function("() => location.hash === ''")
    _slide(page, "power", 41)
    assert choice.input_value() == "own"
    assert choice.locator("option:checked").inner_text() == "自定权重"
    _slide(page, "power", 40)
    assert choice.input_value() == "plan"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_first_screen_shows_the_sliders_and_what_they_do(visit, page_uri, lang):
    page = visit(f"{page_uri}#lang={lang}", width=1366, height=768)
    assert page.evaluate(SEEN, "#headline > *") == 2
    assert page.evaluate(SEEN, "#weights input") == 2
    assert page.evaluate(SEEN, "#ranking li:nth-child(-n + 3)") == 3
    first = page.locator("#ranking li").first.inner_text()
    _slide(page, "power", 100)
    _slide(page, "climate", 0)
    assert page.locator("#ranking li").first.inner_text() != first
    assert page.evaluate(SEEN, "#ranking li:nth-child(-n + 3)") == 3
