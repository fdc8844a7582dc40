"""Two routes apart, alternatives, a mesh: what the command makes of searches that have tests of their own."""

from __future__ import annotations

import json

import geopandas as gpd
import numpy as np
import pytest
import rasterio
import shapely

from steppe.layers.errors import InputError
from steppe.outputs.json_routes import answer_routes
from steppe.outputs.route_files import CORRIDOR, write_routes
from steppe.outputs.route_table import tell_pairs
from steppe.routes.answering import View
from steppe.routes.asking import Question, answer
from tests.gis.routes.conftest import LAKE, draw

COARSE = View(cell_m=2500.0)


@pytest.fixture(scope="module")
def pair(inputs):
    return answer(inputs, Question("west", "east", is_pair=True, apart_km=8.0), COARSE)


def test_the_two_of_a_pair_keep_apart_outside_the_end_zones(pair):
    crs = pair.grounds[0].grid.crs
    lines = [draw(each.route.line, crs) for each in pair.routes]
    ends = gpd.GeoSeries(gpd.points_from_xy([110.2, 110.8], [40.5, 40.5]), crs=4490).to_crs(crs)
    # The discs lie about the middles of the cells of the ends, within 1.42 km of these.
    zones = ends.buffer(10_000.0 + 1_415.0).union_all()
    first, second = (line.difference(zones) for line in lines)
    assert first.distance(second) >= 8_000.0
    assert not any(each.route.line.intersects(LAKE.buffer(-0.02)) for each in pair.routes)


def test_a_pair_costs_no_less_than_its_bound_and_twice_the_best_route(inputs, pair):
    ((_, found),) = pair.pairs
    alone = answer(inputs, Question("west", "east"), COARSE).routes[0].route.plain_km
    assert found.bound_km <= found.plain_km * (1 + 1e-9)
    assert found.plain_km >= 2.0 * alone * (1 - 2e-3)
    assert found.plain_km == pytest.approx(sum(each.route.plain_km for each in pair.routes))


def test_a_pair_the_other_way_round_costs_the_same(inputs, pair):
    back = answer(inputs, Question("east", "west", is_pair=True, apart_km=8.0), COARSE)
    assert back.pairs[0][1].plain_km == pytest.approx(pair.pairs[0][1].plain_km, rel=1e-9)


def test_distance_never_makes_a_pair_cheaper(inputs):
    found = answer(
        inputs, Question("west", "east", aparts_km=(2.0, 8.0, 14.0)), View(cell_m=3000.0)
    )
    costs = [np.inf if pair is None else pair.plain_km for _, pair in found.pairs]
    assert [km for km, _ in found.pairs] == [2.0, 8.0, 14.0]
    assert costs == sorted(costs)
    told = json.loads(json.dumps(answer_routes(inputs, found), allow_nan=False))["pairs"]
    assert [each["apart_km"] for each in told] == [2.0, 8.0, 14.0]


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ({"apart_km": 60.0}, "no two routes are 60 km apart where both leave an end zone of 10 km"),
        ({"end_zone_km": 1.0}, "is narrower than a step"),
        ({"apart_km": -1.0}, "-1 km is no such distance"),
        ({"apart_km": float("nan")}, "nan km is no such distance"),
        ({"keep_off": ("odd",)}, "do you mean old?"),
    ],
)
def test_a_pair_that_cannot_be_is_one_line(inputs, question, said):
    with pytest.raises(InputError) as refused:
        answer(inputs, Question("west", "east", is_pair=True, **question), COARSE)
    (line,) = refused.value.lines()
    assert said in line


def test_alternatives_differ_and_cost_no_less_than_the_best(inputs, tmp_path):
    found = answer(inputs, Question("west", "east", n_ways=3), COARSE)
    routes = [each.route for each in found.routes]
    assert len(routes) >= 2
    costs = [route.plain_km for route in routes]
    assert min(costs) == costs[0]
    assert max(costs) <= costs[0] * 1.25 * (1 + 1e-6)
    crs = found.grounds[0].grid.crs
    near = draw(routes[0].line, crs).buffer(5_000.0)
    other = draw(routes[1].line, crs)
    # Sharing is counted by cells, of the plan's 5 km: half of the length, and a step.
    assert other.intersection(near).length <= 0.5 * other.length + 6_000.0
    write_routes(inputs, tmp_path, found)
    with rasterio.open(tmp_path / CORRIDOR) as grid:
        extra = grid.read(1)
        on_the_way = [next(grid.sample([place]))[0] for place in draw(routes[0].line, crs).coords]
    assert np.nanmin(extra) == 0.0
    assert np.nanmax(extra) <= 25.0 + 1e-3
    assert max(on_the_way[1:-1]) < 0.2


def test_a_mesh_joins_each_two(inputs):
    found = answer(inputs, Question("west,east,here", "mesh"), COARSE)
    assert [(each.route.start.end_id, each.route.end.end_id) for each in found.routes] == [
        ("west", "east"),
        ("west", "here"),
        ("east", "here"),
    ]


def test_what_is_asked_of_two_ends_is_not_asked_of_many(inputs):
    for question in (
        Question("west,here", "east", is_pair=True),
        Question("west,here", "mesh", n_ways=2),
        Question("here", "grid", keep_off=("old",)),
    ):
        with pytest.raises(InputError, match="between two ends"):
            answer(inputs, question, COARSE)


def test_a_place_is_one_end_and_not_two_names(inputs):
    found = answer(inputs, Question("110.25,40.9", "east"), COARSE)
    assert shapely.Point(found.routes[0].route.line.coords[0]).equals_exact(
        shapely.Point(110.25, 40.9), 1e-9
    )


def test_two_routes_within_the_end_zones_are_not_said_to_be_apart(inputs):
    asked = Question("west", "east", is_pair=True, apart_km=20.0, end_zone_km=60.0)
    told = [words.say("en") for words in tell_pairs(answer(inputs, asked, COARSE))]
    assert len(told) == 1
    assert "lies wholly in the end zones" in told[0]
    assert "20 km apart" not in told[0]
