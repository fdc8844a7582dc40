"""Points of a disk: equal parts of it, and distances from them, against other ways to get them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod
from shapely.geometry import Point

from steppe.layers.disks import N_POINTS, Points, nearest_of_disk_km, spread_points, within_disk_km
from steppe.layers.nearest import nearest_of_disk_to_shapes_km, shapes_of

GEOD = Geod(ellps="GRS80")
HERE = (107.386, 40.7414)


@given(st.floats(0.11, 60))
def test_every_part_of_a_disk_has_its_share_of_the_points(radius_km: float) -> None:
    away = np.hypot(*spread_points(radius_km).T)
    assert (away[0], away.max()) == (0.0, pytest.approx(radius_km))
    for share in (0.1, 0.25, 0.5, 0.9):
        assert (away <= radius_km * np.sqrt(share)).mean() == pytest.approx(share, abs=0.01)
    for turn in np.linspace(0, 2 * np.pi, 7):
        east, north = spread_points(radius_km).T
        assert (east * np.cos(turn) + north * np.sin(turn) > 0).mean() == pytest.approx(
            0.5, abs=0.03
        )


def test_a_small_disk_is_its_middle() -> None:
    assert spread_points(0.1).tolist() == [[0.0, 0.0]]


@settings(max_examples=30, deadline=None)
@given(
    st.floats(0, 40),
    st.lists(st.tuples(st.floats(0, 360), st.floats(0, 300)), min_size=1, max_size=12),
    st.floats(1, 250),
)
def test_distances_from_a_disk_are_those_on_the_ellipsoid(radius_km, features, within_km) -> None:
    """Each point of the disk is laid out on the ellipsoid, and every distance taken there."""
    lon, lat = (np.array(part) for part in zip(
        *(GEOD.fwd(*HERE, bearing, 1000 * km)[:2] for bearing, km in features), strict=True
    ))  # fmt: skip
    spots = spread_points(radius_km)
    bearings = np.degrees(np.arctan2(spots[:, 0], spots[:, 1]))
    here = [np.full(len(spots), part) for part in HERE]
    at_lon, at_lat, _ = GEOD.fwd(*here, bearings, 1000 * np.hypot(*spots.T))
    true = np.array([
        GEOD.inv(at_lon, at_lat, np.full_like(at_lon, x), np.full_like(at_lon, y))[2] / 1000
        for x, y in zip(lon, lat, strict=True)
    ]).T  # fmt: skip
    off_km = radius_km * (300 / 6371) ** 2 / 3 + 0.005
    away, rows = nearest_of_disk_km(*HERE, radius_km, Points(lon, lat))
    assert away == pytest.approx(true.min(axis=1), abs=off_km)
    assert true[np.arange(len(true)), rows] == pytest.approx(away, abs=off_km)
    held, is_near = within_disk_km(*HERE, radius_km, Points(lon, lat), within_km=within_km)
    told = np.zeros(true.shape, dtype=bool)
    told[:, held] = is_near
    sure = np.abs(true - within_km) > off_km
    assert (told == (true <= within_km))[sure].all()
    shapes = shapes_of([Point(*place) for place in zip(lon, lat, strict=True)])
    again = nearest_of_disk_to_shapes_km(*HERE, radius_km, shapes)
    assert again == pytest.approx(away, abs=1e-3)


@given(st.floats(-180, 180), st.floats(-89, 89), st.floats(0, 359), st.floats(0.01, 3000))
def test_a_feature_is_found_over_the_date_line_and_the_pole(lon, lat, bearing, km) -> None:
    x, y, _ = GEOD.fwd(lon, lat, bearing, 1000 * km)
    away, _ = nearest_of_disk_km(lon, lat, 0.0, Points(np.array([x]), np.array([y])))
    assert away.tolist() == pytest.approx([km], abs=1e-6)
    held, _ = within_disk_km(
        lon, lat, 0.0, Points(np.array([x]), np.array([y])), within_km=km + 0.001
    )
    assert held.tolist() == [0]


def test_without_features_all_is_infinite() -> None:
    away, rows = nearest_of_disk_km(*HERE, 20.0, Points(np.array([]), np.array([])))
    assert (len(away), np.isinf(away).all(), set(rows)) == (N_POINTS, True, {-1})
