"""Sites measured anew with one number moved: the same as a survey of a plan that has it."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from steppe.criteria.registry import list_groups
from steppe.measures.moved_settings import hangs_on, measure_moved
from steppe.measures.site_survey import Survey, look_around, survey_sites
from steppe.planfile.assumed_numbers import replace_setting
from steppe.planfile.input_reading import read_inputs
from steppe.planfile.plan_inputs import Inputs
from steppe.planfile.plan_reading import read_plan

WANTED = (
    "pue",
    "free_cooling_h",
    "grid_220_km",
    "tie_line_km",
    "pga_g",
    "energy_gwh",
    "operating_100km_mw",
    "green_share",
)
SITES = ("ulanqab_zgc", "chifeng_cloud")


@pytest.fixture(scope="module")
def inputs(light_pack: Path) -> Inputs:
    return read_inputs(read_plan(light_pack / "plan.toml"))


def _survey(inputs: Inputs) -> Survey:
    from steppe.ranking.scenario_outcome import build_network  # noqa: PLC0415

    network = build_network(inputs, level="zone", targets=[])
    return survey_sites(inputs, network.latency)


@pytest.fixture(scope="module")
def survey(inputs: Inputs) -> Survey:
    return _survey(inputs)


def _told(findings) -> dict:
    return {
        (each.site_id, each.measure_id): (each.value, each.low, each.high)
        for each in findings
        if each.site_id in SITES and each.measure_id in WANTED
    }


@pytest.mark.parametrize(
    ("path", "value", "moved"),
    [
        ("cooling.dryness_k.value", 4.0, {"pue", "energy_gwh"}),
        ("cooling.range_share.value", 1.2, {"pue", "free_cooling_h"}),
        ("power.route_factor", 1.5, {"tie_line_km"}),
        ("power.capacity_km", 60.0, {"operating_100km_mw", "green_share"}),
    ],
)
def test_what_is_found_anew_is_what_the_changed_plan_finds(
    inputs: Inputs, survey: Survey, path: str, value: float, moved: set[str]
) -> None:
    at = look_around(inputs, survey.latency, survey.extents)
    found = _told(measure_moved(survey, at, path, value, sites=SITES, wanted=WANTED))
    changed = dataclasses.replace(inputs, plan=replace_setting(inputs.plan, path, value))
    whole = _told(survey_sites(changed, survey.latency).findings)
    assert found == whole
    before = _told(survey.findings)
    differ = {name for (site, name), told in whole.items() if told != before[(site, name)]}
    assert moved <= differ | {"energy_gwh"}
    # What hangs on nothing of it stays, so that it need not be measured.
    assert all(hangs_on(path, [name]) for name in differ)


def test_every_measure_that_reads_a_setting_says_so() -> None:
    """A group that is found with the plan's tables names them, or is never found anew."""
    known = {key.split(".")[0] for group in list_groups() for key in group.settings}
    assert known <= {"power", "climate", "geology", "cooling"}
    assert hangs_on("cooling.dryness_k.value", ["pue"])
    assert hangs_on("cooling.rack_kw.value", ["energy_gwh"])
    assert not hangs_on("cooling.rack_kw.value", ["pue"])
    assert not hangs_on("power.route_factor", ["grid_220_km", "rtt_ms"])
