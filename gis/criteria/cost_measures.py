"""The measure of cost, which enters a score only where a plan lists it."""

from __future__ import annotations

from steppe.criteria.cost import METHOD
from steppe.criteria.finding import Finding
from steppe.criteria.measure import KnownMeasure, MeasureGroup
from steppe.criteria.surroundings import Surroundings

MEASURE = "cost_cny_mw_year"
UNIT = "CNY/(MW·a)"


def _find(at: Surroundings) -> list[Finding]:
    if MEASURE not in at.listed:
        return []
    findings = []
    for site in at.costs:
        total = site.total
        known = total.value is not None
        low, high = total.ends
        findings.append(
            Finding(
                site.inputs.site_id,
                MEASURE,
                total.status,
                value=total.value,
                low=low if known else None,
                high=high if known else None,
                band="range" if known else "none",
                reason=total.reason,
                source_ids=total.source_ids,
            )
        )
    return findings


GROUPS = (
    MeasureGroup(
        (
            KnownMeasure(
                MEASURE,
                UNIT,
                "可用兆瓦年成本",
                "Cost of a usable megawatt and year",
                "cost",
                "lower",
                "all that a usable (IT) megawatt costs in a year, unknown while a part is; made "
                "only where a plan lists it; see Cost",
                METHOD,
            ),
        ),
        _find,
        changing=("costs",),
    ),
)
