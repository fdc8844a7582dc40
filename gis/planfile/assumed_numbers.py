"""The numbers of a plan that are assumed: by what path each is named, and as what it may be read.

A path is that of the key in plan.toml, with the names of criteria and the ids of measures in the
place of numbers: `criteria.power.weight`, `criteria.network.rtt_ms.worst`, `power.route_factor`,
`cooling.dryness_k.value`.  Points of a value function are counted from 0, as in
`criteria.network.rtt_ms.points.1.value`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from pydantic import BaseModel, ValidationError

from steppe.criteria.key_types import Sourced
from steppe.planfile.plan_schema import Plan
from steppe.planfile.weight_entries import CriterionEntry, MeasureEntry, find_weights

SETTINGS = ("power", "climate", "geology", "cooling", "cost")
"""Tables of a plan whose numbers change what is measured."""

_ENDS = ("worst", "best", "steepness")

Kind = Literal["weight", "share", "function", "setting"]


def find_kind(path: str) -> Kind:
    """Return what a number is for.

    >>> find_kind("criteria.power.weight"), find_kind("criteria.power.tie_line_km.weight")
    ('weight', 'share')
    >>> find_kind("criteria.power.tie_line_km.worst"), find_kind("power.route_factor")
    ('function', 'setting')
    """
    root, *rest = path.split(".")
    if root != "criteria":
        return "setting"
    if rest[-1] != "weight":
        return "function"
    return "weight" if len(rest) == 2 else "share"  # noqa: PLR2004


def list_assumed(plan: Plan) -> dict[str, float]:
    """Return every number of a plan that is assumed, by its path.

    Weights and shares, as shares of their sum, and the numbers of value functions, of whatever
    bears a weight; `power.capacity_km` and `power.route_factor`; and each quantity of another
    table that has no source or says that it is assumed.
    """
    found = dict(_list_judged(plan))
    found["power.capacity_km"] = plan.power.capacity_km
    if plan.power.route_factor > 1:
        found["power.route_factor"] = plan.power.route_factor
    for name in SETTINGS:
        entry = getattr(plan, name)
        if entry is not None:
            found |= dict(_walk(name, entry, assumed=False))
    return found


def list_numbers(plan: Plan) -> dict[str, float]:
    """Return every number of a plan that may be given a range: the assumed, and all settings."""
    found = list_assumed(plan)
    for name in SETTINGS:
        entry = getattr(plan, name)
        if entry is not None:
            found |= dict(_walk(name, entry, assumed=None))
    return found


def _list_judged(plan: Plan) -> Iterator[tuple[str, float]]:
    weights = find_weights(plan.criteria, plan.weights)
    all_weight = sum(weights.values())
    n_weighted = sum(weight > 0 for weight in weights.values())
    for criterion in plan.criteria:
        if weights[criterion.name] <= 0:
            continue
        at = f"criteria.{criterion.name}"
        if n_weighted > 1:
            yield f"{at}.weight", weights[criterion.name] / all_weight
        yield from _list_functions(criterion, at)


def _list_functions(criterion: CriterionEntry, at: str) -> Iterator[tuple[str, float]]:
    scored = [measure for measure in criterion.measures if measure.weight > 0]
    all_share = sum(measure.weight for measure in scored)
    for measure in scored:
        if len(scored) > 1:
            yield f"{at}.{measure.id}.weight", measure.weight / all_share
        yield from ((f"{at}.{measure.id}.{part}", value) for part, value in list_parts(measure))


def list_parts(measure: MeasureEntry) -> Iterator[tuple[str, float]]:
    """Give the numbers of a value function, each with its part of the path."""
    for name in _ENDS:
        if getattr(measure, name) is not None:
            yield name, getattr(measure, name)
    for number, (at, worth) in enumerate(measure.points):
        yield f"points.{number}.measured", at
        yield f"points.{number}.value", worth


def _walk(path: str, entry: Any, *, assumed: bool | None) -> Iterator[tuple[str, float]]:
    """Give the numbers below a table; those alone that are assumed, unless `assumed` is None."""
    if isinstance(entry, BaseModel):
        is_own = assumed if assumed is None else isinstance(entry, Sourced) and entry.is_assumed
        for name in type(entry).model_fields:
            yield from _walk(f"{path}.{name}", getattr(entry, name), assumed=is_own)
    elif isinstance(entry, Mapping):
        for name, each in entry.items():
            # A name that holds the sign which parts a path has none.
            if "." not in name:
                yield from _walk(f"{path}.{name}", each, assumed=assumed)
    elif isinstance(entry, float) and assumed is not False:
        yield path, entry


def replace_setting(plan: Plan, path: str, value: float) -> Plan:
    """Return a plan of which one number of its settings is another.

    Raises
    ------
    ValueError
        When the plan may not have that number.
    """
    root, *rest = path.split(".")
    return plan.model_copy(update={root: _replace(getattr(plan, root), rest, value)})


def _replace(entry: Any, rest: list[str], value: float) -> Any:
    if not rest:
        return value
    name, *further = rest
    if isinstance(entry, Mapping):
        return {**entry, name: _replace(entry[name], further, value)}
    changed = entry.model_copy(update={name: _replace(getattr(entry, name), further, value)})
    try:
        type(entry).model_validate(changed.model_dump())
    except ValidationError as error:
        raise ValueError(str(error)) from None
    return changed
