"""The command that puts plans, scenarios and screenings side by side: compare."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from steppe.command.plan_options import DEFAULT_PLAN, JsonOption, LevelOption, OutsideOption, read
from steppe.command.printing import print_table, say, say_json
from steppe.command.progress_bar import showing_progress
from steppe.layers.wording import find_reader, tell
from steppe.layers.wording import say as put

if TYPE_CHECKING:
    from steppe.layers.wording import Words
    from steppe.screening.site_comparison import SiteComparison

_N_SCENARIOS = 2  # that are compared with each other


def compare(  # noqa: PLR0913 (one argument for each option)
    names: Annotated[
        list[str],
        typer.Argument(metavar="A B", help="Two scenarios of a plan, some plans, or one plan."),
    ],
    *,
    plan: Annotated[
        str | None,
        typer.Option("--plan", metavar="PLAN", help="The plan whose scenarios are compared."),
    ] = None,
    level: LevelOption = None,
    demand_mw: Annotated[
        float | None,
        typer.Option(metavar="MW", help="Of one plan: its proposed sites for another load."),
    ] = None,
    relax: Annotated[
        list[str] | None,
        typer.Option(metavar="RULE", help="Of one plan: its sites without a rule; repeatable."),
    ] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="Leave out the proposed sites, which take longest.")
    ] = False,
    as_json: JsonOption = False,
    allow_outside: OutsideOption = False,
) -> None:
    """Compare two scenarios of a plan, plans by what they measure alike, or the sites for two loads."""
    from steppe.layers.columns import PARK_LEVELS
    from steppe.layers.errors import InputError, Problem
    from steppe.outputs.command_tables import refuse_unknown
    from steppe.planfile.plan_reading import is_plan

    refuse_unknown("level", level, PARK_LEVELS)
    has_what_if = demand_mw is not None or bool(relax)
    are_plans = plan is None and all(map(is_plan, names))
    if has_what_if and are_plans and len(names) == 1 and not quick:
        _compare_sites(
            names[0], demand_mw, relax or (), as_json=as_json, allow_outside=allow_outside
        )
    elif has_what_if:
        what, fix = tell("fault.compare.what_if"), tell("fix.compare.what_if")
        raise InputError(Problem("steppe compare", what, fix))
    elif are_plans and len(names) > 1:
        _compare_plans(names, quick=quick, as_json=as_json, allow_outside=allow_outside)
    elif len(names) == _N_SCENARIOS:
        inputs = plan or DEFAULT_PLAN
        _compare_scenarios(
            names, inputs, level, quick=quick, as_json=as_json, allow_outside=allow_outside
        )
    else:
        what, fix = tell("fault.compare.mixed"), tell("fix.compare.mixed")
        raise InputError(Problem("steppe compare", what, fix))


def _compare_scenarios(
    names: list[str],
    plan: str,
    level: str | None,
    *,
    quick: bool,
    as_json: bool,
    allow_outside: bool,
) -> None:
    from steppe.outputs.command_tables import tell_changes
    from steppe.outputs.json_answers import answer_compare
    from steppe.ranking.decision_tables import compare_scenarios
    from steppe.screening.site_comparison import compare_with_first

    with showing_progress():
        one, two, changes = compare_scenarios(
            read(plan, allow_outside=allow_outside), *names, level=level
        )
        outcomes = (one.outcome, two.outcome)
        found, notes = ([], []) if quick else compare_with_first(outcomes, names)
    if as_json:
        say_json(answer_compare(one, two, changes, found))
        return
    line, table = tell_changes(one, two, changes, language=find_reader())
    for words in line.split("\n"):
        say(words)
    say("")
    if len(table):
        print_table(table)
    if rest := len(changes) - len(table):
        say(tell("compare.rest", n_rest=rest).say(find_reader()))
    if not len(changes):
        say(tell("compare.nothing").say(find_reader()))
    say("")
    _tell_sites(found, notes)


def _compare_plans(names: list[str], *, quick: bool, as_json: bool, allow_outside: bool) -> None:
    from steppe.outputs.command_tables import tabulate_plans
    from steppe.outputs.json_answers import answer_compare_plans
    from steppe.ranking.decision_tables import evaluate_plan
    from steppe.ranking.plan_comparison import compare_plans, tell_first
    from steppe.screening.site_comparison import compare_with_first

    with showing_progress():
        outcomes = [evaluate_plan(read(name, allow_outside=allow_outside)) for name in names]
        comparison = compare_plans(outcomes)
        plans = [each.inputs.plan.name for each in outcomes]
        found, notes = ([], []) if quick else compare_with_first(outcomes, plans)
    if as_json:
        say_json(answer_compare_plans(outcomes, comparison, found, notes))
        return
    language = find_reader()
    for each in outcomes:
        say(put(tell_first(each), language))
    say("")
    print_table(tabulate_plans(comparison, language=language))
    say("")
    for note in comparison.notes:
        say(put(note, language))
    say("")
    _tell_sites(found, notes)


def _compare_sites(
    plan: str,
    demand_mw: float | None,
    relax: Sequence[str],
    *,
    as_json: bool,
    allow_outside: bool,
) -> None:
    from steppe.outputs.compared_sites import answer_compare_sites
    from steppe.ranking.decision_tables import evaluate_plan
    from steppe.screening.site_comparison import compare_with_itself

    with showing_progress():
        outcome = evaluate_plan(read(plan, allow_outside=allow_outside))
        found = compare_with_itself(outcome, demand_mw=demand_mw, relax=relax)
    if as_json:
        say_json(answer_compare_sites(outcome.inputs, found))
    else:
        _tell_sites([found], [])


def _tell_sites(found: Sequence[SiteComparison], notes: Sequence[Words]) -> None:
    """Tell sites side by side to people: what became of each, and what takes other land."""
    from steppe.outputs.compared_sites import tabulate_compared

    language = find_reader()
    for each in found:
        say(tell("compare.sites", before=each.before, after=each.after).say(language))
        for table in tabulate_compared(each, language=language):
            say("")
            print_table(table)
    for note in notes:
        say(put(note, language))
