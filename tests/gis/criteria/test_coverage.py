"""What is said of a number round a site, where the layer ends and where the site may lie."""

from __future__ import annotations

import dataclasses
import math
import shutil
from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod
from shapely.geometry import LineString, MultiPoint, Point, box

from steppe.criteria.climate import MONTHS
from steppe.criteria.finding import Finding
from steppe.criteria.nearby import measure_nearby
from steppe.criteria.power import measure_grid_distance
from steppe.criteria.registry import find_group, known_measures, list_groups
from steppe.criteria.settings import Climate, Geology, Power
from steppe.criteria.surroundings import Surroundings
from steppe.layers.extents import EVERYWHERE, Extent, hull_extent
from steppe.layers.tables import Raster
from steppe.layers.wording import say
from steppe.measures import site_survey
from steppe.measures.site_survey import survey_sites
from steppe.planfile.input_reading import open_inputs, read_inputs
from steppe.planfile.layer_extents import extent_notes, find_extents
from steppe.planfile.plan_inputs import Inputs
from steppe.planfile.plan_reading import read_plan
from steppe.ranking.decision_tables import decide_scenario

GEOD = Geod(ellps="GRS80")
HERE = (111.0, 41.0)
POINT_LAYERS = ("substations", "plants", "earthquakes", "stations")
LINE_LAYERS = ("faults", "railways")
GROUND = Raster(
    "elevation", np.full((100, 100), 1000, dtype=np.float32), 104.0, 46.0, 0.2, "m", "z", "e", "dem"
)


def layer(places: list[tuple[float, float]], **columns: list) -> gpd.GeoDataFrame:
    n = len(places)
    shared = {"accuracy_m": [100.0] * n, "source_id": ["s"] * n, "as_of": ["2023-01-01"] * n}
    return gpd.GeoDataFrame(
        pd.DataFrame(shared | columns), geometry=[Point(place) for place in places], crs=4490
    )


PLACE = st.tuples(st.floats(106, 116), st.floats(37.5, 44.5))


@st.composite
def worlds(draw: st.DrawFn) -> dict[str, gpd.GeoDataFrame]:
    """Draw layers of points and lines round a park that is known to some kilometres."""
    accuracy_m = draw(st.sampled_from([50.0, 5_000.0, 25_000.0]))
    parks = layer([HERE], park_id=["p"], site_class=[None], town_id=[None])
    found = {"parks": parks.assign(accuracy_m=accuracy_m)}
    some = st.lists(PLACE, min_size=1, max_size=12)
    at = {name: draw(some) for name in POINT_LAYERS}
    draws = {name: [draw(st.integers(0, 3)) for _ in places] for name, places in at.items()}
    found["substations"] = layer(
        at["substations"],
        voltage_kv=[(110.0, 220.0, 500.0, math.nan)[k] for k in draws["substations"]],
        grid=[("E", "W", None, "W")[k] for k in draws["substations"]],
    )
    found["plants"] = layer(
        at["plants"],
        capacity_mw=[(20.0, 300.0, 660.0, 1000.0)[k] for k in draws["plants"]],
        energy=[("coal", "wind", "solar", "nuclear")[k] for k in draws["plants"]],
        status=["operating"] * len(at["plants"]),
        start_year=[(2000.0, 2010.0, 2016.0, 2018.0)[k] for k in draws["plants"]],
        retired_year=[math.nan] * len(at["plants"]),
    )
    found["earthquakes"] = layer(
        at["earthquakes"],
        year=[(1700, 1960, 1990, 2010)[k] for k in draws["earthquakes"]],
        magnitude=[(5.5, 6.0, 7.0, 8.0)[k] for k in draws["earthquakes"]],
        magnitude_type=["Mw"] * len(at["earthquakes"]),
    )
    means = [(1.0, 4.0, 6.0, 9.0)[k] for k in draws["stations"]]
    found["stations"] = layer(
        at["stations"], elevation_m=[1000.0] * len(means), temp_mean_c=means,
        **dict.fromkeys(MONTHS, means),
    )  # fmt: skip
    for name in LINE_LAYERS:
        places = draw(st.lists(PLACE, min_size=2, max_size=4))
        found[name] = layer(places[:1]).set_geometry([LineString(places)], crs=4490)
    return found


