"""Least cost over cells is that of a search over every step that the rules allow, written out."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steppe.routing.terrain import steps
from steppe.routing.terrain.accumulation import accumulate
from steppe.routing.terrain.cost_grid import CostGrid

CELL_M = 250.0
NEIGHBOURS = st.sampled_from([8, 16])


@settings(max_examples=60)
@given(st.data(), NEIGHBOURS)
def test_costs_are_those_of_the_written_out_graph(world, data, neighbours) -> None:
    cost = data.draw(world.grids)
    free = np.argwhere(np.isfinite(cost))
    if not len(free):
        return
    sources = data.draw(st.lists(st.sampled_from(free.tolist()), min_size=1, max_size=3))
    found = accumulate(CostGrid(cost, CELL_M), sources, neighbours=neighbours)
    places = [row * cost.shape[1] + column for row, column in sources]
    answer = world.find_all_costs(cost, CELL_M / 1000.0, neighbours)[places].min(axis=0)
    answer[~np.isfinite(cost.ravel())] = np.inf
    np.testing.assert_allclose(found.cost.ravel(), answer, rtol=1e-12)


@settings(max_examples=60)
@given(st.data(), NEIGHBOURS)
def test_a_way_is_made_of_allowed_steps_and_costs_what_is_said(world, data, neighbours) -> None:
    cost = data.draw(world.grids)
    free = np.argwhere(np.isfinite(cost)).tolist()
    if not free:
        return
    source = data.draw(st.sampled_from(free))
    found = accumulate(CostGrid(cost, CELL_M), [source], neighbours=neighbours)
    for row, column in np.argwhere(np.isfinite(found.cost)):
        way = found.trace(row, column).tolist()
        assert way[0] == source
        assert way[-1] == [row, column]
        total = world.price(cost, way, neighbours) * CELL_M / 1000.0
        assert total == pytest.approx(found.cost[row, column], rel=1e-12, abs=0)


@settings(max_examples=40)
@given(st.data(), NEIGHBOURS)
def test_the_way_back_costs_the_same(world, data, neighbours) -> None:
    cost = data.draw(world.grids)
    free = np.argwhere(np.isfinite(cost)).tolist()
    if not free:
        return
    one, other = data.draw(st.sampled_from(free)), data.draw(st.sampled_from(free))
    grid = CostGrid(cost, CELL_M)
    there = accumulate(grid, [one], neighbours=neighbours).cost[tuple(other)]
    back = accumulate(grid, [other], neighbours=neighbours).cost[tuple(one)]
    assert there == back or there == pytest.approx(back, rel=1e-9)


@settings(max_examples=40)
@given(st.data(), NEIGHBOURS, st.floats(0.0, 20.0))
def test_a_search_that_ends_early_says_nothing_else(world, data, neighbours, most) -> None:
    cost = data.draw(world.grids)
    free = np.argwhere(np.isfinite(cost)).tolist()
    if not free:
        return
    source, target = data.draw(st.sampled_from(free)), data.draw(st.sampled_from(free))
    grid = CostGrid(cost, CELL_M)
    whole = accumulate(grid, [source], neighbours=neighbours).cost
    near = accumulate(grid, [source], neighbours=neighbours, most=most).cost
    np.testing.assert_array_equal(near, np.where(whole <= most, whole, np.inf))
    until = accumulate(grid, [source], neighbours=neighbours, targets=[target]).cost
    assert until[tuple(target)] == whole[tuple(target)]
    assert ((until == whole) | (until == np.inf)).all()


@pytest.mark.parametrize("neighbours", [8, 16])
def test_no_way_slips_between_two_barriers(neighbours) -> None:
    cost = np.ones((9, 9))
    # A wall of cells that touch at corners alone, from edge to edge.
    cost[np.arange(9), np.arange(9)] = np.nan
    found = accumulate(CostGrid(cost, 1000.0), [(0, 8)], neighbours=neighbours)
    assert np.isinf(found.cost[np.tril_indices(9)]).all()
    assert np.isfinite(found.cost[np.triu_indices(9, 1)]).all()
    with pytest.raises(ValueError, match=r"no way leads to the cell \(8, 0\)"):
        found.trace(8, 0)


def test_eight_and_sixteen_neighbours_lengthen_a_straight_way_as_far_as_is_known() -> None:
    """Longest lengthening on an even plain: 8.2 % of 8 neighbours, 2.8 % of 16 (scikit-image#5384)."""
    plain = CostGrid(np.ones((201, 201)), 1000.0)
    rows, columns = np.indices((201, 201))
    air_km = np.hypot(rows - 100, columns - 100)
    air_km[100, 100] = np.inf
    for neighbours, most in ((8, 1.0824), (16, 1.0276)):
        found = accumulate(plain, [(100, 100)], neighbours=neighbours).cost / air_km
        assert found.max() == pytest.approx(most, abs=2e-4)
        assert found[100, 101:].max() == pytest.approx(1.0)


def test_the_same_world_in_other_cells_costs_the_same() -> None:
    for cell_m, n in ((100.0, 401), (250.0, 161), (500.0, 81)):
        found = accumulate(CostGrid(np.full((n, n), 3.0), cell_m), [(0, 0)])
        assert found.cost[0, -1] == pytest.approx(3.0 * 40.0)


def test_costs_over_six_orders_are_exact() -> None:
    rng = np.random.default_rng(3)
    cost = np.exp(rng.uniform(np.log(0.01), np.log(1e4), (60, 60)))
    cost[rng.random((60, 60)) < 0.2] = np.inf
    # A cheap basin: many cells for one bucket of the queue.
    cost[20:40, 20:40] = 0.01
    cost[0, 0] = 1.0
    grid = CostGrid(cost, CELL_M)
    found = accumulate(grid, [(0, 0)])
    for row, column in rng.integers(0, 60, (40, 2)):
        if np.isfinite(found.cost[row, column]):
            back = accumulate(grid, [(row, column)], targets=[(0, 0)])
            assert back.cost[0, 0] == pytest.approx(found.cost[row, column], rel=1e-9)


def test_fronts_of_any_length_are_held() -> None:
    n_columns = 40_000
    grid = CostGrid(np.full((4, n_columns), 2.0), 1000.0)
    found = accumulate(grid, [(0, column) for column in range(n_columns)])
    np.testing.assert_array_equal(
        found.cost, np.repeat([0.0, 2.0, 4.0, 6.0], n_columns).reshape(4, -1)
    )


@pytest.mark.soak
def test_float32_costs_are_taken_as_they_stand(monkeypatch) -> None:
    monkeypatch.setattr(steps, "_SINGLE_FROM_CELLS", 0)
    cost = np.random.default_rng(1).uniform(0.1, 9.0, (30, 40)).astype(np.float32)
    single = accumulate(CostGrid(cost, CELL_M), [(3, 4)])
    double = accumulate(CostGrid(cost.astype(np.float64), CELL_M), [(3, 4)])
    np.testing.assert_array_equal(single.cost, double.cost)
    np.testing.assert_array_equal(single.trace(29, 39), double.trace(29, 39))


@pytest.mark.parametrize("cell", [(0, 0), (-1, 2), (2, 3), (2, -3)])
def test_ends_on_barriers_and_outside_are_refused(cell) -> None:
    cost = np.ones((2, 3))
    cost[0, 0] = np.nan
    with pytest.raises(ValueError, match=r"barrier|outside"):
        accumulate(CostGrid(cost, 1000.0), [cell])
    with pytest.raises(ValueError, match=r"barrier|outside"):
        accumulate(CostGrid(cost, 1000.0), [(1, 1)], targets=[cell])
