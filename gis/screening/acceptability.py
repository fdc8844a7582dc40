"""How often each free cell of a screening is among the best, over all weights that criteria may have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.windows import Window

from steppe.decision.values import ValueFunction
from steppe.decision.weights import draw_uniform
from steppe.screening.assembling import finish, lay
from steppe.screening.best_shares import PackedCells, share_best
from steppe.screening.grid import WHOLE
from steppe.screening.result import ACCEPTABILITY, CACHE_MB, FRACTION, MEASURES, NO_RULE, RULE

N_DRAWS = 1000
"""A share of so many draws is known to 0.031 at 95 % confidence: 1.96 sqrt(0.25 / n)."""
BEST = 0.01
_SIDE = 8  # cells of a square stand side by side: they are alike

Criterion = Mapping[str, tuple[ValueFunction, float]]
Window4 = tuple[int, int, int, int]


@dataclass(frozen=True)
class Drawing:
    """What is drawn.

    Parameters
    ----------
    criteria
        Of each criterion that has a weight, measure to value function and weight in it, of those
        that have one.
    seed
        Of the draws.
    """

    criteria: Sequence[Criterion]
    seed: int


def write_acceptability(
    folder: Path, windows: Sequence[Window4], drawing: Drawing
) -> dict[str, Any]:
    """Write the share of the draws in which each free cell is among the best hundredth of them.

    Free is a cell that lies wholly in the region, that no killing clause takes, and of which a
    criterion is known.  Weights of the criteria are drawn evenly from all that sum to 1, as those of
    the parks are; those of measures in a criterion stay, and both count by what is known.

    Parameters
    ----------
    folder
        Where `rule.tif`, `fraction.tif` and the measures lie.
    windows
        All tiles, column, row, columns and rows.
    drawing
        What is drawn.

    Returns
    -------
    dict
        `n_draws`, `n_cells`, `best_share`, for the record.
    """
    flat = folder / f".{ACCEPTABILITY}.flat.tif"
    weights = draw_uniform(
        N_DRAWS, max(len(drawing.criteria), 1), rng=np.random.default_rng(drawing.seed)
    )
    with (
        rasterio.Env(GDAL_CACHEMAX=CACHE_MB),
        closing(PackedCells(weights.shape[1], folder)) as packed,
        rasterio.open(folder / f"{RULE}.tif") as like,
    ):
        _pack(packed, folder, windows, drawing.criteria)
        with lay(flat, like.profile, is_code=False) as out:
            held: tuple[int, NDArray[np.float32]] | None = None
            for tile, cells, shares in share_best(packed, weights, best=BEST):
                _, _, columns, rows = windows[tile]
                if held is None or held[0] != tile:
                    _put(out, windows, held)
                    held = tile, np.full(rows * columns, np.nan, dtype=np.float32)
                held[1][cells] = shares
            _put(out, windows, held)
        n_cells = packed.n_cells
    finish(flat, folder / f"{ACCEPTABILITY}.tif", ACCEPTABILITY)
    return {"n_draws": N_DRAWS, "n_cells": n_cells, "best_share": BEST}


def _put(
    out: Any, windows: Sequence[Window4], held: tuple[int, NDArray[np.float32]] | None
) -> None:
    if held is not None:
        _, _, columns, rows = windows[held[0]]
        out.write(held[1].reshape(rows, columns), 1, window=Window(*windows[held[0]]))


def _pack(
    packed: PackedCells, folder: Path, windows: Sequence[Window4], criteria: Sequence[Criterion]
) -> None:
    with ExitStack() as stack:
        names = [FRACTION, RULE]
        files = {name: stack.enter_context(rasterio.open(folder / f"{name}.tif")) for name in names}
        for name in {name: None for each in criteria for name in each}:
            path = folder / MEASURES / f"{name}.tif"
            if path.exists():
                files[name] = stack.enter_context(rasterio.open(path))
        for tile, window in enumerate(windows):
            here = Window(*window)
            _, _, columns, rows = window
            order = _side_by_side(rows, columns)
            is_free = files[RULE].read(1, window=here).ravel() == NO_RULE
            is_free &= files[FRACTION].read(1, window=here).ravel() >= WHOLE
            cells = order[is_free[order]]
            if not len(cells):
                continue
            measured = {
                name: file.read(1, window=here).ravel()[cells]
                for name, file in files.items()
                if name not in names
            }
            _pack_tile(packed, tile, cells, measured, criteria)


def _pack_tile(
    packed: PackedCells,
    tile: int,
    cells: NDArray[np.int32],
    measured: Mapping[str, NDArray[np.float32]],
    criteria: Sequence[Criterion],
) -> None:
    """Add the cells of a tile, those of which the same is known together."""
    values = np.zeros((len(criteria), len(cells)))
    known = np.zeros((len(criteria), len(cells)))
    which = np.zeros(len(cells), dtype=np.int64)
    for number, criterion in enumerate(criteria):
        whole = sum(weight for _, weight in criterion.values())
        for name, (function, weight) in criterion.items():
            if name not in measured:
                continue
            is_known = ~np.isnan(measured[name])
            rated = function.rate(measured[name])
            values[number] += np.where(is_known, weight / whole * rated, 0.0)
            known[number] += np.where(is_known, weight / whole, 0.0)
            if not is_known.all():
                which = np.unique(2 * which + is_known, return_inverse=True)[1]
    for number in range(int(which.max()) + 1):
        own = np.flatnonzero(which == number)
        pattern = known[:, own[0]].copy()
        if pattern.any():
            packed.add(tile, cells[own], values[:, own].astype(np.float32), pattern)


@lru_cache(maxsize=8)
def _side_by_side(rows: int, columns: int) -> NDArray[np.int32]:
    """Return the cells of a tile square by square."""
    row, column = np.divmod(np.arange(rows * columns), columns)
    keys = (column % _SIDE, row % _SIDE, column // _SIDE, row // _SIDE)
    return np.lexsort(keys).astype(np.int32)
