"""Relief: how bright the ground is under a sun in the north-west, from a grid of heights."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from steppe.layers.tables import KM_PER_DEG, Raster

SUN_AZIMUTH_DEG, SUN_HEIGHT_DEG = 315.0, 45.0
"""From the north-west and halfway up, as maps have it by custom."""
STEEPER = 12.0
"""Heights are drawn so many times as high: assumed, cells of some km leave hardly a slope."""

Floats = NDArray[np.float64]


def shade(elevation: Raster) -> Raster:
    """Return the brightness of each cell, 0 to 1; flat ground has the sine of the sun's height.

    Slopes by Horn (Hill shading and the reflectance map, Proceedings of the IEEE 69, 1981, 14-47): the
    weighted differences of the eight neighbours; brightness is the cosine between the sun and
    the normal of the ground.  A cell without a known neighbour on some side is unknown.

    Parameters
    ----------
    elevation
        Height above the sea, m.
    """
    heights = np.pad(elevation.values.astype(float), 1, mode="edge") * STEEPER
    rows = elevation.values.shape[0]
    lats = elevation.north - (np.arange(rows) + 0.5) * elevation.step_deg
    north_m = elevation.step_deg * KM_PER_DEG * 1000.0
    east_m = north_m * np.cos(np.radians(lats))[:, np.newaxis]
    east = (_sum_side(heights, 2, axis=1) - _sum_side(heights, 0, axis=1)) / (8.0 * east_m)
    north = (_sum_side(heights, 0, axis=0) - _sum_side(heights, 2, axis=0)) / (8.0 * north_m)
    azimuth, height = np.radians(SUN_AZIMUTH_DEG), np.radians(SUN_HEIGHT_DEG)
    towards = east * np.sin(azimuth) + north * np.cos(azimuth)
    bright = (np.sin(height) - np.cos(height) * towards) / np.sqrt(1.0 + east**2 + north**2)
    return Raster(
        "relief",
        np.clip(bright, 0.0, 1.0).astype(np.float32),
        elevation.west,
        elevation.north,
        elevation.step_deg,
        "1",
        "地形晕渲",
        "Relief",
        elevation.source_id,
    )


def _sum_side(heights: Floats, side: int, *, axis: int) -> Floats:
    """Return the neighbours on one side of each cell, the middle one counted twice."""
    taken = heights.take(range(side, side + heights.shape[axis] - 2), axis=axis)
    across = taken if axis == 1 else taken.T
    summed = across[:-2] + 2.0 * across[1:-1] + across[2:]
    return summed if axis == 1 else summed.T
