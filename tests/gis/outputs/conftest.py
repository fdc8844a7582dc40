"""Folders to publish, and processes that die on the way."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from steppe.command.app import clearing_up
from steppe.outputs.publishing import publish
from steppe.outputs.run_record import RECORD_NAME, write_record

Tree = dict[str, bytes | str | None]


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _build(out: Path, files: Mapping[str, bytes], *, force: bool = False) -> None:
    with publish(out, force=force) as staging:
        _write(staging, files)
        write_record(staging, plan="toy", inputs={}, parameters={}, seed=None)


def _read(folder: Path) -> Tree | None:
    if not os.path.lexists(folder):
        return None
    tree: Tree = {}
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            tree[name] = str(path.readlink())
        elif path.is_dir():
            tree[name] = None
        elif name != RECORD_NAME:
            tree[name] = path.read_bytes()
    return tree


def _run(action: Callable[[], None], *, kill_at: int | None = None) -> int:
    """Run an action in a child and return its wait status.

    With `kill_at` the child gets SIGKILL just before its n-th act on the file system, counted
    by the interpreter's own audit events, so that no act is forgotten.
    """
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1]
    left = kill_at

    def count(event: str, _: object) -> None:
        nonlocal left
        if left is not None and (event == "open" or event.startswith(("os.", "shutil."))):
            left -= 1
            if left == 0:
                signal.raise_signal(signal.SIGKILL)

    status = 1
    try:
        sys.addaudithook(count)
        action()
        status = 0
    finally:
        os._exit(status)


class _Acts:
    """Acts on the file system in this process, before some of which Ctrl-C is pressed."""

    def __init__(self) -> None:
        self.left, self.n_times = 0, 0
        sys.addaudithook(self._count)  # there is no way to take it out again

    def _count(self, event: str, _: object) -> None:
        if self.n_times and (event == "open" or event.startswith(("os.", "shutil."))):
            self.left -= 1
            if self.left <= 0:
                self.n_times -= 1
                signal.raise_signal(signal.SIGINT)

    def stop(self, action: Callable[[], None], *, at: int, n_times: int) -> int:
        """Run an action as the command runs, and return how it ends."""
        try:
            with clearing_up():
                self.left, self.n_times = at, n_times
                action()
        except SystemExit as ended:
            return int(str(ended.code))
        finally:
            self.n_times = 0
        return 0


@pytest.fixture(scope="session")
def acts() -> _Acts:
    """Press Ctrl-C before the n-th act of an action, and before the next ones if told to."""
    return _Acts()


@pytest.fixture
def build() -> Callable[..., None]:
    """Publish files, name to bytes, into a folder."""
    return _build


@pytest.fixture
def write() -> Callable[[Path, Mapping[str, bytes]], None]:
    """Write files, name to bytes, into a folder."""
    return _write


@pytest.fixture
def read() -> Callable[[Path], Tree | None]:
    """Read all that a folder holds but its record; None where it is not there."""
    return _read


@pytest.fixture
def run() -> Callable[..., int]:
    """Run an action in a child process that may be killed."""
    return _run
