"""Lines on the ellipsoid: where they run beside each other, meet, and pass a place.

Coordinates are degrees, lon then lat, EPSG:4490, and a line is straight in them between two
vertices (RFC 7946, section 3.1.1); no line crosses the antimeridian.  An STRtree over short
segments finds what may be near, in boxes of degrees that are never too small.  What is near
is then measured in the tangent plane of the ellipsoid at the place itself, so one measure
serves from Beijing to Frankfurt: no projection is chosen and nothing stretches with the
distance from its centre.  Within a segment of at most `LONGEST_KM` and a few kilometres
around it the plane is true to 0.2 % below 75 degrees of latitude, against lines that are
themselves drawn to some kilometres.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from shapely import STRtree

from layers.crs import GEOD

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    Floats = NDArray[np.float64]
    Whole = NDArray[np.int64]

LONGEST_KM = 20.0
# No degree of latitude is shorter than 110.57 km, nor one of longitude than 111.32 km times
# the cosine of the latitude (GRS80); less makes the boxes larger than they need be.
DEGREE_KM = 110.0
LEAST_COS = 1e-3
# What is nearer along a line is parted by rounding alone: a millimetre.
TOUCHING_KM = 1e-6

Span = tuple[float, float]


@dataclass(frozen=True)
class Segments:
    """The straight pieces of some lines, in the order of the lines.

    Parameters
    ----------
    line
        Index of the line, shape (n,), ascending.
    ends
        Lon, lat of the start and lon, lat of the end, degrees, shape (n, 4).
    km
        Geodesic length, shape (n,).
    start_km
        Length of the line before the segment, shape (n,).
    """

    line: Whole
    ends: Floats
    km: Floats
    start_km: Floats


@dataclass(frozen=True)
class Stretch:
    """One line beside another: their indices, the length along the first, its middle."""

    first: int
    second: int
    km: float
    lon: float
    lat: float


@dataclass(frozen=True)
class Near:
    """Points and lines near each other; row by row index, distance, and place on the line.

    Parameters
    ----------
    point, line
        Indices, shape (n,), sorted; each pair once.
    km
        Geodesic distance, shape (n,).
    lon, lat
        The point of the line that is nearest, degrees, shape (n,).
    """

    point: Whole
    line: Whole
    km: Floats
    lon: Floats
    lat: Floats


def split_lines(lines: Sequence[BaseGeometry]) -> Segments:
    """Split lines (also of several parts) into segments of at most `LONGEST_KM`."""
    parts, owner = shapely.get_parts(np.array(lines, dtype=object), return_index=True)
    coordinates, part = shapely.get_coordinates(parts, return_index=True)
    follows = part[1:] == part[:-1]
    ends = np.hstack([coordinates[:-1], coordinates[1:]])[follows]
    line = owner[part[1:][follows]].astype(np.int64)
    n_pieces = np.maximum(np.ceil(_km(ends) / LONGEST_KM), 1).astype(np.int64)
    piece = np.arange(n_pieces.sum()) - np.repeat(n_pieces.cumsum() - n_pieces, n_pieces)
    whole = np.repeat(ends, n_pieces, axis=0)
    n_pieces = np.repeat(n_pieces, n_pieces)
    line = np.repeat(line, n_pieces[piece == 0])
    step = (whole[:, 2:] - whole[:, :2]) / n_pieces[:, None]
    starts = whole[:, :2] + step * piece[:, None]
    # The last piece ends at the very vertex, so that no gap opens in the line.
    stops = np.where((piece + 1 == n_pieces)[:, None], whole[:, 2:], starts + step)
    pieces = np.hstack([starts, stops])
    inner = piece > 0
    pieces[inner, :2] = pieces[np.flatnonzero(inner) - 1, 2:]
    km = _km(pieces)
    before = km.cumsum() - km
    first_km = before[np.searchsorted(line, line)] if len(line) else before
    return Segments(line, pieces, km, before - first_km)


def line_ends(lines: Sequence[BaseGeometry]) -> tuple[Floats, Whole]:
    """Return the ends of lines, shape (n, 2), and the index of the line of each, shape (n,).

    A line of several parts ends where an odd number of them do; a closed one nowhere.
    """
    ends, owner = shapely.get_coordinates(
        shapely.boundary(np.array(lines, dtype=object)), return_index=True
    )
    return ends, owner.astype(np.int64)


def near_points(a: Floats, b: Floats, reach_km: float | Floats) -> tuple[Whole, Whole, Floats]:
    """Return the pairs of points (rows of lon, lat) within reach, and their distances, km.

    The reach is one for all or one for each row of `a`.
    """
    tree = STRtree(np.asarray(shapely.points(b)))
    i, j = tree.query(_boxes(np.hstack([a, a]), reach_km))
    km = _km(np.hstack([a[i], b[j]]))
    near = km <= np.broadcast_to(reach_km, len(a))[i]
    return i[near], j[near], km[near]


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


def find_meetings(segments: Segments, others: Segments) -> tuple[Whole, Whole, Floats]:
    """Find the points that lines have in common with others.

    Where they run along the very same stroke it is the middle of each common segment.

    Returns
    -------
    tuple
        Index of the line, index of the other one, both shape (n,), and lon, lat, shape (n, 2);
        sorted, each row once.
    """
    mine, theirs = (_strokes(each) for each in (segments, others))
    j, i = STRtree(mine).query(theirs, predicate="intersects")
    points = shapely.get_coordinates(shapely.centroid(shapely.intersection(mine[i], theirs[j])))
    rows = np.unique(np.column_stack([segments.line[i], others.line[j], points]), axis=0)
    return rows[:, 0].astype(np.int64), rows[:, 1].astype(np.int64), rows[:, 2:]


def nearest_points(segments: Segments, points: Floats, reach_km: Floats) -> Near:
    """Find the lines that come within reach of points, and where each is nearest.

    Parameters
    ----------
    segments
        The lines.
    points
        Lon, lat, degrees, shape (n, 2).
    reach_km
        Reach of each point, shape (n,).
    """
    i, j = STRtree(_strokes(segments)).query(_boxes(np.hstack([points, points]), reach_km))
    start, stop = segments.ends[j, :2], segments.ends[j, 2:]
    scale = _km_per_degree(points[i, 1])
    way, off = (stop - start) * scale, (points[i] - start) * scale
    share = np.clip(_over((way * off).sum(axis=1), (way * way).sum(axis=1)), 0.0, 1.0)
    place = start + (stop - start) * share[:, None]
    km = _km(np.hstack([points[i], place]))
    line = segments.line[j]
    order = np.lexsort((place[:, 1], place[:, 0], km, line, i))
    order = order[km[order] <= reach_km[i[order]]]
    pairs = np.column_stack([i[order], line[order]])
    kept = order[np.unique(pairs, axis=0, return_index=True)[1]] if len(order) else order
    return Near(i[kept], line[kept], km[kept], place[kept, 0], place[kept, 1])


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
    scale = _km_per_degree((a[:, 1] + a[:, 3] + b[:, 1] + b[:, 3]) / 4.0)
    way = (a[:, 2:] - a[:, :2]) * scale
    spans = [_span_in_disc((b[:, k : k + 2] - a[:, :2]) * scale, way, reach_km) for k in (0, 2)]
    along = (b[:, 2:] - b[:, :2]) * scale
    length = np.hypot(along[:, 0], along[:, 1])
    unit = _over(along, length[:, None])
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
    middle = _over((way * centre).sum(axis=1), square)
    rest = reach_km**2 - ((centre - way * middle[:, None]) ** 2).sum(axis=1)
    half = np.where(square > 0, np.sqrt(_over(np.maximum(rest, 0.0), square)), np.inf)
    return np.where(rest >= 0, middle - half, np.inf), np.where(rest >= 0, middle + half, -np.inf)


def _span_between(
    start: Floats, slope: Floats, low: float | Floats, high: float | Floats
) -> tuple[Floats, Floats]:
    """Return where start + t * slope lies between two values."""
    flat = slope == 0
    one, other = _over(low - start, slope), _over(high - start, slope)
    is_in = (low <= start) & (start <= high)
    return (
        np.where(flat, np.where(is_in, -np.inf, np.inf), np.minimum(one, other)),
        np.where(flat, np.where(is_in, np.inf, -np.inf), np.maximum(one, other)),
    )


def _beside_spans(segments: Segments, beside_km: float) -> dict[tuple[int, int], list[Span]]:
    """Return by pair of lines the spans of the first, in km along it, beside the second."""
    j, i = STRtree(_strokes(segments)).query(_boxes(segments.ends, beside_km))
    # The box belongs to the segment found beside; each pair once, along its first line.
    i, j = i[segments.line[i] < segments.line[j]], j[segments.line[i] < segments.line[j]]
    return _spans(segments, i, segments.ends[j], segments.line[j], beside_km)


def _end_spans(
    segments: Segments, ends: Floats, owner: Whole, end_km: float
) -> dict[tuple[int, int], list[Span]]:
    """Return by line and owner of an end the spans of the line that lie round that end."""
    discs = np.hstack([ends, ends])
    j, i = STRtree(_strokes(segments)).query(_boxes(discs, end_km))
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


def _strokes(segments: Segments) -> NDArray[Any]:
    return np.asarray(shapely.linestrings(segments.ends.reshape(-1, 2, 2)))


def _boxes(ends: Floats, reach_km: float | Floats) -> NDArray[Any]:
    """Return boxes in degrees that hold all within reach of segments."""
    west, east = np.minimum(ends[:, 0], ends[:, 2]), np.maximum(ends[:, 0], ends[:, 2])
    south, north = np.minimum(ends[:, 1], ends[:, 3]), np.maximum(ends[:, 1], ends[:, 3])
    tall = reach_km / DEGREE_KM
    poleward = np.minimum(np.maximum(np.abs(south), np.abs(north)) + tall, 90.0)
    wide = tall / np.maximum(np.cos(np.radians(poleward)), LEAST_COS)
    return shapely.box(west - wide, south - tall, east + wide, north + tall)


def _km_per_degree(lat: Floats) -> Floats:
    """Return kilometres per degree of lon and of lat, shape (n, 2), on GRS80.

    Radii of curvature in the prime vertical and the meridian: Snyder, Map Projections,
    USGS PP 1395, 1987, eqs. 4-20 and 4-18 (pp. 24-25).
    """
    phi = np.radians(lat)
    bulge = 1.0 - GEOD.es * np.sin(phi) ** 2
    vertical = GEOD.a / np.sqrt(bulge)
    meridian = vertical * (1.0 - GEOD.es) / bulge
    return np.radians(np.column_stack([vertical * np.cos(phi), meridian])) / 1000.0


def _km(ends: Floats) -> Floats:
    """Return the geodesic lengths of segments, km."""
    return np.asarray(GEOD.inv(*ends.T)[2], dtype=float) / 1000.0


def _cross(a: Floats, b: Floats) -> Floats:
    return a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]


def _over(top: Floats, bottom: Floats) -> Floats:
    """Divide, with 0 where the divisor is 0."""
    return np.divide(top, bottom, out=np.zeros(np.broadcast(top, bottom).shape), where=bottom != 0)
