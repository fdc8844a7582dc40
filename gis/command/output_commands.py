"""Commands that write or check a whole plan: build, check, map and qgis."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from steppe.command.plan_options import (
    DEFAULT_PLAN,
    ForceOption,
    OutOption,
    OutsideOption,
    PlanArgument,
    QuickOption,
    read,
    say_left_out,
    tell_results,
)
from steppe.command.printing import say
from steppe.command.progress_bar import showing_progress
from steppe.layers.wording import find_reader, tell


def build(
    plan: PlanArgument = DEFAULT_PLAN,
    out: OutOption = None,
    *,
    force: ForceOption = False,
    quick: QuickOption = False,
    allow_outside: OutsideOption = False,
) -> None:
    """Build everything: map, QGIS project, tables and report."""
    with showing_progress():
        from steppe.outputs.building import build_folder, refuse_folder
        from steppe.outputs.output_folder import PAGE
        from steppe.outputs.plan_tables import build_tables

        inputs = read(plan, allow_outside=allow_outside)
        folder = out or Path("out") / inputs.plan.name
        refuse_folder(folder, inputs.plan.name)
        tables = build_tables(inputs, quick=quick)
        tell_results(tables)
        build_folder(folder, inputs, tables, force=force)
    say(f"{folder / PAGE}")
    say_left_out(tables)


def check(
    plan: PlanArgument = DEFAULT_PLAN,
    *,
    quick: QuickOption = False,
    allow_outside: OutsideOption = False,
) -> None:
    """Read and check a plan; every fault is one line."""
    from steppe.outputs.plan_tables import build_tables

    with showing_progress():
        inputs = read(plan, allow_outside=allow_outside)
        tables = build_tables(inputs, quick=quick)
        tell_results(tables)
    n_rows = sum(len(layer) for layer in inputs.layers.values())
    found = tell(
        "check.no_fault",
        plan=inputs.plan.name,
        n_layers=sum(name in inputs.plan.layers for name in inputs.layers),
        n_rows=n_rows,
        n_facts=len(inputs.facts),
        n_sources=len(inputs.sources),
    )
    say(found.say(find_reader()))
    say_left_out(tables)


def map_(
    plan: PlanArgument = DEFAULT_PLAN,
    *,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="File; default <plan>.html.")
    ] = None,
    public: Annotated[
        bool,
        typer.Option(
            "--public",
            help="For everybody: asks for the plan's review number, tells lines to 1000 m.",
        ),
    ] = False,
    generalise_m: Annotated[
        float | None,
        typer.Option("--generalise-m", metavar="M", help="Tell lines to so many metres."),
    ] = None,
    quick: QuickOption = False,
    allow_outside: OutsideOption = False,
) -> None:
    """Write the interactive map alone."""
    from steppe.outputs.building import build_part
    from steppe.outputs.plan_tables import build_tables
    from steppe.outputs.public_map import choose_width

    with showing_progress():
        inputs = read(plan, allow_outside=allow_outside)
        width_m = choose_width(inputs.plan, public=public, generalise_m=generalise_m)
        tables = build_tables(inputs, quick=quick)
        tell_results(tables)
        path = out or Path(f"{inputs.plan.name}.html")
        file = build_part("map", path, inputs, tables, width_m=width_m)
    say(f"{file}")
    say_left_out(tables)


def qgis(
    plan: PlanArgument = DEFAULT_PLAN,
    *,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Folder; default <plan>-qgis.")
    ] = None,
    force: ForceOption = False,
    quick: QuickOption = False,
    allow_outside: OutsideOption = False,
) -> None:
    """Write the QGIS project alone, with its GeoPackage and rasters."""
    from steppe.outputs.building import build_part
    from steppe.outputs.openable_places import refuse_unopenable
    from steppe.outputs.output_folder import PROJECT
    from steppe.outputs.plan_tables import build_tables

    with showing_progress():
        inputs = read(plan, allow_outside=allow_outside)
        folder = out or Path(f"{inputs.plan.name}-qgis")
        refuse_unopenable(folder)
        tables = build_tables(inputs, quick=quick)
        tell_results(tables)
        build_part("qgis", folder, inputs, tables, force=force)
    say(f"{folder / PROJECT}")
    say_left_out(tables)
