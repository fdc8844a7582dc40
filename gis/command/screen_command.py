"""The command that scores the whole region of a plan: screen."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from steppe.command.plan_options import DEFAULT_PLAN, JsonOption, OutsideOption, PlanArgument, read
from steppe.command.printing import print_table, say, say_json
from steppe.command.progress_bar import showing_progress
from steppe.layers.wording import find_reader, tell

if TYPE_CHECKING:
    from steppe.planfile.plan_inputs import Inputs
    from steppe.screening.result import Screening


def screen(  # noqa: PLR0913
    plan: PlanArgument = DEFAULT_PLAN,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Folder; default <plan>-screening."),
    ] = None,
    *,
    cell_m: Annotated[
        float | None, typer.Option("--cell-m", metavar="M", help="Side of a cell.")
    ] = None,
    relax: Annotated[
        list[str] | None,
        typer.Option(metavar="RULE", help="Rule or clause to kill nothing; repeatable."),
    ] = None,
    scheduler: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="Dask scheduler whose workers share the folder."),
    ] = None,
    demand_mw: Annotated[
        float | None,
        typer.Option(metavar="MW", help="IT load to find sites for; the plan's by default."),
    ] = None,
    edge: Annotated[
        int | None,
        typer.Option("--edge", metavar="N", min=1, max=100, help="N sites near people instead."),
    ] = None,
    reach_km: Annotated[
        float | None,
        typer.Option(metavar="KM", help="With --edge: most people within so many km."),
    ] = None,
    as_json: JsonOption = False,
    allow_outside: OutsideOption = False,
) -> None:
    """Score every cell of the region, tell what each rule takes of it, and find sites for a load."""
    refuse_mixture(edge, reach_km, demand_mw)
    with showing_progress():
        from steppe.outputs.json_sites import answer_sites, write_sites
        from steppe.screening.found_sites import find_sites, size_sites
        from steppe.screening.park_trial import try_parks
        from steppe.screening.screening_run import screen as run

        inputs = read(plan, allow_outside=allow_outside)
        folder = out or Path(f"{inputs.plan.name}-screening")
        wanted = inputs.plan.screening.demand_mw if demand_mw is None else demand_mw
        if edge is None:
            size_sites(inputs, wanted)
        found = run(inputs, folder, cell_m=cell_m, relax=tuple(relax or ()), scheduler=scheduler)
        if edge is not None:
            _place_edges(inputs, found, edge, reach_km, as_json=as_json)
            return
        sites = find_sites(found, inputs, demand_mw=wanted)
        file = write_sites(folder, sites)
        trial = try_parks(found, inputs)
    if as_json:
        say_json(answer_sites(inputs, sites, demand_mw=wanted, trial=trial))
        return
    areas = found.record["area_km2"]
    say(tell("screen.areas", **areas).say(find_reader()))
    tried = trial[1]
    if tried.n_places and tried.n_cells:
        numbers = {"auc": tried.auc, "low": tried.low, "high": tried.high}
        told = tell("screen.back_test", n=tried.n_places, cities=tried.n_cities, **numbers)
        say(told.say(find_reader()))
    if wanted is not None:
        told = tell("screen.sites", n=len(sites), mw=wanted, file=str(file))
        say(told.say(find_reader()))
    say(f"{folder}")


def refuse_mixture(edge: int | None, reach_km: float | None, demand_mw: float | None) -> None:
    """Refuse options of edge sites that do not go together."""
    from steppe.layers.columns import MAX_KM
    from steppe.layers.errors import InputError, Problem

    if edge is not None and demand_mw is not None:
        what, fix = tell("fault.edge.mixed"), tell("fix.ask_for_one")
        raise InputError(Problem("--edge --demand-mw", what, fix))
    if reach_km is None:
        return
    if edge is None:
        raise InputError(Problem("--reach-km", tell("fault.edge.reach_alone"), tell("fix.edge.n")))
    if not 0.0 < reach_km <= MAX_KM:
        what = tell("fault.edge.distance", km=reach_km, most=MAX_KM)
        raise InputError(Problem("--reach-km", what, tell("fix.correct")))


def _place_edges(
    inputs: Inputs, found: Screening, n_sites: int, reach_km: float | None, *, as_json: bool
) -> None:
    """Put sites near people, write them beside the surfaces and tell them."""
    from steppe.outputs.json_edges import answer_edges, tabulate_edges, tell_edges, write_edges
    from steppe.screening.edge_sites import find_edge_sites

    edges = find_edge_sites(found, inputs, n_sites=n_sites, reach_km=reach_km)
    file = write_edges(found.folder, edges)
    if as_json:
        say_json(answer_edges(inputs, edges))
        return
    language = find_reader()
    print_table(tabulate_edges(edges, language=language))
    say("")
    for words in tell_edges(edges):
        say(words.say(language))
    say(f"{file}")
