"""A plan of a degree square: a lake between two nodes, a wall of a border, a grid of heights, a cable."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pytest
import shapely

import steppe
from steppe.layers.tables import Raster
from tests.gis.screening.conftest import CRITERIA, SQUARE, frame

LAKE = shapely.box(110.45, 40.3, 110.55, 40.7)
TOWN = shapely.Point(110.3, 40.9)
CABLE = shapely.LineString([(110.2, 40.5), (110.5, 40.8), (110.8, 40.5)])
SOUTH = [(110.2, 40.5), (110.2, 40.2), (110.8, 40.2), (110.8, 40.5)]
NORTH = [(110.2, 40.5), (110.2, 40.95), (110.8, 40.95), (110.8, 40.5)]
SPUR = [(110.5, 40.2), (110.5, 40.1)]
TERMS = [
    {"id": "lake", "measure": "lake_km", "comparison": "at_most", "threshold": 0.8, "barrier": True},
    {"id": "town", "measure": "town_km", "comparison": "at_most", "threshold": 5.0, "factor": 3.0},
    {"id": "steep", "measure": "slope_deg", "comparison": "at_least", "threshold": 5.0, "factor": 2.0},
]  # fmt: skip
NAMES = {"name_zh": "方", "name_en": "Square"}


def lay_heights(values: np.ndarray, name: str = "elevation", unit: str = "m") -> Raster:
    """Return a grid of ten rows and columns a degree over the square and half a degree round it."""
    return Raster(name, values.astype(np.float32), 109.5, 41.5, 0.1, unit, "高", "Height", "own")


@pytest.fixture(scope="session")
def route_folder(tmp_path_factory):
    layers = {
        "parks": frame(
            [shapely.Point(110.3, 40.3)], park_id=["here"], level="zone", city="Square",
            status="planned", location_basis="said", **NAMES,
        ),
        "nodes": frame(
            [shapely.Point(110.2, 40.5), shapely.Point(110.8, 40.5)], node_id=["west", "east"],
            name_zh=["西", "东"], name_en=["West", "East"], kind="core", country="CN",
        ),
        "fibre": frame(
            [CABLE], cable_id=["old"], name_zh=["旧"], name_en=["Old"], from_node=["west"],
            to_node=["east"], corridor_basis="assumed", geometry_kind="corridor", existence="said",
            status="in_service", year=2020,
        ),
        "boundaries": frame([SQUARE], boundary_id=["square"], kind="region", **NAMES),
        "lakes": frame([LAKE], lake_id=["lake"], name="lake", rank=1),
        "towns": frame([TOWN], town_id=["town"], name_zh=["镇"], name_en=["Town"]),
        "substations": frame(
            [shapely.Point(110.25, 40.25), shapely.Point(110.252, 40.25), shapely.Point(110.6, 40.4)],
            grid_id=["near", "yard", "far"], kind="substation", voltage_kv=[220, 220, 500],
            status="operating",
        ),
    }  # fmt: skip
    box = {"extent": {"box": [105.0, 35.0, 116.0, 46.0]}}
    told = {"title_zh": "项", "title_en": "Term", "reason": "assumed"}
    keys = {
        "request": {"demand_mw": 200.0, "reach_km": 60.0, "reason": "assumed"},
        "region": {"boundary_id": "square", "box": [110.0, 40.0, 111.0, 41.0]},
        "layers": {"substations": box, "towns": box, "lakes": box},
        "network": {"targets": ["east"]},
        "route": {
            "cell_m": 1000.0,
            "margin_km": 40.0,
            "apart_km": 5.0,
            "end_zone_km": 10.0,
            "price": {"value": 100.0, "low": 80.0, "high": 150.0, "currency": "USD", "reason": "assumed"},
            "terms": [each | told for each in TERMS],
        },
    }  # fmt: skip
    folder = tmp_path_factory.mktemp("ways") / "plan"
    steppe.make_plan(layers, CRITERIA, name="ways", keys=keys, folder=folder)
    return folder


@pytest.fixture(scope="session")
def inputs(route_folder):
    """What was read, with heights that climb to the north and a steep band in the south."""
    read = steppe.open_plan(route_folder).inputs
    rows = np.arange(20, dtype=float)[:, np.newaxis] * np.ones((1, 20))
    slopes = np.where(rows >= 12, 8.0, 1.0)
    grids = {
        "elevation": lay_heights(2000.0 - 50.0 * rows),
        "slope": lay_heights(slopes, "slope", "°"),
    }
    return replace(read, rasters=grids)


@pytest.fixture(scope="session")
def railed(inputs):
    """The plan with two railways between its nodes, one round the lake's south with a spur, and one north."""
    south = [*SOUTH[:2], SPUR[0], *SOUTH[2:]]
    lines = [shapely.LineString(each) for each in (south, NORTH, SPUR)]
    rails = frame(lines, line_id=["south", "north", "spur"], rank=1)
    return replace(inputs, layers={**inputs.layers, "railways": gpd.GeoDataFrame(rails)})


def draw(line: shapely.LineString, crs: object) -> shapely.LineString:
    """Return a line of degrees in a projection, by geopandas: what the product does not use for it."""
    return gpd.GeoSeries([line], crs=4490).to_crs(crs).iloc[0]
