"""Cut pairs: the cables whose loss parts the backbone, alone or two at a time.

Every non-tree cable of a depth-first forest gets a random 64-bit label, every tree cable
the exclusive or of the labels of those that span it: a random element of the cycle space.
A bridge then bears 0, and two cables that part their component together bear one label
(Pritchard and Thurimella 2011, ACM Transactions on Algorithms 7(4), article 46).  The
reverse holds only with the probability that no two of m labels meet by chance, 1 - m^2/2^65;
so each answer is proved afterwards, and drawn again if it fails.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count, pairwise
from typing import TYPE_CHECKING, NamedTuple

import networkx as nx
import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

if TYPE_CHECKING:
    from numpy.typing import NDArray

SEED = 46


@dataclass(frozen=True)
class CutPairs:
    """Cables that part their component, alone or two at a time.

    Parameters
    ----------
    bridges
        Cables whose loss parts it, sorted.
    classes
        Sets of cables of which any two part it and none does alone, each of two or more,
        sorted; no cable is in two of them.
    """

    bridges: tuple[str, ...]
    classes: tuple[tuple[str, ...], ...]

    @property
    def n_pairs(self) -> int:
        """Return the number of pairs that part it while neither cable does alone."""
        return sum(len(cables) * (len(cables) - 1) // 2 for cables in self.classes)


class _Forest(NamedTuple):
    """A depth-first forest; nodes go by their number in it, each before those below it.

    Cables that are no loop: those of the forest, from parent to child in the order of the
    child, then the others, each from a node to one above it.  `last` is, by node, one more
    than the greatest number below it.
    """

    number: dict[str, int]
    keys: list[str]
    tails: NDArray[np.intp]
    heads: NDArray[np.intp]
    last: NDArray[np.intp]
    n_spanning: int


def find_cut_pairs(graph: nx.MultiGraph[str]) -> CutPairs:
    """Find the cables that part their component, alone or two at a time.

    Linear in the size of the graph but for one sort.  The answer is exact and depends
    neither on the order of the data nor on the labels drawn, see `_prove`.

    Parameters
    ----------
    graph
        Cables keyed by `cable_id`, which is unique; may have parallel cables, cables from a
        node to itself, which part nothing, and several components.

    Examples
    --------
    >>> ring = nx.MultiGraph()
    >>> _ = ring.add_edge("a", "b", key="x")
    >>> _ = ring.add_edge("a", "b", key="y")
    >>> _ = ring.add_edge("b", "c", key="z")
    >>> find_cut_pairs(ring)
    CutPairs(bridges=('z',), classes=(('x', 'y'),))
    """
    forest = _span(graph)
    if not forest.keys:
        return CutPairs((), ())
    found = _sort_cables(forest)
    n_bridges = found.n_bridges
    names = [forest.keys[index] for index in found.order.tolist()]
    ends = [*found.first.tolist(), len(names)]
    return CutPairs(
        tuple(sorted(names[:n_bridges])),
        tuple(
            sorted(
                tuple(sorted(names[start:end]))
                for start, end in pairwise(ends)
                if start >= n_bridges and end - start > 1
            )
        ),
    )


def group_nodes(graph: nx.MultiGraph[str]) -> dict[str, tuple[int, int, int]]:
    """Return by node the groups that it is in: with what no cable, one and two cables part from it.

    Two nodes are in one component where their first numbers are equal, no single cable parts
    them where their second are, and no two cables where their third are.  The last are the pieces
    of `_prove`, in which each ring that a class makes is cut up.

    Examples
    --------
    >>> graph = nx.MultiGraph([("a", "b"), ("a", "b"), ("a", "b"), ("b", "c"), ("b", "c")])
    >>> groups = group_nodes(graph)
    >>> [len({group[level] for group in groups.values()}) for level in range(3)]
    [1, 1, 2]
    """
    forest = _span(graph)
    if not forest.keys:
        return {node: (number, number, number) for node, number in forest.number.items()}
    found = _sort_cables(forest)
    kept = found.order[found.n_bridges :]
    whole = _join(forest, forest.tails, forest.heads)
    unbridged = _join(forest, forest.tails[kept], forest.heads[kept])
    groups = np.stack([whole, unbridged, found.pieces], axis=1).tolist()
    return {node: tuple(groups[number]) for node, number in forest.number.items()}


class _Sorted(NamedTuple):
    """Cables in the order of their labels, the bridges first, and where each class begins."""

    order: NDArray[np.intp]
    first: NDArray[np.intp]
    n_bridges: int
    pieces: NDArray[np.int32]


def _sort_cables(forest: _Forest) -> _Sorted:
    for attempt in count():
        labels = _label(forest, _draw(len(forest.keys) - forest.n_spanning, attempt))
        # Stable, so that the cables of a class come in the order of the forest.
        order = np.argsort(labels, kind="stable")
        first = np.flatnonzero(np.r_[True, np.diff(labels[order]) != 0])
        n_bridges = int(np.count_nonzero(labels == 0))
        pieces = _prove(forest, order, first, n_bridges)
        if pieces is not None:
            return _Sorted(order, first, n_bridges, pieces)
    raise AssertionError


def _join(forest: _Forest, tails: NDArray[np.intp], heads: NDArray[np.intp]) -> NDArray[np.int32]:
    """Return the component of each node that some cables make."""
    n_nodes = len(forest.last)
    graph = coo_array((np.ones(len(heads)), (heads, tails)), shape=(n_nodes, n_nodes))
    return np.asarray(connected_components(graph, directed=False)[1])


def _span(graph: nx.MultiGraph[str]) -> _Forest:
    links = dict(graph.adjacency())
    number: dict[str, int] = {}
    last = [0] * len(links)
    keys, tails, heads = list[str](), list[int](), list[int]()
    other_keys, other_tails, other_heads = list[str](), list[int](), list[int]()
    for root, first_ways in links.items():
        if root in number:
            continue
        number[root] = len(number)
        trail = [(root, "", iter(first_ways.items()))]
        while trail:
            here, above, ways = trail[-1]
            here_number = number[here]
            for there, cables in ways:
                there_number = number.get(there)
                if there_number is None:
                    number[there] = there_number = len(number)
                    spanning, *parallel = cables
                    keys.append(spanning)
                    tails.append(here_number)
                    heads.append(there_number)
                    for key in parallel:
                        other_keys.append(key)
                        other_tails.append(there_number)
                        other_heads.append(here_number)
                    trail.append((there, here, iter(links[there].items())))
                    break
                if there_number < here_number and there != above:
                    for key in cables:
                        other_keys.append(key)
                        other_tails.append(here_number)
                        other_heads.append(there_number)
            else:
                last[here_number] = len(number)
                trail.pop()
    return _Forest(
        number,
        keys + other_keys,
        np.array(tails + other_tails, dtype=np.intp),
        np.array(heads + other_heads, dtype=np.intp),
        np.array(last, dtype=np.intp),
        len(keys),
    )


def _draw(n_labels: int, attempt: int) -> NDArray[np.uint64]:
    dice = np.random.default_rng((SEED, attempt))
    return dice.integers(0, 2**64, size=n_labels, dtype=np.uint64)


def _label(forest: _Forest, drawn: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return the label of each cable.

    What spans a cable of the forest has exactly one end below it, so its label is the
    exclusive or of all that the nodes below bear; those are consecutive numbers.
    """
    borne = np.zeros(len(forest.last) + 1, dtype=np.uint64)
    for ends in (forest.tails, forest.heads):
        np.bitwise_xor.at(borne[1:], ends[forest.n_spanning :], drawn)
    until = np.bitwise_xor.accumulate(borne)
    children = forest.heads[: forest.n_spanning]
    return np.concatenate((until[forest.last[children]] ^ until[children], drawn))


