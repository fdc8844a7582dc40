"""The report says what the tables say, one language a file, by names and never by tokens."""

from __future__ import annotations

import dataclasses
import re
from html import unescape
from html.parser import HTMLParser
from itertools import pairwise

import pandas as pd
import pytest
from markupsafe import Markup

from steppe.charts.ranked_places import find_words
from steppe.layers.errors import Problem
from steppe.layers.tables import PlanTables
from steppe.layers.wording import say, tell
from steppe.report import report_page
from steppe.report.report_figures import Drawn
from steppe.report.report_page import render_report


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


LANGUAGES = ("zh", "en")


@pytest.fixture(scope="module")
def pages(tables: PlanTables) -> dict[str, str]:
    return {language: render_report(tables, language) for language in LANGUAGES}


@pytest.fixture(scope="module")
def page(pages: dict[str, str]) -> str:
    return pages["en"]


def test_the_backbone_shows_band_floor_ratio_class_and_routes(
    page: str, tables: PlanTables
) -> None:
    rows = _rows(page, "backbone")
    (hohhot,) = [row for row in rows if row[0] == "Hohhot"]
    trip = tables.latency.set_index(["from_id", "to_id"]).loc[("hohhot", "beijing")]
    band = f"{trip['rtt_low_ms']:.1f}–{trip['rtt_high_ms']:.1f}"
    assert hohhot[1] == f"{trip['rtt_ms']:.1f}* {band}"  # no source names its corridor
    assert hohhot[2] == f"{trip['floor_rtt_ms']:.1f}"
    assert hohhot[3] == f"{trip['rtt_ms'] / trip['floor_rtt_ms']:.2f}"
    met = [each for each in tables.info.classes if trip["rtt_high_ms"] <= each.limit_rtt_ms]
    assert hohhot[4] == met[0].title_en.split(" (")[0]
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
    assert rows[0][1] == worst["name_en"]


def test_published_round_trips_stand_beside_what_is_computed(page: str, tables: PlanTables) -> None:
    rows = _rows(page, "trips")
    assert len(rows) == len(tables.calibration)
    for row in rows:
        published, floor, rule = (float(row[column]) for column in (2, 3, 5))
        assert floor < published
        residual = int(row[6].replace("−", "-").removesuffix(" %"))
        assert residual == pytest.approx(100 * (1 - rule / published), abs=0.6)
    assert "No measured round trip of the region's own pairs is public" in unescape(page)


def test_effective_routes_come_with_their_evidence(page: str, tables: PlanTables) -> None:
    told = unescape(page)
    routes = tables.redundancy.set_index(["from_id", "to_id"]).loc[("hohhot", "beijing")]
    assert routes["reason_en"] in told
    risks = tables.layers["risks"].set_index("risk_id").loc[routes["risk_ids"].split()]
    most = risks["n_cables"].max()
    for _, risk in risks[risks["n_cables"] == most].iterrows():
        assert risk["evidence_en"] in told


def test_names_of_cuts_are_text(tables: PlanTables) -> None:
    cuts = tables.cuts.assign(name_zh="<img src=x>", name_en="{{ 6 * 7 }}")
    hostile = tables.with_tables(cuts=cuts)
    for language, shown in (("zh", "<img src=x>"), ("en", "{{ 6 * 7 }}")):
        page = render_report(hostile, language)
        assert "<img" not in page
        assert _rows(page, "cuts")[0][1] == shown


def _cited(page: str, tables: PlanTables, source_id: str) -> str:
    title = re.escape(tables.sources[source_id].title)
    (number,) = re.findall(rf"<li>(\[\d+\]) {title}", unescape(page))
    return number


def _ranked(tables: PlanTables) -> pd.DataFrame:
    totals = tables.scores.query("criterion == 'total' and level == @tables.info.level")
    return totals.dropna(subset="rank").sort_values(["rank", "site_id"])


def test_every_answer_stands_in_the_files_language_alone(
    pages: dict[str, str], tables: PlanTables
) -> None:
    assert len(tables.answers) >= 6
    # The table of scenarios tells their answer.
    for row in tables.answers.query("question != 'scenarios'").to_dict("records"):
        for language, other in (("zh", "en"), ("en", "zh")):
            told = unescape(pages[language])
            for part in ("title", "text"):
                assert row[f"{part}_{language}"] in told
                assert row[f"{part}_{other}"] not in told


