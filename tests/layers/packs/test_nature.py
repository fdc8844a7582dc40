"""Slope of planes that are known, and the lakes and mountains that everyone knows."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import rasterio
from hypothesis import given
from hypothesis import strategies as st

from layers.crs import GEOD
from layers.packs.nature import slope_deg

STEP_DEG = 0.02


def _plane(lat: float, *, east: float, north: float) -> np.ndarray:
    """Heights of a plane with these gradients, on 7 x 7 cells about a latitude."""
    place = (np.arange(7) - 3.0) * STEP_DEG
    east_m = GEOD.inv(100.0, lat, 100.0 + STEP_DEG, lat)[2] / STEP_DEG
    north_m = GEOD.inv(100.0, lat - 0.5, 100.0, lat + 0.5)[2]
    return 1000.0 + east * east_m * place[None, :] - north * north_m * place[:, None]


@pytest.mark.parametrize("lat", [0.0, 29.5, 40.8, 54.0])
@pytest.mark.parametrize(
    ("east", "north"), [(0.1, 0.0), (0.0, 0.1), (-0.06, 0.08), (0.0, 0.0), (1.0, 0.0)]
)
def test_a_tilted_plane_has_its_slope_at_every_latitude(lat, east, north) -> None:
    found = slope_deg(
        _plane(lat, east=east, north=north),
        west=100.0 - 3.5 * STEP_DEG,
        north=lat + 3.5 * STEP_DEG,
        step_deg=STEP_DEG,
    )
    inner = found[1:-1, 1:-1]
    # Cells two rows off are 0.1 % narrower or wider.
    expected = np.degrees(np.arctan(np.hypot(east, north)))
    assert inner[2, 2] == pytest.approx(expected, rel=1e-4, abs=1e-9)
    assert inner == pytest.approx(expected, rel=3e-3, abs=1e-9)
    rim = np.ones(found.shape, dtype=bool)
    rim[1:-1, 1:-1] = False
    assert np.isnan(found[rim]).all()


@given(st.floats(-0.5, 0.5), st.floats(-0.5, 0.5))
def test_turning_a_plane_about_does_not_change_its_slope(east: float, north: float) -> None:
    sides = [
        slope_deg(
            _plane(40.0, east=sign * east, north=sign * north),
            west=100.0 - 3.5 * STEP_DEG,
            north=40.0 + 3.5 * STEP_DEG,
            step_deg=STEP_DEG,
        )[3, 3]
        for sign in (1, -1)
    ]
    assert sides[0] == pytest.approx(sides[1])


def test_next_to_the_unknown_there_is_no_slope() -> None:
    heights = _plane(40.0, east=0.1, north=0.0)
    heights[3, 3] = np.nan
    found = slope_deg(heights, west=100.0, north=40.0, step_deg=STEP_DEG)
    known = np.isfinite(found)
    assert not known[2:5, 2:5].any()
    assert known[1, 1:-1].all()


@pytest.fixture(scope="module")
def slopes(pack: Path):
    with rasterio.open(pack / "slope.tif") as grid:

        def around(lon: float, lat: float) -> float:
            """Mean slope within about 10 km, degrees."""
            row, column = grid.index(lon, lat)
            part = values[row - 2 : row + 3, column - 2 : column + 3]
            return float(part.mean()) / 10.0

        values = grid.read(1, masked=True)
        yield around


def test_plains_are_flat_and_ranges_are_not(slopes) -> None:
    """Slope from cells of 2 km: a plain below half a degree, a range of 2000 m above four."""
    for lon, lat in ((116.5, 38.5), (107.5, 40.85), (122.3, 43.6)):  # Hebei, Hetao, Tongliao
        assert slopes(lon, lat) < 0.5
    for lon, lat in ((103.3, 31.2), (107.8, 33.95)):  # Longmen Shan, Taibai Shan
        assert slopes(lon, lat) > 4.0


def test_the_slope_grid_lies_on_the_elevation_grid(pack: Path) -> None:
    with rasterio.open(pack / "slope.tif") as slope, rasterio.open(pack / "elevation.tif") as land:
        assert (slope.transform, slope.shape, slope.crs) == (land.transform, land.shape, land.crs)
        assert slope.read(1, masked=True).min() >= 0
        assert slope.read(1, masked=True).max() < 450  # tenths; nothing of 2 km is as steep


@pytest.mark.parametrize(
    ("name", "area_km2"),
    # Areas as commonly given; lakes of the steppe come and go.
    [("Qinghai Hu", 4400), ("Hulun Nuur", 2339), ("Khövsgöl Nuur", 2760), ("Buyr Nuur", 615)],
)
def test_large_lakes_have_their_area(pack: Path, name: str, area_km2: float) -> None:
    lakes = gpd.read_file(pack / "lakes.geojson").set_index("name")
    found = abs(GEOD.geometry_area_perimeter(lakes.loc[name, "geometry"])[0]) / 1e6
    assert found == pytest.approx(area_km2, rel=0.06)


def test_lakes_are_valid_and_not_small(pack: Path) -> None:
    lakes = gpd.read_file(pack / "lakes.geojson")
    assert lakes.is_valid.all()
    area_km2 = [abs(GEOD.geometry_area_perimeter(shape)[0]) / 1e6 for shape in lakes.geometry]
    # Clipping at the edge of the base map and generalising take a little away.
    assert np.percentile(area_km2, 5) > 45
