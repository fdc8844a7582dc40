"""New routes over the ground: what they cost and keep off, how they are told, and what is refused."""

from __future__ import annotations

import itertools
import json
import math
import shutil
from dataclasses import replace
from xml.etree import ElementTree as ET

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

import steppe
from steppe.layers.errors import InputError
from steppe.outputs.json_routes import answer_routes, make_row
from steppe.outputs.route_files import GEOJSON, KML, OFDS, PROFILE, write_routes
from steppe.routes.amplifiers import pick_places, place_amplifiers
from steppe.routes.answering import View, answer_one
from steppe.routes.asking import Question
from steppe.routes.asking import answer as ask_all
from steppe.routes.cost_surface import lay_ground
from steppe.routes.ends import find_end, list_parks, list_targets
from steppe.routes.many_routes import answer_matrix, answer_tie_lines
from steppe.routes.plan_entry import add_to_plan
from steppe.routes.searching import Asked
from tests.gis.routes.conftest import CABLE, LAKE, draw

GEOD = Geod(ellps="GRS80")


def ask(inputs, start="west", end="east", **told) -> Asked:
    ends = (find_end(inputs, each, where=each) for each in (start, end))
    return Asked(*ends, **({"apart_km": 5.0, "end_zone_km": 10.0} | told))


@pytest.fixture(scope="module")
def answer(inputs):
    return answer_one(inputs, ask(inputs), View())


@pytest.fixture(scope="module")
def told(answer):
    return answer.routes[0]


def tell_refusal(inputs, *, view: View = View(), **asked) -> str:  # noqa: B008 (frozen)
    with pytest.raises(InputError) as refused:
        answer_one(inputs, ask(inputs, **asked), view)
    (line,) = refused.value.lines()
    return line


def test_a_route_leaves_a_lake_alone_and_joins_its_ends(told):
    line = told.route.line
    assert not line.intersects(LAKE)
    assert line.coords[0] == pytest.approx((110.2, 40.5))
    assert line.coords[-1] == pytest.approx((110.8, 40.5))
    # The lake reaches from 40.3 to 40.7: the way round its end is longer than the straight one.
    lons, lats = np.array(line.coords).T
    assert told.route.length_km == pytest.approx(GEOD.line_length(lons, lats) / 1000.0)
    around = shapely.LineString([(110.2, 40.5), (110.44, 40.72), (110.56, 40.72), (110.8, 40.5)])
    free = GEOD.geometry_length(around) / 1000.0
    assert free * 0.97 < told.route.length_km < free * 1.06


def test_a_cell_costs_the_product_of_what_holds_in_it(inputs):
    ground = lay_ground(inputs, [find_end(inputs, each, where="A") for each in ("town", "here")])
    cost, holds = ground.cost.cost, ground.holds
    assert holds["town"].any()
    assert holds["steep"].any()
    factors = np.where(holds["town"], 3.0, 1.0) * np.where(holds["steep"], 2.0, 1.0)
    free = ~(holds["lake"] | holds["no_ground"])
    assert np.array_equal(cost[free], factors[free].astype(np.float32))
    assert np.isnan(cost[~free]).all()
    # The town's middle and a circle of 5 km about it, by geodesics.
    rows, columns = np.indices(cost.shape).reshape(2, -1)
    lons, lats = ground.place(np.column_stack([rows, columns]))
    away = GEOD.inv(np.full(lons.shape, 110.3), np.full(lats.shape, 40.9), lons, lats)[2]
    assert np.array_equal(holds["town"].ravel(), away <= 5000.0)


def test_both_ways_cost_the_same(inputs, told):
    back = answer_one(inputs, ask(inputs, "east", "west"), View()).routes[0]
    assert back.route.plain_km == pytest.approx(told.route.plain_km, rel=1e-9)


def test_a_route_keeps_off_a_cable_outside_the_end_zones(inputs, told):
    asked = ask(inputs, keep_off=("old",))
    answer = answer_one(inputs, asked, View())
    crs = answer.grounds[0].grid.crs
    ends = gpd.GeoSeries(gpd.points_from_xy([110.2, 110.8], [40.5, 40.5]), crs=4490).to_crs(crs)
    zones = ends.buffer(10_000.0).union_all()
    away = draw(answer.routes[0].route.line, crs).difference(zones).distance(draw(CABLE, crs))
    # Cells whose middles lie in the band are closed: the line between two middles may cut a corner.
    assert away >= 5000.0 - 1000.0 * math.sqrt(5.0) / 2.0
    assert answer.routes[0].route.plain_km > told.route.plain_km
    near = draw(told.route.line, crs).difference(zones).distance(draw(CABLE, crs))
    assert near < 5000.0


