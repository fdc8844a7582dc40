"""Graphs as networks: the attributes that the Topology Zoo, networkx, yEd and Gephi write."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any
from xml.parsers import expat

import networkx as nx
from shapely.geometry import Point

from steppe.layers.errors import InputError, Problem
from steppe.layers.interchange.between import (
    blur,
    note_between,
    note_parted,
    place_between,
    settle,
)
from steppe.layers.interchange.read_network import (
    BETWEEN,
    HOW_TO_LEAVE_OUT,
    LENIENT,
    ReadingOptions,
    ReadNetwork,
    Record,
    clean_id,
    clean_text,
    note_left_out,
    refuse,
    to_number,
    to_place,
)
from steppe.layers.library_words import tell_error
from steppe.layers.lines import geodesic
from steppe.layers.wording import Message, Words, tell

Graph = Any  # nx.MultiGraph or nx.MultiDiGraph

LON_NAMES = ("longitude", "lon", "lng", "long")
LAT_NAMES = ("latitude", "lat")
# Kilometres, all of them; a plain `length` may be anything.
LENGTH_NAMES = ("length_km", "distance_km", "dist_km", "distance", "dist")

_NODE_COLUMNS = ("name_zh", "kind", "gateways", "accuracy_m", "source_id", "as_of")
_CABLE_COLUMNS = (
    *("name_zh", "status", "year", "existence", "ends_basis", "fibres", "operator"),
    *("accuracy_m", "source_id", "as_of"),
)
READ_NAMES = frozenset(
    {
        *(*LON_NAMES, *LAT_NAMES, *LENGTH_NAMES, *_NODE_COLUMNS, *_CABLE_COLUMNS),
        *(
            "fibre_km",
            "id",
            "key",
            "source",
            "target",
            "label",
            "name",
            "name_en",
            "country",
            "hyperedge",
        ),
        *("capacity_gbps", "linkspeedraw", "linklabel", "linktype", "directed"),
    }
)
"""Attributes that are read, in lower case; none may be said twice."""
_BITS_IN_GBIT = 1e9
# What the Topology Zoo writes where nothing is known.
_NOTHING = "None"
# Whatever networkx and expat raise at a file that is not what it says it is.
MALFORMED = (
    *(nx.NetworkXError, expat.ExpatError, SyntaxError, RecursionError),
    *(ValueError, LookupError, TypeError, AttributeError),
)


def malformed(where: Words, kind: str, error: Exception | Message) -> InputError:
    """Return the user's error for a file that is not of the kind that its suffix says."""
    told = tell_error(error) if isinstance(error, Exception) else error
    if isinstance(told, str):
        told = clean_text(told) or ""
    what = tell("fault.network.malformed", kind=kind, told=told)
    return InputError(Problem(where, what, tell("fix.export_again")))


def to_network(graph: Graph, where: str, options: ReadingOptions) -> ReadNetwork:
    """Turn a multigraph into nodes, and cables straight between them.

    Parameters
    ----------
    graph
        `MultiGraph` or `MultiDiGraph`; attribute names may be of either case.
    where
        The file, for the messages.
    options
        What becomes of nodes without coordinates.

    Raises
    ------
    InputError
        For arcs there and back, and for nodes without coordinates unless they are left out.
    """
    _refuse_arcs(graph, where)
    defaults = {name: graph.graph.get(name, {}) for name in ("node_default", "edge_default")}
    attributes = {
        node: _lower({**defaults["node_default"], **data}) for node, data in graph.nodes(data=True)
    }
    ids = {node: clean_id(node) or "" for node in attributes}
    ends = [(ids[start], ids[end]) for start, end in graph.edges()]
    places = {ids[node]: place for node, data in attributes.items() if (place := _place(data))}
    between = place_between(places, ends) if options.unplaced == BETWEEN else {}
    unplaced = {node: data for node, data in attributes.items() if ids[node] not in places}
    if options.unplaced not in LENIENT:
        _refuse_unplaced(unplaced, where)
    settled = {node: data for node, data in unplaced.items() if ids[node] in between}
    left = {node: data for node, data in unplaced.items() if node not in settled}
    places |= {name: each.place for name, each in between.items()}
    nodes = tuple(
        settle(_node(ids[node], data), between) | {"geometry": Point(places[ids[node]])}
        for node, data in attributes.items()
        if ids[node] in places
    )
    edges = [
        (key, _lower({**defaults["edge_default"], **data}))
        for _, _, key, data in graph.edges(keys=True, data=True)
    ]
    named = list(zip(_cable_ids(ends, _said_ids(edges)), ends, edges, strict=True))
    cables = tuple(
        blur(_cable(cable_id, data) | _line(start, end, places), between)
        for cable_id, (start, end), (_, data) in named
        if start in places and end in places
    )
    if options.join_km is not None:
        options.tell(tell("note.one_network", where=where))
    astray = [cable_id for cable_id, both, _ in named if not places.keys() >= {*both}]
    note_between(options, where, [_called(*each) for each in settled.items()])
    note_left_out(options, where, [_called(*each) for each in left.items()], astray)
    note_parted(options, where, ends, places.keys())
    return ReadNetwork(nodes, cables)


