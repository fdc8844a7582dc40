"""Single falls: which nodes one thing may part, if all falls with it that may."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

if TYPE_CHECKING:
    from numpy.typing import NDArray

_OFTEN = 3  # things that leave the same lines, from which on a forest of these is worth while


class Line(NamedTuple):
    """A cable by its two ends and the things that may take it down, those of many lines alike apart."""

    ends: tuple[str, str]
    things: Collection[str]
    alike: frozenset[str] = frozenset()


class _Left(NamedTuple):
    """What some things leave: which lines, the number of its parts, lines without which it parts."""

    lines: NDArray[np.bool_]
    row: int
    forest: NDArray[np.bool_]


class SingleFalls:
    """What is left of a network when one thing falls, for each thing that several lines meet.

    Lines that the same set of things may take down fall together, and what is left then
    has parts of its own only for things that take further lines of its forest down.

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
        self._ends = ends.T
        own: dict[str, list[int]] = {}
        together: dict[frozenset[str], list[int]] = {}
        for number, line in enumerate(lines):
            for thing in line.things:
                own.setdefault(thing, []).append(number)
            together.setdefault(line.alike, []).append(number)
        sets: dict[str, list[int]] = {}
        for place, alike in enumerate(together):
            for thing in alike:
                sets.setdefault(thing, []).append(place)
        self._rows: dict[bytes, int] = {}
        self._row_of: dict[str, int] = {}
        self._fall(own, sets, list(together.values()))
        size = (len(self._rows), len(self._node))
        parts = np.frombuffer(b"".join(self._rows), dtype=np.int32).reshape(size)
        # By node, so that those of one lie together.
        self._parts = np.ascontiguousarray(parts.T)
        self._n_things = np.bincount(
            np.array(list(self._row_of.values()), dtype=np.intp), minlength=len(self._rows)
        )

    def may_part(self, a: str, b: str, *, but: Collection[str] = ()) -> bool:
        """Tell whether there is a thing whose fall may part two nodes, leaving out some things."""
        parted = self._parts[self._node[a]] != self._parts[self._node[b]]
        n_things = int(self._n_things[parted].sum())
        rows = [self._row_of[thing] for thing in but if thing in self._row_of]
        return n_things > int(np.count_nonzero(parted[rows]))

    def _fall(
        self,
        own: Mapping[str, Sequence[int]],
        sets: Mapping[str, Sequence[int]],
        together: Sequence[Sequence[int]],
    ) -> None:
        """Find the parts that each thing leaves which takes several lines down."""
        things = sorted(own.keys() | sets.keys())
        keys = {thing: tuple(sets.get(thing, ())) for thing in things}
        n_alike = Counter(keys.values())
        left: dict[tuple[int, ...], _Left] = {}
        for thing in things:
            key = keys[thing]
            taken = {number for place in key for number in together[place]}
            if len(taken) < 2 and len(taken.union(own.get(thing, ()))) < 2:  # noqa: PLR2004
                continue
            if key not in left:
                left[key] = self._leave(sorted(taken), is_often=n_alike[key] > _OFTEN)
            base = left[key]
            more = list(own.get(thing, ()))
            if base.forest[more].any():
                lines = base.lines.copy()
                lines[more] = False
                self._row_of[thing] = self._part(lines)
            else:
                self._row_of[thing] = base.row

    def _leave(self, taken: Sequence[int], *, is_often: bool) -> _Left:
        lines = np.ones(self._ends.shape[1], dtype=bool)
        lines[taken] = False
        return _Left(lines, self._part(lines), self._span(lines) if is_often else lines)

    def _part(self, lines: NDArray[np.bool_]) -> int:
        """Return the number of the parts that some lines make, as numbers of components by node."""
        start, end = self._ends[:, lines]
        size = (len(self._node), len(self._node))
        graph = coo_array((np.ones(len(start), dtype=np.int32), (start, end)), shape=size)
        found = connected_components(graph.tocsr(), directed=False)[1].astype(np.int32)
        return self._rows.setdefault(found.tobytes(), len(self._rows))

    def _span(self, lines: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Return some of the lines that join all that they join."""
        group = list(range(len(self._node)))
        kept = np.zeros(len(lines), dtype=bool)
        for number in np.flatnonzero(lines).tolist():
            one, other = self._ends[:, number].tolist()
            while group[one] != one:
                group[one] = one = group[group[one]]
            while group[other] != other:
                group[other] = other = group[group[other]]
            if one != other:
                group[one] = other
                kept[number] = True
        return kept
