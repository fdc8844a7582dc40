"""Grids round a site: circles in kilometres at any resolution, and nothing where nothing is known."""

import math
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from shapely.geometry import Point

from steppe.criteria.finding import Finding
from steppe.criteria.geology import measure_site_acceleration
from steppe.criteria.ground import cells_within, measure_grid_cells
from steppe.layers.tables import Raster
from steppe.layers.wording import say

HERE = (111.0, 41.0)


def grid(step_deg: float, values=None, *, name: str = "slope", unit: str = "°") -> Raster:
    """Make a grid from 109 to 113 E, 39 to 43 N; by default its values rise to the east."""
    n = round(4 / step_deg)
    if values is None:
        lon = 109 + (np.arange(n) + 0.5) * step_deg
        values = np.broadcast_to(lon - 109, (n, n))
    return Raster(
        name, values.astype(np.float32), 109.0, 43.0, step_deg, unit, "坡度", "Slope", "dem"
    )


def park(place=HERE, *, accuracy_m: float = 20_000.0) -> gpd.GeoDataFrame:
    rows = {"park_id": ["p"], "accuracy_m": [accuracy_m]}
    return gpd.GeoDataFrame(rows, geometry=[Point(place)], crs=4490)


def slope_of(raster: Raster, **where) -> Finding:
    (found,) = measure_grid_cells(park(**where), raster, measure_id="slope_deg")
    return found


def test_the_same_world_in_other_cells_gives_the_same_slope() -> None:
    """The slope rises evenly to the east, so the mean is that at the point, whatever the cells."""
    for step_deg in (0.05, 0.02, 0.01, 0.005):
        found = slope_of(grid(step_deg))
        assert found.value == pytest.approx(2.0, abs=0.6 * step_deg)
        reach = 20 / (111.32 * math.cos(math.radians(41)))
        assert found.high == pytest.approx(2.0 + reach, abs=step_deg)
        assert found.low == pytest.approx(2.0 - reach, abs=step_deg)


@settings(deadline=None, max_examples=20)
@given(st.floats(109.6, 112.4), st.floats(39.6, 42.4), st.integers(2, 5))
def test_cells_cut_into_smaller_ones_tell_the_same_of_a_point(lon, lat, parts) -> None:
    values = np.random.default_rng(7).uniform(0, 9, (80, 80))
    fine = np.kron(values, np.ones((parts, parts)))
    one = cells_within(grid(0.05, values), lon, lat, within_km=0.0)
    other = cells_within(grid(0.05 / parts, fine), lon, lat, within_km=0.0)
    # On an edge either cell may be taken for the point's own.
    if min(lon / 0.05 % 1, 1 - lon / 0.05 % 1, lat / 0.05 % 1, 1 - lat / 0.05 % 1) > 1e-6:
        assert one == pytest.approx(other)


def test_a_circle_is_no_box_and_no_diamond() -> None:
    """The cells of a circle of 20 km make up its area; a box has 27 % more, a diamond 36 % less."""
    step_deg = 0.005
    n_cells = cells_within(grid(step_deg), *HERE, within_km=20.0).size
    cell_km2 = (step_deg * 111.06) * (step_deg * 111.42 * math.cos(math.radians(41)))
    assert n_cells * cell_km2 == pytest.approx(math.pi * 400, rel=0.01)


def test_a_coarse_grid_on_a_small_place_still_speaks() -> None:
    assert cells_within(grid(1.0), *HERE, within_km=0.1).size == 1


@pytest.mark.parametrize("place", [(108.0, 41.0), (111.0, 45.0), (120.0, 41.0), (111.0, 38.0)])
def test_off_the_grid_nothing_is_known(place) -> None:
    found = slope_of(grid(0.05), place=place)
    assert (found.status, found.value, found.low) == ("unknown", None, None)


def test_holes_are_not_values() -> None:
    hole = grid(0.05)
    assert slope_of(replace(hole, values=np.full_like(hole.values, np.nan))).status == "unknown"
    east = np.where(np.arange(80) < 40, np.nan, hole.values).astype(np.float32)
    half = slope_of(replace(hole, values=east))
    assert (half.status, half.value, half.low, half.high) == ("unknown", None, None, None)


