"""Lines and places as they may be shown to everybody: moved to a grid, so that the true ones are not told.

A simplified line keeps some of its vertices as they were surveyed, and says so.  Here a line is
told by the cells of a square grid that it passes through, and drawn by their middles: whoever has
the drawing, and knows how it was made, learns the cells and no more.  Lines that lie in one trench
pass the same cells and stay on one way.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.enums import TransformDirection

from steppe.layers.antimeridian import cut_lines
from steppe.layers.crs import WORKING_CRS

Floats = NDArray[np.float64]
Cells = NDArray[np.int64]

_LONGEST_DEG = 0.05  # a leg so short is straight in degrees and in metres alike, to a few metres
_AT_NODE_M = 10.0  # a page tells places to about as much
_TOLD_DEG = 1e-4  # likewise
_ROOM = 10**8  # more than there are latitudes
_LONGEST_RUN = 16  # cells
_AROUND = ((0, 0), (1, 0), (0, 1), (-1, 0), (0, -1), (1, 1), (-1, 1), (-1, -1), (1, -1))


@dataclass(frozen=True)
class Grid:
    """A square grid in the metres of a CRS, and what must not be told on it.

    Parameters
    ----------
    crs
        Equal-area CRS of the region.
    step_m
        Side of a cell, metres.
    hidden
        True vertices, degrees, shape (n, 2): none of them comes out as a vertex, by chance neither.
    nodes
        Places that are shown as they are, degrees, shape (n, 2): a line that ends at one still does.
    """

    crs: CRS
    step_m: float
    hidden: Floats
    nodes: Floats

    def move_lines(self, lines: NDArray[Any]) -> NDArray[Any]:
        """Return lines in degrees as the middles of the cells that they pass through.

        Parameters
        ----------
        lines
            `LineString` or `MultiLineString`, EPSG:4490, lon before lat.

        Returns
        -------
        numpy.ndarray
            As many; each drawn point lies within `step_m` of the true line, but where the middle of
            a cell happens to be a true vertex and its neighbour stands for it.
        """
        tree = shapely.STRtree([*map(shapely.Point, self._to_metres(self.nodes))])
        moved = np.empty(len(lines), dtype=object)
        for place, line in enumerate(lines):
            parts = []
            for part in shapely.get_parts(line):
                dense = shapely.get_coordinates(shapely.segmentize(part, _LONGEST_DEG))
                metres = self._to_metres(dense)
                at = self._place(_trace(metres / self.step_m))
                parts.append(shapely.LineString(self._end_at_nodes(at, metres[[0, -1]], tree)))
            moved[place] = parts[0] if len(parts) == 1 else shapely.MultiLineString(parts)
        return cut_lines(moved)

    def move_points(self, points: NDArray[Any]) -> NDArray[Any]:
        """Return points in degrees, each in the middle of its cell."""
        metres = self._to_metres(shapely.get_coordinates(points))
        cells = np.rint(metres / self.step_m).astype(np.int64)
        return np.asarray(shapely.points(self._place(cells)))

    @cached_property
    def _way(self) -> Transformer:
        return Transformer.from_crs(WORKING_CRS, self.crs, always_xy=True)

    @cached_property
    def _forbidden(self) -> Cells:
        return np.unique(_round(self.hidden))

    def _to_metres(self, at: Floats) -> Floats:
        return np.column_stack(self._way.transform(at[:, 0], at[:, 1]))

    def _to_degrees(self, cells: Cells) -> Floats:
        x, y = (cells * self.step_m).T
        return np.column_stack(self._way.transform(x, y, direction=TransformDirection.INVERSE))

    def _place(self, cells: Cells) -> Floats:
        """Return the middles of cells in degrees, with a neighbour where one is a true vertex."""
        at = self._to_degrees(cells)
        for row in np.flatnonzero(np.isin(_round(at), self._forbidden)):
            around = self._to_degrees(cells[row] + np.array(_AROUND))
            free = np.flatnonzero(~np.isin(_round(around), self._forbidden))
            at[row] = around[free[0] if len(free) else 0]
        return at

    def _end_at_nodes(self, at: Floats, ends: Floats, tree: shapely.STRtree) -> Floats:
        """Return a line of one point or more with its ends at the nodes where it has them."""
        inner, first, last = at, at[:1], at[-1:]
        rows, found = tree.query_nearest(
            shapely.points(ends), max_distance=_AT_NODE_M, all_matches=False
        )
        for row, node in zip(rows, found, strict=True):
            if row == 0:
                first, inner = self.nodes[[node]], inner[1:]
            else:
                last, inner = self.nodes[[node]], inner[:-1]
        joined = np.vstack([first, inner, last])
        is_new = np.append(True, (np.diff(joined, axis=0) != 0).any(axis=1))
        kept = joined[is_new]
        if len(kept) > 1:
            return kept
        # All of it lies in one cell; a line without a length would be none.
        cell = np.rint(self._to_metres(kept) / self.step_m).astype(np.int64)
        return np.vstack([kept, self._place(cell + np.array([1, 0]))])


def _round(at: Floats) -> Cells:
    """Return one number for each place, as nearly as it is told."""
    lon, lat = np.rint(at / _TOLD_DEG).astype(np.int64).T
    return np.asarray(lon * _ROOM + lat)


def _trace(at: Floats) -> Cells:
    """Return the cells that a line passes through, without those that say nothing.

    Parameters
    ----------
    at
        Vertices in sides of a cell, shape (n, 2); the middle of cell (i, j) is at (i, j).
    """
    dense = shapely.get_coordinates(shapely.segmentize(shapely.LineString(at), 0.5))
    cells = _step_through(dense)
    cells = cells[_keeps_corner(cells)]
    leads = np.diff(cells, axis=0)
    is_kept = np.ones(len(cells), dtype=bool)
    # A long straight stretch keeps some of its cells, for what is straight here is bent elsewhere.
    is_mark = ((cells[1:-1] % _LONGEST_RUN == 0) & (leads[1:] != 0)).any(axis=1)
    is_kept[1:-1] = is_mark | (leads[1:] != leads[:-1]).any(axis=1)
    return cells[is_kept]


def _step_through(at: Floats) -> Cells:
    """Return cell after cell, each beside the last by a side; no leg is longer than half a side."""
    cells = np.rint(at).astype(np.int64)
    across = np.flatnonzero((cells[1:] != cells[:-1]).all(axis=1))
    here, there = cells[across], cells[across + 1]
    share = ((here + there) / 2.0 - at[across]) / (at[across + 1] - at[across])
    is_lon_first = share[:, 0] < share[:, 1]
    between = np.where(
        is_lon_first[:, np.newaxis],
        np.column_stack([there[:, 0], here[:, 1]]),
        np.column_stack([here[:, 0], there[:, 1]]),
    )
    cells = np.insert(cells, across + 1, between, axis=0)
    is_new = np.append(True, (cells[1:] != cells[:-1]).any(axis=1))
    return np.asarray(cells[is_new])


def _keeps_corner(cells: Cells) -> NDArray[np.bool_]:
    """Tell which cells stay where a way goes round a corner.

    Of a stair every second cell is left out, so that it is drawn as a slope; which one hangs on the
    cell alone, so that lines on one way stay on one way wherever they begin.
    """
    kept = np.ones(len(cells), dtype=bool)
    if len(cells) > 2:  # noqa: PLR2004 - a first, a last and one between
        is_corner = (cells[2:] != cells[:-2]).all(axis=1)
        kept[1:-1] = ~(is_corner & (cells[1:-1].sum(axis=1) % 2 == 1))
    return kept
