"""Answers to questions for many routes: each end with each, or lines from each site to the grid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations, product

import numpy as np

from steppe.layers.errors import InputError, Problem
from steppe.layers.progress import count
from steppe.layers.wording import tell
from steppe.planfile.plan_inputs import Inputs
from steppe.routes.answering import Answer, View, open_ground, tell_found
from steppe.routes.ends import End
from steppe.routes.searching import Asked, draw_found
from steppe.routes.tie_lines import (
    N_STATIONS,
    Station,
    find_tie_lines,
    list_stations,
    pick_stations,
)
from steppe.routes.told_route import ToldRoute, tell_tie_line
from steppe.routing.terrain.matrix import find_matrix

TIE_MARGIN_KM = 10.0
"""How far round a site and its stations is looked for lines to the grid."""


def answer_mesh(inputs: Inputs, ends: Sequence[End], asked: Asked, view: View) -> Answer:
    """Return the routes that join each two of some ends."""
    pairs = [(one, other - 1) for one, other in combinations(range(len(ends)), 2)]
    return _join(inputs, (ends[:-1], ends[1:]), pairs, asked, view)


def answer_matrix(
    inputs: Inputs, starts: Sequence[End], goals: Sequence[End], asked: Asked, view: View
) -> Answer:
    """Return the routes from each of some ends to each of others."""
    pairs = list(product(range(len(starts)), range(len(goals))))
    return _join(inputs, (starts, goals), pairs, asked, view)


def _join(
    inputs: Inputs,
    ends: tuple[Sequence[End], Sequence[End]],
    pairs: Sequence[tuple[int, int]],
    asked: Asked,
    view: View,
) -> Answer:
    """Return the routes between some pairs of ends, over one ground.

    Pairs that no way joins, and two ends in one cell, have no route, which is told.

    Raises
    ------
    InputError
        Where no pair has a route, a line for each.
    """
    starts, goals = ends
    ground = open_ground(inputs, [*starts, *goals], view)
    places = [[ground.row_column(end) for end in each] for each in ends]
    matrix = find_matrix(ground.cost, *places, neighbours=inputs.plan.route.neighbours)
    routes, unanswered = list[ToldRoute](), list[Problem]()
    for number, to in pairs:
        two, cost_km = replace(asked, start=starts[number], end=goals[to]), matrix.costs[number, to]
        if places[0][number] == places[1][to] or not np.isfinite(cost_km):
            is_way = bool(np.isfinite(cost_km))
            key = "fault.route.one_cell" if is_way else "fault.route.no_way"
            unanswered.append(two.fault(key, tell("fix.route.two_alone")))
            continue
        cells = matrix.trace(number, to)
        route = draw_found(
            inputs, ground, two, cells, cost_km=float(cost_km), bound_km=float(cost_km)
        )
        routes.append(tell_found(inputs, ground, asked, route))
    if not routes:
        raise InputError(unanswered)
    return Answer((ground,), tuple(routes), unanswered=tuple(unanswered))


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
