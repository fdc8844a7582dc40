"""Stretches, measured again by walking along every line."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from steppe.routing.parallel_runs import run_beside


@settings(max_examples=25)
@given(data=st.data(), end_km=st.sampled_from((0.0, 5.0)))
def test_stretches_are_those_of_a_walk_along_every_pair(ground, bundles, data, end_km):
    lines = data.draw(bundles(max_lines=4))
    found = dict.fromkeys(combinations(range(len(lines)), 2), 0.0)
    for stretch in run_beside(lines, beside_km=1.5, shortest_km=4.0, end_km=end_km):
        found[stretch.first, stretch.second] += stretch.km
    for (first, second), km in found.items():
        # The walk is right to a step, so it is asked a little narrower and a little wider.
        narrow, wide = (
            ground.beside_km(lines[first], lines[second], **limits)
            for limits in (
                {"beside_km": 1.49, "gap_km": 3.7, "shortest_km": 4.3, "end_km": end_km * 1.01},
                {"beside_km": 1.51, "gap_km": 4.3, "shortest_km": 3.7, "end_km": end_km * 0.99},
            )
        )
        assert narrow - 0.3 <= km <= wide + 0.3
