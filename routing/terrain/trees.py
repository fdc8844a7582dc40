"""The trees that searches leave behind: from which cell the best way comes to each of some cells."""

from __future__ import annotations

from dataclasses import dataclass

import numba
import numpy as np
from numpy.typing import NDArray

from steppe.routing.terrain.bucket_search import Layout
from steppe.routing.terrain.cost_grid import Floats, Whole
from steppe.routing.terrain.steps import Steps


@dataclass(frozen=True, eq=False)
class Tree:
    """Some cells, and for each the one before it on the way from the source.

    Parameters
    ----------
    order
        Numbers of the cells, each after the one before it, shape (n,).
    before
        Number of the cell before, shape (n,); -1 of the source and of cells whose way leaves these cells.
    step_km
        Length of the step from there, shape (n,); inf where the way leaves these cells.
    """

    order: Whole
    before: Whole
    step_km: Floats

    def sum_km(self, weight: Floats) -> Floats:
        """Return how long the way to each cell is where cells count by a weight, shape (n,), km.

        A step counts by the mean weight of its two cells.
        """
        return _sum(self.order, self.before, self.step_km, weight)


def grow_tree(steps: Steps, reached: Floats, places: Whole) -> Tree:
    """Return the tree of a search over some of the cells that it settled.

    Parameters
    ----------
    steps, reached
        The search.
    places
        The cells, in rising order, shape (n,).
    """
    number = np.full(len(reached), -1, dtype=np.int32)
    number[places] = np.arange(len(places))
    order = np.argsort(reached[places], kind="stable")
    before, step_km = _link(steps.layout, reached, places, number)
    return Tree(order, before, step_km)


@numba.njit(cache=True, nogil=True)
def _link(
    layout: Layout, reached: Floats, places: Whole, number: NDArray[np.int32]
) -> tuple[Whole, Floats]:
    """Return of each cell the number of the one before it, and how far that is."""
    cost, offsets, beside, part_km = layout
    before = np.full(len(places), -1, dtype=np.int64)
    step_km = np.zeros(len(places))
    for at in range(len(places)):
        place = places[at]
        if reached[place] == 0.0:
            continue
        step_km[at] = np.inf
        for step in range(len(offsets)):
            there = place + offsets[step]
            first, second = cost[place + beside[step, 0]], cost[place + beside[step, 1]]
            if not (reached[there] < reached[place] and first < np.inf and second < np.inf):
                continue
            touched = np.float64(cost[place]) + np.float64(cost[there])
            n_touched = 2.0
            if step >= 8:  # noqa: PLR2004 (knights' moves stand behind)
                touched += np.float64(first) + np.float64(second)
                n_touched = 4.0
            if reached[there] + touched * part_km[step] == reached[place]:
                if number[there] >= 0:
                    before[at], step_km[at] = number[there], part_km[step] * n_touched
                break
    return before, step_km


@numba.njit(cache=True, nogil=True)
def _sum(order: Whole, before: Whole, step_km: Floats, weight: Floats) -> Floats:
    """Return sums of weighed steps from the source on."""
    total = np.zeros(len(order))
    for at in order:
        if before[at] >= 0:
            mean = 0.5 * (weight[at] + weight[before[at]])
            total[at] = total[before[at]] + step_km[at] * mean
        else:
            total[at] = step_km[at]
    return total


@numba.njit(cache=True, nogil=True)
def find_simple(candidates: Whole, before: Whole, after: Whole) -> tuple[int, Whole]:
    """Return the first candidate whose way comes to no cell twice, and the numbers of that way's cells.

    -1 and none where each does.

    Parameters
    ----------
    candidates
        Numbers of cells.
    before, after
        `Tree.before` of the trees from the start and from the end.
    """
    seen = np.full(len(before), -1, dtype=np.int64)
    for trial in range(len(candidates)):
        at, n_before = candidates[trial], 0
        while at >= 0:
            seen[at] = trial
            n_before += 1
            at = before[at]
        at, n_after = after[candidates[trial]], 0
        while at >= 0 and seen[at] != trial:
            n_after += 1
            at = after[at]
        if at >= 0:
            continue
        way = np.empty(n_before + n_after, dtype=np.int64)
        at = candidates[trial]
        for number in range(n_before):
            way[n_before - 1 - number] = at
            at = before[at]
        at = after[candidates[trial]]
        for number in range(n_after):
            way[n_before + number] = at
            at = after[at]
        return candidates[trial], way
    return -1, np.empty(0, dtype=np.int64)
