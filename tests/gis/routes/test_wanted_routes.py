"""Questions for new routes that a plan asks of its build: answered as the command does, and counted nowhere."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import pytest
from pydantic import ValidationError

from steppe.outputs.plan_tables import build_tables
from steppe.outputs.wanted_tables import find_wanted
from steppe.planfile.route_entry import RouteEntry, WantedRoute
from steppe.routes.answering import View
from steppe.routes.asking import Question, answer
from tests.gis.routes.conftest import draw

COARSE = {"cell_m": 2500.0}
PAIR = {"from": "west", "to": "east", "pair": True, "apart_km": 8.0, **COARSE}


def want(inputs, *questions):
    entry = inputs.plan.route.model_copy(
        update={"wanted": tuple(WantedRoute(**each) for each in questions)}
    )
    return replace(inputs, plan=inputs.plan.model_copy(update={"route": entry}))


@pytest.fixture(scope="module")
def asking(inputs):
    """A plan that asks for a pair, for lines to the grid, and for what there is not."""
    return want(
        inputs,
        PAIR,
        {"id": "lines", "title_en": "Lines", "from": "here", "to": "grid"},
        {"id": "wet", "from": "west", "to": "110.5,40.5"},
        {"id": "wide", **PAIR, "apart_km": 24.0},
        {"id": "sites", "from": "proposed", "to": "grid"},
    )


@pytest.fixture(scope="module")
def wanted(asking):
    return find_wanted(asking, None)


def test_the_build_answers_what_the_command_answers(inputs, wanted):
    routes = wanted.layers["proposed_routes"].set_index("route_id")
    same = answer(inputs, Question("west", "east", is_pair=True, apart_km=8.0), View(**COARSE))
    ((_, pair),) = same.pairs
    own = routes[routes["question_id"] == "west_east"]
    assert own["plain_km"].tolist() == pytest.approx([pair.first.plain_km, pair.second.plain_km])
    # A hundred dollars a plain kilometre, from 80 to 150.
    assert own["cost"].tolist() == pytest.approx((100.0 * own["plain_km"]).tolist())
    assert own["cost_low"].tolist() == pytest.approx((80.0 * own["plain_km"]).tolist())
    question = wanted.tables["route_questions"].set_index("question_id").loc["west_east"]
    assert question["plain_km"] == pytest.approx(own["plain_km"].sum())
    assert question["least_plain_km"] <= question["plain_km"] * (1 + 1e-9)
    assert question["nearest_km"] >= 8.0


def test_no_route_bears_the_id_of_a_cable(asking):
    cables = asking.layers["fibre"].assign(cable_id="new_lines_1")
    named = replace(asking, layers={**asking.layers, "fibre": cables})
    routes = find_wanted(named, None).layers["proposed_routes"]
    lines = routes.loc[routes["question_id"] == "lines", "route_id"]
    assert lines.tolist() == ["new_lines_2", "new_lines_3"]


def test_lines_to_the_grid_have_no_round_trip_and_lead_to_two_stations(wanted):
    routes = wanted.layers["proposed_routes"]
    lines = routes[routes["question_id"] == "lines"]
    assert lines["kind"].eq("tie_line").all()
    assert lines["rtt_ms"].isna().all()
    assert lines["to_id"].tolist() == ["near", "far"]


def test_what_cannot_be_answered_is_told_and_stops_nothing(wanted):
    told = wanted.tables["route_questions"].set_index("question_id")
    assert told.index.tolist() == ["west_east", "lines", "wet", "wide", "sites"]
    assert told["n_routes"].tolist() == [2, 2, 0, 0, 0]
    assert "lies on a barrier" in told.loc["wet", "text_en"]
    assert "24 km apart" in told.loc["wide", "text_en"]
    assert "finds no site" in told.loc["sites", "text_en"]
    assert told.loc["lines", "title_en"] == told.loc["lines", "title_zh"] == "Lines"


def test_tables_of_routes_speak_of_the_routes_there_are(wanted):
    routes = wanted.layers["proposed_routes"].set_index("route_id")
    for name in ("route_crossings", "route_beside", "route_ground", "route_profile"):
        assert set(wanted.tables[name]["route_id"]) <= set(routes.index), name
    ends = wanted.tables["route_profile"].groupby("route_id")["at_km"].max()
    assert ends.to_dict() == pytest.approx(routes["length_km"].to_dict(), abs=1e-3)
    spans = wanted.layers["proposed_amplifiers"].groupby("route_id").size()
    assert spans.reindex(routes.index[routes["kind"] == "fibre"], fill_value=0).tolist() == (
        routes["n_amplifiers"].dropna().tolist()
    )


def test_proposed_routes_are_counted_nowhere(inputs, asking):
    plain, told = build_tables(inputs), build_tables(asking)
    assert plain.counted == told.counted
    assert plain.layers["fibre"].equals(told.layers["fibre"])
    for name, table in plain.tables.items():
        if not name.startswith("route_"):
            assert table.equals(told.tables[name]), name
    assert not told.layers["proposed_routes"].empty
    assert "proposed_routes" not in plain.layers


def test_the_light_plan_proposes_a_pair_that_keeps_apart(light_tables):
    routes = light_tables.layers["proposed_routes"]
    pair = routes[routes["question_id"] == "jining_beijing"]
    crs = light_tables.info.albers
    lines = [draw(line, crs) for line in pair.geometry]
    ends = gpd.GeoSeries([lines[0].interpolate(0), lines[0].interpolate(1, normalized=True)])
    # Cells of 4 km: the discs lie about the middles of the cells of the ends, 2.9 km away at most, and two
    # projections differ by some parts in a hundred over 300 km.
    zones = ends.buffer(33_000.0).union_all()
    assert lines[0].difference(zones).distance(lines[1].difference(zones)) >= 19_400.0
    assert set(routes["question_id"]) == {"jining_beijing", "west_mesh", "tie_lines"}
    sites = light_tables.layers["proposed_sites"]["site_id"]
    assert set(routes.loc[routes["kind"] == "tie_line", "from_id"]) <= set(sites)


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"from": "a,b", "to": "c", "pair": True}, "between two ends"),
        ({"from": "proposed", "to": "grid", "keep_off": ["old"]}, "between two ends"),
        ({"from": "a", "to": "b", "pair": True, "alternatives": 3}, "one of the two"),
        ({"from": "a", "to": "b", "over": "roads", "alternatives": 3}, "over the ground alone"),
        ({"from": "a,b", "to": "tree"}, "of lines alone"),
        ({"from": "a", "to": "b", "over": "rivers"}, "railways"),
    ],
)
def test_what_is_no_question_is_refused(told, words):
    with pytest.raises(ValidationError, match=words):
        WantedRoute(**told)


def test_two_questions_need_two_names():
    same = [{"from": "A b", "to": "c"}, {"from": "a", "to": "B-c"}]
    with pytest.raises(ValidationError, match=r"route\.wanted"):
        RouteEntry(wanted=same)
