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
    from steppe.routes.answering import Answer

_FEW = 4  # routes that more than a row is told of


StartArgument = Annotated[
    str,
    typer.Argument(
        metavar="A",
        help="Node, park, town or substation, LON,LAT in degrees; several by commas; parks, proposed.",
    ),
]
EndArgument = Annotated[
    str,
    typer.Argument(
        metavar="B",
        help="The other end; targets; grid for lines to two stations; mesh or tree to join all of A.",
    ),
]
NamedPlanOption = Annotated[
    str,
    typer.Option("--plan", metavar="PLAN", help="Name of a pack, a folder, or a plan.toml."),
]
PairOption = Annotated[
    bool, typer.Option("--pair", help="Two routes of least cost together, kept apart.")
]
FrontierOption = Annotated[
    str | None,
    typer.Option(metavar="KM,KM,...", help="The pair of least cost for each distance."),
]
AlternativesOption = Annotated[
    int | None,
    typer.Option(metavar="N", min=2, max=20, help="N routes that truly differ."),
]
OverOption = Annotated[
    str | None,
    typer.Option(
        metavar="LINES",
        help="Run along these: railways, roads, corridors, power_lines, or a file .osm.",
    ),
]
DisjointOption = Annotated[
    bool, typer.Option("--disjoint", help="With --over: two routes that share nothing.")
]
ApartOption = Annotated[
    float | None,
    typer.Option(metavar="KM", help="How far apart; the plan's by default."),
]
EndZoneOption = Annotated[
    float | None,
    typer.Option(
        metavar="KM", help="So near to an end nothing need be apart; the plan's by default."
    ),
]
KeepOffOption = Annotated[
    list[str] | None,
    typer.Option(metavar="CABLE", help="Cable to stay apart from; repeatable."),
]
DropOption = Annotated[
    list[str] | None,
    typer.Option(metavar="BARRIER", help="Barrier to leave out; repeatable."),
]
CellOption = Annotated[float | None, typer.Option("--cell-m", metavar="M", help="Side of a cell.")]
MarginOption = Annotated[
    float | None, typer.Option(metavar="KM", help="How far round the ends to look.")
]
FilesOption = Annotated[
    Path | None,
    typer.Option("--out", metavar="DIR", help="Folder for GeoJSON, KML, OFDS and the profile."),
]
IntoOption = Annotated[
    str | None,
    typer.Option("--into", metavar="PLAN", help="Plan of yours to take the routes into."),
]


def route(  # noqa: PLR0913 (one argument for each option)
    start: StartArgument,
    end: EndArgument,
    *,
    plan: NamedPlanOption = DEFAULT_PLAN,
    pair: PairOption = False,
    frontier: FrontierOption = None,
    alternatives: AlternativesOption = None,
    over: OverOption = None,
    disjoint: DisjointOption = False,
    apart_km: ApartOption = None,
    end_zone_km: EndZoneOption = None,
    keep_off: KeepOffOption = None,
    drop: DropOption = None,
    cell_m: CellOption = None,
    margin_km: MarginOption = None,
    out: FilesOption = None,
    into: IntoOption = None,
    as_json: JsonOption = False,
    allow_outside: OutsideOption = False,
) -> None:
    """Find a new route over the ground: what it costs, how far it is, what it meets."""
    with showing_progress():
        from steppe.outputs.json_routes import answer_routes
        from steppe.outputs.route_files import write_routes
        from steppe.routes.answering import View
        from steppe.routes.asking import Question, answer
        from steppe.routes.plan_entry import add_to_plan

        inputs = read(plan if into is None else into, allow_outside=allow_outside)
        question = Question(
            start,
            end,
            is_pair=pair,
            aparts_km=_read_distances(frontier),
            n_ways=alternatives,
            over=over,
            is_disjoint=disjoint,
            apart_km=apart_km,
            end_zone_km=end_zone_km,
            keep_off=tuple(keep_off or ()),
        )
        found = answer(inputs, question, View(cell_m, margin_km, tuple(drop or ())))
        files = [] if out is None else write_routes(inputs, out, found)
        scenario = None if into is None else add_to_plan(into, inputs, found.routes)
    if as_json:
        say_json(answer_routes(inputs, found))
        return
    _tell(found)
    for file in files:
        say(f"{file}")
    if scenario is not None:
        say(tell("route.into", plan=str(into), name=scenario).say(find_reader()))


def _read_distances(text: str | None) -> tuple[float, ...]:
    """Read `5,10,20`."""
    from steppe.layers.errors import InputError, Problem
    from steppe.planfile.route_entry import MOST_KM

    try:
        found = tuple(float(part) for part in (text or "").split(",") if part)
    except ValueError:
        found = (0.0,)
    if not all(0.0 < each < MOST_KM for each in found):
        what = tell("fault.route.frontier", text=str(text))
        raise InputError(Problem("--frontier", what, tell("fix.route.frontier")))
    return found


def _tell(answer: Answer) -> None:
    """Tell routes to people: a table, and a few lines on each where they are few."""
    from steppe.outputs.route_table import tabulate_routes, tell_pairs, tell_route_lines

    language, ground = find_reader(), answer.grounds[0]
    print_table(tabulate_routes(answer.routes))
    if answer.pairs or answer.tree:
        say("")
        for words in tell_pairs(answer):
            say(put(words, language))
    if len(answer.routes) <= _FEW:
        for each in answer.routes:
            say("")
            for words in tell_route_lines(ground, each):
                say(put(words, language))
    for problem in answer.unanswered:
        say(problem.say(language))
    if ground.untold:
        names = ", ".join(put(ground.name(name), language) for name in ground.untold)
        say(tell("route.untold", names=names).say(language))
    for name in ground.dropped:
        say(tell("route.dropped", name=ground.name(name)).say(language))