def cut(whole: gpd.GeoDataFrame, extent: Extent) -> gpd.GeoDataFrame:
    """Return what of a layer lies in an extent."""
    assert extent.core is not None
    if (whole.geom_type == "Point").all():
        # What lies on the edge lies in it.
        return whole[
            [
                extent.core.covers(place) or extent.reach_km(place.x, place.y) > 0
                for place in whole.geometry
            ]
        ]
    # Lines are cut by a box alone, so that nothing is lost between circle and polygon.
    clipped = whole.set_geometry(shapely.intersection(whole.geometry.to_numpy(), extent.core))
    return clipped[~clipped.is_empty]


BOXES = st.builds(
    lambda w, s, e, n: Extent(box(w, s, e, n)),
    st.floats(105, 111), st.floats(37, 41), st.floats(111.01, 117), st.floats(41.01, 45),
)  # fmt: skip
CIRCLES = st.builds(
    lambda places, km: Extent(MultiPoint(places), km),
    st.lists(st.one_of(PLACE, st.just(HERE)), min_size=1, max_size=3), st.floats(1, 600),
)  # fmt: skip


def look(layers: dict[str, gpd.GeoDataFrame], extents: dict[str, Extent]) -> Surroundings:
    complete = {
        "magnitude": 5.5, "from_year": 1950, "to_year": 2016, "source_id": "s",
    }  # fmt: skip
    return Surroundings(
        parks=layers["parks"], layers=layers, tables={}, rasters={"elevation": GROUND},
        extents=extents, facts=pd.DataFrame({"layer": [], "id": [], "field": [], "source_id": []}),
        power=Power(), climate=Climate(), geology=Geology(complete=(complete,)),
        listed=set(known_measures()), year=2017,
    )  # fmt: skip


def measure(at: Surroundings, *names: str) -> Iterator[Finding]:
    """Find all measures that are found from some of these layers."""
    for group in list_groups():
        wanted = {each.measure_id for each in group.measures if set(each.layers) & set(names)}
        if wanted:
            yield from (each for each in find_group(group, at) if each.measure_id in wanted)


def assert_never_more_than_known(found: Finding, true: Finding, *, off: float = 1e-6) -> None:
    """Hold what a part of a layer tells to what all of it tells."""
    if found.value is not None:
        assert found.value == pytest.approx(true.value, abs=off), found.measure_id
        return
    if true.value is None:
        return
    low, high = (true.value if end is None else end for end in (true.low, true.high))
    assert found.low is None or found.low <= low + off, found.measure_id
    assert found.high is None or found.high >= high - off, found.measure_id


@settings(max_examples=30, deadline=None)
@given(worlds(), st.one_of(BOXES, CIRCLES))
def test_a_layer_that_is_cut_tells_nothing_that_the_whole_does_not(layers, extent) -> None:
    """Any layer of points, any extent, any measure of the registry that is found from it."""
    everywhere = dict.fromkeys(layers, EVERYWHERE)
    whole = {each.measure_id: each for each in measure(look(layers, everywhere), *POINT_LAYERS)}
    assert len(whole) >= 12
    part = layers | {name: cut(layers[name], extent) for name in POINT_LAYERS}
    found = list(
        measure(look(part, everywhere | dict.fromkeys(POINT_LAYERS, extent)), *POINT_LAYERS)
    )
    assert {each.measure_id for each in found} == set(whole)
    for each in found:
        assert_never_more_than_known(each, whole[each.measure_id])


