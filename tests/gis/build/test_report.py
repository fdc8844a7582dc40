"""The report says what the tables say, in both languages."""

from __future__ import annotations

import dataclasses
import re
from html import unescape
from html.parser import HTMLParser

import pytest

from gis.build.report import render_report
from layers.tables import PlanTables


class _Tables(HTMLParser):
    """Gathers the rows of every table, by its class."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: dict[str, list[list[str]]] = {}
        self._table = ""
        self._open = False

    def handle_starttag(self, tag, attrs) -> None:
        if tag == "table":
            self._table = dict(attrs).get("class", "")
        elif tag == "tr":
            self.rows.setdefault(self._table, []).append([])
        elif tag == "td":
            self.rows[self._table][-1].append("")
            self._open = True
        elif tag == "br" and self._open:
            self.rows[self._table][-1][-1] += " "

    def handle_endtag(self, tag) -> None:
        if tag == "td":
            self._open = False

    def handle_data(self, data) -> None:
        if self._open:
            self.rows[self._table][-1][-1] += data


def _rows(page: str, table: str) -> list[list[str]]:
    parser = _Tables()
    parser.feed(page)
    return [row for row in parser.rows[table] if row]


@pytest.fixture(scope="module")
def page(tables: PlanTables) -> str:
    return render_report(tables, scenario_zh="基准", scenario_en="Base")


def test_the_backbone_shows_band_floor_ratio_class_and_routes(
    page: str, tables: PlanTables
) -> None:
    rows = _rows(page, "backbone")
    (hohhot,) = [row for row in rows if row[0] == "呼和浩特 Hohhot"]
    trip = tables.latency.set_index(["from_id", "to_id"]).loc[("hohhot", "beijing")]
    band = f"{trip['rtt_low_ms']:.1f}–{trip['rtt_high_ms']:.1f}"
    assert hohhot[1] == f"{trip['rtt_ms']:.1f}* {band}"  # no source names its corridor
    assert hohhot[2] == f"{trip['floor_rtt_ms']:.1f}"
    assert hohhot[3] == f"{trip['rtt_ms'] / trip['floor_rtt_ms']:.2f}"
    met = [each for each in tables.info.classes if trip["rtt_high_ms"] <= each.limit_rtt_ms]
    assert hohhot[4] == f"{met[0].title_zh} {met[0].title_en}"
    assert hohhot[5] == "4"
    assert re.fullmatch(r"1–[23]", hohhot[7])
    # Every node is told once, though the tables hold its way to nine targets.
    assert len({row[0] for row in rows}) == len(rows)


def test_the_ten_worst_single_and_double_cuts_stand_in_order(page: str, tables: PlanTables) -> None:
    rows = _rows(page, "cuts")
    assert [row[0] for row in rows] == [str(rank) for rank in range(1, 11)] * 2
    cut_off = [int(re.match(r"\d+|–", row[2]).group().replace("–", "0")) for row in rows]
    assert cut_off[:10] == sorted(cut_off[:10], reverse=True)
    assert cut_off[10:] == sorted(cut_off[10:], reverse=True)
    # Two things that fall do no less than the worse of them alone.
    assert cut_off[10] >= cut_off[0]
    worst = tables.cuts.query("to_id == 'beijing' and n_units == 1 and rank == 1").iloc[0]
    assert rows[0][1] == f"{worst['name_zh']} {worst['name_en']}"


def test_published_round_trips_stand_beside_what_is_computed(page: str, tables: PlanTables) -> None:
    rows = _rows(page, "trips")
    assert len(rows) == len(tables.calibration)
    for row in rows:
        published, floor, rule = (float(row[column]) for column in (2, 3, 5))
        assert floor < published
        residual = int(row[6].replace("−", "-").removesuffix(" %"))
        assert residual == pytest.approx(100 * (1 - rule / published), abs=0.6)
    assert "没有公开的实测往返时延" in page
    assert "No measured round trip of the region's own pairs is public" in unescape(page)


def test_effective_routes_come_with_their_evidence(page: str, tables: PlanTables) -> None:
    told = unescape(page)
    routes = tables.redundancy.set_index(["from_id", "to_id"]).loc[("hohhot", "beijing")]
    assert routes["reason"] in told
    risks = tables.layers["risks"].set_index("risk_id").loc[routes["risk_ids"].split()]
    most = risks["n_cables"].max()
    for _, risk in risks[risks["n_cables"] == most].iterrows():
        assert risk["evidence_zh"] in told
        assert risk["evidence_en"] in told


def test_names_of_cuts_are_text(tables: PlanTables) -> None:
    cuts = tables.cuts.assign(name_zh="<img src=x>", name_en="{{ 6 * 7 }}")
    hostile = dataclasses.replace(tables, cuts=cuts)
    page = render_report(hostile, scenario_zh="基准", scenario_en="Base")
    assert "<img" not in page
    assert _rows(page, "cuts")[0][1] == "<img src=x> {{ 6 * 7 }}"


def test_a_plan_without_cuts_or_published_round_trips_has_a_report(tables: PlanTables) -> None:
    bare = dataclasses.replace(
        tables, cuts=tables.cuts.head(0), calibration=tables.calibration.head(0)
    )
    page = render_report(bare, scenario_zh="基准", scenario_en="Base")
    assert 'class="cuts"' not in page
    assert "没有公开的实测往返时延" in page
