"""What one scenario comes to: its network, its measures, its scores and how sure they are."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from steppe.criteria.rules import exclusions
from steppe.layers.tables import PlanInfo
from steppe.measures.measure_table import find_verdicts, tabulate_measures
from steppe.measures.site_survey import Survey, survey_sites
from steppe.network.latency_table import tabulate_latency
from steppe.network.plan_backbone import Backbone, build_backbone
from steppe.network.redundancy_table import tabulate_redundancy
from steppe.network.srlg_layer import find_cable_risks, find_corridor_risks
from steppe.planfile.plan_info import describe
from steppe.planfile.plan_inputs import Inputs
from steppe.ranking.score_table import tabulate_scores
from steppe.routing.risk_evidence import Risk


@dataclass(frozen=True)
class ScenarioNetwork:
    """The backbone of a scenario, what its cables share, and what leads where."""

    backbone: Backbone
    risks: tuple[Risk, ...]
    latency: pd.DataFrame
    redundancy: pd.DataFrame
    corridor_risks: tuple[Risk, ...]


@dataclass(frozen=True)
class Outcome:
    """What a scenario comes to.

    Parameters
    ----------
    inputs
        What was read, as the scenario has it.
    info
        Its titles and weights.
    network
        Its backbone.
    survey
        What was found at its sites.
    measures, scores, checks
        Contracts `MEASURES`, `SCORES` and `RULE_CHECKS`.
    """

    inputs: Inputs
    info: PlanInfo
    network: ScenarioNetwork
    survey: Survey
    measures: pd.DataFrame
    scores: pd.DataFrame
    checks: pd.DataFrame


def build_network(
    inputs: Inputs,
    *,
    targets: Sequence[str],
    level: str | None = None,
    corridor_risks: tuple[Risk, ...] | None = None,
) -> ScenarioNetwork:
    """Build the backbone of a scenario and tell round trips and redundancy.

    Parameters
    ----------
    inputs
        What was read, as the scenario has it.
    targets
        Targets of the redundancy.
    level
        Level of parks whose round trips to each other are told too; None for none.
    corridor_risks
        What the corridors share, where it is known: a scenario moves cables alone.
    """
    backbone = build_backbone(inputs)
    if corridor_risks is None:
        corridor_risks = find_corridor_risks(inputs)
    risks = find_cable_risks(inputs, backbone)
    return ScenarioNetwork(
        backbone,
        risks,
        tabulate_latency(inputs, backbone, level=level),
        tabulate_redundancy(
            inputs,
            backbone,
            risks,
            targets=targets,
            corridor_risks=corridor_risks,
        ),
        corridor_risks,
    )


def evaluate(
    inputs: Inputs,
    network: ScenarioNetwork,
    *,
    base: Survey | None = None,
    level: str | None = None,
    weights: Mapping[str, float] | None = None,
    relax: Collection[str] = (),
) -> Outcome:
    """Score the sites of a scenario.

    Parameters
    ----------
    inputs
        What was read, as the scenario has it.
    network
        Of the same scenario.
    base
        Survey of another scenario of the plan with these parks or more, see `survey_sites`.
    level, weights
        See `describe`.
    relax
        Rule ids or clauses that are to exclude nothing.

    Raises
    ------
    InputError
        When the plan asks for something that is not there.
    """
    info = describe(inputs.plan, level=level, weights=weights)
    survey = survey_sites(inputs, network.latency, redundancy=network.redundancy, base=base)
    measures = tabulate_measures(survey, info)
    checks = find_verdicts(survey, measures, relax=relax)
    scores = tabulate_scores(info, inputs.layers["parks"], measures, excluded=exclusions(checks))
    return Outcome(inputs, info, network, survey, measures, scores, checks)
