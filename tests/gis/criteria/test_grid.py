"""What can be reached of a grid: counts, two places or one, lines, whose grid, and what is told."""

import geopandas as gpd
import pandas as pd
import pytest
from pyproj import Geod
from shapely.geometry import Point

from steppe.criteria.grid import (
    Stations,
    measure_grid,
    measure_independence,
    measure_stations,
    measure_tie_line,
    name_grids,
)
from steppe.criteria.power import measure_operating_capacity
from steppe.criteria.power_terms import measure_terms
from steppe.layers.extents import EVERYWHERE, Extent
from steppe.layers.wording import say

GEOD = Geod(ellps="GRS80")
HERE = (111.0, 41.0)
NAN = float("nan")


def park(accuracy_m: float = 1000.0) -> gpd.GeoDataFrame:
    rows = {"park_id": ["p"], "accuracy_m": [accuracy_m]}
    return gpd.GeoDataFrame(rows, geometry=[Point(HERE)], crs=4490)


def stations(*rows: tuple[float, float, float], grid: tuple = ()) -> gpd.GeoDataFrame:
    """Make stations at (bearing, km from the park, kV)."""
    places = [Point(GEOD.fwd(*HERE, bearing, 1000 * km)[:2]) for bearing, km, _ in rows]
    data = {
        "voltage_kv": [kv for _, _, kv in rows], "source_id": ["osm"] * len(rows),
        "grid": list(grid) or [None] * len(rows),
    }  # fmt: skip
    return gpd.GeoDataFrame(data, geometry=places, crs=4490)


def held(layer: gpd.GeoDataFrame) -> Stations:
    return Stations.of(layer, EVERYWHERE)


def test_stations_are_counted_by_voltage_beside_those_without_one() -> None:
    layer = stations(
        (0, 29.5, 220), (90, 10, 330), (10, 20, 500), (20, 20, 1000), (0, 40, 220), (0, 51.5, 220),
        (5, 5, 110), (5, 6, NAN), (5, 45, NAN),
    )  # fmt: skip
    near, far = measure_stations(park(), held(layer))
    assert (near.low, near.value, near.high) == (3, 4, 4)
    assert say(near.text, "en") == "2 of 220 kV, 1 of 500 kV, 1 of 1000 kV"
    assert say(near.reason, "en").startswith("years of building unknown; 1 more (20% of all)")
    assert (far.low, far.value, far.high) == (5, 5, 5)
    assert say(far.reason, "en").startswith("years of building unknown; 2 more (29% of all)")


@pytest.mark.parametrize(
    ("rows", "low", "value", "high"),
    [
        ([], 0, 0, 0),
        ([(0, 10, 220)], 1, 1, 1),
        ([(0, 10, 220), (0, 10.9, 500)], 1, 1, 1),  # two yards of one place
        ([(0, 10, 220), (0, 11.1, 500)], 2, 2, 2),
        ([(0, 10, 220), (180, 10, 110)], 1, 1, 1),  # 110 kV does not count
        ([(0, 10, 220), (180, 10, NAN)], 1, 1, 2),  # it may be of 220 kV
        ([(0, 10, 220), (180, 30.5, 220)], 1, 1, 2),  # the park may lie nearer
        ([(0, 10, 220), (180, 29.5, 220)], 1, 2, 2),
    ],
)
def test_two_places_or_one(rows, low: int, value: int, high: int) -> None:
    (found,) = measure_independence(park(), held(stations(*rows)))
    assert (found.low, found.value, found.high) == (low, value, high)


def test_a_line_is_longer_than_the_geodesic_by_the_stated_factor() -> None:
    layer = stations((0, 20, 220), (0, 5, 110), (0, 1, NAN))
    terms = {"route_factor": 1.3, "route_reason": "hills"}
    (found,) = measure_tie_line(park(), held(layer), **terms)
    assert (found.low, found.value, found.high) == pytest.approx((19.0, 26.0, 27.3), abs=0.05)
    assert found.status == "assumed"
    assert "20.0 km through the air times 1.3: hills" in say(found.reason, "en")
    ending = Stations.of(stations((0, 200, 220)), Extent(Point(HERE), 150.0))
    (none,) = measure_tie_line(park(), ending, **terms)
    assert (none.status, none.value) == ("unknown", None)
    assert (none.low, none.high) == pytest.approx((149.0, 1.3 * 201.0), abs=0.05)


