"""Ways of least cost from each of some cells to each of others."""

from __future__ import annotations

import queue
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from steppe.layers.progress import count
from steppe.routing.terrain.accumulation import settle
from steppe.routing.terrain.bucket_search import follow_back
from steppe.routing.terrain.cost_grid import CostGrid, Floats, Whole
from steppe.routing.terrain.point_to_point import NoWayError
from steppe.routing.terrain.steps import Cell, Neighbours, Steps, prepare_steps


@dataclass(frozen=True, eq=False)
class Matrix:
    """What ways cost, and where they run.

    Parameters
    ----------
    costs
        From each of n cells to each of m, shape (n, m); inf where no way leads.
    steps
        The grid that was searched.
    places
        Where the way of each pair runs, in `steps`; of no length where none leads.
    """

    costs: Floats
    steps: Steps
    places: tuple[tuple[Whole, ...], ...]

    def trace(self, number: int, to: int) -> Whole:
        """Return the cells of a way from the one to the other, shape (k, 2).

        Raises
        ------
        NoWayError
            Where barriers lie between.
        """
        if not np.isfinite(self.costs[number, to]):
            msg = f"no way leads from the cell number {number} to the cell number {to}"
            raise NoWayError(msg)
        return self.steps.find_cells(self.places[number][to])


def find_matrix(
    grid: CostGrid,
    froms: Sequence[Cell],
    tos: Sequence[Cell],
    *,
    neighbours: Neighbours = 16,
    n_threads: int = 2,
) -> Matrix:
    """Find the best way of each pair, by a search from each cell of the fewer ones.

    Parameters
    ----------
    grid
        What a way costs.
    froms, tos
        Rows and columns, n and m of them.
    neighbours
        See `steppe.routing.terrain.accumulation.accumulate`.
    n_threads
        How many searches go on at once; each holds 8 bytes a cell.

    Raises
    ------
    ValueError
        Where one of them is a barrier or lies outside.
    """
    steps = prepare_steps(grid, neighbours)
    ends = steps.find_places(froms), steps.find_places(tos)
    is_turned = len(froms) < len(tos)
    roots, leaves = ends if is_turned else ends[::-1]
    n_threads = min(n_threads, len(roots))
    idle: queue.SimpleQueue[Floats] = queue.SimpleQueue()
    for _ in range(n_threads):
        idle.put(np.empty(len(steps.cost)))

    def search(root: int) -> tuple[Floats, list[Whole]]:
        reached = idle.get()
        try:
            return _grow_tree(steps, reached, root, leaves)
        finally:
            idle.put(reached)

    costs = np.empty((len(roots), len(leaves)))
    ways: list[list[Whole]] = []
    with ThreadPoolExecutor(max(n_threads, 1)) as pool:
        for number, (row, tree) in zip(
            count(range(len(roots))), pool.map(search, roots.tolist()), strict=True
        ):
            costs[number] = row
            ways.append(tree if is_turned else [way[::-1] for way in tree])
    if is_turned:
        return Matrix(costs, steps, tuple(map(tuple, ways)))
    return Matrix(costs.T.copy(), steps, tuple(zip(*ways, strict=True)) or ((),) * len(froms))


def _grow_tree(
    steps: Steps, reached: Floats, root: int, leaves: Whole
) -> tuple[Floats, list[Whole]]:
    """Return what it costs from a place to each of others, shape (n,), and the places of the ways."""
    reached.fill(np.inf)
    reached[root] = 0.0
    settle(steps, reached, np.array([root]), targets=leaves)
    costs = reached[leaves]
    nowhere = np.empty(0, dtype=np.int64)
    ways = [
        follow_back(steps.layout, reached, leaf) if np.isfinite(reached[leaf]) else nowhere
        for leaf in leaves
    ]
    return costs, ways
