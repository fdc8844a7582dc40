"""Fields of the Open Fibre Data Standard: which are read into which column, and which are not.

Names after schema 0.4 (https://standard.ofds.info/en/0__4__0/reference/data_model/), and those that
0.1 to 0.3 had in their place.  What has a column of the contracts is read by
`steppe.layers.interchange.ofds`; what has none is kept in a column of its own, and the rest is told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from steppe.layers.errors import cut
from steppe.layers.interchange.json_documents import as_object, objects
from steppe.layers.interchange.read_network import ReadingOptions, Record, clean_id, clean_text
from steppe.layers.wording import Words, join, tell

BETWEEN_VALUES = "; "
OWNERS = ("transmissionMediumOwner", "physicalInfrastructureProvider")
"""Whose the fibre is: since 0.4, and before it (who then owned all that is passive)."""
PROVIDERS = "networkProviders"
_MOST_SHOWN = 60
_MOST_SIGNS = 80


class Further(NamedTuple):
    """A column for what the contracts have none for: where the standard has it, and how.

    Parameters
    ----------
    fields
        Paths in a node or span; the first that holds something counts.
    read
        What makes one text of it.
    """

    fields: tuple[str, ...]
    read: Callable[[object, Mapping[str, str]], str | None]


def _text(value: object, _: Mapping[str, str]) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    return clean_text(value)


def _list(value: object, called: Mapping[str, str]) -> str | None:
    found = value if isinstance(value, list) else [value]
    texts = [text for each in found if (text := _text(each, called)) is not None]
    return BETWEEN_VALUES.join(texts) or None


def name_reference(value: object, called: Mapping[str, str]) -> str | None:
    """Return the name of what is referred to, by the reference or else by the list of such."""
    thing = as_object(value)
    key = clean_id(thing.get("id"))
    return clean_text(thing.get("name")) or (None if key is None else called.get(key, key))


def _names(value: object, called: Mapping[str, str]) -> str | None:
    names = [name for each in objects(value) if (name := name_reference(each, called)) is not None]
    return BETWEEN_VALUES.join(dict.fromkeys(names)) or None


def _countries(value: object, _: Mapping[str, str]) -> str | None:
    codes = [code for each in objects(value) if (code := clean_text(each.get("country")))]
    return BETWEEN_VALUES.join(dict.fromkeys(codes)) or None


_BOTH = {
    "phase": Further(("phase",), name_reference),
    "network_providers": Further((PROVIDERS,), _names),
    "supporting_infrastructure": Further(("supportingInfrastructure.type",), _text),
    "infrastructure_owner": Further(("supportingInfrastructure.owner",), name_reference),
    "technologies": Further(("technologies",), _list),
}
SPAN_COLUMNS: dict[str, Further] = {
    "transmission_medium": Further(("transmissionMedium",), _list),
    "deployment": Further(("deployment",), _list),
    "deployment_details": Further(
        ("supportingInfrastructure.description", "deploymentDetails.description"), _text
    ),
    "codeployment": Further(("codeployment",), _text),
    "cable_type": Further(("cableType",), _text),
    "dark_fibre": Further(("darkFibre",), _text),
    "fibre_type": Further(("fibreType",), _text),
    "fibre_subtype": Further(("fibreTypeDetails.fibreSubtype",), _text),
    "capacity_details": Further(("capacityDetails.description",), _text),
    "countries": Further(("countries",), _list),
    "supplier": Further(("supplier",), name_reference),
    "ready_date": Further(("readyForServiceDate",), _text),
    **_BOTH,
}
NODE_COLUMNS: dict[str, Further] = {
    "node_type": Further(("type",), _list),
    "node_status": Further(("status",), _text),
    "owner": Further(OWNERS, name_reference),
    "access_point": Further(("accessPoint",), _text),
    "power": Further(("power",), _text),
    "street_address": Further(("address.streetAddress",), _text),
    "locality": Further(("address.locality",), _text),
    "region": Further(("address.region",), _text),
    "postal_code": Further(("address.postalCode",), _text),
    "connects_to": Further(("internationalConnections",), _countries),
    **_BOTH,
}
COLUMNS = tuple(dict.fromkeys(("network_name", *NODE_COLUMNS, *SPAN_COLUMNS)))
"""Further columns, beside those of the contracts."""

_SHAPE = ("type", "coordinates")
_REFERENCE = ("id", "name")
_OF_FEATURES = ("network", "featureType", "ends")
# Objects of which this much is read; of all else what is named here whole.
_INSIDE = {
    **dict.fromkeys((*OWNERS, "phase", "supplier", PROVIDERS), _REFERENCE),
    "supportingInfrastructure": ("type", "description", "owner.id", "owner.name"),
    "location": _SHAPE,
    "route": _SHAPE,
    "internationalConnections": ("country",),
}
_CORE = {
    "nodes": ("id", "name", "address.country", *_INSIDE),
    "spans": (
        *("id", "name", "start", "end", "status", "fibreCount", "fibreLength", "capacity"),
        *_INSIDE,
    ),
    "networks": (
        *("id", "name", "crs", "accuracy", "collectionDate", "publicationDate", "links"),
        *("nodes", "spans", "organisations.id", "organisations.name"),
        *("phases.id", "phases.name", *_OF_FEATURES),
    ),
}
_READ = {
    kind: {
        path
        for name in (*_CORE[kind], *(field for each in columns.values() for field in each.fields))
        for path in ([f"{name}.{inner}" for inner in _INSIDE[name]] if name in _INSIDE else [name])
    }
    for kind, columns in (("nodes", NODE_COLUMNS), ("spans", SPAN_COLUMNS), ("networks", {}))
}


def read_further(
    item: Record, columns: Mapping[str, Further], called: Mapping[str, Mapping[str, str]]
) -> Record:
    """Return the further columns of a node or a span.

    Parameters
    ----------
    item
        The node or span.
    columns
        `NODE_COLUMNS` or `SPAN_COLUMNS`.
    called
        Names of the network's `organisations` and `phases` by their ids.
    """
    return {
        column: next(
            (
                text
                for field in each.fields
                if (text := each.read(_find(item, field), _list_for(field, called))) is not None
            ),
            None,
        )
        for column, each in columns.items()
    }


def _list_for(field: str, called: Mapping[str, Mapping[str, str]]) -> Mapping[str, str]:
    return called.get("phases" if field == "phase" else "organisations", {})


def _find(item: Record, path: str) -> Any:
    value: Any = item
    for name in path.split("."):
        value = as_object(value).get(name)
    return value


def list_names(network: Record, kind: str) -> dict[str, str]:
    """Return the names of the network's `organisations` or `phases` by their ids.

    They stand in the list of such; in GeoJSON, which has none, with some of what refers to them.
    """
    parts = [*objects(network.get("nodes")), *objects(network.get("spans"))]
    single = ("phase",) if kind == "phases" else (*OWNERS, "supplier")
    referring = [as_object(part.get(field)) for part in parts for field in single]
    if kind != "phases":
        referring += [each for part in parts for each in objects(part.get(PROVIDERS))]
    found = {
        clean_id(each.get("id")): name
        for each in (*reversed(referring), *objects(network.get(kind)))
        if (name := clean_text(each.get("name"))) is not None
    }
    return {key: name for key, name in found.items() if key is not None}


def note_unread(networks: Iterable[Record], where: str, options: ReadingOptions) -> None:
    """Tell each field that is given and not read, and how often it is given."""
    for layer, kinds in (("nodes", ("networks", "nodes")), ("fibre", ("spans",))):
        counted: Counter[str] = Counter()
        for network in networks:
            for kind in kinds:
                items = [network] if kind == "networks" else objects(network.get(kind))
                for item in items:
                    own = {path for path in _paths(item) if not _is_read(path, kind)}
                    counted.update(f"{kind}.{path}" for path in own)
        if counted:
            shown = [
                f"{cut(clean_text(name) or '?', _MOST_SIGNS)} ({n})"
                for name, n in sorted(counted.items())
            ]
            rest = len(shown) - _MOST_SHOWN
            fields: Words = join(shown[:_MOST_SHOWN])
            if rest > 0:
                fields = tell("note.ofds.fields_and_more", fields=fields, n_more=rest)
            options.tell(tell("note.ofds.fields", where=f"{where} › {layer}", fields=fields))


def _is_read(path: str, kind: str) -> bool:
    parts = path.split(".")
    if kind != "networks" and parts[0] in _OF_FEATURES:
        return True
    return any(".".join(parts[:n]) in _READ[kind] for n in range(1, len(parts) + 1))


def _paths(item: Record, before: str = "") -> Iterator[str]:
    """Yield the path of every field that holds something, without the numbers of lists."""
    for name, value in item.items():
        path = f"{before}{name}"
        if not before and name in {"nodes", "spans", "ends"}:
            continue
        if isinstance(value, dict):
            yield from _paths(value, f"{path}.")
        elif isinstance(value, list) and any(isinstance(each, dict) for each in value):
            for each in objects(value):
                yield from _paths(each, f"{path}.")
        elif value is not None and value not in ("", []):
            yield path
