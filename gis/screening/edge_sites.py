"""Where to put a few sites near people: among the free land of a screening, for the towns of a plan.

Edge sites serve the towns of the region that tell their people.  Without a reach they are those from
which people are nearest on the mean (p-median), with one those that have most people within it
(maximal covering).  Both are held against all free cells, not against some picked before.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import NDArray

from steppe.layers.disks import Points
from steppe.layers.errors import InputError, Problem
from steppe.layers.wording import Words, pair, tell
from steppe.planfile.plan_inputs import Inputs
from steppe.routing.facilities import place_coverage
from steppe.screening.free_cells import Floats, FreeCells, Whole
from steppe.screening.nearest_choice import choose_nearest
from steppe.screening.result import Screening

MOST_DISTANCES = 4_000_000_000


@dataclass(frozen=True)
class ServedTown:
    """A town and how far its nearest edge site is, geodesic; `people` is None where nobody tells."""

    town_id: str
    name: Words
    people: int | None
    away_km: float


@dataclass(frozen=True)
class EdgeSite:
    """A cell for an edge site.

    Parameters
    ----------
    site_id
        `edge_1` serves most people.
    lon, lat
        Middle of the cell, degrees.
    score
        Of its land, None where nothing is known.
    accuracy_m
        Half the diagonal of the cell.
    towns
        Those whose nearest site it is, the nearest first; with a reach those within it.
    people
        Of these, as far as it is told.
    mean_km
        From these people, weighted by their number.
    """

    site_id: str
    lon: float
    lat: float
    score: float | None
    accuracy_m: float
    towns: tuple[ServedTown, ...]
    people: int
    mean_km: float


@dataclass(frozen=True)
class EdgePlan:
    """Edge sites and what they come to.

    Parameters
    ----------
    sites
        Those that serve anybody, who serves most first.
    reach_km
        Reach that was asked for, None for the least mean distance.
    n_towns, unknown, beyond
        Towns of the region; ids of those that do not tell their people, which move no site; ids of
        those beyond the reach of every site.
    people
        Of all towns that tell it.
    served_people
        Of those that are served.
    mean_km
        From the served people to their sites, on the mean.
    bound
        No choice among the free cells has a smaller mean, km, or reaches more people.
    gap_frac
        How far what was found may be from the best, as a share of it; 0 where it is proven.
    """

    sites: tuple[EdgeSite, ...]
    reach_km: float | None
    n_towns: int
    unknown: tuple[str, ...]
    beyond: tuple[str, ...]
    people: int
    served_people: int
    mean_km: float
    bound: float
    gap_frac: float


@dataclass(frozen=True, eq=False)
class _Towns:
    """Towns of the region: ids, names, people (NaN where unknown) and places, each of shape (n,)."""

    ids: tuple[str, ...]
    names: tuple[Words, ...]
    people: Floats
    lons: Floats
    lats: Floats

    @property
    def known(self) -> NDArray[np.bool_]:
        return np.isfinite(self.people)


def find_edge_sites(
    screening: Screening, inputs: Inputs, *, n_sites: int, reach_km: float | None = None
) -> EdgePlan:
    """Choose edge sites among the free cells of a screening.

    The least mean distance is found and bounded as `choose_nearest` says.  Most people within reach is
    exact to 5 m: cells that reach the same towns count as one, of which the best land is taken.

    Parameters
    ----------
    screening
        Of the plan.
    inputs
        What was read; its towns in the region are served.
    n_sites
        How many sites there may be.
    reach_km
        From how far a town is served; None for any distance.

    Raises
    ------
    InputError
        Where no town tells its people, no land is free or within reach, and for more cells and towns
        than can be held against each other.
    """
    towns, cells = _list_towns(inputs), FreeCells.of(screening)
    if not cells.n_cells:
        raise InputError(Problem("--edge", tell("fault.edge.no_land"), tell("fix.edge.relax")))
    if cells.n_cells * len(towns.ids) > MOST_DISTANCES:
        what = tell("fault.edge.too_many", n_cells=cells.n_cells, n_towns=len(towns.ids))
        raise InputError(Problem("--edge", what, tell("fix.edge.larger")))
    if reach_km is None:
        known = towns.known
        told = towns.lons[known], towns.lats[known], towns.people[known]
        chosen, bound = choose_nearest(cells, *told, n_sites=n_sites)
        bound /= float(told[-1].sum())
    else:
        chosen, bound = _choose_reach(cells, towns, n_sites, reach_km)
    return _tell(cells, towns, chosen, bound=bound, reach_km=reach_km)


def _list_towns(inputs: Inputs) -> _Towns:
    layer, outlines = inputs.layer("towns"), inputs.layer("boundaries")
    named = (outlines["boundary_id"] == inputs.plan.region.boundary_id).to_numpy()
    region = shapely.union_all(outlines.geometry.to_numpy()[named])
    layer = layer[shapely.intersects(region, layer.geometry.to_numpy())].sort_values("town_id")
    people = (
        layer["population"].to_numpy(dtype=float, na_value=np.nan)
        if "population" in layer.columns
        else np.full(len(layer), np.nan)
    )
    if not np.isfinite(people).any():
        raise InputError(Problem("towns", tell("fault.edge.no_people"), tell("fix.edge.people")))
    places = Points.of(layer)
    names = (pair(str(zh), str(en)) for zh, en in zip(layer["name_zh"], layer["name_en"], strict=True))  # fmt: skip
    ids = tuple(layer["town_id"].astype(str))
    return _Towns(ids, tuple(names), people, places.lons, places.lats)


def _choose_reach(
    cells: FreeCells, towns: _Towns, n_sites: int, reach_km: float
) -> tuple[Whole, float]:
    """Return cells, and how many people no choice reaches more of."""
    known = towns.known
    lons, lats, people = towns.lons[known], towns.lats[known], towns.people[known]
    reached = np.packbits(
        np.stack(
            [
                cells.find_away_km(lon, lat) <= reach_km
                for lon, lat in zip(lons.tolist(), lats.tolist(), strict=True)
            ],
            axis=1,
        ),
        axis=1,
    )
    useful = np.flatnonzero(reached.any(axis=1))
    if not len(useful):
        what = tell("fault.edge.no_reach", km=reach_km)
        raise InputError(Problem("--reach-km", what, tell("fix.edge.reach")))
    # Of cells that reach the same towns the best land comes first, then the northernmost.
    order = useful[np.argsort(-np.nan_to_num(cells.scores[useful]), kind="stable")]
    _, first = np.unique(reached[order], axis=0, return_index=True)
    picked = order[np.sort(first)]
    away = cells.measure_km(picked, lons, lats)
    found = place_coverage(away, people, min(n_sites, len(picked)), within=reach_km)
    return picked[list(found.sites)], found.bound


def _tell(
    cells: FreeCells, towns: _Towns, chosen: Whole, *, bound: float, reach_km: float | None
) -> EdgePlan:
    reach = math.inf if reach_km is None else reach_km
    away = cells.measure_km(chosen, towns.lons, towns.lats)
    # Sites that nobody who is known would use are none.
    used = away[towns.known & (away.min(axis=1) <= reach)].argmin(axis=1)
    chosen, away = chosen[np.unique(used)], away[:, np.unique(used)]
    nearest_km, serves = away.min(axis=1), away.argmin(axis=1)
    within = nearest_km <= reach
    served = within & towns.known
    people = int(towns.people[served].sum())
    sites = []
    for place, cell in enumerate(chosen.tolist()):
        own = np.flatnonzero(within & (serves == place))
        own = own[np.argsort(nearest_km[own], kind="stable")]
        told = own[towns.known[own]]
        heavy = towns.people[told]
        sites.append(
            EdgeSite(
                "",
                float(cells.lons[cell]),
                float(cells.lats[cell]),
                None if np.isnan(cells.scores[cell]) else float(cells.scores[cell]),
                cells.cell_m / math.sqrt(2.0),
                tuple(_tell_town(towns, int(each), float(nearest_km[each])) for each in own),
                int(heavy.sum()),
                float(heavy @ nearest_km[told] / heavy.sum()),
            )
        )
    sites.sort(key=lambda site: (-site.people, site.lon, site.lat))
    mean_km = float(towns.people[served] @ nearest_km[served] / max(people, 1))
    value = mean_km if reach_km is None else float(people)
    return EdgePlan(
        tuple(replace(site, site_id=f"edge_{n}") for n, site in enumerate(sites, start=1)),
        reach_km,
        len(towns.ids),
        tuple(np.array(towns.ids)[~towns.known].tolist()),
        tuple(np.array(towns.ids)[~within].tolist()),
        int(towns.people[towns.known].sum()),
        people,
        mean_km,
        bound,
        abs(value - bound) / value if value else 0.0,
    )


def _tell_town(towns: _Towns, place: int, away_km: float) -> ServedTown:
    people = towns.people[place]
    count = None if np.isnan(people) else int(people)
    return ServedTown(towns.ids[place], towns.names[place], count, away_km)
