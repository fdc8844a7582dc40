"""What was edited in a plan's own GeoPackage goes back into the plan; all that changes is listed."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import geopandas as gpd

from steppe.intake.edited_layers import (
    lacks_source,
    read_edited,
    refuse_options,
    take_over,
    without_nearest,
)
from steppe.intake.fact_editing import FactEdit, find_disagreeing
from steppe.intake.import_entry import date_of, make_source
from steppe.intake.import_request import ImportRequest
from steppe.intake.plan_editing import PlanEdit, editing
from steppe.layers.contracts import INPUT_LAYERS
from steppe.layers.errors import InputError, Note, Problem
from steppe.layers.importing.edited_rows import Edits, compare_rows
from steppe.layers.sources import UNSAID, read_sources
from steppe.layers.wording import BASE, join, say, tell
from steppe.planfile.input_reading import open_inputs, read_layer_of
from steppe.planfile.plan_reading import try_plan
from steppe.planfile.plan_schema import Plan
from steppe.planfile.plan_writing import copy_inputs, write_frame

_OWN_TABLES = frozenset({"scores", "measures", "sources", "parks"})
_SHOWN = 20


@dataclass(frozen=True)
class BackProposal:
    """What an import of a plan's own GeoPackage would write.

    Parameters
    ----------
    request
        What was asked.
    edits
        Layer to what was changed of it; only layers of which something was.
    frames
        Layer to its rows as they would be.
    facts
        Facts that no longer agree, by the file that they stand in.
    licences
        Licence of each layer.
    """

    request: ImportRequest
    edits: Mapping[str, Edits]
    frames: Mapping[str, gpd.GeoDataFrame]
    facts: Mapping[str, Sequence[FactEdit]]
    licences: Mapping[str, str]


def is_own_output(path: Path) -> bool:
    """Tell whether a file is the GeoPackage of a build."""
    if path.suffix.lower() != ".gpkg" or not path.is_file():
        return False
    try:
        base = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
        try:
            names = {
                str(name)
                for (name,) in base.execute("select table_name from gpkg_contents limit 1000")
            }
        finally:
            base.close()
    except sqlite3.Error:
        return False
    return names >= _OWN_TABLES


def propose_back(plan: Plan, request: ImportRequest) -> BackProposal:
    """Return what was changed in a plan's own GeoPackage since it was built.

    Raises
    ------
    InputError
        For rows that cannot be read, that are of another plan, or that are new and nobody's; and
        for options that are of other files.
    """
    refuse_options(request)
    edits: dict[str, Edits] = {}
    frames: dict[str, gpd.GeoDataFrame] = {}
    problems: list[Problem] = []
    for name in plan.layers:
        contract = INPUT_LAYERS[name]
        if contract.geometry is None or request.layer not in (None, name):
            continue
        where = f"{request.file.name} › {name}"
        notes: list[Note] = []
        own = gpd.GeoDataFrame(read_layer_of(plan, name, notes))
        try:
            edited = read_edited(request, contract, own, where)
        except InputError as error:
            problems += error.problems
            continue
        if name == "parks" and "nodes" in plan.layers:
            edited = without_nearest(plan, own, edited)
        found = compare_rows(own, edited, contract)
        if found.removed and len(found.removed) == len(own) and found.added:
            problems.append(
                Problem(where, tell("fault.import.other_plan"), tell("fix.import.other_plan"))
            )
            continue
        if found.added and plan.sources and lacks_source(edited, found, contract):
            what = tell("fault.import.new_rows")
            problems.append(Problem(where, what, tell("fix.import.new_rows"), found.added))
            continue
        if not found.is_none:
            edits[name] = found
            frames[name] = take_over(own, edited, found, contract)
    if problems:
        raise InputError(problems)
    facts = find_disagreeing(plan, edits, frames)
    licences = {name: entry.licence for name, entry in plan.layers.items()}
    return BackProposal(request, edits, frames, facts, licences)


def tell_edits(proposal: BackProposal) -> list[Note]:
    """Return a line for each row that was added, removed, moved or changed."""
    lines: list[Note] = []
    for layer, edits in proposal.edits.items():
        for key, rows in (("added", edits.added), ("removed", edits.removed)):
            if rows:
                lines.append(
                    tell(f"import.back.{key}", layer=layer, n=len(rows), rows=join(rows[:_SHOWN]))
                )
        for row, metres in edits.moved.items():
            lines.append(tell("import.back.moved", layer=layer, row=row, metres=metres))
        for (row, name), (was, now) in edits.cells.items():
            told = {"was": was or "–", "now": now or "–"}
            lines.append(tell("import.back.cell", layer=layer, row=row, name=name, **told))
        if edits.passed_over:
            lines.append(
                tell("import.back.passed_over", layer=layer, names=join(edits.passed_over))
            )
    return lines


def tell_facts(proposal: BackProposal) -> list[Problem]:
    """Return a line for each fact that no longer agrees, with its file and row."""
    return [
        Problem(
            tell("place.line", where=file, number=each.line),
            tell(
                "fault.import.fact",
                layer=each.layer,
                id=each.id,
                field=each.field,
                value=each.value,
            ),
            tell("fix.import.fact"),
        )
        for file, facts in proposal.facts.items()
        for each in facts
    ]


def write_back(path: Path, proposal: BackProposal) -> list[str]:
    """Write what was changed into the plan, facts with it; all of it or nothing.

    Raises
    ------
    InputError
        Where facts would no longer agree and nobody said whose word it is, or where the plan would
        have faults that it had not.
    """
    problems = tell_facts(proposal)
    if problems and proposal.request.source_id is None:
        raise InputError(problems)
    plan, faults = try_plan(path, allow_outside=False)
    if plan is None:
        raise InputError(faults)
    with TemporaryDirectory() as folder:
        copy_inputs(plan, Path(folder))
        tried = Path(folder) / path.name
        before = _faults(path)
        written = dict(zip(_apply(tried, proposal), proposal.frames, strict=False))
        new = [each for each in _faults(tried) if each not in before]
        if new:
            raise InputError([_in_edited(each, written, proposal.request.file) for each in new])
    return _apply(path, proposal)


def _in_edited(problem: Problem, written: Mapping[str, str], edited: Path) -> Problem:
    """Name the file that was edited, which the user has, for the one that would be written of it."""
    file = say(problem.where, BASE).split(" › ")[0]
    if file not in written:
        return problem
    return replace(problem, where=f"{edited.name} › {written[file]}")


def _faults(path: Path) -> list[Problem]:
    try:
        open_inputs(path)
    except InputError as error:
        return list(error.problems)
    return []


def _apply(path: Path, proposal: BackProposal) -> list[str]:
    request = proposal.request
    with TemporaryDirectory() as folder, editing(path) as edit:
        written = []
        for name, frame in proposal.frames.items():
            file = write_frame(Path(folder), name, frame)
            given = edit.put_file(file, partial(shutil.copyfile, Path(folder) / file))
            before: dict[str, Any] = dict(edit.values["layers"][name])
            kept: dict[str, Any] = {
                key: before[key] for key in ("licence", "as_of") if key in before
            }
            edit.set_layer(name, {"file": given, **kept}, keep=("extent",))
            written.append(given)
        if proposal.facts:
            names = list(edit.values["facts"])
            for file, facts in proposal.facts.items():
                text = facts[0].replace_in(path.parent / file, facts, str(request.source_id))
                given = edit.put_file(Path(file).name, partial(_write_bytes, text))
                names[names.index(file)] = given
                written.append(given)
            edit.set_key("facts", names)
        if request.source_id and "sources" in edit.values:
            lists = path.parent / str(edit.values["sources"])
            _add_source(edit, lists, proposal)
    return written


def _write_bytes(content: bytes, path: Path) -> None:
    path.write_bytes(content)


def _add_source(edit: PlanEdit, lists: Path, proposal: BackProposal) -> None:
    """Add the source of the changes; rows that are new stand under the licence of their layer."""
    request = proposal.request
    if request.source_id not in read_sources(lists):
        as_of = request.as_of or date_of(request.file)
        grown = [name for name, edits in proposal.edits.items() if edits.added]
        licences = {str(proposal.licences[name]) for name in grown}
        licence = request.licence or (licences.pop() if len(licences) == 1 else UNSAID)
        fields = make_source(request.file, licence, as_of)
        edit.add_source(str(request.source_id), fields)
