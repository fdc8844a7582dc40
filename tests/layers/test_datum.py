"""The datum shifts: known size over the region, exact inverse, nothing outside China."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from steppe.layers.datum import (
    bd09_to_gcj02,
    gcj02_to_bd09,
    gcj02_to_wgs84,
    shift_extent,
    to_wgs84,
    wgs84_to_gcj02,
)

GEOD = Geod(ellps="GRS80")
LONS, LATS = st.floats(97.2, 126.1), st.floats(37.4, 53.4)


def away_m(lon, lat, lon2, lat2) -> np.ndarray:
    return np.asarray(GEOD.inv(lon, lat, lon2, lat2)[2])


def test_the_shift_over_the_region_has_the_published_size() -> None:
    """Median 515 m, between 35 and 678 m, over 20 000 points (docs/model.md)."""
    rng = np.random.default_rng(1)
    lon, lat = rng.uniform(97.2, 126.1, 20_000), rng.uniform(37.4, 53.4, 20_000)
    shift = away_m(lon, lat, *wgs84_to_gcj02(lon, lat))
    assert np.median(shift) == pytest.approx(515, abs=10)
    assert shift.min() == pytest.approx(35, abs=15)
    assert shift.max() == pytest.approx(678, abs=10)


# The worked pairs of the project eviltransform (its tests hold them to a few metres).
@pytest.mark.parametrize(
    ("wgs84", "gcj02"),
    [
        ((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),
        ((113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),
        ((116.377817, 39.911954), (116.38404722455657, 39.91334545536069)),
    ],
)
def test_published_pairs(wgs84: tuple[float, float], gcj02: tuple[float, float]) -> None:
    assert away_m(*wgs84_to_gcj02(*wgs84), *gcj02) < 0.05


@given(LONS, LATS)
def test_the_inverse_of_gcj02_is_exact_to_a_millimetre(lon: float, lat: float) -> None:
    assert away_m(lon, lat, *gcj02_to_wgs84(*wgs84_to_gcj02(lon, lat))) < 0.001


@given(LONS, LATS)
def test_the_inverse_of_bd09_is_exact_to_a_millimetre(lon: float, lat: float) -> None:
    assert away_m(lon, lat, *bd09_to_gcj02(*gcj02_to_bd09(lon, lat))) < 0.001


# Well within China: the plain of the north, the plateau, the basin of the south-west.
@given(st.floats(102.0, 117.0), st.floats(29.0, 40.0), st.sampled_from(["gcj02", "bd09"]))
def test_a_shift_in_china_is_undone_to_a_millimetre(lon: float, lat: float, datum: str) -> None:
    shifted = wgs84_to_gcj02(lon, lat)
    if datum == "bd09":
        shifted = gcj02_to_bd09(*shifted)
    assert away_m(lon, lat, *to_wgs84(*shifted, datum=datum)) < 0.001


HOME = {
    "Beijing": (116.4, 39.9), "Erenhot": (111.977, 43.648), "Manzhouli": (117.433, 49.6),
    "Ganqimaodu": (107.62, 42.40), "Heihe": (127.49, 50.24), "Suifenhe": (131.15, 44.40),
    "Dandong": (124.38, 40.12), "Khorgos": (80.41, 44.21), "Kashgar": (75.99, 39.47),
    "Hekou": (103.95, 22.53), "Qingdao": (120.38, 36.06), "Hong Kong": (114.17, 22.30),
    "Sanya": (109.5, 18.25), "off Shanghai": (122.0, 30.7),
}  # fmt: skip
ABROAD = {
    "Ulaanbaatar": (106.9, 47.92), "Zamyn-Uud": (111.904, 43.717), "Chita": (113.5, 52.03),
    "Zabaikalsk": (117.327, 49.651), "Blagoveshchensk": (127.53, 50.28), "Khovd": (91.6, 48.0),
    "Vladivostok": (131.9, 43.12), "Almaty": (76.95, 43.25), "Hanoi": (105.85, 21.03),
    "Seoul": (127.0, 37.5), "Osh": (72.8, 40.5), "Kathmandu": (85.3, 27.7),
}  # fmt: skip


@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
@pytest.mark.parametrize("place", HOME.values(), ids=HOME)
def test_a_place_in_china_is_moved_back(place: tuple[float, float], datum: str) -> None:
    assert 30 < away_m(*place, *to_wgs84(*place, datum=datum)) < 2500


@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
@pytest.mark.parametrize("place", ABROAD.values(), ids=ABROAD)
def test_a_place_abroad_stays(place: tuple[float, float], datum: str) -> None:
    """The box of the formulas holds them all, and moved Ulaanbaatar by 451 m."""
    assert tuple(float(x) for x in to_wgs84(*place, datum=datum)) == place


@given(LONS, LATS)
def test_neighbours_keep_their_order(lon: float, lat: float) -> None:
    here, east, north = (
        wgs84_to_gcj02(lon, lat),
        wgs84_to_gcj02(lon + 0.001, lat),
        wgs84_to_gcj02(lon, lat + 0.001),
    )
    assert east[0] > here[0]
    assert north[1] > here[1]


@pytest.mark.parametrize("place", [(2.35, 48.86), (37.62, 55.75), (139.7, 35.7)])
def test_nothing_moves_outside_china(place: tuple[float, float]) -> None:
    assert tuple(float(x) for x in wgs84_to_gcj02(*place)) == place


@pytest.mark.parametrize("datum", ["wgs84", "cgcs2000"])
def test_the_true_datums_pass_unchanged(datum: str) -> None:
    assert tuple(float(x) for x in to_wgs84(111.65, 40.81, datum=datum)) == (111.65, 40.81)


@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
def test_a_hundred_thousand_points_over_china_come_back_to_a_millimetre(datum: str) -> None:
    rng = np.random.default_rng(6)
    extent = shift_extent()
    west, south, east, north = extent.bounds
    lon, lat = rng.uniform(west, east, 240_000), rng.uniform(south, north, 240_000)
    # The extent goes 2.5 km beyond the border; a shift leads 1.3 km at most.
    inside = shapely.contains_xy(shapely.buffer(extent, -0.02), lon, lat)
    lon, lat = lon[inside][:100_000], lat[inside][:100_000]
    assert len(lon) == 100_000
    shifted = wgs84_to_gcj02(lon, lat)
    if datum == "bd09":
        shifted = gcj02_to_bd09(*shifted)
    assert away_m(lon, lat, *shifted).max() > 600
    assert away_m(lon, lat, *to_wgs84(*shifted, datum=datum)).max() < 0.001


@pytest.mark.parametrize("datum", ["gcj02", "bd09", "cgcs2000", "wgs84"])
def test_no_point_outside_china_moves(datum: str) -> None:
    rng = np.random.default_rng(7)
    lon, lat = rng.uniform(60, 150, 150_000), rng.uniform(0, 60, 150_000)
    outside = ~shapely.contains_xy(shift_extent(), lon, lat)
    lon, lat = lon[outside], lat[outside]
    assert len(lon) > 100_000
    found = to_wgs84(lon, lat, datum=datum)
    assert np.array_equal(found[0], lon)
    assert np.array_equal(found[1], lat)
