"""The datum shifts: known size over the region, exact inverse, nothing outside China."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from layers.datum import bd09_to_gcj02, gcj02_to_bd09, gcj02_to_wgs84, to_wgs84, wgs84_to_gcj02

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
    twice = gcj02_to_bd09(*wgs84_to_gcj02(lon, lat))
    assert away_m(lon, lat, *to_wgs84(*twice, datum="bd09")) < 0.001


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
