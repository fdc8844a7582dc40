"""Ids that stand in one column: one that means two places is one line, others do no harm."""

from types import SimpleNamespace

import geopandas as gpd
import pytest
from shapely.geometry import Point

from steppe.planfile.id_namespaces import find_ambiguous

KEYS = {"parks": "park_id", "nodes": "node_id", "boundaries": "boundary_id", "towns": "town_id",
        "corridors": "corridor_id"}  # fmt: skip


def find(**ids: list[str]) -> list[str]:
    layers = {
        name: gpd.GeoDataFrame({KEYS[name]: held}, geometry=[Point(1, 1)] * len(held), crs=4490)
        for name, held in ids.items()
    }
    plan = SimpleNamespace(layers={name: SimpleNamespace(file=f"{name}.csv") for name in KEYS})
    return [str(problem) for problem in find_ambiguous(plan, layers)]


@pytest.mark.parametrize(
    ("layer", "other"),
    [("parks", "nodes"), ("parks", "boundaries"), ("nodes", "boundaries"), ("parks", "towns")],
)
def test_an_id_of_two_places_is_one_line(layer: str, other: str) -> None:
    (line,) = find(**{layer: ["a", "hailar"], other: ["hailar", "b"]})
    assert line.startswith(f"{layer}.csv › {layer}: {KEYS[layer]} is also an id of {other}")
    assert "(rows hailar)" in line


def test_a_node_may_be_called_as_its_town_and_a_corridor_as_anything() -> None:
    assert find(nodes=["hailar"], towns=["hailar"], corridors=["hailar"], parks=["p"]) == []
    assert find(parks=["p"]) == []
