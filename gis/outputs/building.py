"""Building a whole output folder: what refuses it first, and what is then published."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from steppe.layers.tables import PlanTables
from steppe.outputs.output_folder import write_outputs
from steppe.outputs.publishing import publish
from steppe.outputs.run_record import refuse_other_plan
from steppe.outputs.single_file import make_parents, refuse_unopenable
from steppe.planfile.plan_inputs import Inputs

Progress = Callable[[str], None]


def refuse_folder(folder: Path, plan: str) -> None:
    """Refuse an output folder before anything is computed for it.

    Raises
    ------
    InputError
        When it holds the outputs of another plan, or QGIS would not find its layers there.
    """
    refuse_other_plan(folder, plan)
    refuse_unopenable(folder)


def build_folder(
    folder: Path,
    inputs: Inputs,
    tables: PlanTables,
    *,
    force: bool = False,
    progress: Progress = lambda _: None,
) -> Path:
    """Write every output of a plan, the folder replaced whole, and return it.

    Parameters
    ----------
    folder
        The output folder itself.
    inputs, tables
        What was read, and what it came to.
    force
        Whether outputs that were edited since they were written are replaced.
    progress
        Called with a few words before each step.

    Raises
    ------
    InputError
        When the folder cannot be written, or holds what must not be replaced.
    """
    make_parents(folder)
    with publish(folder, force=force) as staging:
        write_outputs(staging, inputs, tables, progress=progress)
    return folder
