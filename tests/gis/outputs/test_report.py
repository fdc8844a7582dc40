"""The report says what the tables say, in both languages."""

from __future__ import annotations

import dataclasses
import re
from html import unescape
from html.parser import HTMLParser
from itertools import pairwise

import pandas as pd
import pytest

from steppe.layers.errors import Problem
from steppe.layers.tables import PlanTables
from steppe.layers.wording import tell
from steppe.outputs.report import render_report


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
    return render_report(tables)


def test_the_backbone_shows_band_floor_ratio_class_and_routes(
    page: str, tables: PlanTables
) -> None:
    rows = _rows(page, "backbone tight")
    (hohhot,) = [row for row in rows if row[0] == "呼和浩特 Hohhot"]
    trip = tables.latency.set_index(["from_id", "to_id"]).loc[("hohhot", "beijing")]
    band = f"{trip['rtt_low_ms']:.1f}–{trip['rtt_high_ms']:.1f}"
    assert hohhot[1] == f"{trip['rtt_ms']:.1f}* {band}"  # no source names its corridor
    assert hohhot[2] == f"{trip['floor_rtt_ms']:.1f}"
    assert hohhot[3] == f"{trip['rtt_ms'] / trip['floor_rtt_ms']:.2f}"
    met = [each for each in tables.info.classes if trip["rtt_high_ms"] <= each.limit_rtt_ms]
    assert hohhot[4] == f"{met[0].title_zh} {met[0].title_en.split(' (')[0]}"
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
    rows = _rows(page, "trips tight")
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
    assert routes["reason_en"] in told
    risks = tables.layers["risks"].set_index("risk_id").loc[routes["risk_ids"].split()]
    most = risks["n_cables"].max()
    for _, risk in risks[risks["n_cables"] == most].iterrows():
        assert risk["evidence_zh"] in told
        assert risk["evidence_en"] in told


def test_names_of_cuts_are_text(tables: PlanTables) -> None:
    cuts = tables.cuts.assign(name_zh="<img src=x>", name_en="{{ 6 * 7 }}")
    hostile = tables.with_tables(cuts=cuts)
    page = render_report(hostile)
    assert "<img" not in page
    assert _rows(page, "cuts")[0][1] == "<img src=x> {{ 6 * 7 }}"


def test_a_plan_without_cuts_or_published_round_trips_has_a_report(tables: PlanTables) -> None:
    bare = tables.with_tables(cuts=tables.cuts.head(0), calibration=tables.calibration.head(0))
    page = render_report(bare)
    assert 'class="cuts"' not in page
    assert "没有公开的实测往返时延" in page


def _ranked(tables: PlanTables) -> pd.DataFrame:
    totals = tables.scores.query("criterion == 'total' and level == @tables.info.level")
    return totals.dropna(subset="rank").sort_values(["rank", "site_id"])


def test_every_answer_stands_in_both_languages(page: str, tables: PlanTables) -> None:
    told = unescape(page)
    assert len(tables.answers) >= 6
    for row in tables.answers.to_dict("records"):
        for part in ("title_zh", "title_en", "text_zh", "text_en"):
            assert row[part] in told


def test_the_ranking_tells_how_sure_each_rank_is(page: str, tables: PlanTables) -> None:
    rows = {row[1].split()[0]: row for row in _rows(page, "ranking tight")}
    names = tables.layers["parks"].set_index("park_id")["name_zh"]
    assert len(rows) == (tables.scores.query("criterion == 'total'")["level"] == "zone").sum()
    for site in tables.robustness.to_dict("records"):
        row = rows[names[site["site_id"]]]
        assert row[0] == str(site["rank"])
        assert row[2] == f"{site['score']:.3f}"
        assert row[3] == f"{site['at_values']:.3f}"
        for cell, name in ((row[4], "first_share"), (row[5], "first_share_assumed")):
            share = float(cell.removesuffix(" %").replace("<", "").replace(">", "")) / 100
            assert share == pytest.approx(site[name], abs=0.01)
        assert row[6] == f"{site['low_rank']}–{site['high_rank']}"
        assert row[7] == str(site["topsis_rank"])
    unranked = set(rows) - {names[site_id] for site_id in tables.robustness["site_id"]}
    assert unranked
    assert {tuple(rows[name][3:8]) for name in unranked} == {("–",) * 5}


def test_every_scenario_names_its_first_park(page: str, tables: PlanTables) -> None:
    rows = _rows(page, "scenarios tight")
    names = tables.layers["parks"].set_index("park_id")[["name_zh", "name_en"]]
    for row, scenario in zip(rows, tables.scenarios.to_dict("records"), strict=True):
        assert row[0] == f"{scenario['title_zh']} {scenario['title_en']}"
        assert row[2] == " ".join(names.loc[scenario["first_id"]])
        assert row[5] == str(scenario["n_changes"])
    assert rows[0][5:] == ["0", "0"]  # the base differs from itself in nothing


