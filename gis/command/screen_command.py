"""The command that scores the whole region of a plan: screen."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from steppe.command.plan_options import DEFAULT_PLAN, OutsideOption, PlanArgument, read
from steppe.command.printing import say
from steppe.command.progress_bar import showing_progress
from steppe.layers.wording import find_reader, tell


def screen(
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
    allow_outside: OutsideOption = False,
) -> None:
    """Score every cell of the region, and tell what each rule takes of it."""
    with showing_progress():
        from steppe.screening.screening_run import screen as run

        inputs = read(plan, allow_outside=allow_outside)
        folder = out or Path(f"{inputs.plan.name}-screening")
        found = run(inputs, folder, cell_m=cell_m, relax=tuple(relax or ()), scheduler=scheduler)
    areas = found.record["area_km2"]
    say(tell("screen.areas", **areas).say(find_reader()))
    say(f"{folder}")
