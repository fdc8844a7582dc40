"""The command run in this process, and a plan of one's own to break."""

import gc
import shutil
import subprocess
import sys
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from steppe.command.app import main
from steppe.layers.tables import PlanTables
from steppe.measures.site_survey import survey_sites
from steppe.outputs import plan_tables
from steppe.planfile import input_reading
from steppe.planfile.plan_inputs import Inputs
from steppe.planfile.plan_reading import read_plan
from steppe.ranking.assumption_effects import find_assumptions
from steppe.ranking.scenario_outcome import Outcome, build_network

Steppe = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def steppe(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> Steppe:
    """Run `steppe` in an empty folder, and return what a process that ran it would be.

    It is run here, for the imports would take longer than the answer; `process` runs one.
    """

    def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        capfd.readouterr()
        with monkeypatch.context() as here:
            here.chdir(tmp_path)
            here.setattr(sys, "argv", ["steppe", *arguments])
            for name, value in environment.items():
                here.setenv(name, value)
            try:
                with pytest.raises(SystemExit) as ended:
                    main()
            finally:
                gc.enable()  # the command does without, and this process goes on
        said = capfd.readouterr()
        code = int(ended.value.code or 0)
        return subprocess.CompletedProcess(["steppe", *arguments], code, said.out, said.err)

    return run


@pytest.fixture(scope="session")
def light_inputs(light_pack: Path) -> Inputs:
    """What is read of the light plan."""
    return input_reading.read_inputs(read_plan(light_pack / "plan.toml"))


def _remember(function: Callable[..., Any], key: Callable[..., Hashable]) -> Callable[..., Any]:
    """Return a function that gives what it gave before where the key is the same."""
    known: dict[Hashable, Any] = {}

    def recall(*arguments: Any, **named: Any) -> Any:
        asked = key(*arguments, **named)
        if asked not in known:
            known[asked] = function(*arguments, **named)
        return known[asked]

    return recall


@pytest.fixture(scope="session")
def _found_before(light_inputs: Inputs) -> dict[str, Callable[..., Any]]:
    """What a scenario of the light plan comes to, found once for all tests that ask anew."""

    def of_scenario(inputs: Inputs, *_: object, **named: Any) -> Hashable:
        assert inputs.tables["rules"] is light_inputs.tables["rules"]
        base = named.get("base")
        return inputs.plan.scenario.name, str(named.get("targets")), base and base.inputs.plan.name

    def of_survey(inputs: Inputs, latency: pd.DataFrame, **named: Any) -> Hashable:
        redundancy = named["redundancy"]
        return *of_scenario(inputs, base=named["base"]), len(latency), len(redundancy)

    def of_ranking(outcome: Outcome, _: object) -> Hashable:
        return outcome.info, outcome.scores.to_csv()

    return {
        "steppe.ranking.decision_tables.build_network": _remember(build_network, of_scenario),
        "steppe.ranking.scenario_outcome.survey_sites": _remember(survey_sites, of_survey),
        "steppe.ranking.decision_tables.find_assumptions": _remember(find_assumptions, of_ranking),
    }


@pytest.fixture
def known_inputs(
    light_inputs: Inputs,
    _found_before: dict[str, Callable[..., Any]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Have `steppe` take the light plan as read and measured, where it is about the answers."""
    monkeypatch.setattr(input_reading, "read_inputs", lambda *_, **__: light_inputs)
    for place, found in _found_before.items():
        monkeypatch.setattr(place, found)


@pytest.fixture
def known_tables(light_tables: PlanTables, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have `steppe` take the tables of the light plan as made, where it is about the writing."""
    monkeypatch.setattr(plan_tables, "build_tables", lambda *_, **__: light_tables)


@pytest.fixture
def own_plan(tmp_path: Path, pack: Path) -> Path:
    """A copy of the default plan in a folder of the user's; returns its plan.toml."""
    shutil.copytree(pack, tmp_path / "mine")
    return tmp_path / "mine" / "plan.toml"


@pytest.fixture
def own_light_plan(tmp_path: Path, light_pack: Path) -> Path:
    """A copy of the light plan in a folder of the user's; returns its plan.toml."""
    shutil.copytree(light_pack, tmp_path / "mine")
    return tmp_path / "mine" / "plan.toml"
