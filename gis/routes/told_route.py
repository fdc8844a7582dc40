"""A new route with all that is told of it beside its line."""

from __future__ import annotations

from dataclasses import dataclass

from steppe.layers.wording import Words, join, tell
from steppe.planfile.plan_inputs import Inputs
from steppe.routes.amplifiers import AmplifierSite, place_amplifiers
from steppe.routes.cost_surface import Ground
from steppe.routes.meetings import Beside, Crossing, find_beside, find_crossings
from steppe.routes.new_route import NewRoute

FIBRE, TIE_LINE = "fibre", "tie_line"
ELONGATION_PCT = {8: 8.24, 16: 2.79}
"""By how much a way over cells is longer than one that turns freely, at most (over plain ground):
1/cos(pi/8) - 1 of 8 directions; of 16, whose widest gap is that from (1, 0) to (2, 1), 2.79 %
(scikit-image issue 5384)."""


@dataclass(frozen=True, eq=False)
class ToldRoute:
    """A route, and what it meets.

    Parameters
    ----------
    route
        The route.
    kind
        `fibre`, or `tie_line` to the grid, which has no round trip and no amplifiers.
    crossings, beside, amplifiers
        What it crosses, the cables that it may share a risk with, and where its amplifiers may stand.
    apart_km
        What counts as beside a cable.
    accuracy_m
        How true the line is: the side of a cell, for the way within it is open.
    shared_frac
        Of an alternative, which part of its length lies beside one told before it; else None.
    note
        That it is indicative, what it was found from, and how far its ends are known worse than that.
    """

    route: NewRoute
    kind: str
    crossings: tuple[Crossing, ...]
    beside: tuple[Beside, ...]
    amplifiers: tuple[AmplifierSite, ...]
    apart_km: float
    accuracy_m: float
    note: Words
    shared_frac: float | None = None


def tell_tie_line(inputs: Inputs, ground: Ground, route: NewRoute) -> ToldRoute:
    """Return a line to the grid with what it crosses."""
    met = tuple(find_crossings(ground, route))
    note = _tell_indicative(inputs, ground, route)
    return ToldRoute(route, TIE_LINE, met, (), (), 0.0, ground.grid.cell_m, note)


def tell_route(
    inputs: Inputs, ground: Ground, route: NewRoute, *, apart_km: float, end_zone_km: float
) -> ToldRoute:
    """Return a route with what it meets.

    Parameters
    ----------
    inputs
        What was read.
    ground
        What was searched.
    route
        What was found.
    apart_km, end_zone_km
        What counts as beside a cable, and the discs about the ends where that does not count.
    """
    entry = inputs.plan.route
    return ToldRoute(
        route,
        FIBRE,
        tuple(find_crossings(ground, route)),
        tuple(find_beside(inputs, ground, route, apart_km=apart_km, end_zone_km=end_zone_km)),
        tuple(place_amplifiers(inputs, route, span_km=entry.span_km)),
        apart_km,
        ground.grid.cell_m,
        _tell_indicative(inputs, ground, route),
    )


def _tell_indicative(inputs: Inputs, ground: Ground, route: NewRoute) -> Words:
    cell_m, pct = ground.grid.cell_m, ELONGATION_PCT[inputs.plan.route.neighbours]
    vague = [
        tell("route.end_known", end=end.title, km=end.accuracy_km)
        for end in (route.start, route.end)
        if end.accuracy_km > cell_m / 1000.0
    ]
    return join([tell("route.indicative", cell_m=cell_m, pct=pct), *vague], "join.semicolon")
