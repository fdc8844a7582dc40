"""Targets by name, and parks that hang on the nearest node because the plan says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from steppe.layers.errors import InputError
from steppe.layers.wording import say
from steppe.outputs.plan_tables import build_tables
from steppe.planfile.input_reading import open_inputs

NODES = """\
node_id,name_zh,name_en,kind,country,lon,lat,accuracy_m,source_id,as_of
n1,都柏林,Dublin,core,IE,-6.26,53.35,100,own,2025-01-01
n2,凯里,Dublin West,core,IE,-6.40,53.35,100,own,2025-01-01
n3,科克,Cork,core,IE,-8.47,51.90,100,own,2025-01-01
n4,x,Twin,core,IE,-8.5,51.90,100,own,2025-01-01
n5,y,Twin,core,IE,-8.6,51.90,100,own,2025-01-01
n6,j,J,junction,IE,-6.43,53.32,100,own,2025-01-01
"""


def write(folder: Path, network: str) -> Path:
    path = folder / "plan.toml"
    (folder / "nodes.csv").write_text(NODES, encoding="utf-8")
    with path.open("a", encoding="utf-8") as file:
        file.write(
            f'\n[layers.nodes]\nfile = "nodes.csv"\ncrs = "EPSG:4326"\n\n[network]\n{network}\n'
        )
    return path


@pytest.mark.parametrize("said", ["n1", "Dublin", "dublin", "都柏林"])
def test_a_target_is_a_node_by_id_or_by_a_name_that_is_its_own(least_plan: Path, said: str) -> None:
    inputs = open_inputs(write(least_plan, f'targets = ["{said}"]'))
    assert inputs.plan.network.targets == ("n1",)


@pytest.mark.parametrize("said", ["Twin", "Galway", "n9"])
def test_a_name_of_two_nodes_or_of_none_is_a_fault(least_plan: Path, said: str) -> None:
    with pytest.raises(InputError, match=r"network\.targets"):
        open_inputs(write(least_plan, f'targets = ["{said}"]'))


def test_before_there_are_nodes_a_target_waits_for_them(least_plan: Path) -> None:
    with (least_plan / "plan.toml").open("a", encoding="utf-8") as file:
        file.write('\n[network]\ntargets = ["Dublin"]\n')
    inputs = open_inputs(least_plan / "plan.toml")
    assert inputs.plan.network.targets == ()
    assert any("Dublin" in say(note.say("en"), "en") for note in inputs.notes)
    build_tables(inputs)


def test_parks_hang_on_the_nearest_node_only_where_the_plan_says_so(least_plan: Path) -> None:
    plain = least_plan.parent / "plain"
    plain.mkdir()
    for each in least_plan.iterdir():
        if each.is_file():
            (plain / each.name).write_bytes(each.read_bytes())
    assert open_inputs(write(plain, "targets = []")).layers["parks"]["node_id"].isna().all()
    inputs = open_inputs(write(least_plan, "nearest_node_km = 30.0"))
    joined = dict(
        zip(*(inputs.layers["parks"][name] for name in ("park_id", "node_id")), strict=True)
    )
    # Athlone lies over 90 km from any; the junction is nearer to Grange Castle, and no end.
    assert joined["grange"] == "n2"
    assert joined["clonee"] in {"n1", "n2"}
    assert [park for park, node in joined.items() if not isinstance(node, str)] == [
        park for park in joined if park not in {"grange", "clonee"}
    ]
    assert any("(network.nearest_node_km): 2" in note.say("en") for note in inputs.notes)
