"""How lines are drawn: along the geodesic, and beside one another."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from itertools import count, pairwise

import numpy as np
from numpy.typing import NDArray
from shapely.geometry import LineString

from steppe.layers.crs import GEOD

Floats = NDArray[np.float64]


def break_legs(legs: Floats, leg_km: float) -> tuple[Floats, NDArray[np.intp], Floats]:
    """Break the legs of lines into pieces along their geodesics.

    Between two vertices a line follows the geodesic, as its length does
    (`steppe.layers.crs.line_km`), also over 180 degrees and a pole: a leg goes the short way round.

    Parameters
    ----------
    legs
        Lon, lat of the start and lon, lat of the end, degrees, shape (n, 4).
    leg_km
        No piece is longer; those of one leg are of one length.

    Returns
    -------
    tuple
        The pieces, shape (m, 4), in order, of which the first and the last of a leg end at its very
        vertices; the leg of each, shape (m,); and its geodesic length, km, shape (m,).
    """
    azimuth, _, metres = GEOD.inv(*legs.T)
    n_pieces = np.maximum(np.ceil(metres / (leg_km * 1000.0)), 1.0).astype(np.intp)
    leg = np.repeat(np.arange(len(legs)), n_pieces)
    number = np.arange(len(leg)) - np.repeat(n_pieces.cumsum() - n_pieces, n_pieces)
    pieces = legs[leg]
    km = metres[leg] / n_pieces[leg] / 1000.0
    inner = np.flatnonzero(number)
    of = leg[inner]
    lon, lat, _ = GEOD.fwd(
        legs[of, 0], legs[of, 1], azimuth[of], km[inner] * number[inner] * 1000.0
    )
    pieces[inner, :2] = np.column_stack([lon, lat])
    pieces[inner - 1, 2:] = pieces[inner, :2]
    return pieces, leg, km


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
