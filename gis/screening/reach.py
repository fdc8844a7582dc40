"""How far every cell of a tile is from what a layer holds, and how much lies within a radius.

Cells and features are points in space (`steppe.layers.crs.to_earth_km`), lines and outlines broken
up into sides so short that straight in space and straight in degrees are the same to a decimetre.
Straight distances are bent to the ellipsoid, so that all are true: up to 500 km they are within 5 m of
the geodesic.  Blocks of cells are halved in both directions as long as many sides may be their nearest:
from no cell of a block is a side the nearest that is farther from its middle than the nearest one and
twice the radius of the block.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from steppe.layers.crs import MEAN_RADIUS_KM, bend_km, to_earth_km
from steppe.screening.cell_kernels import add_within
from steppe.screening.nearest_sides import PACK_SIDES, fill, pick_near, rank

SIDE_DEG = 0.02
_PARTS_OF_A_SIDE = 1024  # of the box of a layer, to sort its sides by

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Sides:
    """Straight sides in space, km from the middle of the earth; a point is a side of no length.

    Parameters
    ----------
    starts, ends
        Each of shape (n, 3), in packs of sides that lie near each other.
    middles, radii
        A ball round each pack, shapes (packs, 3) and (packs,).
    """

    starts: Floats
    ends: Floats
    middles: Floats
    radii: Floats

    @classmethod
    def of(cls, shapes: Iterable[BaseGeometry]) -> Sides:
        """Return the sides of points, lines, and outlines of polygons, in EPSG:4490."""
        parts = shapely.get_parts(np.array([*shapes], dtype=object))
        parts = parts[~shapely.is_empty(parts)]
        is_area = shapely.get_dimensions(parts) == 2  # noqa: PLR2004
        rings = shapely.get_rings(parts[is_area])
        lines = np.concatenate([parts[shapely.get_dimensions(parts) == 1], rings])
        at, line = shapely.get_coordinates(shapely.segmentize(lines, SIDE_DEG), return_index=True)
        leads = np.flatnonzero(line[1:] == line[:-1]) if len(line) else np.zeros(0, dtype=np.intp)
        places = to_earth_km(at[:, 0], at[:, 1])
        dots = shapely.get_coordinates(parts[shapely.get_dimensions(parts) == 0])
        points = to_earth_km(dots[:, 0], dots[:, 1])
        starts = np.concatenate([places[leads], points])
        return cls._pack(starts, np.concatenate([places[leads + 1], points]))

    @classmethod
    def none(cls) -> Sides:
        """Return no sides."""
        return cls._pack(np.zeros((0, 3)), np.zeros((0, 3)))

    @classmethod
    def _pack(cls, starts: Floats, ends: Floats) -> Sides:
        """Sort sides along a curve through space that keeps together what is near, and cut it into packs."""
        if not len(starts):
            return cls(starts, ends, np.zeros((0, 3)), np.zeros(0))
        halfway = (starts + ends) / 2.0
        low, span = halfway.min(axis=0), max(float(np.ptp(halfway, axis=0).max()), 1e-9)
        part = ((halfway - low) / span * (_PARTS_OF_A_SIDE - 1)).astype(np.int64)
        # Digits of the three axes in turn (Morton, A computer oriented geodetic data base, IBM 1966).
        digits = np.arange(_PARTS_OF_A_SIDE.bit_length() - 1)
        along = ((part[:, :, np.newaxis] >> digits) & 1) << (
            3 * digits + np.arange(3)[:, np.newaxis]
        )
        order = np.argsort(along.sum(axis=(1, 2)), kind="stable")
        starts, ends = starts[order], ends[order]
        firsts = np.arange(0, len(starts), PACK_SIDES)
        least = np.minimum.reduceat(np.minimum(starts, ends), firsts)
        most = np.maximum.reduceat(np.maximum(starts, ends), firsts)
        radii = np.sqrt(((most - least) ** 2).sum(axis=1)) / 2.0
        return cls(starts, ends, (least + most) / 2.0, radii)


@dataclass(frozen=True, eq=False)
class Measured:
    """How far cells are from what is nearest.

    Parameters
    ----------
    km
        Shape (rows, columns); infinite where nothing was found.
    """

    km: Floats

    def is_nearer(self, km: float) -> Bools:
        """Tell which cells are nearer than so far."""
        return self.km < km

    def is_farther(self, km: float) -> Bools:
        """Tell which cells are farther than so far."""
        return self.km > km


@dataclass(frozen=True, eq=False)
class Ranked:
    """Between which distances cells lie from what is nearest, where only these are asked of.

    Parameters
    ----------
    within_km
        The distances, each once, from the least on.
    places
        Twice the number of those that a cell lies beyond, and one more where it lies just so far,
        shape (rows, columns).
    """

    within_km: tuple[float, ...]
    places: NDArray[np.uint8]

    def is_nearer(self, km: float) -> Bools:
        """Tell which cells are nearer than one of the distances."""
        return self.places <= 2 * self.within_km.index(km)

    def is_farther(self, km: float) -> Bools:
        """Tell which cells are farther than one of the distances."""
        return self.places > 2 * self.within_km.index(km) + 1

    def put_on(self, there: Bools) -> None:
        """Write that some cells lie on what is nearest, not beside it."""
        self.places[there] = sum((km <= 0.0) + (km < 0.0) for km in self.within_km)


def find_nearest_km(
    cells: Floats, sides: Sides, asked: NDArray[np.bool_], *, enough_km: float = np.inf
) -> Floats:
    """Return how far cells are from the nearest side, km; infinite where there is none.

    Parameters
    ----------
    cells
        Middles of a tile's cells as points in space, shape (rows, columns, 3).
    sides
        All of a layer, also those far outside the tile.
    asked
        Of which cells it is asked, shape (rows, columns); the others are told anything.
    enough_km
        Of cells that are farther, a least distance of that or more is told.

    Returns
    -------
    NDArray
        Shape (rows, columns).
    """
    found = np.full(cells.shape[:2], np.inf)
    if len(sides.starts) and asked.any():
        picked = pick_near(cells, sides.middles, sides.radii, len(sides.starts), np.inf)
        fill(cells, sides.starts, sides.ends, picked, asked, float(enough_km), found)
        found = bend_km(found)
    return found


def rank_nearest(
    cells: Floats,
    sides: Sides,
    asked: NDArray[np.bool_],
    *,
    within_km: Iterable[float],
    at_most_km: float = np.inf,
) -> Ranked:
    """Return between which distances cells lie from the nearest side, which is told faster than how far it is.

    Parameters
    ----------
    cells, sides, asked
        As of `find_nearest_km`.
    within_km
        The distances.
    at_most_km
        What is no nearer than that is beyond all of them.
    """
    every = tuple(sorted(set(within_km)))
    straight_km = _straighten_km(np.minimum(every, at_most_km))
    found = np.full(cells.shape[:2], 2 * len(every), dtype=np.uint8)
    if len(sides.starts) and asked.any():
        most_km = float(straight_km[-1])
        picked = pick_near(cells, sides.middles, sides.radii, len(sides.starts), most_km)
        if len(picked):
            rank(cells, sides.starts, sides.ends, picked, asked, straight_km, found)
    return Ranked(every, found)


def _straighten_km(km: Floats) -> Floats:
    """Return what `bend_km` bends to so far."""
    half = np.clip(km / (2.0 * MEAN_RADIUS_KM), -np.pi / 2.0, np.pi / 2.0)
    return np.asarray(2.0 * MEAN_RADIUS_KM * np.sin(half))


def sum_within(cells: Floats, points: Floats, amounts: Floats, within_km: float) -> Floats:
    """Return the sums of amounts of the points within a distance of each cell.

    Parameters
    ----------
    cells
        Shape (rows, columns, 3).
    points
        Points in space, shape (n, 3).
    amounts
        Shape (n, kinds).
    within_km
        Over the ground.

    Returns
    -------
    NDArray
        Shape (rows, columns, kinds).
    """
    found = np.zeros((*cells.shape[:2], amounts.shape[1]))
    straight_km = float(_straighten_km(np.asarray(within_km)))
    add_within(cells, points, np.ascontiguousarray(amounts, dtype=float), straight_km, found)
    return found
