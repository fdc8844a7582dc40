"""How lines are drawn: along the geodesic, and beside one another."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from itertools import count, pairwise

from shapely.geometry import LineString

from layers.crs import GEOD


def geodesic(stops: Sequence[tuple[float, float]], *, leg_km: float = 100.0) -> LineString:
    """Draw the geodesic through stops (lon, lat), with a vertex about every `leg_km`."""
    points = [stops[0]]
    for a, b in pairwise(stops):
        n_between = int(GEOD.inv(*a, *b)[2] / 1000.0 // leg_km)
        # pyproj takes no points between for a fault.
        points += [*(GEOD.npts(*a, *b, n_between) if n_between else ()), b]
    return LineString(points)


def spread_lanes(shares: Iterable[Collection[str]]) -> list[int]:
    """Give lines that share something different lanes, as near the middle as they can be.

    Parameters
    ----------
    shares
        For each line the names of what it may share: corridors, or its two ends.

    Returns
    -------
    list
        A lane for each line: 0 in the middle, then 1, -1, 2, -2 and so on; the first come
        are nearest.

    Examples
    --------
    >>> spread_lanes([["jing-bao"], ["jing-bao", "datong"], ["datong"], []])
    [0, 1, 0, 0]
    """
    taken: dict[str, set[int]] = {}
    lanes = []
    for names in shares:
        used = set().union(*(taken.setdefault(name, set()) for name in names))
        places = (side * step for step in count() for side in ((1, -1) if step else (1,)))
        lane = next(place for place in places if place not in used)
        for name in names:
            taken[name].add(lane)
        lanes.append(lane)
    return lanes
