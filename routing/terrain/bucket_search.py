"""Dijkstra's search over a grid, compiled, with a queue of buckets in place of a heap."""

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray

from steppe.routing.terrain.cost_grid import Floats, Whole

Layout = tuple[NDArray[np.floating], Whole, Whole, Floats]

_N_STRAIGHT = 8
_FIRST_LENGTH = 1 << 14


@numba.njit(cache=True, nogil=True)
def _lengthen(array: Whole) -> Whole:
    """Return an array of twice the length that begins with another one."""
    longer = np.empty(2 * len(array), dtype=np.int64)
    longer[: len(array)] = array
    return longer


@numba.njit(cache=True, nogil=True)
def spread(  # noqa: C901, PLR0912, PLR0913, PLR0915, PLR0917 (one loop over buckets, for a compiler)
    layout: Layout,
    queue: tuple[float, int],
    reached: Floats,
    sources: Whole,
    targets: Whole,
    most: float,
    is_fresh: bool,  # noqa: FBT001 (compiled: by position)
) -> tuple[int, int]:
    """Write the least cost from sources to every cell.

    A circular queue of buckets (Dial, CACM 12, 1969) whose cells are settled in any order: where a step
    is no dearer than a bucket, what it improves in the same bucket is settled once more
    (Meyer and Sanders, Delta-stepping, J. Algorithms 49, 2003).  The answer does not hang on that order:
    it is the least over all ways of a sum that is rounded from step to step, and rounding keeps order.

    Parameters
    ----------
    layout, queue
        See `steppe.routing.terrain.steps.Steps`.
    reached
        What it costs to begin at a source, inf elsewhere (or what is known already); where the costs go.
        Those of buckets that were not settled are costs of some way each, but maybe not the least.
    sources
        Where ways begin, from the cheapest to the dearest, shape (n,).
    targets
        Stops when all of these are settled, shape (n,); none: goes on to the end.
    most
        Ways that cost more are not looked for.
    is_fresh
        Whether all but the sources are inf; else what they cost already may be improved too.

    Returns
    -------
    n_settled, n_buckets
        How many cells were settled, one that was settled again counted again, and the buckets before
        which all are.
    """
    cost, offsets, beside, part_km = layout
    bucket, n_buckets = queue
    mask = n_buckets - 1
    per_cost = 1.0 / bucket
    heads = np.full(n_buckets, -1, dtype=np.int64)
    # Entries of all buckets, each with the next one of its bucket; those that are free form a list too.
    entries = np.empty(_FIRST_LENGTH, dtype=np.int64)
    following = np.empty(_FIRST_LENGTH, dtype=np.int64)
    free, n_used, n_queued = -1, 0, 0
    opened = np.empty(_FIRST_LENGTH, dtype=np.int64)
    better, costs = np.empty(17, dtype=np.int64), np.empty(17)
    n_steps, n_settled, n_found, n_begun, now = len(offsets), 0, 0, 0, 0
    last = int(min(most * per_cost, 9e18))
    while n_queued > 0 or n_begun < len(sources):
        if n_queued == 0:
            now = max(now, int(reached[sources[n_begun]] * per_cost))
        if now > last:
            break
        n_open = 0
        while n_begun < len(sources) and int(reached[sources[n_begun]] * per_cost) <= now:
            if n_open == len(opened):
                opened = _lengthen(opened)
            opened[n_open] = sources[n_begun]
            n_open += 1
            n_begun += 1
        entry = heads[np.uint64(now & mask)]
        if entry < 0 and n_open == 0:
            now += 1
            continue
        while n_found < len(targets) and reached[targets[n_found]] * per_cost < now:
            n_found += 1
        if n_found > 0 and n_found == len(targets):
            break
        heads[np.uint64(now & mask)] = -1
        n_done = 0
        while entry >= 0:
            if n_open == len(opened):
                opened = _lengthen(opened)
            opened[n_open] = entries[entry]
            n_open += 1
            after = following[entry]
            following[entry] = free
            free, entry = entry, after
            n_queued -= 1
        while n_done < n_open:
            place = opened[n_done]
            n_done += 1
            so_far = reached[np.uint64(place)]
            if int(so_far * per_cost) < now:
                continue
            n_settled += 1
            here = np.float64(cost[np.uint64(place)])
            # Two loops, the first without a branch: which steps improve cannot be foretold.
            n_better = 0
            for step in range(min(n_steps, _N_STRAIGHT)):
                there = np.uint64(place + offsets[step])
                total = so_far + (here + np.float64(cost[there])) * part_km[step]
                costs[step] = total
                better[n_better] = step
                n_better += int(total < reached[there])
            for step in range(_N_STRAIGHT, n_steps):
                there = np.uint64(place + offsets[step])
                first = np.float64(cost[np.uint64(place + beside[step, 0])])
                second = np.float64(cost[np.uint64(place + beside[step, 1])])
                mean = (here + np.float64(cost[there])) + (first + second)
                costs[step] = so_far + mean * part_km[step]
                better[n_better] = step
                n_better += int(costs[step] < reached[there])
            for number in range(n_better):
                step = better[number]
                there = np.uint64(place + offsets[step])
                if not (
                    cost[np.uint64(place + beside[step, 0])] < np.inf
                    and cost[np.uint64(place + beside[step, 1])] < np.inf
                ):
                    continue
                total, before = costs[step], reached[there]
                reached[there] = total
                into = int(total * per_cost)
                if into == now:
                    if n_open == len(opened):
                        opened = _lengthen(opened)
                    opened[n_open] = there
                    n_open += 1
                elif not is_fresh or before == np.inf or int(before * per_cost) != into:
                    if free >= 0:
                        entry = free
                        free = following[entry]
                    else:
                        if n_used == len(entries):
                            entries, following = _lengthen(entries), _lengthen(following)
                        entry = n_used
                        n_used += 1
                    head = np.uint64(into & mask)
                    entries[entry], following[entry], heads[head] = there, heads[head], entry
                    n_queued += 1
        now += 1
    return n_settled, now


