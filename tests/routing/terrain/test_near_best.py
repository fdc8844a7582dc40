"""What costs little more than the best way, held against all pairs of cells."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steppe.routing.terrain.cost_grid import CostGrid
from steppe.routing.terrain.near_best import find_alternatives, find_near_best
from steppe.routing.terrain.point_to_point import NoWayError

NEIGHBOURS = st.sampled_from([8, 16])


@settings(max_examples=40)
@given(st.data(), NEIGHBOURS, st.sampled_from([0.0, 3.0, 50.0]))
def test_cells_are_those_that_a_cheap_way_leads_through(world, data, neighbours, most_pct) -> None:
    cost = data.draw(world.grids)
    free = np.argwhere(np.isfinite(cost)).tolist()
    if not free:
        return
    start, end = data.draw(st.sampled_from(free)), data.draw(st.sampled_from(free))
    grid = CostGrid(cost, 250.0)
    between = world.find_all_costs(cost, 0.25, neighbours)
    one, other = (row * cost.shape[1] + column for row, column in (start, end))
    best = between[one, other]
    if not np.isfinite(best):
        with pytest.raises(NoWayError):
            find_near_best(grid, start, end, most_pct=most_pct, neighbours=neighbours)
        return
    near = find_near_best(grid, start, end, most_pct=most_pct, neighbours=neighbours)
    through = (between[one] + between[:, other]).reshape(cost.shape)
    through[~np.isfinite(cost)] = np.inf
    assert near.best == pytest.approx(best, rel=1e-12)
    extra = near.extra_pct
    is_near = through <= best * (1 + most_pct / 100)
    # What lies on the limit itself hangs on the last digit.
    is_clear = np.abs(through - best * (1 + most_pct / 100)) > 1e-6 * best
    np.testing.assert_array_equal(np.isfinite(extra)[is_clear], is_near[is_clear])
    both = is_near & np.isfinite(extra)
    if best > 0:
        np.testing.assert_allclose(extra[both], 100 * (through[both] / best - 1), atol=1e-6)


@settings(max_examples=20)
@given(st.integers(0, 2**32 - 1), NEIGHBOURS, st.sampled_from([0.0, 0.3, 0.8]))
def test_alternatives_are_ways_that_share_no_more_than_they_may(
    world, seed, neighbours, most
) -> None:
    rng = np.random.default_rng(seed)
    cost = rng.uniform(1.0, 3.0, (14, 17))
    cost[rng.random(cost.shape) < 0.1] = np.nan
    cost[0, 0] = cost[-1, -1] = 1.0
    try:
        near = find_near_best(
            CostGrid(cost, 1000.0), (0, 0), (13, 16), most_pct=25.0, neighbours=neighbours
        )
    except NoWayError:
        return
    ways = find_alternatives(near, n_ways=4, most_shared_frac=most, beside_km=1.0)
    assert ways[0].cost == pytest.approx(near.best)
    is_near = np.zeros(cost.shape, dtype=bool)
    last = 0.0
    for number, way in enumerate(ways):
        assert (way.cells[0].tolist(), way.cells[-1].tolist()) == ([0, 0], [13, 16])
        assert world.price(cost, way.cells, neighbours) == pytest.approx(way.cost, rel=1e-9)
        assert last <= way.cost <= near.best * 1.25 * (1 + 1e-6)
        assert len(np.unique(way.cells, axis=0)) == len(way.cells)
        steps_km = np.hypot(*np.diff(way.cells, axis=0).T)
        inside = is_near[tuple(way.cells.T)]
        shared_km = (steps_km * (inside[:-1] * 0.5 + inside[1:] * 0.5)).sum()
        assert way.shared_frac == pytest.approx(shared_km / steps_km.sum())
        assert way.shared_frac <= most + 1e-6 or number == 0
        for row, column in way.cells:
            rows, columns = np.indices(cost.shape)
            is_near |= np.hypot(rows - row, columns - column) <= 1.0
        last = way.cost


def test_three_passes_give_three_ways_the_cheapest_first() -> None:
    cost = np.ones((21, 31))
    # A wall with three gaps, each dearer than the one before.
    cost[:, 15] = np.nan
    cost[10, 15], cost[2, 15], cost[18, 15] = 1.0, 1.5, 4.0
    near = find_near_best(CostGrid(cost, 1000.0), (10, 0), (10, 30), most_pct=40.0)
    ways = find_alternatives(near, n_ways=9, most_shared_frac=0.5, beside_km=1.5)
    gaps = [way.cells[way.cells[:, 1] == 15, 0].tolist() for way in ways[:3]]
    assert gaps == [[10], [2], [18]]
    assert ways[0].shared_frac == 0.0


def test_a_part_below_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="% more"):
        find_near_best(CostGrid(np.ones((2, 2)), 1.0), (0, 0), (1, 1), most_pct=-1.0)
