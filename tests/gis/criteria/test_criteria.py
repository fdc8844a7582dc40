"""Measures against answers worked out another way, and the unknown that stays unknown."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod
from shapely.geometry import Point

from steppe.criteria.climate import (
    LAPSE_K_PER_M,
    MONTHS,
    interpolate_climate,
    leave_one_out_errors,
    measure_temperature,
)
from steppe.criteria.finding import Finding
from steppe.criteria.geology import measure_acceleration, next_classes
from steppe.criteria.power import measure_grid_distance, measure_operating_capacity
from steppe.criteria.registry import tabulate
from steppe.criteria.round_trip import measure_round_trip
from steppe.layers.extents import EVERYWHERE, Extent
from steppe.layers.tables import Raster
from steppe.layers.wording import say

GEOD = Geod(ellps="GRS80")
NEAR = {"n_stations": 6, "search_km": 300.0}


def find_temperature(parks, layer, height, *, extent: Extent = EVERYWHERE) -> list[Finding]:
    """The yearly mean at each park of parks, stations and ground."""
    return measure_temperature(interpolate_climate(parks, layer, extent, height, **NEAR))


def points(rows: dict[str, list], places: list[tuple[float, float]]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(rows, geometry=[Point(place) for place in places], crs=4490)


def park(*places: tuple[float, float], accuracy_m: float = 1000.0) -> gpd.GeoDataFrame:
    ids = [f"p{number}" for number in range(len(places))]
    return points({"park_id": ids, "accuracy_m": [accuracy_m] * len(ids)}, list(places))


def ground(height_m: float) -> Raster:
    values = np.full((400, 600), height_m, dtype=np.float32)
    return Raster("elevation", values, 97.0, 55.0, 0.05, "m", "海拔", "Elevation", "dem")


def stations(means: list[float], heights: list[float], places) -> gpd.GeoDataFrame:
    months = dict.fromkeys(MONTHS, means)
    rows = {"temp_mean_c": means, **months, "elevation_m": heights, "source_id": ["s"] * len(means)}
    return points(rows, places)


RING = [(111 + 0.5 * np.cos(a), 41 + 0.5 * np.sin(a)) for a in np.linspace(0, 5.5, 7)]


@given(st.floats(-10, 20), st.floats(0, 2500), st.floats(0, 2500))
def test_an_atmosphere_that_obeys_the_lapse_rate_is_found_exactly(
    sea_level_c: float, site_m: float, spread_m: float
) -> None:
    heights = [spread_m * share for share in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0, 0.5)]
    means = [sea_level_c - 0.0065 * height for height in heights]
    (found,) = find_temperature(park((111, 41)), stations(means, heights, RING), ground(site_m))
    expected = sea_level_c - 0.0065 * float(np.float32(site_m))
    assert found.value == pytest.approx(expected, abs=1e-9)
    assert found.low == pytest.approx(expected, abs=1e-9)


def test_the_lapse_rate_is_that_of_the_standard_atmosphere() -> None:
    """15 °C at sea level, -56.5 °C at 11 000 m (ICAO Doc 7488)."""
    assert pytest.approx(-56.5) == 15 - LAPSE_K_PER_M * 11_000


def test_the_band_is_what_the_rule_errs_by_at_stations_left_out() -> None:
    """One warm station among equals errs by its own excess; the others by its share in them."""
    means = [5.0] * 6 + [12.0]
    errors = leave_one_out_errors(stations(means, [0.0] * 7, RING), **NEAR)
    assert errors.max() == pytest.approx(7.0)
    assert (np.sort(errors)[:6] <= 0).all()
    (found,) = find_temperature(park((111, 41)), stations(means, [0.0] * 7, RING), ground(0))
    assert found.low <= found.value <= found.high
    assert found.high > found.value


def test_without_stations_near_the_temperature_is_unknown() -> None:
    far = stations([5.0] * 7, [0.0] * 7, RING)
    (found,) = find_temperature(park((125, 50)), far, ground(0))
    assert (found.status, found.value) == ("unknown", None)
    assert "300 km" in say(found.reason, "en")


@pytest.mark.parametrize(("reach_km", "status"), [(60.0, "derived"), (50.0, "unknown")])
def test_stations_nearer_than_those_that_speak_may_lie_beyond_the_layer(reach_km, status) -> None:
    """The sixth of a ring of stations lies 55.6 km away, half a degree to the south."""
    extent = Extent(Point(111, 41), reach_km)
    layer = stations([5.0] * 7, [0.0] * 7, RING)
    (found,) = find_temperature(park((111, 41)), layer, ground(0), extent=extent)
    assert found.status == status
    assert found.value == (5.0 if status == "derived" else None)


def test_off_the_elevation_grid_the_temperature_is_unknown() -> None:
    hole = replace(ground(0), values=np.full((400, 600), np.nan, dtype=np.float32))
    (found,) = find_temperature(park((111, 41)), stations([5.0] * 7, [0.0] * 7, RING), hole)
    assert found.status == "unknown"


def substations(rows: list[tuple[float, float, float]]) -> gpd.GeoDataFrame:
    return points(
        {
            "voltage_kv": [kv for _, _, kv in rows],
            "source_id": ["s"] * len(rows),
            "as_of": pd.Series(["2025-02-06"] * len(rows), dtype="str"),
        },
        [(lon, lat) for lon, lat, _ in rows],
    )


GRID = {"voltage_kv": 220.0, "measure_id": "grid_220_km"}


@given(st.floats(110.6, 111.4), st.floats(40.6, 41.4))
def test_the_nearest_tagged_substation_counts(lon: float, lat: float) -> None:
    layer = substations(
        [(lon, lat, 220.0), (111.0, 41.0, 110.0), (111.0, 41.0, float("nan")), (112, 42, 500.0)]
    )
    (found,) = measure_grid_distance(park((111, 41)), layer, EVERYWHERE, **GRID)
    expected = GEOD.inv(111, 41, lon, lat)[2] / 1000
    # As likely nearer as farther, but for what a disk of 1 km bends round a station next to it.
    assert found.value == pytest.approx(max(expected, 2 / 3), abs=0.4)
    assert found.low == pytest.approx(max(0.0, expected - 1.0), abs=1e-9)
    assert found.high == pytest.approx(expected + 1.0, abs=0.1)
    assert "1 without a voltage" in say(found.reason, "en")


def test_a_station_of_a_higher_voltage_counts_for_the_lower_too() -> None:
    (found,) = measure_grid_distance(
        park((111, 41)), substations([(111.1, 41, 500.0)]), EVERYWHERE, **GRID
    )
    assert found.status == "derived"


@pytest.mark.parametrize(
    ("rows", "high"), [([(111.0, 41.0, 110.0)], None), ([(120.0, 41.0, 220.0)], 757.8)]
)
def test_no_tagged_station_where_the_layer_reaches_is_unknown(rows, high) -> None:
    """It is farther than the layer covers, and no farther than the one that is known."""
    extent = Extent(Point(111, 41), 150.0)
    (found,) = measure_grid_distance(park((111, 41)), substations(rows), extent, **GRID)
    assert (found.status, found.value) == ("unknown", None)
    assert found.low == pytest.approx(149.0, abs=1e-6)
    assert found.high == (None if high is None else pytest.approx(high, abs=0.1))
    assert "covers 149 km round the point" in say(found.reason, "en")


def test_only_what_operates_inside_the_radius_counts() -> None:
    north = [GEOD.fwd(111, 41, 0, km * 1000)[:2] for km in (50, 98, 101, 99.5)]
    plants = points(
        {
            "status": ["operating", "operating", "operating", "construction"],
            "capacity_mw": [1000.0, 200.0, 40.0, 8.0],
            "energy": ["coal", "wind", "wind", "coal"],
            "as_of": ["2023-07-01", "2023-05-01", "2023-05-01", "2023-07-01"],
            "source_id": ["s"] * 4,
        },
        north,
    )
    site = park((111, 41), accuracy_m=3000.0)
    (found,) = measure_operating_capacity(site, plants, EVERYWHERE, year=2023, radius_km=100.0)
    # The plants at 98 and 101 km are out of reach from the south and within it from the north.
    assert (found.low, found.value, found.high) == (1000.0, 1200.0, 1240.0)
    assert say(found.reason, "en") == "within 100 km; coal, wind, as of 2023-05, 2023-07"
    (found,) = measure_operating_capacity(site, plants, EVERYWHERE, year=2023, radius_km=60.0)
    assert (found.low, found.value, found.high) == (1000.0, 1000.0, 1000.0)
    assert say(found.reason, "en").startswith("within 60 km; ")


TOWNS = points(
    {
        "town_id": ["hohhot", "xilinhot"],
        "name_zh": ["呼和浩特", "锡林浩特"],
        "name_en": ["Hohhot", "Xilinhot"],
        "pga_g": [0.20, float("nan")],
        "pga_edition": ["GB 50011-2010", None],
    },
    [(111.65, 40.81), (116.07, 43.94)],
)
CLASS_FACT = {"layer": "towns", "id": "hohhot", "field": "pga_g", "source_id": "gb"}


@pytest.mark.parametrize(
    ("town_id", "value", "status"),
    [("hohhot", 0.20, "derived"), ("xilinhot", None, "unknown"), (None, None, "unknown")],
)
def test_a_park_takes_the_class_of_its_town_and_no_other(town_id, value, status) -> None:
    sites = park((111, 41)).assign(town_id=[town_id])
    (found,) = measure_acceleration(sites, TOWNS, pd.DataFrame([CLASS_FACT]))
    assert (found.value, found.status) == (value, status)
    assert bool(found.source_ids) == (value is not None)
    assert value is None or "GB 50011-2010" in say(found.reason, "en")


@pytest.mark.parametrize(
    ("edition", "place", "accuracy_m", "band"),
    [
        ("GB 50011-2010", (111.65, 40.81), 100.0, (0.15, 0.30)),  # the list of 2010 is superseded
        ("GB 18306-2015", (111.65, 40.81), 100.0, (None, None)),
        ("GB 18306-2015", (111.65, 40.81), 15_000.0, (0.15, 0.30)),  # it may be another township
        ("GB 18306-2015", (111.95, 40.81), 100.0, (0.15, 0.30)),  # 25 km away
    ],
)
def test_a_class_may_be_one_off_where_edition_or_place_leave_a_doubt(
    edition, place, accuracy_m, band
) -> None:
    towns = TOWNS.assign(pga_edition=edition)
    sites = park(place, accuracy_m=accuracy_m).assign(town_id="hohhot")
    (found,) = measure_acceleration(sites, towns, pd.DataFrame([CLASS_FACT]))
    assert (found.value, found.low, found.high) == (0.20, *band)
    assert found.band == ("none" if band == (None, None) else "range")


def test_the_ends_of_the_zonation_have_no_class_beyond() -> None:
    classes = [0.05, 0.10, 0.15, 0.20, 0.30, 0.40]
    for below, own, above in zip(classes, classes[1:], classes[2:], strict=False):
        assert next_classes(own) == (below, above)
    assert next_classes(0.05) == (0.05, 0.10)
    assert next_classes(0.40) == (0.30, 0.40)


def test_a_round_trip_that_is_unknown_stays_unknown_beside_its_floor() -> None:
    row = {
        "from_id": "p0", "to_id": "beijing", "status": "unknown", "reason_zh": "没有光缆",
        "reason_en": "no cable",
        "rtt_ms": np.nan, "rtt_low_ms": np.nan, "rtt_high_ms": np.nan, "floor_rtt_ms": 4.0,
        "source_ids": np.nan,
    }  # fmt: skip
    trip, floor = measure_round_trip(pd.DataFrame([row]), parks=["p0"], target="beijing")
    assert (trip.value, trip.status, say(trip.reason, "en")) == (None, "unknown", "no cable")
    assert (floor.value, floor.status) == (4.0, "derived")


@pytest.mark.parametrize(
    ("value", "status", "reason"),
    [(None, "derived", "x"), (1.0, "unknown", "x"), (None, "unknown", ""), (1.0, "assumed", "")],
)
def test_a_finding_that_is_not_honest_cannot_be_made(value, status: str, reason: str) -> None:
    with pytest.raises(ValueError, match="p0"):
        Finding("p0", "m", status, value=value, reason=reason)


def test_findings_become_one_sorted_table() -> None:
    findings = [
        Finding("b", "pga_g", "unknown", reason="r"),
        Finding("a", "pga_g", "observed", value=1.0, source_ids=("y", "x", "y")),
    ]
    table = tabulate(findings, scenario="base", year=2017, criteria={"pga_g": "risk"})
    assert list(table["criterion"]) == ["risk", "risk"]
    assert list(table["site_id"]) == ["a", "b"]
    assert table.loc[0, "source_ids"] == "x y"
    assert pd.isna(table.loc[1, "value"])
