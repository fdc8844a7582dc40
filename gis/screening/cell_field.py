"""What is measured over cells: the measures of the parks that a place alone decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from rasterio.features import rasterize
from rasterio.windows import Window
from shapely.geometry.base import BaseGeometry

from steppe.layers.crs import bend_km, to_earth_km
from steppe.layers.tables import Raster
from steppe.network.latency_table import DETOUR
from steppe.routing.budget import spend_at_once
from steppe.screening.cell_climate import CellClimate, sample
from steppe.screening.covers import Cover
from steppe.screening.grid import ScreenGrid
from steppe.screening.reach import Sides, find_nearest_km, sum_within

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Nearest:
    """A distance to the nearest of some features.

    Parameters
    ----------
    sides, areas
        The features; inside an area, in the CRS of the grid, the distance is 0.
    covers
        What each of the layers covers.
    slack_km
        How true they are drawn.
    is_lacking
        Whether a layer is known to lack features, or is not in the plan: what is near is told, never
        that nothing is.
    factor
        What a distance is told times.
    within_km
        How far is looked.
    """

    sides: Sides
    areas: tuple[BaseGeometry, ...]
    covers: tuple[Cover, ...]
    slack_km: float = 0.0
    is_lacking: bool = False
    factor: float = 1.0
    within_km: float = np.inf


@dataclass(frozen=True, eq=False)
class Within:
    """Amounts of the points within a distance, each a measure."""

    points: Floats
    amounts: Floats
    names: tuple[str, ...]
    within_km: float
    cover: Cover


@dataclass(frozen=True, eq=False)
class RoundTrip:
    """The round trip to the first target by the nearest node that a drop is known at.

    Parameters
    ----------
    nodes
        Places in space, shape (n, 3).
    route_km
        From each to the target over the backbone; NaN where there is no way.
    n_cables
        How many cables that leads over.
    target
        Place of the target in space, shape (3,).
    """

    nodes: Floats
    route_km: Floats
    n_cables: NDArray[np.int64]
    target: Floats


@dataclass(frozen=True, eq=False)
class CellField:
    """All that is measured over cells, as arrays: what a tile needs, on any machine."""

    grid: ScreenGrid
    nearest: Mapping[str, Nearest]
    within: tuple[Within, ...]
    rasters: Mapping[str, tuple[Raster, float]]
    climate: CellClimate | None
    round_trip: RoundTrip | None

    @property
    def covers(self) -> tuple[Cover, ...]:
        """Return what the layers cover, each once."""
        every = [cover for each in self.nearest.values() for cover in each.covers]
        every += [each.cover for each in self.within]
        return tuple({id(cover): cover for cover in every}.values())


@dataclass(frozen=True, eq=False)
class Cells:
    """What was measured over the cells of a tile.

    Parameters
    ----------
    fraction
        What part of each cell lies in the region, shape (rows, columns).
    values
        Measure to values, of that shape; NaN where unknown.
    away, reach
        Distance to what was found, km, infinite where nothing was; and how far round each cell its
        layers speak.
    """

    fraction: NDArray[np.float32]
    values: dict[str, Floats]
    away: dict[str, Floats] = field(default_factory=dict)
    reach: dict[str, Floats] = field(default_factory=dict)


def measure_cells(known: CellField, window: Window, *, needed_km: float) -> Cells:
    """Measure all over the cells of a tile.

    Parameters
    ----------
    known
        What is measured.
    window
        The tile.
    needed_km
        The longest distance that a clause asks for.
    """
    grid = known.grid
    lons, lats = grid.middles(window)
    at = to_earth_km(lons.ravel(), lats.ravel()).reshape(*lons.shape, 3)
    cells = Cells(grid.fractions(window), {})
    asked = cells.fraction > 0
    for name, each in known.nearest.items():
        away = find_nearest_km(at, each.sides, asked, enough_km=each.within_km)
        away[away > each.within_km] = np.inf
        for area in _touching(each.areas, grid, window):
            away[_is_inside(area, grid, window)] = 0.0
        cells.away[name] = away
    _say_what_is_covered(known, window, at, cells, needed_km)
    for name, (raster, scale) in known.rasters.items():
        cells.values[name] = scale * sample(raster, lons, lats)
    if known.climate is not None:
        cells.values.update(known.climate.tell(lons, lats))
    if known.round_trip is not None:
        cells.values["rtt_ms"] = _find_round_trips(known.round_trip, at)
    return cells


def _say_what_is_covered(
    known: CellField, window: Window, at: Floats, cells: Cells, needed_km: float
) -> None:
    """Turn what was found into what is known: no more than the layers cover.

    What several measures ask of one layer is found once.
    """
    asked = cells.fraction > 0
    needs: dict[int, float] = {}
    for name, each in known.nearest.items():
        away = cells.away[name]
        most = float(away[asked & np.isfinite(away)].max(initial=needed_km))
        needs |= {id(cover): max(needs.get(id(cover), 0.0), most) for cover in each.covers}
    for group in known.within:
        key = id(group.cover)
        needs[key] = max(needs.get(key, 0.0), group.within_km)
    reaches = {
        id(cover): cover.reach_km(known.grid, window, at, asked, needed_km=needs[id(cover)])
        for cover in known.covers
        if id(cover) in needs
    }
    for name, each in known.nearest.items():
        away, reach = cells.away[name], np.full(asked.shape, np.inf)
        for cover in each.covers:
            reach = np.minimum(reach, reaches[id(cover)])
        cells.reach[name] = reach
        # Up to its nearest feature the layer must speak, and lack nothing.
        is_known = (away <= reach) & np.isfinite(away)
        cells.values[name] = np.where(is_known, each.factor * away, np.nan)
    for group in known.within:
        sums = sum_within(at, group.points, group.amounts, group.within_km)
        is_covered = reaches[id(group.cover)] >= group.within_km
        for number, name in enumerate(group.names):
            cells.values[name] = np.where(is_covered, sums[..., number], np.nan)


def _touching(
    areas: tuple[BaseGeometry, ...], grid: ScreenGrid, window: Window
) -> list[BaseGeometry]:
    box = shapely.box(*grid.bounds(window))
    return [area for area in areas if area.intersects(box)]


def _is_inside(area: BaseGeometry, grid: ScreenGrid, window: Window) -> NDArray[np.bool_]:
    """Tell whose middle lies in an area, or whose cell it touches: the thinnest lake stops a cell."""
    west, _, _, north = grid.bounds(window)
    step = grid.cell_m
    transform = grid.transform.__class__(step, 0.0, west, 0.0, -step, north)
    shape = (int(window.height), int(window.width))
    return rasterize([(area, 1)], out_shape=shape, transform=transform, dtype="uint8") == 1


def _find_round_trips(known: RoundTrip, at: Floats) -> Floats:
    """Return round trips, ms, as `steppe.network.latency_table` tells those of the parks."""
    flat = at.reshape(-1, 3)
    nearest = np.zeros(len(flat), dtype=np.intp)
    air_km = np.full(len(flat), np.inf)
    for number, node in enumerate(known.nodes):
        away = _over_ground(flat, node)
        nearer = away < air_km
        nearest[nearer], air_km[nearer] = number, away[nearer]
    drop_km = np.maximum(np.minimum(1.5 * air_km, 1500.0), 1.25 * air_km)
    straight_km = _over_ground(flat, known.target)
    km = np.maximum(drop_km + known.route_km[nearest], straight_km)
    is_detour = (DETOUR * straight_km < km) & (known.n_cables[nearest] != 1)
    return np.where(is_detour, np.nan, spend_at_once(km)).reshape(at.shape[:2])


def _over_ground(places: Floats, one: Floats) -> Floats:
    return bend_km(np.sqrt(((places - one) ** 2).sum(axis=1)))


def points_of(layer: gpd.GeoDataFrame) -> Floats:
    """Return the points of a layer in space, shape (n, 3)."""
    return to_earth_km(
        np.asarray(layer.geometry.x, dtype=float), np.asarray(layer.geometry.y, dtype=float)
    )
