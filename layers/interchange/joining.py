"""Joining the networks of one file where their nodes stand near each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import shapely

from steppe.layers.crs import GEOD
from steppe.layers.errors import cut
from steppe.layers.interchange.read_network import ReadingOptions, ReadNetwork, Record, clean_text
from steppe.layers.interchange.straight_lines import blur_straight
from steppe.layers.limits import PAIRS
from steppe.layers.lines import geodesic
from steppe.layers.wording import join, tell

SAME_PLACE_M = 1.0
"""Nodes nearer to each other stand at one place: coordinates are written to so much at best."""
_DEGREE_KM = 110.0  # no degree of latitude is shorter
_LEAST_COS = 0.01
_AT_ONCE = 20  # boxes that are asked for together, so that dense ones fill no memory

Joint = tuple[float, int, int]


def join_networks(network: ReadNetwork, where: str, options: ReadingOptions) -> ReadNetwork:
    """Join nodes of different networks within `options.join_km` of each other.

    The nearest are joined first, and no more than hang together by it: what is joined has one node of
    each network at most, which tells its own apart, and no circle of joints.  Nodes at one place
    (`SAME_PLACE_M`) become one, the one that comes first in the file.  Elsewhere a joint is a cable
    of its own, straight, of no operator, whose existence is assumed.

    Parameters
    ----------
    network
        Nodes with `network` and a place.
    where
        The file, for the notes.
    options
        How near is near enough; takes the notes.
    """
    nodes, join_km = network.nodes, options.join_km or 0.0
    group = [{index} for index in range(len(nodes))]
    joints: list[Joint] = []
    for joint in _near_pairs(nodes, join_km, where):
        mine, theirs = group[joint[1]], group[joint[2]]
        names = [nodes[index]["network"] for index in mine | theirs]
        if mine is not theirs and len(set(names)) == len(names):
            joints.append(joint)
            mine |= theirs
            for index in theirs:
                group[index] = mine
    if not joints:
        options.tell(tell("note.none_near", where=f"{where} › nodes"))
    built = [joint for joint in joints if joint[0] > SAME_PLACE_M]
    stays = _stand_in(nodes, [joint for joint in joints if joint[0] <= SAME_PLACE_M])
    merged = [name for name, into in stays.items() if name != into]
    what, why = tell("note.nodes_joined"), tell("note.why.join_km", join_km=join_km)
    options.note(f"{where} › nodes", what, why=why, rows=merged)
    _note_joints(nodes, built, where, options)
    return ReadNetwork(
        tuple(node for node in nodes if stays[str(node["node_id"])] == node["node_id"]),
        (
            *(
                cable | {end: stays.get(cable[end], cable[end]) for end in ("from_node", "to_node")}
                for cable in network.cables
            ),
            *(_cable(nodes[one], nodes[other], stays, network) for _, one, other in built),
        ),
        network.further,
    )


def _stand_in(nodes: tuple[Record, ...], same: Iterable[Joint]) -> dict[str, str]:
    """Return the node that stands for each, by its id; the first of those at one place."""
    first = list(range(len(nodes)))

    def find(index: int) -> int:
        while first[index] != index:
            index = first[index]
        return index

    for _, one, other in same:
        a, b = sorted((find(one), find(other)))
        first[b] = a
    return {
        str(node["node_id"]): str(nodes[find(index)]["node_id"]) for index, node in enumerate(nodes)
    }


def _cable(one: Record, other: Record, stays: Mapping[str, str], network: ReadNetwork) -> Record:
    """Return the cable that a joint is taken for; what it does not say the plan's defaults do."""
    a, b = (stays[str(node["node_id"])] for node in (one, other))
    dates = [date for node in (one, other) if (date := clean_text(node["as_of"])) is not None]
    blank = dict.fromkeys(network.cables[0] if network.cables else ())
    return blur_straight(
        {
            **blank,
            "cable_id": f"joint:{a}--{b}",
            "name_en": None,
            "from_node": a,
            "to_node": b,
            "geometry_kind": "schematic",
            "existence": "assumed",
            "status": "in_service",
            "accuracy_m": None,
            "as_of": max(dates, default=None),
            "geometry": geodesic(
                [(node["geometry"].x, node["geometry"].y) for node in (one, other)]
            ),
        }
    )


def _note_joints(
    nodes: tuple[Record, ...], built: list[Joint], where: str, options: ReadingOptions
) -> None:
    """Tell each joint with its length: all of them, for each is assumed."""
    if not built:
        return
    listed = [
        f"{_called(nodes[one])} – {_called(nodes[other])} ({apart_m / 1000.0:.2f} km)"
        for apart_m, one, other in built
    ]
    options.tell(
        tell(
            "note.ofds.joints",
            where=f"{where} › fibre",
            n=len(built),
            km=sum(apart_m for apart_m, _, _ in built) / 1000.0,
            join_km=options.join_km or 0.0,
            joints=join(listed),
        )
    )


def _called(node: Record) -> str:
    name = clean_text(node["name_en"]) or str(node["node_id"])
    owner = clean_text(node.get("network_name")) or str(node["network"])
    return f"{cut(name)} [{cut(owner)}]"


def _near_pairs(nodes: tuple[Record, ...], join_km: float, where: str) -> list[Joint]:
    """Return the pairs of nodes of two networks within reach with their distance, m, in its order."""
    points = np.array([node["geometry"] for node in nodes], dtype=object)
    lon, lat = shapely.get_x(points), shapely.get_y(points)
    tall = join_km / _DEGREE_KM
    wide = tall / np.maximum(np.cos(np.radians(np.abs(lat) + tall)), _LEAST_COS)
    boxes = shapely.box(lon - wide, lat - tall, lon + wide, lat + tall)
    tree, n_near = shapely.STRtree(points), 0
    found = []
    for first in range(0, len(nodes), _AT_ONCE):
        some, others = tree.query(boxes[first : first + _AT_ONCE])
        n_near += len(some)
        PAIRS.refuse_over(n_near, where, fix=tell("fix.smaller_join_km"))
        for one, other in zip((some + first).tolist(), others.tolist(), strict=True):
            if one < other and nodes[one]["network"] != nodes[other]["network"]:
                apart_m = _apart_m(nodes[one], nodes[other])
                if apart_m <= join_km * 1000.0:
                    found.append((apart_m, one, other))
    return sorted(found)


def _apart_m(one: Record, other: Record) -> float:
    a, b = one["geometry"], other["geometry"]
    return float(GEOD.inv(a.x, a.y, b.x, b.y)[2])
