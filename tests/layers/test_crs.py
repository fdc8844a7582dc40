"""Lengths on the ellipsoid, areas in the plan's Albers."""

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import LineString, box

from steppe.layers.crs import GEOD, WORKING_CRS, albers, distance_km, line_km

BBOX = (97.2, 37.4, 126.1, 53.4)


def test_a_degree_of_latitude_has_its_length_on_grs80() -> None:
    """One degree from 40° to 41° N is 111.04 km (Snyder 1987, table 4 gives 111.034 at 40°)."""
    assert line_km(LineString([(111, 40), (111, 41)])) == pytest.approx(111.04, abs=0.02)


def test_the_meridian_quadrant() -> None:
    """The quadrant of GRS80 is 10 001.965 7293 km (Moritz, Geodetic Reference System 1980)."""
    assert line_km(LineString([(0, 0), (0, 90)])) == pytest.approx(10_001.965_7293, abs=1e-4)


@given(st.floats(97.3, 125.0), st.floats(37.5, 52.3))
def test_albers_keeps_areas(lon: float, lat: float) -> None:
    cell = box(lon, lat, lon + 1, lat + 1).segmentize(0.01)
    true_km2 = abs(GEOD.geometry_area_perimeter(cell)[0]) / 1e6
    flat = gpd.GeoSeries([cell], crs=WORKING_CRS).to_crs(albers(BBOX))
    assert flat.area.iloc[0] / 1e6 == pytest.approx(true_km2, rel=1e-4)


@pytest.mark.parametrize(
    "box_deg",
    [
        (95, -30, 125, 30), (95, 0, 125, 30), (95, -30, 125, 0), (95, -1, 125, 40),
        (95, 60, 125, 90), (-180, -90, 180, 90), (170, -50, 180, -20), (95, -90, 125, -60),
        (0, 1e-9, 1, 2e-9), (95, 89.9, 125, 90), (95, 0.1, 96, 0.2),
    ],
)  # fmt: skip
def test_every_region_has_an_equal_area_crs(box_deg: tuple[float, float, float, float]) -> None:
    """Also where Albers is none: over the equator; and at a pole."""
    west, south, east, north = box_deg
    lon, lat = (3 * west + east) / 4, (3 * south + north) / 4
    cell = box(lon, lat, lon + (east - west) / 20, lat + (north - south) / 20).segmentize(0.05)
    true_km2 = abs(GEOD.geometry_area_perimeter(cell)[0]) / 1e6
    flat = gpd.GeoSeries([cell], crs=WORKING_CRS).to_crs(albers(box_deg))
    assert flat.area.iloc[0] / 1e6 == pytest.approx(true_km2, rel=2e-3)


def test_distances_are_those_of_the_geodesic() -> None:
    lons, lats = [111.65, 113.11, 111.65], [40.81, 41.03, 40.81]
    expected = [
        GEOD.inv(116.4, 39.9, lon, lat)[2] / 1000 for lon, lat in zip(lons, lats, strict=True)
    ]
    found = distance_km(116.4, 39.9, lons, lats)
    assert np.allclose(found, expected, rtol=0, atol=1e-9)
