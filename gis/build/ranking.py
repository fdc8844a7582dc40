"""Flat tables for the command line: the ranking of one level, and the backbone."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from gis.build.backbone import node_names
from gis.build.inputs import Inputs
from gis.build.scores import TOTAL
from layers.tables import PlanTables

_ENDS = ["from_id", "to_id"]
ROUTES = ("nominal", "to_cut", "effective")


def rank_table(tables: PlanTables) -> pd.DataFrame:
    """Return the parks of the ranked level, best first, those that lack a measure last.

    Returns
    -------
    DataFrame
        `rank, site_id, name_zh, name_en, score, low, high, coverage` and one column for
        each criterion; scores 0 worst to 1 best; and `excluded_by` where a rule keeps a
        park from a rank.
    """
    scores, info = tables.scores, tables.info
    totals = scores[(scores["criterion"] == TOTAL) & (scores["level"] == info.level)]
    parks = tables.layers["parks"].set_index("park_id")
    frame = pd.DataFrame(totals[["rank", "site_id", "value", "low", "high", "coverage"]])
    barred = totals.set_index("site_id")["excluded_by"]
    frame = frame.rename(columns={"value": "score"})
    for position, name in enumerate(("name_zh", "name_en")):
        frame.insert(2 + position, name, parks[name].reindex(frame["site_id"]).array)
    for criterion in info.criteria:
        rows = scores[scores["criterion"] == criterion.name].set_index("site_id")
        frame[criterion.name] = rows["value"].reindex(frame["site_id"]).array
    frame["excluded_by"] = barred.reindex(frame["site_id"]).array
    by = ["rank", "score", "site_id"]
    ordered = frame.sort_values(by, ascending=[True, False, True], na_position="last")
    return ordered.reset_index(drop=True)


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
    names = node_names(inputs)
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

    >>> table = {f"{name}_{end}": [1] for name in ROUTES for end in ("low", "high")}
    >>> spell_routes(pd.DataFrame(table | {"effective_high": [2]}))["effective"]
    ['1–2']
    """
    return {
        name: [
            f"{low}" if low == high else f"{low}–{high}"
            for low, high in zip(redundancy[f"{name}_low"], redundancy[f"{name}_high"], strict=True)
        ]
        for name in ROUTES
    }


def find_longer(latency: pd.DataFrame, whole: pd.DataFrame) -> pd.DataFrame:
    """Return the round trips that a cut makes longer or takes away.

    Parameters
    ----------
    latency, whole
        Contract `LATENCY`, with the cables cut, and with none cut.

    Returns
    -------
    DataFrame
        `from_id, to_id, before_ms, after_ms`: after is empty where no way is left.
    """
    both = _side_by_side(whole, latency, ["rtt_ms"])
    both.columns = pd.Index([*_ENDS, "before_ms", "after_ms"])
    changed = both["before_ms"].notna() & (both["before_ms"] != both["after_ms"])
    return both[changed].reset_index(drop=True)


def find_fewer(redundancy: pd.DataFrame, whole: pd.DataFrame) -> pd.DataFrame:
    """Return the ranges of cables and routes that a cut changes.

    Parameters
    ----------
    redundancy, whole
        Contract `REDUNDANCY`, with the cables cut, and with none cut.

    Returns
    -------
    DataFrame
        `from_id, to_id`, and each range before and after, empty where no way is left.
    """
    before, after = (
        frame[_ENDS].assign(**spell_routes(frame)).reset_index(drop=True)
        for frame in (whole, redundancy)
    )
    both = _side_by_side(before, after, list(ROUTES))
    same = pd.concat([both[f"{name}_before"] == both[f"{name}_after"] for name in ROUTES], axis=1)
    return both[~same.all(axis=1)].reset_index(drop=True)


def _side_by_side(
    before: pd.DataFrame, after: pd.DataFrame, columns: Sequence[str]
) -> pd.DataFrame:
    """Return columns of two tables by pair, before and after, those that the second lacks too."""
    wanted = [*_ENDS, *columns]
    both = before[wanted].merge(after[wanted], on=_ENDS, how="left", suffixes=("_before", "_after"))
    order = [f"{name}_{when}" for name in columns for when in ("before", "after")]
    return both[[*_ENDS, *order]]
