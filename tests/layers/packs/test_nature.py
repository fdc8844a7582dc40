"""Slope of planes that are known, and the lakes and mountains that everyone knows."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
from hypothesis import given
from hypothesis import strategies as st

from steppe.layers.crs import GEOD
from steppe.layers.packs.nature import MONTHLY_C, YEARLY_C, recover_july, slope_deg

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


def _normals(july_c: float) -> pd.DataFrame:
    """One station: ten months at 0 °C, June at 20 °C, and a yearly mean that holds July."""
    row = dict.fromkeys(MONTHLY_C, 0.0)
    row |= {MONTHLY_C[5]: 20.0, MONTHLY_C[6]: 20.0, YEARLY_C: (20.0 + july_c) / 12.0}
    return pd.DataFrame([row])


@pytest.mark.parametrize("july_c", [22.3, 20.0, 18.0])
def test_july_is_what_the_yearly_mean_lacks(july_c: float) -> None:
    months = recover_july(_normals(july_c))
    assert months[0].tolist() == pytest.approx([0.0] * 5 + [20.0, july_c] + [0.0] * 5)


def test_a_source_that_holds_july_is_not_mended_again() -> None:
    whole = _normals(22.0).assign(**{MONTHLY_C[6]: 22.0})
    with pytest.raises(ValueError, match="no longer repeats June as July"):
        recover_july(whole)


@pytest.mark.packs
def test_the_source_repeats_june_as_july(datasets: Path) -> None:
    raw = pd.read_csv(datasets / "climate" / "chelsa_v1_1979_2013_at_isd_stations.csv")
    assert raw[MONTHLY_C[6]].equals(raw[MONTHLY_C[5]])


def test_july_of_the_stations_is_the_warmest_month_or_nearly(pack: Path) -> None:
    """Inland at 30 to 50 N the warmest month is July; August is so on some coasts and hills."""
    stations = pd.read_csv(pack / "stations.csv")
    months = stations[[f"temp_{month:02d}_c" for month in range(1, 13)]]
    assert (months["temp_07_c"] >= months["temp_06_c"] - 0.4).all()
    assert (months["temp_07_c"] >= months["temp_08_c"] - 1.0).all()
    assert (months.idxmax(axis=1) == "temp_07_c").mean() > 0.9
    # The yearly mean is that of another grid of the source: one station is half a degree off.
    away = months.mean(axis=1) - stations["temp_mean_c"]
    assert away.abs().median() < 0.01
    assert away.abs().max() <= 0.5 + 1e-9
