"""What the commands share: how a plan is named and read, and what is noted of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from steppe.command.printing import say
from steppe.layers.progress import begin
from steppe.layers.wording import find_reader, join, tell

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from steppe.layers.errors import Note
    from steppe.layers.tables import PlanTables
    from steppe.planfile.plan_inputs import Inputs

DEFAULT_PLAN = "inner_mongolia"

PlanArgument = Annotated[
    str, typer.Argument(metavar="PLAN", help="Name of a pack, a folder, or a plan.toml.")
]
OutOption = Annotated[
    Path | None, typer.Option("--out", metavar="DIR", help="Folder to write; default out/<plan>.")
]
ForceOption = Annotated[
    bool, typer.Option("--force", help="Replace outputs that were edited since they were written.")
]
OutsideOption = Annotated[
    bool,
    typer.Option("--allow-outside", help="Read files that do not lie in the plan's folder too."),
]
QuickOption = Annotated[
    bool,
    typer.Option(
        "--quick", help="Leave out what takes long, as sureness and double cuts; outputs say so."
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]
LevelOption = Annotated[
    str | None, typer.Option(metavar="LEVEL", help="Level to rank: zone, campus, facility.")
]


def read(name: str, *, allow_outside: bool, only: Collection[str] | None = None) -> Inputs:
    """Read a plan as the command names it, and tell its notes."""
    begin(tell("progress.reading"))
    from steppe.planfile.input_reading import open_inputs
    from steppe.planfile.plan_reading import locate_plan

    inputs = open_inputs(locate_plan(name), allow_outside=allow_outside, only=only)
    tell_notes(inputs.notes)
    return inputs


def tell_notes(notes: Iterable[Note]) -> None:
    """Say what is no fault and yet not as it stands in the plan, or unknown."""
    language = find_reader()
    for note in notes:
        say(tell("note.line", note=note.say(language)).say(language), is_error=True)


def say_left_out(tables: PlanTables) -> None:
    """Say on standard output what a first look left out, if it did."""
    from steppe.ranking.first_look import tell_left_out

    left_out = tell_left_out(tables.info)
    if left_out is not None:
        say(left_out.say(find_reader()))


def tell_results(tables: PlanTables) -> None:
    """Tell what is unknown, and which columns of the user's are written under another name."""
    from steppe.outputs.output_folder import find_renamed

    tell_notes(tables.notes)
    for layer, renamed in find_renamed(tables).items():
        told = [tell("note.renamed.one", name=name, free=free) for name, free in renamed.items()]
        tell_notes([tell("note.renamed", layer=layer, names=join(told))])