def test_the_ranking_tells_how_sure_each_rank_is(page: str, tables: PlanTables) -> None:
    rows = {row[1].split(" known ")[0]: row for row in _rows(page, "ranking")}
    names = tables.layers["parks"].set_index("park_id")["name_en"]
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
    rows = _rows(page, "scenarios")
    names = tables.layers["parks"].set_index("park_id")["name_en"]
    ranks = tables.changes.query("kind == 'rank'").set_index(["scenario", "id"])["after"]
    base = list(_ranked(tables)["site_id"])
    for row, scenario in zip(rows, tables.scenarios.to_dict("records"), strict=True):
        assert row[0] == scenario["title_en"]
        assert row[2] == names.loc[scenario["first_id"]]
        assert row[-1] == str(scenario["n_changes"])
        then = [
            ranks.get((scenario["scenario"], site), place) for place, site in enumerate(base, 1)
        ]
        assert row[5:-1] == [f"{rank:.0f}" for rank in then[:6]]
    assert rows[0][-1] == "0"  # the base differs from itself in nothing


def test_measures_of_ranked_parks_have_bands_and_sources(page: str, tables: PlanTables) -> None:
    rows = _rows(page, "measures")
    shown = [m for c in tables.info.criteria for m in c.measures if m.in_report]
    names = tables.layers["parks"].set_index("park_id")["name_en"]
    assert [row[0] for row in rows] == list(names.loc[_ranked(tables)["site_id"]])
    first = tables.measures.set_index(["site_id", "measure_id"]).loc[_ranked(tables).iloc[0, 0]]
    for cell, measure in zip(rows[0][1 : 1 + len(shown)], shown, strict=True):
        found = first.loc[measure.measure_id]
        numbers = [float(part.replace(",", "")) for part in re.findall(r"[\d,.]+", cell)]
        known = [found["value"]] + ([found["low"], found["high"]] if len(numbers) > 1 else [])
        assert (len(numbers) > 1) == (found["band"] != "none")
        assert numbers == pytest.approx(known, abs=0.5, rel=0.01)
        assert ("*" in cell) == (found["status"] == "assumed")
        for source_id in found["source_ids"].split():
            assert tables.sources[source_id].title in unescape(page)


def test_a_cost_that_is_not_known_is_a_dash_and_says_why(page: str, tables: PlanTables) -> None:
    rows = _rows(page, "costs")
    costs = tables.costs.set_index(["site_id", "component"])
    ranked = list(_ranked(tables)["site_id"])
    even = tables.break_evens[tables.break_evens["other_id"] == ranked[0]].set_index("site_id")
    for site_id, row in zip(ranked, rows, strict=True):
        energy, known, ratio, energy_price, price = row[1:]
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
    rows = _rows(page, "loads")
    counted = ["year", "subject_id", "counted", "number", "standing"]
    assert len(rows) == len(tables.loads.drop_duplicates(counted))
    assert [row[0] for row in rows] == sorted(row[0] for row in rows)
    (wanted,) = [row for row in rows if row[0] == "2020"]  # what the plan of 2017 wants by then
    assert wanted[1:4] == [
        f"Inner Mongolia {_cited(page, tables, 'nm_bigdata_plan')}",
        "Target",
        "3,000,000 Servers",
    ]


def test_a_target_stands_beside_the_sums_of_each_level(page: str, tables: PlanTables) -> None:
    rows = {row[0].split(" [")[0]: row for row in _rows(page, "targets")}
    assert len(rows) == tables.target_checks["figure_id"].nunique()
    servers = rows["Server capacity, target for 2020"]
    assert servers[1].startswith("3,000,000")
    # One centre of five tells its servers: 20 000 at Huawei Ulanqab; no zone does.
    assert servers[2] == "– (0/12) unknown"
    assert servers[4] == "20,000 (1/5) unknown"