@numba.njit(cache=True, nogil=True)
def forget_unsettled(reached: Floats, queue: tuple[float, int], now: int, most: float) -> None:
    """Write inf for costs above `most` or of buckets from `now` on."""
    per_cost = 1.0 / queue[0]
    for place in range(len(reached)):
        if reached[place] > most or reached[place] * per_cost >= now:
            reached[place] = np.inf


@numba.njit(cache=True, nogil=True)
def follow_back(layout: Layout, reached: Floats, end: int) -> Whole:
    """Return the places of the way that `reached[end]` is the cost of, from its source, shape (n,).

    Of steps that fit to the last digit the first in the order of `offsets` is gone.  Where none fits, the way
    begins there.
    """
    cost, offsets, beside, part_km = layout
    way = np.empty(1024, dtype=np.int64)
    way[0], n_places, place = end, 1, end
    while reached[place] > 0.0:
        before = -1
        for step in range(len(offsets)):
            there = place + offsets[step]
            first, second = cost[place + beside[step, 0]], cost[place + beside[step, 1]]
            if not (reached[there] < reached[place] and first < np.inf and second < np.inf):
                continue
            mean = np.float64(cost[place]) + np.float64(cost[there])
            if step >= _N_STRAIGHT:
                mean += np.float64(first) + np.float64(second)
            if reached[there] + mean * part_km[step] == reached[place]:
                before = there
                break
        if before < 0:
            break
        if n_places == len(way):
            way = _lengthen(way)
        way[n_places] = before
        n_places += 1
        place = before
    return way[:n_places][::-1].copy()


@numba.njit(cache=True, nogil=True)
def find_meeting(there: Floats, back: Floats) -> tuple[float, int]:
    """Return the least sum of the costs from two ends, and the first place that has it; inf where none has."""
    least, meeting = np.inf, -1
    for place in range(len(there)):
        total = there[place] + back[place]
        if total < least:
            least, meeting = total, place
    return least, meeting
