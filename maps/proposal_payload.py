"""What the page tells of a screening: the whole, what each clause takes, and the proposed sites."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from steppe.layers.wording import name_columns
from steppe.maps.run_payload import list_records

if TYPE_CHECKING:
    from steppe.layers.tables import PlanTables

_CLAUSE = ("rule_id", *name_columns("name"), "lost_km2", "alone_km2", "unknown_km2")
_MEASURE = ("site_id", "measure_id", "value", "low", "high", "unit", "status")


def pack_proposals(tables: PlanTables) -> dict[str, Any] | None:
    """Return the screening for the page; None where the plan looks for no sites.

    Parameters
    ----------
    tables
        The plan's tables.

    Returns
    -------
    dict or None
        `whole`, the row of `SCREENING`; `lost`, the killing clauses that take some land, the most first;
        `untold`, those that no layer shows anywhere; `measures`, of each site what is scored, or stands
        in the report.
    """
    if tables.screening.empty:
        return None
    (whole,) = list_records(tables.screening)
    killing = tables.area_lost[tables.area_lost["kills"] == "yes"]
    lost = killing[killing["lost_km2"] > 0].sort_values("lost_km2", ascending=False, kind="stable")
    untold = killing[killing["unknown_km2"] >= whole["region_km2"]]
    shown = [
        measure.measure_id
        for criterion in tables.info.criteria
        for measure in criterion.measures
        if measure.weight > 0 or measure.in_report
    ]
    measures = tables.proposed_measures
    kept = measures[measures["measure_id"].isin(shown)]
    return {
        "whole": whole,
        "lost": list_records(lost[list(_CLAUSE)]),
        "untold": list_records(untold[list(_CLAUSE)]),
        "measures": list_records(kept[list(_MEASURE)]),
    }
