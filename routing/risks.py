"""Shared risk from geometry: what takes down several cables at once, with the evidence.

Each is a shared risk link group (SRLG, RFC 4202) of the cables that it names.

Cables share a risk where they are recorded in one corridor, run beside or across each other,
cross a river or a border at one spot, or come through one place.  Every risk names its cables and
the measured fact that puts them there.  Distances are geodesic, see `steppe.routing.nearness`.

A schematic cable is a straight stroke between cities: it tells nothing about where the cable
lies.  It counts in its corridors and at the places that it is drawn through, at borders never as
sure, and neither in stretches, at crossings nor at rivers.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import shapely

from steppe.layers.crs import line_km
from steppe.layers.errors import InputError
from steppe.layers.wording import Message, tell
from steppe.routing.crossings import find_border_risks, find_river_risks
from steppe.routing.features import (
    DEFAULT_LIMITS,
    Barrier,
    CableLine,
    CorridorLine,
    Limits,
    Place,
    find_faults,
    split_cables,
)
from steppe.routing.line_risks import find_line_risks
from steppe.routing.nearness import line_ends, near_points, nearest_points
from steppe.routing.risk_evidence import (
    CITY,
    CORRIDOR,
    CROSSING,
    KINDS,
    Fact,
    Risk,
    make_risk,
    show_name,
    spell_km,
)

# A schematic cable is drawn through the very places that it is a chain of.
STOP_KM = 1.0


def find_risks(
    cables: Iterable[CableLine],
    *,
    corridors: Iterable[CorridorLine] = (),
    rivers: Iterable[Barrier] = (),
    borders: Iterable[Barrier] = (),
    places: Iterable[Place] = (),
    limits: Limits = DEFAULT_LIMITS,
) -> tuple[Risk, ...]:
    """Find every risk that at least two cables share.

    Parameters
    ----------
    cables
        Cables.  For stretches and crossings of lines a cable lies in its corridors, and on its
        own line only when it is recorded in none; what meets rivers, borders and places is
        always read off its own line.
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
    problems = list(
        find_faults(cables, corridors, rivers=rivers, borders=borders, places=places, limits=limits)
    )
    if problems:
        raise InputError(problems)
    through_city = list(_city_risks(cables, places))
    found = [
        *_corridor_risks(cables, corridors),
        *_away_from(through_city, find_line_risks(cables, corridors, limits), places),
        *find_river_risks(cables, rivers, limits),
        *find_border_risks(cables, borders, limits),
        *through_city,
    ]
    # A line that turns back on itself runs beside another twice at one spot: told once, whole.
    told = {risk.risk_id: risk for risk in sorted(found, key=lambda risk: (risk.km, risk.high_km))}
    return tuple(sorted(told.values(), key=lambda risk: (KINDS.index(risk.kind), risk.risk_id)))


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
    lying: dict[str, list[CableLine]] = {}
    for cable in cables:
        for corridor_id in dict.fromkeys(cable.corridors):
            lying.setdefault(corridor_id, []).append(cable)
    for corridor in corridors:
        inside = lying.get(corridor.corridor_id, [])
        if len(inside) > 1:
            km = line_km(corridor.line)
            middle = corridor.line.interpolate(0.5, normalized=True)
            name = show_name(corridor.name, corridor.corridor_id)
            evidence = tell("risk.corridor.fact", n=len(inside), what=name, km=km)
            yield make_risk(
                CORRIDOR,
                {corridor.corridor_id: name},
                at=(middle.x, middle.y),
                inside=inside,
                sure={cable.cable_id for cable in inside if cable.said},
                fact=Fact(evidence, km=(km, km, km)),
            )


def _away_from(
    cities: Sequence[Risk], risks: Iterable[Risk], places: Sequence[Place]
) -> Iterator[Risk]:
    """Yield risks but for the crossings in a place through which all their cables come anyway."""
    risks = list(risks)
    crossings = [number for number, risk in enumerate(risks) if risk.kind == CROSSING]
    known = {place.place_id: place for place in places}
    inside = [known[city.about[0]] for city in cities]
    reach_km = np.array([place.reach_km for place in inside], dtype=float)
    at = np.array([(place.lon, place.lat) for place in inside], dtype=float).reshape(-1, 2)
    spots = np.array([(risks[each].lon, risks[each].lat) for each in crossings], dtype=float)
    told = {
        crossings[spot]
        for city, spot in zip(*near_points(at, spots.reshape(-1, 2), reach_km)[:2], strict=True)
        if set(risks[crossings[spot]].cables) <= set(cities[city].cables)
    }
    yield from (risk for number, risk in enumerate(risks) if number not in told)


def _city_risks(cables: Sequence[CableLine], places: Sequence[Place]) -> Iterator[Risk]:
    passing_km, ending = find_visits(cables, places)
    order = {cable.cable_id: number for number, cable in enumerate(cables)}
    for index, place in enumerate(places):
        inside = [cables[number] for number in sorted(order[each] for each in passing_km[index])]
        if len(inside) < 2:  # noqa: PLR2004 - two cables share
            continue
        passing = [cable for cable in inside if cable.cable_id not in ending[index]]
        said = {
            cable.cable_id
            for cable in passing
            if cable.said
            and not cable.schematic
            and passing_km[index][cable.cable_id] <= place.reach_km
        }
        # Where a cable ends by its source is sure, however its line is drawn.
        said |= {c.cable_id for c in inside if c.cable_id in ending[index] and c.ends_said}
        within_km = max(passing_km[index].values())
        n_near = len(ending[index]) + sum(
            passing_km[index][cable.cable_id] + cable.accuracy_m / 1000.0 <= place.reach_km
            for cable in passing
        )
        name = show_name(place.name, place.place_id)
        evidence = tell(
            "risk.city.fact",
            n=len(inside),
            within=spell_km(within_km),
            what=name,
            ending=_number(len(ending[index]), len(inside)),
        )
        yield make_risk(
            CITY,
            {place.place_id: name},
            at=(place.lon, place.lat),
            inside=inside,
            sure=said,
            fact=Fact(
                evidence,
                within_km=within_km,
                accuracy_m=max((cable.accuracy_m for cable in passing), default=0.0),
                is_near=n_near > 1,
            ),
        )


def find_visits(
    cables: Sequence[CableLine], places: Sequence[Place]
) -> tuple[list[dict[str, float]], list[set[str]]]:
    """Return by place how near the cables come that come through, km, and which end there.

    One comes through that may do so wherever within its accuracy it lies.
    """
    at = np.array([(place.lon, place.lat) for place in places], dtype=float).reshape(-1, 2)
    reach_km = np.array([place.reach_km for place in places], dtype=float)
    users, segments = split_cables([cable for cable in cables if not cable.schematic])
    loosest_km = max((cable.accuracy_m for some in users for cable in some), default=0.0) / 1000.0
    passing = nearest_points(segments, at, reach_km + loosest_km)
    rows = [
        (index, cable.cable_id, km)
        for index, line, km in zip(passing.point, passing.line, passing.km.tolist(), strict=True)
        for cable in users[line]
        if km <= reach_km[index] + cable.accuracy_m / 1000.0
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


def _number(n_ending: int, n_cables: int) -> Message:
    if n_ending == n_cables:
        return tell("risk.city.all_end")
    if n_ending > 1:
        return tell("risk.city.some_end", n=n_ending)
    return tell("risk.city.one_ends" if n_ending else "risk.city.none_ends")
