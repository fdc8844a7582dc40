"""The default plan with its planned cables and with railways more: each has its ranges."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from steppe.network.plan_backbone import build_backbone
from steppe.network.redundancy_table import pair_nodes
from steppe.network.srlg_layer import find_cable_risks, find_corridor_risks, gather_risks
from steppe.planfile.input_reading import read_inputs
from steppe.planfile.plan_inputs import BACKBONE
from steppe.planfile.plan_reading import read_plan
from steppe.routing.backbone import Corridor
from steppe.routing.redundancy import EffectiveRoutes, cut_range

RAILWAYS = [("jining", "tongliao"), ("chifeng", "xilinhot"), ("wuhai", "ordos")]


@pytest.fixture(scope="module")
def planned(pack: Path):
    """The backbone with all cables planned for 2020, what it shares, and all pairs."""
    inputs = read_inputs(read_plan(pack / "plan.toml"), only=BACKBONE)
    planned = {"year": 2020, "statuses": ("in_service", "building", "planned")}
    scenario = inputs.plan.scenario.model_copy(update=planned)
    inputs = replace(inputs, plan=inputs.plan.model_copy(update={"scenario": scenario}))
    backbone = build_backbone(inputs)
    risks = gather_risks(inputs, find_cable_risks(inputs, backbone), find_corridor_risks(inputs))
    return backbone, risks, list(pair_nodes(inputs, inputs.plan.network.targets))


@pytest.mark.parametrize("n_railways", [0, 1, 3])
def test_planned_cables_and_railways_more_leave_every_range_exact(planned, n_railways) -> None:
    backbone, risks, pairs = planned
    more = [
        Corridor(f"more_{number}", *ends, 500.0)
        for number, ends in enumerate(RAILWAYS[:n_railways])
    ]
    routes = EffectiveRoutes(backbone.cables, [*backbone.corridors, *more], risks=risks)
    found = {ends: routes.between(*ends) for ends in pairs}
    assert all(each.is_exact for each in found.values())
    for ends, each in found.items():
        low, high = cut_range(backbone.cables, *ends)
        assert min(low, 1) <= each.low <= low
        assert each.low <= each.high <= high
    # Five ways out of Hohhot that need share nothing, if all are built and well laid.
    assert found["hohhot", "beijing"].low == 1
    assert found["hohhot", "beijing"].high > 2


def test_a_corridor_more_lowers_no_top(planned) -> None:
    backbone, risks, pairs = planned
    more = Corridor("more", *RAILWAYS[0], 500.0)
    before, after = (
        EffectiveRoutes(backbone.cables, corridors, risks=risks)
        for corridors in (backbone.corridors, [*backbone.corridors, more])
    )
    some = [ends for ends in pairs if ends[1] == "beijing"]
    tops = [(before.between(*ends).high, after.between(*ends).high) for ends in some]
    assert all(one <= other for one, other in tops)
