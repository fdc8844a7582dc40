"""Changing a plan: comments and order of its files stay, and all of it is done or nothing."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from filecmp import cmp
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from steppe.layers.errors import InputError, Problem
from steppe.layers.library_words import tell_system
from steppe.layers.safe_files import refuse_outside
from steppe.layers.toml_editing import TomlEdit
from steppe.layers.wording import tell
from steppe.planfile.input_reading import read_inputs
from steppe.planfile.plan_reading import check_plan, locate_plan, pack_folder, read_plan

SOURCES_FILE = "sources.toml"


@dataclass
class PlanEdit:
    """A change of a plan that `editing` began; nothing that the plan names moves before its end."""

    _plan: TomlEdit
    _before: Sequence[Problem]
    _stage: Path
    _files: dict[str, Path] = field(default_factory=dict)
    _sources: dict[str, Mapping[str, object]] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        """The folder of the plan."""
        return self._plan.path.parent

    @property
    def values(self) -> Mapping[str, Any]:
        """What plan.toml says with all that was changed so far."""
        return self._plan.values

    def put_file(self, name: str, write: Callable[[Path], object]) -> str:
        """Take in a file that is to lie beside plan.toml, and return the name that it will bear.

        Another file of this name stays: the new one is then called NAME_2 and so on, so that the
        plan as it was has all its files until the end, and nothing of the user's is lost.

        Parameters
        ----------
        name
            A name without a folder.
        write
            Writes the file where it is told to; its suffix there is that of `name`.
        """
        if not name or name != Path(name).name or name.startswith("."):
            raise ValueError(name)
        with _explaining(self.folder):
            self._stage.mkdir(exist_ok=True)
            staged = self._stage / name
            staged.unlink(missing_ok=True)
            write(staged)
            number, given = 1, name
            while given in self._files or not _is_free(self.folder / given, staged):
                number += 1
                given = f"{Path(name).stem}_{number}{Path(name).suffix}"
            kept = self._stage / f"{len(self._files)}.new"
            self._files[given] = staged.replace(kept)
        return given

    def set_layer(
        self, name: str, entry: Mapping[str, object], *, keep: Sequence[str] = ()
    ) -> None:
        """Add `[layers.NAME]`, or replace what stands there.

        Parameters
        ----------
        name
            A layer of the contracts.
        entry
            Its keys; those without a value are left out. `columns` becomes a table of its own.
        keep
            Keys that stay as they stand where `entry` does not name them, as `extent`.
        """
        self._plan.set_table(("layers", name), entry, keep=keep)

    def set_raster(
        self, name: str, entry: Mapping[str, object], *, keep: Sequence[str] = ()
    ) -> None:
        """Add `[rasters.NAME]`, or replace what stands there, as `set_layer` does."""
        self._plan.set_table(("rasters", name), entry, keep=keep)

    def set_table(self, place: Sequence[str], entry: Mapping[str, object]) -> None:
        """Add another table, or replace what stands there, as `set_layer` does."""
        self._plan.set_table(place, entry)

    def add_row(self, key: str, entry: Mapping[str, object]) -> None:
        """Add a table to an array of tables, as `[[scenarios]]`, behind those that it has."""
        self._plan.add_row(key, entry)

    def set_key(self, key: str, value: object) -> None:
        """Set a key of the top of plan.toml."""
        self._plan.set_first(key, value)

    def add_source(self, source_id: str, fields: Mapping[str, object]) -> None:
        """Add a source to the plan's list, or replace the one of this id.

        Parameters
        ----------
        source_id
            What rows call it.
        fields
            As in sources.toml, see `steppe.layers.sources.Source`.
        """
        self._sources[source_id] = fields

    def commit(self) -> None:
        """Write all that was changed; plan.toml comes last and makes it count.

        Raises
        ------
        InputError
            For faults of plan.toml that were not there before, and where the disk refuses.
        """
        lists = self._list_sources() if self._sources else None
        _, problems = check_plan(self._plan.values, self._plan.path, allow_outside=True)
        problems = [each for each in problems if each not in self._before]
        if problems:
            raise InputError(problems)
        edits = [self._plan] if lists is None else [lists, self._plan]
        for edit in edits:
            edit.spell()
            edit.refuse_moved()
        brought = [name for name in self._files if not (self.folder / name).exists()]
        try:
            with _explaining(self.folder):
                for name, staged in self._files.items():
                    with staged.open("rb") as stream:
                        os.fsync(stream.fileno())
                    staged.replace(self.folder / name)
            for edit in edits:
                edit.write()
        except BaseException:
            for name in brought:
                with suppress(OSError):
                    (self.folder / name).unlink(missing_ok=True)
            raise

    def _list_sources(self) -> TomlEdit:
        named = self._plan.values.get("sources")
        name = str(named) if named else SOURCES_FILE
        refuse_outside(self.folder, name, f"{self._plan.path.name} › sources")
        lists = TomlEdit.read(self.folder / name)
        if not named:
            for source_id, own in _find_own_sources(self._plan.path).items():
                if source_id not in lists.values:
                    lists.set_table((source_id,), own)
        for source_id, fields in self._sources.items():
            lists.set_table((source_id,), fields)
        if not named:
            self._plan.set_first("sources", name)
        return lists


def _find_own_sources(path: Path) -> dict[str, dict[str, object]]:
    """Return what stands for the sources of a plan that lists none, once it is to have a list.

    A plan with faults keeps them: what its rows name is then left to the user.
    """
    try:
        found = read_inputs(read_plan(path, allow_outside=True)).sources
    except InputError:
        return {}
    return {
        source_id: source.model_dump(exclude={"source_id"}, exclude_defaults=True)
        for source_id, source in found.items()
    }


def locate_own_plan(into: str) -> Path:
    """Return the plan.toml of a plan that may be changed, named as commands name a plan.

    Raises
    ------
    InputError
        Where there is none, or where it is one of those that are shipped.
    """
    path = locate_plan(into, fix=tell("fix.edit.into"))
    if path.resolve().is_relative_to(pack_folder().resolve()):
        fix = tell("fix.edit.pack", name=path.parent.name)
        raise InputError(Problem(into, tell("fault.edit.pack"), fix))
    return path


@contextmanager
def editing(path: Path) -> Iterator[PlanEdit]:
    """Change a plan; what the block did is written at its end, and where it fails nothing is.

    Parameters
    ----------
    path
        The plan.toml.

    Raises
    ------
    InputError
        Where another command changes the plan, or another program did meanwhile; where it is
        written in a form that cannot be added to; and as `PlanEdit.commit`.
    """
    path = path.resolve()
    stage = path.with_name(f".{path.name}.steppe-new-files")
    lock = FileLock(path.with_name(f".{path.name}.steppe-lock"))
    with _explaining(path.parent):
        try:
            lock.acquire(timeout=0)
        except Timeout:
            raise InputError(
                Problem(path.name, tell("fault.edit.locked"), tell("fix.wait"))
            ) from None
    try:
        _clear(stage)
        plan = TomlEdit.read(path)
        _, before = check_plan(plan.values, path, allow_outside=True)
        edit = PlanEdit(plan, before, stage)
        yield edit
        edit.commit()
    finally:
        _clear(stage)
        with suppress(OSError):
            path.with_name(f".{path.name}.steppe-lock").unlink()
        lock.release()


def _clear(stage: Path) -> None:
    """Remove what was staged, also by a command that was killed; a link is removed, not followed."""
    with suppress(OSError):
        if stage.is_symlink() or not stage.is_dir():
            stage.unlink(missing_ok=True)
        else:
            shutil.rmtree(stage)


def _is_free(path: Path, staged: Path) -> bool:
    """Tell whether a name is nobody's, or that of the very same bytes."""
    if not os.path.lexists(path):
        return True
    return path.is_file() and cmp(path, staged, shallow=False)


@contextmanager
def _explaining(folder: Path) -> Iterator[None]:
    """Turn the system's refusals into one line."""
    try:
        yield
    except OSError as error:
        what = tell("fault.out.unwritable", reason=tell_system(error))
        raise InputError(Problem(folder.name, what, tell("fix.edit.disk"))) from None
