"""Routes of a file, brought to the nodes that they are said to lie between."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from shapely.geometry import LineString

from steppe.layers.crs import GEOD
from steppe.layers.interchange.read_network import ReadingOptions, Record
from steppe.layers.lines import geodesic
from steppe.layers.wording import tell

Lonlat = tuple[float, float]

ELSEWHERE_M = 20_000.0
"""A route that ends farther from its nodes than this is none between them: a region apart."""
_MEETS_M = 1.0
_TOLD_M = 100.0


def meet_ends(
    cables: Sequence[Record],
    places: Mapping[str | None, Lonlat],
    where: str,
    options: ReadingOptions,
) -> list[Record]:
    """Return the cables, each line from its first node to its second.

    Routes are drawn in either direction, and end beside their nodes as far as a map was drawn by eye:
    the rest of the way is straight, and the cable no truer than that is long (`least_m`).  Beyond
    `ELSEWHERE_M` route and nodes contradict each other, and a straight line stands for the cable.

    Parameters
    ----------
    cables
        With `geometry`, degrees.
    places
        Nodes that have a place, (lon, lat) in degrees.
    where
        The file, for the notes.
    options
        Takes the notes.
    """
    met: list[Record] = []
    elsewhere: list[object] = []
    gaps_m: list[float] = []
    for cable in cables:
        a, b = places.get(cable["from_node"]), places.get(cable["to_node"])
        if cable["geometry"] is None or a is None or b is None:
            met.append(cable)
            continue
        line = [(x, y) for x, y, *_ in cable["geometry"].coords]
        if _gap_m(a, b, line[::-1]) < _gap_m(a, b, line):
            line.reverse()
        gap_m = _gap_m(a, b, line)
        if gap_m > ELSEWHERE_M:
            elsewhere.append(cable["cable_id"])
            straight = {"geometry": geodesic([a, b]), "geometry_kind": "schematic"}
            met.append({**cable, **straight})
            continue
        before = [a] if _apart_m(a, line[0]) > _MEETS_M else []
        after = [b] if _apart_m(b, line[-1]) > _MEETS_M else []
        if gap_m > _TOLD_M:
            gaps_m.append(gap_m)
        drawn = LineString([*before, *line, *after])
        met.append({**cable, "geometry": drawn, "least_m": gap_m if before or after else None})
    what, why = tell("note.ofds.elsewhere"), tell("note.ofds.why.elsewhere")
    options.note(f"{where} › fibre", what, why=why, rows=elsewhere)
    if gaps_m:
        km = max(gaps_m) / 1000.0
        options.tell(tell("note.ofds.gaps", where=f"{where} › fibre", n=len(gaps_m), km=km))
    return met


def _gap_m(a: Lonlat, b: Lonlat, line: Sequence[Lonlat]) -> float:
    return max(_apart_m(a, line[0]), _apart_m(b, line[-1]))


def _apart_m(one: Lonlat, other: Lonlat) -> float:
    return float(GEOD.inv(*one, *other)[2])
