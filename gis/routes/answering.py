"""What `steppe route` answers, from what its two ends are called to routes with all that is told of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from steppe.layers.progress import count
from steppe.planfile.plan_inputs import Inputs
from steppe.routes.cost_surface import Ground, lay_ground
from steppe.routes.ends import End
from steppe.routes.new_route import NewRoute, draw_route
from steppe.routes.searching import Asked, NoWayError, find_one, name_route, refuse_barriers
from steppe.routes.tie_lines import (
    N_STATIONS,
    Station,
    find_tie_lines,
    list_stations,
    pick_stations,
)
from steppe.routes.told_route import ToldRoute, tell_route, tell_tie_line
from steppe.routing.terrain.accumulation import accumulate

TIE_MARGIN_KM = 10.0
"""How far round a site and its stations is looked for lines to the grid."""


WIDEST = 4.0


@dataclass(frozen=True)
class View:
    """How the ground is looked at.

    Parameters
    ----------
    cell_m, margin_km
        Side of a cell, and how far round the ends; the plan's where None.
    drop
        Barriers to leave out.
    """

    cell_m: float | None = None
    margin_km: float | None = None
    drop: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Answer:
    """Routes, and the grounds that they were found over."""

    grounds: tuple[Ground, ...]
    routes: tuple[ToldRoute, ...]


def answer_one(inputs: Inputs, asked: Asked, view: View) -> Answer:
    """Return the route of least cost between two ends.

    Where no way leads over the ground that the plan has looked at, it is looked farther, up to
    `WIDEST` times as far, unless the user said how far.
    """
    margin_km = inputs.plan.route.margin_km if view.margin_km is None else view.margin_km
    widest_km = margin_km * (WIDEST if view.margin_km is None else 1.0)
    while True:
        ground = _open(inputs, [asked.start, asked.end], replace(view, margin_km=margin_km))
        try:
            route = find_one(inputs, ground, asked)
        except NoWayError:
            if 2.0 * margin_km > widest_km:
                raise
            margin_km *= 2.0
        else:
            return Answer((ground,), (_tell(inputs, ground, asked, route),))


def answer_matrix(
    inputs: Inputs, starts: Sequence[End], goals: Sequence[End], asked: Asked, view: View
) -> Answer:
    """Return the routes from each of some ends to each of others, over one ground: a tree for each goal.

    Pairs that no way joins, and two ends in one cell, have no route.
    """
    ground = _open(inputs, [*starts, *goals], view)
    cells = [ground.row_column(each) for each in starts]
    found = []
    for goal in goals:
        reached = accumulate(
            ground.cost, [ground.row_column(goal)], neighbours=inputs.plan.route.neighbours
        )
        costs = reached.cost
        for start, cell in zip(starts, cells, strict=True):
            cost_km = float(costs[cell])
            if not np.isfinite(cost_km) or cost_km == 0.0:
                continue
            route = draw_route(
                ground,
                reached.trace(*cell)[::-1],
                start,
                goal,
                route_id=name_route(inputs, start, goal),
                cost_km=cost_km,
                bound_km=cost_km,
                price=inputs.plan.route.price,
            )
            found.append((starts.index(start), _tell(inputs, ground, asked, route)))
    found.sort(key=lambda each: each[0])
    return Answer((ground,), tuple(route for _, route in found))


def answer_tie_lines(inputs: Inputs, sites: Sequence[End], view: View) -> Answer:
    """Return the lines from each of some sites to the two stations that cost least to reach."""
    entry = inputs.plan.route
    near = View(
        entry.tie_cell_m if view.cell_m is None else view.cell_m,
        TIE_MARGIN_KM if view.margin_km is None else view.margin_km,
        view.drop,
    )
    grounds, routes = [], []
    for site in count(sites):
        stations = list_stations(inputs, site)
        looked: list[Station] = []
        picked = pick_stations(inputs, stations)
        while len(picked) > len(looked):
            looked = picked
            ends = [each.end for each in looked]
            ground = _open(inputs, [site, *ends], near, free=[site])
            lines = find_tie_lines(inputs, ground, site, ends)
            dearest_km = max((line.plain_km for line in lines), default=np.inf)
            if len(lines) < N_STATIONS:
                picked = stations
            else:
                picked = pick_stations(inputs, stations, dearest_km=dearest_km)
        grounds.append(ground)
        routes += [tell_tie_line(inputs, ground, line) for line in lines]
    return Answer(tuple(grounds), tuple(routes))


def _open(
    inputs: Inputs, ends: Sequence[End], view: View, *, free: Sequence[End] | None = None
) -> Ground:
    """Return the ground round some ends, of which those of `free`, or all, must lie off barriers."""
    ground = lay_ground(inputs, ends, cell_m=view.cell_m, margin_km=view.margin_km, drop=view.drop)
    refuse_barriers(ground, ends if free is None else free)
    return ground


def _tell(inputs: Inputs, ground: Ground, asked: Asked, route: NewRoute) -> ToldRoute:
    return tell_route(inputs, ground, route, apart_km=asked.apart_km, end_zone_km=asked.end_zone_km)
