"""What is measured over cells: the measures of the parks that a place alone decides."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray
from rasterio.windows import Window

from steppe.layers.crs import bend_km, to_earth_km
from steppe.layers.tables import Raster
from steppe.network.latency_table import DETOUR
from steppe.routing.budget import spend_at_once
from steppe.screening.areas import Areas
from steppe.screening.cell_climate import CellClimate, sample
from steppe.screening.cell_kernels import find_nearest_point
from steppe.screening.covers import Cover
from steppe.screening.grid import ScreenGrid
from steppe.screening.reach import (
    Measured,
    Ranked,
    Sides,
    find_nearest_km,
    rank_nearest,
    sum_within,
)

Floats = NDArray[np.float64]

_LEAST_KM = 1.0


@dataclass(frozen=True, eq=False)
class Nearest:
    """A distance to the nearest of some features.

    Parameters
    ----------
    sides, areas
        The features; inside an area the distance is 0.
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
    areas: Areas
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
    away
        Distance to what was found, km, infinite where nothing was.
    ranked
        Of distances that are only held against clauses, between which thresholds they lie.
    reach
        How far round each cell the layers of a distance speak, km, as far as anybody asks.
    """

    fraction: NDArray[np.float32]
    values: dict[str, Floats]
    away: dict[str, Floats] = field(default_factory=dict)
    ranked: dict[str, Ranked] = field(default_factory=dict)
    reach: dict[str, Floats] = field(default_factory=dict)

    def judge(self, name: str) -> Measured | Ranked:
        """Return what holds a distance against the thresholds of clauses."""
        return Measured(self.away[name]) if name in self.away else self.ranked[name]


def measure_cells(
    known: CellField,
    window: Window,
    *,
    told: Collection[str],
    held: Mapping[str, Collection[float]],
) -> Cells:
    """Measure over the cells of a tile what is asked for.

    Parameters
    ----------
    known
        What is measured.
    window
        The tile.
    told
        Measures whose values are wanted.
    held
        Measure to the thresholds that clauses hold against it.  Of a distance that is not told it is found
        alone between which of them it lies.
    """
    grid = known.grid
    lons, lats, at = grid.middles(window)
    cells = Cells(grid.fractions(window), {})
    asked = cells.fraction > 0
    for name, each in known.nearest.items():
        if name in told:
            away = find_nearest_km(at, each.sides, asked, enough_km=each.within_km)
            away[away >= each.within_km] = np.inf
            away[grid.find_inside(each.areas, window)] = 0.0
            cells.away[name] = away
        elif name in held:
            # And as far on either side of each as the features are true.
            bounds = {km + off for km in held[name] for off in (-each.slack_km, 0.0, each.slack_km)}
            ranked = rank_nearest(
                at, each.sides, asked, within_km=bounds, at_most_km=each.within_km
            )
            ranked.put_on(grid.find_inside(each.areas, window))
            cells.ranked[name] = ranked
    wanted = {*told, *held}
    _say_what_is_covered(known, window, at, cells, told=told, held=held)
    for name, (raster, scale) in known.rasters.items():
        if name in wanted:
            cells.values[name] = scale * sample(raster, lons, lats)
    if known.climate is not None:
        cells.values.update(known.climate.tell(lons, lats, wanted))
    if known.round_trip is not None and "rtt_ms" in wanted:
        cells.values["rtt_ms"] = _find_round_trips(known.round_trip, at)
    return cells


def _say_what_is_covered(
    known: CellField,
    window: Window,
    at: Floats,
    cells: Cells,
    *,
    told: Collection[str],
    held: Mapping[str, Collection[float]],
) -> None:
    """Turn what was found into what is known: no more than the layers cover.

    What several measures ask of one layer is found once.
    """
    asked = cells.fraction > 0
    groups = [group for group in known.within if not {*told, *held}.isdisjoint(group.names)]
    needs: dict[int, float] = {}
    for name in (*cells.away, *cells.ranked):
        most = max(held.get(name, ()), default=0.0)
        most = max(most, _LEAST_KM)
        if name in told:
            away = cells.away[name]
            most = float(away[asked & np.isfinite(away)].max(initial=most))
        for cover in known.nearest[name].covers:
            needs[id(cover)] = max(needs.get(id(cover), 0.0), most)
    for group in groups:
        key = id(group.cover)
        needs[key] = max(needs.get(key, 0.0), group.within_km)
    reaches = {
        id(cover): cover.reach_km(known.grid, window, at, asked, needed_km=needs[id(cover)])
        for cover in known.covers
        if id(cover) in needs
    }
    for name in (*cells.away, *cells.ranked):
        each: Nearest = known.nearest[name]
        reach: Floats = np.array(np.inf)
        for cover in each.covers:
            reach = np.minimum(reach, reaches[id(cover)])
        cells.reach[name] = reach
        if name in told:
            # Up to its nearest feature the layer must speak, and lack nothing.
            away = cells.away[name]
            is_known = (away <= reach) & np.isfinite(away)
            cells.values[name] = np.where(is_known, each.factor * away, np.nan)
    for group in groups:
        sums = sum_within(at, group.points, group.amounts, group.within_km)
        is_covered = reaches[id(group.cover)] >= group.within_km
        for number, name in enumerate(group.names):
            cells.values[name] = np.where(is_covered, sums[..., number], np.nan)


def _find_round_trips(known: RoundTrip, at: Floats) -> Floats:
    """Return round trips, ms, as `steppe.network.latency_table` tells those of the parks."""
    flat = at.reshape(-1, 3)
    nearest, straight_km = find_nearest_point(flat, known.nodes)
    air_km = bend_km(straight_km)
    drop_km = np.maximum(np.minimum(1.5 * air_km, 1500.0), 1.25 * air_km)
    straight_km = bend_km(find_nearest_point(flat, known.target[np.newaxis])[1])
    km = np.maximum(drop_km + known.route_km[nearest], straight_km)
    is_detour = (DETOUR * straight_km < km) & (known.n_cables[nearest] != 1)
    return np.where(is_detour, np.nan, spend_at_once(km)).reshape(at.shape[:2])


def points_of(layer: gpd.GeoDataFrame) -> Floats:
    """Return the points of a layer in space, shape (n, 3)."""
    return to_earth_km(
        np.asarray(layer.geometry.x, dtype=float), np.asarray(layer.geometry.y, dtype=float)
    )
