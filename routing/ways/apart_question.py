"""What is asked of two ways that keep their distance, and the nodes that are too near to one of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numba
import numpy as np

from steppe.routing.ways.shortest import Reach, find_shortest, spread_from
from steppe.routing.ways.way_graph import Flags, Floats, Way, WayGraph, Whole

SLACK_KM = 1e-9
"""Nodes that are nearer than asked by no more than this are apart: sums of coordinates are rounded."""
_MOST_SQUARES = 1 << 20


@dataclass(frozen=True, eq=False)
class ApartQuestion:
    """Two ways between the same ends are sought, whose nodes are apart wherever they are not free.

    Parameters
    ----------
    graph
        Where ways lead.
    start, end
        Two different nodes.
    reach_km
        A node of the one way is not nearer than this to a node of the other, unless one of the two is free.
    is_free
        Nodes, for instance round the ends, whose distance from others does not matter, shape (n,).
    barred
        Nodes that no way may pass, shape (n,).

    Raises
    ------
    ValueError
        For a number that is none of a node, ends that are the same, or a distance that is none.
    """

    graph: WayGraph
    start: int
    end: int
    reach_km: float
    is_free: Flags
    barred: Flags

    def __post_init__(self) -> None:
        """Refuse what is no question."""
        self.graph.require((self.start, self.end))
        if self.start == self.end:
            msg = f"two nodes are needed, both are {self.start}"
            raise ValueError(msg)
        if not 0.0 <= self.reach_km < np.inf:
            msg = f"a distance is a number from 0 up, not {self.reach_km}"
            raise ValueError(msg)

    @cached_property
    def away(self) -> Reach:
        """What it costs to come from the start to each node."""
        return spread_from(self.graph, self.start, barred=self.barred)

    @cached_property
    def home(self) -> Reach:
        """What it costs to come from each node to the end."""
        return spread_from(self.graph, self.end, barred=self.barred)

    @cached_property
    def level(self) -> Floats:
        """How far along each node lies, shape (n,): cost from the start less cost to the end, inf where unreached.

        It rises by twice the cost along a way of least cost, and the nodes of one level lie across such ways.
        """
        both = np.isfinite(self.away.cost) & np.isfinite(self.home.cost)
        return np.subtract(
            self.away.cost, self.home.cost, out=np.full(self.graph.n_nodes, np.inf), where=both
        )

    @property
    def least_cost(self) -> float:
        """Of one way alone; inf where none leads."""
        return float(self.away.cost[self.end])

    def find_near(self, nodes: Whole) -> Flags:
        """Return the nodes that the other way may not pass if one passes some, shape (n,)."""
        held = nodes[~self.is_free[nodes]]
        marked = np.zeros(self.graph.n_nodes, dtype=np.bool_)
        if len(held):
            _mark_near(
                self.graph.xy_km, self.is_free, self.graph.xy_km[held], self.reach_km, marked
            )
        return marked

    def seek_other(self, nodes: Whole) -> Way | None:
        """Return the way of least cost that is apart from one by its nodes; None where there is none."""
        barred = self.barred | self.find_near(nodes)
        return find_shortest(self.graph, self.start, self.end, barred=barred, still=self.home.cost)

    def find_clash(self, one: Whole, other: Whole) -> tuple[int, int] | None:
        """Return the two nodes of two ways that are nearest of those that are too near; None where none are."""
        one, other = one[~self.is_free[one]], other[~self.is_free[other]]
        best, found = self.reach_km - SLACK_KM, None
        xy = self.graph.xy_km
        for node in one.tolist():
            away_km = np.hypot(*(xy[other] - xy[node]).T)
            if len(other) and away_km.min() < best:
                best, found = float(away_km.min()), (node, int(other[np.argmin(away_km)]))
        return found


@numba.njit(cache=True, nogil=True)
def _mark_near(
    xy_km: Floats, is_free: Flags, held_km: Floats, reach_km: float, marked: Flags
) -> None:
    """Mark the nodes that are nearer than a distance to some of the places.

    The places lie in squares of that side, so that those of nine are looked at.

    Parameters
    ----------
    xy_km, is_free
        Of the nodes.
    held_km
        Places, shape (k, 2).
    reach_km
        The distance.
    marked
        Where it goes, shape (n,).
    """
    west, east = held_km[:, 0].min(), held_km[:, 0].max()
    south, north = held_km[:, 1].min(), held_km[:, 1].max()
    side = max(reach_km, np.sqrt((east - west) * (north - south) / _MOST_SQUARES))
    side = max(side, (east - west + north - south) / _MOST_SQUARES, 1e-6)
    n_columns, n_rows = int((east - west) / side) + 1, int((north - south) / side) + 1
    square = np.empty(len(held_km), dtype=np.int64)
    for number in range(len(held_km)):
        column = int((held_km[number, 0] - west) / side)
        square[number] = int((held_km[number, 1] - south) / side) * n_columns + column
    order = np.argsort(square)
    begin = np.zeros(n_columns * n_rows + 1, dtype=np.int64)
    for entry in square:
        begin[entry + 1] += 1
    begin = np.cumsum(begin)
    most = max(reach_km - SLACK_KM, 0.0) ** 2
    for node in range(len(xy_km)):
        x, y = xy_km[node]
        if is_free[node] or not (
            west - reach_km < x < east + reach_km and south - reach_km < y < north + reach_km
        ):
            continue
        column, row = int(np.floor((x - west) / side)), int(np.floor((y - south) / side))
        for at_row in range(max(row - 1, 0), min(row + 2, n_rows)):
            low = begin[at_row * n_columns + min(max(column - 1, 0), n_columns)]
            high = begin[at_row * n_columns + max(min(column + 2, n_columns), 0)]
            for place in range(low, high):
                number = order[place]
                dx, dy = held_km[number, 0] - x, held_km[number, 1] - y
                if dx * dx + dy * dy < most:
                    marked[node] = True
                    break
            if marked[node]:
                break
