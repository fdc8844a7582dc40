"""A plan may give its ends in another unit: the scores are the same, or it is refused."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from steppe.criteria.registry import known_measures
from steppe.decision.values import Linear, Piecewise
from steppe.layers.errors import InputError, Problem
from steppe.layers.units import _UNITS, find_unit
from steppe.planfile.measure_faults import measure_notes
from steppe.planfile.measure_units import IN_ITS_UNIT, convert_entry
from steppe.planfile.plan_reading import read_plan
from steppe.planfile.weight_entries import MeasureEntry

MEASURES, UNITS = sorted(known_measures()), sorted(_UNITS)
FINITE = st.integers(-10_000, 10_000)


def entry(measure_id: str, unit: str, **keys) -> MeasureEntry:
    found = convert_entry(MeasureEntry(id=measure_id, unit=unit, **keys), where="plan.toml")
    assert isinstance(found, MeasureEntry), found
    return found


@pytest.mark.parametrize(
    ("measure_id", "unit", "worst", "best", "ends"),
    [
        ("air_temp_mean_c", "°F", 68.0, 14.0, (20.0, -10.0)),
        ("air_temp_mean_c", "K", 293.15, 263.15, (20.0, -10.0)),
        ("grid_220_km", "mi", 10.0, 0.0, (16.09344, 0.0)),
        ("grid_220_km", "m", 30_000.0, 0.0, (30.0, 0.0)),
        ("operating_100km_mw", "GW", 0.0, 20.0, (0.0, 20_000.0)),
        ("operating_100km_mw", "万千瓦", 0.0, 2000.0, (0.0, 20_000.0)),
        ("price_cny_kwh", "CNY/MWh", 600.0, 200.0, (0.6, 0.2)),
        ("free_cooling_h", "day", 0.0, 365.0, (0.0, 8760.0)),
        ("pue", "%", 134.2, 107.7, (1.342, 1.077)),
        ("flood_depth_m", "ft", 10.0, 0.0, (3.048, 0.0)),
    ],
)
def test_ends_in_another_unit_become_those_of_the_measure(
    measure_id, unit, worst, best, ends
) -> None:
    """By hand: 68 °F are 20 °C, a mile is 1.609344 km."""
    found = entry(measure_id, unit, worst=worst, best=best)
    assert (found.worst, found.best) == pytest.approx(ends, abs=1e-12)


@given(
    st.sampled_from(MEASURES),
    st.sampled_from(UNITS),
    st.lists(FINITE, min_size=2, max_size=4, unique=True).map(sorted),
    st.lists(FINITE, min_size=1, max_size=5),
)
def test_any_unit_scores_alike_or_is_refused(measure_id, unit, at, measured) -> None:
    """What was measured, told in the unit of the plan, has the value that the plan's ends give."""
    own, given_in = find_unit(known_measures()[measure_id].unit), find_unit(unit)
    assert own is not None
    assert given_in is not None
    points = tuple((float(one), place % 2) for place, one in enumerate(at))
    line = MeasureEntry(id=measure_id, unit=unit, worst=at[0], best=at[-1])
    bent = MeasureEntry(id=measure_id, unit=unit, shape="piecewise", points=points)
    found = [convert_entry(each, where="plan.toml") for each in (line, bent)]
    if own.kind != given_in.kind:
        assert all(isinstance(each, Problem) for each in found)
        return
    if any(isinstance(each, Problem) for each in found):
        # Ends may leave what a plan's numbers can be, as a mile of light years would.
        span = max(abs(each) for each in at) * given_in.factor / own.factor
        assert span > 1e15 or abs(own.offset) + abs(given_in.offset) > 0
        return
    # The scale of the plan in that of the measure, by hand: what x of the plan is here.
    here = [
        float((x * given_in.factor + given_in.offset - own.offset) / own.factor) for x in measured
    ]
    worth = Linear(float(at[0]), float(at[-1])).rate(np.array(measured, dtype=float))
    assert isinstance(found[0], MeasureEntry)
    got = Linear(found[0].worst or 0.0, found[0].best or 0.0).rate(np.array(here))
    assert np.allclose(got, worth, atol=1e-6)
    assert isinstance(found[1], MeasureEntry)
    bent_worth = Piecewise(points).rate(np.array(measured, dtype=float))
    assert np.allclose(Piecewise(found[1].points).rate(np.array(here)), bent_worth, atol=1e-5)


@given(st.sampled_from(MEASURES), st.sampled_from(["furlong", "", "°X", "km/h", "unit", "1 km"]))
def test_a_unit_that_nobody_knows_is_refused(measure_id, unit) -> None:
    found = convert_entry(MeasureEntry(id=measure_id, unit=unit, worst=0, best=1), where="plan")
    assert isinstance(found, Problem)
    assert known_measures()[measure_id].unit in str(found)


def test_every_number_of_an_entry_is_in_its_unit_or_in_none() -> None:
    """A further number of an entry says here whether the unit holds for it."""
    bare = {"weight", "steepness", "points"}
    numbers = {
        name
        for name, field in MeasureEntry.model_fields.items()
        if re.search(r"\b(float|int)\b", str(field.annotation))
    }
    assert numbers == bare | set(IN_ITS_UNIT)


def test_ends_that_become_one_number_are_refused() -> None:
    tiny = MeasureEntry(id="air_temp_mean_c", unit="K", worst=1e-16, best=2e-16)
    found = convert_entry(tiny, where="plan.toml")
    assert isinstance(found, Problem)
    assert "no two numbers" in str(found)


@pytest.fixture
def plan_with(pack: Path, tmp_path: Path):
    """Read the default plan with the ends of the nearest station told in another unit."""

    def read(unit: str, worst: str):
        path = Path(shutil.copytree(pack, tmp_path / "mine")) / "plan.toml"
        text = path.read_text(encoding="utf-8")
        old = 'unit = "km"\nweight = 0.3\nworst = 30.0'
        assert old in text
        path.write_text(
            text.replace(old, f'unit = "{unit}"\nweight = 0.3\nworst = {worst}'), encoding="utf-8"
        )
        return read_plan(path)

    return read


def test_a_plan_in_metres_is_the_plan_in_kilometres_and_says_so(plan_with) -> None:
    plan = plan_with("m", "30000.0")
    (found,) = [
        each for entry in plan.criteria for each in entry.measures if each.id == "grid_220_km"
    ]
    assert (found.worst, found.best) == (30.0, 0.0)
    (note,) = measure_notes(plan.criteria, where="plan.toml")
    assert "grid_220_km has its ends in m" in note.say("en")
    assert "told in km" in note.say("en")


def test_a_plan_in_another_kind_of_unit_is_one_line(plan_with) -> None:
    with pytest.raises(InputError) as caught:
        plan_with("°F", "30.0")
    (problem,) = caught.value.problems
    assert "grid_220_km is told in km, not in °F" in str(problem)
