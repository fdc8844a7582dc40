"""Nodes without a place that lie between nodes that have one: where, and how true that is.

A link of more than two ends, or a site that nobody placed on the way, keeps the network together:
left out, it takes every way through it along.  Where it lies is not known; that it lies somewhere
among the nodes that it joins is assumed, and it is placed in the middle of its neighbours.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import networkx as nx
import numpy as np

from steppe.layers.crs import GEOD
from steppe.layers.errors import Problem
from steppe.layers.interchange.read_network import ReadingOptions, Record
from steppe.layers.wording import tell

# Neighbours whose middle is nearer to the centre of the earth than this, in radii, have none.
_LEAST_RADIUS = 0.1


@dataclass(frozen=True)
class Between:
    """A place, (lon, lat) in degrees, and how far the farthest node that it was made of lies, m."""

    place: tuple[float, float]
    accuracy_m: float


def place_between(
    places: Mapping[str, tuple[float, float]], ends: Iterable[tuple[str, str]]
) -> dict[str, Between]:
    """Return places for the nodes that join others which have one.

    Each is the middle of its neighbours on the sphere, whose places hold each other where several
    hang together (Tutte 1963, Proc. London Math. Soc. s3-13, 743-767).  What only ends at one
    placed node, by way of others or not, lies between none.

    Parameters
    ----------
    places
        Nodes that have a place, (lon, lat) in degrees.
    ends
        Both nodes of each cable.
    """
    graph: nx.Graph[str] = nx.Graph()
    graph.add_edges_from((a, b) for a, b in ends if a != b and not (a in places and b in places))
    loose = [node for node in graph if node not in places and graph.degree(node) < 2]  # noqa: PLR2004
    while loose:
        node = loose.pop()
        others = list(graph[node])
        graph.remove_node(node)
        loose += [each for each in others if each not in places and graph.degree(each) == 1]
    found: dict[str, Between] = {}
    unplaced = graph.subgraph([node for node in graph if node not in places])
    for members in nx.connected_components(unplaced):
        group = sorted(members)
        around = sorted({each for node in group for each in graph[node] if each in places})
        if len(around) > 1:
            found |= _place(group, around, graph, places)
    return found


def _place(
    group: list[str],
    around: list[str],
    graph: nx.Graph[str],
    places: Mapping[str, tuple[float, float]],
) -> dict[str, Between]:
    """Place the nodes of one group, each in the middle of its neighbours."""
    # What has no such node need not wait for it.
    from scipy.sparse import coo_array  # noqa: PLC0415
    from scipy.sparse.linalg import spsolve  # noqa: PLC0415

    number = {node: index for index, node in enumerate(group)}
    lon, lat = np.radians([places[node] for node in around]).T
    on_sphere = np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
    at = dict(zip(around, on_sphere, strict=True))
    rows = [(number[node], number[node], float(graph.degree(node))) for node in group]
    sums = np.zeros((len(group), 3))
    for node in group:
        for each in sorted(graph[node]):
            if each in number:
                rows.append((number[node], number[each], -1.0))
            else:
                sums[number[node]] += at[each]
    row, column, value = zip(*rows, strict=True)
    weights = coo_array((value, (row, column)), shape=(len(group), len(group))).tocsc()
    middle = np.reshape(spsolve(weights, sums), (len(group), 3))
    radius = np.linalg.norm(middle, axis=1)
    found = {}
    for node, (x, y, z), length in zip(group, middle, radius, strict=True):
        if length > _LEAST_RADIUS:
            here = float(np.degrees(np.arctan2(y, x))), float(np.degrees(np.arcsin(z / length)))
            farthest_m = max(GEOD.inv(*here, *places[each])[2] for each in around)
            found[node] = Between(here, float(farthest_m))
    return found


def settle(node: Record, found: Mapping[str, Between]) -> Record:
    """Return a node as it is; where its place is not known cables meet, and nothing is connected."""
    between = found.get(node["node_id"])
    if between is None:
        return node
    return {**node, "kind": "junction", "accuracy_m": between.accuracy_m}


def blur(cable: Record, found: Mapping[str, Between]) -> Record:
    """Return a cable, no truer than the places of its ends."""
    ends = [found[end].accuracy_m for end in (cable["from_node"], cable["to_node"]) if end in found]
    return {**cable, "accuracy_m": max(ends)} if ends else cable


def note_between(options: ReadingOptions, where: str, nodes: Iterable[object]) -> None:
    """Tell which nodes are placed between others."""
    what, why = tell("note.nodes_between"), tell("note.why.between")
    options.note(f"{where} › nodes", what, why=why, rows=nodes)


def note_parted(
    options: ReadingOptions, where: str, ends: Iterable[tuple[str, str]], kept: Collection[str]
) -> None:
    """Tell that the network falls apart without what is left out, and how it would not."""
    whole: nx.Graph[str] = nx.Graph()
    whole.add_nodes_from(kept)
    whole.add_edges_from(ends)
    n_before = sum(not members.isdisjoint(kept) for members in nx.connected_components(whole))
    n_after = nx.number_connected_components(whole.subgraph(kept)) if kept else 0
    if n_after > n_before:
        what = tell("note.parted", n_before=n_before, n_after=n_after)
        options.tell(Problem(f"{where} › nodes", what, tell("fix.keep_joined")))