def test_measures_of_ranked_parks_have_bands_and_sources(page: str, tables: PlanTables) -> None:
    rows = _rows(page, "measures tight")
    shown = [m for c in tables.info.criteria for m in c.measures if m.in_report]
    assert [row[0].split()[0] for row in rows] == [
        name.split()[0]
        for name in tables.layers["parks"]
        .set_index("park_id")["name_zh"]
        .loc[_ranked(tables)["site_id"]]
    ]
    first = tables.measures.set_index(["site_id", "measure_id"]).loc[_ranked(tables).iloc[0, 0]]
    for cell, measure in zip(rows[0][1 : 1 + len(shown)], shown, strict=True):
        found = first.loc[measure.measure_id]
        numbers = [float(part.replace(",", "")) for part in re.findall(r"[\d,.]+", cell)]
        known = [found["value"]] + ([found["low"], found["high"]] if len(numbers) > 1 else [])
        assert (len(numbers) > 1) == (found["band"] != "none")
        assert numbers == pytest.approx(known, abs=0.5, rel=0.01)
        assert ("*" in cell) == (found["status"] == "assumed")
        for source_id in found["source_ids"].split():
            assert source_id in page


def test_a_cost_that_is_not_known_is_a_dash_and_says_why(page: str, tables: PlanTables) -> None:
    rows = _rows(page, "measures tight")
    n_measures = sum(m.in_report for c in tables.info.criteria for m in c.measures)
    costs = tables.costs.set_index(["site_id", "component"])
    ranked = list(_ranked(tables)["site_id"])
    even = tables.break_evens[tables.break_evens["other_id"] == ranked[0]].set_index("site_id")
    for site_id, row in zip(ranked, rows, strict=True):
        energy, known, ratio, energy_price, price = row[1 + n_measures :]
        for cell, component in ((energy, "energy"), (known, "known")):
            found = costs.loc[(site_id, component)]
            if found["status"] == "unknown":
                assert cell == "–"
            else:
                value = float(cell.split("*")[0])
                assert value == pytest.approx(found["cost_cny_mw_year"] / 1e6, abs=0.005)
        if site_id == ranked[0]:
            assert (ratio, energy_price) == ("–", "–")
        else:
            assert float(ratio) == pytest.approx(even.loc[site_id, "pue_ratio"], abs=5e-5)
            assert float(energy_price) == pytest.approx(
                even.loc[site_id, "energy_cny_kwh"], abs=5e-5
            )
        assert price == "–"  # nobody told what lines, land and water cost
    for component in ("tie_line", "fibre", "land", "water"):
        for reason in costs.xs(component, level="component").loc[ranked, "reason_en"]:
            assert reason in unescape(page)


def test_loads_go_by_year_and_name_whose_they_are(page: str, tables: PlanTables) -> None:
    rows = _rows(page, "loads tight")
    counted = ["year", "subject_id", "counted", "number", "standing"]
    assert len(rows) == len(tables.loads.drop_duplicates(counted))
    assert [row[0] for row in rows] == sorted(row[0] for row in rows)
    (wanted,) = [row for row in rows if row[0] == "2020"]  # what the plan of 2017 wants by then
    assert wanted[1:4] == [
        "内蒙古 Inner Mongolia",
        "目标 Target",
        "3,000,000 服务器数 3,000,000 Servers",
    ]
    assert wanted[7] == "nm_bigdata_plan"


def test_a_target_stands_beside_the_sums_of_each_level(page: str, tables: PlanTables) -> None:
    rows = {row[0]: row for row in _rows(page, "targets tight")}
    assert len(rows) == tables.target_checks["figure_id"].nunique()
    servers = rows["服务器装机能力目标，2020年 Server capacity, target for 2020"]
    assert servers[1].startswith("3,000,000")
    # One centre of five tells its servers: 20 000 at Huawei Ulanqab; no zone does.
    assert servers[2] == "– (0/12) 未知 unknown"
    assert servers[4] == "20,000 (1/5) 未知 unknown"


