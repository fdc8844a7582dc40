"""Taking in files that somebody sent: regular files alone, no larger than their limit."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from steppe.layers.errors import InputError, Problem
from steppe.layers.library_words import unreadable
from steppe.layers.limits import Limit
from steppe.layers.wording import Message, Words, tell

SHAPEFILE_PARTS = (".dbf", ".shx", ".prj", ".cpg")
PUT_BESIDE_PLAN = tell("fix.put_beside_plan")

_KINDS = (
    (stat.S_ISDIR, tell("fault.file.is_folder")),
    (stat.S_ISFIFO, tell("fault.file.is_pipe")),
    (stat.S_ISSOCK, tell("fault.file.is_socket")),
    (stat.S_ISCHR, tell("fault.file.is_device")),
    (stat.S_ISBLK, tell("fault.file.is_device")),
)


def admit(path: Path, where: Words, limit: Limit, *, missing: Message = PUT_BESIDE_PLAN) -> int:
    """Refuse what is no regular file or is too large, before anything opens it.

    Parameters
    ----------
    path
        The file.
    where
        File and layer, for the message.
    limit
        The most bytes that are taken.
    missing
        What to do where there is no such file.

    Returns
    -------
    int
        Its size in bytes.

    Raises
    ------
    InputError
        One line: not there, no regular file, too large, or a name that no system takes.
    """
    try:
        found = path.stat()
    except FileNotFoundError:
        raise InputError(Problem(where, tell("fault.file.not_found"), missing)) from None
    except OSError as error:
        raise unreadable(where, error) from None
    except ValueError:  # NUL
        raise InputError(_no_name(where)) from None
    what = next((words for is_kind, words in _KINDS if is_kind(found.st_mode)), None)
    if what is not None:
        raise InputError(Problem(where, what, tell("fix.give_regular_file")))
    limit.refuse_over(found.st_size, where)
    return found.st_size


def read_bytes(
    path: Path, where: Words, limit: Limit, *, missing: Message = PUT_BESIDE_PLAN
) -> bytes:
    """Return what a file holds, once `admit` has let it in.

    Raises
    ------
    InputError
        As `admit`, where the system does not let us read, and where another program writes.
    """
    n_bytes = admit(path, where, limit, missing=missing)
    try:
        with path.open("rb") as file:
            content = file.read(n_bytes + 1)
    except OSError as error:
        raise unreadable(where, error) from None
    if len(content) > n_bytes:
        raise InputError(Problem(where, tell("fault.file.grew"), tell("fix.try_again_unwritten")))
    return content


def is_there(path: Path) -> bool:
    """Tell whether anything bears this name, whatever it is; a name that cannot be bears nothing."""
    try:
        return path.exists()
    except (OSError, ValueError):  # too long, a loop of links, NUL
        return False


def _no_name(where: Words) -> Problem:
    return Problem(where, tell("fault.file.no_name"), tell("fix.correct_name"))


def outside_problem(folder: Path, name: str, where: str) -> Problem | None:
    """Find whether a file, or one that goes with it, lies out of the plan's folder.

    Parameters
    ----------
    folder
        Where the plan lies.
    name
        The file as the plan names it: a path with `..`, a link or an absolute path may lead out.
    where
        The key that names it.
    """
    try:
        home = folder.resolve()
        for path in (folder / name, *go_with(folder / name)):
            if not path.resolve().is_relative_to(home):
                what = tell("fault.file.outside", name=name)
                return Problem(where, what, tell("fix.put_into_folder_or_allow"))
    except (OSError, RuntimeError, ValueError):  # too long, a loop of links, NUL
        return _no_name(where)
    return None


def refuse_outside(folder: Path, name: str, where: str) -> None:
    """Raise the user's error for what `outside_problem` finds.

    Raises
    ------
    InputError
        One line.
    """
    problem = outside_problem(folder, name, where)
    if problem is not None:
        raise InputError(problem)


def go_with(path: Path) -> tuple[Path, ...]:
    """Return the files that are read along with one, as far as there are any.

    Only a Shapefile has such: its records, index, CRS and encoding lie beside it.
    """
    if path.suffix.lower() != ".shp":
        return ()
    beside = (
        path.with_suffix(suffix)
        for ending in SHAPEFILE_PARTS
        for suffix in (ending, ending.upper())
    )
    return tuple(part for part in beside if os.path.lexists(part))
