"""The free land of a screening as places: its cells, how far they are from somewhere, and blocks of them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS, Transformer

from steppe.layers.crs import WORKING_CRS, bend_km, distance_km, to_earth_km
from steppe.screening.result import SCORE, Screening

_NEAR_KM, _OFF_NEAR_KM, _OFF_FAR_KM = 500.0, 0.005, 0.1
"""Distances of cells are off by so much at most: up to 500 km, and up to 2 500 km."""

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class FreeCells:
    """Cells wholly in the region that no killing clause takes, north to south and west to east.

    Parameters
    ----------
    rows, columns
        In the grid of the screening, shape (n,).
    scores
        Of the land, 0 to 1, NaN where nothing is known; shape (n,).
    lons, lats
        Middles, degrees, shape (n,).
    cell_m
        Side of a cell.
    """

    rows: Whole
    columns: Whole
    scores: Floats
    lons: Floats
    lats: Floats
    cell_m: float

    @classmethod
    def of(cls, screening: Screening) -> FreeCells:
        """Return the free cells of a screening."""
        free = screening.find_free()
        rows, columns = np.nonzero(free)
        grid = screening.transform
        to_degrees = Transformer.from_crs(
            CRS.from_wkt(screening.crs_wkt), WORKING_CRS, always_xy=True
        )
        lons, lats = to_degrees.transform(
            grid.c + grid.a * (columns + 0.5), grid.f + grid.e * (rows + 0.5)
        )
        scores = screening.open(SCORE)[free].astype(float)
        return cls(rows, columns, scores, np.asarray(lons), np.asarray(lats), screening.cell_m)

    @property
    def n_cells(self) -> int:
        """Return how many there are."""
        return len(self.rows)

    @cached_property
    def _in_space(self) -> Floats:
        return to_earth_km(self.lons, self.lats)

    def find_away_km(self, lon: float, lat: float, picked: Whole | None = None) -> Floats:
        """Return how far cells, all or some, are from a place, km, shape (cells,).

        They are off by 5 m at most up to 500 km, by 100 m up to 2 500 km.
        """
        cells = self._in_space if picked is None else self._in_space[picked]
        place = to_earth_km(np.array([lon]), np.array([lat]))
        return bend_km(np.sqrt(((cells - place) ** 2).sum(axis=1)))

    def measure_km(self, picked: Whole, lons: Floats, lats: Floats) -> Floats:
        """Return geodesic distances, km, from places to some cells, shape (places, cells)."""
        there = self.lons[picked], self.lats[picked]
        places = zip(lons.tolist(), lats.tolist(), strict=True)
        return np.stack([distance_km(lon, lat, *there) for lon, lat in places])

    def find_blocks(self, live: Whole, most: int) -> tuple[int, Whole]:
        """Return the side of the smallest square blocks of which some cells lie in `most` at most.

        Parameters
        ----------
        live
            Cells.
        most
            Blocks.

        Returns
        -------
        tuple
            The side in cells, and the number of the block of each of these cells.
        """
        side = max(1, math.isqrt(len(live) // most))
        while (blocks := self._number_blocks(live, side)).max(initial=0) >= most:
            side += 1
        return side, blocks

    def _number_blocks(self, live: Whole, side: int) -> Whole:
        wide = int(self.columns.max(initial=0)) // side + 1
        key = self.rows[live] // side * wide + self.columns[live] // side
        return np.asarray(np.unique(key, return_inverse=True)[1], dtype=np.int64)

    def find_nearest_of_blocks_km(
        self, live: Whole, blocks: Whole, lons: Floats, lats: Floats
    ) -> Floats:
        """Return how far the nearest cell of each block is, km; none is nearer than told.

        Parameters
        ----------
        live, blocks
            Cells, and the number of the block of each, from 0.
        lons, lats
            Places, degrees, shape (places,).

        Returns
        -------
        numpy.ndarray
            Shape (places, blocks).
        """
        order = np.argsort(blocks, kind="stable")
        starts = np.searchsorted(blocks[order], np.arange(int(blocks.max()) + 1))
        sorted_cells = live[order]

        def rows() -> Iterator[Floats]:
            for lon, lat in zip(lons.tolist(), lats.tolist(), strict=True):
                away_km = self.find_away_km(lon, lat, sorted_cells)
                yield _loosen(np.minimum.reduceat(away_km, starts))

        return np.stack(list(rows()))


def _loosen(away_km: Floats) -> Floats:
    """Return what distances of cells are at least, km."""
    off = np.where(away_km <= _NEAR_KM, _OFF_NEAR_KM, _OFF_FAR_KM)
    return np.maximum(away_km - off, 0.0)
