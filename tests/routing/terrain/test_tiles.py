"""A search tile by tile says what a search of the whole grid says, to the last digit."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steppe.routing.terrain.accumulation import accumulate
from steppe.routing.terrain.cost_grid import CostGrid
from steppe.routing.terrain.tiles import accumulate_in_tiles


@settings(max_examples=40)
@given(st.integers(0, 2**32 - 1), st.sampled_from([8, 16]), st.sampled_from([1, 2, 3, 7, 50]))
def test_costs_and_ways_are_those_of_the_whole(seed, neighbours, tile_cells) -> None:
    rng = np.random.default_rng(seed)
    cost = np.exp(rng.normal(0.0, 2.0, (rng.integers(1, 18), rng.integers(1, 18))))
    cost[rng.random(cost.shape) < 0.25] = np.nan
    # Many ways that cost the same.
    cost[rng.random(cost.shape) < 0.3] = 1.0
    free = np.argwhere(np.isfinite(cost))
    if not len(free):
        return
    sources = [tuple(free[number].tolist()) for number in rng.integers(0, len(free), 2)]
    grid = CostGrid(cost, 250.0)
    whole = accumulate(grid, sources, neighbours=neighbours)
    tiled = accumulate_in_tiles(
        grid, sources, np.empty(cost.shape), neighbours=neighbours, tile_cells=tile_cells
    )
    np.testing.assert_array_equal(tiled.cost, whole.cost)
    for row, column in free[:: max(len(free) // 5, 1)]:
        if np.isfinite(whole.cost[row, column]):
            np.testing.assert_array_equal(tiled.trace(row, column), whole.trace(row, column))


def test_files_are_searched_as_they_lie(tmp_path) -> None:
    shape = (60, 70)
    cost = np.memmap(tmp_path / "cost", dtype=np.float32, mode="w+", shape=shape)
    cost[:] = np.random.default_rng(4).uniform(0.2, 5.0, shape)
    into = np.memmap(tmp_path / "reached", dtype=np.float64, mode="w+", shape=shape)
    found = accumulate_in_tiles(CostGrid(cost, 100.0), [(59, 0)], into, tile_cells=16)
    whole = accumulate(CostGrid(np.array(cost), 100.0), [(59, 0)])
    np.testing.assert_array_equal(np.array(into), whole.cost)
    np.testing.assert_array_equal(found.trace(0, 69), whole.trace(0, 69))


def test_what_cannot_be_is_refused() -> None:
    grid = CostGrid(np.array([[1.0, np.nan, 1.0]]), 100.0)
    with pytest.raises(ValueError, match="barrier"):
        accumulate_in_tiles(grid, [(0, 1)], np.empty((1, 3)))
    with pytest.raises(ValueError, match="float64"):
        accumulate_in_tiles(grid, [(0, 0)], np.empty((1, 3), dtype=np.float32))
    found = accumulate_in_tiles(grid, [(0, 0)], np.empty((1, 3)))
    with pytest.raises(ValueError, match="no way leads"):
        found.trace(0, 2)
