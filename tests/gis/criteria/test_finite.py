"""No measure is ever infinite or no number, whatever small plan it is made of; unknown has none."""

import math

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, Point

from steppe.criteria.climate import MONTHS, interpolate_climate, measure_temperature
from steppe.criteria.cost import Amount, SiteInputs, UnitCosts, price_site, recover_capital
from steppe.criteria.finding import Finding
from steppe.criteria.geology import measure_acceleration, measure_site_acceleration
from steppe.criteria.grid import (
    Stations,
    measure_grid,
    measure_independence,
    measure_stations,
    measure_tie_line,
)
from steppe.criteria.ground import measure_grid_cells
from steppe.criteria.power import measure_grid_distance, measure_operating_capacity
from steppe.criteria.seismicity import Window, measure_events, measure_faults, measure_rate
from steppe.layers.extents import EVERYWHERE, Extent
from steppe.layers.grids import QUANTITIES
from steppe.layers.tables import Raster
from steppe.layers.wording import say

# Anywhere on Earth, or where everything else is; as true as a metre, or as half the globe.
PLACE = st.one_of(
    st.just((111.0, 41.0)),
    st.tuples(st.floats(105, 118), st.floats(37, 46)),
    st.tuples(st.floats(-180, 180), st.floats(-90, 90)),
)
ACCURACY_M = st.sampled_from([0.0, 1.0, 25_000.0, 1e7])
EXTENTS = st.one_of(
    st.just(EVERYWHERE),
    st.builds(
        lambda at, km: Extent(Point(at), km), PLACE, st.sampled_from([0.0, 1.0, 150.0, 1e15])
    ),
)
FACTORS = {"III": (1.3, 1.25, 1.15, 1.0, 1.0, 1.0)}


def frame(rows: list[dict], columns: tuple[str, ...]) -> gpd.GeoDataFrame:
    table = pd.DataFrame(rows, columns=[*columns, "geometry"])
    return gpd.GeoDataFrame(table, geometry="geometry", crs=4490)


@st.composite
def points(
    draw, columns: dict[str, st.SearchStrategy], most: int = 4, least: int = 1
) -> gpd.GeoDataFrame:
    """Draw a layer of points that is cited and dated; the registry asks nothing of empty ones."""
    columns = columns | {"source_id": st.just("s"), "as_of": st.just("2020-01-01"),
                         "accuracy_m": ACCURACY_M}  # fmt: skip
    n_rows = draw(st.integers(least, most))
    rows = [
        {name: draw(values) for name, values in columns.items()} | {"geometry": Point(draw(PLACE))}
        for _ in range(n_rows)
    ]
    made = frame(rows, tuple(columns))
    numbers = [
        name for name in made if name.endswith(("_kv", "_mw", "_m", "_c", "_g", "magnitude"))
    ]
    return made.astype(dict.fromkeys(numbers, float))


PARKS = points({"site_class": st.sampled_from([None, "II", "III", "IV"]),
                "town_id": st.sampled_from([None, "0", "1", "no"])}, most=3, least=0)  # fmt: skip
SUBSTATIONS = points({"voltage_kv": st.sampled_from([math.nan, 0.0, 110.0, 220.0, 500.0, 1e4]),
                      "grid": st.sampled_from([None, "east", "west"])})  # fmt: skip
PLANTS = points({"energy": st.sampled_from(["coal", "wind", None]),
                 "status": st.sampled_from(["operating", "planned"]),
                 "capacity_mw": st.sampled_from([math.nan, 0.0, 1e-9, 1e6])})  # fmt: skip
EARTHQUAKES = points({"year": st.integers(-2000, 2030), "magnitude": st.floats(0, 10),
                      "magnitude_type": st.just("Mw")})  # fmt: skip
STATIONS = points({"elevation_m": st.floats(-430, 9000),
                   **dict.fromkeys(("temp_mean_c", *MONTHS), st.floats(-60, 50))}, most=6)  # fmt: skip
TOWNS = points({"name_zh": st.just("T"), "name_en": st.just("T"),
                "pga_g": st.sampled_from([math.nan, 0.0, 0.05, 0.4, 5.0]),
                "pga_edition": st.just("GB 18306-2015")})  # fmt: skip


def assert_finite(findings: list[Finding]) -> None:
    for each in findings:
        ends = [end for end in (each.value, each.low, each.high) if end is not None]
        assert all(map(math.isfinite, ends)), each
        assert (each.value is None) == (each.status == "unknown")


def with_ids(layer: gpd.GeoDataFrame, name: str) -> gpd.GeoDataFrame:
    return layer.assign(**{name: [str(number) for number in range(len(layer))]})


@settings(max_examples=60)
@given(PARKS, SUBSTATIONS, PLANTS, EXTENTS)
def test_power_is_finite(parks, substations, plants, extent) -> None:
    parks = with_ids(parks, "park_id")
    kv = {"voltage_kv": 220.0, "measure_id": "grid_220_km"}
    findings = measure_grid_distance(parks, substations, extent, **kv)
    near = {"year": 2023, "radius_km": 100.0}
    findings += measure_operating_capacity(parks, plants, extent, **near)
    findings += measure_operating_capacity(parks, plants, extent, **near, carriers=("coal",))
    stations = Stations.of(substations, extent)
    findings += measure_stations(parks, stations) + measure_grid(parks, stations)
    findings += measure_independence(parks, stations)
    findings += measure_tie_line(parks, stations, route_factor=1e15, route_reason="r")
    assert_finite(findings)


