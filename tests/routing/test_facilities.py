"""Placement of facilities: every choice tried is the oracle, and the limits are said."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steppe.routing import facilities
from steppe.routing.facilities import place_coverage, place_medians
from steppe.routing.median_relaxation import Relaxation


@st.composite
def _questions(draw):
    n, m = draw(st.integers(1, 7)), draw(st.integers(1, 7))
    whole = st.integers(0, 9)  # many ties
    rows = draw(st.lists(st.lists(whole, min_size=m, max_size=m), min_size=n, max_size=n))
    weights = draw(st.lists(whole, min_size=n, max_size=n))
    return np.array(rows, float), np.array(weights, float), draw(st.integers(1, m))


@given(_questions())
@settings(max_examples=40, deadline=None)
def test_medians_are_those_of_every_choice_tried(question) -> None:
    away, weights, n_sites = question
    found = place_medians(away, weights, n_sites)
    least = min(
        float(weights @ away[:, list(sites)].min(axis=1))
        for sites in combinations(range(away.shape[1]), n_sites)
    )
    assert found.is_proven
    assert found.value == pytest.approx(least)
    assert found.bound == pytest.approx(least)
    assert len(set(found.sites)) == n_sites
    assert set(found.served_by) <= set(found.sites)
    served = away[np.arange(len(away)), found.served_by]
    assert float(weights @ served) == pytest.approx(least)


@given(_questions(), st.lists(st.floats(0.0, 90.0), min_size=7, max_size=7))
@settings(max_examples=40, deadline=None)
def test_a_relaxation_bounds_every_choice_and_keeps_the_sites_of_the_better_ones(
    question, prices
) -> None:
    away, weights, n_sites = question
    costs = away * weights[:, None]
    relaxed = Relaxation.of(costs, n_sites, prices=np.array(prices[: len(costs)]))
    all_choices = list(combinations(range(away.shape[1]), n_sites))
    sums = [float(costs[:, list(sites)].min(axis=1).sum()) for sites in all_choices]
    assert relaxed.bound <= min(sums) + 1e-6
    assert relaxed.value >= min(sums) - 1e-6
    for best in (relaxed.value, float(np.median(sums))):
        kept = set(relaxed.keep(best).tolist())
        for sites, total in zip(all_choices, sums, strict=True):
            assert total >= best or set(sites) <= kept


@given(_questions(), st.integers(0, 9))
@settings(max_examples=40, deadline=None)
def test_coverage_is_that_of_every_choice_tried(question, within) -> None:
    away, weights, n_sites = question
    found = place_coverage(away, weights, n_sites, within=within)
    most = max(
        float(weights[(away[:, list(sites)] <= within).any(axis=1)].sum())
        for sites in combinations(range(away.shape[1]), n_sites)
    )
    assert found.is_proven
    assert found.value == pytest.approx(most)
    assert len(set(found.sites)) == n_sites
    for demand, site in enumerate(found.served_by):
        near = away[demand, list(found.sites)].min() <= within
        assert (site >= 0) == near
        assert not near or away[demand, site] <= within


def ends_of_edges() -> np.ndarray:
    """The six edges of the complete graph of four vertices as demands, the vertices as sites.

    An edge is 1 from its ends and 2 from the others.  Half of each vertex serves every edge at 1, so
    the relaxation says 6; two whole vertices leave the edge between the other two at 2: 5 + 2 = 7.
    """
    away = np.full((6, 4), 2.0)
    for demand, ends in enumerate(combinations(range(4), 2)):
        away[demand, list(ends)] = 1.0
    return away


def test_a_gap_of_the_relaxation_is_closed_by_the_programme() -> None:
    found = place_medians(ends_of_edges(), np.ones(6), 2)
    assert (found.value, found.bound, found.is_proven) == (7.0, 7.0, True)


def test_out_of_branches_says_what_is_not_proven(monkeypatch) -> None:
    monkeypatch.setattr(facilities, "NODE_LIMIT", 0)
    found = place_medians(ends_of_edges(), np.ones(6), 2)
    assert not found.is_proven
    assert found.value == 7.0
    assert 6.0 - 1e-6 <= found.bound < 7.0


@pytest.mark.parametrize(
    ("away", "weights", "n_sites"),
    [
        ([[1.0]], [1.0], 0),
        ([[1.0]], [1.0], 2),
        ([[1.0]], [1.0, 2.0], 1),
        ([[np.nan]], [1.0], 1),
        ([[np.inf]], [1.0], 1),
        ([[-1.0]], [1.0], 1),
        ([[1.0]], [-1.0], 1),
        ([1.0], [1.0], 1),
        (np.zeros((0, 3)), [], 1),
    ],
)
def test_what_cannot_be_is_refused(away, weights, n_sites) -> None:
    with pytest.raises(ValueError, match=r"wanted|must be|can be chosen"):
        place_medians(away, weights, n_sites)
    with pytest.raises(ValueError, match=r"wanted|must be|can be chosen"):
        place_coverage(away, weights, n_sites, within=1.0)
