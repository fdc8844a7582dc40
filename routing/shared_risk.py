"""Shared risk: routes that no single fallen corridor takes down together.

Two cables in one corridor fall with it.  Counting routes that share neither a cable nor a
corridor is a set-packing problem (NP-hard), solved exactly here at the size of a regional
backbone: all candidate routes are enumerated, up to `MAX_CANDIDATES`, and packed by the
integer programme of HiGHS.  Beyond that bound an error is raised, never an estimate.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, cast

import networkx as nx
import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from layers.errors import InputError, Problem, SteppeError
from routing.backbone import SAID, Cable, Corridor

MAX_CANDIDATES = 10_000

Way = frozenset[str]


class EffectiveRange(NamedTuple):
    """How many routes between two nodes share neither a cable nor a corridor.

    Parameters
    ----------
    low
        Sure cables only, each in its recorded corridors.
    high
        Every reading of the text, cables of assumed corridor anywhere in those that exist.
    shared
        Corridors recorded for more than one of the cables, sorted.
    reason
        One English sentence.
    """

    low: int
    high: int
    shared: tuple[str, ...]
    reason: str


@dataclass(frozen=True, order=True)
class Strand:
    """Cables that are alike: the same two ends, and the same ways that each may lie."""

    ends: tuple[str, str]
    ways: tuple[tuple[str, ...], ...]


def effective_range(
    cables: Iterable[Cable], corridors: Iterable[Corridor], a: str, b: str
) -> EffectiveRange:
    """Return how many routes between two nodes are independent, as a range with its reason.

    A cable of said corridors lies in them.  A cable of assumed corridors lies in the
    recorded ones for the low end, and for the high end in those or in any chain of
    corridors that joins its ends.  With no corridor recorded, assumed cables between the
    same ends are taken to lie together for the low end; for the high end they lie in any
    such chain, or apart where there is none.  When all corridors are said and all cables
    sure, both ends are equal; the high end never passes that of `nominal_range`.

    Raises
    ------
    InputError
        For a corridor that is not in `corridors`, or more than `MAX_CANDIDATES` ways.
    ValueError
        When both nodes are the same.
    """
    if a == b:
        msg = f"two nodes are needed, both are {a}"
        raise ValueError(msg)
    cables, corridors = list(cables), list(corridors)
    _require_corridors(cables, corridors)
    between = _between(cables, a, b)
    sure = [cable for cable in between if cable.existence == SAID]
    rights_of_way: nx.MultiGraph[str] = nx.MultiGraph()
    for corridor in corridors:
        rights_of_way.add_edge(corridor.from_node, corridor.to_node, key=corridor.corridor_id)
    low = count_disjoint(((_ends(cable), {_recorded(cable)}) for cable in sure), a, b)
    high = count_disjoint(
        ((_ends(cable), _possible(cable, rights_of_way)) for cable in between), a, b
    )
    uses = Counter(corridor for cable in between for corridor in set(cable.corridors))
    shared = tuple(sorted(corridor for corridor, n_cables in uses.items() if n_cables > 1))
    return EffectiveRange(low, high, shared, _reason(between, low, high, shared, (a, b)))


def count_disjoint(lines: Iterable[tuple[tuple[str, str], Collection[Way]]], a: str, b: str) -> int:
    """Return how many routes can be had that share no cable and no corridor.

    Parameters
    ----------
    lines
        One entry per cable: its two ends in sorted order, and the ways it may lie, each a
        set of corridors.
    a, b
        Two different nodes.

    Raises
    ------
    InputError
        For more than `MAX_CANDIDATES` candidates.
    """
    strands = Counter(
        Strand(ends, tuple(sorted(tuple(sorted(way)) for way in ways))) for ends, ways in lines
    )
    graph: nx.MultiGraph[str] = nx.MultiGraph()
    graph.add_nodes_from((a, b))
    for strand in sorted(strands):
        graph.add_edge(*strand.ends, key=strand)
    candidates: list[tuple[tuple[Strand, ...], Way]] = []
    for route in simple_routes(graph, a, b):
        ways: Collection[Way] = [Way()]
        for strand in route:
            _check_size(len(ways) * len(strand.ways), a, b)
            ways = _least_unions(ways, strand.ways)
        candidates.extend((route, way) for way in ways)
        _check_size(len(candidates), a, b)
    return _pack(candidates, strands)


def simple_routes(graph: nx.MultiGraph[str], a: str, b: str) -> Iterator[tuple[Any, ...]]:
    """Yield every route that visits no node twice, as its edge keys in order.

    Only steps from which `b` can still be reached are taken, so that the work grows with
    the number of routes alone.

    Raises
    ------
    InputError
        After `MAX_CANDIDATES` routes.
    """
    links = dict(graph.adjacency())
    n_routes = 0

    def reaches(node: str, passed: set[str]) -> bool:
        seen, queue = {node} | passed, [node]
        for here in queue:
            if here == b:
                return True
            fresh = [there for there in links[here] if there not in seen]
            seen.update(fresh)
            queue.extend(fresh)
        return False

    def extend(here: str, passed: set[str], route: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
        nonlocal n_routes
        if here == b:
            n_routes += 1
            _check_size(n_routes, a, b)
            yield route
            return
        passed = passed | {here}
        for there, keys in links[here].items():
            if there not in passed and reaches(there, passed):
                for key in keys:
                    yield from extend(there, passed, (*route, key))

    if a in links and b in links:
        yield from extend(a, set(), ())


def _least_unions(ways: Collection[Way], more: Sequence[tuple[str, ...]]) -> list[Way]:
    """Return the unions of one way of each side that hold no other union."""
    unions = {way | Way(further) for way in ways for further in more}
    kept: list[Way] = []
    for union in sorted(unions, key=lambda way: (len(way), sorted(way))):
        if not any(least <= union for least in kept):
            kept.append(union)
    return kept


def _pack(candidates: Sequence[tuple[tuple[Strand, ...], Way]], strands: Counter[Strand]) -> int:
    """Return how many candidates fit together: no corridor twice, no cable twice."""
    if not candidates:
        return 0
    room: dict[Strand | str, int] = {}
    rows: dict[Strand | str, int] = {}
    entries: list[tuple[int, int]] = []
    most = []
    for column, (route, way) in enumerate(candidates):
        room.update((strand, strands[strand]) for strand in route)
        room.update(dict.fromkeys(way, 1))
        used: list[Strand | str] = [*route, *way]
        most.append(min(room[thing] for thing in used))
        entries.extend((rows.setdefault(thing, len(rows)), column) for thing in used)
    row, column = np.array(entries).T
    matrix = csr_array((np.ones(len(entries)), (row, column)), shape=(len(rows), len(candidates)))
    answer = milp(
        -np.ones(len(candidates)),
        integrality=np.ones(len(candidates), dtype=int),
        bounds=Bounds(0, most),
        constraints=LinearConstraint(matrix, -np.inf, [room[thing] for thing in rows]),
    )
    if not answer.success:
        msg = f"the packing of routes was not solved: {answer.message}"
        raise SteppeError(msg)
    return round(-answer.fun)


def _check_size(n_candidates: int, a: str, b: str) -> None:
    if n_candidates > MAX_CANDIDATES:
        raise InputError(
            Problem(
                "corridors",
                f"join {a} and {b} in more than {MAX_CANDIDATES} ways, "
                "too many to count independent routes exactly",
                "leave out the corridors and cables that do not serve them",
            )
        )


def _require_corridors(cables: Iterable[Cable], corridors: Iterable[Corridor]) -> None:
    known = {corridor.corridor_id for corridor in corridors}
    astray = tuple(cable.cable_id for cable in cables if not known.issuperset(cable.corridors))
    if astray:
        raise InputError(
            Problem("fibre", "names a corridor that is no row of corridors", "add it", astray)
        )


def _ends(cable: Cable) -> tuple[str, str]:
    return min(cable.from_node, cable.to_node), max(cable.from_node, cable.to_node)


def _between(cables: Sequence[Cable], a: str, b: str) -> list[Cable]:
    """Return the cables that lie on some route from `a` to `b` that repeats no node.

    They are those of the block (2-connected part) that a further cable from `a` to `b`
    would lie in.
    """
    leading = [cable for cable in cables if cable.from_node != cable.to_node]
    graph: nx.Graph[str] = nx.Graph([(a, b), *(_ends(cable) for cable in leading)])
    blocks = cast("Iterator[set[str]]", nx.biconnected_components(graph))
    block = next(part for part in blocks if {a, b} <= part)
    return [cable for cable in leading if block.issuperset(_ends(cable))]


def _recorded(cable: Cable) -> Way:
    """Return what the cable shares with others if it lies where it is recorded."""
    if cable.corridors or cable.corridor_basis == SAID:
        return Way(cable.corridors)
    # No id of a corridor holds a blank, so this one, shared by all such cables, is free.
    return Way((f"somewhere between {' and '.join(_ends(cable))}",))


def _possible(cable: Cable, rights_of_way: nx.MultiGraph[str]) -> set[Way]:
    """Return every set of corridors that the cable may follow."""
    if cable.corridor_basis == SAID:
        return {Way(cable.corridors)}
    ways = {Way(route) for route in simple_routes(rights_of_way, *_ends(cable))}
    return ways | {Way(cable.corridors)} if cable.corridors or not ways else ways


def _reason(
    between: Sequence[Cable], low: int, high: int, shared: Sequence[str], ends: tuple[str, str]
) -> str:
    a, b = ends
    n_cables = len(between)
    if not n_cables:
        return f"No cable leads from {a} to {b}."
    head = f"the {_count(n_cables, 'cable')} between {a} and {b}"
    routes = _count(low, "independent route")
    together = f"more than one lies in {', '.join(shared)}" if shared else "no two share a corridor"
    n_assumed = sum(cable.corridor_basis != SAID for cable in between)
    n_unsure = sum(cable.existence != SAID for cable in between)
    if low == high:
        firm = "" if not n_assumed + n_unsure else ", and no doubt about them changes the number"
        return f"Of {head}, {together} on record: {routes}{firm}."
    doubts, at_low, at_high = [], [], []
    if n_assumed:
        doubts.append(f"{n_assumed} {'lies' if n_assumed == 1 else 'lie'} in no said corridor")
        at_low.append(f"if cables lie where they are recorded ({together})")
        at_high.append("if they spread over the corridors that exist")
    if n_unsure:
        doubts.append(f"{n_unsure} {'is' if n_unsure == 1 else 'are'} not sure to exist")
        at_low.append("without the unsure")
        at_high.append("with all of them")
    return (
        f"Of {head}, {' and '.join(doubts)}: {routes} {' and '.join(at_low)}, "
        f"{high} {' and '.join(at_high)}."
    )


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
