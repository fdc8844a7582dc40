"""Lines laid out to be compared: their segments, how true they are drawn, and where they end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from steppe.routing.nearness import Segments, line_ends, split_lines
from steppe.routing.segment_tree import SegmentTree
from steppe.routing.spans import Spans, spans_near
from steppe.routing.tangent_plane import lay_flat, to_space

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from steppe.routing.nearness import Floats, Whole

_FAR_KM = 1e6  # where there is no end


@dataclass(frozen=True)
class LaidLines:
    """Lines, and what is asked of them again and again.

    Parameters
    ----------
    segments
        Their segments.
    accuracy_km, length_km
        Of each line, shape (n_lines,).
    ends
        The ends of each line through the Earth, kilometres, shape (n_lines, most ends, 3).
    round_ends
        What of a line lies nearer to an end of its own or of another line than lines may begin to
        be beside each other, by `key` of the line and of the owner of the end, sorted.
    off_ends
        The same, but within the accuracies of both where that is more.
    """

    segments: Segments
    accuracy_km: Floats
    length_km: Floats
    ends: Floats
    round_ends: Spans
    off_ends: Spans

    def key(self, line: Whole, other: Whole) -> Whole:
        """Return a number for each line with another."""
        return line * len(self.length_km) + other

    def along(self, index: Whole, pair: Whole, shares: tuple[Floats, Floats]) -> Spans:
        """Return spans in shares of segments as spans along their lines, without the empty ones."""
        start, stop = shares
        near = np.flatnonzero(start < stop)
        km, before = self.segments.km[index[near]], self.segments.start_km[index[near]]
        return Spans(pair[near], before + start[near] * km, before + stop[near] * km)

    def end_km(self, points: Floats, *lines: Whole) -> Floats:
        """Return how far points are from the nearest end of some lines each, shape (n,).

        Parameters
        ----------
        points
            Through the Earth, kilometres, shape (n, 3).
        lines
            A line for each point, shape (n,) each.
        """
        nearest = np.full(len(points), np.inf)
        for line in lines:
            for number in range(self.ends.shape[1]):
                off = self.ends[line, number] - points
                nearest = np.minimum(nearest, np.sqrt(np.einsum("ij,ij->i", off, off)))
        return nearest

    def places(self, line: Whole, at_km: Floats) -> Floats:
        """Return lon, lat of what lies some kilometres along lines, shape (n, 2)."""
        segments = self.segments
        before = segments.km.cumsum() - segments.km
        first = np.searchsorted(segments.line, line)
        index = np.searchsorted(before, before[first] + at_km, "right") - 1
        last = np.searchsorted(segments.line, line, "right") - 1
        index = np.clip(index, first, last)
        km = np.where(segments.km[index] > 0, segments.km[index], 1.0)
        share = np.clip((at_km - segments.start_km[index]) / km, 0.0, 1.0)
        return segments.place(index, share)


def lay_lines(lines: Sequence[BaseGeometry], accuracy_km: Floats, end_km: float) -> LaidLines:
    """Lay lines out.

    Parameters
    ----------
    lines
        Lines, degrees.
    accuracy_km
        How true each is drawn, shape (n_lines,).
    end_km
        From how far off an end on lines may be beside each other.
    """
    segments, n_lines = split_lines(lines), len(lines)
    at, owner = line_ends(lines)
    number = np.arange(len(owner)) - np.searchsorted(owner, owner)
    ends = np.full((n_lines, number.max(initial=0) + 1, 3), _FAR_KM)
    ends[owner, number] = to_space(at)
    off_km = np.maximum(end_km, accuracy_km[owner] + accuracy_km.max(initial=0.0))
    e, i = SegmentTree(segments.ends).find(np.hstack([at, at]), off_km)
    point, start, stop = lay_flat(to_space(at)[e], segments.space[i, 0], segments.space[i, 1])
    both_km = accuracy_km[owner[e]] + accuracy_km[segments.line[i]]
    reaches = [np.full(len(e), end_km), np.maximum(both_km, end_km)]
    length_km = np.zeros(n_lines)
    np.add.at(length_km, segments.line, segments.km)
    empty = Spans(np.zeros(0, dtype=np.int64), np.zeros(0), np.zeros(0))
    laid = LaidLines(segments, accuracy_km, length_km, ends, empty, empty)
    key = laid.key(segments.line[i], owner[e])
    round_ends, off_ends = (
        laid.along(i, key, shares) for shares in spans_near((start, stop), (point, point), reaches)
    )
    return replace(
        laid,
        round_ends=round_ends.take(np.argsort(round_ends.pair, kind="stable")),
        off_ends=off_ends.take(np.argsort(off_ends.pair, kind="stable")),
    )
