"""Lines from a site to the grid: the way over the ground to two stations that could feed it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from steppe.layers.crs import distance_km
from steppe.layers.errors import InputError, Problem
from steppe.layers.wording import pair, tell
from steppe.planfile.plan_inputs import Inputs
from steppe.planfile.route_entry import KmPrice
from steppe.routes.cost_surface import Ground
from steppe.routes.ends import End
from steppe.routes.new_route import NewRoute, draw_route
from steppe.routing.terrain.accumulation import accumulate

N_STATIONS = 2
N_FIRST = 12  # stations that are looked at before it is known how far any can be
LAYER = "substations"
LEAST_APART_KM = 1.0
"""Stations that lie nearer to each other than this are one place: OpenStreetMap draws yards apart."""
_CURRENCY = "CNY"


@dataclass(frozen=True)
class Station:
    """A station that may carry a load, and how far it is through the air."""

    end: End
    air_km: float


def list_stations(inputs: Inputs, site: End) -> list[Station]:
    """Return the stations that may carry the load of a site, the nearest first.

    Those of the supply voltage of the plan or above, within the reach that the plan gives a line to
    the grid (`request.reach_km`).  What spare capacity a station has no layer tells.

    Raises
    ------
    InputError
        Where the plan gives no reach, or no such station lies within it.
    """
    request, stations = inputs.plan.request, inputs.layer("substations")
    if request is None:
        raise InputError(
            Problem("request.reach_km", tell("fault.route.reach"), tell("fix.route.reach"))
        )
    fit = stations[stations["voltage_kv"] >= inputs.plan.power.supply_kv]
    lons, lats = fit.geometry.x.to_numpy(), fit.geometry.y.to_numpy()
    away = distance_km(site.lon, site.lat, lons, lats)
    found = []
    for number in np.lexsort((fit["grid_id"].to_numpy(dtype=str), away)).tolist():
        if away[number] > request.reach_km:
            break
        name, called = str(fit["grid_id"].iloc[number]), fit["name"].iloc[number]
        unnamed = tell("route.station", kv=float(fit["voltage_kv"].iloc[number]))
        title = pair(called, called) if isinstance(called, str) else unnamed
        end = End(name, float(lons[number]), float(lats[number]), title, LAYER)
        found.append(Station(end, float(away[number])))
    if not found:
        kv, km = inputs.plan.power.supply_kv, request.reach_km
        what = tell("fault.route.no_station", kv=kv, km=km, site=site.title)
        raise InputError(Problem(site.end_id, what, tell("fix.route.no_station")))
    return found


def pick_stations(
    inputs: Inputs, stations: Sequence[Station], *, dearest_km: float = np.inf
) -> list[Station]:
    """Return the stations to look at: the nearest first, or all that could be cheaper than a cost.

    No line costs less than the way through the air over the cheapest ground of the plan.

    Parameters
    ----------
    inputs
        What was read.
    stations
        By distance.
    dearest_km
        Cost of the dearer line that was found, plain kilometres; infinite before any was.
    """
    if np.isinf(dearest_km):
        return list(stations[:N_FIRST])
    factors = [term.factor for term in inputs.plan.route.terms if term.factor is not None]
    cheapest = float(np.prod([factor for factor in factors if factor < 1.0]))
    return [each for each in stations if cheapest * each.air_km < dearest_km]


def find_tie_lines(
    inputs: Inputs, ground: Ground, site: End, stations: Sequence[End]
) -> list[NewRoute]:
    """Return the lines of least cost from a site to two stations, the cheaper first.

    The second leads to another station, `LEAST_APART_KM` from the first or more; fewer lines come
    back where the ground lets no more be.  Whether two stations hang on one line of the grid no
    layer tells: they are two places, no more is claimed.

    Parameters
    ----------
    inputs
        What was read.
    ground
        Round the site and its stations.
    site
        Where the lines begin.
    stations
        Those that may carry its load.
    """
    reached = accumulate(
        ground.cost, [ground.row_column(site)], neighbours=inputs.plan.route.neighbours
    )
    cells = [ground.row_column(each) for each in stations]
    costs = np.array([reached.cost[cell] for cell in cells])
    lines: list[NewRoute] = []
    for number in np.argsort(costs, kind="stable").tolist():
        station, cell = stations[number], cells[number]
        if not np.isfinite(costs[number]) or not _is_apart(station, [each.end for each in lines]):
            continue
        lines.append(
            draw_route(
                ground,
                reached.trace(*cell),
                site,
                station,
                route_id=f"tie_{site.end_id}_{len(lines) + 1}",
                cost_km=float(costs[number]),
                bound_km=float(costs[number]),
                price=_find_price(inputs),
            )
        )
        if len(lines) == N_STATIONS:
            break
    return lines


def _is_apart(station: End, others: Sequence[End]) -> bool:
    return all(
        distance_km(station.lon, station.lat, [other.lon], [other.lat])[0] >= LEAST_APART_KM
        for other in others
    )


def _find_price(inputs: Inputs) -> KmPrice | None:
    """Return what a kilometre of line costs by `[cost.tie_line_cny_km]`; nothing where it is unknown."""
    price = inputs.plan.cost.tie_line_cny_km
    if price is None or price.value <= 0.0:
        return None
    return KmPrice(
        value=price.value,
        low=price.low or None,
        high=price.high or None,
        currency=_CURRENCY,
        reason=price.reason,
        source_id=price.source_id,
        assumed=price.assumed,
    )
