"""From a plan's layers to its findings on power and ground, and its rules to their verdicts."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from steppe.criteria.finding import Finding
from steppe.criteria.geology import measure_acceleration, measure_site_acceleration
from steppe.criteria.grid import (
    measure_grid,
    measure_independence,
    measure_stations,
    measure_tie_line,
    name_grids,
)
from steppe.criteria.ground import measure_grids
from steppe.criteria.power import measure_grid_distance, measure_operating_capacity
from steppe.criteria.power_terms import UNITS, measure_terms
from steppe.criteria.rules import RuleSettings, check_rules
from steppe.criteria.seismicity import Window, measure_events, measure_faults, measure_rate
from steppe.layers.errors import InputError, Problem
from steppe.planfile.plan_inputs import Inputs

FIRM = ("coal", "gas", "hydro", "nuclear")
RENEWABLE = ("wind", "solar")


def find_sites_power(inputs: Inputs) -> list[Finding]:
    """Return what the grid and the plants round the parks are; no scenario changes it."""
    plan, layers = inputs.plan.power, inputs.layers
    parks, substations, plants = layers["parks"], layers["substations"], layers["plants"]
    findings: list[Finding] = []
    for voltage_kv, measure_id in ((220.0, "grid_220_km"), (500.0, "grid_500_km")):
        findings += measure_grid_distance(
            parks,
            substations,
            voltage_kv=voltage_kv,
            measure_id=measure_id,
            search_km=plan.search_km,
        )
    findings += measure_operating_capacity(parks, plants, search_km=plan.search_km)
    for measure_id, carriers in (("firm_100km_mw", FIRM), ("renewable_100km_mw", RENEWABLE)):
        findings += measure_operating_capacity(
            parks, plants, search_km=plan.search_km, measure_id=measure_id, carriers=carriers
        )
    findings += measure_stations(parks, substations)
    findings += measure_independence(parks, substations)
    findings += measure_tie_line(
        parks,
        substations,
        search_km=plan.search_km,
        route_factor=plan.route_factor,
        route_reason=plan.route_reason,
    )
    return findings + measure_grid(parks, substations)


def find_terms(inputs: Inputs) -> list[Finding]:
    """Return what is known of capacity and price of the supply of every park.

    Raises
    ------
    InputError
        When the terms of supply name what is not there.
    """
    parks, substations = inputs.layers["parks"], inputs.layers["substations"]
    terms = inputs.tables["power_terms"]
    _refuse_terms(terms, set(parks["park_id"]), set(substations["grid"].dropna()))
    grids = name_grids(parks, substations)
    return measure_terms(parks, terms, grids=grids, supply_kv=inputs.plan.power.supply_kv)


def _refuse_terms(terms: pd.DataFrame, parks: Collection[str], grids: Collection[str]) -> None:
    strange_park = terms["park_id"].notna() & ~terms["park_id"].isin(list(parks))
    strange_grid = terms["grid"].notna() & ~terms["grid"].isin(list(grids))
    nothing = terms["park_id"].isna() & terms["grid"].isna()
    wrong_unit = terms["unit"] != terms["field"].map(UNITS)
    found = (
        (strange_park, "park_id is not in parks", "add it to parks or correct it"),
        (strange_grid, "grid is not in substations", "write it as substations do"),
        (nothing, "names neither a park nor a grid", "fill in park_id or grid"),
        (wrong_unit, "the unit is not that of the field", f"units: {UNITS}"),
    )
    problems = [
        Problem("power_terms", what, fix, tuple(terms.loc[rows, "term_id"]))
        for rows, what, fix in found
        if rows.any()
    ]
    if problems:
        raise InputError(problems)


def find_ground(inputs: Inputs, facts: pd.DataFrame) -> list[Finding]:
    """Return every finding of the criterion geology.

    Parameters
    ----------
    inputs
        What was read.
    facts
        The best facts; they tell which source gave a town its class.
    """
    plan, layers = inputs.plan.geology, inputs.layers
    parks = layers["parks"]
    basic = measure_acceleration(parks, layers["towns"], facts)
    earthquakes = layers.get("earthquakes")
    windows = [Window(**each.model_dump()) for each in plan.complete]
    return [
        *basic,
        *measure_site_acceleration(
            parks, basic, factors=plan.site_factors, source_id=plan.factors_source_id
        ),
        *measure_events(parks, earthquakes, extent=plan.extent),
        *measure_rate(
            parks,
            earthquakes,
            magnitude=plan.rate_magnitude,
            windows=windows,
            extent=plan.extent,
        ),
        *measure_faults(parks, layers.get("faults"), layers.get("fault_extent")),
        *measure_grids(parks, inputs.rasters),
    ]


def find_verdicts(
    inputs: Inputs, measures: pd.DataFrame, *, relax: Collection[str] = ()
) -> pd.DataFrame:
    """Hold the plan's rules against its parks, contract `RULE_CHECKS`.

    Parameters
    ----------
    inputs
        What was read.
    measures
        Contract `MEASURES`.
    relax
        Rule ids or clauses that are to exclude nothing.

    Raises
    ------
    InputError
        For a rule that cannot be held against anything, or a clause that is not there.
    """
    plan = inputs.plan.rules
    settings = RuleSettings(plan.grades, plan.incomplete, frozenset(relax))
    return check_rules(inputs.layers, inputs.tables["rules"], measures, settings=settings)
