"""The report: three sheets of A4, nothing asked of a network, hostile names as text."""

import dataclasses
import re
from pathlib import Path

import pytest

from steppe.layers.tables import PlanTables
from steppe.outputs.report import render_report

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def report(default_tables: PlanTables, tmp_path_factory) -> Path:
    info = dataclasses.replace(default_tables.info, scenario_zh="<b>基准</b>", scenario_en="${1+1}")
    page = render_report(dataclasses.replace(default_tables, info=info))
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(page, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("locale", "told", "other"),
    [("zh-CN", "<b>基准</b>", "${1+1}"), ("en-IE", "${1+1}", "<b>基准</b>")],
)
def test_the_report_is_three_sheets_in_its_readers_language(
    chromium, report: Path, tmp_path: Path, locale, told, other
) -> None:
    page = chromium.new_context(offline=True, locale=locale).new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(report.as_uri())
    page.pdf(path=tmp_path / "report.pdf", prefer_css_page_size=True, print_background=True)
    sheets = re.findall(rb"/Type\s*/Page[^s]", (tmp_path / "report.pdf").read_bytes())
    assert len(sheets) == 3
    assert asked == [report.as_uri()]
    assert told in page.inner_text("body")
    assert other not in page.inner_text("body")
    page.locator("nav button:visible").click()
    assert told not in page.inner_text("body")
    assert other in page.inner_text("body")
    page.context.close()


def test_nothing_is_printed_smaller_than_six_and_a_half_points_or_beside_the_sheet(
    chromium, report: Path
) -> None:
    page = chromium.new_context(
        offline=True,
        viewport={"width": 733, "height": 1000},  # 194 mm: A4 without its margins
    ).new_page()
    page.emulate_media(media="print")
    page.goto(report.as_uri())
    found = page.evaluate(
        """() => {
          const least = new Map();
          const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          while (words.nextNode()) {
            const node = words.currentNode;
            if (!node.data.trim()) continue;
            const kind = node.parentElement.closest("td, th, .note, footer") ? "table" : "text";
            const pt = parseFloat(getComputedStyle(node.parentElement).fontSize) * 72 / 96;
            least.set(kind, Math.min(least.get(kind) ?? Infinity, pt));
          }
          return {...Object.fromEntries(least), wide: document.documentElement.scrollWidth};
        }"""
    )
    assert found["table"] >= 6.5 - 1e-3
    assert found["text"] >= 8 - 1e-3
    assert found["wide"] <= 733
    page.context.close()
