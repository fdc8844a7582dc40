"""Shared risk (SRLG): how many routes there are of which nothing that falls takes down two.

Two cables in one corridor fall with it.  Counting routes that share neither a cable nor anything
that falls as one is a set-packing problem (NP-hard), so the answer is a pair of proven
bounds, equal where the steps suffice.  From below it is bounded by routes that were found: one
by one, each the cheapest by its prices, then as many of all those found as fit together.  From
above it is bounded by a flow that counts cables alone, by single things whose fall parts the two
nodes, and by the linear programme over all routes, whose prices bound it even before
all routes are known (Farley 1990, Operations Research 38, 922-923).  Where the two
bounds still differ, so many routes at once are asked for and found, or proven not to exist.
"""

from __future__ import annotations

import heapq
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import NamedTuple

import networkx as nx

from steppe.layers.wording import tell
from steppe.routing.connectivity import local_edge_connectivity
from steppe.routing.hops import cables_between
from steppe.routing.route_programme import (
    Hold,
    Prices,
    Route,
    RouteProgramme,
    Strand,
    Used,
    list_used,
    pack_columns,
    price_columns,
)
from steppe.routing.step_limit import ANSWER_STEPS, TooMuchWorkError, Work

_ROUNDING = 1e-6  # of what HiGHS answers: its tolerances are 1e-7 and 1e-6
_HOP = 1e-4  # a price for each strand, so that of routes that cost nothing a short one is taken


class Count(NamedTuple):
    """How many routes share nothing: proven bounds, and routes that prove the lower one.

    A route is told by its strands, each with the one way that it lies in.
    """

    low: int
    high: int
    routes: tuple[tuple[Strand, ...], ...] = ()


def merge_strands(strands: Iterable[Strand]) -> tuple[Strand, ...]:
    """Return the strands with those that are alike as one, sorted; none that leads nowhere."""
    n_cables: Counter[tuple[tuple[str, str], tuple[tuple[str, ...], ...]]] = Counter()
    for strand in strands:
        if strand.ends[0] != strand.ends[1]:
            n_cables[strand.ends, strand.ways] += strand.n_cables
    return tuple(sorted(Strand(ends, ways, n) for (ends, ways), n in n_cables.items()))


def count_disjoint(
    strands: Iterable[Strand],
    a: str,
    b: str,
    work: Work | None = None,
    *,
    most: int | None = None,
    enough: int | None = None,
) -> Count:
    """Return how many routes can be had that share no cable and nothing that falls as one.

    Parameters
    ----------
    strands
        Cables with the ways that each may lie; the routes choose.
    a, b
        Two different nodes.
    work
        Steps that it may take; None for `steppe.routing.step_limit.ANSWER_STEPS`.  When they are
        used up, the bounds are told as far as they were proven.
    most
        A number that is known not to be passed.
    enough
        Whether there are so many is all that is asked.
    """
    block = cables_between(merge_strands(strands), a, b, ends=lambda strand: strand.ends)
    case = _Case(block, (a, b), work or Work(ANSWER_STEPS, tell("work.count", a=a, b=b)))
    case.high = len_flow(block, a, b)
    if most is not None:
        case.high = min(case.high, most)
    with suppress(TooMuchWorkError):
        case.solve(math.inf if enough is None else enough)
    routes = tuple(
        tuple(
            Strand(block[hold.strand].ends, (block[hold.strand].ways[hold.way],)) for hold in route
        )
        for route in case.best
    )
    return Count(len(routes), case.high, routes)


def len_flow(strands: Sequence[Strand], a: str, b: str) -> int:
    """Return how many routes there are that share no cable, whatever else they share."""
    graph: nx.MultiGraph[str] = nx.MultiGraph()
    graph.add_nodes_from((a, b))
    for number, strand in enumerate(strands):
        for cable in range(strand.room):
            graph.add_edge(*strand.ends, key=f"{number} {cable}")
    return local_edge_connectivity(graph, a, b)


