"""A route that a search found, told: length, cost, round trip, and what ground it runs over."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from shapely.geometry import LineString

from steppe.layers.crs import GEOD, line_km
from steppe.planfile.route_entry import NO_GROUND, KmPrice
from steppe.routes.cost_surface import Flags, Ground
from steppe.routes.ends import End
from steppe.routing.budget import CENTRAL, HIGH, LOW, spend
from steppe.routing.latency import SLACK_FRAC

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Price:
    """What a route costs, between what, in which money."""

    value: float
    low: float
    high: float
    currency: str


@dataclass(frozen=True)
class Stretch:
    """How much of a route a term holds for.

    Parameters
    ----------
    term_id
        Term of the plan, or `no_ground`.
    km
        Kilometres of the route on which it holds.
    unknown_km
        Kilometres on which no layer tells whether it does.
    """

    term_id: str
    km: float
    unknown_km: float


@dataclass(frozen=True, eq=False)
class NewRoute:
    """A route over the ground.

    Parameters
    ----------
    route_id
        Made of its ends and its number.
    start, end
        Its ends.
    line
        From end to end, EPSG:4490: over the middles of cells, or along a right of way.
    length_km
        Geodesic length of the line.
    plain_km
        What it costs, in kilometres over plain ground.
    bound_km
        No route over these cells costs less; proven.  None of a route that is one of several.
    price
        In money, where the plan tells what a plain kilometre costs.
    rtt_ms
        Round trip: low, central, high.
    stretches
        What ground it runs over.
    at_km
        Kilometres from its start to each vertex of its line, shape (n,).
    heights_m, slopes_deg
        At these, NaN where unknown.
    """

    route_id: str
    start: End
    end: End
    line: LineString
    length_km: float
    plain_km: float
    bound_km: float | None
    price: Price | None
    rtt_ms: tuple[float, float, float]
    stretches: tuple[Stretch, ...]
    at_km: Floats
    heights_m: Floats
    slopes_deg: Floats

    @property
    def ascent_m(self) -> float:
        """Return how much it climbs from cell to cell, m, where heights are known."""
        steps = np.diff(self.heights_m[np.isfinite(self.heights_m)])
        return float(steps[steps > 0].sum())


def draw_route(  # noqa: PLR0913 (one for each thing that a search tells)
    ground: Ground,
    cells: NDArray[np.int64],
    start: End,
    end: End,
    *,
    route_id: str,
    cost_km: float,
    bound_km: float | None,
    price: KmPrice | None,
) -> NewRoute:
    """Return what is told of a way over cells, as `draw_line` does.

    Parameters
    ----------
    ground
        What was searched.
    cells
        From the cell of the start to that of the end, shape (n, 2).
    start, end, route_id, cost_km, bound_km, price
        See `draw_line`.
    """
    places = np.column_stack(ground.place(cells))
    if len(cells) == 1:
        places = np.repeat(places, 2, axis=0)
    return draw_line(
        ground,
        places,
        start,
        end,
        route_id=route_id,
        cost_km=cost_km,
        bound_km=bound_km,
        price=price,
    )


def draw_line(  # noqa: PLR0913 (one for each thing that a search tells)
    ground: Ground,
    places: Floats,
    start: End,
    end: End,
    *,
    route_id: str,
    cost_km: float,
    bound_km: float | None,
    price: KmPrice | None,
) -> NewRoute:
    """Return what is told of a way.

    The round trip is that of a fibre as long as the line and the slack of cables
    (`steppe.routing.latency.SLACK_FRAC`), with the equipment of `steppe.routing.budget`.

    Parameters
    ----------
    ground
        What was searched.
    places
        Longitudes and latitudes from start to end, degrees, shape (n, 2), a cell apart at most; the first
        and the last give way to the ends.
    start, end
        The ends.
    route_id
        Its name.
    cost_km, bound_km
        What the search found it to cost, and what none costs less than, if that was asked.
    price
        Of a plain kilometre.
    """
    places = places.copy()
    places[0], places[-1] = (start.lon, start.lat), (end.lon, end.lat)
    line = LineString(places)
    lons, lats = places.T
    legs_km = np.asarray(GEOD.inv(lons[:-1], lats[:-1], lons[1:], lats[1:])[2]) / 1000.0
    length_km = line_km(line)
    rows, columns = ground.cells_at(*ground.grid.to_plane(lons, lats))
    return NewRoute(
        route_id,
        start,
        end,
        line,
        length_km,
        cost_km,
        bound_km,
        None
        if price is None
        else Price(
            cost_km * price.value,
            cost_km * (price.low or price.value),
            cost_km * (price.high or price.value),
            price.currency,
        ),
        _find_round_trips(length_km),
        tuple(_measure_stretches(ground, rows, columns, legs_km)),
        np.concatenate([[0.0], np.cumsum(legs_km)]),
        ground.heights[rows, columns],
        ground.slopes[rows, columns],
    )


def _find_round_trips(length_km: float) -> tuple[float, float, float]:
    low, central, high = (
        spend(length_km * (1.0 + slack), equipment).rtt_ms
        for slack, equipment in zip(SLACK_FRAC, (LOW, CENTRAL, HIGH), strict=True)
    )
    return low, central, high


def _measure_stretches(
    ground: Ground, rows: NDArray[np.int64], columns: NDArray[np.int64], legs_km: Floats
) -> list[Stretch]:
    """Return the kilometres of each term; half of each leg belongs to each of its two cells."""

    def over(flags: Flags) -> float:
        there = flags[rows, columns]
        return float((legs_km * (there[:-1].astype(float) + there[1:]) / 2.0).sum())

    total_km = float(legs_km.sum())
    found = []
    for name in (NO_GROUND, *ground.terms):
        if name in ground.holds:
            gaps = ground.unknown.get(name)
            found.append(
                Stretch(name, over(ground.holds[name]), 0.0 if gaps is None else over(gaps))
            )
        elif name in ground.untold:
            found.append(Stretch(name, 0.0, total_km))
    return found
