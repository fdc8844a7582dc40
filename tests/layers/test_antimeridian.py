"""Lines over 180°: in parts that end there, as long as the whole."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import wkt

from steppe.layers.antimeridian import cut_lines
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
