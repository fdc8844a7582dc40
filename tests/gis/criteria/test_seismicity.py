"""Seismicity: tables of Poisson's limits, windows of completeness, and faults nobody mapped."""

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod
from scipy.stats import poisson
from shapely.geometry import LineString, Point, box

from steppe.criteria.seismicity import (
    Window,
    measure_events,
    measure_faults,
    measure_rate,
    poisson_interval,
)
from steppe.layers.extents import Extent, hull_extent
from steppe.layers.wording import say

GEOD = Geod(ellps="GRS80")
HERE = (111.0, 41.0)
WIDE = Extent(box(90.0, 25.0, 130.0, 60.0))
CUT = Extent(box(109.0, 25.0, 130.0, 60.0))
COMPLETE = Window(5.5, 1960, 2016, "catalogue")


# Garwood 1936, two-sided 95 %, as every table of exact Poisson limits prints them.
@pytest.mark.parametrize(
    ("count", "low", "high"),
    [(0, 0.0, 3.689), (1, 0.0253, 5.572), (2, 0.242, 7.225), (3, 0.619, 8.767), (5, 1.623, 11.668),
     (10, 4.795, 18.390), (20, 12.217, 30.888)],
)  # fmt: skip
def test_the_limits_are_those_of_the_tables(count: int, low: float, high: float) -> None:
    assert poisson_interval(count) == pytest.approx((low, high), abs=6e-4)


@given(st.integers(1, 200), st.sampled_from([0.68, 0.9, 0.95, 0.99]))
def test_each_limit_leaves_its_tail_of_the_distribution(count: int, confidence: float) -> None:
    low, high = poisson_interval(count, confidence=confidence)
    tail = (1 - confidence) / 2
    assert poisson.sf(count - 1, low) == pytest.approx(tail, rel=1e-6)
    assert poisson.cdf(count, high) == pytest.approx(tail, rel=1e-6)


def park(place=HERE, *, accuracy_m: float = 1000.0) -> gpd.GeoDataFrame:
    rows = {"park_id": ["p"], "accuracy_m": [accuracy_m]}
    return gpd.GeoDataFrame(rows, geometry=[Point(place)], crs=4490)


def events(*rows: tuple[float, int, float]) -> gpd.GeoDataFrame:
    """Make events at (km north of the park, year, magnitude)."""
    places = [Point(GEOD.fwd(*HERE, 0, 1000 * km)[:2]) for km, _, _ in rows]
    data = {
        "event_id": [str(number) for number in range(len(rows))],
        "year": [year for _, year, _ in rows], "magnitude": [m for _, _, m in rows],
        "magnitude_type": ["Mw"] * len(rows), "accuracy_m": [25_000.0] * len(rows),
        "source_id": ["catalogue"] * len(rows),
    }  # fmt: skip
    return gpd.GeoDataFrame(data, geometry=places, crs=4490)


RECORD = events(
    (299, 1960, 5.5), (10, 2016, 6.0), (301, 1990, 7.0), (10, 1959, 6.0), (10, 2017, 6.0),
    (50, 1980, 5.4), (200, -512, 7.5), (280, 1739, 8.0),
)  # fmt: skip


def rate(layer=RECORD, *, magnitude=5.5, windows=(COMPLETE,), extent=WIDE):
    (found,) = measure_rate(park(), layer, extent, magnitude=magnitude, windows=windows)
    return found


def test_only_events_of_the_window_the_circle_and_the_magnitude_count() -> None:
    found = rate()
    low, high = poisson_interval(2)
    assert (found.value, found.low, found.high) == pytest.approx((2 / 57, low / 57, high / 57))
    assert say(found.text, "en") == "2 events in 57 years"
    assert "1960 to 2016" in say(found.reason, "en")


def test_no_event_at_all_still_has_an_upper_limit() -> None:
    found = rate(events((500, 1990, 6.0)))
    assert (found.value, found.low) == (0.0, 0.0)
    assert found.high == pytest.approx(3.689 / 57, abs=1e-5)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"windows": ()}, "complete"),
        ({"magnitude": 5.0}, "complete"),  # complete from 5.5 says nothing of 5.0
        ({"extent": CUT}, "covers 168 km round the point where 301 km are asked"),
        ({"extent": hull_extent([Point(HERE)])}, "outside of what the layer of earthquakes covers"),
    ],
)
def test_a_rate_that_cannot_be_told_is_unknown(change, why: str) -> None:
    found = rate(**change)
    assert (found.status, found.value, found.high) == ("unknown", None, None)
    assert why in say(found.reason, "en")


def test_the_largest_and_the_nearest_of_all_years() -> None:
    largest, nearest = measure_events(park(), RECORD, WIDE)
    assert (largest.value, largest.low, largest.high) == (8.0, 8.0, 8.0)
    assert nearest.value == pytest.approx(10.0, abs=0.1)
    assert (nearest.low, nearest.high) == pytest.approx((0.0, 36.0), abs=0.05)
    cut, near = measure_events(park(), RECORD, CUT)
    # What lies west of the catalogue may have been larger, but no smaller.
    assert (cut.status, cut.low, cut.high) == ("unknown", 8.0, None)
    assert near == nearest


def test_without_an_event_in_reach_nothing_is_known() -> None:
    largest, nearest = measure_events(park(), events((400, 1990, 7.0)), WIDE)
    assert (largest.status, largest.low) == ("unknown", None)
    assert nearest.value == pytest.approx(400, abs=0.1)


def lines(*shapes) -> gpd.GeoDataFrame:
    rows = {"source_id": ["gem"] * len(shapes), "accuracy_m": [5000.0] * len(shapes)}
    return gpd.GeoDataFrame(rows, geometry=list(shapes), crs=4490)


FAULT = lines(LineString([(111.5, 39), (111.5, 43)]))
AROUND = Extent(box(110, 40, 112, 42))


def test_a_mapped_fault_is_as_far_as_the_meridian_that_it_lies_on() -> None:
    (found,) = measure_faults(park(), FAULT, AROUND)
    along = GEOD.inv(np.full(4001, 111.0), np.full(4001, 41.0), np.full(4001, 111.5),
                     np.linspace(39, 43, 4001))[2].min() / 1000  # fmt: skip
    assert found.value == pytest.approx(along, abs=0.05)
    assert (found.low, found.high) == pytest.approx((along - 6, along + 6), abs=0.05)


@pytest.mark.parametrize(
    ("place", "low", "high"),
    # In the open; and inside, but nearer to the edge (16.9 km) than to the fault (25.3 km).
    [((115.0, 41.0), None, 295.0), ((111.8, 41.0), 10.9, 31.3)],
)
def test_outside_of_what_is_known_a_fault_is_unknown_not_far(place, low, high) -> None:
    (found,) = measure_faults(park(place), FAULT, AROUND)
    assert (found.status, found.value) == ("unknown", None)
    assert found.low == (None if low is None else pytest.approx(low, abs=0.2))
    assert found.high == pytest.approx(high, abs=6.0)
    assert say(found.reason, "en")
