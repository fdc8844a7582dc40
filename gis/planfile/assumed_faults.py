"""Whether the ranges of a plan's assumed numbers fit them, and in the units of its measures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from steppe.criteria.registry import known_measures
from steppe.decision.values import Piecewise
from steppe.layers.errors import Problem, cut
from steppe.layers.units import convert, is_convertible
from steppe.layers.wording import Message, Param, tell
from steppe.planfile.assumed_numbers import find_kind, list_numbers, replace_setting
from steppe.planfile.measure_units import is_other
from steppe.planfile.near_names import hint_name
from steppe.planfile.plan_schema import Plan
from steppe.planfile.weight_entries import AssumedRange, MeasureEntry

_SLACK = 1e-9  # a share is a quotient


def assumed_faults(plan: Plan, *, where: str) -> list[Problem]:
    """Find the ranges in `robustness.assumed` that no number could have.

    Parameters
    ----------
    plan
        The plan, its criteria in the units of the measures.
    where
        Name of the plan's file.
    """
    problems = []
    for number, each in enumerate(plan.robustness.assumed):
        at = f"{where} › robustness.assumed.{number}"
        told: dict[str, Param] = {"path": cut(each.path), "low": each.low, "high": each.high}
        if each.low >= each.high:
            what = tell("fault.assumed.order", **told)
            problems.append(Problem(at, what, tell("fix.low_below_high")))
        elif find_kind(each.path) in ("weight", "share") and not 0 <= each.low < each.high < 1:
            what = tell("fault.assumed.share", **told)
            problems.append(Problem(at, what, tell("fix.share_of_sum")))
    return problems


def assumed_notes(plan: Plan, *, where: str) -> list[Problem]:
    """Find the ranges that do not fit the plan's numbers, which are then held fixed.

    Parameters
    ----------
    plan
        The plan, its criteria in the units of the measures.
    where
        Name of the plan's file.
    """
    return [
        Problem(f"{where} › robustness.assumed.{number}", *told)
        for number, (_, told) in enumerate(_look_at(plan))
        if told is not None
    ]


def fitting_ranges(plan: Plan) -> dict[str, AssumedRange]:
    """Return the ranges that hold the plan's numbers, by path."""
    return {each.path: each for each, told in _look_at(plan) if told is None}


def _look_at(plan: Plan) -> Iterator[tuple[AssumedRange, tuple[Message, Message] | None]]:
    """Give each range, and what does not fit and what to do about it."""
    numbers = list_numbers(plan)
    ranges = {each.path: each for each in plan.robustness.assumed}
    for each in plan.robustness.assumed:
        yield each, _find_misfit(each, numbers, ranges, plan)


def _find_misfit(
    each: AssumedRange,
    numbers: Mapping[str, float],
    ranges: Mapping[str, AssumedRange],
    plan: Plan,
) -> tuple[Message, Message] | None:
    told: dict[str, Param] = {"path": cut(each.path), "low": each.low, "high": each.high}
    if each.path not in numbers:
        fix = hint_name(each.path, numbers, otherwise=tell("fix.correct_name"))
        return tell("note.assumed.unknown", path=cut(each.path)), fix
    value, kind = numbers[each.path], find_kind(each.path)
    if not each.low - _SLACK <= value <= each.high + _SLACK:
        return tell("note.assumed.around", **told, value=value), tell("fix.range_around")
    if kind == "function" and not _makes_functions(each, ranges, plan):
        return tell("note.assumed.function", **told), tell("fix.keep_ends_apart")
    if kind == "setting":
        for end in (each.low, each.high):
            try:
                replace_setting(plan, each.path, end)
            except ValueError:
                what = tell("note.assumed.setting", path=cut(each.path), value=end)
                return what, tell("fix.range_around")
    return None


def _makes_functions(each: AssumedRange, ranges: Mapping[str, AssumedRange], plan: Plan) -> bool:
    """Tell whether whatever two numbers of a function may be, they make one."""
    _, criterion, measure_id, *rest = each.path.split(".")
    (measure,) = (
        measure
        for entry in plan.criteria
        for measure in entry.measures
        if (entry.name, measure.id) == (criterion, measure_id)
    )
    at, part = f"criteria.{criterion}.{measure_id}", ".".join(rest)

    def span(name: str, value: float) -> tuple[float, float]:
        own = ranges.get(f"{at}.{name}")
        return (own.low, own.high) if own else (value, value)

    if part == "steepness":
        return each.low > 0
    if part in ("worst", "best"):
        assert measure.worst is not None
        assert measure.best is not None
        worst, best = span("worst", measure.worst), span("best", measure.best)
        return worst[1] < best[0] or best[1] < worst[0]
    return _makes_points(measure, {n: span(f"points.{n}.measured", m) for n, (m, _) in enumerate(measure.points)}, each)  # fmt: skip


def _makes_points(
    measure: MeasureEntry, spans: Mapping[int, tuple[float, float]], each: AssumedRange
) -> bool:
    if each.path.endswith(".value"):
        return each.low >= 0 and each.high <= 1
    for ends in (0, 1):
        # Each point as far right as may be, the next as far left.
        points = [(spans[n][(n + ends) % 2], worth) for n, (_, worth) in enumerate(measure.points)]
        try:
            Piecewise(tuple(points))
        except ValueError:
            return False
    return True


def convert_ranges(plan: Plan) -> tuple[AssumedRange, ...]:
    """Return the ranges of a plan in the units of the measures, where it has units of its own."""
    units = {
        entry.id: (str(entry.unit), known_measures()[entry.id].unit)
        for criterion in plan.criteria
        for entry in criterion.measures
        if is_other(entry)
    }
    return tuple(_convert(each, units) for each in plan.robustness.assumed)


def _convert(each: AssumedRange, units: Mapping[str, tuple[str, str]]) -> AssumedRange:
    parts = each.path.split(".")
    is_end = parts[0] == "criteria" and parts[-1] in ("worst", "best", "measured")
    if not is_end or len(parts) < 4 or parts[2] not in units:  # noqa: PLR2004
        return each
    given, unit = units[parts[2]]
    if not is_convertible(given, unit):
        return each  # which is told of the measure
    ends = {"low": convert(each.low, given, unit), "high": convert(each.high, given, unit)}
    return each.model_copy(update=ends)
