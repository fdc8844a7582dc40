"""Hops: cables between two different nodes, their arcs, and the ways that lead along them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar, cast

import networkx as nx

Arc = tuple[str, str, str]
Walk = tuple[tuple[str, ...], tuple[str, ...]]

_Cable = TypeVar("_Cable")


@dataclass(frozen=True)
class Hop:
    """A cable between two different nodes, in the order of their ids."""

    cable_id: str
    start: str
    end: str
    km: float


def list_hops(graph: nx.MultiGraph[str]) -> list[Hop]:
    """Return the cables by their ids; those from a node to itself lead nowhere."""
    return sorted(
        (
            Hop(key, min(start, end), max(start, end), float(data["length_km"]))
            for start, end, key, data in graph.edges(keys=True, data=True)
            if start != end
        ),
        key=lambda hop: hop.cable_id,
    )


def list_arcs(hops: Iterable[Hop]) -> list[Arc]:
    """Return every cable one way and the other, as (cable_id, tail, head)."""
    return [
        (hop.cable_id, *way) for hop in hops for way in ((hop.start, hop.end), (hop.end, hop.start))
    ]


def cables_between(
    cables: Iterable[_Cable], a: str, b: str, *, ends: Callable[[_Cable], tuple[str, str]]
) -> list[_Cable]:
    """Return the cables that lie on some route between two nodes that repeats no node.

    They are those of the block (2-connected part) that a further cable between the two
    would lie in; none when the nodes are apart.

    Parameters
    ----------
    cables
        Cables in any form; those from a node to itself lead nowhere.
    a, b
        Two different nodes.
    ends
        Tells the two ends of a cable.
    """
    both = [(cable, ends(cable)) for cable in cables]
    leading = [(cable, pair) for cable, pair in both if pair[0] != pair[1]]
    graph: nx.Graph[str] = nx.Graph([(a, b), *(pair for _, pair in leading)])
    blocks = cast("Iterator[set[str]]", nx.biconnected_components(graph))
    block = next(part for part in blocks if {a, b} <= part)
    return [cable for cable, pair in leading if block.issuperset(pair)]


def trace_walks(arcs: Iterable[Arc], start: str, end: str, k: int) -> list[Walk]:
    """Walk k times from start to end along arcs, those of the first ids first."""
    leaving: dict[str, list[tuple[str, str]]] = {}
    for cable_id, tail, head in sorted(arcs, reverse=True):
        leaving.setdefault(tail, []).append((cable_id, head))
    ways: list[Walk] = []
    for _ in range(k):
        nodes, cables = [start], list[str]()
        while nodes[-1] != end:
            cable_id, there = leaving[nodes[-1]].pop()
            if there in nodes:
                # A circle, which only cables of no length can leave in a best answer.
                first = nodes.index(there)
                del nodes[first + 1 :], cables[first:]
            else:
                nodes.append(there)
                cables.append(cable_id)
        ways.append((tuple(nodes), tuple(cables)))
    return ways
