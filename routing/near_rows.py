"""Rows: which segments of two lines are near each other, measured many at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple, Self

import numpy as np

from steppe.routing.far_rows import find_telling
from steppe.routing.laid_lines import LaidLines
from steppe.routing.line_crossings import find_crossings
from steppe.routing.segment_tree import SegmentTree
from steppe.routing.spans import JOINED_KM, Spans, find_spans, join_spans, spans_near, sweep
from steppe.routing.tangent_plane import find_nearest, lay_flat

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from steppe.routing.nearness import Floats, Whole

ROWS_AT_ONCE = 50_000
"""Pairs of segments that are measured at once, for the sake of memory."""
SEGMENTS_AT_ONCE = 5_000
"""Segments whose neighbours are looked for at once."""
STEP_KM = 0.5
"""Near the ends of lines a segment is measured in steps of this."""
DRAWN_KM = 1e-4
"""What is drawn nearer than ten centimetres is drawn at one place."""


class Spots(NamedTuple):
    """Points along the first line of pairs: the number of the pair, km along it, and the gap, km."""

    pair: Whole
    at_km: Floats
    gap_km: Floats

    def take(self, rows: Whole | NDArray[np.bool_]) -> Self:
        """Return some of them."""
        return type(self)(self.pair[rows], self.at_km[rows], self.gap_km[rows])


class NearRows(NamedTuple):
    """What is near in a block of pairs of lines; spans are along the first, swept.

    Parameters
    ----------
    first, second
        The lines of each pair.
    low, drawn, high
        What is surely, as drawn and possibly beside the second, away from the ends.
    touching
        What is within the accuracies of both, ends and all.
    crossings
        Where they cross as drawn; two that run along one stroke do so now and then.
    gaps
        Where segments come nearest to each other.
    meetings
        Those of them where the lines may meet.
    """

    first: Whole
    second: Whole
    low: Spans
    drawn: Spans
    high: Spans
    touching: Spans
    crossings: Spots
    gaps: Spots
    meetings: Spots


class _Rows(NamedTuple):
    """Pairs of segments: their indices, the pair of lines of each, and both accuracies, km."""

    i: Whole
    j: Whole
    pair: Whole
    both_km: Floats


def find_near_rows(laid: LaidLines, *, beside_km: float, end_km: float) -> Iterator[NearRows]:
    """Yield what is near, by blocks of first lines; each pair of lines is in one block.

    Parameters
    ----------
    laid
        The lines.
    beside_km
        How near counts as beside.
    end_km
        What lies nearer than this to an end of either line does not count.
    """
    for i, j in _candidates(laid, beside_km, end_km):
        line, since = laid.segments.line[i], 0
        while since < len(i):
            last = line[min(since + ROWS_AT_ONCE, len(i)) - 1]
            until = int(np.searchsorted(line, last, "right"))
            rows = slice(since, until)
            yield _measure(laid, i[rows], j[rows], beside_km=beside_km, end_km=end_km)
            since = until


def _candidates(laid: LaidLines, beside_km: float, end_km: float) -> Iterator[tuple[Whole, Whole]]:
    """Yield segments, by blocks of lines in order, and those of later lines that may be near."""
    segments = laid.segments
    widened = (laid.accuracy_km + beside_km / 2.0)[segments.line] + DRAWN_KM
    tree = SegmentTree(segments.ends, widened)
    middle = segments.space.mean(axis=1)
    since, n_segments = 0, len(segments.line)
    while since < n_segments:
        last = segments.line[min(since + SEGMENTS_AT_ONCE, n_segments) - 1]
        until = int(np.searchsorted(segments.line, last, "right"))
        row, j = tree.find(segments.ends[since:until], widened[since:until])
        i = row + since
        later = segments.line[i] < segments.line[j]
        i, j = i[later], j[later]
        apart_km = np.linalg.norm(middle[i] - middle[j], axis=1)
        near = apart_km <= widened[i] + widened[j] + (segments.km[i] + segments.km[j]) / 2.0
        i, j = i[near], j[near]
        telling = find_telling(laid, i, j, apart_km[near], beside_km=beside_km, end_km=end_km)
        i, j = i[telling], j[telling]
        order = np.argsort(segments.line[i], kind="stable")
        yield i[order], j[order]
        since = until


def _measure(laid: LaidLines, i: Whole, j: Whole, *, beside_km: float, end_km: float) -> NearRows:
    segments = laid.segments
    key = laid.key(segments.line[i], segments.line[j])
    pairs, pair = np.unique(key, return_inverse=True)
    first, second = np.divmod(pairs, len(laid.length_km))
    rows = _Rows(i, j, pair, (laid.accuracy_km[first] + laid.accuracy_km[second])[pair])
    flat = lay_flat(
        *(space[:, end] for space in (segments.space[i], segments.space[j]) for end in (0, 1))
    )
    touch_km = np.maximum(rows.both_km, DRAWN_KM)
    beside = np.full(len(i), beside_km)
    shares = spans_near(
        (flat[0], flat[1]), (flat[2], flat[3]), [beside - rows.both_km, beside, touch_km]
    )
    one = _are_one(*flat)
    for start, stop in shares:
        start[one], stop[one] = 0.0, 1.0
    low, drawn, touching = (laid.along(i, pair, each) for each in shares)
    crossings = _crossings(laid, rows, shares[2])
    high, gaps, meetings = _possible(laid, rows, flat, beside_km=beside_km, end_km=end_km)
    dots = [
        Spans(each.pair, each.at_km - JOINED_KM, each.at_km + JOINED_KM)
        for each in (crossings, meetings)
    ]
    number, row = find_spans(laid.round_ends, laid.key(first, first))
    other_number, other_row = find_spans(laid.round_ends, laid.key(first, second))
    banned = join_spans(
        [
            laid.round_ends.take(row)._replace(pair=number),
            laid.round_ends.take(other_row)._replace(pair=other_number),
        ]
    )
    low, drawn, high = (sweep(e, banned) for e in (low, drawn, join_spans([drawn, high, *dots])))
    return NearRows(
        *(first, second, low, drawn, high, sweep(touching, banned.take(slice(0)))),
        *(crossings, gaps, meetings),
    )


def _are_one(start: Floats, stop: Floats, other_start: Floats, other_stop: Floats) -> Whole:
    """Return the rows whose two segments are one stroke, whichever way it is drawn."""
    there = np.maximum(*(np.hypot(*each.T) for each in (start - other_start, stop - other_stop)))
    back = np.maximum(*(np.hypot(*each.T) for each in (start - other_stop, stop - other_start)))
    return np.flatnonzero(np.minimum(there, back) <= JOINED_KM)


def _crossings(laid: LaidLines, rows: _Rows, touching: tuple[Floats, Floats]) -> Spots:
    near = np.flatnonzero(touching[0] <= touching[1])
    segments, i = laid.segments, rows.i[near]
    crosses, share = find_crossings(segments.space[i], segments.space[rows.j[near]])
    at_km = segments.start_km[i] + share * segments.km[i]
    return Spots(rows.pair[near][crosses], at_km[crosses], np.zeros(int(crosses.sum())))


def _possible(
    laid: LaidLines, rows: _Rows, flat: list[Floats], *, beside_km: float, end_km: float
) -> tuple[Spans, Spots, Spots]:
    """Return what is possibly beside, where segments come nearest, and where they may meet.

    A line ends where it is known to, so it lies off its drawing by no more than it has gone since
    `end_km` from an end of either line; there a segment is measured step by step.
    """
    segments = laid.segments
    lines = segments.line[rows.i], segments.line[rows.j]
    km = segments.km[rows.i]
    off_km = laid.end_km(segments.space[rows.i].mean(axis=1), *lines)
    is_free = off_km - km / 2.0 >= end_km + rows.both_km
    n_steps = np.where(is_free, 1, np.maximum(np.ceil(km / STEP_KM), 1)).astype(np.int64)
    row = np.repeat(np.arange(len(km)), n_steps)
    number = np.arange(len(row)) - np.repeat(n_steps.cumsum() - n_steps, n_steps)
    since, until = number / n_steps[row], (number + 1) / n_steps[row]
    start, way = flat[0][row], (flat[1] - flat[0])[row]
    ends = start + way * since[:, None], start + way * until[:, None]
    others = flat[2][row], flat[3][row]
    reach_km = beside_km + rows.both_km[row]
    stepped = np.flatnonzero(~is_free[row])
    of = row[stepped]
    begun = segments.space[rows.i[of], 0]
    middle = (since + until)[stepped] / 2.0
    points = begun + (segments.space[rows.i[of], 1] - begun) * middle[:, None]
    off_km = laid.end_km(points, lines[0][of], lines[1][of]) - end_km
    reach_km[stepped] = np.where(off_km < 0, -1.0, beside_km + np.minimum(off_km, rows.both_km[of]))
    ((low, high),) = spans_near(ends, others, [reach_km])
    gap_km, share = find_nearest(*ends, *others)
    step = until - since
    spans = laid.along(rows.i[row], rows.pair[row], (since + low * step, since + high * step))
    at_km = segments.start_km[rows.i[row]] + (since + share * step) * km[row]
    spots = Spots(rows.pair[row], at_km, gap_km)
    is_off = reach_km >= 0
    may_meet = is_off & (gap_km <= np.maximum(reach_km - beside_km, DRAWN_KM))
    return spans, spots.take(is_off), spots.take(may_meet)
