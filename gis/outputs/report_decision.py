"""The first sheet of the report: which park is first, how sure that is, and what else could be."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from steppe.layers.columns import RULE_VERDICTS
from steppe.layers.tables import PlanTables
from steppe.layers.wording import Texts, Words, hear, pair, tell
from steppe.measures.request_table import TOTAL
from steppe.outputs.report_names import find_words, name_places, order_totals
from steppe.ranking.number_format import NOTHING, spell_digits, spell_range, spell_share

_BAR_MM = 8.0
_SPREAD_MM = 22.0
_N_SWINGS = 5


@dataclass(frozen=True)
class RankingRow:
    """One park as the ranking shows it: everything but the coverage is spelled."""

    rank: str
    name: Texts
    total: str
    bar_mm: str
    coverage: float
    at_values: str
    first_share: str
    first_assumed: str
    rank_range: str
    topsis_rank: str
    criteria: tuple[str, ...]
    checks: str
    excluded_by: str
    request: Texts | None


def _spell_share(share: float) -> str:
    return f"{spell_share(share)} %"


def _spell_whole(value: Any) -> str:
    return NOTHING if pd.isna(value) else f"{value:.0f}"


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
    values = tables.scores.set_index(["site_id", "criterion"])["value"].to_dict()
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
        value = 0.0 if pd.isna(total["value"]) else float(total["value"])
        rows.append(
            RankingRow(
                rank=_spell_whole(total["rank"]),
                name=names[site_id],
                total=spell_digits(total["value"], 3),
                bar_mm=f"{_BAR_MM * value:.2f}",
                coverage=float(total["coverage"]),
                **_sureness(robust.get(site_id)),
                criteria=tuple(
                    spell_digits(values[(site_id, criterion.name)], 2)
                    for criterion in tables.info.criteria
                ),
                checks="/".join(str(verdicts.get((site_id, each), 0)) for each in RULE_VERDICTS),
                request=requests.get(site_id),
                excluded_by="" if pd.isna(total["excluded_by"]) else str(total["excluded_by"]),
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


def list_answers(tables: PlanTables) -> list[dict[str, Words]]:
    """Return the questions and their answers in order, contract `ANSWERS`."""
    rows = tables.answers.sort_values("place").to_dict("records")
    return [{"title": hear("title", row), "text": hear("text", row)} for row in rows]


@dataclass(frozen=True)
class Swing:
    """What an assumed number does to the lead: words, and places on its bar in percent.

    `lost` is the stretch on which another park is first, `kept` the other one: where each
    begins, and how wide it is.
    """

    title: Words
    reach: str
    ends: str
    rival: Texts | None
    lost: tuple[str, str]
    kept: tuple[str, str]
    nil: str
    now: str


def list_swings(tables: PlanTables) -> list[Swing]:
    """Return the assumed numbers that move the lead most, each moved alone over its range."""
    names = name_places(tables, layers=("parks",))
    table = tables.assumptions.dropna(subset=["lead_low", "lead_high"]).sort_values("place")
    moving = (table["lead_low"] != table["lead"]) | (table["lead_high"] != table["lead"])
    rows = table[moving].head(_N_SWINGS).to_dict("records")
    leads = [0.0, *(row[name] for row in rows for name in ("lead", "lead_low", "lead_high"))]
    least, most = min(leads), max(leads)

    def place(lead: float) -> str:
        return f"{100 * (lead - least) / (most - least):.1f}"

    def stretch(start: float, end: float) -> tuple[str, str]:
        return place(start), f"{100 * max(end - start, 0.0) / (most - least):.1f}"

    found = []
    for row in rows:
        ends = row["lead"], row["lead_low"], row["lead_high"]
        scale, unit = (100, " %") if row["kind"] in ("weight", "share") else (1, _spell_unit(row))
        found.append(
            Swing(
                hear("title", row),
                f"{spell_range(_spell(scale * row['low']), _spell(scale * row['high']))}{unit}",
                f"{row['lead_low']:+.3f} … {row['lead_high']:+.3f}".replace("-", "−"),
                names.get(row["new_first_id"]),
                stretch(min(ends), min(max(ends), 0.0)),
                stretch(max(min(ends), 0.0), max(ends)),
                place(0.0),
                place(row["lead"]),
            )
        )
    return found


def _spell(number: float) -> str:
    return f"{number:,.4f}".rstrip("0").rstrip(".").replace(",", "\u2009")


def _spell_unit(row: dict[Hashable, Any]) -> str:
    return "" if row["unit"] == "1" else f" {row['unit']}"


@dataclass(frozen=True)
class Part:
    """What a measure makes of the spread of the totals, its bar in mm, and its weight."""

    title: Texts
    share_mm: str
    share: str
    weight: str


def list_spread(tables: PlanTables) -> list[Part]:
    """Return the scored measures, the one that sets the parks apart most first."""
    titles = {
        measure.measure_id: pair(measure.title_zh, measure.title_en)
        for criterion in tables.info.criteria
        for measure in criterion.measures
    }
    table = tables.spread.dropna(subset=["share"]).sort_values("share", ascending=False)
    most = table["share"].max()
    return [
        Part(
            titles[row["measure_id"]],
            f"{_SPREAD_MM * max(row['share'], 0.0) / most:.1f}",
            _spell_share(row["share"]),
            _spell_share(row["weight"]),
        )
        for row in table.to_dict("records")
    ]


def compare_scenarios(tables: PlanTables) -> list[dict[str, Any]]:
    """Return for each scenario its first park, how often that is first, and how much it changes."""
    names = name_places(tables, layers=("parks",))
    moved = tables.changes.loc[tables.changes["kind"] == "rank", "scenario"]
    return [
        {
            "title": pair(row["title_zh"], row["title_en"]),
            "year": row["year"],
            "first": names.get(row["first_id"]),
            "score": spell_digits(row["score"], 3),
            "share": NOTHING if pd.isna(row["first_share"]) else _spell_share(row["first_share"]),
            "n_changes": row["n_changes"],
            "n_moves": int((moved == row["scenario"]).sum()),
        }
        for row in tables.scenarios.to_dict("records")
    ]
