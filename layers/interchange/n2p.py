"""Net2Plan: designs as `.n2p`, XML of any version, of which the nodes and one layer are read.

A link of Net2Plan carries one way, so that two make a cable.  Versions 3 to 6 name the layer of
each link, the first ones know one alone (Pavon-Marino and others, Net2Plan, the readers
`ReaderNetPlanN2PVersion_N` of its sources).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path

import networkx as nx

from steppe.layers.errors import InputError, Problem
from steppe.layers.interchange.graphs import MALFORMED, Graph, malformed, to_network
from steppe.layers.interchange.plane import refuse_plane
from steppe.layers.interchange.read_network import (
    ReadingOptions,
    ReadNetwork,
    Record,
    clean_id,
    refuse,
    to_number,
)
from steppe.layers.interchange.xml_tally import XmlTally
from steppe.layers.wording import join, tell

_LINKS_OF_LAYER = (("network", "layer", "link"), ("network", "physicalTopology", "link"))
_NODES = (("network", "node"), ("network", "physicalTopology", "node"))
_COUPLE = "bidirectionalCouple"
# The origin and the destination of any traffic, at no place (Net2Plan's networks of IP over WDM).
_VIRTUAL = "$$$TAGNODE_INDICATIONVIRTUAL"
# What those networks call their layer of fibre.
_FIBRE_LAYER = "wdm"
# What Net2Plan calls what nobody named.
_UNNAMED = re.compile(r"(Link|Node)[ -]?\d*", re.ASCII)
_GBPS = re.compile(r"g(iga)?b(it)?(ps|/s)", re.IGNORECASE)


@dataclass(frozen=True)
class _Link:
    """One way from a node to another."""

    link_id: str | None
    origin: str
    destination: str
    fields: Record
    couple: str | None

    @property
    def km(self) -> float:
        """Its length; none is the shortest."""
        return to_number(self.fields.get("length_km")) or 0.0


@dataclass
class _Layer:
    """A layer of a design, and its links."""

    name: str
    unit: str = ""
    links: list[_Link] = field(default_factory=list)


@dataclass
class _Design(XmlTally):
    """What a design holds; all elements but nodes, links and how layers hang together are left."""

    path: list[str] = field(default_factory=list)
    nodes: list[Record] = field(default_factory=list)
    virtual: set[str] = field(default_factory=set)
    layers: list[_Layer] = field(default_factory=list)
    carried: set[str] = field(default_factory=set)
    risk_ids: list[str] = field(default_factory=list)

    def open(self, name: str, attributes: dict[str, str]) -> None:
        """Take in an element that begins."""
        super().open(name, attributes)
        self.path.append(name)
        path = tuple(self.path)
        if path in _NODES:
            self._take_node(attributes)
        elif path in {where[:-1] for where in _LINKS_OF_LAYER}:
            unit = attributes.get("linkCapacityUnitsName", "")
            self.layers.append(_Layer(attributes.get("name", ""), unit))
        elif path in _LINKS_OF_LAYER:
            self._take_link(attributes)
        elif path[:-1] in _NODES and name == "tag":
            if attributes.get("value", "").startswith(_VIRTUAL):
                self.virtual.add(self.nodes[-1]["id"])
        elif path[:-1] in _LINKS_OF_LAYER and attributes.get("key") == _COUPLE:
            links = self.layers[-1].links
            links[-1] = _Link(**{**vars(links[-1]), "couple": attributes.get("value")})
        elif name == "layerCouplingDemand":
            self.carried.add(attributes.get("upperLayerLinkId", ""))
        elif path == ("network", "srg"):
            self.risk_ids.append(attributes.get("id", str(len(self.risk_ids))))

    def close(self, name: str) -> None:
        """Leave an element that ends."""
        super().close(name)
        self.path.pop()

    def _take_node(self, said: dict[str, str]) -> None:
        # Where nodes have no ids, links count them from 0.
        node_id = clean_id(said.get("id", str(len(self.nodes)))) or ""
        name = said.get("name", "")
        label = None if _UNNAMED.fullmatch(name) else name
        place = {"lon": said.get("xCoord"), "lat": said.get("yCoord")}
        self.nodes.append({"id": node_id, "label": label, **place})

    def _take_link(self, said: dict[str, str]) -> None:
        name, km = said.get("name", ""), said.get("lengthInKm", said.get("linkLengthInKm"))
        fields: Record = {"name": None if _UNNAMED.fullmatch(name) else name}
        if to_number(km) != 0.0:
            fields["length_km"] = km
        capacity = to_number(said.get("capacity"))
        if capacity is not None and _GBPS.fullmatch(self.layers[-1].unit.strip()):
            fields["capacity_gbps"] = capacity
        couple = said.get("bidirectionalPairId")
        self.layers[-1].links.append(
            _Link(
                clean_id(said.get("id")),
                clean_id(said.get("originNodeId")) or "",
                clean_id(said.get("destinationNodeId")) or "",
                fields,
                None if couple == "-1" else couple,
            )
        )


def read_n2p(path: Path, options: ReadingOptions = ReadingOptions()) -> ReadNetwork:  # noqa: B008 (frozen)
    """Read a design of Net2Plan.

    Raises
    ------
    InputError
        For what is no such design, for several layers none of which is told to be of fibre, for
        positions on a plane, and for what cannot be a network of cables.
    """
    design = _Design(path.name)
    try:
        design.read(path.read_bytes())
    except MALFORMED as error:
        raise malformed(path.name, "n2p", error) from None
    if not design.nodes:
        raise malformed(path.name, "n2p", tell("told.n2p.no_node"))
    layer = _choose_layer(design, options)
    real = [node for node in design.nodes if node["id"] not in design.virtual]
    links = [each for each in layer.links if not {each.origin, each.destination} & design.virtual]
    _tell_left(design, options)
    graph = _build(real, links, path.name, options)
    places = {node["id"]: (node["lon"], node["lat"]) for node in real}
    lengths = [(each.origin, each.destination, each.fields.get("length_km")) for each in links]
    refuse_plane(path.name, places, lengths)
    return to_network(graph, path.name, options)


def _choose_layer(design: _Design, options: ReadingOptions) -> _Layer:
    """Return the layer of fibre: the one alone, the one called so, or the one that carries all."""
    full = [layer for layer in design.layers if layer.links]
    if len(full) < 2:  # noqa: PLR2004 (several)
        return full[0] if full else _Layer("")
    called = [layer for layer in full if layer.name.strip().casefold() == _FIBRE_LAYER]
    lowest = [
        layer for layer in full if not {each.link_id for each in layer.links} & design.carried
    ]
    found = called if len(called) == 1 else lowest
    names = [layer.name for layer in full]
    if len(found) != 1:
        what = tell("fault.n2p.layers", names=join([repr(name) for name in names]))
        raise InputError(Problem(design.where, what, tell("fix.save_one_layer")))
    others = [name or "–" for layer, name in zip(full, names, strict=True) if layer is not found[0]]
    what, why = tell("note.layers_left"), tell("note.why.layer_read", name=found[0].name)
    options.note(f"{design.where} › fibre", what, why=why, rows=others)
    return found[0]


def _tell_left(design: _Design, options: ReadingOptions) -> None:
    """Tell what of a design has no place in a plan."""
    what, why = tell("note.nodes_left_out"), tell("note.why.virtual")
    options.note(f"{design.where} › nodes", what, why=why, rows=sorted(design.virtual))
    what, why = tell("note.risk_groups_left"), tell("note.why.risks_from_lines")
    options.note(f"{design.where} › fibre", what, why=why, rows=design.risk_ids)


def _build(
    nodes: Sequence[Record], links: Sequence[_Link], where: str, options: ReadingOptions
) -> Graph:
    ids = [node["id"] for node in nodes]
    known = set(ids)
    twice = sorted({name for name in known if ids.count(name) > 1}) if len(known) < len(ids) else []
    refuse(
        f"{where} › nodes",
        tell("fault.id.occurs_twice"),
        tell("fix.give_each_node_its_own"),
        rows=twice,
    )
    ends = (end for each in links for end in (each.origin, each.destination))
    astray = dict.fromkeys(end for end in ends if end not in known)
    refuse(f"{where} › nodes", tell("fault.network.astray"), tell("fix.add_node"), rows=astray)
    graph: Graph = nx.MultiGraph()
    for node in nodes:
        graph.add_node(node["id"], **{name: node[name] for name in ("label", "lon", "lat")})
    single = []
    for one, back in _pair(links):
        # Of two ways of one cable the longer is what may be needed of it.
        longer = one if back is None or one.km >= back.km else back
        graph.add_edge(
            one.origin, one.destination, **{**one.fields, **longer.fields}, id=one.link_id
        )
        if back is None:
            single.append(one.link_id or f"{one.origin}-{one.destination}")
    what, why = tell("note.links_one_way"), tell("note.why.carries_both")
    options.note(f"{where} › fibre", what, why=why, rows=single)
    return graph


def _pair(links: Sequence[_Link]) -> Iterator[tuple[_Link, _Link | None]]:
    """Yield the links that are one cable: those that name each other, then by their lengths."""
    by_id = {each.link_id: each for each in links if each.link_id is not None}
    done: set[int] = set()
    rest: dict[tuple[str, str], list[_Link]] = defaultdict(list)
    for each in links:
        other = None if each.couple is None else by_id.get(each.couple)
        if id(each) in done:
            continue
        if (
            other is not None
            and other is not each
            and _is_back(each, other)
            and id(other) not in done
        ):
            done |= {id(each), id(other)}
            yield each, other
        else:
            done.add(id(each))
            rest[each.origin, each.destination].append(each)
    for (origin, destination), there in rest.items():
        back = rest.get((destination, origin), [])
        if origin == destination:
            yield from ((each, None) for each in there)
        elif (origin, destination) < (destination, origin) or not back:
            pairs = zip_longest(*(sorted(some, key=lambda each: each.km) for some in (there, back)))
            yield from ((one or other, other if one else None) for one, other in pairs)


def _is_back(one: _Link, other: _Link) -> bool:
    return (one.origin, one.destination) == (other.destination, other.origin)
