"""The measure of whom a site serves: the round trip weighted by the people at the targets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from steppe.criteria.finding import Finding
from steppe.criteria.measure import KnownMeasure, MeasureGroup
from steppe.criteria.round_trip import METHOD
from steppe.criteria.surroundings import Surroundings
from steppe.layers.wording import join, tell

MEASURE = "rtt_population_ms"


def measure_service(
    latency: pd.DataFrame,
    *,
    parks: list[str],
    people: dict[str, float],
    source_ids: tuple[str, ...] = (),
) -> list[Finding]:
    """Measure the mean round trip to the targets, each weighted by its people, ms.

    With p the people and r the round trip of a target it is sum(p r) / sum(p); low and high
    are the same of the ends, as if all round trips lay there at once.

    Parameters
    ----------
    latency
        Contract `LATENCY`.
    parks
        Parks to measure.
    people
        Targets to their people, above 0.
    source_ids
        Sources of these.
    """
    rows = {(row["from_id"], row["to_id"]): row for row in latency.to_dict("records")}
    return [_weigh(park_id, rows, people, source_ids) for park_id in parks]


def _weigh(
    park_id: str,
    rows: Mapping[tuple[Any, Any], Mapping[Any, Any]],
    people: dict[str, float],
    source_ids: tuple[str, ...],
) -> Finding:
    trips = {target: rows.get((park_id, target), {}) for target in people}
    lacking = [name for name, row in trips.items() if row.get("status", "unknown") == "unknown"]
    if lacking:
        why = tell("service.no_way", names=join(lacking))
        return Finding(park_id, MEASURE, "unknown", reason=why)
    total = sum(people.values())
    value, low, high = (
        sum(people[target] * float(row[name]) for target, row in trips.items()) / total
        for name in ("rtt_ms", "rtt_low_ms", "rtt_high_ms")
    )
    used = {each for row in trips.values() for each in str(row["source_ids"]).split()}
    is_assumed = any(row["status"] == "assumed" for row in trips.values())
    return Finding(
        park_id,
        MEASURE,
        "assumed" if is_assumed else "derived",
        value=value,
        low=low,
        high=high,
        band="range",
        reason=tell("service.over", names=join(people), n=total),
        source_ids=tuple(sorted({*used, *source_ids})),
    )


def _find(at: Surroundings) -> list[Finding]:
    nodes = at.layers["nodes"]
    targets = [] if at.latency.empty else list(at.latency["to_id"].unique())
    served = nodes[nodes["node_id"].isin(targets) & (nodes["population"] > 0)]
    if served.empty:
        return at.tell_unknown([MEASURE], tell("service.nobody"))
    facts = at.facts[(at.facts["layer"] == "nodes") & (at.facts["field"] == "population")]
    return measure_service(
        at.latency,
        parks=[str(park_id) for park_id in at.parks["park_id"]],
        people=dict(zip(served["node_id"], served["population"].astype(float), strict=True)),
        source_ids=tuple(facts["source_id"].unique()),
    )


GROUPS = (
    MeasureGroup(
        (
            KnownMeasure(
                MEASURE,
                "ms",
                "按服务人口加权的往返时延",
                "Round trip weighted by population served",
                "network",
                "lower",
                "mean of the round trips to the targets, each weighted by the `population` of its "
                "node; band: all at their low and all at their high ends; unknown where one is",
                METHOD,
                ("nodes", "fibre"),
            ),
        ),
        _find,
        changing=("latency",),
    ),
)
