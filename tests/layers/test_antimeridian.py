"""Lines over 180°: in parts that end there, as long as the whole."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import wkt

from steppe.layers.antimeridian import cut_lines, find_seam, open_at, open_box, settle
from steppe.layers.crs import GEOD


def _cut(text: str) -> str:
    (cut,) = cut_lines(np.array([wkt.loads(text)]))
    return cut.wkt


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        # RFC 7946, section 3.1.9, has the line 170 E to 170 W as its example.
        ("LINESTRING (170 45, -170 45)", "MULTILINESTRING ((170 45, 180 45), (-180 45, -170 45))"),
        ("LINESTRING (-172 10, 172 20)", "MULTILINESTRING ((-172 10, -180 15), (180 15, 172 20))"),
        ("LINESTRING (179 0, 180 1, -179 2)", "MULTILINESTRING ((179 0, 180 1), (-180 1, -179 2))"),
        ("LINESTRING (180 0, -179 1)", "LINESTRING (-180 0, -179 1)"),
        ("LINESTRING (179 0, -180 1)", "LINESTRING (179 0, 180 1)"),
        (
            "LINESTRING Z (170 0 10, -170 0 30)",
            "MULTILINESTRING Z ((170 0 10, 180 0 20), (-180 0 20, -170 0 30))",
        ),
        (
            "LINESTRING (170 0, -170 0, 170 2)",
            "MULTILINESTRING ((170 0, 180 0), (-180 0, -170 0, -180 1), (180 1, 170 2))",
        ),
        (
            "MULTILINESTRING ((170 0, -170 0), (1 1, 2 2))",
            "MULTILINESTRING ((170 0, 180 0), (-180 0, -170 0), (1 1, 2 2))",
        ),
    ],
)
def test_a_line_over_180_is_cut_there(line: str, parts: str) -> None:
    assert _cut(line) == parts


@pytest.mark.parametrize(
    "shape",
    [
        "LINESTRING (-100 0, 0 10, 100 0)",
        "LINESTRING (170 0, 180 0)",
        "LINESTRING (-90 0, 90 0)",
        "POINT (170 0)",
        "MULTIPOINT (170 0, -170 0)",
        "POLYGON ((-170 0, 0 10, 170 0, -170 0))",
        "MULTILINESTRING ((170 0, 175 0), (-175 0, -170 0))",
        "LINESTRING EMPTY",
    ],
)
def test_what_does_not_cross_stays(shape: str) -> None:
    assert _cut(shape) == wkt.loads(shape).wkt


places = st.tuples(st.integers(-180, 180), st.integers(-80, 80))


@given(st.lists(places, min_size=2, max_size=6))
def test_no_leg_goes_the_long_way_and_none_is_lost(stops: list[tuple[int, int]]) -> None:
    whole = shapely.LineString(stops)
    (cut,) = cut_lines(np.array([whole]))
    legs = [np.diff(shapely.get_coordinates(part)[:, 0]) for part in shapely.get_parts(cut)]
    assert all((np.abs(leg) <= 180).all() for leg in legs)
    turned = [(lon % 360, lat) for lon, lat in shapely.get_coordinates(cut)]
    assert {(lon % 360, lat) for lon, lat in stops} <= set(turned)


def test_a_short_cable_over_180_is_as_long_in_parts() -> None:
    whole = shapely.LineString([(179.9, 50.0), (-179.9, 50.1)])
    (cut,) = cut_lines(np.array([whole]))
    assert GEOD.geometry_length(cut) == pytest.approx(GEOD.geometry_length(whole), rel=1e-6)


# One line in all its forms


FORMS = [
    "LINESTRING (179 50, -179 50.5)",
    "LINESTRING (179 50, 181 50.5)",
    "LINESTRING (-181 50, -179 50.5)",
    "MULTILINESTRING ((179 50, {lon} {lat}), (-{lon} {lat}, -179 50.5))",
]


def test_a_line_over_180_is_one_however_it_is_written() -> None:
    azimuth, _, metres = GEOD.inv(179, 50, -179, 50.5)
    # Half-way lies at 180 to a few metres.
    _, lat, _ = GEOD.fwd(179, 50, azimuth, metres * 0.5)
    settled = settle(np.array([wkt.loads(form.format(lon=180, lat=lat)) for form in FORMS]))
    for line in settled:
        assert line.bounds[::2] == (-180, 180)
        assert GEOD.geometry_length(line) == pytest.approx(metres, rel=1e-5)
        (opened,) = open_at(np.array([line]), 0.0)
        assert opened.geom_type == "LineString"
        assert (opened.bounds[0], opened.bounds[2]) == (179, 181)
        # A leg up to 100 km is drawn straight, 0.2 km from the geodesic at most.
        assert opened.hausdorff_distance(open_at(settled[:1], 0.0)[0]) < 3e-3


LONG = st.floats(-179.99, 179.99).map(lambda lon: round(lon, 2))


@given(
    stops=st.lists(st.tuples(LONG, st.integers(-85, 85)), min_size=2, max_size=4, unique=True),
    turn=st.sampled_from((-360.0, 0.0, 360.0)),
)
def test_settled_lines_are_as_long_lie_on_the_globe_and_have_no_long_leg(
    stops: list[tuple[float, int]], turn: float
) -> None:
    whole = shapely.LineString(stops)
    moved = shapely.transform(whole, lambda at: at + np.array([turn, 0.0]))
    (line,) = settle(np.array([moved]))
    assert -180 <= line.bounds[0] <= line.bounds[2] <= 180
    at = [shapely.get_coordinates(part) for part in shapely.get_parts(line)]
    legs_km = [GEOD.inv(*part[:-1].T, *part[1:].T)[2] / 1000 for part in at]
    assert max(each.max() for each in legs_km) < 100.1
    assert sum(each.sum() for each in legs_km) == pytest.approx(
        GEOD.geometry_length(whole) / 1000, rel=1e-4
    )


def test_a_long_leg_follows_the_geodesic() -> None:
    # Beijing to Frankfurt goes by 60 N, though neither lies beyond 51 N.
    (line,) = settle(np.array([shapely.LineString([(116.4, 39.9), (8.7, 50.1)])]))
    assert line.bounds[3] > 60
    short = shapely.LineString([(116.4, 39.9), (116.9, 40.1)])
    assert settle(np.array([short]))[0].equals_exact(short, 0.0)


def test_points_beyond_180_are_turned_and_others_stay() -> None:
    points = np.array([shapely.Point(lon, 10) for lon in (185, -185, 180, -180, 111, 1850)])
    assert [point.x for point in settle(points)] == [-175, 175, 180, -180, 111, 1850]


@pytest.mark.parametrize(
    ("lons", "seam"),
    [
        ([8.7, 111.0, 139.7], -180.0),
        ([172.0, -172.0, -170.0], 1.0),
        ([111.0], -180.0),
        ([-74.0, 0.0, 111.0], -180.0),
        ([139.0, -122.0], 8.5),
    ],
)
def test_a_map_is_cut_open_where_nothing_lies(lons: list[float], seam: float) -> None:
    assert find_seam(np.array(lons)) == seam


def test_shapes_and_boxes_on_a_map_that_is_cut_open_at_greenwich() -> None:
    shapes = np.array(
        [
            wkt.loads("POINT (-170 5)"),
            wkt.loads("POINT (170 5)"),
            wkt.loads("POLYGON ((-10 0, 10 0, 10 5, -10 5, -10 0))"),
            wkt.loads(
                "MULTIPOLYGON (((170 0, 180 0, 180 5, 170 5, 170 0)), ((-180 0, -170 0, -170 5, -180 5, -180 0)))"
            ),
        ]
    )
    west, east, split, whole = open_at(shapes, 0.0)
    assert (west.x, east.x) == (190, 170)
    assert split.area == pytest.approx(100)
    assert [part.bounds[::2] for part in shapely.get_parts(split)] == [(0, 10), (350, 360)]
    assert (whole.geom_type, whole.bounds) == ("Polygon", (170, 0, 190, 5))
    assert open_box((170, -5, -170, 5), 0.0) == (170, -5, 190, 5)
    assert open_box((-175, -5, -170, 5), 0.0) == (185, -5, 190, 5)
    assert open_box((100, -5, 120, 5), -180.0) == (100, -5, 120, 5)


@pytest.mark.parametrize(
    "shape",
    [
        "LINESTRING (400000 4500000, 500000 4600000)",
        "LINESTRING (41 111, 39 116)",
        "LINESTRING (1850 10, 1860 10)",
        "POINT (41 111)",
        "LINESTRING EMPTY",
        "POLYGON ((175 0, 185 0, 185 5, 175 0))",
    ],
)
def test_what_is_no_degrees_stays_to_be_told(shape: str) -> None:
    assert settle(np.array([wkt.loads(shape)]))[0].wkt == wkt.loads(shape).wkt
