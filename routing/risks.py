"""Shared risk from geometry: what takes down several cables at once, with the evidence.

Cables share a risk where they are recorded in one corridor, run beside each other, cross a
river or a border at one spot, or come through one place.  Every risk names its cables and
the measured fact that puts them there.  Distances are geodesic, see `routing.stretches`.

A schematic cable is a straight stroke between cities: it tells nothing about where the cable
lies.  It counts in its corridors and at the places that it is drawn through, at borders never as
sure, and neither in stretches nor at rivers.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import networkx as nx
import numpy as np
import shapely
from shapely.geometry import LineString, MultiLineString, MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

from layers.crs import line_km
from layers.errors import InputError, Problem
from routing.stretches import (
    Segments,
    find_meetings,
    line_ends,
    near_points,
    nearest_points,
    run_beside,
    split_lines,
)

CORRIDOR = "corridor"
STRETCH = "stretch"
RIVER_CROSSING = "river_crossing"
BORDER_CROSSING = "border_crossing"
CITY = "city"
KINDS = (CORRIDOR, STRETCH, RIVER_CROSSING, BORDER_CROSSING, CITY)

MAX_WORD = 32
# A schematic cable is drawn through the very places that it is a chain of.
STOP_KM = 1.0


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
    """

    cable_id: str
    line: LineString | MultiLineString
    corridors: tuple[str, ...] = ()
    said: bool = False
    accuracy_m: float = 0.0
    schematic: bool = False


@dataclass(frozen=True)
class CorridorLine:
    """A named right of way; degrees, EPSG:4490; `accuracy_m` tells how true it is drawn."""

    corridor_id: str
    name: str
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
    name: str
    geometry: LineString | MultiLineString | Polygon | MultiPolygon
    accuracy_m: float = 0.0


