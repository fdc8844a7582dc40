"""The way of least cost between two nodes of a graph, and from one to all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from steppe.routing.ways.searches import find_tail, seek, spread
from steppe.routing.ways.way_graph import Flags, Floats, Way, WayGraph, Whole


@dataclass(frozen=True, eq=False)
class Reach:
    """What it costs at least to come to each node.

    Parameters
    ----------
    graph
        That was searched.
    cost
        From the nearest source, inf where no way leads; shape (n,).
    by
        The arc by which each node is reached, -1 at sources and where no way leads; shape (n,).
    n_arcs
        How many arcs were looked at.
    """

    graph: WayGraph
    cost: Floats
    by: Whole
    n_arcs: int

    def trace(self, node: int) -> Way | None:
        """Return the way from a source to a node; None where there is none."""
        if not np.isfinite(self.cost[node]):
            return None
        arcs = []
        while self.by[node] >= 0:
            arcs.append(int(self.by[node]))
            node = find_tail(self.graph.arcs.first, arcs[-1])
        return way_of_arcs(self.graph, node, np.array(arcs[::-1], dtype=np.int64))


def spread_from(
    graph: WayGraph,
    *sources: int,
    barred: Flags | None = None,
    still: Floats | None = None,
    most: float = np.inf,
) -> Reach:
    """Find the least cost from the nearest of some nodes to every node.

    Parameters
    ----------
    graph
        Where ways lead.
    sources
        Nodes.
    barred
        Nodes that no way may pass, shape (n,).
    still
        What a way costs at least from each node on to where it is asked for, shape (n,); None for nothing.
    most
        Nodes through which a whole way costs more are not looked for.

    Raises
    ------
    ValueError
        For a number that is none of a node.
    """
    graph.require(sources)
    arcs = graph.arcs
    reached = np.full(graph.n_nodes, np.inf)
    by = np.full(graph.n_nodes, -1, dtype=np.int64)
    is_barred = np.zeros(graph.n_nodes, dtype=np.bool_) if barred is None else barred
    n_arcs = spread(
        arcs.first,
        arcs.heads,
        arcs.cost,
        np.array(sources, dtype=np.int64),
        is_barred,
        np.zeros(graph.n_nodes) if still is None else still,
        most,
        reached,
        by,
    )
    return Reach(graph, reached, by, n_arcs)


def find_shortest(
    graph: WayGraph,
    start: int,
    end: int,
    *,
    barred: Flags | None = None,
    still: Floats | None = None,
) -> Way | None:
    """Find the way of least cost between two nodes; None where none leads.

    Parameters
    ----------
    graph
        Where ways lead.
    start, end
        Nodes; the way between a node and itself has no edges.
    barred
        Nodes that it may not pass, shape (n,).
    still
        What the way from each node to the end costs at least, shape (n,), for instance with nothing
        barred; None for what it costs as the crow flies.

    Raises
    ------
    ValueError
        For a number that is none of a node.
    """
    graph.require((start, end))
    arcs = graph.arcs
    is_barred = np.zeros(graph.n_nodes, dtype=np.bool_) if barred is None else barred
    if is_barred[start] or is_barred[end]:
        return None
    least = graph.straight_cost(end) if still is None else still
    taken = seek(arcs.first, arcs.heads, arcs.cost, (start, end), is_barred, least)
    if len(taken) and taken[0] < 0:
        return None
    return way_of_arcs(graph, start, taken)


def way_of_arcs(graph: WayGraph, start: int, taken: Whole) -> Way:
    """Return the way that arcs make, one after the other."""
    arcs = graph.arcs
    nodes = np.concatenate(([start], arcs.heads[taken]))
    return graph.make_way(nodes, arcs.edges[taken])
