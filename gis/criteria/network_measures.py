"""The measures of the network: the round trip to the first target, and its physical floor."""

from __future__ import annotations

from steppe.criteria.finding import Finding
from steppe.criteria.measure import KnownMeasure, MeasureGroup
from steppe.criteria.round_trip import METHOD, measure_round_trip
from steppe.criteria.surroundings import Surroundings
from steppe.layers.wording import tell


def _find(at: Surroundings) -> list[Finding]:
    parks = [str(park_id) for park_id in at.parks["park_id"]]
    if not at.target:
        return at.tell_unknown(GROUPS[0].ids, tell("missing.target"))
    return measure_round_trip(at.latency, parks=parks, target=at.target)


GROUPS = (
    MeasureGroup(
        (
            KnownMeasure(
                "rtt_ms",
                "ms",
                "到首要目标往返时延",
                "Round trip to the first target",
                "network",
                "lower",
                "round trip over the quickest route of the backbone to the first target, glass "
                "and equipment; see Latency",
                METHOD,
                ("nodes", "fibre"),
            ),
            KnownMeasure(
                "rtt_floor_ms",
                "ms",
                "到首要目标的物理下限",
                "Physical floor to the first target",
                "network",
                "lower",
                "round trip along the geodesic in glass, which no fibre can beat; see Latency",
                METHOD,
                ("nodes",),
            ),
        ),
        _find,
        changing=("latency",),
    ),
)
