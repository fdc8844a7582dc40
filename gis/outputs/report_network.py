"""The second sheet of the report: the backbone, what its cables share, and what cuts it."""

from __future__ import annotations

from typing import Any

import pandas as pd

from steppe.layers.tables import PlanTables
from steppe.layers.wording import Texts, Words, hear, join, pair, say
from steppe.outputs.report_names import name_places
from steppe.ranking.number_format import NOTHING, spell, spell_digits, spell_range

_MOST_EVIDENCE = 3
_MOST_PAIRS = 3
_SHOWN_NODES = ("core", "metro")


def name_target(tables: PlanTables) -> Texts | None:
    """Return what the first target is called; None where the plan has none."""
    return name_places(tables, layers=("nodes",)).get(next(iter(tables.info.targets), ""))


def list_ways(tables: PlanTables) -> list[dict[str, Any]]:
    """Return the ways of core and metro nodes to the first target."""
    nodes, names = tables.layer("nodes"), name_places(tables, layers=("nodes",))
    shown = set(nodes.loc[nodes["kind"].isin(_SHOWN_NODES), "node_id"])
    # The Chinese title has the limit; what the English one has in brackets says it again.
    classes = {
        each.class_id: pair(each.title_zh, each.title_en.split(" (")[0])
        for each in tables.info.classes
    }
    trips = tables.latency.set_index(["from_id", "to_id"])
    rows = []
    for row in tables.redundancy.to_dict("records"):
        if row["to_id"] not in tables.info.targets[:1] or row["from_id"] not in shown:
            continue
        trip = trips.loc[(row["from_id"], row["to_id"])]
        if trip["status"] == "unknown":
            continue
        low, high = (spell(trip[end], unit="ms") for end in ("rtt_low_ms", "rtt_high_ms"))
        rows.append(
            {
                "name": names[str(row["from_id"])],
                "rtt": spell(trip["rtt_ms"], unit="ms"),
                "band": f"{low}–{high}",
                "floor": spell(trip["floor_rtt_ms"], unit="ms"),
                "ratio": spell_digits(trip["floor_ratio"], 2),
                "met": classes.get(trip["class_id"]),
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
    names, cuts = name_places(tables, layers=("nodes",)), tables.cuts
    # What stands in brackets behind a name says where it is; the first table has it.
    short = {node: _shorten(name) for node, name in names.items()}
    worst = cuts[
        cuts["to_id"].isin(tables.info.targets[:1])
        & (cuts["n_units"] == n_units)
        & cuts["rank"].notna()
    ].sort_values("rank")
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
        for row in worst.to_dict("records")
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
