"""Crossings: where several cables cross one river or one border at one spot."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import networkx as nx
import numpy as np
import shapely
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from steppe.layers.wording import BASE, Words, join, say, tell
from steppe.routing.features import Barrier, CableLine, Limits, Name, split_cables
from steppe.routing.nearness import (
    find_meetings,
    line_ends,
    near_points,
    nearest_points,
    split_lines,
)
from steppe.routing.risk_evidence import (
    BORDER_CROSSING,
    RIVER_CROSSING,
    Fact,
    Risk,
    make_risk,
    show_name,
    spell_km,
)
from steppe.routing.tangent_plane import TOUCHING_KM

OUTLINE_DEG = 0.1
"""An outline is straight in degrees (RFC 7946, section 3.1.1): within 2 m of the geodesics of this."""


class _Meeting(NamedTuple):
    """A cable that meets a barrier at a point; where that is, is known to so many km."""

    cable_id: str
    lon: float
    lat: float
    barrier_id: str
    sure: bool
    accuracy_km: float


def find_river_risks(
    cables: Sequence[CableLine], rivers: Sequence[Barrier], limits: Limits
) -> Iterator[Risk]:
    """Yield the spots where cables that are no mere strokes cross one river, name by name."""
    drawn = [cable for cable in cables if not cable.schematic]
    by_river: dict[Name, list[_Meeting]] = defaultdict(list)
    names = {river.barrier_id: show_name(river.name, river.barrier_id) for river in rivers}
    for meeting in _meetings(drawn, rivers):
        by_river[names[meeting.barrier_id]].append(meeting)
    for name in sorted(by_river, key=_in_english):
        for spot in _spots(by_river[name], limits.crossing_km):
            yield _crossing(
                RIVER_CROSSING,
                spot,
                cables=cables,
                barriers=rivers,
                what=name,
            )


def find_border_risks(
    cables: Sequence[CableLine], borders: Sequence[Barrier], limits: Limits
) -> Iterator[Risk]:
    """Yield the spots where cables cross borders, or end within their accuracy."""
    names = {border.barrier_id: show_name(border.name, border.barrier_id) for border in borders}
    meetings = [*_meetings(cables, borders), *_arrivals(cables, borders)]
    for spot in _spots(meetings, limits.crossing_km):
        met = sorted({names[meeting.barrier_id] for meeting in spot.meetings}, key=_in_english)
        yield _crossing(
            BORDER_CROSSING,
            spot,
            cables=cables,
            barriers=borders,
            what=join(met, "join.and"),
        )


def _meetings(cables: Sequence[CableLine], barriers: Sequence[Barrier]) -> list[_Meeting]:
    users, segments = split_cables(cables)
    line, barrier, at = find_meetings(segments, split_lines([_outline(each) for each in barriers]))
    return [
        _Meeting(
            *(cable.cable_id, lon, lat, barriers[other].barrier_id),
            sure=cable.said and not cable.schematic,
            accuracy_km=math.inf if cable.schematic else cable.accuracy_m / 1000.0,
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
            found.append(
                _Meeting(cable.cable_id, lon, lat, border.barrier_id, not cable.schematic, 0.0)
            )
    return found


def _in_english(name: Name) -> str:
    return say(name, BASE)


def _outline(barrier: Barrier) -> BaseGeometry:
    """Return the line that cables cross; along the outline of an area a parallel is straight."""
    shape: BaseGeometry = barrier.geometry
    if isinstance(shape, Polygon | MultiPolygon):
        return shapely.segmentize(shape.boundary, OUTLINE_DEG)
    return shape


class _Spot(NamedTuple):
    """Meetings that hang together.

    `within_km` is the widest gap that single linkage bridges; `is_near` tells whether two of them
    are within reach wherever within their accuracies they lie, or are drawn as one; `is_drawn` whether
    they are within reach as drawn.
    """

    meetings: list[_Meeting]
    within_km: float
    is_near: bool
    is_drawn: bool


def _spots(meetings: Iterable[_Meeting], crossing_km: float) -> Iterator[_Spot]:
    """Yield the meetings that hang together as drawn, then those that may.

    Two cables that share no spot as drawn may share one where they cross farther apart by no more than
    both their accuracies.  A mere stroke has none, and is taken as drawn.
    """
    meetings = sorted(set(meetings))
    at = np.array([(meeting.lon, meeting.lat) for meeting in meetings]).reshape(-1, 2)
    off = np.array([each.accuracy_km for each in meetings], dtype=float)
    loose = np.where(np.isfinite(off), off, 0.0)
    drawn: nx.Graph[int] = nx.Graph()
    possible: list[tuple[int, int, float]] = []
    near = near_points(at, at, crossing_km + loose + loose.max(initial=0.0))
    for i, j, km in zip(*(each.tolist() for each in near), strict=True):
        if meetings[i].cable_id < meetings[j].cable_id:
            off_km = meetings[i].accuracy_km + meetings[j].accuracy_km
            if km <= crossing_km:
                is_one = km <= TOUCHING_KM and off_km < math.inf
                drawn.add_edge(i, j, km=km, is_near=is_one or km + off_km <= crossing_km)
            elif km - off_km <= crossing_km and off_km < math.inf:
                possible.append((i, j, km))
    met: dict[str, set[int]] = {}
    for number, members in enumerate(nx.connected_components(drawn)):
        for each in members:
            met.setdefault(meetings[each].cable_id, set()).add(number)
    apart: nx.Graph[int] = nx.Graph()
    for i, j, km in possible:
        a, b = meetings[i].cable_id, meetings[j].cable_id
        if met.get(a, set()).isdisjoint(met.get(b, ())):
            apart.add_edge(i, j, km=km, is_near=False)
    yield from _link(meetings, drawn, is_drawn=True)
    yield from _link(meetings, apart, is_drawn=False)


def _link(meetings: Sequence[_Meeting], links: nx.Graph[int], *, is_drawn: bool) -> Iterator[_Spot]:
    for members in nx.connected_components(links):
        cables: nx.Graph[str] = nx.Graph()
        inside: Iterable[tuple[int, int, float]] = links.edges(members, data="km")
        for i, j, km in sorted(inside, key=lambda link: -link[2]):
            # The nearest crossings of two cables come last and stay.
            cables.add_edge(meetings[i].cable_id, meetings[j].cable_id, km=km)
        bridged = nx.minimum_spanning_edges(cables, weight="km", data=True)
        yield _Spot(
            [meetings[i] for i in sorted(members)],
            max(edge["km"] for _, _, edge in bridged),
            any(edge["is_near"] for _, _, edge in links.edges(members, data=True)),
            is_drawn,
        )


def _crossing(
    kind: str,
    spot: _Spot,
    *,
    cables: Sequence[CableLine],
    barriers: Sequence[Barrier],
    what: Words,
) -> Risk:
    meetings = spot.meetings
    members = {meeting.cable_id for meeting in meetings}
    met = {meeting.barrier_id for meeting in meetings}
    inside = [cable for cable in cables if cable.cable_id in members]
    crossed = [barrier for barrier in barriers if barrier.barrier_id in met]
    # The meeting nearest to the middle of all lies on a cable and on the barrier.
    middle = (
        math.fsum(meeting.lon for meeting in meetings) / len(meetings),
        math.fsum(meeting.lat for meeting in meetings) / len(meetings),
    )
    at = min((math.dist(middle, meeting[1:3]), meeting[1:3]) for meeting in meetings)[1]
    if not spot.is_drawn:
        at = middle  # so that it is told from a spot of others where one of them crosses
    key = f"risk.{kind}.{'pair' if len(inside) == 2 else 'chain'}"  # noqa: PLR2004
    return make_risk(
        kind,
        {barrier.barrier_id: show_name(barrier.name, barrier.barrier_id) for barrier in crossed},
        at=at,
        inside=inside,
        sure={meeting.cable_id for meeting in meetings if meeting.sure},
        fact=Fact(
            tell(key, n=len(inside), what=what, within=spell_km(spot.within_km)),
            within_km=spot.within_km,
            is_near=spot.is_near,
            accuracy_m=max(
                *(barrier.accuracy_m for barrier in crossed),
                *(cable.accuracy_m for cable in inside),
            ),
        ),
    )
