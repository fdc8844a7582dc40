"""PUE, water and free hours over cells: the hourly model of the parks at some places, and a fit.

The model of a year takes a tenth of a second at a place and a screening has millions of cells.  What it
finds hangs on few numbers: the yearly, January and July mean, the daily range, and the pressure,
hence the height.  It is worked out at places of the region that differ most in these, and a polynomial
of second degree is laid through what it found; how far that is off is measured at places that it was
not laid through (`CellClimate.bounds`), each left out in turn.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray

from steppe.criteria.climate import LAPSE_K_PER_M, MONTHS, RANGE
from steppe.criteria.cooling.bands import Band
from steppe.criteria.cooling.survey import survey_year
from steppe.criteria.cooling.weather import Normals, synthesize_year
from steppe.criteria.point_surfaces import find_sea_levels
from steppe.criteria.settings import Climate
from steppe.criteria.surroundings import CoolingAsked
from steppe.layers.cores import spread_over_cores
from steppe.layers.extents import Extent
from steppe.layers.tables import Raster
from steppe.planfile.cooling_entry import Cooling
from steppe.screening.cell_kernels import evaluate

Floats = NDArray[np.float64]

N_PLACES = 48
LATTICE_CELLS = 16
"""Means at the height of the sea are found at every so many cells and drawn straight between."""
_COLUMNS = ("temp_mean_c", *MONTHS, RANGE)
_USED = (0, 1, 7, 13)  # the year, January, July, the daily range
_HOURS = 8760.0


@dataclass(frozen=True, eq=False)
class CellClimate:
    """What is needed to tell the climate of cells.

    Parameters
    ----------
    stations, extent, climate
        As `find_sea_levels` wants them.
    elevation
        Height above the sea, m.
    middle, spread
        Of the numbers that the fit is made in, each of shape (5,).
    fits
        Measure to the coefficients of its polynomial, shape (21,).
    bounds
        Measure to how far the fit is off at most at the places, each left out in turn.
    margins
        Measure to the coefficients of how far the ends of its band lie below and above, shape (2, 21).
    """

    stations: gpd.GeoDataFrame
    extent: Extent
    climate: Climate
    elevation: Raster
    middle: Floats
    spread: Floats
    fits: Mapping[str, Floats]
    bounds: Mapping[str, float]
    fallback_range_k: float
    range_share: float
    margins: Mapping[str, Floats] = field(default_factory=dict)

    def tell_margins(self, lons: Floats, lats: Floats, measure_id: str) -> Floats:
        """Return how far the ends of the band of a measure lie below and above it, shape (2, n).

        A band is that of the parks at one temperature, of the plants and of a synthetic year, wider by how
        far the fit is off at most; how sure the temperature is, it does not hold.

        Parameters
        ----------
        lons, lats
            Places, degrees, shape (n,).
        measure_id
            Of `margins`.
        """
        numbers = _stack(self.find_at_sea(lons, lats), sample(self.elevation, lons, lats))
        terms = expand((numbers - self.middle) / self.spread)
        apart = np.maximum(self.margins[measure_id] @ terms.T, 0.0) + self.bounds[measure_id]
        # The last digits of a product of matrices hang on where its numbers lie in memory.
        return np.round(apart, 4)

    def tell(self, lons: Floats, lats: Floats, wanted: Collection[str]) -> dict[str, Floats]:
        """Return measures of the cells of a tile, each of shape (rows, columns); NaN unknown.

        `air_temp_mean_c` is always told, of the others what is wanted.
        """
        rows, columns = lons.shape
        at_rows, at_columns = _lattice(rows), _lattice(columns)
        knots = np.ix_(at_rows, at_columns)
        found = self.find_at_sea(lons[knots].ravel(), lats[knots].ravel())
        drawn = _draw(found.reshape(len(at_rows), len(at_columns), -1), at_rows, at_columns)
        heights = sample(self.elevation, lons, lats)
        told = {"air_temp_mean_c": drawn[..., 0] - LAPSE_K_PER_M * heights}
        names = [name for name in self.fits if name in wanted]
        if names:
            numbers = _stack(drawn.reshape(rows * columns, -1), heights.ravel())
            fits = np.stack([self.fits[name] for name in names])
            every = evaluate(numbers, self.middle, self.spread, fits)
            for name, values in zip(names, every, strict=True):
                if name.endswith("_h"):
                    np.clip(values, 0.0, _HOURS, out=values)
                told[name] = values.reshape(rows, columns)
        return told

    def find_at_sea(self, lons: Floats, lats: Floats) -> Floats:
        """Return yearly, January and July mean at the sea, °C, and the daily range, K, shape (n, 4)."""
        found = find_sea_levels(
            self.stations, self.extent, lons, lats,
            columns=[_COLUMNS[each] for each in _USED], climate=self.climate,
        )  # fmt: skip
        is_known = np.isfinite(found[:, 0])
        swings = self.range_share * found[:, 3]
        found[:, 3] = np.where(np.isfinite(swings), swings, self.fallback_range_k)
        found[~is_known] = np.nan
        return found


def sample(grid: Raster, lons: Floats, lats: Floats) -> Floats:
    """Return the value of the cell of a grid that holds each place; NaN outside, as `Raster.at`."""
    columns = np.floor((lons - grid.west) / grid.step_deg).astype(np.int64)
    rows = np.floor((grid.north - lats) / grid.step_deg).astype(np.int64)
    n_rows, n_columns = grid.values.shape
    is_in = (rows >= 0) & (rows < n_rows) & (columns >= 0) & (columns < n_columns)
    values = grid.values[np.where(is_in, rows, 0), np.where(is_in, columns, 0)].astype(float)
    return np.where(is_in, values, np.nan)


def fit_climate(  # noqa: PLR0913 (one for each thing that is asked)
    stations: gpd.GeoDataFrame,
    extent: Extent,
    elevation: Raster,
    lons: Floats,
    lats: Floats,
    *,
    climate: Climate,
    cooling: Cooling | None,
    asked: CoolingAsked | None,
) -> CellClimate:
    """Work out the model at some of the places and lay the polynomials through what it finds.

    Parameters
    ----------
    stations, extent, elevation, climate
        As the parks' temperature is found from them.
    lons, lats
        Places all over the region, degrees, each of shape (n,).
    cooling, asked
        What the plan asks of cooling; without it only the temperature is told.
    """
    nothing = np.zeros(5), np.ones(5)
    plain = CellClimate(stations, extent, climate, elevation, *nothing, {}, {}, np.nan, 1.0)
    if cooling is None or asked is None:
        return plain
    year = cooling.year("")
    mean_range = float(np.mean(year.diurnal_range_k))
    plain = replace(plain, fallback_range_k=mean_range, range_share=year.range_share)
    heights = sample(elevation, lons, lats)
    numbers = _stack(plain.find_at_sea(lons, lats), heights)
    known = np.flatnonzero(np.isfinite(numbers).all(axis=1))
    if len(known) < N_PLACES:
        return plain
    middle, spread = numbers[known].mean(axis=0), np.maximum(numbers[known].std(axis=0), 1e-6)
    picked = known[_pick_apart((numbers[known] - middle) / spread)]
    months = find_sea_levels(
        stations, extent, lons[picked], lats[picked], columns=MONTHS, climate=climate
    )
    question = replace(asked.question, facilities=asked.question.facilities[:1])

    def work(number: int) -> dict[str, Band]:
        height = float(heights[picked[number]])
        means = tuple((months[number] - LAPSE_K_PER_M * height).tolist())
        swing = (float(numbers[picked[number], 3]),) * 12
        normals = Normals(means, swing, year.day_spread_k, year.persistence, year.dryness_k, height)
        return survey_year(synthesize_year(normals), question)

    worked = spread_over_cores(work, range(len(picked)))
    terms = expand((numbers[picked] - middle) / spread)
    fits, bounds, margins = {}, {}, {}
    for name in worked[0]:
        low, values, high = np.array(
            [(each[name].low, each[name].median, each[name].high) for each in worked]
        ).T
        fits[name] = np.linalg.lstsq(terms, values, rcond=None)[0]
        bounds[name] = _leave_out(terms, values)
        apart = np.column_stack([values - low, high - values])
        margins[name] = np.linalg.lstsq(terms, apart, rcond=None)[0].T
    scale = replace(plain, middle=middle, spread=spread)
    return replace(scale, fits=fits, bounds=bounds, margins=margins)


def _leave_out(terms: Floats, values: Floats) -> float:
    """Return the greatest error at a place that the fit does not know, each left out in turn.

    The error of a least-squares fit without a row is its residual over one less its leverage.
    """
    onto = terms @ np.linalg.pinv(terms)
    residuals = values - onto @ values
    most = float(np.abs(residuals / np.maximum(1.0 - np.diag(onto), 1e-9)).max())
    if most == 0.0:
        return most
    # Told to three digits, upwards: processors differ in the last ones of least squares.
    step = 10.0 ** (math.floor(math.log10(most)) - 2)
    return float(f"{math.ceil(most / step) * step:.3g}")


def _stack(at_sea: Floats, heights: Floats) -> Floats:
    """Return the five numbers of places: means at their height, daily range, height, shape (n, 5)."""
    lapse = (LAPSE_K_PER_M * heights)[:, np.newaxis]
    return np.column_stack([at_sea[:, :3] - lapse, at_sea[:, 3], heights])


def expand(numbers: Floats) -> Floats:
    """Return the terms of a polynomial of second degree, shape (n, 21) of (n, 5)."""
    n_kinds = numbers.shape[1]
    squares = [
        numbers[:, one] * numbers[:, other]
        for one in range(n_kinds)
        for other in range(one, n_kinds)
    ]
    return np.column_stack([np.ones(len(numbers)), numbers, *squares])


def _pick_apart(numbers: Floats) -> NDArray[np.intp]:
    """Return places that differ most: each next one is the farthest from those before."""
    picked = [int(np.argmax((numbers**2).sum(axis=1)))]
    away = ((numbers - numbers[picked[0]]) ** 2).sum(axis=1)
    while len(picked) < N_PLACES:
        picked.append(int(np.argmax(away)))
        away = np.minimum(away, ((numbers - numbers[picked[-1]]) ** 2).sum(axis=1))
    return np.array(picked)


def _lattice(size: int) -> NDArray[np.intp]:
    return np.unique(np.append(np.arange(0, size, LATTICE_CELLS), size - 1))


def _draw(knots: Floats, at_rows: NDArray[np.intp], at_columns: NDArray[np.intp]) -> Floats:
    """Return what lies straight between the knots of a lattice, shape (rows, columns, kinds)."""

    def place(at: NDArray[np.intp]) -> tuple[NDArray[np.intp], Floats]:
        every = np.arange(at[-1] + 1)
        if len(at) == 1:
            return np.zeros(1, dtype=np.intp), np.zeros(1)
        left = np.clip(np.searchsorted(at, every, side="right") - 1, 0, len(at) - 2)
        return left, (every - at[left]) / (at[left + 1] - at[left])

    row, down = place(at_rows)
    column, right = place(at_columns)
    below, beside = (
        np.minimum(row + 1, len(at_rows) - 1),
        np.minimum(column + 1, len(at_columns) - 1),
    )
    down, right = down[:, np.newaxis, np.newaxis], right[np.newaxis, :, np.newaxis]
    lines = knots[row] * (1.0 - down) + knots[below] * down
    drawn: Floats = lines[:, column] * (1.0 - right) + lines[:, beside] * right
    return drawn