@settings(max_examples=60)
@given(
    PARKS, TOWNS, EARTHQUAKES, st.lists(st.tuples(PLACE, PLACE), min_size=1, max_size=3), EXTENTS
)
def test_ground_is_finite(parks, towns, earthquakes, strokes, extent) -> None:
    parks, towns = with_ids(parks, "park_id"), with_ids(towns, "town_id")
    lines = [LineString(stroke) for stroke in strokes]
    faults = frame([{"accuracy_m": 1e7, "source_id": "s", "geometry": line} for line in lines],
                   ("accuracy_m", "source_id"))  # fmt: skip
    facts = pd.DataFrame({"layer": [], "id": [], "field": [], "source_id": []})
    basic = measure_acceleration(parks, towns, facts)
    window = [Window(5.5, 2000, 2000, "s")]
    assert_finite(
        [
            *basic,
            *measure_site_acceleration(parks, basic, factors=FACTORS, source_id="s"),
            *measure_events(parks, earthquakes, extent),
            *measure_rate(parks, earthquakes, extent, magnitude=5.5, windows=window),
            *measure_faults(parks, faults, extent),
        ]
    )


def grid_of(name: str, unit: str, values: np.ndarray) -> Raster:
    return Raster(name, values.astype(np.float32), 105.0, 46.0, 2.0, unit, "z", "e", "s")


@settings(max_examples=40)
@given(PARKS, st.one_of(st.none(), STATIONS), st.integers(0, 2**32 - 1), st.floats(0, 1))
def test_grids_and_climate_are_finite(parks, stations, seed, share) -> None:
    parks = with_ids(parks, "park_id")
    draw = np.random.default_rng(seed)
    grids = {}
    for name, quantity in QUANTITIES.items():
        for unit in quantity.units:
            values = draw.uniform(*quantity.ends_in(unit), (5, 7))
            values[draw.uniform(size=values.shape) < share] = np.nan
            grids[name] = grid_of(name, unit, values)
            assert_finite(measure_grid_cells(parks, grids[name], measure_id="m"))
    if stations is not None:
        found = interpolate_climate(
            parks, stations, EVERYWHERE, grids["elevation"], n_stations=6, search_km=1e15
        )
        assert_finite(measure_temperature(found))


def test_a_fault_further_than_is_looked_is_unknown() -> None:
    """All faults lie over 800 km away: it was infinity, and the page was blank."""
    parks = with_ids(
        frame([{"accuracy_m": 1.0, "geometry": Point(111, 41)}], ("accuracy_m",)), "park_id"
    )
    far = frame([{"accuracy_m": 1.0, "source_id": "s", "geometry": LineString([(80, 10), (81, 10)])}],
                ("accuracy_m", "source_id"))  # fmt: skip
    (found,) = measure_faults(parks, far, EVERYWHERE)
    assert (found.status, found.value, found.high) == ("unknown", None, None)
    assert found.low == pytest.approx(800.0, abs=0.01)
    assert "within 800 km" in say(found.reason, "en")


@pytest.mark.parametrize("end", [math.inf, -math.inf, math.nan])
@pytest.mark.parametrize("name", ["value", "low", "high"])
def test_a_finding_that_is_no_number_is_a_fault_of_ours(name: str, end: float) -> None:
    with pytest.raises(ValueError, match="not finite"):
        Finding("p", "m", "derived", **({"value": 1.0} | {name: end}))


# What a plan.toml lets pass: 0 or 1e-9 to 1e15; a rate is a share.
BOUNDED = st.one_of(st.none(), st.sampled_from([1e-9, 1.0, 1e15]), st.floats(1e-9, 1e15))


@given(st.lists(BOUNDED, min_size=14, max_size=14), st.floats(0, 1))
def test_costs_are_finite_or_unknown(numbers, rate) -> None:
    amounts = [Amount(number, "r", assumed=True) for number in numbers]
    site = SiteInputs("p", *amounts[:6])
    costs = UnitCosts(*amounts[6:11], Amount(rate, "r"), *amounts[11:14])
    priced = price_site(site, costs)
    for each in (*priced.parts.values(), priced.known, priced.total):
        assert each.value is None or all(map(math.isfinite, (each.value, *each.ends)))


@given(st.floats(0, 1), st.floats(1e-9, 1e15))
def test_capital_is_recovered_at_any_rate_and_life(rate: float, years: float) -> None:
    """Not under the interest or the repayment alone; x / (1 - exp(-x)) is not over 1 + x."""
    found = recover_capital(rate, years)
    assert max(rate, 1 / years) * (1 - 1e-12) <= found <= (rate + (1 + rate) / years) * (1 + 1e-12)
