"""From a plan to the sites that its screening proposes, measured and scored as its parks are."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from steppe.criteria.cost import KNOWN
from steppe.criteria.rules import exclusions
from steppe.layers.conformity import conform
from steppe.layers.contracts.proposals import (
    PROPOSED,
    PROPOSED_AREAS,
    PROPOSED_MEASURES,
    PROPOSED_SCORES,
    PROPOSED_SITES,
)
from steppe.layers.contracts.siting import PARKS
from steppe.layers.crs import GEOD, WORKING_CRS, distance_km
from steppe.layers.disks import Points
from steppe.layers.errors import Note
from steppe.layers.sources import Source, name_own_source
from steppe.layers.tables import Raster
from steppe.layers.wording import Words, join, pair, say_all, tell
from steppe.measures.cost_table import tabulate_costs
from steppe.network.plan_backbone import node_starts
from steppe.planfile.plan_inputs import Inputs
from steppe.ranking.scenario_outcome import Outcome, build_network, evaluate
from steppe.ranking.score_table import TOTAL
from steppe.screening.area_lost_table import tabulate_area_lost, tabulate_screening
from steppe.screening.compared_ranks import compare_ranks
from steppe.screening.found_sites import FoundSite, find_sites, size_sites
from steppe.screening.park_trial import try_parks
from steppe.screening.screening_run import screen
from steppe.screening.shown_surfaces import SOURCE_ID, show_surfaces, tell_step_m

_WINDS = ("n", "ne", "e", "se", "s", "sw", "w", "nw")


@dataclass(frozen=True)
class Proposals:
    """What a screening adds to a plan.

    Parameters
    ----------
    layers, tables
        Of the contracts of `steppe.layers.contracts.proposals`, by name.
    rasters
        Surfaces that are shown.
    source
        What the sites name as their source: the screening itself.
    outcome
        The proposed sites as if they were the parks of the plan, at its level: what a sheet of a
        site is written from.
    """

    layers: dict[str, gpd.GeoDataFrame]
    tables: dict[str, pd.DataFrame]
    rasters: dict[str, Raster]
    source: Source
    outcome: Outcome


def propose(inputs: Inputs, base: Outcome, *, relax: Collection[str] = ()) -> Proposals | None:
    """Screen the region of a plan and return the sites for its load; None where it wants none, or has no outline.

    Parameters
    ----------
    inputs
        What was read.
    base
        What the plan comes to; the sites are held against its parks.
    relax
        Rule ids or clauses that are to take no land.

    Raises
    ------
    InputError
        For a plan that cannot be screened, see `steppe.screening.screening_run.screen`.
    """
    demand_mw = inputs.plan.screening.demand_mw
    if demand_mw is None or not _has_outline(inputs):
        return None
    size_sites(inputs, demand_mw)
    with TemporaryDirectory(prefix="steppe-screening-") as folder:
        screening = screen(inputs, Path(folder), relax=relax)
        sites = find_sites(screening, inputs, demand_mw=demand_mw)
        rasters = show_surfaces(screening, inputs)
        lost = tabulate_area_lost(screening, inputs)
        _, trial = try_parks(screening, inputs)
        whole = tabulate_screening(
            screening, inputs, demand_mw=demand_mw, shown_m=tell_step_m(rasters), trial=trial
        )
    names = [name_site(inputs, site, place) for place, site in enumerate(sites, start=1)]
    outcome = evaluate_sites(inputs, sites, names, demand_mw=demand_mw)
    return Proposals(
        {
            "proposed_sites": _tabulate_sites(base, outcome, sites, demand_mw=demand_mw),
            "proposed_areas": _outline(outcome, sites),
        },
        {
            "proposed_measures": conform(outcome.measures, PROPOSED_MEASURES),
            "proposed_scores": _mark(outcome.scores),
            "area_lost": lost,
            "screening": whole,
        },
        rasters,
        _name_source(inputs),
        outcome,
    )


def note_missing(inputs: Inputs, proposals: Proposals | None) -> list[Note]:
    """Return a note where a plan gets fewer sites for its load than it wants, or none.

    Parameters
    ----------
    inputs
        What was read.
    proposals
        What its screening came to; None where it has no outline to screen.
    """
    entry = inputs.plan.screening
    if entry.demand_mw is None:
        return []
    if proposals is None:
        return [tell("proposed.no_outline", mw=entry.demand_mw)]
    n_sites = len(proposals.layers["proposed_sites"])
    if n_sites == entry.n_sites:
        return []
    wanted = {"n": n_sites, "wanted": entry.n_sites, "mw": entry.demand_mw}
    return [tell("proposed.fewer", **wanted, km=entry.spacing_km)]


def _has_outline(inputs: Inputs) -> bool:
    return inputs.plan.region.boundary_id in set(inputs.layer("boundaries")["boundary_id"])


def _name_source(inputs: Inputs) -> Source:
    """Return the screening as a source, so that nobody takes its sites for somebody's plan."""
    return name_own_source(
        SOURCE_ID,
        "全区筛查 Screening of the region",
        accuracy="as its layers, and no finer than its cells",
        as_of=inputs.plan.as_of,
    )


