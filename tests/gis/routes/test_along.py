"""Routes along lines that are there: railways of a plan, streets of an extract, and trees."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import pytest
import shapely
from pyproj import Geod

from steppe.layers.errors import InputError
from steppe.routes.answering import View
from steppe.routes.asking import Question, answer
from tests.gis.routes.conftest import NORTH, SOUTH, SPUR

GEOD = Geod(ellps="GRS80")
SIGHT = View(margin_km=60.0)


def kilometres(places) -> float:
    return GEOD.geometry_length(shapely.LineString(places)) / 1000.0


def test_a_route_along_railways_takes_the_cheaper_line(railed):
    # The south is shorter, but steep, which the plan says takes twice as much.
    route = answer(railed, Question("west", "east", over="railways"), SIGHT).routes[0].route
    assert route.length_km == pytest.approx(kilometres(NORTH), rel=1e-3)
    assert route.plain_km == pytest.approx(route.length_km, rel=1e-3)
    entry = railed.plan.route.model_copy(update={"terms": ()})
    plain = replace(railed, plan=railed.plan.model_copy(update={"route": entry}))
    route = answer(plain, Question("west", "east", over="railways"), SIGHT).routes[0].route
    assert route.length_km == pytest.approx(kilometres(SOUTH), rel=1e-3)


def test_two_that_share_nothing_are_both_lines(railed):
    found = answer(railed, Question("west", "east", over="railways", is_disjoint=True), SIGHT)
    lengths = sorted(each.route.length_km for each in found.routes)
    assert lengths == pytest.approx(sorted(map(kilometres, (SOUTH, NORTH))), rel=1e-3)


def test_two_apart_are_both_lines_and_know_how_near_they_come(railed):
    question = Question(
        "west", "east", is_pair=True, over="railways", apart_km=20.0, end_zone_km=15.0
    )
    found = answer(railed, question, SIGHT)
    ((_, pair),) = found.pairs
    assert pair.is_proven
    assert pair.apart_km >= 20.0
    lengths = sorted(each.route.length_km for each in found.routes)
    assert lengths == pytest.approx(sorted(map(kilometres, (SOUTH, NORTH))), rel=1e-3)


def test_a_tree_joins_all_ends_and_its_bound_holds(railed):
    found = answer(railed, Question("west,east,110.5,40.1", "tree", over="railways"), SIGHT)
    assert found.tree.plain_km >= found.tree.bound_km * (1 - 1e-9)
    total = sum(each.route.length_km for each in found.routes)
    assert total == pytest.approx(kilometres(SOUTH) + kilometres(SPUR), rel=1e-3)
    assert len(found.routes) == 3


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ({"over": "roads"}, "the plan has no lines roads; steppe fetch roads --into PLAN"),
        ({"over": "corridors"}, "the plan has no lines corridors; there are railways;"),
        ({"over": "roads.gpkg"}, "the plan has no lines roads.gpkg; there are railways;"),
        ({"over": "lakes"}, "the plan has no lines lakes; there are railways;"),
        ({"over": "roads.osm.pbf"}, "steppe fetch --from"),
        ({"over": "away.osm"}, "away.osm"),
        ({"is_disjoint": True}, "it is asked of lines alone"),
        ({"over": "railways", "n_ways": 2}, "over the ground alone"),
        ({"start": "110.2001,40.5", "end": "110.2,40.5001", "over": "railways"}, "is the nearest"),
        (
            {"over": "railways", "is_pair": True, "apart_km": 55.0, "end_zone_km": 15.0},
            "are 55 km apart",
        ),
        ({"over": "railways", "is_pair": True, "end_zone_km": 0.1}, "narrower than a step"),
        ({"end": "tree", "over": "railways"}, "tree joins two places or more"),
        (
            {"start": "150.2,40.5", "end": "150.8,40.5", "over": "railways"},
            "no line of railways lies",
        ),
    ],
)
def test_what_cannot_be_asked_of_lines_is_one_line(railed, question, said):
    told = {"start": "west", "end": "east"} | question
    with pytest.raises(InputError) as refused:
        answer(railed, Question(**told), SIGHT)
    (line,) = refused.value.lines()
    assert said in line


def test_lines_in_two_pieces_join_the_ends_to_the_nearer_piece_alone(railed):
    # Two lines that do not meet: all ends are led to one of them, and the tree is of that one.
    lines = gpd.GeoDataFrame(railed.layers["railways"].iloc[[1, 2]])
    parted = replace(railed, layers={**railed.layers, "railways": lines})
    route = answer(parted, Question("west", "east", over="railways"), SIGHT).routes[0].route
    assert route.length_km == pytest.approx(kilometres(NORTH), rel=1e-3)


def test_of_many_ends_those_that_share_a_place_of_the_lines_are_named(railed):
    asked = Question("west,110.2001,40.5,east", "tree", over="railways")
    with pytest.raises(InputError) as refused:
        answer(railed, asked, SIGHT)
    (line,) = refused.value.lines()
    assert line.startswith("west 110.2001,40.5: ")


def test_lines_of_one_piece_are_no_two_that_share_nothing(railed):
    south = railed.layers["railways"].iloc[[0]]
    alone = replace(railed, layers={**railed.layers, "railways": south})
    with pytest.raises(InputError, match="share nothing"):
        answer(alone, Question("west", "east", over="railways", is_disjoint=True), SIGHT)


STREETS = """<?xml version="1.0" encoding="UTF-8"?>
<osm version="0.6">
 <node id="1" lat="40.5" lon="110.2" version="1"/>
 <node id="2" lat="40.2" lon="110.2" version="1"/>
 <node id="3" lat="40.2" lon="110.8" version="1"/>
 <node id="4" lat="40.5" lon="110.8" version="1"/>
 <way id="10" version="1"><nd ref="1"/><nd ref="2"/><nd ref="3"/><tag k="highway" v="primary"/><tag k="oneway" v="yes"/></way>
 <way id="11" version="1"><nd ref="4"/><nd ref="3"/><tag k="highway" v="primary"/><tag k="oneway" v="yes"/></way>
 <way id="12" version="1"><nd ref="1"/><nd ref="4"/>{tag}</way>
</osm>
"""


def test_streets_of_an_extract_are_run_along_either_way(inputs, tmp_path):
    extract = tmp_path / "streets.osm"
    extract.write_text(STREETS.format(tag='<tag k="waterway" v="canal"/>'), encoding="utf-8")
    question = Question("west", "east", over=str(extract))
    route = answer(inputs, question, SIGHT).routes[0].route
    # Against the second one-way street, and not along the canal.
    assert route.length_km == pytest.approx(kilometres(SOUTH), rel=1e-3)


@pytest.mark.parametrize("text", ["", "<osm>", "no xml", '<osm version="0.6"></osm>'])
def test_an_extract_that_is_none_is_one_line(inputs, tmp_path, text):
    extract = tmp_path / "broken.osm"
    extract.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as refused:
        answer(inputs, Question("west", "east", over=str(extract)), SIGHT)
    (line,) = refused.value.lines()
    assert line.startswith("broken.osm")
