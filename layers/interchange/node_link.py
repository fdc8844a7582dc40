"""Node-link JSON: the form in which networkx writes graphs, and topohub its topologies."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import networkx as nx

from steppe.layers.errors import InputError, Problem
from steppe.layers.interchange.graphs import LAT_NAMES, LON_NAMES, Graph, malformed, to_network
from steppe.layers.interchange.json_documents import as_object, objects, read_json
from steppe.layers.interchange.plane import refuse_plane
from steppe.layers.interchange.read_network import (
    ReadingOptions,
    ReadNetwork,
    Record,
    clean_id,
    clean_text,
    refuse,
)
from steppe.layers.limits import NETWORK_ROWS
from steppe.layers.wording import tell

EDGES = ("edges", "links")
"""What the list of edges is called, by networkx since 3.4 and before."""

# A bend of a sea cable, where nobody can be connected (topohub, group backbone).
_KINDS = {"Seacable Waypoint": "junction"}


def read_node_link(
    path: Path,
    options: ReadingOptions = ReadingOptions(),  # noqa: B008 (frozen)
) -> ReadNetwork:
    """Read a graph of networkx or a topology of topohub.

    `pos` of a node is (lon, lat) where the node says them under no other name; `type` of an edge
    is the type of the link.  Loads, demands and statistics are left.

    Raises
    ------
    InputError
        For what is no such JSON, for positions on a plane, and for what cannot be a network of
        cables.
    """
    whole = as_object(read_json(path))
    nodes = objects(whole.get("nodes"))
    edges = next((objects(whole[name]) for name in EDGES if name in whole), [])
    if not nodes:
        raise malformed(path.name, "node-link JSON", tell("told.node_link.no_node"))
    NETWORK_ROWS.refuse_over(len(nodes) + len(edges), path.name)
    graph = _build(nodes, edges, path.name, directed=whole.get("directed") is True)
    places = {node: (data.get("lon"), data.get("lat")) for node, data in graph.nodes(data=True)}
    lengths = [(start, end, data.get("dist")) for start, end, data in graph.edges(data=True)]
    refuse_plane(path.name, places, lengths)
    return to_network(graph, path.name, options)


def _build(nodes: list[Record], edges: list[Record], where: str, *, directed: bool) -> Graph:
    graph: Graph = nx.MultiDiGraph() if directed else nx.MultiGraph()
    ids = [clean_id(node.get("id")) for node in nodes]
    if None in ids:
        what, fix = tell("fault.network.no_id"), tell("fix.give_each_its_own")
        raise InputError(Problem(f"{where} › nodes", what, fix))
    twice = [name for name, times in Counter(ids).items() if times > 1]
    what, fix = tell("fault.id.occurs_twice"), tell("fix.give_each_node_its_own")
    refuse(f"{where} › nodes", what, fix, rows=twice)
    ends = [(clean_id(edge.get("source")), clean_id(edge.get("target"))) for edge in edges]
    astray = dict.fromkeys(end or "" for pair in ends for end in pair if end not in set(ids))
    refuse(f"{where} › nodes", tell("fault.network.astray"), tell("fix.add_node"), rows=astray)
    for name, node in zip(ids, nodes, strict=True):
        graph.add_node(name, **_node(node))
    for (start, end), edge in zip(ends, edges, strict=True):
        graph.add_edge(start, end, **_edge(edge))
    return graph


def _node(node: Record) -> Record:
    """Return what a node says, its position as longitude and latitude."""
    said = {name: value for name, value in node.items() if name not in ("id", "pos", "type")}
    kind = _KINDS.get(clean_text(node.get("type")) or "")
    if kind is not None:
        said.setdefault("kind", kind)
    position = node.get("pos")
    named = {str(name).lower() for name in said}
    if named.isdisjoint({*LON_NAMES, *LAT_NAMES}) and isinstance(position, list):
        said |= dict(zip(("lon", "lat"), position, strict=False))
    return said


def _edge(edge: Record) -> Record:
    said = {name: value for name, value in edge.items() if name not in ("source", "target", "key")}
    kind = said.pop("type", None)
    return said if kind is None else {"linktype": kind, **said}
