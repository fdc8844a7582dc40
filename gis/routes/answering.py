"""What `steppe route` answers, from what its two ends are called to routes with all that is told of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from steppe.layers.progress import count
from steppe.planfile.plan_inputs import Inputs
from steppe.routes.along import (
    RouteTree,
    find_along,
    find_disjoint_along,
    find_pair_along,
    find_tree_along,
)
from steppe.routes.cost_surface import Ground, lay_ground
from steppe.routes.ends import End
from steppe.routes.new_route import NewRoute, draw_route
from steppe.routes.pairs import RoutePair, find_route_frontier, find_route_pair
from steppe.routes.searching import (
    Asked,
    NoWayError,
    find_one,
    keep_off,
    name_route,
    refuse_barriers,
    refuse_one_cell,
    refuse_too_near,
    tell_no_way,
)
from steppe.routes.tie_lines import (
    N_STATIONS,
    Station,
    find_tie_lines,
    list_stations,
    pick_stations,
)
from steppe.routes.told_route import ToldRoute, tell_route, tell_tie_line
from steppe.routing.terrain.accumulation import accumulate_steps
from steppe.routing.terrain.near_best import NearBest, find_alternatives, find_near_best
from steppe.routing.terrain.point_to_point import NoWayError as NoWayOverCellsError
from steppe.routing.terrain.steps import prepare_steps

TIE_MARGIN_KM = 10.0
"""How far round a site and its stations is looked for lines to the grid."""
WIDEST = 4.0
"""Times the margin of the plan that it is looked at most where no way is found."""
MOST_SHARED = 0.5
"""Of the length of an alternative, what may lie beside those before it."""


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
    """Routes, and the grounds that they were found over.

    Parameters
    ----------
    grounds, routes
        What was searched and found.
    pairs
        Of a question for two routes apart: each distance and the pair, None where there is none.
    near
        Of a question for alternatives: what the ways through each cell cost.
    tree
        Of a question for a tree: its cost and its bound.
    """

    grounds: tuple[Ground, ...]
    routes: tuple[ToldRoute, ...]
    pairs: tuple[tuple[float, RoutePair | None], ...] = ()
    near: NearBest | None = None
    tree: RouteTree | None = None


def answer_one(inputs: Inputs, asked: Asked, view: View) -> Answer:
    """Return the route of least cost between two ends."""

    def look(ground: Ground) -> Answer:
        route = find_one(inputs, ground, asked)
        return Answer((ground,), (_tell(inputs, ground, asked, route),))

    return _look_farther(inputs, asked, view, look)


def answer_pair(inputs: Inputs, asked: Asked, view: View) -> Answer:
    """Return the two routes of least cost together that keep apart."""
    ground = _open(inputs, [asked.start, asked.end], view)
    pair = find_route_pair(inputs, ground, asked)
    told = [_tell(inputs, ground, asked, each) for each in (pair.first, pair.second)]
    return Answer((ground,), tuple(told), ((asked.apart_km, pair),))


def answer_along(inputs: Inputs, asked: Asked, view: View, over: str) -> Answer:
    """Return the route of least cost along the lines of a layer or an extract."""
    ground = _open(inputs, [asked.start, asked.end], view, free=())
    route = find_along(inputs, ground, asked, over)
    return Answer((ground,), (_tell(inputs, ground, asked, route),))


def answer_pair_along(
    inputs: Inputs, asked: Asked, view: View, over: str, *, is_disjoint: bool
) -> Answer:
    """Return two routes along lines that share nothing, or that keep apart."""
    ground = _open(inputs, [asked.start, asked.end], view, free=())
    find = find_disjoint_along if is_disjoint else find_pair_along
    pair = find(inputs, ground, asked, over)
    told = [_tell(inputs, ground, asked, each) for each in (pair.first, pair.second)]
    return Answer((ground,), tuple(told), ((pair.asked_km, pair),))


def answer_tree(inputs: Inputs, ends: Sequence[End], view: View, over: str) -> Answer:
    """Return the branches of a tree along lines that joins all of some ends."""
    ground = _open(inputs, ends, view, free=())
    tree = find_tree_along(inputs, ground, ends, over)
    entry = inputs.plan.route
    asked = Asked(ends[0], ends[-1], entry.apart_km, entry.end_zone_km)
    told = [_tell(inputs, ground, asked, each) for each in tree.branches]
    return Answer((ground,), tuple(told), tree=tree)


def answer_frontier(inputs: Inputs, asked: Asked, aparts_km: Sequence[float], view: View) -> Answer:
    """Return the pair of least cost for each of some distances, and the routes of the widest."""
    ground = _open(inputs, [asked.start, asked.end], view)
    pairs = find_route_frontier(inputs, ground, replace(asked, apart_km=min(aparts_km)), aparts_km)
    widest = [pair for _, pair in pairs if pair is not None][-1:]
    routes = [
        _tell(inputs, ground, asked, each) for pair in widest for each in (pair.first, pair.second)
    ]
    return Answer((ground,), tuple(routes), tuple(pairs))


def answer_alternatives(inputs: Inputs, asked: Asked, n_ways: int, view: View) -> Answer:
    """Return the best route and the cheapest others that truly differ.

    Each costs at most `alternative_pct` of the plan more than the best, and at most half of its
    length lies within `apart_km` of those before.
    """

    def look(ground: Ground) -> Answer:
        cells = refuse_one_cell(ground, asked)
        entry = inputs.plan.route
        grid = keep_off(inputs, ground, asked)
        refuse_too_near(grid, asked, cells)
        try:
            near = find_near_best(
                grid, *cells, most_pct=entry.alternative_pct, neighbours=entry.neighbours
            )
        except NoWayOverCellsError:
            raise NoWayError(tell_no_way(ground, asked, grid)) from None
        ways = find_alternatives(
            near, n_ways=n_ways, most_shared_frac=MOST_SHARED, beside_km=asked.apart_km
        )
        told = []
        for number, way in enumerate(ways):
            route = draw_route(
                ground,
                way.cells,
                asked.start,
                asked.end,
                route_id=name_route(inputs, asked.start, asked.end, number),
                cost_km=way.cost,
                bound_km=None if number else way.cost,
                price=entry.price,
            )
            each = _tell(inputs, ground, asked, route)
            told.append(replace(each, shared_frac=way.shared_frac))
        return Answer((ground,), tuple(told), near=near)

    return _look_farther(inputs, asked, view, look)


def _look_farther(
    inputs: Inputs, asked: Asked, view: View, look: Callable[[Ground], Answer]
) -> Answer:
    """Return what is found over the ground round two ends.

    Where no way leads over the ground that the plan has looked at, it is looked farther, up to
    `WIDEST` times as far, unless the user said how far.
    """
    margin_km = inputs.plan.route.margin_km if view.margin_km is None else view.margin_km
    widest_km = margin_km * (WIDEST if view.margin_km is None else 1.0)
    while True:
        ground = _open(inputs, [asked.start, asked.end], replace(view, margin_km=margin_km))
        try:
            return look(ground)
        except NoWayError:
            if 2.0 * margin_km > widest_km:
                raise
            margin_km *= 2.0


def answer_mesh(inputs: Inputs, ends: Sequence[End], asked: Asked, view: View) -> Answer:
    """Return the routes that join each two of some ends."""
    pairs = combinations(range(len(ends)), 2)
    return _join_each(inputs, ends, list(pairs), asked, view)


def answer_matrix(
    inputs: Inputs, starts: Sequence[End], goals: Sequence[End], asked: Asked, view: View
) -> Answer:
    """Return the routes from each of some ends to each of others."""
    n_starts = len(starts)
    pairs = [(start, n_starts + goal) for start in range(n_starts) for goal in range(len(goals))]
    return _join_each(inputs, [*starts, *goals], pairs, asked, view)


def _join_each(
    inputs: Inputs,
    ends: Sequence[End],
    pairs: Sequence[tuple[int, int]],
    asked: Asked,
    view: View,
) -> Answer:
    """Return the routes between some pairs of ends, over one ground, by a search from each second end.

    Pairs that no way joins, and two ends in one cell, have no route.
    """
    ground = _open(inputs, ends, view)
    cells = [ground.row_column(each) for each in ends]
    steps = prepare_steps(ground.cost, inputs.plan.route.neighbours)
    found: dict[tuple[int, int], ToldRoute] = {}
    for goal in count(sorted({second for _, second in pairs})):
        firsts = [first for first, second in pairs if second == goal]
        reached = accumulate_steps(steps, [cells[goal]], targets=[cells[each] for each in firsts])
        costs = reached.cost
        for first in firsts:
            cost_km = float(costs[cells[first]])
            if not np.isfinite(cost_km) or cost_km == 0.0:
                continue
            route = draw_route(
                ground,
                reached.trace(*cells[first])[::-1],
                ends[first],
                ends[goal],
                route_id=name_route(inputs, ends[first], ends[goal]),
                cost_km=cost_km,
                bound_km=cost_km,
                price=inputs.plan.route.price,
            )
            found[first, goal] = _tell(inputs, ground, asked, route)
    return Answer((ground,), tuple(found[pair] for pair in pairs if pair in found))


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
