"""A graph of roads, railways or cells written down in arrays, for searches over millions of edges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Way:
    """A way through a graph.

    Parameters
    ----------
    nodes
        In the order in which they are passed, shape (n,).
    edges
        Between them, shape (n - 1,).
    cost, km
        Of all edges together.
    """

    nodes: Whole
    edges: Whole
    cost: float
    km: float

    def turn(self) -> Way:
        """Return the same way the other way round."""
        return Way(self.nodes[::-1], self.edges[::-1], self.cost, self.km)


@dataclass(frozen=True, eq=False)
class WayGraph:
    """Places and the strokes between them, which can be gone both ways.

    Parallel edges are edges of their own, and so are edges of no cost.  Arcs, two to an edge, are
    sorted by the node that they leave, then by edge: the arrays do not hang on anything but the edges.

    Parameters
    ----------
    ends
        The two nodes of each edge, shape (m, 2).
    cost
        Of each edge, 0 at least, shape (m,).
    km
        Length of each edge, shape (m,).
    xy_km
        Where the nodes lie in a plane, shape (n, 2).

    Raises
    ------
    ValueError
        Where shapes do not agree, a cost is below 0 or not finite, or an edge leads to no node.
    """

    ends: Whole
    cost: Floats
    km: Floats
    xy_km: Floats

    def __post_init__(self) -> None:
        """Refuse arrays that are no graph."""
        n_edges = len(self.cost)
        if self.ends.shape != (n_edges, 2) or self.km.shape != (n_edges,):
            msg = f"{self.ends.shape} ends and {self.km.shape} lengths for {n_edges} costs"
            raise ValueError(msg)
        if n_edges and not (np.isfinite(self.cost).all() and self.cost.min() >= 0.0):
            msg = "the cost of an edge is a number from 0 up"
            raise ValueError(msg)
        if n_edges and not (self.ends.min() >= 0 and self.ends.max() < self.n_nodes):
            msg = f"an edge ends at a node that is none of the {self.n_nodes}"
            raise ValueError(msg)

    @property
    def n_nodes(self) -> int:
        """Number of nodes."""
        return len(self.xy_km)

    @cached_property
    def arcs(self) -> Arcs:
        """The edges both ways, by the node that they leave."""
        n_edges = len(self.cost)
        tails = np.concatenate((self.ends[:, 0], self.ends[:, 1]))
        edges = np.tile(np.arange(n_edges, dtype=np.int32), 2)
        order = np.lexsort((edges, tails))
        heads = np.concatenate((self.ends[:, 1], self.ends[:, 0]))
        first = np.zeros(self.n_nodes + 1, dtype=np.int64)
        np.cumsum(np.bincount(tails, minlength=self.n_nodes), out=first[1:])
        edges = edges[order]
        return Arcs(first, heads[order].astype(np.int32), self.cost[edges], edges)

    @cached_property
    def stroke_km(self) -> Floats:
        """Straight distance between the two ends of each edge in the plane, shape (m,)."""
        return np.hypot(*(self.xy_km[self.ends[:, 0]] - self.xy_km[self.ends[:, 1]]).T)

    @cached_property
    def least_cost_km(self) -> float:
        """What a straight kilometre costs at least; 0 where there are no edges."""
        is_long = self.stroke_km > 0.0
        rates = self.cost[is_long] / self.stroke_km[is_long]
        return float(rates.min()) if len(rates) else 0.0

    def straight_cost(self, node: int) -> Floats:
        """Return what the way from each node to one costs at least, as the crow flies, shape (n,)."""
        away_km = np.hypot(*(self.xy_km - self.xy_km[node]).T)
        # A hair less, so that no rounding makes it more than a way costs.
        return away_km * (self.least_cost_km * (1.0 - 1e-9))

    def find_nearest(self, x_km: float, y_km: float) -> int:
        """Return the node that lies nearest to a place of the plane; of several the first."""
        return int(np.argmin(np.hypot(self.xy_km[:, 0] - x_km, self.xy_km[:, 1] - y_km)))

    def require(self, nodes: Sequence[int]) -> None:
        """Refuse what is no node.

        Raises
        ------
        ValueError
            For a number that is none of a node.
        """
        for node in nodes:
            if not 0 <= node < self.n_nodes:
                msg = f"{node} is none of the {self.n_nodes} nodes"
                raise ValueError(msg)

    def make_way(self, nodes: ArrayLike, edges: ArrayLike) -> Way:
        """Add up a way; in the order of its edges' numbers, so that either direction costs the same."""
        taken = np.asarray(edges, dtype=np.int64)
        ordered = np.sort(taken)
        cost, km = float(np.sum(self.cost[ordered])), float(np.sum(self.km[ordered]))
        return Way(np.asarray(nodes, dtype=np.int64), taken, cost, km)


@dataclass(frozen=True, eq=False)
class Arcs:
    """What leaves each node.

    Parameters
    ----------
    first
        Where the arcs of each node begin, shape (n + 1,).
    heads
        Where each arc leads, int32, shape (2 m,).
    cost
        Of each arc, shape (2 m,).
    edges
        Which edge it is, int32, shape (2 m,).
    """

    first: Whole
    heads: NDArray[np.int32]
    cost: Floats
    edges: NDArray[np.int32]
