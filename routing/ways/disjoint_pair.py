"""Two ways of least cost together that share no edge, or no node: over graphs of millions of edges.

After Suurballe (1974, Networks 4, 125-145) and Bhandari (Survivable Networks, 1999): the second way is
the shortest in what the first leaves, where the first may be gone back, its cost repaid.  Costs are reduced
by what the way from each node to the end costs, so that none is below 0.  `steppe.routing.least_flow` does the same
for backbones of some hundred cables, in whole numbers and with a choice among equals.
"""

from __future__ import annotations

import numba
import numpy as np

from steppe.routing.ways.pair_of_ways import PairOfWays
from steppe.routing.ways.searches import Short, double, pop, push
from steppe.routing.ways.shortest import find_shortest, spread_from
from steppe.routing.ways.way_graph import Floats, Way, WayGraph, Whole


def find_disjoint_pair(
    graph: WayGraph, start: int, end: int, *, apart_in_nodes: bool = False
) -> PairOfWays[Way] | None:
    """Find two ways that share no edge and cost least together; None where there are no two.

    Parameters
    ----------
    graph
        Where ways lead; parallel edges may serve a way each.
    start, end
        Two different nodes.
    apart_in_nodes
        Whether they may not share a node between the ends either.

    Raises
    ------
    ValueError
        For a number that is none of a node, or where both are the same.
    """
    graph.require((start, end))
    if start == end:
        msg = f"two nodes are needed, both are {start}"
        raise ValueError(msg)
    still = spread_from(graph, end).cost
    way = find_shortest(graph, start, end, still=still)
    if way is None:
        return None
    arcs = graph.arcs
    second = _seek_second(
        arcs.first,
        arcs.heads,
        arcs.cost,
        arcs.edges,
        still,
        way.nodes,
        way.edges,
        apart_in_nodes,
    )
    if len(second) == 0:
        return None
    # What the second goes back, neither keeps.
    kept = np.setdiff1d(np.arange(len(way.edges)), -2 - second[second < 0])
    taken = second[second >= 0]
    tails = np.searchsorted(arcs.first, taken, side="right") - 1
    steps = np.concatenate(
        (
            np.column_stack((way.nodes[kept], way.nodes[kept + 1], way.edges[kept])),
            np.column_stack((tails, arcs.heads[taken], arcs.edges[taken])),
        )
    )
    found = _take_apart(graph, steps, start, end)
    first, other = sorted(found, key=lambda each: (each.cost, each.edges.tolist()))
    cost = first.cost + other.cost
    return PairOfWays(first, other, cost, cost)


def _take_apart(graph: WayGraph, steps: Whole, start: int, end: int) -> tuple[Way, Way]:
    """Return the two ways that steps make; what circles without cost beside them is left out.

    Each step is the node that it leaves, the one that it leads to, and its edge; shape (k, 3).
    """
    leaving: dict[int, list[tuple[int, int]]] = {}
    for here, there, edge in steps.tolist():
        leaving.setdefault(here, []).append((there, edge))
    ways = []
    for _ in range(2):
        nodes, taken = [start], list[int]()
        while nodes[-1] != end:
            there, edge = leaving[nodes[-1]].pop()
            if there in nodes:
                place = nodes.index(there)
                del nodes[place + 1 :], taken[place:]
            else:
                nodes.append(there)
                taken.append(edge)
        ways.append(graph.make_way(nodes, taken))
    return ways[0], ways[1]


@numba.njit(cache=True, nogil=True)
def _seek_second(  # noqa: C901, PLR0912, PLR0913, PLR0915, PLR0917 (one search, for a compiler)
    first: Whole,
    heads: Short,
    cost: Floats,
    edges: Short,
    still: Floats,
    way: Whole,
    way_edges: Whole,
    apart_in_nodes: bool,  # noqa: FBT001 (a compiled function takes no keywords)
) -> Whole:
    """Return the steps of the shortest way in what a first one leaves, the last first; none where there is none.

    A step is an arc, or -2 less the number of the edge of the first way that is gone back.

    A node of the first way is two places where nodes are not to be shared: there a way comes in, and
    may only go back; n + its number on the way is where one goes out, having come back.

    Parameters
    ----------
    first, heads, cost, edges
        See `steppe.routing.ways.way_graph.Arcs`.
    still
        What the way from each node to the end costs.
    way, way_edges
        Nodes and edges of the first way.
    apart_in_nodes
        Whether no node between the ends may be shared.
    """
    n_nodes = len(first) - 1
    n_places = n_nodes + len(way)
    on_way = np.full(n_nodes, -1, dtype=np.int64)
    for number in range(len(way)):
        on_way[way[number]] = number
    start, end = way[0], way[-1]
    reached = np.full(n_places, np.inf)
    by = np.full(n_places, -1, dtype=np.int64)
    before = np.full(n_places, -1, dtype=np.int64)
    keys, items = np.empty(1024), np.empty(1024, dtype=np.int64)
    reached[start] = 0.0
    size = push(keys, items, 0, 0.0, start)
    while size > 0:
        so_far, place = keys[0], items[0]
        size = pop(keys, items, size)
        if so_far > reached[place]:
            continue
        if place == end:
            break
        is_out = place >= n_nodes
        node = way[place - n_nodes] if is_out else place
        number = on_way[node]
        is_between = 0 < number < len(way) - 1
        if number > 0:
            # Back along the first way: by its reduced costs that is for nothing.
            there = way[number - 1]
            if apart_in_nodes and number > 1:
                there = n_nodes + number - 1
            if so_far < reached[there]:
                reached[there], before[there] = so_far, place
                by[there] = -1 - number
                if size == len(keys):
                    keys, items = double(keys, items)
                size = push(keys, items, size, so_far, there)
        if apart_in_nodes and is_between and not is_out:
            continue
        for arc in range(first[node], first[node + 1]):
            there, edge = heads[arc], edges[arc]
            if number >= 0 and (
                (number < len(way) - 1 and way_edges[number] == edge)
                or (number > 0 and way_edges[number - 1] == edge)
            ):
                continue
            if still[there] == np.inf:
                continue
            total = so_far + max(cost[arc] + still[there] - still[node], 0.0)
            if total < reached[there]:
                reached[there], before[there], by[there] = total, place, arc
                if size == len(keys):
                    keys, items = double(keys, items)
                size = push(keys, items, size, total, there)
    if reached[end] == np.inf:
        return np.empty(0, dtype=np.int64)
    taken = np.empty(n_places, dtype=np.int64)
    n_taken, place = 0, end
    while place != start:
        taken[n_taken] = by[place]
        n_taken += 1
        place = before[place]
    return taken[:n_taken].copy()