@given(
    lon=st.floats(108.5, 113.5),
    lat=st.floats(38.5, 43.5),
    km=st.floats(0.0, 60.0),
    hole=st.none() | st.tuples(st.integers(0, 79), st.integers(0, 79)),
    cut=st.integers(0, 60),
)
@settings(max_examples=60, deadline=None)
def test_part_of_a_grid_tells_what_the_whole_tells_or_nothing(lon, lat, km, hole, cut) -> None:
    """Cut off columns or lose a cell: a number that still is told is that of a grid without end."""
    # A point on the edge of two cells lies in either.
    assume(all(abs(at / 0.05 - round(at / 0.05)) > 1e-6 for at in (lon, lat)))
    whole = grid(0.05, np.random.default_rng(7).uniform(0, 9, (80, 80)))
    wide = np.pad(whole.values, 40, constant_values=5.0)
    endless = replace(whole, values=wide, west=whole.west - 2.0, north=whole.north + 2.0)
    values = np.array(whole.values)
    if hole:
        values[hole] = np.nan
    part = replace(whole, values=values[:, cut:], west=whole.west + cut * 0.05)
    found = slope_of(part, place=(lon, lat), accuracy_m=1000.0 * km)
    if found.status == "unknown":
        assert (found.value, found.low, found.high) == (None, None, None)
        return
    true = slope_of(endless, place=(lon, lat), accuracy_m=1000.0 * km)
    assert (found.value, found.low, found.high) == pytest.approx((true.value, true.low, true.high))
    # North, east, south and west of the park the disk ends within what is left.
    east_km = 111.3 * math.cos(math.radians(lat))
    assert lon - part.west > km / east_km - 0.06
    assert 113.0 - lon > km / east_km - 0.06
    assert min(lat - 39.0, 43.0 - lat) > km / 111.5 - 0.06


@pytest.mark.parametrize(
    ("place", "km"), [((109.1, 41.0), 20), ((112.9, 41.0), 20), ((111.0, 42.9), 20)]
)
def test_a_disk_that_leaves_the_grid_is_unknown_and_says_so(place, km: int) -> None:
    found = slope_of(grid(0.05), place=place, accuracy_m=1000.0 * km)
    assert (found.status, found.value, found.low) == ("unknown", None, None)
    assert "cells within 20 km only" in say(found.reason, "en")
    assert slope_of(grid(0.05), place=place, accuracy_m=1000.0).status == "derived"


def test_a_grid_round_the_globe_has_no_end_at_180() -> None:
    whole = Raster(
        "slope",
        np.full((180, 360), 3.0, np.float32),
        -180.0,
        90.0,
        1.0,
        "°",
        "坡度",
        "Slope",
        "dem",
    )
    assert slope_of(whole, place=(179.9, 10.0), accuracy_m=300_000.0).value == 3.0
    assert slope_of(whole, place=(-179.9, 89.5), accuracy_m=100_000.0).value == 3.0


@pytest.mark.parametrize(
    ("name", "unit", "measure_id", "scale"),
    [("slope", "0.1°", "slope_deg", 0.1), ("hazard", "m/s²", "hazard_pga_g", 1 / 9.80665),
     ("hazard", "g", "hazard_pga_g", 1.0), ("flood", "cm", "flood_depth_m", 0.01),
     ("water_stress", "%", "water_stress", 0.01)],
)  # fmt: skip
def test_units_are_turned(name, unit, measure_id, scale) -> None:
    flat = grid(0.05, np.full((80, 80), 3.0), name=name, unit=unit)
    (found,) = measure_grid_cells(park(), flat, measure_id=measure_id)
    assert (found.measure_id, found.value) == (measure_id, pytest.approx(3.0 * scale))


FACTORS = {"III": (1.30, 1.25, 1.15, 1.00, 1.00, 1.00), "IV": (1.25, 1.20, 1.10, 1.00, 0.95, 0.90)}


def site_g(basic_g: float | None, site_class: str | None) -> Finding:
    status, reason = ("unknown", "no town") if basic_g is None else ("derived", "")
    basic = Finding("p", "pga_g", status, value=basic_g, reason=reason)
    parks = park().assign(site_class=pd.Series([site_class], dtype=object))
    (found,) = measure_site_acceleration(parks, [basic], factors=FACTORS, source_id="gb")
    return found


@pytest.mark.parametrize(
    ("basic_g", "site_class", "expected"),
    # Class IV at 0.10 g: 0.12 g, the answer to a published exam question on GB 18306-2015.
    [(0.10, "IV", 0.12), (0.20, "II", 0.20), (0.05, "III", 0.065), (0.40, "IV", 0.36),
     (0.125, "III", 0.125 * 1.20), (0.02, "III", 0.026)],
)  # fmt: skip
def test_the_factor_of_the_ground(basic_g: float, site_class: str, expected: float) -> None:
    found = site_g(basic_g, site_class)
    assert found.value == pytest.approx(expected)
    assert found.status == "assumed"


@pytest.mark.parametrize(("basic_g", "site_class"), [(None, "IV"), (0.1, None), (0.1, "I0")])
def test_without_ground_or_factor_the_acceleration_is_unknown(basic_g, site_class) -> None:
    found = site_g(basic_g, site_class)
    assert (found.status, found.value) == ("unknown", None)
    assert say(found.reason, "en")