def test_clauses_count_and_name_the_parks_that_fail(tables: PlanTables) -> None:
    parks = tables.layers["parks"].set_index("park_id")[["name_zh", "name_en"]]
    first_id = _ranked(tables)["site_id"].iloc[0]
    checks = tables.rule_checks.copy()
    base = checks["scenario"] == tables.info.scenario
    failing = base & (checks["site_id"] == first_id) & (checks["rule_id"] == "gb50174_railway_a")
    assert failing.sum() == 1
    checks.loc[failing, "verdict"] = "fail"
    page = render_report(tables.with_tables(rule_checks=checks))
    rows = _rows(page, "clauses tight")
    named = {row[0]: after for row, after in pairwise(rows) if len(after) == 1}
    assert named["GB 50174-2017 annex A"] == ["不满足 fail: " + " ".join(parks.loc[first_id])]
    counted = [row for row in rows if len(row) > 1]
    title = tables.scenarios.set_index("scenario").loc["today", "title_en"]
    zones = checks["site_id"].isin(set(tables.scores.query("level == 'zone'")["site_id"]))
    own = counted[: checks.loc[zones & base, "clause"].nunique()]
    assert page.count(title) > render_report(tables.with_tables(rule_checks=checks[base])).count(
        title
    )
    n_failed = [int(row[3].replace("–", "0")) for row in own]
    assert n_failed == sorted(n_failed, reverse=True)
    # Behind the clauses of the base stand those that hold in another year alone.
    further = ~checks["rule_id"].isin(set(checks.loc[base, "rule_id"]))
    for held, shown in ((base, own), (base | further, counted)):
        verdicts = checks[zones & held]["verdict"].value_counts()
        for column, verdict in ((2, "pass"), (3, "fail"), (4, "unknown")):
            counts = [int(row[column].replace("–", "0")) for row in shown]
            assert sum(counts) == verdicts[verdict]


def test_the_report_says_which_clauses_do_not_hold_in_its_year(page: str) -> None:
    """Those of 2011 that the plan of 2017 replaced; those issued later stand under their scenario."""
    assert "按2017年有效的条款核对。" in page
    assert (
        "数据中心集群布局在呼包鄂和赤峰（2011）由大型以上数据中心主要布局在四个园区（2017）取代"
        in page
    )


def test_claims_that_do_not_hold_come_first(page: str, tables: PlanTables) -> None:
    rows = _rows(page, "claims")
    verdicts = [row[1].split()[-1] for row in rows]
    order = {"fails": 0, "partly": 1, "undecided": 2, "holds": 3}
    assert verdicts == sorted(verdicts, key=order.__getitem__)
    assert len(rows) > 4
    counts = tables.claims["verdict"].value_counts()
    assert f"{counts['cannot_be_checked']}项无法核查" in page


def test_a_plan_that_ranks_nothing_has_a_report(tables: PlanTables) -> None:
    empty = ("answers", "robustness", "scenarios", "changes", "costs", "break_evens", "loads")
    bare = tables.with_tables(
        scores=tables.scores.assign(rank=pd.array([None] * len(tables.scores), dtype="Int64")),
        **{
            name: getattr(tables, name).head(0) for name in (*empty, "target_checks", "rule_checks")
        },
    )
    page = render_report(bare)
    for name in ("measures", "loads", "targets", "clauses", "scenarios"):
        assert f'class="{name} tight"' not in page
    assert len(_rows(page, "ranking tight")) > 10


def test_names_and_answers_are_text(tables: PlanTables) -> None:
    probe = {"zh": "<img src=x>", "en": "{{ 6 * 7 }}"}
    named = {f"name_{language}": text for language, text in probe.items()}
    parks = tables.layers["parks"].assign(**named)
    hostile = dataclasses.replace(
        tables,
        layers={**tables.layers, "parks": parks},
        info=dataclasses.replace(tables.info, scenario_zh=probe["zh"], scenario_en=probe["en"]),
    ).with_tables(
        answers=tables.answers.assign(text_zh=probe["zh"], text_en=probe["en"]),
        costs=tables.costs.assign(reason_zh=probe["zh"], reason_en=probe["en"]),
        target_checks=tables.target_checks.assign(**named),
        scenarios=tables.scenarios.assign(title_zh=probe["zh"], title_en=probe["en"]),
    )
    page = render_report(hostile)
    assert "<img" not in page
    for table in ("ranking", "scenarios", "measures", "targets"):
        assert all("<img src=x>" in "".join(row) for row in _rows(page, f"{table} tight"))
    assert "{{ 6 * 7 }}" in page


def test_what_was_not_read_is_told_in_both_languages(page: str, tables: PlanTables) -> None:
    assert "What was left out, or is told as bounds" not in page
    notes = [
        Problem(f"{n}.graphml › nodes", tell("note.counted", n=n, what="<b>"), tell("fix.remove"))
        for n in range(1, 25)
    ]
    told = render_report(dataclasses.replace(tables, read_notes=tuple(notes)))
    assert "What was left out, or is told as bounds" in told
    (listed,) = re.findall(r'<ul class="note">(.*?)</ul>', told, flags=re.DOTALL)
    assert listed.count("<li>") == 21
    assert "and 4 more, told by steppe check" in listed
    assert "<b>" not in listed
    for note in notes[:20]:
        for language in ("zh", "en"):
            assert note.say(language) in unescape(listed)
