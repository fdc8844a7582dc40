"""From a plan's findings to the cost of its sites, the tables of it, and its break-evens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import geopandas as gpd
import pandas as pd

from steppe.criteria.break_even import compare_sites
from steppe.criteria.cost import (
    KNOWN,
    METHOD,
    PARTS,
    TOTAL,
    Amount,
    SiteCost,
    SiteInputs,
    price_site,
)
from steppe.criteria.finding import Finding, spell_sources
from steppe.layers.conformity import conform
from steppe.layers.contracts.costs import BREAK_EVENS, COSTS
from steppe.layers.table_limits import MOST_WHOLE, N_PARTNERS
from steppe.layers.wording import say_all, tell
from steppe.network.plan_backbone import Start, park_starts
from steppe.planfile.cost_entry import Cost
from steppe.planfile.plan_inputs import Inputs
from steppe.planfile.plan_schema import Plan
from steppe.routing.latency import SLACK_FRAC, planning_route_km

# Inputs of a site that are findings, under the names of their measures.
COST_MEASURES = ("price_cny_kwh", "pue", "wue_l_per_kwh", "tie_line_km")


def price_sites(inputs: Inputs, found: Mapping[tuple[str, str], Finding]) -> list[SiteCost]:
    """Return the cost of a usable megawatt-year at every park, in their order.

    Parameters
    ----------
    inputs
        What was read.
    found
        Park and measure to what was found; prices, PUE, WUE and lengths of lines are among it.
    """
    plan = inputs.plan.cost
    starts = {start.start_id: start for start in park_starts(inputs)}
    sites = []
    for _, park in inputs.layers["parks"].iterrows():
        park_id = str(park["park_id"])
        amounts = {name: _read(found.get((park_id, name)), name) for name in COST_MEASURES}
        site = SiteInputs(
            park_id, **amounts, fibre_km=_new_fibre(starts[park_id]), usable_mw=_usable(park, plan)
        )
        sites.append(price_site(site, plan.units(str(park["city"]))))
    return sites


def _read(finding: Finding | None, name: str) -> Amount:
    called = tell(f"price.name.{name}")
    if finding is None:
        return Amount(None, tell("price.makes_no", name=called))
    if finding.value is None:
        return Amount(None, tell("price.unknown", name=called, reason=finding.reason))
    return Amount(
        finding.value,
        tell(f"price.{name}", value=finding.value, reason=finding.reason),
        finding.low,
        finding.high,
        finding.source_ids,
        finding.status == "assumed",
    )


def _new_fibre(start: Start) -> Amount:
    """Return the way to the node as the backbone plans it, the accuracy of the point in its band.

    No source tells what fibre there is already, so all of it is taken as new.
    """
    if start.node_id is None:
        return Amount(
            None,
            tell("price.unknown", name=tell("price.name.fibre_km"), reason=tell("latency.no_node")),
        )
    # The low end of a way is the geodesic itself.
    air_km, reach_km = start.low_km, start.accuracy_km
    return Amount(
        start.km,
        tell("price.fibre", km=start.km, node=start.node_id, reach=reach_km),
        max(0.0, air_km - reach_km),
        planning_route_km(air_km + reach_km) * (1.0 + SLACK_FRAC[-1]),
        assumed=True,
    )


def _usable(park: pd.Series, plan: Cost) -> Amount:
    it_mw = park.get("it_load_mw")
    if pd.notna(it_mw) and float(it_mw) > 0:
        reason = tell("price.own_mw", mw=float(it_mw))
        return Amount(float(it_mw), reason, source_ids=(str(park["source_id"]),))
    return plan.block


def tabulate_costs(plan: Plan, sites: Sequence[SiteCost]) -> pd.DataFrame:
    """Return the costs, contract `COSTS`: each part, the sum of the known ones and the total."""
    rows = []
    for site in sites:
        summed = {KNOWN: site.known, TOTAL: site.total}
        for name, amount in {**site.parts, **summed}.items():
            low, high = amount.ends
            rows.append(
                {
                    "site_id": site.inputs.site_id,
                    "component": name,
                    "scenario": plan.scenario.name,
                    "year": plan.scenario.year,
                    "cost_cny_mw_year": amount.value,
                    "low_cny_mw_year": low,
                    "high_cny_mw_year": high,
                    "band": "range" if low < high else "none",
                    "status": amount.status,
                    "missing": " ".join(site.missing) if name in summed else None,
                    **say_all("reason", amount.reason),
                    "source_ids": spell_sources(amount.source_ids),
                    **say_all("method", METHOD),
                }
            )
    order = {name: rank for rank, name in enumerate((*PARTS, KNOWN, TOTAL))}
    frame = pd.DataFrame(rows, columns=list(COSTS.columns))
    ordered = frame.sort_values(
        list(COSTS.key),
        key=lambda column: column.map(order) if column.name == "component" else column,
    )
    return conform(ordered.reset_index(drop=True), COSTS)


def tabulate_break_evens(
    inputs: Inputs, sites: Sequence[SiteCost], *, level: str, ranked: Sequence[str]
) -> pd.DataFrame:
    """Return the break-evens, contract `BREAK_EVENS`: parks of one level in the region, in pairs.

    Of many parks each is held against the first ones alone (`steppe.layers.table_limits`).

    Parameters
    ----------
    inputs
        What was read.
    sites
        What `price_sites` made.
    level
        Level of the parks.
    ranked
        Parks by rank, the best first.
    """
    parks: gpd.GeoDataFrame = inputs.layers["parks"]
    inside = inputs.is_in_region() & (parks["level"] == level)
    wanted = set(parks.loc[inside, "park_id"])
    scenario = inputs.plan.scenario
    priced = [site for site in sites if site.inputs.site_id in wanted]
    others = priced
    if len(priced) > MOST_WHOLE:
        by_id = {site.inputs.site_id: site for site in priced}
        others = [by_id[name] for name in ranked if name in by_id][:N_PARTNERS]
    rows = []
    for here, there in ((one, two) for one in priced for two in others if one is not two):
        found = compare_sites(here, there)
        rows.append(
            {
                "site_id": here.inputs.site_id,
                "other_id": there.inputs.site_id,
                "scenario": scenario.name,
                "year": scenario.year,
                "pue_ratio": found.pue_ratio,
                "rest_cny_kwh": found.rest_cny_kwh,
                "compared": " ".join(found.compared),
                "missing": " ".join(found.missing),
                "energy_cny_kwh": found.energy_cny_kwh,
                "price_cny_kwh": found.price_cny_kwh,
                "status": found.status,
                **say_all("reason", found.reason),
                "source_ids": spell_sources(found.source_ids),
            }
        )
    frame = pd.DataFrame(rows, columns=list(BREAK_EVENS.columns))
    return conform(frame.sort_values(list(BREAK_EVENS.key)).reset_index(drop=True), BREAK_EVENS)
