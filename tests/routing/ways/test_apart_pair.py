"""Pairs of ways that keep their distance: brute force over all pairs of ways."""

from __future__ import annotations

from itertools import combinations_with_replacement

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from steppe.routing.ways.apart_pair import NoPair, find_apart_pair
from steppe.routing.ways.apart_question import ApartQuestion
from steppe.routing.ways.pair_of_ways import PairOfWays
from steppe.routing.ways.way_graph import WayGraph


def _are_apart(graph, one, other, reach_km, is_free):
    return all(
        is_free[node]
        or is_free[far]
        or np.hypot(*(graph.xy_km[node] - graph.xy_km[far])) >= reach_km - 1e-9
        for node in one
        for far in other
    )


def _least(graph, ways, reach_km, is_free):
    return min(
        (
            graph.cost[edges].sum() + graph.cost[others].sum()
            for (nodes, edges), (far, others) in combinations_with_replacement(ways, 2)
            if _are_apart(graph, nodes, far, reach_km, is_free)
        ),
        default=np.inf,
    )


@given(data=st.data())
def test_every_small_pair_is_the_best_of_all(small_graphs, all_ways, data):
    graph = data.draw(small_graphs(most_edges=16))
    reach_km = data.draw(st.sampled_from([0.0, 1.0, 2.0, 2.9, 4.5]))
    is_free = np.array(data.draw(st.lists(st.booleans(), min_size=7, max_size=7)))
    is_free = is_free[: graph.n_nodes]
    is_free[:2] = True
    barred = np.zeros(graph.n_nodes, dtype=bool)
    ways = all_ways(graph, 0, 1)
    least = _least(graph, ways, reach_km, is_free)
    answers = [
        find_apart_pair(ApartQuestion(graph, *ends, reach_km, is_free, barred))
        for ends in ((0, 1), (1, 0))
    ]
    for found in answers:
        assert found.is_proven
        assert found.lower_bound == least
        if least == np.inf:
            assert isinstance(found, NoPair)
            continue
        assert isinstance(found, PairOfWays)
        assert found.cost == least
        for way in (found.first, found.second):
            assert way.cost == graph.cost[way.edges].sum()
            assert graph.ends[way.edges].sum() == way.nodes[:-1].sum() + way.nodes[1:].sum()
        assert _are_apart(graph, found.first.nodes, found.second.nodes, reach_km, is_free)


LATTICE = (4, 6)
LATTICE_ENDS = (6, 17)


@pytest.fixture(scope="module")
def lattice(graph_of_edges, all_ways):
    """A lattice of 1 km, all ways from one side to the other, and which edges and nodes each has."""
    number = np.arange(np.prod(LATTICE)).reshape(LATTICE)
    across = zip(number[:, :-1].ravel(), number[:, 1:].ravel(), strict=True)
    down = zip(number[:-1].ravel(), number[1:].ravel(), strict=True)
    xy_km = np.column_stack(np.divmod(number.ravel(), LATTICE[1]))
    graph = graph_of_edges([(*map(int, ends), 1.0) for ends in (*across, *down)], xy_km)
    ways = all_ways(graph, *LATTICE_ENDS)
    of_edges, of_nodes = np.zeros((len(ways), len(graph.cost))), np.zeros((len(ways), number.size))
    for way, (nodes, edges) in enumerate(ways):
        of_nodes[way, nodes], of_edges[way, edges] = 1.0, 1.0
    return graph, of_edges, of_nodes


# Of 2 772 such questions 41 are answered wrong where a half of the branching is left out: these are four.
@example(seed=59, reach_km=2.1, zone_km=1.0)
@example(seed=59, reach_km=2.9, zone_km=1.0)
@example(seed=20, reach_km=2.1, zone_km=1.0)
@example(seed=126, reach_km=2.1, zone_km=1.0)
@given(
    seed=st.integers(0, 10_000),
    reach_km=st.sampled_from([1.1, 1.5, 2.1, 2.9]),
    zone_km=st.sampled_from([1.0, 1.5, 2.0]),
)
def test_pairs_over_a_lattice_are_the_best_of_all(lattice, seed, reach_km, zone_km):
    """Here a bound alone rarely settles it: the search must branch."""
    graph, of_edges, of_nodes = lattice
    cost = np.random.default_rng(seed).integers(1, 10, len(graph.cost)).astype(float)
    xy = graph.xy_km
    is_free = np.zeros(graph.n_nodes, dtype=bool)
    for end in LATTICE_ENDS:
        is_free |= np.hypot(*(xy - xy[end]).T) <= zone_km
    away_km = np.hypot(*(xy[:, None] - xy[None]).T)
    clashes = (away_km < reach_km - 1e-9) & ~is_free[:, None] & ~is_free[None]
    priced = of_edges @ cost
    # The cheapest ways first, until no pair with a dearer one can be the best.
    order = np.argsort(priced, kind="stable")
    least = np.inf
    for way in order.tolist():
        if priced[way] + priced[order[0]] >= least:
            break
        is_apart = of_nodes @ (clashes @ of_nodes[way]) == 0.0
        least = min(least, priced[way] + priced[is_apart].min(initial=np.inf))
    question = ApartQuestion(
        WayGraph(graph.ends, cost, cost, xy),
        *LATTICE_ENDS,
        reach_km,
        is_free,
        np.zeros(graph.n_nodes, dtype=bool),
    )
    found = find_apart_pair(question)
    assert found.is_proven
    assert found.lower_bound == least
    assert isinstance(found, NoPair) == (least == np.inf)
    assert isinstance(found, NoPair) or found.cost == least
