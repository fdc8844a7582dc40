"""Nearness: every pair measured by other means."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import Point

from steppe.routing.nearness import find_meetings, near_points, nearest_points, split_lines

DEGREES = st.tuples(st.floats(111.0, 112.0), st.floats(40.6, 41.4))


@given(data=st.data())
def test_meetings_are_those_of_every_pair_of_lines(ground, bundles, data):
    lines, others = (data.draw(bundles(max_lines=4)) for _ in range(2))
    mine, theirs, at = find_meetings(split_lines(lines), split_lines(others))
    # Between two vertices a line follows the geodesic: a kilometre of it is straight to 2 cm.
    lines, others = ([ground.bent(line, 1.0) for line in some] for some in (lines, others))
    expected = {
        (i, j) for i, a in enumerate(lines) for j, b in enumerate(others) if a.intersects(b)
    }
    # A line that only touches at a bend may meet or miss by a rounding of the bend.
    unsure = {(i, j) for i, j in expected ^ set(zip(mine.tolist(), theirs.tolist(), strict=True))}
    assert all(lines[i].distance(others[j]) < 1e-6 for i, j in unsure)
    for i, j, point in zip(mine, theirs, at, strict=True):
        assert Point(point).distance(lines[i]) < 1e-6
        assert Point(point).distance(others[j]) < 1e-6


@given(
    a=st.lists(DEGREES, max_size=8),
    b=st.lists(DEGREES, max_size=8),
    reach_km=st.floats(0, 80),
)
def test_near_points_are_those_of_every_pair(ground, a, b, reach_km):
    a, b = (np.array(each, dtype=float).reshape(-1, 2) for each in (a, b))
    i, j, km = near_points(a, b, reach_km)
    every = {(p, q): ground.km(a[p], b[q]) for p in range(len(a)) for q in range(len(b))}
    assert {pair for pair, apart in every.items() if apart <= reach_km} == set(
        zip(i.tolist(), j.tolist(), strict=True)
    )
    assert km == pytest.approx([every[pair] for pair in zip(i.tolist(), j.tolist(), strict=True)])


@given(
    data=st.data(),
    places=st.lists(DEGREES, min_size=1, max_size=5),
    reach_km=st.floats(0.5, 60),
)
def test_the_nearest_point_of_a_line_is_that_of_the_flat_oracle(
    ground, bundles, data, places, reach_km
):
    lines = data.draw(bundles())
    points = np.array(places)
    near = nearest_points(split_lines(lines), points, np.full(len(points), reach_km))
    found = dict(
        zip(zip(near.point.tolist(), near.line.tolist(), strict=True), near.km, strict=True)
    )
    assert len(found) == len(near.km)
    for i, place in enumerate(places):
        plane = ground.plane(*place)
        for j, line in enumerate(lines):
            km = ground.flat(line, plane).distance(Point(0, 0))
            if (i, j) in found:
                assert found[i, j] == pytest.approx(km, rel=2e-3, abs=1e-3)
            else:
                assert km > reach_km * 0.998 - 1e-3
