"""Ranges of assumed numbers: each number of the pack has one, and what fits none is told."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from steppe.criteria.key_types import Sourced
from steppe.layers.errors import InputError
from steppe.planfile.assumed_faults import assumed_notes, fitting_ranges
from steppe.planfile.assumed_numbers import list_assumed, list_numbers, replace_setting
from steppe.planfile.plan_reading import read_plan
from steppe.planfile.plan_schema import Plan
from steppe.planfile.weight_entries import AssumedRange


@pytest.fixture(scope="module")
def plan(pack: Path) -> Plan:
    return read_plan(pack / "plan.toml")


def _with(plan: Plan, *ranges: tuple[str, float, float]) -> Plan:
    assumed = tuple(AssumedRange(path=path, low=low, high=high, reason="r") for path, low, high in ranges)  # fmt: skip
    robustness = plan.robustness.model_copy(update={"assumed": assumed})
    return plan.model_copy(update={"robustness": robustness})


def _walk(path: str, entry: object):
    """Give the numbers of a TOML table that say, or have no source to deny, that they are assumed."""
    if isinstance(entry, dict):
        is_assumed = entry.get("assumed", "source_id" not in entry)
        if is_assumed and isinstance(entry.get("value"), float) and "reason" in entry:
            yield f"{path}.value"
        for name, each in entry.items():
            yield from _walk(f"{path}.{name}", each)


def test_every_assumed_number_of_the_pack_has_a_range_about_it_and_a_reason(
    plan: Plan, pack: Path
) -> None:
    """Gone through in the file itself: what is judged, and what has no source."""
    raw = tomllib.loads((pack / "plan.toml").read_text(encoding="utf-8"))
    wanted = {path for table in ("cooling", "cost") for path in _walk(table, raw[table])}
    wanted |= {"power.route_factor", "power.capacity_km"}
    for criterion in raw["criteria"]:
        at = f"criteria.{criterion['name']}"
        wanted.add(f"{at}.weight")
        scored = [each for each in criterion["measures"] if each.get("weight", 1.0) > 0]
        for measure in scored:
            wanted |= {f"{at}.{measure['id']}.{end}" for end in ("worst", "best")}
            wanted |= {f"{at}.{measure['id']}.weight"} if len(scored) > 1 else set()
    ranges = fitting_ranges(plan)
    assert wanted == set(list_assumed(plan))
    assert wanted <= set(ranges)
    assert assumed_notes(plan, where="plan.toml") == []
    assert all(len(each.reason) > 10 or each.reason.startswith("as for") for each in ranges.values())  # fmt: skip
    numbers = list_numbers(plan)
    assert all(each.low <= numbers[path] <= each.high for path, each in ranges.items())


def test_numbers_are_those_of_the_file(plan: Plan) -> None:
    numbers = list_numbers(plan)
    assert numbers["criteria.power.operating_100km_mw.best"] == 20_000
    assert numbers["criteria.power.grid_220_km.weight"] == pytest.approx(0.3)
    assert plan.cooling is not None
    assert isinstance(plan.cooling.dryness_k, Sourced)
    moved = replace_setting(plan, "cooling.dryness_k.value", 3.5)
    assert moved.cooling is not None
    assert moved.cooling.dryness_k.value == 3.5
    assert moved.cooling.model_copy(update={"dryness_k": plan.cooling.dryness_k}) == plan.cooling
    with pytest.raises(ValueError, match="route_factor"):
        replace_setting(plan, "power.route_factor", 0.5)


@pytest.mark.parametrize(
    ("path", "low", "high", "told"),
    [
        ("criteria.network.rtt_ms.wurst", 1, 2, "is no number of the plan; do you mean criteria.network.rtt_ms.worst?"),
        ("criteria.network.rtt_ms.worst", 21, 40, "is 20, which does not lie within its range of 21 to 40"),
        ("criteria.network.rtt_ms.worst", -1, 40, "leaves no value function at some of it"),
        ("power.route_factor", 0.5, 2, "power.route_factor may not be 0.5"),
    ],
)  # fmt: skip
def test_a_range_that_fits_no_number_is_told_and_held_fixed(plan, path, low, high, told) -> None:
    changed = _with(plan, (path, low, high))
    (note,) = assumed_notes(changed, where="plan.toml")
    assert str(note).startswith("plan.toml › robustness.assumed.0: ")
    assert told in str(note)
    assert fitting_ranges(changed) == {}


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("low = 10.0, high = 40.0", "low = 40.0, high = 10.0", "from 40 to 10 is no range"),
        (
            '{ path = "criteria.power.weight", low = 0.15, high = 0.4',
            '{ path = "criteria.power.weight", low = 0.15, high = 1.4',
            "is no range of shares; give shares of the sum",
        ),
        ('path = "criteria.power.weight"', 'path = "criteria.climate.weight"', "more than once"),
        ("low = 10.0, high = 40.0, reason", "low = 10.0, high = 40.0, why", "reason"),
    ],
)
def test_what_is_no_range_is_one_line(pack: Path, tmp_path: Path, old, new, told) -> None:
    text = (pack / "plan.toml").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "plan.toml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_plan(tmp_path / "plan.toml")
    assert told in str(caught.value)
    assert "robustness" in str(caught.value)


def test_ranges_are_given_in_the_unit_of_the_entry(pack: Path, tmp_path: Path) -> None:
    text = (pack / "plan.toml").read_text(encoding="utf-8")
    start = text.index('id = "operating_100km_mw"')
    entry = text[start : text.index("[[", start)]
    own = entry.replace('unit = "MW"', 'unit = "GW"').replace("20000.0", "20.0")
    assert own != entry
    for old, new in (("low = 10000.0, high = 40000.0", "low = 10.0, high = 40.0"), ("high = 2000.0", "high = 2.0")):  # fmt: skip
        assert text.count(old) == 1
        text = text.replace(old, new)
    (tmp_path / "plan.toml").write_text(text.replace(entry, own), encoding="utf-8")
    plan = read_plan(tmp_path / "plan.toml")
    best = fitting_ranges(plan)["criteria.power.operating_100km_mw.best"]
    assert (best.low, best.high) == (10_000, 40_000)
