"""Open Fibre Data Standard (OFDS): its JSON and its GeoJSON.

Fields and codes after schema 0.4 and those before it, https://standard.ofds.info.  In JSON a
package holds networks, a network nodes and spans; what its parts are is read here.
`steppe.layers.interchange.ofds_documents` reads the document, GeoJSON too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from shapely.geometry import LineString, Point

from steppe.layers.crs import line_km
from steppe.layers.errors import InputError, Problem
from steppe.layers.interchange.between import (
    Between,
    blur,
    note_between,
    note_parted,
    place_between,
    settle,
)
from steppe.layers.interchange.joining import join_networks
from steppe.layers.interchange.json_documents import as_object, objects
from steppe.layers.interchange.ofds_documents import as_code, read_networks
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
from steppe.layers.lines import geodesic
from steppe.layers.wording import join, tell

Lonlat = tuple[float, float]

SCHEMATIC_M_PER_KM = 250.0
SURVEYED_VERTICES = 3  # a route of two points is a straight stroke, and tells no way
_ENDS = ("start", "end")
_FIBRE = "fibre"
_WGS84 = re.compile(
    r".*(?:CRS:?84|EPSG[:/]+(?:0[:/])?:?4326).*|(?:WGS|World Geodetic System)[ _-]*(?:19)?84",
    re.IGNORECASE,
)


def read_ofds(path: Path, options: ReadingOptions = ReadingOptions()) -> ReadNetwork:  # noqa: B008 (frozen)
    """Read nodes and spans of an OFDS file; spans that are no fibre are not read, and named.

    Raises
    ------
    InputError
        For what is not OFDS, and for what cannot be drawn.
    """
    networks = read_networks(path)
    several = len(networks) > 1
    if several:
        refuse(
            path.name,
            tell("fault.ofds.networks_without_id"),
            tell("fix.give_networks_ids"),
            rows=[n for n, each in enumerate(networks, 1) if clean_id(each.get("id")) is None],
        )
    parts = [_to_network(network, path.name, options, alone=not several) for network in networks]
    whole = ReadNetwork(
        tuple(node for part in parts for node in part.nodes),
        tuple(cable for part in parts for cable in part.cables),
    )
    return whole if options.join_km is None else join_networks(whole, path.name, options)


def _to_network(
    network: Record, where: str, options: ReadingOptions, *, alone: bool
) -> ReadNetwork:
    """Turn one network; ids are unique inside it only, so its own goes before them if need be."""
    _refuse_other_crs(network, where)
    _refuse_nameless(network, where)
    prefix = "" if alone else f"{clean_id(network.get('id'))}:"
    common: Record = {
        "accuracy_m": network.get("accuracy"),
        "as_of": clean_text(network.get("collectionDate"))
        or clean_text(network.get("publicationDate")),
        "network": clean_id(network.get("id")),
    }
    nodes = [common | _node(node, prefix) for node in objects(network.get("nodes"))]
    places = {
        node["node_id"]: (node["geometry"].x, node["geometry"].y)
        for node in nodes
        if node["geometry"] is not None
    }
    spans = _fibre_spans(network, where, options)
    refuse(
        f"{where} › fibre",
        tell("fault.ofds.route"),
        tell("fix.correct_or_leave_out_route"),
        rows=[clean_id(span.get("id")) for span in spans if _is_route_broken(span)],
    )
    between: dict[str, Between] = {}
    if options.unplaced == BETWEEN:
        ends = ([_reference(span.get(name), prefix) or "" for name in _ENDS] for span in spans)
        found = place_between(places, ((start, end) for start, end in ends))
        known = {node["node_id"] for node in nodes}
        between = {node_id: each for node_id, each in found.items() if node_id in known}
        note_between(options, where, between)
        places |= {node_id: each.place for node_id, each in between.items()}
        nodes = [
            settle(node, between) | {"geometry": Point(places[node["node_id"]])}
            if node["node_id"] in between
            else node
            for node in nodes
        ]
    called = _organisations(network)
    cables = [
        blur(_with_accuracy(common | _cable(span, prefix, places, called)), between)
        for span in spans
    ]
    unplaced = [node["node_id"] for node in nodes if node["geometry"] is None]
    if options.unplaced in LENIENT:
        astray = {
            cable["cable_id"]
            for cable in cables
            if not {cable["from_node"], cable["to_node"]} <= places.keys()
        }
        note_left_out(options, where, unplaced, sorted(astray))
        joined = [(cable["from_node"], cable["to_node"]) for cable in cables]
        note_parted(options, where, joined, places.keys())
        return ReadNetwork(
            tuple(node for node in nodes if node["geometry"] is not None),
            tuple(cable for cable in cables if cable["cable_id"] not in astray),
        )
    refuse(
        f"{where} › nodes",
        tell("fault.ofds.location"),
        tell("fix.add_coordinates", or_leave_out=HOW_TO_LEAVE_OUT),
        rows=unplaced,
    )
    refuse(
        f"{where} › fibre",
        tell("fault.ofds.no_route"),
        tell("fix.add_route", or_leave_out=HOW_TO_LEAVE_OUT),
        rows=[cable["cable_id"] for cable in cables if cable["geometry"] is None],
    )
    return ReadNetwork(tuple(nodes), tuple(cables))


def _refuse_other_crs(network: Record, where: str) -> None:
    said = network.get("crs")
    crs = as_object(said)
    name = clean_text(crs.get("name")) or clean_text(crs.get("uri")) or clean_text(said)
    if name is not None and not _WGS84.fullmatch(name):
        what = tell("fault.ofds.crs", crs=name)
        raise InputError(Problem(where, what, tell("fix.export_in_wgs84")))


def _refuse_nameless(network: Record, where: str) -> None:
    nameless = (
        ("nodes", "nodes", tell("fault.ofds.nodes_without_id")),
        ("spans", "fibre", tell("fault.ofds.spans_without_id")),
    )
    for kind, layer, what in nameless:
        refuse(
            f"{where} › {layer}",
            what,
            tell("fix.give_each_its_own"),
            rows=[
                number
                for number, each in enumerate(objects(network.get(kind)), start=1)
                if clean_id(each.get("id")) is None
            ],
        )


def _reference(value: object, prefix: str) -> str | None:
    """Return the id that is referred to, also by an object that bears it."""
    name = clean_id(as_object(value).get("id", value))
    return None if name is None else f"{prefix}{name}"


def _fibre_spans(network: Record, where: str, options: ReadingOptions) -> list[Record]:
    """Return the spans that are fibre; a span that names no medium is taken for fibre."""
    kept: list[Record] = []
    others: dict[tuple[str, ...], list[str | None]] = {}
    spelled: list[str | None] = []
    for span in objects(network.get("spans")):
        said = span.get("transmissionMedium")
        media = _codes(said)
        if media and _FIBRE not in media:
            others.setdefault(tuple(media), []).append(clean_id(span.get("id")))
            continue
        kept.append(span)
        if media and said not in (media, media[0]):
            spelled.append(clean_id(span.get("id")))
    what, why = tell("note.spans_spelled"), tell("note.why.read_as_fibre")
    options.note(f"{where} › fibre", what, why=why, rows=spelled)
    for names, rows in sorted(others.items()):
        what = tell("note.spans_not_read", media=join(names, "join.and"))
        options.note(f"{where} › fibre", what, why=tell("note.why.only_fibre"), rows=rows)
    return kept


def _codes(value: object) -> list[str]:
    """Return the codes of a list, or the one that stands in its place, in lower case."""
    found = value if isinstance(value, list) else [value]
    return [code for code in map(as_code, found) if code is not None]


def _node(node: Record, prefix: str) -> Record:
    places = _positions([as_object(node.get("location")).get("coordinates")])
    return {
        "node_id": _reference(node.get("id"), prefix),
        "name_en": node.get("name"),
        "kind": _node_kind(node),
        "country": as_object(node.get("address")).get("country"),
        "geometry": Point(places[0]) if places else None,
    }


def _node_kind(node: Record) -> str | None:
    """Return the kind where the file decides it: a crossing of the border, or no access."""
    if "bordercrossing" in _codes(node.get("type")):
        return "border"
    return "junction" if node.get("accessPoint") is False else None


def _organisations(network: Record) -> dict[str, str]:
    """Return the names of the network's organisations by their ids."""
    found = {
        clean_id(each.get("id")): clean_text(each.get("name"))
        for each in objects(network.get("organisations"))
    }
    return {key: name for key, name in found.items() if key is not None and name is not None}


