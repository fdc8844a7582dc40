"""Pairs of ways that keep their distance: brute force over all pairs of ways."""

from __future__ import annotations

from itertools import combinations_with_replacement

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from steppe.routing.ways.apart_pair import ApartPair, NoPair, find_apart_pair
from steppe.routing.ways.apart_question import ApartQuestion


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
        assert isinstance(found, ApartPair)
        assert found.cost == least
        for way in (found.first, found.second):
            assert way.cost == graph.cost[way.edges].sum()
            assert graph.ends[way.edges].sum() == way.nodes[:-1].sum() + way.nodes[1:].sum()
        assert _are_apart(graph, found.first.nodes, found.second.nodes, reach_km, is_free)
