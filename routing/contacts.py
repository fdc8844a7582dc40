"""Contacts: where two lines run beside each other, for how long, and where they cross.

How near two lines are is known as truly as they are drawn: what is drawn d km apart is between
d - a and d + a apart, where a is the sum of their accuracies.  So a contact is a band: what is
surely beside the other line, what is as drawn, and what may be.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from steppe.routing.laid_lines import LaidLines, lay_lines
from steppe.routing.near_rows import DRAWN_KM, NearRows, Spots, find_near_rows
from steppe.routing.spans import JOINED_KM, Spans, find_groups, find_pieces, find_spans

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from steppe.routing.nearness import Floats, Whole


@dataclass(frozen=True)
class Contact:
    """One line beside another, or across it.

    Parameters
    ----------
    first, second
        Their indices.
    crosses
        Whether they cross, or may, rather than run beside each other.
    sure
        Whether they do so wherever within their accuracies they lie.
    low_km, km, high_km
        Length along the first that is surely, as drawn, and possibly beside the second; 0 of a
        crossing.
    gap_km
        How near they come to each other as drawn.
    lon, lat
        Its middle, or where they cross; on the first line, degrees.
    """

    first: int
    second: int
    crosses: bool
    sure: bool
    low_km: float
    km: float
    high_km: float
    gap_km: float
    lon: float
    lat: float


class _Beside(NamedTuple):
    """Of each group all that is beside, the longest without a break, and its middle, km."""

    all_km: Floats
    longest_km: Floats
    middle_km: Floats


def find_contacts(
    lines: Sequence[BaseGeometry],
    accuracy_km: Sequence[float],
    *,
    beside_km: float,
    shortest_km: float,
    end_km: float,
) -> list[Contact]:
    """Find where two lines run beside each other or cross, away from their ends.

    Parameters
    ----------
    lines
        Lines, degrees.
    accuracy_km
        How true each is drawn, shape (n_lines,).  What two of them share as one stroke, vertex by
        vertex, is beside each other however true it is drawn.
    beside_km
        How near counts as beside.
    shortest_km
        A stretch is at least so long without a break.  What lies beside on either side of
        it with a gap shorter than this belongs to it; the gap does not count for its length.
    end_km
        What lies nearer than this to an end of either line does not count.  Where a line ends is
        known: farther on it may lie off its drawing by as much as it has gone since, up to its
        accuracy.

    Returns
    -------
    list
        Measured along the line that comes first, sorted by both and by the way along it.  A
        stretch is sure where it is long enough within `beside_km` less both accuracies.  A
        crossing is sure where no way to lay the lines within their accuracies uncrosses them:
        they cross an odd number of times between two places where they are farther apart than
        that, and the other line does not end there.  Lines that come within both accuracies of
        each other may cross.
    """
    laid = lay_lines(lines, np.asarray(accuracy_km, dtype=float), end_km)
    return [
        contact
        for near in find_near_rows(laid, beside_km=beside_km, end_km=end_km)
        for contact in _tell(laid, near, shortest_km)
    ]


def _tell(laid: LaidLines, near: NearRows, shortest_km: float) -> Iterator[Contact]:
    """Yield what is told of each group of pieces that hang together."""
    groups = _Groups(near.high, shortest_km)
    low, drawn, high = (groups.measure(each) for each in (near.low, near.drawn, near.high))
    gap_km, gap_at = groups.least(near.gaps, near.gaps.gap_km)
    # A sure crossing is told before one that may be none.
    doubt, cross_at = groups.least(near.crossings, np.where(_are_sure(laid, near), 0.0, 1.0))
    meeting_km, _ = groups.least(near.meetings, near.meetings.gap_km)
    is_sure = low.longest_km >= shortest_km
    is_stretch = is_sure | (drawn.longest_km >= shortest_km)
    crosses = ~is_stretch & (np.isfinite(doubt) | (gap_km <= DRAWN_KM))
    is_stretch |= ~crosses & (high.longest_km >= shortest_km)
    crosses |= ~is_stretch & (np.isfinite(meeting_km))
    is_sure |= crosses & (doubt == 0)
    middle = np.where(drawn.all_km > 0, drawn.middle_km, high.middle_km)
    middle = np.where(low.longest_km >= shortest_km, low.middle_km, middle)
    at_km = np.where(crosses, np.where(np.isfinite(doubt), cross_at, gap_at), middle)
    told = np.flatnonzero(is_stretch | crosses)
    pair = groups.pair[told]
    length_km = np.where(
        crosses[told], 0.0, np.stack([each.all_km[told] for each in (low, drawn, high)])
    )
    places = laid.places(near.first[pair], at_km[told])
    yield from map(
        Contact,
        *(near.first[pair].tolist(), near.second[pair].tolist()),
        *(crosses[told].tolist(), is_sure[told].tolist()),
        *length_km.tolist(),
        np.where(np.isfinite(doubt[told]), 0.0, gap_km[told]).tolist(),
        *places.T.tolist(),
    )


class _Groups:
    """Pieces that hang together: none is farther from the next of its group than a gap."""

    def __init__(self, pieces: Spans, gap_km: float) -> None:
        firsts = find_groups(pieces, gap_km)
        self.pair = pieces.pair[firsts]
        self._pieces = pieces
        self._group = np.repeat(
            np.arange(len(firsts)), np.diff(np.append(firsts, len(pieces.pair)))
        )

    def find(self, pair: Whole, at_km: Floats) -> Whole:
        """Return the group in which each point lies, -1 where it lies in none."""
        piece = find_pieces(self._pieces, pair, at_km)
        return np.where(piece >= 0, self._group[piece], -1) if len(self._group) else piece

    def measure(self, pieces: Spans) -> _Beside:
        """Measure by group pieces that lie in these."""
        km, n_groups = pieces.stop - pieces.start, len(self.pair)
        group = self.find(pieces.pair, (pieces.start + pieces.stop) / 2.0)
        all_km, longest_km = np.zeros(n_groups), np.zeros(n_groups)
        np.add.at(all_km, group, km)
        np.maximum.at(longest_km, group, km)
        # The middle halves the pieces, not what lies between them.
        before = all_km.cumsum() - all_km
        done = km.cumsum()
        at = np.searchsorted(done, before + all_km / 2.0)
        at = np.minimum(at, max(len(km) - 1, 0))
        middle = np.zeros(n_groups)
        if len(km):
            middle = pieces.stop[at] - (done[at] - before - all_km / 2.0)
        return _Beside(all_km, longest_km, middle)

    def least(self, spots: Spots, value: Floats) -> tuple[Floats, Floats]:
        """Return by group the least value of spots in it, infinite for none, and where it is, km."""
        group = self.find(spots.pair, spots.at_km)
        order = np.lexsort((spots.at_km, value, group))
        order = order[group[order] >= 0]
        found, first = np.unique(group[order], return_index=True)
        least, at_km = np.full(len(self.pair), np.inf), np.zeros(len(self.pair))
        least[found] = value[order[first]]
        at_km[found] = spots.at_km[order[first]]
        return least, at_km


def _are_sure(laid: LaidLines, near: NearRows) -> NDArray[np.bool_]:
    """Tell which crossings no way to lay the lines within their accuracies undoes.

    While two curves move, how often they cross stays odd or even unless an end of one passes over
    the other.  The part of the first line that is within both accuracies of the second has ends that are
    farther off than any movement; so have the ends of the second line unless one is near that part.
    """
    part = find_pieces(near.touching, near.crossings.pair, near.crossings.at_km)
    n_crossings = np.bincount(part[part >= 0], minlength=len(near.touching.pair))
    pair, start, stop = near.touching
    sure = (n_crossings % 2 == 1) & (start > JOINED_KM)
    sure &= stop < laid.length_km[near.first[pair]] - JOINED_KM
    row, end = find_spans(laid.off_ends, laid.key(near.first[pair], near.second[pair]))
    ends_there = (laid.off_ends.start[end] < stop[row]) & (laid.off_ends.stop[end] > start[row])
    sure[row[ends_there]] = False
    return (part >= 0) & sure[part] if len(sure) else np.zeros(len(part), dtype=bool)
