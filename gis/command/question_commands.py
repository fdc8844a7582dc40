"""Commands that answer on the screen, as JSON or as CSV: score, compare and sources."""

from __future__ import annotations

from typing import Annotated

import typer

from steppe.command.plan_options import (
    DEFAULT_PLAN,
    JsonOption,
    LevelOption,
    OutsideOption,
    PlanArgument,
    QuickOption,
    read,
)
from steppe.command.printing import print_table, say, say_csv, say_json
from steppe.command.progress_bar import showing_progress
from steppe.layers.wording import find_reader, tell

_N_SCENARIOS = 2  # that are compared with each other


def _weights(text: str | None) -> dict[str, float]:
    """Read `climate=2,power=1`."""
    from steppe.layers.errors import InputError, Problem

    weights = {}
    for part in (text or "").split(","):
        if not part:
            continue
        name, _, number = part.partition("=")
        if name.strip() in weights:
            what, fix = tell("fault.weights.twice", name=name.strip()), tell("fix.give_once")
            raise InputError(Problem("--weights", what, fix))
        try:
            weights[name.strip()] = float(number)
        except ValueError:
            what, fix = tell("fault.weights.form", part=part), tell("fix.write_weights")
            raise InputError(Problem("--weights", what, fix)) from None
    return weights


def score(  # noqa: PLR0913 (one argument for each option)
    plan: PlanArgument = DEFAULT_PLAN,
    *,
    weights: Annotated[
        str | None, typer.Option(metavar="NAME=NUMBER,...", help="Weights of criteria.")
    ] = None,
    method: Annotated[
        str, typer.Option(metavar="METHOD", help="weighted_sum, topsis, or smaa.")
    ] = "weighted_sum",
    level: LevelOption = None,
    scenario: Annotated[
        str | None, typer.Option(metavar="NAME", help="A scenario of the plan.")
    ] = None,
    relax: Annotated[
        list[str] | None,
        typer.Option(metavar="CLAUSE", help="Rule or clause to exclude nothing; repeatable."),
    ] = None,
    demand_mw: Annotated[
        float | None,
        typer.Option("--demand-mw", metavar="MW", help="IT load that each park is to carry."),
    ] = None,
    year: Annotated[
        int | None, typer.Option(metavar="YEAR", help="Year by which it is wanted.")
    ] = None,
    quick: QuickOption = False,
    as_json: JsonOption = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV.")] = False,
    allow_outside: OutsideOption = False,
) -> None:
    """Rank the parks of one level, and tell how sure that is and what would change it."""
    from steppe.layers.columns import PARK_LEVELS
    from steppe.layers.errors import InputError, Problem
    from steppe.measures.request_table import tabulate_requests
    from steppe.outputs.command_tables import (
        METHODS,
        add_verdicts,
        rank_table,
        refuse_unknown,
        tell_ranking,
    )
    from steppe.outputs.json_answers import answer_score
    from steppe.planfile.request_entry import ask
    from steppe.ranking.decision_tables import decide_scenario

    refuse_unknown("level", level, PARK_LEVELS)
    refuse_unknown("method", method, METHODS)
    if quick and method != "weighted_sum":
        what, fix = tell("fault.option.quick_method", method=method), tell("fix.without_quick")
        raise InputError(Problem("--quick --method", what, fix))
    if as_json and as_csv:
        what, fix = tell("fault.option.two_forms"), tell("fix.ask_for_one")
        raise InputError(Problem("--json --csv", what, fix))
    with showing_progress():
        decision = decide_scenario(
            read(plan, allow_outside=allow_outside),
            scenario,
            level=level,
            weights=_weights(weights),
            relax=tuple(relax or ()),
            quick=quick,
        )
    wanted = ask(decision.outcome.inputs.plan.request, demand_mw=demand_mw, year=year)
    requests = tabulate_requests(decision.outcome.survey, request=wanted)
    ranking = rank_table(decision, method=method)
    if as_json:
        say_json(answer_score(decision, ranking, requests, method=method))
    elif as_csv:
        say_csv(add_verdicts(ranking, requests))
    else:
        table, told = tell_ranking(decision, method=method, language=find_reader())
        print_table(add_verdicts(table, requests))
        say("")
        for words in told:
            say(words)


def compare(
    names: Annotated[
        list[str], typer.Argument(metavar="A B", help="Two scenarios of a plan, or some plans.")
    ],
    *,
    plan: Annotated[
        str | None,
        typer.Option("--plan", metavar="PLAN", help="The plan whose scenarios are compared."),
    ] = None,
    level: LevelOption = None,
    as_json: JsonOption = False,
    allow_outside: OutsideOption = False,
) -> None:
    """Compare two scenarios of a plan, or plans by what they measure alike."""
    from steppe.layers.columns import PARK_LEVELS
    from steppe.outputs.command_tables import refuse_unknown
    from steppe.planfile.plan_reading import is_plan

    refuse_unknown("level", level, PARK_LEVELS)
    if plan is None and len(names) > 1 and all(map(is_plan, names)):
        _compare_plans(names, as_json=as_json, allow_outside=allow_outside)
        return
    if len(names) != _N_SCENARIOS:
        from steppe.layers.errors import InputError, Problem

        what, fix = tell("fault.compare.mixed"), tell("fix.compare.mixed")
        raise InputError(Problem("steppe compare", what, fix))
    _compare_scenarios(
        names, plan or DEFAULT_PLAN, level=level, as_json=as_json, allow_outside=allow_outside
    )


def _compare_scenarios(
    names: list[str], plan: str, *, level: str | None, as_json: bool, allow_outside: bool
) -> None:
    from steppe.outputs.command_tables import tell_changes
    from steppe.outputs.json_answers import answer_compare
    from steppe.ranking.decision_tables import compare_scenarios

    with showing_progress():
        one, two, changes = compare_scenarios(
            read(plan, allow_outside=allow_outside), *names, level=level
        )
    if as_json:
        say_json(answer_compare(one, two, changes))
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


def _compare_plans(names: list[str], *, as_json: bool, allow_outside: bool) -> None:
    from steppe.layers.wording import say as say_words
    from steppe.outputs.command_tables import tabulate_plans
    from steppe.outputs.json_answers import answer_compare_plans
    from steppe.ranking.decision_tables import evaluate_plan
    from steppe.ranking.plan_comparison import compare_plans, tell_first

    with showing_progress():
        outcomes = [evaluate_plan(read(name, allow_outside=allow_outside)) for name in names]
        comparison = compare_plans(outcomes)
    if as_json:
        say_json(answer_compare_plans(outcomes, comparison))
        return
    language = find_reader()
    for each in outcomes:
        say(say_words(tell_first(each), language))
    say("")
    print_table(tabulate_plans(comparison, language=language))
    say("")
    for note in comparison.notes:
        say(say_words(note, language))


def sources(
    plan: PlanArgument = DEFAULT_PLAN,
    *,
    as_json: JsonOption = False,
    allow_outside: OutsideOption = False,
) -> None:
    """Show what stands behind the numbers, with licences."""
    from steppe.outputs.json_answers import answer_sources
    from steppe.outputs.source_table import source_table

    inputs = read(plan, allow_outside=allow_outside)
    table = source_table(inputs)
    if as_json:
        say_json(answer_sources(inputs, table))
    else:
        print_table(table[["source_id", "year", "licence", "as_of", "used_by", "title"]])
