"""Separation: known distances on the ellipsoid, a dense oracle, and routes kept apart."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString

from steppe.layers.crs import GEOD
from steppe.routing.disjoint import disjoint_routes
from steppe.routing.risk_disjoint import risk_disjoint_routes
from steppe.routing.separation import Separation

NOWHERE = ((0.0, -80.0),)  # an end that no line comes near


def _risks(lines, ends, **how):
    return Separation(lines, **how).near(ends)


def _near(one, other, apart_km, *, ends=NOWHERE, end_zone_km=0.0):
    lines = {"one": LineString(one), "other": LineString(other)}
    risks = _risks(lines, ends, apart_km=apart_km, end_zone_km=end_zone_km)
    assert risks in ({}, {'["one", "other"]': ("one", "other")})
    return bool(risks)


def _threshold_km(one, other, high_km, **how):
    """Return the distance from which on the lines are too near, by bisection."""
    low_km = 0.0
    while high_km - low_km > 1e-5:
        middle_km = (low_km + high_km) / 2
        if _near(one, other, middle_km, **how):
            high_km = middle_km
        else:
            low_km = middle_km
    return high_km


def _along(start, azimuth, *kilometres):
    return [GEOD.fwd(*start, azimuth, km * 1000)[:2] for km in kilometres]


def _sampled(points, step_km):
    """Return points along geodesics, at most so far from one another."""
    rows = []
    for near, far in itertools.pairwise(points):
        azimuth, _, metres = GEOD.inv(*near, *far)
        n_steps = max(1, math.ceil(metres / 1000 / step_km))
        rows += [GEOD.fwd(*near, azimuth, metres * step / n_steps)[:2] for step in range(n_steps)]
    return np.array([*rows, points[-1]])


def _between_km(points, others):
    """Return all geodesic distances, shape (n, m)."""
    shape = len(points), len(others)
    lon, lat = (np.repeat(values, shape[1]) for values in points.T)
    to_lon, to_lat = (np.tile(values, shape[0]) for values in others.T)
    return GEOD.inv(lon, lat, to_lon, to_lat)[2].reshape(shape) / 1000


@pytest.mark.parametrize("lon", [111.0, 179.9, -180.0])
@pytest.mark.parametrize("apart_km", [0.3, 10.0, 50.0, 200.0])
def test_a_point_beside_a_long_line_has_a_known_distance(lon, apart_km):
    # The line is a geodesic of 1200 km drawn by its ends alone; the other leaves it squarely.
    place = (lon, 43.0)
    line = [*_along(place, 250.0, 600.0), *_along(place, 70.0, 600.0)]
    beside = _along(place, 160.0, apart_km, apart_km + 400.0)
    found_km = _threshold_km(line, beside, 2 * apart_km)
    # The line was rebuilt from its ends, which costs some millimetres of course.
    assert found_km == pytest.approx(apart_km, rel=4e-5)


def test_a_straight_stroke_is_the_geodesic():
    # 1000 km along a parallel: the geodesic's middle lies some twenty kilometres north of it.
    west, east = (105.0, 45.0), (117.7, 45.0)
    azimuth, _, metres = GEOD.inv(*west, *east)
    middle = GEOD.fwd(*west, azimuth, metres / 2)[:2]
    assert middle[1] > 45.15
    assert _near([west, east], [middle, (middle[0], 46.0)], 0.5)
    assert not _near([west, east], [(111.35, 45.0), (111.35, 44.0)], 15.0)


def test_dense_drawing_changes_nothing():
    place = (112.0, 41.0)
    sparse = [*_along(place, 90.0, 0.0), *_along(place, 90.0, 300.0)]
    dense = [tuple(point) for point in _sampled(sparse, 0.05)]
    assert len(dense) > 5000
    for apart_km, is_near in ((19.99, False), (20.01, True)):
        beside = [*_along(_along(place, 90.0, 150.0)[0], 0.0, 20.0), *_along(place, 10.0, 200.0)]
        for line in (sparse, dense):
            assert _near(line, beside, apart_km) == is_near


def test_what_lies_within_the_end_zones_does_not_matter():
    # A fork of two geodesics from one end: they part with the distance from it.
    end = (111.7, 40.8)
    fork = [[end, *_along(end, azimuth, 300.0)] for azimuth in (80.0, 100.0)]
    for zone_km in (0.0, 20.0, 100.0):
        tips = [_along(end, azimuth, zone_km)[0] for azimuth in (80.0, 100.0)]
        tips_km = GEOD.inv(*tips[0], *tips[1])[2] / 1000
        found_km = _threshold_km(*fork, 100.0, ends=[end], end_zone_km=zone_km)
        assert found_km == pytest.approx(tips_km, rel=2e-5, abs=2e-5)
    assert not _near(*fork, 1000.0, ends=[end], end_zone_km=301.0)
    other_end = _along(end, 90.0, 300.0)[0]
    assert _near(*fork, 90.0, ends=[end], end_zone_km=100.0)
    assert not _near(*fork, 60.0, ends=[end, other_end], end_zone_km=200.0)


def test_a_line_that_enters_a_zone_between_its_vertices_is_cut_there():
    # It passes the end at 5 km, and its vertices, close enough to get no more, at 7 km.
    end = (116.0, 40.0)
    abreast = _along(end, 0.0, 5.0)[0]
    line = [*_along(abreast, 270.0, 14.7, 4.9), *_along(abreast, 90.0, 4.9, 14.7)]
    stub = _along(end, 0.0, 6.2, 50.0)
    assert _near(line, stub, 2.0)
    assert not _near(line, stub, 2.0, ends=[end], end_zone_km=6.0)
    assert _near(line, stub, 3.6, ends=[end], end_zone_km=6.0)


@settings(max_examples=25)
@given(
    lat=st.floats(-75, 75),
    lon=st.floats(-180, 180),
    bearings=st.lists(st.floats(0, 360), min_size=6, max_size=6),
    lengths=st.lists(st.floats(5, 200), min_size=6, max_size=6),
    apart_km=st.floats(1, 150),
)
def test_conflicts_are_what_dense_sampling_finds(lat, lon, bearings, lengths, apart_km):
    end = (lon, lat)
    lines = []
    for part in (slice(0, 3), slice(3, 6)):
        points = [end]
        for bearing, length_km in zip(bearings[part], lengths[part], strict=True):
            points += _along(points[-1], bearing, length_km)
        lines.append(points)
    step_km = 2.0
    least_km = {}
    for zone_km in (60.0, 60.0 - step_km):
        outside = []
        for points in lines:
            samples = _sampled(points, step_km)
            outside.append(samples[_between_km(np.array([end]), samples)[0] > zone_km])
        least_km[zone_km] = min((_between_km(*outside).ravel()), default=math.inf)
    is_near = _near(*lines, apart_km, ends=[end], end_zone_km=60.0)
    # Samples outside the zone are points of the lines; and every point outside has a sample
    # within half a step, not much deeper in the zone.
    assert is_near or least_km[60.0] >= apart_km
    assert not is_near or least_km[60.0 - step_km] < apart_km + step_km


def test_names_are_hostile():
    line = LineString([(111.0, 40.0), (112.0, 40.0)])
    names = ['a", "b', "a", 'b", "c', "c", "蒙 | 古"]
    risks = _risks(dict.fromkeys(names, line), NOWHERE, apart_km=1, end_zone_km=0)
    assert len(risks) == 10
    assert sorted(risks.values()) == sorted(itertools.combinations(sorted(names), 2))


def test_nothing_is_near_itself_or_nearer_than_nothing():
    line = LineString([(111.0, 40.0), (112.0, 40.0), (111.0, 40.0)])
    assert _risks({"one": line}, NOWHERE, apart_km=50, end_zone_km=0) == {}
    assert _risks({}, NOWHERE, apart_km=50, end_zone_km=0) == {}
    assert _risks({"a": line, "b": line}, NOWHERE, apart_km=0, end_zone_km=0) == {}


@pytest.mark.parametrize("wrong", [-1.0, math.inf, math.nan])
def test_distances_are_finite_and_not_negative(wrong):
    for given_km in ({"apart_km": wrong, "end_zone_km": 1}, {"apart_km": 1, "end_zone_km": wrong}):
        with pytest.raises(ValueError, match="from 0 up"):
            Separation({}, **given_km)


def test_routes_keep_their_distance(graph_of, make_cable):
    # Three ways from west to east, 15 km and then 60 km apart in the middle.
    west, east = (111.0, 40.0), (115.0, 40.0)
    heights = {"low": 39.46, "mid": 40.0, "high": 40.135}
    lines, cables = {}, []
    for name, lat in heights.items():
        lines[f"w_{name}"] = LineString([west, (112.0, lat), (113.0, lat)])
        lines[f"e_{name}"] = LineString([(113.0, lat), (114.0, lat), east])
        length_km = {"low": 300, "mid": 170, "high": 180}[name]
        cables += [
            make_cable(f"w_{name}", "W", name, length_km),
            make_cable(f"e_{name}", name, "E", length_km),
        ]
    graph = graph_of(cables)
    risks = _risks(lines, [west, east], apart_km=40, end_zone_km=120)
    found = risk_disjoint_routes(graph, "W", "E", risks)
    assert found.shared == ()
    assert {route.nodes[1] for route in found.routes} == {"mid", "low"}
    assert {route.nodes[1] for route in disjoint_routes(graph, "W", "E").routes} == {"mid", "high"}
    tracks = []
    for route in found.routes:
        samples = np.vstack([_sampled(list(lines[name].coords), 1.0) for name in route.cables])
        from_ends = _between_km(np.array([west, east]), samples).min(axis=0)
        tracks.append(samples[from_ends > 120])
    assert _between_km(*tracks).min() >= 40
    # Farther apart than the ways are, the answer says what is too near.
    wide = _risks(lines, [west, east], apart_km=100, end_zone_km=120)
    assert risk_disjoint_routes(graph, "W", "E", wide).shared