def test_clauses_count_and_name_the_parks_that_fail(tables: PlanTables) -> None:
    parks = tables.layers["parks"].set_index("park_id")["name_en"]
    first_id = _ranked(tables)["site_id"].iloc[0]
    checks = tables.rule_checks.copy()
    base = checks["scenario"] == tables.info.scenario
    failing = base & (checks["site_id"] == first_id) & (checks["rule_id"] == "gb50174_railway_a")
    assert failing.sum() == 1
    checks.loc[failing, "verdict"] = "fail"
    page = render_report(tables.with_tables(rule_checks=checks), "en")
    rows = _rows(page, "clauses")
    named = {row[0]: after for row, after in pairwise(rows) if len(after) == 1}
    (label,) = [each for each in named if "GB 50174-2017 annex A" in each]
    assert named[label] == [f"fail: {parks.loc[first_id]}"]
    counted = [row for row in rows if len(row) > 1]
    title = tables.scenarios.set_index("scenario").loc["today", "title_en"]
    zones = checks["site_id"].isin(set(tables.scores.query("level == 'zone'")["site_id"]))
    own = counted[: checks.loc[zones & base, "clause"].nunique()]
    base_alone = render_report(tables.with_tables(rule_checks=checks[base]), "en")
    assert page.count(title) > base_alone.count(title)
    n_failed = [int(row[3].replace("–", "0")) for row in own]
    assert n_failed == sorted(n_failed, reverse=True)
    # Behind the clauses of the base stand those that hold in another year alone.
    further = ~checks["rule_id"].isin(set(checks.loc[base, "rule_id"]))
    for held, shown in ((base, own), (base | further, counted)):
        verdicts = checks[zones & held]["verdict"].value_counts()
        for column, verdict in ((2, "pass"), (3, "fail"), (4, "unknown")):
            counts = [int(row[column].replace("–", "0")) for row in shown]
            assert sum(counts) == verdicts[verdict]


def test_the_report_says_which_clauses_do_not_hold_in_its_year(pages: dict[str, str]) -> None:
    """Those of 2011 that the plan of 2017 replaced; those issued later stand under their scenario."""
    page = pages["zh"]
    assert "按2017年有效的条款核对。" in page
    assert (
        "数据中心集群布局在呼包鄂和赤峰（2011）由大型以上数据中心主要布局在四个园区（2017）取代"
        in page
    )


def test_claims_that_do_not_hold_come_first(page: str, tables: PlanTables) -> None:
    rows = _rows(page, "claims")
    verdicts = [row[1] for row in rows]
    order = {"fails": 0, "partly": 1, "undecided": 2, "holds": 3}
    assert verdicts == sorted(verdicts, key=order.__getitem__)
    assert len(rows) > 4
    counts = tables.claims["verdict"].value_counts()
    assert f"{counts['cannot_be_checked']} cannot be checked" in page


def test_a_plan_that_ranks_nothing_has_a_report(tables: PlanTables) -> None:
    empty = ("answers", "robustness", "scenarios", "changes", "costs", "break_evens", "loads")
    bare = tables.with_tables(
        scores=tables.scores.assign(rank=pd.array([None] * len(tables.scores), dtype="Int64")),
        **{
            name: getattr(tables, name).head(0) for name in (*empty, "target_checks", "rule_checks")
        },
    )
    page = render_report(bare, "en")
    for name in ("measures", "costs", "loads", "targets", "clauses", "scenarios"):
        assert f'class="{name}"' not in page
    assert len(_rows(page, "ranking")) > 10


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
    for language, shown in probe.items():
        page = render_report(hostile, language)
        assert "<img" not in page
        assert probe[{"zh": "en", "en": "zh"}[language]] not in unescape(page)
        for table in ("ranking", "scenarios", "measures", "costs", "targets"):
            assert all(shown in "".join(row) for row in _rows(page, table))


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_was_not_read_is_told(
    pages: dict[str, str], tables: PlanTables, language: str
) -> None:
    head = say(find_words("report.notes"), language)
    assert head not in pages[language]
    notes = [
        Problem(f"{n}.graphml › nodes", tell("note.counted", n=n, what="<b>"), tell("fix.remove"))
        for n in range(1, 25)
    ]
    told = render_report(dataclasses.replace(tables, read_notes=tuple(notes)), language)
    (listed,) = re.findall(rf"<h3>{head}</h3>\s*<ul>(.*?)</ul>", told, flags=re.DOTALL)
    assert listed.count("<li>") == 21
    assert tell("report.more_notes", n=4).say(language) in listed
    assert "<b>" not in listed
    for note in notes[:20]:
        assert note.say(language) in unescape(listed)


