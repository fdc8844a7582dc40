"""The backbone: nodes, cables and corridors, and the multigraph of cables.

Parallel cables are edges of their own, keyed by `cable_id`, and never merged: two cables
between the same nodes are two things that can be cut.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import networkx as nx

from steppe.layers.crs import GEOD
from steppe.layers.errors import InputError, Problem
from steppe.layers.wording import tell
from steppe.routing.drawn_lengths import drawn_range_km
from steppe.routing.latency import length_band

if TYPE_CHECKING:
    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry


SAID, ASSUMED = "said", "assumed"
FIBRE, ROUTE, LINE, AIR = LENGTH_BASES = ("fibre", "route", "line", "air")
"""What a length is known from, the best first: the length of the fibre or of its route as stated,
the line as drawn, or the distance through the air."""
# Beyond this the planning rule takes its long-distance form (ETSI EN 300 416).
TRANSIT_KM = 1200.0


@dataclass(frozen=True)
class Node:
    """A place where cables meet; degrees, EPSG:4490; country by ISO code, or empty."""

    node_id: str
    lon: float
    lat: float
    country: str = ""


class Joint(NamedTuple):
    """A node on the way of a cable where it can be joined.

    Parameters
    ----------
    node_id
        The node.
    share
        Share of the cable's length that lies before it; see `steppe.routing.joints.place_joints`.
    """

    node_id: str
    share: float = 0.0


@dataclass(frozen=True)
class Cable:
    """One cable between two nodes.

    Parameters
    ----------
    cable_id
        Identifier, unique in the backbone.
    from_node, to_node
        Its ends; a cable carries both ways.
    length_km, low_km, high_km
        Length of the fibre: central estimate and its band, see
        `steppe.routing.latency.length_band`.
    corridors
        Corridors that it follows, in order; empty when none is recorded.
    corridor_basis
        `said` when a source names the corridors, `assumed` when they are the likeliest.
    existence
        `said`, `one_reading` or `assumed`, as in `steppe.layers.contracts.FIBRE`.
    status, year
        Status, and the year of it.
    schematic
        True when the line is a chain of cities rather than a corridor.
    apart_from
        Cables from which a source says that it is apart.
    ends_basis
        `said` when a source names both ends, `assumed` when one of them is a reading.
    length_basis
        What the length is known from, one of `LENGTH_BASES`.
    joints, joints_basis
        Nodes on its way where it can be joined, and whether a source says so: `said` or `assumed`.
    """

    cable_id: str
    from_node: str
    to_node: str
    length_km: float
    low_km: float
    high_km: float
    corridors: tuple[str, ...]
    corridor_basis: str
    existence: str
    status: str
    year: int
    schematic: bool
    apart_from: tuple[str, ...] = ()
    ends_basis: str = SAID
    length_basis: str = LINE
    joints: tuple[Joint, ...] = ()
    joints_basis: str = ASSUMED

    @property
    def is_sure(self) -> bool:
        """Return whether a source says that it exists and where both its ends are."""
        return self.existence == SAID and self.ends_basis == SAID


@dataclass(frozen=True)
class Corridor:
    """A named right of way between two nodes, and its length: published, else drawn."""

    corridor_id: str
    from_node: str
    to_node: str
    length_km: float


def build_graph(nodes: Iterable[Node], cables: Iterable[Cable]) -> nx.MultiGraph[str]:
    """Build the multigraph of cables.

    Parameters
    ----------
    nodes
        All nodes, also those without a cable; attributes `lon`, `lat`.
    cables
        All cables; each becomes an edge whose key is its `cable_id`, with the attributes
        `length_km`, `low_km`, `high_km` and `cable`.

    Raises
    ------
    InputError
        For an id given twice, a cable that ends at no known node, or a length band that
        is not 0 <= low <= length <= high, finite.

    Examples
    --------
    >>> ends = [Node("a", 111.0, 41.0), Node("b", 116.0, 40.0)]
    >>> band = {"length_km": 480.0, "low_km": 470.0, "high_km": 500.0}
    >>> rest = {"corridors": (), "corridor_basis": "said", "existence": "said"}
    >>> state = {"status": "in_service", "year": 2024, "schematic": False}
    >>> pair = [Cable(name, "a", "b", **band, **rest, **state) for name in ("x", "y")]
    >>> build_graph(ends, pair).number_of_edges("a", "b")
    2
    """
    nodes, cables = list(nodes), list(cables)
    problems = list(_faults(nodes, cables))
    if problems:
        raise InputError(problems)
    graph: nx.MultiGraph[str] = nx.MultiGraph()
    for node in nodes:
        graph.add_node(node.node_id, lon=node.lon, lat=node.lat)
    for cable in cables:
        graph.add_edge(
            cable.from_node,
            cable.to_node,
            key=cable.cable_id,
            length_km=cable.length_km,
            low_km=cable.low_km,
            high_km=cable.high_km,
            cable=cable,
        )
    return graph


def _faults(nodes: Sequence[Node], cables: Sequence[Cable]) -> Iterator[Problem]:
    for where, ids in (
        ("nodes", [node.node_id for node in nodes]),
        ("fibre", [cable.cable_id for cable in cables]),
    ):
        twice = tuple(name for name, times in Counter(ids).items() if times > 1)
        if twice:
            what, fix = tell("fault.id.occurs_twice"), tell("fix.keep_one_row_of_each")
            yield Problem(where, what, fix, twice)
    known = {node.node_id for node in nodes}
    astray = tuple(
        cable.cable_id for cable in cables if not {cable.from_node, cable.to_node} <= known
    )
    if astray:
        yield _no_node(astray)
    odd = tuple(
        cable.cable_id
        for cable in cables
        if not 0 <= cable.low_km <= cable.length_km <= cable.high_km < math.inf
    )
    if odd:
        yield Problem("fibre", tell("fault.length.band"), tell("fix.give_length_band"), odd)


def _no_node(cable_ids: tuple[str, ...]) -> Problem:
    return Problem("fibre", tell("fault.fibre.ends"), tell("fix.add_node"), cable_ids)


def cut(graph: nx.MultiGraph[str], cable_ids: Iterable[str]) -> nx.MultiGraph[str]:
    """Return a copy of the graph without some cables; the nodes stay.

    Raises
    ------
    InputError
        For a cable that the graph does not have.
    """
    ends = {key: (start, end) for start, end, key in graph.edges(keys=True)}
    wanted = tuple(dict.fromkeys(cable_ids))
    unknown = tuple(cable_id for cable_id in wanted if cable_id not in ends)
    if unknown:
        what, fix = tell("fault.cable.unknown"), tell("fix.name_by_cable_id")
        raise InputError(Problem("fibre", what, fix, unknown))
    rest = graph.copy()
    for cable_id in wanted:
        rest.remove_edge(*ends[cable_id], key=cable_id)
    return rest


def to_nodes(frame: gpd.GeoDataFrame) -> tuple[Node, ...]:
    """Turn the layer of contract `NODES` (EPSG:4490) into nodes."""
    return tuple(
        Node(str(node_id), float(lon), float(lat), str(country))
        for node_id, lon, lat, country in zip(
            frame["node_id"], frame.geometry.x, frame.geometry.y, frame["country"], strict=True
        )
    )


def to_corridors(frame: gpd.GeoDataFrame) -> tuple[Corridor, ...]:
    """Turn the layer of contract `CORRIDORS` into corridors."""
    return tuple(
        Corridor(
            str(row["corridor_id"]),
            str(row["from_node"]),
            str(row["to_node"]),
            float(row["length_km"] if math.isnan(rail_km) else rail_km),
        )
        for row, rail_km in zip(
            frame[["corridor_id", "from_node", "to_node", "length_km"]].to_dict("records"),
            _optional_km(frame, "rail_km"),
            strict=True,
        )
    )


def _optional_km(frame: gpd.GeoDataFrame, column: str) -> list[float]:
    """Return an optional column of kilometres, NaN where nothing is given."""
    return [float(km) for km in frame[column]] if column in frame else [math.nan] * len(frame)


def to_cables(frame: gpd.GeoDataFrame, nodes: Iterable[Node]) -> tuple[Cable, ...]:
    """Turn the layer of contract `FIBRE` into cables, with the band of their length.

    Parameters
    ----------
    frame
        The layer; `length_km` is the geodesic length of the drawn line.
    nodes
        Nodes at the ends of the cables, for the distance through the air.

    Raises
    ------
    InputError
        For a cable that ends at no known node.
    """
    places = {node.node_id: node for node in nodes}
    told = [name for name in frame.columns if name != frame.geometry.name]
    cells = [frame[name].to_numpy(dtype=object) for name in told]
    rows = [dict(zip(told, row, strict=True)) for row in zip(*cells, strict=True)]
    astray = tuple(
        str(row["cable_id"])
        for row in rows
        if not {row["from_node"], row["to_node"]} <= places.keys()
    )
    if astray:
        raise InputError(_no_node(astray))
    stated = (_optional_km(frame, name) for name in ("fibre_km", "route_km"))
    cables = []
    for row, line, fibre_km, route_km in zip(rows, frame.geometry, *stated, strict=True):
        start, end = places[row["from_node"]], places[row["to_node"]]
        air_km = GEOD.inv(start.lon, start.lat, end.lon, end.lat)[2] / 1000.0
        is_schematic = row["geometry_kind"] == "schematic"
        # An empty cell of an optional column comes as NaN.
        corridors, apart_from, joints = (
            tuple(text.split()) if isinstance(text, str) else ()
            for text in (row.get("corridors"), row.get("apart_from"), row.get("joints"))
        )
        length_basis = _length_basis(fibre_km, route_km, schematic=is_schematic)
        low_km, length_km, high_km = length_band(
            float(row["length_km"]),
            air_km,
            fibre_km=None if math.isnan(fibre_km) else fibre_km,
            route_km=None if math.isnan(route_km) else route_km,
            drawn_km=_drawn_km(line, row) if length_basis == LINE else None,
            assumed=bool(corridors) and row["corridor_basis"] != SAID,
            schematic=is_schematic,
            transit=start.country != end.country and air_km > TRANSIT_KM,
        )
        ends_basis = row.get("ends_basis")
        cables.append(
            Cable(
                cable_id=str(row["cable_id"]),
                from_node=start.node_id,
                to_node=end.node_id,
                length_km=length_km,
                low_km=low_km,
                high_km=high_km,
                corridors=corridors,
                corridor_basis=str(row["corridor_basis"]),
                existence=str(row["existence"]),
                status=str(row["status"]),
                year=int(row["year"]),
                schematic=is_schematic,
                apart_from=apart_from,
                ends_basis=ends_basis if isinstance(ends_basis, str) else SAID,
                length_basis=length_basis,
                joints=tuple(map(Joint, joints)),
                joints_basis=SAID if row.get("joints_basis") == SAID else ASSUMED,
            )
        )
    return tuple(cables)


def _drawn_km(line: BaseGeometry, row: Mapping[Hashable, Any]) -> tuple[float, float]:
    return drawn_range_km(line, float(row["length_km"]), accuracy_km=row["accuracy_m"] / 1000.0)


def _length_basis(fibre_km: float, route_km: float, *, schematic: bool) -> str:
    if not math.isnan(fibre_km):
        return FIBRE
    if not math.isnan(route_km):
        return ROUTE
    return AIR if schematic else LINE
