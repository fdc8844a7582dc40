"""Two new routes kept apart: the pair of least cost, what distance costs, and how far apart two can be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from steppe.layers.errors import InputError, Problem
from steppe.layers.wording import tell
from steppe.planfile.plan_inputs import Inputs
from steppe.routes.cost_surface import Ground
from steppe.routes.new_route import NewRoute
from steppe.routes.searching import (
    Asked,
    NoWayError,
    draw_found,
    list_lines,
    refuse_one_cell,
    tell_no_pair,
)
from steppe.routing.terrain.frontier import find_frontier, find_largest_apart
from steppe.routing.terrain.pair import CellPair, find_pair
from steppe.routing.terrain.point_to_point import NoWayError as NoWayOverCellsError
from steppe.routing.ways.apart_pair import NoPair
from steppe.routing.ways.pair_of_ways import is_least

_ZONE_CELLS = 3.0  # a step of a knight ends within


@dataclass(frozen=True, eq=False)
class RoutePair:
    """Two routes that keep their distance outside the end zones.

    Parameters
    ----------
    first, second
        The first costs no more than the second.
    asked_km, apart_km
        How far apart they were to be, and how near their lines come.
    plain_km, bound_km
        Cost of both together, and what no pair over these cells costs less than.
    """

    first: NewRoute
    second: NewRoute
    asked_km: float
    apart_km: float
    plain_km: float
    bound_km: float

    @property
    def is_proven(self) -> bool:
        """Return whether no pair over these cells costs less."""
        return is_least(self.plain_km, self.bound_km)


def find_route_pair(inputs: Inputs, ground: Ground, asked: Asked) -> RoutePair:
    """Return the two routes of least cost together that keep apart, and off some cables.

    Raises
    ------
    InputError
        For ends in one cell, an end zone that is too small, and where no such pair is found; the largest
        distance at which one was is told.
    """
    cells = _check(ground, asked)
    lines = list_lines(inputs, ground, asked.keep_off)
    entry = inputs.plan.route
    try:
        found = find_pair(
            ground.cost,
            *cells,
            apart_km=asked.apart_km,
            end_zone_km=asked.end_zone_km,
            keep_off=lines,
            neighbours=entry.neighbours,
        )
    except NoWayOverCellsError:
        raise NoWayError(tell_no_pair(asked, tell("fix.route.no_pair"), is_proven=False)) from None
    if isinstance(found, NoPair):
        largest = find_largest_apart(
            ground.cost,
            *cells,
            end_zone_km=asked.end_zone_km,
            keep_off=lines,
            neighbours=entry.neighbours,
        )
        fault = tell_no_pair(asked, tell("fix.route.no_pair"), is_proven=found.is_proven)
        if largest.pair is not None and largest.apart_km > 0.0:
            what = tell("fault.route.largest_apart", what=fault.what, most=largest.apart_km)
            fault = Problem(fault.where, what, tell("fix.route.largest_apart"))
        raise NoWayError(fault)
    return _draw(inputs, ground, asked, found, asked.apart_km)


def find_route_frontier(
    inputs: Inputs, ground: Ground, asked: Asked, aparts_km: Sequence[float]
) -> list[tuple[float, RoutePair | None]]:
    """Return for each of some distances the pair of least cost that keeps it; None where none was found.

    Raises
    ------
    InputError
        As `find_route_pair` does, but for distances at which there is no pair.
    """
    cells = _check(ground, asked)
    try:
        found = find_frontier(
            ground.cost,
            *cells,
            aparts_km,
            end_zone_km=asked.end_zone_km,
            keep_off=list_lines(inputs, ground, asked.keep_off),
            neighbours=inputs.plan.route.neighbours,
        )
    except NoWayOverCellsError:
        raise NoWayError(tell_no_pair(asked, tell("fix.route.no_pair"), is_proven=False)) from None
    return [
        (km, None if isinstance(pair, NoPair) else _draw(inputs, ground, asked, pair, km))
        for km, pair in found
    ]


def _check(ground: Ground, asked: Asked) -> tuple[tuple[int, int], tuple[int, int]]:
    least_km = _ZONE_CELLS * ground.grid.cell_m / 1000.0
    if asked.end_zone_km < least_km:
        what = tell("fault.route.end_zone", km=asked.end_zone_km, least=least_km)
        raise InputError(Problem("--end-zone-km", what, tell("fix.route.end_zone")))
    widest_km = 2.0 * (asked.end_zone_km + least_km)
    if asked.apart_km > widest_km:
        # Where both routes leave the disc about an end they are no farther apart than its diameter.
        what = tell("fault.route.apart_beyond", km=asked.apart_km, zone=asked.end_zone_km)
        raise InputError(Problem("--apart-km", what, tell("fix.route.apart_beyond")))
    return refuse_one_cell(ground, asked)


def _draw(
    inputs: Inputs, ground: Ground, asked: Asked, found: CellPair, asked_km: float
) -> RoutePair:
    routes = [
        draw_found(
            inputs, ground, asked, way.cells, cost_km=way.cost, bound_km=None, n_before=number
        )
        for number, way in enumerate((found.first, found.second))
    ]
    return RoutePair(routes[0], routes[1], asked_km, found.apart_km, found.cost, found.lower_bound)
