"""The registry of measures: every one that a module of the criteria lists, and how they are found.

A module of this package whose name ends in `_measures`, at any depth, lists some as `GROUPS`;
nothing else names it.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping, Sequence
from functools import cache
from graphlib import TopologicalSorter
from importlib import import_module

import pandas as pd

from steppe.criteria.finding import Finding
from steppe.criteria.measure import KnownMeasure, MeasureGroup
from steppe.criteria.surroundings import Surroundings
from steppe.layers.conformity import conform
from steppe.layers.contracts.scores import MEASURES
from steppe.layers.wording import join, say_all

_PACKAGE = "steppe.criteria"


@cache
def list_groups() -> tuple[MeasureGroup, ...]:
    """Return the groups of all modules, each behind those that it is made of.

    Raises
    ------
    ValueError
        When a measure is listed twice.
    """
    modules = [import_module(name) for name in _name_modules()]
    found: list[MeasureGroup] = [group for module in modules for group in module.GROUPS]
    by_measure: dict[str, int] = {}
    for number, group in enumerate(found):
        for measure_id in group.ids:
            if measure_id in by_measure:
                msg = f"the measure {measure_id} is listed twice"
                raise ValueError(msg)
            by_measure[measure_id] = number
    order = TopologicalSorter(
        {
            number: {by_measure[measure_id] for measure_id in group.after}
            for number, group in enumerate(found)
        }
    )
    return tuple(found[number] for number in order.static_order())


def _name_modules() -> list[str]:
    found = pkgutil.walk_packages(import_module(_PACKAGE).__path__, f"{_PACKAGE}.")
    return sorted(each.name for each in found if each.name.endswith("_measures"))


@cache
def known_measures() -> Mapping[str, KnownMeasure]:
    """Return every measure by its name, in alphabetical order."""
    found = {each.measure_id: each for group in list_groups() for each in group.measures}
    return dict(sorted(found.items()))


def find_group(group: MeasureGroup, at: Surroundings) -> list[Finding]:
    """Return what a group finds at the sites.

    Where a layer that it needs is not in the plan or has no row, the measures that the plan lists
    are unknown with that reason: an empty layer does not say that nothing is there.
    """
    missing = at.find_missing(group.layers)
    if not missing:
        return list(group.find(at))
    if group.copes:
        # What is told all the same, as by hours that the plan gives, and why the rest is not.
        found = group.find(at)
        return [each for each in found if each.value is not None or each.measure_id in at.listed]
    untold: list[Finding] = []
    told = {each.measure_id for each in group.measures if not at.find_missing(each.layers)}
    if told and at.has_all(group.layers):
        untold += [each for each in group.find(at) if each.measure_id in told]
    else:
        told = set()
    for each in group.measures:
        if each.measure_id in told:
            continue
        lacking = at.find_missing(each.layers) or missing
        untold += at.tell_unknown([each.measure_id], join(lacking, "join.semicolon"))
    return untold


def tabulate(
    findings: Sequence[Finding],
    *,
    scenario: str,
    year: int,
    criteria: Mapping[str, str],
    measures: Mapping[str, KnownMeasure] | None = None,
) -> pd.DataFrame:
    """Return the findings as the measures table of one run, contract `MEASURES`, sorted by its key.

    Parameters
    ----------
    findings
        What was found.
    scenario, year
        The run's key.
    criteria
        Measure to the criterion under which the plan lists it; the others serve their own.
    measures
        Measures by name; the registry's by default.
    """
    known = known_measures() if measures is None else measures
    of_measures = {
        name: {
            "criterion": criteria.get(name, measure.criterion),
            "unit": measure.unit,
            **say_all("method", measure.method),
            "scenario": scenario,
            "year": year,
        }
        for name, measure in known.items()
    }
    rows = [{**each.row, **of_measures[each.measure_id]} for each in findings]
    frame = pd.DataFrame(rows, columns=list(MEASURES.columns))
    ordered = frame.sort_values(list(MEASURES.key)).reset_index(drop=True)
    return conform(ordered, MEASURES)
