"""What was read, as a scenario of the plan has it, and whether a scenario names what is there."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

import geopandas as gpd
import pandas as pd

from steppe.layers.errors import InputError, Problem
from steppe.layers.wording import Message, join, tell
from steppe.planfile.cut_units import fell_cables, find_units
from steppe.planfile.plan_inputs import Inputs
from steppe.planfile.scenario_entries import PRICE, Scenario, Variant
from steppe.planfile.weight_entries import Weighting


def apply_variant(inputs: Inputs, name: str) -> Inputs:
    """Return what was read, as a scenario of the plan has it.

    Parameters
    ----------
    inputs
        What `read_inputs` read.
    name
        The base, which changes nothing, or a variant.

    Raises
    ------
    InputError
        For a scenario that is not in the plan, or one that names what is not there.
    """
    plan = inputs.plan
    if name == plan.scenario.name:
        return inputs
    by_name = {each.name: each for each in plan.scenarios}
    if name not in by_name:
        known = join([plan.scenario.name, *by_name])
        what = tell("fault.scenario.unknown", name=name)
        raise InputError(Problem("--scenario", what, tell("fix.known", known=known)))
    variant = by_name[name]
    _refuse_strangers(variant, inputs)
    scenario = Scenario(
        name=variant.name,
        title_zh=variant.title_zh,
        title_en=variant.title_en,
        year=plan.scenario.year if variant.year is None else variant.year,
        statuses=variant.statuses or plan.scenario.statuses,
    )
    weights = {entry.name: entry.weight for entry in plan.criteria} | variant.weights
    criteria = tuple(
        entry.model_copy(update={"weight": weights[entry.name]}) for entry in plan.criteria
    )
    # What a scenario leaves as it is stays the same object, so that nothing is found twice.
    layers, tables = dict(inputs.layers), dict(inputs.tables)
    if variant.moves_cables:
        layers["fibre"] = _move_cables(inputs, variant, scenario)
    if variant.drop:
        layers["parks"] = _drop_parks(inputs.layers["parks"], variant.drop)
    if variant.drop or variant.prices:
        tables["power_terms"] = _set_prices(inputs, variant)
    return dataclasses.replace(
        inputs,
        plan=plan.model_copy(
            update={
                "scenario": scenario,
                "criteria": criteria,
                "weights": _tell_weights(variant) if variant.weights else plan.weights,
                "request": variant.request.change(plan.request)
                if variant.request
                else plan.request,
            }
        ),
        layers=layers,
        tables=tables,
    )


def _tell_weights(variant: Variant) -> Weighting:
    return Weighting(
        who_zh=f"情景“{variant.title_zh}”",
        who_en=f"Scenario {variant.name}",
        why_zh=variant.why_zh,
        why_en=variant.why_en,
    )


def check_variants(inputs: Inputs) -> list[Problem]:
    """Return what the scenarios name that is not there."""
    problems: list[Problem] = []
    for variant in inputs.plan.scenarios:
        try:
            _refuse_strangers(variant, inputs)
        except InputError as error:
            problems += error.problems
    return problems


def _refuse_strangers(variant: Variant, inputs: Inputs) -> None:
    cables, parks = set(inputs.layer("fibre")["cable_id"]), set(inputs.layers["parks"]["park_id"])
    left = parks - set(variant.drop)
    given = {entry.name: entry.weight for entry in inputs.plan.criteria}
    cable, park = tell("fault.scenario.cable"), tell("fault.scenario.park")
    cited = (each.source_id for each in variant.prices.values())
    named: tuple[tuple[str, Iterable[str], set[str], Message], ...] = (
        ("build", variant.build, cables, cable),
        ("drop", variant.drop, parks, park),
        ("prices", variant.prices, left, park),
        ("weights", variant.weights, set(given), tell("fault.scenario.criterion")),
        ("prices", cited, {*inputs.sources}, tell("fault.scenario.source")),
    )
    where = f"plan.toml › scenarios.{variant.name}"
    problems = [
        Problem(f"{where}.{key}", what, tell("fix.correct_name"), tuple(strange))
        for key, names, known, what in named
        if (strange := sorted(set(names) - known))
    ]
    try:
        _find_gone(inputs, variant)
    except InputError as error:
        problems += error.problems
    if parks and not left:
        what = tell("fault.scenario.no_park")
        problems.append(Problem(f"{where}.drop", what, tell("fix.leave_one")))
    if variant.weights and None in given.values():
        # A share of weights that experts gave cannot be set beside them.
        what, fix = tell("fault.scenario.experts"), tell("fix.remove_weights")
        problems.append(Problem(f"{where}.weights", what, fix))
    elif variant.weights and not any((given | variant.weights).values()):
        what, fix = tell("fault.scenario.no_weight"), tell("fix.leave_one")
        problems.append(Problem(f"{where}.weights", what, fix))
    other = variant.request
    if other is not None and other.demand_mw is None and inputs.plan.request is None:
        what, fix = tell("fault.request.no_demand"), tell("fix.give_demand")
        problems.append(Problem(f"{where}.request", what, fix))
    if problems:
        raise InputError(problems)


def _find_gone(inputs: Inputs, variant: Variant) -> frozenset[str]:
    """Return the cables that a scenario removes, whatever their status."""
    if not variant.remove:
        return frozenset()
    fibre, where = inputs.layer("fibre"), f"plan.toml › scenarios.{variant.name}.remove"
    return fell_cables(find_units(inputs, variant.remove, lines=fibre, where=where), fibre)


def _move_cables(inputs: Inputs, variant: Variant, scenario: Scenario) -> gpd.GeoDataFrame:
    fibre, gone = inputs.layer("fibre"), _find_gone(inputs, variant)
    built = fibre["cable_id"].isin(variant.build)
    moved = fibre.assign(
        status=fibre["status"].mask(built, "in_service"),
        year=fibre["year"].mask(built & (fibre["year"] > scenario.year), scenario.year),
    )
    kept = moved[~moved["cable_id"].isin(gone)]
    return gpd.GeoDataFrame(kept.reset_index(drop=True))


def _drop_parks(parks: gpd.GeoDataFrame, drop: Iterable[str]) -> gpd.GeoDataFrame:
    gone = parks["park_id"].isin(list(drop))
    kept = parks[~gone]
    orphan = kept["parent_id"].isin(list(parks.loc[gone, "park_id"]))
    kept = kept.assign(parent_id=kept["parent_id"].mask(orphan))
    return gpd.GeoDataFrame(kept.reset_index(drop=True))


def _set_prices(inputs: Inputs, variant: Variant) -> pd.DataFrame:
    terms = inputs.tables["power_terms"]
    old = (terms["field"] == PRICE) & terms["park_id"].isin(list(variant.prices))
    old |= terms["park_id"].isin(list(variant.drop))
    rows = [
        {
            "term_id": f"{variant.name}_{park_id}",
            "field": PRICE,
            "park_id": park_id,
            "value": price.value,
            "unit": "CNY/kWh",
            "reason": f"{variant.name}: {price.reason}",
            "source_id": price.source_id,
            "as_of": inputs.plan.as_of.isoformat(),
        }
        for park_id, price in sorted(variant.prices.items())
    ]
    added = pd.DataFrame(rows, columns=list(terms.columns)).astype(terms.dtypes)
    kept = terms[~old]
    return pd.concat([kept, added], ignore_index=True) if len(kept) else added
