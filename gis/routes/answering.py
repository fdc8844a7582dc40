"""What `steppe route` answers of two ends: routes, and what is told of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from steppe.layers.errors import Problem
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
from steppe.routes.new_route import NewRoute
from steppe.routes.pairs import RoutePair, find_route_frontier, find_route_pair
from steppe.routes.searching import (
    Asked,
    NoWayError,
    draw_found,
    find_one,
    keep_off,
    refuse_barriers,
    refuse_one_cell,
    refuse_too_near,
    tell_no_way,
)
from steppe.routes.told_route import ToldRoute, tell_route
from steppe.routing.terrain.near_best import NearBest, find_alternatives, find_near_best
from steppe.routing.terrain.point_to_point import NoWayError as NoWayOverCellsError

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
    unanswered
        Of a question for many routes: a line for each that is not there.
    """

    grounds: tuple[Ground, ...]
    routes: tuple[ToldRoute, ...]
    pairs: tuple[tuple[float, RoutePair | None], ...] = ()
    near: NearBest | None = None
    tree: RouteTree | None = None
    unanswered: tuple[Problem, ...] = ()


def answer_one(inputs: Inputs, asked: Asked, view: View) -> Answer:
    """Return the route of least cost between two ends."""

    def look(ground: Ground) -> Answer:
        route = find_one(inputs, ground, asked)
        return Answer((ground,), (tell_found(inputs, ground, asked, route),))

    return _look_farther(inputs, asked, view, look)


def answer_pair(inputs: Inputs, asked: Asked, view: View) -> Answer:
    """Return the two routes of least cost together that keep apart."""
    ground = open_ground(inputs, [asked.start, asked.end], view)
    pair = find_route_pair(inputs, ground, asked)
    told = [tell_found(inputs, ground, asked, each) for each in (pair.first, pair.second)]
    return Answer((ground,), tuple(told), ((asked.apart_km, pair),))


def answer_along(inputs: Inputs, asked: Asked, view: View, over: str) -> Answer:
    """Return the route of least cost along the lines of a layer or an extract."""
    ground = open_ground(inputs, [asked.start, asked.end], view, free=())
    route = find_along(inputs, ground, asked, over)
    return Answer((ground,), (tell_found(inputs, ground, asked, route),))


def answer_pair_along(
    inputs: Inputs, asked: Asked, view: View, over: str, *, is_disjoint: bool
) -> Answer:
    """Return two routes along lines that share nothing, or that keep apart."""
    ground = open_ground(inputs, [asked.start, asked.end], view, free=())
    find = find_disjoint_along if is_disjoint else find_pair_along
    pair = find(inputs, ground, asked, over)
    told = [tell_found(inputs, ground, asked, each) for each in (pair.first, pair.second)]
    return Answer((ground,), tuple(told), ((pair.asked_km, pair),))


def answer_tree(inputs: Inputs, ends: Sequence[End], view: View, over: str) -> Answer:
    """Return the branches of a tree along lines that joins all of some ends."""
    ground = open_ground(inputs, ends, view, free=())
    tree = find_tree_along(inputs, ground, ends, over)
    entry = inputs.plan.route
    asked = Asked(ends[0], ends[-1], entry.apart_km, entry.end_zone_km)
    told = [tell_found(inputs, ground, asked, each) for each in tree.branches]
    return Answer((ground,), tuple(told), tree=tree)


def answer_frontier(inputs: Inputs, asked: Asked, aparts_km: Sequence[float], view: View) -> Answer:
    """Return the pair of least cost for each of some distances, and the routes of the widest."""
    ground = open_ground(inputs, [asked.start, asked.end], view)
    pairs = find_route_frontier(inputs, ground, replace(asked, apart_km=min(aparts_km)), aparts_km)
    widest = [pair for _, pair in pairs if pair is not None][-1:]
    routes = [
        tell_found(inputs, ground, asked, each)
        for pair in widest
        for each in (pair.first, pair.second)
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
            route = draw_found(
                inputs,
                ground,
                asked,
                way.cells,
                cost_km=way.cost,
                bound_km=None if number else way.cost,
                n_before=number,
            )
            each = tell_found(inputs, ground, asked, route)
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
        ground = open_ground(inputs, [asked.start, asked.end], replace(view, margin_km=margin_km))
        try:
            return look(ground)
        except NoWayError:
            if 2.0 * margin_km > widest_km:
                raise
            margin_km *= 2.0


def open_ground(
    inputs: Inputs, ends: Sequence[End], view: View, *, free: Sequence[End] | None = None
) -> Ground:
    """Return the ground round some ends, of which those of `free`, or all, must lie off barriers."""
    ground = lay_ground(inputs, ends, cell_m=view.cell_m, margin_km=view.margin_km, drop=view.drop)
    refuse_barriers(ground, ends if free is None else free)
    return ground


def tell_found(inputs: Inputs, ground: Ground, asked: Asked, route: NewRoute) -> ToldRoute:
    """Return what is told of a route that was found for a question."""
    return tell_route(inputs, ground, route, apart_km=asked.apart_km, end_zone_km=asked.end_zone_km)
