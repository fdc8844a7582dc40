"""Joints: cables that can be joined at nodes on their way, and the graph of all their pieces.

A cable stays one thing: it is cut, counted and shares its risks as a whole.  A way may enter it at
one joint and leave it at another; that piece is an edge of its own, whose key begins with the
`cable_id` (`find_cable`), beside the edge from end to end.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations, pairwise
from typing import TYPE_CHECKING

import networkx as nx
import shapely
from shapely.geometry import LineString
from shapely.ops import substring

from steppe.layers.crs import GEOD, line_km
from steppe.routing.backbone import Cable, Corridor, Joint

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

JOINT_KM = 0.001
"""A metre of patch cord where a way enters or leaves a cable at a joint: assumed, and there so that of
ways of one length the one along whole cables is taken."""


def place_joints(
    cables: Sequence[Cable],
    corridors: Iterable[Corridor],
    lines: Mapping[str, BaseGeometry],
    places: Mapping[str, tuple[float, float]],
) -> tuple[Cable, ...]:
    """Return the cables with the share of their way at which each joint lies, in order.

    Along recorded corridors that is the length of those before it, where one of them ends there;
    elsewhere the place on the drawn line that is nearest.

    Parameters
    ----------
    cables
        From `steppe.routing.backbone.to_cables`.
    corridors
        The corridors.
    lines
        By cable: what is drawn, degrees, EPSG:4490.
    places
        By node: degrees (lon, lat).
    """
    known = {corridor.corridor_id: corridor for corridor in corridors}
    placed = []
    for cable in cables:
        if not cable.joints:
            placed.append(cable)
            continue
        along = _shares_along(cable, known)
        shares = {
            joint.node_id: along.get(joint.node_id)
            or _share_on(lines[cable.cable_id], places[joint.node_id], places[cable.from_node])
            for joint in cable.joints
        }
        order = sorted((share, node_id) for node_id, share in shares.items())
        placed.append(replace(cable, joints=tuple(Joint(node, share) for share, node in order)))
    return tuple(placed)


def _shares_along(cable: Cable, corridors: Mapping[str, Corridor]) -> dict[str, float]:
    """Return the share of its corridors' length at which each node of their chain lies."""
    here, km, at = cable.from_node, 0.0, dict[str, float]()
    for name in cable.corridors:
        corridor = corridors.get(name)
        if corridor is None or here not in (corridor.from_node, corridor.to_node):
            return {}
        here = corridor.to_node if here == corridor.from_node else corridor.from_node
        km += corridor.length_km
        at[here] = km
    return {node: share / km for node, share in at.items()} if here == cable.to_node else {}


def _share_on(line: BaseGeometry, place: tuple[float, float], start: tuple[float, float]) -> float:
    """Return the share of a drawn line between its start and the place on it that is nearest."""
    stops = shapely.get_coordinates(line)
    first_m, last_m = (GEOD.inv(*start, lon, lat)[2] for lon, lat in stops[[0, -1]])
    if last_m < first_m:
        stops = stops[::-1]
    whole = LineString(stops)
    share = float(shapely.line_locate_point(whole, shapely.Point(place), normalized=True))
    before = substring(whole, 0.0, share, normalized=True)
    total_km = line_km(whole)
    return line_km(before) / total_km if share > 0.0 < total_km else 0.0


def join_pieces(graph: nx.MultiGraph[str], cables: Iterable[Cable]) -> nx.MultiGraph[str]:
    """Return the graph with an edge for each piece between two stops of a cable beside its whole.

    It is the graph itself where no cable has joints.

    A piece has its share of the length and of its band, but no low end below the air, and
    `JOINT_KM` for each of its ends at a joint.

    Parameters
    ----------
    graph
        From `steppe.routing.backbone.build_graph`.
    cables
        The cables of the graph, their joints placed.
    """
    split = [cable for cable in cables if cable.joints]
    if not split:
        return graph
    joined = graph.copy()
    for cable in split:
        for (a, one), (b, other) in _pieces(cable):
            n_joints = sum(end not in (cable.from_node, cable.to_node) for end in (a, b))
            share, more_km = other - one, n_joints * JOINT_KM
            length_km, high_km = (share * km + more_km for km in (cable.length_km, cable.high_km))
            (lon, lat), (lon2, lat2) = (
                (graph.nodes[node]["lon"], graph.nodes[node]["lat"]) for node in (a, b)
            )
            air_km = GEOD.inv(lon, lat, lon2, lat2)[2] / 1000.0
            low_km = min(max(share * cable.low_km, air_km), length_km)
            joined.add_edge(
                a,
                b,
                key=f"{cable.cable_id} {a} {b}",
                length_km=length_km,
                low_km=low_km,
                high_km=high_km,
                cable=cable,
            )
    return joined


def _pieces(cable: Cable) -> Iterator[tuple[tuple[str, float], tuple[str, float]]]:
    """Yield any two stops of a cable with their shares, but for its two ends."""
    stops = [(cable.from_node, 0.0), *cable.joints, (cable.to_node, 1.0)]
    for first, second in combinations(stops, 2):
        if (first, second) != (stops[0], stops[-1]):
            yield first, second


def find_cable(key: str) -> str:
    """Return the id of the cable that an edge is of, whole or a piece.

    >>> find_cable("ordos_beijing_1b baotou ordos")
    'ordos_beijing_1b'
    """
    return key.partition(" ")[0]


def list_keys(graph: nx.MultiGraph[str]) -> dict[str, frozenset[str]]:
    """Return by cable the keys of its edges: a cut takes all of them."""
    keys: dict[str, set[str]] = {}
    for *_, key in graph.edges(keys=True):
        keys.setdefault(find_cable(key), set()).add(key)
    return {cable_id: frozenset(some) for cable_id, some in keys.items()}


def joined_at(
    nodes: Sequence[str], keys: Sequence[str], cables: Mapping[str, Cable]
) -> dict[str, tuple[str, ...]]:
    """Return by cable the joints at which a way enters or leaves it, in the order of the way."""
    found: dict[str, list[str]] = {}
    for key, ends in zip(keys, pairwise(nodes), strict=True):
        cable = cables[find_cable(key)]
        at = found.setdefault(cable.cable_id, [])
        at += [end for end in ends if end not in (cable.from_node, cable.to_node)]
    return {cable_id: tuple(dict.fromkeys(at)) for cable_id, at in found.items() if at}
