"""Reading a plan.toml: where it lies, and every fault of it at once."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from steppe.layers.contracts import INPUT_LAYERS
from steppe.layers.errors import InputError, Problem
from steppe.layers.limits import FAULTS
from steppe.layers.safe_files import is_there, outside_problem, refuse_outside
from steppe.layers.toml import plain_fault, read_toml
from steppe.layers.wording import Message, join, tell
from steppe.planfile.assumed_faults import assumed_faults, convert_ranges
from steppe.planfile.column_entry import find_column_faults
from steppe.planfile.measure_faults import measure_faults
from steppe.planfile.measure_units import convert_criteria
from steppe.planfile.plan_schema import Plan

DEFAULT_PLAN = "inner_mongolia"
# Instead of criteria that are at fault, so that the rest can be read.
_STAND_IN = [{"name": "none", "measures": [{"id": "grid_220_km", "worst": 1.0, "best": 0.0}]}]
_FILES = ("layers", "rasters")


def pack_folder() -> Path:
    """Return the folder that holds the packs: beside the checkout, else in the wheel."""
    beside = Path(__file__).parents[2] / "data"
    if (beside / DEFAULT_PLAN / "plan.toml").is_file():
        return beside
    return Path(__file__).parents[1] / "packs_data"


def locate_plan(name: str, *, fix: Message | None = None) -> Path:
    """Return the plan.toml that a user means: a pack's name, a folder, or the file itself.

    Parameters
    ----------
    name
        What the user says.
    fix
        What to do where there is none, instead of naming one of the packs.

    Raises
    ------
    InputError
        When there is none.
    """
    path = Path(name)
    if path.suffix == ".toml":
        if is_there(path):
            return path
        raise InputError(Problem(name, tell("fault.file.not_found"), tell("fix.give_plan")))
    if is_there(path / "plan.toml"):
        return path / "plan.toml"
    packs = pack_folder()
    if re.fullmatch(r"[a-z0-9_]{1,100}", name) and (packs / name / "plan.toml").is_file():
        return packs / name / "plan.toml"
    known = sorted(found.parent.name for found in packs.glob("*/plan.toml"))
    fix = fix or tell("fix.packs_here", known=join(known))
    raise InputError(Problem(name, tell("fault.plan.none"), fix))


def is_plan(name: str) -> bool:
    """Tell whether a name is that of a plan, as `locate_plan` finds it."""
    try:
        locate_plan(name)
    except InputError:
        return False
    return True


def read_plan(path: Path, *, allow_outside: bool = False) -> Plan:
    """Read a plan.toml.

    Parameters
    ----------
    path
        The file.
    allow_outside
        Whether the plan may name files that do not lie in its folder.

    Raises
    ------
    InputError
        One line for each fault: broken TOML, unknown key, missing layer, wrong value, a file
        that does not lie in the plan's folder.
    """
    plan, problems = try_plan(path, allow_outside=allow_outside)
    if problems or plan is None:
        raise InputError(problems)
    return plan


def try_plan(path: Path, *, allow_outside: bool) -> tuple[Plan | None, list[Problem]]:
    """Return what can be read of a plan.toml, and every fault of it.

    The plan leaves out what is at fault; None where that may not be, or where it would lead out
    of the plan's folder.

    Parameters
    ----------
    path, allow_outside
        See `read_plan`.

    Raises
    ------
    InputError
        For a file that cannot be read at all.
    """
    if not allow_outside:
        refuse_outside(path.parent, path.name, path.name)
    return check_plan(
        read_toml(path, missing=tell("fix.give_plan")), path, allow_outside=allow_outside
    )


def check_plan(
    raw: dict[str, Any], path: Path, *, allow_outside: bool
) -> tuple[Plan | None, list[Problem]]:
    """Return what `try_plan` does, of what a plan.toml is to say.

    Parameters
    ----------
    raw
        Its keys.
    path, allow_outside
        See `read_plan`.
    """
    for key in ("folder", "file"):
        if key in raw:
            what, fix = tell("fault.key.unknown"), tell("fix.remove")
            raise InputError(Problem(f"{path.name} › {key}", what, fix))
    problems = _layer_problems(raw.get("layers"), path.name)
    plan: Plan | None
    try:
        whole = _make(raw, path)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_input=False)
        # A fault inside a table makes its list look too short: only the inmost is told.
        outer = {
            place[:n] for place in (fault["loc"] for fault in faults) for n in range(len(place))
        }
        inmost = [fault for fault in faults if fault["loc"] not in outer]
        problems += [_plain(fault, path.name) for fault in inmost]
        plan = _make_rest(raw, path, inmost)
    else:
        problems += measure_faults(whole.criteria, where=path.name)
        criteria, strange = convert_criteria(whole.criteria, where=path.name)
        problems += strange
        known = {name: entry for name, entry in whole.layers.items() if name in INPUT_LAYERS}
        ranges = {"assumed": convert_ranges(whole)}
        robustness = whole.robustness.model_copy(update=ranges)
        plan = whole.model_copy(
            update={"layers": known, "criteria": criteria, "robustness": robustness}
        )
        problems += assumed_faults(plan, where=path.name)
        entries = {name: entry.columns for name, entry in known.items()}
        problems += find_column_faults(entries, path.name)
    outside = [] if allow_outside or plan is None else _outside_problems(plan, path.name)
    return None if outside else plan, [*problems, *outside]


def _make(raw: dict[str, Any], path: Path) -> Plan:
    return Plan.model_validate({**raw, "folder": path.parent, "file": path.name})


def _make_rest(raw: dict[str, Any], path: Path, faults: Sequence[ErrorDetails]) -> Plan | None:
    """Return the plan without the keys at fault, so that its files can be looked at all the same."""
    places = [fault["loc"] for fault in faults]
    strange = {str(place[0]) for place in places if place} | {"criteria"} - set(raw)
    kept = {key: value for key, value in raw.items() if key not in strange or key in _FILES}
    for table in _FILES:
        if isinstance(kept.get(table), dict):
            bad = {str(place[1]) for place in places if len(place) > 1 and place[0] == table}
            kept[table] = {
                name: entry
                for name, entry in kept[table].items()
                if name not in bad and (table != "layers" or name in INPUT_LAYERS)
            }
    if "criteria" in strange:
        kept = {key: each for key, each in kept.items() if key not in ("weights", "scenarios")}
        kept["criteria"] = _STAND_IN
    try:
        return _make({"name": "none", **kept}, path)
    except ValidationError:
        return None


def _outside_problems(plan: Plan, where: str) -> list[Problem]:
    """Find the names that lead out of the plan's folder, with the key that bears each."""
    return [
        problem
        for key, name in plan.named_files()
        if (problem := outside_problem(plan.folder, name, f"{where} › {key}")) is not None
    ]


def _layer_problems(layers: object, where: str) -> list[Problem]:
    if not isinstance(layers, dict):
        return []
    problems = []
    known = tell("fix.known", known=join(INPUT_LAYERS))
    for n_unknown, name in enumerate(each for each in layers if each not in INPUT_LAYERS):
        # What nobody will be shown need not be compared with all that is known.
        near = difflib.get_close_matches(name, INPUT_LAYERS, n=1) if n_unknown < FAULTS.most else ()
        hint = tell("fix.do_you_mean", near=near[0]) if near else known
        problems.append(Problem(f"{where} › layers.{name}", tell("fault.layer.unknown"), hint))
    return problems


def _plain(fault: ErrorDetails, where: str) -> Problem:
    place = ".".join(str(part) for part in fault["loc"])
    at = f"{where} › {place}" if place else where
    if fault["type"] == "string_pattern_mismatch":
        return Problem(at, tell("fault.name.letters"), tell("fix.rename"))
    return plain_fault(at, fault, missing=tell("fix.add_as_example"))
