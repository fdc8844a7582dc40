"""Where an output folder lies and what may lie beside it, its lock, and the disk's refusals."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from steppe.layers.errors import InputError, Problem
from steppe.layers.library_words import tell_system
from steppe.layers.wording import Message, tell

# Below this, a library that fails to write has most likely met the end of the disk.
LITTLE_SPACE = 4 * 2**20
NO_SPACE = (errno.ENOSPC, errno.EDQUOT)
NO_RIGHT = (errno.EACCES, errno.EPERM, errno.EROFS)


@dataclass(frozen=True)
class Places:
    """An output folder and what may lie beside it; `shown` is the path as the user wrote it."""

    shown: Path
    out: Path
    lock: Path
    new: Path
    old: Path
    gone: Path

    def fault(self, what: Message, fix: Message, *, name: str = "") -> Problem:
        """Return a problem of the folder, or of the entry `name` in it."""
        return Problem(where=str(self.shown / name), what=what, fix=fix)


def locate_folder(out: Path) -> Places:
    """Return the whole path of an output folder and of what may lie beside it.

    Raises
    ------
    InputError
        It is the root of a disk.
    """
    # Links are not resolved: `out` itself must not be one, and is looked at before each swap.
    whole = Path(os.path.abspath(out))  # noqa: PTH100
    if not whole.name:
        what, fix = tell("fault.folder.root"), tell("fix.give_folder_in_it")
        raise InputError(Problem(str(out), what, fix))

    def beside(suffix: str) -> Path:
        return whole.with_name(f".{whole.name}.steppe-{suffix}")

    return Places(out, whole, beside("lock"), beside("new"), beside("old"), beside("gone"))


@contextmanager
def hold_lock(places: Places) -> Iterator[None]:
    """Hold the folder's lock; folders made for it go again where they stay empty."""
    parent = places.out.parent
    lock = FileLock(places.lock)
    made: list[Path] = []
    try:
        with explain_refusals(places):
            made += [folder for folder in (parent, *parent.parents) if not folder.exists()]
            parent.mkdir(parents=True, exist_ok=True)
            try:
                lock.acquire(timeout=0)
            except Timeout:
                what, fix = tell("fault.folder.locked"), tell("fix.wait")
                raise InputError(places.fault(what, fix)) from None
        yield
    finally:
        if lock.is_locked:
            try:
                # Under the lock: whoever opened the file before tries again with a new one.
                with suppress(OSError):
                    places.lock.unlink()
            finally:
                lock.release()
        for folder in made:
            with suppress(OSError):
                folder.rmdir()


@contextmanager
def explain_refusals(places: Places) -> Iterator[None]:
    """Turn the system's refusals into one line."""
    try:
        yield
    except OSError as error:
        raise InputError(_explain(places, error)) from error


@contextmanager
def explain_full_disk(places: Places) -> Iterator[None]:
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


def _explain(places: Places, error: OSError) -> Problem:
    if error.errno in NO_SPACE:
        return places.fault(tell("fault.disk.full"), tell("fix.free_space"))
    if error.errno in NO_RIGHT:
        return places.fault(tell("fault.folder.no_right"), tell("fix.give_other_folder"))
    if error.errno == errno.EBUSY:
        return places.fault(tell("fault.folder.busy"), tell("fix.give_folder_inside"))
    what = tell("fault.out.unwritable", reason=tell_system(error))
    return places.fault(what, tell("fix.give_other_folder"))
