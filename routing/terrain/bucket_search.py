"""Dijkstra's search over a grid, compiled, with a queue of buckets in place of a heap."""

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray

from steppe.routing.terrain.cost_grid import Floats, Whole

Layout = tuple[NDArray[np.floating], Whole, Whole, Floats]
Queue = tuple[Whole, Whole, Whole, Whole, Whole]

_N_STRAIGHT = 8
_FIRST_LENGTH = 1 << 14
# What `spread` counts: in one array, so that its loop over cells can hand it back.
_NOW, _FREE, _N_USED, _N_QUEUED, _N_OPEN, _N_DONE, _N_SETTLED, _N_BEGUN, _IS_FRESH = range(9)
_FIRST, _LAST = 9, 10
_NO_END = 1 << 62


@numba.njit(cache=True, nogil=True)
def _lengthen(array: Whole) -> Whole:
    """Return an array of twice the length that begins with another one."""
    longer = np.empty(2 * len(array), dtype=np.int64)
    longer[: len(array)] = array
    return longer


def open_queue(n_buckets: int, *, is_fresh: bool = True, only: int | None = None) -> Queue:
    """Return an empty queue, for one search.

    Parameters
    ----------
    n_buckets
        How many buckets a step may span, a power of two.
    is_fresh
        Whether no cost is known but those of sources; else what is known may be improved too.
    only
        The one place that a cost was written at: the search writes inf where it comes to, and memory that it
        does not come to is never taken.  Without, inf was written everywhere.
    """
    # Entries of all buckets, each with the next one of its bucket; those that are free form a list too.
    entries, following, opened = (np.empty(_FIRST_LENGTH, dtype=np.int64) for _ in range(3))
    counts = np.zeros(11, dtype=np.int64)
    counts[_FREE], counts[_IS_FRESH] = -1, is_fresh
    counts[_FIRST], counts[_LAST] = (-_NO_END, _NO_END) if only is None else (only, only + 1)
    return np.full(n_buckets, -1, dtype=np.int64), entries, following, opened, counts


def tell_course(queue: Queue) -> tuple[int, int]:
    """Return how many cells were settled, again counted again, and the first bucket that is not."""
    counts = queue[-1]
    return int(counts[_N_SETTLED]), int(counts[_NOW])


def tell_written(queue: Queue) -> tuple[int, int]:
    """Return the first place that a search with `only` has written to, and the one after the last, or a later one."""
    counts = queue[-1]
    return max(int(counts[_FIRST]), 0), int(counts[_LAST])


def is_spent(queue: Queue) -> bool:
    """Tell whether a search of one source has settled every cell that a way leads to."""
    return queue[-1][_N_BEGUN] > 0 and queue[-1][_N_QUEUED] == 0


@numba.njit(cache=True, nogil=True)
def spread(  # noqa: C901, PLR0913, PLR0917 (one loop over buckets, for a compiler)
    layout: Layout,
    bucket: float,
    reached: Floats,
    sources: Whole,
    targets: Whole,
    most: float,
    queue: Queue,
) -> Queue:
    """Write the least cost from sources to every cell.

    A circular queue of buckets (Dial, CACM 12, 1969) whose cells are settled in any order: where a step
    is no dearer than a bucket, what it improves in the same bucket is settled once more
    (Meyer and Sanders, Delta-stepping, J. Algorithms 49, 2003).  The answer does not hang on that order:
    it is the least over all ways of a sum that is rounded from step to step, and rounding keeps order.

    Parameters
    ----------
    layout, bucket
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
    queue
        From `open_queue`, or from a search with a lesser `most` that this one goes on with.

    Returns
    -------
    queue
        To go on with.
    """
    heads, entries, following, opened, counts = queue
    per_cost, n_steps, n_found = 1.0 / bucket, len(layout[1]), 0
    last = int(min(most * per_cost, 9e18))
    while counts[_N_QUEUED] > 0 or counts[_N_BEGUN] < len(sources):
        if counts[_N_QUEUED] == 0:
            begin = reached[sources[counts[_N_BEGUN]]]
            counts[_NOW] = max(counts[_NOW], int(begin * per_cost))
        now = counts[_NOW]
        if now > last:
            break
        counts[_N_OPEN], counts[_N_DONE] = 0, 0
        while counts[_N_BEGUN] < len(sources):
            source = sources[counts[_N_BEGUN]]
            if int(reached[source] * per_cost) > now:
                break
            if counts[_N_OPEN] == len(opened):
                opened = _lengthen(opened)
            opened[counts[_N_OPEN]] = source
            counts[_N_OPEN] += 1
            counts[_N_BEGUN] += 1
        head = now & (len(heads) - 1)
        if heads[head] >= 0 or counts[_N_OPEN] > 0:
            while n_found < len(targets) and reached[targets[n_found]] * per_cost < now:
                n_found += 1
            if n_found > 0 and n_found == len(targets):
                break
        while heads[head] >= 0 or counts[_N_DONE] < counts[_N_OPEN]:
            if counts[_N_OPEN] + n_steps > len(opened):
                opened = _lengthen(opened)
            if counts[_N_USED] + n_steps > len(entries):
                entries, following = _lengthen(entries), _lengthen(following)
            _settle_bucket(layout, reached, (heads, entries, following, opened, counts), per_cost)
        counts[_NOW] += 1
    return heads, entries, following, opened, counts


