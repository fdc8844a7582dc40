"""A way between two cells costs no more than its bound allows, and the bound is one."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steppe.routing.terrain import point_to_point
from steppe.routing.terrain.accumulation import accumulate
from steppe.routing.terrain.cost_grid import CostGrid
from steppe.routing.terrain.point_to_point import NoWayError, find_way

CELL_M = 500.0


@pytest.fixture(params=["whole", "corridor"])
def _searched(request, monkeypatch) -> None:
    """Search small grids as large ones are searched: a corridor first, then from both ends."""
    if request.param == "corridor":
        monkeypatch.setattr(point_to_point, "_SMALL_CELLS", 0)
        monkeypatch.setattr(point_to_point, "_BLOCK_CELLS", 3)
        monkeypatch.setattr(point_to_point, "_CORRIDOR_BLOCKS", 1)


def draw_world(seed: int, barrier_frac: float) -> CostGrid:
    """Return costs over several orders, with barriers strewn in."""
    rng = np.random.default_rng(seed)
    cost = np.exp(rng.normal(0.0, 1.5, (rng.integers(1, 40), rng.integers(1, 40))))
    cost[rng.random(cost.shape) < barrier_frac] = np.nan
    return CostGrid(cost, CELL_M)


@pytest.mark.usefixtures("_searched")
@settings(max_examples=60)
@given(
    st.integers(0, 2**32 - 1),
    st.sampled_from([0.0, 0.1, 0.35]),
    st.sampled_from([8, 16]),
    st.sampled_from([0.0, 0.001, 0.05]),
)
def test_cost_and_bound_hold_the_optimum(world, seed, barrier_frac, neighbours, within) -> None:
    grid = draw_world(seed, barrier_frac)
    free = np.argwhere(np.isfinite(grid.cost))
    if not len(free):
        return
    rng = np.random.default_rng(seed)
    start, end = (tuple(free[number].tolist()) for number in rng.integers(0, len(free), 2))
    best = accumulate(grid, [start], neighbours=neighbours).cost[end]
    if not np.isfinite(best):
        with pytest.raises(NoWayError, match="no way"):
            find_way(grid, start, end, neighbours=neighbours, within=within)
        return
    way = find_way(grid, start, end, neighbours=neighbours, within=within)
    assert way.lower_bound <= best * (1 + 1e-12)
    assert best * (1 - 1e-12) <= way.cost <= (1 + within) * way.lower_bound * (1 + 1e-11)
    assert (tuple(way.cells[0]), tuple(way.cells[-1])) == (start, end)
    total = world.price(grid.cost, way.cells, neighbours) * CELL_M / 1000.0
    assert total == pytest.approx(way.cost, rel=1e-9)
    back = find_way(grid, end, start, neighbours=neighbours, within=within)
    assert back.cost == way.cost
    np.testing.assert_array_equal(back.cells[::-1], way.cells)


@pytest.mark.usefixtures("_searched")
def test_a_gap_that_blocks_do_not_show_is_found() -> None:
    cost = np.ones((30, 30))
    cost[:, 15] = np.nan
    cost[29, 15] = 1.0
    way = find_way(CostGrid(cost, CELL_M), (0, 0), (0, 29), within=0.0)
    assert [29, 15] in way.cells.tolist()


@pytest.mark.usefixtures("_searched")
def test_the_widest_span_of_costs_is_searched() -> None:
    cost = np.full((9, 9), 1e9)
    cost[4] = 1.0
    # Blocks of which a part is barrier are dearer still.
    cost[0, 1:3] = cost[1, :3] = np.nan
    way = find_way(CostGrid(cost, CELL_M), (4, 0), (4, 8))
    assert way.cost == pytest.approx(8 * CELL_M / 1000.0)


def test_two_ends_in_one_cell_are_a_way_of_no_cost() -> None:
    way = find_way(CostGrid(np.ones((3, 3)), CELL_M), (1, 1), (1, 1))
    assert (way.cells.tolist(), way.cost) == ([[1, 1]], 0.0)


def test_ends_on_barriers_and_outside_are_refused() -> None:
    cost = np.ones((3, 3))
    cost[2, 2] = np.inf
    for end in ((2, 2), (3, 0)):
        with pytest.raises(ValueError, match=r"barrier|outside"):
            find_way(CostGrid(cost, CELL_M), (0, 0), end)
