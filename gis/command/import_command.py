"""The command `steppe import`: anyone's file as a layer of a plan."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from steppe.command.plan_options import tell_notes
from steppe.command.printing import print_table, say
from steppe.command.progress_bar import showing_progress
from steppe.layers.wording import find_reader, tell

if TYPE_CHECKING:
    from steppe.intake.import_proposal import Proposal


def import_(  # noqa: PLR0913 (one for each option)
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="Any vector file, spreadsheet or table.")
    ],
    *,
    into: Annotated[Path, typer.Option("--into", metavar="PLAN", help="Folder of the plan.")],
    layer: Annotated[
        str | None, typer.Option("--as", metavar="LAYER", help="Layer; by default proposed.")
    ] = None,
    sheet: Annotated[str | None, typer.Option("--sheet", help="Sheet of a workbook.")] = None,
    table: Annotated[
        str | None, typer.Option("--table", help="Layer or folder of the file.")
    ] = None,
    columns: Annotated[
        list[str] | None,
        typer.Option("--columns", help="FIELD=COLUMN[:UNIT], or COLUMN:=VALUE. May be repeated."),
    ] = None,
    words: Annotated[
        list[str] | None,
        typer.Option("--words", help="WORD=CHOICE, as Retired=left_out. May be repeated."),
    ] = None,
    crs: Annotated[str | None, typer.Option("--crs", help="CRS, as EPSG:4547.")] = None,
    datum: Annotated[
        str | None, typer.Option("--datum", help="gcj02, bd09, wgs84, cgcs2000.")
    ] = None,
    swap: Annotated[
        bool, typer.Option("--swap", help="Longitude and latitude stand the wrong way round.")
    ] = False,
    encoding: Annotated[
        str | None, typer.Option("--encoding", help="Encoding of the texts.")
    ] = None,
    licence: Annotated[
        str | None, typer.Option("--licence", help="Licence of the file, as CC-BY-4.0.")
    ] = None,
    source_id: Annotated[
        str | None, typer.Option("--source-id", help="Source of the rows.")
    ] = None,
    as_of: Annotated[
        datetime | None, typer.Option("--as-of", formats=["%Y-%m-%d"], help="Date of the rows.")
    ] = None,
    join_km: Annotated[
        float,
        typer.Option("--join-km", min=0.0, max=100.0, help="Reach of a cable's end to a node."),
    ] = 1.0,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Write without asking.")] = False,
) -> None:
    """Take a file into a plan as a checked layer; shows which field is which before it writes."""
    from steppe.intake.import_request import ImportRequest
    from steppe.intake.import_writing import find_plan, read_proposal

    request = ImportRequest(
        file=file,
        layer=layer,
        sheet=sheet,
        table=table,
        crs=crs,
        datum=datum,
        encoding=encoding,
        swap=swap,
        columns=tuple(columns or ()),
        words=tuple(words or ()),
        licence=licence,
        source_id=source_id,
        as_of=as_of.date() if as_of else None,
        join_km=join_km,
    )
    path = find_plan(into)
    with showing_progress():
        proposal = read_proposal(path, request)
    _show_and_write(path, proposal, yes=yes)


def _show_and_write(path: Path, proposal: Proposal, *, yes: bool) -> None:
    from steppe.intake.import_preview import tabulate_preview, tell_summary
    from steppe.intake.import_writing import look_over, write_import
    from steppe.layers.errors import InputError

    language = find_reader()
    first, *rest = tell_summary(proposal)
    say(first.say(language))
    print_table(tabulate_preview(proposal, language))
    for line in rest:
        say(line.say(language))
    tell_notes(proposal.notes)
    if not yes:
        if not sys.stdin.isatty():
            if proposal.doubts:
                raise InputError(proposal.doubts)
        else:
            tell_notes(proposal.doubts)
            if not typer.confirm(tell("import.ask").say(language), default=not proposal.doubts):
                say(tell("import.nothing").say(language))
                return
    else:
        tell_notes(proposal.doubts)
    with showing_progress():
        files, notes = write_import(path, proposal)
        tell_notes(notes)
        problems = look_over(path)
    say(
        tell(
            "import.done",
            n=len(proposal.frame),
            layer=proposal.contract.name,
            file=", ".join(files),
        ).say(language)
    )
    for problem in problems:
        say(tell("import.todo", problem=problem.say(language)).say(language), is_error=True)
