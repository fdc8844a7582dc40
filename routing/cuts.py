"""Cuts: who is isolated, and whose route gets longer, when one or two things fall.

What falls is a unit: a cable, or all cables of a corridor, an operator, a country, a
crossing.  Any unit and any two are tried; a cut that spares every shortest route changes
nothing, so few of them need a search of their own.
"""

from __future__ import annotations

import heapq
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple

import networkx as nx

from steppe.layers.errors import InputError, Problem
from steppe.layers.wording import tell
from steppe.routing.latency import require_nodes
from steppe.routing.step_limit import ANSWER_STEPS, Work

PAIR_STEPS = 20  # what two units take at least, and keep in memory
ROUNDING_KM = 1e-9  # equal sums of kilometres differ by less, real cables by more


@dataclass(frozen=True)
class CutUnit:
    """Something that falls as one.

    Parameters
    ----------
    unit_id
        Identifier, unique among the units of one question.
    kind
        What it is: cable, corridor, operator, country, crossing, node.
    cables
        Ids of the cables that fall with it.
    nodes
        Ids of the nodes that fall with it, each with all cables that end there.
    """

    unit_id: str
    kind: str
    cables: frozenset[str]
    nodes: frozenset[str] = frozenset()


@dataclass(frozen=True)
class CutEffect:
    """What the fall of one unit or two does to the routes to the target.

    Parameters
    ----------
    units
        Ids of the units, sorted.
    cables
        Cables that fall, also those that end at a fallen node.
    isolated
        Starts that reached the target before and do not any more, sorted; a start that
        falls itself is one of them.
    longer
        By start, sorted: the kilometres that its shortest route gains, where it gains more
        than `ROUNDING_KM`.
    adds
        Whether it does something that no unit of it does alone: for one unit, whether it
        does anything; for two, whether some start is worse off than by either alone.
    """

    units: tuple[str, ...]
    cables: frozenset[str]
    isolated: tuple[str, ...]
    longer: tuple[tuple[str, float], ...]
    adds: bool

    @property
    def additional_km(self) -> float:
        """Return the kilometres gained, over all starts that are not isolated."""
        return math.fsum(km for _, km in self.longer)


class _AfterCut(NamedTuple):
    """Cables that the shortest routes take now, and what the starts have lost."""

    cables: frozenset[str]
    isolated: tuple[str, ...]
    longer: tuple[tuple[str, float], ...]


