"""The least cost from given cells to every other one, and the ways that cost it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from steppe.routing.terrain.bucket_search import (
    follow_back,
    forget_unsettled,
    open_queue,
    spread,
    tell_course,
)
from steppe.routing.terrain.cost_grid import CostGrid, Floats, Whole
from steppe.routing.terrain.steps import MARGIN, Cell, Neighbours, Steps, prepare_steps

_NOWHERE: Whole = np.empty(0, dtype=np.int64)


@dataclass(frozen=True, eq=False)
class Accumulation:
    """What it costs at least to come to each cell.

    Parameters
    ----------
    steps
        The grid that was searched.
    reached
        Costs in the order of `steps.cost`; inf where no way leads, or none was looked for.
    n_settled
        How many cells were settled, one that was settled again counted again.
    """

    steps: Steps
    reached: Floats
    n_settled: int

    @property
    def cost(self) -> Floats:
        """Least cost of a way from the nearest source, shape (rows, columns), inf where there is none."""
        whole = self.reached.reshape(-1, self.steps.stride)
        return whole[MARGIN:-MARGIN, MARGIN:-MARGIN]

    def trace(self, row: int, column: int) -> Whole:
        """Return the cells of a way of least cost from a source to a cell, shape (n, 2); the same at each call.

        Raises
        ------
        ValueError
            Where the cell is a barrier, lies outside, or was not reached.
        """
        (place,) = self.steps.find_places([(row, column)])
        if not np.isfinite(self.reached[place]):
            msg = f"no way leads to the cell ({row}, {column})"
            raise ValueError(msg)
        steps = self.steps
        way = follow_back(steps.layout, self.reached, place)
        return steps.find_cells(way)


def accumulate(
    grid: CostGrid,
    sources: Sequence[Cell],
    *,
    neighbours: Neighbours = 16,
    targets: Sequence[Cell] = (),
    most: float = np.inf,
) -> Accumulation:
    """Find the least cost from the nearest of some cells to every cell.

    Parameters
    ----------
    grid
        What a way costs.
    sources
        Rows and columns that ways begin at.
    neighbours
        8: sides and diagonals, up to 8.2 % longer than a straight way; 16: with knights' moves, up to 2.8 %.
    targets
        Where given, the search ends when these are reached: what is farther stays inf.
    most
        What costs more stays inf.

    Raises
    ------
    ValueError
        Where a source or target is a barrier or lies outside.

    Notes
    -----
    Memory: the costs once more, and 8 bytes a cell for the answer; the queue holds the front alone.
    """
    return accumulate_steps(prepare_steps(grid, neighbours), sources, targets=targets, most=most)


def accumulate_steps(
    steps: Steps, sources: Sequence[Cell], *, targets: Sequence[Cell] = (), most: float = np.inf
) -> Accumulation:
    """Do the same over a grid that is laid out, for many searches over one."""
    reached = np.full(len(steps.cost), np.inf)
    begins = steps.find_places(sources)
    reached[begins] = 0.0
    n_settled, n_buckets = settle(
        steps, reached, begins, targets=steps.find_places(targets), most=most
    )
    if len(targets) > 0 or most < np.inf:
        forget_unsettled(reached, steps.bucket, n_buckets, most)
    return Accumulation(steps, reached, n_settled)


def settle(
    steps: Steps,
    reached: Floats,
    begins: Whole,
    *,
    targets: Whole = _NOWHERE,
    most: float = np.inf,
    is_fresh: bool = True,
) -> tuple[int, int]:
    """Write least costs into `reached`, and return what `tell_course` tells.

    See `steppe.routing.terrain.bucket_search.spread`.
    """
    queue = open_queue(steps.n_buckets, is_fresh=is_fresh)
    return tell_course(
        spread(steps.layout, steps.bucket, reached, begins, targets, float(most), queue)
    )
