"""The decision in the report: which park is first, how sure that is, and what else could be."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from steppe.charts.assumption_chart import pick_swings, spell_reach
from steppe.charts.ranked_places import find_words, list_ranked, name_places, order_totals
from steppe.layers.columns import RULE_VERDICTS
from steppe.layers.tables import PlanTables
from steppe.layers.wording import Joined, Texts, Words, hear, join, pair, tell
from steppe.measures.request_table import TOTAL
from steppe.ranking.number_format import (
    NOTHING,
    spell_digits,
    spell_range,
    spell_share,
)

_MOST_SWINGS = 12
_MOST_COMPARED = 6
_SHORT = ("first", "sure", "why", "change")  # the questions that stand on the first page
_APART = ("cost", "scenarios")
_VERDICTS = ("can", "may", "cannot", "unknown")


@dataclass(frozen=True)
class RankingRow:
    """One park as the ranking shows it: everything but the coverage is spelled."""

    rank: str
    name: Texts
    total: str
    coverage: float
    at_values: str
    first_share: str
    first_assumed: str
    rank_range: str
    topsis_rank: str
    criteria: tuple[tuple[str, str], ...]
    checks: str
    excluded_by: Joined
    request: Texts | None


def _spell_share(share: float) -> str:
    return f"{spell_share(share)} %"


def _spell_whole(value: Any) -> str:
    return NOTHING if pd.isna(value) else f"{value:.0f}"


def _spell_part(found: dict[Hashable, Any]) -> tuple[str, str]:
    """Return the value of a criterion and its band."""
    ends = [found["low"], found["high"]]
    band = "" if any(pd.isna(end) for end in ends) else spell_range(*(f"{end:.2f}" for end in ends))
    return spell_digits(found["value"], 2), band


def _sureness(robust: dict[Hashable, Any] | None) -> dict[str, str]:
    """Return how sure the rank of a park is; dashes for a park without one."""
    if robust is None:
        names = ("at_values", "first_share", "first_assumed", "rank_range", "topsis_rank")
        return dict.fromkeys(names, NOTHING)
    assumed = robust["first_share_assumed"]
    return {
        "at_values": spell_digits(robust["at_values"], 3),
        "first_assumed": NOTHING if pd.isna(assumed) else _spell_share(assumed),
        "first_share": _spell_share(robust["first_share"]),
        "rank_range": spell_range(robust["low_rank"], robust["high_rank"]),
        "topsis_rank": str(robust["topsis_rank"]),
    }


def rank_parks(tables: PlanTables) -> list[RankingRow]:
    """Return the parks of the ranked level: those with a rank by rank, then the others."""
    names = name_places(tables, layers=("parks",))
    values = tables.scores.set_index(["site_id", "criterion"]).to_dict("index")
    rules = {
        row["rule_id"]: pair(row["name_zh"], row["name_en"])
        for row in tables.rules.to_dict("records")
    }
    robust = {row["site_id"]: row for row in tables.robustness.to_dict("records")}
    checks = tables.rule_checks[tables.rule_checks["scenario"] == tables.info.scenario]
    verdicts = checks.groupby(["site_id", "verdict"]).size().to_dict()
    told = tables.requests[tables.requests["test"] == TOTAL]
    requests = {
        site_id: find_words(f"value.{verdict}")
        for site_id, verdict in zip(told["site_id"], told["verdict"], strict=True)
    }
    rows = []
    for total in order_totals(tables).to_dict("records"):
        site_id = total["site_id"]
        rows.append(
            RankingRow(
                rank=_spell_whole(total["rank"]),
                name=names[site_id],
                total=spell_digits(total["value"], 3),
                coverage=float(total["coverage"]),
                **_sureness(robust.get(site_id)),
                criteria=tuple(
                    _spell_part(values[(site_id, criterion.name)])
                    for criterion in tables.info.criteria
                ),
                checks="/".join(str(verdicts.get((site_id, each), 0)) for each in RULE_VERDICTS),
                request=requests.get(site_id),
                excluded_by=join(
                    rules.get(each, each)
                    for each in (
                        "" if pd.isna(total["excluded_by"]) else total["excluded_by"]
                    ).split()
                ),
            )
        )
    return rows


def tell_request(tables: PlanTables) -> Words | None:
    """Return what the verdicts on the request speak of; None where a plan asks for nothing."""
    if tables.requests.empty:
        return None
    wanted = tables.requests.iloc[0]
    if pd.isna(wanted["wanted_year"]):
        return tell("report.request_load", mw=float(wanted["demand_mw"]))
    return tell("report.request_by", mw=float(wanted["demand_mw"]), year=int(wanted["wanted_year"]))


def group_requests(tables: PlanTables) -> list[tuple[Words, Words]]:
    """Return for each verdict on the request the parks of the ranked level that get it."""
    names = name_places(tables, layers=("parks",))
    told = tables.requests[tables.requests["test"] == TOTAL].set_index("site_id")["verdict"]
    level = [site_id for site_id in order_totals(tables)["site_id"] if site_id in told.index]
    groups = [(each, [site for site in level if told[site] == each]) for each in _VERDICTS]
    return [
        (
            tell(f"report.verdict_{verdict}"),
            tell("report.n_parks", n=len(sites))
            if verdict == "unknown"
            else join((names[site] for site in sites), "join.semicolon"),
        )
        for verdict, sites in groups
        if sites
    ]


def list_answers(tables: PlanTables) -> dict[str, list[dict[str, Words]]]:
    """Return questions and their answers in order, contract `ANSWERS`, by where they stand.

    Returns
    -------
    dict
        `short`: those of the first page; `cost`: what stands beside the costs; `scenarios`: what
        the table of scenarios tells too; `more`: the others.
    """
    found: dict[str, list[dict[str, Words]]] = {name: [] for name in ("short", "more", *_APART)}
    for row in tables.answers.sort_values("place").to_dict("records"):
        question = str(row["question"])
        place = "short" if question in _SHORT else question if question in _APART else "more"
        found[place].append({"title": hear("title", row), "text": hear("text", row)})
    return found


@dataclass(frozen=True)
class Swing:
    """What an assumed number does to the lead: its range, the lead at both ends, who leads then."""

    title: Words
    reach: str
    ends: str
    rival: Texts | None


def list_swings(tables: PlanTables) -> list[Swing]:
    """Return the assumed numbers that move the lead most, each moved alone over its range."""
    names = name_places(tables, layers=("parks",))
    return [
        Swing(
            hear("title", row),
            spell_reach(row),
            f"{row['lead_low']:+.3f} … {row['lead_high']:+.3f}".replace("-", "−"),
            names.get(row["new_first_id"]),
        )
        for row in pick_swings(tables, most=_MOST_SWINGS).to_dict("records")
    ]


@dataclass(frozen=True)
class Part:
    """What a measure makes of the spread of the totals, and its weight."""

    title: Texts
    share: str
    weight: str


def list_spread(tables: PlanTables) -> list[Part]:
    """Return the scored measures, the one that sets the parks apart most first."""
    titles = {
        measure.measure_id: pair(measure.title_zh, measure.title_en)
        for criterion in tables.info.criteria
        for measure in criterion.measures
    }
    table = tables.spread.dropna(subset=["share"]).sort_values(
        "share", ascending=False, kind="stable"
    )
    return [
        Part(
            titles[row["measure_id"]],
            _spell_share(row["share"]).replace("-", "−"),
            _spell_share(row["weight"]),
        )
        for row in table.to_dict("records")
    ]


def compare_scenarios(tables: PlanTables) -> dict[str, Any]:
    """Return the scenarios side by side.

    Returns
    -------
    dict
        `parks`: names of the first parks of the base; `rows`: for each scenario its first park,
        how often that is first, how much it changes, and the rank of each of `parks`.
    """
    names = name_places(tables, layers=("parks",))
    totals = order_totals(tables).set_index("site_id")["rank"]
    parks = list_ranked(tables)[:_MOST_COMPARED]
    moved = tables.changes[tables.changes["kind"] == "rank"]
    after = moved.set_index(["scenario", "id"])["after"].to_dict()
    rows = [
        {
            "title": pair(row["title_zh"], row["title_en"]),
            "year": row["year"],
            "first": names.get(row["first_id"]),
            "score": spell_digits(row["score"], 3),
            "share": NOTHING if pd.isna(row["first_share"]) else _spell_share(row["first_share"]),
            "n_changes": row["n_changes"],
            "n_moves": int((moved["scenario"] == row["scenario"]).sum()),
            "ranks": [
                _rank_then(totals[site], after.get((row["scenario"], site), totals[site]))
                for site in parks
            ],
        }
        for row in tables.scenarios.to_dict("records")
    ]
    return {"parks": [names[site] for site in parks], "rows": rows}


def _rank_then(before: Any, then: Any) -> tuple[str, bool]:
    """Return a rank, and whether it is another than in the base."""
    return _spell_whole(then), bool(pd.isna(then) or then != before)
