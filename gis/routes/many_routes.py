"""Answers to questions for many routes: each end with each, or lines from each site to the grid."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from steppe.layers.errors import InputError, Problem
from steppe.layers.progress import count
from steppe.layers.wording import tell
from steppe.planfile.plan_inputs import Inputs
from steppe.routes.answering import Answer, View, open_ground, tell_found
from steppe.routes.ends import End
from steppe.routes.new_route import draw_route
from steppe.routes.searching import Asked, name_route
from steppe.routes.tie_lines import (
    N_STATIONS,
    Station,
    find_tie_lines,
    list_stations,
    pick_stations,
)
from steppe.routes.told_route import ToldRoute, tell_tie_line
from steppe.routing.terrain.accumulation import accumulate_steps
from steppe.routing.terrain.steps import prepare_steps

TIE_MARGIN_KM = 10.0
"""How far round a site and its stations is looked for lines to the grid."""


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

    Pairs that no way joins, and two ends in one cell, have no route, which is told.
    """
    ground = open_ground(inputs, ends, view)
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
            found[first, goal] = tell_found(inputs, ground, asked, route)
    lacking = [
        _tell_lack(ends[first], ends[second], is_one_cell=cells[first] == cells[second])
        for first, second in pairs
        if (first, second) not in found
    ]
    if not found:
        raise InputError(lacking)
    return Answer(
        (ground,), tuple(found[each] for each in pairs if each in found), unanswered=tuple(lacking)
    )


def _tell_lack(start: End, end: End, *, is_one_cell: bool) -> Problem:
    key = "one_cell" if is_one_cell else "no_way"
    what = tell(f"fault.route.{key}", a=start.title, b=end.title)
    return Problem(f"{start.end_id} {end.end_id}", what, tell("fix.route.two_alone"))


def answer_tie_lines(inputs: Inputs, sites: Sequence[End], view: View) -> Answer:
    """Return the lines from each of some sites to the two stations that cost least to reach.

    Raises
    ------
    InputError
        Where no site has a line, a line of text for each.
    """
    entry = inputs.plan.route
    near = View(
        entry.tie_cell_m if view.cell_m is None else view.cell_m,
        TIE_MARGIN_KM if view.margin_km is None else view.margin_km,
        view.drop,
    )
    found, unanswered = [], list[Problem]()
    for site in count(sites):
        try:
            found.append(_look_round(inputs, site, near))
        except InputError as none:
            unanswered += none.problems
    if not found:
        raise InputError(unanswered)
    return Answer(
        tuple(ground for each in found for ground in each.grounds),
        tuple(route for each in found for route in each.routes),
        unanswered=tuple(unanswered),
    )


def _look_round(inputs: Inputs, site: End, near: View) -> Answer:
    """Return the lines of one site, over ground that holds each station which could be cheaper."""
    stations = list_stations(inputs, site)
    looked: list[Station] = []
    picked = pick_stations(inputs, stations)
    while len(picked) > len(looked):
        looked = picked
        ends = [each.end for each in looked]
        ground = open_ground(inputs, [site, *ends], near, free=[site])
        lines = find_tie_lines(inputs, ground, site, ends)
        dearest_km = max((line.plain_km for line in lines), default=np.inf)
        if len(lines) < N_STATIONS:
            picked = stations
        else:
            picked = pick_stations(inputs, stations, dearest_km=dearest_km)
    if not lines:
        what = tell("fault.route.no_tie_line", site=site.title)
        raise InputError(Problem(site.end_id, what, tell("fix.route.no_way")))
    return Answer((ground,), tuple(tell_tie_line(inputs, ground, line) for line in lines))
