"""The command that scores the whole region of a plan: screen."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from steppe.command.plan_options import DEFAULT_PLAN, JsonOption, OutsideOption, PlanArgument, read
from steppe.command.printing import say, say_json
from steppe.command.progress_bar import showing_progress
from steppe.layers.wording import find_reader, tell


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
    as_json: JsonOption = False,
    allow_outside: OutsideOption = False,
) -> None:
    """Score every cell of the region, tell what each rule takes of it, and find sites for a load."""
    with showing_progress():
        from steppe.outputs.json_sites import answer_sites, write_sites
        from steppe.screening.found_sites import find_sites, size_sites
        from steppe.screening.park_trial import try_parks
        from steppe.screening.screening_run import screen as run

        inputs = read(plan, allow_outside=allow_outside)
        folder = out or Path(f"{inputs.plan.name}-screening")
        wanted = inputs.plan.screening.demand_mw if demand_mw is None else demand_mw
        size_sites(inputs, wanted)
        found = run(inputs, folder, cell_m=cell_m, relax=tuple(relax or ()), scheduler=scheduler)
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
