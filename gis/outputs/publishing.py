"""Replacing an output folder whole: one build at a time, nothing lost, safe against a kill.

Beside an output folder NAME may lie, each on the same file system and hidden:

- `.NAME.steppe-lock`, held by the build at work;
- `.NAME.steppe-new`, the folder being written; never trusted after a kill;
- `.NAME.steppe-old`, the folder that was, between the two renames of the swap: where NAME is
  missing it is put back, where NAME stands the swap was over and it goes;
- `.NAME.steppe-gone`, rubbish being removed.
"""

from __future__ import annotations

import errno
import os
import shutil
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from steppe.layers.errors import InputError, Problem
from steppe.outputs.folder_files import (
    copy_entry,
    list_entries,
    remove_folder,
    sync_file,
    sync_folder,
)
from steppe.outputs.run_record import RECORD_NAME, FileState, compare_outputs, read_record

# What SQLite lays beside a database that someone is writing.
SQLITE_SUFFIXES = ("-wal", "-journal")
# Below this, a library that fails to write has most likely met the end of the disk.
LITTLE_SPACE = 4 * 2**20
NO_SPACE = (errno.ENOSPC, errno.EDQUOT)
NO_RIGHT = (errno.EACCES, errno.EPERM, errno.EROFS)

# Name of an entry to its inode, size and time of change: who edits or adds a file moves one.
Contents = dict[str, tuple[int, int, int]]


@dataclass(frozen=True)
class _Places:
    """An output folder and what may lie beside it; `shown` is the path as the user wrote it."""

    shown: Path
    out: Path
    lock: Path
    new: Path
    old: Path
    gone: Path

    def fault(self, what: str, fix: str, *, name: str = "") -> Problem:
        """Return a problem of the folder, or of the entry `name` in it."""
        return Problem(where=str(self.shown / name), what=what, fix=fix)


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
    places = _locate(out)
    with _hold(places):
        with _tell(places):
            _restore(places)
            _inspect(places, force=force)
            places.new.mkdir()
        try:
            with _tell_of_space(places):
                yield places.new
            with _tell(places):
                _replace(places, force=force)
        except BaseException:
            with _tell(places):
                _restore(places)
            raise


def recover(out: Path) -> None:
    """Put right what a killed build left beside an output folder.

    Afterwards the folder is the old one whole or the new one whole, and nothing lies beside it.

    Raises
    ------
    InputError
        A build is at work on the folder, or someone made another folder in its place.
    """
    places = _locate(out)
    beside = (places.lock, places.new, places.old, places.gone)
    if any(os.path.lexists(path) for path in beside):
        with _hold(places), _tell(places):
            _restore(places)


def _locate(out: Path) -> _Places:
    # Links are not resolved: `out` itself must not be one, and is looked at before each swap.
    whole = Path(os.path.abspath(out))  # noqa: PTH100
    if not whole.name:
        raise InputError(Problem(str(out), "is the root of a disk", "give a folder in it"))

    def beside(suffix: str) -> Path:
        return whole.with_name(f".{whole.name}.steppe-{suffix}")

    return _Places(out, whole, beside("lock"), beside("new"), beside("old"), beside("gone"))


@contextmanager
def _hold(places: _Places) -> Iterator[None]:
    """Hold the folder's lock; folders made for it go again where they stay empty."""
    parent = places.out.parent
    lock = FileLock(places.lock)
    made: list[Path] = []
    try:
        with _tell(places):
            made += [folder for folder in (parent, *parent.parents) if not folder.exists()]
            parent.mkdir(parents=True, exist_ok=True)
            try:
                lock.acquire(timeout=0)
            except Timeout:
                raise InputError(
                    places.fault("another build is at work on it", "wait for its end")
                ) from None
        try:
            yield
        finally:
            # Under the lock: whoever opened the file before tries again with a new one.
            with suppress(OSError):
                places.lock.unlink()
            lock.release()
    finally:
        for folder in made:
            with suppress(OSError):
                folder.rmdir()


@contextmanager
def _tell(places: _Places) -> Iterator[None]:
    """Turn the system's refusals into one line."""
    try:
        yield
    except OSError as error:
        raise InputError(_explain(places, error)) from error


