"""Dijkstra's search over arcs in arrays, compiled: from some nodes, or towards one."""

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray

from steppe.routing.ways.way_graph import Flags, Floats, Whole

Short = NDArray[np.int32]


@numba.njit(cache=True, nogil=True)
def push(keys: Floats, items: Whole, size: int, key: float, item: int) -> int:
    """Put an item into a heap; return its new size.  There must be room."""
    place = size
    while place > 0:
        above = (place - 1) >> 1
        if keys[above] <= key:
            break
        keys[place], items[place] = keys[above], items[above]
        place = above
    keys[place], items[place] = key, item
    return size + 1


@numba.njit(cache=True, nogil=True)
def pop(keys: Floats, items: Whole, size: int) -> int:
    """Take the least item out of a heap, which must be read before from place 0; return the new size."""
    size -= 1
    key, item = keys[size], items[size]
    place, below = 0, 1
    while below < size:
        if below + 1 < size and keys[below + 1] < keys[below]:
            below += 1
        if keys[below] >= key:
            break
        keys[place], items[place] = keys[below], items[below]
        place, below = below, 2 * below + 1
    keys[place], items[place] = key, item
    return size


@numba.njit(cache=True, nogil=True)
def double(keys: Floats, items: Whole) -> tuple[Floats, Whole]:
    """Return a heap with room for twice as many."""
    more_keys = np.empty(2 * len(keys))
    more_items = np.empty(2 * len(items), dtype=np.int64)
    more_keys[: len(keys)], more_items[: len(items)] = keys, items
    return more_keys, more_items


@numba.njit(cache=True, nogil=True)
def spread(  # noqa: PLR0913, PLR0917 (arrays of a graph, for a compiler)
    first: Whole,
    heads: Short,
    cost: Floats,
    sources: Whole,
    barred: Flags,
    still: Floats,
    most: float,
    reached: Floats,
    by: Whole,
) -> int:
    """Write what it costs at least to come from the nearest source to every node; return the arcs looked at.

    Parameters
    ----------
    first, heads, cost
        See `steppe.routing.ways.way_graph.Arcs`.
    sources
        Shape (s,).
    barred
        Nodes that are not entered, shape (n,).
    still
        What a way costs at least from each node on to where it is asked for, shape (n,).
    most
        Nodes through which a whole way costs more are not looked at.
    reached
        Where costs go, shape (n,): inf before, and where no way leads.
    by
        Where the arc goes by which each node is reached, shape (n,): -1 before, and at sources.
    """
    keys, items = np.empty(1024), np.empty(1024, dtype=np.int64)
    size, n_arcs = 0, 0
    for source in sources:
        if not barred[source]:
            reached[source] = 0.0
            if size == len(keys):
                keys, items = double(keys, items)
            size = push(keys, items, size, 0.0, source)
    while size > 0:
        so_far, node = keys[0], items[0]
        size = pop(keys, items, size)
        if so_far > reached[node]:
            continue
        n_arcs += first[node + 1] - first[node]
        for arc in range(first[node], first[node + 1]):
            there = heads[arc]
            total = so_far + cost[arc]
            if total < reached[there] and not barred[there] and total + still[there] <= most:
                reached[there], by[there] = total, arc
                if size == len(keys):
                    keys, items = double(keys, items)
                size = push(keys, items, size, total, there)
    return n_arcs


@numba.njit(cache=True, nogil=True)
def seek(
    first: Whole,
    heads: Short,
    cost: Floats,
    ends: tuple[int, int],
    barred: Flags,
    still: Floats,
) -> Whole:
    """Return the arcs of a way of least cost between two nodes, shape (k,); [-1] where there is none.

    Hart, Nilsson and Raphael (A*, IEEE Trans. SSC 4, 1968).

    Parameters
    ----------
    ends
        From where to where.
    barred
        Nodes that are not entered, shape (n,).
    still
        What a way from each node to the end costs at least, and nowhere falling by more than an arc's cost;
        inf where none leads; shape (n,).
    """
    start, end = ends
    keys, items = np.empty(1024), np.empty(1024, dtype=np.int64)
    reached = np.full(len(first) - 1, np.inf)
    by = np.empty(len(first) - 1, dtype=np.int64)
    reached[start], by[start] = 0.0, -1
    size = push(keys, items, 0, still[start], start)
    while size > 0:
        key, node = keys[0], items[0]
        size = pop(keys, items, size)
        if node == end:
            break
        so_far = reached[node]
        if key > so_far + still[node]:
            continue
        for arc in range(first[node], first[node + 1]):
            there = heads[arc]
            total = so_far + cost[arc]
            if total < reached[there] and not barred[there] and still[there] < np.inf:
                reached[there], by[there] = total, arc
                if size == len(keys):
                    keys, items = double(keys, items)
                size = push(keys, items, size, total + still[there], there)
    if reached[end] == np.inf:
        return np.full(1, -1, dtype=np.int64)
    n_arcs, node = 0, end
    while by[node] >= 0:
        n_arcs += 1
        node = find_tail(first, by[node])
    way = np.empty(n_arcs, dtype=np.int64)
    node = end
    while by[node] >= 0:
        n_arcs -= 1
        way[n_arcs] = by[node]
        node = find_tail(first, by[node])
    return way


@numba.njit(cache=True, nogil=True)
def find_tail(first: Whole, arc: int) -> int:
    """Return the node that an arc leaves."""
    low, high = 0, len(first) - 1
    while high - low > 1:
        middle = (low + high) >> 1
        if first[middle] <= arc:
            low = middle
        else:
            high = middle
    return low