def test_what_runs_beside_a_cable_is_told_as_a_range(told):
    (beside,) = told.beside
    assert beside.cable_id == "old"
    assert 0.0 < beside.sure_km <= beside.possible_km <= told.route.length_km


def test_the_price_is_that_of_plain_kilometres_with_its_band(inputs, told):
    row = make_row(told, geometry=False)
    assert row["cost"] == pytest.approx(100.0 * told.route.plain_km)
    assert (row["cost_low"], row["cost_high"]) == pytest.approx(
        (80.0 * told.route.plain_km, 150.0 * told.route.plain_km)
    )
    entry = inputs.plan.route.model_copy(update={"price": None})
    free = replace(inputs, plan=inputs.plan.model_copy(update={"route": entry}))
    unpriced = make_row(answer_one(free, ask(free), View()).routes[0], geometry=False)
    assert (unpriced["cost"], unpriced["cost_unit"]) == (unpriced["plain_km"], "plain_km")


def test_ground_that_no_layer_tells_is_told_as_unknown(inputs):
    bare = replace(inputs, rasters={})
    answer = answer_one(bare, ask(bare), View())
    # Where no grid tells heights nobody knows of the sea.
    assert answer.grounds[0].untold == ("no_ground", "steep")
    row = make_row(answer.routes[0], geometry=False)
    (steep,) = (each for each in row["ground"] if each["term_id"] == "steep")
    assert steep["unknown_km"] == pytest.approx(row["length_km"])
    assert row["lowest_m"] is None
    assert "no_ground" not in answer.grounds[0].holds


def test_a_cell_smaller_or_larger_finds_the_same_length(inputs, told):
    fine = answer_one(inputs, ask(inputs), View(cell_m=500.0)).routes[0].route
    assert fine.length_km == pytest.approx(told.route.length_km, rel=0.05)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"start": "wesd"}, "do you mean west?"),
        ({"start": "110.2,95"}, "is no place on the earth"),
        ({"start": "40.5,110.2"}, "LON,LAT in degrees, the longitude first"),
        ({"start": "110.5,40.5"}, "--drop lake"),
        ({"start": "112.4,40.5"}, "--drop no_ground"),
        ({"end": "west"}, "lie in one cell"),
        ({"end": "110.2,40.5"}, "lie in one cell"),
        ({"keep_off": ("odd",)}, "do you mean old?"),
        ({"keep_off": ("old",), "end_zone_km": 0.0, "apart_km": 30.0}, "within 30 km of a cable"),
        ({"keep_off": ("old",), "end_zone_km": 1.0, "apart_km": 3.0}, "there is no way"),
        ({"view": View(drop=("lakes",))}, "lakes is no barrier"),
        ({"view": View(cell_m=10.0, margin_km=100.0)}, "the search would take"),
    ],
)
def test_what_cannot_be_asked_is_one_line(inputs, asked, said):
    assert said in tell_refusal(inputs, **asked)


@pytest.mark.parametrize(
    ("start", "end", "view", "said"),
    [
        ("west", "east", View(cell_m=0.0), "cells are 10 m to 20000 m a side, not 0 m"),
        ("west", "east", View(cell_m=math.nan), "cells are 10 m to 20000 m a side"),
        ("west", "grid", View(cell_m=-250.0), "cells are 10 m to 20000 m a side"),
        ("west", "east", View(margin_km=-5.0), "-5 km is no such distance"),
        ("west", "east", View(margin_km=math.inf), "inf km is no such distance"),
        ("west", "mesh", View(), "mesh joins two places or more"),
        ("west,west", "mesh", View(), "mesh joins two places or more"),
        ("west,east", "east", View(margin_km=0.0, drop=("odd",)), "odd is no barrier"),
    ],
)
def test_what_no_search_takes_is_one_line(inputs, start, end, view, said):
    with pytest.raises(InputError) as refused:
        ask_all(inputs, Question(start, end), view)
    (line,) = refused.value.lines()
    assert said in line


def test_where_there_is_no_way_the_barrier_that_alone_stops_it_is_named(inputs):
    walled = np.full((20, 20), 1000.0)
    walled[:, 7] = np.nan
    grids = inputs.rasters | {"elevation": replace(inputs.rasters["elevation"], values=walled)}
    line = tell_refusal(replace(inputs, rasters=grids))
    assert "one barrier alone stops it: --drop no_ground" in line
    free = answer_one(replace(inputs, rasters=grids), ask(inputs), View(drop=("no_ground",)))
    assert free.grounds[0].dropped == ("no_ground",)


def test_a_measure_that_is_none_is_one_line(inputs):
    (term, *_) = inputs.plan.route.terms
    wrong = inputs.plan.route.model_copy(
        update={"terms": (term.model_copy(update={"measure": "lake_kn"}),)}
    )
    changed = replace(inputs, plan=inputs.plan.model_copy(update={"route": wrong}))
    assert "do you mean lake_km?" in tell_refusal(changed)


