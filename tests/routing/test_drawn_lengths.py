"""How long a drawn route may be: published lengths of railways, and lines of known shape."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod
from shapely.geometry import LineString

from steppe.routing.drawn_lengths import drawn_range_km
from steppe.routing.latency import length_band, planning_route_km

ELLIPSOID = Geod(ellps="GRS80")


def _km(line: LineString) -> float:
    return float(ELLIPSOID.geometry_length(line)) / 1000.0


def test_the_published_length_of_each_railway_lies_in_the_band_of_its_line(pack) -> None:
    rails = gpd.read_file(pack / "corridors.geojson").dropna(subset=["rail_km"])
    numbers = rails[["rail_km", "length_km", "accuracy_m"]].astype(float).to_numpy()
    assert len(rails) == 26
    for name, line, (rail_km, length_km, accuracy_m) in zip(
        rails["corridor_id"], rails.geometry, numbers, strict=True
    ):
        low, high = drawn_range_km(line, length_km, accuracy_km=accuracy_m / 1000.0)
        assert low <= rail_km <= high, name


def test_the_band_of_a_drawn_route_is_as_narrow_as_its_line_is_true() -> None:
    """A route of 344 km: to 10 m hardly more than its slack, to 5 km more, to 200 km the rule."""
    line = LineString([(111.75 + step * 0.04, 40.84 + 0.02 * (step % 2)) for step in range(97)])
    length_km = _km(line)
    air_km = ELLIPSOID.inv(*line.coords[0], *line.coords[-1])[2] / 1000.0
    highs = []
    for accuracy_km in (0.0, 0.01, 0.1, 1.0, 200.0):
        drawn_km = drawn_range_km(line, length_km, accuracy_km=accuracy_km)
        low, central, high = length_band(length_km, air_km, drawn_km=drawn_km)
        assert central == pytest.approx(1.04 * length_km)
        assert air_km - 1e-6 <= low <= length_km
        highs.append(high / 1.06)
    assert highs == sorted(highs)
    assert highs[0] == pytest.approx(length_km)
    assert highs[1] == pytest.approx(length_km, rel=0.001)
    assert highs[-1] == pytest.approx(planning_route_km(length_km))


@given(
    st.lists(st.tuples(st.floats(-170, 170), st.floats(-80, 80)), min_size=2, max_size=6),
    st.floats(0, 3000),
)
def test_the_drawn_length_lies_between_its_ends(places, accuracy_km) -> None:
    line = LineString(places)
    length_km = _km(line)
    low, high = drawn_range_km(line, length_km, accuracy_km=accuracy_km)
    assert 0 <= low <= length_km <= high <= max(planning_route_km(length_km), length_km)


def test_a_railway_that_swings_out_three_times_is_not_longer_than_the_band() -> None:
    """A way that swings out 2 km and back three times in 60 km, drawn straight, true to 2 km."""
    east = 111.0 + np.arange(7) * 10.0 / 84.0
    north = 41.0 + 1.99 / 111.0 * (np.arange(7) % 2)
    swinging_km = _km(LineString(np.column_stack([east, north])))
    line = LineString([(east[0], 41.0), (east[-1], 41.0)])
    low, high = drawn_range_km(line, _km(line), accuracy_km=2.0)
    assert low == pytest.approx(_km(line) - 4.0)
    assert swinging_km == pytest.approx(high, rel=1e-3)
    assert swinging_km <= high
