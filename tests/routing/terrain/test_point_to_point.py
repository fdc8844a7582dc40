"""A way between two cells costs no more than its bound allows, and the bound is one."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steppe.routing.terrain import point_to_point
from steppe.routing.terrain.accumulation import accumulate
from steppe.routing.terrain.bucket_search import open_queue, spread, tell_written
from steppe.routing.terrain.cost_grid import CostGrid
from steppe.routing.terrain.point_to_point import NoWayError, find_way
from steppe.routing.terrain.steps import prepare_steps

CELL_M = 500.0


@pytest.fixture(params=["one end", "both ends"])
def _searched(request, monkeypatch) -> None:
    """Search small grids as large ones are searched: from both ends, as far as blocks let expect."""
    if request.param == "both ends":
        monkeypatch.setattr(point_to_point, "_SMALL_CELLS", 0)
        monkeypatch.setattr(point_to_point, "_BLOCK_CELLS", 3)


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


@pytest.mark.parametrize("guess", [1e-9, 0.3, 1.0, 1.7, 1e6])
def test_no_guess_of_what_a_way_costs_moves_it(monkeypatch, guess) -> None:
    """Far too little, and far too much: the bound stays one, and a way is found."""
    grid = draw_world(11, 0.2)
    best = accumulate(grid, [(0, 0)], neighbours=16)
    end = tuple(np.argwhere(np.isfinite(best.cost))[-1].tolist())
    monkeypatch.setattr(point_to_point, "_SMALL_CELLS", 0)
    monkeypatch.setattr(point_to_point, "_expect", lambda *_: guess * float(best.cost[end]))
    way = find_way(grid, (0, 0), end, within=0.0)
    assert way.cost == pytest.approx(float(best.cost[end]), rel=1e-12)
    assert way.lower_bound == pytest.approx(way.cost, rel=1e-11)


def test_memory_that_no_search_comes_to_is_not_taken() -> None:
    """Two ends near each other in a great grid: what was written lies round them."""
    steps = prepare_steps(CostGrid(np.ones((600, 40)), CELL_M), 16)
    source, _ = steps.find_places([(300, 20), (301, 20)])
    reached = np.full(len(steps.cost), -7.0)
    reached[source] = 0.0
    queue = open_queue(steps.n_buckets, only=int(source))
    begins, nowhere = np.array([source]), np.empty(0, dtype=np.int64)
    queue = spread(steps.layout, steps.bucket, reached, begins, nowhere, 5.0, queue)
    first, last = tell_written(queue)
    assert (reached[:first] == -7.0).all()
    assert (reached[last:] == -7.0).all()
    assert 20 * steps.stride < last - first < 200 * steps.stride
    exact = accumulate(CostGrid(np.ones((600, 40)), CELL_M), [(300, 20)], most=5.0).reached
    near = np.isfinite(exact)
    np.testing.assert_array_equal(reached[near], exact[near])


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
