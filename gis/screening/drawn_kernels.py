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
def _find_most(values: Floats, start: int, end: int, most: Floats) -> None:
    for kind in range(len(values)):
        most[kind] = values[kind, start]
        for cell in range(start + 1, end):
            most[kind] = max(most[kind], values[kind, cell])


@numba.njit(cache=True, nogil=True)
def _reach_at_most(weights: Floats, most: Floats) -> float:
    bound = weights[0] * most[0]
    for kind in range(1, len(most)):
        bound += weights[kind] * most[kind]
    return bound


@numba.njit(cache=True, nogil=True)
def _add_up(values: Floats, weights: Floats, start: int, end: int, scores: Floats) -> None:
    weight, line = weights[0], values[0]
    for cell in range(end - start):
        scores[cell] = weight * line[start + cell]
    for kind in range(1, len(values)):
        weight, line = weights[kind], values[kind]
        for cell in range(end - start):
            scores[cell] += weight * line[start + cell]


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
    n_cells = values.shape[1]
    scores, most = np.empty(_BLOCK, dtype=np.float32), np.empty(len(values), dtype=np.float32)
    least = (first / QUANTA).astype(np.float32)
    for start in range(0, n_cells, _BLOCK):
        end = min(start + _BLOCK, n_cells)
        _find_most(values, start, end, most)
        for draw in range(len(weights)):
            if _reach_at_most(weights[draw], most) < least[draw]:
                continue
            _add_up(values, weights[draw], start, end, scores)
            for cell in range(end - start):
                if scores[cell] >= least[draw]:
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
    n_cells = values.shape[1]
    scores, most = np.empty(_BLOCK, dtype=np.float32), np.empty(len(values), dtype=np.float32)
    for start in range(0, n_cells, _BLOCK):
        end = min(start + _BLOCK, n_cells)
        _find_most(values, start, end, most)
        here = counts[start:end]
        for draw in range(len(weights)):
            if _reach_at_most(weights[draw], most) < least[draw]:
                continue
            _add_up(values, weights[draw], start, end, scores)
            for cell in range(end - start):
                here[cell] += np.int32(scores[cell] >= least[draw])
