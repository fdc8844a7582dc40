"""Round trips of any backbone: never under light's own floor, never a number that is none."""

from types import SimpleNamespace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import LineString, Point

from steppe.layers.contracts.documents import ROUND_TRIPS
from steppe.layers.errors import InputError
from steppe.network.latency_table import tabulate_latency
from steppe.network.plan_backbone import Backbone
from steppe.network.published_round_trips import tabulate_calibration
from steppe.routing.backbone import build_graph, to_cables, to_nodes

NUMBERS = ("rtt_ms", "rtt_low_ms", "rtt_high_ms", "glass_rtt_ms", "floor_rtt_ms", "route_km")


def world(places: dict[str, tuple[float, float]], cables: list[tuple]) -> tuple:
    """Make nodes, one park beside each, and cables (from, to, length_km, route_km, kind)."""
    points = [Point(place) for place in places.values()]
    nodes = gpd.GeoDataFrame(
        {"node_id": list(places), "name_zh": list(places), "name_en": list(places),
         "kind": "city", "country": "CN"},
        geometry=points, crs=4490,
    )  # fmt: skip
    parks = gpd.GeoDataFrame(
        {"park_id": [f"park_{name}" for name in places], "node_id": list(places),
         "name_zh": list(places), "name_en": list(places),
         "level": "zone", "accuracy_m": 0.0},
        geometry=points, crs=4490,
    )  # fmt: skip
    rows = [
        {
            "cable_id": f"c{number}", "from_node": a, "to_node": b, "length_km": length_km,
            "route_km": route_km, "geometry_kind": kind, "corridors": None,
            "corridor_basis": "said", "existence": "said", "status": "in_service", "year": 2017,
            "apart_from": None, "accuracy_m": 0.0, "source_id": "s",
        }
        for number, (a, b, length_km, route_km, kind) in enumerate(cables)
    ]  # fmt: skip
    lines = [LineString([places[row["from_node"]], places[row["to_node"]]]) for row in rows]
    columns = ["cable_id", "from_node", "to_node", "length_km", "route_km", "geometry_kind",
               "corridors", "corridor_basis", "existence", "status", "year", "apart_from",
               "accuracy_m", "source_id"]  # fmt: skip
    fibre = gpd.GeoDataFrame(pd.DataFrame(rows, columns=columns), geometry=lines, crs=4490)
    held = to_nodes(nodes)
    made = to_cables(fibre, held)
    backbone = Backbone(build_graph(held, made), made, (), fibre)
    corridors = pd.DataFrame({"corridor_id": [], "name_zh": [], "name_en": []})
    plan = SimpleNamespace(
        network=SimpleNamespace(targets=[next(iter(places))], classes=()),
        scenario=SimpleNamespace(name="base", year=2017),
    )
    layers = {"nodes": nodes, "parks": parks, "fibre": fibre, "corridors": corridors}
    return SimpleNamespace(plan=plan, layers=layers, layer=layers.get, tables={}), backbone


def assert_sound(latency: pd.DataFrame) -> None:
    """Whatever is told is finite, in order, and not faster than light on the geodesic."""
    told = latency[latency["status"] != "unknown"]
    assert np.isfinite(told[list(NUMBERS)].to_numpy(dtype=float)).all()
    floor, low, central, high = (
        told[name].to_numpy() for name in ("floor_rtt_ms", "rtt_low_ms", "rtt_ms", "rtt_high_ms")
    )
    assert (floor <= low).all()
    assert (floor <= central).all()
    assert (low <= central).all()
    assert (central <= high).all()
    assert (told["glass_rtt_ms"].to_numpy() >= floor * (1 - 1e-12)).all()


@pytest.mark.parametrize("kind", ["corridor", "schematic"])
@pytest.mark.parametrize("route_km", [0.0, 1e-9, 1.0, 500.0, 1e5, np.nan])
@pytest.mark.parametrize("length_km", [0.0, 1e-9, 480.0, 1e5])
def test_no_length_makes_a_round_trip_faster_than_light(kind, route_km, length_km) -> None:
    places = {"a": (111.0, 41.0), "b": (116.0, 40.0)}
    inputs, backbone = world(places, [("a", "b", length_km, route_km, kind)])
    latency = tabulate_latency(inputs, backbone, level="zone")
    assert_sound(latency)
    (trip,) = latency[(latency["from_id"] == "b") & (latency["to_id"] == "a")].to_dict("records")
    # 436 km through the air take 4.3 ms there and back in glass.
    assert trip["floor_rtt_ms"] == pytest.approx(4.3, abs=0.1)


def test_a_route_of_no_length_draws_no_way_to_itself() -> None:
    """A detour of 4 x 400 km told as 0 km is no shorter than the direct 440 km."""
    places = {"a": (111.0, 41.0), "b": (116.0, 41.0), "far": (113.0, 47.0)}
    cables = [("a", "b", 440.0, np.nan, "corridor")]
    cables += [("a", "far", 700.0, 0.0, "corridor"), ("far", "b", 700.0, 0.0, "corridor")]
    inputs, backbone = world(places, cables)
    latency = tabulate_latency(inputs, backbone).set_index(["from_id", "to_id"])
    assert latency.loc[("b", "a"), "path"] == "c0"


