"""Documents of the Open Fibre Data Standard: networks out of JSON and out of GeoJSON.

In GeoJSON nodes and spans are features, with the network and the ends of a span written out
in each.  GIS programs save it again with the properties of nodes and spans in one, and nothing
(null) where a feature has none of its own.
"""

from __future__ import annotations

import json
from pathlib import Path

from steppe.layers.errors import InputError, Problem
from steppe.layers.interchange.json_documents import as_object, objects, read_json
from steppe.layers.interchange.read_network import Record, clean_text
from steppe.layers.limits import NETWORK_ROWS
from steppe.layers.wording import join, tell

_NESTED = ("start", "end", "network", "phase", "address", "transmissionMedium", "type")


def read_networks(path: Path) -> list[Record]:
    """Read the networks of a file, each with its nodes and spans.

    Raises
    ------
    InputError
        For what is no JSON, is over a limit, or holds no network.
    """
    whole = as_object(read_json(path))
    bare = {"nodes", "spans"} & whole.keys()
    if bare and "networks" not in whole:
        what = tell("fault.ofds.bare", parts=join(sorted(bare), "join.and"))
        raise InputError(Problem(path.name, what, tell("fix.put_into_package")))
    networks = _from_features(whole) if "features" in whole else objects(whole.get("networks"))
    if not networks:
        what = tell("fault.ofds.none")
        raise InputError(Problem(path.name, what, tell("fix.give_networks")))
    parts = (objects(network.get(kind)) for network in networks for kind in ("nodes", "spans"))
    NETWORK_ROWS.refuse_over(sum(map(len, parts)), path.name)
    return networks


def as_code(value: object) -> str | None:
    """Return a code of the standard in lower case, as people write them in either."""
    text = clean_text(value)
    return None if text is None else text.casefold()


def _from_features(document: Record) -> list[Record]:
    """Gather the features of GeoJSON by their network, as the JSON form has them."""
    networks: dict[str, Record] = {}
    for feature in objects(document.get("features")):
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
            node for node_id, node in network["ends"].items() if node_id not in drawn
        ]
    return list(networks.values())


def _is_span(fields: Record) -> bool:
    said = as_code(fields.get("featureType"))
    if said in ("span", "node"):
        return said == "span"
    return fields.get("start") is not None or fields.get("end") is not None


def _revive(fields: Record) -> Record:
    """Return properties, objects and lists among them also where a GIS wrote them as text."""
    return {
        name: _revived(value) if name in _NESTED and isinstance(value, str) else value
        for name, value in fields.items()
    }


def _revived(text: str) -> object:
    if not text.lstrip().startswith(("{", "[")):
        return text
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
