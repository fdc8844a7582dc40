"""Open Fibre Data Standard (OFDS): its JSON and its GeoJSON.

Fields and codes after schema 0.3, https://open-fibre-data-standard.readthedocs.io.  In JSON a package holds networks, a network nodes and spans.  In GeoJSON nodes and
spans are features, with the network and the ends of a span written out in each.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from shapely.geometry import LineString, Point

from layers.crs import line_km
from layers.errors import InputError, Problem
from layers.interchange.network import (
    Network,
    Record,
    clean_id,
    clean_text,
    refuse,
    to_number,
    to_place,
)
from layers.lines import geodesic

Lonlat = tuple[float, float]

SCHEMATIC_M_PER_KM = 250.0
SURVEYED_VERTICES = 3  # a route of two points is a straight stroke, and tells no way
_WGS84 = re.compile(r"CRS:?84|EPSG[:/]+(0[:/])?:?4326", re.IGNORECASE)


def read_ofds(path: Path) -> Network:
    """Read nodes and spans of an OFDS file; spans that are no fibre are not read.

    Raises
    ------
    InputError
        For what is not OFDS, and for what cannot be drawn.
    """
    try:
        document = json.loads(path.read_bytes().decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise InputError(Problem(path.name, "is not in UTF-8", "save it in UTF-8")) from None
    except (ValueError, RecursionError) as error:
        told = "nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise InputError(Problem(path.name, f"is no JSON: {told}", "export it again")) from None
    whole = _object(document)
    networks = _from_features(whole) if "features" in whole else _objects(whole.get("networks"))
    if not networks:
        what = "holds no network of the Open Fibre Data Standard"
        fix = 'give its {"networks": [...]}, or its nodes and spans as GeoJSON'
        raise InputError(Problem(path.name, what, fix))
    parts = [_to_network(network, path.name, alone=len(networks) == 1) for network in networks]
    return Network(
        tuple(node for part in parts for node in part.nodes),
        tuple(cable for part in parts for cable in part.cables),
    )


def _object(value: object) -> Record:
    return value if isinstance(value, dict) else {}


def _objects(value: object) -> list[Record]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _from_features(document: Record) -> list[Record]:
    """Gather the features of GeoJSON by their network, as the JSON form has them."""
    networks: dict[str, Record] = {}
    for feature in _objects(document.get("features")):
        fields, shape = _object(feature.get("properties")), feature.get("geometry")
        said = _object(fields.get("network"))
        network = networks.setdefault(
            str(said.get("id")), {**said, "nodes": [], "spans": [], "ends": {}}
        )
        if fields.get("featureType") == "span" or "start" in fields or "end" in fields:
            ends = {name: _object(fields.get(name)) for name in ("start", "end")}
            network["ends"] |= {
                str(node["id"]): node
                for node in ends.values()
                if "id" in node and _object(node.get("location"))
            }
            references = {name: node.get("id", fields.get(name)) for name, node in ends.items()}
            network["spans"].append({**fields, **references, "route": shape})
        else:
            network["nodes"].append({**fields, "location": shape})
    for network in networks.values():
        drawn = {str(node.get("id")) for node in network["nodes"]}
        network["nodes"] += [
            node for node_id, node in network["ends"].items() if node_id not in drawn
        ]
    return list(networks.values())


def _to_network(network: Record, where: str, *, alone: bool) -> Network:
    """Turn one network; ids are unique inside it only, so its own goes before them if need be."""
    crs = _object(network.get("crs"))
    said_crs = clean_text(crs.get("name")) or clean_text(crs.get("uri"))
    if said_crs is not None and not _WGS84.search(said_crs):
        what = f"a network is in {said_crs}"
        raise InputError(Problem(where, what, "OFDS has lon, lat on WGS 84; export it so"))
    prefix = "" if alone else f"{clean_id(network.get('id'))}:"
    common: Record = {
        "accuracy_m": network.get("accuracy"),
        "as_of": clean_text(network.get("collectionDate"))
        or clean_text(network.get("publicationDate")),
    }
    _refuse_nameless(network, where)
    nodes = [common | _node(node, prefix) for node in _objects(network.get("nodes"))]
    refuse(
        f"{where} › nodes",
        "has no location in degrees",
        "add its coordinates, lon before lat",
        rows=[node["node_id"] for node in nodes if node["geometry"] is None],
    )
    places = {
        node["node_id"]: (node["geometry"].x, node["geometry"].y)
        for node in nodes
        if node["geometry"] is not None
    }
    spans = [span for span in _objects(network.get("spans")) if _is_fibre(span)]
    refuse(
        f"{where} › fibre",
        "has a route that is no LineString of lon and lat",
        "correct it, or leave it out: a straight line is drawn then",
        rows=[clean_id(span.get("id")) for span in spans if _is_route_broken(span)],
    )
    cables = [_with_accuracy(common | _cable(span, prefix, places)) for span in spans]
    refuse(
        f"{where} › fibre",
        "has neither a route nor two ends that have a place",
        "add the route, or the nodes at its ends",
        rows=[cable["cable_id"] for cable in cables if cable["geometry"] is None],
    )
    return Network(tuple(nodes), tuple(cables))


def _refuse_nameless(network: Record, where: str) -> None:
    for kind, layer in (("nodes", "nodes"), ("spans", "fibre")):
        refuse(
            f"{where} › {layer}",
            f"some of its {kind} have no id",
            "give each its own",
            rows=[
                number
                for number, each in enumerate(_objects(network.get(kind)), start=1)
                if clean_id(each.get("id")) is None
            ],
        )


def _reference(value: object, prefix: str) -> str | None:
    name = clean_id(value)
    return None if name is None else f"{prefix}{name}"


def _is_fibre(span: Record) -> bool:
    """Tell fibre from copper and radio; a span that names no medium is taken for fibre."""
    media = span.get("transmissionMedium")
    return not isinstance(media, list) or not media or "fibre" in media


def _node(node: Record, prefix: str) -> Record:
    places = _positions([_object(node.get("location")).get("coordinates")])
    return {
        "node_id": _reference(node.get("id"), prefix),
        "name_en": node.get("name"),
        "kind": _node_kind(node),
        "country": _object(node.get("address")).get("country"),
        "geometry": Point(places[0]) if places else None,
    }


def _node_kind(node: Record) -> str | None:
    """Return the kind where the file decides it: a crossing of the border, or no access."""
    kinds = node.get("type")
    if isinstance(kinds, list) and "borderCrossing" in kinds:
        return "border"
    return "junction" if node.get("accessPoint") is False else None


def _cable(span: Record, prefix: str, places: Mapping[str | None, Lonlat]) -> Record:
    start, end = (_reference(span.get(name), prefix) for name in ("start", "end"))
    ready = clean_text(span.get("readyForServiceDate"))
    in_service = span.get("status") == "operational"
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
        "status": clean_text(span.get("status")),
        # The date is that of the service, and of no other status.
        "year": ready[:4] if ready and in_service else None,
        "fibres": span.get("fibreCount"),
        "capacity_gbps": span.get("capacity"),
        "said_length_km": span.get("fibreLength"),
        "operator": _object(span.get("physicalInfrastructureProvider")).get("name"),
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
    route = _object(span.get("route"))
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
