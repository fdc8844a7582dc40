"""Site sheets: what a plan says of one park, on one page."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from steppe.charts.network_charts import name_class
from steppe.charts.ranked_places import find_words, list_ranked, name_places, order_totals
from steppe.charts.region_map import draw_region
from steppe.charts.sheet import render_svg
from steppe.layers.columns import COST_COMPONENTS
from steppe.layers.contracts.proposals import PROPOSED
from steppe.layers.errors import InputError, Problem
from steppe.layers.tables import PlanTables
from steppe.layers.wording import Words, hear, join, pair, say, tell
from steppe.measures.request_table import TOTAL
from steppe.ranking.number_format import (
    NOTHING,
    spell,
    spell_band,
    spell_digits,
    spell_range,
    spell_share,
)
from steppe.report.report_decision import tell_request
from steppe.report.report_names import SourceNumbers
from steppe.report.report_template import render

ALL = "all"
_MOST_MEASURES = 14
_MOST_RULES = 5
_MOST_TARGETS = 9


def pick_sites(tables: PlanTables, asked: Sequence[str]) -> list[str]:
    """Return the parks that sheets are asked of, each once.

    Parameters
    ----------
    tables
        The plan's tables.
    asked
        Ids of parks and of proposed sites, or `all`: the ranked parks by rank, then the other
        parks, then what is proposed.

    Raises
    ------
    InputError
        For a park that is not there.
    """
    known = [str(each) for each in tables.layer("parks")["park_id"]]
    known += [str(each) for each in tables.layer("proposed_sites")["site_id"]]
    refuse_strangers(asked, known)
    ranked = list_ranked(tables)
    every = [*ranked, *(each for each in known if each not in ranked)]
    wanted = every if ALL in asked else asked
    return list(dict.fromkeys(wanted))


def refuse_strangers(asked: Iterable[str], known: Sequence[str]) -> None:
    """Refuse what is asked for and neither known nor `all`.

    Raises
    ------
    InputError
        With some of what is known.
    """
    for each in asked:
        if each != ALL and each not in known:
            what = tell("fault.option.site", value=each)
            fix = tell("fix.one_of", known=join([*known[:40], ALL]))
            raise InputError(Problem("--site", what, fix))


def render_sheets(tables: PlanTables, language: str, sites: Sequence[str]) -> str:
    """Return the sheets of some parks as one self-contained HTML page, a page of A4 for each.

    Parameters
    ----------
    tables
        The plan's tables.
    language
        One of `steppe.layers.wording.find_languages`.
    sites
        Ids of parks, see `pick_sites`.

    Raises
    ------
    InputError
        For a park that is not there.
    """
    parks = set(tables.layer("parks")["park_id"])
    sheets = [
        _gather(tables if site_id in parks else _of_proposed(tables), site_id, language)
        for site_id in pick_sites(tables, sites)
    ]
    return render(
        "site_sheets.html",
        language,
        SourceNumbers(tables),
        info=tables.info,
        request_of=tell_request(tables) or "",
        sheets=sheets,
    )


def _of_proposed(tables: PlanTables) -> PlanTables:
    """Return the plan with the proposed sites for its parks, and all else as it is."""
    assert tables.proposed is not None
    own, layers = tables.proposed, {**tables.layers}
    layers["parks"] = own.layers["parks"]
    empty = {name: tables.tables[name].iloc[:0] for name in ("robustness", "explanations")}
    names = ("measures", "scores", "latency", "rule_checks", "requests", "costs")
    found = {name: own.tables[name] for name in names}
    return replace(tables, layers=layers).with_tables(**found, **empty)


def _gather(tables: PlanTables, site_id: str, language: str) -> dict[str, Any]:
    """Return what the sheet of one park holds."""
    parks = tables.layer("parks").set_index("park_id")
    park = parks.loc[site_id].to_dict()
    point = parks.geometry.loc[site_id].centroid
    names = name_places(tables)
    is_proposed = site_id in set(tables.layer("proposed_sites")["site_id"])
    figure = draw_region(tables, language=language, width_mm=104.0, height_mm=54.0, around=site_id)
    return {
        "name": names[site_id],
        "numbers": SourceNumbers(tables),
        "park": park | ({"level": PROPOSED, "status": PROPOSED} if is_proposed else {}),
        "place": f"{point.x:.4f}° E, {point.y:.4f}° N",
        "source_ids": park["source_id"],
        "map": ""
        if figure is None
        else render_svg(
            figure,
            key=f"map-{list(parks.index).index(site_id)}",
            title=say(names[site_id], language),
            description=tell("chart.text_map").say(language),
        ),
        "verdict": _tell_proposed(tables, site_id) or _tell_verdict(tables, site_id),
        "criteria": _list_criteria(tables, site_id),
        "measures": _list_measures(tables, site_id),
        "trips": _list_trips(tables, site_id),
        "request": _list_request(tables, site_id),
        "costs": _list_costs(tables, site_id),
        "rules": _list_rules(tables, site_id),
        "lifts": _list_lifts(tables, site_id),
    }


def _tell_proposed(tables: PlanTables, site_id: str) -> list[Words]:
    """Return what is said first of a proposed site; nothing of a park."""
    sites = tables.layer("proposed_sites").set_index("site_id")
    if site_id not in sites.index:
        return []
    site = sites.loc[site_id].to_dict()
    told: list[Words] = [find_words("page.proposed_warning"), hear("reason", site)]
    if pd.notna(site["low_rank"]):
        ranks = spell_range(site["low_rank"], site["high_rank"])
        told.append(tell("sheet.proposed_ranks", ranks=ranks, n=site["n_compared"]))
    return told


def _tell_verdict(tables: PlanTables, site_id: str) -> list[Words]:
    """Return in three lines where the park stands, why, and what would change it."""
    totals = order_totals(tables).set_index("site_id").to_dict("index")
    robust = tables.robustness.set_index("site_id").to_dict("index")
    found = totals.get(site_id)
    first: Words
    if found is None:
        first = tell("sheet.other_level")
    elif pd.isna(found["rank"]):
        first = tell("sheet.not_ranked", known=100 * float(found["coverage"]))
    elif site_id in robust:
        row = robust[site_id]
        first = tell(
            "sheet.ranked",
            rank=int(found["rank"]),
            n=len(list_ranked(tables)),
            score=spell_digits(found["value"], 3),
            ranks=spell_range(row["low_rank"], row["high_rank"]),
            share=spell_share(float(row["first_share"])),
        )
    else:
        first = tell(
            "sheet.ranked_only",
            rank=int(found["rank"]),
            n=len(list_ranked(tables)),
            score=spell_digits(found["value"], 3),
        )
    why = [
        tell(f"sheet.{kind}", what=join((hear("text", row) for row in rows), "join.semicolon"))
        for kind in ("lifted", "held")
        if (rows := _explain(tables, site_id, kind)[:2])
    ]
    climb = _explain(tables, site_id, "climb")
    lines: list[Words] = [first]
    if why:
        lines.append(join(why, "join.sentence"))
    if climb:
        lines.append(tell("sheet.climb", what=hear("text", climb[0])))
    return lines


def _explain(tables: PlanTables, site_id: str, kind: str) -> list[dict[Hashable, Any]]:
    table = tables.explanations
    found = table[(table["site_id"] == site_id) & (table["kind"] == kind)]
    return found.sort_values("place").to_dict("records")


def _list_criteria(tables: PlanTables, site_id: str) -> list[dict[str, Any]]:
    values = tables.scores.set_index(["site_id", "criterion"]).to_dict("index")
    rows = [
        (each.name, pair(each.title_zh, each.title_en), f"{100 * each.weight:.0f} %")
        for each in tables.info.criteria
    ]
    rows.append(("total", find_words("field.score"), ""))
    told = []
    for name, title, weight in rows:
        found = values.get((site_id, name))
        if found is None:
            continue
        is_banded = not (pd.isna(found["low"]) or pd.isna(found["high"]))
        told.append(
            {
                "title": title,
                "weight": weight,
                "value": spell_digits(found["value"], 3 if name == "total" else 2),
                "band": f"{found['low']:.2f}–{found['high']:.2f}" if is_banded else "",
            }
        )
    return told


def _list_measures(tables: PlanTables, site_id: str) -> list[dict[str, Any]]:
    """Return what was measured: what is scored or shown first, then the rest that is known."""
    found = (
        tables.measures[tables.measures["site_id"] == site_id]
        .set_index("measure_id")
        .to_dict("index")
    )
    measures = [each for criterion in tables.info.criteria for each in criterion.measures]
    shown = [each for each in measures if each.weight > 0 or each.in_report]
    rest = [each for each in measures if each not in shown]
    known = [
        each
        for each in rest
        if found.get(each.measure_id, {}).get("status", "unknown") != "unknown"
    ]
    rows = []
    for measure in [*shown, *known][:_MOST_MEASURES]:
        row = found.get(measure.measure_id)
        if row is None:
            continue
        is_known = row["status"] != "unknown"
        text = hear("text", row)
        number: Words = (
            spell(row["value"], unit=measure.unit) if pd.notna(row["value"]) else text or NOTHING
        )
        rows.append(
            {
                "title": pair(measure.title_zh, measure.title_en),
                "unit": "" if measure.unit == "1" else measure.unit,
                "value": number if is_known else find_words("report.unknown"),
                "band": spell_band(row["low"], row["high"], unit=measure.unit)
                if row["band"] != "none"
                else "",
                "status": row["status"],
                "source_ids": row["source_ids"],
            }
        )
    return rows


def _list_trips(tables: PlanTables, site_id: str) -> list[dict[str, Any]]:
    """Return the round trips to the targets, the first one first."""
    names = name_places(tables, layers=("nodes",))
    order = {each: place for place, each in enumerate(tables.info.targets)}
    table = tables.latency[
        (tables.latency["from_id"] == site_id)
        & tables.latency["to_id"].isin(order)
        & (tables.latency["status"] != "unknown")
    ]
    rows = sorted(table.to_dict("records"), key=lambda row: order[row["to_id"]])
    return [
        {
            "name": names.get(row["to_id"], ""),
            "rtt": spell(row["rtt_ms"], unit="ms"),
            "band": spell_band(row["rtt_low_ms"], row["rtt_high_ms"], unit="ms"),
            "floor": spell(row["floor_rtt_ms"], unit="ms"),
            "met": name_class(tables, row["class_id"]),
        }
        for row in rows[:_MOST_TARGETS]
    ]


def _list_request(tables: PlanTables, site_id: str) -> dict[str, Any] | None:
    """Return the verdict on the request, and the tests that keep it from a plain yes."""
    rows = tables.requests[tables.requests["site_id"] == site_id].to_dict("records")
    total = [row for row in rows if row["test"] == TOTAL]
    if not total:
        return None
    return {
        "verdict": total[0]["verdict"],
        "words": tell(f"report.verdict_{total[0]['verdict']}"),
        "tests": [
            {
                "title": find_words(f"value.request_{row['test']}"),
                "words": find_words(f"value.{row['verdict']}"),
                "why": hear("reason", row),
            }
            for row in rows
            if row["test"] != TOTAL and row["verdict"] != "can"
        ],
    }


def _list_costs(tables: PlanTables, site_id: str) -> list[dict[str, Any]]:
    """Return what of the cost is known, millions of CNY for a usable megawatt and year."""
    found = tables.costs[tables.costs["site_id"] == site_id].set_index("component").to_dict("index")
    return [
        {
            "title": find_words(f"report.cost_{each}"),
            "value": spell_digits(row["cost_cny_mw_year"] / 1e6, 2),
            "band": spell_range(
                *(f"{row[f'{end}_cny_mw_year'] / 1e6:.2f}" for end in ("low", "high"))
            )
            if row["band"] != "none"
            else "",
            "source_ids": row["source_ids"],
        }
        for each in COST_COMPONENTS
        if each not in ("known", "total")
        and (row := found.get(each))
        and pd.notna(row["cost_cny_mw_year"])
    ]


def _list_rules(tables: PlanTables, site_id: str) -> dict[str, Any]:
    """Return which rules the park fails, and how many pass or are open."""
    checks = tables.rule_checks
    own = checks[(checks["site_id"] == site_id) & (checks["scenario"] == tables.info.scenario)]
    names = {
        row["rule_id"]: pair(row["name_zh"], row["name_en"])
        for row in tables.rules.to_dict("records")
    }
    failed = own[own["verdict"] == "fail"].to_dict("records")
    unknown = own[own["verdict"] == "unknown"].to_dict("records")
    return {
        "n": len(own),
        "passed": int((own["verdict"] == "pass").sum()),
        "failed": [
            {"name": names.get(row["rule_id"], ""), "why": hear("reason", row)}
            for row in failed[:_MOST_RULES]
        ],
        "n_unknown": len(unknown),
        "unknown": join(
            (names[row["rule_id"]] for row in unknown[:_MOST_RULES] if row["rule_id"] in names),
            "join.semicolon",
        ),
    }


def _list_lifts(tables: PlanTables, site_id: str) -> list[Words]:
    rows = [*_explain(tables, site_id, "climb"), *_explain(tables, site_id, "survey")]
    return [hear("text", row) for row in rows[:3]]
