"""Documents of the Open Fibre Data Standard: networks out of each of its forms.

In JSON they stand as they are; other forms are brought to it.  In GeoJSON nodes and spans are
features, with the network and the ends of a span written out in each.  GIS programs save it again
with the properties of nodes and spans in one, and nothing (null) where a feature has none of its own;
for display the standard has a flat form of it since 0.4, in which names stand for what they name.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path

from steppe.layers.errors import InputError, Problem
from steppe.layers.interchange.archives import unpack
from steppe.layers.interchange.json_documents import as_object, objects, parse_json, read_json
from steppe.layers.interchange.ofds_geopackage import read_ofds_geopackage
from steppe.layers.interchange.ofds_tables import (
    Table,
    is_standard,
    join_tables,
    parse_csv,
    read_folder,
    read_workbook,
)
from steppe.layers.interchange.read_network import Record, clean_text
from steppe.layers.limits import NETWORK_BYTES, NETWORK_ROWS
from steppe.layers.safe_files import read_bytes
from steppe.layers.wording import join, tell

_NESTED = (
    *("start", "end", "network", "phase", "address", "transmissionMedium", "type"),
    *("transmissionMediumOwner", "physicalInfrastructureProvider", "networkProviders", "supplier"),
    *("supportingInfrastructure", "deployment", "technologies", "countries", "fibreTypeDetails"),
    *("capacityDetails", "internationalConnections", "deploymentDetails"),
)
_NAMED = ("phase", "transmissionMediumOwner", "supplier", "supportingInfrastructure__owner")
_LISTED = ("transmissionMedium", "deployment", "technologies", "countries", "type")
_FOLDED = {"networkProviders": "name", "internationalConnections": "country"}
_END = re.compile(r".*\((?P<id>[^()]+)\)\s*")
_ELSEWHERE = ("nodesAPI", "nodesFile", "spansAPI", "spansFile")


def read_networks(path: Path) -> list[Record]:
    """Read the networks of a file, each with its nodes and spans.

    Parameters
    ----------
    path
        JSON, GeoJSON, GeoPackage, a workbook (XLSX), one of the CSV files of a folder, or a zip of
        CSV files, of JSON or of GeoJSON.

    Raises
    ------
    InputError
        For what is not of its form, is over a limit, or holds no network.
    """
    match path.suffix.lower():
        case ".gpkg":
            networks = read_ofds_geopackage(path)
        case ".xlsx":
            networks = read_workbook(path)
        case ".csv":
            networks = read_folder(path)
        case ".zip":
            networks = _from_zip(read_bytes(path, path.name, NETWORK_BYTES), path.name)
        case _:
            networks = _from_document(as_object(read_json(path)), path.name)
    if not networks:
        what = tell("fault.ofds.none")
        raise InputError(Problem(path.name, what, tell("fix.give_networks")))
    for network in networks:
        _refuse_elsewhere(network, path.name)
    parts = (objects(network.get(kind)) for network in networks for kind in ("nodes", "spans"))
    NETWORK_ROWS.refuse_over(sum(map(len, parts)), path.name)
    return networks


def as_code(value: object) -> str | None:
    """Return a code of the standard in lower case, as people write them in either."""
    text = clean_text(value)
    return None if text is None else text.casefold()


def _refuse_elsewhere(network: Record, where: str) -> None:
    """Refuse a network whose nodes or spans lie behind a link."""
    for link in objects(network.get("links")):
        kind = str(link.get("rel")).rpartition(":")[2]
        if kind in _ELSEWHERE and not objects(network.get(kind[:5])):
            what = tell(
                "fault.ofds.elsewhere", part=kind[:5], href=clean_text(link.get("href")) or ""
            )
            raise InputError(Problem(where, what, tell("fix.ofds.give_parts")))


def _from_document(whole: Record, where: str) -> list[Record]:
    bare = {"nodes", "spans"} & whole.keys()
    if bare and "networks" not in whole:
        what = tell("fault.ofds.bare", parts=join(sorted(bare), "join.and"))
        raise InputError(Problem(where, what, tell("fix.put_into_package")))
    if "features" in whole:
        return _from_features(objects(whole.get("features")))
    return objects(whole.get("networks"))


def _from_zip(content: bytes, where: str) -> list[Record]:
    """Return the networks of a zip: of its CSV files by folder, and of its documents."""
    folders: dict[str, dict[str, Table]] = {}
    networks: list[Record] = []
    features: list[Record] = []
    for path, held in sorted(unpack(content, where).items()):
        inside = f"{where} › {path}"
        folder, _, name = path.lower().rpartition("/")
        if name.endswith(".csv"):
            own_name = path.rpartition("/")[2][: -len(".csv")]
            folders.setdefault(folder, {})[own_name] = parse_csv(held, inside)
        elif name.endswith((".json", ".geojson")):
            whole = as_object(parse_json(held, inside))
            if "features" in whole:  # nodes and spans may lie in two files
                features += objects(whole.get("features"))
            else:
                networks += _from_document(whole, inside)
    for _, tables in sorted(folders.items()):
        if is_standard(tables):
            networks += join_tables(tables, where)
    return [*networks, *_from_features(features)]


def _from_features(features: list[Record]) -> list[Record]:
    """Gather the features of GeoJSON by their network, as the JSON form has them."""
    networks: dict[str, Record] = {}
    for feature in features:
        fields, shape = _revive(as_object(feature.get("properties"))), feature.get("geometry")
        said = as_object(fields.get("network"))
        network = networks.setdefault(
            str(said.get("id")), {**said, "nodes": [], "spans": [], "ends": {}}
        )
        if _is_span(fields):
            ends = {name: as_object(fields.get(name)) for name in ("start", "end")}
            network["ends"] |= {
                str(node["id"]): node
                for node in ends.values()
                if "id" in node and as_object(node.get("location"))
            }
            references = {name: node.get("id", fields.get(name)) for name, node in ends.items()}
            network["spans"].append({**fields, **references, "route": shape})
        else:
            network["nodes"].append({**fields, "location": shape})
    for network in networks.values():
        drawn = {str(node.get("id")) for node in network["nodes"]}
        network["nodes"] += [
            node for node_id, node in network.pop("ends").items() if node_id not in drawn
        ]
    return list(networks.values())


def _is_span(fields: Record) -> bool:
    said = as_code(fields.get("featureType"))
    if said in ("span", "node"):
        return said == "span"
    return fields.get("start") is not None or fields.get("end") is not None


def _revive(fields: Record) -> Record:
    """Return properties, objects and lists among them also where a GIS wrote them as text."""
    revived = {
        name: _revived(value) if name in _NESTED and isinstance(value, str) else value
        for name, value in fields.items()
    }
    is_flat = "identifier" in revived and "id" not in revived
    return _from_flat(revived) if is_flat else revived


def _revived(text: str) -> object:
    if not text.lstrip().startswith(("{", "[")):
        return text
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _from_flat(fields: Mapping[str, object]) -> Record:
    """Return the properties of the flat form as the others have them.

    https://standard.ofds.info/en/latest/guidance/geojson/ lists its fields.
    """
    found: Record = {"id": fields.get("identifier")}
    for name, value in fields.items():
        *outer, last = name.split("__")
        inner = found
        for part in outer:
            deeper = inner.setdefault(part, {})
            inner = deeper if isinstance(deeper, dict) else {}
        if name != "identifier":
            inner[last] = _unfolded(name, value) if isinstance(value, str) else value
    return found


def _unfolded(name: str, text: str) -> object:
    """Return what a text of the flat form stands for."""
    parts = [part.strip() for part in text.split(";")]
    if name in _FOLDED:
        return [{_FOLDED[name]: part} for part in parts]
    if name in _LISTED:
        return parts
    if name == "network":
        return {"id": text, "name": text}
    if name in _NAMED:
        return {"name": text}
    end = _END.fullmatch(text)
    if name in {"start", "end"} and end is not None:
        return end["id"]
    return {"true": True, "false": False}.get(text.casefold(), text)
