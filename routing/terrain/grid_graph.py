"""The cells of a grid as nodes of a graph, for what is asked of graphs alone."""

from __future__ import annotations

import numpy as np

from steppe.routing.terrain.cost_grid import CostGrid
from steppe.routing.terrain.steps import MARGIN, Neighbours, prepare_steps
from steppe.routing.ways.way_graph import WayGraph

_N_STRAIGHT = 8  # steps to sides and corners, before the knights' moves


def make_graph(grid: CostGrid, neighbours: Neighbours = 16) -> WayGraph:
    """Write the steps of a grid down as edges; cell (row, column) is the node row * columns + column.

    They cost what they do in `steppe.routing.terrain.accumulation`.  Barriers are nodes without edges.

    Parameters
    ----------
    grid
        What a way costs.
    neighbours
        Of a cell, 8 or 16.

    Returns
    -------
    WayGraph
        Its plane is that of the grid, km.

    Notes
    -----
    Memory: some 600 bytes a cell for 16 neighbours.

    Raises
    ------
    ValueError
        Where neighbours is neither 8 nor 16.
    """
    steps = prepare_steps(grid, neighbours)
    n_rows, n_columns = grid.shape
    margin_rows = np.arange(n_rows) + MARGIN
    places = (margin_rows[:, None] * steps.stride + np.arange(n_columns) + MARGIN).ravel()
    cells = np.full(len(steps.cost), -1, dtype=np.int64)
    cells[places] = np.arange(len(places))
    ends, costs, lengths = [], [], []
    for number in np.flatnonzero(steps.offsets > 0):
        there = places + steps.offsets[number]
        beside = [places + each for each in steps.beside[number]]
        is_knight = number >= _N_STRAIGHT
        touched = np.stack([steps.cost[each] for each in (places, there, *beside)])
        is_open = np.isfinite(touched).all(axis=0)
        counted = touched[: 4 if is_knight else 2, is_open].astype(np.float64)
        ends.append(np.column_stack((cells[places[is_open]], cells[there[is_open]])))
        costs.append(counted.sum(axis=0) * steps.part_km[number])
        lengths.append(np.full(counted.shape[1], steps.part_km[number] * len(counted)))
    x_m, y_m = grid.xy(*np.divmod(np.arange(len(places)), n_columns))
    return WayGraph(
        np.concatenate(ends),
        np.concatenate(costs),
        np.concatenate(lengths),
        np.column_stack((x_m, y_m)) / 1000.0,
    )
