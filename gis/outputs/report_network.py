"""The second sheet of the report: the backbone, what its cables share, and what cuts it."""

from __future__ import annotations

from typing import Any

import pandas as pd

from steppe.layers.tables import PlanTables
from steppe.outputs.report_names import Words, name_places
from steppe.ranking.number_format import NOTHING, spell, spell_digits, spell_range

_MOST_EVIDENCE = 3
_MOST_PAIRS = 3
_SHOWN_NODES = ("core", "metro")


def name_target(tables: PlanTables) -> Words:
    """Return what the first target is called; empty where the plan has none."""
    return name_places(tables, layers=("nodes",)).get(next(iter(tables.info.targets), ""), ("", ""))


def list_ways(tables: PlanTables) -> list[dict[str, Any]]:
    """Return the ways of core and metro nodes to the first target."""
    nodes, names = tables.layer("nodes"), name_places(tables, layers=("nodes",))
    shown = set(nodes.loc[nodes["kind"].isin(_SHOWN_NODES), "node_id"])
    # The Chinese title has the limit; what the English one has in brackets says it again.
    classes = {
        each.class_id: (each.title_zh, each.title_en.split(" (")[0]) for each in tables.info.classes
    }
    trips = tables.latency.set_index(["from_id", "to_id"])
    rows = []
    for pair in tables.redundancy.to_dict("records"):
        if pair["to_id"] not in tables.info.targets[:1] or pair["from_id"] not in shown:
            continue
        trip = trips.loc[(pair["from_id"], pair["to_id"])]
        if trip["status"] == "unknown":
            continue
        low, high = (spell(trip[end], unit="ms") for end in ("rtt_low_ms", "rtt_high_ms"))
        rows.append(
            {
                "name": names[str(pair["from_id"])],
                "rtt": spell(trip["rtt_ms"], unit="ms"),
                "band": f"{low}–{high}",
                "floor": spell(trip["floor_rtt_ms"], unit="ms"),
                "ratio": spell_digits(trip["floor_ratio"], 2),
                "met": classes.get(trip["class_id"]),
                "assumed": trip["status"] == "assumed",
                **{
                    name: NOTHING
                    if pd.isna(pair[f"{name}_low"])
                    else spell_range(pair[f"{name}_low"], pair[f"{name}_high"])
                    for name in ("nominal", "to_cut", "effective")
                },
                "reason": pair["reason_en"],
                "risk_ids": pair["risk_ids"],
                "to_cut_high": pair["to_cut_high"],
            }
        )
    return rows


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
    return list(zip(first["evidence_zh"], first["evidence_en"], strict=True))


def list_cuts(tables: PlanTables, n_units: int) -> list[dict[str, Any]]:
    """Return the worst cuts to the first target, those of one or of two things."""
    names, cuts = name_places(tables, layers=("nodes",)), tables.cuts
    # What stands in brackets behind a name says where it is; the first table has it.
    short = {node: (zh.split("（")[0], en.split(" (")[0]) for node, (zh, en) in names.items()}
    worst = cuts[
        cuts["to_id"].isin(tables.info.targets[:1])
        & (cuts["n_units"] == n_units)
        & cuts["rank"].notna()
    ].sort_values("rank")
    return [
        {
            "rank": row["rank"],
            "name": (row["name_zh"], row["name_en"]),
            "n_isolated": row["n_isolated"],
            "isolated": [short[node] for node in str(row["isolated"]).split() if node in short],
            "n_slower": row["n_slower"],
            "worst": short.get(row["worst_id"]),
            "before": spell(row["worst_before_ms"], unit="ms"),
            "after": spell(row["worst_after_ms"], unit="ms"),
        }
        for row in worst.to_dict("records")
    ]


def list_trips(tables: PlanTables) -> list[dict[str, Any]]:
    """Return the published round trips beside floor, planning rule and model."""
    return [
        {
            "between": f"{row['from_zh']} – {row['to_zh']} {row['from_en']} – {row['to_en']}",
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
