"""Joints in files: nodes that the cable passes, and no others."""

from __future__ import annotations

from pathlib import Path

import pytest

from steppe.planfile.consistency import cross_faults
from steppe.planfile.input_reading import read_inputs
from steppe.planfile.plan_inputs import BACKBONE, Inputs
from steppe.planfile.plan_reading import read_plan


@pytest.fixture(scope="module")
def inputs(pack: Path) -> Inputs:
    return read_inputs(read_plan(pack / "plan.toml"), only=BACKBONE)


def faults(inputs: Inputs, joints: str) -> list[str]:
    fibre = inputs.layers["fibre"].copy()
    fibre.loc[fibre["cable_id"] == "ordos_beijing_1b", "joints"] = joints
    layers = {**inputs.layers, "fibre": fibre}
    return [str(each) for each in cross_faults(inputs.plan, layers, inputs.facts.head(0), {})]


@pytest.mark.parametrize("joints", ["", "baotou", "jining baotou hohhot datong"])
def test_a_cable_can_be_joined_at_nodes_that_it_passes(inputs, joints: str) -> None:
    assert faults(inputs, joints) == []


@pytest.mark.parametrize("node", ["xilinhot", "ordos", "beijing"])
def test_a_node_beside_the_way_and_an_end_are_no_joints(inputs, node: str) -> None:
    (line,) = faults(inputs, f"baotou {node}")
    assert line.startswith("fibre.geojson › fibre")
    assert "ends at this node or does not pass it" in line
    assert f"ordos_beijing_1b › {node}" in line
