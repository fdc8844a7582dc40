"""How often each of many cells is among the best, when the weights of the criteria are not certain.

It is the rank acceptability of SMAA-2 (Lahdelma and Salminen 2001, Operations Research 49(3), 444-454)
for the best ranks together.  Cells lie in a scratch file and are gone through a few times, so that
memory does not grow with them: first for the score that the best ones reach under each draw, then for
who reaches it.
"""

from __future__ import annotations

import math
import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from steppe.layers.cores import spread_over_cores
from steppe.screening.drawn_kernels import N_BINS, QUANTA, count_best, count_scores

Floats = NDArray[np.float32]
Counts = NDArray[np.int64]
ArrayF = NDArray[np.float64]
ArrayI = NDArray[np.int32]

_WHOLE_SHIFT = 7  # bins of this width hold all scores: 2^20 / 2^7 = 2^13
_SAMPLE = 2**16
_SURE = 5.0  # standard errors of a share of the sample


@dataclass(frozen=True)
class _Group:
    """Cells of one tile of which the same is known."""

    tile: int
    pattern: int
    n_cells: int
    offset: int


class PackedCells:
    """Values of the criteria of cells, in a scratch file that is gone when it is closed.

    Parameters
    ----------
    n_criteria
        How many values a cell has.
    folder
        Where the file lies.
    """

    def __init__(self, n_criteria: int, folder: Path) -> None:
        self.n_criteria, self.n_cells = n_criteria, 0
        self.patterns: list[NDArray[np.float64]] = []
        self._numbers: dict[bytes, int] = {}
        self._groups: list[_Group] = []
        self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 (closed with the cells)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def add(self, tile: int, cells: NDArray[np.int32], values: Floats, known: ArrayF) -> None:
        """Add cells of which the same is known; what lies side by side is to stand side by side.

        Parameters
        ----------
        tile
            Number of their tile; tiles come in their order.
        cells
            Their numbers in the tile, shape (n,).
        values
            Of each criterion what its known measures add to it, shape (criteria, n).
        known
            Share of each criterion's weight that is known, shape (criteria,), one above 0 at least.
        """
        key = known.tobytes()
        number = self._numbers.setdefault(key, len(self._numbers))
        if number == len(self.patterns):
            self.patterns.append(known)
        self._groups.append(_Group(tile, number, len(cells), self._file.tell()))
        self._file.write(np.ascontiguousarray(cells, dtype=np.int32).tobytes())
        self._file.write(np.ascontiguousarray(values, dtype=np.float32).tobytes())
        self.n_cells += len(cells)

    def read(self) -> Iterator[tuple[int, int, NDArray[np.int32], Floats]]:
        """Give tile, number of what is known, cells and values of each group."""
        self._file.flush()
        for each in self._groups:
            n_bytes = 4 * each.n_cells * (1 + self.n_criteria)
            data = os.pread(self._file.fileno(), n_bytes, each.offset)
            cells = np.frombuffer(data, dtype=np.int32, count=each.n_cells)
            values = np.frombuffer(data, dtype=np.float32, offset=4 * each.n_cells)
            yield each.tile, each.pattern, cells, values.reshape(self.n_criteria, each.n_cells)


