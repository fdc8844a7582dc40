"""Routes apart in shared risks: the best set with proof, or the best found and how far it may be.

A risk takes all its cables down at once, so the question is NP-hard.  First what is quick:

- the flow of least cost that shares the fewest cables.  No set that shares so few has fewer
  kilometres, so if it shares no risk but those that every route meets, it is the answer;
- local search from several beginnings: one route after the other is laid anew, with a fine on
  what it would share with the others.  What it finds is an upper bound.

What is left open is put to `steppe.routing.integer_program`, among the cables that can still
be in a better answer; where that takes more steps than are allowed, both bounds are told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import networkx as nx

from steppe.layers.wording import tell
from steppe.routing.disjoint import DisjointRoutes, check_question, gather_routes
from steppe.routing.hops import Arc, Hop, cables_between, trace_walks
from steppe.routing.integer_program import Question, share_least
from steppe.routing.least_flow import CableNet, LeastFlow
from steppe.routing.step_limit import ANSWER_STEPS, TooMuchWorkError, Work

N_BEGINNINGS = 6
N_ROUNDS = 4

_Routes = tuple[tuple[Arc, ...], ...]
_Rank = tuple[int, int, int]


def risk_disjoint_routes(  # noqa: PLR0913 (a question and its bounds)
    graph: nx.MultiGraph[str],
    a: str,
    b: str,
    risks: Mapping[str, Collection[str]],
    *,
    k: int = 2,
    strictly: bool = False,
    work: Work | None = None,
) -> DisjointRoutes | None:
    """Find k routes that share no cable and no risk, see `RiskRoutes.find`.

    Parameters
    ----------
    graph
        Cables as edges, keyed by `cable_id`, as of `steppe.routing.backbone.build_graph`.
    a, b, k, strictly, work
        See `RiskRoutes.find`.
    risks
        See `RiskRoutes`.
    """
    routes = RiskRoutes(CableNet(graph), risks)
    return routes.find(a, b, k=k, strictly=strictly, work=work)


class RiskRoutes:
    """Routes through one graph that share as few of some risks as can be.

    Parameters
    ----------
    net
        The cables.
    risks
        Cables of each risk; those that the graph does not have, being cut, are passed over.
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
        self._number = {name: risk for risk, name in enumerate(self.names)}

    def find(
        self,
        a: str,
        b: str,
        *,
        k: int = 2,
        strictly: bool = False,
        left_out: Collection[str] = (),
        work: Work | None = None,
    ) -> DisjointRoutes | None:
        """Find k routes that share no cable and no risk, or as little as can be; None without any.

        A risk takes all its cables down at once: one route may use several of them, two routes
        should not.  A cable is a risk of its own.  Where nothing need be shared, the answer is
        the set with the fewest kilometres together.  Otherwise it is the one that shares

        1. the fewest cables, whatever their length,
        2. then the fewest risks,
        3. then has the fewest kilometres together,

        where a thing that n routes use counts n - 1 times.  The first is always proven.  Where
        the others are not within the steps, the answer is the best that was found, and bears
        both bounds, see `DisjointRoutes.is_exact`.  Equal sets are told apart by the order of
        the ids, whichever end is named first.

        Parameters
        ----------
        a, b
            Two different nodes.
        k
            Number of routes.
        strictly
            Whether to return None as soon as it is proven that all k routes share something.
        left_out
            Risks that do not count for this question.
        work
            Steps that it may take beyond the first look; None for
            `steppe.routing.step_limit.ANSWER_STEPS`.

        Raises
        ------
        InputError
            For a node that the graph does not have.
        ValueError
            When both nodes are the same or k is less than 1.
        SteppeError
            When the solver fails.
        """
        graph = self.net.graph
        check_question(graph, a, b, k)
        work = work or Work(ANSWER_STEPS, tell("work.routes", a=a, b=b))
        ends = min(a, b), max(a, b)
        passed_over = frozenset(self._number[name] for name in left_out if name in self._number)
        search = _Search(self, ends, passed_over, k, work)
        found = search.find(strictly=strictly)
        if found is None:
            return None
        walks = [way for arcs in found.routes for way in trace_walks(arcs, *ends, 1)]
        answer = gather_routes(graph, walks, a)
        shared = {*answer.shared, *(self.names[risk] for risk in search.shared(found.routes))}
        return replace(
            answer,
            shared=tuple(sorted(shared)),
            least_km=found.least_km,
            fewer_risks=found.fewer_risks,
        )


class _Found(NamedTuple):
    routes: _Routes
    least_km: float | None = None
    fewer_risks: int = 0


