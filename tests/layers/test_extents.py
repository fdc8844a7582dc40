"""Where a layer speaks: the distance to the edge, against edges that are known."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod
from shapely.geometry import LineString, MultiPoint, Point, box

from steppe.layers.extents import EVERYWHERE, Extent, hull_extent, unite

GEOD = Geod(ellps="GRS80")
LON, LAT = st.floats(100, 122), st.floats(36, 50)


def test_everywhere_has_no_edge() -> None:
    assert EVERYWHERE.reach_km(111, 41) == math.inf
    assert EVERYWHERE.covers(0, 90, 1e6)


def test_nowhere_covers_nothing() -> None:
    assert Extent(Point()).reach_km(111, 41) == 0.0
    assert not Extent(box(110, 40, 112, 42)).covers(115, 41, 0.0)


@settings(max_examples=40, deadline=None)
@given(LON, LAT)
def test_the_edge_of_a_box_is_the_nearest_of_its_sides(lon: float, lat: float) -> None:
    west, south, east, north = 104.0, 38.0, 118.0, 47.0
    sides = [
        (np.full(4001, west), np.linspace(south, north, 4001)),
        (np.full(4001, east), np.linspace(south, north, 4001)),
        (np.linspace(west, east, 4001), np.full(4001, south)),
        (np.linspace(west, east, 4001), np.full(4001, north)),
    ]
    edge_km = min(
        GEOD.inv(np.full(4001, lon), np.full(4001, lat), x, y)[2].min() / 1000 for x, y in sides
    )
    is_inside = west < lon < east and south < lat < north
    reach_km = Extent(box(west, south, east, north)).reach_km(lon, lat)
    assert reach_km == pytest.approx(edge_km if is_inside else 0.0, abs=0.05)
    wider_km = Extent(box(west, south, east, north), 100.0).reach_km(lon, lat)
    assert wider_km == pytest.approx(
        100.0 + edge_km if is_inside else max(0.0, 100.0 - edge_km), abs=0.05
    )


@given(LON, LAT, st.lists(st.tuples(LON, LAT), min_size=1, max_size=5), st.floats(1, 500))
def test_round_points_it_is_the_circle_within_one_of_theirs(lon, lat, points, within_km) -> None:
    reach_km = Extent(MultiPoint(points), within_km).reach_km(lon, lat)
    away_km = min(GEOD.inv(lon, lat, *place)[2] / 1000 for place in points)
    assert reach_km == pytest.approx(max(0.0, within_km - away_km), abs=1e-6)


def test_a_line_is_covered_so_far_to_both_sides() -> None:
    along = Extent(LineString([(100, 41), (120, 41)]), 50.0)
    assert along.reach_km(111, 41) == pytest.approx(50.0, abs=1e-6)
    assert along.reach_km(111, 41.2) == pytest.approx(50.0 - 22.2, abs=0.1)
    assert not along.covers(111, 42, 0.0)


def test_no_border_between_outlines_is_an_edge() -> None:
    both = Extent(unite([box(105, 38, 111, 46), box(111, 38, 117, 46)]))
    assert both.reach_km(111, 42) == pytest.approx(444.2, abs=0.1)  # 4 degrees to the south


@given(st.lists(st.tuples(LON, LAT), min_size=3, max_size=8))
def test_of_what_nobody_says_the_hull_of_the_features_is_taken(points) -> None:
    extent = hull_extent([Point(place) for place in points])
    assert not extent.is_said
    middle = MultiPoint(points).centroid
    assert extent.reach_km(middle.x, middle.y) >= 0.0
    assert extent.reach_km(99.0, 41.0) == 0.0


def test_features_on_both_sides_of_the_date_line_have_no_hull() -> None:
    assert hull_extent([Point(-179, 0), Point(179, 0), Point(0, 60)]).reach_km(0, 20) == 0.0
    assert hull_extent([]).reach_km(0, 0) == 0.0


@settings(max_examples=60, deadline=None)
@given(
    st.tuples(st.floats(-179, 179), st.floats(-89, 89), st.floats(1, 40), st.floats(1, 30)),
    st.tuples(st.floats(0.02, 0.98), st.floats(0.02, 0.98)),
    st.sampled_from([0.0, 200.0]),
    st.floats(0.01, 1500),
)
def test_a_circle_is_covered_just_where_the_edge_is_not_nearer(
    corner, place, within_km, radius_km
) -> None:
    (west, south, wide, high), (along, up) = corner, place
    east, north = min(west + wide, 180.0), min(south + high, 90.0)
    lon, lat = west + along * (east - west), south + up * (north - south)
    extent = Extent(box(west, south, east, north), within_km)
    reach_km = Extent(box(west, south, east, north), within_km).reach_km(lon, lat)
    # Also of a circle that is hardly covered, and of one that hardly is not.
    for km in (radius_km, reach_km * (1 - 1e-9), reach_km * (1 + 1e-9) + 1e-9):
        assert extent.covers(lon, lat, km) == (reach_km > 0 and reach_km >= km)
