"""Local search for routes that share as few risks as can be, from the flow of least cost on.

See `steppe.routing.risk_disjoint` for the question and `steppe.routing.route_proof` for the rest.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Container, Iterator, Mapping, Sequence

from steppe.routing.hops import Arc, trace_walks
from steppe.routing.least_flow import CableNet, LeastFlow
from steppe.routing.step_limit import Work

N_BEGINNINGS = 6
N_ROUNDS = 4

Routes = tuple[tuple[Arc, ...], ...]
Rank = tuple[int, int, int]


class RiskIndex:
    """Risks by number, with the numbers of their cables in a net, both ways round.

    Parameters
    ----------
    net
        The cables.
    risks
        Cables of each risk; those that the net does not have are passed over.
    """

    def __init__(self, net: CableNet, risks: Mapping[str, Collection[str]]) -> None:
        self.net = net
        number = net.number
        members = {
            risk: frozenset(number[name] for name in risks[risk] if name in number)
            for risk in sorted(risks)
        }
        self.names = [risk for risk, cables in members.items() if cables]
        self.members = [members[risk] for risk in self.names]
        self.risks_of: dict[int, list[int]] = {}
        for risk, cables in enumerate(self.members):
            for cable in cables:
                self.risks_of.setdefault(cable, []).append(risk)


class RouteSearch:
    """One question: its ends, what does not count, and the work left."""

    def __init__(
        self,
        index: RiskIndex,
        ends: tuple[str, str],
        left_out: Container[str],
        k: int,
        work: Work,
    ) -> None:
        self.ends = ends
        self.net, self.members, self._risks_of = index.net, index.members, index.risks_of
        self._names, self._left_out, self.k, self.work = index.names, left_out, k, work
        self._counts: dict[int, bool] = {}  # by risk, as far as it was asked
        self.flow = index.net.flow()
        self.is_turned = index.net.turns_round(self.flow, *ends)
        self.is_met: dict[int, bool] = {}  # by risk, whether every route meets it
        self._excess_of: dict[Routes, dict[int, int]] = {}
        self._past: list[set[int]] = []  # the risks that each route meets which leads past one

    def flow_routes(self) -> Routes | None:
        """Return the routes that share the fewest cables and then have the fewest kilometres."""
        found = self._routes_of(self.flow)
        if found is None and self.k > 1:
            return self._routes_of(self.net.flow(n_shared=self.k - 1))
        return found

    def _routes_of(self, flow: LeastFlow) -> Routes | None:
        start, end = self.ends
        k = self.k
        taken = self.net.send(flow, start, end, k)
        if taken is None:
            return None
        return tuple(
            tuple(zip(cables, nodes[:-1], nodes[1:], strict=True))
            for nodes, cables in trace_walks(taken, start, end, k)
        )

    def numbers(self, route: Sequence[Arc]) -> list[int]:
        """Return the cables of a route by number."""
        return [self.net.number[name] for name, *_ in route]

    def km(self, routes: Routes) -> float:
        """Return the kilometres of all routes together."""
        hops = self.net.hops
        return math.fsum(hops[cable].km for route in routes for cable in self.numbers(route))

    def rank(self, routes: Routes) -> Rank:
        """Return what the best has least of: cables shared, risks shared, cost."""
        cables = [self.numbers(route) for route in routes]
        uses = Counter(cable for route in cables for cable in route)
        cost = sum(self.net.costs[cable] for route in cables for cable in route)
        return sum(uses.values()) - len(uses), sum(self._excess(routes).values()), cost

    def met(self, cables: Sequence[int]) -> set[int]:
        """Return the risks of some cables, whether they count for this question or not."""
        return {risk for cable in cables for risk in self._risks_of.get(cable, ())}

    def does_count(self, risk: int) -> bool:
        """Tell whether a risk counts for this question."""
        if risk not in self._counts:
            self._counts[risk] = self._names[risk] not in self._left_out
        return self._counts[risk]

    def _excess(self, routes: Routes) -> dict[int, int]:
        """Return the risks that several of the routes meet: how many do beyond the first."""
        if routes not in self._excess_of:
            met = Counter(risk for route in routes for risk in self.met(self.numbers(route)))
            self._excess_of[routes] = {
                risk: times - 1
                for risk, times in met.items()
                if times > 1 and self.does_count(risk)
            }
        return self._excess_of[routes]

    def shared(self, routes: Routes) -> list[int]:
        """Return the risks that two of the routes meet, or more."""
        return list(self._excess(routes))

    def open_risks(self, routes: Routes) -> list[int]:
        """Return the risks that the routes share and that some route would not meet."""
        shared = self.shared(routes)
        unknown = [risk for risk in shared if risk not in self.is_met]
        if len(unknown) > 1:
            # Most often one way round leads past all of them.
            members = frozenset[int]().union(*(self.members[risk] for risk in unknown))
            if self._lay({}, members) is not None:
                self.is_met.update(dict.fromkeys(unknown, False))
        return [risk for risk in shared if not self._meets_all(risk)]

    def open_excess(self, routes: Routes) -> int:
        """Return how many risks that some route would not meet are shared, see `rank`."""
        excess = self._excess(routes)
        return sum(excess[risk] for risk in self.open_risks(routes))

    def _meets_all(self, risk: int) -> bool:
        if risk not in self.is_met:
            if self.work.left < 0:
                return False  # not proven: the bounds are wider for it
            past = None
            if not any(risk not in met for met in self._past):
                past = self._lay({}, self.members[risk])
                self._past += [] if past is None else [self.met(self.numbers(past))]
            self.is_met[risk] = all(risk in met for met in self._past)
        return self.is_met[risk]

    def _lay(
        self, fines: Mapping[int, int], barred: Collection[int] = ()
    ) -> tuple[Arc, ...] | None:
        """Return the way of least cost with fines."""
        start, end = self.ends
        self.work.take(2 * len(self.net.hops))
        if not self.is_turned:
            found = self.flow.walk(start, end, fines, barred)
            return None if found is None else tuple(found)
        back = self.flow.walk(end, start, fines, barred)
        if back is None:
            return None
        return tuple((name, head, tail) for name, tail, head in reversed(back))

    def tries(self, first: Routes) -> Iterator[Routes]:
        """Yield routes that may share less: the first ones, and each beginning improved."""
        yield first
        if self.work.left < 0:
            return
        seen: set[Routes] = set()
        beginnings = [first]
        by_nodes = self._routes_of(self.net.flow(apart_in_nodes=True))
        if by_nodes is not None:
            beginnings.append(by_nodes)
        for risk in self.open_risks(first):
            if self.work.left < 0 or len(beginnings) >= N_BEGINNINGS:
                break
            without = self._lay({}, self.members[risk])
            if without is not None:
                beginnings.append((without,))
        for beginning in beginnings:
            if self.work.left < 0:
                return
            routes = self._improve(beginning)
            if routes not in seen:
                seen.add(routes)
                yield routes

    def _improve(self, routes: Routes) -> Routes:
        """Lay one route after the other anew while the set gets better."""
        laid = list(routes)
        while len(laid) < self.k:
            laid.append(self._against(laid))
        rank = self.rank(tuple(laid))
        for _ in range(N_ROUNDS):
            before = rank
            for number in range(self.k):
                others = [route for index, route in enumerate(laid) if index != number]
                trial = [*others[:number], self._against(others), *others[number:]]
                if (new := self.rank(tuple(trial))) < rank:
                    laid, rank = trial, new
            if rank == before or self.work.left < 0:
                break
        return tuple(sorted(laid))

    def _against(self, others: Sequence[Sequence[Arc]]) -> tuple[Arc, ...]:
        """Return the way that shares little with some others, for its kilometres after that."""
        price = self.flow.total + 1
        fines: Counter[int] = Counter()
        for route in others:
            cables = self.numbers(route)
            for risk in self.met(cables):
                if self._counts.get(risk, True) and not self.is_met.get(risk):
                    for cable in self.members[risk]:
                        fines[cable] += price
            for cable in cables:
                fines[cable] += price * (len(self.members) + 1)
        way = self._lay(fines)
        assert way is not None
        return way
