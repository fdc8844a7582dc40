"""Building a whole output folder, or one output alone: what refuses it first, and what is written."""

from __future__ import annotations

from pathlib import Path

from steppe.layers.errors import InputError, Problem
from steppe.layers.tables import PlanTables
from steppe.layers.whole_files import make_parents, write_file
from steppe.layers.wording import find_reader, join, tell
from steppe.maps.page import render_page
from steppe.outputs.openable_places import refuse_unopenable
from steppe.outputs.output_folder import (
    record,
    settle,
    write_geodata,
    write_outputs,
    write_tables,
)
from steppe.outputs.public_map import generalise
from steppe.outputs.publishing import publish
from steppe.outputs.run_record import refuse_other_plan
from steppe.planfile.plan_inputs import Inputs
from steppe.report.report_page import render_report

PARTS = ("map", "report", "qgis", "tables")
"""Outputs that can be had alone."""


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

    Raises
    ------
    InputError
        When the folder cannot be written, or holds what must not be replaced.
    """
    make_parents(folder)
    with publish(folder, force=force) as staging:
        write_outputs(staging, inputs, tables)
    return folder


def build_part(
    part: str,
    path: Path,
    inputs: Inputs,
    tables: PlanTables,
    *,
    force: bool = False,
    width_m: float | None = None,
) -> Path:
    """Write one output of a plan alone, and return its path.

    Parameters
    ----------
    part
        One of `PARTS`.
    path
        The file of a page, the report in the reader's language; the folder of the QGIS project or of the tables, replaced whole.
    inputs, tables, force
        See `build_folder`.
    width_m
        To how many metres the map tells its lines, see `steppe.outputs.public_map`.

    Raises
    ------
    InputError
        As `build_folder`, and for an output that is not known.
    """
    if part not in PARTS:
        what, fix = (
            tell("fault.part.unknown", part=part),
            tell("fix.one_of", known=join(PARTS)),
        )
        raise InputError(Problem("only", what, fix))
    settled = settle(tables)
    if width_m is not None:
        settled = generalise(settled, width_m)
    if part == "map":
        return write_file(path, render_page(settled))
    if part == "report":
        return write_file(path, render_report(settled, find_reader()))
    refuse_unopenable(path)
    make_parents(path)
    with publish(path, force=force) as staging:
        if part == "qgis":
            write_geodata(staging, settled)
        else:
            write_tables(staging, settled)
        record(staging, inputs, tables)
    return path
