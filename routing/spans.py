"""Spans: which part of a line lies within reach of another, from one kilometre along it to another.

What lies within reach of a segment is convex (two discs and the strip between them), so the share of
another segment within reach is one span.  Spans of all segments of a pair of lines are swept into
pieces that do not touch each other, array by array and never pair by pair.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple, Self

import numpy as np

from steppe.routing.tangent_plane import cross, divide, dot

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from steppe.routing.nearness import Floats, Whole

# What is nearer along a line is parted by rounding alone: a millimetre.
JOINED_KM = 1e-6


class Spans(NamedTuple):
    """Spans along the first line of some pairs: the number of the pair, start and stop, km."""

    pair: Whole
    start: Floats
    stop: Floats

    def take(self, rows: Whole | NDArray[np.bool_] | slice) -> Self:
        """Return some of them."""
        return type(self)(self.pair[rows], self.start[rows], self.stop[rows])


def join_spans(several: Sequence[Spans]) -> Spans:
    """Return spans one after another."""
    return Spans(*(np.concatenate(each) for each in zip(*several, strict=True)))


def spans_near(
    ends: tuple[Floats, Floats], others: tuple[Floats, Floats], reaches_km: Sequence[Floats]
) -> list[tuple[Floats, Floats]]:
    """Return which share of segments lies within reach of other segments, pair by pair.

    Parameters
    ----------
    ends, others
        Start and stop of each segment and of the other one in a plane, km, shape (n, 2) each; the
        other one may be of no length.
    reaches_km
        Some reaches, each of shape (n,); below 0 nothing is near.

    Returns
    -------
    list
        For each reach where the span starts and stops on the segment, 0 to 1, shape (n,); the start
        is greater than the stop where nothing is near.
    """
    (start, stop), (other_start, other_stop) = ends, others
    way, along = stop - start, other_stop - other_start
    square = dot(way, way)
    discs = []
    for centre in (other_start - start, other_stop - start):
        middle = divide(dot(way, centre), square)
        aside = centre - way * middle[:, None]
        discs.append((middle, dot(aside, aside)))
    length = np.hypot(along[:, 0], along[:, 1])
    unit = divide(along, length[:, None])
    off = start - other_start
    to_side, lean = cross(unit, off), cross(unit, way)
    within = _between(dot(unit, off), dot(unit, way), 0.0, length)
    found = []
    for reach_km in reaches_km:
        beside = _between(to_side, lean, -reach_km, reach_km)
        low, high = np.maximum(beside[0], within[0]), np.minimum(beside[1], within[1])
        is_strip = (length > 0) & (low <= high) & (reach_km >= 0)
        low, high = np.where(is_strip, low, np.inf), np.where(is_strip, high, -np.inf)
        for middle, off_square in discs:
            rest = np.where(reach_km >= 0, reach_km**2, -1.0) - off_square
            half = np.where(square > 0, np.sqrt(divide(np.maximum(rest, 0.0), square)), np.inf)
            low = np.minimum(low, np.where(rest >= 0, middle - half, np.inf))
            high = np.maximum(high, np.where(rest >= 0, middle + half, -np.inf))
        found.append((np.maximum(low, 0.0), np.minimum(high, 1.0)))
    return found


def _between(
    start: Floats, slope: Floats, low: float | Floats, high: float | Floats
) -> tuple[Floats, Floats]:
    """Return where start + t * slope lies between two values."""
    flat = slope == 0
    one, other = divide(low - start, slope), divide(high - start, slope)
    is_in = (low <= start) & (start <= high)
    return (
        np.where(flat, np.where(is_in, -np.inf, np.inf), np.minimum(one, other)),
        np.where(flat, np.where(is_in, np.inf, -np.inf), np.maximum(one, other)),
    )


def sweep(spans: Spans, banned: Spans) -> Spans:
    """Return the union of spans without the banned ones: pieces in order that do not touch."""
    pair = np.concatenate([spans.pair, spans.pair, banned.pair, banned.pair])
    at = np.concatenate([spans.start, spans.stop, banned.start, banned.stop])
    n_open, n_shut = len(spans.pair), len(banned.pair)
    opens = np.repeat([1, -1, 0, 0], [n_open, n_open, n_shut, n_shut])
    shuts = np.repeat([0, 0, 1, -1], [n_open, n_open, n_shut, n_shut])
    order = np.lexsort((at, pair))
    pair, at = pair[order], at[order]
    # Depth of cover by either kind; each pair ends at none, so that all go in one sweep.
    is_open = (opens[order].cumsum() > 0) & (shuts[order].cumsum() == 0)
    rows = np.flatnonzero(is_open[:-1] & (at[1:] > at[:-1]) & (pair[1:] == pair[:-1]))
    start, stop, pair = at[rows], at[rows + 1], pair[rows]
    first = find_groups(Spans(pair, start, stop), JOINED_KM)
    last = np.append(first[1:], len(pair))[: len(first)] - 1
    return Spans(pair[first], start[first], stop[last])


def find_groups(pieces: Spans, gap_km: float) -> Whole:
    """Return the first row of each group of pieces that follow each other within a gap."""
    if not len(pieces.pair):
        return np.zeros(0, dtype=np.int64)
    parts = (np.diff(pieces.pair) != 0) | (pieces.start[1:] - pieces.stop[:-1] >= gap_km)
    return np.flatnonzero(np.append(True, parts))


def find_pieces(pieces: Spans, pair: Whole, at: Floats) -> Whole:
    """Return the row of the piece in which each point lies, -1 where it lies in none.

    Parameters
    ----------
    pieces
        As `sweep` returns them.
    pair, at
        The pair of each point and how far along its first line it lies, km, shape (n,).
    """
    n_points, n_pieces = len(at), len(pieces.pair)
    if not n_pieces:
        return np.full(n_points, -1, dtype=np.int64)
    order = np.lexsort(
        (
            np.repeat([0, 1], [n_pieces, n_points]),
            np.concatenate([pieces.start - JOINED_KM, at]),
            np.concatenate([pieces.pair, pair]),
        )
    )
    is_piece = order < n_pieces
    before = (is_piece.cumsum() - 1)[~is_piece]
    found = np.empty(n_points, dtype=np.int64)
    found[order[~is_piece] - n_pieces] = before
    inside = (found >= 0) & (pieces.pair[found] == pair) & (at <= pieces.stop[found] + JOINED_KM)
    return np.where(inside, found, -1)


def find_spans(spans: Spans, keys: Whole) -> tuple[Whole, Whole]:
    """Return, for each key in turn, the rows of the spans whose pair it is.

    Parameters
    ----------
    spans
        Sorted by pair.
    keys
        Pairs, shape (n,).

    Returns
    -------
    tuple
        The row of `keys` and the row of the spans, shape (m,) each.
    """
    left = np.searchsorted(spans.pair, keys, "left")
    n_rows = np.searchsorted(spans.pair, keys, "right") - left
    key = np.repeat(np.arange(len(keys)), n_rows)
    row = np.arange(len(key)) - np.repeat(n_rows.cumsum() - n_rows, n_rows) + left[key]
    return key, row
