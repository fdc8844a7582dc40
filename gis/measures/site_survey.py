"""From a plan to the findings at its sites: which groups are found, and which anew in a scenario."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import pandas as pd

from steppe.criteria.cost import SiteCost
from steppe.criteria.finding import Finding
from steppe.criteria.measure import Changing, MeasureGroup
from steppe.criteria.nearby import Quantity, measure_nearby
from steppe.criteria.registry import find_group, known_measures, list_groups
from steppe.criteria.rule_quantities import FLEET_PUE, is_pue
from steppe.criteria.rules import name_distances
from steppe.criteria.surroundings import CoolingAsked, Surroundings
from steppe.layers.extents import Extent
from steppe.layers.facts import best_facts
from steppe.layers.progress import count
from steppe.layers.table_limits import MOST_WHOLE
from steppe.measures.cost_table import COST_MEASURES, price_sites
from steppe.measures.load_table import LOAD_MEASURES, check_targets, find_loads
from steppe.planfile.claim_names import CLAIM_MEASURES
from steppe.planfile.layer_extents import find_extents
from steppe.planfile.plan_inputs import Inputs

# The findings of a group, by its place among all groups.
_Found = Mapping[int, Sequence[Finding]]


@dataclass(frozen=True)
class Survey:
    """What was found at the sites of a scenario.

    Parameters
    ----------
    inputs
        What was read, as the scenario has it.
    latency
        Contract `LATENCY` of the scenario.
    by_group
        Findings of each group of measures, by its place in the registry.
    priced
        Cost of the sites.
    distances
        Park and name to the distances that rules speak of.
    targets
        Targets of the documents held against the parks, contract `TARGET_CHECKS`.
    extents
        What each layer covers; a scenario that leaves out parks changes nothing of it.
    """

    inputs: Inputs
    latency: pd.DataFrame
    by_group: _Found
    priced: list[SiteCost]
    distances: Mapping[tuple[str, str], Quantity]
    targets: pd.DataFrame
    extents: Mapping[str, Extent] = field(default_factory=dict)

    @property
    def findings(self) -> list[Finding]:
        """Return all findings."""
        return [each for found in self.by_group.values() for each in found]


def survey_sites(
    inputs: Inputs,
    latency: pd.DataFrame,
    *,
    redundancy: pd.DataFrame | None = None,
    base: Survey | None = None,
) -> Survey:
    """Measure all that the registry knows at every park.

    Parameters
    ----------
    inputs
        What was read, as the scenario has it.
    latency
        Contract `LATENCY` of the scenario.
    redundancy
        Contract `REDUNDANCY` of the scenario; without it no routes are counted.
    base
        Survey of another scenario of the plan with these parks or more: what the two have in
        common is taken from it.
    """
    extents = find_extents(inputs) if base is None else base.extents
    at, wanted = look_around(inputs, latency, extents), _find_wanted(inputs)
    if redundancy is not None:
        at = replace(at, redundancy=redundancy)
    changed = _find_changes(inputs, latency, base)
    by_group: dict[int, Sequence[Finding]] = {}
    later: list[int] = []
    for number, group in count(list(enumerate(list_groups()))):
        if wanted.isdisjoint(group.ids):
            continue
        if "costs" in group.changing:
            later.append(number)
        elif base is not None and not _is_new(group, changed):
            by_group[number] = _keep(base.by_group[number], inputs)
        else:
            by_group[number] = [each for each in find_group(group, at) if each.measure_id in wanted]
            changed |= set(group.ids)
        at = replace(at, found={**at.found, **_by_site(by_group.get(number, ()))})
    priced = price_sites(inputs, at.found)
    at = replace(at, costs=priced)
    by_group |= {number: find_group(list_groups()[number], at) for number in later}
    has_same_parks = base is not None and base.inputs.layers["parks"] is inputs.layers["parks"]
    targets = base.targets if base is not None and has_same_parks else check_targets(inputs)
    distances: Mapping[tuple[str, str], Quantity]
    if base is None:
        names = name_distances(inputs.tables["rules"], grades=inputs.plan.rules.grades)
        distances = measure_nearby(
            at.parks, at.layers, extents, names=names, incomplete=inputs.plan.rules.incomplete
        )
    else:
        distances = base.distances
    return Survey(inputs, latency, by_group, priced, distances, targets, extents)


def _find_wanted(inputs: Inputs) -> set[str]:
    """Return the measures that the plan lists, and those that its answers are made of."""
    plan, rules = inputs.plan, inputs.tables["rules"]["measure"]
    wanted = {each.id for entry in plan.criteria for each in entry.measures}
    wanted |= {name for name in rules.dropna().unique() if name in known_measures()}
    if FLEET_PUE in set(rules):
        wanted |= {name for name in known_measures() if is_pue(name)}
    wanted |= set(COST_MEASURES)
    if plan.cooling is not None:
        wanted |= set(LOAD_MEASURES)
    if "claim_texts" in plan.layers:
        wanted |= set(CLAIM_MEASURES)
    for group in reversed(list_groups()):
        # What a measure is made of stands before it.
        wanted |= set() if wanted.isdisjoint(group.ids) else set(group.after)
    return wanted


def look_around(
    inputs: Inputs, latency: pd.DataFrame, extents: Mapping[str, Extent]
) -> Surroundings:
    """Return what measures are found from, before any is.

    Parameters
    ----------
    inputs
        What was read, as the scenario has it.
    latency
        Contract `LATENCY` of the scenario.
    extents
        What each layer covers.
    """
    plan, parks = inputs.plan, inputs.layers["parks"]
    return Surroundings(
        parks=parks,
        layers=inputs.layers,
        tables={name: table for name, table in inputs.tables.items() if name in plan.layers},
        rasters=inputs.rasters,
        extents=extents,
        facts=best_facts(inputs.facts, inputs.sources),
        power=plan.power,
        climate=plan.climate,
        geology=plan.geology,
        year=plan.scenario.year,
        target=next(iter(plan.network.targets), ""),
        cooling=ask_cooling(inputs),
        listed={each.id for entry in plan.criteria for each in entry.measures},
        weather=inputs.weather,
        latency=latency,
        loads=find_loads(inputs, plan.cooling.rates) if plan.cooling is not None else {},
    )


def ask_cooling(inputs: Inputs) -> CoolingAsked | None:
    """Return what a plan asks of cooling at its sites; None where it asks nothing."""
    cooling, parks = inputs.plan.cooling, inputs.layers["parks"]
    if cooling is None:
        return None
    cities = zip(parks["park_id"], parks["city"], strict=True)
    years = {str(park_id): cooling.year(str(city)) for park_id, city in cities}
    question = replace(cooling.question, of_many=len(parks) > MOST_WHOLE)
    return CoolingAsked(question, cooling.sources, cooling.rates, years)


def _find_changes(
    inputs: Inputs, latency: pd.DataFrame, base: Survey | None
) -> set[Changing | str]:
    """Return what of the things that measures hang on differs from another scenario."""
    if base is None:
        return set()
    same = {
        "year": inputs.plan.scenario.year == base.inputs.plan.scenario.year,
        "latency": latency is base.latency,
        "power_terms": inputs.tables["power_terms"] is base.inputs.tables["power_terms"],
    }
    return {name for name, is_same in same.items() if not is_same}


def _is_new(group: MeasureGroup, changed: set[Changing | str]) -> bool:
    return bool(changed & {*group.changing, *group.after})


def _keep(findings: Sequence[Finding], inputs: Inputs) -> list[Finding]:
    here = set(inputs.layers["parks"]["park_id"])
    return [each for each in findings if each.site_id in here]


def _by_site(findings: Sequence[Finding]) -> dict[tuple[str, str], Finding]:
    return {(each.site_id, each.measure_id): each for each in findings}
