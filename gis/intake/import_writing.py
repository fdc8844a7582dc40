"""Writing what an import proposes: tried as the plan would read it, then all of it or nothing."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import geopandas as gpd
import pandas as pd

from steppe.intake.fetch_writing import tell_left
from steppe.intake.import_back import BackProposal, is_own_output, propose_back
from steppe.intake.import_network import NetworkProposal, propose_network
from steppe.intake.import_proposal import Proposal, propose
from steppe.intake.import_request import ImportRequest
from steppe.intake.plan_editing import editing
from steppe.layers.contracts.network import NODES
from steppe.layers.contracts.siting import PARK_AREAS
from steppe.layers.errors import InputError, Note, Problem
from steppe.layers.interchange.formats import is_network
from steppe.layers.limits import LAYER_BYTES
from steppe.layers.safe_files import admit
from steppe.layers.sources import UNSAID
from steppe.layers.wording import Message, tell
from steppe.planfile.input_reading import open_inputs, read_layer_of
from steppe.planfile.plan_reading import try_plan
from steppe.planfile.plan_schema import LayerFile, Plan
from steppe.planfile.plan_writing import write_frame

_KEPT = ("extent",)


def read_proposal(path: Path, request: ImportRequest) -> Proposal | NetworkProposal | BackProposal:
    """Return what an import into a plan would do.

    Parameters
    ----------
    path
        The plan.toml.
    request
        What is asked.

    Raises
    ------
    InputError
        As `propose`, and where plan.toml cannot be read.
    """
    plan = _read(path)
    admit(
        request.file,
        request.file.name or str(request.file),
        LAYER_BYTES,
        missing=tell("fix.import.file"),
    )
    if is_own_output(request.file):
        return propose_back(plan, request)
    if request.layer in (None, "nodes", "fibre") and is_network(request.file):
        return propose_network(plan, request)
    nodes: gpd.GeoDataFrame | None = None
    if NODES.name in plan.layers and request.layer in (None, "fibre"):
        found = read_layer_of(plan, NODES.name, [])
        nodes = gpd.GeoDataFrame(found)
    return propose(plan, request, nodes)


def _read(path: Path) -> Plan:
    plan, problems = try_plan(path, allow_outside=False)
    if plan is None:
        raise InputError(problems)
    return plan


def write_import(path: Path, proposal: Proposal) -> tuple[list[str], list[Note]]:
    """Write a proposal into a plan, once its rows were read as the plan will read them.

    Returns
    -------
    tuple
        Names of the files that were written, and what reading them told.

    Raises
    ------
    InputError
        For rows that do not fit; nothing is written then.
    """
    plan, contract = _read(path), proposal.contract
    notes: list[Note] = []
    with TemporaryDirectory() as folder:
        stage = Path(folder)
        file = write_frame(stage, contract.name, proposal.frame)
        entries = {contract.name: {"file": file, **proposal.entry}}
        if proposal.areas is not None:
            entries[PARK_AREAS.name] = {"file": file, **proposal.areas}
        if proposal.ends is not None:
            entries[NODES.name] = _nodes_entry(plan, proposal, stage)
        for name, entry in entries.items():
            _try(plan, name, entry, stage, notes)
        files, left = _write(path, proposal, entries, stage, plan)
        return files, [*notes, *left]


def _nodes_entry(plan: Plan, proposal: Proposal, stage: Path) -> dict[str, Any]:
    assert proposal.ends is not None
    before = plan.layers.get(NODES.name)
    defaults = {
        name: proposal.entry["defaults"][name]
        for name in ("source_id", "as_of")
        if name in proposal.entry["defaults"]
    }
    return {
        "file": write_frame(stage, NODES.name, proposal.ends.nodes),
        "licence": before.licence if before else proposal.entry.get("licence", UNSAID),
        "defaults": defaults,
    }


def _try(
    plan: Plan, name: str, entry: Mapping[str, Any], stage: Path, notes: list[Note]
) -> pd.DataFrame:
    """Read a layer as it would lie in the plan."""
    layer = LayerFile.model_validate(dict(entry))
    known = {**plan.layers, name: layer}
    own = plan.model_copy(update={"layers": known, "folder": stage})
    return read_layer_of(own, name, notes)


def _write(
    path: Path,
    proposal: Proposal,
    entries: Mapping[str, Mapping[str, Any]],
    stage: Path,
    plan: Plan,
) -> tuple[list[str], list[Message]]:
    """Write layers and their files; return the files, and what is said of those they replace."""
    named: dict[str, str] = {}
    with editing(path) as edit:
        for name, entry in entries.items():
            file = str(entry["file"])
            if file not in named:
                named[file] = edit.put_file(file, partial(shutil.copyfile, stage / file))
            edit.set_layer(name, {**entry, "file": named[file]}, keep=_KEPT)
        if proposal.source is not None:
            edit.add_source(*proposal.source)
        left = tell_left(edit, plan)
    return list(named.values()), left


def look_over(path: Path) -> list[Problem]:
    """Return what is still at fault with a plan."""
    try:
        open_inputs(path)
    except InputError as error:
        return list(error.problems)
    return []
