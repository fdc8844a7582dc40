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
from steppe.routing.edge_counts import EdgeCounts
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
_HOP = 1e-6  # a price for each strand and thing met, so that of equal routes a short one is taken


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
    return Packing(block).count(a, b, work, most=most, enough=enough)


class Packing:
    """Strands among which routes are counted, for the questions of all pairs of nodes.

    Parameters
    ----------
    strands
        As of `merge_strands`.  Those that lie on no route between two nodes cost time alone.
    """

    def __init__(self, strands: Sequence[Strand]) -> None:
        self.strands = strands
        self.links: dict[str, list[tuple[str, int]]] = {}
        flow: nx.MultiGraph[str] = nx.MultiGraph()
        for number, strand in enumerate(strands):
            start, end = strand.ends
            self.links.setdefault(start, []).append((end, number))
            self.links.setdefault(end, []).append((start, number))
            for cable in range(strand.room):
                flow.add_edge(start, end, key=f"{number} {cable}")
        self._counts = EdgeCounts(flow)
        self._plain: dict[int, list[tuple[float, int]]] = {}
        self._far: dict[str, dict[str, float]] = {}
        self.ways: list[list[frozenset[Used]]] = [
            [frozenset(way) for way in strand.ways] for strand in strands
        ]
        self.met = Counter(
            thing for strand in strands for thing in {each for way in strand.ways for each in way}
        )

    def flow(self, a: str, b: str) -> int:
        """Return how many routes there are that share no cable, whatever else they share."""
        return self._counts.between(a, b)

    def find_far(self, goal: str) -> Mapping[str, float]:
        """Return what any route to a node costs at the least from each, see `price_plain`."""
        if goal not in self._far:
            far: dict[str, float] = {}
            queue = [(0.0, goal)]
            while queue:
                cost, here = heapq.heappop(queue)
                if here in far:
                    continue
                far[here] = cost
                for there, number in self.links[here]:
                    if there not in far:
                        heapq.heappush(queue, (cost + self.price_plain(number)[0][0], there))
            self._far[goal] = far
        return self._far[goal]

    def price_plain(self, number: int) -> list[tuple[float, int]]:
        """Return what a strand costs in each of its ways if nothing has a price, the least first.

        A way that meets less costs less, so that it leaves more to other routes.
        """
        if number not in self._plain:
            ways = enumerate(self.ways[number])
            self._plain[number] = sorted((_HOP * (1 + len(met)), way) for way, met in ways)
        return self._plain[number]

    def count(
        self,
        a: str,
        b: str,
        work: Work | None = None,
        *,
        most: int | None = None,
        enough: int | None = None,
    ) -> Count:
        """Return how many routes between two nodes share nothing, see `count_disjoint`."""
        if a not in self.links or b not in self.links:
            return Count(0, 0)
        case = _Case(self, (a, b), work or Work(ANSWER_STEPS, tell("work.count", a=a, b=b)))
        case.high = self.flow(a, b)
        if most is not None:
            case.high = min(case.high, most)
        with suppress(TooMuchWorkError):
            case.solve(math.inf if enough is None else enough)
        routes = tuple(
            tuple(
                Strand(self.strands[hold.strand].ends, (self.strands[hold.strand].ways[hold.way],))
                for hold in route
            )
            for route in case.best
        )
        return Count(len(routes), case.high, routes)

    def look(
        self, a: str, b: str, work: Work, *, most: int, left_out: frozenset[str] = frozenset()
    ) -> int:
        """Return how many routes one look finds that share nothing, `most` at most.

        Parameters
        ----------
        a, b, work
            See `count_disjoint`.
        most
            How many are looked for.
        left_out
            Things that may be shared.
        """
        if a not in self.links or b not in self.links:
            return 0
        case = _Case(self, (a, b), work)
        case.high = most
        with suppress(TooMuchWorkError):
            case.look(left_out)
        return len(case.best)