def test_a_railway_beyond_an_empty_layer_may_lie_on_its_edge() -> None:
    """Nobody knows how true a row that is not there is drawn."""
    parks = layer([HERE], park_id=["p"], site_class=[None], town_id=[None])
    edge = Extent(box(HERE[0] - 2, HERE[1] - 2, HERE[0] + 2, HERE[1] + 2))
    lows = [
        measure_nearby(
            parks, {"railways": rails}, {"railways": edge}, names=["railway_km"], incomplete={}
        )["p", "railway_km"].low
        for rails in (layer([]), layer([(HERE[0] + 3, HERE[1])]))
    ]
    # Two degrees of longitude less a tenth of a kilometre.
    assert lows[0] == 0
    assert 165 < lows[1] < 180


@settings(max_examples=20, deadline=None)
@given(worlds(), BOXES)
def test_lines_that_are_cut_tell_nothing_that_the_whole_do_not(layers, extent) -> None:
    everywhere = dict.fromkeys(layers, EVERYWHERE)
    part = layers | {name: cut(layers[name], extent) for name in LINE_LAYERS}
    extents = everywhere | dict.fromkeys(LINE_LAYERS, extent)
    (whole,) = measure(look(layers, everywhere), "faults")
    (found,) = measure(look(part, extents), "faults")
    # A line that is cut is broken up elsewhere before it is drawn: that makes a metre.
    assert_never_more_than_known(found, whole, off=1e-3)
    true, told = (
        measure_nearby(layers["parks"], held, spoken, names=["railway_km"], incomplete={})[
            "p", "railway_km"
        ]
        for held, spoken in ((layers, everywhere), (part, extents))
    )
    assert told.low <= true.low + 1e-3
    assert told.high >= true.high - 1e-3


@settings(max_examples=30, deadline=None)
@given(worlds())
def test_where_nobody_says_what_a_layer_covers_nothing_is_derived(layers) -> None:
    hulls = {name: hull_extent(each.geometry) for name, each in layers.items()}
    for each in measure(look(layers, hulls), "substations", "plants", "earthquakes"):
        certain = each.measure_id == "independent_substations" and each.low == each.value == 2
        assert certain or each.status in {"unknown", "assumed"}, each


@pytest.mark.parametrize(
    ("measure_id", "layer_name"),
    [(each.measure_id, name) for each in known_measures().values() for name in each.layers],
)
def test_an_empty_layer_leaves_its_measures_unknown(empty_surveys, measure_id, layer_name) -> None:
    """Header only: nothing was found there, which is not that nothing is there."""
    found = [each for each in empty_surveys(layer_name) if each.measure_id == measure_id]
    assert {each.status for each in found} <= {"unknown"}
    assert all(each.value is None and each.low is None for each in found)
    assert all(say(each.reason, "en") and say(each.reason, "zh") for each in found)


@pytest.fixture(scope="module")
def light_inputs(light_pack: Path) -> Inputs:
    inputs = read_inputs(read_plan(light_pack / "plan.toml"))
    cooling = inputs.plan.cooling
    assert cooling is not None
    plan = inputs.plan.model_copy(update={"cooling": cooling.model_copy(update={"n_draws": 10})})
    return dataclasses.replace(inputs, plan=plan)


@pytest.fixture(scope="module")
def empty_surveys(light_inputs: Inputs):
    """Survey the light plan with one layer or table empty; grids cannot be."""
    kept: dict[str, list[Finding]] = {}

    def survey(name: str) -> list[Finding]:
        if name in light_inputs.rasters or name not in light_inputs.plan.layers:
            return []
        if name not in kept:
            kind = "layers" if name in light_inputs.layers else "tables"
            held = dict(getattr(light_inputs, kind))
            held[name] = held[name][:0]
            inputs = dataclasses.replace(light_inputs, **{kind: held})
            latency = decide_scenario(light_inputs).outcome.survey.latency
            kept[name] = survey_sites(inputs, latency).findings
        return kept[name]

    return survey


class _Asked(dict[str, Extent]):
    """What layers cover, which remembers what was asked for."""

    def __init__(self, extents: dict[str, Extent]) -> None:
        super().__init__(extents)
        self.names: set[str] = set()

    def __getitem__(self, name: str) -> Extent:
        self.names.add(name)
        return super().__getitem__(name)


