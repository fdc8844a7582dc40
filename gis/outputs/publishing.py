"""Replacing an output folder whole: one build at a time, nothing lost, safe against a kill.

Beside an output folder NAME may lie, each on the same file system and hidden:

- `.NAME.steppe-lock`, held by the build at work;
- `.NAME.steppe-new`, the folder being written; never trusted after a kill;
- `.NAME.steppe-old`, the folder that was, between the two renames of the swap: where NAME is
  missing it is put back, where NAME stands the swap was over and it goes;
- `.NAME.steppe-gone`, rubbish being removed.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from steppe.layers.errors import InputError
from steppe.layers.wording import tell
from steppe.outputs.folder_files import (
    copy_entry,
    list_entries,
    remove_folder,
    sync_file,
    sync_folder,
)
from steppe.outputs.folder_inspection import (
    Contents,
    check_staging,
    inspect_folder,
    is_folder,
    list_states,
)
from steppe.outputs.folder_places import (
    Places,
    explain_full_disk,
    explain_refusals,
    hold_lock,
    locate_folder,
)
from steppe.outputs.run_record import RECORD_NAME, read_record


@contextmanager
def publish(out: Path, *, force: bool = False) -> Iterator[Path]:
    """Give a staging folder that replaces an output folder whole when the block ends well.

    The block writes every output into the staging folder and `write_record` last. Files in
    the old folder that Steppe did not write are carried over. When the block raises, the old
    folder stays as it was and the staging folder goes.

    Parameters
    ----------
    out
        Output folder, there or not.
    force
        Replace outputs that someone edited since Steppe wrote them.

    Yields
    ------
    Path
        Empty folder beside `out`.

    Raises
    ------
    InputError
        Another build is at work on the folder; the folder is not one that Steppe wrote, holds
        edited outputs (without `force`) or a GeoPackage that someone is writing; or the disk
        refuses.
    RuntimeError
        The block left no record that fits what it wrote: a bug of the caller.
    """
    places = locate_folder(out)
    with hold_lock(places):
        with explain_refusals(places):
            _restore(places)
            inspect_folder(places, force=force)
        try:
            with explain_refusals(places):
                places.new.mkdir()
            with explain_full_disk(places):
                yield places.new
            with explain_refusals(places):
                _replace(places, force=force)
        except BaseException:
            with explain_refusals(places):
                _restore(places)
            raise


def _restore(places: Places) -> None:
    """Roll back a swap that was cut short, or finish one that was over; remove the rubbish."""
    if os.path.lexists(places.old):
        if is_folder(places) and not list_entries(places.out):
            places.out.rmdir()
        if not is_folder(places):
            places.old.rename(places.out)
        elif read_record(places.out) is None:
            raise InputError(
                places.fault(
                    tell("fault.folder.foreign_after_kill", old=places.old.name),
                    tell("fix.move_folder"),
                )
            )
        else:
            remove_folder(places.gone)
            places.old.rename(places.gone)
    remove_folder(places.gone)
    remove_folder(places.new)


def _replace(places: Places, *, force: bool) -> None:
    """Put the staging folder in the place of the output folder."""
    outputs = check_staging(places.new)
    contents = inspect_folder(places, force=force)
    if contents:
        _carry_over(places, contents)
    for name in (*outputs, RECORD_NAME):
        sync_file(places.new / name)
    for folder, _, _ in os.walk(places.new):
        sync_folder(Path(folder))
    if is_folder(places):
        shutil.copymode(places.out, places.new)
        places.out.rename(places.old)
        sync_folder(places.out.parent)
        if list_states(places.old) != contents:
            what, fix = tell("fault.folder.changed"), tell("fix.build_when_it_rests")
            raise InputError(places.fault(what, fix))
    places.new.rename(places.out)
    sync_folder(places.out.parent)
    # The new folder stands: what cannot be removed now, the next build names or removes.
    with suppress(OSError):
        _restore(places)


def _carry_over(places: Places, contents: Contents) -> None:
    """Give the staging folder the files of the old one that Steppe did not write."""
    record = read_record(places.out)
    written = {RECORD_NAME, *(record.outputs if record else ())}
    problems = []
    for name in contents.keys() - written:
        try:
            copy_entry(places.out / name, places.new / name)
        except (FileExistsError, NotADirectoryError):
            problems.append(
                places.fault(
                    tell("fault.output.foreign"),
                    tell("fix.move_away"),
                    name=name,
                )
            )
    if problems:
        raise InputError(sorted(problems))
