"""Names that nobody here typed stay text, wherever they are shown."""

from __future__ import annotations

import dataclasses
from html import unescape

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from steppe.report.report_page import render_report
from steppe.report.site_sheet import render_sheets

pytestmark = pytest.mark.browser


@pytest.fixture
def hostile(visit, hostile_uri):
    return visit(hostile_uri)


def _open_everything(page) -> None:
    page.evaluate("steppe.unfoldAll()")
    for box in page.locator("input[data-layer]").all():
        box.check()
    for row in page.locator("li[data-site], li[data-cable]").all():
        row.locator("button").dispatch_event("click")
        row.dispatch_event("mouseenter")
        assert page.locator("#card").is_visible()
    _press_marks(page)
    for path in page.locator("path.leaflet-interactive").all():
        path.dispatch_event("mouseover")
        path.dispatch_event("click")
    page.locator("#language").click()
    _press_marks(page)


def _press_marks(page) -> None:
    page.evaluate("steppe.unfoldAll()")
    buttons = page.locator("[data-cut] button, [data-route], [data-risk] button")
    assert buttons.count() > 8
    for button in buttons.all():
        button.dispatch_event("click")


@pytest.fixture(scope="module")
def opened(visit_once, hostile_uri):
    page = visit_once(hostile_uri)
    _open_everything(page)
    return page


def test_no_probe_fires(opened):
    # An image that fails after all those of the page: what they would have run has run.
    opened.evaluate(
        "() => new Promise((done) => {"
        "const last = new Image(); last.onerror = done; last.src = 'data:image/png,none'; })"
    )
    assert opened.evaluate("window.probe === undefined")
    assert opened.locator("img:not(.leaflet-image-layer)").count() == 0
    assert (
        opened.evaluate(
            "document.querySelectorAll('[onerror], [onmouseover], b[onmouseover]').length"
        )
        == 0
    )


def test_every_probe_is_shown_as_it_is_written(opened, probes):
    # Otherwise the test above could pass because nothing was shown.
    text = opened.evaluate("document.body.textContent")
    for probe in probes[:5]:
        assert probe in text


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_probe_is_text_wherever_the_backbone_is_told(visit, hostile_uri, probes, lang):
    page = visit(f"{hostile_uri}#lang={lang}")
    page.evaluate("steppe.unfoldAll()")
    page.locator("[data-cut] button").first.dispatch_event("click")
    places = (
        *(".cut-name", ".cut-effect", "#mark strong", "#target option", "#backbone .badge"),
        *(".evidence .link", ".evidence .hint", ".apart .hint", ".pair .reason", "[data-trip] th"),
        *("#backbone .latency-name", "#backbone .why", "#method .warning"),
    )
    for place in places:
        texts = page.locator(place).all_text_contents()
        assert any(probe in text for text in texts for probe in probes), place
    page.locator("[data-route]").last.dispatch_event("click")
    assert any(probe in page.locator("#mark").text_content() for probe in probes)
    assert page.evaluate("window.probe === undefined")
    assert page.locator("img:not(.leaflet-image-layer)").count() == 0


def test_a_probe_in_a_tooltip_is_text(hostile, probes):
    paths = hostile.locator("path[data-park]")
    shown = []
    for path in paths.all():
        path.dispatch_event("mouseover")
        shown.append(hostile.locator(".leaflet-tooltip").last.inner_text())
    for probe in probes[:5]:
        assert any(probe in text for text in shown)
    assert hostile.evaluate("window.probe === undefined")


def test_a_chosen_hostile_park_survives_its_address(hostile, visit):
    hostile.locator("#ranking li button").first.click()
    site = hostile.evaluate("steppe.state.site")
    again = visit(hostile.evaluate("location.href"))
    assert again.evaluate("steppe.state.site") == site
    assert again.evaluate("window.probe === undefined")


def test_the_pages_own_policy_stops_what_would_slip_through(chromium, page_uri):
    page = chromium.new_page(offline=True)
    page.goto(page_uri)
    stopped = page.evaluate(
        """() => new Promise((done) => {
          document.addEventListener("securitypolicyviolation", (event) => done(event.violatedDirective));
          const image = document.createElement("img");
          image.src = "https://example.org/a.png";
          document.body.append(image);
        })"""
    )
    page.close()
    assert stopped == "img-src"


# What a name may be made of, a kind each; a batch has one of every kind and three that are long.
PROBE = st.sampled_from(
    [
        *("window.probe=1", "<img src=x onerror=window.probe=2>", "</title><svg onload=probe=3>"),
        *("javascript:window.probe=4", "</script><script>window.probe=5</script>", "<!--", "]]>"),
    ]
)
WORDS = st.text("aZ9 é名ᠮ-_.", min_size=1, max_size=8)
TURNING = st.text("\u202e\u2067\u200f\u05e2\u05d1\u0645\u0627 (1)", min_size=2, max_size=12)
KINDS = (
    st.builds("{1}\"'{0}\"'>{0}`".format, PROBE, WORDS),
    st.builds("{1}<b onmouseover='{0}'>{0}</b>".format, PROBE, WORDS),
    st.builds("{1}`${{{0}}}`".format, PROBE, WORDS),
    st.builds("{{{{ {0} }}}}{{% {1} %}}[% {0} %]".format, PROBE, WORDS),
    st.builds("{1}\u202e{2}{0}".format, PROBE, WORDS, TURNING),
    st.builds("{1}{0}\u2028\u2029\u0085{0}".format, PROBE, WORDS),
    st.builds("{1}\U0001f469\u200d\U0001f4bb\U0001f3f3\ufe0f{0}".format, PROBE, WORDS),
    st.builds("{1}\x00\x1b[31m{0}\x7f".format, PROBE, WORDS),
    st.builds("{1}&lt;&#60;{0}\\u003c{0}\\".format, PROBE, WORDS),
)
# Whatever rolls sideways, and what in it reaches furthest to the right.
WIDE = """() => [...document.querySelectorAll("html, #panel, #card, .legend")]
  .filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => {
    const right = (each) => {
      const free = getComputedStyle(each).overflowX === "visible";
      return each.getBoundingClientRect().left + (free ? each.scrollWidth : each.clientWidth);
    };
    const far = [...one.querySelectorAll(":not(.sr-only)")].reduce((a, b) => (right(b) >= right(a) ? b : a));
    return `${one.tagName} ${one.scrollWidth}: ${far.outerHTML.slice(0, 200)}`;
  })"""
