"""What a screening found, in its folder: the one thing that everything after it reads."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from affine import Affine
from numpy.typing import NDArray
from rasterio.windows import Window

from steppe.screening.cell_climate import CellClimate
from steppe.screening.grid import TILE_CELLS, WHOLE

RECORD = "screening.json"
AREA_LOST = "area_lost.csv"
SCORE, KNOWN, RULE, FRACTION = "score", "known", "rule", "fraction"
ACCEPTABILITY = "acceptability"
NO_RULE, OUTSIDE = 0, 255
CACHE_MB = 128
"""GDAL would keep a twentieth of the memory of the machine."""
"""Codes of `rule.tif`: no rule kills the cell; the cell lies outside the region."""
MEASURES = "measures"


@dataclass(frozen=True)
class ScreenRule:
    """A rule of the accounting: its code in `rule.tif` (1 to 254), what it is and how strong."""

    code: int
    rule_id: str
    clause: str
    strength: str
    measure: str
    is_killing: bool


@dataclass(frozen=True, eq=False)
class Screening:
    """A screening as it lies in its folder.

    Parameters
    ----------
    folder
        `score.tif`, `known.tif`, `rule.tif`, `fraction.tif`, `acceptability.tif`,
        `measures/<measure_id>.tif`,
        `area_lost.csv` and `screening.json`.
    transform, crs_wkt, shape, cell_m
        Grid: column and row to metres of an equal-area CRS; rows and columns; side of a cell.
    rules
        Code of `rule.tif` to rule.
    measures
        Measure to its weight in the score, 0 for those that are shown alone.
    unknown
        Measure that the plan lists and no cell knows, to the reason in both languages.
    record
        All of `screening.json`.
    climate
        Of a screening that was worked out just now; a folder does not hold it.
    """

    folder: Path
    transform: Affine
    crs_wkt: str
    shape: tuple[int, int]
    cell_m: float
    rules: Mapping[int, ScreenRule]
    measures: Mapping[str, float]
    unknown: Mapping[str, Mapping[str, str]]
    record: Mapping[str, Any]
    climate: CellClimate | None = None

    @classmethod
    def load(cls, folder: Path) -> Screening:
        """Read a screening; its record is written last, so that what has one is whole."""
        record = json.loads((folder / RECORD).read_text(encoding="utf-8"))
        grid = record["grid"]
        return cls(
            folder,
            Affine(*grid["transform"]),
            grid["crs_wkt"],
            (int(grid["n_rows"]), int(grid["n_columns"])),
            float(grid["cell_m"]),
            {each["code"]: ScreenRule(**each) for each in record["rules"]},
            record["weights"],
            record["unknown"],
            record,
        )

    def path(self, name: str) -> Path:
        """Return where a surface lies: of the leading ones that `folder` names, or a measure."""
        if name in {SCORE, KNOWN, RULE, FRACTION, ACCEPTABILITY}:
            return self.folder / f"{name}.tif"
        return self.folder / MEASURES / f"{name}.tif"

    def open(self, name: str, window: Window | None = None) -> NDArray[Any]:
        """Return the cells of a surface, all or those of a window, shape (rows, columns).

        `rule` is uint8; the others are float32, NaN where nothing is known and outside.
        """
        with rasterio.Env(GDAL_CACHEMAX=CACHE_MB), rasterio.open(self.path(name)) as grid:
            return np.asarray(grid.read(1, window=window))

    def find_free(self) -> NDArray[np.bool_]:
        """Tell which cells lie wholly in the region with no clause that takes them, shape (rows, columns).

        Rows are read as many at a time as a tile has: whole surfaces would take five times the memory.
        """
        n_rows, n_columns = self.shape
        free = np.empty(self.shape, dtype=np.bool_)
        for top in range(0, n_rows, TILE_CELLS):
            here = Window(0, top, n_columns, min(TILE_CELLS, n_rows - top))
            some = slice(top, top + TILE_CELLS)
            free[some] = (self.open(RULE, here) == NO_RULE) & (self.open(FRACTION, here) >= WHOLE)
        return free
