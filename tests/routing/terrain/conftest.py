"""Small worlds to find ways in, and the steps that the rules allow there, written out one by one."""

from __future__ import annotations

from itertools import pairwise, product
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

# From the cheapest to the dearest and none at all; few of them, so that many ways cost the same.
COSTS = st.sampled_from([0.01, 0.5, 1.0, 1.0, 2.0, 7.5, 1e4, np.nan, np.inf])
FREE = st.sampled_from([0.01, 0.5, 1.0, 2.0, 7.5, 1e4])


def _list_steps(cost, row, column, neighbours):
    """Yield (row, column, cost of the step per km of a cell's side) of every step from a cell."""
    free = np.isfinite(cost)
    reach = 2 if neighbours == 16 else 1
    for down, right in product(range(-reach, reach + 1), repeat=2):
        kind = sorted((abs(down), abs(right)))
        if kind not in ([0, 1], [1, 1], [1, 2]):
            continue
        there = (row + down, column + right)
        if not (0 <= there[0] < cost.shape[0] and 0 <= there[1] < cost.shape[1]):
            continue
        touched = [(row, column), there]
        between = []
        if kind == [1, 1]:
            between = [(there[0], column), (row, there[1])]
        elif kind == [1, 2]:
            # The line between the middles crosses two cells more: those nearest to its middle.
            middle = (row + down / 2, column + right / 2)
            between = [
                (int(np.floor(middle[0])), int(np.floor(middle[1]))),
                (int(np.ceil(middle[0])), int(np.ceil(middle[1]))),
            ]
            touched += between
        if all(free[cell] for cell in [*touched, *between]):
            mean = np.mean([cost[cell] for cell in touched])
            yield (*there, mean * np.hypot(down, right))


def _find_all_costs(cost, cell_km, neighbours):
    """Return the least costs between all cells by scipy, shape (n, n)."""
    n = cost.size
    ends, costs = [], []
    for row, column in product(*map(range, cost.shape)):
        if np.isfinite(cost[row, column]):
            for to_row, to_column, step in _list_steps(cost, row, column, neighbours):
                ends.append((row * cost.shape[1] + column, to_row * cost.shape[1] + to_column))
                costs.append(step * cell_km)
    rows, columns = np.array(ends, dtype=int).reshape(-1, 2).T
    return dijkstra(csr_array((costs, (rows, columns)), shape=(n, n)))


def _price(cost, way, neighbours):
    """Return what a way costs per km of a cell's side; raise where a step of it is not allowed."""
    total = 0.0
    for here, there in pairwise(np.asarray(way).tolist()):
        allowed = {
            (row, column): step for row, column, step in _list_steps(cost, *here, neighbours)
        }
        total += allowed[tuple(there)]
    return total


@pytest.fixture(scope="session")
def world():
    """Return grids to draw, and what an oracle finds in them."""
    return SimpleNamespace(
        list_steps=_list_steps,
        find_all_costs=_find_all_costs,
        price=_price,
        grids=worlds(COSTS),
        free_grids=worlds(FREE),
    )


def worlds(costs):
    """Draw grids of a few cells."""
    shapes = st.tuples(st.integers(1, 7), st.integers(1, 7))
    return shapes.flatmap(lambda shape: arrays(np.float64, shape, elements=costs))
