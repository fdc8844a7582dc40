"""Surfaces of a screening as map, report and project show them: coarser, and in degrees."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from pyproj import CRS
from rasterio.transform import Affine, array_bounds
from rasterio.warp import Resampling, reproject, transform_bounds

from steppe.layers.crs import WORKING_CRS
from steppe.layers.tables import KM_PER_DEG, Raster
from steppe.planfile.plan_inputs import Inputs
from steppe.screening.result import NO_RULE, RULE, SCORE, Screening

if TYPE_CHECKING:
    from numpy.typing import NDArray

SHOWN: dict[str, tuple[str, str, str, str, str]] = {
    "land_score": (SCORE, "1", "可用土地得分", "Score of the free land", ""),
    "land_pue": ("pue", "1", "PUE", "PUE", "stations"),
    "land_wue": ("wue_l_per_kwh", "L/kWh", "WUE", "WUE", "stations"),
    "land_free_cooling": ("free_cooling_h", "h", "年自然冷却时数", "Hours of free cooling", "stations"),
    "land_grid": ("grid_220_km", "km", "距220千伏及以上变电站", "To a 220 kV station", "substations"),
    "land_rtt": ("rtt_ms", "ms", "到首个目标的往返时延", "Round trip to the first target", "fibre"),
}  # fmt: skip
"""Raster of a plan: surface of the screening, unit, titles, and the layer whose source it bears, if one."""
SOURCE_ID = "screening"
"""Source of what a screening alone tells."""
MOST_ACROSS = 600
"""More cells than this from side to side a map of the region does not show."""
_M_PER_KM = 1000.0
_BOUNDS: dict[str, tuple[float, float]] = {
    "pue": (1.0, math.inf), "wue_l_per_kwh": (0.0, math.inf), "free_cooling_h": (0.0, 8760.0)
}  # fmt: skip
"""What these can be at all."""


def show_surfaces(screening: Screening, inputs: Inputs) -> dict[str, Raster]:
    """Return the surfaces in degrees: means of the cells that lie in each of theirs.

    The score is that of the land that no clause takes, and nothing is shown where all is taken.
    PUE, WUE and free cooling bear their band, where the screening was worked out just now.

    Parameters
    ----------
    screening
        Of the plan.
    inputs
        What was read.
    """
    rows, columns = screening.shape
    crs = CRS.from_wkt(screening.crs_wkt)
    bounds = array_bounds(rows, columns, screening.transform)
    west, south, east, north = transform_bounds(crs, WORKING_CRS, *bounds)
    step_deg = max((east - west) / MOST_ACROSS, screening.cell_m / _M_PER_KM / KM_PER_DEG)
    shape = math.ceil((north - south) / step_deg), math.ceil((east - west) / step_deg)
    found = {}
    for name, (surface, unit, zh, en, layer) in SHOWN.items():
        if not screening.path(surface).exists():
            continue
        values = screening.open(surface)
        if surface == SCORE:
            values = np.where(screening.open(RULE) == NO_RULE, values, np.float32(np.nan))
        coarse: NDArray[np.float32] = np.full(shape, np.nan, dtype=np.float32)
        reproject(
            values,
            coarse,
            src_transform=screening.transform,
            src_crs=crs.to_wkt(),
            src_nodata=np.nan,
            dst_transform=Affine(step_deg, 0.0, west, 0.0, -step_deg, north),
            dst_crs=WORKING_CRS.to_wkt(),
            dst_nodata=np.nan,
            resampling=Resampling.average,
        )
        told = inputs.layers[layer]["source_id"].tolist() if layer in inputs.layers else []
        source = str(told[0]) if told else SOURCE_ID
        grid = Raster(name, coarse, west, north, step_deg, unit, zh, en, source)
        found[name] = replace(grid, band=_find_band(screening, grid, surface))
    return found


def _find_band(
    screening: Screening, grid: Raster, surface: str
) -> tuple[NDArray[np.float32], NDArray[np.float32]] | None:
    """Return the ends of what a surface may be at the middles of its cells; None where none is known."""
    climate = screening.climate
    if climate is None or surface not in climate.margins:
        return None
    rows, columns = np.nonzero(np.isfinite(grid.values))
    lons, lats = (
        grid.west + (columns.astype(np.float64) + 0.5) * grid.step_deg,
        grid.north - (rows.astype(np.float64) + 0.5) * grid.step_deg,
    )
    low, high = grid.values.copy(), grid.values.copy()
    below, above = climate.tell_margins(lons, lats, surface)
    low[rows, columns] -= below
    high[rows, columns] += above
    floor, ceiling = _BOUNDS[surface]
    return np.maximum(low, floor), np.minimum(high, ceiling)


def tell_step_m(rasters: dict[str, Raster]) -> float:
    """Return about how long the side of a cell is that is shown, m; 0 without surfaces."""
    steps = [each.step_deg * KM_PER_DEG * _M_PER_KM for each in rasters.values()]
    return round(max(steps, default=0.0), -2)
