"""Two ways of least cost together that keep their distance: a good pair, and a proven bound below it.

A pair is made by turns: the best way that is apart from the other's nodes, one after the other, until
neither gets cheaper, from several beginnings.  That the best there is costs no less than some bound is
proven by `steppe.routing.ways.pair_bound`; where the pair that reaches the bound comes too near somewhere,
of the disc that both ways pass there one way at least must keep out, and both cases are looked at in
turn, the one with the least bound first (branch and bound).  How many cases that takes is not known before, so
the branching is limited, by work and not by time, and what is not proven is said.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, replace

import numpy as np

from steppe.routing.ways.apart_question import SLACK_KM, ApartQuestion
from steppe.routing.ways.pair_bound import Part, bound_pair, bound_reach, make_part
from steppe.routing.ways.pair_of_ways import PairOfWays
from steppe.routing.ways.way_graph import Flags, Way

MOST_ARCS = 400_000_000
"""Arcs that are looked at before the branching ends."""
_FEW_NODES = 5_000  # of a graph in which ways of any cost are looked for
# Times the least cost of two ways that know nothing of each other: how dear pairs are looked for.
_CEILINGS = (1.05, 1.25, 2.0)
_MOST_BEGINNINGS = 12
_PROVEN = 1e-9


@dataclass(frozen=True)
class NoPair:
    """No two ways that keep their distance were found.

    Parameters
    ----------
    lower_bound
        Two ways that keep it cost no less, if there are any; inf where it is proven that there are none.
    """

    lower_bound: float

    @property
    def is_proven(self) -> bool:
        """Return whether there are none, and not only none found."""
        return self.lower_bound == np.inf


def find_apart_pair(
    question: ApartQuestion,
    *,
    most_arcs: int = MOST_ARCS,
    hint: Way | None = None,
    is_any_enough: bool = False,
) -> PairOfWays[Way] | NoPair:
    """Find two ways of least cost together that keep their distance.

    The end with the lower number is begun at, so that the answer does not hang on the direction.

    Parameters
    ----------
    question
        What is asked.
    most_arcs
        Arcs that may be looked at before the branching ends; the pair and a bound are found first.
    hint
        A way to begin with, for instance of another distance.
    is_any_enough
        Whether the first pair that is found will do, whatever it costs.
    """
    is_reversed = question.start > question.end
    if is_reversed:
        question = replace(question, start=question.end, end=question.start)
    if not np.isfinite(question.least_cost) or bound_reach(question) < question.reach_km - SLACK_KM:
        return NoPair(np.inf)
    search = _Search(question, is_any_enough=is_any_enough)
    for nodes in ([] if hint is None else [hint.nodes]) + _beginnings(question):
        if not search.is_done:
            search.improve(nodes)
    bound = 2.0 * question.least_cost
    if most_arcs > 0 and not search.is_done:
        bound = search.branch(most_arcs)
    if search.pair is None:
        return NoPair(bound)
    first, second = sorted(search.pair, key=lambda way: (way.cost, way.edges.tolist()))
    if is_reversed:
        first, second = first.turn(), second.turn()
    return PairOfWays(first, second, search.cost, min(bound, search.cost))


def _beginnings(question: ApartQuestion) -> list[np.ndarray]:
    """Return nodes of ways that pass the middle here and there, the cheapest first."""
    level, graph = question.level, question.graph
    ends = level[graph.ends]
    passes = (ends.min(axis=1) < 0.0) & (ends.max(axis=1) >= 0.0) & np.isfinite(ends).all(axis=1)
    middle = np.unique(graph.ends[passes])
    cost = question.away.cost[middle] + question.home.cost[middle]
    chosen: list[int] = []
    for node in middle[np.lexsort((middle, cost))].tolist():
        away_km = np.hypot(*(graph.xy_km[chosen] - graph.xy_km[node]).T)
        if not chosen or away_km.min() >= question.reach_km / 2.0:
            chosen.append(node)
        if len(chosen) == _MOST_BEGINNINGS:
            break
    found = []
    for node in chosen:
        there, back = question.away.trace(node), question.home.trace(node)
        if there is not None and back is not None:
            found.append(np.concatenate((there.nodes, back.nodes[-2::-1])))
    return found


@dataclass(order=True)
class _Case:
    """A case of the branching: where each way may go, and what pairs cost there at the least."""

    bound: float
    number: int
    parts: tuple[Part, Part]
    ways: tuple[Way, Way] | None


class _Search:
    """The best pair so far, and what makes it better."""

    def __init__(self, question: ApartQuestion, *, is_any_enough: bool) -> None:
        self.question = question
        self.is_any_enough = is_any_enough
        self.pair: tuple[Way, Way] | None = None
        self.cost = np.inf

    @property
    def is_done(self) -> bool:
        """Return whether nothing better is asked for."""
        return self.is_any_enough and self.pair is not None

    def improve(self, nodes: np.ndarray) -> None:
        """Make pairs by turns, beginning with what is apart from a way, until none gets cheaper."""
        question = self.question
        other = question.seek_other(nodes)
        best = np.inf
        while other is not None:
            one = question.seek_other(other.nodes)
            if one is None or one.cost + other.cost >= best * (1.0 - _PROVEN):
                return
            best = one.cost + other.cost
            self._keep(one, other)
            other = question.seek_other(one.nodes)

    def _keep(self, one: Way, other: Way) -> None:
        if one.cost + other.cost < self.cost:
            self.pair, self.cost = (one, other), one.cost + other.cost

    def branch(self, most_arcs: int) -> float:
        """Return the proven bound, and keep cheaper pairs that are met on the way."""
        least = 2.0 * self.question.least_cost
        if self.pair is not None or self.question.graph.n_nodes <= _FEW_NODES:
            return self._branch_below(np.inf, most_arcs)
        bound = least
        for times in _CEILINGS:
            bound = self._branch_below(times * least, most_arcs)
            if self.pair is not None or bound < times * least:
                break
        return bound

    def _branch_below(self, ceiling: float, most_arcs: int) -> float:
        """Return the proven bound, which is the ceiling where no pair costs less than that."""
        question = self.question
        most = min(self.cost, ceiling)
        whole = make_part(question, question.barred, most - question.least_cost)
        n_cases, n_arcs = 0, 0
        waiting: list[_Case] = []
        children = [(whole, whole)]
        while True:
            for parts in children:
                left = most_arcs - n_arcs
                found = bound_pair(question, parts, min(self.cost, ceiling), left)
                n_arcs += found.n_arcs + sum(part.n_arcs for part in parts)
                if found.ways is not None:
                    self._try(found.ways)
                    n_cases += 1
                    heapq.heappush(waiting, _Case(found.cost, n_cases, parts, found.ways))
            most = min(self.cost, ceiling)
            if not waiting or waiting[0].bound >= most * (1.0 - _PROVEN):
                return most
            if n_arcs >= most_arcs or self.is_done:
                return waiting[0].bound
            children = self._split(heapq.heappop(waiting), most)

    def _try(self, ways: tuple[Way, Way]) -> None:
        if self.question.find_clash(ways[0].nodes, ways[1].nodes) is None:
            self._keep(*ways)
        for way in ways:
            self.improve(way.nodes)

    def _split(self, case: _Case, most: float) -> list[tuple[Part, Part]]:
        """Return the cases in which the one way, or the other, keeps out of a disc that both pass."""
        question = self.question
        assert case.ways is not None
        clash = question.find_clash(case.ways[0].nodes, case.ways[1].nodes)
        if clash is None:
            return []
        disc = self._disc(*clash)
        one, other = case.parts
        without = make_part(question, one.barred | disc, most - other.least_cost)
        if one is other:
            # Which is which does not matter yet.
            return [(without, other)]
        kept_out = make_part(question, other.barred | disc, most - one.least_cost)
        return [(without, other), (one, kept_out)]

    def _disc(self, one: int, other: int) -> Flags:
        """Return nodes, both given ones among them, of which any two are too near to each other."""
        question = self.question
        xy = question.graph.xy_km
        away_km = np.hypot(*(xy - (xy[one] + xy[other]) / 2.0).T)
        within = away_km <= question.reach_km / 2.0 - SLACK_KM
        within[[one, other]] = True
        return within & ~question.is_free
