"""The programmes of routes that share nothing, put to HiGHS: prices, the cheapest route, k at once.

A set of routes that share no cable and nothing that falls as one is a packing.  Its linear
programme has a column for each route; columns are made as its prices ask for them (column
generation; Gilmore and Gomory 1961, Operations Research 9, 849-859).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_array

from steppe.layers.errors import SteppeError
from steppe.layers.wording import tell
from steppe.routing.step_limit import PROGRAMME_STEPS, TooMuchWorkError, Work, is_stopped

if TYPE_CHECKING:
    from scipy.optimize import OptimizeResult

_INFEASIBLE = 2
Used = int | str
"""A strand by its number, or a thing that falls as one by its id."""


@dataclass(frozen=True, order=True)
class Strand:
    """Cables that are alike.

    Parameters
    ----------
    ends
        Two different nodes, in the order of their ids.
    ways
        Where each of the cables may lie: the things that would take it down there, sorted.
        Cables that lie in a way of no things share nothing.
    n_cables
        How many they are.
    """

    ends: tuple[str, str]
    ways: tuple[tuple[str, ...], ...]
    n_cables: int = 1

    @property
    def room(self) -> int:
        """Return a number of routes that it cannot serve more than."""
        if not all(self.ways):
            return self.n_cables
        if any(set(self.ways[0]).intersection(*map(set, self.ways[1:]))):
            return 1
        return min(self.n_cables, len(self.ways))


class Hold(NamedTuple):
    """A strand that a route takes, by its number, and the number of the way it lies in."""

    strand: int
    way: int


Route = tuple[Hold, ...]


class Prices(NamedTuple):
    """What a route pays, at the optimum of the linear programme, for each thing that it uses."""

    value: float
    of: Mapping[Used, float]


def list_used(route: Route, strands: Sequence[Strand]) -> frozenset[Used]:
    """Return the strands of a route and the things that would take it down."""
    things = (thing for hold in route for thing in strands[hold.strand].ways[hold.way])
    return frozenset((*(hold.strand for hold in route), *things))


def price_columns(
    columns: Sequence[frozenset[Used]], strands: Sequence[Strand], work: Work
) -> Prices:
    """Solve the linear programme over some routes, each given by what it uses."""
    matrix, room, rows = _matrix(columns, strands)
    work.spend(PROGRAMME_STEPS * matrix.nnz)
    # The types of SciPy know of no sparse matrix here.
    rows_of: Any = matrix
    answer = linprog(-np.ones(len(columns)), A_ub=rows_of, b_ub=room, method="highs-ds")
    if answer.status != 0:
        raise SteppeError(_unsolved(answer))
    # A dual value is not below 0; rounding may tell otherwise.
    duals = np.maximum(-answer.ineqlin.marginals, 0.0)
    value = -float(np.asarray(answer.fun))
    return Prices(value, dict(zip(rows, duals.tolist(), strict=True)))


def pack_columns(
    columns: Sequence[frozenset[Used]], strands: Sequence[Strand], work: Work
) -> list[int]:
    """Return which of some routes fit together, as many as can be found, by their numbers.

    A route may be named more than once.
    """
    matrix, room, _ = _matrix(columns, strands)
    answer = _solve(
        -np.ones(len(columns)), matrix, np.full(len(room), -np.inf), room, work, most_of_one=np.inf
    )
    if answer.x is None:
        return []
    times = np.round(answer.x).astype(int)
    return [number for number, n in enumerate(times.tolist()) for _ in range(n)]


def _matrix(
    columns: Sequence[frozenset[Used]], strands: Sequence[Strand]
) -> tuple[csr_array, Any, list[Used]]:
    rows: dict[Used, int] = {}
    entries = [
        (rows.setdefault(each, len(rows)), number)
        for number, column in enumerate(columns)
        for each in sorted(column, key=str)
    ]
    row, column = np.array(entries).T
    matrix = csr_array((np.ones(len(entries)), (row, column)), shape=(len(rows), len(columns)))
    room = [strands[each].n_cables if isinstance(each, int) else 1 for each in rows]
    return matrix, np.array(room, dtype=float), list(rows)


class RouteProgramme:
    """Routes between two nodes as flows, and what each of them uses.

    Its variables are, for each of k routes: whether it takes each strand in each way, there and
    back; whether it meets each thing that more than one strand meets.

    Parameters
    ----------
    strands
        What there is.
    ends
        The two nodes.
    k
        How many routes.
    things
        What counts; all by default.
    """

    def __init__(
        self,
        strands: Sequence[Strand],
        ends: tuple[str, str],
        k: int = 1,
        things: Collection[str] | None = None,
    ) -> None:
        self._strands, self._ends, self._k = strands, ends, k
        self._holds = [
            Hold(number, way)
            for number, strand in enumerate(strands)
            for way in _least_ways(strand, things)
        ]
        self._met = [
            [
                thing
                for thing in strands[hold.strand].ways[hold.way]
                if things is None or thing in things
            ]
            for hold in self._holds
        ]
        self._things = {
            thing: number
            for number, thing in enumerate(sorted({each for met in self._met for each in met}))
        }

    def find_cheapest(self, prices: Mapping[Used, float], work: Work) -> tuple[float, Route | None]:
        """Return a price that no route is below, and the cheapest route that was found."""
        costs = [prices.get(hold.strand, 0.0) for hold in self._holds]
        goal = [cost for cost in costs for _ in "+-"] + [prices[name] for name in self._things]
        answer = self._answer(np.array(goal), work)
        if answer.x is None:
            return 0.0, None
        least = float(getattr(answer, "mip_dual_bound", None) or 0.0)
        return least, self._trace(answer.x, 0)

    def find_packing(self, work: Work) -> list[Route] | None:
        """Return k routes that share nothing; None when it is proven that there are none.

        Raises
        ------
        TooMuchWorkError
            When the steps do not suffice for either.
        """
        answer = self._answer(np.zeros(self._n_variables), work)
        if answer.status == _INFEASIBLE:
            return None
        if answer.x is None:
            raise TooMuchWorkError(tell("work.packing_not_proven", told=answer.message))
        return [self._trace(answer.x, route) for route in range(self._k)]

    @property
    def _n_variables(self) -> int:
        return self._k * (2 * len(self._holds) + len(self._things))

    def _answer(self, goal: Any, work: Work) -> OptimizeResult:
        places: dict[str, int] = {}
        n_arcs, n_things = 2 * len(self._holds), len(self._things)
        entries: list[tuple[int, int, float]] = []
        least: list[float] = []
        most: list[float] = []

        def add(row: list[tuple[int, float]], low: float, high: float) -> None:
            entries.extend((len(least), column, value) for column, value in row)
            least.append(low)
            most.append(high)

        for route in range(self._k):
            first = route * (n_arcs + n_things)
            balance: dict[str, list[tuple[int, float]]] = {end: [] for end in self._ends}
            met: dict[tuple[int, str], list[int]] = {}
            for number, hold in enumerate(self._holds):
                start, end = self._strands[hold.strand].ends
                there, back = first + 2 * number, first + 2 * number + 1
                balance.setdefault(start, []).extend([(there, 1.0), (back, -1.0)])
                balance.setdefault(end, []).extend([(there, -1.0), (back, 1.0)])
                for thing in self._met[number]:
                    met.setdefault((hold.strand, thing), []).extend((there, back))
            for node, row in balance.items():
                places.setdefault(node, len(places))
                supply = {self._ends[0]: 1.0, self._ends[1]: -1.0}.get(node, 0.0)
                add(row, supply, supply)
            for (_, thing), columns in met.items():
                meets = first + n_arcs + self._things[thing]
                add([*((column, 1.0) for column in columns), (meets, -1.0)], -np.inf, 0.0)
        if self._k > 1:
            self._add_room(add)
        place, variable, value = zip(*entries, strict=True)
        matrix = csr_array((value, (place, variable)), shape=(len(least), len(goal)))
        return _solve(goal, matrix, np.array(least), np.array(most), work)

    def _add_room(self, add: Any) -> None:
        """Add that no two routes meet one thing, nor more take a strand than it has cables."""
        n_arcs, width = 2 * len(self._holds), 2 * len(self._holds) + len(self._things)
        arcs: dict[int, list[int]] = {}
        for number, hold in enumerate(self._holds):
            arcs.setdefault(hold.strand, []).extend((2 * number, 2 * number + 1))
        for thing in self._things.values():
            add([(route * width + n_arcs + thing, 1.0) for route in range(self._k)], 0.0, 1.0)
        for strand, columns in arcs.items():
            if self._strands[strand].n_cables < self._k:
                row = [(route * width + each, 1.0) for route in range(self._k) for each in columns]
                add(row, 0.0, float(self._strands[strand].n_cables))

    def _trace(self, answer: Any, route: int) -> Route:
        """Walk along the arcs that a route takes, without circles."""
        first = route * (2 * len(self._holds) + len(self._things))
        leaving: dict[str, list[tuple[str, Hold]]] = {}
        for number in range(2 * len(self._holds)):
            if answer[first + number] > 0.5:  # noqa: PLR2004
                hold = self._holds[number // 2]
                tail, head = self._strands[hold.strand].ends[:: -1 if number % 2 else 1]
                leaving.setdefault(tail, []).append((head, hold))
        nodes, holds = [self._ends[0]], list[Hold]()
        while nodes[-1] != self._ends[1]:
            there, hold = leaving[nodes[-1]].pop()
            if there in nodes:
                place = nodes.index(there)
                del nodes[place + 1 :], holds[place:]
            else:
                nodes.append(there)
                holds.append(hold)
        return tuple(holds)


def _least_ways(strand: Strand, things: Collection[str] | None) -> list[int]:
    """Return the ways of which no other meets a part alone of the things that count."""
    kept: list[tuple[frozenset[str], int]] = []
    met = [
        (frozenset(way if things is None else (each for each in way if each in things)), number)
        for number, way in enumerate(strand.ways)
    ]
    for way, number in sorted(met, key=lambda each: (len(each[0]), each[1])):
        if not any(least <= way for least, _ in kept):
            kept.append((way, number))
    return [number for _, number in kept]


def _solve(
    goal: Any, matrix: csr_array, least: Any, most: Any, work: Work, *, most_of_one: float = 1.0
) -> OptimizeResult:
    answer = milp(
        goal,
        # See `steppe.routing.integer_program` on why all are whole, and why the gap is 0.
        integrality=np.ones(len(goal), dtype=np.int64),
        bounds=Bounds(0, most_of_one),
        constraints=LinearConstraint(matrix, least, most),
        options={"mip_rel_gap": 0.0, "node_limit": work.count_branches(matrix.nnz)},
    )
    work.take_branches(matrix.nnz, getattr(answer, "mip_node_count", None))
    if answer.status not in (0, _INFEASIBLE) and not is_stopped(answer):
        raise SteppeError(_unsolved(answer))
    return answer


def _unsolved(answer: OptimizeResult) -> str:
    return f"the packing of routes was not solved: {answer.message}"
