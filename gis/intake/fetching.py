"""Fetching published data into a plan: the files, the layers that are made of them, the plan."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from steppe.intake.fetch_writing import (
    describe_source,
    hold_box,
    take_in,
    tell_left,
    title_of,
)
from steppe.intake.plan_editing import editing, locate_own_plan
from steppe.layers.crs import lonlats
from steppe.layers.errors import InputError, Problem
from steppe.layers.openers.boxes import WORLD, Bbox, widen
from steppe.layers.openers.catalogue import Opener, find_opener
from steppe.layers.openers.downloads import Downloader, digest
from steppe.layers.openers.fetched import Asked, Fetched
from steppe.layers.progress import begin
from steppe.layers.wording import Message, Words, join, tell
from steppe.planfile.input_reading import read_inputs
from steppe.planfile.plan_inputs import Inputs
from steppe.planfile.plan_reading import read_plan
from steppe.planfile.plan_schema import Plan


@dataclass(frozen=True)
class Request:
    """What the user asks for.

    Parameters
    ----------
    name
        An opener, or a layer or grid that one makes.
    files
        Published files; none for those that are fetched.
    bbox
        The box, where it is not to follow from the plan.
    only
        Some of what the opener makes; empty for all.
    is_replacing
        Whether what the plan has is replaced.
    """

    name: str
    files: Sequence[Path] = ()
    bbox: Bbox | None = None
    only: Sequence[str] = ()
    is_replacing: bool = False


def fetch(request: Request, into: str, downloader: Downloader) -> list[Words]:
    """Make layers of published data and take them into a plan: all of them, or nothing.

    Parameters
    ----------
    request
        What is asked for.
    into
        The plan, as commands name it.
    downloader
        What fetches files.

    Returns
    -------
    list
        What was done, one line each.

    Raises
    ------
    InputError
        One line for each fault.
    """
    opener, wanted = _choose(request)
    path = locate_own_plan(into)
    plan = read_plan(path)
    inputs = read_inputs(plan, only=("parks", "elevation"))
    done: list[Words] = []
    if not request.is_replacing:
        held = {*plan.layers, *plan.rasters} & wanted
        wanted -= held
        done += [tell("fetch.kept", title=title_of(name)) for name in sorted(held)]
        if not wanted:
            what, fix = tell("fetch.no_file"), tell("fetch.fix.replace")
            raise InputError(Problem(path.name, what, fix))
    if "weather" in wanted and plan.cooling is None:
        raise InputError(Problem(path.name, tell("fetch.cooling"), tell("fetch.fix.cooling")))
    asked = _ask(opener, wanted, plan, inputs, request)
    found, sums = _open(opener, asked, request.files, downloader)
    done += found.notes
    with editing(path) as edit:
        added = take_in(edit, found)
        if all(each.key == "fetch.empty" for each in added):
            raise InputError(_tell_nothing(opener, [*found.notes, *added]))
        done += added
        done += tell_left(edit, plan)
        if moved := hold_box(edit, plan, found):
            done.append(moved)
        edit.add_source(opener.origin.source_id, describe_source(opener, found, sums))
    origin = opener.origin
    return [*done, tell("fetch.licence", licence=origin.licence, attribution=origin.attribution)]


def _tell_nothing(opener: Opener, notes: Sequence[Message]) -> Problem:
    """Return why nothing was made, as the notes say."""
    told = join(notes, "join.semicolon") if notes else tell("fetch.nothing")
    what = tell("fetch.nothing_found", told=told)
    return Problem(opener.origin.title, what, tell("fetch.fix.elsewhere"))


def _choose(request: Request) -> tuple[Opener, frozenset[str]]:
    chosen = find_opener(request.name)
    if chosen is None:
        what, fix = tell("fetch.unknown"), tell("fetch.fix.steppe_fetch")
        raise InputError(Problem(request.name, what, fix))
    opener, wanted = chosen
    strange = [name for name in request.only if name not in opener.makes]
    if strange:
        what = tell("fetch.only", names=join(strange))
        fix = tell("fetch.fix.only", known=join(opener.makes))
        raise InputError(Problem(request.name, what, fix))
    if not request.files and not opener.is_fetched:
        fix = tell("fetch.fix.form", files=opener.files, url=opener.origin.url)
        raise InputError(Problem(opener.name, tell("fetch.form_only"), fix))
    return opener, frozenset(request.only) or wanted


def _ask(
    opener: Opener, wanted: frozenset[str], plan: Plan, inputs: Inputs, request: Request
) -> Asked:
    parks = inputs.layers.get("parks")
    places: dict[str, tuple[float, float]] = {}
    if parks is not None:
        places = dict(zip(parks["park_id"].astype(str), lonlats(parks.geometry), strict=True))
    region = None if request.bbox else find_region(plan, inputs)
    return Asked(
        request.bbox or widen(region or WORLD, opener.margin_km),
        wanted,
        places,
        elevation=inputs.rasters.get("elevation"),
        reach_km=inputs.plan.climate.search_km,
        region=region,
        is_cut=not request.files,
    )


def find_region(plan: Plan, inputs: Inputs) -> Bbox:
    """Return the box of a plan's region: of its projection, its first view, its data, its parks.

    Parameters
    ----------
    plan
        As it is written.
    inputs
        What was read, the plan completed by its parks.

    Raises
    ------
    InputError
        Where it says none of these.
    """
    for is_said, box in (
        ("box" in plan.region.model_fields_set, plan.region.box),
        ("view" in plan.model_fields_set, plan.view),
        ("bbox" in plan.model_fields_set, plan.bbox),
        (True, inputs.plan.view),
    ):
        if is_said and box != WORLD:
            return box
    raise InputError(Problem(plan.file, tell("fetch.region"), tell("fetch.fix.region")))


def _open(
    opener: Opener, asked: Asked, files: Sequence[Path], downloader: Downloader
) -> tuple[Fetched, list[tuple[str, str]]]:
    """Return what the opener makes, and the name and SHA-256 of each file."""
    if not files and opener.ask is not None:
        begin(tell("progress.fetching", name=opener.origin.title))
        cache = downloader.cache / "overpass"
        if downloader.is_fresh:
            shutil.rmtree(cache, ignore_errors=True)
        return opener.ask(asked, opener.origin, cache=cache), []
    sums: dict[str, str] = {}

    def get(url: str) -> Path:
        begin(tell("progress.fetching", name=url.rpartition("/")[2].partition("?")[0]))
        found = downloader.fetch(url)
        sums[found.path.name] = found.sha256
        return found.path

    if not files:
        assert opener.list_files is not None
        files = opener.list_files(asked, get)
    else:
        sums = {path.name: digest(path) for path in files if path.is_file()}
    begin(tell("progress.opening", title=opener.origin.title))
    return opener.open(files, asked, opener.origin), sorted(sums.items())
