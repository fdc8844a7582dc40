"""Beginning a plan: a commented plan.toml that builds at once, or a copy of a pack."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from steppe.intake.plan_editing import SOURCES_FILE
from steppe.intake.plan_template import spell_plan, spell_sources
from steppe.layers.country_boxes import Box, find_country, touches_china
from steppe.layers.errors import InputError, Problem, UnfitError
from steppe.layers.library_words import tell_system
from steppe.layers.toml_editing import TomlEdit
from steppe.layers.whole_files import make_parents, write_file
from steppe.layers.wording import find_reader, tell
from steppe.planfile.extent_entry import check_box
from steppe.planfile.plan_reading import locate_plan, read_plan
from steppe.planfile.plan_schema import Plan
from steppe.planfile.plan_writing import copy_inputs

PLAN_FILE = "plan.toml"
_NAME = re.compile(r"[a-z][a-z0-9_]{0,99}")


@dataclass(frozen=True)
class Beginning:
    """What a plan is begun with: one of `bbox`, `country` and `pack`.

    Parameters
    ----------
    bbox
        West, south, east, north, as the user writes them.
    country
        ISO 3166-1 alpha-2 or alpha-3.
    pack
        A pack's name, a folder or a plan.toml, of which the plan is a copy.
    name
        The plan's name; by default that of its folder.
    targets
        Nodes to which round trips are told, by id or name.
    """

    bbox: str | None = None
    country: str | None = None
    pack: str | None = None
    name: str | None = None
    targets: Sequence[str] = ()


def begin_plan(folder: Path, beginning: Beginning) -> Plan:
    """Begin a plan in a folder, whole or not at all, and return it.

    Parameters
    ----------
    folder
        New or empty.
    beginning
        What it is begun with.

    Raises
    ------
    InputError
        One line: the folder is not empty, no name can be made, no place is told.
    """
    told = [
        each for each in (beginning.bbox, beginning.country, beginning.pack) if each is not None
    ]
    if len(told) != 1:
        raise InputError(Problem("steppe init", tell("fault.init.where"), tell("fix.init.where")))
    if beginning.pack is not None and beginning.targets:
        fix = tell("fix.init.target")
        raise InputError(Problem("--target", tell("fault.init.target"), fix))
    name = find_name(folder, beginning.name)
    _refuse_full(folder)
    if beginning.pack is not None:
        plan = read_plan(locate_plan(beginning.pack))
        with _filling(folder) as made:
            _copy_plan(plan, made, name)
    else:
        box = _find_box(beginning)
        with _filling(folder) as made:
            text = spell_plan(
                name,
                box,
                targets=beginning.targets,
                day=date.today(),  # noqa: DTZ011 (the day on which a user begins is theirs)
                is_reviewed=touches_china(box),
                language=find_reader(),
            )
            write_file(made / PLAN_FILE, text)
            write_file(made / SOURCES_FILE, spell_sources(find_reader()))
            read_plan(made / PLAN_FILE)
    return read_plan(folder / PLAN_FILE)


def find_name(folder: Path, name: str | None) -> str:
    """Return the name of a plan: the one that is given, else made of its folder's.

    Raises
    ------
    InputError
        Where it is none.
    """
    given = folder.absolute().name.lower() if name is None else name
    tidy = given if name is not None else re.sub(r"[-\s.]+", "_", given)
    if not _NAME.fullmatch(tidy):
        raise InputError(Problem(given, tell("fault.init.name"), tell("fix.init.name")))
    return tidy


def _find_box(beginning: Beginning) -> Box:
    if beginning.country is not None:
        found = find_country(beginning.country)
        if found is None:
            where = f"--country {beginning.country}"
            raise InputError(Problem(where, tell("fault.init.country"), tell("fix.init.country")))
        return found
    where = f"--bbox {beginning.bbox}"
    try:
        west, south, east, north = (float(end) for end in str(beginning.bbox).split(","))
        check_box((west, south, east, north), "bbox")
    except UnfitError as error:
        raise InputError(Problem(where, error.words, tell("fix.init.box"))) from None
    except ValueError:
        raise InputError(Problem(where, tell("fault.init.box"), tell("fix.init.box"))) from None
    return (west, south, east, north)


def _refuse_full(folder: Path) -> None:
    try:
        is_full = folder.exists() and (not folder.is_dir() or any(folder.iterdir()))
    except OSError as error:
        raise _unwritable(folder, error) from None
    if is_full:
        raise InputError(Problem(str(folder), tell("fault.init.full"), tell("fix.init.full")))


@contextmanager
def _filling(folder: Path) -> Iterator[Path]:
    """Give a folder beside the place, and put it there once it is whole."""
    whole = folder.absolute()
    beside = whole.with_name(f".{whole.name}.steppe-new")
    make_parents(whole)
    try:
        with suppress(FileNotFoundError):
            shutil.rmtree(beside)
        beside.mkdir()
        yield beside
        beside.replace(whole)
    except OSError as error:
        raise _unwritable(folder, error) from None
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _unwritable(folder: Path, error: OSError) -> InputError:
    what = tell("fault.out.unwritable", reason=tell_system(error))
    return InputError(Problem(str(folder), what, tell("fix.init.full")))


def _copy_plan(plan: Plan, folder: Path, name: str) -> None:
    """Copy the files that a plan reads, and give the copy its own name."""
    copy_inputs(plan, folder)
    if plan.file != PLAN_FILE:
        (folder / plan.file).replace(folder / PLAN_FILE)
    edit = TomlEdit.read(folder / PLAN_FILE)
    edit.set_first("name", name)
    edit.write()
