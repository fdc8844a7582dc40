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
from steppe.layers.wording import find_reader, join, tell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from steppe.intake.import_back import BackProposal
    from steppe.intake.import_network import NetworkProposal
    from steppe.intake.import_proposal import Proposal
    from steppe.layers.errors import Problem


def import_(  # noqa: PLR0913 (one for each option)
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="Any vector file, spreadsheet or table.")
    ],
    *,
    into: Annotated[str, typer.Option("--into", metavar="PLAN", help="The plan that takes it in.")],
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
        float | None,
        typer.Option("--join-km", min=0.0, max=100.0, help="Reach of a cable's end to a node."),
    ] = None,
    unplaced: Annotated[
        str | None,
        typer.Option("--unplaced", help="Nodes of a network without a place: leave_out, between."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Write without asking.")] = False,
) -> None:
    """Take a file into a plan as a checked layer; shows which field is which before it writes."""
    from steppe.intake.import_back import BackProposal
    from steppe.intake.import_network import NetworkProposal
    from steppe.intake.import_request import ImportRequest
    from steppe.intake.import_writing import read_proposal
    from steppe.intake.plan_editing import locate_own_plan

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
        unplaced=unplaced,
        join_km=join_km,
    )
    path = locate_own_plan(into)
    with showing_progress():
        proposal = read_proposal(path, request)
    if isinstance(proposal, BackProposal):
        _show_back(path, proposal, yes=yes)
    elif isinstance(proposal, NetworkProposal):
        _show_network(path, proposal, yes=yes)
    else:
        _show_and_write(path, proposal, yes=yes)


def _show_back(path: Path, proposal: BackProposal, *, yes: bool) -> None:
    from steppe.intake.import_back import tell_edits, tell_facts, write_back

    language = find_reader()
    for line in tell_edits(proposal):
        say(line.say(language))
    if not proposal.edits:
        say(tell("import.back.none").say(language))
        return
    if proposal.request.source_id is not None:
        for problem in tell_facts(proposal):
            told = tell("import.back.fact", problem=problem.say(language))
            say(told.say(language))
    if _is_wanted([], yes=yes):
        with showing_progress():
            files = write_back(path, proposal)
        say(tell("import.back.done", files=", ".join(files)).say(language))


def _show_network(path: Path, proposal: NetworkProposal, *, yes: bool) -> None:
    from steppe.intake.import_network import write_network
    from steppe.intake.import_preview import tell_licence

    language = find_reader()
    for layer, rows in proposal.layers.items():
        found = tell("import.network", file=proposal.request.file.name, layer=layer, n=len(rows))
        say(found.say(language))
        print_table(rows.drop(columns="geometry").dropna(axis=1, how="all").head(3).iloc[:, :6])
    for entry in proposal.entries.values():
        told = join(f"{name} = {value}" for name, value in entry["defaults"].items())
        say(tell("import.defaults", told=told).say(language))
    licence = next(iter(proposal.entries.values()))["licence"]
    say(tell_licence(licence).say(language))
    tell_notes(proposal.notes)
    if _is_wanted([], yes=yes):
        files = write_network(path, proposal)
        for layer, rows in proposal.layers.items():
            _tell_done(layer, len(rows), files)
        _tell_todo(path)


def _is_wanted(doubts: Sequence[Problem], *, yes: bool) -> bool:
    """Ask whether to write; without a terminal nothing that is not certain is written.

    Raises
    ------
    InputError
        With what is not certain, where nobody can be asked.
    """
    from steppe.layers.errors import InputError

    if yes:
        tell_notes(doubts)
        return True
    if not sys.stdin.isatty():
        if doubts:
            raise InputError(doubts)
        return True
    tell_notes(doubts)
    language = find_reader()
    is_wanted = typer.confirm(tell("import.ask").say(language), default=not doubts)
    if not is_wanted:
        say(tell("import.nothing").say(language))
    return is_wanted


def _tell_done(layer: str, n_rows: int, files: Sequence[str]) -> None:
    done = tell("import.done", n=n_rows, layer=layer, file=", ".join(files))
    say(done.say(find_reader()))


def _tell_todo(path: Path) -> None:
    from steppe.intake.import_writing import look_over

    language = find_reader()
    with showing_progress():
        problems = look_over(path)
    for problem in problems:
        todo = tell("import.todo", problem=problem.say(language))
        say(todo.say(language), is_error=True)


def _show_and_write(path: Path, proposal: Proposal, *, yes: bool) -> None:
    from steppe.intake.import_preview import tabulate_preview, tell_summary
    from steppe.intake.import_writing import write_import

    language = find_reader()
    first, *rest = tell_summary(proposal)
    say(first.say(language))
    print_table(tabulate_preview(proposal, language))
    for line in rest:
        say(line.say(language))
    tell_notes(proposal.notes)
    if _is_wanted(proposal.doubts, yes=yes):
        with showing_progress():
            files, notes = write_import(path, proposal)
        tell_notes(notes)
        _tell_done(proposal.contract.name, len(proposal.frame), files)
        _tell_todo(path)
