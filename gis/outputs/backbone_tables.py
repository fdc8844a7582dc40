"""What the command tells of the backbone, for people to read."""

from __future__ import annotations

import pandas as pd

from steppe.layers.wording import BASE, say
from steppe.network.cut_changes import RANGES
from steppe.network.plan_backbone import name_rows
from steppe.planfile.plan_inputs import Inputs
from steppe.ranking.number_format import spell_ranges


def backbone_tables(
    inputs: Inputs, *, latency: pd.DataFrame, redundancy: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return what people read of the backbone: round trips of the nodes, and redundancy.

    Parameters
    ----------
    inputs
        What was read.
    latency, redundancy
        Contracts `LATENCY` and `REDUNDANCY`, with the cables cut that are cut.

    Returns
    -------
    tuple
        Round trips in ms from every node that has one: value, band, floor, ratio to the floor,
        latency class and how it is known; and nominal cables, cables to cut and effective
        routes, a range where they are one.
    """
    names = {key: say(name, BASE) for key, name in name_rows(inputs, "nodes").items()}
    trips = latency[latency["from_id"].isin(list(names)) & latency["rtt_ms"].notna()]
    rows = {
        "from": trips["from_id"].map(names),
        "to": trips["to_id"].map(names),
        "rtt_ms": trips["rtt_ms"],
        "band_ms": [
            f"{low:.1f}–{high:.1f}"
            for low, high in zip(trips["rtt_low_ms"], trips["rtt_high_ms"], strict=True)
        ],
        "floor_ms": trips["floor_rtt_ms"],
        "ratio": trips["floor_ratio"],
        "class": trips["class_id"],
        "status": trips["status"],
    }
    routes = {"from": redundancy["from_id"].map(names), "to": redundancy["to_id"].map(names)}
    return pd.DataFrame(rows), pd.DataFrame({**routes, **spell_routes(redundancy)})


def spell_routes(redundancy: pd.DataFrame) -> dict[str, list[str]]:
    """Return nominal cables, cables to cut and effective routes as people write ranges.

    >>> table = {f"{name}_{end}": [1] for name in RANGES for end in ("low", "high")}
    >>> spell_routes(pd.DataFrame(table | {"effective_high": [2]}))["effective"]
    ['1–2']
    """
    return {
        name: spell_ranges(redundancy[f"{name}_low"], redundancy[f"{name}_high"]) for name in RANGES
    }


def spell_fewer(fewer: pd.DataFrame) -> pd.DataFrame:
    """Return the ranges that a cut changes as people write them, see `find_fewer`."""
    spelled = {
        f"{name}_{when}": spell_ranges(fewer[f"{name}_low_{when}"], fewer[f"{name}_high_{when}"])
        for name in RANGES
        for when in ("before", "after")
    }
    return fewer[["from_id", "to_id"]].assign(**spelled)
