"""A matrix of ways says of each pair what a search for it alone says."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steppe.routing.terrain.accumulation import accumulate
from steppe.routing.terrain.cost_grid import CostGrid
from steppe.routing.terrain.matrix import find_matrix
from steppe.routing.terrain.point_to_point import NoWayError


@settings(max_examples=40)
@given(st.data(), st.sampled_from([8, 16]))
def test_every_pair_is_as_alone(world, data, neighbours) -> None:
    cost = data.draw(world.grids)
    free = np.argwhere(np.isfinite(cost)).tolist()
    if not free:
        return
    ends = st.lists(st.sampled_from(free), max_size=4)
    froms, tos = data.draw(ends), data.draw(ends)
    grid = CostGrid(cost, 250.0)
    matrix = find_matrix(grid, froms, tos, neighbours=neighbours)
    assert matrix.costs.shape == (len(froms), len(tos))
    for number, one in enumerate(froms):
        alone = accumulate(grid, [one], neighbours=neighbours)
        for to, other in enumerate(tos):
            assert matrix.costs[number, to] == pytest.approx(alone.cost[tuple(other)], rel=1e-12)
            if np.isinf(alone.cost[tuple(other)]):
                with pytest.raises(NoWayError, match="no way"):
                    matrix.trace(number, to)
                continue
            way = matrix.trace(number, to).tolist()
            assert (way[0], way[-1]) == (one, other)
            total = world.price(cost, way, neighbours) * 0.25
            assert total == pytest.approx(matrix.costs[number, to], rel=1e-12)


def test_one_thread_and_three_say_the_same() -> None:
    cost = np.random.default_rng(5).uniform(0.5, 9.0, (40, 50))
    grid = CostGrid(cost, 250.0)
    froms, tos = [(0, 0), (39, 3), (20, 20)], [(5, 49), (39, 49), (1, 30), (30, 1)]
    one = find_matrix(grid, froms, tos, n_threads=1)
    three = find_matrix(grid, froms, tos, n_threads=3)
    np.testing.assert_array_equal(one.costs, three.costs)
    for number in range(3):
        for to in range(4):
            np.testing.assert_array_equal(one.trace(number, to), three.trace(number, to))


def test_an_end_on_a_barrier_is_refused() -> None:
    grid = CostGrid(np.array([[1.0, np.nan]]), 250.0)
    with pytest.raises(ValueError, match="barrier"):
        find_matrix(grid, [(0, 0)], [(0, 1)])
