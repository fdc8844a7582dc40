"""Groups put together: the same things stand together two by two."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from steppe.routing.cliques import join_groups


def _pairs(groups):
    return {pair for group in groups for pair in combinations(sorted(set(group)), 2)}


@given(st.lists(st.lists(st.integers(0, 9), max_size=5, unique=True), max_size=12))
def test_the_same_pairs_stand_in_no_more_groups(groups):
    joined = join_groups(groups)
    assert _pairs(joined) == _pairs(groups)
    assert all(group == sorted(set(group)) and len(group) > 1 for group in joined)
    assert joined == join_groups(groups[::-1])


def test_pairs_of_a_bundle_are_one_group():
    assert join_groups(combinations(range(40), 2)) == [list(range(40))]
