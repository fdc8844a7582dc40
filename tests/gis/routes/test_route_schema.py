"""Every answer of `steppe route` is of the one form that its schema tells."""

from __future__ import annotations

import copy
import json

import pytest

import steppe
from steppe.outputs.json_routes import answer_routes
from steppe.routes.answering import View
from steppe.routes.asking import Question, answer
from tests.gis.command.test_json_answers import find_faults

COARSE = View(cell_m=3000.0, margin_km=60.0)
QUESTIONS = {
    "single": Question("west", "east"),
    "pair": Question("west", "east", is_pair=True),
    "frontier": Question("west", "east", aparts_km=(5.0, 200.0)),
    "alternatives": Question("west", "east", n_ways=2),
    "mesh": Question("west,east,here", "mesh"),
    "matrix": Question("west,east", "here,east"),
    "tie lines": Question("here", "grid"),
    "along": Question("west", "east", over="railways"),
    "disjoint": Question("west", "east", over="railways", is_disjoint=True),
    "tree": Question("west,east,110.5,40.1", "tree", over="railways"),
}


@pytest.fixture(scope="module")
def schema():
    return steppe.json_schema("route")


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_an_answer_obeys_the_schema_and_the_schema_tells_all_of_it(railed, schema, question):
    told = answer_routes(railed, answer(railed, question, COARSE))
    told = json.loads(json.dumps(told, allow_nan=False))
    assert list(find_faults(told, schema)) == []
    assert set(told) == set(schema["properties"])
    assert told["rows"]
    are_two = question.is_pair or question.is_disjoint or bool(question.aparts_km)
    assert bool(told["pairs"]) == are_two
    assert (told["tree"] is not None) == (question.end == "tree")


SPOILT = [
    (("cell_m",), "1 km"),
    (("rows", 0, "kind"), "road"),
    (("rows", 0, "length_km"), None),
    (("rows", 0, "rtt_range_ms"), [1.0]),
    (("rows", 0, "geometry", "coordinates", 0), [110.0]),
    (("rows", 0, "ground", 0, "km"), -1.0),
    (("rows", 0, "colour"), "red"),
    (("pairs", 0, "is_proven"), "yes"),
    (("pairs", 0, "lengths_km"), [1.0, 2.0, 3.0]),
]


def test_the_schema_refuses_what_is_spoilt(railed, schema):
    told = json.loads(json.dumps(answer_routes(railed, answer(railed, QUESTIONS["pair"], COARSE))))
    for (*way, last), value in SPOILT:
        spoilt = copy.deepcopy(told)
        inner = spoilt
        for step in way:
            inner = inner[step]
        inner[last] = value
        assert list(find_faults(spoilt, schema)), (way, last)
