"""Which lines and areas of a wide layer the page carries: those near a park."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pytest
import shapely

from steppe.maps.page_points import MOST_POINTS, find_shown
from steppe.maps.style import STYLES

ROADS = next(style for style in STYLES if style.layer == "roads")
LAND = next(style for style in STYLES if style.layer == "land_use")
PARKS = gpd.GeoDataFrame(geometry=gpd.points_from_xy([111.0], [41.0]), crs=4490)


def test_a_road_that_passes_by_is_near_though_its_ends_are_far() -> None:
    roads = gpd.GeoDataFrame(
        geometry=[
            shapely.LineString([(105.0, 41.1), (117.0, 41.1)]),
            shapely.LineString([(105.0, 43.0), (117.0, 43.0)]),
            shapely.LineString([(111.0, 41.0), (111.1, 41.0)]),
        ],
        crs=4490,
    )
    near, reach_km = find_shown(roads, ROADS, PARKS)
    assert near.tolist() == [True, False, True]
    assert reach_km == 100.0


def test_an_area_is_as_near_as_its_edge() -> None:
    land = gpd.GeoDataFrame(
        geometry=[shapely.box(111.2, 40.9, 112.0, 41.1), shapely.box(111.3, 40.9, 112.0, 41.1)],
        crs=4490,
    )
    near, _ = find_shown(land, LAND, PARKS)  # 17 and 25 km
    assert near.tolist() == [True, False]


@pytest.mark.parametrize("n_vertices", [2, 50])
def test_a_dense_layer_is_shown_nearer_so_that_the_page_stays_small(n_vertices) -> None:
    generator = np.random.default_rng(3)
    starts = generator.uniform((110.0, 40.3), (112.0, 41.7), (8000, 2))
    steps = np.linspace((0, 0), (0.001, 0.001), n_vertices)
    lines = shapely.linestrings(starts[:, None, :] + steps[None])
    near, reach_km = find_shown(gpd.GeoDataFrame(geometry=lines, crs=4490), ROADS, PARKS)
    assert 0 < near.sum() * n_vertices <= MOST_POINTS
    assert reach_km < 100.0
    away = np.hypot((starts[:, 0] - 111.0) * 84.0, (starts[:, 1] - 41.0) * 111.0)
    assert away[near].max() < 1.02 * reach_km
    assert away[~near].min() > 0.98 * reach_km


def test_without_parks_nothing_is_near() -> None:
    near, _ = find_shown(PARKS.iloc[[0]], replace(ROADS, page_km=5.0), PARKS.iloc[:0])
    assert near.tolist() == [False]
