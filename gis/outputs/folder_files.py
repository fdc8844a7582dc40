"""Folders on disk: listing, copying, removing, and making what was written last."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path


def list_entries(folder: Path) -> list[str]:
    """Return what lies in a folder: files, links and empty folders, never a full folder.

    Parameters
    ----------
    folder
        Folder; links are listed, not followed.

    Returns
    -------
    list of str
        Names relative to the folder, with forward slashes, in the order of code points.

    Raises
    ------
    OSError
        A folder in it cannot be read: silence would mean that its files are forgotten.
    """
    return sorted(path.relative_to(folder).as_posix() for path in _walk(folder))


def _walk(folder: Path) -> Iterator[Path]:
    for entry in folder.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            inner = list(_walk(entry))
            yield from inner or [entry]
        else:
            yield entry


def copy_entry(source: Path, target: Path) -> None:
    """Give an entry a place in another folder of the same disk.

    Parameters
    ----------
    source
        File, link or empty folder.
    target
        Its new path; folders above it are made.

    Raises
    ------
    FileExistsError, NotADirectoryError
        Something else stands at `target` or above it.
    OSError
        The disk refuses.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir() and not source.is_symlink():
        target.mkdir(exist_ok=True)
        return
    try:
        # A second name for the same bytes: quick, and whoever has the file open keeps it.
        os.link(source, target, follow_symlinks=False)
    except FileExistsError:
        raise
    except OSError:
        # A memory stick's file system knows no second names.
        if os.path.lexists(target):
            raise
        shutil.copy2(source, target, follow_symlinks=False)
        if not target.is_symlink():
            sync_file(target)


def sync_file(path: Path) -> None:
    """Wait until the bytes of a file are on the disk."""
    with path.open("rb") as stream:
        os.fsync(stream.fileno())


def sync_folder(folder: Path) -> None:
    """Wait until the names in a folder are on the disk."""
    # Windows opens no folders, and orders its renames itself.
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def remove_folder(folder: Path) -> None:
    """Remove a folder and all in it, where it is there."""
    with suppress(FileNotFoundError):
        shutil.rmtree(folder)
