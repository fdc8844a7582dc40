"""The run record, run.json: what went into an output folder and what came out of it."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from datetime import date, time
from pathlib import Path, PurePosixPath
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from steppe.layers.errors import InputError, Problem
from steppe.layers.limits import RECORD_BYTES
from steppe.layers.safe_files import is_there, read_bytes
from steppe.layers.wording import Message, tell
from steppe.outputs.folder_files import list_entries
from steppe.outputs.versions import list_libraries, read_version

RECORD_NAME = "run.json"


class FileState(BaseModel):
    """Digest and size of one file.

    Parameters
    ----------
    sha256
        Hexadecimal digest of the bytes.
    size
        Length, bytes.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    size: Annotated[int, Field(ge=0)]


def _keep_inside(outputs: dict[str, FileState]) -> dict[str, FileState]:
    """Refuse names that point out of the folder: a record may come from a stranger."""
    for name in outputs:
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts or str(path) != name or name == RECORD_NAME:
            message = f"{name!r} is no name of an output"
            raise ValueError(message)
    return outputs


class Record(BaseModel):
    """What run.json holds; it bears no time, no host and no path of the machine.

    Parameters
    ----------
    schema_version
        Version of this form.
    steppe
        Version of Steppe.
    libraries
        Library to version, of those that shape the bytes.
    plan
        Name of the plan.
    parameters
        What the run was told beside its inputs.
    seed
        Seed of every random number, or None where none is drawn.
    inputs
        Name relative to the plan's folder to state.
    outputs
        Name relative to the output folder to state; every output but run.json itself.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    schema_version: Literal[1] = 1
    steppe: str
    libraries: dict[str, str]
    plan: str
    parameters: dict[str, object]
    seed: int | None
    inputs: dict[str, FileState]
    outputs: Annotated[dict[str, FileState], AfterValidator(_keep_inside)]


def measure_file(path: Path) -> FileState:
    """Return digest and size of a file.

    Raises
    ------
    OSError
        The file cannot be read.
    """
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256")
        return FileState(sha256=digest.hexdigest(), size=stream.tell())


def write_record(
    staging: Path,
    *,
    plan: str,
    inputs: Mapping[str, Path],
    parameters: Mapping[str, object],
    seed: int | None,
) -> None:
    """Write run.json over everything that lies in a staging folder; the last file of a build.

    Parameters
    ----------
    staging
        Folder that holds every output.
    plan
        Name of the plan.
    inputs
        Name relative to the plan's folder, with forward slashes, to the file itself.
    parameters
        What the run was told: strings, numbers, booleans, None, dates, lists and mappings.
    seed
        Seed of every random number, or None.

    Raises
    ------
    TypeError
        A parameter has a type that has no one spelling in JSON (a set, a path).
    ValueError
        An input's name is absolute, or a parameter is not a finite number.
    OSError
        An input cannot be read, or run.json cannot be written.
    """
    for name in inputs:
        if PurePosixPath(name).is_absolute() or Path(name).is_absolute():
            message = f"{name!r} is not relative to the plan's folder"
            raise ValueError(message)
    record = Record(
        steppe=read_version(),
        libraries=dict(list_libraries()),
        plan=plan,
        parameters=dict(parameters),
        seed=seed,
        inputs={name: measure_file(path) for name, path in inputs.items()},
        outputs={
            name: measure_file(staging / name)
            for name in list_entries(staging)
            if name != RECORD_NAME
        },
    )
    text = json.dumps(
        record.model_dump(),
        allow_nan=False,
        default=_spell,
        ensure_ascii=False,
        indent=1,
        sort_keys=True,
    )
    with (staging / RECORD_NAME).open("w", encoding="utf-8", newline="\n") as stream:
        stream.write(f"{text}\n")
        stream.flush()
        os.fsync(stream.fileno())


def _spell(value: object) -> str:
    if isinstance(value, date | time):
        return value.isoformat()
    message = f"a parameter of type {type(value).__name__} has no one spelling in JSON"
    raise TypeError(message)


def read_record(folder: Path) -> Record | None:
    """Read run.json of an output folder.

    Returns
    -------
    Record or None
        None where the folder holds no run.json.

    Raises
    ------
    InputError
        run.json is not a record that this version can read, no regular file, or too large.
    """
    path = folder / RECORD_NAME
    if not os.path.lexists(path):
        return None
    fix = tell("fix.move_folder_or_give_other")
    content = read_bytes(path, str(path), RECORD_BYTES, missing=fix)
    try:
        return Record.model_validate_json(content)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or tell("record.whole")
        raise InputError(
            Problem(
                where=str(path),
                what=tell("fault.record.other", place=place, told=first["msg"]),
                fix=fix,
            )
        ) from error


def refuse_other_plan(folder: Path, plan: str) -> None:
    """Refuse to write one plan over the outputs of another.

    Raises
    ------
    InputError
        When the folder's record names another plan.
    """
    # What cannot be looked into, the swap refuses with its reason.
    found = read_record(folder) if is_there(folder / RECORD_NAME) else None
    if found is not None and found.plan != plan:
        raise InputError(
            Problem(
                where=str(folder),
                what=tell("fault.folder.other_plan", found=found.plan, plan=plan),
                fix=tell("fix.give_other_folder"),
            )
        )


def compare_outputs(folder: Path, outputs: Mapping[str, FileState]) -> dict[str, Message]:
    """Return the outputs that are not as recorded, each with what became of it.

    Raises
    ------
    OSError
        An output cannot be read.
    """
    found = {}
    for name, recorded in outputs.items():
        path = folder / name
        try:
            if path.is_symlink() or not path.is_file():
                found[name] = tell("fault.output.gone")
            elif measure_file(path) != recorded:
                found[name] = tell("fault.output.edited")
        except FileNotFoundError:
            found[name] = tell("fault.output.gone")
    return found
