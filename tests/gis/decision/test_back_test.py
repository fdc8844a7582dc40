"""Back-test: every pair compared is the oracle, and what few places cannot tell is not told."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steppe.decision.back_test import back_test, find_percentiles

_SCORES = st.lists(st.sampled_from([0.0, 0.25, 0.5, 0.75, 1.0, math.nan]), max_size=12)


def _auc(places, cells) -> float:
    """Return the share of pairs that the place wins, by trying every pair."""
    pairs = [
        1.0 if place > cell else 0.5 if place == cell else 0.0
        for place in places
        for cell in cells
        if not math.isnan(place) and not math.isnan(cell)
    ]
    return sum(pairs) / len(pairs) if pairs else math.nan


@given(_SCORES, _SCORES, st.data())
@settings(max_examples=60, deadline=None)
def test_the_area_is_that_of_every_pair(places, cells, data) -> None:
    cities = [data.draw(st.sampled_from("abc")) for _ in places]
    found = back_test(places, cities, cells)
    assert found.auc == pytest.approx(_auc(places, cells), nan_ok=True)
    for city, without in found.without.items():
        rest = [place for place, of in zip(places, cities, strict=True) if of != city]
        assert without == pytest.approx(_auc(rest, cells), nan_ok=True)
    for place, share in zip(places, found.percentiles, strict=True):
        assert share == pytest.approx(_auc([place], cells), nan_ok=True)


def test_hanley_and_mcneil() -> None:
    """Table I of Hanley and McNeil 1982: 51 abnormal, 58 normal images in five classes: 0.893."""
    normal = np.repeat([1, 2, 3, 4, 5], [33, 6, 6, 11, 2])
    abnormal = np.repeat([1, 2, 3, 4, 5], [3, 2, 2, 11, 33])
    assert find_percentiles(abnormal, normal).mean() == pytest.approx(0.893, abs=5e-4)


def test_unknown_is_neither_good_nor_bad() -> None:
    cells = [0.1, 0.2, math.nan, 0.4]
    assert (
        find_percentiles([0.3], cells).tolist() == find_percentiles([0.3], [0.1, 0.2, 0.4]).tolist()
    )
    found = back_test([0.3, math.nan], ["a", "b"], cells)
    assert (found.n_places, found.n_cities, found.n_cells) == (1, 1, 3)
    assert set(found.without) == {"a"}
    assert math.isnan(found.without["a"])


def test_one_city_has_no_interval_and_alike_cities_a_point() -> None:
    cells = np.linspace(0, 1, 101)
    alone = back_test([0.8, 0.9], ["a", "a"], cells)
    assert math.isnan(alone.low)
    assert math.isnan(alone.high)
    alike = back_test([0.8, 0.8], ["a", "b"], cells)
    assert alike.low == alike.high == alike.auc


def test_the_interval_draws_cities_not_places() -> None:
    """Two cities, one at the top and one at the bottom: each is drawn twice in a quarter of the draws.

    So the interval reaches from one city's mean to the other's, however many places a city has.
    """
    places = [1.0] * 50 + [0.0] * 50
    found = back_test(places, ["a"] * 50 + ["b"] * 50, [0.5])
    assert (found.low, found.auc, found.high) == (0.0, 0.5, 1.0)


def test_places_and_cities_are_as_many() -> None:
    with pytest.raises(ValueError, match="2 places, but 1 cities"):
        back_test([0.1, 0.2], ["a"], [0.5])
