"""Where the next cable may run, in the report: what the plan asks, and the routes as a table."""

from __future__ import annotations

from typing import Any

import pandas as pd

from steppe.layers.tables import PlanTables
from steppe.layers.wording import Words, hear, join, pair, tell
from steppe.ranking.number_format import NOTHING, spell, spell_digits

_MILLION = 1e6


def list_questions(tables: PlanTables) -> list[dict[str, Words]]:
    """Return what the plan asks of new routes, and what it came to, in a few words each."""
    lengths_km = tables.layer("proposed_routes").groupby("question_id")["length_km"].sum()
    return [
        {"title": hear("title", row), "text": _shorten(row, lengths_km)}
        for row in tables.route_questions.to_dict("records")
    ]


def _shorten(row: dict[Any, Any], lengths_km: pd.Series) -> Words:
    if not row["n_routes"]:
        return hear("text", row)
    told: list[Words] = [tell("report.route_length", km=float(lengths_km[row["question_id"]]))]
    if pd.notna(row["cost_unit"]):
        told.append(tell("report.route_millions", cost=_tell_cost(row)))
    if row["is_proven"] == "yes":
        told.append(tell("report.route_proven"))
    if row["n_unanswered"]:
        told.append(tell("report.route_unanswered", n=row["n_unanswered"]))
    return join(told)


def list_routes(tables: PlanTables) -> list[dict[str, Any]]:
    """Return the proposed routes in the order of the questions."""
    cables = tables.layer("fibre")
    names = dict(
        zip(cables["cable_id"], map(pair, cables["name_zh"], cables["name_en"]), strict=True)
    )
    return [
        {
            "name": hear("name", row),
            "length": spell(row["length_km"], unit="km"),
            "plain": spell(row["plain_km"], unit="km"),
            "cost": _tell_cost(row),
            "rtt": NOTHING
            if pd.isna(row["rtt_ms"])
            else f"{spell(row['rtt_low_ms'], unit='ms')}–{spell(row['rtt_high_ms'], unit='ms')}",
            "apart": NOTHING
            if pd.isna(row["nearest_km"])
            else spell_digits(row["nearest_km"], 1),
            "beside": None
            if pd.isna(row["beside_id"])
            else tell(
                "report.route_beside_km",
                name=names[row["beside_id"]],
                low=row["beside_low_km"],
                high=row["beside_high_km"],
            ),
            "amplifiers": NOTHING if pd.isna(row["n_amplifiers"]) else row["n_amplifiers"],
            "proven": None
            if pd.isna(row["is_proven"])
            else tell(f"value.{row['is_proven']}"),
        }
        for row in tables.layer("proposed_routes").to_dict("records")
    ]  # fmt: skip


def _tell_cost(row: dict[Any, Any]) -> str:
    if pd.isna(row["cost_unit"]):
        return NOTHING
    low, high = (spell_digits(row[name] / _MILLION, 1) for name in ("cost_low", "cost_high"))
    return f"{low}–{high} {row['cost_unit']}"
