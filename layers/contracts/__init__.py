"""The contracts: what every layer and table holds, one entry each, in the room of its thing.

Layers are plain GeoDataFrames in EPSG:4490 and tables plain DataFrames; `Contract.schema` is the
pandera schema of each.  A new one is an entry in its room, and a style where it is drawn.
"""

from __future__ import annotations

from collections.abc import Iterable

from steppe.layers.columns import Contract
from steppe.layers.contracts import (
    answers,
    base_map,
    connections,
    costs,
    documents,
    evidence,
    failures,
    nature,
    network,
    new_routes,
    proposals,
    requests,
    scores,
    siting,
    surroundings,
)


def _by_name(*rooms: Iterable[Contract]) -> dict[str, Contract]:
    return {contract.name: contract for room in rooms for contract in room}


INPUT_LAYERS: dict[str, Contract] = _by_name(
    siting.LAYERS,
    network.LAYERS,
    surroundings.LAYERS,
    nature.LAYERS,
    base_map.LAYERS,
    documents.TABLES,
)
"""What a plan reads."""

LAYERS: dict[str, Contract] = INPUT_LAYERS | _by_name(
    failures.RESULT_LAYERS, proposals.RESULT_LAYERS, new_routes.RESULT_LAYERS
)
"""Layers that a plan reads, and those that it comes to."""

RESULT_TABLES: dict[str, Contract] = _by_name(
    scores.TABLES,
    connections.TABLES,
    failures.TABLES,
    evidence.TABLES,
    costs.TABLES,
    requests.TABLES,
    answers.TABLES,
    proposals.TABLES,
    new_routes.TABLES,
    (documents.FACTS,),
)
"""What a plan comes to."""

PASSED_ON: dict[str, Contract] = {
    name: contract for name, contract in INPUT_LAYERS.items() if contract.is_passed_on
}
"""Tables that a plan reads and its outputs hold."""

PLAN_TABLES: dict[str, Contract] = RESULT_TABLES | PASSED_ON
"""The tables of a plan that its outputs hold."""

CONTRACTS: dict[str, Contract] = LAYERS | RESULT_TABLES
"""All of them."""