def _line(start: str, end: str, places: Mapping[str, tuple[float, float]]) -> Record:
    """Return the ends of a cable, and the line straight between them."""
    return {
        "from_node": start,
        "to_node": end,
        "geometry_kind": "schematic",
        "geometry": geodesic([places[start], places[end]]),
    }


def _lower(data: dict[str, Any]) -> Record:
    """Return attributes by lower-case name, those alone that hold something."""
    return {
        str(name).lower(): value
        for name, value in data.items()
        if clean_text(value) not in (None, _NOTHING)
    }


def _first(data: Record, *names: str) -> Any:
    return next((data[name] for name in names if name in data), None)


def _place(data: Record) -> tuple[float, float] | None:
    return to_place(_first(data, *LON_NAMES), _first(data, *LAT_NAMES))


def _is_hyperedge(data: Record) -> bool:
    return str(data.get("hyperedge", "")).lower() in {"1", "1.0", "true"}


def _refuse_arcs(graph: Graph, where: str) -> None:
    """Refuse a directed graph with arcs both ways: each would count as a cable."""
    if graph.is_directed():
        both = sorted(
            f"{start}-{end}"
            for start, end in set(graph.edges())
            if str(start) < str(end) and graph.has_edge(end, start)
        )
        refuse(
            where,
            tell("fault.network.arcs"),
            tell("fix.save_undirected"),
            rows=both,
        )


def _refuse_unplaced(unplaced: dict[Any, Record], where: str) -> None:
    """Name the nodes without coordinates, those apart that stand for a link of many ends."""
    named: dict[bool, list[str]] = {True: [], False: []}
    for node, data in unplaced.items():
        named[_is_hyperedge(data)].append(_called(node, data))
    wordings = {
        True: (
            tell("fault.network.hyperedge"),
            tell("fix.place_hyperedge"),
        ),
        False: (
            tell("fault.network.unplaced"),
            tell("fix.add_place", or_leave_out=HOW_TO_LEAVE_OUT),
        ),
    }
    problems = [
        Problem(f"{where} › nodes", *wordings[kind], tuple(rows))
        for kind, rows in named.items()
        if rows
    ]
    if problems:
        raise InputError(problems)


def _called(node: Any, data: Record) -> str:
    label = clean_text(_first(data, "label", "name"))
    return " ".join(filter(None, (clean_id(node), label)))


def _node(node_id: str, data: Record) -> Record:
    record = {name: data.get(name) for name in _NODE_COLUMNS}
    if record["kind"] is None and _is_hyperedge(data):
        record["kind"] = "junction"
    name = _first(data, "name_en", "label", "name")
    return {**record, "node_id": node_id, "name_en": name, "country": data.get("country")}


def _cable(cable_id: str, data: Record) -> Record:
    speed = to_number(data.get("linkspeedraw"))
    capacity = None if speed is None else speed / _BITS_IN_GBIT
    return {
        **{name: data.get(name) for name in _CABLE_COLUMNS},
        "cable_id": cable_id,
        "name_en": _first(data, "name_en", "name"),
        "capacity_gbps": _first({"speed": capacity, **data}, "capacity_gbps", "speed"),
        "said_length_km": _first(data, *LENGTH_NAMES),
        "fibre_km": data.get("fibre_km"),
        "link_label": _first(data, "linklabel", "label"),
        "link_type": data.get("linktype"),
    }


def _said_ids(edges: list[tuple[Any, Record]]) -> list[str | None]:
    """Return the ids that the file gives its edges; none of them when one occurs twice.

    networkx writes the key among parallel edges as the id, so that most are called 0.
    """
    said = [
        clean_id(data.get("id")) or (clean_id(key) if isinstance(key, str) else None)
        for key, data in edges
    ]
    given = [name for name in said if name is not None]
    return said if len(set(given)) == len(given) else [None] * len(said)


def _cable_ids(ends: list[tuple[str, str]], said: list[str | None]) -> Iterator[str]:
    """Yield an id for each edge: its own, else `start--end--n`, n counting the parallels."""
    taken = {name for name in said if name is not None}
    n_parallel: Counter[frozenset[str]] = Counter()
    for (start, end), name in zip(ends, said, strict=True):
        pair = frozenset((start, end))
        made = name
        while made is None:
            n_parallel[pair] += 1
            candidate = f"{start}--{end}--{n_parallel[pair]}"
            if candidate not in taken:
                taken.add(candidate)
                made = candidate
        yield made
