"""`steppe fetch`: published data into a plan."""

from __future__ import annotations

from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from steppe.command.printing import print_table, say
from steppe.command.progress_bar import showing_progress
from steppe.layers.wording import find_reader, tell
from steppe.layers.wording import say as say_words

if TYPE_CHECKING:
    from steppe.layers.openers.boxes import Bbox


def fetch(  # noqa: PLR0913 (one for each option)
    name: Annotated[
        str | None,
        typer.Argument(metavar="NAME", help="What to fetch; without it all are listed."),
    ] = None,
    *,
    into: Annotated[
        str | None, typer.Option("--into", metavar="PLAN", help="The plan that takes it in.")
    ] = None,
    files: Annotated[
        list[Path] | None,
        typer.Option("--from", metavar="FILE", help="A published file instead of the network."),
    ] = None,
    bbox: Annotated[
        str | None,
        typer.Option("--bbox", metavar="W,S,E,N", help="Box; by default round the plan's region."),
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option("--only", metavar="LAYER", help="Some of what it makes; may be repeated."),
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace what the plan has of it.")
    ] = False,
    refresh: Annotated[
        bool, typer.Option("--refresh", help="Fetch anew what the cache holds.")
    ] = False,
) -> None:
    """Fetch published data into a plan: OpenStreetMap, Natural Earth, GeoNames and others."""
    if name is None:
        _list()
        return
    from steppe.intake.fetching import Request
    from steppe.intake.fetching import fetch as take_in
    from steppe.layers.openers.downloads import Downloader, find_cache

    if into is None:
        raise typer.BadParameter(tell("fetch.into").say(find_reader()), param_hint="--into")
    with showing_progress():
        given = [each.absolute() for each in files or ()]
        request = Request(name, given, _read_box(bbox), only or (), replace)
        done = take_in(request, into, Downloader(find_cache(), is_fresh=refresh))
    for line in done:
        say(say_words(line, find_reader()))


def _read_box(text: str | None) -> Bbox | None:
    from steppe.layers.errors import InputError, Problem, UnfitError
    from steppe.planfile.extent_entry import check_box

    if text is None:
        return None
    try:
        west, south, east, north = (float(each) for each in text.split(","))
        if not all(map(isfinite, (west, south, east, north))):
            raise ValueError(text)  # noqa: TRY301 (told below)
        check_box((west, south, east, north), "bbox")
    except (ValueError, UnfitError):
        what = tell("fetch.bbox", text=text)
        raise InputError(Problem("--bbox", what, tell("fetch.fix.bbox"))) from None
    return west, south, east, north


def _list() -> None:
    import pandas as pd

    from steppe.layers.openers.catalogue import OPENERS

    heads = [
        tell("fetch.list.name"),
        tell("fetch.list.makes"),
        tell("fetch.list.size"),
        tell("fetch.list.licence"),
        tell("fetch.list.title"),
    ]
    rows = [
        (
            each.name,
            ", ".join(each.makes),
            f"{each.size_mb:g}" if each.size_mb else "",
            each.origin.licence,
            each.origin.title,
        )
        for each in OPENERS.values()
    ]
    print_table(pd.DataFrame(rows, columns=[head.say(find_reader()) for head in heads]))
