"""Features: cables, and the corridors, rivers, borders and places that they share, as drawn.

Lines and points are degrees, EPSG:4490; what is drawn tells how true it is drawn.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry import LineString, MultiLineString, MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

from steppe.layers.errors import Problem
from steppe.layers.wording import Texts, tell
from steppe.routing.nearness import Segments, split_lines

Name = str | Texts
"""What something is called: one name, or one for each language."""


@dataclass(frozen=True)
class CableLine:
    """A cable as it is drawn.

    Parameters
    ----------
    cable_id
        Identifier, unique.
    line
        Its line, degrees, EPSG:4490.
    corridors
        Corridors that it is recorded in; empty when none is.
    said
        True when a source names where it lies, False when that is assumed.
    accuracy_m
        How true its line is.
    schematic
        True for a straight stroke between places.
    name
        What people call it; empty for its id.
    ends_said
        True when a source names both its ends, False when one of them is assumed.
    """

    cable_id: str
    line: LineString | MultiLineString
    corridors: tuple[str, ...] = ()
    said: bool = False
    accuracy_m: float = 0.0
    schematic: bool = False
    name: Name = ""
    ends_said: bool = True


@dataclass(frozen=True)
class CorridorLine:
    """A named right of way; degrees, EPSG:4490; `accuracy_m` tells how true it is drawn."""

    corridor_id: str
    name: Name
    line: LineString | MultiLineString
    accuracy_m: float = 0.0


@dataclass(frozen=True)
class Barrier:
    """A river (a line) or the country behind a border (a polygon), EPSG:4490.

    Parameters
    ----------
    barrier_id
        Identifier, unique among rivers and among borders.
    name
        Name, or empty.  Lines of one name are one river.
    geometry
        Line or polygon, degrees; of a polygon the outline counts.
    accuracy_m
        How true it is drawn.
    """

    barrier_id: str
    name: Name
    geometry: LineString | MultiLineString | Polygon | MultiPolygon
    accuracy_m: float = 0.0


@dataclass(frozen=True)
class Place:
    """A city, a station or an exchange; degrees, EPSG:4490.

    What comes nearer than `reach_km` comes through it, and what is drawn farther off by no more than it
    is true may do so.
    """

    place_id: str
    name: Name
    lon: float
    lat: float
    reach_km: float


@dataclass(frozen=True)
class Limits:
    """How near is near.

    Parameters
    ----------
    beside_m
        Lines nearer than this run beside each other: two railways drawn with 5 km of
        tolerance and nearer than 1.5 km are one right of way (`steppe.layers.packs.corridor_lines`).
    shortest_km
        What runs beside each other for less is a crossing (the same module); lines that part
        for less run on beside each other.
    end_km
        Round the ends of a line this much is not searched for stretches: all that meets in
        an exchange runs beside each other in front of it, and that is the risk of the
        place.  Assumed: about the radius of a large town.
    crossing_km
        Crossings of one river or border nearer than this are one spot: the accuracy of
        generalised lines (Natural Earth 1:10 million, as the default pack states it).  Cables that
        share none so may share one where they cross farther apart by no more than both are true.
    """

    beside_m: float = 1500.0
    shortest_km: float = 4.0
    end_km: float = 5.0
    crossing_km: float = 5.0


DEFAULT_LIMITS = Limits()


def split_cables(cables: Sequence[CableLine]) -> tuple[list[list[CableLine]], Segments]:
    """Return the cables by line and the segments of the lines, each line once."""
    users: dict[bytes, list[CableLine]] = defaultdict(list)
    for cable in cables:
        users[cable.line.wkb].append(cable)
    return list(users.values()), split_lines([some[0].line for some in users.values()])


def find_faults(
    cables: Sequence[CableLine],
    corridors: Sequence[CorridorLine],
    *,
    rivers: Sequence[Barrier],
    borders: Sequence[Barrier],
    places: Sequence[Place],
    limits: Limits,
) -> Iterator[Problem]:
    """Yield what is wrong with features: ids given twice, lines not in degrees, odd numbers."""
    yield from _layer_faults("fibre", [(cable.cable_id, cable.line) for cable in cables])
    yield from _layer_faults("corridors", [(each.corridor_id, each.line) for each in corridors])
    yield from _layer_faults("rivers", [(river.barrier_id, river.geometry) for river in rivers])
    yield from _layer_faults("boundaries", [(each.barrier_id, each.geometry) for each in borders])
    yield from _layer_faults(
        "places", [(place.place_id, Point(place.lon, place.lat)) for place in places]
    )
    yield from _number_faults(places, limits)
    yield from find_astray(
        ((cable.cable_id, cable.corridors) for cable in cables),
        {corridor.corridor_id for corridor in corridors},
    )


def find_astray(
    recorded: Iterable[tuple[str, Collection[str]]], known: Collection[str]
) -> Iterator[Problem]:
    """Yield the fault of cables that are recorded in a corridor that is not known.

    Parameters
    ----------
    recorded
        Each cable with its corridors.
    known
        Corridors that there are.
    """
    known = frozenset(known)
    astray = tuple(cable_id for cable_id, corridors in recorded if not known.issuperset(corridors))
    if astray:
        yield Problem("fibre", tell("fault.fibre.corridor"), tell("fix.add"), astray)


def _layer_faults(where: str, rows: Sequence[tuple[str, BaseGeometry]]) -> Iterator[Problem]:
    twice = tuple(name for name, times in Counter(name for name, _ in rows).items() if times > 1)
    if twice:
        what, fix = tell("fault.id.occurs_twice"), tell("fix.keep_one_row_of_each")
        yield Problem(where, what, fix, twice)
    bounds = shapely.bounds(np.array([geometry for _, geometry in rows], dtype=object))
    # An empty geometry has no bounds, and so fails here too.
    is_sound = np.all(np.abs(bounds) <= [180.0, 90.0, 180.0, 90.0], axis=-1).tolist()
    odd = tuple(name for (name, _), sound in zip(rows, is_sound, strict=True) if not sound)
    if odd:
        yield Problem(where, tell("fault.geometry.no_degrees"), tell("fix.give_lon_lat"), odd)


def _number_faults(places: Iterable[Place], limits: Limits) -> Iterator[Problem]:
    odd = tuple(place.place_id for place in places if not 0 <= place.reach_km < math.inf)
    if odd:
        yield Problem("places", tell("fault.reach.no_number"), tell("fix.give_reach_km"), odd)
    bad = tuple(name for name, value in vars(limits).items() if not 0 <= value < math.inf)
    if bad or not limits.shortest_km:
        what, fix = tell("fault.limits.no_number"), tell("fix.shortest_above_0")
        yield Problem("limits", what, fix, bad)
