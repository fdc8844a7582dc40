"""Where a cable of assumed corridor might lie instead, and how long it would be there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import networkx as nx

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
    ways: nx.Graph[str] = nx.Graph()
    for corridor in corridors:
        ends = (corridor.from_node, corridor.to_node)
        known = ways.get_edge_data(*ends, default={"km": corridor.length_km})["km"]
        ways.add_edge(*ends, km=min(known, corridor.length_km))
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
        low_km = cable.low_km
        if a in ways and b in ways and nx.has_path(ways, a, b):
            low_km = min(low_km, nx.shortest_path_length(ways, a, b, weight="km"))
        high_km = recorded[frozenset((a, b))] * (1.0 + SLACK_FRAC[-1])
        widened.append(replace(cable, low_km=low_km, high_km=max(cable.high_km, high_km)))
    return tuple(widened)
