"""A plan of a degree square: two railways, a lake, two substations, and one park."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pytest
import shapely

import steppe
from steppe.screening.result import Screening
from steppe.screening.screening_run import screen

OWN = {"accuracy_m": 0, "source_id": "own", "as_of": "2025-03-01"}
SQUARE = shapely.box(110.0, 40.0, 111.0, 41.0)
CRITERIA = [
    {
        "name": "power", "title_zh": "电力", "title_en": "Power", "weight": 1.0,
        "measures": [
            {"id": "grid_220_km", "weight": 1.0, "worst": 30.0, "best": 0.0, "reason": "assumed"}
        ],
    }
]  # fmt: skip
CLAUSES = [
    {"id": "rail", "measure": "railway_km", "comparison": "at_least", "threshold": 2.0},
    {"id": "lake", "measure": "lake_km", "comparison": "at_least", "threshold": 1.0},
    {"id": "steep", "measure": "slope_deg", "comparison": "at_most", "threshold": 5.0},
]
# A railway in the middle, and one outside 1 km east of the edge: its setback reaches in.
RAILS = [shapely.LineString([(110.5, 39.5), (110.5, 41.5)]), shapely.LineString([(111.0118, 39.5), (111.0118, 41.5)])]  # fmt: skip
LAKE = shapely.box(110.1, 40.4, 110.2, 40.5)


def frame(shapes: list, **columns: object) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(columns | OWN, geometry=shapes, crs=4490)


@pytest.fixture(scope="session")
def plan_folder(tmp_path_factory) -> Path:
    names = {"name_zh": "方", "name_en": "Square"}
    layers = {
        "parks": frame(
            [shapely.Point(110.3, 40.3)], park_id=["here"], level="zone", city="Square",
            status="planned", location_basis="said", **names,
        ),
        "boundaries": frame([SQUARE], boundary_id=["square"], kind="region", **names),
        "railways": frame(RAILS, line_id=["in", "out"], name="rail", rank=1),
        "lakes": frame([LAKE], lake_id=["lake"], name="lake", rank=1),
        "substations": frame(
            [shapely.Point(110.25, 40.25), shapely.Point(111.1, 40.9)], grid_id=["a", "b"],
            kind="substation", voltage_kv=[220, 500], status="operating",
        ),
    }  # fmt: skip
    box = {"extent": {"box": [105.0, 35.0, 116.0, 46.0]}}
    keys = {
        "request": {
            "demand_mw": 200.0,
            "reach_km": 80.0,
            "reason": "assumed",
            "ha_per_mw": {"low": 1.0, "high": 10.0, "reason": "assumed", "assumed": True},
        },
        "region": {"boundary_id": "square", "box": [110.0, 40.0, 111.0, 41.0]},
        "layers": {"substations": box, "railways": box, "lakes": box},
        "screening": {
            "cell_m": 2000.0,
            "clauses": [
                each | {"title_zh": each["id"], "title_en": each["id"], "reason": "assumed"}
                for each in CLAUSES
            ],
        },
    }
    folder = tmp_path_factory.mktemp("square") / "plan"
    steppe.make_plan(layers, CRITERIA, name="square", keys=keys, folder=folder)
    return folder


@pytest.fixture(scope="session")
def plan(plan_folder) -> steppe.OpenPlan:
    return steppe.open_plan(plan_folder)


@pytest.fixture(scope="session")
def done(plan, tmp_path_factory) -> Screening:
    return screen(plan.inputs, tmp_path_factory.mktemp("screening") / "out")