# Rows of lists that are higher than the window.
HIGH = """() => [...document.querySelectorAll("#ranking li, .feature-row, [data-cut] .row, .leaflet-tooltip")]
  .map((one) => Math.round(one.getBoundingClientRect().height)).filter((height) => height > 844)"""


# The parks that the search does not show by the beginning of their name in the language.
NOT_FOUND = """() => {
  const field = document.getElementById("search");
  const find = (text) => { field.value = text; field.dispatchEvent(new Event("input")); };
  const names = steppe.layer("parks").rows.map((row) => row[`name_${steppe.state.lang}`]);
  const lost = names.filter((name) => { find([...name].slice(0, 40).join("")); return !document.getElementById("found").textContent.includes(name); });
  find("");
  return lost;
}"""


def _search_and_compare(page, lang) -> None:
    """Find each park by its name, and hold two of them against each other."""
    assert page.evaluate(NOT_FOUND) == []
    rows = page.evaluate("steppe.layer('parks').rows.slice(0, 2)")
    page.evaluate("(compare) => steppe.change({ compare })", [row["park_id"] for row in rows])
    heads = page.locator("#compare thead .link").all_text_contents()
    assert heads == [row[f"name_{lang}"] for row in rows]
    assert page.evaluate(WIDE) == []
    page.evaluate("steppe.change({ compare: [] })")


@settings(
    max_examples=2,
    derandomize=True,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(names=st.tuples(*KINDS))
def test_made_up_names_fire_nothing_show_as_text_and_widen_nothing(visit_once, poisoned, names):
    fillers = ("W" * 10_000, "長" * 10_000, f" {names[0]}" * 500)
    names = (*names, *map("{}{}".format, names, fillers))
    page = visit_once(poisoned(names))
    page.set_default_timeout(10_000)
    for width, height in ((390, 844), (1366, 768)):
        page.set_viewport_size({"width": width, "height": height})
        for lang in ("zh", "en"):
            page.evaluate("(lang) => steppe.change({ lang, site: null, cable: null })", lang)
            page.evaluate("steppe.unfoldAll()")
            page.locator("#ranking li button").first.dispatch_event("click")
            page.locator("[data-cut] button").first.dispatch_event("click")
            page.locator("path[data-park]").first.dispatch_event("mouseover")
            page.evaluate(
                "document.querySelectorAll('details').forEach((one) => { one.open = true; })"
            )
            assert page.evaluate(WIDE) == []
            assert page.evaluate(HIGH) == []
            text = page.evaluate("document.body.textContent")
            assert [name for name in names if name not in text] == []
            if width == 1366:
                _search_and_compare(page, lang)
    assert page.evaluate("window.probe === undefined")
    assert page.locator("[onerror], [onmouseover], [onload]").count() == 0


def _in_html(name: str) -> str:
    """Return a name as a document of HTML can hold it: without NUL."""
    return name.replace("\x00", "")


@settings(
    max_examples=1,
    derandomize=True,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(names=st.tuples(*KINDS))
def test_made_up_names_are_text_in_report_and_sheets(contexts, tables, tmp_path_factory, names):
    parks = tables.layers["parks"]
    told = [_in_html(names[i % len(names)]) for i in range(len(parks))]
    named = parks.assign(name_zh=told, name_en=told, operator=told, city=told)
    info = dataclasses.replace(tables.info, title_zh=told[0], title_en=told[0])
    plan = dataclasses.replace(tables, layers=tables.layers | {"parks": named}, info=info)
    ids = list(parks["park_id"])
    page = contexts().new_page()
    sent = []
    page.on("request", lambda request: sent.append(request.url))
    path = tmp_path_factory.mktemp("paper") / "paper.html"
    before = unescape(render_report(tables, "en"))
    in_report = {new for old, new in zip(parks["name_en"], told, strict=True) if old in before}
    assert in_report
    for text, expected in (
        (render_report(plan, "en"), in_report),
        (render_sheets(plan, "en", ids), set(told)),
    ):
        path.write_text(text, encoding="utf-8")
        page.goto(path.as_uri())
        shown = page.evaluate("document.body.textContent")
        assert [name for name in expected if name not in shown] == []
        assert page.locator("script, img, [onerror], [onmouseover], [onload]").count() == 0
        assert page.evaluate("window.probe === undefined")
    page.close()
    assert set(sent) == {path.as_uri()}
