"""Distances to shapes: the geodesic library's own answers, and shapes sampled very finely."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod
from shapely.geometry import LineString, MultiLineString, Point, box

from steppe.layers.columns import Contract, number, text
from steppe.layers.disks import Points
from steppe.layers.nearest import are_within_km, nearest_km, shapes_of
from steppe.layers.reader import read_layer

GEOD = Geod(ellps="GRS80")
LON, LAT = st.floats(105, 118), st.floats(37, 46)


@given(LON, LAT, st.lists(st.tuples(LON, LAT), min_size=1, max_size=6))
def test_the_nearest_point_is_as_far_as_the_geodesic(lon, lat, places) -> None:
    metres = [GEOD.inv(lon, lat, *place)[2] for place in places]
    found = nearest_km(lon, lat, shapes_of([Point(place) for place in places]))
    expected = min(metres) / 1000
    if expected <= 800:
        assert found == pytest.approx(expected, abs=1e-6)
    else:
        assert found is None or found == pytest.approx(expected, rel=1e-6)


@settings(max_examples=25, deadline=None)
@given(LON, LAT, st.lists(st.tuples(LON, LAT), min_size=2, max_size=5, unique=True))
def test_a_line_is_as_far_as_its_nearest_part(lon, lat, stops) -> None:
    line = LineString(stops)
    fine = shapely.get_coordinates(shapely.segmentize(line, 0.001))
    n = len(fine)
    sampled = GEOD.inv(np.full(n, lon), np.full(n, lat), fine[:, 0], fine[:, 1])[2].min() / 1000
    found = nearest_km(lon, lat, shapes_of([line]), within_km=2000.0)
    # Samples lie about 0.1 km from each other, so they are that much too far at most.
    assert sampled - 0.07 <= found <= sampled + 1e-3


def test_inside_an_area_is_no_distance_and_beyond_the_reach_nothing_is_known() -> None:
    lake = shapes_of([box(111, 40, 112, 41)])
    assert nearest_km(111.5, 40.5, lake) == 0.0
    assert nearest_km(111.5, 49.0, lake, within_km=200.0) is None
    assert nearest_km(111.5, 40.5, shapes_of([])) is None


@pytest.mark.parametrize(
    "shape",
    [
        LineString([(111, 42), (111, 42)]),
        LineString([(111, 42), (111, 42), (111, 42)]),
        MultiLineString([[(111, 42), (111, 42)], [(111, 44), (112, 44)]]),
        shapely.from_wkt("MULTILINESTRING (EMPTY, (111 44, 111 42))"),
    ],
)
def test_a_line_of_no_length_or_an_empty_part_is_as_far_as_what_it_is_drawn_at(shape) -> None:
    degree_km = GEOD.inv(111, 41, 111, 42)[2] / 1000
    assert nearest_km(111, 41, shapes_of([shape])) == pytest.approx(degree_km, abs=1e-6)
    assert nearest_km(111, 41, shapes_of([LineString()])) is None


RAIL = Contract(
    "rail", "line", ("line_id",), {"line_id": text("id"), "accuracy_m": number("accuracy")}
)


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:4490", "EPSG:32649", "EPSG:32650", "EPSG:4547"])
def test_the_same_lines_in_another_crs_are_as_far(tmp_path: Path, crs: str) -> None:
    """A map in metres, in whatever zone, is brought to degrees before it is measured."""
    stops = [(110 + 0.05 * i, 40.2 + 0.004 * i) for i in range(60)]
    rows = {"line_id": ["a"], "accuracy_m": [1.0]}
    world = gpd.GeoDataFrame(rows, geometry=[LineString(stops)], crs=4490)
    path = tmp_path / "rail.gpkg"
    # Both datums bear the same numbers within a metre, and no shift is between them here.
    world.set_crs(4326, allow_override=True).to_crs(crs).to_file(path, layer="rail")
    read = read_layer(path, RAIL, bbox=(100, 30, 120, 50))
    here = nearest_km(111.3, 40.9, shapes_of(world.geometry))
    assert nearest_km(111.3, 40.9, shapes_of(read.geometry)) == pytest.approx(here, abs=2e-3)
    assert here == pytest.approx(60, abs=10)


WIDE_LON, WIDE_LAT = st.floats(-180, 180), st.floats(-90, 90)


@settings(max_examples=50)
@given(
    st.lists(st.tuples(WIDE_LON, WIDE_LAT), min_size=1, max_size=12),
    st.lists(st.tuples(WIDE_LON, WIDE_LAT), min_size=1, max_size=5),
    st.floats(1, 21000),
)
def test_who_is_within_a_distance_of_any_seat_is_told_by_the_geodesics(points, seats, km) -> None:
    apart = [[GEOD.inv(*point, *seat)[2] / 1000 for seat in seats] for point in points]
    # What lies at the very distance is told, too.
    for within_km in (km, max(min(map(min, apart)), 1e-6)):
        found = are_within_km(*(Points(*np.array(each).T) for each in (points, seats)), within_km)
        assert found.tolist() == [min(row) <= within_km for row in apart]


@given(
    lat=st.floats(-89.9, 89.9),
    east_km=st.floats(0.5, 300.0),
    north_km=st.floats(-300.0, 300.0),
    start=st.sampled_from((179.9, -179.9, 180.0, -180.0)),
)
def test_what_lies_over_180_or_a_pole_is_as_near_as_elsewhere(lat, east_km, north_km, start):
    lon, to, _ = GEOD.fwd(start, lat, 90.0, east_km * 1000)
    lon, to, _ = GEOD.fwd(lon, to, 0.0, north_km * 1000)
    km = GEOD.inv(start, lat, lon, to)[2] / 1000
    shape = np.array([shapely.Point(lon, to)], dtype=object)
    assert nearest_km(start, lat, shape) == pytest.approx(km, rel=1e-6, abs=1e-6)
