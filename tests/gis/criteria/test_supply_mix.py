"""The green share of the plants near a park: hand-made fleets, and any fleet."""

from __future__ import annotations

import geopandas as gpd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import Point

from steppe.criteria.supply_mix_measures import GREEN, measure_green_share
from steppe.layers.crs import WORKING_CRS
from steppe.layers.extents import EVERYWHERE, Extent
from steppe.layers.wording import say

CARRIERS = ("coal", "gas", "nuclear", "wind", "solar", "hydro")


def park(accuracy_m: float = 100.0) -> gpd.GeoDataFrame:
    row = {"park_id": "a", "accuracy_m": accuracy_m}
    return gpd.GeoDataFrame([row], geometry=[Point(110, 41)], crs=WORKING_CRS)


def fleet(*rows: tuple) -> gpd.GeoDataFrame:
    """Plants as (energy, MW, degrees east of the park, start year or None)."""
    table = [
        {
            "energy": energy, "capacity_mw": mw, "status": "operating", "source_id": "s",
            "as_of": "2023-07-01", "start_year": year, "retired_year": None,
        }
        for energy, mw, _, year in rows
    ]  # fmt: skip
    points = [Point(110 + east, 41) for _, _, east, _ in rows]
    return gpd.GeoDataFrame(table, geometry=points, crs=WORKING_CRS)


def share(plants, *, extent=EVERYWHERE, year=2024, accuracy_m=100.0, radius_km=100.0):
    site = park(accuracy_m)
    (found,) = measure_green_share(site, plants, extent, year=year, radius_km=radius_km)
    return found


def test_the_share_is_that_of_the_megawatts_within_100_km() -> None:
    """300 MW of wind and 100 of water beside 600 of coal; the sun 1.5 degrees (126 km) off is far."""
    near = fleet(
        ("wind", 300, 0.1, 2010), ("hydro", 100, 0.2, 2000), ("coal", 600, 0.3, 1990),
        ("solar", 5000, 1.5, 2015),
    )  # fmt: skip
    found = share(near)
    assert (found.value, found.low, found.high) == pytest.approx((0.4, 0.4, 0.4))
    assert say(found.reason, "en").startswith("of 1,000 MW in operation within 100 km")
    # From 150 km off the sun counts too.
    found = share(near, radius_km=150.0)
    assert found.value == pytest.approx(5400 / 6000)
    assert "within 150 km" in say(found.reason, "en")


def test_nuclear_is_not_green_and_what_began_later_does_not_run() -> None:
    plants = fleet(("nuclear", 500, 0.1, 2000), ("wind", 500, 0.1, 2022))
    assert share(plants).value == pytest.approx(0.5)
    assert share(plants, year=2020).value == 0.0


def test_a_plant_that_may_not_have_run_widens_the_share() -> None:
    """Wind without a year before the layer's date: none of it, or all of it."""
    plants = fleet(("coal", 100, 0.1, 2000), ("wind", 300, 0.1, None))
    found = share(plants, year=2015)
    assert (found.low, found.high) == pytest.approx((0.0, 0.75))


def test_where_nothing_runs_or_the_layer_ends_it_is_unknown() -> None:
    far = fleet(("wind", 100, 5.0, 2000))
    assert share(far).status == "unknown"
    near = fleet(("wind", 100, 0.1, 2000), ("coal", 100, 0.1, 2000))
    assert share(near, extent=Extent(Point(110, 41), within_km=90.0)).status == "unknown"
    assert share(near, extent=Extent(Point(110, 41), within_km=110.0)).value == 0.5


@given(
    st.lists(
        st.tuples(
            st.sampled_from(CARRIERS), st.floats(1, 5000), st.floats(-2, 2),
            st.one_of(st.none(), st.integers(1990, 2023)),
        ),
        min_size=1, max_size=8,
    ),
    st.integers(1985, 2030),
    st.sampled_from([100.0, 20_000.0]),
)  # fmt: skip
def test_of_any_fleet_it_is_a_share_within_its_band(rows, year, accuracy_m) -> None:
    found = share(fleet(*rows), year=year, accuracy_m=accuracy_m)
    if found.value is None:
        return
    assert 0 <= found.low <= found.value <= found.high <= 1
    if all(energy in GREEN for energy, *_ in rows):
        assert found.low == 1
