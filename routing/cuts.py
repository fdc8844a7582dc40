"""Cuts: who is isolated, and whose route gets longer, when one or two things fall.

What falls is a unit: a cable, or all cables of a corridor, an operator, a country, a
crossing.  Any unit and any two are tried; a cut that spares every shortest route changes
nothing, so few of them need a search of their own.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import networkx as nx

from steppe.layers.errors import InputError, Problem
from steppe.layers.progress import count
from steppe.layers.wording import tell
from steppe.routing.cut_search import ROUNDING_KM, AfterCut, CutSearch
from steppe.routing.latency import require_nodes
from steppe.routing.step_limit import ANSWER_STEPS, Work

PAIR_STEPS = 20  # what two units take at least, and keep in memory


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
    doubtful
        Further starts, sorted, that are isolated where the unsure cables that no shortest
        route takes while all is whole are not there.
    """

    units: tuple[str, ...]
    cables: frozenset[str]
    isolated: tuple[str, ...]
    longer: tuple[tuple[str, float], ...]
    adds: bool
    doubtful: tuple[str, ...] = ()

    @property
    def additional_km(self) -> float:
        """Return the kilometres gained, over all starts that are not isolated."""
        return math.fsum(km for _, km in self.longer)


class _Loss(NamedTuple):
    """What a cut does with every cable there, and without the unsure ones that may be missed."""

    now: AfterCut
    bare: AfterCut

    @property
    def doubtful(self) -> tuple[str, ...]:
        return tuple(sorted(set(self.bare.isolated) - set(self.now.isolated)))


def cut_effects(  # noqa: PLR0913 (a question and its bounds)
    graph: nx.MultiGraph[str],
    units: Iterable[CutUnit],
    *,
    starts: Iterable[str],
    target: str,
    doubles: bool = True,
    unsure: Collection[str] = (),
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
    unsure
        Cables that may not be there, or end elsewhere.
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
    case = CutSearch(graph, starts, target, work or Work(ANSWER_STEPS, tell("work.single_cuts")))
    missing = frozenset(unsure) - case.intact.cables
    bare = CutSearch(graph, starts, target, case.work, missing) if missing else case
    falls = [_fall(graph, unit) for unit in units]
    singles = [
        _Loss(case.lose(fallen, case.intact), bare.lose(fallen, bare.intact)) for fallen in falls
    ]
    effects = [
        _effect((unit.unit_id,), fallen, loss, ())
        for unit, fallen, loss in zip(units, falls, singles, strict=True)
    ]
    if doubles:
        case.work.spend(PAIR_STEPS * (len(units) * (len(units) - 1) // 2))
        for first in count(range(len(units))):
            for second in range(first + 1, len(units)):
                fallen = falls[first] | falls[second]
                alone = singles[first], singles[second]
                loss = _Loss(
                    case.lose(fallen, *(each.now for each in alone)),
                    bare.lose(fallen, *(each.bare for each in alone)),
                )
                names = tuple(sorted((units[first].unit_id, units[second].unit_id)))
                effects.append(_effect(names, fallen, loss, alone))
    return tuple(effects)


def _effect(
    names: tuple[str, ...], fallen: frozenset[str], loss: _Loss, alone: Sequence[_Loss]
) -> CutEffect:
    now, doubtful = loss.now, loss.doubtful
    known = {start for each in alone for start in (*each.doubtful, *each.now.isolated)}
    adds = _adds(now, [each.now for each in alone]) or not set(doubtful) <= known
    return CutEffect(names, fallen, now.isolated, now.longer, adds, doubtful)


def worst_cuts(effects: Iterable[CutEffect], *, n: int = 10) -> tuple[CutEffect, ...]:
    """Return the worst of the effects that add something.

    Those that isolate most starts come first, then those that may isolate most further ones,
    then those with the most additional kilometres, then one unit before two, then by the ids
    of the units.

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
            outcome = effect.cables, effect.isolated, effect.doubtful, effect.longer
            kept.setdefault(outcome, effect)
    order = sorted(
        kept.values(),
        key=lambda effect: (
            -len(effect.isolated),
            -len(effect.doubtful),
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


def _adds(now: AfterCut, alone: Sequence[AfterCut]) -> bool:
    """Tell whether some start is worse off now than by each of the outcomes."""
    if now in alone:
        return False
    loss, *others = (
        {**dict(outcome.longer), **dict.fromkeys(outcome.isolated, math.inf)}
        for outcome in (now, *alone)
    )
    return any(
        km > max((one.get(start, 0.0) for one in others), default=0.0) + ROUNDING_KM
        for start, km in loss.items()
    )
