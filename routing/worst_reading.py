"""The worst reading: how few independent routes are left wherever assumed cables may lie.

A reading puts every cable into one of the ways that it may lie in.  Which reading leaves the
fewest routes is a question of two levels (set packing inside a choice of ways), so the answer is
a pair of proven bounds, equal where the steps suffice.  It is bounded from above by the
flow that counts cables alone, from below by routes that can meet nowhere.  Between them readings and routes are tried against each other: a reading that spoils all sets of
routes found so far, then a set of routes that this reading leaves, until none is left
(cutting planes; so Kelley 1960, Journal of SIAM 8, 703-712).
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from steppe.layers.wording import tell
from steppe.routing.hops import cables_between
from steppe.routing.route_programme import Strand
from steppe.routing.shared_risk import Count, Packing, count_disjoint
from steppe.routing.step_limit import ANSWER_STEPS, TooMuchWorkError, Work

_INFEASIBLE = 2
RISK = "risk "
"""What the name of a thing begins with that cables may share though they are said to be apart."""


@dataclass(frozen=True)
class OpenStrand:
    """Cables that are alike, and what is open about where they lie.

    Parameters
    ----------
    strand
        Their ends, and the ways that are known.
    reach
        Things that may take them down in some way, known or not.
    is_whole
        Whether all ways are known.
    name, apart_from
        The cable, where it is said to be apart from others: in no reading do the two share
        anything but risks.  A strand that has a name is one cable.
    """

    strand: Strand
    reach: frozenset[str]
    is_whole: bool = True
    name: str = ""
    apart_from: frozenset[str] = frozenset()


def count_worst(strands: Sequence[OpenStrand], a: str, b: str, work: Work | None = None) -> Count:
    """Return how many routes share no cable and nothing that falls as one, in the worst reading.

    Parameters
    ----------
    strands
        Cables, and where they may lie; also those that these are said to be apart from.
    a, b
        Two different nodes.
    work
        Steps that it may take; None for `steppe.routing.step_limit.ANSWER_STEPS`.  When they are
        used up, the bounds are told as far as they were proven.
    """
    block = cables_between(strands, a, b, ends=lambda each: each.strand.ends)
    inside = {id(each) for each in block}
    partners = [each for each in strands if each.name and id(each) not in inside]
    case = _Case(block, partners, a, b, work or Work(ANSWER_STEPS, tell("work.count", a=a, b=b)))
    with suppress(TooMuchWorkError):
        case.solve()
    return Count(case.low, case.high)


class _Case:
    """One count: its bounds so far."""

    def __init__(
        self,
        block: Sequence[OpenStrand],
        partners: Sequence[OpenStrand],
        a: str,
        b: str,
        work: Work,
    ) -> None:
        # Where those lie that are said to be apart matters, even if they lead elsewhere.
        self._strands, self._ends, self._work = [*block, *partners], (a, b), work
        # Every route takes a cable of the block, and the block is connected.
        self.low = min(len(block), 1)
        # Where alike cables all lie in one way, they serve one route.
        self.high = Packing([_tied(each) for each in block]).flow(a, b)
        self._is_open = True

    def solve(self) -> None:
        """Move the bounds towards each other.

        Raises
        ------
        TooMuchWorkError
            When the work is done; the bounds are as good as they got.
        """
        if self.low >= self.high:
            return
        self._work.spend(sum(len(each.reach) for each in self._strands))
        everywhere = count_disjoint(map(spread, self._strands), *self._ends, self._work)
        self.low = max(self.low, everywhere.low)
        if all(each.is_whole and len(each.strand.ways) == 1 for each in self._strands):
            self.high = min(self.high, everywhere.high)
            return
        while self._is_open and self.low < self.high:
            self._raise_or_stop()

    def _raise_or_stop(self) -> None:
        """Find out whether every reading leaves one route more than the lower bound."""
        wanted = self.low + 1
        spoiler = _Spoiler(self._strands, self._work)
        while (reading := spoiler.find()) is not None:
            strands = [
                Strand(each.strand.ends, (each.strand.ways[way],), each.strand.n_cables)
                for each, way in zip(self._strands, reading, strict=True)
            ]
            count = count_disjoint(strands, *self._ends, self._work, enough=wanted)
            self.high = min(self.high, count.high)
            if count.high < wanted:
                return
            if count.low < wanted:
                self._is_open = False
                return
            spoiler.add(_find_takers(count, strands, self._strands))
        if all(each.is_whole for each in self._strands):
            self.low = wanted
        else:
            self._is_open = False


def spread(each: OpenStrand) -> Strand:
    """Return a strand that lies in all of its ways at once."""
    if not each.reach:
        return each.strand
    return Strand(each.strand.ends, (tuple(sorted(each.reach)),))


def _tied(each: OpenStrand) -> Strand:
    """Return a strand as it is where all its cables lie in one way, if that ties them."""
    return Strand(each.strand.ends, (max(each.strand.ways, key=bool),), each.strand.n_cables)


def _find_takers(
    count: Count, reading: Sequence[Strand], strands: Sequence[OpenStrand]
) -> list[list[int]]:
    """Return the strands that each route takes, those with the least choice of equal ones."""
    takers: dict[tuple[object, ...], list[int]] = {}
    order = sorted(range(len(strands)), key=lambda number: -len(strands[number].strand.ways))
    for number in order:
        strand = reading[number]
        takers.setdefault((strand.ends, strand.ways), []).extend([number] * strand.n_cables)
    return [[takers[hold.ends, hold.ways].pop() for hold in route] for route in count.routes]


class _Spoiler:
    """The programme of a reading in which, of each set of routes, two share something.

    Its variables are whether each strand lies in each of its ways; then for each set of routes and
    each thing that two of them may share, whether they do, and whether each route meets it.
    """

    def __init__(self, strands: Sequence[OpenStrand], work: Work) -> None:
        self._strands, self._work = strands, work
        self._n_variables = 0
        self._entries: list[tuple[int, int, float]] = []
        self._least: list[float] = []
        self._ways = [self._new(len(each.strand.ways)) for each in strands]
        self._lies: list[dict[str, list[int]]] = []
        for each, variables in zip(strands, self._ways, strict=True):
            self._add([(one, 1.0) for one in variables], 1.0)
            self._add([(one, -1.0) for one in variables], -1.0)
            lies: dict[str, list[int]] = {}
            for variable, way in zip(variables, each.strand.ways, strict=True):
                for thing in way:
                    lies.setdefault(thing, []).append(variable)
            self._lies.append(lies)
        self._keep_apart()

    def find(self) -> list[int] | None:
        """Return the number of the way that each strand lies in; None when there is none.

        Raises
        ------
        TooMuchWorkError
            When it is not proven whether there is one.
        """
        row, column, value = zip(*self._entries, strict=True)
        shape = (len(self._least), self._n_variables)
        matrix = csr_array((value, (row, column)), shape=shape)
        answer = milp(
            np.zeros(self._n_variables),
            integrality=np.ones(self._n_variables, dtype=np.int64),
            bounds=Bounds(0, 1),
            constraints=LinearConstraint(matrix, self._least, np.inf),
            options={"node_limit": self._work.count_branches(matrix.nnz)},
        )
        self._work.take_branches(matrix.nnz, getattr(answer, "mip_node_count", None))
        if answer.status == _INFEASIBLE:
            return None
        if answer.x is None:
            raise TooMuchWorkError(tell("work.packing_not_proven", told=answer.message))
        return [int(np.argmax(answer.x[list(variables)])) for variables in self._ways]

    def add(self, routes: Sequence[Sequence[int]]) -> None:
        """Ask that two of these routes share something, each given by the strands it takes."""
        met: dict[str, list[list[int]]] = {}
        for route in routes:
            lies: dict[str, list[int]] = {}
            for number in route:
                for thing, variables in self._lies[number].items():
                    lies.setdefault(thing, []).extend(variables)
            for thing, variables in lies.items():
                met.setdefault(thing, []).append(variables)
        shared = {thing: routes for thing, routes in sorted(met.items()) if len(routes) > 1}
        shares = self._new(len(shared))
        self._add([(one, 1.0) for one in shares], 1.0)
        for share, each in zip(shares, shared.values(), strict=True):
            meets = self._new(len(each))
            self._add([*((one, 1.0) for one in meets), (share, -2.0)], 0.0)
            for one, variables in zip(meets, each, strict=True):
                self._add([*((lies, 1.0) for lies in variables), (one, -1.0)], 0.0)

    def _keep_apart(self) -> None:
        for first, second in _apart_pairs(self._strands):
            if len(self._ways[first]) == len(self._ways[second]) == 1:
                continue  # both are said to lie where they lie
            for thing in sorted(self._lies[first].keys() & self._lies[second].keys()):
                if not thing.startswith(RISK):
                    both = self._lies[first][thing] + self._lies[second][thing]
                    self._add([(one, -1.0) for one in both], -1.0)

    def _new(self, n: int) -> range:
        self._n_variables += n
        return range(self._n_variables - n, self._n_variables)

    def _add(self, row: list[tuple[int, float]], least: float) -> None:
        self._entries.extend((len(self._least), column, value) for column, value in row)
        self._least.append(least)


def _apart_pairs(strands: Sequence[OpenStrand]) -> list[tuple[int, int]]:
    place = {each.name: number for number, each in enumerate(strands) if each.name}
    pairs = {
        (min(place[each.name], place[other]), max(place[each.name], place[other]))
        for each in strands
        for other in each.apart_from
        if other in place and other != each.name
    }
    return sorted(pairs)
