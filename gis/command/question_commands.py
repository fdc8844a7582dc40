"""Commands that answer on the screen, as JSON or as CSV: score and sources."""

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
