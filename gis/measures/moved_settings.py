"""Measures found anew at some sites with another number of the plan's settings."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from steppe.criteria.cooling.loads import UNITS as LOADS
from steppe.criteria.cooling.survey import (
    IN_ALLOWABLE,
    IN_RECOMMENDED,
    WET_FULL,
    WET_PARTIAL,
    Question,
    name_pue,
)
from steppe.criteria.finding import Finding
from steppe.criteria.measure import MeasureGroup
from steppe.criteria.registry import find_group, list_groups
from steppe.criteria.surroundings import Surroundings
from steppe.measures.cost_table import COST_MEASURES, price_sites
from steppe.measures.load_table import find_loads
from steppe.measures.site_survey import Survey, ask_cooling
from steppe.planfile.assumed_numbers import replace_setting

_HOURS = (WET_FULL, WET_PARTIAL, IN_RECOMMENDED, IN_ALLOWABLE)


def hangs_on(path: str, wanted: Collection[str]) -> bool:
    """Tell whether any of some measures may change with a number of the settings.

    Parameters
    ----------
    path
        Of the number, see `steppe.planfile.assumed_numbers`.
    wanted
        Measures.
    """
    changed: set[str] = set()
    for group in list_groups():
        if _is_changed(group, path, changed):
            changed |= set(group.ids)
    return not changed.isdisjoint(wanted)


def _is_changed(group: MeasureGroup, path: str, changed: Collection[str]) -> bool:
    return (
        any(path == key or path.startswith(f"{key}.") for key in group.settings)
        or "costs" in group.changing
        or not set(group.after).isdisjoint(changed)
    )


def measure_moved(
    survey: Survey,
    at: Surroundings,
    path: str,
    value: float,
    *,
    sites: Collection[str],
    wanted: Collection[str],
) -> list[Finding]:
    """Measure some sites with one number of the settings moved.

    Parameters
    ----------
    survey
        Of the plan as it is: what does not hang on the number is taken from it.
    at
        What its measures are found from, see `look_around`.
    path, value
        Of the number, and what it is to be.
    sites
        Parks.
    wanted
        Measures that are asked for.

    Raises
    ------
    ValueError
        When the plan may not have that number.
    """
    parks = at.parks[at.parks["park_id"].isin(list(sites))].reset_index(drop=True)
    plan = replace_setting(survey.inputs.plan, path, value)
    moved = replace(survey.inputs, plan=plan, layers={**survey.inputs.layers, "parks": parks})
    needed, changed = _list_needed(wanted), set[str]()
    cooling = ask_cooling(moved)
    if cooling is not None and at.cooling is not None:
        # What is not asked for need not be found anew; a part of many sites is measured as all are.
        asked = replace(cooling.question, of_many=at.cooling.question.of_many)
        cooling = replace(cooling, question=_ask_less(asked, needed))
    has_loads = not needed.isdisjoint(LOADS)
    at = replace(
        at,
        parks=parks,
        power=plan.power,
        climate=plan.climate,
        geology=plan.geology,
        cooling=cooling,
        loads=find_loads(moved, cooling.rates) if has_loads and cooling is not None else {},
    )
    here = set(parks["park_id"])
    findings: list[Finding] = []
    # Costs are made of the rest.
    groups = sorted(enumerate(list_groups()), key=lambda each: "costs" in each[1].changing)
    for number, group in groups:
        if needed.isdisjoint(group.ids):
            continue
        if _is_changed(group, path, changed):
            if "costs" in group.changing:
                at = replace(at, costs=price_sites(moved, at.found))
            found = list(find_group(group, at))
            changed |= set(group.ids)
        else:
            found = [each for each in survey.by_group[number] if each.site_id in here]
        findings += found
        known = {(each.site_id, each.measure_id): each for each in found}
        at = replace(at, found={**at.found, **known})
    return [each for each in findings if each.measure_id in wanted]


def _ask_less(question: Question, needed: Collection[str]) -> Question:
    """Ask for the facility that is scored, others whose PUE is needed, and hours if any are."""
    first, *others = question.facilities
    kept = [each for each in others if name_pue(question, each) in needed]
    has_hours = not set(needed).isdisjoint(_HOURS)
    return replace(question, facilities=(first, *kept), has_hours=has_hours)


def _list_needed(wanted: Collection[str]) -> set[str]:
    """Return measures and what they are made of."""
    needed = set(wanted)
    groups = sorted(list_groups(), key=lambda each: "costs" in each.changing)
    for group in reversed(groups):
        if not needed.isdisjoint(group.ids):
            needed |= {*group.after, *(COST_MEASURES if "costs" in group.changing else ())}
    return needed
