"""Whether the measures of a plan are among those that there are, and what is odd of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from steppe.criteria.measure import KnownMeasure
from steppe.criteria.registry import known_measures
from steppe.layers.errors import Problem, cut
from steppe.layers.wording import tell
from steppe.planfile.measure_units import is_other
from steppe.planfile.near_names import hint_name
from steppe.planfile.weight_entries import CriterionEntry, MeasureEntry


def measure_faults(criteria: Sequence[CriterionEntry], *, where: str) -> list[Problem]:
    """Hold the measures that a plan lists to the registry.

    Parameters
    ----------
    criteria
        Criteria of the plan.
    where
        Name of the plan's file.
    """
    return [
        problem
        for criterion in criteria
        for measure in criterion.measures
        for problem in _faults(measure, f"{where} › criteria.{criterion.name}")
    ]


def _faults(entry: MeasureEntry, where: str) -> Iterator[Problem]:
    known = known_measures()
    if entry.id not in known:
        fix = hint_name(entry.id, known)
        yield Problem(where, tell("fault.measure.unknown", name=cut(entry.id)), fix)


def measure_notes(criteria: Sequence[CriterionEntry], *, where: str) -> list[Problem]:
    """Find what a plan may mean: a best end where the registry has the worse, another unit.

    Parameters
    ----------
    criteria
        Criteria of the plan; a measure that nobody knows is a fault, and told as one.
    where
        Name of the plan's file.
    """
    known = known_measures()
    converted = [
        Problem(
            f"{where} › criteria.{criterion.name}",
            tell("note.measure.unit", name=entry.id, given=cut(str(entry.unit))),
            tell("fix.all_in_unit", unit=known[entry.id].unit),
        )
        for criterion in criteria
        for entry in criterion.measures
        if is_other(entry)
    ]
    return converted + [
        Problem(
            f"{where} › criteria.{criterion.name}",
            tell(
                "note.measure.upside_down",
                name=entry.id,
                direction=tell(f"measure.{known[entry.id].direction}"),
            ),
            tell("fix.exchange_worst_and_best"),
        )
        for criterion in criteria
        for entry in criterion.measures
        if entry.id in known and _is_upside_down(entry, known[entry.id])
    ]


def _is_upside_down(entry: MeasureEntry, measure: KnownMeasure) -> bool:
    if entry.worst is None or entry.best is None or measure.direction == "neither":
        return False
    return (entry.best > entry.worst) != (measure.direction == "higher")


def name_measures(measures: Sequence[MeasureEntry]) -> Mapping[str, tuple[str, str, str]]:
    """Return title in Chinese and English, and unit, of each measure: the plan's, or as known."""
    return {each.id: _name(each, known_measures()[each.id]) for each in measures}


def _name(entry: MeasureEntry, known: KnownMeasure) -> tuple[str, str, str]:
    return entry.title_zh or known.title_zh, entry.title_en or known.title_en, known.unit
