"""The network in the report: the backbone, what its cables share, and what cuts it."""

from __future__ import annotations

from typing import Any

import pandas as pd

from steppe.charts.network_charts import list_first_target_rows, name_class, pick_cuts
from steppe.charts.ranked_places import name_places
from steppe.layers.tables import PlanTables
from steppe.layers.wording import Texts, Words, hear, join, pair, say, tell
from steppe.ranking.number_format import NOTHING, spell, spell_digits, spell_range

_MOST_EVIDENCE = 3
_MOST_PAIRS = 3
_MOST_CUTS = 10


def list_ways(tables: PlanTables) -> list[dict[str, Any]]:
    """Return the ways of core and metro nodes to the first target."""
    names = name_places(tables, layers=("nodes",))
    rows = []
    for found in list_first_target_rows(tables):
        row, trip = found["routes"], found["trip"]
        low, high = (spell(trip[end], unit="ms") for end in ("rtt_low_ms", "rtt_high_ms"))
        rows.append(
            {
                "name": names[found["node"]],
                "rtt": spell(trip["rtt_ms"], unit="ms"),
                "band": f"{low}–{high}",
                "floor": spell(trip["floor_rtt_ms"], unit="ms"),
                "ratio": spell_digits(trip["floor_ratio"], 2),
                "met": name_class(tables, trip["class_id"]),
                "assumed": trip["status"] == "assumed",
                **{
                    name: NOTHING
                    if pd.isna(row[f"{name}_low"])
                    else spell_range(row[f"{name}_low"], row[f"{name}_high"])
                    for name in ("nominal", "to_cut", "effective")
                },
                "reason": hear("reason", row),
                "risk_ids": row["risk_ids"],
                "to_cut_high": row["to_cut_high"],
            }
        )
    return rows


def tell_network(tables: PlanTables) -> list[Words]:
    """Return in words how many nodes have two routes, and what the worst cuts do."""
    nodes = list_first_target_rows(tables)
    target = name_places(tables, layers=("nodes",)).get(next(iter(tables.info.targets), ""))
    told: list[Words] = []
    if nodes and target is not None:
        sure, perhaps = (
            sum(not pd.isna(row["routes"][end]) and row["routes"][end] >= 2 for row in nodes)  # noqa: PLR2004
            for end in ("effective_low", "effective_high")
        )
        told.append(
            tell("report.routes_sum", n=len(nodes), sure=sure, perhaps=perhaps, target=target)
        )
    for n_units in (1, 2):
        worst = list_cuts(tables, n_units)[:1]
        if worst and worst[0]["n_isolated"] and target is not None:
            told.append(
                tell(
                    f"report.cut_worst_{n_units}",
                    target=target,
                    name=worst[0]["name"],
                    n=int(worst[0]["n_isolated"]),
                    places=worst[0]["isolated"],
                )
            )
    return told


def pick_several(ways: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the nodes of most cables; one cable needs no sentence: it is one route or none."""
    ordered = sorted(ways, key=lambda row: -row["to_cut_high"])
    return [row for row in ordered if row["to_cut_high"] > 1][:_MOST_PAIRS]


def list_shared(tables: PlanTables, several: list[dict[str, Any]]) -> list[Words]:
    """Return what the cables of some nodes share, most cables first."""
    named = {
        name for row in several if pd.notna(row["risk_ids"]) for name in row["risk_ids"].split()
    }
    risks = tables.layer("risks")
    found = risks[risks["risk_id"].isin(named)]
    first = found.sort_values(["n_cables", "risk_id"], ascending=[False, True])
    first = first.drop_duplicates("evidence_en").head(_MOST_EVIDENCE)
    return [hear("evidence", row) for row in first.to_dict("records")]


def list_cuts(tables: PlanTables, n_units: int) -> list[dict[str, Any]]:
    """Return the worst cuts to the first target, those of one or of two things."""
    names = name_places(tables, layers=("nodes",))
    # What stands in brackets behind a name says where it is; the first table has it.
    short = {node: _shorten(name) for node, name in names.items()}
    return [
        {
            "rank": row["rank"],
            "name": hear("name", row),
            "n_isolated": row["n_isolated"],
            "isolated": join(
                [short[node] for node in str(row["isolated"]).split() if node in short]
            ),
            "n_doubtful": row["n_doubtful"],
            "doubtful": join(
                [short[node] for node in str(row["doubtful"]).split() if node in short]
            ),
            "n_slower": row["n_slower"],
            "worst": short.get(row["worst_id"]),
            "before": spell(row["worst_before_ms"], unit="ms"),
            "after": spell(row["worst_after_ms"], unit="ms"),
        }
        for row in pick_cuts(tables, n_units, most=_MOST_CUTS)
    ]


def _shorten(name: Texts) -> Texts:
    return pair(say(name, "zh").split("（")[0], say(name, "en").split(" (")[0])


def list_trips(tables: PlanTables) -> list[dict[str, Any]]:
    """Return the published round trips beside floor, planning rule and model."""
    return [
        {
            "between": pair(
                f"{row['from_zh']} – {row['to_zh']}", f"{row['from_en']} – {row['to_en']}"
            ),
            "kind": row["kind"],
            "source_id": row["source_id"],
            "ratio": spell_digits(row["floor_ratio"], 2),
            **{
                name: spell(row[f"{name}_ms"], unit="ms")
                for name in ("rtt", "floor_rtt", "rule_rtt", "model_rtt", "model_low", "model_high")
            },
            **{
                name: NOTHING if pd.isna(row[name]) else f"{row[name]:+.0f} %".replace("-", "−")
                for name in ("rule_residual_pct", "model_residual_pct")
            },
        }
        for row in tables.calibration.to_dict("records")
    ]
