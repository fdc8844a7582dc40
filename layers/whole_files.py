"""Writing files whole or not at all, and making the folders above them."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from steppe.layers.errors import InputError, Problem
from steppe.layers.library_words import tell_system
from steppe.layers.wording import Message, tell

_OTHER_OUT = tell("fix.give_other_out")


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
        raise InputError(Problem(str(path), what, _OTHER_OUT)) from None


def write_file(path: Path, content: str | bytes, *, refused: Message = _OTHER_OUT) -> Path:
    """Write a text in UTF-8, or bytes, to a file, whole or not at all, and return its path.

    Parameters
    ----------
    path
        The file; folders above it are made.
    content
        What it is to hold.
    refused
        What to do where the place cannot be written.

    Raises
    ------
    InputError
        When the place cannot be written.
    """
    raw = content if isinstance(content, bytes) else content.encode("utf-8")
    make_parents(path)
    beside = path.with_name(f".{path.name}.steppe-new")
    try:
        _refuse_irregular(path)
        # What lies there was left by a kill, or laid by somebody: a link or a pipe, never opened.
        beside.unlink(missing_ok=True)
        with beside.open("xb") as stream:
            stream.write(raw)
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(path)
    except OSError as error:
        what = tell("fault.out.unwritable", reason=tell_system(error))
        raise InputError(Problem(str(path), what, refused)) from None
    finally:
        # There where the disk refused or somebody ended the build; else it bears its name.
        with suppress(OSError):
            beside.unlink(missing_ok=True)
    return path


def _refuse_irregular(path: Path) -> None:
    """Refuse to put a file in the place of a pipe or a device."""
    if path.exists() and not path.is_file() and not path.is_dir():
        what = tell("fault.out.irregular")
        raise InputError(Problem(str(path), what, _OTHER_OUT))
