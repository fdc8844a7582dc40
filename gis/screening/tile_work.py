"""The one function that every machine runs: from the window of a tile to its part on the disk."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from affine import Affine
from numpy.typing import NDArray
from rasterio.windows import Window

from steppe.decision.values import Linear, ValueFunction
from steppe.screening.cell_field import CellField, measure_cells
from steppe.screening.cell_kernels import add_line
from steppe.screening.cell_rules import CellRule, hold, tally
from steppe.screening.grid import PARTS, TILE_CELLS
from steppe.screening.result import OUTSIDE

LEADING = ("score", "known", "fraction", "rule")
_COUNTS = "STEPPE_COUNTS"
_ITSELF = Linear(worst=0.0, best=1.0)  # what a value is worth


@dataclass(frozen=True, eq=False)
class TileTask:
    """All that a tile is worked out from; arrays and settings alone, for any machine.

    Parameters
    ----------
    known
        What is measured.
    rules
        Clauses, the strongest first.
    functions
        Measure to value function and weight, of those that are scored.
    all_weight
        Sum of all weights, with those of measures that no cell knows.
    shown
        Measures that are written.
    folder
        Where the parts lie.
    """

    known: CellField
    rules: tuple[CellRule, ...]
    functions: Mapping[str, tuple[ValueFunction, float]]
    all_weight: float
    shown: tuple[str, ...]
    folder: Path

    @property
    def bands(self) -> tuple[str, ...]:
        """Return the names of the bands of a part."""
        return (*LEADING, *self.shown)

    @property
    def thresholds(self) -> dict[str, list[float]]:
        """Return of each measure that clauses speak of their thresholds."""
        found: dict[str, list[float]] = {}
        for each in self.rules:
            if not each.why:
                found.setdefault(each.rule.measure, []).append(each.threshold)
        return found

    def part(self, window: tuple[int, int, int, int]) -> Path:
        """Return where the part of a tile lies."""
        left, top, _, _ = window
        return self.folder / f"{top:08d}_{left:08d}.tif"


def work_tile(task: TileTask, window: tuple[int, int, int, int]) -> str:
    """Work out a tile and put its part in place whole, unless it lies there already.

    Parameters
    ----------
    task
        What it is worked out from.
    window
        Column, row, columns and rows.

    Returns
    -------
    str
        Name of the part.
    """
    path = task.part(window)
    if path.exists():
        return path.name
    cells = measure_cells(task.known, Window(*window), told=task.shown, held=task.thresholds)
    slacks = {name: (each.slack_km, each.is_lacking) for name, each in task.known.nearest.items()}
    held = [hold(rule, cells, slacks) for rule in task.rules]
    parts = np.rint(cells.fraction.astype(float) * PARTS**2).astype(np.int64)
    table, whole, code = tally(
        [each[0] for each in held],
        [each[1] for each in held],
        [rule.rule.is_killing for rule in task.rules],
        parts,
    )
    inside = parts > 0
    nothing = np.full(inside.shape, np.nan)
    total, share = score_cells(cells.values or {"": nothing}, task.functions, task.all_weight)
    code[~inside] = OUTSIDE
    surfaces = [total, share, *(cells.values.get(name, nothing) for name in task.shown)]
    shown = [np.where(inside, each, np.nan).astype(np.float32) for each in surfaces]
    shown[2:2] = [cells.fraction, code.astype(np.float32)]
    counts = {"rules": table.tolist(), "whole": whole.tolist()}
    grid = task.known.grid
    _write(path, grid.transform, window, shown, counts)
    return path.name


def score_cells(
    values: Mapping[str, NDArray[np.floating]],
    functions: Mapping[str, tuple[ValueFunction, float]],
    all_weight: float,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the weighted mean of what is known of each cell, and how much of the weight that is.

    It is `steppe.decision.scoring.score` of measures in criteria, written out: a criterion counts
    by what is known of it.

    Parameters
    ----------
    values
        Measure to values of one shape, one measure at least; NaN where unknown.
    functions
        Measure to value function and weight, also of measures without values.
    all_weight
        Sum of all weights.

    Returns
    -------
    tuple
        Mean, NaN where nothing is known, and share of the weight, each of the shape of the values.
    """
    shape = next(iter(values.values())).shape
    size = int(np.prod(shape))
    total, weight_known = np.zeros(size), np.zeros(size)
    for name, (function, weight) in functions.items():
        if name not in values:
            continue
        measured, line = values[name].ravel(), function
        if not isinstance(line, Linear):
            measured, line = function.rate(measured), _ITSELF
        add_line(measured, line.worst, line.best, weight, total, weight_known)
    with np.errstate(invalid="ignore"):
        total /= np.where(weight_known > 0, weight_known, np.nan)
    return total.reshape(shape), (weight_known / all_weight).reshape(shape)


def _write(
    path: Path,
    transform: Affine,
    window: tuple[int, int, int, int],
    bands: list[NDArray[np.float32]],
    counts: Mapping[str, Any],
) -> None:
    left, top, columns, rows = window
    new = path.with_name(f".{path.stem}.{os.getpid()}.tif")
    # The CRS is the grid's: to write it with each part would take longer than all else in it.
    with rasterio.open(
        new, "w", driver="GTiff", count=len(bands), width=columns, height=rows,
        dtype="float32", nodata=float("nan"), compress="ZSTD", zstd_level=1,
        transform=transform * Affine.translation(left, top), tiled=True,
        blockxsize=TILE_CELLS, blockysize=TILE_CELLS, interleave="band",
    ) as out:  # fmt: skip
        out.write(np.stack(bands))
        out.update_tags(**{_COUNTS: json.dumps(counts)})
    # A file of this name is whole: whatever is killed leaves at most a hidden one.
    new.replace(path)


def read_counts(path: Path) -> dict[str, Any]:
    """Return what a part counted."""
    with rasterio.open(path) as part:
        found: dict[str, Any] = json.loads(part.tags()[_COUNTS])
    return found
