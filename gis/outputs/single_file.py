"""Places to write: the folders above them, and one file put in the place of another."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path

from steppe.layers.errors import InputError, Problem
from steppe.layers.library_words import tell_system
from steppe.layers.wording import tell

_UNOPENABLE = re.compile(r"%[0-9A-Fa-f]{2}|\|")


def make_parents(path: Path) -> None:
    """Make the folders above an output.

    Raises
    ------
    InputError
        When the system refuses, or a file stands in the way.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        what = tell("fault.out.no_parent", reason=tell_system(error))
        raise InputError(Problem(str(path), what, tell("fix.give_other_out"))) from None


def refuse_unopenable(folder: Path) -> None:
    """Refuse a folder in which QGIS does not find the layers of its own project.

    GDAL before 3.7, which QGIS 3.22 brings, gives SQLite a path as a URI without escaping its
    percent signs; and QGIS ends a file's name at a bar.

    Raises
    ------
    InputError
        When a name in the whole path holds a bar, or a percent sign before two hexadecimal digits.
    """
    if _UNOPENABLE.search(str(folder.absolute())):
        what = tell("fault.out.unopenable")
        raise InputError(Problem(str(folder), what, tell("fix.give_other_out")))


def _refuse_irregular(path: Path) -> None:
    """Refuse to put a page in the place of a pipe or a device."""
    if path.exists() and not path.is_file() and not path.is_dir():
        what = tell("fault.out.irregular")
        raise InputError(Problem(str(path), what, tell("fix.give_other_out")))


def write_file(path: Path, text: str) -> Path:
    """Write a text to a file, whole or not at all, and return its path.

    Raises
    ------
    InputError
        When the place cannot be written.
    """
    make_parents(path)
    beside = path.with_name(f".{path.name}.steppe-new")
    try:
        _refuse_irregular(path)
        # What lies there was left by a kill, or laid by somebody: a link or a pipe, never opened.
        beside.unlink(missing_ok=True)
        with beside.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
        beside.replace(path)
    except OSError as error:
        what = tell("fault.out.unwritable", reason=tell_system(error))
        raise InputError(Problem(str(path), what, tell("fix.give_other_out"))) from None
    finally:
        # There where the disk refused or somebody ended the build; else it bears its name.
        with suppress(OSError):
            beside.unlink(missing_ok=True)
    return path
