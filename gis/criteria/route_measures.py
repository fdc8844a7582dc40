"""The measure of routes: how many that nothing shared takes down together lead to the first target."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from steppe.criteria.finding import Finding
from steppe.criteria.measure import KnownMeasure, MeasureGroup
from steppe.criteria.surroundings import Surroundings
from steppe.layers.wording import hear, tell

MEASURE = "effective_routes"


def measure_routes(
    redundancy: pd.DataFrame, *, nodes: dict[str, str], target: str
) -> list[Finding]:
    """Take over the effective routes of each park's node to a target.

    Its value is the low end, what is there for sure; corridors and ends that are assumed make
    the band.

    Parameters
    ----------
    redundancy
        Contract `REDUNDANCY`.
    nodes
        Park to its node, empty where it has none.
    target
        The node that the routes lead to.
    """
    rows = redundancy[redundancy["to_id"] == target].set_index("from_id").to_dict("index")
    return [_find_routes(park_id, rows.get(node)) for park_id, node in nodes.items()]


def _find_routes(park_id: str, row: Mapping[Any, Any] | None) -> Finding:
    if row is None or pd.isna(row["effective_low"]) or pd.isna(row["effective_high"]):
        return Finding(park_id, MEASURE, "unknown", reason=tell("routes.none_to_target"))
    low, high = float(row["effective_low"]), float(row["effective_high"])
    return Finding(
        park_id,
        MEASURE,
        "derived" if low == high else "assumed",
        value=low,
        low=low,
        high=high,
        band="range",
        reason=hear("reason", row),
        source_ids=tuple(str(row["source_ids"]).split()),
    )


def _find(at: Surroundings) -> list[Finding]:
    if not at.target or at.redundancy.empty:
        return at.tell_unknown([MEASURE], tell("routes.none_to_target"))
    parks = zip(at.parks["park_id"], at.parks["node_id"], strict=True)
    nodes = {str(park_id): "" if pd.isna(node) else str(node) for park_id, node in parks}
    return measure_routes(at.redundancy, nodes=nodes, target=at.target)


GROUPS = (
    MeasureGroup(
        (
            KnownMeasure(
                MEASURE,
                "1",
                "到首要目标的有效路由数",
                "Effective routes to the first target",
                "network",
                "higher",
                "routes from the park's node to the first target that nothing shared takes down "
                "together, as in the table redundancy: the low end as value, and the band that "
                "assumed corridors and ends leave",
                tell("method.routes"),
                ("nodes", "fibre"),
            ),
        ),
        _find,
        changing=("latency",),
    ),
)