@numba.njit(cache=True, nogil=True)
def _write_round(reached: Floats, counts: Whole, place: int, room: int) -> None:
    """Write inf on either side of what was written, so far that a place has `room` all round."""
    first, last = counts[_FIRST], counts[_LAST]
    # Where an end of the grid is come to, nothing is ever asked for again.
    if place - room < first:
        new = max(place - 8 * room, 0)
        reached[new:first] = np.inf
        counts[_FIRST] = new if new > 0 else -_NO_END
    if place + room > last:
        new = min(place + 8 * room, len(reached))
        reached[last:new] = np.inf
        counts[_LAST] = new if new < len(reached) else _NO_END


@numba.njit(cache=True, nogil=True)
def _settle_bucket(  # noqa: C901, PLR0912, PLR0915 (one loop over cells, for a compiler)
    layout: Layout, reached: Floats, queue: Queue, per_cost: float
) -> None:
    """Settle the cells of the bucket that is open, until they are done or an array of the queue is full.

    Apart from `spread`, since an array that is replaced within a loop has its holders counted at each turn,
    which takes more than half of the time.
    """
    cost, offsets, beside, part_km = layout
    heads, entries, following, opened, counts = queue
    is_fresh = counts[_IS_FRESH] > 0
    mask, now, n_steps = len(heads) - 1, counts[_NOW], len(offsets)
    free, n_used, n_queued = counts[_FREE], counts[_N_USED], counts[_N_QUEUED]
    n_open, n_done, n_settled = counts[_N_OPEN], counts[_N_DONE], counts[_N_SETTLED]
    better, costs = np.empty(17, dtype=np.int64), np.empty(17)
    # The steps of a place, and once more as far: ways are followed back from places that were not settled.
    room = 2 * np.abs(offsets).max()
    entry = heads[np.uint64(now & mask)]
    while entry >= 0 and n_open < len(opened):
        opened[np.uint64(n_open)] = entries[np.uint64(entry)]
        n_open += 1
        after = following[np.uint64(entry)]
        following[np.uint64(entry)] = free
        free, entry = entry, after
        n_queued -= 1
    heads[np.uint64(now & mask)] = entry
    while n_done < n_open and n_open + n_steps <= len(opened) and n_used + n_steps <= len(entries):
        place = opened[np.uint64(n_done)]
        n_done += 1
        so_far = reached[np.uint64(place)]
        if int(so_far * per_cost) < now:
            continue
        n_settled += 1
        if place - room < counts[_FIRST] or place + room > counts[_LAST]:
            _write_round(reached, counts, place, room)
        here = np.float64(cost[np.uint64(place)])
        # Loops without a branch first: which steps improve cannot be foretold.
        n_better = 0
        for step in range(_N_STRAIGHT):
            there = np.uint64(place + offsets[step])
            total = so_far + (here + np.float64(cost[there])) * part_km[step]
            costs[step] = total
            better[n_better] = step
            n_better += int(total < reached[there])
        if n_steps > _N_STRAIGHT:
            for step in range(_N_STRAIGHT, 2 * _N_STRAIGHT):
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
                opened[np.uint64(n_open)] = there
                n_open += 1
            elif not is_fresh or before == np.inf or int(before * per_cost) != into:
                if free >= 0:
                    entry = free
                    free = following[np.uint64(entry)]
                else:
                    entry = n_used
                    n_used += 1
                head = np.uint64(into & mask)
                entries[np.uint64(entry)] = there
                following[np.uint64(entry)] = heads[head]
                heads[head] = entry
                n_queued += 1
    counts[_FREE], counts[_N_USED], counts[_N_QUEUED] = free, n_used, n_queued
    counts[_N_OPEN], counts[_N_DONE], counts[_N_SETTLED] = n_open, n_done, n_settled


@numba.njit(cache=True, nogil=True)
def forget_unsettled(reached: Floats, bucket: float, now: int, most: float) -> None:
    """Write inf for costs above `most` or of buckets from `now` on."""
    per_cost = 1.0 / bucket
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
def find_meeting(there: Floats, back: Floats, first: int, last: int) -> tuple[float, int]:
    """Return the least sum of the costs from two ends, and the first place that has it; inf where none has.

    Of the places from `first` on, to that before `last`.
    """
    least, meeting = np.inf, -1
    for place in range(first, last):
        total = there[place] + back[place]
        if total < least:
            least, meeting = total, place
    return least, meeting