def _prove(
    forest: _Forest, order: NDArray[np.intp], first: NDArray[np.intp], n_bridges: int
) -> NDArray[np.int32] | None:
    """Return the pieces that no two cables part, if those found are bridges and cut pairs indeed.

    Take the bridges out; for the k cables of each class put in k substitutes, each from the
    head of one cable to the tail of the next, so that cables and substitutes by turns make
    one closed walk.  The answer is right if and only if the number of components then is
    the greatest that it can be: taking out b bridges makes at most b more, and a class at
    most k - 1 more.  For let H be all else: over H the k cables join at most k components
    more than none, and no more than k - 1 if the substitutes join nothing, since the walk
    is closed.

    So the sum is reached only if each class reaches its share.  No cable of it being a
    bridge, they then join k - 1 components more and the substitutes none: H is in k pieces
    on a ring, which any two of the cables part and none does alone.  A piece and the
    substitute in it, which stands for the rest of the ring, has no bridge and the cut pairs
    that it had, so the same holds for the next class.
    """
    after = np.arange(1, len(order) + 1)
    after[np.r_[first[1:], len(order)] - 1] = first
    heads = forest.heads[order][n_bridges:]
    tails = forest.tails[order[after]][n_bridges:]
    pieces = _join(forest, tails, heads)
    n_before = len(forest.last) - forest.n_spanning
    n_classes = int(np.count_nonzero(first >= n_bridges))
    n_more = n_bridges + (len(order) - n_bridges - n_classes)
    return pieces if int(pieces.max()) + 1 == n_before + n_more else None
