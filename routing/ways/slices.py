"""From slice to slice through a graph: what it costs to cross the next level first at each node.

Compiled parts of `steppe.routing.ways.pair_bound`.
"""

from __future__ import annotations

import numba
import numpy as np

from steppe.routing.ways.searches import Short, double, pop, push
from steppe.routing.ways.way_graph import Flags, Floats, Whole


@numba.njit(cache=True, nogil=True)
def cross(  # noqa: C901, PLR0913, PLR0917 (one search, for a compiler)
    first: Whole,
    heads: Short,
    cost: Floats,
    sources: Whole,
    level: Floats,
    next_level: float,
    barred: Flags,
    away: Floats,
    home: Floats,
    most: float,
    most_arcs: int,
) -> tuple[Whole, Whole, Floats, int]:
    """Return what ways cost at least from each source to where they first come to a level.

    Parameters
    ----------
    first, heads, cost
        See `steppe.routing.ways.way_graph.Arcs`.
    sources
        Nodes, shape (s,); of one that has come there already the way has no edges.
    level
        Of each node, shape (n,).
    next_level
        To be come to.
    barred
        Nodes that are not entered, shape (n,).
    away, home
        What it costs from the start to each node, and from each to the end, shape (n,).
    most
        A whole way costs no more.
    most_arcs
        Ends when more were looked at: what is returned then is no answer.

    Returns
    -------
    tuple
        Where the hits of each source begin, shape (s + 1,); nodes and costs of the hits; arcs looked at.
    """
    keys, items = np.empty(1024), np.empty(1024, dtype=np.int64)
    hit_costs, hits = np.empty(1024), np.empty(1024, dtype=np.int64)
    begin = np.zeros(len(sources) + 1, dtype=np.int64)
    reached = np.full(len(first) - 1, np.inf)
    touched = np.empty(len(first) - 1, dtype=np.int64)
    n_hits, n_arcs = 0, 0
    for number in range(len(sources)):
        if n_arcs > most_arcs:
            break
        source = sources[number]
        reached[source], touched[0], n_touched = 0.0, source, 1
        size = push(keys, items, 0, 0.0, source)
        while size > 0:
            so_far, node = keys[0], items[0]
            size = pop(keys, items, size)
            if so_far > reached[node]:
                continue
            if level[node] >= next_level:
                if n_hits == len(hits):
                    hit_costs, hits = double(hit_costs, hits)
                hit_costs[n_hits], hits[n_hits] = so_far, node
                n_hits += 1
                continue
            n_arcs += first[node + 1] - first[node]
            for arc in range(first[node], first[node + 1]):
                there = heads[arc]
                total = so_far + cost[arc]
                if (
                    total < reached[there]
                    and not barred[there]
                    and away[source] + total + home[there] <= most
                ):
                    if reached[there] == np.inf:
                        touched[n_touched] = there
                        n_touched += 1
                    reached[there] = total
                    if size == len(keys):
                        keys, items = double(keys, items)
                    size = push(keys, items, size, total, there)
        for place in range(n_touched):
            reached[touched[place]] = np.inf
        begin[number + 1] = n_hits
    return begin, hits[:n_hits].copy(), hit_costs[:n_hits].copy(), n_arcs


@numba.njit(cache=True, nogil=True)
def carry_on(pairs: Floats, begin: Whole, columns: Whole, costs: Floats, n_columns: int) -> Floats:
    """Return the least cost of pairs whose first way has gone on to the next slice.

    Parameters
    ----------
    pairs
        Cost of each node of the one way with each of the other, shape (s, k).
    begin, columns, costs
        Of the first way's steps to the next slice, by rows of `pairs`.
    n_columns
        Nodes of the first way there.

    Returns
    -------
    ndarray
        Shape (n_columns, k).
    """
    found = np.full((n_columns, pairs.shape[1]), np.inf)
    for row in range(len(begin) - 1):
        for step in range(begin[row], begin[row + 1]):
            there, cost = columns[step], costs[step]
            for other in range(pairs.shape[1]):
                found[there, other] = min(found[there, other], pairs[row, other] + cost)
    return found


@numba.njit(cache=True, nogil=True)
def keep_apart(  # noqa: PLR0913, PLR0917 (arrays of both ways, for a compiler)
    pairs: Floats,
    one_km: Floats,
    other_km: Floats,
    one_free: Flags,
    other_free: Flags,
    one_home: Floats,
    other_home: Floats,
    reach_km: float,
    most: float,
) -> None:
    """Write inf for pairs of nodes that are too near, or that no pair of ways cheap enough passes.

    Parameters
    ----------
    pairs
        Shape (s, k).
    one_km, other_km
        Where the nodes lie, shapes (s, 2) and (k, 2).
    one_free, other_free
        Whose distance does not matter.
    one_home, other_home
        What it costs from them to the end.
    reach_km
        Nearer than this is too near.
    most
        Of both ways together.
    """
    least2 = max(reach_km, 0.0) ** 2
    for one in range(len(one_km)):
        for other in range(len(other_km)):
            if pairs[one, other] + one_home[one] + other_home[other] > most:
                pairs[one, other] = np.inf
            elif not (one_free[one] or other_free[other]):
                dx = one_km[one, 0] - other_km[other, 0]
                dy = one_km[one, 1] - other_km[other, 1]
                if dx * dx + dy * dy < least2:
                    pairs[one, other] = np.inf


@numba.njit(cache=True, nogil=True)
def flood(  # noqa: PLR0913, PLR0917 (arrays of a graph, for a compiler)
    first: Whole,
    heads: Short,
    level: Floats,
    next_level: float,
    barred: Flags,
    seen: Flags,
    shore: Whole,
) -> Whole:
    """Go on from the shore of what is below a level to that of what is below the next; return the new shore.

    Parameters
    ----------
    first, heads
        See `steppe.routing.ways.way_graph.Arcs`.
    level
        Of each node, shape (n,).
    next_level
        What lies at it or above is shore, and not gone beyond.
    barred
        Nodes that are not entered, shape (n,).
    seen
        Nodes that were come to, the shore among them, shape (n,); more of them afterwards.
    shore
        Nodes come to that were at the level before or above, shape (s,).
    """
    waiting = np.empty(len(first) - 1, dtype=np.int64)
    beyond = np.empty(len(first) - 1, dtype=np.int64)
    n_waiting, n_beyond = 0, 0
    for node in shore:
        if level[node] < next_level:
            waiting[n_waiting] = node
            n_waiting += 1
        else:
            beyond[n_beyond] = node
            n_beyond += 1
    while n_waiting > 0:
        n_waiting -= 1
        node = waiting[n_waiting]
        for arc in range(first[node], first[node + 1]):
            there = heads[arc]
            if seen[there] or barred[there]:
                continue
            seen[there] = True
            if level[there] < next_level:
                waiting[n_waiting] = there
                n_waiting += 1
            else:
                beyond[n_beyond] = there
                n_beyond += 1
    return beyond[:n_beyond].copy()
