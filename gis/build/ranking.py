"""Flat tables for the command line: the ranking of one level, and the backbone."""

from __future__ import annotations

import pandas as pd

from gis.build.inputs import Inputs
from gis.build.scores import TOTAL
from layers.tables import PlanTables


def rank_table(tables: PlanTables) -> pd.DataFrame:
    """Return the parks of the ranked level, best first, those that lack a measure last.

    Returns
    -------
    DataFrame
        `rank, site_id, name_zh, name_en, score, low, high, coverage` and one column for
        each criterion; scores 0 worst to 1 best.
    """
    scores, info = tables.scores, tables.info
    totals = scores[(scores["criterion"] == TOTAL) & (scores["level"] == info.level)]
    parks = tables.layers["parks"].set_index("park_id")
    frame = pd.DataFrame(totals[["rank", "site_id", "value", "low", "high", "coverage"]])
    frame = frame.rename(columns={"value": "score"})
    for position, name in enumerate(("name_zh", "name_en")):
        frame.insert(2 + position, name, parks[name].reindex(frame["site_id"]).array)
    for criterion in info.criteria:
        rows = scores[scores["criterion"] == criterion.name].set_index("site_id")
        frame[criterion.name] = rows["value"].reindex(frame["site_id"]).array
    by = ["rank", "score", "site_id"]
    ordered = frame.sort_values(by, ascending=[True, False, True], na_position="last")
    return ordered.reset_index(drop=True)


def backbone_tables(
    inputs: Inputs, *, latency: pd.DataFrame, whole: pd.DataFrame, redundancy: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return what people read of the backbone: round trips of the nodes, and redundancy.

    Parameters
    ----------
    inputs
        What was read.
    latency, redundancy
        Contracts `LATENCY` and `REDUNDANCY`, with the cables cut that are cut.
    whole
        `LATENCY` with no cable cut; where it differs, the column `uncut_ms` shows it.

    Returns
    -------
    tuple
        Round trips in ms from every node that has one, and redundancy to the first target.
    """
    nodes = inputs.layers["nodes"]
    names = dict(zip(nodes["node_id"], nodes["name_en"], strict=True))
    trips = latency[latency["from_id"].isin(list(names))].reset_index(drop=True)
    uncut = whole.set_index(["from_id", "to_id"])["rtt_ms"]
    before = uncut.reindex(pd.MultiIndex.from_frame(trips[["from_id", "to_id"]])).array
    trips = trips.assign(uncut_ms=before)
    shown = trips[trips["uncut_ms"].notna()]
    columns = ["rtt_ms", "rtt_low_ms", "rtt_high_ms", "floor_rtt_ms", "status", "path"]
    if not trips["rtt_ms"].equals(trips["uncut_ms"].rename("rtt_ms")):
        columns.insert(1, "uncut_ms")
    ends = {"from": shown["from_id"].map(names), "to": shown["to_id"].map(names)}
    ranges = {
        name: redundancy[f"{name}_low"].astype("str")
        + "–"
        + redundancy[f"{name}_high"].astype("str")
        for name in ("nominal", "to_cut", "effective")
    }
    routes = {"from": redundancy["from_id"].map(names), "to": redundancy["to_id"].map(names)}
    return (
        pd.DataFrame({**ends, **{name: shown[name] for name in columns}}),
        pd.DataFrame({**routes, **ranges}),
    )
