"""Lines that somebody drew without saying where they end: their ends joined to nodes.

An end takes the nearest node within reach, the line drawn on to it.  Ends that none is near to
become nodes of their own, one for those that lie within reach of each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from steppe.layers.crs import GEOD
from steppe.layers.filling import make_id
from steppe.layers.identifiers import look

Floats = NDArray[np.float64]

_RADIUS_KM = 6371.0088  # mean radius, IUGG
JOINT_KM = 0.1
"""A node that lies so near to a line between its ends is one where it may be joined."""
_DEGREE_KM = 110.0  # the shortest degree of latitude is 110.6 km
_METRE_KM = 0.001


@dataclass(frozen=True)
class Ends:
    """Where lines end.

    Parameters
    ----------
    lines
        The lines, drawn on to their nodes; shape (n,).
    starts, stops
        Id of the node at the start and at the end of each line; empty for one that comes back to
        where it begins.
    joints
        Ids of the nodes on the way of each, separated by blanks.
    made
        The nodes that were made: id, name, whether it is named by the lines, lon, lat, and the
        number of one of its lines.
    n_drawn_on
        How many ends lay off their node, and the farthest of them, km.
    farthest_km
        See `n_drawn_on`.
    """

    lines: NDArray[Any]
    starts: list[str]
    stops: list[str]
    joints: list[str]
    made: list[MadeNode] = field(default_factory=list)
    n_drawn_on: int = 0
    farthest_km: float = 0.0


@dataclass(frozen=True)
class MadeNode:
    """A node at the ends of lines, see `Ends.made`."""

    node_id: str
    name: str
    is_named: bool
    lon: float
    lat: float
    line: int


def _on_sphere(points: Floats) -> Floats:
    lon, lat = np.radians(points).T
    return np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])


def _chord(km: float) -> float:
    # A hair more, for the earth is no sphere; what is taken is measured on the ellipsoid.
    return 2.0 * float(np.sin(min(1.01 * km / _RADIUS_KM, np.pi) / 2.0))


def _away_km(one: Floats, other: Floats) -> float:
    return float(GEOD.inv(*one, *other)[2]) / 1000.0


def join_ends(
    lines: Sequence[Any],
    node_ids: Sequence[str],
    places: Floats,
    *,
    join_km: float,
    named: Sequence[tuple[str, str]],
) -> Ends:
    """Join the ends of lines to nodes.

    Parameters
    ----------
    lines
        LineStrings, lon and lat in degrees.
    node_ids, places
        Nodes that there are, and their (lon, lat), shape (m, 2).
    join_km
        How near an end has to be to a node, or to another end.
    named
        What each line's source calls its two ends; empty where it does not.
    """
    points = np.array([shapely.get_coordinates(line)[[0, -1]] for line in lines]).reshape(-1, 2)
    known = _nearest(points, places, join_km)
    own, first = _gather(points, known, join_km)
    made = _name(points, own, first, named, taken=set(node_ids))
    ids = [
        node_ids[known[end]] if known[end] >= 0 else made[own[end]].node_id
        for end in range(len(points))
    ]
    at = np.array(
        [
            places[known[end]] if known[end] >= 0 else points[first[own[end]]]
            for end in range(len(points))
        ]
    ).reshape(-1, 2)
    gaps = np.array([_away_km(*pair) for pair in zip(points, at, strict=True)])
    drawn = [_draw_on(line, at[2 * row : 2 * row + 2]) for row, line in enumerate(lines)]
    shapes = np.empty(len(drawn), dtype=object)
    shapes[:] = drawn
    all_ids = [*node_ids, *(each.node_id for each in made)]
    all_places = np.vstack([places.reshape(-1, 2), *([each.lon, each.lat] for each in made)])
    pairs = list(zip(ids[0::2], ids[1::2], strict=True))
    is_loop = [start == stop for start, stop in pairs]
    return Ends(
        lines=shapes,
        starts=["" if loop else pair[0] for pair, loop in zip(pairs, is_loop, strict=True)],
        stops=["" if loop else pair[1] for pair, loop in zip(pairs, is_loop, strict=True)],
        joints=_find_joints(shapes, pairs, all_ids, all_places),
        made=made,
        n_drawn_on=int((gaps > _METRE_KM).sum()),
        farthest_km=float(gaps.max(initial=0.0)),
    )


def _nearest(points: Floats, places: Floats, join_km: float) -> NDArray[np.intp]:
    """Return for each end the nearest node within reach, -1 where there is none."""
    if not len(places) or not len(points):
        return np.full(len(points), -1, dtype=np.intp)
    _, found = cKDTree(_on_sphere(places)).query(
        _on_sphere(points), distance_upper_bound=_chord(join_km)
    )
    near = np.where(found < len(places), found, -1).astype(np.intp)
    far = [n >= 0 and _away_km(points[end], places[n]) > join_km for end, n in enumerate(near)]
    near[np.array(far, dtype=bool)] = -1
    return near


def _gather(
    points: Floats, known: NDArray[np.intp], join_km: float
) -> tuple[dict[int, int], list[int]]:
    """Gather the other ends into places: each goes to the first one within reach of it.

    Returns
    -------
    tuple
        End to the number of its place; and for each place the end at which it lies.
    """
    free = np.flatnonzero(known < 0)
    own: dict[int, int] = {}
    first: list[int] = []
    if not len(free):
        return own, first
    tree = cKDTree(_on_sphere(points[free]))
    near: Any = tree.query_ball_point(_on_sphere(points[free]), _chord(join_km))
    for place, end in enumerate(free):
        if int(end) in own:
            continue
        own[int(end)] = len(first)
        for other in sorted(int(free[each]) for each in near[place]):
            if other not in own and _away_km(points[end], points[other]) <= join_km:
                own[other] = len(first)
        first.append(int(end))
    return own, first


def _name(
    points: Floats,
    own: dict[int, int],
    first: list[int],
    named: Sequence[tuple[str, str]],
    *,
    taken: set[str],
) -> list[MadeNode]:
    """Name the places that were made by what all lines there call an end, else by a number."""
    ends: dict[int, list[int]] = {}
    for end, place in own.items():
        ends.setdefault(place, []).append(end)
    looks = {look(each) for each in taken}
    made = []
    for place, at in enumerate(first):
        rows = [named[end // 2] for end in ends[place]]
        common = [name for name in rows[0] if name and all(name in pair for pair in rows)]
        by_side = named[at // 2][at % 2]
        name = by_side if by_side in common else next(iter(common), "")
        base = make_id(name)
        is_named = bool(base) and look(base) not in looks
        node_id = base if is_named else f"node_{place + 1}"
        number = 2
        while look(node_id) in looks:
            node_id, number = f"node_{place + 1}_{number}", number + 1
        looks.add(look(node_id))
        lon, lat = (float(each) for each in points[at])
        made.append(MadeNode(node_id, name or node_id, is_named, lon, lat, at // 2))
    return made


def _draw_on(line: Any, ends: Floats) -> Any:
    """Return a line drawn on to the places at its two ends."""
    corners = shapely.get_coordinates(line)
    if (corners[0] != ends[0]).any():
        corners = np.vstack([ends[:1], corners])
    if (corners[-1] != ends[1]).any():
        corners = np.vstack([corners, ends[1:]])
    return shapely.LineString(corners)


def _find_joints(
    lines: NDArray[Any], pairs: Sequence[tuple[str, str]], ids: Sequence[str], places: Floats
) -> list[str]:
    """Return the nodes near each line that are none of its ends, in the order of its way."""
    joints: list[str] = [""] * len(lines)
    if not len(lines) or not len(places):
        return joints
    points: Any = shapely.points(places)
    # Degrees of longitude are shorter: what the window takes in too much is measured away.
    steepest = max(0.05, float(np.cos(np.radians(np.abs(places[:, 1]).max()))))
    rows, near = shapely.STRtree(points).query(
        lines, predicate="dwithin", distance=JOINT_KM / (_DEGREE_KM * steepest)
    )
    found: dict[int, list[tuple[float, str]]] = {}
    for row, number in zip(rows, near, strict=True):
        line, point = lines[row], points[number]
        on_line = shapely.get_coordinates(shapely.shortest_line(point, line))[-1]
        if ids[number] not in pairs[row] and _away_km(places[number], on_line) <= JOINT_KM:
            along = float(shapely.line_locate_point(line, point))
            found.setdefault(int(row), []).append((along, ids[number]))
    for row, passed in found.items():
        joints[row] = " ".join(dict.fromkeys(node for _, node in sorted(passed)))
    return joints
