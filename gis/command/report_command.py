"""The command report: one file for whoever decides, or a sheet for each site."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from steppe.command.plan_options import (
    DEFAULT_PLAN,
    OutsideOption,
    PlanArgument,
    QuickOption,
    read,
    say_left_out,
    tell_results,
)
from steppe.command.printing import say
from steppe.command.progress_bar import showing_progress
from steppe.layers.wording import find_reader


def report(  # noqa: PLR0913 (one argument for each option)
    plan: PlanArgument = DEFAULT_PLAN,
    *,
    lang: Annotated[
        str | None, typer.Option(metavar="LANG", help="zh or en; default the locale's.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="File; default <plan>.<lang>.html or .pdf."),
    ] = None,
    site: Annotated[
        list[str] | None,
        typer.Option(metavar="PARK", help="A one-page sheet of this park, or all; repeatable."),
    ] = None,
    pdf: Annotated[
        bool, typer.Option("--pdf", help="Print it to PDF with the system's Chromium.")
    ] = False,
    quick: QuickOption = False,
    allow_outside: OutsideOption = False,
) -> None:
    """Write the report alone, or the sheets of sites, in one language."""
    from steppe.outputs.plan_tables import build_tables
    from steppe.outputs.report_file import refuse_report, refuse_sites, write_report

    language = lang or find_reader()
    refuse_report(language, pdf=pdf)
    with showing_progress():
        inputs = read(plan, allow_outside=allow_outside)
        refuse_sites(site or (), inputs)
        tables = build_tables(inputs, quick=quick)
        tell_results(tables)
        path = out or Path(f"{inputs.plan.name}.{language}.{'pdf' if pdf else 'html'}")
        file = write_report(path, tables, language=language, sites=site or (), pdf=pdf)
    say(f"{file}")
    say_left_out(tables)
