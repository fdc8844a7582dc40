"""What a kilometre costs over the ground round the ends of a route: friction and barriers, kept apart."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from rasterio.windows import Window

from steppe.criteria.registry import known_measures
from steppe.layers.crs import WORKING_CRS, albers
from steppe.layers.errors import InputError, Problem
from steppe.layers.wording import Words, join, pair, tell
from steppe.planfile.near_names import hint_name
from steppe.planfile.plan_inputs import Inputs
from steppe.planfile.route_entry import NO_GROUND, GroundTerm
from steppe.routes.ends import End
from steppe.routes.near_shapes import NearShapes
from steppe.routing.terrain.cost_grid import CostGrid
from steppe.screening.cell_field import measure_cells
from steppe.screening.field_building import RASTERS, build_field, list_features
from steppe.screening.grid import TILE_CELLS, ScreenGrid, make_transformer

MAX_CELLS = 64_000_000
"""Of a search; a quarter of a gigabyte for the costs alone."""
_KM_PER_DEG = 111.2
_HEIGHT, _SLOPE = "elevation_m", "slope_deg"
_STEEPEST_LAT = 85.0

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Ground:
    """The ground round the ends of a route.

    Parameters
    ----------
    grid
        Cells, in an equal-area projection fitted to the ends.
    cost
        Kilometres over plain ground that a kilometre through each cell costs; NaN where a barrier is.
    holds
        Term to where it holds, shape (rows, columns); barriers that were dropped are among them.
    unknown
        Term to where its measure is not known.
    heights, slopes
        Metres and degrees, NaN where unknown.
    untold
        Terms that no layer of the plan tells anywhere, `no_ground` where it has no grid of heights.
    dropped
        Barriers that were left out.
    near
        What the layers of the plan hold round it.
    """

    grid: ScreenGrid
    cost: CostGrid
    terms: Mapping[str, GroundTerm]
    holds: Mapping[str, Flags]
    unknown: Mapping[str, Flags]
    heights: Floats
    slopes: Floats
    untold: tuple[str, ...]
    dropped: tuple[str, ...]
    near: NearShapes

    def row_column(self, end: End) -> tuple[int, int]:
        """Return the cell that holds an end."""
        x, y = self.grid.to_plane(end.lon, end.lat)
        return self.cost.row_column(float(x), float(y))

    def place(self, cells: NDArray[np.int64]) -> tuple[Floats, Floats]:
        """Return longitudes and latitudes of the middles of cells, degrees; shape (n, 2) of rows and columns."""
        return self.grid.to_degrees(*self.cost.xy(cells[:, 0], cells[:, 1]))

    def cells_at(self, x: Floats, y: Floats) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return rows and columns of the cells of places of the plane, m; the nearest of the grid for those beyond."""
        rows = np.floor((self.grid.north_m - y) / self.grid.cell_m).astype(np.int64)
        columns = np.floor((x - self.grid.west_m) / self.grid.cell_m).astype(np.int64)
        n_rows, n_columns = self.grid.shape
        return np.clip(rows, 0, n_rows - 1), np.clip(columns, 0, n_columns - 1)

    def name(self, term_id: str) -> Words:
        """Return what people read for a term."""
        if term_id == NO_GROUND:
            return tell("route.no_ground")
        return pair(self.terms[term_id].title_zh, self.terms[term_id].title_en)

    def barriers_at(self, row: int, column: int) -> list[str]:
        """Return the barriers that a cell lies in, but for those that were dropped."""
        return [
            name
            for name, there in self.holds.items()
            if there[row, column] and name not in self.dropped and self._stops(name)
        ]

    def _stops(self, name: str) -> bool:
        return name == NO_GROUND or self.terms[name].barrier


def lay_ground(
    inputs: Inputs,
    ends: Sequence[End],
    *,
    cell_m: float | None = None,
    margin_km: float | None = None,
    drop: Collection[str] = (),
) -> Ground:
    """Measure the ground round some ends and say what it costs.

    The cost of a cell is the product of the factors of the terms that hold at its middle; a barrier
    is none at all.  Where the measure of a term is not known it does not hold.

    Parameters
    ----------
    inputs
        What was read.
    ends
        Two or more.
    cell_m, margin_km
        Side of a cell, and how far round the ends is looked; the plan's by default.
    drop
        Barriers to leave out.

    Raises
    ------
    InputError
        For a barrier that there is not, and more cells than a search takes.
    """
    entry = inputs.plan.route
    _refuse_unknown(inputs, entry.terms)
    terms = {term.id: term for term in entry.terms}
    barriers = [NO_GROUND, *(name for name, term in terms.items() if term.barrier)]
    for name in drop:
        if name not in barriers:
            what = tell("fault.route.drop", name=name)
            raise InputError(Problem("--drop", what, tell("fix.there_are", known=join(barriers))))
    grid = _lay_grid(
        ends,
        entry.cell_m if cell_m is None else cell_m,
        entry.margin_km if margin_km is None else margin_km,
    )
    told = _measure(inputs, grid, terms.values())
    nothing = np.full(grid.shape, np.nan)
    cost, holds, unknown = np.ones(grid.shape), dict[str, Flags](), dict[str, Flags]()
    if _HEIGHT in told:
        holds[NO_GROUND] = np.isnan(told[_HEIGHT].values)
    for name, term in terms.items():
        if term.measure not in told:
            continue
        holds[name], unknown[name] = told[term.measure].compare(term)
        if term.factor is not None:
            cost[holds[name]] *= term.factor
    for name in barriers:
        if name in holds and name not in drop:
            cost[holds[name]] = np.nan
    measured = {NO_GROUND: _HEIGHT} | {name: term.measure for name, term in terms.items()}
    untold = tuple(name for name, measure in measured.items() if measure not in told)
    return Ground(
        grid,
        CostGrid(cost.astype(np.float32), grid.cell_m, grid.west_m, grid.north_m, grid.crs),
        terms,
        holds,
        unknown,
        told[_HEIGHT].values if _HEIGHT in told else nothing,
        told[_SLOPE].values if _SLOPE in told else nothing,
        untold,
        tuple(name for name in barriers if name in drop and name in holds),
        NearShapes(inputs, grid),
    )


