"""Redundancy: how many ways lead from one node to another, as ranges.

Nominal counts every cable for itself; effective counts only what nothing that falls takes down
together.  Both are ranges, since sources leave open which cables exist, where they end and where
they lie.  A cable is sure when a source says that it exists and where both its ends are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, cached_property
from typing import NamedTuple

import networkx as nx

from steppe.layers.errors import InputError
from steppe.layers.wording import Words, tell
from steppe.routing.backbone import Cable, Corridor
from steppe.routing.blocks import Blocks
from steppe.routing.edge_counts import EdgeCounts
from steppe.routing.features import find_astray
from steppe.routing.readings import Readings, SharedRisks, find_ends
from steppe.routing.route_reason import Doubts, find_doubts, give_reason
from steppe.routing.shared_risk import Count, Packing, merge_strands
from steppe.routing.single_falls import SingleFalls
from steppe.routing.step_limit import ANSWER_STEPS, Work
from steppe.routing.worst_reading import count_worst, spread

PARTIAL_STEPS = 8_000  # for a look where not all ways are known
VAIN_STEPS = 200_000  # for all such looks for so many routes that find fewer, of one backbone
MANY_CABLES = (
    1_000  # whose flow is that through the whole backbone, written down once for all pairs
)


class EffectiveRange(NamedTuple):
    """How many routes between two nodes share neither a cable nor a corridor.

    Parameters
    ----------
    low
        Proven to be left in every reading: sure cables only, those of assumed corridor in any
        of the ways that they may lie in, and every shared risk counted.
    high
        Proven not to be passed in any reading: all cables, those of assumed corridor in any of their
        ways, nothing but cables and corridors counted.
    is_exact
        Whether some reading comes to each of the two; they are bounds otherwise.
    shared
        Corridors recorded for more than one of the cables, sorted.
    reason
        One sentence or two.
    """

    low: int
    high: int
    is_exact: bool
    shared: tuple[str, ...]
    reason: Words
    cables: frozenset[str]


class NominalCounts:
    """How many cables join any two nodes themselves."""

    def __init__(self, cables: Iterable[Cable]) -> None:
        self._sure, self._all = Counter[frozenset[str]](), Counter[frozenset[str]]()
        for cable in cables:
            ends = frozenset((cable.from_node, cable.to_node))
            self._sure[ends] += cable.is_sure
            self._all[ends] += 1

    def between(self, a: str, b: str) -> tuple[int, int]:
        """Return how many cables join two nodes: the sure ones, and all of them."""
        ends = frozenset((a, b))
        return self._sure[ends], self._all[ends]


def nominal_range(cables: Iterable[Cable], a: str, b: str) -> tuple[int, int]:
    """Return how many cables join two nodes themselves, see `NominalCounts`."""
    return NominalCounts(cables).between(a, b)


class CutCounts:
    """How many cables must be cut to part any two nodes, each counted by itself."""

    def __init__(self, cables: Iterable[Cable]) -> None:
        cables = list(cables)
        self._sure = EdgeCounts(_plain_graph(cable for cable in cables if cable.is_sure))
        self._all = EdgeCounts(_plain_graph(cables))

    def between(self, a: str, b: str) -> tuple[int, int]:
        """Return the count with the sure cables alone, and with every reading of the text.

        Raises
        ------
        ValueError
            When both nodes are the same.
        """
        return self._sure.between(a, b), self._all.between(a, b)


def cut_range(cables: Iterable[Cable], a: str, b: str) -> tuple[int, int]:
    """Return how many cables must be cut to part two nodes, see `CutCounts`."""
    return CutCounts(cables).between(a, b)


def _plain_graph(cables: Iterable[Cable]) -> nx.MultiGraph[str]:
    graph: nx.MultiGraph[str] = nx.MultiGraph()
    for cable in cables:
        graph.add_edge(cable.from_node, cable.to_node, key=cable.cable_id)
    return graph


class EffectiveRoutes:
    """The independent routes of a backbone: how many lead from one node to another, as a range.

    A reading says of every cable whether it is there, if it is not sure, and where it lies.  A cable
    of said corridors lies in them.  One of assumed corridors may lie in the corridors that are
    recorded for it or for another cable between the same ends, and in any chain of corridors that
    joins its ends.  Where no corridor is recorded and no chain is known, all such cables between the
    same ends may lie together, or each by itself.  Two cables that a source says are apart lie
    in no corridor together; where those recorded for them contradict that, or none is, either
    may lie by itself.

    The low end is what is left in every reading where routes share neither a cable, nor a
    corridor, nor a risk: a cable meets the risks of its corridors, where it lies as recorded those
    of its drawn line too, and those of its two ends always.  The high end is the most that any
    reading leaves where cables and corridors alone count; it lets cables lie together that are said
    to be apart.  When all corridors are said, all cables sure and no risk is shared, both ends
    are equal; the high end never passes that of `cut_range`.

    Parameters
    ----------
    cables, corridors
        The backbone.
    risks
        What takes down several cables at once, beside corridors.
    names
        What people call a node or a corridor, by id, for the reason.

    Raises
    ------
    InputError
        For a corridor that is not in `corridors`.
    """

    def __init__(
        self,
        cables: Iterable[Cable],
        corridors: Iterable[Corridor],
        *,
        risks: SharedRisks | None = None,
        names: Mapping[str, Words] | None = None,
    ) -> None:
        self._cables, corridors = list(cables), list(corridors)
        recorded = ((cable.cable_id, cable.corridors) for cable in self._cables)
        if problems := list(find_astray(recorded, {each.corridor_id for each in corridors})):
            raise InputError(problems)
        self._names = names or {}
        self._readings = Readings(self._cables, corridors, risks or SharedRisks())
        self.cuts = CutCounts(self._cables)
        self._blocks = Blocks(self._cables, find_ends)
        self._vain_steps: Counter[int] = Counter()  # by how many routes were looked for
        self._part_of = cache(self._find_part)
        self._flow_of = cache(self._build_flow)
        self._packing_of = cache(self._pack)
        self._spread_of = cache(self._pack_spread)

    def between(self, a: str, b: str, *, work: Work | None = None) -> EffectiveRange:
        """Return how many routes between two nodes are independent, as a range with its reason.

        Parameters
        ----------
        a, b
            Two different nodes.
        work
            Steps that it may take; None for `steppe.routing.step_limit.ANSWER_STEPS`.  Where
            they do not suffice the range is one of proven bounds.

        Raises
        ------
        ValueError
            When both nodes are the same.
        """
        n_sure, n_all = self.cuts.between(a, b)
        part = self._part_of(self._blocks.find_path(a, b))
        work = work or Work(ANSWER_STEPS, tell("work.count", a=a, b=b))
        low = self._count_low(part, a, b, n_sure, work)
        high = self._count_high(part, a, b, n_all, work)
        # The low end is never above the high end.
        low, high = (
            Count(low.low, min(low.high, high.high)),
            Count(max(low.low, high.low), high.high),
        )
        reason = give_reason(
            part.doubts, low, high, shared=part.shared, ends=(a, b), names=self._names
        )
        is_exact = low.low == low.high and high.low == high.high
        return EffectiveRange(low.low, high.high, is_exact, part.shared, reason, part.names)

    def _count_low(self, part: _Part, a: str, b: str, most: int, work: Work) -> Count:
        if most <= 1:  # nothing shared takes away the one route
            return Count(most, most)
        own = self._readings.name_places(a, b)
        if self._falls.may_part(a, b, but=own):
            return Count(1, 1)
        if work.left < 1:
            return Count(1, most)
        if part.weight > work.left:
            return Count(1, most)
        some = work.part(PARTIAL_STEPS)
        n_found = self._spread_of(part.path).look(a, b, some, most=most, left_out=own)
        work.take_part(some)
        if n_found == most:
            return Count(most, most)
        count = count_worst(self._readings.list_open(part.cables, own), a, b, work)
        return Count(count.low, min(count.high, most))

    def _count_high(self, part: _Part, a: str, b: str, most: int, work: Work) -> Count:
        if most > 1:
            most = self._flow_of(part.path).between(a, b, most=most)
        if most <= 1 or work.left < 1:
            return Count(min(most, 1), most)
        packing, is_whole = self._packing_of(part.path)
        if not is_whole:
            return self._look(packing, a, b, most, work)
        return packing.count(a, b, work, most=most)

    def _look(self, packing: Packing, a: str, b: str, most: int, work: Work) -> Count:
        """Return bounds where not all ways are known: what is found bounds the count from below alone.

        So little time is spent on it, and none where it was spent in vain before.
        """
        left = VAIN_STEPS - self._vain_steps[most]
        if left < 1:
            return Count(1, most)
        some = work.part(min(PARTIAL_STEPS, left))
        n_found = packing.look(a, b, some, most=most)
        work.take_part(some)
        if n_found < most:
            self._vain_steps[most] += some.spent
        return Count(n_found, most)

    @cached_property
    def _falls(self) -> SingleFalls:
        return self._readings.find_falls()

    def _find_part(self, path: frozenset[int]) -> _Part:
        cables = self._blocks.list_links(path)
        return _Part(
            path,
            cables,
            frozenset(cable.cable_id for cable in cables),
            _shared_corridors(cables),
            find_doubts(cables),
            self._readings.weigh(cables),
        )

    def _build_flow(self, path: frozenset[int]) -> EdgeCounts:
        cables = self._part_of(path).cables
        if len(cables) > MANY_CABLES:
            return self._whole_flow
        return EdgeCounts(self._readings.build_flow(cables))

    @cached_property
    def _whole_flow(self) -> EdgeCounts:
        """Count through the whole backbone, never less than through a part."""
        return EdgeCounts(self._readings.build_flow(self._cables))

    @cached_property
    def _whole_packing(self) -> Packing:
        return Packing(merge_strands(self._readings.list_free(self._cables)[0]))

    def _pack(self, path: frozenset[int]) -> tuple[Packing, bool]:
        strands, is_whole = self._readings.list_free(self._part_of(path).cables)
        if not is_whole:
            # A look for the nearest ways is not led astray by what lies beside them.
            return self._whole_packing, False
        return Packing(merge_strands(strands)), True

    def _pack_spread(self, path: frozenset[int]) -> Packing:
        """Return the sure cables, each in all of its ways at once: what shares nothing so never does."""
        strands = self._readings.list_open(self._part_of(path).cables)
        return Packing(merge_strands(map(spread, strands)))


class _Part(NamedTuple):
    """Some blocks of the network: their cables and ids, corridors recorded for several, what is in doubt.

    `weight` is what it takes to list the cables with all that may take them down.
    """

    path: frozenset[int]
    cables: Sequence[Cable]
    names: frozenset[str]
    shared: tuple[str, ...]
    doubts: Doubts
    weight: int


def _shared_corridors(cables: Iterable[Cable]) -> tuple[str, ...]:
    uses = Counter(corridor for cable in cables for corridor in set(cable.corridors))
    return tuple(sorted(corridor for corridor, n_cables in uses.items() if n_cables > 1))
