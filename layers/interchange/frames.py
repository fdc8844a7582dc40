"""From what a file of another tool says, and the plan adds, to layers of the contracts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from steppe.layers.columns import STATUSES, Contract
from steppe.layers.contracts.network import CORRIDORS, FIBRE, NODES
from steppe.layers.crs import line_km
from steppe.layers.errors import InputError, Problem
from steppe.layers.interchange.countries import UNKNOWN, country_code
from steppe.layers.interchange.read_network import (
    LEFT_OUT,
    ReadingOptions,
    ReadNetwork,
    Record,
    clean_text,
    refuse,
    to_number,
)
from steppe.layers.interchange.stated_lengths import tell_lengths
from steppe.layers.lines import spread_lanes
from steppe.layers.wording import join, tell

DEFAULTS = {
    NODES.name: ("kind", "country", "accuracy_m", "source_id", "as_of"),
    FIBRE.name: ("status", "year", "existence", "operator", "accuracy_m", "source_id", "as_of"),
    CORRIDORS.name: (),
}
# Words of OFDS (codelist spanStatus) beside our own.  `inactive` (laid, not lit) and
# `decommissioned` are none of ours: the plan says what they count as.
_STATUSES = {
    **{status: status for status in STATUSES},
    "operational": "in_service",
    "underConstruction": "building",
    "proposed": "studied",
}
_LENGTHS = ("said_length_km", "fibre_km")
_NUMBERS = ("year", "fibres", "capacity_gbps", "accuracy_m", "route_km", *_LENGTHS)


def to_layer(
    network: ReadNetwork, contract: Contract, options: ReadingOptions, path: Path
) -> gpd.GeoDataFrame:
    """Turn a network into the rows of a contract, still to be checked against it.

    Parameters
    ----------
    network
        What the file says.
    contract
        `NODES` or `FIBRE`; `CORRIDORS` are rows of none, since no such file knows of any.
    options
        What the plan adds.
    path
        The file, for the messages.

    Returns
    -------
    GeoDataFrame
        In OGC:CRS84.  Cables are straight (`schematic`) unless the file draws their route,
        and their corridor is `assumed`, since no file names it: parallel cables then count
        as one route at the low end, as routes of their own at the high end.

    Raises
    ------
    InputError
        For a column that neither the file nor the plan fills, a status that means nothing
        here, a length that is no number.
    """
    _refuse_strange(contract, options)
    if contract.name == CORRIDORS.name:
        return gpd.GeoDataFrame(columns=list(CORRIDORS.columns), geometry=[], crs="OGC:CRS84")
    where = f"{path.name} › {contract.name}"
    records = _nodes(network) if contract.name == NODES.name else _cables(network, options, where)
    rows = [{name: _cell(name, value) for name, value in each.items()} for each in records]
    known = {"country": UNKNOWN} if contract.name == NODES.name else {}
    filled = [_no_truer(_fill(row, {**known, **options.defaults})) for row in rows]
    _refuse_missing(filled, contract, where)
    columns = [
        *contract.columns,
        *(name for name in network.further if any(row.get(name) is not None for row in filled)),
    ]
    table = pd.DataFrame(
        [{name: row.get(name) for name in columns} for row in filled], columns=columns
    )
    return gpd.GeoDataFrame(table, geometry=[each["geometry"] for each in records], crs="OGC:CRS84")


def _refuse_strange(contract: Contract, options: ReadingOptions) -> None:
    allowed = DEFAULTS[contract.name]
    strange = sorted(set(options.defaults) - set(allowed))
    if strange:
        what = tell("fault.defaults.strange", names=join(strange))
        fix = tell("fix.remove")
        if allowed:
            fix = tell("fix.defaults_may", names=join(allowed))
        raise InputError(Problem(f"plan.toml › layers.{contract.name}.defaults", what, fix))
    if options.statuses and contract.name != FIBRE.name:
        what, fix = tell("fault.statuses.of_cables"), tell("fix.move_statuses", layer=FIBRE.name)
        raise InputError(Problem(f"plan.toml › layers.{contract.name}.statuses", what, fix))


def _cell(name: str, value: Any) -> Any:
    """Return a cell: a number where one is wanted and given, else one line of text."""
    number = to_number(value) if name in _NUMBERS else None
    return clean_text(value) if number is None else number


def _fill(row: Record, defaults: Mapping[str, object]) -> Record:
    """Fill what is empty; the date of a TOML file becomes ISO 8601."""
    texts = {
        name: value if isinstance(value, int | float) else str(value)
        for name, value in defaults.items()
    }
    return {**row, **{name: value for name, value in texts.items() if row.get(name) is None}}


def _no_truer(row: Record) -> Record:
    """Return a cable no truer than the way from its route to its nodes is long (`least_m`)."""
    least_m, accuracy_m = (to_number(row.get(name)) for name in ("least_m", "accuracy_m"))
    if least_m is None or accuracy_m is None:
        return row
    return {**row, "accuracy_m": max(least_m, accuracy_m)}


def _refuse_missing(rows: list[Record], contract: Contract, where: str) -> None:
    """Name the columns that nothing fills; whose rows, where it is not all of them."""
    wanted = [name for name in DEFAULTS[contract.name] if not contract.columns[name].is_optional]
    lacking = [name for name in wanted if any(row.get(name) is None for row in rows)]
    if lacking:
        some = [row for row in rows if any(row.get(name) is None for name in lacking)]
        raise InputError(
            Problem(
                where,
                tell("fault.defaults.lacking", names=join(lacking)),
                tell("fix.say_defaults", layer=contract.name),
                () if len(some) == len(rows) else tuple(str(row[contract.key[0]]) for row in some),
            )
        )


def _nodes(network: ReadNetwork) -> list[Record]:
    nodes = []
    for node in network.nodes:
        name = clean_text(node["name_en"]) or node["node_id"]
        country = clean_text(node["country"])
        names = {"name_en": name, "name_zh": clean_text(node.get("name_zh")) or name}
        nodes.append({**node, **names, "country": country and country_code(country)})
    return nodes


def _cables(network: ReadNetwork, options: ReadingOptions, where: str) -> list[Record]:
    cables = _in_plan(network.cables, options, where)
    refuse(
        where,
        tell("fault.length.stated"),
        tell("fix.give_kilometres"),
        rows=[
            cable["cable_id"]
            for cable in cables
            if not all(_is_length(cable.get(name)) for name in _LENGTHS)
        ],
    )
    names = {node["node_id"]: clean_text(node["name_en"]) for node in network.nodes}
    lanes = spread_lanes([[" ".join(sorted(_ends(cable)))] for cable in cables])
    n_called: Counter[str] = Counter()
    finished = []
    for cable, lane in zip(tell_lengths(cables, options, where), lanes, strict=True):
        name = clean_text(cable["name_en"])
        if name is None:
            name = " – ".join(names.get(end) or end for end in _ends(cable))
            n_called[name] += 1
            name = f"{name} {n_called[name]}" if n_called[name] > 1 else name
        finished.append(
            {
                **cable,
                "name_en": name,
                "name_zh": clean_text(cable.get("name_zh")) or name,
                "corridor_basis": "assumed",
                "length_km": line_km(cable["geometry"]),
                "lane": lane,
            }
        )
    return finished


def _is_length(value: Any) -> bool:
    number = to_number(value)
    return value is None or (number is not None and number >= 0)


def _ends(cable: Record) -> tuple[str, str]:
    return str(cable["from_node"]), str(cable["to_node"])


def _in_plan(cables: tuple[Record, ...], options: ReadingOptions, where: str) -> list[Record]:
    """Put the statuses in our words, and leave out those that the plan leaves out."""
    meanings = {
        word.casefold(): status for word, status in {**_STATUSES, **options.statuses}.items()
    }
    said = [clean_text(cable["status"]) for cable in cables]
    strange = sorted(
        {word for word in said if word is not None and word.casefold() not in meanings}
    )
    refuse(
        where,
        tell("fault.statuses.strange", words=join([repr(word) for word in strange])),
        tell("fix.say_statuses", known=join(STATUSES), left_out=LEFT_OUT),
        rows=[
            cable["cable_id"] for cable, word in zip(cables, said, strict=True) if word in strange
        ],
    )
    meant = [None if word is None else meanings[word.casefold()] for word in said]
    return [
        {**cable, "status": status}
        for cable, status in zip(cables, meant, strict=True)
        if status != LEFT_OUT
    ]
