"""Surfaces of a plan: what its measures find, all over the ground and not at the parks alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from steppe.criteria.point_surfaces import find_rates, find_temperatures
from steppe.criteria.seismicity import Window
from steppe.criteria.surface_grid import SurfaceGrid, lay_grid
from steppe.layers.extents import Extent
from steppe.layers.grids import QUANTITIES
from steppe.layers.tables import Raster
from steppe.measures.relief_shade import shade
from steppe.planfile.layer_extents import find_extents
from steppe.planfile.plan_inputs import Inputs

if TYPE_CHECKING:
    from numpy.typing import NDArray


def make_surfaces(inputs: Inputs) -> dict[str, Raster]:
    """Return relief, air temperature, earthquakes and ground motion; what lacks its layers is left out.

    Parameters
    ----------
    inputs
        What was read; all surfaces lie on the ground of `rasters.elevation`.
    """
    hazard = inputs.rasters.get("hazard")
    given = {} if hazard is None else {"hazard": _convert(hazard)}
    elevation = inputs.rasters.get("elevation")
    if elevation is None:
        return given
    extents, grid = find_extents(inputs), lay_grid(elevation)
    found = {
        "relief": shade(elevation),
        "air_temp": _draw_temperature(inputs, extents, grid),
        "quake_rate": _draw_rate(inputs, extents, grid),
    }
    return given | {
        name: raster
        for name, raster in found.items()
        if raster is not None and np.isfinite(raster.values).any()
    }


def _convert(grid: Raster) -> Raster:
    """Return a grid of the plan's in the unit that its measure is told in."""
    quantity = QUANTITIES[grid.name]
    values = (grid.values * quantity.units[grid.unit]).astype(np.float32)
    return replace(grid, values=values, unit=quantity.unit)


def _draw_temperature(
    inputs: Inputs, extents: Mapping[str, Extent], grid: SurfaceGrid
) -> Raster | None:
    stations = inputs.layer("stations")
    if stations.empty:
        return None
    values = find_temperatures(
        stations,
        extents["stations"],
        *grid.middles,
        grid.heights_m.ravel(),
        climate=inputs.plan.climate,
    )
    titles = ("年平均气温", "Yearly mean air temperature")
    return _lay(grid, "air_temp", values, "°C", titles, str(stations["source_id"].iloc[0]))


def _draw_rate(inputs: Inputs, extents: Mapping[str, Extent], grid: SurfaceGrid) -> Raster | None:
    earthquakes, geology = inputs.layer("earthquakes"), inputs.plan.geology
    if earthquakes.empty:
        return None
    windows = [
        Window(each.magnitude, each.from_year, each.to_year, each.source_id)
        for each in geology.complete
    ]
    values = find_rates(
        earthquakes,
        extents["earthquakes"],
        *grid.middles,
        magnitude=geology.rate_magnitude,
        windows=windows,
    )
    titles = (
        f"300公里内{geology.rate_magnitude:g}级以上地震年发生率",
        f"Events of M {geology.rate_magnitude:g} and over a year within 300 km",
    )
    return _lay(grid, "quake_rate", values, "1/a", titles, str(earthquakes["source_id"].iloc[0]))


def _lay(
    grid: SurfaceGrid,
    name: str,
    values: NDArray[np.float64],
    unit: str,
    titles: tuple[str, str],
    source_id: str,
) -> Raster:
    cells = values.reshape(grid.heights_m.shape).astype(np.float32)
    return Raster(name, cells, grid.west, grid.north, grid.step_deg, unit, *titles, source_id)
