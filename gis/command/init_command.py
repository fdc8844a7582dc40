"""The command that begins a plan."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from steppe.command.printing import say
from steppe.layers.wording import find_reader, join, tell

if TYPE_CHECKING:
    from collections.abc import Iterator

    from steppe.intake.new_plan import Beginning
    from steppe.layers.wording import Message
    from steppe.planfile.plan_schema import Plan

_MOST_NAMED = 3  # openers that are named for one layer


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder, new or empty.")],
    *,
    name: Annotated[str | None, typer.Option(help="Name of the plan; default that of DIR.")] = None,
    bbox: Annotated[
        str | None, typer.Option(metavar="W,S,E,N", help="The box of the region, degrees.")
    ] = None,
    country: Annotated[
        str | None, typer.Option(metavar="CODE", help="The box of a country: FI or FIN.")
    ] = None,
    pack: Annotated[
        str | None, typer.Option("--from", metavar="PACK", help="A plan or pack to copy.")
    ] = None,
    target: Annotated[
        list[str] | None,
        typer.Option(metavar="NODE", help="Node to which round trips are told. May be repeated."),
    ] = None,
) -> None:
    """Begin a plan of your own; on a terminal it asks what is not told."""
    from steppe.intake.new_plan import Beginning, begin_plan

    beginning = Beginning(bbox, country, pack, name, tuple(target or ()))
    if bbox is country is pack is None and is_terminal():
        beginning = _ask(folder, beginning)
    plan = begin_plan(folder, beginning)
    language = find_reader()
    say(tell("init.begun", file=str(folder / plan.file)).say(language))
    for line in _tell_unknown(plan, folder):
        say(line.say(language))
    if "parks" not in plan.layers:
        say(tell("init.next", folder=str(folder)).say(language))


def is_terminal() -> bool:
    """Tell whether somebody sits there who can be asked."""
    return sys.stdin.isatty()


def _ask(folder: Path, beginning: Beginning) -> Beginning:
    """Ask on the terminal where the plan lies and what it is called."""
    from dataclasses import replace

    from steppe.intake.new_plan import find_name

    language = find_reader()
    where = typer.prompt(tell("init.ask_where").say(language)).strip()
    name = beginning.name or typer.prompt(
        tell("init.ask_name").say(language), default=find_name(folder, None)
    )
    if "," in where:
        return replace(beginning, name=name, bbox=where)
    if where.isalpha() and len(where) in (2, 3):
        return replace(beginning, name=name, country=where)
    return replace(beginning, name=name, pack=where)


def _tell_unknown(plan: Plan, folder: Path) -> Iterator[Message]:
    """Give a line for each layer for want of which measures that the plan lists are unknown."""
    from steppe.criteria.registry import known_measures
    from steppe.layers.openers.catalogue import OPENERS

    known = known_measures()
    lacking: dict[str, list[str]] = {}
    for criterion in plan.criteria:
        for measure in criterion.measures:
            for layer in known[measure.id].layers:
                if layer not in plan.layers and layer not in plan.rasters:
                    lacking.setdefault(layer, []).append(measure.id)
    for layer, ids in lacking.items():
        makers = [each.name for each in OPENERS.values() if layer in each.makes][:_MOST_NAMED]
        measures = join(ids)
        if makers:
            openers = join(makers, "join.or")
            key = "init.unknown_fetch"
            yield tell(key, layer=layer, measures=measures, openers=openers, folder=str(folder))
        else:
            yield tell("init.unknown", layer=layer, measures=measures)
