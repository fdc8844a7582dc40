"""What plan.toml and the list of sources say of a file that is imported."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from steppe.intake.import_request import ImportRequest, Told
from steppe.layers.columns import Contract
from steppe.layers.contracts.siting import PARK_AREAS, PARKS
from steppe.layers.errors import InputError, Problem
from steppe.layers.filling import make_id
from steppe.layers.importing.fields_layers import kinds_of
from steppe.layers.importing.fields_matching import Match
from steppe.layers.mapped_columns import ColumnSource
from steppe.layers.sources import UNSAID
from steppe.layers.wording import join, tell
from steppe.planfile.plan_schema import LayerFile, Plan

_OWN = "own"


def make_entry(
    plan: Plan,
    request: ImportRequest,
    contract: Contract,
    frame: pd.DataFrame,
    matches: tuple[Match, ...],
    told: Told,
) -> tuple[dict[str, Any], tuple[str, Mapping[str, object]] | None]:
    """Return `[layers.NAME]` but for the name of the file, and the source for a plan with a list of them."""
    before = plan.layers.get(contract.name)
    columns: dict[str, object] = {each.column: _spell(each.source) for each in matches}
    used = {each.source.field for each in matches}
    columns |= {
        str(name): ""
        for name in frame.columns
        if name in contract.columns and name not in columns | dict.fromkeys(used)
    }
    as_of = request.as_of or date_of(request.file)
    kept = before.defaults if before is not None and is_next(before, frame) else {}
    source_id = request.source_id or str(kept.get("source_id", "")) or make_source_id(request.file)
    licence = request.licence or (before.licence if before is not None and kept else UNSAID)
    defaults: dict[str, object] = {**kept, **told.defaults}
    defaults = {name: value for name, value in defaults.items() if name in contract.columns}
    if "source_id" not in columns:
        defaults["source_id"] = source_id
    defaults["as_of"] = as_of
    if "source_id" not in contract.columns:
        defaults.pop("source_id", None)
    if "as_of" not in contract.columns:
        defaults.pop("as_of")
    entry = {"licence": licence, "defaults": defaults, "columns": columns}
    if not plan.sources:
        return entry, None
    return entry, (source_id, make_source(request.file, licence, as_of))


def make_source(file: Path, licence: str, as_of: date) -> dict[str, object]:
    """Return the source of a file of which nobody said more than its licence.

    One's own file is attributed by its name; whom else to name, nobody said.
    """
    return {
        "title": file.name,
        "publisher": UNSAID,
        "year": as_of.year,
        "licence": licence,
        "attribution": file.name if licence == _OWN else UNSAID,
        "accuracy": UNSAID,
        "as_of": as_of,
    }


def is_next(before: LayerFile, frame: pd.DataFrame) -> bool:
    """Tell whether a file has all the fields of the one before it, and is its next edition."""
    fields = {each.field for each in before.columns.values() if each.field}
    return bool(fields) and fields <= {str(name) for name in frame.columns}


def _spell(source: ColumnSource) -> object:
    if source.value is not None:
        return {"value": source.value}
    words = dict(source.words)
    if not source.unit and not words:
        return source.field
    told: dict[str, object] = {"field": source.field}
    return (
        told | ({"unit": source.unit} if source.unit else {}) | ({"words": words} if words else {})
    )


def make_source_id(file: Path) -> str:
    """Return what the source of a file is called: the file's name in Latin letters, or a digest of it."""
    plain = re.sub(r"[^a-z0-9]+", "_", file.stem.casefold()).strip("_")
    if len(plain) > 2 and file.stem.isascii():  # noqa: PLR2004
        return plain
    return make_id(file.stem) or f"file_{hashlib.sha256(file.name.encode()).hexdigest()[:8]}"


def date_of(file: Path) -> date:
    """Return the day on which a file was written last, UTC."""
    return datetime.fromtimestamp(file.stat().st_mtime, UTC).date()


def refuse_open(
    contract: Contract,
    matches: tuple[Match, ...],
    entry: Mapping[str, Any],
    frame: pd.DataFrame,
    where: str,
) -> None:
    """Refuse what nobody told and nothing makes or lets assume."""
    found = {each.column for each in matches} | set(entry["defaults"])
    lacking = [
        name
        for name, column in contract.columns.items()
        if not (column.is_optional or column.made or column.assumed is not None)
        and name not in found
    ]
    if lacking:
        what = tell("fault.import.lacking", layer=contract.name, columns=join(lacking))
        fields = join(str(name) for name in frame.columns if name != "geometry")
        fix = tell("fix.import.lacking", column=lacking[0], fields=fields)
        raise InputError(Problem(where, what, fix))


def make_areas(
    contract: Contract, frame: pd.DataFrame, entry: Mapping[str, Any]
) -> dict[str, Any] | None:
    """Return the entry of the grounds of parks; None where there are none, or not all have one."""
    if contract.name != PARKS.name or set(kinds_of(frame)) != {"polygon"}:
        return None
    columns = {
        name: each
        for name, each in entry["columns"].items()
        if name in PARK_AREAS.columns and name != "accuracy_m"
    }
    fields = {str(name) for name in frame.columns}
    columns |= {name: "" for name in PARK_AREAS.columns if name in fields and name not in columns}
    defaults = {
        name: each for name, each in entry["defaults"].items() if name in PARK_AREAS.columns
    }
    return {**entry, "columns": columns, "defaults": defaults}
