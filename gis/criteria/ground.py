"""Ground and water: what grids tell of the surroundings of a site."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray

from gis.criteria.finding import Finding
from gis.criteria.sites import Site, read_sites
from layers.crs import distance_km
from layers.tables import KM_PER_DEG, Raster

METHOD = "cells within the accuracy of the park's point; see docs/model.md, ground and water"


@dataclass(frozen=True)
class GridMeasure:
    """A measure that a grid answers.

    Parameters
    ----------
    measure_id
        Name of the measure.
    raster
        Name of the grid in the plan.
    title
        What it is, for the reason when the plan has none.
    unit
        Unit of the measure.
    units
        Units that the grid may be in, and what turns them into `unit`.
    """

    measure_id: str
    raster: str
    title: str
    unit: str
    units: tuple[tuple[str, float], ...]


SLOPE = GridMeasure("slope_deg", "slope", "slope", "°", (("°", 1.0), ("0.1°", 0.1)))
GRID_MEASURES = (
    SLOPE,
    GridMeasure(
        "hazard_pga_g", "hazard", "seismic hazard", "g", (("g", 1.0), ("m/s²", 1.0 / 9.80665))
    ),
    GridMeasure("flood_depth_m", "flood", "flood depth", "m", (("m", 1.0), ("cm", 0.01))),
    GridMeasure("water_stress", "water_stress", "water stress", "1", (("1", 1.0), ("%", 0.01))),
)


def cells_within(grid: Raster, lon: float, lat: float, *, within_km: float) -> NDArray[np.float64]:
    """Return the known values of the cells round a point.

    Cells count whose centre lies within the geodesic circle, and the cell that holds the
    point; so a circle is a circle in kilometres, whatever the size of the cells.

    Parameters
    ----------
    grid
        The grid, EPSG:4490.
    lon, lat
        The point, degrees.
    within_km
        Radius, km.
    """
    rows, columns = grid.values.shape
    reach_lat = within_km / KM_PER_DEG + grid.step_deg
    reach_lon = reach_lat / math.cos(math.radians(min(abs(lat) + reach_lat, 89.0)))
    top, bottom = (
        int((grid.north - lat + change) // grid.step_deg) for change in (-reach_lat, reach_lat)
    )
    left, right = (
        int((lon - grid.west + change) // grid.step_deg) for change in (-reach_lon, reach_lon)
    )
    rows_in, columns_in = np.meshgrid(
        np.arange(max(top, 0), min(bottom + 1, rows)),
        np.arange(max(left, 0), min(right + 1, columns)),
        indexing="ij",
    )
    row, column = rows_in.ravel(), columns_in.ravel()
    centre_lon = grid.west + (column + 0.5) * grid.step_deg
    centre_lat = grid.north - (row + 0.5) * grid.step_deg
    own = (row == (grid.north - lat) // grid.step_deg) & (
        column == (lon - grid.west) // grid.step_deg
    )
    near = own | (distance_km(lon, lat, centre_lon, centre_lat) <= within_km)
    values = grid.values[row[near], column[near]].astype(float)
    return np.asarray(values[~np.isnan(values)])


def measure_grids(parks: gpd.GeoDataFrame, rasters: dict[str, Raster]) -> list[Finding]:
    """Measure what grids tell within the accuracy of each park: `GRID_MEASURES`.

    The value is the mean of the cells, the band the least and the greatest of them.  A grid
    that the plan does not have, or that holds nothing there, leaves the measure unknown.

    Parameters
    ----------
    parks
        Contract `PARKS`, EPSG:4490.
    rasters
        Grids by name; their units must be among those of the measure.

    Raises
    ------
    ValueError
        When a grid is in another unit.
    """
    return [
        _measure_one(site, measure, rasters.get(measure.raster))
        for site in read_sites(parks)
        for measure in GRID_MEASURES
    ]


def refuse_units(rasters: dict[str, Raster]) -> Sequence[tuple[str, str, str]]:
    """Return the grids whose unit no measure can read: name, unit, and what it may be."""
    return [
        (measure.raster, rasters[measure.raster].unit, ", ".join(dict(measure.units)))
        for measure in GRID_MEASURES
        if measure.raster in rasters and rasters[measure.raster].unit not in dict(measure.units)
    ]


def _measure_one(site: Site, measure: GridMeasure, grid: Raster | None) -> Finding:
    if grid is None:
        return _unknown(site, measure, f"no grid of {measure.title} is in this plan")
    if grid.unit not in dict(measure.units):
        msg = f"{measure.raster} is in {grid.unit!r}"
        raise ValueError(msg)
    scale = dict(measure.units)[grid.unit]
    found = scale * cells_within(grid, site.lon, site.lat, within_km=site.accuracy_km)
    if found.size == 0:
        why = f"the grid of {measure.title} holds nothing within {site.accuracy_km:g} km"
        return _unknown(site, measure, why)
    return Finding(
        site.park_id,
        measure.measure_id,
        "geology",
        measure.unit,
        "derived",
        value=float(found.mean()),
        low=float(found.min()),
        high=float(found.max()),
        band="range",
        reason=f"mean of {found.size} cells of {grid.step_deg:g}° within {site.accuracy_km:g} km, "
        "to which the point is known; band: the least and the greatest of them",
        source_ids=(grid.source_id,),
        method=METHOD,
    )


def _unknown(site: Site, measure: GridMeasure, why: str) -> Finding:
    return Finding(
        site.park_id, measure.measure_id, "geology", measure.unit, "unknown",
        reason=why, method=METHOD,
    )  # fmt: skip
