"""`steppe report`: one file of one language, sheets of sites, PDF, and what cannot be written."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from steppe.layers.tables import PlanTables
from steppe.report import pdf_printing
from steppe.report.site_sheet import render_sheets

SITE = "ulanqab_zgc"


@pytest.mark.usefixtures("known_inputs")
def test_the_report_alone_is_the_one_of_a_build(
    steppe, light_pack: Path, light_built: Path, tmp_path: Path
) -> None:
    done = steppe("report", str(light_pack), "--lang", "zh", "--out", "r.html")
    assert (done.returncode, done.stdout) == (0, "r.html\n")
    assert (tmp_path / "r.html").read_bytes() == (light_built / "report.zh.html").read_bytes()


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        (("--lang", "fr"), "--lang: unknown language 'fr'; one of zh, en"),
        (("--pdf",), "--pdf: no Chromium, Chrome or Edge is found to print with; install Chromium"),
        (("--site", "nowhere"), "--site: no park 'nowhere'; one of "),
    ],
)
@pytest.mark.usefixtures("known_inputs")
def test_what_cannot_be_written_is_one_line(
    steppe, light_pack: Path, tmp_path: Path, monkeypatch, arguments, fault: str
) -> None:
    monkeypatch.setattr(pdf_printing, "BROWSERS", ("no-such-browser",))
    done = steppe("report", str(light_pack), *arguments)
    assert done.returncode == 2
    (line,) = [each for each in done.stderr.splitlines() if "note:" not in each]
    assert line.startswith(f"steppe: {fault}")
    assert not list(tmp_path.glob("*.html"))


def test_a_browser_that_prints_nothing_is_one_line(monkeypatch, tmp_path: Path) -> None:
    mute = tmp_path / "mute"
    mute.write_text("#!/bin/sh\nexit 0\n", encoding="utf-8")
    mute.chmod(0o755)
    monkeypatch.setattr(pdf_printing, "BROWSERS", (str(mute),))
    with pytest.raises(pdf_printing.InputError, match="printed nothing"):
        pdf_printing.print_pdf("<p>x</p>")


@pytest.fixture(scope="module")
def sheets(default_tables: PlanTables) -> dict[str, str]:
    return {
        each: render_sheets(default_tables, each, (SITE, "baotou_binhe")) for each in ("zh", "en")
    }


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_sheet_tells_the_numbers_of_the_tables(
    sheets: dict[str, str], default_tables: PlanTables, language: str
) -> None:
    page = sheets[language]
    assert page.count('<section class="sheet">') == 2
    first = page.partition('<section class="sheet">')[2].partition("</section>")[0]
    park = default_tables.layers["parks"].set_index("park_id").loc[SITE]
    assert park[f"name_{language}"] in first
    assert f"{park.geometry.x:.4f}° E, {park.geometry.y:.4f}° N" in first
    robust = default_tables.robustness.set_index("site_id").loc[SITE]
    assert f"{robust['score']:.3f}" in first
    assert f"{robust['low_rank']}–{robust['high_rank']}" in first
    trips = default_tables.latency.query("from_id == @SITE and status != 'unknown'")
    to_targets = trips[trips["to_id"].isin(default_tables.info.targets)]
    told = first.partition('<p class="trips">')[2].partition("</p>")[0]
    assert told.count("<b>") == len(to_targets)
    for trip in to_targets["rtt_ms"]:
        assert f"<b>{trip:.1f}</b>" in first
    found = default_tables.measures.query("site_id == @SITE").set_index("measure_id")
    assert f"{found.loc['free_cooling_h', 'value']:,.0f}* h" in first
    checks = default_tables.rule_checks.query("site_id == @SITE and scenario == 'base'")
    n_unknown = (checks["verdict"] == "unknown").sum()
    assert f"{ {'zh': '未知', 'en': 'unknown'}[language] } {n_unknown}</small></h3>" in first
    cited = {int(one) for each in re.findall(r"\[([\d, ]+)\]", first) for one in each.split(",")}
    assert cited == set(range(1, max(cited) + 1))


def test_a_sheet_has_names_for_tokens(sheets: dict[str, str]) -> None:
    for page in sheets.values():
        seen = re.sub(r"<style>.*?</style>|<[^>]*>", " ", page, flags=re.DOTALL)
        assert re.findall(r"[a-z0-9]+_[a-z0-9_]+", seen) == []
