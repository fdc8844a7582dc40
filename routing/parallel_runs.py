"""Stretches: where two lines run beside each other, and for how long.

Distances are those of `steppe.routing.nearness`.  What lies near is a span, from one kilometre along
a line to another; the spans of all segments are joined into stretches.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from steppe.routing.nearness import (
    Segments,
    divide,
    find_candidates,
    km_per_degree,
    line_ends,
    split_lines,
)

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from steppe.routing.nearness import Floats, Whole

# What is nearer along a line is parted by rounding alone: a millimetre.
TOUCHING_KM = 1e-6

Span = tuple[float, float]


@dataclass(frozen=True)
class Stretch:
    """One line beside another: their indices, the length along the first, its middle."""

    first: int
    second: int
    km: float
    lon: float
    lat: float


def run_beside(
    lines: Sequence[BaseGeometry], *, beside_km: float, shortest_km: float, end_km: float
) -> list[Stretch]:
    """Find where two lines run beside each other.

    Parameters
    ----------
    lines
        Lines, degrees.
    beside_km
        How near counts as beside.
    shortest_km
        A stretch is at least so long without a break.  What lies beside on either side of
        it with a gap shorter than this belongs to it; the gap does not count for its length.
    end_km
        What lies nearer than this to an end of either line does not count.

    Returns
    -------
    list
        Measured along the line that comes first, sorted by both and by the way along it.
    """
    segments = split_lines(lines)
    spans = _beside_spans(segments, beside_km)
    ends, owner = line_ends(lines)
    round_ends = _end_spans(segments, ends, owner, end_km)
    found = []
    for first, second in sorted(spans):
        banned = [*round_ends[first, first], *round_ends[first, second]]
        beside = _outside(spans[first, second], banned)
        pieces = [(group[0][0], group[-1][1]) for group in _joined(beside, TOUCHING_KM)]
        for group in _joined(pieces, shortest_km):
            lengths_km = [stop - start for start, stop in group]
            if max(lengths_km) >= shortest_km:
                middle = _middle(segments, first, group)
                found.append(Stretch(first, second, sum(lengths_km), *middle))
    return found


def spans_near(a: Floats, b: Floats, reach_km: float | Floats) -> tuple[Floats, Floats]:
    """Return which share of segments lies within reach of other segments, pair by pair.

    What lies within reach of a segment is convex (two discs and the strip between them), so
    the share is one span: from the least to the greatest of the three spans.

    Parameters
    ----------
    a, b
        Segments, lon, lat, lon, lat, degrees, shape (n, 4); `b` may be of no length.
    reach_km
        Reach, one or shape (n,).

    Returns
    -------
    tuple
        Where the span starts and stops on `a`, 0 to 1, shape (n,); the start is greater
        than the stop where nothing is near.
    """
    scale = km_per_degree((a[:, 1] + a[:, 3] + b[:, 1] + b[:, 3]) / 4.0)
    way = (a[:, 2:] - a[:, :2]) * scale
    spans = [_span_in_disc((b[:, k : k + 2] - a[:, :2]) * scale, way, reach_km) for k in (0, 2)]
    along = (b[:, 2:] - b[:, :2]) * scale
    length = np.hypot(along[:, 0], along[:, 1])
    unit = divide(along, length[:, None])
    off = (a[:, :2] - b[:, :2]) * scale
    beside = _span_between(_cross(unit, off), _cross(unit, way), -reach_km, reach_km)
    within = _span_between((unit * off).sum(axis=1), (unit * way).sum(axis=1), 0.0, length)
    start, stop = np.maximum(beside[0], within[0]), np.minimum(beside[1], within[1])
    is_strip = (length > 0) & (start <= stop)
    spans.append((np.where(is_strip, start, np.inf), np.where(is_strip, stop, -np.inf)))
    low = np.minimum.reduce([span[0] for span in spans])
    high = np.maximum.reduce([span[1] for span in spans])
    return np.maximum(low, 0.0), np.minimum(high, 1.0)


def _span_in_disc(centre: Floats, way: Floats, reach_km: float | Floats) -> tuple[Floats, Floats]:
    """Return where t * way lies within reach of the centre."""
    square = (way * way).sum(axis=1)
    middle = divide((way * centre).sum(axis=1), square)
    rest = reach_km**2 - ((centre - way * middle[:, None]) ** 2).sum(axis=1)
    half = np.where(square > 0, np.sqrt(divide(np.maximum(rest, 0.0), square)), np.inf)
    return np.where(rest >= 0, middle - half, np.inf), np.where(rest >= 0, middle + half, -np.inf)


def _span_between(
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


def _beside_spans(segments: Segments, beside_km: float) -> dict[tuple[int, int], list[Span]]:
    """Return by pair of lines the spans of the first, in km along it, beside the second."""
    j, i = find_candidates(segments.ends, segments, beside_km)
    # The box belongs to the segment found beside; each pair once, along its first line.
    i, j = i[segments.line[i] < segments.line[j]], j[segments.line[i] < segments.line[j]]
    return _spans(segments, i, segments.ends[j], segments.line[j], beside_km)


def _end_spans(
    segments: Segments, ends: Floats, owner: Whole, end_km: float
) -> dict[tuple[int, int], list[Span]]:
    """Return by line and owner of an end the spans of the line that lie round that end."""
    discs = np.hstack([ends, ends])
    j, i = find_candidates(discs, segments, end_km)
    return _spans(segments, i, discs[j], owner[j], end_km)


def _spans(
    segments: Segments, index: Whole, others: Floats, owner: Whole, reach_km: float
) -> dict[tuple[int, int], list[Span]]:
    start, stop = spans_near(segments.ends[index], others, reach_km)
    near = start < stop
    index, owner = index[near], owner[near]
    km, before = segments.km[index], segments.start_km[index]
    rows = zip(
        segments.line[index].tolist(),
        owner.tolist(),
        (before + start[near] * km).tolist(),
        (before + stop[near] * km).tolist(),
        strict=True,
    )
    spans: dict[tuple[int, int], list[Span]] = defaultdict(list)
    for line, other, start_km, stop_km in rows:
        spans[line, other].append((start_km, stop_km))
    return spans


def _outside(spans: Iterable[Span], banned: Iterable[Span]) -> Iterator[Span]:
    """Yield the union of spans without the banned ones, in order, as separate spans."""
    # Depth of cover by either kind, swept from left to right.
    edges = sorted(
        (at, kind, step)
        for kind, some in ((0, spans), (1, banned))
        for start, stop in some
        for at, step in ((start, 1), (stop, -1))
    )
    depth = [0, 0]
    since = 0.0
    for at, kind, step in edges:
        was_open = depth[0] > 0 and not depth[1]
        depth[kind] += step
        is_open = depth[0] > 0 and not depth[1]
        if is_open and not was_open:
            since = at
        elif was_open and not is_open and at > since:
            yield since, at


def _joined(spans: Iterable[Span], gap_km: float) -> Iterator[list[Span]]:
    """Yield groups of spans that follow each other within a gap."""
    group: list[Span] = []
    for span in spans:
        if group and span[0] - group[-1][1] >= gap_km:
            yield group
            group = []
        group.append(span)
    if group:
        yield group


def _middle(segments: Segments, line: int, spans: Sequence[Span]) -> tuple[float, float]:
    """Return lon, lat of the point that halves the spans, in km along a line."""
    rest = sum(stop - start for start, stop in spans) / 2.0
    at = spans[-1][1]
    for start, stop in spans:
        if rest <= stop - start:
            at = start + rest
            break
        rest -= stop - start
    first, after = np.searchsorted(segments.line, [line, line + 1])
    index = first + max(int(np.searchsorted(segments.start_km[first:after], at, "right")) - 1, 0)
    ends = segments.ends[index]
    share = (at - segments.start_km[index]) / (segments.km[index] or 1.0)
    lon, lat = ends[:2] + (ends[2:] - ends[:2]) * min(share, 1.0)
    return float(lon), float(lat)


def _cross(a: Floats, b: Floats) -> Floats:
    return a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]
