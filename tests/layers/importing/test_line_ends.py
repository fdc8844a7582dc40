"""Ends of drawn lines: joined to nodes within reach, nodes made elsewhere, none lost."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod
from shapely.geometry import LineString

from steppe.layers.importing.line_ends import join_ends

GEOD = Geod(ellps="GRS80")
NOWHERE = np.empty((0, 2))


def test_an_end_takes_the_nearest_node_and_the_line_goes_on_to_it() -> None:
    # 0.005° of the equator are 556.6 m, 0.002° are 222.6 m.
    line = LineString([(0.005, 0.0), (0.5, 0.1), (1.0, 0.0)])
    places = np.array([[0.0, 0.0], [0.003, 0.0], [1.002, 0.0]])
    ends = join_ends([line], ["far", "near", "z"], places, join_km=1.0, named=[("", "")])
    assert (ends.starts, ends.stops) == (["near"], ["z"])
    assert ends.lines[0].coords[0] == (0.003, 0.0)
    assert ends.lines[0].coords[-1] == (1.002, 0.0)
    assert ends.n_drawn_on == 2
    assert ends.farthest_km == pytest.approx(0.2226, abs=1e-3)
    assert not ends.made


def test_ends_beyond_reach_become_nodes_and_meet() -> None:
    lines = [LineString([(0, 0), (1, 0)]), LineString([(1.003, 0), (2, 0)])]
    ends = join_ends(lines, [], NOWHERE, join_km=0.5, named=[("A", "B"), ("B", "C")])
    assert [each.node_id for each in ends.made] == ["A", "B", "C"]
    assert ends.starts == ["A", "B"]
    assert ends.stops == ["B", "C"]
    apart = join_ends(lines, [], NOWHERE, join_km=0.1, named=[("", "")] * 2)
    assert [each.node_id for each in apart.made] == ["node_1", "node_2", "node_3", "node_4"]


def test_a_line_that_ends_on_anothers_way_is_joined_there() -> None:
    lines = [LineString([(0, 0), (2, 0)]), LineString([(1, 0.0003), (1, 1)])]
    ends = join_ends(lines, [], NOWHERE, join_km=0.5, named=[("", "")] * 2)
    assert ends.joints == [ends.starts[1], ""]


def test_a_line_that_comes_back_has_no_two_ends() -> None:
    ring = LineString([(0, 0), (1, 0), (1, 1), (0, 0)])
    ends = join_ends([ring], [], NOWHERE, join_km=0.5, named=[("", "")])
    assert ends.starts == ends.stops == [""]


coordinates = st.tuples(st.floats(-3, 3), st.floats(48, 51))


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(coordinates, coordinates), min_size=1, max_size=8),
    st.lists(coordinates, max_size=6, unique=True),
    st.sampled_from([0.5, 20.0, 100.0]),
)
def test_every_end_lies_at_its_node_within_reach(pairs, nodes, join_km) -> None:
    lines = [LineString(pair) for pair in pairs]
    ids = [f"n{number}" for number in range(len(nodes))]
    places = np.array(nodes).reshape(-1, 2)
    ends = join_ends(lines, ids, places, join_km=join_km, named=[("", "")] * len(lines))
    at = dict(zip(ids, nodes, strict=True)) | {e.node_id: (e.lon, e.lat) for e in ends.made}
    assert len(at) == len(ids) + len(ends.made)
    for line, drawn, start, stop in zip(lines, ends.lines, ends.starts, ends.stops, strict=True):
        if not start:
            continue
        for node, before, after in (
            (start, line.coords[0], drawn.coords[0]),
            (stop, line.coords[-1], drawn.coords[-1]),
        ):
            assert after == pytest.approx(at[node])
            assert GEOD.inv(*before, *after)[2] / 1000 <= join_km * (1 + 1e-9)
        assert shapely.length(drawn) >= shapely.length(line) - 1e-12
