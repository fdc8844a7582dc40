"""What a plan decides, as tables: from the outcome of its base and of its other scenarios."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from steppe.criteria.route_measures import MEASURE as ROUTES
from steppe.layers.conformity import make_empty
from steppe.layers.contracts.answers import TABLES as ANSWER_TABLES
from steppe.layers.progress import begin
from steppe.layers.wording import tell
from steppe.measures.cost_table import tabulate_break_evens
from steppe.planfile.plan_inputs import Inputs
from steppe.planfile.scenario_inputs import apply_variant
from steppe.ranking.answers import tabulate_answers, tabulate_no_park
from steppe.ranking.assumption_effects import find_assumptions
from steppe.ranking.assumption_tables import tabulate_assumptions
from steppe.ranking.assumption_words import name_towns, tell_assumed, tell_spread
from steppe.ranking.first_look import SURENESS, tabulate_left_out
from steppe.ranking.rank_explanations import tabulate_explanations
from steppe.ranking.robustness import find_robustness
from steppe.ranking.robustness_tables import tabulate_robustness
from steppe.ranking.scenario_comparison import Alternative, tabulate_changes, tabulate_scenarios
from steppe.ranking.scenario_outcome import Outcome, build_network, evaluate
from steppe.ranking.score_table import list_by_rank
from steppe.ranking.standing import find_standing


@dataclass(frozen=True)
class Decision:
    """An outcome and the tables of `steppe.layers.contracts.answers` about it, by name.

    `break_evens`, which an answer is told from, stands beside them.
    """

    outcome: Outcome
    tables: Mapping[str, pd.DataFrame]
    break_evens: pd.DataFrame


def decide(outcome: Outcome, others: Sequence[Alternative] = ()) -> Decision:
    """Ask how sure the ranking of an outcome is, why it is so and what would change it.

    Parameters
    ----------
    outcome
        The base, or whatever is looked at; of a first look nothing is drawn.
    others
        Scenarios that are held against it.
    """
    is_asked = SURENESS not in outcome.info.left_out
    robust = find_robustness(outcome) if is_asked else None
    break_evens = tabulate_break_evens(
        outcome.inputs,
        outcome.survey.priced,
        level=outcome.info.level,
        ranked=list_by_rank(outcome.scores, outcome.info),
    )
    tables = {contract.name: make_empty(contract) for contract in ANSWER_TABLES}
    if others:
        parts = [tabulate_changes(outcome, each.outcome) for each in others]
        tables["changes"] = pd.concat(parts, ignore_index=True)
    tables["scenarios"] = tabulate_scenarios(
        Alternative(outcome, robust), others, tables["changes"]
    )
    if not is_asked:
        tables["answers"] = tabulate_left_out(outcome.info)
    elif outcome.inputs.layers["parks"].empty:
        tables["answers"] = tabulate_no_park(outcome.info)
    if robust is not None:
        told, first_shares = {}, None
        # Without another there is no lead that anything could turn.
        if len(robust.ranked) > 1:
            found, towns = find_assumptions(outcome, robust), name_towns(outcome)
            first_shares = found.first_shares
            tables |= tabulate_assumptions(robust, found, towns)
            told = {
                "assumed": tell_assumed(robust, found, towns),
                "spread": tell_spread(robust, found),
            }
        tables |= tabulate_robustness(robust, first_shares)
        tables["explanations"] = tabulate_explanations(robust)
        tables["answers"] = tabulate_answers(
            robust,
            agreement=tables["agreement"],
            break_evens=break_evens,
            others=others,
            **told,
        )
    return Decision(outcome, tables, break_evens)


def decide_scenario(
    inputs: Inputs,
    name: str | None = None,
    *,
    level: str | None = None,
    weights: Mapping[str, float] | None = None,
    relax: Collection[str] = (),
    quick: bool = False,
) -> Decision:
    """Evaluate one scenario of a plan alone, as `steppe score` does.

    Parameters
    ----------
    inputs
        What `read_inputs` read.
    name
        Scenario; by default the base.
    level, weights, relax
        See `evaluate`.
    quick
        Whether to leave out how sure the ranking is.

    Raises
    ------
    InputError
        For an unknown scenario, and when the plan asks for something that is not there.
    """
    outcome = _evaluate(inputs, name, level=level, weights=weights, relax=relax, n_targets=0)
    if quick:
        info = replace(outcome.info, left_out=(SURENESS,))
        outcome = replace(outcome, info=info)
    begin(tell("progress.sure"))
    return decide(outcome)


def compare_scenarios(
    inputs: Inputs, before: str, after: str, *, level: str | None = None
) -> tuple[Alternative, Alternative, pd.DataFrame]:
    """Return two scenarios of a plan, and what differs between them (contract `CHANGES`).

    Raises
    ------
    InputError
        As in `decide_scenario`.
    """
    one, two = (_evaluate(inputs, name, level=level, n_targets=1) for name in (before, after))
    sides = [Alternative(outcome, find_standing(outcome)) for outcome in (one, two)]
    return sides[0], sides[1], tabulate_changes(one, two)


def evaluate_plan(inputs: Inputs) -> Outcome:
    """Return what the base of a plan comes to, with its backbone to the first target."""
    return _evaluate(inputs, None, n_targets=1)


def _evaluate(
    inputs: Inputs,
    name: str | None,
    *,
    n_targets: int,
    level: str | None = None,
    weights: Mapping[str, float] | None = None,
    relax: Collection[str] = (),
) -> Outcome:
    own = apply_variant(inputs, name or inputs.plan.scenario.name)
    # A plan may score the routes to the first target.
    listed = {each.id for entry in own.plan.criteria for each in entry.measures}
    targets = own.plan.network.targets[: max(n_targets, int(ROUTES in listed))]
    begin(tell("progress.backbone"))
    network = build_network(own, targets=targets)
    begin(tell("progress.scores"))
    return evaluate(own, network, level=level, weights=weights, relax=relax)
