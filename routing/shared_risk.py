"""Shared risk (SRLG): routes that no single fallen corridor takes down together.

Two cables in one corridor fall with it.  Counting routes that share neither a cable nor a
corridor is a set-packing problem (NP-hard), solved exactly here at the size of a regional
backbone: all candidate routes are enumerated, up to `MAX_CANDIDATES`, and packed by the
integer programme of HiGHS.  Beyond that bound, or that of the
steps (`steppe.routing.step_limit`), an error is raised, never an estimate.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import networkx as nx
import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from steppe.layers.errors import SteppeError
from steppe.layers.wording import tell
from steppe.routing.connectivity import local_edge_connectivity
from steppe.routing.step_limit import ANSWER_STEPS, TooMuchWorkError, Work, is_stopped

MAX_CANDIDATES = 2_000  # takes about a second; a regional backbone has tens

RightsOfWay = frozenset[str]
_Steps = Mapping[str, Mapping[Any, Any]]


@dataclass(frozen=True, order=True)
class Strand:
    """Cables that are alike: the same two ends, and the same ways that each may lie."""

    ends: tuple[str, str]
    ways: tuple[tuple[str, ...], ...]


def count_disjoint(
    lines: Iterable[tuple[tuple[str, str], Collection[RightsOfWay]]],
    a: str,
    b: str,
    work: Work | None = None,
) -> int:
    """Return how many routes can be had that share no cable and no corridor.

    Parameters
    ----------
    lines
        One entry per cable: its two ends in sorted order, and the ways it may lie, each a
        set of corridors.
    a, b
        Two different nodes.
    work
        Steps that it may take; None for `steppe.routing.step_limit.ANSWER_STEPS`.

    Raises
    ------
    TooMuchWorkError
        For more than `MAX_CANDIDATES` candidates, or when the work is done.
    """
    work = work or _work(a, b)
    strands = Counter(
        Strand(ends, tuple(sorted(tuple(sorted(way)) for way in ways))) for ends, ways in lines
    )
    if _share_nothing(strands):
        return _count_flow(strands, a, b)
    graph: nx.MultiGraph[str] = nx.MultiGraph()
    graph.add_nodes_from((a, b))
    ordered = sorted(strands)
    # Numbers stand for the strands, whose hashes take longer than all else.
    for number, strand in enumerate(ordered):
        graph.add_edge(*strand.ends, key=number)
    candidates: list[tuple[tuple[int, ...], RightsOfWay]] = []
    for route in simple_routes(graph, a, b, work):
        ways = [RightsOfWay()]
        for number in route:
            further = ordered[number].ways
            _check_size(len(ways) * len(further), a, b)
            ways = _least_unions(ways, further, work)
        candidates.extend((route, way) for way in ways)
        _check_size(len(candidates), a, b)
    return _pack(candidates, [strands[strand] for strand in ordered], work)


def _share_nothing(strands: Collection[Strand]) -> bool:
    """Tell whether each strand lies in one way that no other strand lies in."""
    uses = Counter(corridor for strand in strands for way in strand.ways[:1] for corridor in way)
    return all(len(strand.ways) == 1 for strand in strands) and set(uses.values()) <= {1}


def _count_flow(strands: Counter[Strand], a: str, b: str) -> int:
    """Count the routes where strands share nothing: a flow, so any size will do."""
    graph: nx.MultiGraph[str] = nx.MultiGraph()
    graph.add_nodes_from((a, b))
    for strand, n_cables in strands.items():
        for number in range(1 if strand.ways[0] else n_cables):
            graph.add_edge(*strand.ends, key=f"{strand} {number}")
    return local_edge_connectivity(graph, a, b)


def simple_routes(
    graph: nx.MultiGraph[str], a: str, b: str, work: Work | None = None
) -> Iterator[tuple[Any, ...]]:
    """Yield every route that visits no node twice, as its edge keys in order.

    Only steps from which `b` can still be reached are taken, so that the work grows with
    the number of routes alone.

    Raises
    ------
    TooMuchWorkError
        After `MAX_CANDIDATES` routes, or when the work is done.
    """
    links = dict(graph.adjacency())
    if a not in links or b not in links:
        return
    if a == b:
        yield ()
        return
    ahead = _Ahead(links, a, b, work or _work(a, b))
    n_routes = 0
    trail: list[tuple[str, Any]] = []
    choices = [ahead.choose(a)]
    while choices:
        step = next(choices[-1], None)
        if step is None:
            choices.pop()
            if trail:
                ahead.passed.remove(trail.pop()[0])
        elif step[0] == b:
            n_routes += 1
            _check_size(n_routes, a, b)
            yield (*(key for _, key in trail), step[1])
        else:
            trail.append(step)
            ahead.passed.add(step[0])
            choices.append(ahead.choose(step[0]))


class _Ahead:
    """What lies ahead of a route to `b` that has passed some nodes."""

    def __init__(self, links: Mapping[str, _Steps], a: str, b: str, work: Work) -> None:
        self._links, self._b, self._work = links, b, work
        self.passed = {a}

    def choose(self, here: str) -> Iterator[tuple[str, Any]]:
        """Yield the steps from a node from which `b` can still be reached."""
        for there, keys in self._links[here].items():
            if there not in self.passed and self._reaches(there):
                for key in keys:
                    yield there, key

    def _reaches(self, node: str) -> bool:
        seen, queue = {node} | self.passed, [node]
        for here in queue:
            self._work.spend(1 + len(self._links[here]))
            if here == self._b:
                return True
            fresh = [there for there in self._links[here] if there not in seen]
            seen.update(fresh)
            queue.extend(fresh)
        return False


def _work(a: str, b: str) -> Work:
    return Work(ANSWER_STEPS, tell("work.ways", a=a, b=b))


def _least_unions(
    ways: Collection[RightsOfWay], more: Sequence[tuple[str, ...]], work: Work
) -> list[RightsOfWay]:
    """Return the unions of one way of each side that hold no other union."""
    unions = {way | RightsOfWay(further) for way in ways for further in more}
    kept: list[RightsOfWay] = []
    for union in sorted(unions, key=lambda way: (len(way), sorted(way))):
        work.spend(1 + len(kept))
        if not any(least <= union for least in kept):
            kept.append(union)
    return kept


def _pack(
    candidates: Sequence[tuple[tuple[int, ...], RightsOfWay]],
    n_cables: Sequence[int],
    work: Work,
) -> int:
    """Return how many candidates fit together: no corridor twice, no cable twice.

    A candidate is the strands of a route by their numbers, and the corridors that it lies in;
    `n_cables` are those of each strand.
    """
    if not candidates:
        return 0
    room: dict[int | str, int] = {}
    rows: dict[int | str, int] = {}
    entries: list[tuple[int, int]] = []
    most = []
    for column, (route, way) in enumerate(candidates):
        room.update((strand, n_cables[strand]) for strand in route)
        room.update(dict.fromkeys(way, 1))
        used: list[int | str] = [*route, *way]
        most.append(min(room[thing] for thing in used))
        entries.extend((rows.setdefault(thing, len(rows)), column) for thing in used)
    row, column = np.array(entries).T
    matrix = csr_array((np.ones(len(entries)), (row, column)), shape=(len(rows), len(candidates)))
    answer = milp(
        -np.ones(len(candidates)),
        integrality=np.ones(len(candidates), dtype=int),
        bounds=Bounds(0, most),
        constraints=LinearConstraint(matrix, -np.inf, [room[thing] for thing in rows]),
        options={"node_limit": work.count_branches(len(entries))},
    )
    work.take_branches(len(entries), getattr(answer, "mip_node_count", None))
    if is_stopped(answer):
        raise TooMuchWorkError(tell("work.packing_not_proven", told=answer.message))
    if not answer.success:
        msg = f"the packing of routes was not solved: {answer.message}"
        raise SteppeError(msg)
    return round(-answer.fun)


def _check_size(n_candidates: int, a: str, b: str) -> None:
    if n_candidates > MAX_CANDIDATES:
        what = tell("work.too_many_ways", a=a, b=b, most=MAX_CANDIDATES)
        raise TooMuchWorkError(what, where="corridors")
