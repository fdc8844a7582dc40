"""Open Fibre Data Standard (OFDS), 0.1 to 0.4: what its nodes and spans say.

Fields and codes after schema 0.4 and those before it, https://standard.ofds.info.  A package
holds networks, a network nodes and spans; what its parts are is read here.
`steppe.layers.interchange.ofds_documents` reads the file, in whichever form it is, and
`steppe.layers.interchange.ofds_fields` what no column of the contracts is for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from shapely.geometry import Point

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
from steppe.layers.interchange.line_ends import meet_ends
from steppe.layers.interchange.ofds_documents import read_networks
from steppe.layers.interchange.ofds_fields import (
    COLUMNS,
    NODE_COLUMNS,
    OWNERS,
    SPAN_COLUMNS,
    list_names,
    name_reference,
    note_unread,
    read_further,
)
from steppe.layers.interchange.ofds_parts import (
    ENDS,
    is_route_broken,
    name_operator,
    read_codes,
    read_node,
    read_span,
    refer,
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
)
from steppe.layers.interchange.straight_lines import blur_straight
from steppe.layers.wording import join, tell

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
    note_unread(networks, path.name, options)
    parts = [_to_network(network, path.name, options, alone=not several) for network in networks]
    whole = ReadNetwork(
        tuple(node for part in parts for node in part.nodes),
        tuple(cable for part in parts for cable in part.cables),
        COLUMNS,
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
        "network_name": clean_text(network.get("name")),
    }
    called = {kind: list_names(network, kind) for kind in ("organisations", "phases")}
    nodes = [
        common | read_node(node, prefix) | read_further(node, NODE_COLUMNS, called)
        for node in objects(network.get("nodes"))
    ]
    nodes = _with_countries(nodes, network, prefix)
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
        rows=[clean_id(span.get("id")) for span in spans if is_route_broken(span)],
    )
    between: dict[str, Between] = {}
    if options.unplaced == BETWEEN:
        ends = ([refer(span.get(name), prefix) or "" for name in ENDS] for span in spans)
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
    read = [
        common
        | read_span(span, prefix, places, called["organisations"])
        | read_further(span, SPAN_COLUMNS, called)
        for span in spans
    ]
    cables = [
        blur(blur_straight(cable), between) for cable in meet_ends(read, places, where, options)
    ]
    _note_providers(network, where, options, called["organisations"])
    unplaced = [node["node_id"] for node in nodes if node["geometry"] is None]
    if options.unplaced in LENIENT:
        astray = {
            cable["cable_id"]
            for cable in cables
            if not {cable["from_node"], cable["to_node"]} <= places.keys()
        }
        note_left_out(options, where, unplaced, sorted(astray))
        both = [(a, b) for a, b in map(_ends, cables) if a is not None and b is not None]
        note_parted(options, where, both, places.keys())
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
    refuse(
        f"{where} › fibre",
        tell("fault.ofds.ends"),
        tell("fix.ofds.name_ends", or_leave_out=HOW_TO_LEAVE_OUT),
        rows=[cable["cable_id"] for cable in cables if None in _ends(cable)],
    )
    return ReadNetwork(tuple(nodes), tuple(cables))


def _ends(cable: Record) -> tuple[str | None, str | None]:
    return cable["from_node"], cable["to_node"]


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


def _fibre_spans(network: Record, where: str, options: ReadingOptions) -> list[Record]:
    """Return the spans that are fibre; a span that names no medium is taken for fibre."""
    kept: list[Record] = []
    others: dict[tuple[str, ...], list[str | None]] = {}
    spelled: list[str | None] = []
    for span in objects(network.get("spans")):
        said = span.get("transmissionMedium")
        media = read_codes(said)
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


def _note_providers(
    network: Record, where: str, options: ReadingOptions, called: Mapping[str, str]
) -> None:
    """Tell the spans whose owner nobody names."""
    lit = [
        clean_id(span.get("id"))
        for span in objects(network.get("spans"))
        if name_operator(span, called) is not None
        and all(name_reference(span.get(role), called) is None for role in OWNERS)
    ]
    what, why = tell("note.ofds.without_owner"), tell("note.ofds.why.providers")
    options.note(f"{where} › fibre", what, why=why, rows=lit)


def _with_countries(nodes: list[Record], network: Record, prefix: str) -> list[Record]:
    """Return the nodes, with the country of those that say none where a span lies in one alone."""
    within: dict[str | None, set[str]] = {}
    for span in objects(network.get("spans")):
        said = span.get("countries")
        countries = [clean_text(each) for each in said] if isinstance(said, list) else []
        if len(countries) == 1 and countries[0] is not None:
            for name in ENDS:
                within.setdefault(refer(span.get(name), prefix), set()).add(countries[0])
    return [
        node | {"country": next(iter(within[node["node_id"]]))}
        if clean_text(node["country"]) is None and len(within.get(node["node_id"], ())) == 1
        else node
        for node in nodes
    ]
