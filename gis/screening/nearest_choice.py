"""Cells from which people are nearest on the mean, with a bound that holds over all free cells."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from steppe.routing.facilities import place_medians
from steppe.routing.median_relaxation import Relaxation
from steppe.screening.free_cells import Floats, FreeCells, Whole

MOST_EXACT = 2500
"""Where there are no more cells than these, the answer is exact."""
MOST_PAIRS = 360_000
"""Of towns and blocks of cells, held against each other at a time."""
_FEWER_FRAC = 0.9  # of the cells: where more of them are left, no blocks of the same size are tried
Towns = tuple[Floats, Floats, Floats]
"""Longitudes, latitudes and people."""
_MOST_MOVES = 50  # of sites, each of which saves something
_CLOSE_FRAC = 1e-3  # of the mean: nearer to the bound nothing is looked for


def choose_nearest(
    cells: FreeCells, lons: Floats, lats: Floats, people: Floats, *, n_sites: int
) -> tuple[Whole, float]:
    """Return cells with the least weighted distance of towns to the nearest, and what none is below.

    Up to `MOST_EXACT` cells are a p-median, solved and proven.  More are put into blocks, each as near
    to a town as its nearest cell: their p-median, relaxed, is a bound.  From its best choice each site
    moves to the best cell for the towns that it serves, and towns to their nearest site, until
    nothing is saved (Cooper 1964, SIAM Review 6(1), 37-53).  Blocks that no better choice can open are
    left, the others made smaller, until the bound is near or the blocks are too many.

    Parameters
    ----------
    cells
        Of the free land.
    lons, lats, people
        Towns, degrees, and their weights; shape (towns,).
    n_sites
        How many sites there may be; more than towns serve nobody.

    Returns
    -------
    tuple
        Cells, and the sum of weighted distances, km, that no choice is below.
    """
    towns = (lons, lats, people)
    n_sites = min(n_sites, cells.n_cells, len(people))
    if cells.n_cells <= MOST_EXACT:
        away = cells.measure_km(np.arange(cells.n_cells), lons, lats)
        found = place_medians(away, people, n_sites)
        return np.array(found.sites, dtype=np.int64), found.bound
    live, prices = np.arange(cells.n_cells), None
    side, bound, best = math.inf, 0.0, math.inf
    chosen = np.zeros(0, dtype=np.int64)
    most = max(MOST_PAIRS // len(people), MOST_EXACT)
    while len(live) >= n_sites:
        before, (side, blocks) = (side, len(live)), cells.find_blocks(live, most)
        away = cells.find_nearest_of_blocks_km(live, blocks, lons, lats)
        relaxed = Relaxation.of(away * people[:, None], min(n_sites, away.shape[1]), prices=prices)
        prices = relaxed.prices
        serves = relaxed.choice[np.argmin(away[:, relaxed.choice], axis=1)]
        moved, value = _settle(cells, live, towns, serves)
        if value < best:
            chosen, best = moved, value
        # What was left before costs no less than the best that is known.
        bound = max(bound, min(relaxed.bound, best))
        if best - bound <= _CLOSE_FRAC * best:
            break
        kept = np.zeros(away.shape[1], dtype=bool)
        kept[relaxed.keep(best)] = True
        live = live[kept[blocks]]
        if side >= before[0] and len(live) > _FEWER_FRAC * before[1]:
            break
    return chosen, bound


def _settle(cells: FreeCells, live: Whole, towns: Towns, serves: Whole) -> tuple[Whole, float]:
    """Move sites and deal out towns by turns, while that saves; return cells and their sum."""
    best, chosen = math.inf, np.zeros(0, dtype=np.int64)
    for _ in range(_MOST_MOVES):
        groups = [serves == each for each in np.unique(serves)]
        moved = np.array([_pick(cells, live, [each[own] for each in towns]) for own in groups])
        away = cells.measure_km(moved, *towns[:2])
        value = float(towns[2] @ away.min(axis=1))
        if value >= best:
            break
        best, chosen, serves = value, moved, away.argmin(axis=1)
    return chosen, best


def _pick(cells: FreeCells, live: Whole, towns: Sequence[Floats]) -> int:
    """Return the cell with the least weighted distance to some towns; the first of equals."""
    total = np.zeros(len(live))
    for lon, lat, heavy in zip(*(each.tolist() for each in towns), strict=True):
        total += heavy * cells.find_away_km(lon, lat, live)
    return int(live[np.argmin(total)])
