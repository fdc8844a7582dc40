"""Where a cable of assumed corridor might lie instead, and how long it would be there."""

from __future__ import annotations

import heapq
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from steppe.routing.backbone import FIBRE, SAID, Cable, Corridor
from steppe.routing.latency import SLACK_FRAC


def widen_bands(cables: Sequence[Cable], corridors: Sequence[Corridor]) -> tuple[Cable, ...]:
    """Widen the length band of cables whose corridor is only assumed.

    Such a cable may lie in any corridor that exists: its low end is not above the shortest
    chain of corridors that joins its ends, without slack.  It may also lie where another
    cable between the same ends is recorded: its high end is not below the longest of those,
    with slack.  Cables of said corridor, schematic ones, and those whose fibre has a stated length
    stay as they are.

    Parameters
    ----------
    cables, corridors
        The backbone; lengths in kilometres.
    """
    ways: dict[str, dict[str, float]] = {}
    for corridor in corridors:
        a, b = corridor.from_node, corridor.to_node
        for here, there in ((a, b), (b, a)):
            links = ways.setdefault(here, {})
            links[there] = min(links.get(there, math.inf), corridor.length_km)
    km = {corridor.corridor_id: corridor.length_km for corridor in corridors}
    recorded: dict[frozenset[str], float] = {}
    for cable in cables:
        ends_of = frozenset((cable.from_node, cable.to_node))
        drawn_km = sum(km.get(name, 0.0) for name in cable.corridors)
        recorded[ends_of] = max(recorded.get(ends_of, 0.0), drawn_km)
    widened = []
    for cable in cables:
        if cable.corridor_basis == SAID or cable.schematic or cable.length_basis == FIBRE:
            widened.append(cable)
            continue
        a, b = cable.from_node, cable.to_node
        low_km = min(cable.low_km, _find_least_km(ways, a, b, cable.low_km))
        high_km = recorded[frozenset((a, b))] * (1.0 + SLACK_FRAC[-1])
        widened.append(replace(cable, low_km=low_km, high_km=max(cable.high_km, high_km)))
    return tuple(widened)


def _find_least_km(
    ways: Mapping[str, Mapping[str, float]], a: str, b: str, most_km: float
) -> float:
    """Return the length of the shortest chain between two nodes; infinite above a limit."""
    best = {a: 0.0}
    queue = [(0.0, a)] if a in ways else []
    while queue:
        km, here = heapq.heappop(queue)
        if here == b or km > most_km:
            return km if here == b else math.inf
        if km > best[here]:
            continue
        for there, way_km in ways[here].items():
            if km + way_km < best.get(there, math.inf):
                best[there] = km + way_km
                heapq.heappush(queue, (best[there], there))
    return math.inf