def _refuse_unknown(inputs: Inputs, terms: Collection[GroundTerm]) -> None:
    """Raise InputError for a term of a measure that no screening knows."""
    known = {*list_features(), *RASTERS.values(), *known_measures()}
    for term in terms:
        if term.measure not in known:
            where = f"{inputs.plan.file}: route.terms.{term.id}"
            what = tell("fault.route.measure", name=term.measure)
            raise InputError(Problem(where, what, hint_name(term.measure, sorted(known))))


@dataclass(frozen=True, eq=False)
class _Told:
    """What is told of a measure, whole grids.

    Parameters
    ----------
    values
        Of a distance that to what was found, infinite where nothing was; else NaN where unknown.
    reach
        Up to what the layers of a distance speak; infinite for other measures.
    is_lacking
        Whether they are known to lack features: what is near is told, never that nothing is.
    """

    values: Floats
    reach: Floats
    is_lacking: bool

    def compare(self, term: GroundTerm) -> tuple[Flags, Flags]:
        """Return where a term holds, and where it is not known whether it does."""
        is_near = self.values <= term.threshold
        is_sure_far = (self.values > term.threshold) & (self.reach > term.threshold)
        if self.is_lacking:
            is_sure_far[:] = False
        known = is_near | is_sure_far
        if term.comparison == "at_most":
            return is_near, ~known
        is_at = self.values == term.threshold
        return is_sure_far | is_at, ~(known | is_at)


def _measure(inputs: Inputs, grid: ScreenGrid, terms: Collection[GroundTerm]) -> dict[str, _Told]:
    """Return what the layers tell of the cells; a measure that none tells is not among it."""
    wanted = sorted({*(term.measure for term in terms), _HEIGHT, _SLOPE})
    field = build_field(inputs, grid, wanted=frozenset(wanted))
    held: dict[str, list[float]] = {}
    for term in terms:
        held.setdefault(term.measure, []).append(term.threshold)
    found: dict[str, _Told] = {}
    for top in range(0, grid.n_rows, TILE_CELLS):
        for left in range(0, grid.n_columns, TILE_CELLS):
            height = min(TILE_CELLS, grid.n_rows - top)
            width = min(TILE_CELLS, grid.n_columns - left)
            cells = measure_cells(field, Window(left, top, width, height), told=wanted, held=held)
            tile = slice(top, top + height), slice(left, left + width)
            for name in wanted:
                if name not in cells.values:
                    continue
                if name not in found:
                    nearest = field.nearest.get(name)
                    found[name] = _Told(
                        np.full(grid.shape, np.nan),
                        np.full(grid.shape, np.inf),
                        nearest is not None and nearest.is_lacking,
                    )
                told = found[name]
                if name in cells.away:
                    told.values[tile] = field.nearest[name].factor * cells.away[name]
                    told.reach[tile] = cells.reach[name]
                else:
                    told.values[tile] = cells.values[name]
    return found


def _lay_grid(ends: Sequence[End], cell_m: float, margin_km: float) -> ScreenGrid:
    """Return the cells over the box of the ends and what lies `margin_km` round it."""
    lats = [end.lat for end in ends]
    first = ends[0].lon
    lons = [first + (end.lon - first + 180.0) % 360.0 - 180.0 for end in ends]
    north = min(max(lats) + margin_km / _KM_PER_DEG, _STEEPEST_LAT)
    south = max(min(lats) - margin_km / _KM_PER_DEG, -_STEEPEST_LAT)
    widest = max(abs(north), abs(south))
    aside = margin_km / (_KM_PER_DEG * np.cos(np.radians(widest)))
    crs = albers((min(lons) - aside, south, max(lons) + aside, north))
    to_metres = make_transformer(WORKING_CRS, crs)
    x, y = (np.asarray(each) for each in to_metres.transform(lons, lats))
    margin_m = margin_km * 1000.0
    left, right = (int(np.floor(v / cell_m)) for v in (x.min() - margin_m, x.max() + margin_m))
    low, high = (int(np.floor(v / cell_m)) for v in (y.min() - margin_m, y.max() + margin_m))
    n_rows, n_columns = high - low + 1, right - left + 1
    if n_rows * n_columns > MAX_CELLS:
        what = tell("fault.route.cells", n=n_rows * n_columns, most=MAX_CELLS)
        raise InputError(Problem("--cell-m", what, tell("fix.route.cells")))
    west_m, north_m = left * cell_m, (high + 1) * cell_m
    outline = shapely.box(west_m, low * cell_m, (right + 1) * cell_m, north_m)
    return ScreenGrid(west_m, north_m, float(cell_m), n_rows, n_columns, crs, outline)
