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

    keys: list[str]
    tails: NDArray[np.intp]
    heads: NDArray[np.intp]
    last: NDArray[np.intp]
    n_spanning: int


def find_cut_pairs(graph: nx.MultiGraph[str]) -> CutPairs:
    """Find the cables that part their component, alone or two at a time.

    Linear in the size of the graph but for one sort.  The answer is exact and depends
    neither on the order of the data nor on the labels drawn, see `_is_proved`.

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
    for attempt in count():
        labels = _label(forest, _draw(len(forest.keys) - forest.n_spanning, attempt))
        # Stable, so that the cables of a class come in the order of the forest.
        order = np.argsort(labels, kind="stable")
        first = np.flatnonzero(np.r_[True, np.diff(labels[order]) != 0])
        n_bridges = int(np.count_nonzero(labels == 0))
        if _is_proved(forest, order, first, n_bridges):
            break
    names = [forest.keys[index] for index in order.tolist()]
    ends = [*first.tolist(), len(names)]
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


def _is_proved(
    forest: _Forest, order: NDArray[np.intp], first: NDArray[np.intp], n_bridges: int
) -> bool:
    """Tell whether the cables found are bridges and cut pairs indeed.

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
    n_nodes = len(forest.last)
    pieces = coo_array((np.ones(len(heads)), (heads, tails)), shape=(n_nodes, n_nodes))
    n_before = n_nodes - forest.n_spanning
    n_classes = int(np.count_nonzero(first >= n_bridges))
    n_more = n_bridges + (len(order) - n_bridges - n_classes)
    return bool(connected_components(pieces, directed=False)[0] == n_before + n_more)
