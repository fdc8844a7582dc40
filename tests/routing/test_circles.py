"""Circles on the earth: what is drawn in them, also over the antimeridian and at a pole."""

from __future__ import annotations

import numpy as np
import pytest
from pyproj import Geod
from shapely.geometry import LineString

from steppe.routing.circles import FARTHEST_KM, Circle, find_lines_within, find_points_within

GEOD = Geod(ellps="GRS80")
OVER_180 = (LineString([(170, 10), (190, 12)]), LineString([(-190, 10), (-170, 12)]))


@pytest.mark.parametrize("line", OVER_180)
@pytest.mark.parametrize("lon", [180.0, -180.0, 179.9, -179.9, 181.0])
def test_a_circle_at_180_degrees_finds_what_goes_over_it(line: LineString, lon: float) -> None:
    assert find_lines_within([line], Circle(lon, 11.0, 60.0)) == (0,)
    assert find_lines_within([line], Circle(lon - 30.0, 11.0, 60.0)) == ()


def test_a_circle_at_the_pole_finds_what_comes_near_it() -> None:
    parallel = LineString([(lon, 85.0) for lon in range(-180, 181)])
    near_km = GEOD.inv(0, 85, 0, 90)[2] / 1000
    assert find_lines_within([parallel], Circle(77.0, 90.0, near_km + 1)) == (0,)
    assert find_lines_within([parallel], Circle(77.0, 90.0, near_km - 1)) == ()
    assert find_points_within([(0, 85), (90, -85)], Circle(-50.0, 90.0, near_km + 1)) == (0,)


@pytest.mark.parametrize("radius_km", [1.0, 30.0, 500.0, 5000.0, FARTHEST_KM])
def test_lines_and_points_are_in_by_their_geodesic_distance(radius_km: float) -> None:
    """Short lines are their own ends: within where either is, but for those at the very edge."""
    draw = np.random.default_rng(3)
    starts = np.column_stack([draw.uniform(-180, 180, 300), draw.uniform(-89, 89, 300)])
    lines = [LineString([(x, y), (x + 1e-4, y)]) for x, y in starts]
    circle = Circle(100.0, 40.0, radius_km)
    same = np.ones(len(starts))
    km = GEOD.inv(*starts.T, same * circle.lon, same * circle.lat)[2] / 1000
    sure = np.abs(km - radius_km) > 0.1
    found = np.isin(np.arange(len(lines)), find_lines_within(lines, circle))
    assert (found == (km <= radius_km))[sure].all()
    assert (
        list(find_points_within(starts.tolist(), circle))
        == np.flatnonzero(km <= radius_km).tolist()
    )


@pytest.mark.parametrize(
    "numbers",
    [
        (400, 0, 1),
        (0, 91, 1),
        (0, 0, 0),
        (0, 0, -1),
        (0, 0, 3e4),
        (float("nan"), 0, 1),
        (0, float("nan"), 1),
        (0, 0, float("nan")),
    ],
)
def test_what_is_no_circle_on_the_earth_is_unsound(numbers) -> None:
    assert not Circle(*numbers).is_sound
    assert Circle(181.0, -90.0, FARTHEST_KM).is_sound
