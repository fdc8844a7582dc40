"""Two routes that keep their distance: an integer programme, and what shapely measures between them."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
import shapely
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array

from steppe.routing.terrain.cost_grid import CostGrid
from steppe.routing.terrain.pair import find_pair
from steppe.routing.terrain.point_to_point import NoWayError
from steppe.routing.ways.apart_pair import NoPair


def _programme(cost, start, end, steps, clashes):
    """Return the least cost of two routes by HiGHS, whose cells do not clash; inf where there are none."""
    n_cells, n_steps = cost.size, len(steps)
    number = {cell: place for place, cell in enumerate(product(*map(range, cost.shape)))}
    rows, columns, values, low, high = [], [], [], [], []

    def add(terms, least, most):
        for column, value in terms:
            rows.append(len(low))
            columns.append(column)
            values.append(value)
        low.append(least)
        high.append(most)

    for way, (cell, place) in product(range(2), number.items()):
        out = [(way * n_steps + k, 1.0) for k, step in enumerate(steps) if step[0] == cell]
        into = [(way * n_steps + k, -1.0) for k, step in enumerate(steps) if step[1] == cell]
        supply = (cell == start) - (cell == end)
        add([*out, *into], supply, supply)
        used = 2 * n_steps + way * n_cells + place
        # A cell is used where it is begun at or come to, which is once at most.
        add([*into, (used, 1.0)], float(cell == start), 1.0)
    for one, other in clashes:
        for here, there in {(one, other), (other, one)}:
            first, second = 2 * n_steps + number[here], 2 * n_steps + n_cells + number[there]
            add([(first, 1.0), (second, 1.0)], 0.0, 1.0)
    n = 2 * (n_steps + n_cells)
    goal = np.zeros(n)
    goal[: 2 * n_steps] = [step[2] for step in steps] * 2
    matrix = coo_array((values, (rows, columns)), shape=(len(low), n)).tocsr()
    found = milp(
        goal,
        integrality=np.ones(n),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(matrix, low, high),
        options={"mip_rel_gap": 0.0},
    )
    return np.inf if found.x is None else found.fun


@pytest.mark.parametrize("seed", [5, 8])
def test_small_pairs_cost_what_an_integer_programme_finds(world, seed):
    rng = np.random.default_rng(seed)
    cost = np.exp(rng.normal(size=(6, 8)))
    cost[rng.random(cost.shape) < 0.1] = np.nan
    start, end = (2, 0), (3, 7)
    cost[start] = cost[end] = 1.0
    apart_km, zone_km, step_km = 1.9, 3.5, 2**0.5
    steps = [
        (cell, (row, column), price)
        for cell in product(range(6), range(8))
        if np.isfinite(cost[cell])
        for row, column, price in world.list_steps(cost, *cell, 8)
    ]
    held = [
        cell
        for cell in product(range(6), range(8))
        if all(np.hypot(*np.subtract(cell, each)) > zone_km - step_km for each in (start, end))
    ]
    reach_km = np.hypot(apart_km, step_km / 2)
    clashes = [
        pair for pair in product(held, held) if np.hypot(*np.subtract(*pair)) < reach_km - 1e-9
    ]
    least = _programme(cost, start, end, steps, [pair for pair in clashes if pair[0] <= pair[1]])
    pair = find_pair(
        CostGrid(cost, 1000.0), start, end, apart_km=apart_km, end_zone_km=zone_km, neighbours=8
    )
    assert pair.is_proven
    assert pair.lower_bound == pytest.approx(least, rel=1e-6)


@given(data=st.data(), neighbours=st.sampled_from([8, 16]))
def test_routes_keep_their_distance_and_step_on_no_barrier(world, data, neighbours):
    shape = (data.draw(st.integers(5, 9)), data.draw(st.integers(8, 10)))
    rng = np.random.default_rng(data.draw(st.integers(0, 1000)))
    cost = np.exp(rng.normal(size=shape))
    cost[rng.random(shape) < 0.08] = np.nan
    start, end = (shape[0] // 2, 0), (shape[0] // 2 - 1, shape[1] - 1)
    cost[start] = cost[end] = 1.0
    grid = CostGrid(cost, 2000.0, west_m=5e5, north_m=4e6)
    apart_km = data.draw(st.floats(0.5, 9.0))
    zone_km = data.draw(st.floats(5.0, 9.0))
    cable = shapely.LineString([(5e5, 4e6), (5e5 + 2000.0 * shape[1], 4e6 - 500.0)])
    question = {
        "apart_km": apart_km,
        "end_zone_km": zone_km,
        "keep_off": [cable] if data.draw(st.booleans()) else [],
        "neighbours": neighbours,
    }
    try:
        found = find_pair(grid, start, end, **question)
        back = find_pair(grid, end, start, **question)
    except NoWayError:
        assume(False)  # noqa: FBT003
    assert found.lower_bound == back.lower_bound
    if isinstance(found, NoPair):
        assert isinstance(back, NoPair)
        return
    assert found.cost == back.cost >= found.lower_bound
    lines = []
    for route in (found.first, found.second):
        assert tuple(route.cells[0]) == start
        assert tuple(route.cells[-1]) == end
        # Raises where a step touches a barrier or slips between two.
        assert world.price(cost, route.cells, neighbours) * 2.0 == pytest.approx(route.cost)
        lines.append(shapely.LineString(np.column_stack(grid.xy(*route.cells.T))))
    ends = [shapely.Point(lines[0].coords[place]) for place in (0, -1)]
    zones = shapely.union_all([point.buffer(zone_km * 1001.0, quad_segs=64) for point in ends])
    outside = [line.difference(zones) for line in lines]
    if not any(line.is_empty for line in outside):
        assert outside[0].distance(outside[1]) >= apart_km * 1000.0 - 1e-6
        assert found.apart_km >= apart_km - 1e-9
    for line, held in product(outside, question["keep_off"]):
        assert line.is_empty or line.distance(held) >= apart_km * 1000.0 - 1e-6


def test_a_gap_in_a_wall_lets_no_two_routes_through():
    cost = np.ones((21, 31))
    cost[:8, 15] = cost[13:, 15] = np.nan
    grid = CostGrid(cost, 1000.0)
    question = {"end_zone_km": 4.0, "neighbours": 8}
    found = find_pair(grid, (10, 0), (10, 30), apart_km=3.0, **question)
    assert found.is_proven
    assert found.apart_km >= 3.0
    # The gap is five cells wide, and their middles 4 km apart at most.
    none = find_pair(grid, (10, 0), (10, 30), apart_km=5.0, **question)
    assert isinstance(none, NoPair)
    assert none.is_proven


def test_what_is_no_question_is_refused():
    grid = CostGrid(np.ones((9, 9)), 1000.0)
    with pytest.raises(ValueError, match="both are"):
        find_pair(grid, (4, 4), (4, 4), apart_km=1.0, end_zone_km=3.0)
    with pytest.raises(ValueError, match="narrower than a step"):
        find_pair(grid, (4, 0), (4, 8), apart_km=1.0, end_zone_km=1.0)
    with pytest.raises(ValueError, match="from 0 up"):
        find_pair(grid, (4, 0), (4, 8), apart_km=-1.0, end_zone_km=3.0)
    cost = np.ones((9, 9))
    cost[:, 4] = np.nan
    with pytest.raises(NoWayError):
        find_pair(CostGrid(cost, 1000.0), (4, 0), (4, 8), apart_km=1.0, end_zone_km=3.0)
