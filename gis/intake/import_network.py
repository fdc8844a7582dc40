"""A network of another tool as nodes and cables of a plan: the file stays as it is."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from steppe.intake.import_entry import date_of, make_source, make_source_id
from steppe.intake.import_request import ImportRequest, Told, read_told, read_words
from steppe.intake.plan_editing import editing
from steppe.layers.columns import STATUSES
from steppe.layers.contracts.network import FIBRE, NODES
from steppe.layers.errors import InputError, Note, Problem
from steppe.layers.interchange.frames import DEFAULTS
from steppe.layers.sources import UNSAID
from steppe.layers.wording import Message, join, tell
from steppe.planfile.input_reading import read_layer_of
from steppe.planfile.plan_schema import LayerFile, Plan

_CONTRACTS = (NODES, FIBRE)
# What nobody knows of a file of another tool, as `Column.assumed` of the contracts has it.
_ASSUMED = {
    name: column.assumed
    for contract in _CONTRACTS
    for name, column in contract.columns.items()
    if column.assumed is not None and name != "country"
}


@dataclass(frozen=True)
class NetworkProposal:
    """What an import of a network would write.

    Parameters
    ----------
    request
        What was asked.
    layers
        Layer to its rows, as the plan would read them.
    entries
        Layer to its table in plan.toml, but for the name of the file.
    source
        Id and fields of the source, for a plan with a list of sources.
    notes
        What was told while it was read.
    """

    request: ImportRequest
    layers: Mapping[str, pd.DataFrame]
    entries: Mapping[str, Mapping[str, Any]]
    source: tuple[str, Mapping[str, object]] | None
    notes: tuple[Note, ...]


def propose_network(plan: Plan, request: ImportRequest) -> NetworkProposal:
    """Return what an import of a network would do.

    Parameters
    ----------
    plan
        The plan, as far as it can be read.
    request
        What is asked.

    Raises
    ------
    InputError
        For a file that cannot be read, or of which somebody has to say more.
    """
    _refuse_table(request.file)
    as_of = request.as_of or date_of(request.file)
    source_id = request.source_id or make_source_id(request.file)
    licence = request.licence or UNSAID
    known = {**_ASSUMED, "source_id": source_id, "as_of": as_of, "year": as_of.year}
    layers: dict[str, pd.DataFrame] = {}
    entries: dict[str, dict[str, Any]] = {}
    notes: list[Note] = []
    problems: list[Problem] = []
    wanted = [each for each in _CONTRACTS if request.layer in (None, each.name)]
    if not wanted:
        what = tell("fault.import.network", layer=str(request.layer))
        raise InputError(
            Problem(request.file.name, what, tell("fix.import.as", layers="nodes, fibre"))
        )
    for contract in wanted:
        told = _read_told(request, contract.name)
        allowed = DEFAULTS[contract.name]
        defaults = {name: known[name] for name in allowed if name in known} | dict(told.defaults)
        entry: dict[str, Any] = {"licence": licence, "defaults": defaults}
        if request.join_km is not None:
            entry["join_km"] = request.join_km
        if request.unplaced is not None:
            entry["unplaced"] = request.unplaced
        if contract.name == FIBRE.name and request.words:
            entry["statuses"] = read_words(request.words)
        try:
            rows = _read(plan, request.file, contract.name, entry, notes)
        except InputError as error:
            problems += [_as_asked(each) for each in error.problems]
            continue
        if len(rows):
            layers[contract.name], entries[contract.name] = rows, entry
    if problems:
        raise InputError(problems)
    if not layers:
        what = tell("fault.import.network_empty")
        raise InputError(Problem(request.file.name, what, tell("fix.import.no_rows")))
    source = (source_id, make_source(request.file, licence, as_of)) if plan.sources else None
    return NetworkProposal(request, layers, entries, source, tuple(dict.fromkeys(notes)))


def _refuse_table(file: Path) -> None:
    """Refuse one file of several, which would stand in the plan without the others."""
    if file.suffix.lower() == ".csv":
        what, fix = tell("fault.ofds.several_files"), tell("fix.ofds.zip_tables")
        raise InputError(Problem(file.name, what, fix))


def _as_asked(problem: Problem) -> Problem:
    """Say of what the file does not tell how the command is told it."""
    if isinstance(problem.what, Message) and problem.what.key == "fault.defaults.lacking":
        return replace(problem, fix=tell("fix.import.say_default"))
    if isinstance(problem.what, Message) and problem.what.key == "fault.statuses.strange":
        fix = tell("fix.import.say_words", choices=join(STATUSES))
        return replace(problem, fix=fix)
    return problem


def _read_told(request: ImportRequest, layer: str) -> Told:
    """Return what was typed of the columns of a layer; a file of its own kind has no fields to name."""
    contract = next(each for each in _CONTRACTS if each.name == layer)
    names = {name for each in _CONTRACTS for name in DEFAULTS[each.name]}
    own = [
        text
        for text in request.columns
        if text.partition(":=")[0] in DEFAULTS[layer] or text.partition(":=")[0] not in names
    ]
    return read_told(own, (), contract)


def _read(
    plan: Plan, file: Path, layer: str, entry: Mapping[str, Any], notes: list[Note]
) -> pd.DataFrame:
    """Read a layer of the file where it lies, as it would be read in the plan."""
    made = LayerFile.model_validate({"file": file.name, **entry})
    own = plan.model_copy(update={"layers": {layer: made}, "folder": file.parent})
    return read_layer_of(own, layer, notes)


def write_network(path: Path, proposal: NetworkProposal) -> list[str]:
    """Write a proposal into a plan and return the names of the files that were written.

    Raises
    ------
    InputError
        As `steppe.intake.plan_editing.editing`; nothing is written then.
    """
    file = proposal.request.file
    with editing(path) as edit:
        name = edit.put_file(file.name.lstrip("."), partial(shutil.copyfile, file))
        for layer, entry in proposal.entries.items():
            edit.set_layer(layer, {"file": name, **entry}, keep=("extent",))
        if proposal.source is not None:
            edit.add_source(*proposal.source)
    return [name]