def test_a_grid_is_that_of_most_stations_near_and_unknown_without_any() -> None:
    layer = stations((0, 5, 220), (1, 6, 220), (2, 7, 110), (0, 60, 220), grid=("W", "E", "W", "E"))
    (found,) = measure_grid(park(), held(layer))
    assert (say(found.text, "en"), found.value) == ("W", pytest.approx(2 / 3))
    (none,) = measure_grid(park(), held(stations((0, 5, 220))))
    assert (none.status, none.value) == ("unknown", None)
    assert name_grids([found, none]) == {"p": None}
    assert name_grids([found]) == {"p": "W"}


def test_firm_and_renewable_capacity_are_told_apart_and_gaps_are_named() -> None:
    rows = [("coal", 600.0, "operating"), ("hydro", 50.0, "operating"), ("wind", 7.0, "operating"),
            ("coal", 900.0, "construction")]  # fmt: skip
    plants = gpd.GeoDataFrame(
        {"energy": [e for e, _, _ in rows], "capacity_mw": [mw for _, mw, _ in rows],
         "status": [s for _, _, s in rows], "as_of": ["2023-07-01"] * 4, "source_id": ["gem"] * 4},
        geometry=[Point(HERE)] * 4, crs=4490,
    )  # fmt: skip
    (firm,) = measure_operating_capacity(
        park(), plants, EVERYWHERE, year=2023, radius_km=100.0, measure_id="firm_100km_mw",
        carriers=("coal", "gas", "hydro", "nuclear"),
    )  # fmt: skip
    (wind,) = measure_operating_capacity(
        park(),
        plants,
        EVERYWHERE,
        year=2023,
        radius_km=100.0,
        measure_id="renewable_100km_mw",
        carriers=("wind", "solar"),
    )
    assert (firm.value, wind.value) == (650.0, 7.0)
    assert "the layer has no gas, nuclear" in say(firm.reason, "en")
    assert "the layer has no solar" in say(wind.reason, "en")


COLUMNS = ("term_id", "field", "park_id", "grid", "voltage_kv", "value", "unit", "reason",
           "source_id", "as_of")  # fmt: skip


def terms(*rows: tuple) -> pd.DataFrame:
    return pd.DataFrame([dict(zip(COLUMNS, row, strict=True)) for row in rows], columns=COLUMNS)


def price(term_id: str, value: float, *, park_id=None, grid=None, kv=NAN, as_of="2024-01-01"):
    return (term_id, "price_cny_kwh", park_id, grid, kv, value, "CNY/kWh", None, "tariff", as_of)


def told(table: pd.DataFrame, grid: str | None = "W") -> dict:
    found = measure_terms(park(), table, grids={"p": grid}, supply_kv=220.0)
    return {finding.measure_id: finding for finding in found}


def test_what_nobody_told_is_unknown() -> None:
    found = told(terms())
    assert {finding.status for finding in found.values()} == {"unknown"}
    assert {say(finding.reason, "en") for finding in found.values()} == {"nobody told"}
    assert set(found) == {
        *("spare_capacity_mw", "queue_position", "price_cny_kwh", "direct_supply"),
        "grid_co2_kg_mwh",
    }


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([price("a", 0.30, grid="W")], 0.30),
        ([price("a", 0.30, grid="E")], None),
        ([price("a", 0.30, grid="W", kv=110.0)], None),
        ([price("a", 0.30, grid="W"), price("b", 0.31, grid="W", kv=220.0)], 0.31),
        ([price("a", 0.30, grid="W", kv=220.0), price("b", 0.28, park_id="p")], 0.28),
        ([price("a", 0.3, grid="W"), price("b", 0.4, grid="W", as_of="2025-01-01")], 0.4),
    ],
)
def test_the_price_of_the_park_its_grid_and_its_voltage(rows, expected) -> None:
    found = told(terms(*rows))["price_cny_kwh"]
    assert found.value == expected
    if expected is not None:
        assert found.source_ids == ("tariff",)
        assert found.status == "observed"


def test_direct_supply_is_told_in_words_too() -> None:
    row = (
        "d",
        "direct_supply",
        "p",
        None,
        NAN,
        0.0,
        "1",
        "as of the tender",
        "letter",
        "2024-01-01",
    )
    found = told(terms(row))["direct_supply"]
    assert (found.value, say(found.text, "en")) == (0.0, "no")
    assert "as of the tender" in say(found.reason, "en")
