"""The network of a plan as the Open Fibre Data Standard 0.4 has it: a JSON package, and GeoJSON.

https://standard.ofds.info/en/0__4__0/reference/data_formats/json/.  What the standard has no field
for is not written, and told; a cable that no source says to exist is none to it.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import geopandas as gpd
import pandas as pd
from shapely.geometry import mapping

from steppe.layers.contracts.network import FIBRE, NODES
from steppe.layers.errors import Note
from steppe.layers.interchange.countries import UNKNOWN
from steppe.layers.interchange.ofds_fields import BETWEEN_VALUES
from steppe.layers.interchange.read_network import Record
from steppe.layers.wording import join, tell

SCHEMA = "https://standard.ofds.info/en/0__4__0/network-schema.json"
_CRS = {
    "name": "urn:ogc:def:crs:OGC::CRS84",
    "uri": "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
}
_IDS = uuid.uuid5(uuid.NAMESPACE_URL, "https://standard.ofds.info/")
_STATUSES = {
    "in_service": "operational",
    "building": "underConstruction",
    "planned": "planned",
    "studied": "proposed",
}
_SAID = "said"
_TRUTHS = {"true": True, "false": False}
_TEXT, _LIST, _TRUTH, _NAME, _NAMES, _PHASE, _NUMBER = (
    *("text", "list", "truth", "name", "names", "phase", "number"),
)
_BOTH = {
    "phase": ("phase", _PHASE),
    "network_providers": ("networkProviders", _NAMES),
    "supporting_infrastructure": ("supportingInfrastructure.type", _TEXT),
    "infrastructure_owner": ("supportingInfrastructure.owner", _NAME),
    "technologies": ("technologies", _LIST),
}
_OF_NODES = {
    "node_status": ("status", _TEXT),
    "street_address": ("address.streetAddress", _TEXT),
    "locality": ("address.locality", _TEXT),
    "region": ("address.region", _TEXT),
    "postal_code": ("address.postalCode", _TEXT),
    "node_type": ("type", _LIST),
    "access_point": ("accessPoint", _TRUTH),
    "power": ("power", _TRUTH),
    "owner": ("transmissionMediumOwner", _NAME),
    **_BOTH,
}
_OF_SPANS = {
    "ready_date": ("readyForServiceDate", _TEXT),
    "operator": ("transmissionMediumOwner", _NAME),
    "supplier": ("supplier", _NAME),
    "transmission_medium": ("transmissionMedium", _LIST),
    "deployment": ("deployment", _LIST),
    "deployment_details": ("supportingInfrastructure.description", _TEXT),
    "codeployment": ("codeployment", _TEXT),
    "cable_type": ("cableType", _TEXT),
    "dark_fibre": ("darkFibre", _TRUTH),
    "fibre_type": ("fibreType", _TEXT),
    "fibre_subtype": ("fibreTypeDetails.fibreSubtype", _TEXT),
    "fibres": ("fibreCount", _NUMBER),
    "fibre_km": ("fibreLength", _NUMBER),
    "capacity_gbps": ("capacity", _NUMBER),
    "capacity_details": ("capacityDetails.description", _TEXT),
    "countries": ("countries", _LIST),
    **_BOTH,
}
# What is written by itself, follows from what is written, or is said by how it is written.
_WRITTEN = {
    NODES.name: ("node_id", "name_en", "kind", "country", "connects_to", "geometry"),
    FIBRE.name: (
        *("cable_id", "name_en", "from_node", "to_node", "status", "year", "existence"),
        *("geometry_kind", "geometry", "length_km", "route_km", "lane", "network_name"),
    ),
}


class Written(NamedTuple):
    """A package of the standard, and what of the plan is not in it."""

    package: Record
    notes: tuple[Note, ...]


def to_package(
    nodes: gpd.GeoDataFrame, fibre: gpd.GeoDataFrame, *, name: str, title: str, date: str
) -> Written:
    """Return the network of a plan as a package of one network.

    Parameters
    ----------
    nodes, fibre
        Layers of the contracts, of the same names, with further columns of a network that was read.
    name
        Name of the plan; the network's id (UUID, RFC 4122, of version 5) follows from it.
    title
        What the network is called.
    date
        Date of the plan, ISO 8601.
    """
    names: dict[str, dict[str, str]] = {"organisations": {}, "phases": {}}
    said = fibre[fibre["existence"] == _SAID]
    network: Record = {
        "id": str(uuid.uuid5(_IDS, name)),
        "name": title,
        "nodes": [_node(row, names) for row in _rows(nodes)],
        "spans": [_span(row, names) for row in _rows(said)],
        "phases": [],
        "organisations": [],
        "publicationDate": date,
        "crs": _CRS,
        "accuracy": float(nodes["accuracy_m"].max()) if len(nodes) else None,
        "links": [{"href": SCHEMA, "rel": "describedby"}],
    }
    for kind, called in names.items():
        network[kind] = [{"id": key, "name": each} for each, key in sorted(called.items())]
    kept = {key: value for key, value in network.items() if value not in (None, [])}
    return Written({"networks": [kept]}, (*_notes(fibre), *_unwritten(nodes, said)))


def to_features(package: Record) -> dict[str, Record]:
    """Return the nodes and the spans of a package as GeoJSON, what they refer to written out."""
    found: dict[str, list[Record]] = {"nodes": [], "spans": []}
    for network in package["networks"]:
        about = {
            name: value
            for name, value in network.items()
            if name not in {"nodes", "spans", "phases", "organisations"}
        }
        nodes = {node["id"]: node for node in network.get("nodes", [])}
        for kind, shape in (("nodes", "location"), ("spans", "route")):
            for item in network.get(kind, []):
                fields = {name: value for name, value in item.items() if name != shape}
                fields |= {
                    end: nodes[item[end]]
                    for end in ("start", "end")
                    if kind == "spans" and item.get(end) in nodes
                }
                properties = {**fields, "network": about, "featureType": kind[:-1]}
                found[kind].append(
                    {"type": "Feature", "geometry": item.get(shape), "properties": properties}
                )
    return {
        kind: {"type": "FeatureCollection", "features": features}
        for kind, features in found.items()
    }


def _rows(frame: gpd.GeoDataFrame) -> list[Record]:
    """Return the rows with their geometries in degrees, and without what is empty."""
    records = frame.drop(columns="geometry").to_dict("records")
    shapes = [mapping(shape) for shape in frame.geometry]
    return [
        {
            **{str(name): value for name, value in row.items() if not pd.isna(value)},
            "geometry": {"type": shape["type"], "coordinates": _plain(shape["coordinates"])},
        }
        for row, shape in zip(records, shapes, strict=True)
    ]


def _plain(coordinates: Any) -> Any:
    if isinstance(coordinates, tuple | list):
        return [_plain(each) for each in coordinates]
    return float(coordinates)


def _node(row: Record, names: Mapping[str, dict[str, str]]) -> Record:
    node: Record = {
        "id": row["node_id"],
        "name": row["name_en"],
        "location": row["geometry"],
        **_fields(row, _OF_NODES, names),
    }
    if row["kind"] == "border":
        types = node.get("type", [])
        node["type"] = types if "borderCrossing" in types else [*types, "borderCrossing"]
    elif row["kind"] == "junction":
        node["accessPoint"] = False
    if row["country"] != UNKNOWN:
        node.setdefault("address", {})["country"] = row["country"]
    if "connects_to" in row:
        countries = str(row["connects_to"]).split(BETWEEN_VALUES)
        node["internationalConnections"] = [{"country": each} for each in countries]
    return node


def _span(row: Record, names: Mapping[str, dict[str, str]]) -> Record:
    span: Record = {
        "id": row["cable_id"],
        "name": row["name_en"],
        "status": _STATUSES[row["status"]],
        "start": row["from_node"],
        "end": row["to_node"],
        "transmissionMedium": ["fibre"],
        **_fields(row, _OF_SPANS, names),
    }
    if row["status"] == "in_service":
        # The day of that year is not known; the standard has no date without one.
        span.setdefault("readyForServiceDate", f"{int(row['year']):04d}-01-01")
    if row["geometry_kind"] == "corridor" and row["geometry"]["type"] == "LineString":
        span["route"] = row["geometry"]
    return span


def _fields(
    row: Record,
    columns: Mapping[str, tuple[str, str]],
    names: Mapping[str, dict[str, str]],
) -> Record:
    """Return what the columns of a row say, under the fields of the standard."""
    found: Record = {}
    for column, (path, kind) in columns.items():
        if column not in row:
            continue
        *outer, last = path.split(".")
        inner = found
        for part in outer:
            inner = inner.setdefault(part, {})
        inner[last] = _value(row[column], kind, names)
    return found


def _value(value: Any, kind: str, names: Mapping[str, dict[str, str]]) -> Any:
    text = str(value)
    if kind == _NUMBER:
        number = float(value)
        return int(number) if number.is_integer() else number
    if kind == _LIST:
        return text.split(BETWEEN_VALUES)
    if kind == _TRUTH:
        return _TRUTHS.get(text, text)
    if kind == _NAMES:
        return [_refer(each, names["organisations"]) for each in text.split(BETWEEN_VALUES)]
    if kind in {_NAME, _PHASE}:
        return _refer(text, names["phases" if kind == _PHASE else "organisations"])
    return text


def _refer(name: str, known: dict[str, str]) -> Record:
    """Return a reference to what bears a name, with an id that follows from it."""
    return {"id": known.setdefault(name, str(uuid.uuid5(_IDS, name))), "name": name}


def _notes(fibre: gpd.GeoDataFrame) -> Iterable[Note]:
    unsaid = fibre[fibre["existence"] != _SAID]
    if len(unsaid):
        yield tell("note.ofds.unsaid", n=len(unsaid), cables=join(sorted(unsaid["cable_id"])))


def _unwritten(nodes: gpd.GeoDataFrame, said: gpd.GeoDataFrame) -> Iterable[Note]:
    """Tell the columns that hold something and that the standard has no field for."""
    counted: Counter[str] = Counter()
    for layer, frame, columns in ((NODES, nodes, _OF_NODES), (FIBRE, said, _OF_SPANS)):
        for column in frame.columns:
            n_filled = int(frame[column].notna().sum())
            if column not in {*_WRITTEN[layer.name], *columns} and n_filled:
                counted[f"{layer.name}.{column}"] = n_filled
    if counted:
        columns_of = [f"{name} ({n})" for name, n in sorted(counted.items())]
        yield tell("note.ofds.unwritten", columns=join(columns_of))