@contextmanager
def _tell_of_space(places: _Places) -> Iterator[None]:
    """Turn a full disk into one line, and leave every other error of the block alone.

    Libraries below GDAL report a full disk in words of their own, hence the look at the disk.
    """
    try:
        yield
    except InputError:
        raise
    except Exception as error:
        full = isinstance(error, OSError) and error.errno in NO_SPACE
        if full or shutil.disk_usage(places.out.parent).free < LITTLE_SPACE:
            raise InputError(_explain(places, OSError(errno.ENOSPC, ""))) from error
        raise


def _explain(places: _Places, error: OSError) -> Problem:
    if error.errno in NO_SPACE:
        return places.fault("no space is left on the disk", "free some and build again")
    if error.errno in NO_RIGHT:
        what = "may not be read or written, or the folder that holds it"
        return places.fault(what, "give another folder with --out")
    if error.errno == errno.EBUSY:
        return places.fault("is the root of a disk or in use", "give a folder in it with --out")
    reason = error.strerror or str(error)
    return places.fault(f"cannot be written: {reason}", "give another folder with --out")


def _restore(places: _Places) -> None:
    """Roll back a swap that was cut short, or finish one that was over; remove the rubbish."""
    if os.path.lexists(places.old):
        if _is_folder(places) and not list_entries(places.out):
            places.out.rmdir()
        if not _is_folder(places):
            places.old.rename(places.out)
        elif read_record(places.out) is None:
            raise InputError(
                places.fault(
                    f"is not a folder that Steppe wrote, and the outputs that were here lie in "
                    f"{places.old.name} beside it since a build was cut short",
                    "move this folder away, and the next build brings them back",
                )
            )
        else:
            remove_folder(places.gone)
            places.old.rename(places.gone)
    remove_folder(places.gone)
    remove_folder(places.new)


def _is_folder(places: _Places) -> bool:
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
        raise InputError(places.fault("is a symbolic link", "give the folder that it leads to"))
    if not stat.S_ISDIR(mode):
        raise InputError(places.fault("is not a folder", "give a folder with --out"))
    return True


def _inspect(places: _Places, *, force: bool) -> Contents:
    """Refuse a folder that must not be replaced; return what lies in it.

    Raises
    ------
    InputError
        See `publish`.
    """
    contents = _look(places.out) if _is_folder(places) else {}
    if not contents:
        return contents
    if not os.access(places.out, os.W_OK | os.X_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    record = read_record(places.out)
    if record is None:
        raise InputError(
            places.fault("is not a folder that Steppe wrote", "give an empty one with --out")
        )
    problems = [
        places.fault(
            "someone is editing it, QGIS perhaps",
            "close it there and build again",
            name=name,
        )
        for name in record.outputs
        if any(f"{name}{suffix}" in contents for suffix in SQLITE_SUFFIXES)
    ]
    if not force:
        fix = "copy your edited files away or give --force"
        problems += [
            places.fault(what, fix, name=name)
            for name, what in compare_outputs(places.out, record.outputs).items()
        ]
    if problems:
        raise InputError(problems)
    return contents


def _look(folder: Path) -> Contents:
    contents = {}
    for name in list_entries(folder):
        state = (folder / name).lstat()
        contents[name] = (state.st_ino, state.st_size, state.st_mtime_ns)
    return contents


def _replace(places: _Places, *, force: bool) -> None:
    """Put the staging folder in the place of the output folder."""
    outputs = _check_staging(places.new)
    contents = _inspect(places, force=force)
    if contents:
        _carry_over(places, contents)
    for name in (*outputs, RECORD_NAME):
        sync_file(places.new / name)
    for folder, _, _ in os.walk(places.new):
        sync_folder(Path(folder))
    if _is_folder(places):
        shutil.copymode(places.out, places.new)
        places.out.rename(places.old)
        sync_folder(places.out.parent)
        if _look(places.old) != contents:
            raise InputError(
                places.fault("changed while it was being replaced", "build again when it rests")
            )
    places.new.rename(places.out)
    sync_folder(places.out.parent)
    # The new folder stands: what cannot be removed now, the next build names or removes.
    with suppress(OSError):
        _restore(places)


def _check_staging(staging: Path) -> Mapping[str, FileState]:
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


def _carry_over(places: _Places, contents: Contents) -> None:
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
                    "is not of Steppe's writing and stands where an output belongs",
                    "move it away",
                    name=name,
                )
            )
    if problems:
        raise InputError(sorted(problems))
