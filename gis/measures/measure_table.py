"""The measures of a plan: a survey of the sites, and what the scenario makes of it."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pandas as pd

from steppe.criteria.climate import interpolate_climate, measure_temperature
from steppe.criteria.cooling.findings import measure_cooling
from steppe.criteria.cooling.loads import measure_loads
from steppe.criteria.cost import SiteCost
from steppe.criteria.finding import Finding, tabulate
from steppe.criteria.round_trip import measure_round_trip
from steppe.layers.errors import InputError, Problem
from steppe.layers.facts import best_facts
from steppe.layers.tables import PlanInfo
from steppe.measures.cost_table import price_sites, score_costs
from steppe.measures.load_table import find_loads
from steppe.measures.site_survey import find_ground, find_sites_power, find_terms
from steppe.planfile.plan_inputs import Inputs


@dataclass(frozen=True)
class Survey:
    """What holds of the sites in every scenario: climate, cooling, grid and ground.

    `cooling` is the part of `findings` that loads are made of.
    """

    findings: tuple[Finding, ...]
    cooling: tuple[Finding, ...]


def survey_sites(inputs: Inputs) -> Survey:
    """Measure what no scenario changes, at every park."""
    climate, cooling = _measure_climate(inputs)
    facts = best_facts(inputs.facts, inputs.sources)
    findings = [*climate, *cooling, *find_sites_power(inputs), *find_ground(inputs, facts)]
    return Survey(tuple(findings), tuple(cooling))


def tabulate_measures(
    inputs: Inputs, survey: Survey, latency: pd.DataFrame, *, info: PlanInfo
) -> tuple[pd.DataFrame, list[SiteCost]]:
    """Return the measures of a scenario, contract `MEASURES`, and the cost of its sites.

    Parameters
    ----------
    inputs
        What was read, as the scenario has it.
    survey
        Of these parks or more.
    latency
        Contract `LATENCY`.
    info
        Criteria, whose measures must all be made.

    Raises
    ------
    InputError
        For a measure of the plan that nothing makes, or that is made in another unit.
    """
    parks = [str(park_id) for park_id in inputs.layers["parks"]["park_id"]]
    here = set(parks)
    findings = [each for each in survey.findings if each.site_id in here]
    findings += _measure_loads(inputs, survey)
    findings += find_terms(inputs)
    findings += measure_round_trip(latency, parks=parks, target=inputs.plan.network.targets[0])
    priced = price_sites(inputs, findings)
    findings += score_costs(inputs.plan, priced)
    measures = tabulate(findings, scenario=info.scenario, year=info.year)
    _check_measures(info, measures)
    return measures, priced


def _measure_climate(inputs: Inputs) -> tuple[list[Finding], list[Finding]]:
    plan, parks = inputs.plan, inputs.layers["parks"]
    climates = interpolate_climate(
        parks,
        inputs.layers["stations"],
        inputs.rasters.get("elevation"),
        n_stations=plan.climate.n_stations,
        search_km=plan.climate.search_km,
    )
    temperature = measure_temperature(climates)
    if plan.cooling is None:
        return temperature, []
    cooling = measure_cooling(
        climates,
        plan.cooling.question,
        inputs={park_id: plan.cooling.year(city) for park_id, city in _cities(inputs).items()},
        given=inputs.weather,
        sources=plan.cooling.sources,
    )
    return temperature, cooling


def _measure_loads(inputs: Inputs, survey: Survey) -> list[Finding]:
    if inputs.plan.cooling is None:
        return []
    rates = inputs.plan.cooling.rates
    loads = find_loads(inputs, rates)
    return measure_loads(loads, survey.cooling, rates, cities=_cities(inputs))


def _cities(inputs: Inputs) -> dict[str, str]:
    return {str(row["park_id"]): str(row["city"]) for _, row in inputs.layers["parks"].iterrows()}


def _check_measures(info: PlanInfo, measures: pd.DataFrame) -> None:
    columns = ("criterion", "measure_id", "unit")
    made = {
        (criterion, measure_id): unit
        for criterion, measure_id, unit in zip(*(measures[name] for name in columns), strict=True)
    }
    problems = [
        Problem(
            f"plan.toml › criteria.{criterion.name}",
            f"no measure {measure.measure_id!r} is made for it",
            f"made: {', '.join(sorted(f'{c}.{m}' for c, m in made))}",
        )
        for criterion in info.criteria
        for measure in criterion.measures
        if (criterion.name, measure.measure_id) not in made
    ]
    # Worst, best and points of its value function are in the unit that the plan names.
    problems += [
        Problem(
            f"plan.toml › criteria.{criterion.name}",
            f"{measure.measure_id} is told in {unit}, not in {measure.unit or 'no unit'}",
            f"write unit = {json.dumps(unit, ensure_ascii=False)} and give its ends in it",
        )
        for criterion in info.criteria
        for measure in criterion.measures
        if (unit := made.get((criterion.name, measure.measure_id), measure.unit)) != measure.unit
    ]
    if problems:
        raise InputError(problems)
