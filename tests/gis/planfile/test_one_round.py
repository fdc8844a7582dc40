"""All faults of a plan come in one round: those of plan.toml and those of every file beside it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from steppe.layers.errors import InputError
from steppe.planfile.input_reading import open_inputs


@pytest.fixture
def own(tmp_path: Path, light_pack: Path) -> Path:
    """A copy of the light plan; returns its folder."""
    return shutil.copytree(light_pack, tmp_path / "mine")


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text, old
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def told(folder: Path) -> list[str]:
    with pytest.raises(InputError) as caught:
        open_inputs(folder / "plan.toml")
    return [str(problem) for problem in caught.value.problems]


# What is wrong in plan.toml, and how its line begins.
PLAN_FAULTS = [
    ('level = "zone"', 'level = "county"', "plan.toml › level"),
    ('id = "fault_km"', 'id = "falt_km"', "plan.toml › criteria.geology"),
    ("n_stations = 6", "n_stations = 0", "plan.toml › climate.n_stations"),
    ('file = "lakes.geojson"', 'fle = "lakes.geojson"', "plan.toml › layers.lakes"),
    ('name = "inner_mongolia"', 'name = "Inner Mongolia"', "plan.toml › name"),
    ("[layers.rivers]", "[layers.rivrs]", "plan.toml › layers.rivrs"),
]


@pytest.mark.parametrize(("old", "new", "begins"), PLAN_FAULTS, ids=lambda part: part[:24])
def test_a_fault_of_the_plan_hides_none_of_its_files(own: Path, old, new, begins) -> None:
    change(own / "plan.toml", old, new)
    change(own / "nodes.csv", "beijing,", "beijing ,")
    change(own / "stations.csv", "2.", "2,5")
    lines = told(own)
    assert any(line.startswith(begins) for line in lines)
    assert any(line.startswith("nodes.csv › nodes") for line in lines)
    assert any(line.startswith("stations.csv") for line in lines)


def test_all_faults_of_the_plan_come_with_each_other(own: Path) -> None:
    for old, new, _ in PLAN_FAULTS[2:]:
        change(own / "plan.toml", old, new)
    change(own / "nodes.csv", "beijing,", "beijing ,")
    lines = told(own)
    for _, _, begins in PLAN_FAULTS[2:]:
        assert any(line.startswith(begins) for line in lines), begins
    assert any(line.startswith("nodes.csv") for line in lines)


def test_no_fault_is_told_that_comes_from_leaving_out_what_is_at_fault(own: Path) -> None:
    """Each fault by itself is one line: leaving a key out makes no others."""
    for old, new, begins in PLAN_FAULTS:
        change(own / "plan.toml", old, new)
        lines = told(own)
        assert [line for line in lines if not line.startswith(begins)] == []
        change(own / "plan.toml", new, old)
