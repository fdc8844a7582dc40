"""Pairs of many places: each with its nearest, against every distance on the sphere."""

from itertools import combinations

import numpy as np
import pytest

from steppe.layers.table_limits import MOST_WHOLE, N_PARTNERS, pair_near


def test_of_few_places_every_pair_is_told() -> None:
    places = [(100.0 + number, 40.0) for number in range(MOST_WHOLE)]
    assert list(pair_near(places)) == list(combinations(range(MOST_WHOLE), 2))


@pytest.mark.parametrize("seed", range(3))
def test_of_many_places_each_is_paired_with_the_nearest(seed: int) -> None:
    rng = np.random.default_rng(seed)
    lon, lat = rng.uniform(-180, 180, 90), rng.uniform(-80, 80, 90)
    x, y = np.radians(lon), np.radians(lat)
    apart = np.sin(y) * np.sin(y)[:, None] + np.cos(y) * np.cos(y)[:, None] * np.cos(x - x[:, None])
    np.fill_diagonal(apart, -np.inf)
    order = np.argsort(-apart, axis=1)[:, :N_PARTNERS]
    expected = {(min(one, two), max(one, two)) for one in range(90) for two in order[one].tolist()}
    found = list(pair_near(list(zip(lon.tolist(), lat.tolist(), strict=True))))
    assert found == sorted(expected)


def test_places_on_one_spot_are_paired_with_others_never_with_themselves() -> None:
    found = list(pair_near([(111.0, 41.0)] * (MOST_WHOLE + 10)))
    assert all(one < two for one, two in found)
    ends = [end for pair in found for end in pair]
    assert all(ends.count(number) >= N_PARTNERS for number in range(MOST_WHOLE + 10))
