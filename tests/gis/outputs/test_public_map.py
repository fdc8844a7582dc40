"""A map for everybody: refused without a review, and silent about where the lines truly are."""

from __future__ import annotations

import base64
import dataclasses
import json
import re
import zlib

import numpy as np
import pytest
import shapely
from pyproj import Transformer

import steppe
from steppe.layers.crs import WORKING_CRS
from steppe.maps.page import render_page
from steppe.outputs.output_folder import settle
from steppe.outputs.public_map import DEFAULT_M, choose_width, generalise

LINES = ("fibre", "corridors", "railways")
NUMBER = "蒙S(2026)001号"


@dataclasses.dataclass
class _Plan:
    review_number: str | None
    file: str = "plan.toml"


@pytest.fixture(scope="module")
def public(light_tables):
    return generalise(settle(light_tables), 2000.0)


@pytest.fixture(scope="module")
def page_data(public):
    info = dataclasses.replace(public.info, review_number=NUMBER)
    html = render_page(dataclasses.replace(public, info=info))
    ((kind, found),) = re.findall(
        r'<script type="application/(\w+)" id="data">(.*?)</script>', html
    )
    return json.loads(found if kind == "json" else zlib.decompress(base64.b64decode(found)))


def _true(tables) -> set[tuple[float, float]]:
    shapes = [tables.layers[name].geometry.to_numpy() for name in LINES]
    at = np.vstack([shapely.get_coordinates(each) for each in shapes])
    return {tuple(each) for each in np.round(at, 4).tolist()}


def _places(tables) -> set[tuple[float, float]]:
    at = shapely.get_coordinates(tables.layers["nodes"].geometry.to_numpy())
    return {tuple(each) for each in np.round(at, 4).tolist()}


def _told(data) -> set[tuple[float, float]]:
    """Any two numbers that stand side by side anywhere in the data."""
    text = json.dumps(data, separators=(",", ":"))
    pairs = re.findall(r"(?<=[\[,])(?=(-?\d+\.\d+),(-?\d+\.\d+)[,\]])", text)
    return {(round(float(one), 4), round(float(other), 4)) for one, other in pairs}


def test_nothing_in_the_page_tells_a_vertex_of_a_true_line(page_data, light_tables):
    layers = {each["style"]["layer"]: each for each in page_data["layers"]}
    assert {"fibre", "corridors", "railways", "risks"} <= set(layers)
    assert len(layers["fibre"]["shapes"]) == len(light_tables.layers["fibre"])
    secret = _true(light_tables) - _places(light_tables)
    assert len(secret) > 1000
    told = _told(page_data)
    assert len(told) > 10_000
    assert told & secret == set()


def test_every_vertex_of_a_line_is_on_the_grid_or_at_a_node(page_data, light_tables):
    to_metres = Transformer.from_crs(WORKING_CRS, light_tables.info.albers, always_xy=True)
    nodes = _places(light_tables)
    checked = 0
    for layer in page_data["layers"]:
        if layer["style"]["layer"] not in LINES:
            continue
        flat = [part for shape in layer["shapes"] for part in shape]
        at = np.vstack([np.reshape(part, (-1, 2)) for part in flat])
        free = np.array([each for each in at.tolist() if tuple(each) not in nodes])
        metres = np.column_stack(to_metres.transform(*free.T))
        # The page tells degrees to four decimals, six metres.
        assert np.abs(metres - 2000.0 * np.rint(metres / 2000.0)).max() < 10.0
        checked += len(free)
    assert checked > 500


def test_the_graph_of_the_cuts_tells_no_more_of_its_cables(page_data, light_tables):
    secret = _true(light_tables) - _places(light_tables)
    lines = page_data["graphs"]["lines"]
    told = {
        (round(lon, 4), round(lat, 4))
        for parts in lines
        for part in parts
        for lon, lat in (np.reshape(part, (-1, 2)).cumsum(axis=0) / 1e6).tolist()
    }
    assert len(told) > 100
    assert told & secret == set()


def test_lengths_and_round_trips_stay_those_of_the_plan(public, light_tables):
    settled = settle(light_tables)
    for name in ("length_km", "route_km", "lane"):
        assert public.layers["fibre"][name].equals(settled.layers["fibre"][name])
    assert public.latency.equals(settled.latency)
    assert public.cuts.equals(settled.cuts)
    grown = public.layers["fibre"]["accuracy_m"] - settled.layers["fibre"]["accuracy_m"]
    assert set(grown) == {2000.0}


def test_the_page_says_how_far_lines_are_told(page_data):
    assert page_data["info"]["generalised_m"] == 2000.0
    assert page_data["info"]["review_number"] == NUMBER
    assert page_data["words"]["page.generalised"] == [
        "线位已概化至{m}米。",
        "Lines are generalised to {m} m.",
    ]


@pytest.mark.parametrize("number", ["", " "])
@pytest.mark.parametrize("generalise_m", [None, 500.0])
def test_a_public_map_wants_the_number_that_the_plan_asks_for(number, generalise_m):
    with pytest.raises(steppe.InputError, match=r"^plan.toml › review_number: is empty"):
        choose_width(_Plan(number), public=True, generalise_m=generalise_m)


@pytest.mark.parametrize(
    ("number", "public", "asked", "width_m"),
    [
        (NUMBER, True, None, DEFAULT_M),
        (None, True, None, DEFAULT_M),
        (None, True, 250.0, 250.0),
        ("", False, None, None),
        ("", False, 5000.0, 5000.0),
    ],
)
def test_lines_are_told_as_is_asked(number, public, asked, width_m):
    assert choose_width(_Plan(number), public=public, generalise_m=asked) == width_m


@pytest.mark.parametrize("asked", [0.0, -5.0, 99.9, 1e6, float("nan"), float("inf")])
def test_a_width_out_of_bounds_is_refused(asked):
    with pytest.raises(steppe.InputError, match=r"^--generalise-m: .* give 100 to 100000$"):
        choose_width(_Plan(NUMBER), public=False, generalise_m=asked)
