"""Far rows: pairs of segments that tell nothing, since a nearer segment of the same line tells it all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from steppe.routing.laid_lines import LaidLines

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from steppe.routing.nearness import Floats, Whole

_MARGIN_KM = 0.01
"""Chords through the Earth and lengths in a plane differ by less over tens of kilometres."""


def find_telling(
    laid: LaidLines, i: Whole, j: Whole, apart_km: Floats, *, beside_km: float, end_km: float
) -> NDArray[np.bool_]:
    """Tell which pairs of segments tell something of their lines, shape (n,).

    Where a segment lies as a whole within the accuracies of one segment of the other line, wherever on
    it they count in full, it may be beside that line from end to end, and the two lines may meet there.
    Another segment of the other line adds nothing if it is surely farther off than the
    nearest one, and than what is beside as drawn.  Nor does one that is farther off than
    what may be beside so near the end of a line, if it is out of reach of both accuracies, or another
    segment is within it as a whole.

    Parameters
    ----------
    laid
        The lines.
    i, j
        Segments of two lines, shape (n,).
    apart_km
        How far their middles are apart, shape (n,).
    beside_km, end_km
        See `steppe.routing.near_rows.find_near_rows`.
    """
    segments, n_lines = laid.segments, len(laid.length_km)
    half_km = (segments.km[i] + segments.km[j]) / 2.0
    each, of = np.unique(i * n_lines + segments.line[j], return_inverse=True)
    segment, other = np.divmod(each, n_lines)
    line = segments.line[segment]
    least_km, within_km = np.full(len(each), np.inf), np.full(len(each), np.inf)
    np.minimum.at(least_km, of, apart_km)
    np.minimum.at(within_km, of, apart_km + half_km)
    off_km = laid.end_km(segments.space[segment].mean(axis=1), line, other) - end_km
    both_km = laid.accuracy_km[line] + laid.accuracy_km[other]
    nearest_km = apart_km - half_km - _MARGIN_KM
    is_held = within_km + _MARGIN_KM <= np.minimum(off_km - segments.km[segment] / 2.0, both_km)
    is_far = is_held[of] & (nearest_km > np.maximum(least_km, beside_km)[of])
    most_km = beside_km + np.clip(off_km + segments.km[segment] / 2.0, 0.0, both_km)
    is_touched = within_km + _MARGIN_KM <= both_km
    is_far |= (nearest_km > most_km[of]) & (is_touched[of] | (nearest_km > both_km[of]))
    return ~is_far | (apart_km + half_km <= within_km[of])
