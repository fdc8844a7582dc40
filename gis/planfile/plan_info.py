"""What a plan is called, what it weighs, and who says so."""

from __future__ import annotations

from collections.abc import Mapping

from steppe.criteria.key_types import weigh
from steppe.decision.ahp import prioritise
from steppe.layers.crs import albers
from steppe.layers.errors import InputError, Problem, UnfitError
from steppe.layers.tables import Criterion, LatencyClass, Measure, PlanInfo, WeightsOrigin
from steppe.layers.wording import join, tell
from steppe.planfile.measure_faults import name_measures
from steppe.planfile.plan_schema import Plan
from steppe.planfile.weight_entries import MeasureEntry, Weighting, find_weights

_COMMAND = WeightsOrigin("命令行", "the command line", "由使用者给出", "given by whoever ran it")


def describe(
    plan: Plan, *, level: str | None = None, weights: Mapping[str, float] | None = None
) -> PlanInfo:
    """Return the plan's titles, dates and criteria with weights that sum to 1.

    Parameters
    ----------
    plan
        The plan file.
    level
        Level to rank instead of the plan's.
    weights
        Criterion to weight instead of the plan's; criteria left out keep theirs.

    Raises
    ------
    InputError
        For a weight of an unknown criterion, or weights that do not leave one above 0.
    """
    merged = _merge_weights(plan, weights or {})
    titles = name_in_both(plan.title_zh, plan.title_en, plan.name)
    names = name_measures([each for entry in plan.criteria for each in entry.measures])
    criteria = tuple(
        Criterion(
            entry.name,
            *name_in_both(entry.title_zh, entry.title_en, entry.name),
            merged[entry.name],
            tuple(
                _describe_measure(
                    measure, names[measure.id], sum(each.weight for each in entry.measures)
                )
                for measure in entry.measures
            ),
        )
        for entry in plan.criteria
    )
    return PlanInfo(
        name=plan.name,
        title_zh=titles[0],
        title_en=titles[1],
        as_of=plan.as_of.isoformat(),
        bbox=plan.bbox,
        view=plan.view,
        albers=albers(plan.region.box),
        scenario=plan.scenario.name,
        year=plan.scenario.year,
        level=level or plan.level,
        review_number=plan.review_number,
        criteria=criteria,
        targets=plan.network.targets,
        classes=tuple(
            LatencyClass(each.id, each.title_zh, each.title_en, each.limit_rtt_ms, each.source_id)
            for each in sorted(plan.network.classes, key=lambda each: each.limit_rtt_ms)
        ),
        scenario_zh=plan.scenario.title_zh,
        scenario_en=plan.scenario.title_en,
        origin=_COMMAND if weights else _tell_origin(plan.weights),
    )


def name_in_both(title_zh: str, title_en: str, name: str) -> tuple[str, str]:
    """Return titles in both languages: the one that there is, else the name.

    >>> name_in_both("", "Parks of Leinster", "leinster")
    ('Parks of Leinster', 'Parks of Leinster')
    """
    return title_zh or title_en or name, title_en or title_zh or name


def _merge_weights(plan: Plan, weights: Mapping[str, float]) -> dict[str, float]:
    known = find_weights(plan.criteria, plan.weights)
    strange = sorted(set(weights) - set(known))
    if strange:
        what = tell("fault.criterion.unknown_names", names=join(strange))
        raise InputError(Problem("--weights", what, tell("fix.known", known=join(known))))
    merged = {**known, **weights}
    try:
        total = sum(weigh(weight) for weight in merged.values())
    except UnfitError as error:
        raise InputError(Problem("--weights", error.words, tell("fix.correct_them"))) from None
    if total == 0:
        what, fix = tell("fault.weights.all_zero"), tell("fix.give_one_above_0")
        raise InputError(Problem("--weights", what, fix))
    return {name: weight / total for name, weight in merged.items()}


def _describe_measure(
    entry: MeasureEntry, names: tuple[str, str, str], all_weight: float
) -> Measure:
    return Measure(
        entry.id,
        *names,
        entry.weight / all_weight,
        entry.worst,
        entry.best,
        entry.reason,
        in_report=entry.weight > 0 if entry.report is None else entry.report,
        shape=entry.shape,
        steepness=entry.steepness,
        points=entry.points,
        is_band_shared=entry.band_shared,
    )


def _tell_origin(weighting: Weighting | None) -> WeightsOrigin | None:
    if weighting is None:
        return None
    return WeightsOrigin(
        weighting.who_zh,
        weighting.who_en,
        weighting.why_zh,
        weighting.why_en,
        tuple(
            (each.name, prioritise(each.judgements).consistency_ratio) for each in weighting.experts
        ),
    )
