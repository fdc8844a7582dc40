"""The request of a plan: from plan.toml, a scenario or the command, to the table and its JSON."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from steppe.layers.errors import InputError
from steppe.measures.request_table import tabulate_requests
from steppe.outputs.command_tables import add_verdicts, rank_table
from steppe.outputs.json_answers import answer_score
from steppe.planfile.input_reading import open_inputs
from steppe.planfile.plan_inputs import Inputs
from steppe.planfile.request_entry import OtherRequest, Request, ask
from steppe.planfile.scenario_inputs import apply_variant, check_variants
from steppe.ranking.decision_tables import Decision, decide_scenario


@pytest.fixture(scope="module")
def inputs(pack: Path) -> Inputs:
    """What the default plan reads."""
    return open_inputs(pack / "plan.toml")


@pytest.fixture(scope="module")
def decision(inputs: Inputs) -> Decision:
    """What it decides."""
    return decide_scenario(inputs)


def verdicts(table) -> dict[tuple[str, str], str]:
    return {(row["site_id"], row["test"]): row["verdict"] for row in table.to_dict("records")}


def test_the_default_plan_tells_its_parks_apart(decision) -> None:
    """Huawei's 50 mu hold no 200 MW; no utility told spare capacity, so that none surely can."""
    request = decision.outcome.inputs.plan.request
    assert (request.demand_mw, request.year) == (200.0, 2027)
    found = verdicts(tabulate_requests(decision.outcome.survey, request=request))
    assert found["ulanqab_huawei", "land"] == found["ulanqab_huawei", "total"] == "cannot"
    assert found["ulanqab_huawei", "year"] == "can"
    assert found["shengle", "total"] == "may"
    assert found["chifeng_cloud", "land"] == found["chifeng_cloud", "total"] == "unknown"
    assert all(said == "unknown" for (_, test), said in found.items() if test == "spare")
    assert "can" not in {said for (_, test), said in found.items() if test == "total"}


def test_a_site_that_the_utility_told_of_can(inputs) -> None:
    """400 MW of spare capacity at Shengle carry 200 MW of IT, 100 MW do not."""
    terms = inputs.tables["power_terms"]
    row = terms.iloc[[0]].assign(
        term_id="told", field="spare_capacity_mw", park_id="shengle", unit="MW", as_of="2026-01-01"
    )
    for spare, said in ((400.0, "can"), (100.0, "cannot")):
        told = dataclasses.replace(
            inputs, tables={**inputs.tables, "power_terms": row.assign(value=spare)}
        )
        survey = decide_scenario(told).outcome.survey
        found = verdicts(
            tabulate_requests(
                survey, request=Request(demand_mw=200.0, ha_per_mw=inputs.plan.request.ha_per_mw)
            )
        )
        assert found["shengle", "spare"] == found["shengle", "total"] == said


def test_nobody_asks_nothing_is_answered(decision) -> None:
    table = tabulate_requests(decision.outcome.survey, request=None)
    assert table.empty
    ranking = rank_table(decision)
    assert add_verdicts(ranking, table) is ranking
    answer = answer_score(decision, ranking, table, method="weighted_sum")
    assert answer["request"] is None
    assert all(row["request"] is None for row in answer["rows"])


def test_the_answer_tells_the_load_that_was_asked_for(decision) -> None:
    request = ask(decision.outcome.inputs.plan.request, demand_mw=50.0, year=None)
    table = tabulate_requests(decision.outcome.survey, request=request)
    ranking = rank_table(decision)
    answer = answer_score(decision, ranking, table, method="weighted_sum")
    assert answer["request"] == {"demand_mw": 50.0, "wanted_year": 2027}
    told = {row["site_id"]: row["request"]["verdict"] for row in answer["rows"]}
    shown = add_verdicts(ranking, table)
    assert told == dict(zip(shown["site_id"], shown["request"], strict=True))


def test_a_scenario_may_want_something_else(inputs) -> None:
    name = inputs.plan.scenarios[0].name

    def variant(request, other):
        changed = inputs.plan.scenarios[0].model_copy(update={"request": other})
        plan = inputs.plan.model_copy(update={"request": request, "scenarios": (changed,)})
        return dataclasses.replace(inputs, plan=plan)

    wanted = apply_variant(variant(inputs.plan.request, OtherRequest(demand_mw=20.0)), name)
    assert (wanted.plan.request.demand_mw, wanted.plan.request.year) == (20.0, 2027)
    alone = apply_variant(variant(None, OtherRequest(demand_mw=20.0, year=2030)), name)
    assert (alone.plan.request.demand_mw, alone.plan.request.year) == (20.0, 2030)
    (problem,) = check_variants(variant(None, OtherRequest(year=2030)))
    assert f"scenarios.{name}.request" in str(problem)


@pytest.mark.parametrize(
    ("demand_mw", "year", "option"),
    [(0.0, None, "--demand-mw"), (-1.0, None, "--demand-mw"), (float("nan"), None, "--demand-mw"),
     (1e6, None, "--demand-mw"), (10.0, 3, "--year"), (None, 2030, "--year")],
)  # fmt: skip
def test_what_cannot_be_wanted_is_one_line(demand_mw, year, option) -> None:
    with pytest.raises(InputError) as caught:
        ask(None, demand_mw=demand_mw, year=year)
    (line,) = caught.value.lines()
    assert line.startswith(f"{option}: ")