class _Case:
    """One count: the most that is possible, and the best that was found so far."""

    def __init__(self, packing: Packing, ends: tuple[str, str], work: Work) -> None:
        self._strands, self._links, self._met = packing.strands, packing.links, packing.met
        self._packing, self._ways = packing, packing.ways
        self._far = packing.find_far(ends[1])
        self._ends, self._work = ends, work
        self._columns: dict[frozenset[Used], Route] = {}
        self.best: list[Route] = []
        self.high = 0

    def look(self, left_out: frozenset[str]) -> None:
        """Find one route after the other, each of the fewest things, whatever is left out."""
        self._find_routes({}, left_out)

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
            priced = {each: price for each, price in prices.of.items() if price > 0}
            known = len(self._columns)
            self._find_routes(priced)
            if self._is_done(enough):
                return
            cheaper = any(
                math.fsum(prices.of.get(each, 0.0) for each in used) < 1.0 - _ROUNDING
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
        return math.fsum(prices.of.get(each, 0.0) for each in used) < 1.0 - _ROUNDING

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

    def _find_routes(
        self, prices: Mapping[Used, float], left_out: frozenset[str] = frozenset()
    ) -> None:
        """Find one cheapest route after the other that shares nothing with those before it."""
        costs: dict[int, list[tuple[float, int]]] = {}
        taken: Counter[int] = Counter()
        things = set[Used]()
        routes = list[Route]()
        while len(routes) < self.high:
            route = self._cheapest(prices, costs, taken, things)
            if route is None:
                break
            used = list_used(route, self._strands)
            self._columns.setdefault(used, route)
            taken.update(hold.strand for hold in route)
            things |= used - left_out
            routes.append(route)
        self._keep(routes)

    def _cheapest(
        self,
        prices: Mapping[Used, float],
        costs: dict[int, list[tuple[float, int]]],
        taken: Mapping[int, int],
        things: set[Used],
    ) -> Route | None:
        """Return the route whose strands, each for itself, cost least together.

        What lies ahead at the least goes before (A*; Hart, Nilsson and Raphael 1968, IEEE
        Transactions on Systems Science and Cybernetics 4, 100-107).
        """
        far = self._far
        holds: dict[int, tuple[float, Hold]] = {}
        start, goal = self._ends
        cost_to, by = {start: 0.0}, dict[str, tuple[str, Hold]]()
        queue = [(0.0, start)] if start in far else []
        done = set[str]()
        while queue:
            _, here = heapq.heappop(queue)
            if here == goal:
                break
            if here in done:
                continue
            done.add(here)
            cost = cost_to[here]
            for there, number in self._links[here]:
                if number not in holds:
                    if number not in costs:
                        costs[number] = self._price(number, prices)
                    is_full = taken.get(number, 0) >= self._strands[number].n_cables
                    holds[number] = self._choose(number, costs[number], things, is_full=is_full)
                more, hold = holds[number]
                if cost + more < cost_to.get(there, math.inf):
                    cost_to[there] = cost + more
                    by[there] = here, hold
                    heapq.heappush(queue, (cost + more + far[there], there))
        if goal not in by:
            return None
        trail = list[Hold]()
        while goal != start:
            goal, hold = by[goal]
            trail.append(hold)
        return tuple(reversed(trail))

    def _price(self, number: int, prices: Mapping[Used, float]) -> list[tuple[float, int]]:
        """Return what a strand costs in each of its ways, the least first."""
        plain = self._packing.price_plain(number)
        if not prices:
            return plain
        ways, own = self._ways[number], prices.get(number, 0.0)
        self._work.spend(sum(map(len, ways)))
        # Added up exactly, whatever the order of a set.
        return sorted(
            (own + cost + math.fsum(prices[each] for each in ways[way] if each in prices), way)
            for cost, way in plain
        )

    def _choose(
        self,
        number: int,
        costs: Sequence[tuple[float, int]],
        things: set[Used],
        *,
        is_full: bool,
    ) -> tuple[float, Hold]:
        """Return the cheapest way of a strand that meets nothing that is taken."""
        if not is_full:
            for n_tried, (cost, way) in enumerate(costs, start=1):
                if things.isdisjoint(self._ways[number][way]):
                    self._work.spend(1 + n_tried)
                    return cost, Hold(number, way)
        self._work.spend(1 + len(costs))
        return math.inf, Hold(number, 0)
