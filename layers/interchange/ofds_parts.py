"""What one node and one span of the Open Fibre Data Standard say, in the words of the contracts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from shapely.geometry import LineString, Point

from steppe.layers.interchange.json_documents import as_object
from steppe.layers.interchange.ofds_documents import as_code
from steppe.layers.interchange.ofds_fields import OWNERS, PROVIDERS, SPAN_COLUMNS, name_reference
from steppe.layers.interchange.read_network import Record, clean_id, clean_text, to_place
from steppe.layers.lines import geodesic

Lonlat = tuple[float, float]

ENDS = ("start", "end")
SURVEYED_VERTICES = 3  # a route of two points is a straight stroke, and tells no way


def refer(value: object, prefix: str) -> str | None:
    """Return the id that is referred to, also by an object that bears it."""
    name = clean_id(as_object(value).get("id", value))
    return None if name is None else f"{prefix}{name}"


def read_codes(value: object) -> list[str]:
    """Return the codes of a list, or the one that stands in its place, in lower case."""
    found = value if isinstance(value, list) else [value]
    return [code for code in map(as_code, found) if code is not None]


def read_node(node: Record, prefix: str) -> Record:
    """Return what a node says for the columns of contract `NODES`."""
    places = _positions([as_object(node.get("location")).get("coordinates")])
    return {
        "node_id": refer(node.get("id"), prefix),
        "name_en": node.get("name"),
        "kind": _node_kind(node),
        "country": as_object(node.get("address")).get("country"),
        "geometry": Point(places[0]) if places else None,
    }


def _node_kind(node: Record) -> str | None:
    """Return the kind where the file decides it: a crossing of the border, or no access."""
    if "bordercrossing" in read_codes(node.get("type")):
        return "border"
    return "junction" if node.get("accessPoint") is False else None


def name_operator(span: Record, called: Mapping[str, str]) -> str | None:
    """Return whose the fibre is, or else who lights it."""
    owners = (name_reference(span.get(role), called) for role in OWNERS)
    owner = next((name for name in owners if name is not None), None)
    return owner or SPAN_COLUMNS["network_providers"].read(span.get(PROVIDERS), called)


def read_span(
    span: Record,
    prefix: str,
    places: Mapping[str | None, Lonlat],
    called: Mapping[str, str],
) -> Record:
    """Return what a span says for the columns of contract `FIBRE`.

    Parameters
    ----------
    span
        The span.
    prefix
        What goes before ids of its network.
    places
        Nodes that have a place, (lon, lat) in degrees.
    called
        Names of organisations by their ids.
    """
    start, end = (refer(span.get(name), prefix) for name in ENDS)
    ready = clean_text(span.get("readyForServiceDate"))
    status = clean_text(span.get("status"))
    route = _route(span)
    is_surveyed = len(route) >= SURVEYED_VERTICES
    line = LineString(route) if route else None
    if line is None and start in places and end in places:
        line = geodesic([places[start], places[end]])
    return {
        "cable_id": refer(span.get("id"), prefix),
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
        "operator": name_operator(span, called),
        "geometry": line,
    }


def _route(span: Record) -> list[Lonlat]:
    """Return the route of a span as (lon, lat), empty where it has none that can be drawn."""
    route = as_object(span.get("route"))
    coordinates = route.get("coordinates")
    if route.get("type") != "LineString" or not isinstance(coordinates, list):
        return []
    places = _positions(coordinates)
    return places if len(places) > 1 else []


def is_route_broken(span: Record) -> bool:
    """Tell whether a span has a route that cannot be drawn."""
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