def _operator(span: Record, called: Mapping[str, str]) -> str | None:
    """Return whose the fibre is: since 0.4 the owner of the medium, before it of the trench."""
    for role in ("physicalInfrastructureProvider", "transmissionMediumOwner"):
        owner = as_object(span.get(role))
        key = clean_id(owner.get("id"))
        name = clean_text(owner.get("name")) or called.get(key or "", key)
        if name is not None:
            return name
    return None


def _cable(
    span: Record,
    prefix: str,
    places: Mapping[str | None, Lonlat],
    called: Mapping[str, str],
) -> Record:
    start, end = (_reference(span.get(name), prefix) for name in _ENDS)
    ready = clean_text(span.get("readyForServiceDate"))
    status = clean_text(span.get("status"))
    route = _route(span)
    is_surveyed = len(route) >= SURVEYED_VERTICES
    line = LineString(route) if route else None
    if line is None and start in places and end in places:
        line = geodesic([places[start], places[end]])
    return {
        "cable_id": _reference(span.get("id"), prefix),
        "name_en": span.get("name"),
        "from_node": start,
        "to_node": end,
        "geometry_kind": "corridor" if is_surveyed else "schematic",
        "existence": "said",
        "status": status,
        # The date is that of the service, and of no other status.
        "year": ready[:4] if ready and as_code(status) == "operational" else None,
        "fibres": span.get("fibreCount"),
        "capacity_gbps": span.get("capacity"),
        "fibre_km": span.get("fibreLength"),
        "operator": _operator(span, called),
        "geometry": line,
    }


def _with_accuracy(cable: Record) -> Record:
    """Return the cable, its accuracy that of a straight stroke where the route is not known.

    The network's accuracy is of its coordinates; the way between them may be off by a quarter
    of the length.
    """
    if cable["geometry"] is None or cable["geometry_kind"] != "schematic":
        return cable
    off_m = SCHEMATIC_M_PER_KM * line_km(cable["geometry"])
    return {**cable, "accuracy_m": max(off_m, to_number(cable["accuracy_m"]) or 0.0)}


def _route(span: Record) -> list[Lonlat]:
    """Return the route of a span as (lon, lat), empty where it has none that can be drawn."""
    route = as_object(span.get("route"))
    coordinates = route.get("coordinates")
    if route.get("type") != "LineString" or not isinstance(coordinates, list):
        return []
    places = _positions(coordinates)
    return places if len(places) > 1 else []


def _is_route_broken(span: Record) -> bool:
    return span.get("route") is not None and not _route(span)


def _positions(coordinates: Iterable[Any]) -> list[Lonlat]:
    """Return positions as (lon, lat); none at all when one of them is no position."""
    places = []
    for position in coordinates:
        pair = position[:2] if isinstance(position, list) else []
        place = to_place(*pair) if len(pair) == 2 else None  # noqa: PLR2004
        if place is None:
            return []
        places.append(place)
    return places