class _Search:
    """One question: its ends, what does not count, and the work left."""

    def __init__(
        self,
        asked: RiskRoutes,
        ends: tuple[str, str],
        left_out: frozenset[int],
        k: int,
        work: Work,
    ) -> None:
        self.ends = ends
        self._net, self._members, self._risks_of = asked.net, asked.members, asked.risks_of
        self._left_out, self._k, self._work = left_out, k, work
        self._flow = asked.net.flow()
        self._is_met: dict[int, bool] = {}  # by risk, whether every route meets it

    def find(self, *, strictly: bool) -> _Found | None:
        """Return the best routes, or the best that were found."""
        first = self._flow_routes()
        if first is None:
            return None
        n_cables = self._rank(first)[0]
        if strictly and n_cables:
            return None
        if not self._open_risks(first):
            return None if strictly and self.shared(first) else _Found(first)
        if strictly and len(self._open_risks(first)) < len(self.shared(first)):
            return None
        least_km = self._km(first)
        best = min(self._tries(first), key=self._rank)
        return self._prove(best, n_cables, least_km, strictly=strictly)

    def _prove(
        self, best: _Routes, n_cables: int, least_km: float, *, strictly: bool
    ) -> _Found | None:
        """Return the best routes with proof, or how far those that were found may be from it."""
        n_open = len(self._open_risks(best))
        bounded = _Found(best, least_km, self._excess(best, self._open_risks(best)))
        if not n_open and self._km(best) <= least_km:
            return _Found(best)
        hops = self._useful(best, is_least=not n_open)
        question = Question(
            hops,
            self._still_met(hops),
            self.ends,
            self._k,
            n_cables,
            strictly,
        )
        try:
            answer = share_least(question, self._work)
        except TooMuchWorkError:
            return bounded
        if answer is None:
            return None
        routes = [best] if answer.arcs is None else [best, self._clean(answer.arcs)]
        better = min(routes, key=self._rank)
        if answer.is_exact:
            return _Found(better)
        fewer = self._excess(better, self._open_risks(better)) - answer.n_risks
        if fewer > 0:
            # The kilometres of those that share less are no bound for the rest.
            return _Found(better, least_km, fewer)
        return _Found(better, min(max(least_km, answer.least_km), self._km(better)))

    def _clean(self, arcs: Sequence[Sequence[Arc]]) -> _Routes:
        """Return the routes without the circles that cables of no length may leave."""
        start, end = self.ends
        routes = []
        for route in arcs:
            ((nodes, cables),) = trace_walks(route, start, end, 1)
            routes.append(tuple(zip(cables, nodes[:-1], nodes[1:], strict=True)))
        return tuple(routes)

    def _flow_routes(self) -> _Routes | None:
        """Return the routes that share the fewest cables and then have the fewest kilometres."""
        found = self._routes_of(self._flow)
        if found is None and self._k > 1:
            return self._routes_of(self._net.flow(n_shared=self._k - 1))
        return found

    def _routes_of(self, flow: LeastFlow) -> _Routes | None:
        start, end = self.ends
        k = self._k
        taken = self._net.send(flow, start, end, k)
        if taken is None:
            return None
        return tuple(
            tuple(zip(cables, nodes[:-1], nodes[1:], strict=True))
            for nodes, cables in trace_walks(taken, start, end, k)
        )

    def _numbers(self, route: Sequence[Arc]) -> list[int]:
        return [self._net.number[name] for name, *_ in route]

    def _km(self, routes: _Routes) -> float:
        return sum(self._net.hops[cable].km for route in routes for cable in self._numbers(route))

    def _rank(self, routes: _Routes) -> _Rank:
        """Return what the best has least of: cables shared, risks shared, cost."""
        cables = [self._numbers(route) for route in routes]
        uses = Counter(cable for route in cables for cable in route)
        met = Counter(risk for route in cables for risk in self._met(route))
        cost = sum(self._net.costs[cable] for route in cables for cable in route)
        return sum(uses.values()) - len(uses), sum(met.values()) - len(met), cost

    def _met(self, cables: Sequence[int]) -> set[int]:
        found = {risk for cable in cables for risk in self._risks_of.get(cable, ())}
        return found - self._left_out if self._left_out else found

    def shared(self, routes: _Routes) -> list[int]:
        """Return the risks that two of the routes meet, or more."""
        met = Counter(risk for route in routes for risk in self._met(self._numbers(route)))
        return [risk for risk, times in met.items() if times > 1]

    def _open_risks(self, routes: _Routes) -> list[int]:
        """Return the risks that the routes share and that some route would not meet."""
        return [risk for risk in self.shared(routes) if not self._meets_all(risk)]

    def _excess(self, routes: _Routes, risks: Collection[int]) -> int:
        met = Counter(risk for route in routes for risk in self._met(self._numbers(route)))
        return sum(met[risk] - 1 for risk in risks)

    def _meets_all(self, risk: int) -> bool:
        if risk not in self._is_met:
            self._is_met[risk] = self._lay({}, self._members[risk]) is None
        return self._is_met[risk]

    def _lay(
        self, fines: Mapping[int, int], barred: Collection[int] = ()
    ) -> tuple[Arc, ...] | None:
        """Return the way of least cost with fines."""
        start, end = self.ends
        self._work.take(2 * len(self._net.hops))
        if not self._flow.knows(start):
            found = self._flow.walk(start, end, fines, barred)
            return None if found is None else tuple(found)
        back = self._flow.walk(end, start, fines, barred)
        if back is None:
            return None
        return tuple((name, head, tail) for name, tail, head in reversed(back))

    def _tries(self, first: _Routes) -> Iterator[_Routes]:
        """Yield routes that may share less: the first ones, and each beginning improved."""
        yield first
        seen: set[_Routes] = set()
        beginnings = [first]
        by_nodes = self._routes_of(self._net.flow(apart_in_nodes=True))
        if by_nodes is not None:
            beginnings.append(by_nodes)
        for risk in self._open_risks(first):
            if self._work.left < 0 or len(beginnings) >= N_BEGINNINGS:
                break
            without = self._lay({}, self._members[risk])
            if without is not None:
                beginnings.append((without,))
        for beginning in beginnings:
            if self._work.left < 0:
                return
            routes = self._improve(beginning)
            if routes not in seen:
                seen.add(routes)
                yield routes

    def _improve(self, routes: _Routes) -> _Routes:
        """Lay one route after the other anew while the set gets better."""
        laid = list(routes)
        while len(laid) < self._k:
            laid.append(self._against(laid))
        rank = self._rank(tuple(laid))
        for _ in range(N_ROUNDS):
            before = rank
            for number in range(self._k):
                others = [route for index, route in enumerate(laid) if index != number]
                trial = [*others[:number], self._against(others), *others[number:]]
                if (new := self._rank(tuple(trial))) < rank:
                    laid, rank = trial, new
            if rank == before or self._work.left < 0:
                break
        return tuple(sorted(laid))

    def _against(self, others: Sequence[Sequence[Arc]]) -> tuple[Arc, ...]:
        """Return the way that shares little with some others, for its kilometres after that."""
        price = self._flow.total + 1
        fines: Counter[int] = Counter()
        for route in others:
            cables = self._numbers(route)
            for risk in self._met(cables):
                if not self._is_met.get(risk):
                    for cable in self._members[risk]:
                        fines[cable] += price
            for cable in cables:
                fines[cable] += price * (len(self._members) + 1)
        way = self._lay(fines)
        assert way is not None
        return way

    def _useful(self, best: _Routes, *, is_least: bool) -> list[Hop]:
        """Return the cables that a better set may take, by their ids.

        A route between two nodes that repeats none stays in the blocks between them.  Where
        what is shared is least already, a better set has fewer kilometres: with a cable it
        has as many, at the least, as the shortest way by that cable and the shortest k - 1.
        Of parallel cables the k shortest suffice among those that meet no risk that they do
        not meet: one of them is free wherever another cable was taken.
        """
        net = self._net
        start, end = self.ends
        hops = cables_between(net.hops, start, end, ends=lambda hop: (hop.start, hop.end))
        if is_least:
            most = sum(net.costs[cable] for route in best for cable in self._numbers(route))
            hops = [hop for hop in hops if self._flow.least_with(hop, self.ends, self._k) <= most]
        parallel: dict[tuple[str, str], list[tuple[Hop, set[int]]]] = {}
        for hop in sorted(hops, key=lambda hop: net.costs[net.number[hop.cable_id]]):
            kept = parallel.setdefault((hop.start, hop.end), [])
            met = self._met([net.number[hop.cable_id]])
            if sum(fewer <= met for _, fewer in kept) < self._k:
                kept.append((hop, met))
        chosen = [hop for kept in parallel.values() for hop, _ in kept]
        return sorted(chosen, key=lambda hop: hop.cable_id)

    def _still_met(self, hops: Sequence[Hop]) -> list[list[str]]:
        """Return the risks by their cables among these, without those that all routes meet."""
        names = {self._net.number[hop.cable_id]: hop.cable_id for hop in hops}
        return [
            [names[cable] for cable in sorted(self._members[risk]) if cable in names]
            for risk in sorted(self._met(list(names)))
            if not self._is_met.get(risk)
        ]
