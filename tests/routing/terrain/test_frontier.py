"""What distance costs, and how far apart two routes can be: gaps of known breadth, and every distance tried."""

from __future__ import annotations

import numpy as np
import pytest

from steppe.routing.terrain.cost_grid import CostGrid
from steppe.routing.terrain.frontier import find_frontier, find_largest_apart
from steppe.routing.terrain.pair import CellPair, find_pair
from steppe.routing.terrain.point_to_point import NoWayError
from steppe.routing.ways.apart_pair import NoPair

ENDS = (5, 0), (5, 20)
ZONE = {"end_zone_km": 4.0, "neighbours": 8}


@pytest.fixture(scope="module")
def walled():
    """A plain with a wall, whose gap is seven cells wide: middles lie 6 km apart at the most."""
    cost = np.exp(np.random.default_rng(3).normal(size=(13, 21), scale=0.3))
    cost[:2, 10] = cost[9:, 10] = np.nan
    return CostGrid(cost, 1000.0)


def test_no_two_routes_are_farther_apart_than_a_gap_is_wide(walled):
    largest = find_largest_apart(walled, *ENDS, **ZONE)
    assert largest.is_proven
    # Middles that are 6 km apart, of lines whose steps are sqrt(2) km long at the most.
    assert largest.apart_km == pytest.approx(np.sqrt(36.0 - 0.5))
    assert largest.pair.apart_km >= largest.apart_km
    assert isinstance(find_pair(walled, *ENDS, apart_km=largest.apart_km, **ZONE), CellPair)
    none = find_pair(walled, *ENDS, apart_km=largest.apart_km + 0.01, **ZONE)
    assert isinstance(none, NoPair)
    assert none.is_proven


def test_distance_costs_what_pairs_alone_cost_and_never_less(walled):
    aparts_km = [4.0, 0.0, 6.5]
    found = find_frontier(walled, *ENDS, aparts_km, **ZONE)
    assert [apart_km for apart_km, _ in found] == sorted(aparts_km)
    costs = []
    for apart_km, answer in found[:-1]:
        alone = find_pair(walled, *ENDS, apart_km=apart_km, **ZONE)
        assert answer.is_proven
        assert answer.cost == pytest.approx(alone.cost, rel=1e-12)
        assert answer.apart_km >= apart_km
        costs.append(answer.cost)
    assert costs == sorted(costs)
    assert costs[0] < costs[-1]
    assert isinstance(found[-1][1], NoPair)
    assert found[-1][1].is_proven


def test_no_two_routes_are_farther_apart_than_an_end_zone_is_wide():
    """Both leave the disc about an end: on open ground of 31 x 61 km that is the narrowest place."""
    grid = CostGrid(np.ones((31, 61)), 1000.0)
    largest = find_largest_apart(grid, (15, 5), (15, 55), **ZONE)
    assert largest.apart_km <= largest.most_km <= 8.0
    none = find_pair(grid, (15, 5), (15, 55), apart_km=8.1, **ZONE)
    assert isinstance(none, NoPair)
    assert none.is_proven


def test_a_single_lane_keeps_nothing_apart():
    cost = np.full((9, 21), np.nan)
    cost[4] = 1.0
    largest = find_largest_apart(CostGrid(cost, 1000.0), (4, 0), (4, 20), **ZONE)
    assert largest.is_proven
    assert (largest.pair, largest.apart_km) == (None, 0.0)


def test_a_wall_without_a_gap_is_no_way():
    cost = np.ones((9, 21))
    cost[:, 10] = np.nan
    with pytest.raises(NoWayError):
        find_largest_apart(CostGrid(cost, 1000.0), (4, 0), (4, 20), **ZONE)
