"""A grid of costs refuses what is no cost, and knows where its cells lie."""

import numpy as np
import pytest

from steppe.routing.terrain.cost_grid import CostGrid
from steppe.routing.terrain.steps import Steps


@pytest.mark.parametrize(
    ("cost", "what"),
    [
        (np.zeros((2, 2)), "above 0"),
        (np.array([[1.0, -1.0]]), "above 0"),
        (np.array([[1.0, -np.inf]]), "above 0"),
        (np.array([[1e-3, 1e7]]), "spans"),
        (np.ones(4), "shape"),
        (np.ones((0, 3)), "shape"),
        (np.ones((2, 2), dtype=np.int32), "int32"),
    ],
)
def test_what_is_no_cost_is_refused(cost, what) -> None:
    with pytest.raises(ValueError, match=what):
        CostGrid(cost, 100.0)


def test_a_cell_needs_a_side() -> None:
    for cell_m in (0.0, -1.0, np.nan):
        with pytest.raises(ValueError, match="side"):
            CostGrid(np.ones((2, 2)), cell_m)


def test_places_and_cells_are_each_others() -> None:
    grid = CostGrid(np.ones((4, 3)), 250.0, west_m=1000.0, north_m=9000.0)
    rows, columns = np.indices(grid.shape)
    x, y = grid.xy(rows, columns)
    assert (x[0, 0], y[0, 0]) == (1125.0, 8875.0)
    for row, column in np.ndindex(grid.shape):
        assert grid.row_column(x[row, column], y[row, column]) == (row, column)
    assert grid.row_column(999.0, 9001.0) == (-1, -1)


def test_barriers_are_what_is_not_finite_and_what_lies_outside() -> None:
    grid = CostGrid(np.array([[1.0, np.nan, np.inf, 2.0]]), 100.0)
    assert [grid.is_barrier(0, column) for column in range(-1, 5)] == [
        True,
        False,
        True,
        True,
        False,
        True,
    ]
    assert grid.span == (1.0, 2.0)


def test_cells_of_more_than_an_int32_counts_keep_their_places() -> None:
    shape = (70_000, 65_000)
    steps = Steps(
        cost=np.broadcast_to(np.float32(1.0), ((shape[0] + 4) * (shape[1] + 4),)),
        shape=shape,
        offsets=np.zeros(8, dtype=np.int64),
        beside=np.zeros((8, 2), dtype=np.int64),
        part_km=np.ones(8),
        bucket=1.0,
        n_buckets=4,
    )
    cells = [(0, 0), (40_000, 7), (69_999, 64_999)]
    places = steps.find_places(cells)
    assert places[1] > 2**31
    assert steps.find_cells(places).tolist() == [list(cell) for cell in cells]