class _Case:
    """One count: the most that is possible, and the best that was found so far."""

    def __init__(self, strands: Sequence[Strand], ends: tuple[str, str], work: Work) -> None:
        self._strands, self._ends, self._work = strands, ends, work
        self._links: dict[str, list[tuple[str, int]]] = {end: [] for end in ends}
        for number, (start, end) in enumerate(strand.ends for strand in strands):
            self._links.setdefault(start, []).append((end, number))
            self._links.setdefault(end, []).append((start, number))
        self._met = Counter(
            thing for strand in strands for thing in {each for way in strand.ways for each in way}
        )
        self._columns: dict[frozenset[Used], Route] = {}
        self.best: list[Route] = []
        self.high = 0

    def solve(self, enough: float) -> None:
        """Move the bounds towards each other until they meet, or are on one side of `enough`.

        Raises
        ------
        TooMuchWorkError
            When the work is done; the bounds are as good as they got.
        """
        popular: dict[Used, float] = {thing: n - 1.0 for thing, n in self._met.items()}
        for weights in ({}, popular):
            self._find_routes(weights)
            if self._is_done(enough):
                return
        if len(self.best) == 1 and self._is_parted_by_one():
            self.high = 1
        while not self._is_done(enough):
            prices = price_columns(list(self._columns), self._strands, self._work)
            known = len(self._columns)
            self._find_routes(prices.of)
            if self._is_done(enough):
                return
            cheaper = any(
                sum(prices.of.get(each, 0.0) for each in used) < 1.0 - _ROUNDING
                for used in list(self._columns)[known:]
            )
            if not cheaper and not self._ask_for_cheaper(prices):
                break
        if not self._is_done(enough):
            self._keep(
                [
                    list(self._columns.values())[number]
                    for number in pack_columns(list(self._columns), self._strands, self._work)
                ]
            )
        while not self._is_done(enough):
            # The bounds meet or not, as there are so many routes or not.
            n_routes = len(self.best) + 1
            found = RouteProgramme(self._strands, self._ends, n_routes).find_packing(self._work)
            if found is None:
                self.high = len(self.best)
            else:
                self._keep(found)

    def _is_done(self, enough: float) -> bool:
        return len(self.best) >= min(self.high, enough) or self.high < enough < math.inf

    def _keep(self, routes: list[Route]) -> None:
        if len(routes) > len(self.best):
            self.best = routes

    def _ask_for_cheaper(self, prices: Prices) -> bool:
        """Ask for the cheapest route of all, and bound the count by its price."""
        things = {each for each, price in prices.of.items() if price > 0 and isinstance(each, str)}
        programme = RouteProgramme(self._strands, self._ends, things=things)
        least, route = programme.find_cheapest(prices.of, self._work)
        if least > _ROUNDING:
            most = prices.value / min(least + _ROUNDING, 1.0)
            self.high = min(self.high, max(math.floor(most + _ROUNDING), len(self.best)))
        if route is None:
            return False
        used = list_used(route, self._strands)
        if used in self._columns:
            return False
        self._columns[used] = route
        return sum(prices.of.get(each, 0.0) for each in used) < 1.0 - _ROUNDING

    def _is_parted_by_one(self) -> bool:
        """Tell whether the fall of one thing parts the two nodes."""
        shared = [thing for thing, n in self._met.items() if n > 1]
        return any(self._is_parted_by(thing) for thing in shared)

    def _is_parted_by(self, thing: str) -> bool:
        queue = [self._ends[0]]
        seen = set(queue)
        for here in queue:
            self._work.spend(len(self._links[here]))
            for there, number in self._links[here]:
                if there not in seen and not all(
                    thing in way for way in self._strands[number].ways
                ):
                    seen.add(there)
                    queue.append(there)
        return self._ends[1] not in seen

    def _find_routes(self, prices: Mapping[Used, float]) -> None:
        """Find one cheapest route after the other that shares nothing with those before it."""
        taken: Counter[Used] = Counter()
        routes = list[Route]()
        while len(routes) < self.high and (route := self._cheapest(prices, taken)) is not None:
            used = list_used(route, self._strands)
            self._columns.setdefault(used, route)
            taken.update(used)
            routes.append(route)
        self._keep(routes)

    def _cheapest(self, prices: Mapping[Used, float], taken: Mapping[Used, int]) -> Route | None:
        """Return the route whose strands, each for itself, cost least together."""
        holds = [self._price(number, prices, taken) for number in range(len(self._strands))]
        start, goal = self._ends
        cost_to, by = {start: 0.0}, dict[str, tuple[str, Hold]]()
        queue = [(0.0, start)]
        done = set[str]()
        while queue:
            cost, here = heapq.heappop(queue)
            if here == goal:
                break
            if here in done:
                continue
            done.add(here)
            for there, number in self._links[here]:
                more, hold = holds[number]
                if cost + more < cost_to.get(there, math.inf):
                    cost_to[there] = cost + more
                    by[there] = here, hold
                    heapq.heappush(queue, (cost + more, there))
        if goal not in by:
            return None
        trail = list[Hold]()
        while goal != start:
            goal, hold = by[goal]
            trail.append(hold)
        return tuple(reversed(trail))

    def _price(
        self, number: int, prices: Mapping[Used, float], taken: Mapping[Used, int]
    ) -> tuple[float, Hold]:
        """Return what a strand costs in its cheapest way that nothing taken shares."""
        strand = self._strands[number]
        least, best = math.inf, Hold(number, 0)
        if taken.get(number, 0) < strand.n_cables:
            for way, things in enumerate(strand.ways):
                self._work.spend(1 + len(things))
                cost = sum(prices.get(thing, 0.0) for thing in things)
                if cost < least and not any(thing in taken for thing in things):
                    least, best = cost, Hold(number, way)
        return least + prices.get(number, 0.0) + _HOP, best