def test_an_end_may_be_called_by_its_name_where_it_is_the_only_one(inputs):
    assert find_end(inputs, "West", where="A") == find_end(inputs, "west", where="A")
    assert find_end(inputs, "镇", where="A").end_id == "town"
    nodes = inputs.layers["nodes"].assign(name_en="Both")
    twins = replace(inputs, layers=inputs.layers | {"nodes": nodes})
    with pytest.raises(InputError, match=r"2 places are called Both.*west, east"):
        find_end(twins, "Both", where="A")


def test_a_matrix_has_the_routes_of_each_pair(inputs, told):
    west, park = (find_end(inputs, name, where="A") for name in ("west", "here"))
    assert [each.end_id for each in list_parks(inputs)] == ["here"]
    goals = list_targets(inputs)
    assert [each.end_id for each in goals] == ["east"]
    found = answer_matrix(inputs, [west, park], goals, ask(inputs), View()).routes
    assert [(each.route.start.end_id, each.route.end.end_id) for each in found] == [
        ("west", "east"),
        ("here", "east"),
    ]
    alone = answer_one(inputs, ask(inputs, "here", "east"), View()).routes[0].route
    assert found[0].route.plain_km == pytest.approx(told.route.plain_km, rel=0.05)
    # Over a box of other ends the cells lie elsewhere, by half a cell at most.
    assert found[1].route.length_km == pytest.approx(alone.length_km, rel=0.05)


def test_lines_lead_to_the_two_stations_that_cost_least(inputs):
    site = find_end(inputs, "here", where="A")
    answer = answer_tie_lines(inputs, [site], View())
    lines = [each.route for each in answer.routes]
    # The yard lies 170 m from the near station: one place.
    assert [line.end.end_id for line in lines] in (["near", "far"], ["yard", "far"])
    assert lines[0].plain_km <= lines[1].plain_km
    each_alone = {
        name: answer_one(inputs, ask(inputs, "here", name), View(cell_m=250.0)).routes[0].route
        for name in ("near", "far")
    }
    assert lines[0].length_km == pytest.approx(each_alone["near"].length_km, rel=0.1)
    assert lines[1].length_km == pytest.approx(each_alone["far"].length_km, rel=0.03)
    assert make_row(answer.routes[0], geometry=False)["rtt_ms"] is None


def test_without_a_station_in_reach_there_is_one_line(inputs):
    site = find_end(inputs, "113.0,38.0", where="A")
    with pytest.raises(InputError, match="no station of 220 kV or more lies within 60 km"):
        answer_tie_lines(inputs, [site], View())


def test_of_many_sites_those_without_a_station_do_not_hide_the_others(inputs):
    sites = [find_end(inputs, name, where="A") for name in ("113.0,38.0", "here")]
    answer = answer_tie_lines(inputs, sites, View())
    assert [each.route.start.end_id for each in answer.routes] == ["here", "here"]
    (told,) = answer_routes(inputs, answer)["unanswered"]
    assert told["where"] == "113.0,38.0"
    assert "no station of 220 kV" in told["why_en"]


def test_of_many_routes_those_that_are_not_there_are_told(inputs):
    walled = np.full((20, 20), 1000.0)
    walled[:, 7] = np.nan
    grids = inputs.rasters | {"elevation": replace(inputs.rasters["elevation"], values=walled)}
    parted = replace(inputs, rasters=grids)
    west, town, east = (
        find_end(inputs, name, where="A") for name in ("west", "110.3,40.9", "east")
    )
    answer = answer_matrix(parted, [west, east], [town, east], ask(inputs), View())
    # The wall stands at 110.2: west of it nothing leads to the others, and east is east.
    assert [each.route.route_id for each in answer.routes] == ["new_east_110_3_40_9_1"]
    said = {each.where: each.what.say("en") for each in answer.unanswered}
    assert list(said) == ["west 110.3,40.9", "west east", "east east"]
    assert "lie in one cell" in said["east east"]
    with pytest.raises(InputError, match="there is no way from West to East"):
        answer_matrix(parted, [west], [east], ask(inputs), View())


def test_an_end_known_to_more_than_a_cell_is_said_to_be_so(inputs):
    parks = inputs.layers["parks"].assign(accuracy_m=5000.0)
    vague = replace(inputs, layers=inputs.layers | {"parks": parks})
    (line, *_) = answer_tie_lines(vague, [find_end(vague, "here", where="A")], View()).routes
    assert "known to 5 km: the line leads to the middle" in line.note.say("en")
    exact = replace(vague, layers=inputs.layers | {"parks": parks.assign(accuracy_m=100.0)})
    (line, *_) = answer_tie_lines(exact, [find_end(exact, "here", where="A")], View()).routes
    assert "known to" not in line.note.say("en")


