"""The command that finds new routes over the ground: route."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from steppe.command.plan_options import DEFAULT_PLAN, JsonOption, OutsideOption, read
from steppe.command.printing import print_table, say, say_json
from steppe.command.progress_bar import showing_progress
from steppe.layers.wording import find_reader, tell
from steppe.layers.wording import say as put

if TYPE_CHECKING:
    from steppe.planfile.plan_inputs import Inputs
    from steppe.routes.answering import Answer
    from steppe.routes.ends import End

_FEW = 4  # routes that more than a row is told of


def route(  # noqa: PLR0913 (one argument for each option)
    start: Annotated[
        str,
        typer.Argument(
            metavar="A", help="Node, park, town or substation, LON,LAT in degrees; parks, proposed."
        ),
    ],
    end: Annotated[
        str,
        typer.Argument(
            metavar="B", help="The other end; targets, or grid for lines to two stations."
        ),
    ],
    *,
    plan: Annotated[
        str,
        typer.Option("--plan", metavar="PLAN", help="Name of a pack, a folder, or a plan.toml."),
    ] = DEFAULT_PLAN,
    apart_km: Annotated[
        float | None,
        typer.Option(metavar="KM", help="How far apart; the plan's by default."),
    ] = None,
    end_zone_km: Annotated[
        float | None,
        typer.Option(
            metavar="KM", help="So near to an end nothing need be apart; the plan's by default."
        ),
    ] = None,
    keep_off: Annotated[
        list[str] | None,
        typer.Option(metavar="CABLE", help="Cable to stay apart from; repeatable."),
    ] = None,
    drop: Annotated[
        list[str] | None,
        typer.Option(metavar="BARRIER", help="Barrier to leave out; repeatable."),
    ] = None,
    cell_m: Annotated[
        float | None, typer.Option("--cell-m", metavar="M", help="Side of a cell.")
    ] = None,
    margin_km: Annotated[
        float | None, typer.Option(metavar="KM", help="How far round the ends to look.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Folder for GeoJSON, KML, OFDS and the profile."),
    ] = None,
    into: Annotated[
        str | None,
        typer.Option("--into", metavar="PLAN", help="Plan of yours to take the routes into."),
    ] = None,
    as_json: JsonOption = False,
    allow_outside: OutsideOption = False,
) -> None:
    """Find a new route over the ground: what it costs, how far it is, what it meets."""
    with showing_progress():
        from steppe.outputs.json_routes import answer_routes
        from steppe.outputs.route_files import write_routes
        from steppe.routes.answering import View, answer_matrix, answer_one, answer_tie_lines
        from steppe.routes.ends import GRID
        from steppe.routes.plan_entry import add_to_plan
        from steppe.routes.searching import Asked

        inputs = read(plan if into is None else into, allow_outside=allow_outside)
        entry = inputs.plan.route
        view = View(cell_m, margin_km, tuple(drop or ()))
        starts = _list_ends(inputs, start, "A")
        if end == GRID:
            answer = answer_tie_lines(inputs, starts, view)
        else:
            goals = _list_ends(inputs, end, "B")
            asked = Asked(
                starts[0],
                goals[0],
                entry.apart_km if apart_km is None else apart_km,
                entry.end_zone_km if end_zone_km is None else end_zone_km,
                tuple(keep_off or ()),
            )
            if len(starts) == len(goals) == 1:
                answer = answer_one(inputs, asked, view)
            else:
                answer = answer_matrix(inputs, starts, goals, asked, view)
        files = [] if out is None else write_routes(inputs, out, answer.routes)
        scenario = None if into is None else add_to_plan(into, inputs, answer.routes)
    if as_json:
        say_json(answer_routes(inputs, answer.grounds, answer.routes))
        return
    _tell(answer)
    for file in files:
        say(f"{file}")
    if scenario is not None:
        say(tell("route.into", plan=str(into), name=scenario).say(find_reader()))


def _list_ends(inputs: Inputs, asked: str, where: str) -> list[End]:
    """Return the ends that an argument names."""
    from steppe.routes.ends import PARKS, PROPOSED, TARGETS, find_end, list_parks, list_targets
    from steppe.routes.proposed_ends import list_proposed

    if asked == PARKS:
        return list_parks(inputs)
    if asked == TARGETS:
        return list_targets(inputs)
    if asked == PROPOSED:
        return list_proposed(inputs)
    return [find_end(inputs, asked, where=where)]


def _tell(answer: Answer) -> None:
    """Tell routes to people: a table, and a few lines on each where they are few."""
    from steppe.outputs.route_table import tabulate_routes, tell_route_lines

    language, ground = find_reader(), answer.grounds[0]
    print_table(tabulate_routes(answer.routes))
    if len(answer.routes) <= _FEW:
        for each in answer.routes:
            say("")
            for words in tell_route_lines(ground, each):
                say(put(words, language))
    if ground.untold:
        names = ", ".join(put(ground.name(name), language) for name in ground.untold)
        say(tell("route.untold", names=names).say(language))
    for name in ground.dropped:
        say(tell("route.dropped", name=ground.name(name)).say(language))
