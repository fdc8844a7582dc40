"""A tree over segments on the globe: what may be near, on whichever side of 180 degrees it lies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely import STRtree

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Whole = NDArray[np.int64]

# No degree of latitude is shorter than 110.57 km, nor one of longitude than 111.32 km times
# the cosine of the latitude (GRS80); less makes the boxes larger than they need be.
DEGREE_KM = 110.0
HALF_TURN_DEG, TURN_DEG = 180.0, 360.0
CAP_DEG = 89.0
"""Nearer to a pole a box holds every longitude."""


class SegmentTree:
    """A tree over the boxes of segments, asked for what may be near.

    Parameters
    ----------
    ends
        Segments, lon, lat, lon, lat, degrees, shape (n, 4); may be of no length.
    reach_km
        By how much each is widened, one or shape (n,).
    """

    def __init__(self, ends: Floats, reach_km: float | Floats = 0.0) -> None:
        bounds = _bounds(ends, reach_km)
        self._tree = STRtree(_span_boxes(bounds))
        self._west = bounds[:, 0].min(initial=-HALF_TURN_DEG)
        self._east = bounds[:, 2].max(initial=HALF_TURN_DEG)
        self._holds_round = bool(_are_round(bounds).any())

    def find(self, ends: Floats, reach_km: float | Floats) -> tuple[Whole, Whole]:
        """Return the row of `ends` and the index of each segment that may lie within reach.

        None that is near is missed, on whichever side of 180 degrees it lies.
        """
        bounds = _bounds(ends, reach_km)
        rows, boxes = [np.arange(len(ends))], [bounds]
        for turn_deg in (-TURN_DEG, TURN_DEG):
            turned = bounds + np.array([turn_deg, 0.0, turn_deg, 0.0])
            again = (turned[:, 2] >= self._west) & (turned[:, 0] <= self._east)
            again &= ~_are_round(bounds)
            rows.append(np.flatnonzero(again))
            boxes.append(turned[again])
        row, index = self._tree.query(_span_boxes(np.concatenate(boxes)))
        row = np.concatenate(rows)[row]
        if self._holds_round and len(row):
            row, index = np.unique(np.column_stack([row, index]), axis=0).T
        return row, index


def _bounds(ends: Floats, reach_km: float | Floats) -> Floats:
    """Return west, south, east, north of boxes that hold all within reach of segments.

    The west end of each lies from -180 up to 180 degrees less what it is widened by.
    """
    lon, lat, stop_lon, stop_lat = ends.T
    run = (stop_lon - lon + HALF_TURN_DEG) % TURN_DEG - HALF_TURN_DEG
    west = (np.minimum(lon, lon + run) + HALF_TURN_DEG) % TURN_DEG - HALF_TURN_DEG
    # A geodesic bulges towards the pole: by the sagitta, run^2 / 8 sin(lat) cos(lat).
    bulge = np.degrees(np.radians(run) ** 2) / 8.0
    tall = reach_km / DEGREE_KM + bulge
    south, north = np.minimum(lat, stop_lat) - tall, np.maximum(lat, stop_lat) + tall
    poleward = np.maximum(np.abs(south), np.abs(north))
    wide = tall / np.cos(np.radians(np.minimum(poleward, CAP_DEG)))
    is_round = (poleward >= CAP_DEG) | (np.abs(run) + 2.0 * wide >= HALF_TURN_DEG)
    return np.column_stack(
        [
            np.where(is_round, -TURN_DEG, west - wide),
            south,
            np.where(is_round, TURN_DEG, west + np.abs(run) + wide),
            north,
        ]
    )


def _span_boxes(bounds: Floats) -> NDArray[np.object_]:
    """Return a shape for each box that fills it from corner to corner, which is all that the tree asks."""
    return np.asarray(shapely.linestrings(bounds.reshape(-1, 2, 2)), dtype=object)


def _are_round(bounds: Floats) -> NDArray[np.bool_]:
    return np.asarray(bounds[:, 2] - bounds[:, 0] >= TURN_DEG)
