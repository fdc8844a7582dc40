"""Joining the networks of one file where their nodes stand at one place."""

from __future__ import annotations

import numpy as np
import shapely

from steppe.layers.crs import GEOD
from steppe.layers.interchange.read_network import ReadingOptions, ReadNetwork, Record
from steppe.layers.limits import PAIRS
from steppe.layers.wording import tell

_DEGREE_KM = 110.0  # no degree of latitude is shorter
_LEAST_COS = 0.01
_AT_ONCE = 20  # boxes that are asked for together, so that dense ones fill no memory


def join_networks(network: ReadNetwork, where: str, options: ReadingOptions) -> ReadNetwork:
    """Take nodes of different networks within `options.join_km` of each other for one node.

    The nearest are joined first, and no place has two nodes of one network, which tells them
    apart.  The node that comes first in the file stays; its accuracy becomes the distance to
    the farthest that it stands for (`joined_m`).

    Parameters
    ----------
    network
        Nodes with `network` and a place.
    where
        The file, for the note.
    options
        How near is one place; takes the note.
    """
    nodes, join_km = network.nodes, options.join_km or 0.0
    group = [{index} for index in range(len(nodes))]
    for one, other in _near_pairs(nodes, join_km, where):
        mine, theirs = group[one], group[other]
        names = [nodes[index]["network"] for index in mine | theirs]
        if mine is not theirs and len(set(names)) == len(names):
            mine |= theirs
            for index in theirs:
                group[index] = mine
    first = [min(members) for members in group]
    stays = {
        str(node["node_id"]): str(nodes[into]["node_id"])
        for node, into in zip(nodes, first, strict=True)
    }
    joined = [name for name, into in stays.items() if name != into]
    what, why = tell("note.nodes_joined"), tell("note.why.join_km", join_km=join_km)
    options.note(f"{where} › nodes", what, why=why, rows=joined)
    if not joined:
        options.tell(tell("note.none_near", where=f"{where} › nodes"))
    return ReadNetwork(
        tuple(
            node | {"joined_m": max(_apart_m(node, nodes[other]) for other in group[index])}
            for index, node in enumerate(nodes)
            if first[index] == index
        ),
        tuple(
            cable | {end: stays.get(cable[end], cable[end]) for end in ("from_node", "to_node")}
            for cable in network.cables
        ),
    )


def _near_pairs(nodes: tuple[Record, ...], join_km: float, where: str) -> list[tuple[int, int]]:
    """Return the pairs of nodes of two networks within reach, the nearest first."""
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
    return [(one, other) for _, one, other in sorted(found)]


def _apart_m(one: Record, other: Record) -> float:
    a, b = one["geometry"], other["geometry"]
    return float(GEOD.inv(a.x, a.y, b.x, b.y)[2])
