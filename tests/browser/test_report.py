"""The report on paper and on a phone: A4, type of 8 pt at least, nothing cut off or asked for."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from steppe.layers.tables import PlanTables
from steppe.outputs.output_folder import settle
from steppe.report import pdf_printing
from steppe.report.report_page import render_report
from steppe.report.site_sheet import render_sheets

pytestmark = pytest.mark.browser

CHROMIUM = Path("/usr/bin/chromium")
A4_PT = (595, 842)
PAPER_PX = 718  # 190 mm: A4 without its margins
# Sizes of all text that is seen in pt on paper; what a chart has is scaled with it.
SIZES = """() => {
  const least = {text: 1e9, chart: 1e9};
  const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (words.nextNode()) {
    const parent = words.currentNode.parentElement;
    if (!words.currentNode.data.trim() || parent.closest("title, desc")) continue;
    const px = parseFloat(getComputedStyle(parent).fontSize), chart = parent.closest("svg");
    const scale = chart ? chart.getBoundingClientRect().width / chart.viewBox.baseVal.width : 1;
    const kind = chart ? "chart" : "text";
    least[kind] = Math.min(least[kind], px * scale * 72 / 96);
  }
  return least;
}"""
# Boxes whose content is cut off or reaches beside the page.
CUT_OFF = """() => [...document.querySelectorAll("main, main *:not(svg *)")]
  .filter((one) => one.clientWidth && getComputedStyle(one).overflowX !== "auto")
  .filter((one) => one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).display !== "inline")
  .map((one) => one.outerHTML.slice(0, 80))"""
# Text of charts that reaches beyond their edges.
BESIDE = """() => [...document.querySelectorAll("svg.chart")].flatMap((chart) => {
  const edge = chart.getBoundingClientRect();
  return [...chart.querySelectorAll("text")].filter((one) => {
    const box = one.getBoundingClientRect();
    return box.left < edge.left - 2 || box.right > edge.right + 2;
  }).map((one) => one.textContent);
})"""


@pytest.fixture(scope="module", params=["zh", "en"])
def report(request, chromium, default_tables: PlanTables, tmp_path_factory) -> Iterator[Any]:
    probe = {"zh": "<b>基准</b>", "en": "${1+1}"}
    info = dataclasses.replace(
        default_tables.info, scenario_zh=probe["zh"], scenario_en=probe["en"]
    )
    text = render_report(dataclasses.replace(default_tables, info=info), request.param)
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(text, encoding="utf-8")
    page = chromium.new_context(
        offline=True, viewport={"width": PAPER_PX, "height": 1000}
    ).new_page()
    asked: list[str] = []
    page.on("request", lambda sent: asked.append(sent.url))
    page.goto(path.as_uri())
    assert probe[request.param] in page.inner_text("body")
    yield page
    assert asked == [path.as_uri()]
    page.context.close()


def test_two_to_four_sheets_of_a4_and_an_annex(report) -> None:
    report.emulate_media(media="print")
    paper = {"prefer_css_page_size": True, "print_background": True}
    whole = report.pdf(**paper)
    report.evaluate("document.querySelector('.annex').hidden = true")
    body = report.pdf(**paper)
    report.evaluate("document.querySelector('.annex').hidden = false")
    n_body, n_whole = (len(re.findall(rb"/Type\s*/Page[^s]", each)) for each in (body, whole))
    assert 2 <= n_body <= 4
    assert n_whole > n_body
    for box in re.findall(rb"/MediaBox\s*\[([\d. ]+)\]", whole):
        assert [float(each) for each in box.split()] == pytest.approx([0, 0, *A4_PT], abs=1)


def test_on_paper_type_is_of_8_pt_and_nothing_is_cut_off(report) -> None:
    report.emulate_media(media="print", color_scheme="dark")
    least = report.evaluate(SIZES)
    assert least["text"] >= 8 - 1e-2
    assert least["chart"] >= 8 - 0.05
    assert report.evaluate("document.documentElement.scrollWidth") <= PAPER_PX
    assert report.evaluate(CUT_OFF) == []
    assert report.evaluate(BESIDE) == []
    # A page prints light, whatever the reader's theme.
    assert (
        report.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    )


@pytest.mark.usefixtures("chromium")
def test_a_site_sheet_is_one_page_and_the_command_prints_it(
    default_tables: PlanTables, monkeypatch
) -> None:
    monkeypatch.setattr(pdf_printing, "BROWSERS", (str(CHROMIUM),))
    sites = ("ulanqab_zgc", "hohhot_mobile", "chifeng_cloud")
    printed = pdf_printing.print_pdf(render_sheets(settle(default_tables), "en", sites))
    assert printed.startswith(b"%PDF")
    assert len(re.findall(rb"/Type\s*/Page[^s]", printed)) == len(sites)


def test_on_a_phone_nothing_scrolls_sideways_but_tables(report) -> None:
    report.emulate_media(media="screen")
    report.set_viewport_size({"width": 390, "height": 844})
    assert report.evaluate("document.documentElement.scrollWidth") <= 390
    assert report.evaluate(CUT_OFF) == []
    report.set_viewport_size({"width": PAPER_PX, "height": 1000})
