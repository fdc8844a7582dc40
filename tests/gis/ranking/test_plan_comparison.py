"""`steppe compare` of plans: what all define alike is scored together, the rest is told."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest

from steppe.layers.wording import say
from steppe.planfile.input_reading import open_inputs
from steppe.ranking.decision_tables import evaluate_plan
from steppe.ranking.plan_comparison import COMMON_SCORE, OWN_SCORE, compare_plans
from steppe.ranking.scenario_outcome import Outcome


@pytest.fixture(scope="module")
def outcome(light_pack: Path) -> Outcome:
    return evaluate_plan(open_inputs(light_pack / "plan.toml"))


def with_measure(outcome: Outcome, measure_id: str, **changes: object) -> Outcome:
    """Return an outcome in which a measure is scored otherwise."""
    criteria = tuple(
        dataclasses.replace(
            each,
            measures=tuple(
                dataclasses.replace(one, **changes) if one.measure_id == measure_id else one
                for one in each.measures
            ),
        )
        for each in outcome.info.criteria
    )
    return dataclasses.replace(outcome, info=dataclasses.replace(outcome.info, criteria=criteria))


def with_plan(outcome: Outcome, **changes: object) -> Outcome:
    plan = outcome.inputs.plan.model_copy(update=changes)
    return dataclasses.replace(outcome, inputs=dataclasses.replace(outcome.inputs, plan=plan))


def read(rows, quantity: str, column: str = "value") -> list[float]:
    return rows.loc[rows["quantity"] == quantity, column].tolist()


def test_a_plan_beside_itself_has_its_own_score_for_the_common_one(outcome: Outcome) -> None:
    found = compare_plans([outcome, outcome, outcome])
    own, common = read(found.rows, OWN_SCORE), read(found.rows, COMMON_SCORE)
    assert len(own) == 3
    assert common == pytest.approx(own, rel=1e-12)
    assert len(found.notes) == 1


@pytest.mark.parametrize(
    ("changed", "dropped", "told"),
    [
        (lambda each: with_measure(each, "grid_220_km", worst=31.0), "grid_220_km", "value function"),
        (lambda each: with_measure(each, "pga_g", shape="sigmoid", steepness=5.0), "pga_g", "value function"),
        (lambda each: with_measure(each, "rtt_ms", unit="s"), "rtt_ms", "unit"),
        (
            lambda each: with_plan(
                each, power=each.inputs.plan.power.model_copy(update={"capacity_km": 90.0})
            ),
            "operating_100km_mw",
            "power.capacity_km",
        ),
        (
            lambda each: with_plan(
                each,
                network=each.inputs.plan.network.model_copy(update={"targets": ("shanghai",)}),
            ),
            "rtt_ms",
            "another first target",
        ),
        (
            lambda each: with_plan(
                each,
                cooling=each.inputs.plan.cooling.model_copy(update={"facility": "small_chiller"}),
            ),
            "pue",
            "cooling.facility",
        ),
    ],
)  # fmt: skip
def test_what_one_plan_defines_otherwise_is_told_and_not_scored_together(
    outcome: Outcome, changed, dropped: str, told: str
) -> None:
    found = compare_plans([outcome, changed(outcome)])
    assert any(dropped in say(note, "en") and told in say(note, "en") for note in found.notes)
    assert (
        np.isnan(read(found.rows, dropped, "score")).all()
        if dropped in set(found.rows["quantity"])
        else True
    )
    # The common score is the mean of what is left, as the first plan weighs it.
    scored = found.rows[found.rows["score"].notna() & (found.rows["plan"] == "inner_mongolia")]
    weights = {
        one.measure_id: each.weight * one.weight
        for each in outcome.info.criteria
        for one in each.measures
    }
    first = scored.drop_duplicates("quantity")
    shares = first["quantity"].map(weights)
    assert dropped not in set(first["quantity"])
    mean = (first["score"] * shares).sum() / shares.sum()
    assert read(found.rows, COMMON_SCORE)[0] == pytest.approx(mean, rel=1e-12)


def test_the_weather_of_a_place_is_no_definition(outcome: Outcome) -> None:
    cooling = outcome.inputs.plan.cooling
    assert cooling is not None
    other = with_plan(outcome, cooling=cooling.model_copy(update={"cities": {}}))
    assert len(compare_plans([outcome, other]).notes) == 1


def test_plans_that_share_nothing_have_no_common_score(outcome: Outcome, least_plan: Path) -> None:
    least = evaluate_plan(open_inputs(least_plan / "plan.toml"))
    found = compare_plans([least, with_measure(outcome, "grid_220_km", worst=31.0)])
    assert np.isnan(np.array(read(found.rows, COMMON_SCORE), dtype=float)).all()
    assert "no common score" in say(found.notes[0], "en")


def test_the_command_tells_plans_by_their_places_and_refuses_a_mixture(
    process, light_pack: Path, least_plan: Path
) -> None:
    done = process("compare", str(least_plan), str(light_pack), "--json")
    told = json.loads(done.stdout)
    assert told["plans"] == ["leinster", "inner_mongolia"]
    assert {row["plan"] for row in told["rows"]} == set(told["plans"])
    mixed = process("compare", str(least_plan), "base", "today", LC_ALL="C.UTF-8")
    assert (mixed.returncode, mixed.stderr.count("\n")) == (2, 1)
    assert "name two scenarios of one plan, or two plans" in mixed.stderr
    assert told["proposed"] == []
    assert "leinster says no load" in told["notes"][-1]
    both = process("compare", str(least_plan), str(light_pack), "--relax", "a", LC_ALL="C.UTF-8")
    assert (both.returncode, both.stderr.count("\n")) == (2, 1)
    assert "name one plan" in both.stderr
