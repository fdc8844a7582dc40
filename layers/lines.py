"""How lines are drawn: along the geodesic, and beside one another."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from itertools import count, pairwise

from shapely.geometry import LineString

from steppe.layers.crs import GEOD


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
    first_free: dict[str, int] = {}  # of each name, so that many alike take no longer each
    lanes = []
    for names in shares:
        used = [taken.setdefault(name, set()) for name in names]
        start = max((first_free.get(name, 0) for name in names), default=0)
        number = next(each for each in count(start) if not any(each in some for some in used))
        for name in names:
            taken[name].add(number)
            first_free[name] = next(
                each for each in count(first_free.get(name, 0)) if each not in taken[name]
            )
        lanes.append((number + 1) // 2 * (1 if number % 2 else -1))
    return lanes
