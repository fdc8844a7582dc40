"""Documents of the Open Fibre Data Standard: JSON within its limits, and networks out of GeoJSON.

In GeoJSON nodes and spans are features, with the network and the ends of a span written out
in each.  GIS programs save it again with the properties of nodes and spans in one, and nothing
(null) where a feature has none of its own.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NoReturn

from steppe.layers.duplicate_names import find_duplicates
from steppe.layers.errors import InputError, Problem
from steppe.layers.interchange.read_network import Record, clean_text
from steppe.layers.library_words import tell_error
from steppe.layers.limits import NESTING, NETWORK_PARTS, NETWORK_ROWS, TEXT_LENGTH
from steppe.layers.wording import Words, join, tell

_MOST_DIGITS = 400  # more than the greatest float has
_NESTED = ("start", "end", "network", "phase", "address", "transmissionMedium", "type")


def read_networks(path: Path) -> list[Record]:
    """Read the networks of a file, each with its nodes and spans.

    Raises
    ------
    InputError
        For what is no JSON, is over a limit, or holds no network.
    """
    whole = as_object(_read_json(path))
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


def as_object(value: object) -> Record:
    """Return an object of JSON; an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def objects(value: object) -> list[Record]:
    """Return the objects in a list of JSON; none for anything else."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def as_code(value: object) -> str | None:
    """Return a code of the standard in lower case, as people write them in either."""
    text = clean_text(value)
    return None if text is None else text.casefold()


def _read_json(path: Path) -> object:
    def malformed(told: Words) -> NoReturn:
        what = tell("fault.json.broken", told=told)
        raise InputError(Problem(path.name, what, tell("fix.export_again")))

    def whole_number(digits: str) -> int:
        if len(digits) > _MOST_DIGITS:
            malformed(tell("told.number.digits", n_digits=len(digits)))
        return int(digits)

    def once(pairs: list[tuple[str, Any]]) -> Record:
        made = dict(pairs)
        if len(made) < len(pairs):
            twice = sorted(find_duplicates(name for name, _ in pairs))[:3]
            malformed(tell("told.json.says_twice", names=join([repr(name) for name in twice])))
        return made

    content = path.read_bytes()
    NETWORK_PARTS.refuse_over(content.count(b"[") + content.count(b"{"), path.name)
    try:
        document = json.loads(
            content.decode("utf-8-sig"),
            parse_int=whole_number,
            parse_constant=lambda word: malformed(tell("told.json.none_of_numbers", word=word)),
            object_pairs_hook=once,
        )
    except UnicodeDecodeError:
        what = tell("fault.encoding.other", encoding="UTF-8")
        raise InputError(Problem(path.name, what, tell("fix.save_in_utf_8"))) from None
    except (RecursionError, ValueError) as error:
        malformed(tell_error(error))
    _hold_limits(document, path.name)
    return document


def _hold_limits(document: object, where: str) -> None:
    """Refuse what is nested too deeply, or a text that is too long; level by level."""
    level, depth = [document], 0
    while level:
        longest = max((len(each) for each in level if isinstance(each, str)), default=0)
        TEXT_LENGTH.refuse_over(longest, where)
        level = [inner for each in level for inner in _inside(each)]
        depth += bool(level)
        NESTING.refuse_over(depth, where)


def _inside(value: object) -> Iterable[object]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


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