class _Seen(HTMLParser):
    """Gathers what a reader sees, and what is told to who does not see."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._hidden = False
        self.feed(page)

    def handle_starttag(self, tag, _attrs) -> None:
        self._hidden |= tag == "style"

    def handle_endtag(self, tag) -> None:
        self._hidden &= tag != "style"

    def handle_data(self, data) -> None:
        if not self._hidden:
            self.texts.append(data)


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_stand_where_tokens_would(pages: dict[str, str], language: str) -> None:
    """Of the old report 63 were to be seen, as `price_cny_kwh`."""
    seen = "\n".join(_Seen(pages[language]).texts)
    assert re.findall(r"[a-z0-9]+_[a-z0-9_]+", seen) == []


def test_a_page_in_english_has_chinese_in_what_it_cites_alone(
    pages: dict[str, str], tables: PlanTables
) -> None:
    body = unescape(pages["en"].partition('<ol class="sources">')[0])
    for row in tables.rules.to_dict("records"):
        if isinstance(row["clause"], str):  # some documents have a number in Chinese alone
            body = body.replace(row["clause"], "")
    assert re.findall(r"[\u4e00-\u9fff]+", body) == []


def test_sources_are_told_once_by_number(pages: dict[str, str], tables: PlanTables) -> None:
    for page in pages.values():
        body, _, listed = page.partition('<ol class="sources">')
        numbers = [int(number) for number in re.findall(r"<li>\[(\d+)\]", listed)]
        assert numbers == list(range(1, len(tables.sources) + 1))
        cited = {int(one) for each in re.findall(r"\[([\d, ]+)\]", body) for one in each.split(",")}
        assert cited == set(range(1, max(cited) + 1))
        assert len(cited) > 10


def test_charts_are_told_to_who_does_not_see_them(pages: dict[str, str]) -> None:
    for language, page in pages.items():
        charts = re.findall(r'<svg class="chart" role="img" aria-labelledby="([^"]+)"', page)
        assert len(charts) == 11
        for ids in charts:
            for one in ids.split():
                assert page.count(f'id="{one}"') == 1
        has_han = [
            bool(re.search("[\u4e00-\u9fff]", t))
            for t in re.findall(r"<desc[^>]*>(.*?)</desc>", page)
        ]
        assert has_han == [language == "zh"] * 11


def test_the_report_needs_nothing_from_outside(pages: dict[str, str]) -> None:
    for page in pages.values():
        assert "default-src 'none'" in page
        assert re.findall(r"<(script|link|img|use|image|iframe)\b|\bhref=|url\(", page) == []


HEADS = {
    "network": "report.network",
    "backbone": "report.backbone",
    "cuts": "report.cuts",
    "trips": "report.calibration",
    "loads": "table.loads",
    "targets": "table.target_checks",
    "clauses": "table.rule_checks",
    "claims": "report.claims",
    "assumptions": "table.assumptions",
    "spread": "table.spread",
    "costs": "report.costs",
    "sure": "report.part_sure",
    "limits": "report.part_limits",
    "load": "report.part_cost",
    "scenarios": "report.side_by_side",
}
# What is taken from the plan, and the sections that then are not printed.
LACKS = [
    (("calibration",), {"trips"}),
    (("cuts",), {"cuts"}),
    (("redundancy", "latency", "cuts", "calibration"), {"network", "backbone", "cuts", "trips"}),
    (("loads", "target_checks"), {"loads", "targets"}),
    (("rule_checks",), {"clauses"}),
    (("claims",), {"claims"}),
    (("assumptions", "spread"), {"assumptions", "spread"}),
    (("costs", "break_evens"), {"costs"}),
    (("scenarios", "changes"), {"scenarios"}),
]


@pytest.mark.parametrize(("taken", "gone"), LACKS, ids=["-".join(each) for each, _ in LACKS])
def test_a_section_without_content_is_not_printed(
    pages: dict[str, str], tables: PlanTables, monkeypatch, taken, gone
) -> None:
    # The charts of what is left are drawn by tests of their own.
    drawn = set(re.findall(r'aria-labelledby="chart-(\w+)-title', pages["en"]))
    absent = {
        "cuts": {"cuts"},
        "redundancy": {"routes", "trips"},
        "costs": {"costs"},
        "assumptions": {"tornado"},
    }
    drawn -= {each for name in taken for each in absent.get(name, ())}
    monkeypatch.setattr(
        report_page,
        "draw_figures",
        lambda *_: {name: Drawn(Markup("<i></i>"), 50.0) for name in drawn},
    )
    bare = tables.with_tables(**{name: getattr(tables, name).head(0) for name in taken})
    told = re.findall(r"<h[23]>(.*?)</h[23]>", render_report(bare, "en"), flags=re.DOTALL)
    heads = {
        unescape(re.sub(r"<small>.*|: .*", "", each, flags=re.DOTALL)).strip() for each in told
    }
    shown = {name for name, key in HEADS.items() if say(find_words(key), "en") in heads}
    assert shown == set(HEADS) - gone