@given(
    st.lists(st.floats(0.1, 30.0), min_size=1, max_size=8),
    st.lists(st.floats(0.0, 50.0), min_size=9, max_size=9),
)
def test_amplifiers_are_the_fewest_and_of_those_the_nearest(gaps, away):
    at = np.concatenate([[0.0], np.cumsum(gaps)])
    picked = pick_places(at, np.array(away[: len(at)]), 30.0)
    inner = range(1, len(at) - 1)

    def fits(places) -> bool:
        return bool((np.diff(at[[0, *places, len(at) - 1]]) <= 30.0 + 1e-9).all())

    every = [
        choice
        for n in range(len(at))
        for choice in itertools.combinations(inner, n)
        if fits(choice)
    ]
    fewest = min(len(choice) for choice in every)
    least = min(sum(away[place] for place in choice) for choice in every if len(choice) == fewest)
    assert fits(picked)
    assert len(picked) == fewest
    assert sum(away[place] for place in picked) == pytest.approx(least)


def test_no_span_of_fibre_is_longer_than_the_plan_lets_it_be(inputs, told):
    sites = place_amplifiers(inputs, told.route, span_km=20.0)
    at = [0.0, *(each.at_km for each in sites), told.route.length_km]
    assert len(sites) >= 2
    assert max(np.diff(at)) * 1.04 <= 20.0 + 1e-9


def test_files_are_read_by_others(inputs, answer, told, tmp_path):
    write_routes(inputs, tmp_path, answer)
    features = gpd.read_file(tmp_path / GEOJSON)
    line = features[features.geometry.geom_type == "LineString"].geometry.iloc[0]
    assert line.hausdorff_distance(told.route.line) < 1e-5
    placemark = ET.parse(tmp_path / KML).find(".//{*}LineString/{*}coordinates")
    assert len(placemark.text.split()) == len(told.route.line.coords)
    (network,) = json.loads((tmp_path / OFDS).read_text(encoding="utf-8"))["networks"]
    (span,) = network["spans"]
    assert (span["status"], span["start"], span["end"]) == ("proposed", "west", "east")
    profile = np.genfromtxt(tmp_path / PROFILE, delimiter=",", names=True, encoding="utf-8")
    assert profile["at_km"][-1] == pytest.approx(told.route.length_km, abs=1e-3)


def test_names_are_text_in_every_file(inputs, tmp_path):
    name = "</name><script>alert(1)</script>\"'&${{x}}"
    hostile = inputs.plan.model_copy(update={"title_en": name})
    answer = answer_one(inputs, ask(inputs), View())
    write_routes(replace(inputs, plan=hostile), tmp_path, answer)
    titles = ET.parse(tmp_path / KML).findall(".//{*}Document/{*}name")
    assert [each.text for each in titles] == [name]


def test_a_route_becomes_a_scenario_of_the_users_plan(route_folder, answer, inputs, tmp_path):
    own = shutil.copytree(route_folder, tmp_path / "own")
    before = (own / "fibre.geojson").read_bytes() if (own / "fibre.geojson").exists() else None
    scenario = add_to_plan(str(own), inputs, answer.routes)
    plan = steppe.open_plan(own)
    fibre = plan.inputs.layers["fibre"].set_index("cable_id")
    assert list(fibre.index) == ["old", "new_west_east_1"]
    assert fibre.loc["new_west_east_1", "status"] == "studied"
    assert scenario in [each.name for each in plan.inputs.plan.scenarios]
    if before is not None:
        assert (own / "fibre.geojson").read_bytes() == before
    # A second one bears another number.
    again = answer_one(plan.inputs, ask(plan.inputs), View())
    assert again.routes[0].route.route_id == "new_west_east_2"


def test_ends_that_are_no_nodes_do_not_go_into_a_plan(route_folder, inputs, tmp_path):
    own = shutil.copytree(route_folder, tmp_path / "own")
    told = (own / "plan.toml").read_bytes()
    answer = answer_one(inputs, ask(inputs, "here", "east"), View())
    with pytest.raises(InputError, match="no nodes of the plan: here"):
        add_to_plan(str(own), inputs, answer.routes)
    assert (own / "plan.toml").read_bytes() == told


def test_the_answer_is_json_of_numbers_that_are_known(inputs, answer):
    text = json.dumps(answer_routes(inputs, answer), allow_nan=False)
    (row,) = json.loads(text)["rows"]
    assert row["rtt_range_ms"][0] <= row["rtt_ms"] <= row["rtt_range_ms"][1]
    # Light in glass of index 1.4682 there and back over the line alone takes no longer.
    floor_ms = 2.0 * row["length_km"] * 1.4682 / 299_792.458 * 1000.0
    assert row["rtt_ms"] >= floor_ms
