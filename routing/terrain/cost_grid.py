"""What a way costs where: a grid of square cells in a plane, some of which none may enter."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS

MOST_SPAN = 1e9
"""How many times the least cost the greatest may be: beyond it a step may vanish in a double's digits."""

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class CostGrid:
    """Cost of a way through each cell.

    Parameters
    ----------
    cost
        Cost of a kilometre through a cell, above 0, shape (rows, columns), float32 or float64;
        NaN or inf where none may pass: a barrier.  The first row is the northernmost.
    cell_m
        Side of a cell, m of the plane.
    west_m, north_m
        Corner of the first cell, m of the plane.
    crs
        Of the plane; None where nobody asks.

    Raises
    ------
    ValueError
        Where cost is no such array, zero or below 0 somewhere (what that means differs from tool to tool,
        see the review of reVX#201), or spans more than `MOST_SPAN`.
    """

    cost: NDArray[np.floating]
    cell_m: float
    west_m: float = 0.0
    north_m: float = 0.0
    crs: CRS | None = None

    def __post_init__(self) -> None:
        """Refuse what is no cost."""
        if self.cost.ndim != 2 or self.cost.size == 0:  # noqa: PLR2004 (rows and columns)
            msg = f"cost has the shape {self.cost.shape}, not (rows, columns)"
            raise ValueError(msg)
        if self.cost.dtype not in (np.float32, np.float64):
            msg = f"cost is {self.cost.dtype}, not float32 or float64"
            raise ValueError(msg)
        if not (np.isfinite(self.cell_m) and self.cell_m > 0.0):
            msg = f"the side of a cell is {self.cell_m} m"
            raise ValueError(msg)
        least, greatest = self.span
        if least <= 0.0:
            msg = f"cost is {least:g} somewhere; each must be above 0 (NaN is a barrier)"
            raise ValueError(msg)
        if greatest > MOST_SPAN * least:
            msg = f"cost spans from {least:g} to {greatest:g}, more than {MOST_SPAN:g} times"
            raise ValueError(msg)

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        n_rows, n_columns = self.cost.shape
        return n_rows, n_columns

    @property
    def cell_km(self) -> float:
        """Side of a cell, km."""
        return self.cell_m / 1000.0

    @cached_property
    def span(self) -> tuple[float, float]:
        """Least and greatest cost of the cells that are no barrier; (inf, 0) where all are."""
        greatest = 0.0
        # By rows, so that no mask as large as the grid is made.
        for row in self.cost:
            greatest = max(greatest, float(np.max(row, where=np.isfinite(row), initial=0.0)))
        least = float(np.fmin.reduce(self.cost, axis=None))
        return (least if np.isfinite(least) or least < 0.0 else np.inf), greatest

    def holds(self, row: int, column: int) -> bool:
        """Tell whether there is such a cell."""
        return 0 <= row < self.shape[0] and 0 <= column < self.shape[1]

    def is_barrier(self, row: int, column: int) -> bool:
        """Tell whether none may enter a cell; what lies outside the grid none may."""
        return not (self.holds(row, column) and bool(np.isfinite(self.cost[row, column])))

    def row_column(self, x: float, y: float) -> tuple[int, int]:
        """Return the cell that a place of the plane lies in, m; outside the grid where it lies outside."""
        row = np.floor((self.north_m - y) / self.cell_m)
        column = np.floor((x - self.west_m) / self.cell_m)
        return int(row), int(column)

    def xy(self, rows: Whole, columns: Whole) -> tuple[Floats, Floats]:
        """Return the middles of cells in the plane, m; shapes as those of rows and columns."""
        x = self.west_m + (np.asarray(columns, dtype=np.float64) + 0.5) * self.cell_m
        y = self.north_m - (np.asarray(rows, dtype=np.float64) + 0.5) * self.cell_m
        return x, y
