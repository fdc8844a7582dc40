"""Trees over many ends: all subsets of edges, and what is known of a grid and a star."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from steppe.routing.ways.trees import find_tree


def _are_joined(graph, edges, ends):
    group = list(range(graph.n_nodes))
    for pair in graph.ends[list(edges)].tolist():
        one, other = (group[node] for node in pair)
        group = [one if each == other else each for each in group]
    return len({group[end] for end in ends}) == 1


def _least(graph, ends):
    """Return the least cost over all sets of edges that join the ends."""
    n_edges = len(graph.cost)
    return min(
        (
            graph.cost[list(edges)].sum()
            for n_chosen in range(min(n_edges, graph.n_nodes - 1) + 1)
            for edges in combinations(range(n_edges), n_chosen)
            if _are_joined(graph, edges, ends)
        ),
        default=np.inf,
    )


@given(data=st.data())
def test_trees_lie_between_their_bound_and_twice_the_best(small_graphs, data):
    graph = data.draw(small_graphs(most_edges=9))
    ends = data.draw(
        st.lists(st.integers(0, graph.n_nodes - 1), min_size=1, max_size=5, unique=True)
    )
    least, tree = _least(graph, ends), find_tree(graph, ends)
    if least == np.inf:
        assert tree is None
        return
    assert _are_joined(graph, tree.edges, ends)
    assert tree.cost == graph.cost[tree.edges].sum()
    assert tree.lower_bound <= least + 1e-9
    assert least <= tree.cost <= 2.0 * (1.0 - 1.0 / max(len(ends), 2)) * least + 1e-9


def test_a_star_is_found_and_proven(graph_of_edges):
    # Going round from end to end costs 1.9 each, by the middle 1 each.
    around = [(end, (end + 1) % 5, 1.9) for end in range(5)]
    graph = graph_of_edges(around + [(end, 5, 1.0) for end in range(5)])
    tree = find_tree(graph, range(5))
    assert tree.edges.tolist() == [5, 6, 7, 8, 9]
    assert (tree.cost, tree.lower_bound) == (5.0, pytest.approx(5.0))


def test_no_ends_are_refused(graph_of_edges):
    with pytest.raises(ValueError, match="one node at least"):
        find_tree(graph_of_edges([(0, 1, 1.0)]), [])
