"""Measures at many points at once are the measures at each of them."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
from shapely.geometry import MultiPoint, box

from steppe.criteria.climate import MONTHS, interpolate_climate
from steppe.criteria.point_surfaces import find_rates, find_temperatures
from steppe.criteria.seismicity import Window, measure_rate
from steppe.criteria.settings import Climate
from steppe.criteria.surface_grid import LEAST_STEP_DEG, lay_grid
from steppe.layers.extents import EVERYWHERE, Extent
from steppe.layers.tables import Raster

BOX = (108.0, 38.0, 116.0, 44.0)
EXTENTS = {
    "everywhere": EVERYWHERE,
    "box": Extent(box(108.5, 38.5, 115.0, 43.0)),
    "wider": Extent(box(110.0, 40.0, 113.0, 42.0), within_km=120.0),
    "points": Extent(MultiPoint([(111.0, 41.0), (114.0, 40.0)]), within_km=250.0),
    "nowhere": Extent(MultiPoint([])),
}
COMPLETE = (Window(5.5, 1960, 2016, "catalogue"), Window(5.0, 1990, 2016, "catalogue"))


def scatter(number: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    draw = np.random.default_rng(seed)
    return draw.uniform(BOX[0], BOX[2], number), draw.uniform(BOX[1], BOX[3], number)


def layer(lons, lats, **columns) -> gpd.GeoDataFrame:
    columns = {"source_id": "office", "accuracy_m": 0.0} | columns
    points = gpd.points_from_xy(lons, lats)
    return gpd.GeoDataFrame(columns, index=range(len(points)), geometry=points, crs=4490)


def places(lons, lats) -> gpd.GeoDataFrame:
    return layer(lons, lats, park_id=[str(number) for number in range(len(lons))])


@pytest.mark.parametrize("extent", EXTENTS.values(), ids=EXTENTS)
@pytest.mark.parametrize("climate", [Climate(), Climate(n_stations=1, search_km=90.0)], ids=str)
def test_temperatures_are_those_of_the_measure(extent, climate):
    draw = np.random.default_rng(2)
    means = draw.uniform(-5.0, 15.0, 40)
    monthly = dict.fromkeys(MONTHS, means)
    stations = layer(
        *scatter(40, 1), elevation_m=draw.uniform(0.0, 2000.0, 40), temp_mean_c=means, **monthly
    )
    lons, lats = scatter(60, 3)
    heights = np.full((30, 40), 900.0, dtype=np.float32)
    heights[:8] = np.nan
    ground = Raster("elevation", heights, 107.9, 44.1, 0.21, "m", "", "", "office")
    wanted = interpolate_climate(
        places(lons, lats), stations, extent, ground,
        n_stations=climate.n_stations, search_km=climate.search_km,
    )  # fmt: skip
    heights_m = np.array([ground.at(*place) for place in zip(lons, lats, strict=True)])
    found = find_temperatures(stations, extent, lons, lats, heights_m, climate=climate)
    assert found == pytest.approx([each.temp_mean_c for each in wanted], abs=1e-9, nan_ok=True)
    assert np.isfinite(found).any() == (extent is not EXTENTS["nowhere"])


def test_where_few_stations_are_there_is_no_temperature():
    alone = layer(
        [111.0], [41.0], elevation_m=[900.0], temp_mean_c=[5.0], **dict.fromkeys(MONTHS, 5.0)
    )
    at = np.array([111.1]), np.array([41.0]), np.array([900.0])
    assert np.isnan(find_temperatures(alone, EVERYWHERE, *at, climate=Climate())).all()


@pytest.mark.parametrize("extent", EXTENTS.values(), ids=EXTENTS)
@pytest.mark.parametrize("windows", [COMPLETE, ()], ids=["complete", "never"])
def test_rates_are_those_of_the_measure(extent, windows):
    draw = np.random.default_rng(5)
    events = layer(
        *scatter(80, 4), magnitude=draw.uniform(4.5, 8.0, 80),
        year=draw.integers(1900, 2017, 80), event_id=[str(number) for number in range(80)],
    )  # fmt: skip
    lons, lats = scatter(50, 6)
    asked = {"magnitude": 5.5, "windows": windows}
    wanted = measure_rate(places(lons, lats), events, extent, **asked)
    found = find_rates(events, extent, lons, lats, **asked)
    values = [np.nan if each.value is None else each.value for each in wanted]
    assert found == pytest.approx(values, abs=1e-12, nan_ok=True)


def test_the_grid_is_of_whole_blocks_and_their_mean_heights():
    values = np.arange(24.0, dtype=np.float32).reshape(4, 6)
    values[0, 0] = np.nan
    values[2:, 2:4] = np.nan
    grid = lay_grid(Raster("elevation", values, 100.0, 50.0, LEAST_STEP_DEG / 2, "m", "", "", ""))
    assert grid.step_deg == pytest.approx(LEAST_STEP_DEG)
    assert grid.heights_m == pytest.approx(
        np.array([[(1 + 6 + 7) / 3, 5.5, 7.5], [15.5, np.nan, 19.5]]), nan_ok=True
    )
    lons, lats = grid.middles
    assert lons[:3] == pytest.approx([100.1, 100.3, 100.5])
    assert lats[[0, 3]] == pytest.approx([49.9, 49.7])


@pytest.mark.parametrize(("shape", "step_deg"), [((3, 2), 1.0), ((1, 1), 0.01), ((900, 901), 0.25)])
def test_a_grid_is_never_finer_than_its_ground_nor_of_too_many_cells(shape, step_deg):
    ground = Raster("elevation", np.ones(shape, np.float32), 0.0, 0.0, step_deg, "m", "", "", "")
    grid = lay_grid(ground)
    assert grid.step_deg >= step_deg
    assert 1 <= grid.heights_m.size <= 40_000
