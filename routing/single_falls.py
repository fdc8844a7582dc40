"""Single falls: which nodes one thing may part, if all falls with it that may."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components


class Line(NamedTuple):
    """A cable by its two ends and the things that may take it down."""

    ends: tuple[str, str]
    things: Collection[str]


class SingleFalls:
    """What is left of a network when one thing falls, for each thing that several lines meet.

    Parameters
    ----------
    lines
        The network.
    """

    def __init__(self, lines: Sequence[Line]) -> None:
        self._node: dict[str, int] = {}
        ends = np.array(
            [[self._node.setdefault(end, len(self._node)) for end in line.ends] for line in lines]
        ).reshape(len(lines), 2)
        met: dict[str, list[int]] = {}
        for number, line in enumerate(lines):
            for thing in line.things:
                met.setdefault(thing, []).append(number)
        self._things = {
            thing: row
            for row, thing in enumerate(sorted(each for each, some in met.items() if len(some) > 1))
        }
        self._parts = np.zeros((len(self._things), len(self._node)), dtype=np.int32)
        for thing, row in self._things.items():
            left = np.ones(len(lines), dtype=bool)
            left[met[thing]] = False
            start, end = ends[left].T
            size = (len(self._node), len(self._node))
            graph = coo_array((np.ones(len(start), dtype=np.int8), (start, end)), shape=size)
            self._parts[row] = connected_components(graph.tocsr(), directed=False)[1]

    def may_part(self, a: str, b: str, *, but: Collection[str] = ()) -> bool:
        """Tell whether there is a thing whose fall may part two nodes, leaving out some things."""
        parted = self._parts[:, self._node[a]] != self._parts[:, self._node[b]]
        parted[[self._things[thing] for thing in but if thing in self._things]] = False
        return bool(parted.any())
