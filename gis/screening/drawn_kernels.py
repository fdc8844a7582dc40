"""Scores of cells under many weights, compiled: how many reach a score, and how often each cell does.

Sums run criterion by criterion in float32, so that the same values come to the same score to the last
bit, and so that the score of the best values of a block is not below that of any cell of it: a block
whose best is not enough is passed over at once.
"""

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray

QUANTA = 2**20
"""Scores are compared in so many parts of 1: those that differ by less may be equal."""
N_BINS = 2**13 + 1
_BLOCK = 64

Floats = NDArray[np.float32]
Counts = NDArray[np.int64]


@numba.njit(cache=True, nogil=True)
def _take_block(values: Floats, start: int, block: Floats, most: Floats) -> int:
    """Copy the next cells, zeros behind the last; write the best of each criterion; return their number."""
    n_here = min(_BLOCK, values.shape[1] - start)
    for kind in range(len(values)):
        most[kind] = 0.0
        for cell in range(_BLOCK):
            block[kind, cell] = values[kind, start + cell] if cell < n_here else 0.0
            most[kind] = max(most[kind], block[kind, cell])
    return n_here


@numba.njit(cache=True, nogil=True)
def _add_up(block: Floats, weights: Floats, scores: Floats) -> None:
    weight = weights[0]
    for cell in range(_BLOCK):
        scores[cell] = weight * block[0, cell]
    for kind in range(1, len(weights)):
        weight = weights[kind]
        for cell in range(_BLOCK):
            scores[cell] += weight * block[kind, cell]


@numba.njit(cache=True, nogil=True)
def _reach_at_most(weights: Floats, most: Floats) -> float:
    bound = weights[0] * most[0]
    for kind in range(1, len(most)):
        bound += weights[kind] * most[kind]
    return bound


@numba.njit(cache=True, nogil=True)
def count_scores(
    values: Floats, weights: Floats, first: Counts, shift: Counts, above: Counts, bins: Counts
) -> None:
    """Count cells by score under each draw: in bins from a first score on, and above the last bin.

    Parameters
    ----------
    values
        Of criteria, shape (criteria, n).
    weights
        Shape (draws, criteria).
    first, shift
        Least score of the bins, in parts of `QUANTA`, and binary logarithm of their width; shape
        (draws,).  Below the first one nothing is counted.
    above, bins
        Where it is added, shapes (draws,) and (draws, `N_BINS`).
    """
    scores, most = np.empty(_BLOCK, dtype=np.float32), np.empty(len(values), dtype=np.float32)
    # A copy lies alone and close: its sums take a tenth of the time.
    block = np.empty((len(values), _BLOCK), dtype=np.float32)
    least = (first / QUANTA).astype(np.float32)
    for start in range(0, values.shape[1], _BLOCK):
        n_here = _take_block(values, start, block, most)
        for draw in range(len(weights)):
            if _reach_at_most(weights[draw], most) < least[draw]:
                continue
            _add_up(block, weights[draw], scores)
            enough, n_enough = least[draw], 0
            for cell in range(_BLOCK):
                n_enough += int(scores[cell] >= enough)
            if n_enough == 0:
                continue
            for cell in range(n_here):
                if scores[cell] >= enough:
                    score = int(scores[cell] * np.float32(QUANTA)) - first[draw]
                    bin_ = score >> shift[draw]
                    if bin_ >= N_BINS:
                        above[draw] += 1
                    else:
                        bins[draw, bin_] += 1


@numba.njit(cache=True, nogil=True)
def count_best(values: Floats, weights: Floats, least: Floats, counts: NDArray[np.int32]) -> None:
    """Count of each cell the draws in which it has a score or more.

    Parameters
    ----------
    values, weights
        As for `count_scores`.
    least
        The score of each draw, shape (draws,).
    counts
        Where it is added, shape (n,).
    """
    scores, most = np.empty(_BLOCK, dtype=np.float32), np.empty(len(values), dtype=np.float32)
    reached = np.empty(_BLOCK, dtype=np.int32)
    # A copy lies alone and close: its sums take a tenth of the time.
    block = np.empty((len(values), _BLOCK), dtype=np.float32)
    for start in range(0, values.shape[1], _BLOCK):
        n_here = _take_block(values, start, block, most)
        reached[:] = 0
        for draw in range(len(weights)):
            if _reach_at_most(weights[draw], most) < least[draw]:
                continue
            _add_up(block, weights[draw], scores)
            enough = least[draw]
            for cell in range(_BLOCK):
                reached[cell] += np.int32(scores[cell] >= enough)
        for cell in range(n_here):
            counts[start + cell] += reached[cell]