def told(latency: pd.DataFrame, start: str, end: str) -> dict:
    return latency.set_index(["from_id", "to_id"]).loc[(start, end)].to_dict()


def test_a_way_over_three_times_the_geodesic_is_no_round_trip_to_plan_with() -> None:
    """From c to a by way of b, 7 times as long: the way and its factor are told, no class is."""
    places = {"a": (111.0, 41.0), "b": (116.0, 41.0), "c": (112.5, 41.0)}
    cables = [("a", "b", 420.0, 425.0, "corridor"), ("b", "c", 420.0, 425.0, "corridor")]
    inputs, backbone = world(places, cables)
    trip = told(tabulate_latency(inputs, backbone), "c", "a")
    assert (trip["status"], trip["path"], trip["standing"]) == ("unknown", "c1 c0", "said")
    assert trip["floor_ratio"] > 3
    assert trip["route_km"] == pytest.approx(2 * 425 * 1.04)
    assert trip["class_id"] is None or pd.isna(trip["class_id"])
    assert trip["reason_en"].startswith(
        "no cable is named between c and a: the best way is 7.0 times"
    )
    # Nobody can say that of the same way where a cable of its own leads there.
    inputs, backbone = world(places, [*cables, ("c", "a", 420.0, 860.0, "corridor")])
    trip = told(tabulate_latency(inputs, backbone), "c", "a")
    assert (trip["status"], trip["path"]) == ("unknown", "c1 c0")
    inputs, backbone = world(places, [("c", "a", 420.0, 860.0, "corridor")])
    trip = told(tabulate_latency(inputs, backbone), "c", "a")
    assert (trip["status"], trip["path"]) == ("derived", "c0")
    assert trip["floor_ratio"] > 3


LON, LAT = st.floats(-180, 180), st.floats(-90, 90)
LENGTH = st.one_of(st.just(0.0), st.floats(1e-9, 1e5))


@given(
    st.lists(st.one_of(st.tuples(LON, LAT), st.just((111.0, 41.0))), min_size=2, max_size=5),
    st.lists(
        st.tuples(
            st.integers(0, 4), st.integers(0, 4), LENGTH, st.one_of(st.just(np.nan), LENGTH),
            st.sampled_from(["corridor", "schematic"]),
        ),
        max_size=6,
    ),
)  # fmt: skip
def test_any_backbone_has_sound_round_trips(where, drawn) -> None:
    names = [f"n{number}" for number in range(len(where))]
    cables = [
        (names[one % len(names)], names[other % len(names)], *rest) for one, other, *rest in drawn
    ]
    inputs, backbone = world(dict(zip(names, where, strict=True)), cables)
    assert_sound(tabulate_latency(inputs, backbone, level="zone"))


def publish(**trip) -> pd.DataFrame:
    """Hold one published round trip against a backbone of one cable."""
    inputs, backbone = world(
        {"a": (111.0, 41.0), "b": (116.0, 40.0), "here": (111.0, 41.0)},
        [("a", "b", 480.0, np.nan, "corridor"), ("a", "here", 0.0, 0.0, "corridor")],
    )
    row = dict.fromkeys(ROUND_TRIPS.columns) | {
        "trip_id": "t", "from_zh": "z", "from_en": "e", "to_zh": "z", "to_en": "e",
        "kind": "service", "source_id": "s", "rtt_ms": 9.0,
    } | trip  # fmt: skip
    inputs.tables["round_trips"] = pd.DataFrame([row])
    return tabulate_calibration(inputs, backbone)


@pytest.mark.parametrize("rtt_ms", [0.0, 1e-9, 9.0, 1e6])
@pytest.mark.parametrize(("one", "other"), [("a", "b"), ("a", "a"), ("a", "here")])
def test_a_published_round_trip_of_any_size_is_held_against_the_model(rtt_ms, one, other) -> None:
    (row,) = publish(from_node=one, to_node=other, rtt_ms=rtt_ms).to_dict("records")
    apart = other == "b"
    assert pd.isna(row["floor_ratio"]) != apart
    assert pd.isna(row["rule_residual_pct"]) == (rtt_ms == 0)
    assert not any(np.isinf(value) for value in row.values() if isinstance(value, float))
    if apart:
        assert row["floor_rtt_ms"] <= row["model_low_ms"] <= row["model_high_ms"]


@pytest.mark.parametrize("place", [(np.inf, 41.0), (111.0, 91.0), (111.0, 1e300), (-1e9, -95.0)])
def test_a_round_trip_that_ends_nowhere_is_one_line(place) -> None:
    with pytest.raises(InputError, match=r"no place on Earth \(rows t\)"):
        publish(from_lon=place[0], from_lat=place[1], to_node="a")


def test_a_round_trip_without_a_place_is_left_out() -> None:
    assert publish(from_node="elsewhere", to_node="a").empty
