"""CutGraph: the backbone of a scenario as numbers, with all that a cut's answer is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True)
class CutUnits:
    """What may fall as one, all of one kind: the name, and the places of its cables and nodes."""

    names: tuple[str, ...]
    cables: tuple[tuple[int, ...], ...]
    nodes: tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Equipment:
    """What stands in a route beside the glass, as `steppe.routing.budget.Equipment` has it."""

    span_km: float
    amplifier_us: float
    reach_km: float
    regenerator_us: float
    transponder_us: float


@dataclass(frozen=True)
class CutGraph:
    """The cables of a scenario, where round trips begin and end, and what may fall as one.

    Nodes, cables and edges stand in the order of their ids, which tells equally long routes apart;
    whoever names one gives its place in that order.

    Parameters
    ----------
    nodes, lonlats
        Ids, and where they lie, degrees, EPSG:4490.
    cables, sure
        Ids, and whether a source says that each exists and where its ends are.
    lines
        By cable the parts of what is drawn, shape (n, 2), degrees, no leg longer than
        `steppe.routing.nearness.LONGEST_KM`.
    edge_cable, edge_ends
        Of each cable and of each piece between two of its joints: the cable, and the nodes.
    edge_km
        Low, central and high length.
    edge_assumed
        Whether a round trip over it is assumed.
    starts, start_node, start_km, start_accuracy_km
        Parks and nodes where round trips begin: the id; the node, or None; low, central and high
        length of the way to it; how true the point is.
    targets, apart_km
        Nodes where they end, and by target how far each start is from it, geodesic.
    classes
        Latency classes with their limits, ms, the hardest first.
    light_km_per_s, group_index, detour
        Constants of `steppe.routing.latency`, and the ratio to the geodesic beyond which a way is no
        round trip.
    equipment
        Low, central and high.
    units
        By kind what may fall beside a cable and a circle.
    """

    nodes: tuple[str, ...]
    lonlats: NDArray[np.float64]
    cables: tuple[str, ...]
    sure: tuple[bool, ...]
    lines: tuple[tuple[NDArray[np.float64], ...], ...]
    edge_cable: tuple[int, ...]
    edge_ends: tuple[tuple[int, int], ...]
    edge_km: tuple[tuple[float, float, float], ...]
    edge_assumed: tuple[bool, ...]
    starts: tuple[str, ...]
    start_node: tuple[int | None, ...]
    start_km: tuple[tuple[float, float, float], ...]
    start_accuracy_km: tuple[float, ...]
    targets: tuple[int, ...]
    apart_km: tuple[tuple[float, ...], ...]
    classes: tuple[tuple[str, float], ...]
    light_km_per_s: float
    group_index: float
    detour: float
    equipment: Sequence[Equipment]
    units: dict[str, CutUnits]