def name_site(inputs: Inputs, site: FoundSite, place: int) -> Words:
    """Return what a site is called: its place, and where it lies from the nearest town of the plan."""
    towns = inputs.layer("towns")
    if towns.empty:
        return tell("proposed.name", place=place)
    points = Points.of(towns)
    away = distance_km(site.lon, site.lat, points.lons, points.lats)
    nearest = int(np.argmin(away))
    azimuth = GEOD.inv(points.lons[nearest], points.lats[nearest], site.lon, site.lat)[0]
    wind = _WINDS[round(azimuth / (360 / len(_WINDS))) % len(_WINDS)]
    town = towns.iloc[nearest]
    return tell(
        "proposed.name_near",
        place=place,
        km=float(away[nearest]),
        wind=tell(f"proposed.wind_{wind}"),
        town=pair(str(town["name_zh"]), str(town["name_en"])),
    )


def evaluate_sites(
    inputs: Inputs, sites: Sequence[FoundSite], names: Sequence[Words], *, demand_mw: float
) -> Outcome:
    """Measure and score the sites alone, as parks of the plan's level that hang on the nearest node."""
    starts = node_starts(inputs)
    lons, lats = (np.array([getattr(each, end) for each in starts]) for end in ("lon", "lat"))
    rows = []
    for site, name in zip(sites, names, strict=True):
        node = None
        if starts:
            node = starts[int(np.argmin(distance_km(site.lon, site.lat, lons, lats)))].start_id
        rows.append(
            {
                "park_id": site.site_id,
                "level": inputs.plan.level,
                **say_all("name", name),
                "status": "studied",
                "area_ha": site.area_ha,
                "it_load_mw": demand_mw,
                "node_id": node,
                "location_basis": "derived",
                "accuracy_m": site.accuracy_m,
                "source_id": SOURCE_ID,
                "as_of": inputs.plan.as_of.isoformat(),
            }
        )
    frame = gpd.GeoDataFrame(
        pd.DataFrame(rows, columns=list(PARKS.columns)),
        geometry=gpd.points_from_xy([each.lon for each in sites], [each.lat for each in sites]),
        crs=WORKING_CRS,
    )
    parks = gpd.GeoDataFrame(conform(frame, PARKS))
    alone = replace(inputs, layers={**inputs.layers, "parks": parks})
    network = build_network(alone, targets=inputs.plan.network.targets[:1])
    return evaluate(alone, network)


def _mark(scores: pd.DataFrame) -> pd.DataFrame:
    """Return scores as those of proposed sites: of their own level, and without a rank."""
    return conform(scores.assign(level=PROPOSED, rank=None), PROPOSED_SCORES)


def _tabulate_sites(
    base: Outcome, outcome: Outcome, sites: Sequence[FoundSite], *, demand_mw: float
) -> gpd.GeoDataFrame:
    parks = outcome.inputs.layers["parks"]
    totals = outcome.scores[outcome.scores["criterion"] == TOTAL].set_index("site_id")
    costs = tabulate_costs(outcome.inputs.plan, outcome.survey.priced)
    known = costs[costs["component"] == KNOWN].set_index("site_id")["cost_cny_mw_year"]
    ranks, failed = compare_ranks(base, outcome), exclusions(outcome.checks)
    rows: list[dict[str, Any]] = []
    for place, (site, park) in enumerate(
        zip(sites, parks.to_dict("records"), strict=True), start=1
    ):
        total, feeder = totals.loc[site.site_id], next(iter(site.feeders), None)
        rows.append(
            {
                **{name: park[name] for name in ("name_zh", "name_en", "node_id", "as_of")},
                "site_id": site.site_id,
                "level": PROPOSED,
                "status": PROPOSED,
                "place": place,
                "demand_mw": demand_mw,
                "area_ha": site.area_ha,
                "land_score": site.score,
                "percentile": site.percentile,
                "acceptability": site.acceptability,
                "score": total["value"],
                "score_low": total["low"],
                "score_high": total["high"],
                "coverage": total["coverage"],
                **ranks.get(site.site_id, {}),
                "known_cost_cny_mw_year": known.get(site.site_id),
                "feeder_id": None if feeder is None else feeder.grid_id,
                "feeder_kv": math.nan if feeder is None else feeder.voltage_kv,
                "feeder_km": math.nan if feeder is None else feeder.distance_km,
                "failed": failed.get(site.site_id),
                **say_all("reason", join(site.reasons, "join.semicolon")),
                "accuracy_m": site.accuracy_m,
                "source_id": SOURCE_ID,
            }
        )
    frame = gpd.GeoDataFrame(
        pd.DataFrame(rows, columns=list(PROPOSED_SITES.columns)),
        geometry=parks.geometry.array,
        crs=WORKING_CRS,
    )
    return gpd.GeoDataFrame(conform(frame, PROPOSED_SITES))


def _outline(outcome: Outcome, sites: Sequence[FoundSite]) -> gpd.GeoDataFrame:
    parks = outcome.inputs.layers["parks"]
    kept = parks[["park_id", "name_zh", "name_en", "area_ha", "accuracy_m", "source_id", "as_of"]]
    frame = gpd.GeoDataFrame(
        pd.DataFrame(kept.rename(columns={"park_id": "site_id"})),
        geometry=[each.outline for each in sites],
        crs=WORKING_CRS,
    )
    return gpd.GeoDataFrame(conform(frame, PROPOSED_AREAS))
