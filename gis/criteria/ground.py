"""Ground and water: what grids tell of the surroundings of a site."""

from __future__ import annotations

import math
from collections.abc import Mapping

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray

from steppe.criteria.finding import Finding
from steppe.criteria.sites import Site, read_sites
from steppe.layers.crs import distance_km
from steppe.layers.grids import QUANTITIES, GridQuantity
from steppe.layers.tables import KM_PER_DEG, Raster
from steppe.layers.wording import Param, tell

METHOD = tell("method.cells")

_POLE_DEG = 90.0
_TURN_DEG = 360.0


def cells_within(grid: Raster, lon: float, lat: float, *, within_km: float) -> NDArray[np.float64]:
    """Return the values of the cells round a point, NaN where the grid knows none or has ended.

    Cells count whose centre lies within the geodesic circle, and the cell that holds the
    point; so a circle is a circle in kilometres, whatever the size of the cells.  Beyond its
    bounds a grid is taken to go on in cells that hold nothing; one round the whole globe meets
    itself.

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
    # Half a turn to either side is the whole globe, and each cell once.
    reach_lon = min(reach_lon, (_TURN_DEG - grid.step_deg) / 2)
    top, bottom = (
        int((grid.north - lat + change) // grid.step_deg) for change in (-reach_lat, reach_lat)
    )
    left, right = (
        int((lon - grid.west + change) // grid.step_deg) for change in (-reach_lon, reach_lon)
    )
    rows_in, columns_in = np.meshgrid(
        np.arange(top, bottom + 1),
        np.arange(left, right + 1),
        indexing="ij",
    )
    row, column = rows_in.ravel(), columns_in.ravel()
    centre_lon = grid.west + (column + 0.5) * grid.step_deg
    centre_lat = grid.north - (row + 0.5) * grid.step_deg
    own = (row == (grid.north - lat) // grid.step_deg) & (
        column == (lon - grid.west) // grid.step_deg
    )
    on_globe = np.abs(centre_lat) <= _POLE_DEG
    near = on_globe.copy()
    near[on_globe] = distance_km(lon, lat, centre_lon[on_globe], centre_lat[on_globe]) <= within_km
    row, column = row[own | near], column[own | near]
    if columns * grid.step_deg >= _TURN_DEG - grid.step_deg / 2:
        column = column % columns
    held = (row >= 0) & (row < rows) & (column >= 0) & (column < columns)
    values = np.full(len(row), np.nan)
    values[held] = grid.values[row[held], column[held]]
    return values


def measure_grid_cells(parks: gpd.GeoDataFrame, grid: Raster, *, measure_id: str) -> list[Finding]:
    """Measure what a grid tells within the accuracy of each park.

    The value is the mean of the cells, the band the least and the greatest of them.  A grid
    that ends there, or holds nothing in some of the cells, leaves the measure unknown: the
    park may lie where nothing is known, and what is known elsewhere is no bound of that.

    Parameters
    ----------
    parks
        Contract `PARKS`, EPSG:4490.
    grid
        One of `steppe.layers.grids.QUANTITIES` by its name, in a unit of it.
    measure_id
        Name of the measure.
    """
    return [
        _measure_one(site, measure_id, QUANTITIES[grid.name], grid) for site in read_sites(parks)
    ]


def _measure_one(site: Site, measure_id: str, quantity: GridQuantity, grid: Raster) -> Finding:
    shared = (site.park_id, measure_id)
    scale = quantity.units[grid.unit]
    found = scale * cells_within(grid, site.lon, site.lat, within_km=site.accuracy_km)
    n_known = int(np.count_nonzero(~np.isnan(found)))
    if n_known < found.size:
        where: Mapping[str, Param] = {"title": tell(f"grid.{grid.name}"), "km": site.accuracy_km}
        why = (
            tell("ground.part", **where, n=n_known, all=found.size)
            if n_known
            else tell("ground.empty", **where)
        )
        return Finding(*shared, "unknown", reason=why)
    return Finding(
        *shared,
        "derived",
        value=float(found.mean()),
        low=float(found.min()),
        high=float(found.max()),
        band="range",
        reason=tell("ground.mean", n=found.size, step=grid.step_deg, km=site.accuracy_km),
        source_ids=(grid.source_id,),
    )
