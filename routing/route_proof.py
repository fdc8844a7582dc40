"""Proof of the best routes that share as few risks as can be, and bounds where it is too much.

See `steppe.routing.risk_disjoint` for the question.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from steppe.routing.cliques import join_groups
from steppe.routing.hops import Arc, Hop, cables_between, trace_walks
from steppe.routing.integer_program import Question, share_least
from steppe.routing.route_search import Routes, RouteSearch
from steppe.routing.step_limit import TooMuchWorkError

NARROW_CABLES = 60  # round an end, among which routes are tried first
LEAST_ENTRIES = 6  # that each cable has in a programme's matrix for each route
_BEYOND = ""  # all nodes further off, taken for one; no id of a node is empty


class Found(NamedTuple):
    """Routes, and how far the best may be from them, see `steppe.routing.disjoint`."""

    routes: Routes
    least_km: float | None = None
    fewer_risks: int = 0


class RouteProof(RouteSearch):
    """One question, answered by flow, local search and programme, whichever is enough."""

    def find(self, *, strictly: bool) -> Found | None:
        """Return the best routes, or the best that were found."""
        first = self.flow_routes()
        if first is None:
            return None
        n_cables = self.rank(first)[0]
        if strictly and n_cables:
            return None
        if not self.open_risks(first):
            return None if strictly and self.shared(first) else Found(first)
        if strictly and len(self.open_risks(first)) < len(self.shared(first)):
            return None
        best = min(self.tries(first), key=self.rank)
        n_open = len(self.open_risks(best))
        is_narrow = n_open > 0 and not n_cables and any(map(self._is_narrow, self.ends))
        if is_narrow and strictly:
            return None
        fewer = self.open_excess(best) - is_narrow
        return self._prove(Found(best, self.km(first), fewer), n_open, n_cables, strictly=strictly)

    def _prove(self, found: Found, n_open: int, n_cables: int, *, strictly: bool) -> Found | None:
        """Return the best routes with proof, or how far those that were found may be from it."""
        best, least_km = found.routes, found.least_km or 0.0
        if not n_open and self.km(best) <= least_km:
            return Found(best)
        # Where the best found share as little as can be, so must any better ones.
        strict = strictly or not n_open
        try:
            hops = self._useful(best, is_least=not n_open)
            met = self._still_met(hops, n_cables, strictly=strict)
            question = Question(hops, met, self.ends, self.k, n_cables, strict)
            answer = share_least(question, self.work)
        except TooMuchWorkError:
            return found
        if answer is None:
            return None if n_open else Found(best)
        routes = [best] if answer.arcs is None else [best, self._clean(answer.arcs)]
        better = min(routes, key=self.rank)
        if answer.is_exact:
            return Found(better)
        n_least = max(answer.n_risks, self.open_excess(best) - found.fewer_risks)
        fewer = self.open_excess(better) - n_least
        if fewer > 0:
            # The kilometres of those that share less are no bound for the rest.
            return Found(better, least_km, fewer)
        return Found(better, min(max(least_km, answer.least_km), self.km(better)))

    def _is_narrow(self, end: str) -> bool:
        """Tell whether it is proven near an end that k routes share a risk that some would not meet.

        Routes that share none on their whole way share none until they leave some nodes round
        the end, wherever they go then.
        """
        inside, edge = {end}, [end]
        hops: dict[str, Hop] = {}
        graph, other = self.net.graph, self.ends[self.ends[0] == end]
        while edge:
            reached = dict.fromkeys(there for here in edge for there in graph.adj[here])
            edge = [node for node in reached if node not in inside]
            found = {
                key: Hop(key, min(ends), max(ends), 0.0)
                for node in inside
                for here, there, key in graph.edges(node, keys=True)
                if here != there
                for ends in [tuple(x if x in inside else _BEYOND for x in (here, there))]
            }
            if other in inside or len(found) > NARROW_CABLES:
                break
            hops = found
            inside.update(edge)
        if not hops:
            return False
        near = [hops[key] for key in sorted(hops)]
        try:
            # What is met is asked only where there is work for a programme of it.
            self.work.count_branches(LEAST_ENTRIES * self.k * len(near))
            met = self._still_met(near, 0, strictly=True)
            question = Question(near, met, (end, _BEYOND), self.k, 0, strictly=True)
            return share_least(question, self.work) is None
        except TooMuchWorkError:
            return False

    def _clean(self, arcs: Sequence[Sequence[Arc]]) -> Routes:
        """Return the routes without the circles that cables of no length may leave."""
        start, end = self.ends
        routes = []
        for route in arcs:
            ((nodes, cables),) = trace_walks(route, start, end, 1)
            routes.append(tuple(zip(cables, nodes[:-1], nodes[1:], strict=True)))
        return tuple(routes)

    def _useful(self, best: Routes, *, is_least: bool) -> list[Hop]:
        """Return the cables that a better set may take, by their ids.

        A route between two nodes that repeats none stays in the blocks between them.  Where
        what is shared is least already, a better set costs less than the one that was found.
        Of parallel cables the k shortest suffice among those that meet no risk that they do
        not meet: one of them is free wherever another cable was taken.

        Raises
        ------
        TooMuchWorkError
            When so many cables are left that there is no work for a programme of them.
        """
        net = self.net
        self.work.spend(2 * len(net.hops))
        hops = net.hops
        if is_least:
            most = sum(net.costs[cable] for route in best for cable in self.numbers(route))
            least = self._least_with()
            hops = [hop for hop in hops if least.get(net.number[hop.cable_id], most) <= most]
        self.work.count_branches(LEAST_ENTRIES * self.k * len(hops))
        start, end = self.ends
        hops = cables_between(hops, start, end, ends=lambda hop: (hop.start, hop.end))
        parallel: dict[tuple[str, str], list[tuple[Hop, set[int]]]] = {}
        for hop in sorted(hops, key=lambda hop: net.costs[net.number[hop.cable_id]]):
            kept = parallel.setdefault((hop.start, hop.end), [])
            met = self.met([net.number[hop.cable_id]])
            if sum(fewer <= met for _, fewer in kept) < self.k:
                kept.append((hop, met))
        chosen = [hop for kept in parallel.values() for hop, _ in kept]
        return sorted(chosen, key=lambda hop: hop.cable_id)

    def _least_with(self) -> dict[int, int]:
        """Return what k routes cost at the least with each cable, if they share none."""
        start, end = self.ends
        if self.is_turned:
            start, end = end, start
        return self.flow.least_with(start, end, self.k)

    def _still_met(self, hops: Sequence[Hop], n_cables: int, *, strictly: bool) -> list[list[str]]:
        """Return the risks by their cables among these, without those that all routes meet.

        Where no cable is shared, a risk of one says nothing.  Where no risk may be either, it
        does not matter which it is, so those that join the same cables are put together.
        """
        names = {self.net.number[hop.cable_id]: hop.cable_id for hop in hops}
        groups = [
            [cable for cable in sorted(self.members[risk]) if cable in names]
            for risk in sorted(self.met(list(names)))
            if self.does_count(risk) and not self.is_met.get(risk)
        ]
        if not n_cables:
            groups = [group for group in groups if len(group) > 1]
            groups = join_groups(groups) if strictly else groups
        return [[names[cable] for cable in group] for group in groups]