def cut_effects(
    graph: nx.MultiGraph[str],
    units: Iterable[CutUnit],
    *,
    starts: Iterable[str],
    target: str,
    doubles: bool = True,
    work: Work | None = None,
) -> tuple[CutEffect, ...]:
    """Tell what the fall of each unit, and of any two, does to the routes to a target.

    Equal to searching the shortest routes (`length_km`) anew without the cables that fall.
    A start that is the target or is apart from it anyway has no part in any effect.

    Parameters
    ----------
    graph
        The backbone, see `steppe.routing.backbone.build_graph`.
    units
        What may fall.
    starts
        Nodes whose routes to the target count; the order does not matter.
    target
        Node to be reached.
    doubles
        Whether to take units two at a time, too.
    work
        Steps that it may take; None for `steppe.routing.step_limit.ANSWER_STEPS`.

    Returns
    -------
    tuple
        One effect per unit in the order given, then one per pair: the first unit with each
        later one, and so on.

    Raises
    ------
    InputError
        For a cable or a node that the graph does not have, or a unit id given twice.
    TooMuchWorkError
        When the work is done before every cut is tried.
    """
    units, starts = tuple(units), tuple(sorted(set(starts) - {target}))
    require_nodes(graph, target, *starts)
    problems = tuple(_faults(graph, units))
    if problems:
        raise InputError(problems)
    case = _Case(graph, starts, target, work or Work(ANSWER_STEPS, tell("work.single_cuts")))
    falls = [_fall(graph, unit) for unit in units]
    singles = [case.lose(fallen, case.intact) for fallen in falls]
    effects = [
        CutEffect(
            (unit.unit_id,), fallen, now.isolated, now.longer, bool(now.isolated or now.longer)
        )
        for unit, fallen, now in zip(units, falls, singles, strict=True)
    ]
    if doubles:
        case.work.spend(PAIR_STEPS * (len(units) * (len(units) - 1) // 2))
        for first, second in combinations(range(len(units)), 2):
            fallen = falls[first] | falls[second]
            alone = singles[first], singles[second]
            now = case.lose(fallen, *alone)
            names = tuple(sorted((units[first].unit_id, units[second].unit_id)))
            effects.append(CutEffect(names, fallen, now.isolated, now.longer, _adds(now, alone)))
    return tuple(effects)


def worst_cuts(effects: Iterable[CutEffect], *, n: int = 10) -> tuple[CutEffect, ...]:
    """Return the worst of the effects that add something.

    Those that isolate most starts come first, then those with the most additional
    kilometres, then one unit before two, then by the ids of the units.

    Parameters
    ----------
    effects
        From `cut_effects`.  Of effects that fell the same cables and do the same, as a
        corridor of one cable and that cable, the first is kept: so the unit given first to
        `cut_effects`, and one unit before two.
    n
        How many at most.
    """
    kept: dict[tuple[object, ...], CutEffect] = {}
    for effect in effects:
        if effect.adds:
            kept.setdefault((effect.cables, effect.isolated, effect.longer), effect)
    order = sorted(
        kept.values(),
        key=lambda effect: (
            -len(effect.isolated),
            -effect.additional_km,
            len(effect.units),
            effect.units,
        ),
    )
    return tuple(order[:n])


def _faults(graph: nx.MultiGraph[str], units: Sequence[CutUnit]) -> Iterator[Problem]:
    times = Counter(unit.unit_id for unit in units)
    twice = tuple(unit_id for unit_id, n_times in times.items() if n_times > 1)
    if twice:
        what, fix = tell("fault.cuts.twice"), tell("fix.give_each_its_own_id")
        yield Problem("cuts", what, fix, twice)
    known = {key for *_, key in graph.edges(keys=True)}
    cables = {name for unit in units for name in unit.cables}
    if unknown := tuple(sorted(cables - known)):
        what, fix = tell("fault.cable.unknown"), tell("fix.name_it_by_cable_id")
        yield Problem("cuts", what, fix, unknown)
    nodes = {name for unit in units for name in unit.nodes}
    if unknown := tuple(sorted(nodes - set(graph))):
        what, fix = tell("fault.node.unknown"), tell("fix.name_it_by_node_id")
        yield Problem("cuts", what, fix, unknown)


def _fall(graph: nx.MultiGraph[str], unit: CutUnit) -> frozenset[str]:
    """Return all cables that fall with a unit."""
    return unit.cables.union(key for *_, key in graph.edges(unit.nodes, keys=True))


def _adds(now: _AfterCut, alone: tuple[_AfterCut, _AfterCut]) -> bool:
    """Tell whether some start is worse off now than by each of the two outcomes."""
    if now in alone:
        return False
    loss, one, two = (
        {**dict(outcome.longer), **dict.fromkeys(outcome.isolated, math.inf)}
        for outcome in (now, *alone)
    )
    return any(
        km > max(one.get(start, 0.0), two.get(start, 0.0)) + ROUNDING_KM
        for start, km in loss.items()
    )


class _Case:
    """The routes of some starts to a target; each set of fallen cables is searched once."""

    def __init__(
        self, graph: nx.MultiGraph[str], starts: tuple[str, ...], target: str, work: Work
    ) -> None:
        self.work = work
        self._n_steps = 2 * graph.number_of_edges() + len(starts)
        self._hops = {
            here: [
                (there, float(data["length_km"]), key)
                for there, parallel in links.items()
                if there != here
                for key, data in parallel.items()
            ]
            for here, links in graph.adjacency()
        }
        self._starts = starts
        self._target = target
        self._outcomes: dict[frozenset[str], _AfterCut] = {}
        self._base_km, cables = self._search(frozenset())
        self.intact = _AfterCut(cables, (), ())

    def lose(self, fallen: frozenset[str], *known: _AfterCut) -> _AfterCut:
        """Return the outcome when all these cables fall, given some when fewer of them do."""
        for outcome in known:
            # Routes that stay whole stay the shortest.
            if outcome.cables.isdisjoint(fallen):
                return outcome
        if fallen not in self._outcomes:
            km, cables = self._search(fallen)
            gains = (
                (start, km[start] - before_km)
                for start, before_km in self._base_km.items()
                if start in km
            )
            self._outcomes[fallen] = _AfterCut(
                cables,
                tuple(start for start in self._base_km if start not in km),
                tuple(gain for gain in gains if gain[1] > ROUNDING_KM),
            )
        return self._outcomes[fallen]

    def _search(self, fallen: frozenset[str]) -> tuple[dict[str, float], frozenset[str]]:
        """Return the kilometres of the starts that reach the target, and the cables taken."""
        self.work.spend(self._n_steps)
        best = {self._target: 0.0}
        steps: dict[str, tuple[str, str]] = {}
        queue = [(0.0, self._target)]
        while queue:
            km, here = heapq.heappop(queue)
            if km > best[here]:
                continue
            for there, hop_km, cable_id in self._hops[here]:
                there_km = km + hop_km
                if there_km < best.get(there, math.inf) and cable_id not in fallen:
                    best[there] = there_km
                    steps[there] = here, cable_id
                    heapq.heappush(queue, (there_km, there))
        taken: dict[str, str] = {}
        for start in self._starts:
            here = start
            while here not in taken and here in steps:
                there, taken[here] = steps[here]
                here = there
        return {s: best[s] for s in self._starts if s in best}, frozenset(taken.values())
