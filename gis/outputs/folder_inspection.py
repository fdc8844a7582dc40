"""Whether an output folder may be replaced, and whether what replaces it is whole."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Mapping
from pathlib import Path

from steppe.layers.errors import InputError
from steppe.layers.wording import tell
from steppe.outputs.folder_files import list_entries
from steppe.outputs.folder_places import Places
from steppe.outputs.run_record import RECORD_NAME, FileState, compare_outputs, read_record

# What SQLite lays beside a database that someone is writing.
SQLITE_SUFFIXES = ("-wal", "-journal")

# Name of an entry to its inode, size and time of change: who edits or adds a file moves one.
Contents = dict[str, tuple[int, int, int]]


def is_folder(places: Places) -> bool:
    """Return whether the output folder is there.

    Raises
    ------
    InputError
        Something else bears its name.
    """
    try:
        mode = places.out.lstat().st_mode
    except FileNotFoundError:
        return False
    if stat.S_ISLNK(mode):
        what, fix = tell("fault.folder.link"), tell("fix.give_linked_folder")
        raise InputError(places.fault(what, fix))
    if not stat.S_ISDIR(mode):
        what, fix = tell("fault.folder.none"), tell("fix.give_folder")
        raise InputError(places.fault(what, fix))
    return True


def inspect_folder(places: Places, *, force: bool) -> Contents:
    """Refuse a folder that must not be replaced; return what lies in it.

    Raises
    ------
    InputError
        See `publish`.
    """
    contents = list_states(places.out) if is_folder(places) else {}
    if not contents:
        return contents
    if not os.access(places.out, os.W_OK | os.X_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    record = read_record(places.out)
    if record is None:
        what, fix = tell("fault.folder.foreign"), tell("fix.give_empty_out")
        raise InputError(places.fault(what, fix))
    problems = [
        places.fault(
            tell("fault.output.open"),
            tell("fix.close_and_build"),
            name=name,
        )
        for name in record.outputs
        if any(f"{name}{suffix}" in contents for suffix in SQLITE_SUFFIXES)
    ]
    if not force:
        fix = tell("fix.copy_away_or_force")
        problems += [
            places.fault(what, fix, name=name)
            for name, what in compare_outputs(places.out, record.outputs).items()
        ]
    if problems:
        raise InputError(problems)
    return contents


def list_states(folder: Path) -> Contents:
    """Return what lies in a folder, each entry with what moves when someone touches it."""
    contents = {}
    for name in list_entries(folder):
        state = (folder / name).lstat()
        contents[name] = (state.st_ino, state.st_size, state.st_mtime_ns)
    return contents


def check_staging(staging: Path) -> Mapping[str, FileState]:
    """Return the outputs that a staging folder's record names, and are there as it says.

    Raises
    ------
    RuntimeError
        They are not: a bug of the caller of `publish`.
    """
    record = read_record(staging)
    if record is None:
        message = "the block ended without write_record"
        raise RuntimeError(message)
    late = set(list_entries(staging)) - set(record.outputs) - {RECORD_NAME}
    wrong = sorted(late | set(compare_outputs(staging, record.outputs)))
    if wrong:
        message = f"written after write_record: {', '.join(wrong)}"
        raise RuntimeError(message)
    return record.outputs