def test_each_layer_that_measures_look_round_in_says_what_it_covers(
    light_inputs: Inputs, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = _Asked(find_extents(light_inputs))
    monkeypatch.setattr(site_survey, "find_extents", lambda _: asked)
    monkeypatch.setattr(site_survey, "measure_nearby", lambda *_, **__: {})
    survey_sites(light_inputs, decide_scenario(light_inputs).outcome.survey.latency)
    assert asked.names
    plan = light_inputs.plan
    assert extent_notes(plan) == []
    unsaid = {n: each.model_copy(update={"extent": None}) for n, each in plan.layers.items()}
    notes = extent_notes(plan.model_copy(update={"layers": unsaid}))
    assert {str(each).split(": ")[0] for each in notes} == {
        f"plan.toml › layers.{name}" for name in asked.names
    }


def test_a_park_without_a_plant_list_is_ranked_by_none(light_pack: Path, tmp_path: Path) -> None:
    """A header-only plants.csv gave power 0.000 and "firm, 100 of 100"."""
    own = shutil.copytree(light_pack, tmp_path / "mine")
    plants = own / "plants.csv"
    plants.write_text(plants.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    scores = decide_scenario(open_inputs(own / "plan.toml")).outcome.scores
    power = scores[scores["criterion"] == "power"]
    assert (power["coverage"] < 1).all()
    assert scores["rank"].isna().all()


@pytest.fixture(scope="module")
def grid(pack: Path) -> Inputs:
    names = ("parks", "substations", "substation_extent", "boundaries")
    return open_inputs(pack / "plan.toml", only=names)


def test_the_nearest_station_of_bayannur_is_that_of_all_its_20_km(grid: Inputs) -> None:
    """2.9 km at the town's centre, and 9.9 in the median of where the park may lie."""
    parks = grid.layers["parks"]
    bayannur = parks[parks["park_id"] == "bayannur_bigdata"]
    stations, extent = grid.layers["substations"], find_extents(grid)["substations"]
    kv = {"voltage_kv": 220.0, "measure_id": "grid_220_km"}
    (centre,) = measure_grid_distance(bayannur.assign(accuracy_m=1.0), stations, extent, **kv)
    (found,) = measure_grid_distance(bayannur, stations, extent, **kv)
    assert centre.value == pytest.approx(2.9, abs=0.05)
    assert found.value == pytest.approx(9.9, abs=0.15)
    assert (found.status, found.low) == ("derived", 0.0)
    draw = np.random.default_rng(13)
    n = 3000
    middle = [np.full(n, part) for part in (bayannur.geometry.x.item(), bayannur.geometry.y.item())]
    away_m = 20_000 * np.sqrt(draw.uniform(size=n))
    lon, lat, _ = GEOD.fwd(*middle, draw.uniform(0, 360, n), away_m)
    near = stations[(stations["voltage_kv"] >= 220) & stations.within(box(106.5, 40, 108.3, 41.5))]
    apart = [GEOD.inv(lon, lat, np.full(n, at.x), np.full(n, at.y))[2] for at in near.geometry]
    nearest_km = np.min(apart, axis=0) / 1000
    assert found.value == pytest.approx(np.median(nearest_km), abs=0.3)
    assert found.high == pytest.approx(nearest_km.max(), abs=1.0)


def test_a_park_beyond_the_pack_is_unknown_not_without_a_grid(grid: Inputs) -> None:
    """Urumqi has stations, of which the pack has none."""
    parks = grid.layers["parks"].iloc[[0]]
    away = parks.set_geometry([Point(87.6, 43.8)], crs=parks.crs)
    kv = {"voltage_kv": 220.0, "measure_id": "grid_220_km"}
    extent = find_extents(grid)["substations"]
    (found,) = measure_grid_distance(away, grid.layers["substations"], extent, **kv)
    assert (found.status, found.value, found.low) == ("unknown", None, None)
    assert "outside of what the layer of substations covers" in say(found.reason, "en")
