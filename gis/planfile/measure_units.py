"""The ends of value functions, which a plan may give in another unit than its measure's."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from steppe.criteria.registry import known_measures
from steppe.layers.errors import Problem, cut
from steppe.layers.units import convert, is_convertible, is_same
from steppe.layers.wording import tell
from steppe.planfile.weight_entries import CriterionEntry, MeasureEntry

IN_ITS_UNIT = ("worst", "best")
"""Keys of an entry, each a number or a list of such, that are told in its unit; beside them the
first of each pair of `points` is."""


def convert_criteria(
    criteria: Sequence[CriterionEntry], *, where: str
) -> tuple[tuple[CriterionEntry, ...], list[Problem]]:
    """Return the criteria with all their numbers in the units of the measures.

    `unit` stays as the plan has it: it tells in which unit the numbers were given.

    Parameters
    ----------
    criteria
        Criteria of the plan as they were read; a measure that nobody knows stays as it is.
    where
        Name of the plan's file.

    Returns
    -------
    tuple
        The criteria, and a fault for each unit that cannot be converted, or in which the ends
        are one number to a float.
    """
    problems: list[Problem] = []
    converted = []
    for criterion in criteria:
        measures = []
        for entry in criterion.measures:
            at = f"{where} › criteria.{criterion.name}"
            found = convert_entry(entry, where=at)
            if isinstance(found, Problem):
                problems.append(found)
            measures.append(entry if isinstance(found, Problem) else found)
        converted.append(criterion.model_copy(update={"measures": tuple(measures)}))
    return tuple(converted), problems


def convert_entry(entry: MeasureEntry, *, where: str) -> MeasureEntry | Problem:
    """Return an entry with its numbers in the measure's unit, or why it cannot be had.

    Examples
    --------
    >>> entry = MeasureEntry(id="air_temp_mean_c", unit="°F", worst=50.0, best=32.0)
    >>> found = convert_entry(entry, where="plan.toml")
    >>> found.worst, found.best
    (10.0, 0.0)
    """
    known = known_measures().get(entry.id)
    if known is None or not is_other(entry):
        return entry
    given, unit = str(entry.unit), known.unit
    if not is_convertible(given, unit):
        told = cut(given) or tell("measure.no_unit")
        what = tell("fault.measure.unit", name=entry.id, unit=unit, given=told)
        written = json.dumps(unit, ensure_ascii=False)
        return Problem(where, what, tell("fix.write_unit", unit=written))
    told_in = {name: value for name, value in entry.model_dump().items() if name in IN_ITS_UNIT}
    numbers: dict[str, Any] = {
        **{name: _convert(value, given, unit) for name, value in told_in.items()},
        "points": [(convert(at, given, unit), worth) for at, worth in entry.points],
    }
    try:
        # Anew: what differs in one unit may lie too near, or too far, in another.
        return MeasureEntry.model_validate({**entry.model_dump(), **numbers})
    except ValidationError:
        what = tell("fault.measure.unit_ends", name=entry.id, unit=unit, given=cut(given))
        written = json.dumps(unit, ensure_ascii=False)
        return Problem(where, what, tell("fix.write_unit", unit=written))


def is_other(entry: MeasureEntry) -> bool:
    """Tell whether a plan gives the numbers of a measure in another unit than the measure's."""
    known = known_measures().get(entry.id)
    return known is not None and entry.unit is not None and not is_same(entry.unit, known.unit)


def _convert(value: Any, unit: str, to: str) -> Any:
    """Convert a number, or all of a list or table of such, however deep."""
    if isinstance(value, Mapping):
        return {name: _convert(each, unit, to) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return tuple(_convert(each, unit, to) for each in value)
    return value if value is None else convert(value, unit, to)