@dataclass(frozen=True)
class Place:
    """A city, a station or an exchange; degrees, EPSG:4490.

    What comes nearer than `reach_km` comes through it.
    """

    place_id: str
    name: str
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
        tolerance and nearer than 1.5 km are one right of way (`layers.packs.network`).
    shortest_km
        What runs beside each other for less is a crossing (the same module); lines that part
        for less run on beside each other.
    end_km
        Round the ends of a line this much is not searched for stretches: all that meets in
        an exchange runs beside each other in front of it, and that is the risk of the
        place.  Assumed: about the radius of a large town.
    crossing_km
        Crossings of one river or border nearer than this are one spot: the accuracy of
        generalised lines (Natural Earth 1:10 million, as the default pack states it).
    """

    beside_m: float = 1500.0
    shortest_km: float = 4.0
    end_km: float = 5.0
    crossing_km: float = 5.0


@dataclass(frozen=True)
class Risk:
    """Something that takes down several cables at once.

    Parameters
    ----------
    risk_id
        Lower-case letters, digits, `_` and `-` only; depends neither on the order of the
        data nor on other risks.
    kind
        One of `KINDS`.
    about
        Ids of what is shared: the corridor, the two corridors or cables of a stretch, the
        rivers, the countries, the place.
    names
        What they are called, one by one; the id where there is no name.
    cables
        At least two, sorted.
    sure_cables
        Those that a source puts there.
    lon, lat
        A point of it, degrees, EPSG:4490.
    km
        Length of the corridor or stretch; 0 for a point.
    within_km
        Distance that is shared: beside each other, between crossings, to the place.
    accuracy_m
        How true the least accurate line behind it is drawn; 0 where none is, as in a
        corridor, or at a place where all cables end.
    evidence
        One English sentence with the numbers.
    """

    risk_id: str
    kind: str
    about: tuple[str, ...]
    names: tuple[str, ...]
    cables: tuple[str, ...]
    sure_cables: tuple[str, ...]
    lon: float
    lat: float
    km: float
    within_km: float
    accuracy_m: float
    evidence: str

    @property
    def sure(self) -> bool:
        """Whether sources put at least two cables there."""
        return len(self.sure_cables) > 1

    @property
    def place_id(self) -> str | None:
        """The place of a risk of kind `city`, None for others."""
        return self.about[0] if self.kind == CITY else None


class _Fact(NamedTuple):
    """What was measured, and how true the thing measured against is drawn."""

    evidence: str
    km: float = 0.0
    within_km: float = 0.0
    accuracy_m: float = 0.0


class _Strand(NamedTuple):
    """A corridor with its cables, or a cable that is recorded in none."""

    strand_id: str
    name: str
    line: LineString | MultiLineString
    cables: tuple[CableLine, ...]
    accuracy_m: float


class _Meeting(NamedTuple):
    """A cable that meets a barrier at a point."""

    cable_id: str
    lon: float
    lat: float
    barrier_id: str
    sure: bool


def find_risks(
    cables: Iterable[CableLine],
    *,
    corridors: Iterable[CorridorLine] = (),
    rivers: Iterable[Barrier] = (),
    borders: Iterable[Barrier] = (),
    places: Iterable[Place] = (),
    limits: Limits = Limits(),
) -> tuple[Risk, ...]:
    """Find every risk that at least two cables share.

    Parameters
    ----------
    cables
        Cables.  For stretches a cable lies in its corridors, and on its own line only when
        it is recorded in none; crossings and places are always read off its own line.
    corridors
        Every corridor that a cable is recorded in.
    rivers, borders
        What cables cross.  Crossings count by cable, so one cable that crosses twice shares
        nothing with itself; crossings of two cables hang together when they lie within
        `crossing_km`, and so do all that hang together with them (single linkage).  The
        outlines of all countries are one net of borders, so that a spot between two of them
        is one risk.  A border station stands at the border, whichever side the generalised
        outline leaves it on: a cable that ends within the accuracy of the outline crosses.
    places
        Cities, stations and exchanges.
    limits
        How near is near.

    Returns
    -------
    tuple
        Sorted by kind in the order of `KINDS`, then by id.

    Raises
    ------
    InputError
        For an id given twice, a corridor that is not in `corridors`, a line that is empty
        or not in degrees, or a limit that is no such number.
    """
    cables = sorted(cables, key=lambda cable: cable.cable_id)
    corridors = sorted(corridors, key=lambda corridor: corridor.corridor_id)
    rivers = sorted(rivers, key=lambda river: river.barrier_id)
    borders = sorted(borders, key=lambda border: border.barrier_id)
    places = sorted(places, key=lambda place: place.place_id)
    problems = [
        *_layer_faults("fibre", [(cable.cable_id, cable.line) for cable in cables]),
        *_layer_faults("corridors", [(each.corridor_id, each.line) for each in corridors]),
        *_layer_faults("rivers", [(river.barrier_id, river.geometry) for river in rivers]),
        *_layer_faults("boundaries", [(each.barrier_id, each.geometry) for each in borders]),
        *_layer_faults("places", [(each.place_id, Point(each.lon, each.lat)) for each in places]),
        *_number_faults(places, limits),
        *_astray(cables, corridors),
    ]
    if problems:
        raise InputError(problems)
    found = [
        *_corridor_risks(cables, corridors),
        *_stretch_risks(cables, corridors, limits),
        *_river_risks(cables, rivers, limits),
        *_border_risks(cables, borders, limits),
        *_city_risks(cables, places),
    ]
    return tuple(sorted(found, key=lambda risk: (KINDS.index(risk.kind), risk.risk_id)))


def risk_groups(risks: Iterable[Risk], *, ends: Iterable[str] = ()) -> dict[str, frozenset[str]]:
    """Return the cables of each risk, for a search of routes that share none.

    Parameters
    ----------
    risks
        Risks.
    ends
        Places where the routes begin and end: all of them come through there by nature, so
        the risks of kind `city` of those places are left out.
    """
    ends = frozenset(ends)
    return {risk.risk_id: frozenset(risk.cables) for risk in risks if risk.place_id not in ends}


def _corridor_risks(
    cables: Sequence[CableLine], corridors: Sequence[CorridorLine]
) -> Iterator[Risk]:
    for corridor in corridors:
        inside = [cable for cable in cables if corridor.corridor_id in cable.corridors]
        if len(inside) > 1:
            km = line_km(corridor.line)
            middle = corridor.line.interpolate(0.5, normalized=True)
            name = _shown(corridor.name, corridor.corridor_id)
            evidence = f"{len(inside)} cables are recorded in {name}, {km:.0f} km long"
            yield _risk(
                CORRIDOR,
                {corridor.corridor_id: name},
                at=(middle.x, middle.y),
                inside=inside,
                sure={cable.cable_id for cable in inside if cable.said},
                fact=_Fact(evidence, km=km),
            )


def _stretch_risks(
    cables: Sequence[CableLine], corridors: Sequence[CorridorLine], limits: Limits
) -> Iterator[Risk]:
    """Yield what runs beside each other: corridors, and cables recorded in none."""
    beside_km = limits.beside_m / 1000.0
    strands = list(_strands([cable for cable in cables if not cable.schematic], corridors))
    stretches = run_beside(
        [strand.line for strand in strands],
        beside_km=beside_km,
        shortest_km=limits.shortest_km,
        end_km=limits.end_km,
    )
    for stretch in stretches:
        first, second = strands[stretch.first], strands[stretch.second]
        together = {cable.cable_id: cable for cable in (*first.cables, *second.cables)}
        # Where one side has no cable of its own, all share the corridor of the other.
        if len(together) == max(len(first.cables), len(second.cables)):
            continue
        evidence = (
            f"{first.name} and {second.name} run within {beside_km:g} km of each other for "
            f"{stretch.km:.0f} km, more than {limits.end_km:g} km from their ends"
        )
        accuracy_m = max(first.accuracy_m, second.accuracy_m)
        yield _risk(
            STRETCH,
            {first.strand_id: first.name, second.strand_id: second.name},
            at=(stretch.lon, stretch.lat),
            inside=list(together.values()),
            sure={cable.cable_id for cable in together.values() if cable.said},
            fact=_Fact(evidence, km=stretch.km, within_km=beside_km, accuracy_m=accuracy_m),
        )


def _strands(cables: Sequence[CableLine], corridors: Sequence[CorridorLine]) -> Iterator[_Strand]:
    for corridor in corridors:
        inside = tuple(cable for cable in cables if corridor.corridor_id in cable.corridors)
        if inside:
            name = _shown(corridor.name, corridor.corridor_id)
            yield _Strand(corridor.corridor_id, name, corridor.line, inside, corridor.accuracy_m)
    for cable in cables:
        if not cable.corridors:
            name = _shown("", cable.cable_id)
            yield _Strand(cable.cable_id, name, cable.line, (cable,), cable.accuracy_m)


def _river_risks(
    cables: Sequence[CableLine], rivers: Sequence[Barrier], limits: Limits
) -> Iterator[Risk]:
    drawn = [cable for cable in cables if not cable.schematic]
    by_river: dict[str, list[_Meeting]] = defaultdict(list)
    names = {river.barrier_id: _shown(river.name, river.barrier_id) for river in rivers}
    for meeting in _meetings(drawn, rivers):
        by_river[names[meeting.barrier_id]].append(meeting)
    for name in sorted(by_river):
        for spot, within_km in _spots(by_river[name], limits.crossing_km):
            yield _crossing(
                RIVER_CROSSING,
                spot,
                within_km,
                cables=cables,
                barriers=rivers,
                deed=f"cross {name}",
            )


def _border_risks(
    cables: Sequence[CableLine], borders: Sequence[Barrier], limits: Limits
) -> Iterator[Risk]:
    names = {border.barrier_id: _shown(border.name, border.barrier_id) for border in borders}
    meetings = [*_meetings(cables, borders), *_arrivals(cables, borders)]
    for spot, within_km in _spots(meetings, limits.crossing_km):
        met = sorted({names[meeting.barrier_id] for meeting in spot})
        yield _crossing(
            BORDER_CROSSING,
            spot,
            within_km,
            cables=cables,
            barriers=borders,
            deed=f"cross the border of {' and '.join(met)}",
        )


def _city_risks(cables: Sequence[CableLine], places: Sequence[Place]) -> Iterator[Risk]:
    passing_km, ending = _visits(cables, places)
    for index, place in enumerate(places):
        inside = [cable for cable in cables if cable.cable_id in passing_km[index]]
        if len(inside) < 2:  # noqa: PLR2004 - two cables share
            continue
        passing = [cable for cable in inside if cable.cable_id not in ending[index]]
        said = {cable.cable_id for cable in passing if cable.said and not cable.schematic}
        within_km = max(passing_km[index].values())
        name = _shown(place.name, place.place_id)
        evidence = (
            f"{len(inside)} cables come within {_up(within_km)} km of {name}, "
            f"{_number(len(ending[index]), len(inside))} there"
        )
        yield _risk(
            CITY,
            {place.place_id: name},
            at=(place.lon, place.lat),
            inside=inside,
            sure=said | ending[index],
            # Where a cable ends is known, however its line is drawn.
            fact=_Fact(
                evidence,
                within_km=within_km,
                accuracy_m=max((cable.accuracy_m for cable in passing), default=0.0),
            ),
        )


def _visits(
    cables: Sequence[CableLine], places: Sequence[Place]
) -> tuple[list[dict[str, float]], list[set[str]]]:
    """Return by place how near the cables come that come through, and which end there."""
    at = np.array([(place.lon, place.lat) for place in places], dtype=float).reshape(-1, 2)
    reach_km = np.array([place.reach_km for place in places], dtype=float)
    users, segments = _unique_lines([cable for cable in cables if not cable.schematic])
    passing = nearest_points(segments, at, reach_km)
    rows = [
        (index, cable.cable_id, km)
        for index, line, km in zip(passing.point, passing.line, passing.km.tolist(), strict=True)
        for cable in users[line]
    ]
    strokes = [cable for cable in cables if cable.schematic]
    stops, owner = shapely.get_coordinates([stroke.line for stroke in strokes], return_index=True)
    for i, j, km in zip(*near_points(at, stops, np.minimum(reach_km, STOP_KM)), strict=True):
        rows.append((i, strokes[owner[j]].cable_id, float(km)))
    ends, owner = line_ends([cable.line for cable in cables])
    ending: list[set[str]] = [set() for _ in places]
    for i, j, km in zip(*near_points(at, ends, reach_km), strict=True):
        ending[i].add(cables[owner[j]].cable_id)
        rows.append((i, cables[owner[j]].cable_id, float(km)))
    nearest_km: list[dict[str, float]] = [{} for _ in places]
    for index, cable_id, km in rows:
        nearest_km[index][cable_id] = min(km, nearest_km[index].get(cable_id, math.inf))
    return nearest_km, ending


def _unique_lines(cables: Sequence[CableLine]) -> tuple[list[list[CableLine]], Segments]:
    """Return the cables by line and the segments of the lines, each line once."""
    users: dict[bytes, list[CableLine]] = defaultdict(list)
    for cable in cables:
        users[cable.line.wkb].append(cable)
    return list(users.values()), split_lines([some[0].line for some in users.values()])


def _meetings(cables: Sequence[CableLine], barriers: Sequence[Barrier]) -> list[_Meeting]:
    users, segments = _unique_lines(cables)
    line, barrier, at = find_meetings(segments, split_lines([_outline(each) for each in barriers]))
    return [
        _Meeting(
            cable.cable_id, lon, lat, barriers[other].barrier_id, cable.said and not cable.schematic
        )
        for mine, other, (lon, lat) in zip(line, barrier, at.tolist(), strict=True)
        for cable in users[mine]
    ]


def _arrivals(cables: Sequence[CableLine], borders: Sequence[Barrier]) -> list[_Meeting]:
    """Return the ends of cables that stand at a border; where they end is known."""
    ends, owner = line_ends([cable.line for cable in cables])
    found = []
    for border in borders:
        reach_km = np.full(len(ends), border.accuracy_m / 1000.0)
        near = nearest_points(split_lines([_outline(border)]), ends, reach_km)
        for point in near.point:
            cable = cables[owner[point]]
            lon, lat = ends[point].tolist()
            found.append(_Meeting(cable.cable_id, lon, lat, border.barrier_id, not cable.schematic))
    return found


def _outline(barrier: Barrier) -> BaseGeometry:
    shape: BaseGeometry = barrier.geometry
    return shape.boundary if isinstance(shape, Polygon | MultiPolygon) else shape


def _spots(
    meetings: Iterable[_Meeting], crossing_km: float
) -> Iterator[tuple[list[_Meeting], float]]:
    """Yield the meetings that hang together, and the widest gap that single linkage bridges."""
    meetings = sorted(set(meetings))
    at = np.array([(meeting.lon, meeting.lat) for meeting in meetings]).reshape(-1, 2)
    links: nx.Graph[int] = nx.Graph()
    for i, j, km in zip(*(each.tolist() for each in near_points(at, at, crossing_km)), strict=True):
        if meetings[i].cable_id < meetings[j].cable_id:
            links.add_edge(i, j, km=km)
    for members in nx.connected_components(links):
        cables: nx.Graph[str] = nx.Graph()
        for i, j, km in sorted(links.edges(members, data="km"), key=lambda link: -link[2]):
            # The nearest crossings of two cables come last and stay.
            cables.add_edge(meetings[i].cable_id, meetings[j].cable_id, km=km)
        bridged = nx.minimum_spanning_edges(cables, weight="km", data=True)
        yield [meetings[i] for i in sorted(members)], max(edge["km"] for _, _, edge in bridged)


def _crossing(
    kind: str,
    spot: Sequence[_Meeting],
    within_km: float,
    *,
    cables: Sequence[CableLine],
    barriers: Sequence[Barrier],
    deed: str,
) -> Risk:
    members = {meeting.cable_id for meeting in spot}
    met = {meeting.barrier_id for meeting in spot}
    inside = [cable for cable in cables if cable.cable_id in members]
    crossed = [barrier for barrier in barriers if barrier.barrier_id in met]
    # The meeting nearest to the middle of all lies on a cable and on the barrier.
    middle = (
        math.fsum(meeting.lon for meeting in spot) / len(spot),
        math.fsum(meeting.lat for meeting in spot) / len(spot),
    )
    at = min((math.dist(middle, meeting[1:3]), meeting[1:3]) for meeting in spot)[1]
    apart = f"within {_up(within_km)} km of"
    how = f" {apart} each other" if len(inside) == 2 else f", each {apart} the next"  # noqa: PLR2004
    return _risk(
        kind,
        {barrier.barrier_id: _shown(barrier.name, barrier.barrier_id) for barrier in crossed},
        at=at,
        inside=inside,
        sure={meeting.cable_id for meeting in spot if meeting.sure},
        fact=_Fact(
            f"{len(inside)} cables {deed}{how}",
            within_km=within_km,
            accuracy_m=max(
                *(barrier.accuracy_m for barrier in crossed),
                *(cable.accuracy_m for cable in inside),
            ),
        ),
    )


def _risk(
    kind: str,
    about: Mapping[str, str],
    *,
    at: tuple[float, float],
    inside: Sequence[CableLine],
    sure: Collection[str],
    fact: _Fact,
) -> Risk:
    drawn = f" (drawn true to {fact.accuracy_m / 1000.0:g} km)" if fact.accuracy_m else ""
    return Risk(
        risk_id=_risk_id(kind, tuple(about), at),
        kind=kind,
        about=tuple(about),
        names=tuple(about.values()),
        cables=tuple(sorted(cable.cable_id for cable in inside)),
        sure_cables=tuple(sorted(sure)),
        lon=at[0],
        lat=at[1],
        km=fact.km,
        within_km=fact.within_km,
        accuracy_m=fact.accuracy_m,
        evidence=f"{fact.evidence}{drawn}.",
    )


def _risk_id(kind: str, about: tuple[str, ...], at: tuple[float, float]) -> str:
    """Return an id; what has an id of its own and lies once needs no more than that."""
    words = "-".join(re.sub("[^a-z0-9]+", "_", name.lower())[:MAX_WORD] for name in about[:2])
    if kind in {CORRIDOR, CITY} and about == (words,):
        return f"{kind}-{words}"
    # Metres apart are the same spot on another machine.
    whole = repr((kind, about, *(round(degrees, 4) for degrees in at)))
    return f"{kind}-{words}-{hashlib.sha256(whole.encode()).hexdigest()[:8]}"


def _shown(name: str, otherwise: str) -> str:
    """Return a name on one line, without what cannot be printed; the id where there is none."""
    for text in (name, otherwise):
        words = "".join(letter if letter.isprintable() else " " for letter in text).split()
        if words:
            return " ".join(words)
    return "?"


def _number(n_ending: int, n_cables: int) -> str:
    if n_ending == n_cables:
        return "all of which end"
    return {0: "none of which ends", 1: "one of which ends"}.get(
        n_ending, f"{n_ending} of which end"
    )


def _up(km: float) -> str:
    """Write a distance rounded up, so that `within` stays true."""
    return f"{max(math.ceil(km * 10.0 - 1e-6) / 10.0, 0.1):g}"


def _layer_faults(where: str, rows: Sequence[tuple[str, BaseGeometry]]) -> Iterator[Problem]:
    twice = tuple(name for name, times in Counter(name for name, _ in rows).items() if times > 1)
    if twice:
        yield Problem(where, "an id occurs more than once", "keep one row of each", twice)
    bounds = shapely.bounds(np.array([geometry for _, geometry in rows], dtype=object))
    # An empty geometry has no bounds, and so fails here too.
    is_sound = np.all(np.abs(bounds) <= [180.0, 90.0, 180.0, 90.0], axis=-1).tolist()
    odd = tuple(name for (name, _), sound in zip(rows, is_sound, strict=True) if not sound)
    if odd:
        yield Problem(where, "is empty or not in degrees", "give lon and lat, EPSG:4490", odd)


def _number_faults(places: Iterable[Place], limits: Limits) -> Iterator[Problem]:
    odd = tuple(place.place_id for place in places if not 0 <= place.reach_km < math.inf)
    if odd:
        yield Problem("places", "the reach is no number from 0 up", "give reach_km", odd)
    bad = tuple(name for name, value in vars(limits).items() if not 0 <= value < math.inf)
    if bad or not limits.shortest_km:
        yield Problem("limits", "a limit is no number from 0 up", "shortest_km is more than 0", bad)


def _astray(cables: Iterable[CableLine], corridors: Iterable[CorridorLine]) -> Iterator[Problem]:
    known = {corridor.corridor_id for corridor in corridors}
    astray = tuple(cable.cable_id for cable in cables if not known.issuperset(cable.corridors))
    if astray:
        yield Problem("fibre", "names a corridor that is no row of corridors", "add it", astray)