def share_best(
    packed: PackedCells, weights: ArrayF, *, best: float
) -> Iterator[tuple[int, NDArray[np.int32], Floats]]:
    """Give the share of the draws in which each cell is among the best.

    Those are as many as the share of all cells says, rounded up, and what equals the last of them;
    a score is the weighted mean of what is known, told down to a part of `QUANTA`.

    Parameters
    ----------
    packed
        The cells.
    weights
        Of the criteria, shape (draws, criteria), above 0.
    best
        Share of the cells that are the best ones.

    Yields
    ------
    tuple
        Number of a tile, numbers of cells in it, their shares.
    """
    by_pattern = [
        (weights / (weights @ known)[:, np.newaxis]).astype(np.float32) for known in packed.patterns
    ]
    if not packed.n_cells:
        return
    wanted = math.ceil(best * packed.n_cells)
    n_draws = len(weights)

    def count(draws: Counts, first: Counts, shift: Counts, stride: int) -> tuple[Counts, Counts]:
        above = np.zeros(len(draws), dtype=np.int64)
        bins = np.zeros((len(draws), N_BINS), dtype=np.int64)
        parts = _part(len(draws))
        drawn = [each[draws] for each in by_pattern]
        for _, pattern, _, values in packed.read():
            taken = np.ascontiguousarray(values[:, ::stride])

            def work(part: slice, pattern: int = pattern, taken: Floats = taken) -> None:
                count_scores(
                    taken, drawn[pattern][part], first[part], shift[part], above[part], bins[part]
                )

            spread_over_cores(work, parts)
        return above, bins

    least = (_find_least(count, n_draws, packed.n_cells, wanted) / QUANTA).astype(np.float32)
    for tile, pattern, cells, values in packed.read():
        counts = np.zeros(len(cells), dtype=np.int32)
        drawn = by_pattern[pattern]

        def work(
            part: slice, values: Floats = values, drawn: Floats = drawn, counts: ArrayI = counts
        ) -> None:
            count_best(np.ascontiguousarray(values[:, part]), drawn, least, counts[part])

        spread_over_cores(work, _part(len(cells)))
        yield tile, cells, (counts / n_draws).astype(np.float32)


Counting = Callable[[Counts, Counts, Counts, int], tuple[Counts, Counts]]


def _part(n: int) -> list[slice]:
    """Return the slices of an array that the cores take."""
    size = max(64, -(-n // (2 * (os.cpu_count() or 1))))
    return [slice(start, start + size) for start in range(0, n, size)]


def _find_least(count: Counting, n_draws: int, n_cells: int, wanted: int) -> Counts:
    """Return the score of the last of the best cells under each draw, in parts of `QUANTA`.

    A sample tells where it should lie; all cells are counted there, and where it does not lie there,
    everywhere.
    """
    least = np.zeros(n_draws, dtype=np.int64)
    left = np.arange(n_draws)
    first = np.zeros(n_draws, dtype=np.int64)
    shift = np.full(n_draws, _WHOLE_SHIFT, dtype=np.int64)
    stride = n_cells // _SAMPLE
    if stride > 1:
        first, shift = _guess(*count(left, first, shift, stride), wanted / n_cells)
    while len(left):
        above, bins = count(left, first, shift, 1)
        for row in range(len(left)):
            reach = above[row] + np.cumsum(bins[row, ::-1])[::-1]
            if above[row] >= wanted or reach[0] < wanted:
                first[row], shift[row] = 0, _WHOLE_SHIFT
                continue
            bin_ = int(np.flatnonzero(reach >= wanted)[-1])
            first[row] += bin_ << int(shift[row])
            if shift[row] == 0:
                least[left[row]] = first[row]
                shift[row] = -1
            else:
                shift[row] = 0
        open_ = shift >= 0
        left, first, shift = left[open_], first[open_], shift[open_]
    return least


def _guess(above: Counts, bins: Counts, share: float) -> tuple[Counts, Counts]:
    """Return first score and width of bins among which a share of the cells surely ends."""
    first, shift = np.zeros(len(bins), dtype=np.int64), np.zeros(len(bins), dtype=np.int64)
    for row, counts in enumerate(bins):
        reach = above[row] + np.cumsum(counts[::-1])[::-1]
        margin = _SURE * math.sqrt(share * (1.0 - share) / reach[0]) + 1.0 / reach[0]
        low = np.flatnonzero(reach >= min(share + margin, 1.0) * reach[0])[-1]
        high = np.flatnonzero(reach >= max(share - margin, 0.0) * reach[0])[-1] + 1
        first[row] = int(low) << _WHOLE_SHIFT
        width = int(high - low) << _WHOLE_SHIFT
        while width > (N_BINS - 1) << int(shift[row]):
            shift[row] += 1
    return first, shift
