"""From checked inputs to PlanTables: the base, the other scenarios, and what they tell."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from steppe.claims.claim_checks import judge
from steppe.claims.claim_evidence import gather_evidence
from steppe.layers.conformity import make_empty
from steppe.layers.contracts import PASSED_ON
from steppe.layers.contracts.answers import ACCEPTABILITY
from steppe.layers.cut_graph import CutGraph
from steppe.layers.progress import begin
from steppe.layers.tables import PlanTables
from steppe.layers.wording import tell
from steppe.measures.cost_table import tabulate_costs
from steppe.measures.load_table import tabulate_loads
from steppe.measures.request_table import tabulate_requests
from steppe.measures.surfaces import make_surfaces
from steppe.network.cut_table import tabulate_cuts
from steppe.network.disjoint_table import note_bounds, tabulate_disjoint
from steppe.network.graph_layout import lay_out_graph
from steppe.network.published_round_trips import tabulate_calibration
from steppe.network.redundancy_table import note_ranges
from steppe.network.srlg_layer import tabulate_risks
from steppe.outputs.left_out import note_left_out
from steppe.outputs.wanted_tables import find_wanted
from steppe.planfile.plan_inputs import Inputs
from steppe.ranking.decision_tables import decide
from steppe.ranking.first_look import list_left_out
from steppe.ranking.robustness_tables import tabulate_acceptability
from steppe.ranking.scenario_comparison import Alternative, evaluate_variants, join_checks
from steppe.ranking.scenario_outcome import Outcome, build_network, evaluate
from steppe.ranking.standing import Standing
from steppe.screening.proposed_sites import note_missing, propose


def build_tables(
    inputs: Inputs,
    *,
    level: str | None = None,
    weights: Mapping[str, float] | None = None,
    relax: Collection[str] = (),
    quick: bool = False,
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
    quick
        Whether to leave out, for a first look, what takes long in a great plan:
        `steppe.ranking.first_look.LEFT_OUT`.

    Raises
    ------
    InputError
        When the plan asks for something that is not there.
    """
    targets = inputs.plan.network.targets
    begin(tell("progress.backbone"))
    network = build_network(inputs, level=level or inputs.plan.level, targets=targets)
    begin(tell("progress.scores"))
    base = evaluate(inputs, network, level=level, weights=weights, relax=relax)
    if quick:
        base = replace(base, info=replace(base.info, left_out=list_left_out(inputs.plan)))
    info = base.info
    proposals = None if quick else propose(inputs, base)
    wanted = None
    if not quick:
        begin(tell("progress.wanted"))
        wanted = find_wanted(inputs, proposals.layers["proposed_sites"] if proposals else None)
    begin(tell("progress.routes"))
    backbone, found = network.backbone, network.risks
    risks = tabulate_risks(found)
    disjoint = tabulate_disjoint(inputs, backbone, found, targets=() if quick else targets[:1])
    begin(tell("progress.cuts"))
    cuts, notes = tabulate_cuts(inputs, backbone, found, level=info.level, doubles=not quick)
    notes += [*note_ranges(network.redundancy), *note_bounds(disjoint)]
    begin(tell("progress.scenarios"))
    others = (
        []
        if quick
        else evaluate_variants(inputs, base, level=info.level, weights=weights, relax=relax)
    )
    begin(tell("progress.sure"))
    decision = decide(base, others)
    begin(tell("progress.claims"))
    claims = judge(inputs.tables["claim_texts"], gather_evidence(inputs, base.measures))
    computed = {
        "measures": base.measures,
        "scores": base.scores,
        "latency": network.latency,
        "redundancy": network.redundancy,
        "disjoint": disjoint,
        "cuts": cuts,
        "calibration": tabulate_calibration(inputs, backbone),
        "claims": claims,
        "rule_checks": join_checks(base, others),
        "loads": tabulate_loads(inputs, base.measures),
        "target_checks": base.survey.targets,
        "requests": tabulate_requests(base.survey, request=inputs.plan.request),
        "costs": tabulate_costs(inputs.plan, base.survey.priced),
        "break_evens": decision.break_evens,
        **decision.tables,
        "facts": inputs.facts,
    }
    notes += note_left_out(computed, info)
    if not quick:
        notes += note_missing(inputs, proposals)
    return PlanTables(
        info=info,
        layers={
            **inputs.layers,
            **({"risks": risks} if "fibre" in inputs.layers else {}),
            **(proposals.layers if proposals else {}),
            **(wanted.layers if wanted else {}),
        },
        tables=computed
        | (proposals.tables if proposals else {})
        | (wanted.tables if wanted else {})
        | {name: inputs.tables[name] for name in PASSED_ON},
        sources={
            **inputs.sources,
            **({proposals.source.source_id: proposals.source} if proposals else {}),
            **({wanted.source.source_id: wanted.source} if wanted else {}),
        },
        rasters={
            **inputs.rasters,
            **make_surfaces(inputs),
            **(proposals.rasters if proposals else {}),
        },
        notes=tuple(notes),
        read_notes=inputs.notes,
        graphs=_lay_out_graphs(base, others),
        counted=_list_counted(base),
        variants=tuple(_tabulate_outcome(each.outcome, each.standing) for each in others),
        proposed=_tabulate_outcome(proposals.outcome, None) if proposals else None,
    )


def _lay_out_graphs(base: Outcome, others: Sequence[Alternative]) -> dict[str, CutGraph]:
    """Return the backbones of the base and of the scenarios that move cables, by scenario."""
    outcomes = [base, *(each.outcome for each in others)]
    return {
        each.info.scenario: lay_out_graph(each.inputs, each.network.backbone, each.network.risks)
        for each in outcomes
        if each is base or each.network is not base.network
    }


def _list_counted(outcome: Outcome) -> tuple[str, ...]:
    return tuple(sorted(cable.cable_id for cable in outcome.network.backbone.cables))


def _tabulate_outcome(outcome: Outcome, standing: Standing | None) -> PlanTables:
    """Return what hangs on a scenario or on the proposed sites; what is left out was not computed."""
    plan, survey = outcome.inputs.plan, outcome.survey
    return PlanTables(
        info=outcome.info,
        layers=outcome.inputs.layers,
        tables={
            "measures": outcome.measures,
            "scores": outcome.scores,
            "latency": outcome.network.latency,
            "redundancy": outcome.network.redundancy,
            "rule_checks": outcome.checks,
            "requests": tabulate_requests(survey, request=plan.request),
            "costs": tabulate_costs(plan, survey.priced),
            "acceptability": tabulate_acceptability(standing)
            if standing
            else make_empty(ACCEPTABILITY),
        },
        sources={},
        rasters={},
        counted=_list_counted(outcome),
    )
