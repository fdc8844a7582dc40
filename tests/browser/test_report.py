"""The report: two sheets of A4, nothing asked of a network, hostile names as text."""

import re
from pathlib import Path

import pytest

from gis.build.report import render_report
from layers.tables import PlanTables

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def report(default_tables: PlanTables, tmp_path_factory) -> Path:
    page = render_report(default_tables, scenario_zh="<b>基准</b>", scenario_en="${1+1}")
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(page, encoding="utf-8")
    return path


def test_the_report_of_the_default_plan_is_two_sheets(
    chromium, report: Path, tmp_path: Path
) -> None:
    page = chromium.new_context(offline=True).new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(report.as_uri())
    page.pdf(path=tmp_path / "report.pdf", prefer_css_page_size=True, print_background=True)
    sheets = re.findall(rb"/Type\s*/Page[^s]", (tmp_path / "report.pdf").read_bytes())
    assert len(sheets) == 2
    assert asked == [report.as_uri()]
    assert "<b>基准</b>" in page.inner_text("body")
    assert "${1+1}" in page.inner_text("body")
    page.context.close()
