"""Opening a plan for scripts and notebooks: of a pack, of files, or of tables that a script holds."""

from __future__ import annotations

import shutil
import weakref
from collections.abc import Mapping, Sequence
from os import PathLike, fspath
from pathlib import Path
from tempfile import mkdtemp

import pandas as pd

from steppe.layers.errors import InputError, Problem
from steppe.layers.library_words import tell_error, tell_system
from steppe.layers.wording import tell
from steppe.planfile.input_reading import open_inputs
from steppe.planfile.plan_reading import locate_plan
from steppe.planfile.plan_writing import write_plan
from steppe.workbench import OpenPlan, find_faults


def open_plan(plan: str | PathLike[str], *, allow_outside: bool = False) -> OpenPlan:
    """Read a plan and check it.

    Parameters
    ----------
    plan
        Name of a pack, a folder with a plan.toml, or the file itself.
    allow_outside
        Whether the plan may name files outside its own folder.

    Raises
    ------
    steppe.InputError
        With every fault that was found, one line each, as `steppe check` prints them.
    """
    return OpenPlan(open_inputs(locate_plan(fspath(plan)), allow_outside=allow_outside))


def check_plan(plan: str | PathLike[str], *, allow_outside: bool = False) -> list[str]:
    """Return every fault of a plan, the lines that `steppe check` prints; none for a sound plan.

    Parameters
    ----------
    plan, allow_outside
        See `open_plan`.
    """
    return find_faults(lambda: open_plan(plan, allow_outside=allow_outside).tables)


def make_plan(  # noqa: PLR0913 (one for each thing that a plan is made of)
    layers: Mapping[str, pd.DataFrame],
    criteria: Sequence[Mapping[str, object]],
    *,
    name: str = "plan",
    keys: Mapping[str, object] | None = None,
    sources: Mapping[str, Mapping[str, object]] | None = None,
    facts: Sequence[pd.DataFrame] = (),
    folder: str | PathLike[str] | None = None,
    allow_outside: bool = False,
) -> OpenPlan:
    """Make a plan of tables, and read and check it as files are read and checked.

    Parameters
    ----------
    layers
        Layer or table name to its rows, see docs/files.md: a GeoDataFrame in any CRS that it
        says, or a DataFrame for a table without shapes.  Parks must be there.
    criteria
        One or more, each as a table `[[criteria]]` of plan.toml.
    name
        What the plan is called: small Latin letters, digits and _.
    keys
        Any other keys of plan.toml, see docs/plans.md.
    sources
        Fields of each source by its id, as in sources.toml.
    facts
        Tables of facts.
    folder
        Where the plan is written, new or empty; the command reads it there, too.  By default it
        lies in a folder of the system's that goes with the returned value.
    allow_outside
        See `open_plan`; needed where `keys` name files, as those of grids.

    Raises
    ------
    InputError
        With every fault that was found, one line each, as for files.
    """
    given = Path(mkdtemp(prefix="steppe-") if folder is None else folder)
    if folder is not None:
        _prepare(given)
    try:
        values = {**(keys or {}), "name": name, "criteria": list(criteria)}
        path = write_plan(given, values, layers=layers, sources=sources, facts=facts)
        plan = open_plan(path, allow_outside=allow_outside)
    except BaseException:
        if folder is None:
            shutil.rmtree(given, ignore_errors=True)
        raise
    if folder is None:
        weakref.finalize(plan, shutil.rmtree, given, ignore_errors=True)
    return plan


def _prepare(folder: Path) -> None:
    """Make an empty folder, or refuse one that is not empty."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        is_empty = not any(folder.iterdir())
    except (OSError, ValueError) as error:
        reason = tell_system(error) if isinstance(error, OSError) else tell_error(error)
        what = tell("fault.out.unwritable", reason=reason)
        raise InputError(Problem(str(folder), what, tell("fix.give_empty_folder"))) from None
    if not is_empty:
        what, fix = tell("fault.folder.not_empty"), tell("fix.give_empty_folder")
        raise InputError(Problem(str(folder), what, fix))
