"""From checked inputs to PlanTables: measures, scores, backbone, claims."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping

import pandas as pd

from gis.build.backbone import build_backbone
from gis.build.claims import judge
from gis.build.cost_tables import (
    price_sites,
    score_costs,
    tabulate_break_evens,
    tabulate_costs,
)
from gis.build.cuts import tabulate_cuts
from gis.build.evidence import gather_evidence
from gis.build.inputs import Inputs
from gis.build.latency import tabulate_latency
from gis.build.loads import check_targets, find_loads, tabulate_loads
from gis.build.plan import Plan
from gis.build.redundancy import tabulate_disjoint, tabulate_redundancy
from gis.build.risks import find_cable_risks, find_corridor_risks, tabulate_risks
from gis.build.round_trips import tabulate_calibration
from gis.build.scores import tabulate_scores
from gis.build.siting import find_ground, find_power, find_verdicts
from gis.criteria.climate import interpolate_climate, measure_temperature
from gis.criteria.cooling.findings import measure_cooling
from gis.criteria.cooling.loads import measure_loads
from gis.criteria.finding import Finding, tabulate
from gis.criteria.network import measure_round_trip
from gis.criteria.rules import exclusions
from layers.crs import albers
from layers.errors import InputError, Problem
from layers.facts import best_facts
from layers.tables import Criterion, LatencyClass, Measure, PlanInfo, PlanTables

Progress = Callable[[str], None]


def describe(
    plan: Plan, *, level: str | None = None, weights: Mapping[str, float] | None = None
) -> PlanInfo:
    """Return the plan's titles, dates and criteria with weights that sum to 1.

    Parameters
    ----------
    plan
        The plan file.
    level
        Level to rank instead of the plan's.
    weights
        Criterion to weight instead of the plan's; criteria left out keep theirs.

    Raises
    ------
    InputError
        For a weight of an unknown criterion, or weights that do not leave one above 0.
    """
    known = {entry.name: entry.weight for entry in plan.criteria}
    strange = sorted(set(weights or {}) - set(known))
    if strange:
        raise InputError(
            Problem(
                "--weights", f"unknown criterion {', '.join(strange)}", f"known: {', '.join(known)}"
            )
        )
    merged = {**known, **(weights or {})}
    total = sum(merged.values())
    if not (math.isfinite(total) and total > 0 and min(merged.values()) >= 0):
        raise InputError(
            Problem("--weights", "weights must be 0 or more, one of them above 0", "correct them")
        )
    criteria = tuple(
        Criterion(
            entry.name,
            entry.title_zh,
            entry.title_en,
            merged[entry.name] / total,
            tuple(
                Measure(
                    measure.id,
                    measure.title_zh,
                    measure.title_en,
                    measure.unit,
                    measure.weight / sum(each.weight for each in entry.measures),
                    measure.worst,
                    measure.best,
                    measure.reason,
                    measure.weight > 0 if measure.report is None else measure.report,
                )
                for measure in entry.measures
            ),
        )
        for entry in plan.criteria
    )
    return PlanInfo(
        name=plan.name,
        title_zh=plan.title_zh,
        title_en=plan.title_en,
        as_of=plan.as_of.isoformat(),
        bbox=plan.bbox,
        view=plan.view,
        albers=albers(plan.region.box),
        scenario=plan.scenario.name,
        year=plan.scenario.year,
        level=level or plan.level,
        review_number=plan.review_number,
        criteria=criteria,
        targets=plan.network.targets,
        classes=tuple(
            LatencyClass(each.id, each.title_zh, each.title_en, each.limit_rtt_ms, each.source_id)
            for each in sorted(plan.network.classes, key=lambda each: each.limit_rtt_ms)
        ),
    )


def _measure_climate(inputs: Inputs) -> list[Finding]:
    plan, parks = inputs.plan, inputs.layers["parks"]
    climates = interpolate_climate(
        parks,
        inputs.layers["stations"],
        inputs.rasters["elevation"],
        n_stations=plan.climate.n_stations,
        search_km=plan.climate.search_km,
    )
    findings = measure_temperature(climates)
    if plan.cooling is None:
        return findings
    cities = {str(row["park_id"]): str(row["city"]) for _, row in parks.iterrows()}
    cooling = measure_cooling(
        climates,
        plan.cooling.question,
        inputs={park_id: plan.cooling.year(city) for park_id, city in cities.items()},
        given=inputs.weather,
        sources=plan.cooling.sources,
    )
    rates = plan.cooling.rates
    loads = measure_loads(find_loads(inputs, rates), cooling, rates, cities=cities)
    return [*findings, *cooling, *loads]


def _measure_all(inputs: Inputs, facts: pd.DataFrame, latency: pd.DataFrame) -> list[Finding]:
    plan, parks = inputs.plan, inputs.layers["parks"]
    findings = _measure_climate(inputs)
    findings += find_power(inputs)
    findings += find_ground(inputs, facts)
    findings += measure_round_trip(
        latency, parks=list(parks["park_id"]), target=plan.network.targets[0]
    )
    return findings


def _check_measures(info: PlanInfo, measures: pd.DataFrame) -> None:
    made = set(zip(measures["criterion"], measures["measure_id"], strict=True))
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
    if problems:
        raise InputError(problems)


def build_tables(
    inputs: Inputs,
    *,
    level: str | None = None,
    weights: Mapping[str, float] | None = None,
    relax: Collection[str] = (),
    progress: Progress = lambda _: None,
) -> PlanTables:
    """Compute everything of a plan.

    Parameters
    ----------
    inputs
        What `read_inputs` read.
    level, weights
        See `describe`.
    relax
        Rule ids or clauses that are to exclude nothing.
    progress
        Called with a few words before each long step.

    Raises
    ------
    InputError
        When the plan asks for something that is not there.
    """
    info = describe(inputs.plan, level=level, weights=weights)
    best = best_facts(inputs.facts, inputs.sources)
    progress("backbone")
    backbone = build_backbone(inputs)
    targets = inputs.plan.network.targets
    latency = tabulate_latency(inputs, backbone, level=info.level)
    progress("shared risks, disjoint routes and cuts")
    found = find_cable_risks(inputs, backbone)
    risks = tabulate_risks(inputs, found)
    redundancy = tabulate_redundancy(
        inputs, backbone, found, targets=targets, corridor_risks=find_corridor_risks(inputs)
    )
    disjoint = tabulate_disjoint(inputs, backbone, found, target=targets[0])
    cuts = tabulate_cuts(inputs, backbone, found, level=info.level, risk_names=risks)
    progress("measures")
    findings = _measure_all(inputs, best, latency)
    priced = price_sites(inputs, findings)
    findings += score_costs(inputs.plan, priced)
    measures = tabulate(findings, scenario=info.scenario, year=info.year)
    _check_measures(info, measures)
    progress("rules, scores and claims")
    checks = find_verdicts(inputs, measures, relax=relax)
    excluded = exclusions(checks)
    scores = tabulate_scores(info, inputs.layers["parks"], measures, excluded=excluded)
    claims = judge(inputs.tables["claim_texts"], gather_evidence(inputs, measures))
    return PlanTables(
        info=info,
        layers={**inputs.layers, "risks": risks},
        measures=measures,
        scores=scores,
        latency=latency,
        redundancy=redundancy,
        disjoint=disjoint,
        cuts=cuts,
        calibration=tabulate_calibration(inputs, backbone),
        claims=claims,
        rule_checks=checks,
        loads=tabulate_loads(inputs, measures),
        target_checks=check_targets(inputs),
        costs=tabulate_costs(inputs.plan, priced),
        break_evens=tabulate_break_evens(inputs, priced, level=info.level),
        figures=inputs.tables["figures"],
        rules=inputs.tables["rules"],
        facts=inputs.facts,
        sources=dict(inputs.sources),
        rasters=dict(inputs.rasters),
    )
